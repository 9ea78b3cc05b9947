"""Every format holds the same cells: proven by readers that did not write them."""

from __future__ import annotations

import csv
import json
import sqlite3
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gazette import exports, tables
from gazette.exports import cells, database, parquet, sheet, workbook
from gazette.exports import json as export_json
from gazette.exports.labels import Labels
from gazette.model import (
    Artifact,
    BuildError,
    Category,
    Dataset,
    Field,
    ForeignKey,
    History,
    License,
    Omission,
    Party,
    Policy,
    Resource,
    Schema,
    Settings,
    Site,
    Slice,
    Text,
    Version,
)

DAY, TODAY = date(2026, 1, 31), date(2026, 3, 1)


def both(en: str, zh: str) -> Text:
    return Text(values=(("en", en), ("zh", zh)))


SETTINGS = Settings(
    command="build",
    config=Path("mkdocs.yml"),
    datasets=Path("datasets"),
    output=Path("site"),
    language="en",
    format="text",
    policy=Policy(name="strict", strict=True),
    site=Site(
        name=both("Open records", "公开记录"),
        description=both("What is published.", "已公布的内容。"),
        operator=both("City Archives", "市档案馆"),
        languages=("en", "zh"),
        url="https://example.org/",
    ),
)


def column(name: str, kind: str, en: str = "", zh: str = "", **more: Any) -> Field:
    descriptor = {"name": name, "type": kind, **more.pop("descriptor", {})}
    title = both(en, zh) if en else Text()
    return Field(
        name=name,
        type=kind,
        format="default",
        title=title,
        description=Text(),
        constraints={},
        descriptor=descriptor,
        **more,
    )


FIELDS = (
    column("unit_id", "string", "Unit", "单位编号"),
    column("level", "string", "Level", "级别", categories=(Category(value="m", label=both("Municipal", "市级")),)),
    column("count", "integer", "Requests", "申请数"),
    column("share", "number", "Share", "占比", unit=both("percent", "%")),
    column("met", "boolean", "Met", "是否完成"),
    column("on", "date", "Day", "日期"),
)
ROWS = (
    ("007", "m", "42", "34.20", "true", "2024-02-29"),
    ("中文，“引号”", "m", "-3", "0.1", "False", "1899-12-31"),
    (' a,"b"\r\nc', "", "", "", "", ""),
)


def table(fields: Sequence[Field], rows: Sequence[Sequence[str]], **more: Any) -> Slice:
    """The address of a table; ``tables.batches`` is to give its rows."""
    resource = Resource(
        name="reports",
        slug="reports",
        dataset="example",
        title=both("Reports", "报告"),
        description=Text(),
        paths=("data/reports.csv",),
        schema=Schema(fields=tuple(fields), missing_values=("", "-")),
    )
    dataset = Dataset(
        name="example",
        folder="example",
        path="example/datapackage.yaml",
        title=both("Example", "示例"),
        description=both("Says what it is.", "说明内容。"),
        resources=(resource,),
        languages=("en", "zh"),
        parties=(Party(title=both("City Archives", "市档案馆"), roles=("publisher",)),),
        licenses=(License(name="CC-BY-4.0", title=both("Attribution", "署名")),),
        **more,
    )
    return Slice(root=Path(), dataset=dataset, resource=resource)


def batch(fields: Sequence[Field], rows: Sequence[Sequence[str]]) -> pa.RecordBatch:
    columns = [pa.array([row[place] for row in rows], pa.string()) for place in range(len(fields))]
    return pa.record_batch(columns, names=[field.name for field in fields])


def written(
    folder: Path, fields: Sequence[Field] = FIELDS, rows: Sequence[Sequence[str]] = ROWS, **more: Any
) -> tuple[Mapping[str, Artifact], tuple[Omission, ...]]:
    """Every file of one table, by what stands behind its name."""
    with mock.patch.object(tables, "batches", side_effect=lambda _: iter([batch(fields, rows)])):
        artifacts, omitted = exports.write([table(fields, rows, **more)], SETTINGS, folder, History(), DAY)
    return {Path(file.path).name.partition(".")[2]: file for file in artifacts}, omitted


def test_every_format_has_the_same_fingerprint(tmp_path: Path) -> None:
    """That of the canonical cells, stated with each file."""
    files, omitted = written(tmp_path)
    assert list(files) == ["xlsx", "csv", "en.csv", "zh.csv", "json", "jsonl", "parquet", "sqlite"]
    assert omitted == ()
    prints = {form: file.table for form, file in files.items() if form != "sqlite"}
    assert len(set(prints.values())) == 1
    assert all(prints.values())


