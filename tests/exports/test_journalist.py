"""What a journalist does with a published site: open its files in other programs, and prove that they are genuine."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import duckdb
import openpyxl
import pandas as pd
import pytest

import build as program
from gazette import publish
from tests import sample
from tests.metadata.conftest import SITE

ROOT = Path(__file__).parents[2]
HEAD = ("room_id", "hall_id", "seats", "area", "open", "opened", "year")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of three datasets, built as any site is."""
    room = tmp_path_factory.mktemp("journalist")
    for name, (descriptor, tables) in SITE.items():
        (room / "datasets" / name / "data").mkdir(parents=True)
        (room / "datasets" / name / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False), "utf-8")
        for table, text in tables.items():
            (room / "datasets" / name / "data" / f"{table}.csv").write_bytes(text.encode())
    places = ("--config", sample.CONFIG, "--datasets", room / "datasets", "--output", room / "site")
    with redirect_stdout(StringIO()) as said:
        code = program.main(["build", *map(str, places), "--as-of", "2026-01-31", "--lang", "en"])
    assert code == 0, said.getvalue()
    return room / "site"


def offered(site: Path, ending: str, language: str = "zh") -> Path:
    """The first file with this ending that the dataset's page links to."""
    page = site / language / "datasets/rooms/index.html"
    links = re.findall(r'href="([^"#?]+)"', page.read_text("utf-8"))
    found = next(link for link in map(unescape, links) if link.endswith(f"rooms{ending}"))
    return (page.parent / unquote(found)).resolve()


# --- opening them -----------------------------------------------------------------------------------------


def test_the_workbook_of_the_chinese_page_opens_with_types_and_titles(site: Path) -> None:
    """In openpyxl: numbers are numbers, days are days, codes keep their zeros, Chinese text is whole."""
    book = openpyxl.load_workbook(offered(site, ".xlsx"))
    rows = [[cell.value for cell in row] for row in book["data"].iter_rows()]
    assert rows[0] == [
        "房间 | Room", "所属 | Hall", "座位 | Seats", "面积 | Area", "开放 | Open", "启用日期 | Opened", "年度 | Year",
    ]  # fmt: skip
    assert rows[1] == ["r-1", "007", 120, 80.5, True, datetime(2024, 2, 29), 2024]  # noqa: DTZ001 - a day of a sheet
    assert rows[2] == ["r-2，“二”", "008", None, 12345678901.25, False, None, 2023]
    assert {cell.data_type for row in book["data"].iter_rows() for cell in row} <= {"s", "n", "b", "d", "inlineStr"}
    about = "\n".join(str(cell) for row in book["about"].iter_rows(values_only=True) for cell in row if cell)
    for stated in ("市档案馆", "City Archives", "https://creativecommons.org/licenses/by/4.0/", "全市名录（rooms）"):
        assert stated in about


def test_the_workbook_opens_in_an_office(site: Path, tmp_path: Path) -> None:
    """LibreOffice shows every cell as it was published; where there is none, this did not run."""
    office = os.environ.get("GAZETTE_OFFICE") or shutil.which("soffice") or shutil.which("libreoffice")
    if not office:
        missing = "no LibreOffice: name one with GAZETTE_OFFICE; the workbook was not opened in it"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    # Comma, quotes, UTF-8, cells as shown, the first sheet: the tokens of its CSV filter.
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1"
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [office, "--headless", profile, "--convert-to", form, "--outdir", tmp_path, offered(site, ".xlsx")]
    subprocess.run(list(map(str, command)), check=True, capture_output=True, timeout=240)
    (made,) = tmp_path.glob("*.csv")
    _, *rows = csv.reader(made.read_text("utf-8").splitlines())
    assert rows == [
        ["r-1", "007", "120", "80.5", "TRUE", "2024-02-29", "2024"],
        ["r-2，“二”", "008", "", "12345678901.25", "FALSE", "", "2023"],
    ]


