"""CSV as RFC 4180 describes it: UTF-8 without a byte order mark, CRLF, quotes only where they are needed.

The file is put together column by column and read back by the csv module of the standard library, which
shares no code with that; the fingerprints of both tables must agree.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from gazette import tables
from gazette.exports.digest import Digest
from gazette.model import Artifact, BuildError, Slice

_LONGEST = 2**31 - 1
"""Longest cell the reader takes; its default of 131,072 would refuse what was checked."""


def write(table: tuple[Slice, ...], stage: Path) -> Artifact:
    """Write one table, given as the slices of its rows in order.

    Cells are written exactly as they were checked; a missing cell becomes an empty one, as CSV knows no other.
    Raises BuildError where the file read back is another table.
    """
    first = table[0]
    path = f"data/{first.dataset.name}/{first.resource.slug}.csv"
    target = stage / path
    target.parent.mkdir(parents=True, exist_ok=True)
    meant, content, size = Digest(), hashlib.sha256(), 0
    with target.open("xb") as file:
        for batch in _batches(table):
            lines = _lines(batch)
            file.write(lines)
            content.update(lines)
            size += len(lines)
            meant.update(zip(*(column.to_pylist() for column in batch.columns), strict=True))
    if _read(target) != meant.hexdigest():
        raise BuildError("export-mismatch", exit=3, path=path)
    return Artifact(
        path=path,
        bytes=size,
        sha256=content.hexdigest(),
        media_type="text/csv",
        dataset=first.dataset.name,
        resource=first.resource.name,
        rows=meant.rows - 1,
    )


def _batches(table: tuple[Slice, ...]) -> Iterator[pa.RecordBatch]:
    """The header as a batch of one row, then the rows; every cell a text, the columns as the schema orders them."""
    # A slice may end inside a quoted cell, so its slices are read as one.
    whole = replace(table[0], end=table[-1].end)
    schema = whole.resource.schema
    # Only rows that stand in the descriptor itself can lack a schema, so they are few.
    names = [field.name for field in schema.fields] if schema else tables.read(whole).column_names
    yield pa.record_batch([[name] for name in names], names=names)
    for batch in tables.batches(whole):
        yield pa.record_batch([pc.fill_null(batch.column(name), "") for name in names], names=names)


def _lines(batch: pa.RecordBatch) -> bytes:
    # A line that is empty is no row of one empty cell to any reader; RFC 4180 leaves only quotes to say it.
    columns = [_quoted(column, empty=batch.num_columns == 1) for column in batch.columns]
    rows = pc.binary_join_element_wise(*columns, ",")
    return "".join(f"{row}\r\n" for row in rows.to_pylist()).encode()


def _quoted(column: pa.Array, *, empty: bool) -> pa.Array:
    needed = pc.match_substring_regex(column, '[",\r\n]')
    if empty:
        needed = pc.or_(needed, pc.equal(column, ""))
    if not pc.any(needed).as_py():
        return column
    escaped = pc.replace_substring(column, '"', '""')
    return pc.if_else(needed, pc.binary_join_element_wise('"', escaped, '"', ""), column)


def _read(path: Path) -> str | None:
    """The fingerprint of the table in the file at ``path``; ``None`` where it is no CSV."""
    csv.field_size_limit(_LONGEST)
    found = Digest()
    try:
        with path.open(encoding="utf-8", newline="") as file:
            found.update(csv.reader(file, strict=True))
    except (csv.Error, ValueError):
        return None
    return found.hexdigest()
