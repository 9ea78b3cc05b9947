"""What holds for every one of our datasets."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import opencc
import pytest
from frictionless import Package

Descriptors = Mapping[str, Mapping[str, Any]]
Table = Callable[[str, str], list[dict[str, str]]]

NAMES = (
    "access-points annual-reports collection-sources credit-product-uses departments "
    "disclosure-categories disclosure-indicators disclosure-monthly disclosure-problem-types "
    "disclosure-rollout dishonesty-behaviour-types divisions electronic-supervision exemption-grounds "
    "glossary government-survey information-systems integrity-awards key-areas key-disclosure-fields "
    "leading-groups legal-documents meeting-suggestions milestones plans public-projects publications "
    "reform-indicators service-systems source-defects sources special-inspections tasks "
    "training-and-publicity work-calendar"
).split()
HAN = re.compile(r"[\u3400-\u9fff]")
BEYOND_GB2312 = str.maketrans("", "", "埇瀍浉硚猇鄠—")
"""What GB 2312 lacks: characters of the Simplified script in names of divisions, and the dash."""
HALF_WIDTH = re.compile(r"[\u3400-\u9fff][,;:!?()]|[,;:!?()][\u3400-\u9fff]|[\"']")


def test_all_are_there(descriptors: Descriptors) -> None:
    """Removing one of ours takes removing its tests as well."""
    assert set(NAMES) <= set(descriptors)


@pytest.mark.parametrize("name", NAMES)
def test_frictionless_accepts_it(name: str, descriptors: Descriptors, folder: Path) -> None:
    """The standard's own verdict, with the tables of other datasets that foreign keys name mounted beside."""
    package = Package.from_descriptor(_mounted(name, descriptors), basepath=str(folder))
    report = package.validate()
    assert report.flatten(["name", "rowNumber", "fieldName", "message"]) == []
    assert report.valid
    assert report.stats["tasks"] >= len(descriptors[name]["resources"])


@pytest.mark.parametrize("name", NAMES)
def test_descriptor_speaks_both_languages(name: str, descriptors: Descriptors) -> None:
    """Beside every English text stands the Chinese one, in Chinese punctuation and with no Han in the English."""
    for node in _nodes(descriptors[name]):
        for key in ("title", "description", "label", "unit"):
            # A view names the column of its labels.
            if key in node and not (key == "label" and "view" in node):
                chinese = node[f"{key}_zh"]
                assert HAN.search(chinese) or chinese == "%"
                assert not HALF_WIDTH.search(chinese), chinese
                assert not HAN.search(node[key]), node[key]


@pytest.mark.parametrize("name", NAMES)
def test_description_is_long_enough_to_be_found(name: str, descriptors: Descriptors) -> None:
    """Dataset search engines take descriptions of 50 to 5000 characters, in each language."""
    for key in ("description", "description_zh"):
        assert 50 <= len(descriptors[name][key]) <= 5000


@pytest.mark.parametrize("name", NAMES)
def test_rows_speak_both_languages(name: str, descriptors: Descriptors, table: Table) -> None:
    """A text in one language has its pair; Chinese is in Simplified script, English holds no Han."""
    for resource in descriptors[name]["resources"]:
        for row in table(name, resource["name"]):
            for field in (field for field in row if field.endswith("_zh")):
                chinese, english = row[field], row[f"{field[:-3]}_en"]
                assert bool(chinese) == bool(english), (resource["name"], field, chinese, english)
                assert not HAN.search(english)
                assert not HALF_WIDTH.search(chinese), chinese
                # What GB 2312 has is no character of the Traditional script alone.
                chinese.translate(BEYOND_GB2312).encode("gb2312")


@pytest.mark.parametrize("name", NAMES)
def test_codes_are_those_of_the_code_lists(name: str, descriptors: Descriptors, table: Table) -> None:
    """A cell of a field with categories holds one of them, and every category is used somewhere."""
    for resource in descriptors[name]["resources"]:
        for field in resource["schema"]["fields"]:
            known = {item["value"] for item in field.get("categories", ())}
            used = {row[field["name"]] for row in table(name, resource["name"])} - {""}
            assert not known or used == known, (resource["name"], field["name"], used ^ known)


@pytest.mark.parametrize("name", NAMES)
def test_every_row_cites_a_source(name: str, descriptors: Descriptors, table: Table) -> None:
    """No table without its source column, no row whose source is not in the register."""
    register = {row["source_id"] for row in table("sources", "sources")}
    for resource in descriptors[name]["resources"]:
        assert {row["source_id"] for row in table(name, resource["name"])} <= register


@pytest.mark.parametrize("name", NAMES)
def test_originals_stand_beside_the_simplified_text(name: str, descriptors: Descriptors, table: Table) -> None:
    """A text kept in Traditional script is the source's own and converts to the Simplified one beside it."""
    convert = opencc.OpenCC("t2s").convert
    for resource in descriptors[name]["resources"]:
        for row in table(name, resource["name"]):
            if row.get("text_hant") and row.get("text_zh"):
                assert _bare(convert(row["text_hant"])) == _bare(row["text_zh"]), row


def test_every_source_and_unit_is_cited(descriptors: Descriptors, table: Table) -> None:
    """The registers hold what other tables point to, nothing else."""
    cells: dict[str, set[str]] = {"sources": set(), "departments": set()}
    for name, descriptor in descriptors.items():
        for resource in descriptor["resources"]:
            for key in resource["schema"].get("foreignKeys", ()):
                target = key["reference"]["resource"]
                if target in cells:
                    cells[target] |= {row[key["fields"][0]] for row in table(name, resource["name"])}
    assert {row["source_id"] for row in table("sources", "sources")} == cells["sources"] - {""}
    assert {row["unit_id"] for row in table("departments", "departments")} == cells["departments"] - {""}


@pytest.mark.parametrize("name", NAMES)
def test_files_are_plain(name: str, descriptors: Descriptors, folder: Path) -> None:
    """UTF-8 without a byte order mark, lines ended by LF, no blank around a cell, no damaged character."""
    for path in sorted((folder / name).rglob("*")):
        if path.is_file():
            text = path.read_bytes().decode("utf-8")
            assert not text.startswith("\ufeff")
            assert "\r" not in text
            assert "\ufffd" not in text
            assert text.endswith("\n")


def _bare(text: str) -> str:
    """Without punctuation, the page numbers and the full stop that editing may have touched."""
    return "".join(HAN.findall(text))


def _nodes(value: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        for item in value.values():
            yield from _nodes(item)
    elif isinstance(value, list):
        for item in value:
            yield from _nodes(item)


def _mounted(name: str, descriptors: Descriptors) -> dict[str, Any]:
    """The package with referenced tables of other packages as resources of its own."""
    package = copy.deepcopy(dict(descriptors[name]))
    mounts: dict[str, dict[str, Any]] = {}
    for resource in package["resources"]:
        resource["path"] = f"{name}/{resource['path']}"
        for key in resource["schema"].get("foreignKeys", ()):
            if other := key["reference"].pop("package", None):
                folder, target = Path(other).parent.name, key["reference"]["resource"]
                key["reference"]["resource"] = alias = f"{folder}--{target}"
                mounts[alias] = _mount(alias, folder, target, descriptors)
    package["resources"] += mounts.values()
    return package


def _mount(alias: str, folder: str, target: str, descriptors: Descriptors) -> dict[str, Any]:
    found = next(node for node in descriptors[folder]["resources"] if node["name"] == target)
    resource: dict[str, Any] = copy.deepcopy(found) | {"name": alias, "path": f"{folder}/{found['path']}"}
    resource["schema"].pop("foreignKeys", None)
    return resource
