"""The checked cells of a table in canonical form, from which every format is written and to which each is read back.

A column whose cells all are what its type says in the plain form of the standard (Table Schema v2, "Types and
formats") is *typed*; any other column is text, unchanged. A typed cell has one form: integers and numbers in decimal
digits without sign, leading or trailing zeros that say nothing and without exponent, booleans ``true`` and ``false``,
dates as ISO 8601. A cell that is empty or one of the table's missing values is null.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Literal, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from gazette import tables
from gazette.exports.digest import Digest
from gazette.model import Dataset, Field, Resource, Slice, Text

Kind: TypeAlias = Literal["text", "integer", "number", "boolean", "date"]

# RE2, so \z is the end of the text and nothing else.
_PLAIN: Mapping[str, tuple[Kind, str]] = {
    "integer": ("integer", r"^[+-]?[0-9]{1,38}\z"),
    "number": ("number", r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?\z"),
    "year": ("integer", r"^[1-9][0-9]{3}\z"),
    "date": ("date", r"^(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})-[0-9]{2}-[0-9]{2}\z"),
}
_CANONICAL = r"^(0|-?[1-9][0-9]*|-?(0|[1-9][0-9]*)\.[0-9]*[1-9])\z"
FORMULA = "^[=+\\-@＝＋－＠\t\r\n]"
"""How a text begins that a spreadsheet computes when it opens a CSV file (OWASP, "CSV Injection")."""
_EXACT = 15
"""Decimal digits a binary64 number holds whatever they are (IEEE 754-2019, 5.12.2; C's DBL_DIG)."""
_KEPT = 16 << 20
"""Bytes of a table that is kept in memory while its files are written; a larger one is put into a file."""
_TRUE = ("true", "True", "TRUE", "1")
_FALSE = ("false", "False", "FALSE", "0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """How the cells of one column are written where a format has types."""

    field: Field
    kind: Kind
    digits: int = 0
    """Significant digits of a number in it, at most."""
    scale: int = 0
    """Digits behind the decimal point, at most, of a number that is not exact."""
    formulas: bool = False
    """Whether a spreadsheet would take a text in it for a formula (OWASP, "CSV Injection")."""
    longest: int = 0
    """Code units of UTF-16 in its longest cell, at most."""

    @property
    def exact(self) -> bool:
        """Whether binary floating point holds every number of the column."""
        return self.digits <= _EXACT


@dataclass(frozen=True, kw_only=True)
class Cells:
    """One table: its columns and its rows, which are read once however many files they are written to."""

    piece: Slice
    columns: tuple[Column, ...]
    rows: int
    table: str
    """Fingerprint of the canonical cells; see :mod:`gazette.exports.digest`."""
    raw: tuple[pa.RecordBatch, ...]
    """The rows as they were checked; a cell that a row does not have is empty."""
    batches: tuple[pa.RecordBatch, ...]
    """The rows in canonical form."""

    @property
    def dataset(self) -> Dataset:
        """The dataset it belongs to."""
        return self.piece.dataset

    @property
    def resource(self) -> Resource:
        """What its descriptor says."""
        return self.piece.resource

    @cached_property
    def names(self) -> list[str]:
        """The names of the columns, as the header of the canonical CSV states them."""
        return [column.field.name for column in self.columns]


def gather(pieces: tuple[Slice, ...], room: Path | None = None) -> Cells:
    """The table that the slices ``pieces`` are, in their order.

    A large one is put into ``room``, an existing folder, which must stay as long as the table is used; without a
    room every table is kept in memory.
    """
    # A slice may end inside a quoted cell, so its slices are read as one.
    whole = replace(pieces[0], end=pieces[-1].end)
    schema = whole.resource.schema
    # Only rows that stand in the descriptor itself can lack a schema, so they are few.
    fields = schema.fields if schema else tuple(map(_plain_field, tables.read(whole).column_names))
    names = [field.name for field in fields]
    surveys = [_Survey(field, whole.resource) for field in fields]
    raw = _stored(_surveyed(_raw(whole, names), surveys), room and room / "raw.arrow")
    columns = tuple(survey.column() for survey in surveys)
    total = Digest(names)
    canonical = _stored(_counted(_canonicals(raw, columns, whole.resource), total), room and room / "canonical.arrow")
    return Cells(piece=whole, columns=columns, rows=total.rows, table=total.hexdigest(), raw=raw, batches=canonical)


def _stored(batches: Iterator[pa.RecordBatch], place: Path | None) -> tuple[pa.RecordBatch, ...]:
    """All ``batches``; beyond :data:`_KEPT` bytes they lie in the file ``place``, and memory only refers to it."""
    kept: list[pa.RecordBatch] = []
    size = 0
    for batch in batches:
        kept.append(batch)
        size += batch.nbytes
        if place and size > _KEPT:
            break
    else:
        return tuple(kept)
    with pa.ipc.new_file(str(place), kept[0].schema) as out:
        for batch in chain(kept, batches):
            out.write_batch(batch)
    found = pa.ipc.open_file(pa.memory_map(str(place)))
    return tuple(map(found.get_batch, range(found.num_record_batches)))


def _surveyed(batches: Iterator[pa.RecordBatch], surveys: Sequence[_Survey]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for survey, cells in zip(surveys, batch.columns, strict=True):
            survey.see(cells)
        yield batch


def _counted(batches: Iterator[pa.RecordBatch], total: Digest) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        total.add(batch)
        yield batch


def _canonicals(
    raw: Iterable[pa.RecordBatch], columns: Sequence[Column], resource: Resource
) -> Iterator[pa.RecordBatch]:
    for batch in raw:
        found = [
            _canonical(_filled(cells, column.field, resource), column.kind, column.field)
            for cells, column in zip(batch.columns, columns, strict=True)
        ]
        yield pa.record_batch(found, names=[column.field.name for column in columns])


def number(text: str) -> str:
    """A decimal number in its one form: the shortest without exponent."""
    plain = f"{Decimal(text):f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return "0" if plain in {"-0", ""} else plain


def numbers(cells: pa.Array) -> pa.Array:
    """Each number of ``cells``, whose decimal point is ``.``, in its one form."""
    if pc.all(pc.match_substring_regex(cells, _CANONICAL)).as_py() is not False:
        return cells
    # All at once for what is usual: a sign, noughts before and behind.
    cells = pc.replace_substring_regex(cells, r"^\+", "")
    cells = pc.replace_substring_regex(cells, r"^(-?)0+([0-9])", r"\1\2")
    cells = pc.replace_substring_regex(cells, r"^(-?[0-9]+)\.0*\z", r"\1")
    cells = pc.replace_substring_regex(cells, r"^(-?[0-9]+\.[0-9]*[1-9])0+\z", r"\1")
    odd = pc.invert(pc.match_substring_regex(cells, _CANONICAL))
    if pc.any(odd).as_py() is not True:
        return cells
    odd = pc.fill_null(odd, fill_value=False)
    return pc.replace_with_mask(cells, odd, pa.array(map(number, pc.filter(cells, odd).to_pylist()), cells.type))


class _Survey:
    """What the cells of one column are, seen batch by batch."""

    def __init__(self, field: Field, resource: Resource) -> None:
        self._field, self._resource = field, resource
        self._kind, self._pattern = _kind(field)
        self._digits = self._scale = self._longest = 0
        self._formulas = False

    def see(self, cells: pa.Array) -> None:
        self._longest = max(self._longest, pc.max(pc.binary_length(cells)).as_py() or 0)
        values = pc.drop_null(_filled(cells, self._field, self._resource))
        if self._kind == "text" or not len(values):
            self._formulas = self._formulas or pc.any(pc.match_substring_regex(values, FORMULA)).as_py() is True
            return
        if not self._fits(values):
            self._kind, self._pattern = "text", ""
            self.see(cells)
            return
        if self._kind in {"integer", "number"}:
            self._measure(values)

    def _fits(self, values: pa.Array) -> bool:
        if pc.all(pc.match_substring_regex(_undressed(values, self._field), self._pattern)).as_py() is not True:
            return False
        try:
            # 30 February has the form of a day.
            return self._kind != "date" or bool(values.cast(pa.date32()))
        except pa.ArrowInvalid:
            return False

    def _measure(self, values: pa.Array) -> None:
        longest = pc.max(pc.binary_length(values)).as_py()
        if longest <= _EXACT and not pc.any(pc.match_substring_regex(values, "[eE]")).as_py():
            # Not more digits than characters, and few enough for every format.
            self._digits, self._scale = max(self._digits, longest), max(self._scale, longest)
            return
        values = _canonical(values, self._kind, self._field)
        digits = pc.replace_substring_regex(values, r"^-?0*\.?0*|\.", "")
        behind = pc.replace_substring_regex(values, r"^[^.]*\.?", "")
        self._digits = max(self._digits, pc.max(pc.utf8_length(digits)).as_py())
        self._scale = max(self._scale, pc.max(pc.utf8_length(behind)).as_py())

    def column(self) -> Column:
        typed = self._kind != "text"
        return Column(
            field=self._field,
            kind=self._kind,
            digits=self._digits if typed else 0,
            scale=self._scale if typed else 0,
            formulas=self._formulas,
            longest=self._longest,
        )


def _kind(field: Field) -> tuple[Kind, str]:
    if field.type == "boolean":
        true, false = _words(field)
        return "boolean", f"^({'|'.join(map(re.escape, (*true, *false)))})\\z"
    if field.type not in _PLAIN or field.format != "default" or field.descriptor.get("bareNumber") is False:
        return "text", ""
    return _PLAIN[field.type]


def _raw(piece: Slice, names: list[str]) -> Iterator[pa.RecordBatch]:
    for batch in tables.batches(piece):
        yield pa.record_batch([pc.fill_null(batch.column(name), "") for name in names], names=names)


def _filled(cells: pa.Array, field: Field, resource: Resource) -> pa.Array:
    """The cells with null for those that say that nothing is known."""
    missing = {"", *(resource.schema.missing_values if resource.schema else ()), *_own_missing(field)}
    if missing == {""} and pc.min(pc.binary_length(cells)).as_py():
        return cells
    return pc.if_else(pc.is_in(cells, pa.array(sorted(missing), cells.type)), pa.scalar(None, cells.type), cells)


def _own_missing(field: Field) -> list[str]:
    stated = field.descriptor.get("missingValues") or []
    return [item if isinstance(item, str) else str(item["value"]) for item in stated]


def _undressed(cells: pa.Array, field: Field) -> pa.Array:
    """Numbers without the group marks, and with the decimal point, that the schema states (Table Schema v2)."""
    if field.type not in {"integer", "number"}:
        return cells
    if group := field.descriptor.get("groupChar"):
        cells = pc.replace_substring(cells, str(group), "")
    point = field.descriptor.get("decimalChar", ".")
    return cells if point == "." else pc.replace_substring(cells, str(point), ".")


def _canonical(cells: pa.Array, kind: Kind, field: Field) -> pa.Array:
    if kind in {"integer", "number"}:
        return numbers(_undressed(cells, field))
    if kind == "boolean":
        true, false = _words(field)
        return _mapped(cells, {**dict.fromkeys(true, "true"), **dict.fromkeys(false, "false")})
    return cells


def _words(field: Field) -> tuple[tuple[str, ...], tuple[str, ...]]:
    true, false = field.descriptor.get("trueValues"), field.descriptor.get("falseValues")
    return tuple(true or _TRUE), tuple(false or _FALSE)


def _mapped(cells: pa.Array, meaning: Mapping[str, str]) -> pa.Array:
    known = pa.array(list(meaning), cells.type)
    return pc.take(pa.array(list(meaning.values()), cells.type), pc.index_in(cells, known))


def _plain_field(name: str) -> Field:
    return Field(name=name, type="string", format="default", title=Text(), description=Text(), constraints={})
