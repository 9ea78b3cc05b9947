"""Our own, stricter verdict: what the standard asks and frictionless ignores, and how values are written.

Every column is asked one question at a time, of all its cells at once; only the distinct texts that fail it are
looked at one by one. A cell that frictionless reports already is not reported again.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gazette import tables
from gazette.checks import guard, patterns
from gazette.checks.schema import columns
from gazette.model import Dataset, Fact, Field, Finding, Resource, Slice

STRICTER = frozenset({
    "bom-inside", "digits-not-ascii", "formula-text", "invisible-character", "mojibake", "pattern-alternation",
    "pattern-unportable", "private-use-character", "spreadsheet-error", "value-blank", "value-form", "value-padded",
})  # fmt: skip
"""What the standard allows and we do not: a warning where the policy is not strict."""

LISTED = guard.LISTED
"""A column with more cells of one code than this gets one finding for all."""

Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"
Note: TypeAlias = "tuple[str, Mapping[str, Fact]]"


@dataclass(slots=True, kw_only=True)
class _Trace:
    """What was seen of one code in one column: how often, and the first rows (from 0) with their facts."""

    count: int = 0
    rows: list[tuple[int, Mapping[str, Fact]]] = field(default_factory=list)

    def join(self, count: int, rows: Iterable[tuple[int, Mapping[str, Fact]]]) -> None:
        """Add what was seen further down; one row more is kept than is listed."""
        self.count += count
        self.rows += list(rows)[: LISTED + 1 - len(self.rows)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What was seen in one slice: traces per column and code, and a fingerprint per row for every unique key."""

    rows: int
    names: tuple[str, ...]
    traces: tuple[Mapping[str, _Trace], ...]
    keys: tuple[Array, ...]


# --- one slice --------------------------------------------------------------------------------------------


def look(table: pa.Table, piece: Slice) -> Sight:
    """What there is to see in the cells of one slice of a table."""
    reader = _Reader(piece)
    fields = {each.name: each for each in piece.resource.schema.fields} if piece.resource.schema else {}
    traces = []
    for name, values in zip(table.column_names, table.columns, strict=True):
        described = fields.get(name)
        traces.append(_traces(values, _Question(described, reader, piece.resource)))
    return Sight(
        rows=table.num_rows,
        names=tuple(table.column_names),
        traces=tuple(traces),
        keys=tuple(_prints(table, names, reader) for names in _unique_keys(piece.resource, table.column_names)),
    )


def _traces(values: pa.ChunkedArray, question: _Question) -> dict[str, _Trace]:
    found: dict[str, _Trace] = {}
    before = 0
    for cells in values.chunks:
        rows = question.suspects(cells)
        if len(rows):
            codes, texts = columns.distinct(tables.keep(cells, rows))
            notes = [question.notes(text) for text in texts]
            for code in sorted({code for each in notes for code, _ in each}):
                facts = {number: dict(each)[code] for number, each in enumerate(notes) if code in dict(each)}
                hits = np.flatnonzero(np.isin(codes, list(facts)))
                listed = ((int(rows[hit]) + before, facts[int(codes[hit])]) for hit in hits[: LISTED + 1])
                found.setdefault(code, _Trace()).join(len(hits), listed)
        before += len(cells)
    return found


class _Reader:
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


# --- one column -------------------------------------------------------------------------------------------

_TEXT = frozenset({"string", "any"})
_EXOTIC = ("bareNumber", "decimalChar", "groupChar")

# RE2 and Python write code points beyond U+00FF differently; these are characters themselves.
_CONTROL = "\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029"
_BIDI = "\u202a-\u202e\u2066-\u2069"
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2060-\u2064\u206a-\u206f\u3164\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e007f"
)
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010fffd"
_SPACE = " \t\n\r\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_LATIN = "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"  # noqa: E501
_DAMAGE = "|".join((
    "\ufffd",
    "锟斤拷|锘锟|烫烫烫|屯屯屯",  # U+FFFD read as GBK; uninitialised memory of a Chinese Windows
    r"\?{4,}",
    f"[ÂÃ]{_LATIN}",  # UTF-8 read as Windows-1252: accented letters
    f"(?:[ã-ï]{_LATIN}{{2}}){{2}}",  # … Chinese
    "[¡-ÿ]{4,}",  # GBK read as Windows-1252
))  # fmt: skip
_SUBSTANCE = f"[{_CONTROL}{_BIDI}{_INVISIBLE}{_PRIVATE}\ufeff]|\r[^\n]|{_DAMAGE}"
_EDGE = f"^[{_SPACE}]|[{_SPACE}]$|^[=@+\\-＝＠＋－]|^#|^Err:"
# The first bytes of what _EDGE wants at the beginning, and the last but one of its blanks beyond ASCII.
_HEADS = np.isin(np.arange(256), list(b" \t\n\r=@+-#E\xc2\xe1\xe2\xe3\xef"))
_SECONDS = np.isin(np.arange(256), list(b"\xa0\x9a\x80\x81\xbc"))
_TAILS = np.isin(np.arange(256), list(b" \t\n\r"))
_BEFORE_LAST = np.isin(np.arange(256), list(b"\xc2\x80\x81\x9a"))

