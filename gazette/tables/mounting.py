"""A table as frictionless is to read it: nothing is left for it to guess, and nothing unsafe is shown to it."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gazette.model import Dataset, ForeignKey, Resource, Slice
from gazette.tables import containers, faults
from gazette.tables.delimited import Layout

if TYPE_CHECKING:
    from frictionless.resources import TableResource

DELIMITED = ("csv", "tsv")
"""Formats read column by column."""

_NAME = re.compile(r"[-a-z0-9._/]+", re.ASCII)
"""Names of resources that frictionless 5.21 takes."""

_UTF_8 = ("utf-8", "utf-8-sig", "ascii")

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"

_DIALECT = {
    "header": True,
    "headerRows": [1],
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "skipInitialSpace": False,
}
"""The defaults of Table Dialect v2, written out: whatever is not declared, frictionless would guess."""

_SAFE = re.compile(r"(?!.*\.\.)[\w./-]*")
"""A path frictionless surely does not object to."""


def source(piece: Slice, *, alone: bool = False) -> TableResource:
    """The table as frictionless is to read it, in a package with every table its foreign keys name.

    ``alone`` leaves those tables out, for whoever knows their keys. Raises frictionless' ``FrictionlessException``
    where it does not accept the metadata, and where the file must not be shown to it (:func:`refused`).
    """
    from frictionless import FrictionlessException, Package, errors  # half a second: only a table that is read pays it

    if refused(piece.root, piece.dataset, piece.resource):
        raise FrictionlessException(errors.SourceError(note="the file is not read"))
    own = _descriptor(piece.dataset, piece.resource)
    mounted = {own["name"]: own}
    keys = piece.resource.schema.foreign_keys if piece.resource.schema else ()
    for key in keys:
        target = _target(piece, key)
        name = mount(piece, *target) if target else key.resource
        if target and not alone:
            mounted.setdefault(name, _descriptor(*target) | {"name": name})
        reference = {"resource": name, "fields": list(key.reference_fields)}
        own["schema"].setdefault("foreignKeys", []).append({"fields": list(key.fields), "reference": reference})
    # Version 2 takes all that version 1 takes; whether a descriptor keeps to its own was asked when it was loaded.
    document = {"$schema": _PROFILE, "resources": list(mounted.values())}
    try:
        package = Package.from_descriptor(document, basepath=str(piece.root))
    except (AttributeError, KeyError, TypeError, ValueError) as fault:  # it reads "hash: true" before it judges it
        raise FrictionlessException(errors.ResourceError(note=f"{type(fault).__name__}: {fault}")) from fault
    return package.get_table_resource(own["name"])


def unbound(piece: Slice) -> Slice:
    """The table without its foreign keys, for whoever asks about its own cells."""
    schema = piece.resource.schema
    if not schema or not schema.foreign_keys:
        return piece
    return replace(piece, resource=replace(piece.resource, schema=replace(schema, foreign_keys=())))


def mount(piece: Slice, dataset: Dataset, resource: Resource) -> str:
    """The name of a table in the package that is made for ``piece``."""
    own = _name(resource)
    return own if dataset.name == piece.dataset.name else f"{dataset.name}.{own}"


def _name(resource: Resource) -> str:
    """The name an editor gave the table, where frictionless takes it; else the one it is published under."""
    return resource.name if _NAME.fullmatch(resource.name) else resource.slug


def _target(piece: Slice, key: ForeignKey) -> tuple[Dataset, Resource] | None:
    """The table a foreign key of ``piece`` names; ``None`` where it is the table itself, or none that can be read."""
    for dataset in (piece.dataset, *piece.others):
        for resource in dataset.resources:
            if (dataset.name, resource.name) == (key.dataset or piece.dataset.name, key.resource):
                readable = resource.omitted is None and not refused(piece.root, dataset, resource)
                return (dataset, resource) if readable else None
    return None


def _descriptor(dataset: Dataset, resource: Resource) -> dict[str, Any]:
    """What frictionless is told of a table; nothing is left for it to guess."""
    kept = {key: value for key, value in resource.descriptor.items() if key in ("hash", "bytes", "fields", "rows")}
    kept |= {"name": _name(resource), "type": "table", "format": resource.format, "encoding": resource.encoding}
    if resource.paths:
        paths = [f"{dataset.folder}/{path}" if dataset.folder else path for path in resource.paths]
        kept["path"] = paths[0]
        if paths[1:]:
            kept["extrapaths"] = paths[1:]
    else:
        kept |= {"data": resource.data, "format": "inline"}
        kept.pop("encoding")
    kept["dialect"] = _dialect(resource)
    if resource.schema:
        # Foreign keys are for source() to state; those of a table that is merely referred to are not asked about.
        kept["schema"] = {name: value for name, value in resource.schema.descriptor.items() if name != "foreignKeys"}
    return kept


def _dialect(resource: Resource) -> dict[str, Any]:
    """The dialect of the resource in frictionless' own terms, with the defaults of Table Dialect v2 written out."""
    if resource.format in DELIMITED:
        return _DIALECT | ({"delimiter": "\t"} if resource.format == "tsv" else {}) | dict(resource.dialect)
    stated = {name: value for name, value in resource.dialect.items() if name not in containers.PROPERTIES}
    return {"header": True, "headerRows": [1]} | stated | containers.control(resource)


