"""The verdict is frictionless', however it is reached."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazette import tables
from gazette.checks import schema
from gazette.checks.schema import sound
from gazette.model import Dataset, Resource, Schema, Text
from tests import parity

FIELDS = [{"name": "id", "type": "integer"}, {"name": "name", "type": "string"}]


@pytest.fixture(autouse=True)
def _columnar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small files go through the screen too, in blocks that cut them."""
    monkeypatch.setattr(schema, "SMALL", 0)
    monkeypatch.setattr(tables, "BLOCK", 64)


def _same(folder: Path, data: str | bytes, descriptor: dict[str, Any], *, fast: bool = True, **options: Any) -> None:
    """Both ways give one verdict on the table, and ours was reached column by column if ``fast``."""
    (folder / "table.csv").write_bytes(data.encode() if isinstance(data, str) else data)
    tally = parity.Tally()
    parity.compare(parity.piece(folder, descriptor, **options), tally)
    assert tally.differences == []
    assert tally.fast == fast


@pytest.mark.parametrize("chunk", range(4))
def test_invented_tables_have_one_verdict(tmp_path: Path, chunk: int) -> None:
    """Tables of adversarial cells, under inferred and mutated schemas, however they are cut."""
    tally = parity.Tally()
    for number in range(chunk * 5, chunk * 5 + 5):
        chance = random.Random(f"test/{number}")
        (tmp_path / "table.csv").write_bytes(parity.fuzz(chance))
        for descriptor in parity.schemas(parity.piece(tmp_path, None), chance):
            parity.compare(parity.piece(tmp_path, descriptor), tally, chance.choice([1, 2, 3]))
    assert tally.differences == []
    assert tally.fast > tally.cases // 3


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(st.sampled_from(parity._CELLS), min_size=1, max_size=3), max_size=12),
    kinds=st.lists(st.sampled_from(["string", "integer", "number", "date", "boolean", "year"]), min_size=2, max_size=2),
    required=st.booleans(),
    unique=st.booleans(),
    slices=st.integers(1, 4),
)
def test_any_table_has_one_verdict(
    tmp_path: Path, *, rows: list[list[str]], kinds: list[str], required: bool, unique: bool, slices: int
) -> None:
    """However a table is cut, the report is the same, and it is frictionless'."""
    lines = ["a,b", *(",".join(parity._quoted(cell) for cell in row) for row in rows)]
    (tmp_path / "table.csv").write_text("\n".join(lines) + "\n", newline="")
    constraints = {"required": required, "unique": unique}
    fields = [{"name": name, "type": kind, "constraints": constraints} for name, kind in zip("ab", kinds, strict=True)]
    tally = parity.Tally()
    parity.compare(parity.piece(tmp_path, {"fields": fields, "primaryKey": ["a"]}), tally, slices)
    assert tally.differences == []


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("integer", "1 -0 +1 007 1_0 0x1F １２ 1.0 99999999999999999999 -"),
        ("number", "1 .5 5. 1e3 1e400 NaN -inf nan(1) 0x1 1_0.5 1,5"),
        ("date", "2024-02-29 2023-02-29 2024-2-3 0000-01-01 ２０２４-01-01 9999-12-31 2024-12-32"),
        ("boolean", "true True TRUE 1 yes 0 false"),
        ("year", "2024 +202 1_23 20245 ２０２４"),
        ("yearmonth", "2024-01 2020-1 20201-01 2024-13"),
    ],
)
def test_odd_lexical_forms_are_judged_as_frictionless_reads_them(tmp_path: Path, kind: str, cells: str) -> None:
    """What Arrow's casts accept decides nothing."""
    data = "v\n" + "".join(parity._quoted(cell) + "\n" for cell in cells.split())
    for constraints in ({}, {"required": True, "unique": True}):
        _same(tmp_path, data, {"fields": [{"name": "v", "type": kind, "constraints": constraints}]})