READERS: dict[str, Callable[[Path], tuple[list[str], list[tuple[Any, ...]]]]] = {
    "csv": lambda path: _listed(csv.reader(path.open(encoding="utf-8", newline=""))),
    "pandas": lambda path: _listed(
        [list(frame := pd.read_csv(path, dtype=str, keep_default_na=False)), *frame.to_numpy().tolist()]
    ),
    "duckdb": lambda path: _listed(
        [
            (table := duckdb.read_csv(str(path), all_varchar=True, header=True)).columns,
            *([cell or "" for cell in row] for row in table.fetchall()),
        ]
    ),
}


def _listed(rows: Iterable[Iterable[Any]]) -> tuple[list[str], list[tuple[Any, ...]]]:
    header, *found = rows
    return list(header), [tuple(row) for row in found]


@pytest.mark.parametrize("reader", sorted(READERS))
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_every_reader_of_csv_sees_the_same_cells(site: Path, reader: str) -> None:
    """With what each of them takes for granted: UTF-8, commas, a header, double quotes."""
    assert READERS[reader](offered(site, ".csv")) == (
        list(HEAD),
        [
            ("r-1", "007", "120", "80.50", "yes", "2024-02-29", "2024"),
            ("r-2，“二”", "008", "", "12345678901.25", "no", "", "2023"),
        ],
    )


def test_r_reads_the_csv(site: Path) -> None:
    """As text, without a word of advice; where there is no R, this did not run."""
    if not (interpreter := shutil.which("Rscript")):
        pytest.skip("no R: read.csv did not read the file")
    script = (
        f'd <- read.csv("{offered(site, ".csv")}", colClasses="character", fileEncoding="UTF-8"); cat(d[2,2], nrow(d))'
    )
    # In the locale "C" R has no letters beyond ASCII, and drops the rest of a line that holds one.
    there = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run([interpreter, "-e", script], check=True, capture_output=True, text=True, env=there)
    assert done.stdout == "008 2"


# --- the same table in every format -----------------------------------------------------------------------


def fingerprint(rows: Iterable[Iterable[object]]) -> str:
    """The fingerprint of a table, header first, as the page about it describes it; nothing of ours is used."""

    def text(cell: object) -> str:
        if cell is None:
            return "\0"
        if isinstance(cell, bool):
            return str(cell).lower()
        if isinstance(cell, int | float | Decimal):
            digits = f"{Decimal(str(cell)):f}"
            return digits.rstrip("0").rstrip(".") if "." in digits else digits
        if isinstance(cell, date):
            return cell.isoformat()[:10]
        return "".join("\x1b" * (each in "\0\x1b\x1e\x1f") + each for each in str(cell))

    return hashlib.sha256("".join("\x1f".join(map(text, row)) + "\x1e" for row in rows).encode()).hexdigest()


def from_csv(path: Path) -> list[list[object]]:
    package = json.loads((path.parent / "datapackage.json").read_text("utf-8"))
    types: dict[str, Callable[[str], object]] = {
        "integer": int,
        "year": int,
        "number": Decimal,
        "boolean": lambda cell: cell == "yes",
    }
    wanted = [types.get(field["type"], str) for field in package["resources"][0]["schema"]["fields"]]
    header, *rows = csv.reader(path.read_text("utf-8").splitlines())
    cells = [[form(cell) if cell else None for form, cell in zip(wanted, row, strict=True)] for row in rows]
    return [list(header), *cells]


def from_workbook(path: Path) -> list[list[object]]:
    _, *rows = openpyxl.load_workbook(path)["data"].iter_rows(values_only=True)
    return [list(HEAD), *map(list, rows)]


def from_json(path: Path) -> list[list[object]]:
    rows = json.loads(path.read_text("utf-8"), parse_float=Decimal)
    return [list(rows[0]), *(list(row.values()) for row in rows)]


def from_parquet(path: Path) -> list[list[object]]:
    table = duckdb.read_parquet(str(path))
    return [list(table.columns), *map(list, table.fetchall())]


