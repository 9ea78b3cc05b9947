"""Frictionless' verdict against ours over invented tables and schemas: ``python -m tests.fuzz [COUNT] [--seed N]``.

Hypothesis draws a schema (types, formats, constraints that hold and constraints that cannot, keys, missing values), a
table of cells chosen to be misread, and how it is cut; a case in which the two verdicts differ is made as small as it
gets and shown. ``make fuzz`` runs 20,000.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Verbosity, given, seed, settings
from hypothesis import strategies as st

from gazette import tables
from gazette.checks import schema
from tests import parity

NUMBERS = (
    "0", "1", "2", "-1", "-0", "+1", "007", "1_0", " 1", "1 ", "１２", "٣", "1.0", "1.50", ".5", "5.", "1e3", "1E-7",
    "1e400", "NaN", "nan", "sNaN", "-inf", "Infinity", "0x1F", "nan(1)", "9223372036854775807", "9223372036854775808",
    "-9223372036854775808", "0.1", "0.10000000000000000001", "9" * 30, "1,234", "1 234", "$1", "−5", "12%", "1.2.3",
)  # fmt: skip
MOMENTS = (
    "2024-02-03", "2024-2-3", "2024-02-29", "2023-02-29", "2024-02-30", "0000-01-01", "0999-01-01", "9999-12-31",
    "２０２４-01-01", "2024", "+202", "20 4", "1_23", "20245", "2024-01", "2020-1", "20201-01", "2024-13", "2024 - 01",
    "12:30:00", "24:00:00", "12:30", "12:30:00+08:00", "2024-02-03T04:05:06Z", "2024-02-03T04:05:06",
    "2024-02-03 04:05:06", "2024-02-03T24:00:00", "P1Y", "PT36H", "P", "03/02/2024",
)  # fmt: skip
WORDS = (
    "", "a", "b", "A", "ab", "axx", "true", "True", "TRUE", "yes", "false", "-", "--", "n/a", "NULL", " ", "\u3000",
    "\xa0", "\ufeff", "\x00", "\x1c", "\t", "\n", "a\nb", "a\r\nb", "a\rb", "\r", '"', '""', 'a"b', '"a"', ",", "a,b",
    ";", "'", "=1", "é", "e\u0301", "ß", "深圳市", "㊗️", "𝟛", "\U0001f600", "\u202e", "a" * 30, "a@b.example", "x@",
    "https://a.example/b", "http://", "urn:x", "3f2b0c1e-9d6a-4c53-8a7e-0d1c2b3a4f5e", "YWJj", "{}", "[]", "[1]",
    '{"a": 1}', "null", "10,20", "200,20", "POINT (1 2)",
)  # fmt: skip

_NUMERIC, _TEMPORAL = ("integer", "number", "year"), ("date", "time", "datetime", "yearmonth", "duration")
_KINDS = ("string", "string", "any", "boolean", "list", "object", "array", "geopoint", "geojson", *_NUMERIC, *_TEMPORAL)
_FORMATS = {
    "string": ("email", "uri", "uuid", "binary"), "date": ("any", "%d/%m/%Y"), "datetime": ("any", "%Y"),
    "time": ("any", "%H:%M"), "geopoint": ("array", "object"),
}  # fmt: skip
_PATTERNS = (
    "a|b",
    r"\d+",
    r"\w{2}",
    "[^a]+",
    ".",
    "x++",
    "[一-龥]+",
    "^a$",
    "a{2,}",
    "[a-]+",
    r"\bé",
    "(?i)A",
    r"\S*",
    "",
)

_name = st.sampled_from(["a", "b", "c", "id", "名称", "a b"])
_cell = st.sampled_from(NUMBERS + MOMENTS + WORDS) | st.text(max_size=4)


@st.composite
def _field(draw: st.DrawFn, name: str) -> dict[str, Any]:
    kind = draw(st.sampled_from(_KINDS))
    field: dict[str, Any] = {"name": name, "type": kind}
    if kind in _FORMATS and draw(st.integers(0, 3)) == 0:
        field["format"] = draw(st.sampled_from(_FORMATS[kind]))
    if kind in ("integer", "number") and draw(st.integers(0, 5)) == 0:
        field |= draw(st.sampled_from([{"bareNumber": False}, {"groupChar": ","}, {"decimalChar": ","}]))
    if kind == "boolean" and draw(st.integers(0, 3)) == 0:
        field |= {"trueValues": ["yes", "1"], "falseValues": ["1", "-"]}
    if draw(st.integers(0, 5)) == 0:
        field["missingValues"] = draw(st.sampled_from([["", "-"], ["-"], [], ["a", "1"]]))
    constraints = draw(_constraints(kind))
    if constraints:
        field["constraints"] = constraints
    return field


@st.composite
def _constraints(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in ("required", "unique"):
        if draw(st.integers(0, 3)) == 0:
            found[name] = draw(st.booleans())
    if kind == "string":
        rules = {"minLength": st.integers(0, 3), "maxLength": st.integers(0, 5), "pattern": st.sampled_from(_PATTERNS)}
        found |= {name: draw(values) for name, values in rules.items() if draw(st.integers(0, 4)) == 0}
    if kind in (*_NUMERIC, *_TEMPORAL) and draw(st.integers(0, 2)) == 0:
        pool = NUMBERS[:8] if kind in _NUMERIC else MOMENTS
        bound = st.sampled_from(pool) | (st.integers(-3, 2024) if kind in _NUMERIC else st.nothing())
        for name in draw(st.sets(st.sampled_from(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]))):
            found[name] = draw(bound)
    if draw(st.integers(0, 5)) == 0:
        found["enum"] = draw(st.lists(_cell, min_size=1, max_size=4))
    return found


@st.composite
def _schema(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.lists(_name, min_size=1, max_size=4, unique=True))
    result: dict[str, Any] = {"fields": [draw(_field(name)) for name in names]}
    some = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)
    if draw(st.integers(0, 2)) == 0:
        result["primaryKey"] = draw(some)
    if draw(st.integers(0, 3)) == 0:
        fields = draw(some)
        target = draw(st.lists(st.sampled_from(names), min_size=len(fields), max_size=len(fields), unique=True))
        result["foreignKeys"] = [{"fields": fields, "reference": {"resource": "", "fields": target}}]
    if draw(st.integers(0, 4)) == 0:
        result["missingValues"] = draw(st.sampled_from([["", "-"], [], ["1", "a"], ["\n"]]))
    if draw(st.integers(0, 7)) == 0:
        result["fieldsMatch"] = draw(st.sampled_from(["exact", "equal", "subset", "superset", "partial"]))
    return result


def _plainest(field: dict[str, Any]) -> tuple[str, ...]:
    """Cells that are surely of the field's type, so that tables without any error come about as well."""
    return {
        "integer": ("1", "2", "30", "-4"), "number": ("1", "2.5", "-0.25"), "boolean": ("true", "false"),
        "date": ("2024-02-03", "2023-01-31"), "year": ("2024", "1999"), "yearmonth": ("2024-01", "2023-12"),
    }.get(field["type"], ("a", "b", "ab", "深圳市"))  # fmt: skip


