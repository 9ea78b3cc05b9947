"""One column of text against one field of a schema.

A column is asked one question of all its cells at once (a cast, a regular expression): which are surely right? The
question may only err on the side of doubt. Every cell in doubt goes to frictionless' own cell reader, once per
distinct text.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gazette import tables

if TYPE_CHECKING:
    from frictionless import Field

Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"

NONE = np.uint64(1)
"""Fingerprint of a cell without value; 0 is that of a value equal to nothing (NaN)."""

REMEMBERED = 200_000
"""Distinct texts of a column whose reading is kept."""

_FALSE, _ZERO = tables.constant("false", pa.bool_()), tables.constant("0", pa.int64())

_EPOCH = dt.date(1970, 1, 1).toordinal()


class Reading(NamedTuple):
    """What frictionless makes of one text: its value, type errors (0 or 1) and constraint errors."""

    value: Any
    types: int
    constraints: int


class Faults(NamedTuple):
    """Rows with an error in this column, and how many of which kind in each."""

    rows: Array
    types: Array
    constraints: Array


class Column:
    """One field of a schema, with what was read under it so far."""

    def __init__(self, field: Field) -> None:
        self.name = field.name
        self.type = field.type
        self.missing = _missing(field)
        self._reader = field.create_cell_reader()
        self._clean = _question(field)
        self._required = field.constraints.get("required", False)
        self._readings: dict[str | None, Reading] = {}

    def read(self, text: str | None) -> Reading:
        """Frictionless' reading of one text; ``None`` stands for a missing one."""
        reading = self._readings.get(text)
        if reading is None:
            value, notes = self._reader(text)
            types = int("type" in (notes or ()))
            reading = Reading(value, types, len(notes or ()) - types)
            if len(self._readings) >= REMEMBERED:
                self._readings.clear()
            self._readings[text] = reading
        return reading

    def faults(self, cells: pa.Array) -> Faults:
        """Every fault of ``cells`` (null: missing), as frictionless sees them."""
        doubtful = None
        if self._clean:
            clean = tables.numbers(pc.fill_null(self._clean(cells), _FALSE))
            if cells.null_count:
                clean = np.where(tables.numbers(cells.is_null()), not self._required, clean)
            doubtful = np.flatnonzero(~clean)
            if not len(doubtful):
                return Faults(doubtful, doubtful, doubtful)
            cells = tables.keep(cells, doubtful)
        codes, texts = distinct(cells)
        readings = [self.read(text) for text in texts]
        types = np.array([reading.types for reading in readings], np.int64)
        constraints = np.array([reading.constraints for reading in readings], np.int64)
        rows = np.flatnonzero((types + constraints)[codes])
        codes = codes[rows]
        return Faults(rows if doubtful is None else doubtful[rows], types[codes], constraints[codes])

    def newest(self, cells: pa.Array) -> dt.date | None:
        """The newest date in a column of dates."""
        dates: list[dt.date | None] = []
        if self._clean:
            values, plain = _cast(cells, _FORMS["date"])
            dates.append(pc.max(values if plain is None else values.filter(plain)).as_py())
            cells = cells.slice(0, 0) if plain is None else cells.filter(pc.invert(plain))
        dates += [self.read(text).value for text in distinct(cells)[1]]
        return max((date for date in dates if date), default=None)

    def fingerprints(self, cells: pa.Array, faults: Faults) -> Array:
        """One number per cell, equal for equal values (as Python compares what frictionless reads)."""
        if self.type in ("string", "any"):
            prints = hashed(cells)
            prints[tables.numbers(cells.is_null())] = NONE
            prints[faults.rows[faults.types > 0]] = NONE
            return prints
        if self.type == "integer" and not _hexadecimal(cells):
            try:
                values = tables.numbers(pc.fill_null(pc.cast(cells, pa.int64()), _ZERO)).view(np.uint64)
            except pa.ArrowInvalid:
                pass
            else:
                return np.where(tables.numbers(cells.is_null()), NONE, _mix(values))
        codes, texts = distinct(cells)
        return self.fingerprint([self.read(text).value for text in texts])[codes]

    def fingerprint(self, values: Sequence[Any]) -> Array:
        """The fingerprints of values as frictionless read them.

        Raises :class:`tables.Irregular` for a type of which only Python knows what equals what.
        """
        if self.type in ("string", "any"):
            prints = hashed(tables.texts([value or "" for value in values]))
        else:
            prints = _mix(np.array([_number(value) & 0xFFFF_FFFF_FFFF_FFFF for value in values], np.uint64))
        for index, value in enumerate(values):
            if value is None:
                prints[index] = NONE
            elif value != value:  # noqa: PLR0124 (NaN)
                prints[index] = 0
        return prints


