"""Every published version of a dataset: its files under an address of their own, and the record of what it changed.

What must not be published today is not published under an old date either: a version with personal data, or of a
register whose rows were taken down since, keeps its place in the record, and its files are withheld. So do the versions
before a commit that the corrections call a withdrawal: what no pattern can know, a person has to say.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from gazette import descriptor, tables
from gazette.changes import log
from gazette.changes.log import Archive, Correction, Entry, Fetch, Move
from gazette.model import Artifact, Dataset, Slice

CORRECTIONS = "corrections"
"""Name of the dataset that says what was corrected or withdrawn, and why."""

_ROWS = ("dataset", "resource", "published", "commit", "correction", "reason", "change", "row", "field", "before",
         "after", "count")  # fmt: skip
_PRIVATE = frozenset({"allow", "waivers"})

_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
"""How a text begins that a spreadsheet takes for a formula (OWASP, "CSV Injection")."""


def write(
    datasets: Iterable[Dataset],
    pieces: Iterable[Slice],
    record: Mapping[str, Sequence[Entry]],
    fetch: Fetch,
    guards: tuple[Callable[[str], Collection[object]], Callable[[str], str]],
    stage: Path,
) -> tuple[tuple[Artifact, ...], Archive]:
    """Write the versions of ``record`` below ``stage``; ``guards`` find personal data, and black it out."""
    scan, censor = guards
    corrections = tuple(_corrections(pieces))
    files: dict[tuple[str, str], tuple[Artifact, ...]] = {}
    shown: dict[str, tuple[Entry, ...]] = dict.fromkeys(record, ())
    for dataset in datasets:
        gone: set[str] = set()
        withdrawn: list[Correction] = []
        own = record.get(dataset.name, ())
        blobs = fetch(sorted({blob for entry in own for blob in (entry.descriptor, *(f.blob for f in entry.files))}))
        clean = _Clean(scan)
        for entry in own:
            closed = {each.resource for each in entry.files if each.kind in log.WITHDRAWING} & gone
            closed |= {each.resource for each in withdrawn} & {each.resource for each in entry.files}
            files[dataset.name, entry.name] = () if closed else tuple(_version(dataset, entry, blobs, clean, stage))
            gone |= {move.resource for move in entry.moves if move.removed}
            withdrawn += (each for each in corrections if each.withdrawn and each.is_of(entry))
            shown[dataset.name] += (_censored(entry, withdrawn, censor),)
    archive = Archive(entries=shown, files=files, corrections=corrections)
    told = [_put(stage, *document) for document in _documents(archive)]
    return (*(file for found in files.values() for file in found), *told), archive


# --- the files of a version -------------------------------------------------------------------------------


class _Clean:
    """Looks for personal data, at every line once: most lines of a version were in the one before."""

    def __init__(self, scan: Callable[[str], Collection[object]]) -> None:
        self._scan, self._seen = scan, set[str]()

    def __call__(self, content: bytes) -> bool:
        """Whether there is none."""
        lines = [line for line in content.decode().splitlines() if line not in self._seen]
        if self._scan("\n".join(lines)):
            return False
        self._seen.update(lines)
        return True


def _version(
    dataset: Dataset, entry: Entry, blobs: Mapping[str, bytes], clean: _Clean, stage: Path
) -> Iterator[Artifact]:
    """The canonical tables of a version and its descriptor; nothing where one of them must not be shown."""
    written: dict[str, bytes] = {}
    for each in entry.files:
        found = log.rows(blobs.get(each.blob, b""), each.delimiter)
        if found is None:
            return
        written[each.resource] = _canonical(found)
    # What is invented says so wherever it is found, under the name of its file too.
    names = {name: f"{_slug(name)}{'-illustrative' if dataset.illustrative else ''}.csv" for name in written}
    text = _package(blobs.get(entry.descriptor, b""), entry, written, names)
    if not written or text is None or not all(map(clean, (*written.values(), text))):
        return
    folder = f"data/{entry.dataset}/versions/{entry.name}"
    for name, content in written.items():
        yield _put(stage, f"{folder}/{names[name]}", "text/csv", content)
    yield _put(stage, f"{folder}/datapackage.json", "application/json", text)


def _canonical(found: Sequence[Sequence[str]]) -> bytes:
    """The bytes :mod:`gazette.exports.csv` published then: RFC 4180, UTF-8, CRLF."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(found[0])
    writer.writerows(row for row in found[1:] if row)
    return text.getvalue().encode()


def _package(content: bytes, entry: Entry, written: Mapping[str, bytes], names: Mapping[str, str]) -> bytes | None:
    try:
        document = descriptor.document.read(content, is_json=entry.is_json).value
    except descriptor.document.Fault:
        return None
    own = document.get("gazette")
    if isinstance(own, Mapping):
        document["gazette"] = {name: value for name, value in own.items() if name not in _PRIVATE}
    for party in document.get("contributors") or ():
        if isinstance(party, dict):
            party.pop("email", None)
    resources: list[dict[str, Any]] = []
    for each in document.get("resources") or ():
        if isinstance(each, dict) and (data := written.get(str(each.get("name")))) is not None:
            kept = {name: value for name, value in each.items() if name not in {"dialect", "encoding", "data"}}
            digest = hashlib.sha256(data).hexdigest()
            resources.append(kept | {"path": names[str(each["name"])], "format": "csv",
                                     "mediatype": "text/csv", "encoding": "utf-8", "bytes": len(data),
                                     "hash": f"sha256:{digest}"})  # fmt: skip
    stated = {**document, "resources": resources, "created": f"{entry.version.published}T00:00:00Z"}
    return (json.dumps(stated, ensure_ascii=False, indent=1) + "\n").encode()