_CANONICAL = {
    "integer": "-?[1-9][0-9]*|0",
    "number": r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE]-?[0-9]{1,2})?",
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "datetime": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?",
    "time": r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?",
    "year": "[0-9]{4}",
    "yearmonth": "[0-9]{4}-[0-9]{2}",
}
"""The lexical form of each type in Table Schema v2 (that of XML Schema part 2, canonical but for dates)."""

_PLAIN = {"integer": b"09", "number": b"-9", "date": b"-9", "year": b"09"}
"""The bytes, from and to, of a column that is cheaper to judge than by its form."""
_LENGTHS = {"date": len("2024-01-01"), "year": len("2024")}


class _Question:
    """What is asked of one column."""

    def __init__(self, described: Field | None, reader: _Reader, resource: Resource) -> None:
        self.name = described.name if described else ""
        self.kind = described.type if described else "any"
        self.reader = reader
        plain = described and described.format == "default" and not set(_EXOTIC) & set(described.descriptor)
        self.canonical = _CANONICAL.get(self.kind) if plain else None
        self.categories = described.categories if described else ()
        self._declared = {None, "", *(category.value for category in self.categories)}
        self.needed = bool(described and _is_needed(described, resource))

    def suspects(self, cells: pa.Array) -> Array:
        """The rows of ``cells`` that may deserve a note."""
        if self.categories:
            codes, texts = columns.distinct(cells)
            return np.flatnonzero(np.array([text not in self._declared for text in texts], bool)[codes])
        return self._odd(cells) if self.canonical else _suspicious(cells, edges=self.kind in _TEXT)

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
        unsafe = list(_unsafe(text))
        if unsafe or reading.constraints or reading.value is None:
            return unsafe
        notes = self._typed(text) if self.canonical else list(_damaged(text))
        if self.kind in _TEXT:
            notes += _dressed(text, needed=self.needed)
        if self.categories and self._is_unknown(reading.value):
            notes.append(("category-unknown", {"cell": _shown(text), "known": self._known}))
        return notes

    def _typed(self, text: str) -> list[Note]:
        facts: dict[str, Fact] = {"cell": _shown(text), "type": self.kind}
        if other := _listed(r"^\x00-\x7f", "".join(filter(str.isdecimal, text))):
            return [("digits-not-ascii", {**facts, "characters": other})]
        if variant := _form_fault(text, self.kind, self.canonical or ""):
            return [("value-form", {**facts, "variant": variant})]
        return []

    def _is_unknown(self, value: Any) -> bool:
        return value not in [self.reader.read(self.name, category.value).value for category in self.categories]

    @property
    def _known(self) -> list[str]:
        values = [_shown(category.value) for category in self.categories]
        return values if len(values) <= LISTED else [*values[:LISTED], "…"]


def _is_needed(described: Field, resource: Resource) -> bool:
    """Whether a cell of the field must hold something: it is required, or rows are found by it."""
    schema = resource.schema
    keys = [name for names in _stated_keys(resource) for name in names]
    if schema:
        keys += [*schema.primary_key, *(name for key in schema.foreign_keys for name in key.fields)]
    constraints = described.constraints
    return described.name in keys or bool(constraints.get("required") or constraints.get("unique"))


def _bytes(cells: pa.Array) -> tuple[Array, Array, Array]:
    """The bytes of a column, and where each cell begins and ends."""
    _, offsets, data = cells.buffers()
    edges = np.frombuffer(offsets, np.int32)[cells.offset : cells.offset + len(cells) + 1].astype(np.int64)
    return np.frombuffer(data or b"", np.uint8), edges[:-1], edges[1:]


