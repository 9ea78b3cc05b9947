"""What two columns of texts that should say the same have to show, all rows at once.

Nothing here depends on how a table was cut: traces of slices are added up, and how long a translation usually is
stays open until every text of the site was measured.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gazette import script, tables
from gazette.checks import guard
from gazette.checks.parity import quotations
from gazette.checks.parity.terms import Glossary

Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"
Key: TypeAlias = tuple[str, str | int]
"""What was seen: a name with its language or variant; for a measured length, ``ratio`` with its step."""

LISTED = guard.LISTED
"""A column with more rows of one kind than this gets one finding for all."""

FLOOR = 16
"""Han characters below which the length of a translation says nothing: labels are cut short in any language."""

STEPS = 32
"""Steps of a doubling in which ratios of lengths are counted."""

_WEIGHT = 3.0
"""Latin letters that stand for as much as one Han character; only the order of magnitude matters."""

_HAN = re.compile("[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_LATIN = re.compile("[A-Za-z]")
_CODE = re.compile(r"[^A-Za-z\u3400-\u9fff]*|[A-Z0-9&./ -]+|\S*[0-9_@:/.]\S*|[A-Za-z]{1,3}", re.ASCII)
"""What is the same in every language: figures, abbreviations, addresses, codes, symbols of units."""

_PROSE = r"[A-Za-z]{2,}[,;:]? +[a-z]{2,}"
_WIDE = "[\u3001\u3002\uff01-\uff0f\uff1a-\uff20]"
_NARROW = r"[一-鿿](?:[,;:!?.]|\([一-鿿]+\))[一-鿿]"


@dataclass(slots=True, kw_only=True)
class Trace:
    """How often something was seen, and the first rows, counted from 0."""

    count: int = 0
    rows: list[int] = field(default_factory=list)

    def join(self, count: int, rows: Iterable[int]) -> None:
        """Add what was seen further down; one row more is kept than is listed."""
        self.count += count
        self.rows += list(rows)[: LISTED + 1 - len(self.rows)]


Traces: TypeAlias = dict[Key, Trace]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Two columns that say the same, blank where there is no text; ``tag`` is the script of the Chinese."""

    zh: pa.Array
    en: pa.Array
    tag: str = script.SIMPLIFIED


def compare(columns: Sequence[Columns], glossary: Glossary) -> list[Traces]:
    """What is to be seen of each of ``columns``; all are looked at together, as most tables are small."""
    traces: list[Traces] = [{} for _ in columns]
    for tag in dict.fromkeys(each.tag for each in columns):
        numbers = [number for number, each in enumerate(columns) if each.tag == tag]
        zh, en = (pa.concat_arrays([getattr(columns[number], name) for number in numbers]) for name in ("zh", "en"))
        borders = np.cumsum([0, *(len(columns[number].zh) for number in numbers)])
        for key, rows in _seen(zh, en, glossary, tag):
            places = np.searchsorted(rows, borders)
            for owner in np.flatnonzero(np.diff(places)).tolist():
                first, last = places[owner], places[owner + 1]
                shown = rows[first : min(last, first + LISTED + 1)] - borders[owner]
                traces[numbers[owner]][key] = Trace(count=int(last - first), rows=shown.tolist())
    return traces


def _seen(zh: pa.Array, en: pa.Array, glossary: Glossary, tag: str) -> Iterator[tuple[Key, Array]]:
    """What was seen, each with its rows in ascending order."""
    has_zh, has_en = (tables.numbers(pc.not_equal(column, "")) for column in (zh, en))
    yield ("texts", ""), np.flatnonzero(has_zh | has_en)
    yield ("missing", "en"), np.flatnonzero(has_zh & ~has_en)
    yield ("missing", "zh"), np.flatnonzero(has_en & ~has_zh)
    both = np.flatnonzero(has_zh & has_en)
    if not len(both):
        return
    zh, en = tables.keep(zh, both), tables.keep(en, both)
    sound = np.ones(len(both), bool)
    for key, marks in _flawed(zh, en, tag).items():
        yield key, both[marks]
        sound &= ~marks
    for key, marks in _punctuation(zh, en, sound).items():
        yield key, both[marks]
    for step, rows in _measured(zh, en, sound):
        yield ("ratio", step), both[rows]
    for term, rows in glossary.departures(zh, en, sound):
        yield ("term", term), both[rows]