def refused(root: Path, dataset: Dataset, resource: Resource) -> bool:
    """Whether the file of a table must not be read at all; :func:`gazette.tables.faults` says why."""
    if resource.format not in containers.FORMATS or len(resource.paths) != 1:
        return False
    return faults.refuses(containers.examine(root / dataset.folder / resource.paths[0], resource))


def location(piece: Slice) -> Path:
    """The one file of the table."""
    return piece.root.joinpath(piece.dataset.folder, piece.resource.paths[0])


def is_plain(resource: Resource) -> bool:
    """Whether a table may be read in parts: by all it states its file is one that is tokenised column by column."""
    # What unquotes, skips or joins records can be told from the file's beginning alone.
    stated = {name: value for name, value in resource.dialect.items() if name not in {"delimiter", "lineTerminator"}}
    return (
        resource.format in DELIMITED
        and len(resource.paths) == 1
        and codecs.lookup(resource.encoding).name in _UTF_8
        and all(name in _DIALECT and _DIALECT[name] == value for name, value in stated.items())
    )


def describe(piece: Slice, resource: TableResource, labels: Sequence[str]) -> Layout | None:
    """How to tokenise the table frictionless sees as ``resource`` with ``labels``; ``None`` if frictionless must."""
    from frictionless.formats import CsvControl

    dialect = resource.dialect
    control = CsvControl.from_dialect(dialect)
    plain = (
        resource.format in DELIMITED
        and len(piece.resource.paths) == 1
        and not resource.compression
        and codecs.lookup(resource.encoding or "utf-8").name in _UTF_8
        and dialect.header
        and dialect.header_rows == [1]
        and dialect.header_case
        and not (dialect.comment_char or dialect.comment_rows or dialect.skip_blank_rows)
        and len(control.delimiter.encode()) == 1
        and control.delimiter not in '"\r\n\0'
        and control.quote_char == '"'
        and control.double_quote
        and not control.escape_char
        and not control.skip_initial_space
    )
    if not plain or not labels:
        return None
    universal = resource.format == "tsv"
    return Layout(path=location(piece), delimiter=control.delimiter, labels=tuple(labels), universal=universal)


def plain(piece: Slice) -> Layout | None:
    """How to tokenise a CSV file in the standard's own dialect, told without frictionless.

    ``None`` where only frictionless can tell.
    """
    resource = piece.resource
    dialect = dict(resource.dialect)
    delimiter = dialect.pop("delimiter", ",")
    if (
        resource.format != "csv"
        or len(resource.paths) != 1
        or resource.encoding != "utf-8"
        or not isinstance(delimiter, str)
        or len(delimiter.encode()) != 1
        or delimiter in '"\r\n\0'
        or any(name not in _DIALECT or _DIALECT[name] != value for name, value in dialect.items())
        or not _SAFE.fullmatch("/".join((piece.dataset.folder, *resource.paths)))
    ):
        return None
    try:
        with location(piece).open(encoding="utf-8-sig", newline="") as file:
            labels = tuple(label.strip() for label in next(csv.reader(file, delimiter=delimiter), []))
    except ValueError:
        return None
    return Layout(path=location(piece), delimiter=delimiter, labels=labels) if labels else None


def layout(piece: Slice) -> Layout | None:
    """The same for rows nobody holds against a schema: to read one takes longer than to read a small file."""
    if piece.resource.format not in DELIMITED or len(piece.resource.paths) != 1:
        return None
    if found := plain(piece):
        return found
    from frictionless import system
    from frictionless.resources import TableResource

    descriptor = _descriptor(piece.dataset, replace(piece.resource, schema=None))
    resource = TableResource.from_descriptor(descriptor, basepath=str(piece.root))
    with system.create_parser(resource) as parser:
        return describe(piece, resource, resource.dialect.read_labels(parser.sample))
