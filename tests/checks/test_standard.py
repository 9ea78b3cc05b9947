"""Sentences of the Table Schema standard (https://datapackage.org/standard/table-schema/), each held to any value."""

from __future__ import annotations

import csv
import io
import string
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazette.checks import schema
from tests import parity

_ASCII = string.ascii_letters
# The standard's numbers are NAN, INF and -INF too, and Python's Decimal reads them longer and in any case.
_words = st.text(_ASCII, min_size=1, max_size=8).filter(lambda word: word.lower() not in {"inf", "infinity", "nan"})
_integers = st.integers(-(10**25), 10**25)
_dates = st.dates()
_times = st.times().map(lambda time: time.replace(microsecond=0).isoformat())


class Law(NamedTuple):
    """A sentence, a field it is about, and cells it allows and cells it forbids."""

    sentence: str
    field: dict[str, Any]
    right: st.SearchStrategy[str]
    wrong: st.SearchStrategy[str]


LAWS = (
    Law(
        "Integer values are indicated in the standard way for any valid integer.",
        {"type": "integer"}, _integers.map(str), _words | st.sampled_from(["1.5", "1e3", "--1", "0x1F"]),
    ),
    Law(
        'An optional leading sign is allowed. If the sign is omitted, "+" is assumed.',
        {"type": "number"}, st.decimals(allow_nan=False, allow_infinity=False, places=3).map("{:+}".format),
        st.sampled_from(["+-1", "-+1", "+", "-", "1-"]),
    ),
    Law(
        "If the fractional part is zero, the period and following zero(es) can be omitted.",
        {"type": "number"}, _integers.map(str), st.sampled_from(["1.2.3", ".", "1,5", "one"]),
    ),
    Law(
        "A number MAY also have a trailing: exponent: this MUST consist of an E followed by an optional + or - sign "
        "followed by one or more decimal digits (0-9)",
        {"type": "number"}, st.tuples(st.integers(-99, 99), st.sampled_from(["E", "E+", "E-"]), st.integers(0, 99)).map(
            lambda parts: f"{parts[0]}{parts[1]}{parts[2]}"
        ), st.sampled_from(["1E", "E5", "1E1.5", "1EE2"]),
    ),
    Law(
        "decimalChar: A string whose value is used to represent a decimal point within the number.",
        {"type": "number", "decimalChar": ","}, st.tuples(st.integers(0, 999), st.integers(0, 999)).map(
            lambda parts: f"{parts[0]},{parts[1]}"
        ), st.sampled_from(["1.5", "1,5,0", "a,b"]),
    ),
    Law(
        "groupChar: A string whose value is used to group digits within the number.",
        {"type": "number", "groupChar": ","}, st.integers(0, 10**12).map("{:,}".format), st.just("1 000") | _words,
    ),
    Law(
        "If false the contents of this field may contain leading and/or trailing non-numeric characters (which "
        "implementors MUST therefore strip).",
        {"type": "integer", "bareNumber": False}, st.integers(0, 999).map("{}%".format), _words,
    ),
    Law(
        "In the physical representations of data where boolean values are represented with strings, the values set in "
        "trueValues and falseValues are to be cast to their logical representation as booleans.",
        {"type": "boolean"}, st.sampled_from(["true", "True", "TRUE", "1", "false", "False", "FALSE", "0"]),
        st.sampled_from(["yes", "no", "tRUE", "2", " true", "t"]),
    ),
    Law(
        "trueValues and falseValues are arrays which can be customised to user need.",
        {"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]}, st.sampled_from(["yes", "no"]),
        st.sampled_from(["true", "false", "1", "Yes"]),
    ),
    Law(
        "The lexical representation MUST be yyyy-mm-dd e.g. 2024-01-26",
        {"type": "date"}, _dates.map(str),
        _dates.map("{:%d/%m/%Y}".format) | st.sampled_from(["2023-02-29", "2024-13-01"]),
    ),
    Law(
        "values in this field can be parsed according to <PATTERN>",
        {"type": "date", "format": "%d.%m.%Y"}, st.integers(1, 28).map("{:02}.11.2024".format),
        st.integers(1, 28).map("2024-11-{:02}".format),
    ),
    Law(
        "The lexical representation MUST be in a form defined by XML Schema containing required date and time parts, "
        "followed by optional milliseconds and timezone parts",
        {"type": "datetime"}, st.tuples(_dates, _times, st.sampled_from(["", "Z", "+08:00", ".300-05:00"])).map(
            lambda parts: f"{parts[0]}T{parts[1]}{parts[2]}"
        ), _dates.map(str) | _times,
    ),
    Law(
        "The lexical representation MUST be hh:mm:ss e.g. 15:00:00",
        {"type": "time"}, _times, st.sampled_from(["25:00:00", "12:60:00", "12:30", "noon"]),
    ),
    Law(
        "A calendar year as per XMLSchema gYear. Usual lexical representation is YYYY.",
        {"type": "year"}, st.integers(0, 9999).map("{:04}".format), st.integers(10_000, 99_999).map(str) | _words,
    ),
    Law(
        "A specific month in a specific year as per XMLSchema gYearMonth. Usual lexical representation is: YYYY-MM.",
        {"type": "yearmonth"}, st.tuples(st.integers(0, 9999), st.integers(1, 12)).map(
            lambda parts: f"{parts[0]:04}-{parts[1]:02}"
        ), st.integers(13, 99).map("2024-{}".format) | st.integers(1, 12).map("2024/{:02}".format),
    ),
    Law(
        'A string of the pattern "lon, lat", where each value is a number',
        {"type": "geopoint"}, st.tuples(st.integers(-180, 180), st.integers(-90, 90)).map(
            lambda parts: f"{parts[0]}, {parts[1]}.5" if abs(parts[1]) < 90 else f"{parts[0]},{parts[1]}"
        ), st.sampled_from(["1", "a, b", "200, 10", "10, 100", "1;2"]),
    ),
    Law("The field contains a valid JSON object.", {"type": "object"},
        st.just("{}") | _words.map('{{"a": "{}"}}'.format), st.sampled_from(["[]", "1", "{", "null"])),
    Law("The field contains a valid JSON array.", {"type": "array"}, st.lists(st.integers()).map(str),
        st.sampled_from(["{}", "1", "[", "null"])),
    Law("A string that is a uuid.", {"type": "string", "format": "uuid"}, st.uuids().map(str), _words),
    Law(
        "A valid email address.",
        {"type": "string", "format": "email"}, _words.map("{}@office.example.org".format), _words,
    ),
    Law(
        "An integer that specifies the minimum length of a value.",
        {"type": "string", "constraints": {"minLength": 5}}, st.text(_ASCII, min_size=5, max_size=9),
        st.text(_ASCII, min_size=1, max_size=4),
    ),
    Law(
        "An integer that specifies the maximum length of a value.",
        {"type": "string", "constraints": {"maxLength": 5}}, st.text(_ASCII + "市", min_size=1, max_size=5),
        st.text(_ASCII + "市", min_size=6, max_size=9),
    ),
    Law(
        "Specifies a minimum value for a field.",
        {"type": "integer", "constraints": {"minimum": 7}}, st.integers(7, 10**30).map(str),
        st.integers(-(10**30), 6).map(str),
    ),
    Law(
        "Specifies a maximum value for a field.",
        {"type": "number", "constraints": {"maximum": "0.3"}}, st.integers(-(10**9), 3).map("{}e-1".format),
        st.integers(1, 9).map("0.3000000000000000000000{}".format),
    ),
    Law(
        "the physical representation of constraint values MAY be primitive types as possible in JSON, or represented "
        "as strings that are castable with the type and format rules of the field.",
        {"type": "date", "constraints": {"exclusiveMinimum": "2024-02-03"}},
        st.integers(4, 28).map("2024-02-{:02}".format), st.integers(1, 3).map("2024-02-{:02}".format),
    ),
    Law(
        "The value of the field MUST exactly match one of the values in the enum array.",
        {"type": "integer", "constraints": {"enum": [1, "2"]}}, st.sampled_from(["1", "2", "+1", "02"]),
        st.integers(3, 99).map(str),
    ),
)  # fmt: skip


def _faults(fields: list[dict[str, Any]], rows: list[list[str]], **more: Any) -> dict[int, set[str]]:
    """Codes of errors per row (the header is 1), by frictionless and column by column: both must agree."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([[field["name"] for field in fields], *rows])
    found = []
    kept = schema.SMALL
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "table.csv").write_text(text.getvalue(), encoding="utf-8", newline="")
        for schema.SMALL in (0, 10**9):
            evidence = schema.judge(parity.piece(Path(folder), {"fields": fields, **more}))
            found.append([(finding.row or 0, finding.code) for finding in evidence.findings])
    schema.SMALL = kept
    assert found[0] == found[1]
    return {row: {code for each, code in found[0] if each == row} for row, _ in found[0]}


def _held(example: Any) -> Any:
    return settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))(example)


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.sentence[:40])
@_held
@given(data=st.data())
def test_a_sentence_holds_for_any_cell(law: Law, data: st.DataObject) -> None:
    """What it allows passes, what it forbids is an error in its row and in no other."""
    right = data.draw(st.lists(law.right, min_size=1, max_size=12))
    wrong = data.draw(st.lists(law.wrong, min_size=1, max_size=6))
    fields = [{"name": "number", "type": "integer"}, {"name": "value", **law.field}]
    rows = [[str(number), cell] for number, cell in enumerate(right + wrong)]
    bad = set(range(len(right) + 2, len(rows) + 2))
    assert set(_faults(fields, rows)) == bad


@_held
@given(st.lists(st.sampled_from(["", "-", "NA", "7"]), min_size=1, max_size=12))
def test_missing_values_are_compared_before_casting(cells: list[str]) -> None:
    """… for fields to have missing values which are not of their type."""
    fields = [{"name": "id", "type": "string"}, {"name": "v", "type": "number"}]
    rows = [["x", cell] for cell in cells]
    expected = {row for row, cell in enumerate(cells, 2) if cell in ("", "NA")}
    assert set(_faults(fields, rows, missingValues=["-"])) == expected


@_held
@given(st.lists(st.sampled_from(["", "-", "NA"]), min_size=1, max_size=12))
def test_missing_values_of_a_field_replace_those_of_the_schema(cells: list[str]) -> None:
    """It takes precedence over the schema-level property and completely replaces it without combining the values."""
    needed = {"required": True}
    fields: list[dict[str, Any]] = [
        {"name": "column1", "type": "string", "constraints": needed},
        {"name": "column2", "type": "string", "constraints": needed, "missingValues": ["-"]},
    ]
    faults = _faults(
        fields, [[cell, "x"] for cell in cells] + [["x", cell] for cell in cells], missingValues=["", "NA"]
    )
    first = {row for row, cell in enumerate(cells, 2) if cell in ("", "NA")}
    second = {row for row, cell in enumerate(cells, 2 + len(cells)) if cell == "-"}
    assert set(faults) == first | second


@_held
@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("cd")), min_size=1, max_size=8))
def test_a_primary_key_identifies_each_row(keys: list[tuple[str, str]]) -> None:
    """A primary key is a field or set of fields that uniquely identifies each row in the table."""
    fields = [{"name": "a", "type": "string"}, {"name": "b", "type": "string"}]
    again = {row for row, key in enumerate(keys, 2) if key in keys[: row - 2]}
    assert _faults(fields, [list(key) for key in keys], primaryKey=["a", "b"]) == {
        row: {"primary-key"} for row in again
    }


@_held
@given(st.lists(st.sampled_from(["1", "01", "+1", "2", "3", ""]), min_size=1, max_size=8))
def test_unique_values_are_logical_values(cells: list[str]) -> None:
    """If true, then all values for that field MUST be unique within the data file in which it is found."""
    fields: list[dict[str, Any]] = [
        {"name": "id", "type": "string"},
        {"name": "v", "type": "integer", "constraints": {"unique": True}},
    ]
    values = [int(cell) if cell else None for cell in cells]
    again = {row for row, value in enumerate(values, 2) if value is not None and value in values[: row - 2]}
    assert _faults(fields, [["x", cell] for cell in cells]) == {row: {"unique-error"} for row in again}


@_held
@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["a", "b", "c", ""])), min_size=1, max_size=8))
def test_a_foreign_key_names_a_value_that_is_there(rows: list[tuple[str, str]]) -> None:
    """A reference where values in a field on the table connect to values of a field on this or a separate table."""
    fields = [{"name": "id", "type": "string"}, {"name": "parent", "type": "string"}]
    key = {"fields": ["parent"], "reference": {"resource": "", "fields": ["id"]}}
    known = {first for first, _ in rows} | {""}
    expected = {row: {"foreign-key"} for row, (_, parent) in enumerate(rows, 2) if parent not in known}
    assert _faults(fields, [list(row) for row in rows], foreignKeys=[key]) == expected


@_held
@given(st.lists(st.sampled_from(["", "a"]), min_size=1, max_size=8))
def test_a_required_field_cannot_be_null(cells: list[str]) -> None:
    """Indicates whether this field cannot be null."""
    needed = {"required": True}
    fields: list[dict[str, Any]] = [
        {"name": "id", "type": "string"},
        {"name": "v", "type": "string"} | {"constraints": needed},
    ]
    expected = {row: {"constraint-error"} for row, cell in enumerate(cells, 2) if not cell}
    assert _faults(fields, [["x", cell] for cell in cells]) == expected


@_held
@given(st.permutations(["a", "b", "c"]))
def test_fields_are_mapped_by_their_order_or_by_their_names(labels: list[str]) -> None:
    """exact: Fields MUST be mapped by their order. equal: Fields MUST be mapped by their names."""
    fields = [{"name": name, "type": "string"} for name in "abc"]
    text = ",".join(labels) + "\nx,y,z\n"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "table.csv").write_text(text, encoding="utf-8")
        found = {
            match: schema.judge(parity.piece(Path(folder), {"fields": fields, "fieldsMatch": match})).counts
            for match in ("exact", "equal")
        }
    assert (not found["exact"]) == (labels == ["a", "b", "c"])
    assert not found["equal"]