def _suspicious(cells: pa.Array, *, edges: bool) -> Array:
    """The rows with a character that stands out, and with ``edges`` those that begin or end unusually."""
    data, begins, ends = _bytes(cells)
    if not len(begins) or not len(data):
        return np.zeros(0, np.int64)
    filled = np.flatnonzero(ends > begins)
    rows = np.zeros(0, np.int64)
    if _stands_out(cells, data[begins[0] : ends[-1]]):
        rows = _matching(cells, filled, f"{_SUBSTANCE}|\r$", wanted=True)
    if edges:
        unusual = filled[_unusual(data, begins[filled], ends[filled])]
        rows = np.union1d(rows, _matching(cells, unusual, _EDGE, wanted=True))
    return rows


def _unusual(data: Array, begins: Array, ends: Array) -> Array:
    """Which cells, none of them empty, may begin or end as ``_EDGE`` wants."""
    first = data[begins]
    heads = _HEADS[first]
    letters = np.flatnonzero(heads & (first >= 0x80))  # noqa: PLR2004 - the first byte beyond ASCII
    heads[letters] = _SECONDS[data[begins[letters] + 1]]
    last = data[ends - 1]
    tails = _TAILS[last]
    letters = np.flatnonzero(last >= 0x80)  # noqa: PLR2004
    tails[letters] = _BEFORE_LAST[data[ends[letters] - 2]]
    unusual: Array = heads | tails
    return unusual


def _stands_out(cells: pa.Array, data: Array) -> bool:
    """Whether the pattern matches anywhere in a column, read as one text."""
    is_ascii = data.max(initial=0) < 0x80  # noqa: PLR2004 - the first byte beyond ASCII
    if is_ascii and not ((data < ord(" ")) | (data == 0x7F) | (data == ord("?"))).any():  # noqa: PLR2004 - DEL
        return False
    _, offsets, buffer = cells.buffers()
    ends = np.frombuffer(offsets, np.int32)[[cells.offset, cells.offset + len(cells)]].copy()
    joined = pa.StringArray.from_buffers(1, pa.py_buffer(ends), buffer)
    return bool(tables.numbers(pc.match_substring_regex(joined, _SUBSTANCE))[0])


def _matching(cells: pa.Array, rows: Array, pattern: str, *, wanted: bool) -> Array:
    """Those of ``rows`` that match the pattern, or those that do not."""
    if len(rows):
        few = cells if len(rows) == len(cells) else tables.keep(cells, rows)
        matching = tables.numbers(pc.fill_null(pc.match_substring_regex(few, pattern), _NO))
        rows = rows[np.flatnonzero(matching == wanted)]
    return rows


_NO = tables.constant("false", pa.bool_())


# --- one text ---------------------------------------------------------------------------------------------

# Emoji are joined by U+200D; Arabic and Indic scripts spell with U+200C and U+200D (Unicode 16, chapters 9 and 12).
_JOINED = re.compile("(?<=[\u0600-\u0dff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]")
_CODE_POINT = re.compile(f"[{_CONTROL}\r{_BIDI}{_INVISIBLE}{_PRIVATE}\ufeff\ufffd]")
_LONGEST = 60
_MIXED = 3

# The edition of GB 18030 of 2005 (the first) and that of 2022 (the others) give these code points of their own.
_MOVED = dict(zip(
    "\ue7c7\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864",
    "\u1e3f\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb",
    strict=True,
))  # fmt: skip

_NUMBER = re.compile(r"\s*[0-9０-９.,]+\s*(?:[^\s\x00-\x2f:;<=>?@\[\\\]^{|}~＝＠＋－]{0,8}|%)")
_PHONE = re.compile(r"\s?[0-9][0-9 ()\-]*")
_SHEET_ERROR = re.compile(
    r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|GETTING_DATA|#{2,})"
    r"|Err:[0-9]{3}"
)


def _unsafe(text: str) -> Iterator[Note]:
    """Characters that no published file may hold."""
    bare = text.replace("\r\n", "\n")
    for code, wanted in (("control-character", f"{_CONTROL}\r"), ("bidi-character", _BIDI)):
        if found := _listed(wanted, bare):
            yield code, {"characters": found, "cell": _shown(text)}


