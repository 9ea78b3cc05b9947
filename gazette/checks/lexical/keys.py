"""Whether keys are unique, as values and to the eye.

One fingerprint per row travels from a slice. Equal fingerprints only hint: the few rows that have one are read again
and compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gazette import tables
from gazette.checks.lexical import characters, naming
from gazette.checks.lexical.cells import Array, Reader
from gazette.checks.schema import columns
from gazette.model import Fact, Slice

Twin: TypeAlias = "tuple[int, int]"
"""A row and the earlier one it repeats, both from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The fingerprints of one slice: of values for every key that frictionless does not judge, of looks for every key.

    Looks are ``None`` where a key is written so that it looks like nothing but itself: in ``cases`` of letters.
    """

    rows: int
    values: tuple[Array, ...]
    looks: tuple[Array | None, ...]
    cases: tuple[frozenset[str], ...]


def look(table: pa.Table, piece: Slice, reader: Reader) -> Keys:
    """The fingerprints of the keys of one slice."""
    labels = table.column_names
    every = naming.all_of(piece.resource, labels)
    cases = tuple(_cases(table, names) for names in every)
    return Keys(
        rows=table.num_rows,
        values=tuple(_values(table, names, reader) for names in naming.unjudged(piece.resource, labels)),
        looks=tuple(_looks(table, names) if _OTHER in own else None for names, own in zip(every, cases, strict=True)),
        cases=cases,
    )


def repeated(parts: Sequence[tuple[Slice, Keys]], number: int, names: Sequence[str]) -> Iterator[Twin]:
    """The rows whose value of the key ``number`` stood in the table before."""
    first: dict[tuple[Any, ...], int] = {}
    reader = Reader(parts[0][0])
    for row, texts in _again(parts, [part.values[number] for _, part in parts], names):
        values = tuple(reader.read(name, text).value for name, text in zip(names, texts, strict=True))
        if values in first:
            yield row, first[values]
        else:
            first[values] = row


def alike(
    parts: Sequence[tuple[Slice, Keys]], number: int, names: Sequence[str]
) -> Iterator[tuple[Twin, str, Mapping[str, Fact]]]:
    """The rows whose key looks like an earlier one and is another: with the code of the finding and its facts."""
    own = {case for _, part in parts for case in part.cases[number]}
    if _OTHER not in own and len(own) <= 1:
        return
    prints = [part.looks[number] for _, part in parts]
    whole = [_looks(tables.read(piece), names) if found is None else found
             for (piece, _), found in zip(parts, prints, strict=True)]  # fmt: skip
    seen: dict[tuple[str, ...], tuple[int, tuple[str, ...]]] = {}
    vague: dict[tuple[str, ...], tuple[int, tuple[str, ...]]] = {}
    for row, texts in _again(parts, whole, names):
        if not all(texts):
            continue
        exact, blurred = tuple(map(characters.folded, texts)), tuple(map(characters.blurred, texts))
        same, near = seen.setdefault(exact, (row, texts)), vague.setdefault(blurred, (row, texts))
        if same[1] != texts:
            yield (row, same[0]), "key-confusable", _facts(texts, same[1])
        elif same[0] == row and near[0] != row and all(map(characters.confused, near[1], texts)):
            yield (row, near[0]), "key-lookalike", _facts(texts, near[1])


def _facts(texts: Sequence[str], other: Sequence[str]) -> Mapping[str, Fact]:
    return {"cell": characters.shown(" · ".join(texts)), "other": characters.shown(" · ".join(other))}


# --- fingerprints -----------------------------------------------------------------------------------------


def _values(table: pa.Table, names: Sequence[str], reader: Reader) -> Array:
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


_OTHER = "other"
_LOWER, _UPPER = np.arange(ord("a"), ord("z") + 1), np.arange(ord("A"), ord("Z") + 1)
_AMBIGUOUS = np.isin(np.arange(256), [*b"oOiIlL| \t\r\n", *range(0x7F, 256)])


def _cases(table: pa.Table, names: Sequence[str]) -> frozenset[str]:
    """The cases of the letters in a key, and :data:`_OTHER` where it has characters that look like others."""
    used = np.zeros(256, bool)
    for name in names:
        for chunk in table[name].chunks:
            _, offsets, data = chunk.buffers()
            edges = np.frombuffer(offsets, np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
            used[np.frombuffer(data or b"", np.uint8)[edges[0] : edges[-1]]] = True
    found = {name for name, letters in (("lower", _LOWER), ("upper", _UPPER)) if used[letters].any()}
    return frozenset({*found, _OTHER} if len(found) > 1 or (used & _AMBIGUOUS).any() else found)


# Folding and blurring of ASCII letters, byte by byte; the bytes of other characters stay.
_BLUR = np.arange(256, dtype=np.uint8)
_BLUR[_UPPER] = _LOWER
_BLUR[list(b"oO")] = ord("0")
_BLUR[list(b"iIlL|")] = ord("1")


def _looks(table: pa.Table, names: Sequence[str]) -> Array:
    """One fingerprint per row, equal for keys that look alike (and at times for others); 0 where a cell is empty."""
    return columns.combine([_blurred(pa.chunked_array(table[name].chunks, pa.string())) for name in names])


def _blurred(values: pa.ChunkedArray) -> Array:
    found = [np.zeros(0, np.uint64)]
    for chunk in values.chunks:
        cells = pc.fill_null(chunk, "")
        _, offsets, data = cells.buffers()
        bytes_ = pa.py_buffer(_BLUR[np.frombuffer(data or b"", np.uint8)])
        plain = pa.StringArray.from_buffers(len(cells), offsets, bytes_, offset=cells.offset)
        prints = columns.hashed(plain)
        odd = np.flatnonzero(tables.numbers(pc.match_substring_regex(cells, _FOLDS)))
        if len(odd):
            codes, texts = columns.distinct(tables.keep(cells, odd))
            prints[odd] = columns.hashed(tables.texts([characters.blurred(text or "") for text in texts]))[codes]
        prints[np.flatnonzero(tables.numbers(pc.equal(pc.binary_length(cells), _NOTHING)))] = 0
        found.append(prints)
    return np.concatenate(found)


_FOLDS = f"[^{characters.PLAIN}]|[{characters.CONFUSED}]"
_NOTHING = tables.constant("0", pa.int32())


# --- rows that share one ----------------------------------------------------------------------------------

_MOST = 100_000
"""Rows with a shared fingerprint that are compared; a key of more says nothing of any row."""


def _again(
    parts: Sequence[tuple[Slice, Keys]], found: Sequence[Array], names: Sequence[str]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows whose fingerprint another row has too, with their cells, read again."""
    prints = np.concatenate([np.zeros(0, np.uint64), *found])
    ordered = np.sort(prints)
    twice = ordered[1:][(ordered[1:] == ordered[:-1]) & (ordered[1:] != 0)]
    candidates = np.flatnonzero(np.isin(prints, twice))[:_MOST] if len(twice) else np.zeros(0, np.int64)
    before = 0
    for piece, part in parts:
        here = candidates[(candidates >= before) & (candidates < before + part.rows)]
        if len(here):
            rows = tables.read(piece).select(list(names)).combine_chunks()
            texts = zip(*(tables.keep(rows[name].chunk(0), here - before).to_pylist() for name in names), strict=True)
            yield from zip(here.tolist(), texts, strict=True)
        before += part.rows
