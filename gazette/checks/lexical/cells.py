"""One column: which of its cells deserve a note, asked of all at once, and what is to be said of each."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gazette import tables
from gazette.checks import guard
from gazette.checks.lexical import characters, forms, naming
from gazette.checks.lexical.characters import Note
from gazette.checks.schema import columns
from gazette.model import Fact, Field, Resource, Slice

LISTED = guard.LISTED
"""A column with more cells of one code than this gets one finding for all."""

Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"


@dataclass(slots=True, kw_only=True)
class Trace:
    """What was seen of one code in one column: how often, and the first rows (from 0) with their facts."""

    count: int = 0
    rows: list[tuple[int, Mapping[str, Fact]]] = field(default_factory=list)

    def join(self, count: int, rows: Iterable[tuple[int, Mapping[str, Fact]]]) -> None:
        """Add what was seen further down; one row more is kept than is listed."""
        self.count += count
        self.rows += list(rows)[: LISTED + 1 - len(self.rows)]


def traces(asked: Sequence[tuple[pa.ChunkedArray, Question]]) -> Iterator[dict[str, Trace]]:
    """What there is to say of the cells of each of several columns, by code."""
    found: dict[int, Array] = {}
    kinds: dict[Hashable, list[int]] = {}
    for number, (_, question) in enumerate(asked):
        kinds.setdefault(question.kind_of, []).append(number)
    for members in kinds.values():
        question = asked[members[0]][1]
        columns_ = [asked[number][0] for number in members]
        found |= zip(members, tables.apart(columns_, partial(_suspects, question=question)), strict=True)
    return (_traces(values, found[number], question) for number, (values, question) in enumerate(asked))


def _suspects(values: pa.ChunkedArray, question: Question) -> Array:
    """The rows that may deserve a note; what fits is asked at once, for the sake of :func:`tables.apart`."""
    chunks = [values.combine_chunks()] if len(values) <= tables.TOGETHER else values.chunks
    found, before = [np.zeros(0, np.int64)], 0
    for cells in chunks:
        found.append(question.suspects(cells) + before)
        before += len(cells)
    return np.concatenate(found)


def _traces(values: pa.ChunkedArray, rows: Array, question: Question) -> dict[str, Trace]:
    found: dict[str, Trace] = {}
    if not len(rows):
        return found
    codes, texts = columns.distinct(values.take(tables.positions(rows)).combine_chunks())
    notes = [dict(question.notes(text)) for text in texts]
    for code in sorted({code for each in notes for code in each}):
        facts = {number: each[code] for number, each in enumerate(notes) if code in each}
        hits = np.flatnonzero(np.isin(codes, list(facts)))
        trace = found[code] = Trace()
        trace.join(len(hits), ((int(rows[hit]), facts[int(codes[hit])]) for hit in hits[: LISTED + 1]))
    return found


class Reader:
    """Frictionless' own readers of the fields of a table; made when the first cell is in doubt."""

    def __init__(self, piece: Slice) -> None:
        self._piece = piece
        self._columns: dict[str, columns.Column] = {}

    @cached_property
    def _schema(self) -> Any:
        return tables.source(self._piece, alone=True).schema

    def column(self, name: str) -> columns.Column | None:
        """The reader of the field ``name``; ``None`` where the schema has none."""
        if name not in self._columns and self._schema.has_field(name):
            self._columns[name] = columns.Column(self._schema.get_field(name))
        return self._columns.get(name)

    def read(self, name: str, text: str) -> columns.Reading:
        """What frictionless makes of a cell of the field ``name``."""
        column = self.column(name)
        try:
            return column.read(text) if column else columns.Reading(text, 0, 0)
        except (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError):
            return columns.Reading(text, 0, 0)  # a constraint nobody can read: the table is reported as unjudged


# --- what is asked ----------------------------------------------------------------------------------------

_TEXT = frozenset({"string", "any"})
_EXOTIC = ("bareNumber", "decimalChar", "groupChar")