def _slug(name: str) -> str:
    return descriptor.paths.slug(name) or "table"


def _put(stage: Path, path: str, media_type: str, content: bytes) -> Artifact:
    target = stage / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return Artifact(path=path, bytes=len(content), sha256=digest, media_type=media_type)


# --- the record -------------------------------------------------------------------------------------------


def _censored(entry: Entry, withdrawn: Sequence[Correction], censor: Callable[[str], str]) -> Entry:
    moves = tuple(_blackened(move, [each for each in withdrawn if each.resource == move.resource], censor)
                  for move in entry.moves)  # fmt: skip
    return replace(entry, moves=moves, version=replace(entry.version, subject=censor(entry.version.subject)))


def _blackened(move: Move, withdrawn: Sequence[Correction], censor: Callable[[str], str]) -> Move:
    """``move`` without personal data and, where something of the table was withdrawn, without any former cell.

    A removed row is still named where every withdrawal names its row: then somebody has decided that it may be.
    """
    gone = move.gone if all(each.row for each in withdrawn) else ()
    told = () if withdrawn else move.told
    return replace(
        move,
        gone=tuple(tuple(map(censor, key)) for key in gone),
        told=tuple((tuple(map(censor, key)), field, censor(old), censor(new)) for key, field, old, new in told),
    )


def _corrections(pieces: Iterable[Slice]) -> Iterator[Correction]:
    wanted = {"dataset", "resource", "row_key", "commit", "reason_zh", "reason_en"}
    for piece in pieces:
        if piece.dataset.name == CORRECTIONS and piece.resource.name == CORRECTIONS:
            for row in tables.read(piece).to_pylist():
                if wanted <= set(row):
                    reasons = {language: row[f"reason_{language}"] or "" for language in ("en", "zh")}
                    yield Correction(dataset=row["dataset"] or "", resource=row["resource"] or "",
                                     row=row["row_key"] or "", commit=row["commit"] or "", reasons=reasons,
                                     withdrawn=row.get("kind") == "withdrawn")  # fmt: skip


def _documents(archive: Archive) -> Iterator[tuple[str, str, bytes]]:
    """Path, media type and content of the record, of each dataset and of the site."""
    every: list[tuple[Entry, dict[str, Any]]] = []
    for name, entries in archive.entries.items():
        lines = [line for entry in entries for line in _lines(entry, archive)]
        told = [_told(entry, archive) for entry in entries]
        every += zip(entries, told, strict=True)
        if entries:
            yield f"data/{name}/changes.csv", "text/csv", _csv(lines)
            yield f"data/{name}/changes.json", "application/json", _json({"dataset": name, "versions": told})
    if every:
        every.sort(key=lambda each: (*each[0].version.order, each[0].dataset), reverse=True)
        brief = [{**each, "tables": [{name: value for name, value in table.items() if name not in {"gone", "cells"}}
                                     for table in each["tables"]]} for _, each in every]  # fmt: skip
        yield "data/changes.json", "application/json", _json({"versions": brief})


def _told(entry: Entry, archive: Archive) -> dict[str, Any]:
    files = archive.files.get((entry.dataset, entry.name), ())
    return {
        "dataset": entry.dataset,
        "commit": entry.version.commit,
        "published": entry.version.published.isoformat(),
        "reason": entry.version.subject,
        "correction": archive.corrects(entry),
        "new": entry.first,
        "files": [{"path": file.path, "bytes": file.bytes, "sha256": file.sha256} for file in files],
        "tables": [_table(move) for move in entry.moves],
    }


def _table(move: Move) -> dict[str, Any]:
    return {
        "name": move.resource, "rows_before": move.before, "rows_after": move.after, "rows_added": move.added,
        "rows_removed": move.removed, "rows_changed": move.changed, "cells_changed": move.cells, "key": list(move.key),
        "columns": [{"before": old, "after": new} for old, new in move.columns],
        "gone": [list(key) for key in move.gone],
        "cells": [{"row": list(key), "field": name, "before": old, "after": new} for key, name, old, new in move.told],
    }  # fmt: skip


def _lines(entry: Entry, archive: Archive) -> Iterator[tuple[object, ...]]:
    flag = "true" if archive.corrects(entry) else "false"
    # No check of cells has seen the subject of a commit.
    reason = f"'{entry.version.subject}" if _FORMULA.match(entry.version.subject) else entry.version.subject
    for move in entry.moves:
        head = (
            entry.dataset,
            move.resource,
            entry.version.published,
            entry.version.commit,
            flag,
            reason,
        )
        if move.added:
            yield *head, "added", "", "", "", "", move.added
        for key in move.gone:
            yield *head, "removed", "/".join(key), "", "", "", 1
        if rest := move.removed - len(move.gone):
            yield *head, "removed", "", "", "", "", rest
        for key, field, old, new in move.told:
            yield *head, "changed", "/".join(key), field, old, new, 1
        if rest := move.cells - len(move.told):
            yield *head, "changed", "", "", "", "", rest
        for before, after in move.columns:
            yield *head, "column", "", "", before or "", after or "", 1


def _csv(lines: Iterable[tuple[object, ...]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_ROWS)
    writer.writerows(lines)
    return text.getvalue().encode()


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()