def test_a_workbook_has_types_titles_and_no_formula(tmp_path: Path) -> None:
    """As openpyxl, which did not write it, sees it."""
    files, _ = written(tmp_path)
    book = openpyxl.load_workbook(tmp_path / files["xlsx"].path)
    sheet = book["data"]
    found = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert found[0] == [
        "Unit | 单位编号",
        "Level | 级别",
        "Requests | 申请数",
        "Share | 占比",
        "Met | 是否完成",
        "Day | 日期",
    ]
    assert found[1] == ["007", "m", 42, 34.2, True, datetime(2024, 2, 29)]  # noqa: DTZ001 - a day of a sheet
    assert found[2] == ["中文，“引号”", "m", -3, 0.1, False, "1899-12-31"]
    assert found[3][1:] == [None] * 5
    assert [part.ref for part in sheet.tables.values()] == ["A1:F4"]
    about = [[cell.value for cell in row] for row in book["about"].iter_rows()]
    assert ["Dataset | 数据集", "Example", "示例"] in about
    assert any(line[0] == "level" and line[2] == "级别\nm: 市级" for line in about)


def test_illustrative_data_says_so_in_the_workbook(tmp_path: Path) -> None:
    """On the first line of the sheet that says what it is."""
    files, _ = written(tmp_path, illustrative=True)
    about = openpyxl.load_workbook(tmp_path / files["xlsx"].path)["about"]
    assert "Illustrative data" in str(about["A1"].value)
    assert "虚构" in str(about["C1"].value)


def test_labelled_files_have_titles_and_labels_beside_codes(tmp_path: Path) -> None:
    """And the mark that makes a spreadsheet read UTF-8."""
    files, _ = written(tmp_path)
    content = (tmp_path / files["zh.csv"].path).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    header, first, *_ = csv.reader(content.decode("utf-8-sig").splitlines())
    assert header == ["单位编号", "级别", "级别（名称）", "申请数", "占比", "是否完成", "日期"]
    assert first[1:3] == ["m", "市级"]


def test_json_keeps_every_digit(tmp_path: Path) -> None:
    """A number is a number, what is missing is null, text is text."""
    rows = [("1", "", "9007199254740993", "0.10000000000000000001", "0", "2024-01-01")]
    files, _ = written(tmp_path, rows=rows)
    text = (tmp_path / files["json"].path).read_text(encoding="utf-8")
    assert json.loads(text, parse_float=Decimal) == [
        {
            "unit_id": "1",
            "level": None,
            "count": 9007199254740993,
            "share": Decimal("0.10000000000000000001"),
            "met": False,
            "on": "2024-01-01",
        }
    ]
    assert (tmp_path / files["jsonl"].path).read_text(encoding="utf-8").count("\n") == 1


def test_parquet_has_types_titles_and_a_page_index(tmp_path: Path) -> None:
    """What the explorer and DuckDB fetch rows by."""
    files, _ = written(tmp_path)
    path = tmp_path / files["parquet"].path
    schema = pq.read_schema(path)
    assert [str(field.type) for field in schema] == ["string", "string", "int64", "double", "bool", "date32[day]"]
    assert schema.field("share").metadata[b"unit@zh"] == b"%"
    assert pq.read_metadata(path).row_group(0).column(0).has_column_index
    assert duckdb.read_parquet(str(path)).sum("count").fetchall() == [(39,)]


def test_the_database_answers_questions(tmp_path: Path) -> None:
    """Types, and a table that tells what the columns are in both languages."""
    files, _ = written(tmp_path)
    connection = sqlite3.connect(tmp_path / files["sqlite"].path)
    assert connection.execute("SELECT sum(count), max(share) FROM example__reports").fetchone() == (39, 34.2)
    title = "SELECT title FROM _columns WHERE field = 'count' AND language = 'zh'"
    assert connection.execute(title).fetchone() == ("申请数",)
    connection.close()


def test_pandas_reads_what_was_written(tmp_path: Path) -> None:
    """The library most readers use."""
    files, _ = written(tmp_path)
    frame = pd.read_csv(tmp_path / files["csv"].path, dtype={"unit_id": str})
    assert list(frame["count"].dropna()) == [42, -3]
    assert pd.read_excel(tmp_path / files["xlsx"].path, dtype={"Unit | 单位编号": str}, engine="openpyxl").shape == (
        3,
        6,
    )
    assert pd.read_parquet(tmp_path / files["parquet"].path).shape == (3, 6)


