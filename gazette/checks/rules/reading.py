"""Tables as rules see them: only the columns asked for, as exact values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from itertools import count
from typing import TypeAlias

import pyarrow as pa

from gazette import tables
from gazette.checks.rules import calendar
from gazette.model import Dataset, Fact, Field, Resource, Slice

Value: TypeAlias = "Decimal | date | bool | str | None"
"""A cell: a number is a Decimal, never a float; ``None`` where it is blank."""

Previous: TypeAlias = Callable[[str, bytes], bytes | None]
"""The bytes of a file (its path below the datasets folder, its present bytes) before they last changed."""

KEPT = 8 << 20
"""Bytes of a table that is kept in memory between two rules."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One place where a rule is not kept, or could not be judged; ``variant`` chooses the sentence."""

    row: int | None = None
    field: str | None = None
    facts: Mapping[str, Fact]
    unjudged: str | None = None
    """Why nothing can be said: a variant of ``rule-unjudged``."""


def unjudged(row: int | None, why: str) -> Breach:
    """A row about which nothing can be said."""
    return Breach(row=row, facts={}, unjudged=why)


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table that passed the checks on its cells."""

    piece: Slice
    rows: int

    @property
    def dataset(self) -> Dataset:
        """The dataset it is part of."""
        return self.piece.dataset

    @property
    def resource(self) -> Resource:
        """What its descriptor says of it."""
        return self.piece.resource

    @cached_property
    def fields(self) -> Mapping[str, Field]:
        """Its columns by name."""
        return {field.name: field for field in self.resource.schema.fields} if self.resource.schema else {}

    def has(self, *names: str) -> bool:
        """Whether it has all these columns."""
        return all(name in self.fields for name in names)

    def first(self, *names: str) -> str:
        """The first of these columns that it has; ``KeyError`` without any."""
        for name in names:
            if name in self.fields:
                return name
        raise KeyError(names)

    def cells(self, *names: str) -> Iterator[tuple[int, tuple[Value, ...]]]:
        """Its records with their numbers, of each the values of the columns ``names``; a missing column is blank."""
        numbers = self._numbers()
        for batch in self._batches():
            found = [self._values(batch, name) for name in names]
            # The end of the batch is met first: no number is taken for a record that is not there.
            yield from ((number, values) for values, number in zip(zip(*found, strict=True), numbers, strict=False))

    def pairs(self, key: str, value: str) -> dict[Value, Value]:
        """Its values of one column by those of another, the last of a kind."""
        return {first: second for _, (first, second) in self.cells(key, value)}

    def keys(self, wanted: set[int]) -> Mapping[int, tuple[str, ...]]:
        """The primary keys of the records ``wanted``, as written."""
        names = self.resource.schema.primary_key if self.resource.schema else ()
        found = {}
        numbers = self._numbers()
        for batch in self._batches() if wanted and names else ():
            for place, row in zip(range(batch.num_rows), numbers, strict=False):
                if row in wanted:
                    found[row] = tuple(str(batch.column(name)[place].as_py()) for name in names)
        return found

    def _numbers(self) -> Iterator[int]:
        """The numbers of its records, as a spreadsheet shows them."""
        return count(2) if self._odd_numbers is None else iter(self._odd_numbers.tolist())

    @cached_property
    def _odd_numbers(self) -> tables.Array | None:
        return tables.row_numbers(self.piece)

    def _batches(self) -> Iterator[pa.RecordBatch]:
        if self._is_small:
            yield from self._kept
        else:
            yield from tables.batches(self.piece)

    @cached_property
    def _kept(self) -> tuple[pa.RecordBatch, ...]:
        return tuple(tables.batches(self.piece))

    @cached_property
    def _is_small(self) -> bool:
        return not self.resource.paths or tables.location(self.piece).stat().st_size <= KEPT

    @cached_property
    def _known(self) -> dict[tuple[int, str], list[Value]]:
        return {}

    def _values(self, batch: pa.RecordBatch, name: str) -> list[Value]:
        """The values of a column; of a table that is kept they are kept too, as several rules ask for them."""
        if not self._is_small:
            return self._column(batch, name)
        key = id(batch), name
        if key not in self._known:
            self._known[key] = self._column(batch, name)
        return self._known[key]

    def _column(self, batch: pa.RecordBatch, name: str) -> list[Value]:
        if name not in self.fields or name not in batch.schema.names:
            return [None] * batch.num_rows
        missing = self.resource.schema.missing_values if self.resource.schema else ("",)
        convert = _converter(self.fields[name])
        encoded = batch.column(name).dictionary_encode()
        # Each distinct text is converted once: codes, years and small counts repeat.
        values = [None if text in missing else convert(text) for text in encoded.dictionary.to_pylist()]
        return [None if place is None else values[place] for place in encoded.indices.to_pylist()]


@dataclass(frozen=True, kw_only=True)
class World:
    """Everything a rule may look at besides its own table."""

    tables: tuple[Table, ...]
    as_of: date
    previous: Previous

    def of_kind(self, kind: str) -> tuple[Table, ...]:
        """Every table of a kind, wherever it is published."""
        return tuple(table for table in self.tables if table.resource.kind == kind)

    def beside(self, table: Table, kind: str) -> Table | None:
        """The first table of a kind in the same dataset."""
        return next((other for other in self.of_kind(kind) if other.dataset.name == table.dataset.name), None)

    def named(self, dataset: str, resource: str) -> Table | None:
        """The table of this name."""
        found = (table for table in self.tables if (table.dataset.name, table.resource.name) == (dataset, resource))
        return next(found, None)

    @cached_property
    def work_calendar(self) -> calendar.WorkCalendar:
        """The days of the first dataset of kind ``work-calendar``; one that knows no year where there is none."""
        for table in self.tables:
            if "work-calendar" in (table.resource.kind, table.dataset.kind) and table.has("date", "is_workday"):
                return calendar.work_calendar(row for _, row in table.cells("date", "is_workday"))  # type: ignore[misc]
        return calendar.work_calendar(())


def whole(piece: Slice) -> Slice:
    """The table a slice is cut from."""
    return replace(piece, start=0, end=None)


def said(value: object) -> str:
    """A value as a message repeats it."""
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return f"{value.normalize() + 0:f}" if value else "0"
    return value.isoformat() if isinstance(value, date) else str(value)


def decimals(value: Decimal) -> int:
    """How many decimal places a number is written with."""
    return max(0, -int(value.as_tuple().exponent))


# --- one cell ---------------------------------------------------------------------------------------------


def _converter(field: Field) -> Callable[[str], Value]:
    """How a cell of ``field`` becomes a value; a cell that cannot is blank, its own check has spoken of it."""
    if field.type in {"integer", "number"}:
        return lambda text: _number(text, field)
    if field.type == "date":
        return lambda text: _day(text, field.format)
    if field.type == "boolean":
        true = set(field.descriptor.get("trueValues", ["true", "True", "TRUE", "1"]))
        false = set(field.descriptor.get("falseValues", ["false", "False", "FALSE", "0"]))
        return lambda text: True if text in true else False if text in false else None
    return lambda text: text if text.strip() else None


def _number(text: str, field: Field) -> Decimal | None:
    stated = field.descriptor
    if stated.get("bareNumber") is False:
        text = text.strip().strip("%¥￥$€£ ")
    text = text.replace(str(stated.get("groupChar") or "\0"), "").replace(str(stated.get("decimalChar") or "."), ".")
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _day(text: str, form: str) -> date | None:
    try:
        if form in {"default", "any"}:
            return date.fromisoformat(text)
        return datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar date has no zone
    except ValueError:
        return None
