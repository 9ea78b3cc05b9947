"""Text with delimiters (CSV, TSV) as columns of text.

A file is read in blocks that begin and end on the border of a record. Each block is tokenised by pyarrow in one
piece: its tokeniser agrees with Python's ``csv.reader`` (frictionless' reader) cell by cell, and a quoted CRLF
across the border of two of *its* blocks would lose its LF (apache/arrow#51368).
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv

from gazette.model import Resource
from gazette.tables import arrays
from gazette.tables.arrays import Array

_LONGEST = 64 << 20
"""A record longer than this is not read column by column."""

csv.field_size_limit(2**31 - 1)  # a cell may be long; the default of 131,072 would end the reading


class Irregular(Exception):
    """The file cannot be read column by column with frictionless' result; frictionless must read it itself."""


class Unclosed(Exception):
    """The last cell before ``end`` is still open, so ``end`` is not the border of a record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What the tokeniser must know of a CSV file."""

    path: Path
    delimiter: str
    labels: tuple[str, ...]
    universal: bool = False
    """Whether every line break, inside cells too, is read as a line feed: so frictionless reads TSV."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Some whole records of a file.

    ``cells`` holds the records that have as many cells as there are labels; ``ragged`` the others, by their index
    among the ``records``. The header, where the block begins the file, is the first record of both.
    """

    start: int
    end: int
    records: int
    cells: pa.RecordBatch
    ragged: Mapping[int, list[str]]

    @property
    def index(self) -> Array:
        """Index among the records of each row of ``cells``."""
        every = np.arange(self.records)
        return np.delete(every, list(self.ragged)) if self.ragged else every


def blocks(layout: Layout, start: int, end: int | None, nulls: Sequence[str], usual: int) -> Iterator[Block]:
    """The records between two bytes, in blocks of about ``usual`` bytes; see :func:`gazette.tables.blocks`."""
    size = layout.path.stat().st_size
    end = size if end is None else end
    length = usual
    with layout.path.open("rb") as file:
        while start < end:
            file.seek(start)
            data = file.read(min(length, end - start))
            stop = len(data) if start + len(data) == end else data.rfind(b"\n") + 1
            try:
                block = _tokenise(layout, data, start, stop, nulls)
            except Unclosed:
                if start + len(data) == end:
                    # A quote nobody closes swallows the rest of the file: frictionless says how it reads that.
                    raise Irregular if end == size else Unclosed from None
                if length >= _LONGEST:
                    raise Irregular from None
                length *= 2
                continue
            yield block
            start, length = block.end, usual


def pick(layout: Layout, block: tuple[int, int, int], wanted: Sequence[int]) -> list[list[str]]:
    """The records at the ascending indices ``wanted`` of a block (start, end, number of records)."""
    start, end, records = block
    with layout.path.open("rb") as file:
        file.seek(start)
        data = _plain(layout, file.read(end - start))
    newlines = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))
    ends = newlines + 1 if data.endswith(b"\n") else np.append(newlines + 1, len(data))
    # One line, one record: then a quoted line break is impossible, unless a lone CR makes up for it.
    if len(ends) == records and (b"\r" not in data or data.count(b"\r") == data.count(b"\r\n")):
        begins = np.concatenate(([0], ends))
        data = b"".join(data[begins[index] : ends[index]] for index in wanted)
        return _parse(layout, data, len(wanted))
    rows = _parse(layout, data if start else data.removeprefix(codecs.BOM_UTF8), records)
    return [rows[index] for index in wanted]


def divide(path: Path, length: int) -> Iterator[tuple[int, int | None]]:
    """The first byte and the byte after the last of parts of about ``length`` bytes, each ending after a line feed."""
    size = path.stat().st_size
    start = 0
    with path.open("rb") as file:
        while size - start > length:
            file.seek(start + length)
            file.readline()
            if file.tell() >= size:
                break
            yield start, file.tell()
            start = file.tell()
    yield start, None