def distinct(cells: pa.Array) -> tuple[Array, list[str | None]]:
    """``cells`` as numbers into the list of their distinct texts."""
    encoded = cells.dictionary_encode(null_encoding="encode")
    return tables.numbers(encoded.indices), encoded.dictionary.to_pylist()


def distinct_rows(cells: Sequence[pa.Array]) -> tuple[Array, list[tuple[str | None, ...]]]:
    """The rows of several columns as numbers into the list of the distinct ones."""
    codes, texts = distinct(cells[0])
    rows: list[tuple[str | None, ...]] = [(text,) for text in texts]
    for column in cells[1:]:
        more, texts = distinct(column)
        pairs, codes = np.unique(codes.astype(np.int64) * max(len(texts), 1) + more, return_inverse=True)
        rows = [(*rows[pair // len(texts)], texts[pair % len(texts)]) for pair in pairs.tolist()]
    return codes, rows


def combine(prints: Sequence[Array]) -> Array:
    """The fingerprints of tuples, given those of their members."""
    whole = prints[0]
    for part in prints[1:]:
        whole = np.where((whole == 0) | (part == 0), np.uint64(0), _mix(whole * np.uint64(31) + part))
    return whole


# --- fingerprints -----------------------------------------------------------------------------------------


def _number(value: Any) -> int:
    """An integer that is the same for equal values in every process (``hash`` of text is not)."""
    if value is None:
        return 1
    if isinstance(value, int):
        return value if -(1 << 63) <= value < 1 << 63 else hash(value)
    if isinstance(value, (float, Decimal)):
        return hash(value)
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.toordinal() - _EPOCH
    if isinstance(value, tuple) and all(isinstance(part, int) for part in value):  # yearmonth
        return hash(value)
    raise tables.Irregular


_WORD = np.array([(1 << 8 * length) - 1 for length in range(8)] + [(1 << 64) - 1], np.uint64)
"""The bytes of a little-endian word that belong to a text of so many bytes."""


def hashed(cells: pa.Array) -> Array:
    """64 bits of every text: eight bytes at a time, of all texts at once."""
    _, offsets, data = cells.buffers()
    begins = np.frombuffer(offsets, np.int32)[cells.offset : cells.offset + len(cells) + 1].astype(np.int64)
    lengths = np.diff(begins)
    prints = lengths.astype(np.uint64)
    text = np.concatenate((np.frombuffer(data or b"", np.uint8), np.zeros(8, np.uint8)))
    words: Array = np.ndarray((len(text) - 7,), "<u8", text, strides=(1,))
    rows = np.arange(len(cells))
    for word in range(0, int(lengths.max(initial=0)), 8):
        rows = rows[lengths[rows] > word]
        left = np.minimum(lengths[rows] - word, 8)
        prints[rows] = _mix(prints[rows] ^ (words[begins[rows] + word] & _WORD[left]))
    return prints | np.uint64(2)


def _mix(prints: Array) -> Array:
    """splitmix64 (Steele, Lea, Flood 2014), never 0 nor 1."""
    prints = prints + np.uint64(0x9E3779B97F4A7C15)
    prints = (prints ^ (prints >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    prints = (prints ^ (prints >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Array = (prints ^ (prints >> np.uint64(31))) | np.uint64(2)
    return mixed


# --- questions to a whole column --------------------------------------------------------------------------

_Question: TypeAlias = "Callable[[pa.Array], pa.Array]"


def _missing(field: Field) -> list[str]:
    if not field.has_defined("missing_values") and field.schema:
        return field.schema.missing_values
    return field.missing_values


def _question(field: Field) -> _Question | None:
    """What to ask all cells of the field at once; ``None`` where each distinct text must be read."""
    constraints = set(field.constraints) - {"required", "unique"}
    if field.type == "any" and not constraints:
        return _anything
    if field.type == "string" and field.format == "default":
        return _text(field, constraints)
    exotic = {"bare_number", "decimal_char", "group_char", "float_number"} & set(field.list_defined())
    if field.type in ("integer", "number") and not exotic and "enum" not in constraints:
        return _castable(field)
    if field.type == "date" and field.format == "default" and "enum" not in constraints:
        return _castable(field)
    return None


def _anything(cells: pa.Array) -> pa.Array:
    return pc.is_valid(cells)


def _text(field: Field, constraints: set[str]) -> _Question | None:
    pattern = field.constraints.get("pattern")
    if "enum" in constraints or (pattern is not None and not _safe(pattern)):
        return None
    shortest, longest = field.constraints.get("minLength"), field.constraints.get("maxLength")

    def clean(cells: pa.Array) -> pa.Array:
        answer = pc.is_valid(cells)
        if shortest is not None:
            answer = pc.and_(
                answer, pc.greater_equal(pc.utf8_length(cells), tables.constant(str(shortest), pa.int32()))
            )
        if longest is not None:
            answer = pc.and_(answer, pc.less_equal(pc.utf8_length(cells), tables.constant(str(longest), pa.int32())))
        if pattern is not None:
            # Frictionless does not group: "^a|b$" in Python's match is a prefix "a" or the whole "b".
            answer = pc.and_(answer, pc.match_substring_regex(cells, f"^(?:^{pattern}$)"))
        return answer

    return clean


_SAFE = re.compile(
    r"""(?x) (?:
      [\w\ \-:/,@\#%&=;'"~!<>]                                  # a literal
    | \\[.\-+*?()\[\]{}|^$/\\dw] | \.                           # escaped; \d and \w are narrower in RE2
    | \[ (?: [\w\ :/,@\#%&=;'"~!<>.+*?(){}|$] (?:-[\w])? | \\[.\-+*?()\[\]{}|^$/\\dw] )+ -? \]
    | \[\^ [\w\ :/,@\#%&=;'"~!<>.+*?(){}|$]+ \]                 # no \d: what is narrower inside is wider outside
    | \(\?: | \((?!\?) | \) | \| | \^ | [*+?] | \{\d{1,3}(?:,\d{1,3})?\} | \$
    )+"""
)
"""Patterns under which RE2 accepts nothing Python refuses. (Less is harmless: doubt goes to the reader.)"""


def _safe(pattern: str) -> bool:
    try:
        pc.match_substring_regex(tables.texts([""]), f"^(?:^{pattern}$)")
    except pa.ArrowInvalid:
        return False  # possessive quantifiers, too large repetitions
    return _SAFE.fullmatch(pattern) is not None


class _Form(NamedTuple):
    """How Arrow casts a type: the target, texts it casts to what frictionless reads, and one of them."""

    target: pa.DataType
    plain: str
    filler: str


_FORMS = {
    "integer": _Form(pa.int64(), r"^-?[0-9]{1,18}$", "0"),
    "number": _Form(pa.float64(), r"^-?[0-9]+(?:\.[0-9]+)?$", "0"),
    # Every date but the 29th of February.
    "date": _Form(
        pa.date32(),
        "^[1-9][0-9]{3}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)"
        "|(?:0[13578]|1[02])-31)$",
        "2000-01-01",
    ),
}


def _cast(cells: pa.Array, form: _Form) -> tuple[pa.Array, pa.Array | None]:
    """The values of ``cells``, and which of them are surely right (``None``: all)."""
    try:
        if not _hexadecimal(cells):
            return pc.cast(cells, form.target), None
    except pa.ArrowInvalid:
        pass
    plain = pc.match_substring_regex(cells, form.plain)
    return pc.cast(pc.if_else(plain, cells, tables.constant(form.filler, pa.string())), form.target), plain


def _castable(field: Field) -> _Question:
    """A cast. A cell equal to a bound after rounding is in doubt, so binary fractions decide nothing."""
    form = _FORMS[field.type]
    inside = _bounds(field, form, float if field.type == "number" else str)

    def clean(cells: pa.Array) -> pa.Array:
        values, plain = _cast(cells, form)
        return inside(values) if plain is None else pc.and_(plain, inside(values))

    return clean


def _hexadecimal(cells: pa.Array) -> bool:
    """Whether Arrow might read what Python does not: ``0x1F`` as an integer, ``nan(1)`` as a number."""
    data = cells.buffers()[2]
    text = data.to_pybytes() if data else b""
    return b"x" in text or b"X" in text or b"(" in text


def _bounds(field: Field, form: _Form, simple: Callable[[Any], Any]) -> _Question:
    """Whether values lie strictly inside the field's bounds."""
    reader = field.create_value_reader()
    tests = []
    for name, test in (
        ("minimum", pc.greater),
        ("exclusiveMinimum", pc.greater),
        ("maximum", pc.less),
        ("exclusiveMaximum", pc.less),
    ):
        bound = field.constraints.get(name)
        if bound is not None:
            value = reader(bound)
            if value is None:
                raise tables.Irregular  # frictionless crashes at the first valid cell
            tests.append((test, tables.constant(str(simple(value)), form.target)))

    def inside(values: pa.Array) -> pa.Array:
        answer = pc.is_valid(values)
        for test, bound in tests:
            answer = pc.and_(answer, test(values, bound))
        return answer

    return inside