def test_the_same_cells_give_the_same_bytes(tmp_path: Path) -> None:
    """In every format, the bag included."""
    prints = []
    for name in ("one", "two"):
        files, _ = written(tmp_path / name)
        known = [file for file in files.values() if file.dataset]
        packed = exports.pack([table(FIELDS, ROWS).dataset], known, SETTINGS, History(), DAY, tmp_path / name)
        prints.append([file.sha256 for file in (*files.values(), *packed)])
    assert prints[0] == prints[1]


def test_a_bag_proves_itself(tmp_path: Path) -> None:
    """``sha256sum -c`` in the unpacked folder, and the checksums of RFC 8493."""
    files, _ = written(tmp_path)
    known = [file for file in files.values() if file.dataset]
    (packed,) = exports.pack([table(FIELDS, ROWS).dataset], known, SETTINGS, History(), DAY, tmp_path)
    with zipfile.ZipFile(tmp_path / packed.path) as archive:
        archive.extractall(tmp_path / "out")
    folder = tmp_path / "out" / "example"
    for sums in ("SHA256SUMS", "manifest-sha256.txt", "tagmanifest-sha256.txt"):
        assert subprocess.run(["sha256sum", "-c", "--quiet", sums], cwd=folder, check=False).returncode == 0
    assert (folder / "bagit.txt").read_text() == "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
    assert "[DS/OL]" in (folder / "data/README.zh.md").read_text(encoding="utf-8")
    (folder / "data/reports.csv").write_bytes(b"x")
    done = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=folder, check=False, capture_output=True)
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("rows", "reason"),
    [([("x" * 40_000, *ROWS[0][1:])], "cell"), ([ROWS[0]] * 3, "rows")],
)
def test_what_a_workbook_cannot_hold_is_left_out_and_said(tmp_path: Path, rows: list[Any], reason: str) -> None:
    """Never cut short in silence."""
    with mock.patch.object(workbook, "MOST_ROWS", 2):
        files, omitted = written(tmp_path, rows=rows)
    assert "xlsx" not in files
    assert omitted == (Omission(dataset="example", resource="reports", form="xlsx", reason=reason),)


def test_what_a_spreadsheet_would_run_is_not_offered_to_it_as_csv(tmp_path: Path) -> None:
    """The canonical file has the cell as it is; nobody puts an apostrophe before it in silence."""
    rows = [("=1+1", *ROWS[0][1:])]
    files, omitted = written(tmp_path, rows=rows)
    assert [(each.form, each.reason) for each in omitted] == [("en.csv", "formula"), ("zh.csv", "formula")]
    assert b"=1+1" in (tmp_path / files["csv"].path).read_bytes()
    sheet = openpyxl.load_workbook(tmp_path / files["xlsx"].path)["data"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")


@pytest.mark.parametrize(
    ("module", "name", "form"),
    [
        (export_json, "_objects", "json"),
        (parquet, "_groups", "parquet"),
        (database, "_values", "sqlite"),
        (sheet, "rows", "xlsx"),
    ],
)
def test_a_writer_that_loses_a_row_is_found(tmp_path: Path, module: Any, name: str, form: str) -> None:
    """By the reader, before anything is published."""
    right = getattr(module, name)

    def wrong(*arguments: Any) -> Any:
        found = right(*arguments)
        if isinstance(found, list):
            return found[:-1]
        return (part[part.index(b"</row>") :] if isinstance(part, bytes) else part.slice(1) for part in found)

    with mock.patch.object(module, name, side_effect=wrong), pytest.raises(BuildError) as refused:
        written(tmp_path)
    assert refused.value.code == "export-mismatch"
    assert str(refused.value.facts["path"]).endswith(form)


TEXTS = st.text(
    st.one_of(
        st.sampled_from("\" ',;\r\n\t中𠮷\u2028\\_x0041_"), st.characters(exclude_categories=["Cs"], min_codepoint=32)
    ),
    max_size=6,
)
NUMBERS = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20).map(str),
    st.floats(allow_nan=False, allow_infinity=False, width=32).map(repr),
    st.sampled_from(["0", "-0", "0.10", "1e5", "+7", ".5", "5.", "00012", "-"]),
)
CELLS: Mapping[str, st.SearchStrategy[str]] = {
    "string": TEXTS,
    "integer": st.one_of(st.integers(-(10**25), 10**25).map(str), st.sampled_from(["", "007", "-0", "+1"])),
    "number": NUMBERS,
    "boolean": st.sampled_from(["true", "0", "FALSE", "", "-"]),
    "date": st.one_of(st.dates().map(date.isoformat), st.just("")),
    "year": st.sampled_from(["1999", "2024", "0044", ""]),
    "datetime": st.sampled_from(["2024-01-01T00:00:00Z", ""]),
}


