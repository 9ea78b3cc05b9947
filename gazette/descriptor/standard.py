"""What frictionless says of a package's metadata, and what it detects where a stranger's package says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import frictionless
from frictionless.resources import TableResource

from gazette.model import Dataset, Descriptor, Finding

SCHEMA_V2 = "https://datapackage.org/profiles/2.0/datapackage.json"
"""The only ``$schema`` that is handed on: it switches frictionless to version 2 of the standard."""

_PLACE = re.compile(r'at "([^"]*)"')
_PROPERTIES = {"schema", "dialect", "encoding", "format", "mediatype", "bytes", "hash", "licenses", "sources", "type"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """What frictionless detects in a file whose descriptor leaves it open."""

    labels: tuple[str, ...]
    dialect: Descriptor


def verdict(dataset: Dataset) -> list[Finding]:
    """Frictionless' errors about the descriptor, each with its pointer where frictionless states one."""
    try:
        errors = list(frictionless.Package.metadata_validate(_document(dataset)))
    except frictionless.FrictionlessException as fault:
        errors = [*fault.reasons] or [fault.error]
    except Exception as fault:  # noqa: BLE001 - what crashes the standard's own validator is refused, not passed
        return [_finding(dataset, "package-error", f"{type(fault).__name__}: {fault}")]
    return [_finding(dataset, error.type, error.note) for error in errors]


def detect(path: Path, encoding: str) -> Detected | None:
    """The labels and the CSV dialect of a file; ``None`` where frictionless cannot open it."""
    resource = TableResource(path=path.name, basepath=str(path.parent), format=path.suffix[1:], encoding=encoding)
    try:
        with resource:
            dialect = resource.dialect.to_descriptor()
            return Detected(labels=tuple(resource.labels), dialect=dialect)
    except frictionless.FrictionlessException:
        return None


def _document(dataset: Dataset) -> dict[str, Any]:
    """The descriptor with every reference resolved and every name safe: nothing in it can be fetched."""
    kept = {"title", "description", "licenses", "sources", "contributors", "keywords", "version", "created", "id"}
    document = {name: value for name, value in dataset.descriptor.items() if name in kept}
    document["name"] = dataset.name
    if dataset.descriptor.get("$schema") == SCHEMA_V2:
        document["$schema"] = SCHEMA_V2
    document["resources"] = [
        {
            "name": resource.slug,
            **{name: value for name, value in resource.descriptor.items() if name in _PROPERTIES},
            **({"data": resource.data} if resource.data is not None else {"path": _path(resource.paths)}),
            **({"schema": _schema(resource.schema.descriptor)} if resource.schema else {}),
        }
        for resource in dataset.resources
        if resource.omitted is None
    ]
    return document if document["resources"] else document | {"resources": [{"name": "none", "data": []}]}


def _path(paths: tuple[str, ...]) -> str | list[str]:
    return paths[0] if len(paths) == 1 else list(paths)


def _schema(descriptor: Descriptor) -> dict[str, Any]:
    """Foreign keys into other packages are not of the standard; they are judged apart."""
    keys = descriptor.get("foreignKeys")
    if not isinstance(keys, list):
        return dict(descriptor)
    return {**descriptor, "foreignKeys": [key for key in keys if not _is_foreign(key)]}


def _is_foreign(key: Any) -> bool:
    reference = key.get("reference") if isinstance(key, Mapping) else None
    return isinstance(reference, Mapping) and "package" in reference


def _finding(dataset: Dataset, code: str, note: str) -> Finding:
    pointer = next(_pointers(note), "")
    return Finding(
        code=code,
        severity="error",
        source="frictionless",
        dataset=dataset.name,
        path=dataset.path,
        pointer=pointer,
        line=dataset.line(pointer),
        facts={"note": note},
    )


def _pointers(note: str) -> Iterator[str]:
    if match := _PLACE.search(note):
        yield "/" + match[1].strip("/").replace(".", "/") if match[1] else ""