@st.composite
def _rows(draw: st.DrawFn, fields: list[dict[str, Any]]) -> list[list[str]]:
    odd = draw(st.sampled_from([0, 0, 1, 1, 2]))
    columns = []
    count = draw(st.sampled_from([0, 1, 2, 3, 5, 8, 20]))
    for field in fields:
        pool = st.sampled_from(_plainest(field)) if odd == 0 else st.sampled_from((*_plainest(field), "", "-"))
        pool = _cell if odd == 2 else pool if odd == 0 else pool | pool | _cell
        columns.append(draw(st.lists(pool, min_size=count, max_size=count)))
    rows = [list(row) for row in zip(*columns, strict=True)]
    for row in rows:
        if odd and draw(st.integers(0, 15)) == 0:
            row[:] = draw(st.sampled_from([row[:-1], [*row, "x"], [], [""] * len(row)]))
    return rows


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """A schema, the bytes of a table, and how it is read."""
    descriptor = draw(_schema())
    labels = [field["name"] for field in descriptor["fields"]]
    if draw(st.integers(0, 9)) == 0:
        labels = draw(st.permutations(labels) | st.just([*labels, "z"]) | st.just(labels[:-1]) | st.just([""] * 2))
    delimiter = draw(st.sampled_from(",,,,;\t|"))
    end = draw(st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"]))
    rows = [labels, *draw(_rows(descriptor["fields"]))]
    lines = [delimiter.join(_quoted(cell, delimiter) for cell in row) for row in rows]
    data = (end.join(lines) + (end if draw(st.booleans()) else "")).encode("utf-8", "surrogatepass")
    if draw(st.integers(0, 19)) == 0:
        at = draw(st.integers(0, len(data)))
        data = data[:at] + draw(st.sampled_from([b"\xff", b'"', b"\xed\xa0\x80", b"\xef\xbb\xbf"])) + data[at:]
    return {
        "data": draw(st.sampled_from([b"", b"", b"", b"\xef\xbb\xbf"])) + data,
        "descriptor": descriptor,
        "dialect": {} if delimiter == "," else {"delimiter": delimiter},
        "slices": draw(st.sampled_from([1, 1, 1, 2, 4])),
        "block": draw(st.sampled_from([64, 256, 4096])),
        "limit": draw(st.sampled_from([1000, 1000, 3])),
    }


def _quoted(cell: str, delimiter: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in f'{delimiter}"\r\n') else cell


def judge(folder: Path, case: dict[str, Any], tally: parity.Tally) -> None:
    """Compare the two verdicts on ``case``. Raises ``AssertionError`` where they differ."""
    (folder / "table.csv").write_bytes(case["data"])
    whole = parity.piece(folder, case["descriptor"], dialect=case["dialect"])
    kept = tables.BLOCK, schema.LIMIT, schema.SMALL
    tables.BLOCK, schema.LIMIT, schema.SMALL = max(case["block"], len(case["data"]) // 200), case["limit"], 0
    tally.files += 1
    before = len(tally.differences)
    try:
        parity.compare(whole, tally, case["slices"])
    finally:
        tables.BLOCK, schema.LIMIT, schema.SMALL = kept
    assert tally.differences[before:] == [], tally.differences[-1]


def run(count: int, number: int, tally: parity.Tally) -> None:
    """Judge ``count`` cases from the seed ``number``. Raises ``AssertionError`` with the smallest that differs."""
    with tempfile.TemporaryDirectory() as folder:

        def examine(case: dict[str, Any]) -> None:
            judge(Path(folder), case, tally)
            if tally.files % 500 == 0:
                print(tally, file=sys.stderr, flush=True)

        drawn: Callable[[], None] = given(cases())(examine)
        chosen = settings(
            max_examples=count,
            deadline=None,
            database=None,
            verbosity=Verbosity.quiet,
            suppress_health_check=list(HealthCheck),
        )
        seed(number)(chosen(drawn))()


def main() -> int:
    """Read the arguments, run, print; 1 where anything differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    tally = parity.Tally()
    try:
        run(options.count, options.seed, tally)
    except AssertionError as fault:
        print(fault)
    print(f"seed {options.seed}: {tally}")
    return int(bool(tally.differences))


if __name__ == "__main__":
    sys.exit(main())
