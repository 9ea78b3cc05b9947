"""Metadata of which it is certain that frictionless finds nothing wrong with it.

Frictionless takes a third of a second to load and milliseconds for every field. Nearly every descriptor is plain;
what is listed here is the part of frictionless' profiles (``metadata_profile`` of its classes, and the checks beside
them) that plain descriptors use. The answer may only err on the side of doubt: whatever is not listed goes to
frictionless itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

CONSTRAINTS: Mapping[str, frozenset[str]] = {
    "any": frozenset({"required", "unique", "enum"}),
    "boolean": frozenset({"required", "unique", "enum"}),
    "string": frozenset({"required", "unique", "enum", "pattern", "minLength", "maxLength"}),
    **dict.fromkeys(
        ("integer", "number", "date", "time", "datetime", "year", "yearmonth"),
        frozenset(
            {"required", "unique", "enum", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
        ),
    ),
}  # fmt: skip
"""The constraints frictionless supports for a type; types that are not listed are left to it."""

_Test = Callable[[Any], bool]

_NAME = re.compile("[-a-z0-9._/]+")
_PATH = re.compile(r"(?!/)(?!.*\.\.)[\w./-]+")
_CREATED = re.compile(r"20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])T[01][0-9]:[0-5][0-9]:[0-5][0-9]Z")
_OURS = frozenset({"gazette", "languages", "categories", "categoriesOrdered", "uniqueKeys", "roles", "version", "id"})
"""Properties of version 2 and of ours that frictionless does not look at."""


def package(document: Mapping[str, Any]) -> bool:
    """Whether frictionless surely accepts what is said of a package; its ``resources`` are not looked at."""
    return _shaped(document, _PACKAGE) and "name" in document


def table(document: Mapping[str, Any]) -> bool:
    """Whether frictionless surely accepts what is said of a table, as part of a package of version 2."""
    path, data = document.get("path"), document.get("data")
    return _shaped(document, _TABLE) and "name" in document and (path is None) != (data is None)


def schema(document: Any) -> bool:
    """Whether frictionless surely accepts a Table Schema, as part of a package of version 2."""
    if not isinstance(document, Mapping) or "fields" not in document or not _shaped(document, _SCHEMA):
        return False
    names = [field["name"] for field in document["fields"]]
    keys = document.get("foreignKeys", [])
    return (
        len(names) == len(set(names))
        and set(document.get("primaryKey", [])) <= set(names)
        and all(set(key["fields"]) <= set(names) for key in keys)
        and all(len(key["fields"]) == len(key["reference"]["fields"]) for key in keys)
    )


def _shaped(document: Any, shape: Mapping[str, _Test]) -> bool:
    """Whether every property is one of ``shape`` and as it says, or one frictionless does not know."""
    return isinstance(document, Mapping) and all(
        # The names of the standard are in camel case; with an underscore a name is somebody's own.
        shape[name](value) if name in shape else name in _OURS or "_" in str(name)
        for name, value in document.items()
    )


# --- tests of one value -----------------------------------------------------------------------------------


def _is(kind: type) -> _Test:
    return lambda value: type(value) is kind


def _each(test: _Test) -> _Test:
    return lambda value: isinstance(value, list) and all(map(test, value))


def _one_of(values: Collection[str]) -> _Test:
    return lambda value: isinstance(value, str) and value in values


def _whole(pattern: re.Pattern[str]) -> _Test:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _license(value: Any) -> bool:
    return _shaped(value, {"name": _text, "path": _text, "title": _text}) and bool(
        value.get("path") or value.get("name")
    )


def _key(value: Any) -> bool:
    return _shaped(value, {"fields": _texts, "reference": _reference}) and {"fields", "reference"} <= value.keys()


def _reference(value: Any) -> bool:
    return _shaped(value, {"resource": _text, "fields": _texts}) and {"fields", "resource"} <= value.keys()


def _field(value: Any) -> bool:
    if not _shaped(value, _FIELD) or not {"name", "type"} <= value.keys():
        return False
    kind, form = value["type"], value.get("format", "default")
    if kind == "string" and form not in _FORMATS:
        return False
    return set(value.get("constraints", ())) <= CONSTRAINTS[kind]


_text, _number, _truth = _is(str), _is(int), _is(bool)
_texts = _each(_text)
_FORMATS = frozenset({"default", "email", "uri", "binary", "uuid"})

_SOURCE = {"title": _text, "path": _text}
_PEOPLE = {"title": _text, "path": _text, "organisation": _text, "role": _text}

_LIMITS: Mapping[str, _Test] = {
    "required": _truth, "unique": _truth, "pattern": _text, "enum": _is(list), "minLength": _number,
    "maxLength": _number,
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), lambda _: True),
}  # fmt: skip

_FIELD: Mapping[str, _Test] = {
    "name": _text, "type": _one_of(CONSTRAINTS), "title": _text, "description": _text, "format": _text,
    "missingValues": _texts, "constraints": lambda value: _shaped(value, _LIMITS), "rdfType": _text,
    "trueValues": _texts, "falseValues": _texts, "decimalChar": _text, "groupChar": _text, "bareNumber": _truth,
}  # fmt: skip

_SCHEMA: Mapping[str, _Test] = {
    "title": _text, "description": _text, "fields": _each(_field), "missingValues": _texts, "primaryKey": _texts,
    "fieldsMatch": _one_of(("exact", "equal", "subset", "superset", "partial")), "foreignKeys": _each(_key),
}  # fmt: skip

_DIALECT: Mapping[str, _Test] = {
    "header": _truth, "headerRows": _is(list), "delimiter": _text, "quoteChar": _text, "lineTerminator": _text,
    "doubleQuote": _truth, "skipInitialSpace": _truth,
}  # fmt: skip

_SHARED: Mapping[str, _Test] = {
    "name": _text, "title": _text, "description": _text, "licenses": _each(_license),
    "sources": _each(lambda value: _shaped(value, _SOURCE)),
}  # fmt: skip

_PACKAGE: Mapping[str, _Test] = {
    **_SHARED, "$schema": _text, "name": _whole(_NAME), "keywords": _texts, "created": _whole(_CREATED),
    "contributors": _each(lambda value: _shaped(value, _PEOPLE)), "version": _text, "resources": _is(list),
}  # fmt: skip

_TABLE: Mapping[str, _Test] = {
    **_SHARED, "type": _one_of(("table",)), "path": _whole(_PATH), "data": lambda value: isinstance(value, list | dict),
    "format": _text, "mediatype": _text, "encoding": _text, "bytes": _number, "hash": _text,
    "dialect": lambda value: _shaped(value, _DIALECT), "schema": schema,
}  # fmt: skip
