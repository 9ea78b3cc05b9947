"""What holds for every dataset whose rows are invented, and between them and the real ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

Row = dict[str, str]
Table = Callable[[str, str], list[Row]]
Descriptors = Mapping[str, Mapping[str, Any]]

REGISTER = "illustrative-units"
CODE_LISTS = {
    "collection-sources",
    "disclosure-categories",
    "dishonesty-behaviour-types",
    "divisions",
    "exemption-grounds",
    "key-areas",
}
"""Real datasets an invented row may point to: lists of codes, in which no unit is spoken of."""

DOCUMENT = re.compile(r"([\u4e00-\u9fff]*)〔[0-9]{4}〕")
ADDRESS = re.compile(r"https?://([^/\s]+)")


@pytest.fixture(scope="module")
def invented(descriptors: Descriptors) -> list[str]:
    """The names of the datasets whose rows are invented."""
    names = [name for name, node in descriptors.items() if node["gazette"]["status"] == "illustrative"]
    assert REGISTER in names
    return names


def references(node: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Table, column and the other dataset of every foreign key that leaves the package."""
    for resource in node["resources"]:
        for key in resource["schema"].get("foreignKeys", ()):
            if package := key["reference"].get("package"):
                yield resource["name"], key["fields"][0], Path(package).parent.name


def cells(name: str, descriptors: Descriptors, table: Table) -> Iterator[tuple[str, str]]:
    """Table and text of every cell of a dataset."""
    for resource in descriptors[name]["resources"]:
        for row in table(name, resource["name"]):
            yield from ((resource["name"], text) for text in row.values())


def test_invented_rows_point_to_invented_rows_and_code_lists(invented: list[str], descriptors: Descriptors) -> None:
    """No foreign key leads from an invented row to a real unit or a real figure."""
    for name in invented:
        for resource, column, other in references(descriptors[name]):
            assert other in {*invented, *CODE_LISTS}, (name, resource, column, other)


def test_columns_of_units_are_keys_into_the_register(invented: list[str], descriptors: Descriptors) -> None:
    """A cell that names an invented unit stands in a column that is bound to the register of invented units."""
    for name in set(invented) - {REGISTER}:
        bound = {(table, column) for table, column, other in references(descriptors[name]) if other == REGISTER}
        local = {
            (resource["name"], key["fields"][0])
            for resource in descriptors[name]["resources"]
            for key in resource["schema"].get("foreignKeys", ())
            if "package" not in key["reference"]
        }
        for resource in descriptors[name]["resources"]:
            for field in resource["schema"]["fields"]:
                if field["name"] in {"dept_id", "unit_id", "subject_id"}:
                    assert (resource["name"], field["name"]) in bound | local, (name, resource["name"], field["name"])


def test_no_real_dataset_speaks_of_an_invented_unit(
    invented: list[str], descriptors: Descriptors, table: Table
) -> None:
    """Neither a key nor a cell leads from a real dataset to Example City."""
    units = {row["unit_id"] for row in table(REGISTER, REGISTER)}
    for name in set(descriptors) - set(invented):
        assert not {other for _, _, other in references(descriptors[name])} & set(invented), name
        for resource, text in cells(name, descriptors, table):
            assert text not in units, (name, resource, text)
            assert "示例市" not in text, (name, resource)


def test_invented_rows_are_called_so_first(invented: list[str], descriptors: Descriptors) -> None:
    """The description of an invented dataset begins with that, in both languages, and a keyword says it again."""
    for name in invented:
        assert descriptors[name]["description"].startswith("Illustrative data: "), name
        assert descriptors[name]["description_zh"].startswith("示例数据，纯属虚构："), name
        assert "illustrative" in descriptors[name]["keywords"], name


def test_invented_documents_and_addresses_cannot_be_taken_for_real(
    invented: list[str], descriptors: Descriptors, table: Table
) -> None:
    """Document numbers bear the mark of Example City, addresses lie in the domain reserved for examples (RFC 2606)."""
    for name in invented:
        for resource, text in cells(name, descriptors, table):
            assert all("示例" in mark for mark in DOCUMENT.findall(text)), (name, resource, text)
            hosts = ADDRESS.findall(text)
            assert all(host == "example.org" or host.endswith(".example.org") for host in hosts), (name, resource, text)


def test_pairs_are_complete(invented: list[str], descriptors: Descriptors, table: Table) -> None:
    """A Chinese text has its English, and English holds no Han."""
    for name in invented:
        for resource in descriptors[name]["resources"]:
            for row in table(name, resource["name"]):
                for field in (field for field in row if field.endswith("_zh") and f"{field[:-3]}_en" in row):
                    chinese, english = row[field], row[f"{field[:-3]}_en"]
                    assert bool(chinese) == bool(english), (name, resource["name"], field, row)
                    assert not re.search(r"[\u3400-\u9fff]", english), (name, resource["name"], field, english)
