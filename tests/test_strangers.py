"""Data packages that know nothing of Gazette: under the policy ``open`` they are published as they are."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import redirect_stdout
from html import unescape
from pathlib import Path
from typing import Any

import frictionless
import pandas as pd
import pytest

import build
from tests import sample

STRANGERS = Path(__file__).parent / "fixtures" / "strangers"

TABLES = {
    "air-quality/werte-2023": ("air-quality/werte/2023.csv", "utf-8", ";"),
    "bibliotheques/bibliotheques": ("bibliotheques/bibliotheques.csv", "latin-1", ";"),
    "bom/a": ("bom/a.csv", "utf-8-sig", ","),
    "bom/b": ("bom/b.tsv", "utf-8", "\t"),
    "bom/c": ("bom/c.csv", "utf-8-sig", ","),
    "bullying/table-1": ("bullying/data/bullying_2013-2016.csv", "utf-8", ","),
    "bus-stops/stops": ("bus-stops/stops.csv", "utf-8", ","),
    "cycle-paths/lengths": ("cycle-paths/lengths.csv", "utf-8", ","),
    "parks/parks": ("公园名录/公园.csv", "utf-8", ","),
    "public-toilets-2024/toilets-2024": (
        "Public Toilets/Data Files/Öffentliche Toiletten 2024.csv",
        "utf-8",
        ",",
    ),
    "remote-mix/near": ("remote-mix/near.csv", "utf-8", ","),
    "river-gauges/flow": ("river-gauges/data/flow/daily.csv", "utf-8", ","),
    "river-gauges/gauges": ("river-gauges/data/gauges.csv", "utf-8", ","),
    "trees/species": ("trees/species.csv", "utf-8", ","),
    "trees/trees": ("trees/trees.csv", "utf-8", "|"),
    "zipped/plain": ("zipped/t.csv", "utf-8", ","),
}
"""What is published of the packages: ``<dataset>/<table>``, and the file it comes from."""

INLINE = {
    "inline/rows": [["code", "label", "n"], ["a", "Alpha, first", "1"], ["b", "", "2.5"]],
    "inline/objects": [["code", "ok"], ["a", "true"], ["b", "false"]],
}

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")


def publish(datasets: Path, output: Path) -> tuple[int, str]:
    """The exit code of a build, and what it said."""
    said = io.StringIO()
    options = {"--config": sample.CONFIG, "--policy": "open", "--lang": "en", "--as-of": "2024-01-31"}
    places = {"--datasets": datasets, "--output": output}
    with redirect_stdout(said):
        code = build.main(["build", *(str(word) for pair in (options | places).items() for word in pair)])
    return code, said.getvalue()


def copied(name: str, folder: Path) -> Path:
    return Path(shutil.copytree(STRANGERS / name, folder / name))


def cells(path: Path, encoding: str = "utf-8", delimiter: str = ",") -> list[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


def read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def words(page: Path) -> str:
    """What a reader sees of a page, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.read_text("utf-8"))).split())


