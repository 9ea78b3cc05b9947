"""Small tables in which frictionless surely finds nothing, read without frictionless.

Nearly every small table is plain and right. What shows that is quickly said: the labels are the names of the fields,
every row has as many cells, every cell is in its type's plainest form and keeps its constraints, keys are unique and
refer to something. Values are those frictionless reads, so keys compare as there. The answer may only err on the side
of doubt: any other table goes to frictionless.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

from gazette import tables
from gazette.descriptor import profile
from gazette.model import ForeignKey, Schema, Slice

Keys: TypeAlias = "set[tuple[Any, ...]]"

_DIALECT: Mapping[str, Any] = {
    "header": True, "headerRows": [1], "quoteChar": '"', "doubleQuote": True, "skipInitialSpace": False,
}  # fmt: skip
_FORMS = {
    "integer": re.compile("-?(?:0|[1-9][0-9]{0,17})"),
    "number": re.compile(r"-?[0-9]{1,17}(?:\.[0-9]{1,17})?"),
    "year": re.compile("[0-9]{4}"),
    "yearmonth": re.compile("[0-9]{4}-(?:0[1-9]|1[0-2])"),
    "date": re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}"),
}
_BOUNDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "minimum": lambda value, bound: value >= bound,
    "maximum": lambda value, bound: value <= bound,
    "exclusiveMinimum": lambda value, bound: value > bound,
    "exclusiveMaximum": lambda value, bound: value < bound,
}
_EXOTIC = frozenset({"bareNumber", "decimalChar", "groupChar"})
_MEASURED = frozenset({"hash", "bytes", "fields", "rows"})


class Sound(NamedTuple):
    """A table in which there is nothing to find: its rows below the header, and its newest date."""

    rows: int
    newest: dt.date | None


class _Doubt(Exception):
    """Only frictionless can tell."""


class _Table(NamedTuple):
    """The values of a table, column by column, as frictionless reads them."""

    rows: int
    columns: Mapping[str, list[Any]]


def look(piece: Slice, keys: Callable[[Slice, tuple[str, ...]], Keys | None]) -> Sound | None:
    """The table ``piece`` where it is surely sound, else ``None``; ``keys`` gathers those of another table."""
    schema = piece.resource.schema
    if schema is None:
        return None  # frictionless would guess one
    try:
        table = _read(piece, schema)
        _check_unique(table, schema)
        for key in schema.foreign_keys:
            _check_reference(table, piece, key, keys)
    except _Doubt:
        return None
    dates = (table.columns[field["name"]] for field in schema.descriptor["fields"] if field["type"] == "date")
    return Sound(table.rows, max((day for column in dates for day in column if day), default=None))


def gather(piece: Slice, names: tuple[str, ...]) -> Keys | None:
    """The distinct keys ``names`` of a table that is surely sound by itself, else ``None``."""
    schema = piece.resource.schema
    try:
        return _keys(_read(piece, schema), names) if schema else None
    except _Doubt:
        return None


def _check_unique(table: _Table, schema: Schema) -> None:
    for field in schema.descriptor["fields"]:
        if field.get("constraints", {}).get("unique"):
            _require_distinct([value for value in table.columns[field["name"]] if value is not None])
    primary = schema.descriptor.get("primaryKey")
    if primary:
        rows = list(zip(*(table.columns[name] for name in primary), strict=True))
        _require(all(set(row) != {None} for row in rows))
        _require_distinct(rows)


def _check_reference(
    table: _Table, piece: Slice, key: ForeignKey, keys: Callable[[Slice, tuple[str, ...]], Keys | None]
) -> None:
    own = key.dataset in (None, piece.dataset.name) and key.resource in ("", piece.resource.name)
    known = _keys(table, key.reference_fields) if own else keys(_target(piece, key), key.reference_fields)
    _require(known is not None and _keys(table, key.fields) <= known)


def _target(piece: Slice, key: ForeignKey) -> Slice:
    name = key.dataset or piece.dataset.name
    for dataset in (piece.dataset, *piece.others):
        for resource in dataset.resources:
            if (dataset.name, resource.name) == (name, key.resource) and resource.omitted is None:
                return tables.unbound(replace(piece, dataset=dataset, resource=resource, others=(), start=0, end=None))
    raise _Doubt


def _keys(table: _Table, names: Sequence[str]) -> Keys:
    _require(set(names) <= table.columns.keys())
    return set(zip(*(table.columns[name] for name in names), strict=True)) - {(None,) * len(names)}


def _require(truth: bool) -> None:  # noqa: FBT001 - an assertion that is part of the program
    if not truth:
        raise _Doubt


def _require_distinct(values: Sequence[Any]) -> None:
    _require(len(set(values)) == len(values))


# --- reading ----------------------------------------------------------------------------------------------


def _read(piece: Slice, schema: Schema) -> _Table:
    """The values of ``piece``. Raises :class:`_Doubt` unless every cell and every row is surely right."""
    labels, *rows = _records(piece)
    _require(_is_plain(schema.descriptor))
    fields, missing = schema.descriptor["fields"], schema.descriptor.get("missingValues", [""])
    _require([field["name"] for field in fields] == labels and all(label == label.strip() for label in labels))
    texts: Iterable[Sequence[str]] = zip(*rows, strict=True) if rows else ((),) * len(fields)
    columns = {field["name"]: _column(field, missing, cells) for field, cells in zip(fields, texts, strict=True)}
    if all(None in column for column in columns.values()):
        _require(all(set(row) != {None} for row in zip(*columns.values(), strict=True)))  # a blank row
    return _Table(len(rows), columns)


def _records(piece: Slice) -> list[list[str]]:
    """The records of a plain CSV file, the header first, each of as many cells."""
    resource = piece.resource
    dialect = dict(resource.dialect)
    delimiter = dialect.pop("delimiter", ",")
    path = "/".join((piece.dataset.folder, *resource.paths))
    _require(
        resource.format == "csv"
        and len(resource.paths) == 1
        and resource.encoding == "utf-8"
        and len(delimiter) == 1
        and delimiter not in '"\r\n\0'
        and dialect.items() <= _DIALECT.items()
        and not _MEASURED & resource.descriptor.keys()
        and re.fullmatch(r"[\w./-]*", path) is not None
        and ".." not in path
    )
    try:
        text = tables.location(piece).read_bytes().decode("utf-8-sig")
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except (ValueError, csv.Error):
        raise _Doubt from None
    _require(bool(records) and all(len(record) == len(records[0]) for record in records))
    return records


def _is_plain(descriptor: Mapping[str, Any]) -> bool:
    keys = {name: value for name, value in descriptor.items() if name != "foreignKeys"}  # the resource has them
    exotic = any(_EXOTIC & field.keys() for field in keys.get("fields", ()) if isinstance(field, Mapping))
    return profile.schema(keys) and keys.get("fieldsMatch", "exact") == "exact" and not exotic


def _column(field: Mapping[str, Any], missing: Iterable[str], cells: Sequence[str]) -> list[Any]:
    constraints = field.get("constraints", {})
    absent = frozenset(field.get("missingValues", missing))
    read, tests = _reader(field), _tests(field)
    values: dict[str, Any] = {}
    for text in set(cells):
        if text in absent:
            _require(not constraints.get("required"))
            values[text] = None
        else:
            values[text] = value = read(text)
            for test in tests:
                _require(test(value))
    return [values[text] for text in cells]


def _reader(field: Mapping[str, Any]) -> Callable[[str], Any]:
    """How frictionless reads a cell of the field; what it might not accept is in doubt."""
    kind, form = field["type"], field.get("format", "default")
    _require(form == "default" or (kind == "string" and form == "uri"))
    if kind == "boolean":
        known = dict.fromkeys(field.get("trueValues", ("true", "True", "TRUE", "1")), True)
        known |= dict.fromkeys(field.get("falseValues", ("false", "False", "FALSE", "0")), False)
        return lambda text: _found(known, text)
    if form == "uri":
        return _uri
    if kind in ("string", "any"):
        return str
    _require(kind in _FORMS)
    return lambda text: _plain(kind, text)


_URI = re.compile(r"https?://(?:[a-z0-9-]+\.)+[a-z]{2,9}(?:/[A-Za-z0-9._~/-]*)?")


def _uri(text: str) -> str:
    _require(_URI.fullmatch(text) is not None)
    return text


def _found(known: Mapping[str, bool], text: str) -> bool:
    _require(text in known)
    return known[text]


def _plain(kind: str, text: str) -> Any:
    """The value of a text in the plainest form of its type."""
    _require(_FORMS[kind].fullmatch(text) is not None)
    if kind == "date":
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            raise _Doubt from None
    if kind == "yearmonth":
        return int(text[:4]), int(text[5:])
    return Decimal(text) if kind == "number" else int(text)


def _tests(field: Mapping[str, Any]) -> list[Callable[[Any], bool]]:
    """What a value must pass to keep the constraints of the field."""
    constraints, kind = field.get("constraints", {}), field["type"]
    tests: list[Callable[[Any], bool]] = []
    for name, stated in constraints.items():
        if name in _BOUNDS:
            tests.append(_bound(_BOUNDS[name], _stated(kind, stated)))
        elif name == "enum":
            listed = [_stated(kind, value) for value in stated]
            tests.append(lambda value, listed=listed: value in listed)  # type: ignore[misc]
        elif name == "pattern":
            tests.append(_pattern(stated))
        elif name == "minLength":
            tests.append(lambda value, least=stated: len(value) >= least)  # type: ignore[misc]
        elif name == "maxLength":
            tests.append(lambda value, most=stated: len(value) <= most)  # type: ignore[misc]
    return tests


def _bound(compare: Callable[[Any, Any], bool], bound: Any) -> Callable[[Any], bool]:
    return lambda value: compare(value, bound)


def _pattern(pattern: str) -> Callable[[str], bool]:
    """Set between anchors as frictionless sets it."""
    try:
        match = re.compile(f"^{pattern}$").match
    except (re.error, OverflowError, RecursionError):
        raise _Doubt from None
    return lambda text: match(text) is not None


def _stated(kind: str, value: Any) -> Any:
    """A bound, or a value of a list, as frictionless reads it."""
    if kind in ("string", "any"):
        _require(isinstance(value, str))
        return value
    _require(kind in _FORMS and (isinstance(value, str) or (kind in ("integer", "number") and type(value) is int)))
    return _plain(kind, str(value))