# The first bytes of what forms.EDGE wants at the beginning, and the last but one of its blanks beyond ASCII.
_HEADS = np.isin(np.arange(256), list(b" \t\n\r=@+-#E\xc2\xe1\xe2\xe3\xef"))
_SECONDS = np.isin(np.arange(256), list(b"\xa0\x9a\x80\x81\xbc"))
_TAILS = np.isin(np.arange(256), list(b" \t\n\r"))
_BEFORE_LAST = np.isin(np.arange(256), list(b"\xc2\x80\x81\x9a"))

_NULLS = np.isin(np.arange(256), [text.encode()[0] for text in forms.NULLISH])
_SHORT = max(len(text.encode()) for text in forms.NULLISH)

_PLAIN = {"integer": b"09", "number": b"-9", "date": b"-9", "year": b"09"}
"""The bytes, from and to, of a column that is cheaper to judge than by its form."""
_LENGTHS = {"date": len("2024-01-01"), "year": len("2024")}


class Question:
    """What is asked of one column."""

    def __init__(self, described: Field | None, reader: Reader, resource: Resource) -> None:
        self.name = described.name if described else ""
        self.kind = described.type if described else "any"
        self.reader = reader
        plain = described and described.format == "default" and not set(_EXOTIC) & set(described.descriptor)
        self.canonical = forms.CANONICAL.get(self.kind) if plain else None
        self.categories = described.categories if described else ()
        self._declared = {None, "", *(category.value for category in self.categories)}
        stated = described.constraints if described else {}
        self._listed = {str(value) for value in stated.get("enum") or ()}
        keyed = bool(described and naming.is_key(described, resource))
        self.needed = keyed or bool(stated.get("required") or stated.get("unique"))
        self.coded = self.kind in _TEXT and (keyed or bool(self._listed))

    @property
    def kind_of(self) -> Hashable:
        """Equal where :meth:`suspects` asks the same; declared categories are asked for by themselves."""
        return (
            self
            if self.categories
            else (self.canonical, self.kind in _PLAIN and self.kind, self.coded, self.kind in _TEXT)
        )

    def suspects(self, cells: pa.Array) -> Array:
        """The rows of ``cells`` that may deserve a note."""
        if self.categories:
            codes, texts = columns.distinct(cells)
            return np.flatnonzero(np.array([text not in self._declared for text in texts], bool)[codes])
        if self.canonical:
            return self._odd(cells)
        pattern = f"{characters.SUBSTANCE}|{characters.CODED}" if self.coded else characters.SUBSTANCE
        return _suspicious(cells, pattern, edges=self.kind in _TEXT)

    def _odd(self, cells: pa.Array) -> Array:
        """The rows of a typed column that are not surely in the canonical form."""
        data, begins, ends = _bytes(cells)
        filled = np.flatnonzero(ends > begins)
        if len(filled) and self.kind in _PLAIN:
            lowest, highest = _PLAIN[self.kind]
            used = data[begins[0] : ends[-1]]
            if used.min() >= lowest and used.max() <= highest:
                filled = filled[~self._is_plain(data, begins[filled], ends[filled])]
        return _matching(cells, filled, f"^(?:{self.canonical})$", wanted=False)

    def _is_plain(self, data: Array, begins: Array, ends: Array) -> Array:
        """Which cells of plain bytes have the canonical form, if frictionless accepts them at all."""
        plain: Array = data[begins] > ord("0")
        if self.kind in _LENGTHS:
            plain = ends - begins == _LENGTHS[self.kind]
        elif self.kind == "number":
            plain &= data[ends - 1] != ord(".")
        else:
            plain |= ends - begins == 1
        return plain

    def notes(self, text: str | None) -> list[Note]:
        """What is to be said of one text."""
        if not text:
            return []
        reading = self.reader.read(self.name, text)
        if reading.types or (reading.value is None and self.kind not in _TEXT):
            return []
        unsafe = list(characters.unsafe(text))
        if unsafe or reading.constraints or reading.value is None:
            return unsafe
        if self.canonical:
            notes = forms.typed(text, self.kind, self.canonical)
        else:
            notes = list(characters.damaged(text, coded=self.coded))
        if self.coded:
            notes += characters.codelike(text)
        if self.kind in _TEXT:
            notes += forms.dressed(text, needed=self.needed, declared=text in self._listed)
        if self.categories and self._is_unknown(reading.value):
            notes.append(("category-unknown", {"cell": characters.shown(text), "known": self._known}))
        return notes

    def _is_unknown(self, value: Any) -> bool:
        return value not in [self.reader.read(self.name, category.value).value for category in self.categories]

    @property
    def _known(self) -> list[str]:
        values = [characters.shown(category.value) for category in self.categories]
        return values if len(values) <= LISTED else [*values[:LISTED], "…"]


