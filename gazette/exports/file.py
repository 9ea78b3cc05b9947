"""Where a file to download lies, and the proof that it holds what was to be written."""

from __future__ import annotations

import csv
import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

from gazette.exports.cells import Cells
from gazette.model import Artifact, BuildError

_DATE = (1980, 1, 1, 0, 0, 0)
"""The first day a ZIP file knows (APPNOTE 4.4.6): a date that says nothing."""
_MODE = 0o100644 << 16
_UNIX = 3


def path(cells: Cells, suffix: str) -> str:
    """POSIX path below the site."""
    return f"data/{cells.dataset.name}/{cells.resource.slug}.{suffix}"


def entry(name: str, level: int) -> zipfile.ZipInfo:
    """A file of a ZIP archive, deflated so hard, that says nothing of when and where it was packed."""
    found = zipfile.ZipInfo(name, _DATE)
    found.external_attr, found.create_system, found.compress_type = _MODE, _UNIX, zipfile.ZIP_DEFLATED
    # Only ZipFile.writestr takes the level as an argument, and it wants the whole file at once.
    found._compresslevel = level  # type: ignore[attr-defined]  # noqa: SLF001
    return found


def place(cells: Cells, stage: Path, suffix: str) -> Path:
    """The file to be written, in a folder that exists."""
    target = stage / path(cells, suffix)
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def proven(cells: Cells, stage: Path, suffix: str, media_type: str, meant: str, found: Callable[[], str]) -> Artifact:
    """The finished file; BuildError where the fingerprint ``found`` in it is not the one that was ``meant``."""
    target = stage / path(cells, suffix)
    try:
        same = found() == meant
    except (ValueError, csv.Error):
        same = False
    if not same:
        raise BuildError("export-mismatch", exit=3, path=path(cells, suffix))
    with target.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    return Artifact(
        path=path(cells, suffix),
        bytes=target.stat().st_size,
        sha256=sha256,
        media_type=media_type,
        dataset=cells.dataset.name,
        resource=cells.resource.name,
        rows=cells.rows,
        table=cells.table,
    )