def _flawed(zh: pa.Array, en: pa.Array, tag: str) -> dict[Key, Array]:
    """Marks of the rows that say the same words, or are in the wrong script; of several faults a row has the first."""
    same = _those(pc.equal(zh, en), zh, lambda text: not _CODE.fullmatch(text))
    chinese = _matches(zh, _HAN.pattern)
    found: dict[Key, Array] = {
        ("identical", "en"): same & chinese,
        ("identical", "zh"): same & ~chinese,
        ("script", "han"): _those(pc.match_substring_regex(en, _HAN.pattern), en, _speaks_chinese) & ~same,
    }
    if not chinese.all():
        found["script", "latin"] = _matches(zh, _PROSE) & ~chinese & ~same
    found["script", "hant" if tag == script.SIMPLIFIED else "hans"] = _other_script(zh, tag) & ~same
    return found


def _punctuation(zh: pa.Array, en: pa.Array, rows: Array) -> dict[Key, Array]:
    """Marks of those ``rows`` that have the punctuation of the other language."""
    narrow = _those(pc.match_substring_regex(zh, _NARROW), zh, lambda text: _in_prose(_NARROW, text))
    wide = _those(pc.match_substring_regex(en, _WIDE), en, lambda text: _in_prose(_WIDE, text))
    return {("typography", "zh"): narrow & rows, ("typography", "en"): wide & rows}


def _matches(column: pa.Array, pattern: str) -> Array:
    return tables.numbers(pc.match_substring_regex(column, pattern))


def _those(mask: pa.Array, column: pa.Array, test: Callable[[str], bool]) -> Array:
    """Marks of the rows in ``mask`` whose text passes ``test``."""
    marks = tables.numbers(mask).copy()
    rows = np.flatnonzero(marks)
    if len(rows):
        marks[rows] = [test(text) for text in tables.keep(column, rows).to_pylist()]
    return marks


def _speaks_chinese(text: str) -> bool:
    """Whether an English text has Han characters outside quotations, or nothing but a quotation."""
    bare = quotations.bare(text)
    return bool(_HAN.search(bare) or (_HAN.search(text) and not _LATIN.search(bare)))


def _in_prose(pattern: str, text: str) -> bool:
    """Whether ``text`` has what ``pattern`` describes other than in a quotation."""
    return bool(re.search(pattern, quotations.unquoted(text)))


def _other_script(zh: pa.Array, tag: str) -> Array:
    """Marks of the rows with characters of the other script outside quotations."""
    strange = script.foreign(set("".join(zh.to_pylist())), tag)
    if not strange:
        return np.zeros(len(zh), bool)
    mask = pc.match_substring_regex(zh, f"[{''.join(sorted(strange))}]")
    return _those(mask, zh, lambda text: not strange.isdisjoint(quotations.bare(text)))


def _measured(zh: pa.Array, en: pa.Array, sound: Array) -> Iterator[tuple[int, Array]]:
    """How many times longer, in steps of a doubling, a text of some length is than its translation, with the rows."""
    long = np.flatnonzero(sound & (tables.numbers(pc.utf8_length(zh)) >= FLOOR))
    if not len(long):
        return
    zh, en = tables.keep(zh, long), tables.keep(en, long)
    # In UTF-8 a Han character has three bytes and one of ours has one: regular expressions would take far longer.
    length = tables.numbers(pc.utf8_length(zh))
    han = (tables.numbers(pc.binary_length(zh)) - length) // 2
    weight = _WEIGHT * han + (length - han)
    steps = np.rint(np.log2(tables.numbers(pc.utf8_length(en)) / weight) * STEPS).astype(int)
    for step in sorted(set(steps[han >= FLOOR].tolist())):
        yield step, long[(han >= FLOOR) & (steps == step)]
