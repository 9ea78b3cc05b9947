"""A table is the same whatever file holds it: the same cells, the same rows, the same report."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gazette import checks, tables
from gazette.model import Slice
from gazette.tables import containers
from gazette.tables import json as documents
from tests import parity
from tests.tables import books

FORMATS = ("csv", "tsv", "xlsx", "json", "jsonl", "ndjson")

_WORDS = st.text(alphabet="ab\"', 深圳é;|", min_size=1, max_size=6).map(str.strip).filter(bool)
_WRONG = st.sampled_from(["x", "一", "12a", "2024-13-01"])

_START = dt.datetime.fromisoformat("1990-01-01T00:00:00")

_TYPES: dict[str, st.SearchStrategy[Any]] = {
    "string": _WORDS,
    "integer": st.integers(-999, 10**12) | _WRONG,
    "number": st.integers(-999, 10**6) | st.integers(-(10**6), 10**6).map(lambda halves: halves + 0.25) | _WRONG,
    "date": st.dates(dt.date(1900, 3, 1), dt.date(2100, 1, 1)) | _WRONG,
    "datetime": st.integers(0, 10**9).map(lambda seconds: _START + dt.timedelta(seconds=seconds)),
    "boolean": st.booleans() | _WRONG,
    "year": st.integers(1000, 2100),
    "any": _WORDS | st.integers(0, 10**6),
}


@st.composite
def _tables(draw: st.DrawFn) -> tuple[dict[str, Any], list[list[Any]]]:
    kinds = draw(st.lists(st.sampled_from(sorted(_TYPES)), min_size=1, max_size=4))
    fields = [{"name": "id", "type": "string", "constraints": {"required": True, "unique": True}}]
    fields += [{"name": f"c{number}", "type": kind} for number, kind in enumerate(kinds)]
    cells = [_WORDS, *(st.none() | _TYPES[kind] for kind in kinds)]
    rows = draw(st.lists(st.tuples(*cells).map(list), min_size=1, max_size=8))
    return {"fields": fields}, [[field["name"] for field in fields], *rows]


def _text(value: Any) -> str:
    """What a CSV file holds of a value."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else str(value)


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else value


def _write(folder: Path, form: str, rows: list[list[Any]]) -> Path:
    path = folder / f"table.{form}"
    keyed = [dict(zip(rows[0], map(_json, row), strict=True)) for row in rows[1:]]
    if form == "xlsx":
        return books.write(path, rows)
    if form == "json":
        path.write_text(json.dumps(keyed, ensure_ascii=False, indent=1), encoding="utf-8")
    elif form == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in keyed), encoding="utf-8")
    elif form == "ndjson":  # rows as lists
        path.write_text("".join(json.dumps(list(map(_json, row))) + "\n" for row in rows), encoding="utf-8")
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter="\t" if form == "tsv" else ",").writerows(
                [_text(cell) for cell in row] for row in rows
            )
    return path


def _report(piece: Slice) -> list[tuple[Any, ...]]:
    """The findings as far as they do not quote what the file holds for a missing value."""
    return [
        (each.code, each.row, each.column, each.field, each.count, each.severity)
        for each in checks.inspect([piece])[0].findings
    ]


