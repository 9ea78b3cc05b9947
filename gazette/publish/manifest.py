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
from gazette.model import Artifact, Finding, History

NAME = "manifest.json"
SCHEMA = "gazette-manifest-1"
"""What the property ``schema`` of a manifest says; another value is another format."""


def write(root: Path, artifacts: Iterable[Artifact], as_of: date, history: History) -> None:
    """Write the manifest of everything below ``root``.

    For the files in ``artifacts`` it states what their makers meant to write, not what the disk holds, so
    that :func:`compare` shows where the two differ; all others are read.
    """
    meant = {artifact.path: _entry(artifact) for artifact in artifacts}
    found = {
        path: {"path": path, "bytes": size, "sha256": digest}
        for path, entry in walk(root)
        if path not in meant and path != NAME and entry.is_file(follow_symlinks=False)
        for size, digest in [_measure(entry.path)]
    }
    document = {
        "schema": SCHEMA,
        "gazette": gazette.__version__,
        "as_of": as_of.isoformat(),
        "commit": history.commit,
        "serial": history.serial,
        "files": [entry for _, entry in sorted((found | meant).items())],
    }
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    (root / NAME).write_bytes(f"{text}\n".encode())


def read(root: Path) -> Mapping[str, tuple[int, str]] | None:
    """Size and SHA-256 of every file the manifest of ``root`` lists; ``None`` where it has none we can read."""
    try:
        document = json.loads((root / NAME).read_bytes())
        if document["schema"] != SCHEMA:
            return None
        files = {str(entry["path"]): (int(entry["bytes"]), str(entry["sha256"])) for entry in document["files"]}
    except (FileNotFoundError, NotADirectoryError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return files if len(files) == len(document["files"]) else None


def compare(root: Path) -> tuple[Finding, ...]:
    """Where ``root`` differs from its manifest: files altered, missing, or not listed."""
    listed = read(root)
    if listed is None:
        return (_finding("manifest-unreadable", NAME),)
    found = {path: entry for path, entry in walk(root) if path != NAME}
    faults = (_judge(path, listed.get(path), found.get(path)) for path in sorted({*listed, *found}))
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
    }
    entry = {"path": artifact.path, "bytes": artifact.bytes, "sha256": artifact.sha256}
    return entry | {name: value for name, value in known.items() if value is not None}


def _judge(path: str, listed: tuple[int, str] | None, entry: os.DirEntry[str] | None) -> Finding | None:
    if listed is None:
        return _finding("site-file-extra", path)
    if entry is None:
        return _finding("site-file-missing", path)
    if not entry.is_file(follow_symlinks=False):
        return _finding("file-altered", path)
    try:
        return None if _measure(entry.path) == listed else _finding("file-altered", path)
    except FileNotFoundError:
        return _finding("site-file-missing", path)


def _measure(path: str) -> tuple[int, str]:
    with Path(path).open("rb") as file:
        return os.fstat(file.fileno()).st_size, hashlib.file_digest(file, "sha256").hexdigest()


def _finding(code: str, path: str) -> Finding:
    return Finding(code=code, severity="error", source="gazette", path=path)