def _bytes(cells: pa.Array) -> tuple[Array, Array, Array]:
    """The bytes of a column, and where each cell begins and ends."""
    _, offsets, data = cells.buffers()
    edges = np.frombuffer(offsets, np.int32)[cells.offset : cells.offset + len(cells) + 1].astype(np.int64)
    return np.frombuffer(data or b"", np.uint8), edges[:-1], edges[1:]


def _suspicious(cells: pa.Array, pattern: str, *, edges: bool) -> Array:
    """The rows that match ``pattern``, and with ``edges`` those that begin, end or are as few texts are."""
    data, begins, ends = _bytes(cells)
    if not len(begins) or not len(data):
        return np.zeros(0, np.int64)
    filled = np.flatnonzero(ends > begins)
    found = np.zeros(len(cells), bool)
    if _stands_out(cells, data[begins[0] : ends[-1]], pattern):
        found[_matching(cells, filled, f"{pattern}|\r$", wanted=True)] = True
    if edges and len(filled):
        begins, ends = begins[filled], ends[filled]
        unusual = filled[_unusual(data, begins, ends)]
        found[_matching(cells, unusual, forms.EDGE, wanted=True)] = True
        found[filled[ends - begins > forms.LONGEST]] = True
    return np.flatnonzero(found)


def _unusual(data: Array, begins: Array, ends: Array) -> Array:
    """Which cells, none of them empty, may begin or end as ``forms.EDGE`` wants."""
    first = data[begins]
    heads = _HEADS[first]
    letters = np.flatnonzero(heads & (first >= 0x80))  # noqa: PLR2004 - the first byte beyond ASCII
    heads[letters] = _SECONDS[data[begins[letters] + 1]]
    heads |= _NULLS[first] & (ends - begins <= _SHORT)
    last = data[ends - 1]
    tails = _TAILS[last]
    letters = np.flatnonzero(last >= 0x80)  # noqa: PLR2004
    tails[letters] = _BEFORE_LAST[data[ends[letters] - 2]]
    unusual: Array = heads | tails
    return unusual


def _stands_out(cells: pa.Array, data: Array, pattern: str) -> bool:
    """Whether the pattern matches anywhere in a column, read as one text."""
    is_ascii = data.max(initial=0) < 0x80  # noqa: PLR2004 - the first byte beyond ASCII
    if is_ascii and not ((data < ord(" ")) | (data == 0x7F) | (data == ord("?"))).any():  # noqa: PLR2004 - DEL
        return False
    _, offsets, buffer = cells.buffers()
    ends = np.frombuffer(offsets, np.int32)[[cells.offset, cells.offset + len(cells)]].copy()
    joined = pa.StringArray.from_buffers(1, pa.py_buffer(ends), buffer)
    return bool(tables.numbers(pc.match_substring_regex(joined, pattern))[0])


def _matching(cells: pa.Array, rows: Array, pattern: str, *, wanted: bool) -> Array:
    """Those of ``rows`` that match the pattern, or those that do not."""
    if len(rows):
        few = cells if len(rows) == len(cells) else tables.keep(cells, rows)
        matching = tables.numbers(pc.fill_null(pc.match_substring_regex(few, pattern), _NO))
        rows = rows[np.flatnonzero(matching == wanted)]
    return rows


_NO = tables.constant("false", pa.bool_())