@settings(
    max_examples=25,
    phases=(Phase.explicit, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(table=_tables())
def test_a_table_is_the_same_in_every_format(tmp_path: Path, table: tuple[dict[str, Any], list[list[Any]]]) -> None:
    """Written as CSV, TSV, XLSX, JSON and JSON Lines it has the same cells, rows and findings."""
    descriptor, rows = table
    seen = {}
    for form in FORMATS:
        _write(tmp_path, form, rows)
        piece = parity.piece(tmp_path, descriptor, name=f"table.{form}", format=form)
        seen[form] = tables.read(piece).to_pylist(), checks.inspect([piece])[0].rows, _report(piece)
    for form in FORMATS[1:]:
        assert seen[form] == seen["csv"], form


def _edges() -> Iterator[Any]:
    yield pytest.param("number", "1.10", "1.10", id="digits as they are written")
    yield pytest.param("number", "1e5", "1e5", id="an exponent as it is written")
    yield pytest.param(
        "number", "100000000000000000000000.10", "100000000000000000000000.10", id="more than a double holds"
    )
    yield pytest.param("integer", "5.0", "5", id="an integer that is written as a number")
    yield pytest.param("integer", "9007199254740993", "9007199254740993", id="beyond the integers of a double")
    yield pytest.param("boolean", "false", "false", id="a boolean")
    yield pytest.param("array", '[1.10, {"k": "深"}]', '[1.10, {"k": "深"}]', id="an array")
    yield pytest.param("list", '["a","b"]', "a,b", id="a list")
    yield pytest.param("geopoint", "[114.10, 22.5]", "114.10,22.5", id="a point")
    yield pytest.param("yearmonth", "[2024, 3]", "2024-03", id="a month")
    yield pytest.param("string", '"=1+1"', "=1+1", id="text that looks like a formula")
    yield pytest.param("string", "null", "", id="null")


@pytest.mark.parametrize("form", ["json", "jsonl"])
@pytest.mark.parametrize(("kind", "written", "expected"), list(_edges()))
def test_json_keeps_what_is_written(tmp_path: Path, form: str, kind: str, written: str, expected: str) -> None:
    """A number keeps its form; what CSV has no form for is written as the field writes it."""
    row = f'{{"id": "a", "v": {written}}}'
    (tmp_path / f"t.{form}").write_text(f"[{row}]" if form == "json" else row, encoding="utf-8")
    descriptor = {"fields": [{"name": "id", "type": "string"}, {"name": "v", "type": kind}]}
    piece = parity.piece(tmp_path, descriptor, name=f"t.{form}", format=form)
    assert tables.read(piece).to_pylist() == [{"id": "a", "v": expected}]
    assert tables.faults(piece) == ()


def test_a_missing_value_is_written_as_the_schema_has_it(tmp_path: Path) -> None:
    """No value is the first of missingValues where an empty cell is a text; where there is none, that is said."""
    (tmp_path / "t.json").write_text('[{"id": "a", "v": null}, {"id": "b", "v": ""}]')
    fields = [{"name": "id", "type": "string"}, {"name": "v", "type": "string"}]
    piece = parity.piece(tmp_path, {"fields": fields, "missingValues": ["-"]}, name="t.json", format="json")
    assert tables.read(piece)["v"].to_pylist() == ["-", ""]
    assert tables.faults(piece) == ()
    piece = parity.piece(tmp_path, {"fields": fields, "missingValues": []}, name="t.json", format="json")
    assert [(each.code, each.row, each.field) for each in tables.faults(piece)] == [("cell-unwritable", 2, "v")]


def test_a_value_is_written_in_the_characters_of_its_field(tmp_path: Path) -> None:
    """decimalChar, trueValues and the format of a date hold for what is published."""
    fields = [
        {"name": "n", "type": "number", "decimalChar": ","},
        {"name": "b", "type": "boolean", "trueValues": ["是"], "falseValues": ["否"]},
        {"name": "d", "type": "date", "format": "%d/%m/%Y"},
    ]
    books.write(tmp_path / "t.xlsx", [["n", "b", "d"], [1.5, True, dt.date(2024, 2, 3)], [2, False, None]])
    piece = parity.piece(tmp_path, {"fields": fields}, name="t.xlsx", format="xlsx")
    assert tables.read(piece).to_pylist() == [
        {"n": "1,5", "b": "是", "d": "03/02/2024"},
        {"n": "2", "b": "否", "d": ""},
    ]
    assert [finding.code for finding in checks.inspect([piece])[0].findings] == []


@settings(max_examples=40, phases=(Phase.explicit, Phase.generate), deadline=None)
@given(
    rows=st.lists(st.dictionaries(st.sampled_from("abc"), st.none() | st.booleans() | st.text(max_size=3)), min_size=1)
    | st.lists(st.lists(st.integers() | st.lists(st.text(max_size=2), max_size=2), max_size=3), min_size=1)
)
def test_json_is_read_as_frictionless_reads_it(tmp_path_factory: pytest.TempPathFactory, rows: list[Any]) -> None:
    """The header, the rows and what is missing from them."""
    folder = tmp_path_factory.mktemp("json")
    (folder / "t.json").write_text(json.dumps(rows))
    (folder / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    for form in ("json", "jsonl"):
        piece = parity.piece(folder, None, name=f"t.{form}", format=form)
        with tables.source(piece) as resource:
            expected = [list(cells) for cells in resource.cell_stream]
        document = containers.document(folder / f"t.{form}", piece.resource)
        assert [list(cells) for cells in documents.rows(document)] == expected


@pytest.mark.parametrize("form", FORMATS)
def test_the_verdict_is_that_of_frictionless(tmp_path: Path, form: str) -> None:
    """Error by error, with messages and cells."""
    rows: list[list[Any]] = [
        ["id", "n", "d"],
        ["a", "x", dt.date(2024, 1, 2)],
        ["a", 2, "2024-02-30"],
        ["b", None, None],
        ["", 1, None],
    ]
    _write(tmp_path, form, rows)
    key = {"fields": ["id"], "reference": {"resource": "", "fields": ["id"]}}
    fields = [{"name": "id", "type": "string"}, {"name": "n", "type": "integer"}, {"name": "d", "type": "date"}]
    descriptor = {"fields": fields, "primaryKey": ["id"], "foreignKeys": [key]}
    tally = parity.Tally()
    parity.compare(parity.piece(tmp_path, descriptor, name=f"table.{form}", format=form), tally)
    assert tally.differences == []
    assert tally.errors >= 4