def texts(site: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(site.rglob("*")):
        if path.suffix in {".html", ".json", ".csv", ".xml", ".txt"}:
            yield path.relative_to(site).as_posix(), path.read_text("utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All packages but the awaited, published at once."""
    room = tmp_path_factory.mktemp("strangers")
    shutil.copytree(STRANGERS, room / "datasets")
    code, said = publish(room / "datasets", room / "site")
    assert code == 0, said
    return room / "site"


def test_the_tables_of_strangers_are_published_under_plain_names(site: Path) -> None:
    """Spaces, capitals and Chinese letters become a slug; what has no schema or no comma is read all the same."""
    published = {path.relative_to(site / "data").with_suffix("").as_posix() for path in site.glob("data/*/*.csv")}
    assert published >= TABLES.keys() | INLINE.keys()
    labelled = {f"{name}.{language}" for name in published for language in ("en", "zh")}
    others = {name for name in published - TABLES.keys() - INLINE.keys() - labelled if name.isascii()}
    assert {name.partition("/")[0] for name in others} == {"public-toilets-2024", "translation-status"}


@pytest.mark.parametrize("table", sorted(TABLES))
def test_pandas_reads_the_cells_of_the_source(site: Path, table: str) -> None:
    """Whatever the delimiter and the encoding were: no cell is changed, no number rewritten."""
    path, encoding, delimiter = TABLES[table]
    frame = pd.read_csv(site / "data" / f"{table}.csv", dtype=str, keep_default_na=False)
    assert [list(frame.columns), *frame.to_numpy().tolist()] == cells(STRANGERS / path, encoding, delimiter)


@pytest.mark.parametrize("table", sorted(INLINE))
def test_rows_within_a_descriptor_become_a_file(site: Path, table: str) -> None:
    """As lists and as objects; a value nobody stated is an empty cell."""
    assert cells(site / "data" / f"{table}.csv") == INLINE[table]


def test_the_published_description_is_valid_on_its_own(site: Path) -> None:
    """Also for frictionless, which reads every table by it."""
    for path in sorted(site.glob("data/*/datapackage.json")):
        report = frictionless.validate(str(path))
        assert report.valid, (path, report.flatten(["type", "note"]))


def test_properties_of_strangers_stay(site: Path) -> None:
    """What Gazette does not know is handed on; what spoke of the contributed file is not."""
    document = read(site / "data/river-gauges/datapackage.json")
    assert document["views"][0]["name"] == "g"
    assert document["count_of_rows"] == 6
    assert "profile" not in document
    assert read(site / "data/bullying/datapackage.json")["ckan_extras"]["units"]["value"]["Percent"] == "%"
    assert "frequência de atualização" in read(site / "data/air-quality/datapackage.json")


def test_no_electronic_mail_address_is_published(site: Path) -> None:
    """Contributors, maintainers and sources keep their names only."""
    # The licences of the scripts name their authors as these did.
    found = {path: _ADDRESS.findall(text) for path, text in texts(site) if path != "assets/licences.txt"}
    assert {path: addresses for path, addresses in found.items() if addresses} == {}
    assert "Jane Doe" in words(site / "en/datasets/river-gauges/index.html")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_is_left_out_is_said_on_the_page(site: Path, language: str) -> None:
    """A remote table, a drawing, a report and a compressed table."""
    left_out = {"en": "Not published", "zh": "未予发布"}[language]
    for name, count in (("remote-mix", 1), ("cycle-paths", 2), ("zipped", 1)):
        page = site / language / "datasets" / name / "index.html"
        assert page.read_text("utf-8").count(f'g-omitted__title">{left_out}') == count
    assert not list(site.rglob("far.*"))


@pytest.mark.parametrize(
    ("language", "dataset", "expected"),
    [
        ("en", "parks", "城市公园名录 not translated"),
        ("zh", "parks", "城市公园名录"),
        ("zh", "river-gauges", "River gauges of the Thames basin 尚未翻译"),
        ("en", "river-gauges", "River gauges of the Thames basin"),
    ],
)
def test_a_package_in_one_language_has_a_page_in_both(site: Path, language: str, dataset: str, expected: str) -> None:
    """What has not been translated says so, and only that."""
    page = (site / language / "datasets" / dataset / "index.html").read_text("utf-8")
    match = re.search(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    assert match
    assert " ".join(re.sub(r"<[^>]+>", " ", match[1]).split()) == expected


def test_both_catalogues_list_every_package(site: Path) -> None:
    """Also those that state no topic and no publisher."""
    names = {path.name for path in (site / "data").iterdir() if path.is_dir()}
    for language in ("en", "zh"):
        page = (site / language / "catalogue" / "index.html").read_text("utf-8")
        assert {name for name in names if f"/datasets/{name}/" in page} == names


def test_the_folder_of_one_package_is_published_as_it_is(tmp_path: Path) -> None:
    """The package lies in the folder of datasets itself."""
    code, said = publish(copied("river-gauges", tmp_path), tmp_path / "site")
    assert code == 0, said
    assert cells(tmp_path / "site/data/river-gauges/gauges.csv") == cells(STRANGERS / "river-gauges/data/gauges.csv")


@pytest.mark.parametrize(
    ("name", "path", "before", "after", "code"),
    [
        ("bus-stops", "stops.csv", "Main St", "11010519491231002X", "personal-id"),
        ("bibliotheques", "bibliotheques.csv", "Bibliothèque", "13812345678", "personal-mobile"),
        ("inline", "datapackage.json", "Alpha, first", "11010519491231002X", "personal-id"),
        ("Public Toilets", "数据/公厕 清单.CSV", "火车站", "13812345678", "personal-mobile"),
    ],
)
def test_personal_data_of_strangers_is_refused(
    tmp_path: Path, name: str, path: str, before: str, after: str, code: str
) -> None:
    """No policy publishes it, however the table is written; the value is not repeated."""
    target = copied(name, tmp_path) / path
    encoding = "latin-1" if name == "bibliotheques" else "utf-8"
    text = target.read_text(encoding)
    assert before in text
    target.write_text(text.replace(before, after), encoding)
    status, said = publish(tmp_path / name, tmp_path / "site")
    assert status == 1
    assert f"error {code} " in said
    assert after not in said
    assert not (tmp_path / "site").exists()


def test_a_table_in_several_files_is_left_out_and_the_page_says_so(site: Path) -> None:
    """Joining them could lose a row or gain a header, depending on who reads the standard."""
    assert not list((site / "data").glob("traffic-counts/*.csv"))
    page = (site / "en/datasets/traffic-counts/index.html").read_text("utf-8")
    assert "spread over 2 files" in page
