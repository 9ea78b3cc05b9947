"""What a change did to a table that nobody meant: codes without their leading noughts, half of the rows gone."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from gazette import tables
from gazette.model import Finding, Slice

_CODE = re.compile(r"0+[1-9][0-9]*")

HALF = 0.5
"""Share of its rows that no table loses unnoticed."""

_TOLD = 4
"""Rows below which a share says nothing."""


def judge(pieces: Iterable[Slice], former: Mapping[str, bytes]) -> Iterator[Finding]:
    """Findings on tables whose file held something else in the last release: ``former`` by its path."""
    for piece in pieces:
        resource = piece.resource
        path = _path(piece)
        if piece.start == 0 and len(resource.paths) == 1 and resource.format == "csv" and path in former:
            before = _rows(former[path])
            if before and resource.schema:
                yield from _judged(piece, before)


def _rows(content: bytes) -> list[dict[str, str]]:
    """The rows a file held; none where it was not the kind of table we publish."""
    try:
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), restval=""))
    except (UnicodeDecodeError, csv.Error):
        return []


def _judged(piece: Slice, before: Sequence[Mapping[str, str]]) -> Iterator[Finding]:
    try:
        table = tables.read(piece)
    except (tables.Irregular, tables.Unclosed):
        return
    names = table.column_names
    if piece.end is None and len(before) >= _TOLD and table.num_rows < len(before) * HALF:
        facts = {"before": len(before), "after": table.num_rows}
        yield _finding("rows-lost", "warning", piece, facts=facts)
    key = piece.resource.schema.primary_key if piece.resource.schema else ()
    kept = [name for name in names if name in before[0]]
    if len(set(names)) < len(names):
        return
    cells = {name: table[name].to_pylist() for name in kept}
    for name in kept:
        others = [part for part in key if part != name]
        if not set(others) <= set(kept):
            continue
        yield from _shorn(piece, name, others, before, cells)


def _shorn(
    piece: Slice,
    name: str,
    others: Sequence[str],
    before: Sequence[Mapping[str, str]],
    cells: Mapping[str, Sequence[str | None]],
) -> Iterator[Finding]:
    """A column whose cells are what its codes were, without the noughts; rows are told by the rest of their key."""
    # The key itself may have lost its noughts.
    keys = [tuple(row[part].lstrip("0") for part in others) for row in before]
    codes = {(row[name].lstrip("0"), *key): row[name]
             for row, key in zip(before, keys, strict=True) if _CODE.fullmatch(row[name])}  # fmt: skip
    known = {(row[name], *key) for row, key in zip(before, keys, strict=True)}
    shorn = [[(cell or "").lstrip("0") for cell in cells[part]] for part in others]
    now = list(zip([cell or "" for cell in cells[name]], *shorn, strict=True))
    rows = [row for row, found in enumerate(now, 2) if found in codes and found not in known] if codes else []
    if rows:
        cell = now[rows[0] - 2]
        facts = {"cell": str(cell[0]), "before": codes[cell], "hits": len(rows)}
        yield _finding("leading-zeros-lost", "error", piece, row=rows[0], field=name, count=len(rows), facts=facts)


def _finding(code: str, severity: str, piece: Slice, **more: object) -> Finding:
    path = _path(piece)
    plain = {"source": "gazette", "dataset": piece.dataset.name, "resource": piece.resource.name, "path": path}
    return Finding(code=code, severity=severity, **plain, **more)  # type: ignore[arg-type]


def _path(piece: Slice) -> str:
    return "/".join(filter(None, (piece.dataset.folder, *piece.resource.paths)))
