"""Tables and descriptors: what is said of what is found, in full, at every threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from gazette.checks import guard, walk
from gazette.checks.guard import allowances, cells, documents, persons
from gazette.model import Dataset, Field, Finding, Resource, Schema, Slice, Text

ID = "440308199003072115"
MOBILE = "13800138000"
CARD = "6222027777777777778"


def field(name: str, kind: str = "string", title: str = "") -> Field:
    """A field."""
    text = Text(values=(("en", title),)) if title else Text()
    return Field(name=name, type=kind, format="default", title=text, description=Text(), constraints={})


def dataset(descriptor: dict[str, Any] | None = None, *resources: Resource, **more: Any) -> Dataset:
    """A dataset."""
    given = {"name": "d", "folder": "d", "path": "d/datapackage.yaml", **more}
    return Dataset(title=Text(), description=Text(), resources=resources, descriptor=descriptor or {}, **given)


def piece(*fields: Field, paths: Sequence[str] = ("t.csv",), folder: str = "d") -> Slice:
    """A table in a dataset."""
    resource = Resource(
        name="t", slug="t", dataset="d", title=Text(), description=Text(), paths=tuple(paths),
        schema=Schema(fields=fields) if fields else None,
    )  # fmt: skip
    return Slice(root=Path(), dataset=dataset(None, resource, folder=folder), resource=resource)


def judged(columns: dict[str, list[str | None]], *fields: Field, cut: int | None = None) -> tuple[Finding, ...]:
    """What is found in a table, which is the same in two slices."""
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    place = piece(*fields)
    whole = cells.judge(table, place)
    half = table.num_rows // 2 if cut is None else cut
    parts = [table.slice(0, half), table.slice(half)]
    assert cells.settle([(place, cells.look(part, place)) for part in parts]) == whole
    return whole


def said(findings: Sequence[Finding]) -> list[tuple[Any, ...]]:
    """Kind, row, field, count and facts."""
    return [
        (each.code.removeprefix("personal-"), each.row, each.field, each.count, dict(each.facts)) for each in findings
    ]


# --- cells ------------------------------------------------------------------------------------------------


def test_a_finding_in_full() -> None:
    """Everything of its place, nothing of its value."""
    (found,) = judged({"a": ["x"], "b": [f"{ID} {ID}"]})
    assert found == Finding(
        code="personal-id", severity="error", source="gazette", dataset="d", path="d/t.csv", resource="t", row=2,
        field="b", count=2, facts={"hits": 2},
    )  # fmt: skip
    head, cell = judged({"a": ["x"], f"{MOBILE} {MOBILE}": [ID]})
    assert head == Finding(
        code="personal-mobile", severity="error", source="gazette", dataset="d", path="d/t.csv", resource="t", row=1,
        column=2, count=2, facts={"hits": 2},
    )  # fmt: skip
    assert (cell.code, cell.row, cell.column, cell.field) == ("personal-id", 2, 2, None)


@pytest.mark.parametrize(
    ("paths", "folder", "path"),
    [
        (["t.csv"], "d", "d/t.csv"), (["t.csv"], "", "t.csv"), ([], "d", None), (["a.csv", "b.csv"], "d", None),
        ([f"{MOBILE}.csv"], "d", None),
    ],
)  # fmt: skip
def test_the_path_of_a_table(paths: list[str], folder: str, path: str | None) -> None:
    """Of one file, unless its name gives something away."""
    table = pa.table({"a": pa.array([ID])})
    assert [each.path for each in cells.judge(table, piece(paths=paths, folder=folder))] == [path]
    assert cells.settle([]) == ()


def test_some_are_listed_and_many_are_counted() -> None:
    """Ten rows each for itself; of eleven the first, with the number of all."""
    rows: list[str | None] = [f"{ID} {ID}" if number == 3 else f"{ID} x" for number in range(10)]
    assert said(judged({"a": ["x", *rows]})) == [
        ("id", row, "a", 2 if row == 6 else 1, {"hits": 2 if row == 6 else 1}) for row in range(3, 13)
    ]
    for cut in (0, 1, 5, 11, 12):
        assert said(judged({"a": ["x", *rows, f"{ID} x"]}, cut=cut)) == [("id", 3, "a", 12, {"hits": 12})]


def test_kinds_are_sorted() -> None:
    """By their code, whatever comes first."""
    found = said(judged({"a": [f"粤B12345 {MOBILE} {ID}", ID]}))
    assert [(code, row) for code, row, *_ in found] == [("id", 2), ("id", 3), ("mobile", 2), ("plate", 2)]


def passing(number: int) -> str:
    """A number of the form of a mobile one."""
    return f"138{number:08}"


def other(number: int) -> str:
    """A number as long that is none."""
    return f"238{number:08}"


@pytest.mark.parametrize(
    ("hits", "others", "series"),
    [(4, 16, True), (5, 15, False), (4, 15, False), (4, 17, True), (5, 16, True), (1, 40, True), (20, 0, False)],
)
def test_serial_numbers_are_told_from_telephones(hits: int, others: int, series: bool) -> None:  # noqa: FBT001
    """Fewer than a quarter of at least twenty."""
    values: list[str | None] = [*map(other, range(others)), *map(passing, range(hits))]
    found = said(judged({"a": values}))
    if series:
        assert found == [("series", others + 2, "a", hits, {"hits": hits, "cells": hits + others})]
    else:
        assert {code for code, *_ in found} == {"mobile"}
    assert {code for code, *_ in said(judged({"a": [*values, f"x {MOBILE}"]}))} == {"mobile"}
    assert {code for code, *_ in said(judged({"电话": values}))} == {"mobile"}
    assert {code for code, *_ in said(judged({"a": values}, field("a", title="telephone")))} == {"mobile"}


def test_plates_beside_a_date() -> None:
    """Of any of three types."""
    columns: dict[str, list[str | None]] = {"a": ["粤B12345 x 粤B12346", MOBILE], "b": ["x", "x"]}
    for kind in ("date", "time", "datetime"):
        found = judged(columns, field("a"), field("b", kind))
        assert [(each.code, each.severity, each.count) for each in found] == [
            ("personal-mobile", "error", 1), ("personal-whereabouts", "error", 2),
        ]  # fmt: skip
    assert [each.code for each in judged(columns, field("b", "year"))] == ["personal-mobile", "personal-plate"]


@pytest.mark.parametrize(
    ("one", "two", "found"),
    [
        ("4403081990********", "440308********2115", True),
        ("4403081990********", "440309********2115", False),
        ("440308********2115", "440308********2115", False),
        ("440308****0307****", "440308199003******", True),
        ("440308199003********", "440308", False),
        ("440308********2115", "******19900307****", True),
        ("440308********2114", "******19900307****", False),
    ],
)  # fmt: skip
def test_masks_that_complete_each_other(one: str, two: str, found: bool) -> None:  # noqa: FBT001
    """Together they give the number away, or nearly; each row for itself, at the later column."""
    columns: dict[str, list[str | None]] = {"a": ["x", one, one], "b": ["x", "x", two], "c": ["x", two, "x"]}
    assert said(judged(columns)) == (
        [("mask", 4, "b", 1, {"hits": 1}), ("mask", 3, "c", 1, {"hits": 1})] if found else []
    )


def test_a_weak_mask_is_told_once() -> None:
    """It needs no other."""
    weak, rest = "4403081990****2115", "440308********2115"
    assert said(judged({"a": [weak], "b": [rest]})) == [("mask", 2, "a", 1, {"hits": 1})]
    assert said(judged({"a": [rest], "b": [weak]})) == [("mask", 2, "b", 1, {"hits": 1})]
    for other in (weak, "4403081990********"):
        assert [each.severity for each in judged({"a": [rest], "b": [other]})] == ["error"]


@pytest.mark.parametrize(
    "table",
    [
        pa.table({}), pa.table({"a": pa.chunked_array([], pa.string())}), pa.table({"a": pa.array([], pa.string())}),
        pa.table({name: pa.chunked_array([], pa.string()) for name in ("姓名", "诊断", "年龄", "性别", "人数")}),
        pa.table({name: pa.chunked_array([], pa.string()) for name in ("年龄", "性别", "街道")}),
        pa.table({"a": pa.array([None, None], pa.string()), "b": pa.array(["", ""])}),
    ],
)  # fmt: skip
def test_a_table_without_rows_or_columns(table: pa.Table) -> None:
    """Holds nothing, in one slice or two; its header is still looked at."""
    place = piece()
    assert guard.judge(table, place) == ()
    assert guard.settle([(place, guard.look(table, place))] * 2) == ()
    named = table.append_column(MOBILE, pa.nulls(table.num_rows, pa.string()))
    found = guard.judge(named, place)
    assert said(found) == [("mobile", 1, None, 1, {"hits": 1})]
    assert found[0].column == table.num_columns + 1


# --- allowances -------------------------------------------------------------------------------------------

TODAY = date(2026, 11, 1)


def entry(**more: Any) -> dict[str, Any]:
    """An entry that holds."""
    given = {
        "rule": "personal-mobile", "resource": "t", "field": "a", "count": 2, "reason": "Duty", "owner": "Office",
        "expires": "2027-11-02",
    }  # fmt: skip
    return {name: value for name, value in {**given, **more}.items() if value is not ...}


def allowed(*entries: object, found: int = 1) -> list[object]:
    """What is left of telephones in a column, and what is wrong with the entries."""
    one = Finding(
        code="personal-mobile", severity="error", source="gazette", dataset="d", resource="t", field="a", count=found
    )
    after = allowances.apply_allowances([one], dataset({"gazette": {"allow": list(entries)}}), TODAY)
    for each in after:
        if each.code.startswith("allow"):
            assert (each.severity, each.source) == ("error", "gazette")
            assert (each.dataset, each.path) == ("d", "d/datapackage.yaml")
    wrong = [each for each in after if each.code != "personal-mobile"]
    return [
        *((each.code, each.pointer, dict(each.facts)) for each in wrong),
        *(["kept"] if len(after) > len(wrong) else []),
    ]


AT = "/gazette/allow/0"
RULE = {"rule": "personal-mobile"}
ALL = ["rule", "field", "count", "reason", "owner", "expires"]


@pytest.mark.parametrize(
    ("stated", "found", "left"),
    [
        (entry(), 1, []), (entry(), 2, []), (entry(resource=...), 1, []), (entry(resource=None), 1, []),
        (entry(expires="2026-11-01"), 1, []), (entry(expires=date(2027, 11, 2)), 1, []),
        (entry(), 3, [("allow-exceeded", AT, {**RULE, "ceiling": 2, "found": 3}), "kept"]),
        (entry(expires="2026-10-31"), 1, [("allow-expired", AT, {**RULE, "expires": "2026-10-31"}), "kept"]),
        (entry(expires="2027-11-03"), 1, [("allow-invalid", AT, {"properties": ["expires"]}), "kept"]),
        (entry(expires=...), 1, [("allow-invalid", AT, {"properties": ["expires"]}), "kept"]),
        (entry(expires=5), 1, [("allow-invalid", AT, {"properties": ["expires"]}), "kept"]),
        (entry(field="b"), 1, [("allow-unused", AT, RULE), "kept"]),
        (entry(resource="u"), 1, [("allow-unused", AT, RULE), "kept"]),
        (entry(rule="personal-card"), 1, [("allow-unused", AT, {"rule": "personal-card"}), "kept"]),
        (entry(pointer="/x"), 1, [("allow-unused", AT, RULE), "kept"]),
        (entry(count=0), 1, [("allow-invalid", AT, {"properties": ["count"]}), "kept"]),
        (entry(count="2"), 1, [("allow-invalid", AT, {"properties": ["count"]}), "kept"]),
        (entry(count=...), 1, [("allow-invalid", AT, {"properties": ["count"]}), "kept"]),
        (entry(reason=..., owner=" "), 1, [("allow-invalid", AT, {"properties": ["reason", "owner"]}), "kept"]),
        (entry(field=...), 1, [("allow-invalid", AT, {"properties": ["field"]}), "kept"]),
        (entry(field=..., pointer="/x"), 1, [("allow-unused", AT, RULE), "kept"]),
        (entry(rule="x"), 1, [("allow-invalid", AT, {"properties": ["rule"]}), "kept"]),
        (entry(rule="secret-key"), 1, [("allow-refused", AT, {"rule": "secret-key"}), "kept"]),
        ({}, 1, [("allow-invalid", AT, {"properties": ALL}), "kept"]),
        ("x", 1, [("allow-invalid", AT, {"properties": ALL}), "kept"]),
    ],
)  # fmt: skip
def test_entries(stated: object, found: int, left: list[object]) -> None:
    """What holds lets its findings through; what does not says why."""
    assert allowed(stated, found=found) == left


def test_entries_after_one_that_does_not_hold() -> None:
    """Are looked at, under their own number; what one covers is gone for the next."""
    assert allowed(entry(count=0), entry(), entry()) == [
        ("allow-invalid", AT, {"properties": ["count"]}), ("allow-unused", "/gazette/allow/2", RULE),
    ]  # fmt: skip
    assert allowed(entry(), entry(rule="x")) == [("allow-invalid", "/gazette/allow/1", {"properties": ["rule"]})]


@pytest.mark.parametrize("own", [None, [], "x", {"allow": None}, {"allow": []}, {}])
def test_a_dataset_without_entries(own: object) -> None:
    """Allows nothing."""
    one = Finding(code="personal-mobile", severity="error", source="gazette", dataset="d", field="a")
    assert allowances.apply_allowances([one], dataset({"gazette": own}), TODAY) == (one,)
    single = dataset({"gazette": {"allow": "x"}})
    assert [each.code for each in allowances.apply_allowances([one], single, TODAY)] == [
        "personal-mobile",
        "allow-invalid",
    ]


def test_what_an_entry_covers() -> None:
    """A field of a table, or a place in the descriptor, of its own dataset."""
    place = dataset()
    one = Finding(code="personal-mobile", severity="error", source="gazette", dataset="d", resource="t", field="a")
    text = replace(one, resource=None, field=None, pointer="/x")
    assert allowances._covers(entry(), one, place)
    assert not allowances._covers(entry(), replace(one, dataset="e"), place)
    assert not allowances._covers(entry(), replace(one, code="personal-card"), place)
    assert not allowances._covers(entry(field=...), replace(one, field=None), place)
    assert allowances._covers(entry(pointer="/x"), text, place)
    assert not allowances._covers(entry(pointer="/y"), text, place)
    assert not allowances._covers("x", one, place)


def test_the_last_scan() -> None:
    """Leaves out the rules that are allowed, whatever else stands in a descriptor."""
    plain = [dataset({"gazette": own}) for own in ({"allow": ["x", {"rule": "personal-plate"}]}, None, {"allow": None})]
    scan = guard.scanner([*plain, dataset({})])
    assert [hit.code for hit in scan(f"粤B12345 {MOBILE}")] == ["personal-mobile"]
    refused = guard.scanner([dataset({"gazette": {"allow": [{"rule": "secret-key"}]}})])
    assert [hit.code for hit in refused("-----BEGIN RSA " + "PRIVATE KEY-----")] == ["secret-key"]


# --- descriptors ------------------------------------------------------------------------------------------


def texts(descriptor: dict[str, Any], **more: Any) -> list[tuple[str, str | None, int]]:
    """Kind, pointer and count of what is found in a descriptor."""
    return [
        (each.code.removeprefix("personal-"), each.pointer, each.count)
        for each in documents.texts(walk.through(dataset(descriptor, **more)))
    ]


def test_a_finding_in_a_text_in_full() -> None:
    """Its pointer, how many, and no name that gives something away."""
    found = Finding(
        code="personal-mobile", severity="error", source="gazette", dataset="d", path="d/datapackage.yaml",
        pointer="/a", count=2, facts={"hits": 2},
    )  # fmt: skip
    assert documents.texts(walk.through(dataset({"a": f"{MOBILE} {MOBILE}"}))) == (found,)
    hidden = documents.texts(walk.through(dataset({"a": MOBILE}, name=f"d{MOBILE}")))[0]
    assert (hidden.dataset, hidden.path) == (
        "d" + MOBILE if not guard.scan(f"d{MOBILE}") else None,
        "d/datapackage.yaml",
    )
    hidden = documents.texts(walk.through(dataset({"a": MOBILE}, name=MOBILE, path=f"{MOBILE}/datapackage.yaml")))[0]
    assert (hidden.dataset, hidden.path) == (None, None)


def test_every_text_is_looked_at() -> None:
    """Numbers and truth as well, by the name they stand under; pointers are escaped."""
    descriptor = {
        "a/b~c": [MOBILE, {"x": (ID, "y")}],
        "id_card": "440308900307211",
        "list": {"phone": ["8613800138000", 8613800138000]},
        "n": [13800138000, float(MOBILE), True, None, int(ID)],
        "two": f"粤B12345 {MOBILE}",
    }
    assert texts(descriptor) == [
        ("mobile", "/a~1b~0c/0", 1), ("id", "/a~1b~0c/1/x/0", 1), ("id", "/id_card", 1), ("mobile", "/list/phone/0", 1),
        ("id", "/n/4", 1), ("mobile", "/two", 1), ("plate", "/two", 1),
    ]  # fmt: skip


def test_what_is_not_published_is_not_looked_at() -> None:
    """Addresses of contributors, rows inline, sizes and hashes; the same names elsewhere are."""
    mail = "12345678@qq.com"
    descriptor = {
        "contributors": [{"email": mail, "title": mail, "more": {"email": mail}}],
        "resources": [{"data": [MOBILE], "bytes": int(ID), "hash": ID, "schema": {"hash": ID}}],
        "email": mail, "hash": ID,
    }  # fmt: skip
    assert texts(descriptor) == [
        ("email", "/contributors/0/title", 1), ("email", "/contributors/0/more/email", 1),
        ("id", "/resources/0/schema/hash", 1), ("email", "/email", 1), ("id", "/hash", 1),
    ]  # fmt: skip


def test_names_of_properties() -> None:
    """That give something away are told at the property above, with all that stands below them."""
    assert texts({"a": {ID: {"b": MOBILE}, "c": MOBILE}, "list": [{MOBILE: "x"}]}) == [
        ("id", "/a", 1), ("mobile", "/a/b", 1), ("mobile", "/a/c", 1), ("mobile", "/list/0", 1),
    ]  # fmt: skip
    odd = walk.nodes({"a1": [{"b1": 1}, ({"c1": 2},)], "d1": {"e1": "f"}, 5: 6, "word": 1})
    assert documents._names(list(odd)) == ["5", "a1", "b1", "c1", "d1", "e1"]


# --- persons ----------------------------------------------------------------------------------------------


def people(columns: dict[str, list[str | None]], *fields: Field, **place: Any) -> tuple[Finding, ...]:
    """What is found of persons in a table, which is the same in slices of two rows."""
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    own = piece(*fields, **place)
    whole = persons.settle([(own, persons.look(table, own))])
    parts = [(own, persons.look(table.slice(start, 2), own)) for start in range(0, table.num_rows, 2)]
    assert persons.settle(parts) == whole or not table.num_rows
    return whole


NAMES = ["王一一", "李二", "张三三", "赵某某", "陈*"]


def test_a_list_of_persons_in_full() -> None:
    """The column of names, and the columns that concern nobody."""
    found = Finding(
        code="personal-list", severity="error", source="gazette", dataset="d", path="d/t.csv", resource="t",
        field="who", facts={"hits": 5, "fields": ["诊断", "低保类型"]},
    )  # fmt: skip
    columns = {"who": [*NAMES], "诊断": ["x"] * 5, "低保类型": ["x"] * 5}
    assert people(columns) == (found,)  # type: ignore[arg-type]
    assert people(columns, folder="") == (replace(found, path="t.csv"),)  # type: ignore[arg-type]
    assert people(columns, paths=[f"{MOBILE}.csv"]) == (replace(found, path=None),)  # type: ignore[arg-type]
    assert people(columns, field("who", title="full name"), field("诊断")) == (found,)  # type: ignore[arg-type]
    assert persons.settle([]) == ()


@pytest.mark.parametrize(
    ("header", "named", "others", "is_list"),
    [
        ("who", 8, 2, True), ("who", 7, 2, False), ("姓名", 4, 6, True), ("姓名", 3, 5, False), ("who", 2, 0, False),
        ("who", 3, 0, True), ("姓名", 2, 1, True), ("姓名", 2, 0, False),
    ],
)  # fmt: skip
def test_how_many_names_are_a_list(header: str, named: int, others: int, is_list: bool) -> None:  # noqa: FBT001
    """Four fifths, or two below a header that says so; three cells at least, blank ones not counted."""
    cells_: list[str | None] = [*["王一一"] * named, *["North"] * others, None, ""]
    found = people({header: cells_, "诊断": ["x"] * len(cells_)})
    assert [(each.code, each.facts["hits"]) for each in found] == ([("personal-list", named)] if is_list else [])


def test_places_are_no_names() -> None:
    """Though they begin like one."""
    cells_: list[str | None] = ["王一一", "李二", "张三三", "黄浦区"]
    assert people({"who": cells_, "诊断": ["x"] * 4}) == ()
    assert [each.facts["hits"] for each in people({"who": [*cells_, "陈五"], "诊断": ["x"] * 5})] == [4]


def test_rows_like_no_other() -> None:
    """Of data on persons with three traits; joined by what no cell holds."""
    table: dict[str, list[str | None]] = {
        "出生日期": ["a", "a", "ab", "a", "c"], "性别": ["b", "b", "", "b", "c"], "street": ["x", "x", "x", None, "c"],
    }  # fmt: skip
    (found,) = people(table)
    assert found == Finding(
        code="personal-unique", severity="warning", source="gazette", dataset="d", path="d/t.csv", resource="t", row=4,
        field="出生日期", facts={"hits": 3, "rows": 5, "fields": ["出生日期", "性别", "street"], "smallest": 1},
    )  # fmt: skip
    assert people({**table, "人数": ["9"] * 5}) == ()
    assert people({"性别": ["a", "b"], "street": ["a", "b"], "民族": ["a", "b"]}) == ()
    assert people({"年龄": ["a", "b"], "性别": ["a", "b"], "age": ["a", "b"]}) == ()
    assert people({name: ["a", "a"] for name in table}) == ()


def test_rows_are_told_apart_by_all_of_their_print(monkeypatch: pytest.MonkeyPatch) -> None:
    """To its last bit."""
    prints = np.array([2**64 - 1, 2**64 - 2, 2**64 - 3, 2**64 - 3], np.uint64)
    monkeypatch.setattr("gazette.checks.schema.columns.hashed", lambda chunk: prints[: len(chunk)])
    table = pa.table({name: pa.array(["a"] * 4) for name in ("年龄", "性别", "街道")})
    place = piece()
    (found,) = persons.settle([(place, persons.look(table, place))])
    assert (found.row, found.facts["hits"], found.facts["rows"]) == (2, 2, 4)


def test_counts_of_one_or_two() -> None:
    """By two traits at least; the first such row, and how many."""
    table: dict[str, list[str | None]] = {
        "age": ["a"] * 5, "sex": ["f"] * 5, "cases": ["3", "0", "2", None, "1"], "total": ["1"] * 5,
    }  # fmt: skip
    (found,) = people(table)
    assert found == Finding(
        code="personal-small-count", severity="warning", source="gazette", dataset="d", path="d/t.csv", resource="t",
        row=4, field="cases", facts={"hits": 2, "fields": ["age", "sex"], "threshold": 3},
    )  # fmt: skip
    assert people(table, field("cases", "number")) == ()
    assert people(table, field("cases", "integer")) == (found,)
    assert people({"age": ["a"], "cases": ["1"]}) == ()
    assert people({**table, "cases": ["10", "3", "0", None, "12"]}) == ()


def test_both_eyes_of_the_guard() -> None:
    """One call looks at values and at persons, another settles what all slices showed."""
    table = pa.table({"who": pa.array([*NAMES, ID]), "诊断": pa.array(["x"] * 6)})
    place = piece()
    whole = guard.judge(table, place)
    assert [each.code for each in whole] == ["personal-id", "personal-list"]
    parts = [(place, guard.look(table.slice(start, 3), place)) for start in (0, 3)]
    assert guard.settle(iter(parts)) == whole
    assert guard.settle([]) == ()
