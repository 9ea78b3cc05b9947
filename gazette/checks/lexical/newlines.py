"""How the lines of a file end, and whether its quotes enclose cells."""

from __future__ import annotations

import codecs
import mmap
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gazette import tables
from gazette.model import Slice

_CHUNK = 4 << 20
_DELIMITERS = {"csv": ",", "tsv": "\t"}


class Ends(NamedTuple):
    """How many records of a slice end in which way; 0 for all where no end is unusual."""

    crlf: int = 0
    lf: int = 0
    cr: int = 0
    stray: int = 0
    """Quotes that neither open nor close a cell (RFC 4180, section 2)."""
    first: int | None = None
    """Where the first of them stands: bytes from the file's beginning."""


def look(table: pa.Table, piece: Slice) -> Ends:
    """The ends of the records of one slice of a text file; line breaks inside cells are none."""
    resource = piece.resource
    if resource.format not in {"csv", "tsv"} or len(resource.paths) != 1 or _is_wide(resource.encoding):
        return Ends()
    with tables.location(piece).open("rb") as file:
        size = file.seek(0, 2)
        if not size:
            return Ends()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            start, end = piece.start, piece.end or size
            stray, first = _stray(
                data, start, end, str(resource.dialect.get("delimiter") or _DELIMITERS[resource.format])
            )
            if resource.dialect.keys() & {"quoteChar", "escapeChar", "doubleQuote"}:
                stray, first = 0, None  # other rules for quotes
            if data.find(b"\r", start, end) < 0:
                return Ends(lf=int(data.find(b"\n", start, end) >= 0), stray=stray, first=first)
            content = data[start:end]
    crlf, cr, lf = content.count(b"\r\n"), content.count(b"\r"), content.count(b"\n")
    inside = [_inside(table, text) for text in ("\r\n", "\r", "\n")]
    crlf, cr, lf = crlf - inside[0], cr - inside[1], lf - inside[2]
    return Ends(crlf=crlf, lf=lf - crlf, cr=cr - crlf, stray=stray, first=first)


def total(seen: Sequence[Ends]) -> Ends:
    """The ends of a whole table."""
    return Ends(
        crlf=sum(each.crlf for each in seen),
        lf=sum(each.lf for each in seen),
        cr=sum(each.cr for each in seen),
        stray=sum(each.stray for each in seen),
        first=next((each.first for each in seen if each.first is not None), None),
    )


def line(piece: Slice, byte: int) -> int:
    """The line of a byte of the file, from 1."""
    with tables.location(piece).open("rb") as file:
        return file.read(byte).count(b"\n") + 1


def _stray(data: mmap.mmap, start: int, end: int, delimiter: str) -> tuple[int, int | None]:
    """How many quotes have an ordinary character on both sides, and where the first stands.

    Inside a quoted cell a quote is doubled; any other ends the cell, or begins it.
    """
    if data.find(b'"', start, end) < 0:
        return 0, None
    border = np.isin(np.arange(256), list(b'"\r\n' + delimiter.encode()))
    count, first = 0, None
    for begin in range(start, end, _CHUNK):
        before = max(begin - 1, start)
        part = np.frombuffer(data[before : min(begin + _CHUNK + 1, end)], np.uint8)
        inner = np.flatnonzero(part[1:-1] == ord('"')) + 1
        inner = inner[~(border[part[inner - 1]] | border[part[inner + 1]])]
        if first is None and len(inner):
            first = int(inner[0]) + before
        count += len(inner)
    return count, first


def _inside(table: pa.Table, text: str) -> int:
    counts: list[int] = [pc.sum(pc.count_substring(column, text)).as_py() or 0 for column in table.columns]
    names: list[str] = table.column_names
    return sum(counts) + sum(name.count(text) for name in names)


def _is_wide(encoding: str) -> bool:
    """Whether a line break is more than one byte."""
    return codecs.lookup(encoding).name.startswith(("utf-16", "utf-32"))