@pytest.mark.parametrize(
    ("kind", "low", "high", "cells"),
    [
        ("integer", -1, 5, "-2 -1 0 5 6 9223372036854775808"),
        ("number", "0.1", 0.3, "0.1 0.10000000000000000001 0.09999999999999999999 0.3 0.30000000000000000001 NaN"),
        ("date", "2020-01-01", "2020-12-31", "2019-12-31 2020-01-01 2020-1-1 2020-12-31 2021-01-01"),
    ],
)
def test_bounds_are_exact(tmp_path: Path, kind: str, low: Any, high: Any, cells: str) -> None:
    """``minimum`` … "specifies a minimum value for a field" (Table Schema): the value itself, unrounded."""
    data = "v\n" + "".join(cell + "\n" for cell in cells.split())
    for names in (("minimum", "maximum"), ("exclusiveMinimum", "exclusiveMaximum")):
        constraints = dict(zip(names, (low, high), strict=True))
        _same(tmp_path, data, {"fields": [{"name": "v", "type": kind, "constraints": constraints}]})


@pytest.mark.parametrize(
    "pattern", ["a|b", r"\d+", r"\w{2}", "[^a]+", ".", "x++", "(a+)+", "[一-龥]+", "^a$", "a{2,}", "[a-]+", r"\bé"]
)
def test_patterns_match_as_python_matches(tmp_path: Path, pattern: str) -> None:
    """RE2 answers only for patterns under which it accepts nothing Python refuses."""
    cells = ["a", "axx", "b", "xb", "٣", "1", "aa", "é", "éa", "深圳", "-", "A", "a\n", "x", "\n"]
    data = "v\n" + "".join(parity._quoted(cell) + "\n" for cell in cells) + "z\n"
    _same(tmp_path, data, {"fields": [{"name": "v", "type": "string", "constraints": {"pattern": pattern}}]})


def test_the_list_stops_where_frictionless_stops_and_the_totals_do_not(tmp_path: Path) -> None:
    """1,000 errors are listed; every one is counted."""
    (tmp_path / "table.csv").write_text("id,name\n" + "x,y\n" * 3000 + ",\n\nz\n")
    whole = parity.piece(tmp_path, {"fields": FIELDS, "primaryKey": ["name"]})
    evidence = schema.judge(whole)
    assert len(evidence.findings) == 1000
    assert evidence.rows == 3003
    assert evidence.counts == {
        "type-error": 3001, "primary-key": 2999 + 3, "blank-row": 2, "missing-cell": 1
    }  # fmt: skip
    _same(tmp_path, (tmp_path / "table.csv").read_bytes(), {"fields": FIELDS, "primaryKey": ["name"]})


def test_a_finding_carries_its_address_and_frictionless_own_message(tmp_path: Path) -> None:
    """The row is the one a spreadsheet shows; quoted line breaks do not shift it."""
    (tmp_path / "table.csv").write_text('id,name\n1,"a\nb"\n2,"c\n\nd"\nx,e\n')
    (finding,) = schema.judge(parity.piece(tmp_path, {"fields": FIELDS})).findings
    assert (finding.code, finding.row, finding.column, finding.field) == ("type-error", 4, 1, "id")
    assert finding.facts["cell"] == "x"
    assert finding.facts["message"] == (
        'Type error in the cell "x" in row "4" and field "id" at position "1": type is "integer/default"'
    )


def test_equal_keys_are_equal_values_not_equal_texts(tmp_path: Path) -> None:
    """A duplicate names the occurrence before it; ``1``, ``01`` and ``+1`` are one integer."""
    data = "id,name\n1,a\n2,b\n01,c\n+1,d\n2,e\n,f\n,g\n1\n"
    _same(tmp_path, data, {"fields": FIELDS, "primaryKey": ["id"]})
    _same(tmp_path, data, {"fields": [{**FIELDS[0], "constraints": {"unique": True}}, FIELDS[1]]})
    _same(tmp_path, data, {"fields": FIELDS, "primaryKey": ["id", "name"]})


