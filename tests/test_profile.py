"""Metadata that is called sound without asking frictionless is metadata frictionless accepts."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import frictionless
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gazette.descriptor import profile

V2 = "https://datapackage.org/profiles/2.0/datapackage.json"
ROOT = Path(__file__).parent.parent

FIELDS: list[dict[str, Any]] = [
    {"name": "id", "type": "string", "title_zh": "编号", "constraints": {"required": True, "unique": True}},
    {"name": "code", "type": "string", "format": "uri", "constraints": {"pattern": "a|b", "maxLength": 9}},
    {"name": "count", "type": "integer", "constraints": {"minimum": 0, "exclusiveMaximum": "9"}, "bareNumber": True},
    {"name": "share", "type": "number", "decimalChar": ".", "missingValues": ["-"], "constraints": {"enum": ["1.5"]}},
    {"name": "day", "type": "date", "description": "A day", "gazette": {"unit": "day"}, "rdfType": "x"},
    {"name": "open", "type": "boolean", "trueValues": ["yes"], "falseValues": ["no"], "categories": ["yes"]},
]  # fmt: skip
TABLE: dict[str, Any] = {
    "name": "table", "type": "table", "path": "data/table.csv", "format": "csv", "mediatype": "text/csv",
    "encoding": "utf-8", "licenses": [{"name": "CC0-1.0", "path": "https://x.example", "title": "CC0"}],
    "sources": [{"title": "Source", "path": "source.pdf"}], "dialect": {"header": True, "delimiter": ";"},
    "schema": {
        "fields": FIELDS, "primaryKey": ["id"], "missingValues": [""], "fieldsMatch": "exact", "uniqueKeys": [["id"]],
        "foreignKeys": [{"fields": ["code"], "reference": {"resource": "", "fields": ["id"]}}],
    },
}  # fmt: skip
PACKAGE: dict[str, Any] = {
    "$schema": V2, "name": "package", "title": "Package", "title_zh": "数据包", "description": "A package",
    "version": "1.0.0", "created": "2026-01-28T12:00:00Z", "keywords": ["one"], "id": "x",
    "licenses": [{"name": "CC0-1.0"}], "sources": [{"title": "Source", "path": "x"}],
    "contributors": [{"title": "Office", "path": "https://x.example", "roles": ["publisher"], "organisation": "x"}],
    "resources": [{"name": "none", "data": []}],
}  # fmt: skip

_WORDS = st.sampled_from(
    ["", "a", "id", "code", "email", "required", "profile", "../x", "/x", "~x", "$HOME", "https://x.example/y", "file",
     "string", "integer", "list", "table", "exact", "2026-02-30T25:00:00Z", "2026-01-31", "table.csv", "title_zh",
     "exclusiveMinimum", "minLength", "pattern", "example", "missingValues", "data", "url", "stats", "type", "name"]
)  # fmt: skip
_ANY = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=False) | _WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=3),
    max_leaves=5,
)


def _places(node: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    members = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for name, below in members:
        yield from _places(below, (*place, name))


@st.composite
def _spoilt(draw: st.DrawFn, document: dict[str, Any]) -> dict[str, Any]:
    """``document`` with something taken away, put in or put in the place of something else."""
    spoilt = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 2))):
        *above, last = draw(st.sampled_from([place for place in _places(spoilt) if place]))
        node: Any = spoilt
        for step in above:
            node = node[step]
        action = draw(st.sampled_from(["replace", "remove", "add"]))
        if action == "replace":
            node[last] = draw(_ANY)
        elif action == "remove":
            del node[last]
        elif isinstance(node, dict):
            node[draw(_WORDS)] = draw(_ANY)
        else:
            node.append(draw(_ANY))
    return spoilt


def _accepts(package: dict[str, Any]) -> bool:
    try:
        return not list(frictionless.Package.metadata_validate(package))
    except Exception:
        return False


def test_plain_metadata_is_sound() -> None:
    """The whole vocabulary of the profile at once."""
    assert profile.package(PACKAGE)
    assert profile.table(TABLE)
    assert _accepts(PACKAGE | {"resources": [TABLE]})


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(_spoilt(TABLE))
def test_a_table_called_sound_is_accepted(table: dict[str, Any]) -> None:
    """Whatever is changed about a sound one."""
    if profile.table(table):
        assert _accepts({"$schema": V2, "name": "p", "resources": [table]})


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(_spoilt(PACKAGE))
def test_a_package_called_sound_is_accepted(package: dict[str, Any]) -> None:
    """The same of what is said of the package."""
    if package.get("$schema") == V2 and profile.package(package):
        assert _accepts(package | {"resources": [{"name": "none", "data": []}]})


@pytest.mark.parametrize("folder", ["datasets", "tests/examples/broken", "tests/fixtures"])
def test_written_descriptors_called_sound_are_accepted(folder: str) -> None:
    """Every descriptor of the repository, right and wrong, and those of strangers."""
    judged = 0
    for path in sorted((ROOT / folder).rglob("datapackage.*")):
        try:
            document = yaml.safe_load(path.read_bytes())
            tables = [each for each in document["resources"] if isinstance(each, dict)]
        except (yaml.YAMLError, LookupError, TypeError, ValueError):
            continue
        for table in tables:
            if profile.table(table):
                judged += 1
                assert _accepts({"$schema": V2, "name": "p", "resources": [table]}), path
    assert judged
