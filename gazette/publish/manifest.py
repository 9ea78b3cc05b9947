"""The list of everything that is published, and the proof that a folder holds just that."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import gazette
from gazette.model import Artifact, Dataset, Fact, Finding, History

NAME = "manifest.json"
SUMS = "SHA256SUMS"
"""The same list, but for itself and the manifest, as ``sha256sum -c`` reads it."""
SCHEMA = "gazette-manifest-1"
"""What the property ``schema`` of a manifest says; another value is another format."""


def write(
    root: Path,
    artifacts: Iterable[Artifact],
    as_of: date,
    history: History,
    datasets: Iterable[Dataset] = (),
    previous: str | None = None,
) -> None:
    """Write the manifest of everything below ``root``; ``previous`` is the digest of the last release's.

    For the files in ``artifacts`` it states what their makers meant to write, not what the disk holds, so
    that :func:`compare` shows where the two differ; all others are read.
    """
    meant = {artifact.path: _entry(artifact) for artifact in artifacts}
    found = {
        path: {"path": path, "bytes": size, "sha256": digest_}
        for path, entry in walk(root)
        if path not in meant and path != NAME and entry.is_file(follow_symlinks=False)
        for size, digest_ in [_measure(entry.path)]
    }
    entries = [entry for _, entry in sorted((found | meant).items())]
    sums = "".join(f"{entry['sha256']}  {entry['path']}\n" for entry in entries).encode()
    (root / SUMS).write_bytes(sums)
    entries.append({"path": SUMS, "bytes": len(sums), "sha256": digest(sums)})
    published = {entry["dataset"] for entry in entries if "dataset" in entry}
    document_ = {
        "schema": SCHEMA,
        "gazette": gazette.__version__,
        "as_of": as_of.isoformat(),
        "commit": history.commit,
        "serial": history.serial,
        "previous": previous,
        "datasets": [_version(dataset, history) for dataset in datasets if dataset.name in published],
        "files": sorted(entries, key=lambda entry: str(entry["path"])),
    }
    text = json.dumps(document_, ensure_ascii=False, indent=1, allow_nan=False)
    (root / NAME).write_bytes(f"{text}\n".encode())


def digest(content: bytes) -> str:
    """The SHA-256 of ``content`` in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def document(content: bytes) -> Mapping[str, Any] | None:
    """The manifest that ``content`` is; ``None`` where it is none that this version can read."""
    try:
        found = json.loads(content)
        date.fromisoformat(found["as_of"])
        known = found["schema"] == SCHEMA and isinstance(found.get("serial"), int | None)
        return found if known and isinstance(found["files"], list) else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def listed(content: bytes) -> Mapping[str, tuple[int, str]] | None:
    """Size and SHA-256 of every file the manifest ``content`` lists; ``None`` where it is none we can read."""
    found = document(content)
    try:
        entries = found["files"] if found else [{}]
        files = {str(entry["path"]): (int(entry["bytes"]), str(entry["sha256"])) for entry in entries}
    except (ValueError, KeyError, TypeError):
        return None
    sound = all(_inside(path) and size >= 0 for path, (size, _) in files.items())
    return files if sound and len(files) == len(entries) else None


def read(root: Path) -> Mapping[str, tuple[int, str]] | None:
    """Size and SHA-256 of every file the manifest of ``root`` lists; ``None`` where it has none we can read."""
    try:
        return listed((root / NAME).read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None


def _inside(path: str) -> bool:
    """Whether a path that somebody else wrote leads to a file below the site."""
    return not {"", ".", ".."} & set(path.split("/")) and "\\" not in path and path.isprintable()


def compare(root: Path) -> tuple[Finding, ...]:
    """Where ``root`` differs from its manifest: files altered, missing, or not listed."""
    known = read(root)
    if known is None:
        return (finding("manifest-unreadable", NAME),)
    found = {path: entry for path, entry in walk(root) if path != NAME}
    faults = (_judge(path, known.get(path), found.get(path)) for path in sorted({*known, *found}))
    return tuple(fault for fault in faults if fault)


def walk(root: Path) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Everything below ``root`` that is no folder, by its POSIX path, in order; links are not followed."""
    try:
        with os.scandir(root) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except FileNotFoundError:
        # The folder was replaced while it was read; whoever compares asks again.
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield from ((f"{entry.name}/{path}", below) for path, below in walk(Path(entry.path)))
        else:
            yield entry.name, entry


def _entry(artifact: Artifact) -> dict[str, Any]:
    known = {
        "media_type": artifact.media_type,
        "dataset": artifact.dataset,
        "resource": artifact.resource,
        "rows": artifact.rows,
        "table": artifact.table,
    }
    entry = {"path": artifact.path, "bytes": artifact.bytes, "sha256": artifact.sha256}
    return entry | {name: value for name, value in known.items() if value is not None}


def _version(dataset: Dataset, history: History) -> dict[str, Any]:
    newest = next(iter(history.versions.get(dataset.name, ())), None)
    return {
        "name": dataset.name,
        "version": dataset.version,
        "commit": newest.commit if newest else None,
        "published": newest.published.isoformat() if newest else None,
    }


def _judge(path: str, known: tuple[int, str] | None, entry: os.DirEntry[str] | None) -> Finding | None:
    if known is None:
        return finding("site-file-extra", path)
    if entry is None:
        return finding("site-file-missing", path)
    if not entry.is_file(follow_symlinks=False):
        return finding("file-altered", path)
    try:
        return None if _measure(entry.path) == known else finding("file-altered", path)
    except FileNotFoundError:
        return finding("site-file-missing", path)


def _measure(path: str) -> tuple[int, str]:
    with Path(path).open("rb") as file:
        return os.fstat(file.fileno()).st_size, hashlib.file_digest(file, "sha256").hexdigest()


def finding(code: str, path: str, **facts: Fact) -> Finding:
    """An error about one file of a site."""
    return Finding(code=code, severity="error", source="gazette", path=path, facts=facts)
