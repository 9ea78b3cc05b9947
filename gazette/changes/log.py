"""The public record: what every published version of a dataset changed, and which files it had.

A difference depends on two descriptors and two files alone, so it is kept in a cache under their names in git; a
record of many years is read from there, and only what is new is compared.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import pyarrow as pa

from gazette import descriptor
from gazette.changes.rows import between
from gazette.model import Artifact, Dataset, Version

LISTED = 1_000
"""Removed rows, and changed cells, that the record holds of one table and version; counts are exact."""

FORM = 1
"""Changes with what is kept in the cache."""

WITHDRAWING = frozenset({"dishonesty-records", "record-events", "exposure-board", "administrative-penalties"})
"""Kinds of tables whose rows the law has taken down after a time or a repair: what went is not shown again."""

_DELIMITERS = {"csv": ",", "tsv": "\t"}
_LONGEST = 16 << 20

Fetch: TypeAlias = Callable[[Sequence[str]], Mapping[str, bytes]]
"""The contents of git's objects by their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One table of a version: its file, as git names it, and what must be known to read it."""

    resource: str
    blob: str
    delimiter: str
    key: tuple[str, ...]
    kind: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a version changed in one table."""

    resource: str
    before: int | None
    """Rows; ``None`` where the table was new, or could not be compared."""
    after: int | None
    added: int
    removed: int
    changed: int
    cells: int
    key: tuple[str, ...]
    gone: tuple[tuple[str, ...], ...]
    """Keys of removed rows; empty where rows have none."""
    told: tuple[tuple[tuple[str, ...], str, str, str], ...]
    """Changed cells: key, column, before, after."""
    columns: tuple[tuple[str | None, str | None], ...]
    """Columns that came, went or were renamed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One version of one dataset."""

    dataset: str
    version: Version
    moves: tuple[Move, ...]
    files: tuple[File, ...]
    descriptor: str
    """The object that holds its descriptor."""
    is_json: bool
    first: bool
    """Whether the dataset was new."""

    @property
    def name(self) -> str:
        """Its address below the versions of the dataset."""
        return self.version.commit[:12]

    @property
    def correction(self) -> bool:
        """Whether it says of itself that it corrects something."""
        head = self.version.subject.strip().lower()
        return head.startswith(("fix", "correct", "更正", "勘误"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Why a row or a version was corrected or withdrawn."""

    dataset: str
    resource: str
    row: str
    commit: str
    reasons: Mapping[str, str]
    """Per language."""
    withdrawn: bool = False
    """Whether what was there must not be shown again: not the cells, and not the files of the versions before."""

    def is_of(self, entry: Entry) -> bool:
        """Whether it speaks of that version."""
        return self.dataset == entry.dataset and bool(self.commit) and entry.version.commit.startswith(self.commit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The record as it may be shown."""

    entries: Mapping[str, tuple[Entry, ...]]
    """Per dataset, newest first."""
    files: Mapping[tuple[str, str], tuple[Artifact, ...]]
    """Per dataset and version; none where they are withheld."""
    corrections: tuple[Correction, ...] = ()

    def correction(self, entry: Entry) -> Correction | None:
        """What the corrections say of a version as a whole."""
        return next((each for each in self.corrections if each.is_of(entry)), None)

    def corrects(self, entry: Entry) -> bool:
        """Whether a version corrects something, by its own word or by that of the corrections."""
        return entry.correction or self.correction(entry) is not None

    def withdrawal(self, dataset: str, resource: str, key: Sequence[str]) -> Correction | None:
        """What the corrections say of a row that went."""
        row = "/".join(key)
        return next((each for each in self.corrections
                     if (each.dataset, each.resource, each.row) == (dataset, resource, row)), None)  # fmt: skip


class Happening(Protocol):
    """One commit: the version it made, and the object each changed path holds since (``None``: it went)."""

    @property
    def version(self) -> Version:
        """Its name, day and reason."""

    @property
    def files(self) -> Mapping[str, str | None]:
        """Below the datasets folder."""


def read(
    datasets: Iterable[Dataset], events: Sequence[Happening], fetch: Fetch, cache: Path | None
) -> Mapping[str, tuple[Entry, ...]]:
    """The record of every dataset, newest first; ``events`` oldest first, each with ``version`` and ``files``."""
    store = _Store(cache, fetch)
    states = {dataset.name: list(_states(dataset, events)) for dataset in datasets}
    store.describe({state[2] for found in states.values() for state in found})
    pairs = [pair for name, found in states.items() for pair in _pairs(name, found, store)]
    store.compare(side for pair in pairs for side in pair[3])
    record: dict[str, list[Entry]] = {name: [] for name in states}
    for name, version, current, sides, blob, is_json, first in pairs:
        moves = tuple(move for side in sides if (move := store.move(*side)) is not None)
        if moves or first or current:
            record[name].append(
                Entry(dataset=name, version=version, moves=moves, files=current, descriptor=blob, is_json=is_json,
                      first=first)
            )  # fmt: skip
    return {name: tuple(reversed(found)) for name, found in record.items()}


def rows(content: bytes, delimiter: str) -> list[list[str]] | None:
    """The records of a file, the header first; ``None`` for what is no table of text."""
    if len(content) > _LONGEST:
        return None
    try:
        found = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))
    except (UnicodeDecodeError, csv.Error):
        return None
    return found if found and len(set(found[0])) == len(found[0]) else None


def _states(dataset: Dataset, events: Sequence[Happening]) -> Iterator[tuple[Version, dict[str, str], str, bool]]:
    """Every version of a dataset: the objects of its folder by path, and which of them is the descriptor."""
    prefix = f"{dataset.folder}/" if dataset.folder else ""
    held: dict[str, str] = {}
    for event in events:
        own = {path[len(prefix) :]: blob for path, blob in event.files.items() if path.startswith(prefix)}
        if not own:
            continue
        held |= {path: blob for path, blob in own.items() if blob is not None}
        held = {path: blob for path, blob in held.items() if own.get(path, blob) is not None}
        named = next((name for name in descriptor.NAMES if name in held), None)
        if named:
            yield event.version, dict(held), held[named], named.endswith(".json")


_Side: TypeAlias = "tuple[File | None, File | None]"


def _pairs(name: str, found: Sequence[tuple[Version, dict[str, str], str, bool]], store: _Store) -> Iterator[Any]:
    before: dict[str, File] = {}
    for number, (version, held, blob, is_json) in enumerate(found):
        after = {file.resource: file for file in store.files(blob, held)}
        sides = [(before.get(each), after.get(each)) for each in dict.fromkeys((*after, *before))
                 if before.get(each) != after.get(each)]  # fmt: skip
        yield name, version, tuple(after.values()), sides, blob, is_json, number == 0
        before = after


class _Store:
    """What was once computed, by what it was computed from."""

    def __init__(self, folder: Path | None, fetch: Fetch) -> None:
        self._folder, self._fetch = folder, fetch
        self._known: dict[str, Any] = {}

    def describe(self, blobs: Iterable[str]) -> None:
        """Make sure that these descriptors are known."""
        missing = [blob for blob in sorted(blobs) if self._load(_name("descriptor", blob)) is None]
        for blob, content in self._fetch(missing).items() if missing else ():
            self._keep(_name("descriptor", blob), _described(content))

    def files(self, blob: str, held: Mapping[str, str]) -> Iterator[File]:
        """The tables a descriptor names, with what the folder held then."""
        for each in self._load(_name("descriptor", blob)) or ():
            if each["path"] in held:
                yield File(resource=each["name"], blob=held[each["path"]], delimiter=each["delimiter"],
                           key=tuple(each["key"]), kind=each["kind"])  # fmt: skip

    def compare(self, sides: Iterable[_Side]) -> None:
        """Make sure that what these pairs of files changed is known."""
        missing = {key: side for side in sides if self._load(key := _key(*side)) is None}
        waiting = list(missing.items())
        while waiting:
            batch, waiting = waiting[:200], waiting[200:]
            blobs = self._fetch(sorted({file.blob for _, side in batch for file in side if file}))
            for key, (old, new) in batch:
                self._keep(key, _moved(old, new, blobs))

    def move(self, old: File | None, new: File | None) -> Move | None:
        """What became of a table, from what is known."""
        known, file = self._load(_key(old, new)), new or old
        return _read_move(known, file.resource, file.kind) if known and file else None

    def _load(self, name: str) -> Any:
        if name not in self._known and self._folder:
            try:
                self._known[name] = json.loads((self._folder / name[:2] / f"{name}.json").read_bytes())
            except (OSError, ValueError):
                return None
        return self._known.get(name)

    def _keep(self, name: str, value: Any) -> None:
        self._known[name] = value
        if self._folder:
            path = self._folder / name[:2] / f"{name}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
            part.replace(path)


def _name(*parts: str) -> str:
    return hashlib.sha256("\0".join((str(FORM), *parts)).encode()).hexdigest()


def _key(old: File | None, new: File | None) -> str:
    return _name("table", *(json.dumps([each.blob, each.delimiter, each.key]) if each else "" for each in (old, new)))


def _described(content: bytes) -> list[dict[str, Any]]:
    """The tables of a descriptor: name, file, key, and what separates its cells."""
    document = None
    for is_json in (content.lstrip()[:1] == b"{", False):
        try:
            document = descriptor.document.read(content, is_json=is_json).value
            break
        except descriptor.document.Fault:
            continue
    resources = document.get("resources") if document else None
    found = []
    for each in resources if isinstance(resources, list) else ():
        path = each.get("path") if isinstance(each, Mapping) else None
        form = str(each.get("format") or str(path).rpartition(".")[2]).lower() if path else ""
        if isinstance(path, str) and form in _DELIMITERS:
            stated = each.get("schema") if isinstance(each.get("schema"), Mapping) else {}
            dialect = each.get("dialect") if isinstance(each.get("dialect"), Mapping) else {}
            own = each.get("gazette") if isinstance(each.get("gazette"), Mapping) else {}
            key = stated.get("primaryKey") or []
            found.append({"name": str(each.get("name")), "path": path, "kind": own.get("kind"),
                          "delimiter": str(dialect.get("delimiter") or _DELIMITERS[form])[:1],
                          "key": [key] if isinstance(key, str) else [str(part) for part in key]})  # fmt: skip
    return found


def _moved(old: File | None, new: File | None, blobs: Mapping[str, bytes]) -> dict[str, Any]:
    """What became of a table, as JSON."""
    tables = [_table(rows(blobs.get(each.blob, b""), each.delimiter)) if each else None for each in (old, new)]
    plain: dict[str, Any] = {"before": None, "after": None, "added": 0, "removed": 0, "changed": 0, "cells": 0,
                             "key": [], "gone": [], "told": [], "columns": []}  # fmt: skip
    if tables[0] is None or tables[1] is None:
        sizes = [None if table is None else table.num_rows for table in tables]
        return plain | {"before": sizes[0], "after": sizes[1], "added": sizes[1] or 0, "removed": sizes[0] or 0}
    known = new or old
    delta = between(tables[0], tables[1], known.key if known else ())
    former = {after: before for before, after in delta.renamed.items()}
    gone = delta.removed.select([former.get(name, name) for name in delta.key]).slice(0, LISTED).to_pylist()
    keys = delta.cells.keys.slice(0, LISTED).to_pylist()
    told = zip(keys, *(part.slice(0, LISTED).to_pylist() for part in (delta.cells.field, delta.cells.old,
                                                                      delta.cells.new)), strict=True)  # fmt: skip
    return {
        "before": delta.before, "after": delta.after, "added": delta.added.num_rows,
        "removed": delta.removed.num_rows, "changed": delta.changed, "cells": len(delta.cells), "key": list(delta.key),
        "gone": [list(row.values()) for row in gone] if delta.key else [],
        "told": [[list(key.values()), *others] for key, *others in told],
        "columns": [[each.old, each.new] for each in delta.columns if each.old != each.new],
    }  # fmt: skip


def _table(found: list[list[str]] | None) -> pa.Table | None:
    if found is None:
        return None
    names, *records = found
    width = len(names)
    cells = [[*row, *[""] * (width - len(row))][:width] for row in records if row]
    columns = list(zip(*cells, strict=True)) if cells else [()] * width
    return pa.Table.from_arrays([pa.array(list(column), pa.string()) for column in columns], names=names)


def _read_move(known: Mapping[str, Any], resource: str, kind: str | None) -> Move | None:
    counts = {name: known[name] for name in ("before", "after", "added", "removed", "changed", "cells")}
    columns = tuple((one, other) for one, other in known["columns"])
    if not (any(counts[name] for name in ("added", "removed", "changed")) or columns or counts["before"] is None):
        return None
    hidden = kind in WITHDRAWING
    return Move(
        resource=resource,
        key=tuple(known["key"]),
        gone=tuple(tuple(map(str, key)) for key in known["gone"]),
        told=() if hidden else tuple((tuple(map(str, key)), str(field), str(old), str(new))
                                     for key, field, old, new in known["told"]),
        columns=columns,
        **counts,
    )  # fmt: skip