@pytest.mark.parametrize(
    ("ending", "read"),
    [(".csv", from_csv), (".xlsx", from_workbook), (".json", from_json), (".parquet", from_parquet)],
)
def test_every_format_has_the_fingerprint_of_the_manifest(
    site: Path, ending: str, read: Callable[[Path], list[list[object]]]
) -> None:
    """Computed by a reader of its own from what another library reads."""
    listed = {file["path"]: file for file in json.loads((site / "manifest.json").read_bytes())["files"]}
    path = offered(site, ending)
    entry = listed[path.relative_to(site).as_posix()]
    assert entry["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert fingerprint(read(path)) == entry["table"]
    assert entry["rows"] == 2


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_program_on_the_page_computes_the_fingerprint(site: Path, tmp_path: Path, language: str) -> None:
    """A reader copies it and runs it."""
    (code,) = re.findall(
        r"```python\n(.*?)```", (ROOT / f"site_src/{language}/verify.md").read_text("utf-8"), re.DOTALL
    )
    assert len([line for line in code.splitlines() if line.strip()]) <= 10
    (tmp_path / "fingerprint.py").write_text(code, "utf-8")
    command = [sys.executable, str(tmp_path / "fingerprint.py"), str(offered(site, ".json", language))]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    listed = {file["path"]: file for file in json.loads((site / "manifest.json").read_bytes())["files"]}
    assert done.stdout.strip() == listed["data/rooms/rooms.json"]["table"]


# --- proving them -----------------------------------------------------------------------------------------


@pytest.fixture
def copy(site: Path, tmp_path: Path) -> Path:
    """A copy of the site that somebody may tamper with."""
    return Path(shutil.copytree(site, tmp_path / "copy"))


def found(copy: Path, *options: object) -> tuple[int, list[tuple[str, str]]]:
    """The exit code of ``verify`` and the errors it names."""
    with redirect_stdout(StringIO()) as said:
        code = program.main(["verify", str(copy), *map(str, options), "--format", "json"])
    findings = json.loads(said.getvalue())["findings"]
    paths = [(each["code"], each["path"]) for each in findings if each["severity"] == "error"]
    return code, [(name, Path(path).relative_to(copy).as_posix()) for name, path in paths]


def test_an_untouched_copy_is_proved(copy: Path) -> None:
    """By our program, and by one that knows nothing of us."""
    assert found(copy) == (0, [])
    done = subprocess.run(["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"], cwd=copy, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".parquet", ".zip"])
def test_one_flipped_bit_is_found(copy: Path, ending: str) -> None:
    """Wherever it is."""
    path = copy / f"data/rooms/rooms{ending}"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert found(copy) == (1, [("file-altered", f"data/rooms/rooms{ending}")])


def test_a_removed_and_an_added_file_are_found(copy: Path) -> None:
    """Each under its name."""
    (copy / "data/halls/halls.csv").unlink()
    (copy / "data/halls/halls-2.csv").write_bytes(b"x")
    assert found(copy) == (
        1,
        [("site-file-extra", "data/halls/halls-2.csv"), ("site-file-missing", "data/halls/halls.csv")],
    )


def test_an_older_site_is_found(copy: Path, tmp_path: Path) -> None:
    """By the manifest of a later one that somebody kept."""
    kept = tmp_path / "manifest.json"
    later = json.loads((copy / "manifest.json").read_bytes())
    kept.write_text(json.dumps(later | {"as_of": "2026-02-28"}))
    assert found(copy, "--since", kept) == (1, [("rolled-back", "manifest.json")])
    kept.write_text(json.dumps(later | {"as_of": "2026-01-01"}))
    assert found(copy, "--since", kept) == (0, [])


def test_the_manifest_itself_is_known_by_one_number(copy: Path) -> None:
    """Which ``verify`` prints."""
    with redirect_stdout(StringIO()) as said:
        program.main(["verify", str(copy), "--lang", "en"])
    assert said.getvalue().endswith(f"SHA-256 of manifest.json: {publish.digest(copy)}\n")
