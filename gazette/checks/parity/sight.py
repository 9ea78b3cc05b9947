"""The pairs of columns of one table: what every slice shows, and what they show together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from gazette.checks.parity import terms, texts
from gazette.checks.parity.compare import Columns, Trace, Traces, compare
from gazette.model import Slice

SMALL = 5_000
"""Rows up to which a table is carried along, to be compared together with all other small ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What was seen of the pairs of columns in some rows of a table: of a small table, the columns themselves."""

    piece: Slice
    rows: int
    columns: tuple[str, ...]
    pairs: tuple[texts.Pair, ...]
    cells: tuple[Columns, ...] = ()
    traces: tuple[Traces, ...] = ()


def look(table: pa.Table, piece: Slice) -> Sight:
    """What the rows of one slice show."""
    found = tuple(pair for pair in texts.pairs(piece.resource, table.column_names) if pair.zh)
    blanks = piece.resource.schema.missing_values if piece.resource.schema else ("",)
    cells = tuple(
        Columns(zh=_cells(table, pair.zh, blanks), en=_cells(table, pair.en, blanks), tag=pair.script) for pair in found
    )
    sight = Sight(piece=piece, rows=table.num_rows, columns=tuple(table.column_names), pairs=found)
    if piece.start == 0 and piece.end is None and table.num_rows <= SMALL:
        return replace(sight, cells=cells)
    glossary = terms.read(piece.root, piece.others) if found else terms.Glossary()
    return replace(sight, traces=tuple(compare(cells, glossary)))


def settle(seen: Iterable[Sight]) -> Sight | None:
    """What a table shows, from what all its slices show in their order; ``None`` where nothing could be read."""
    parts = list(seen)
    if len(parts) <= 1:
        return parts[0] if parts else None
    joined: list[Traces] = [{} for _ in parts[0].pairs]
    before = 0
    for part in parts:
        for whole, traces in zip(joined, part.traces, strict=True):
            for key, trace in traces.items():
                whole.setdefault(key, Trace()).join(trace.count, (row + before for row in trace.rows))
        before += part.rows
    whole_piece = replace(parts[0].piece, start=0, end=None)
    return replace(parts[0], piece=whole_piece, rows=before, traces=tuple(joined))


def _cells(table: pa.Table, name: str | None, blanks: tuple[str, ...]) -> pa.Array:
    """A column without white space around its texts, and empty where the schema sees no value."""
    if name is None:
        return pa.array([""] * table.num_rows, pa.string())
    column = table.column(name)
    cells = column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays([pa.array([], pa.string()), *column.chunks])
    trimmed = pc.utf8_trim_whitespace(pc.fill_null(cells, ""))
    stated = [blank for blank in blanks if blank]
    return pc.if_else(pc.is_in(trimmed, pa.array(stated)), "", trimmed) if stated else trimmed