def test_equal_fingerprints_only_hint_at_equal_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were all fingerprints equal, the verdict would still be right."""
    monkeypatch.setattr(schema.columns, "_mix", lambda prints: prints * 0 + 2)
    monkeypatch.setattr(schema.columns, "hashed", lambda cells: np.full(len(cells), 2, np.uint64))
    data = "id,name\n1,a\n2,b\n3,c\n2,a\n,\n"
    _same(tmp_path, data, {"fields": FIELDS, "primaryKey": ["id"]})
    _same(tmp_path, data, {"fields": FIELDS, "primaryKey": ["name", "id"]})


@pytest.mark.parametrize("small", [0, 10**6])
def test_a_foreign_key_may_point_into_another_dataset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: int
) -> None:
    """As if that resource were mounted in the package, whether frictionless or the screen gathers its keys."""
    (tmp_path / "areas").mkdir()
    (tmp_path / "areas" / "codes.csv").write_text("code,name\n01,a\n02,b\n\n3\n,\n")
    fields = [{"name": "code", "type": "string"}, {"name": "name", "type": "string"}]
    codes = Resource(
        name="codes", slug="codes", dataset="areas", title=Text(), description=Text(), paths=("codes.csv",),
        schema=Schema(fields=(), descriptor={"fields": fields}),
    )  # fmt: skip
    areas = Dataset(
        name="areas", folder="areas", path="areas/d.yaml", title=Text(), description=Text(), resources=(codes,)
    )
    reference = {"package": "areas", "resource": "codes", "fields": ["code"]}
    descriptor = {
        "fields": [{"name": "area", "type": "string"}, {"name": "name", "type": "string"}],
        "foreignKeys": [
            {"fields": ["area"], "reference": reference},
            {"fields": ["area", "name"], "reference": reference | {"fields": ["code", "name"]}},
        ],
    }
    _same(tmp_path, "area,name\n01,a\n02,a\n1,\n,\n3\n02,b\n03,\n", descriptor, others=(areas,))
    monkeypatch.setattr(tables, "BLOCK", 1 << 20)
    monkeypatch.setattr(schema, "SMALL", small)
    (tmp_path / "table.csv").write_text("area,name\n01,a\n04,a\n")
    (first, second) = schema.judge(parity.piece(tmp_path, descriptor, others=(areas,))).findings
    assert (first.code, second.code, first.row) == ("foreign-key", "foreign-key", 3)
    assert first.facts["reference_name"] == "areas.codes"


def test_two_foreign_keys_of_one_column_are_two_questions(tmp_path: Path) -> None:
    """What was answered for one of them is no answer for the other, nor in the next block."""
    fields = [{"name": name, "type": "string"} for name in ("id", "other", "up")]
    keys = [{"fields": ["up"], "reference": {"resource": "", "fields": [name]}} for name in ("id", "other")]
    rows = [f"{number % 90},{number % 70},{number % 100}" for number in range(200)]
    _same(tmp_path, "\n".join(["id,other,up", *rows]) + "\n", {"fields": fields, "foreignKeys": keys})


@pytest.mark.parametrize(
    ("data", "options"),
    [
        (b"id,name\n1,\xff\n", {}),
        ('id,name\n1,"a\n2,b\n', {}),
        ("id;name\n1; 'a;b'\n", {"dialect": {"delimiter": ";", "quoteChar": "'"}}),
        ("id,name\n#1,a\n2,b\n", {"dialect": {"commentChar": "#"}}),
        ("title\nid,name\nx,b\n", {"dialect": {"headerRows": [2]}}),
        ("id,name\n1,é\n".encode("latin-1"), {"encoding": "latin-1"}),
    ],
)
def test_what_the_screen_cannot_read_frictionless_reads(tmp_path: Path, data: Any, options: dict[str, Any]) -> None:
    """Another encoding, another dialect, an open quote: the whole file is frictionless'."""
    _same(tmp_path, data, {"fields": FIELDS}, fast=False, **options)


def test_what_frictionless_crashes_on_is_a_finding(tmp_path: Path) -> None:
    """Signalling NaN cannot be compared; frictionless raises, and nothing passes for valid."""
    (tmp_path / "table.csv").write_text("v\nsNaN\n1\n")
    fields = [{"name": "v", "type": "number", "constraints": {"unique": True}}]
    (finding,) = schema.judge(parity.piece(tmp_path, {"fields": fields})).findings
    assert (finding.code, finding.severity, finding.source) == ("table-unjudged", "error", "gazette")


