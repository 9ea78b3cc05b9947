"""Apache Parquet with types, a page index and the titles of columns in every language; read back by DuckDB.

Row groups of 50,000 rows in pages of 1,000 let a reader fetch a few rows of a large table by HTTP Range.
"""

from __future__ import annotations

import glob
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gazette.exports import digest, file
from gazette.exports.cells import Cells, Column, numbers
from gazette.model import Artifact

if TYPE_CHECKING:
    import duckdb

_GROUP = 50_000
_PAGE = 1_000
_WIDEST_INTEGER = 18
"""Decimal digits that any 64-bit integer holds."""
_WIDEST_DECIMAL = 38


def write(cells: Cells, stage: Path) -> Artifact:
    """Write the table; raises BuildError where what DuckDB reads is another."""
    target = file.place(cells, stage, "parquet")
    schema = _schema(cells)
    options = {"compression": "zstd", "compression_level": 9, "write_page_index": True, "max_rows_per_page": _PAGE}
    with target.open("xb") as out, pq.ParquetWriter(out, schema, **options) as writer:
        for group in _groups(cells, schema):
            writer.write_table(group, row_group_size=_GROUP)
    return file.proven(
        cells, stage, "parquet", "application/vnd.apache.parquet", cells.table, lambda: _fingerprint(cells, target)
    )


def _schema(cells: Cells) -> pa.Schema:
    about = {"title": dict(cells.resource.title.values), "dataset": cells.dataset.name, "table": cells.table}
    about |= {"status": "illustrative"} if cells.dataset.illustrative else {}
    about |= {"unlike": unlike} if (unlike := _unlike(cells)) else {}
    return pa.schema(
        [pa.field(column.field.name, _type(column), metadata=_titles(column)) for column in cells.columns],
        metadata={"gazette": json.dumps(about, ensure_ascii=False, sort_keys=True)},
    )


def _unlike(cells: Cells) -> list[str]:
    """The columns whose cells the canonical CSV writes in another way: 100.0 for 100, “n/a” for nothing."""
    unlike = []
    for place, name in enumerate(cells.names):
        pairs = zip(cells.raw, cells.batches, strict=True)
        same = (pc.fill_null(typed.column(place), "").equals(raw.column(place)) for raw, typed in pairs)
        unlike += [] if all(same) else [name]
    return unlike


def _titles(column: Column) -> dict[str, str]:
    texts = {"title": column.field.title, "description": column.field.description, "unit": column.field.unit}
    return {f"{name}@{language}": value for name, text in texts.items() for language, value in text.values}


def _type(column: Column) -> pa.DataType:
    if column.kind == "integer":
        if column.digits <= _WIDEST_INTEGER:
            return pa.int64()
        return pa.decimal128(_WIDEST_DECIMAL, 0)
    if column.kind == "number":
        if column.exact:
            return pa.float64()
        whole = column.digits + column.scale
        return pa.decimal128(_WIDEST_DECIMAL, column.scale) if whole <= _WIDEST_DECIMAL else pa.string()
    return {"boolean": pa.bool_(), "date": pa.date32()}.get(column.kind, pa.string())


def _groups(cells: Cells, schema: pa.Schema) -> Iterator[pa.Table]:
    """The rows, gathered to as many as a row group holds."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in cells.batches:
        columns = [pc.cast(values, field.type) for values, field in zip(batch.columns, schema, strict=True)]
        waiting.append(pa.record_batch(columns, schema=schema))
        rows += batch.num_rows
        while rows >= _GROUP:
            table = pa.Table.from_batches(waiting)
            yield table.slice(0, _GROUP)
            waiting = table.slice(_GROUP).to_batches()
            rows -= _GROUP
    if rows:
        yield pa.Table.from_batches(waiting)


def _fingerprint(cells: Cells, path: Path) -> str:
    import duckdb  # noqa: PLC0415 - a tenth of a second, and only a build reads back

    try:
        # Read as this one file, whatever its folders are called: neither a pattern nor partitions.
        table = _connection().read_parquet(glob.escape(str(path)), hive_partitioning=False)
        # DuckDB tells "a" from "A" by a number behind one of them, so columns go by their place.
        found = table.project(", ".join(f"CAST({_quoted(name)} AS VARCHAR)" for name in table.columns))
        return digest.of(cells.names, (_canonical(batch, cells) for batch in found.to_arrow_reader(_GROUP)))
    except duckdb.Error as fault:
        raise ValueError(path.name) from fault


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    import duckdb  # noqa: PLC0415

    return duckdb.connect(config={"threads": 1})


def _canonical(batch: pa.RecordBatch, cells: Cells) -> pa.RecordBatch:
    columns = [
        numbers(values.cast(pa.string())) if column.kind in {"integer", "number"} else values
        for values, column in zip(batch.columns, cells.columns, strict=True)
    ]
    return pa.record_batch(columns, names=cells.names)