@st.composite
def any_table(draw: st.DrawFn) -> tuple[list[Field], list[tuple[str, ...]]]:
    kinds = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=4))
    row = st.tuples(*(CELLS[kind] for kind in kinds))
    return [column(f"c{place}", kind) for place, kind in enumerate(kinds)], draw(st.lists(row, max_size=5))


@hypothesis_settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(any_table())
def test_whatever_the_cells_every_format_holds_them(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[list[Field], list[tuple[str, ...]]]
) -> None:
    """Each file is read back while it is written: nothing is raised, and all agree on the fingerprint."""
    fields, rows = drawn
    files, _ = written(tmp_path_factory.mktemp("any"), fields=fields, rows=rows)
    assert len({file.table for form, file in files.items() if form != "sqlite"}) == 1


def test_numbers_have_one_form() -> None:
    """The shortest without exponent."""
    stated = ["1.50", "-0", "+7", "007", "1e3", "1E-3", ".5", "5.", "100", "0.0"]
    assert [cells.number(text) for text in stated] == ["1.5", "0", "7", "7", "1000", "0.001", "0.5", "5", "100", "0"]


def test_group_marks_and_decimal_commas_are_read_as_the_schema_says(tmp_path: Path) -> None:
    """The canonical CSV keeps them, the typed formats have numbers."""
    field = column("amount", "number", descriptor={"groupChar": ".", "decimalChar": ","})
    files, _ = written(tmp_path, fields=[field], rows=[("1.234,50",)])
    assert b'"1.234,50"' in (tmp_path / files["csv"].path).read_bytes()
    assert pq.read_table(tmp_path / files["parquet"].path).to_pylist() == [{"amount": 1234.5}]


def test_a_key_is_labelled_with_the_name_of_what_it_refers_to(tmp_path: Path) -> None:
    """Beside the code, in the language of the file."""
    whole = table(FIELDS[:1], [])
    names = [column(name, "string") for name in ("unit_id", "name_en", "name_zh")]
    units = replace(whole.resource, name="units", slug="units", schema=Schema(fields=tuple(names)))
    key = ForeignKey(fields=("unit_id",), resource="units", reference_fields=("unit_id",))
    reports = replace(whole.resource, schema=Schema(fields=FIELDS[:1], foreign_keys=(key,)))
    piece = replace(whole, resource=reports, dataset=replace(whole.dataset, resources=(reports, units)))
    known = pa.Table.from_batches([batch(names, [("007", "Archives", "档案馆")])])
    with (
        mock.patch.object(tables, "batches", side_effect=lambda _: iter([batch(FIELDS[:1], [("007",), ("008",)])])),
        mock.patch.object(tables, "read", return_value=known),
    ):
        found = list(Labels(cells.gather((piece,))).rows("zh"))
    assert found[0].to_pylist() == [
        {"单位编号": "007", "单位编号（名称）": "档案馆"},
        {"单位编号": "008", "单位编号（名称）": ""},
    ]


def test_columns_that_differ_in_case_alone_stay_apart(tmp_path: Path) -> None:
    """SQLite and DuckDB take them for one; every format holds both."""
    fields = [column("Name", "string"), column("name", "string"), column("name_1", "string")]
    files, omitted = written(tmp_path, fields=fields, rows=[("a", "b", "c")])
    assert omitted == ()
    connection = sqlite3.connect(tmp_path / files["sqlite"].path)
    found = connection.execute("SELECT * FROM example__reports")
    assert [each[0] for each in found.description] == ["Name", "name (2)", "name_1"]
    assert found.fetchall() == [("a", "b", "c")]
    stated = "SELECT \"column\", field FROM _columns WHERE language = 'en' ORDER BY position"
    assert connection.execute(stated).fetchall() == [("Name", "Name"), ("name (2)", "name"), ("name_1", "name_1")]
    connection.close()


def test_the_folder_of_a_file_says_nothing_of_its_rows(tmp_path: Path) -> None:
    """A reader that takes names of folders for patterns or partitions is told not to."""
    folder = tmp_path / "count=7" / "[ab]*"
    files, _ = written(folder)
    assert duckdb.read_parquet(
        (folder / files["parquet"].path).as_posix().replace("[", "[[]").replace("*", "[*]"), hive_partitioning=False
    ).fetchall()