def lines(path: Path, resource: Resource, rows: set[int]) -> dict[int, int]:
    """The first line of each of the records ``rows``, both counted from 1."""
    found: dict[int, int] = {}
    newline = "" if resource.format == "csv" else None
    with path.open(encoding=resource.encoding, newline=newline) as file:
        reader = csv.reader(file, **_options(resource))
        before = 0
        for number in range(1, max(rows) + 1):
            if next(reader, None) is None:
                break
            if number in rows:
                found[number] = before + 1
            before = reader.line_num
    return found


def _options(resource: Resource) -> dict[str, Any]:
    """What ``csv.reader`` is told of the dialect (Table Dialect v2)."""
    dialect = {"delimiter": "\t" if resource.format == "tsv" else ",", **resource.dialect}
    names = {
        "delimiter": "delimiter",
        "quoteChar": "quotechar",
        "doubleQuote": "doublequote",
        "escapeChar": "escapechar",
        "skipInitialSpace": "skipinitialspace",
    }
    return {names[name]: value for name, value in dialect.items() if name in names and value is not None}


def _plain(layout: Layout, data: bytes) -> bytes:
    """Whole lines with the line breaks frictionless sees."""
    if layout.universal and b"\r" in data:
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data


def _tokenise(layout: Layout, data: bytes, start: int, stop: int, nulls: Sequence[str]) -> Block:
    if not stop:
        raise Unclosed  # not one line feed
    if start and data.startswith(codecs.BOM_UTF8):
        raise Irregular  # pyarrow would drop it, csv.reader keeps it
    broken: dict[int, str] = {}
    shown = pa.py_buffer(_plain(layout, data[:stop])) if layout.universal else pa.py_buffer(data).slice(0, stop)

    def note(row: pyarrow.csv.InvalidRow) -> str:
        broken[row.number - 1] = row.text
        return "skip"

    names = [str(number) for number in range(len(layout.labels))]
    try:
        table = pyarrow.csv.read_csv(
            shown,
            # One thread: with more, rows have no number (InvalidRow.number is None).
            read_options=pyarrow.csv.ReadOptions(use_threads=False, block_size=stop + 1, column_names=names),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=layout.delimiter, ignore_empty_lines=False, invalid_row_handler=note
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), null_values=nulls, strings_can_be_null=bool(nulls)
            ),
        )
    except (pa.ArrowInvalid, UnicodeDecodeError) as fault:
        raise Irregular from fault  # bytes that are not UTF-8
    ragged = {index: _parse(layout, (text + "\n").encode(), 1)[0] for index, text in broken.items()}
    records = table.num_rows + len(ragged)
    (cells,) = table.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], table.schema)]
    last = ragged.get(records - 1, [cells[-1][-1].as_py()] if cells.num_rows else [""])
    # Only a quoted cell can end in a line break; whether its quote is closed, the next block shows.
    if last and (last[-1] or "").endswith("\n"):
        raise Unclosed
    return Block(start=start, end=start + stop, records=records, cells=cells, ragged=ragged)


def _parse(layout: Layout, data: bytes, expected: int) -> list[list[str]]:
    """The records of ``data`` as ``csv.reader`` reads them, told what frictionless tells it."""
    rows = list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=layout.delimiter))
    if len(rows) != expected:
        raise Irregular
    return rows


def whole(block: Block, labels: Sequence[str]) -> pa.RecordBatch:
    """The rows of a block under their labels, ragged ones in their place, the header left out."""
    columns = block.cells.columns
    if block.ragged:
        order = np.argsort(np.concatenate((block.index, list(block.ragged))), kind="stable")
        odd = [arrays.texts([row[place] if place < len(row) else None for row in block.ragged.values()])
               for place in range(len(labels))]  # fmt: skip
        columns = [arrays.keep(pa.concat_arrays(pair), order) for pair in zip(columns, odd, strict=True)]
    batch = pa.RecordBatch.from_arrays(columns, names=list(labels))
    return batch if block.start else batch.slice(1)
