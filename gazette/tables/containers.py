"""Files that hold a table in a structure of their own (XLSX, JSON, JSON Lines), and whether one may be read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from gazette.model import Resource
from gazette.tables import json
from gazette.tables.faults import Fault, too_large

LARGEST: Mapping[str, int] = {"xlsx": 32 << 20, "json": 64 << 20, "jsonl": 64 << 20, "ndjson": 64 << 20}
"""Bytes per format beyond which a file is not read: these are read whole and row by row, CSV is not."""

FORMATS = frozenset(LARGEST)

_CONTROLS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "xlsx": ("excel", {"sheetNumber": "sheet", "sheetName": "sheet", "sheet": "sheet"}),
    "json": ("json", {"property": "property", "itemKeys": "keys"}),
    "jsonl": ("json", {"itemKeys": "keys"}),
    "ndjson": ("json", {"itemKeys": "keys"}),
}
"""Frictionless' name for the part of a dialect that is about a format, and the standard's names for what is in it.

``sheetName``, ``sheetNumber``, ``property`` and ``itemKeys`` are of Table Dialect v2; frictionless reads its own alone.
"""

PROPERTIES = frozenset({"excel", "json", "itemType", *(name for _, names in _CONTROLS.values() for name in names)})
"""Properties of a dialect that :func:`control` takes over."""


def control(resource: Resource) -> dict[str, dict[str, Any]]:
    """What the dialect of ``resource`` says about its format, as frictionless calls it; its own names win."""
    if resource.format not in _CONTROLS:
        return {}
    part, names = _CONTROLS[resource.format]
    found = {own: resource.dialect[name] for name, own in names.items() if resource.dialect.get(name) is not None}
    stated = resource.dialect.get(part)
    found |= dict(stated) if isinstance(stated, Mapping) else {}
    return {part: found} if found else {}


def examine(path: Path, resource: Resource) -> tuple[Fault, ...]:
    """What is wrong with the file as a container; see :data:`gazette.tables.faults.FATAL`."""
    size = path.stat().st_size
    if size > LARGEST[resource.format]:
        return (too_large(None, size >> 20, LARGEST[resource.format] >> 20),)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return _examined(path, _Key(resource), digest)


def document(path: Path, resource: Resource) -> json.Document:
    """The JSON or JSON Lines file of ``resource``."""
    return json.Document(path, resource.encoding, control(resource).get("json", {}), resource.format != "json")


class _Key:
    """What a file is read as, good as the key of a cache."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self._stated = (resource.format, resource.encoding, repr(sorted(control(resource).items())))

    def __hash__(self) -> int:
        return hash(self._stated)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other._stated == self._stated


@lru_cache(maxsize=256)
def _examined(path: Path, key: _Key, _digest: str) -> tuple[Fault, ...]:
    """The same, once per content: a table is opened many times, also by those that refer to it."""
    if key.resource.format == "xlsx":
        from gazette.tables import workbook  # openpyxl takes a fifth of a second

        return workbook.examine(path, control(key.resource).get("excel", {}))
    return json.examine(document(path, key.resource))