def _damaged(text: str) -> Iterator[Note]:
    """Characters that nobody sees or that stand for something else."""
    facts = {"cell": _shown(text)}
    if not text.strip(_BLANKS):
        return  # reported as blank
    if "\ufeff" in text:
        yield "bom-inside", facts
    if found := _listed(_INVISIBLE, _JOINED.sub("", text)):
        yield "invisible-character", {**facts, "characters": found}
    if found := _listed(_PRIVATE, text):
        moved = [f"{_named(each)} → {_named(_MOVED[each])}" for each in dict.fromkeys(text) if each in _MOVED]
        known: dict[str, Fact] = {"variant": "moved", "moved": moved} if moved else {}
        yield "private-use-character", {**facts, "characters": found, **known}
    if any(_is_damage(match[0]) for match in re.finditer(_DAMAGE, text)):
        yield "mojibake", facts


def _is_damage(run: str) -> bool:
    """Whether a run that looks like bytes read in the wrong encoding is not merely a row of dots or capitals."""
    if not re.fullmatch("[¡-ÿ]{4,}", run):
        return True
    letters = "".join(each for each in run if each.isalpha() and each != "ß")
    return len(set(letters)) >= _MIXED and not (letters.isupper() or letters.islower() or letters.istitle())


def _dressed(text: str, *, needed: bool) -> Iterator[Note]:
    """How a text begins and ends."""
    facts = {"cell": _shown(text)}
    bare = text.strip(_BLANKS)
    if not bare:
        named: dict[str, Fact] = {"characters": _listed(_BLANKS, text)}
        yield ("value-blank", named) if needed else ("value-padded", {**named, "variant": "blank"})
        return
    if text[0] in _SPACES or text[-1] in _SPACES:
        around = text[: len(text) - len(text.lstrip(_SPACES))] + text[len(text.rstrip(_SPACES)) :]
        yield "value-padded", {**facts, "characters": _listed(_SPACES, around)}
    if _SHEET_ERROR.fullmatch(bare):
        yield "spreadsheet-error", facts
    elif _is_formula(text.lstrip(_SPACES)):
        yield "formula-text", facts


def _is_formula(text: str) -> bool:
    """Whether a spreadsheet may compute the text (OWASP, "CSV Injection")."""
    if text[:1] in {"=", "@", "＝", "＠"}:
        return True
    if not text or text[0] not in "+-＋－" or not text.strip("+-＋－ "):
        return False
    if _NUMBER.fullmatch(text[1:]):
        return False
    return not (text[0] in "+＋" and _PHONE.fullmatch(text[1:]))


def _form_fault(text: str, kind: str, canonical: str) -> str | None:
    """What is unusual about a value that frictionless reads as of its type: a variant of ``value-form``."""
    if kind == "number":
        return _number_fault(text)
    if re.fullmatch(canonical, text):
        return None
    if kind == "integer" and re.fullmatch("-?0[0-9]+", text):
        return "zeros"
    return kind


def _number_fault(text: str) -> str | None:
    value = Decimal(text.strip())
    if not value.is_finite():
        return "nan"
    if value.copy_abs() > Decimal(sys.float_info.max):
        return "range"
    if re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?[eE]\+[0-9]+", text):
        return "exponent"
    if re.fullmatch(r"-?0[0-9]+(?:\.[0-9]+)?", text):
        return "zeros"
    return None if re.fullmatch(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE]-?[0-9]{1,3})?", text) else "number"


_SPACES = " \t\n\r\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
_BLANKS = _SPACES + "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u3164"


def _listed(wanted: str, text: str) -> list[str]:
    """The code points of the characters of the class ``wanted``, each once, in the order of the text."""
    return [_named(each) for each in dict.fromkeys(re.findall(f"[{wanted}]", text))]


def _named(character: str) -> str:
    return f"U+{ord(character):04X}"


def _shown(text: str) -> str:
    """A text for a message: short, without personal data, and with nothing in it that cannot be seen."""
    seen = _CODE_POINT.sub(lambda match: f"⟨{_named(match[0])}⟩", guard.redact(text))
    seen = "".join(each if each.isprintable() or each == "\u3000" else f"⟨{_named(each)}⟩" for each in seen)
    edge = len(seen) - len(seen.lstrip("\u3000"))
    seen = "⟨U+3000⟩" * edge + seen[edge:]
    return seen if len(seen) <= _LONGEST else f"{seen[:_LONGEST]}…"


# --- unique keys ------------------------------------------------------------------------------------------


def _stated_keys(resource: Resource) -> list[tuple[str, ...]]:
    """``uniqueKeys`` of the schema (Table Schema v2); a single name stands for a list of one."""
    stated = resource.schema.descriptor.get("uniqueKeys") if resource.schema else None
    if not isinstance(stated, list):
        return []
    keys = [[key] if isinstance(key, str) else key for key in stated]
    return [tuple(map(str, key)) for key in keys if isinstance(key, list) and key]


