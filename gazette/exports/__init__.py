"""The tables as files to download, one module per format, each written from checked cells and read back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path

from gazette.exports import csv
from gazette.model import Artifact, Settings, Slice

_FORMATS: dict[str, Callable[[tuple[Slice, ...], Path], Artifact]] = {"csv": csv.write}


def write(pieces: Iterable[Slice], settings: Settings, stage: Path) -> tuple[Artifact, ...]:  # noqa: ARG001
    """Write every table of ``pieces`` in every format to ``data/<dataset>/<slug>.<format>`` below ``stage``.

    The pieces of one table must follow one another in the order of its rows. Raises BuildError where a file
    read back is not the table that was to be written.
    """
    tables = groupby(pieces, key=lambda piece: (piece.dataset.name, piece.resource.name))
    grouped = [tuple(table) for _, table in tables]
    return tuple(form(table, stage) for table in grouped for form in _FORMATS.values())
