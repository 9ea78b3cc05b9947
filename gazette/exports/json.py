"""JSON and JSON Lines (RFC 8259; jsonlines.org): one object a row, names of fields as its keys.

Numbers are written digit by digit, so none is rounded; what is missing is null. The array is read back by ijson, the
lines by the json module of the standard library, neither of which wrote a byte of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import ijson
import pyarrow as pa
import pyarrow.compute as pc

from gazette.exports import digest, file
from gazette.exports.cells import Cells, Column, numbers
from gazette.model import Artifact

_BLOCK = 10_000
_SPECIAL = '["\\\\\x00-\x1f\x7f\u2028\u2029]'
"""What a string must escape (RFC 8259, 7), and what old readers of JavaScript stumble over."""


def write_array(cells: Cells, stage: Path) -> Artifact:
    """Write one array of all rows."""
    target = file.place(cells, stage, "json")
    with target.open("xb") as out:
        before = b"[\n"
        for rows in _objects(cells):
            out.write(before + digest.joined(rows, ",\n")[:-2])
            before = b",\n"
        out.write(b"\n]\n" if before != b"[\n" else b"[]\n")
    return _proven(cells, stage, "json", "application/json", partial(_array, target))


def write_lines(cells: Cells, stage: Path) -> Artifact:
    """Write one line a row."""
    target = file.place(cells, stage, "jsonl")
    with target.open("xb") as out:
        for rows in _objects(cells):
            out.write(digest.joined(rows, "\n"))
    return _proven(cells, stage, "jsonl", "application/jsonl", partial(_lines, target))


def _objects(cells: Cells) -> Iterator[pa.LargeStringArray]:
    keys = [json.dumps(name, ensure_ascii=False) for name in cells.names]
    blank = pa.scalar("", pa.large_string())
    for batch in cells.batches:
        if not batch.num_rows:
            continue
        parts: list[Any] = []
        for number_, (key, values, column) in enumerate(zip(keys, batch.columns, cells.columns, strict=True)):
            parts += [pa.scalar(f"{', ' if number_ else '{'}{key}: ", pa.large_string()), _value(values, column)]
        yield pc.binary_join_element_wise(*parts, pa.scalar("}", pa.large_string()), blank)


def _value(cells: pa.Array, column: Column) -> pa.Array:
    texts = cells.cast(pa.large_string())
    if column.kind in {"text", "date"}:
        texts = _string(texts)
    return pc.fill_null(texts, "null")


def _string(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    special = pc.fill_null(pc.match_substring_regex(texts, _SPECIAL), fill_value=False)
    quote = pa.scalar('"', texts.type)
    plain = pc.binary_join_element_wise(quote, texts, quote, pa.scalar("", texts.type))
    if not pc.any(special).as_py():
        return plain
    hard = pc.filter(texts, special).to_pylist()
    # ASCII would escape every Chinese character; these few are escaped one by one.
    escaped = [
        json.dumps(text, ensure_ascii=False)
        .replace("\x7f", "\\u007f")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
        for text in hard
    ]
    return pc.replace_with_mask(plain, special, pa.array(escaped, texts.type))


def _proven(
    cells: Cells, stage: Path, suffix: str, media_type: str, rows: Callable[[], Iterator[Mapping[str, Any]]]
) -> Artifact:
    def found() -> str:
        return digest.of(cells.names, _batches(rows(), cells))

    return file.proven(cells, stage, suffix, media_type, cells.table, found)


def _array(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open("rb") as content:
        try:
            yield from ijson.items(content, "item")
        except ijson.JSONError as fault:
            raise ValueError(path.name) from fault


def _lines(path: Path) -> Iterator[Mapping[str, Any]]:
    decode = json.JSONDecoder(parse_float=Decimal).decode
    with path.open(encoding="utf-8", newline="\n") as lines:
        yield from map(decode, lines)


def _batches(rows: Iterable[Mapping[str, Any]], cells: Cells) -> Iterator[pa.RecordBatch]:
    """The rows as canonical cells; ``ValueError`` for a row with other keys or a cell of another type."""
    rows = iter(rows)
    while block := list(islice(rows, _BLOCK)):
        if any(list(row) != cells.names for row in block):
            raise ValueError(cells.names)
        columns = [_column([row[column.field.name] for row in block], column) for column in cells.columns]
        yield pa.record_batch(columns, names=cells.names)


def _column(values: Sequence[Any], column: Column) -> pa.Array:
    types: tuple[type, ...] = (int, Decimal)
    if column.kind in {"text", "date"}:
        types = (str,)
    elif column.kind == "boolean":
        types = (bool,)
    if not set(map(type, values)) <= {*types, type(None)}:
        raise ValueError(column.field.name)
    if column.kind == "boolean":
        return pa.array(values, pa.bool_()).cast(pa.string())
    if column.kind in {"integer", "number"}:
        return numbers(pa.array([None if value is None else str(value) for value in values], pa.string()))
    return pa.array(values, pa.string())