def test_the_newest_date_is_found_in_fields_of_type_date(tmp_path: Path) -> None:
    """Only there, and only in cells that are dates."""
    fields = [{"name": "day", "type": "date"}, {"name": "text", "type": "string"}]
    (tmp_path / "table.csv").write_text("day,text\n2024-02-29,2030-01-01\n2024-3-1,\nx,\n2023-12-31,\n")
    assert str(schema.judge(parity.piece(tmp_path, {"fields": fields})).newest) == "2024-03-01"


PLAIN = {
    "fields": [
        {"name": "id", "type": "integer", "constraints": {"required": True, "minimum": 1}},
        {"name": "name", "type": "string", "constraints": {"pattern": "[a-z]+", "maxLength": 3}},
        {"name": "share", "type": "number", "constraints": {"maximum": 1, "exclusiveMinimum": "-0.5"}},
        {"name": "day", "type": "date", "constraints": {"minimum": "2024-01-01"}},
        {"name": "open", "type": "boolean", "missingValues": ["-"]},
        {"name": "parent", "type": "integer"},
    ],
    "primaryKey": ["id"],
    "foreignKeys": [{"fields": ["parent"], "reference": {"resource": "", "fields": ["id"]}}],
}
SOUND = "id,name,share,day,open,parent\n1,a,0.5,2024-02-29,true,\n2,,-0.25,,-,1\n3,abc,1,2024-12-31,0,3\n"


def test_a_plain_small_table_is_sound_at_a_glance(tmp_path: Path) -> None:
    """Its rows and its newest date are told without frictionless."""
    (tmp_path / "table.csv").write_text(SOUND)
    found = sound.look(parity.piece(tmp_path, PLAIN), schema.keys)
    assert found is not None
    assert (found.rows, str(found.newest)) == (3, "2024-12-31")
    _same(tmp_path, SOUND, PLAIN)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("\n2,", "\n0,"),  # a bound
        ("\n2,", "\n1,"),  # the key of another row
        ("\n2,", "\n,"),  # required
        (",abc,", ",abcd,"),  # too long
        (",abc,", ",ABC,"),  # the pattern
        (",0.5,", ",0.5.,"),  # not a number
        (",0.5,", ",0.５,"),  # digits that frictionless reads
        (",-0.25,", ",-0.5,"),  # an exclusive bound
        (",2024-02-29,", ",2023-02-29,"),  # no such day
        (",2024-02-29,", ",2024-2-29,"),  # a day that frictionless reads
        (",true,", ",yes,"),  # no truth
        (",0,3", ",,3"),  # missing under another name
        (",0,3", ",0,9"),  # refers to nothing
        (",0,3", ",0,3,4"),  # a cell too many
        (",0,3\n", ",0,3\n\n"),  # a blank line
        ("id,name", "id,Name"),  # another label
        ("id,name", "name,id"),  # another order
        ("3,abc", '3,"abc'),  # a quote nobody closes
    ],
)
def test_what_may_be_wrong_is_not_sound(tmp_path: Path, right: str, wrong: str) -> None:
    """Every doubt goes to frictionless, and the verdict is its own."""
    assert SOUND.count(right) == 1
    (tmp_path / "table.csv").write_text(SOUND.replace(right, wrong))
    whole = parity.piece(tmp_path, PLAIN)
    assert sound.look(whole, schema.keys) is None
    tally = parity.Tally()
    parity.compare(whole, tally)
    assert tally.differences == []


def test_a_sound_table_needs_no_frictionless(tmp_path: Path) -> None:
    """To load it takes longer than to judge the table."""
    (tmp_path / "table.csv").write_text(SOUND)
    program = (
        "import sys; from pathlib import Path; from gazette.checks import schema; from tests.test_schema import PLAIN;"
        "from tests import parity; piece = parity.piece(Path(sys.argv[1]), PLAIN);"
        "evidence = schema.judge(piece); print(evidence.rows, 'frictionless' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["3", "False"]
