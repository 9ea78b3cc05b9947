"""What frictionless says of a package's metadata, and what it detects where a stranger's package says nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gazette.descriptor import profile
from gazette.model import Dataset, Descriptor, Finding, Resource

if TYPE_CHECKING:
    from frictionless import Error

SCHEMA_V2 = "https://datapackage.org/profiles/2.0/datapackage.json"
"""The only ``$schema`` that is handed on: it switches frictionless to version 2 of the standard."""

_PLACE = re.compile("at property '([^']+)'")
_PROPERTIES = {"schema", "dialect", "encoding", "format", "mediatype", "bytes", "hash", "licenses", "sources", "type"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """What frictionless detects in a file whose descriptor leaves it open."""

    labels: tuple[str, ...]
    dialect: Descriptor


def verdict(dataset: Dataset) -> tuple[Dataset, list[Finding]]:
    """Frictionless' errors about the descriptor, and the dataset without the tables they are about.

    Every table is judged by itself, so that an error has its place and keeps no other table from being read.
    """
    package = _document(dataset)
    new = "$schema" in package
    faults = [] if new and profile.package(package) else _errors(package)
    findings = [_finding(dataset, None, error) for error in faults]
    resources = []
    sound = not findings
    for resource in dataset.resources:
        asked = sound and resource.omitted is None
        table = _table(resource) if asked else {}
        errors = [] if not asked or (new and profile.table(table)) else _errors(package | {"resources": [table]})
        findings += [_finding(dataset, resource, error) for error in errors]
        resources.append(replace(resource, omitted=errors[0].type) if errors else resource)
    return replace(dataset, resources=tuple(resources)), findings


def _errors(document: dict[str, Any]) -> list[Error]:
    import frictionless

    try:
        return list(frictionless.Package.metadata_validate(document))
    except frictionless.FrictionlessException as fault:
        return list(fault.reasons) or [fault.error]
    except Exception as fault:  # noqa: BLE001 - what crashes the standard's own validator is refused, not passed
        return [frictionless.errors.PackageError(note=f"{type(fault).__name__}: {fault}")]


def detect(path: Path, encoding: str) -> Detected | None:
    """The labels and the CSV dialect of a file; ``None`` where frictionless cannot open it."""
    import frictionless
    from frictionless.resources import TableResource

    resource = TableResource(path=path.name, basepath=str(path.parent), format=path.suffix[1:], encoding=encoding)
    try:
        with resource:
            dialect = resource.dialect.to_descriptor()
            return Detected(labels=tuple(resource.labels), dialect=dialect)
    except frictionless.FrictionlessException:
        return None


def _document(dataset: Dataset) -> dict[str, Any]:
    """What the descriptor says of the package as a whole; in the place of its tables stands an empty one."""
    kept = {"title", "description", "licenses", "sources", "contributors", "keywords", "version", "created", "id"}
    document = {name: value for name, value in dataset.descriptor.items() if name in kept}
    document["name"] = dataset.name
    if isinstance(document.get("created"), str) and dataset.created is None:
        del document["created"]  # no date, which was said already
    if dataset.descriptor.get("$schema") == SCHEMA_V2:
        document["$schema"] = SCHEMA_V2
    return document | {"resources": [{"name": "none", "data": []}]}


def _table(resource: Resource) -> dict[str, Any]:
    """What the descriptor says of a table, every reference resolved and every name safe: nothing can be fetched."""
    table = {name: value for name, value in resource.descriptor.items() if name in _PROPERTIES}
    table["name"] = resource.slug
    if resource.data is not None:
        table["data"] = resource.data
    else:
        table["path"] = resource.paths[0]
        table.setdefault("type", "table")  # without it frictionless opens a JSON file to see what it is
    if resource.dialect or isinstance(table.get("dialect"), str):
        table["dialect"] = dict(resource.dialect)
    if resource.schema:
        table["schema"] = _schema(resource.schema.descriptor)
    elif isinstance(table.get("schema"), str):
        del table["schema"]
    return table


def _schema(descriptor: Descriptor) -> dict[str, Any]:
    """References to other packages are not of the standard; here they name a table, and are judged apart."""
    keys = descriptor.get("foreignKeys")
    if not isinstance(keys, list):
        return dict(descriptor)
    return {**descriptor, "foreignKeys": [_key(key) for key in keys]}


def _key(key: Any) -> Any:
    reference = key.get("reference") if isinstance(key, Mapping) else None
    if not isinstance(reference, Mapping):
        return key
    return {**key, "reference": {name: value for name, value in reference.items() if name != "package"}}


def _finding(dataset: Dataset, resource: Resource | None, error: Error) -> Finding:
    pointer = _pointer(resource, error)
    return Finding(
        code=error.type,
        severity="error",
        source="frictionless",
        dataset=dataset.name,
        path=dataset.path,
        pointer=pointer,
        resource=resource.name if resource else None,
        line=dataset.line(pointer),
        facts={"note": error.note},
    )


def _pointer(resource: Resource | None, error: Error) -> str:
    """Where the error is, as far as frictionless says it."""
    parts = {"dialect-error": "/dialect", "schema-error": "/schema", "field-error": "/schema"}
    base = resource.pointer + parts.get(error.type, "") if resource else ""
    match = _PLACE.search(error.note)
    return f"{base}/{match[1]}" if match and error.type != "field-error" else base
