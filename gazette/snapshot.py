"""Takes the one private copy of the inputs that every later stage reads."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from gazette.model import BuildError, File, Finding, Snapshot

MAX_FILES = 50_000
"""More files than this are a mistake of the hand or an attack, not datasets."""

_CHUNK = 1 << 20


def take(datasets: Path, room: Path) -> tuple[Snapshot, tuple[Finding, ...]]:
    """Copy every regular file below ``datasets`` into ``room``, with its size and SHA-256.

    Names that begin with a dot (a clone's ``.git``, an editor's droppings) are left behind. Links and special
    files are not copied and are findings, so no later stage can leave the folder. Raises
    :class:`BuildError` where the folder cannot be read or holds more than :data:`MAX_FILES` files.
    """
    if not datasets.is_dir():
        raise BuildError("datasets-missing", path=str(datasets))
    files: list[File] = []
    findings: list[Finding] = []
    for path, mode in _walk(datasets, PurePosixPath()):
        if len(files) >= MAX_FILES:
            raise BuildError("datasets-too-many", path=str(datasets), limit=MAX_FILES)
        if stat.S_ISREG(mode):
            files.append(_copy(datasets / path, room / path, path))
        else:
            code = "path-symlink" if stat.S_ISLNK(mode) else "path-not-file"
            findings.append(Finding(code=code, severity="error", source="gazette", path=str(path)))
    refused = frozenset(finding.path for finding in findings if finding.path)
    findings += _case_clashes(files)
    return Snapshot(root=room, source=datasets, files=tuple(files), refused=refused), tuple(findings)


def _walk(folder: Path, below: PurePosixPath) -> Iterator[tuple[PurePosixPath, int]]:
    """Every entry below ``folder`` that is not a folder, by name, with its mode; links are not followed."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as fault:
        raise BuildError("input-unreadable", exit=3, path=str(folder), reason=fault.strerror) from fault
    for entry in entries:
        if entry.name.startswith("."):
            continue
        path = below / entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(folder / entry.name, path)
        else:
            yield path, entry.stat(follow_symlinks=False).st_mode


def _copy(source: Path, target: Path, path: PurePosixPath) -> File:
    digest = hashlib.sha256()
    size = 0
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        # A file replaced by a link since it was listed must not be followed.
        descriptor = os.open(source, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    except OSError as fault:
        raise BuildError("input-unreadable", exit=3, path=str(source), reason=fault.strerror) from fault
    with os.fdopen(descriptor, "rb") as reader, target.open("wb") as writer:
        while chunk := reader.read(_CHUNK):
            digest.update(chunk)
            writer.write(chunk)
            size += len(chunk)
    return File(path=str(path), bytes=size, sha256=digest.hexdigest())


def _case_clashes(files: list[File]) -> Iterator[Finding]:
    """Names that are one file on macOS and Windows and two elsewhere."""
    seen: dict[str, str] = {}
    for file in files:
        first = seen.setdefault(file.path.casefold(), file.path)
        if first != file.path:
            yield Finding(code="path-case", severity="error", source="gazette", path=file.path, facts={"other": first})