def test_a_large_table_lies_in_a_file_while_it_is_written(tmp_path: Path) -> None:
    """Its downloads are those of a table in memory, and nothing of that file is left."""
    small, _ = written(tmp_path / "memory")
    with mock.patch.object(cells, "_KEPT", 1):
        large, _ = written(tmp_path / "file")
    assert {form: file.sha256 for form, file in large.items()} == {form: file.sha256 for form, file in small.items()}
    left = {path.relative_to(tmp_path / "file").parts[0] for path in (tmp_path / "file").rglob("*")}
    assert left == {"data"}


def test_a_label_that_looks_like_a_formula_is_not_offered_to_a_spreadsheet(tmp_path: Path) -> None:
    """The cells are harmless; what stands beside them in one language is not."""
    odd = column(
        "level", "string", "Level", "级别", categories=(Category(value="m", label=both("Municipal", "＝市级")),)
    )
    _, omitted = written(tmp_path, fields=[odd], rows=[("m",)])
    assert [(each.form, each.reason) for each in omitted] == [("zh.csv", "formula")]


def test_more_columns_than_a_database_has_are_left_out_of_it(tmp_path: Path) -> None:
    """And the page says so; the other formats have them."""
    fields = [column(f"c{place}", "string") for place in range(3)]
    with mock.patch.object(database, "MOST_COLUMNS", 2):
        files, omitted = written(tmp_path, fields=fields, rows=[("a", "b", "c")])
    assert omitted == (Omission(dataset="example", resource="reports", form="sqlite", reason="columns"),)
    assert files["parquet"].rows == 1


@pytest.mark.parametrize("day", ["2024-02-30", "0000-01-01", "2024-1-1"])
def test_what_is_no_day_stays_text(tmp_path: Path, day: str) -> None:
    """Where a policy lets it pass."""
    files, _ = written(tmp_path, fields=[column("on", "date")], rows=[(day,), ("2024-01-01",)])
    assert pq.read_table(tmp_path / files["parquet"].path).to_pylist() == [{"on": day}, {"on": "2024-01-01"}]


def test_short_and_long_numbers_of_a_column_go_together(tmp_path: Path) -> None:
    """Each keeps its digits, in whatever order they come."""
    rows = [("0.12345",), ("1e-9",), ("12345678901234567890",)]
    for order in (rows, rows[::-1]):
        files, _ = written(tmp_path / order[0][0], fields=[column("n", "number")], rows=order)
        text = (tmp_path / order[0][0] / files["json"].path).read_text()
        stated = {each["n"] for each in json.loads(text, parse_float=Decimal)}
        assert stated == {Decimal("0.12345"), Decimal("1e-9"), 12345678901234567890}


def test_the_date_in_a_workbook_is_that_of_its_data(tmp_path: Path) -> None:
    """So that another dataset's change leaves the file as it was."""
    version = Version(commit="a" * 40, published=date(2025, 5, 5), subject="x")
    past = History(versions={"example": (version,)})
    with mock.patch.object(tables, "batches", side_effect=lambda _: iter([batch(FIELDS, ROWS)])):
        made = [
            exports.write([table(FIELDS, ROWS)], SETTINGS, tmp_path / str(day), past, day)[0] for day in (DAY, TODAY)
        ]
    assert [file.sha256 for file in made[0]] == [file.sha256 for file in made[1]]
    book = openpyxl.load_workbook(tmp_path / str(DAY) / made[0][0].path)
    assert book.properties.created == datetime(2025, 5, 5)  # noqa: DTZ001 - as the file states it


def test_a_workbook_of_strange_texts_is_read_as_it_was_by_an_office_library(tmp_path: Path) -> None:
    """Markup is text, spaces at the ends stay, what looks like an escape is none."""
    rows = [("<r><t>&amp;</t></r>",), (" a ",), ("_x0041_",), ("a\nb",), ("\u2028𠮷",)]
    files, _ = written(tmp_path, fields=[column("note", "string")], rows=rows)
    sheet_ = openpyxl.load_workbook(tmp_path / files["xlsx"].path)["data"]
    found = [str(row[0]).replace("_x005F_", "_") for row in sheet_.iter_rows(min_row=2, values_only=True)]
    assert found == [text for (text,) in rows]  # openpyxl leaves the escape of an escape as it is


def test_columns_are_named_as_spreadsheets_name_them() -> None:
    """A to XFD."""
    assert [sheet.letters(place) for place in (0, 25, 26, 701, 702, 16_383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