def _unique_keys(resource: Resource, labels: Iterable[str]) -> list[tuple[str, ...]]:
    """Those whose columns are there and which frictionless does not judge under another name."""
    schema = resource.schema
    if schema is None:
        return []
    judged = {schema.primary_key} | {(each.name,) for each in schema.fields if each.constraints.get("unique")}
    known = {each.name for each in schema.fields} & set(labels)
    return [names for names in _stated_keys(resource) if names not in judged and set(names) <= known]


def _prints(table: pa.Table, names: Sequence[str], reader: _Reader) -> Array:
    """One fingerprint per row of the key ``names``: equal for equal values, 0 where one of them is missing."""
    parts = []
    for name in names:
        column = reader.column(name)
        if column is None:
            return np.zeros(table.num_rows, np.uint64)
        missing = tables.texts(column.missing)
        found = [np.zeros(0, np.uint64)]
        for chunk in table[name].chunks:
            cells = pc.if_else(pc.is_in(chunk, value_set=missing), pa.NULL, chunk)
            found.append(column.fingerprints(cells, column.faults(cells)))
        prints = np.concatenate(found)
        parts.append(np.where(prints == columns.NONE, np.uint64(0), prints))
    return columns.combine(parts)


def _repeated(parts: Sequence[tuple[Slice, Sight]], number: int, names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The rows (from 0) whose key stood in the table before, with the row it first stood in.

    Equal fingerprints only hint; the few rows that have one are read again and their values compared.
    """
    prints = np.concatenate([sight.keys[number] for _, sight in parts])
    ordered = np.sort(prints)
    twice = np.unique(ordered[1:][(ordered[1:] == ordered[:-1]) & (ordered[1:] != 0)])
    candidates = np.flatnonzero(np.isin(prints, twice)) if len(twice) else np.zeros(0, np.int64)
    first: dict[tuple[Any, ...], int] = {}
    before = 0
    for piece, sight in parts:
        here = candidates[(candidates >= before) & (candidates < before + sight.rows)]
        if len(here):
            reader = _Reader(piece)
            rows = tables.read(piece).select(list(names)).combine_chunks()
            texts = zip(*(tables.keep(rows[name].chunk(0), here - before).to_pylist() for name in names), strict=True)
            for row, cells in zip(here.tolist(), texts, strict=True):
                values = tuple(reader.read(name, text).value for name, text in zip(names, cells, strict=True))
                if values in first:
                    yield row, first[values]
                else:
                    first[values] = row
        before += sight.rows


# --- the whole table --------------------------------------------------------------------------------------


def settle(seen: Iterable[tuple[Slice, Sight]]) -> tuple[Finding, ...]:
    """The findings on a table from what was seen in all its slices, in their order."""
    parts = list(seen)
    if not parts:
        return ()
    piece, sight = replace(parts[0][0], start=0, end=None), parts[0][1]
    joined: list[dict[str, _Trace]] = [{} for _ in sight.names]
    before = 0
    for _, part in parts:
        for column, traces in zip(joined, part.traces, strict=True):
            for code, trace in traces.items():
                moved = ((row + before, facts) for row, facts in trace.rows)
                column.setdefault(code, _Trace()).join(trace.count, moved)
        before += part.rows
    found = [
        finding
        for number, (name, column) in enumerate(zip(sight.names, joined, strict=True))
        for code, trace in sorted(column.items())
        for finding in _findings(replace(_blank(piece, code), field=name, column=number + 1), trace)
    ]
    for number, names in enumerate(_unique_keys(piece.resource, sight.names)):
        trace = _Trace()
        for row, twin in _repeated(parts, number, names):
            trace.join(1, [(row, {"names": list(names), "twin": twin + 2})])
        found += _findings(replace(_blank(piece, "unique-key"), field=names[0]), trace)
    return tuple(found)


def _findings(blank: Finding, trace: _Trace) -> Iterator[Finding]:
    if len(trace.rows) > LISTED:
        row, facts = trace.rows[0]
        yield replace(blank, row=row + 2, count=trace.count, facts={**facts, "hits": trace.count})
        return
    for row, facts in trace.rows:
        yield replace(blank, row=row + 2, facts={**facts, "hits": 1})


def _blank(piece: Slice, code: str) -> Finding:
    paths = [f"{piece.dataset.folder}/{path}".removeprefix("/") for path in piece.resource.paths]
    return Finding(
        code=code,
        severity="error",
        source="gazette",
        dataset=piece.dataset.name,
        path=paths[0] if len(paths) == 1 else None,
        resource=piece.resource.name,
    )


# --- the descriptor ---------------------------------------------------------------------------------------


def hangs(piece: Slice) -> bool:
    """Whether the table, or one its keys name, has a pattern that must not be tried on data."""
    return any(
        patterns.explodes(pattern)
        for dataset in (piece.dataset, *piece.others)
        for resource in dataset.resources
        for _, each in _fields(resource)
        if isinstance(pattern := each.constraints.get("pattern"), str)
    )


def texts(dataset: Dataset) -> tuple[Finding, ...]:
    """What is wrong with the patterns, categories, keys and characters of a descriptor."""
    found = list(_strings(dataset))
    for resource in dataset.resources:
        for pointer, each in _fields(resource):
            for below, code, facts in (*_pattern(each), *_categories(each)):
                place = f"{pointer}{below}"
                found.append(_stated(dataset, code, place, resource=resource.name, field=each.name, facts=facts))
        known = {each.name for _, each in _fields(resource)}
        for number, names in enumerate(_stated_keys(resource)):
            if unknown := sorted(set(names) - known):
                place = f"{resource.pointer}/schema/uniqueKeys/{number}"
                facts = {"variant": "unknown", "names": unknown}
                found.append(_stated(dataset, "unique-key", place, resource=resource.name, facts=facts))
    return tuple(found)


def _fields(resource: Resource) -> Iterator[tuple[str, Field]]:
    for number, each in enumerate(resource.schema.fields if resource.schema else ()):
        yield f"{resource.pointer}/schema/fields/{number}", each


def _pattern(each: Field) -> Iterator[tuple[str, str, Mapping[str, Fact]]]:
    pattern = each.constraints.get("pattern")
    if not isinstance(pattern, str):
        return
    try:
        re.compile(pattern)
    except re.error:
        return  # frictionless cannot compile it either, and says so
    below = "/constraints/pattern"
    if patterns.explodes(pattern):
        yield below, "pattern-unsafe", {"pattern": _shown(pattern)}
    elif part := patterns.unportable(pattern):
        yield below, "pattern-unportable", {"pattern": _shown(pattern), "part": _shown(part)}
    if patterns.splits(pattern):
        yield below, "pattern-alternation", {"pattern": _shown(pattern)}


def _categories(each: Field) -> Iterator[tuple[str, str, Mapping[str, Fact]]]:
    """Table Schema v2, ``categories``: for strings and integers; values of the field's type, each once."""
    stated = each.descriptor.get("categories")
    if stated is None:
        return
    if each.type not in {"string", "integer"}:
        yield "/categories", "categories-type", {"variant": "field", "type": each.type}
        return
    if not isinstance(stated, list) or not stated:
        yield "/categories", "categories-type", {"variant": "list"}
        return
    wanted: type = str if each.type == "string" else int
    before = set()
    for number, item in enumerate(stated):
        value = item.get("value") if isinstance(item, Mapping) else item
        facts: dict[str, Fact] = {"value": _shown(str(value)), "type": each.type}
        if not isinstance(value, wanted) or isinstance(value, bool):
            yield f"/categories/{number}", "categories-type", {"variant": "value", **facts}
        elif value in before:
            yield f"/categories/{number}", "categories-type", {"variant": "twice", **facts}
        before.add(str(value) if isinstance(value, bool) else value)


def _strings(dataset: Dataset) -> Iterator[Finding]:
    """Texts of the descriptor with characters that no published page may hold."""
    waiting: list[tuple[str, Any]] = [("", dataset.descriptor)]
    while waiting:
        pointer, node = waiting.pop(0)
        if isinstance(node, Mapping):
            waiting += [(f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}", node[name]) for name in node]
        elif isinstance(node, list):
            waiting += [(f"{pointer}/{number}", item) for number, item in enumerate(node)]
        elif isinstance(node, str) and pointer.split("/")[-1] != "pattern":
            for code, facts in (*_unsafe(node.replace("\t", " ")), *_damaged(node)):
                yield _stated(dataset, code, pointer, facts={**facts, "hits": 1})


def _stated(dataset: Dataset, code: str, pointer: str, **more: Any) -> Finding:
    return Finding(
        code=code,
        severity="error",
        source="gazette",
        dataset=dataset.name,
        path=dataset.path,
        pointer=pointer,
        line=dataset.line(pointer),
        **more,
    )
