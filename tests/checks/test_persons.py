"""Lists of persons, and rows that single one out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from gazette.checks import guard
from gazette.checks.guard import persons
from gazette.model import Dataset, Field, Finding, Resource, Schema, Slice, Text

PEOPLE = ["王一一", "李二", "张三三", "欧阳四", "赵某某"]


def piece(header: list[str], kinds: dict[str, str] | None = None) -> Slice:
    """A table with these columns."""
    text = Text()
    fields = tuple(
        Field(
            name=name, type=(kinds or {}).get(name, "string"), format="default", title=text, description=text,
            constraints={},
        )
        for name in header
    )  # fmt: skip
    resource = Resource(
        name="rows", slug="rows", dataset="list", title=text, description=text, paths=("rows.csv",),
        schema=Schema(fields=fields),
    )  # fmt: skip
    dataset = Dataset(
        name="list", folder="", path="datapackage.yaml", title=text, description=text, resources=(resource,)
    )
    return Slice(root=Path(), dataset=dataset, resource=resource)


def judged(columns: dict[str, list[str | None]], kinds: dict[str, str] | None = None) -> list[tuple[str, str | None]]:
    """What is found of persons in a table, whole and cut after its second row, which must be the same."""
    table = pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})
    place = piece(list(columns), kinds)
    whole = settled(place, [table])
    assert settled(place, [table.slice(0, 2), table.slice(2)]) == whole
    return [(finding.code, finding.field) for finding in whole]


def settled(place: Slice, parts: list[pa.Table]) -> tuple[Finding, ...]:
    """The findings on a table in parts."""
    return persons.settle((place, persons.look(part, place)) for part in parts)


@pytest.mark.parametrize(
    "private",
    ["低保类型", "残疾等级", "孕检结果", "诊断", "宗教信仰", "班级", "家庭住址", "身份证号", "diagnosis", "patient_id"],
)
def test_names_beside_what_concerns_nobody_are_a_list_of_persons(private: str) -> None:
    """As such lists were leaked: of the poor, the pregnant, the disabled, of pupils."""
    assert judged({"who": list(PEOPLE), private: ["x"] * 5}) == [("personal-list", "who")]


@pytest.mark.parametrize(
    ("columns"),
    [
        {"who": PEOPLE, "department": ["x"] * 5},  # who does what in an office
        {"district": ["白云区", "江宁区", "黄浦区", "高新区", "金山区"], "残疾人数": ["9"] * 5},
        {"kind": ["特困人员", "低保边缘", "重残", "孤儿", "其他"], "低保类型": ["x"] * 5},
        {"who": ["王一", None, "", "李二", None], "诊断": ["x"] * 5},  # too few
        {"who": [], "诊断": []},
        {"disabled_parking": ["1"] * 5, "name": ["North", "South", "East", "West", "Hall"]},
    ],
)
def test_other_tables_are_none(columns: dict[str, list[str | None]]) -> None:
    """Names of places and categories, and names of officials beside their office."""
    assert judged(columns) == []


def test_a_header_that_says_names_needs_fewer_of_them() -> None:
    """Names of minorities and foreigners have other forms."""
    names: list[str | None] = ["王一一", "阿迪力江·买买提", "John Smith", "李二", "巴特尔"]
    assert judged({"姓名": names, "残疾等级": ["x"] * 5}) == [("personal-list", "姓名")]
    assert judged({"who": names, "残疾等级": ["x"] * 5}) == []


def test_a_row_like_no_other_is_told(tmp_path: Path) -> None:
    """Birth, sex and place together tell who somebody is; the values themselves are not in the finding."""
    table = {
        "出生日期": ["1980-01-01", "1980-01-01", "1951-07-09", "1951-07-09"],
        "性别": ["f", "f", "m", "f"],
        "street": ["East", "East", "East", "East"],
        "days": ["1", "2", "3", "4"],
    }
    place = piece(list(table))
    (finding,) = settled(place, [pa.table({name: pa.array(values, pa.string()) for name, values in table.items()})])
    assert (finding.code, finding.severity, finding.row) == ("personal-unique", "warning", 4)
    assert finding.facts == {"hits": 2, "rows": 4, "fields": ["出生日期", "性别", "street"], "smallest": 1}
    assert judged({**table, "street": ["E", "E", "E", "E"], "性别": ["f", "f", "m", "m"]}) == []  # type: ignore[dict-item]
    assert judged({name: values for name, values in table.items() if name != "性别"}) == []  # type: ignore[misc]


def test_one_person_in_a_cell_is_told() -> None:
    """In a table of counts by at least two traits; typed as what is counted."""
    table: dict[str, list[str | None]] = {
        "age": ["18-29", "18-29", "30-39"], "sex": ["f", "m", "f"], "patients": ["120", "2", "0"],
    }  # fmt: skip
    assert judged(table, {"patients": "integer"}) == [("personal-small-count", "patients")]
    assert judged(table, {"patients": "number"}) == []
    assert judged({**table, "patients": ["120", "3", "0"]}, {"patients": "integer"}) == []
    assert judged({"sex": ["f", "m"], "patients": ["1", "2"]}, {"patients": "integer"}) == []


def test_the_guard_asks_both_of_values_and_of_persons() -> None:
    """One call looks at a table, one settles."""
    table = pa.table({"姓名": pa.array(PEOPLE), "诊断": pa.array(["13800138000", *["x"] * 4])})
    place = piece(table.column_names)
    codes = {finding.code for finding in guard.judge(table, place)}
    assert codes == {"personal-list", "personal-mobile"}
    nowhere = replace(place, resource=replace(place.resource, paths=()))
    assert {finding.path for finding in guard.judge(table, nowhere)} == {None}
