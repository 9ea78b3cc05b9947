"""CSV as RFC 4180 describes it: UTF-8, CRLF, quotes only where they are needed.

The canonical file has the cells exactly as they were checked, names of fields as its header and no byte order mark.
A labelled file is for the eyes of one language: titles as its header, the label of a code beside the code, and the
mark without which a spreadsheet on a Chinese Windows reads UTF-8 as GB18030. Each is put together column by column
and read back by the csv module of the standard library, which shares no code with that.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from gazette.exports import digest, file
from gazette.exports.cells import Cells
from gazette.exports.labels import Labels
from gazette.model import Artifact, Language

_LONGEST = 2**31 - 1
"""Longest cell the reader takes; its default of 131,072 would refuse what was checked."""
_BLOCK = 10_000
_MARKS = (b'"', b",", b"\r", b"\n")

_Table: TypeAlias = tuple[list[str], Iterable[pa.RecordBatch]]
"""The header and the rows."""


def write(cells: Cells, stage: Path) -> Artifact:
    """Write the canonical file; raises BuildError where what is read back is another table."""
    return _file(cells, stage, "csv", (cells.names, cells.raw), b"")


def write_labelled(cells: Cells, stage: Path, labels: Labels, language: Language) -> Artifact:
    """Write the file with the titles and labels of ``language``; raises as :func:`write` does."""
    table = (labels.header(language), labels.rows(language))
    return _file(cells, stage, f"{language}.csv", table, codecs.BOM_UTF8)


def _file(cells: Cells, stage: Path, suffix: str, table: _Table, mark: bytes) -> Artifact:
    header, rows = table
    target = file.place(cells, stage, suffix)
    with target.open("xb") as out:
        out.write(mark + _lines(pa.record_batch([[name] for name in header], names=header)))
        meant = digest.Digest(header)
        for batch in rows:
            meant.add(batch)
            out.write(_lines(batch))

    def found() -> str:
        return digest.of(header, _read(target, header, mark))

    return file.proven(cells, stage, suffix, "text/csv", meant.hexdigest(), found)


def _lines(batch: pa.RecordBatch) -> bytes:
    # A line that is empty is no row of one empty cell to any reader; RFC 4180 leaves only quotes to say it.
    columns = [_quoted(column.cast(pa.large_string()), empty=batch.num_columns == 1) for column in batch.columns]
    return digest.joined(pc.binary_join_element_wise(*columns, pa.scalar(",", pa.large_string())), "\r\n")


def _quoted(column: pa.Array, *, empty: bool) -> pa.Array:
    column = pc.fill_null(column, "")
    # Looking into one long text is much cheaper than into every cell.
    text = digest.joined(column, "")
    if not empty and not any(mark in text for mark in _MARKS):
        return column
    needed = pc.match_substring_regex(column, '[",\r\n]')
    if empty:
        needed = pc.or_(needed, pc.equal(column, ""))
    quote = pa.scalar('"', column.type)
    escaped = pc.replace_substring(column, '"', '""')
    return pc.if_else(needed, pc.binary_join_element_wise(quote, escaped, quote, pa.scalar("", column.type)), column)


def _read(path: Path, header: list[str], mark: bytes) -> Iterator[pa.RecordBatch]:
    """The rows of the file; ``ValueError`` where it is no CSV with this header."""
    csv.field_size_limit(_LONGEST)
    with path.open(encoding="utf-8-sig" if mark else "utf-8", newline="") as lines:
        rows = csv.reader(lines, strict=True)
        if next(rows, None) != header:
            raise ValueError(path.name)
        while block := list(islice(rows, _BLOCK)):
            yield pa.record_batch(list(map(pa.array, zip(*block, strict=True))), names=header)
