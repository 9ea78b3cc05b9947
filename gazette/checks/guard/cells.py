"""Judges tables, whole or in slices.

``look`` sees one slice and can run anywhere; ``settle`` says what all slices of a table together mean. However a
table is cut, the findings are the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, islice
from typing import TypeAlias

import pyarrow as pa

from gazette.checks.guard import kinds, numbers, search, sieve
from gazette.model import Field, Finding, Severity, Slice, Text

LISTED = 10
"""A column with more cells of one kind than this gets one finding for all."""

_ENOUGH = 20
_SERIES: Mapping[str, tuple[str, Severity]] = {
    # One number in eleven passes by chance; a real one among them would not stand out, and it is the gravest.
    "personal-id": ("personal-id-series", "error"),
    "personal-card": ("personal-series", "warning"),
    "personal-mobile": ("personal-series", "warning"),
}


@dataclass(slots=True, kw_only=True)
class _Trace:
    """What was seen of one kind in one column. The values are not kept."""

    severity: Severity
    count: int = 0
    rows: list[tuple[int, int]] = field(default_factory=list)
    """The first rows, from 0, with how many they hold: one more than is listed."""
    bare: Counter[int] = field(default_factory=Counter)
    """Lengths of those that are nothing but a number and fill their cell."""

    def add(self, row: int, bare: int | None) -> None:
        """One more in ``row``; ``bare`` is the length of its cell where it is nothing but a number."""
        self.count += 1
        if self.rows and self.rows[-1][0] == row:
            self.rows[-1] = (row, self.rows[-1][1] + 1)
        elif len(self.rows) <= LISTED:
            self.rows.append((row, 1))
        if bare is not None:
            self.bare[bare] += 1

    def join(self, later: _Trace, before: int) -> None:
        """Add what was seen in a later slice, ``before`` whose first row there are so many."""
        self.count += later.count
        self.rows += [(row + before, count) for row, count in later.rows[: LISTED + 1 - len(self.rows)]]
        self.bare.update(later.bare)


@dataclass(slots=True, kw_only=True)
class _Column:
    """What was seen in one column."""

    name: str | None
    """``None`` where the header itself must not be published: a file without a header row has data there."""
    header: Counter[tuple[str, Severity]]
    traces: dict[str, _Trace]
    lengths: Counter[int]
    """How many cells are nothing but a number, by its length."""
    announced: bool
    """Whether the header says that these are personal numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What was seen in one slice."""

    rows: int
    columns: tuple[_Column, ...]


def judge(table: pa.Table, piece: Slice) -> tuple[Finding, ...]:
    """What must not be published in the cells and headers of a whole table."""
    return settle([(piece, look(table, piece))])


def look(table: pa.Table, piece: Slice) -> Sight:
    """What there is to see in the cells and headers of one slice of a table."""
    return sights([(table, piece)])[0]


def sights(seen: Sequence[tuple[pa.Table, Slice]]) -> list[Sight]:
    """The same of several tables, whose columns are sifted together."""
    described = [_described(table, piece) for table, piece in seen]
    columns = [(values, each) for (table, _), fields in zip(seen, described, strict=True)
               for values, each in zip(table.columns, fields, strict=True)]  # fmt: skip
    texts = [values for values, _ in columns]
    headers, hits = search.table([(name, kinds.Context()) for table, _ in seen for name in table.column_names], columns)
    every = zip(headers, hits, sieve.lengths(texts), sieve.masks(texts), strict=True)
    return [_sight(table, fields, islice(every, table.num_columns))
            for (table, _), fields in zip(seen, described, strict=True)]  # fmt: skip


_Seen: TypeAlias = "tuple[tuple[kinds.Hit, ...], list[tuple[int, kinds.Hit]], Counter[int], dict[int, str]]"
"""Of one column: the hits in its header and in its cells, the lengths of its bare numbers, its masks."""


def _described(table: pa.Table, piece: Slice) -> list[Field]:
    fields = {each.name: each for each in (piece.resource.schema.fields if piece.resource.schema else ())}
    return [fields.get(name) or _undescribed(name) for name in table.column_names]


def _sight(table: pa.Table, fields: Sequence[Field], seen: Iterable[_Seen]) -> Sight:
    dated = any(each.type in {"date", "time", "datetime"} for each in fields)
    columns, masks = [], []
    for each, values, (header, hits, lengths, mask) in zip(fields, table.columns, seen, strict=True):
        column = _Column(
            name=None if header else each.name,
            header=Counter((hit.code, hit.severity) for hit in header),
            traces=_traces(values, hits, dated=dated),
            lengths=lengths,
            announced=kinds.says_what_it_holds(search.context_of(each).header),
        )
        columns.append(column)
        if mask:
            masks.append((column, mask))
    for (_, shown), (column, also_shown) in combinations(masks, 2):
        _complete(column, shown, also_shown)
    return Sight(rows=table.num_rows, columns=tuple(columns))


def settle(parts: Iterable[tuple[Slice, Sight]]) -> tuple[Finding, ...]:
    """The findings on a table from all its slices in their order."""
    joined: list[_Column] = []
    before = 0
    address: Slice | None = None
    for piece, sight in parts:
        address = address or piece
        if not joined:
            joined = [_copy(column) for column in sight.columns]
        else:
            for column, later in zip(joined, sight.columns, strict=True):
                _join(column, later, before)
        before += sight.rows
    if address is None or not any(column.header or column.traces for column in joined):
        return ()
    path = _path(address)
    return tuple(each for number, column in enumerate(joined) for each in _findings(address, path, number, column))


def _undescribed(name: str) -> Field:
    return Field(name=name, type="any", format="default", title=Text(), description=Text(), constraints={})


# --- looking ----------------------------------------------------------------------------------------------


def _traces(values: pa.ChunkedArray, hits: Sequence[tuple[int, kinds.Hit]], *, dated: bool) -> dict[str, _Trace]:
    if not hits:
        return {}
    cells = values.take(pa.array([row for row, _ in hits], pa.int64())).to_pylist()
    traces: dict[str, _Trace] = {}
    for (row, hit), cell in zip(hits, cells, strict=True):
        # A number plate beside a date tells where somebody was.
        if dated and hit.code == "personal-plate":
            hit = hit._replace(code="personal-whereabouts", severity="error")  # noqa: PLW2901
        whole = hit.end - hit.start == len(cell) and sieve.BARE.fullmatch(cell)
        traces.setdefault(hit.code, _Trace(severity=hit.severity)).add(row, len(cell) if whole else None)
    return traces


def _complete(column: _Column, shown: Mapping[int, str], also_shown: Mapping[int, str]) -> None:
    """Add to ``column`` the masks that hide other digits of a number than those in an earlier column."""
    for row in sorted(shown.keys() & also_shown.keys()):
        if _give_away(shown[row], also_shown[row]):
            column.traces.setdefault("personal-mask", _Trace(severity="error")).add(row, None)


def _give_away(one: str, other: str) -> bool:
    if kinds.is_weak(one) or kinds.is_weak(other):
        return False
    together = "".join(min(pair, key="*".__eq__) for pair in zip(one, other, strict=True))
    if any("*" not in pair and len(set(pair)) > 1 for pair in zip(one, other, strict=True)):
        return False
    return kinds.is_weak(together) if "*" in together else numbers.is_identity_number(together)


# --- settling ---------------------------------------------------------------------------------------------


def _copy(column: _Column) -> _Column:
    """A column to add to, for what a slice showed is not ours to change."""
    empty = _Column(name=column.name, header=column.header, traces={}, lengths=Counter(), announced=column.announced)
    _join(empty, column, 0)
    return empty


def _join(column: _Column, later: _Column, before: int) -> None:
    for code, trace in later.traces.items():
        column.traces.setdefault(code, _Trace(severity=trace.severity)).join(trace, before)
    column.lengths.update(later.lengths)


def _findings(piece: Slice, path: str | None, number: int, column: _Column) -> Iterator[Finding]:
    blank = Finding(
        code="",
        severity="error",
        source="gazette",
        dataset=piece.resource.dataset,
        path=path,
        resource=piece.resource.name,
        column=None if column.name else number + 1,
        field=column.name,
    )
    for (code, severity), count in sorted(column.header.items()):
        yield replace(blank, code=code, severity=severity, row=1, count=count, facts={"hits": count})
    for code, trace in sorted(column.traces.items()):
        first, total = trace.rows[0][0] + 2, trace.count
        if cells := _by_chance(code, trace, column):
            series, severity = _SERIES[code]
            facts = {"hits": total, "cells": cells}
            yield replace(blank, code=series, severity=severity, row=first, count=total, facts=facts)
            continue
        seen = replace(blank, code=code, severity=trace.severity)
        if len(trace.rows) > LISTED:
            yield replace(seen, row=first, count=total, facts={"hits": total})
        else:
            yield from (replace(seen, row=row + 2, count=count, facts={"hits": count}) for row, count in trace.rows)


def _by_chance(code: str, trace: _Trace, column: _Column) -> int | None:
    """How many cells have the form of the hits, where so few of them pass the check that chance explains it.

    A real column of identity or card numbers passes nearly always, a column of serial numbers once in eleven
    or ten; fewer than a quarter of at least twenty is taken for serial numbers.
    """
    if code not in _SERIES or column.announced or trace.bare.total() < trace.count:
        return None
    cells = sum(column.lengths[length] for length in trace.bare)
    return cells if cells >= _ENOUGH and trace.count * 4 < cells else None


def _path(piece: Slice) -> str | None:
    if len(piece.resource.paths) != 1:
        return None
    path = f"{piece.dataset.folder}/{piece.resource.paths[0]}".removeprefix("/")
    return None if search.scan(path) else path
