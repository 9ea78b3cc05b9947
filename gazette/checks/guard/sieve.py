"""Finds in a column the few cells that are worth a look one by one.

A cell that does not pass the sieve holds nothing: every pattern here is wider than those of ``kinds``. The
patterns are RE2's, which knows no looking around.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from gazette import tables
from gazette.checks.guard import kinds, plain

_GAP = r"[ .\-_/·]*"
_STAR = r"[*●○■□#?]"
_EDGE = "(?:[^0-9]|$)"


def _spread(*parts: str) -> str:
    """The parts of a number, whatever stands between them."""
    return _GAP.join(parts)


_D = r"\d"
_YEAR = f"(?:{_spread('1', '9')}|{_spread('2', '0')})"
_MONTH = f"(?:{_spread('0', '[1-9]')}|{_spread('1', '[0-2]')})"
_MASK = rf"\d{_GAP}{_STAR}|{_STAR}{_GAP}\d|\d{_GAP}[Xx]{_GAP}[Xx]|[Xx]{_GAP}[Xx]{_GAP}\d"
_DAY = f"(?:{_spread('0', '[1-9]')}|{_spread('[12]', _D)}|{_spread('3', '[01]')})"
_IDENTITY = _spread("[1-9]", *[_D] * 5, _YEAR, _D, _D, _MONTH, _DAY, *[_D] * 3, r"[\dXx]")
_CARDS = "|".join(
    f"{_spread(*issuer)}(?:{_GAP}{_D}){{{rest}}}"
    for issuer, rest in (
        (["4"], "15"),
        (["5", "[1-5]"], "14"),
        (["3", "5"], "14"),
        (["6", "2"], "14,17"),
        (["6", "0", "1", "3"], "12,15"),
        (["6", "9", "0", "7"], "12,15"),
        (["9", "5", "5", "[89]"], "12,15"),
    )
)
# Apart from the others: together they have more states than RE2 keeps, and it becomes twenty times slower.
_CARD = rf"(?:^|[^0-9])(?:{_CARDS}){_EDGE}"
_WORTH = "|".join(
    (
        _IDENTITY,
        rf"(?:^|[^0-9])(?:(?:0{_GAP}0{_GAP})?8{_GAP}6{_GAP}|0{_GAP})?{_spread('1', '[3-9]', *[_D] * 9)}{_EDGE}",
        r"[A-Za-z][ \-]?(?:\d[ \-]?){6}\(",
        "@|-----BEGIN|eyJ|A[KS]IA|LTAI|AKID|AIza|gh[pousr]_|github_pat_|glpat-|xox.-|[rs]k_live_|sk-|npm_|pypi-AgE",
        _MASK,
        "(?i:passport|permit|identity|id (?:card|number|no)|sfzh|card|account)",
        f"密|内部|证|护照|身份|卡|账|[{kinds.PROVINCES}][A-HJ-NP-Za-hj-np-z]|(?:号|弄|栋|幢|座).*(?:室|户|房)",
    )
)
_DISGUISED = f"[^{plain.FAITHFUL}]"
_SUBSTANCE = r"[\p{N}\p{Latin}@＠﹫密部商]"


# What only a header makes a number of: telephones and cards in groups of digits, papers with a letter.
_ANNOUNCED = rf"(?:^|[^0-9]){_D}(?:{_GAP}{_D}){{14,18}}{_EDGE}"
_PAPERS = r"[A-Za-z]{1,2}[ \-]?(?:\d[ \-]?){6}|^(?:\d{8}|\d{10})$"

_FEWEST, _MOST = 11, 20
# A check character X is no chance: serial numbers have none.
BARE = re.compile(f"[1-9][0-9]{{{_FEWEST - 1},{_MOST - 1}}}")
"""A cell that is a number and nothing else, as long as a mobile number or more."""


class _Question(NamedTuple):
    """What is asked of a column, as its context tells."""

    measure: bool
    announced: bool
    papers: bool


def sift(columns: Sequence[tuple[pa.ChunkedArray, kinds.Context]]) -> list[tuple[pa.Array, pa.Array]]:
    """Of each column, the numbers of the rows that may hold a hit, and their texts."""
    asked = [
        _Question(
            measure=context.measure,
            announced=kinds.says_what_it_holds(context.header),
            papers=kinds.says_it_holds_papers(context.header),
        )
        for _, context in columns
    ]
    found: list[tuple[pa.Array, pa.Array]] = [(_NOWHERE, _NONE)] * len(columns)
    for question in dict.fromkeys(asked):
        group = [number for number, each in enumerate(asked) if each == question]
        sifted = _sifted([columns[number][0] for number in group], partial(_sift, question=question))
        for number, each in zip(group, sifted, strict=True):
            found[number] = each
    return found


def masks(columns: Sequence[pa.ChunkedArray]) -> list[dict[int, str]]:
    """Of each column, the cells that are an identity number partly hidden: number of the row, ``*`` for the hidden."""
    return [
        {
            row: mask
            for row, cell in zip(rows.to_pylist(), texts.to_pylist(), strict=True)
            if (mask := kinds.canonical_mask(plain.undisguise(cell).text)) is not None
        }
        for rows, texts in _sifted(columns, _masked)
    ]


def lengths(columns: Sequence[pa.ChunkedArray]) -> list[Counter[int]]:
    """Of each column, how many cells are a bare number, by their length."""
    return [
        Counter(pc.binary_length(texts).to_pylist()) if len(texts) else Counter()
        for _, texts in _sifted(columns, _bare)
    ]


_NOWHERE, _NONE = pa.array([], pa.int64()), pa.array([], pa.string())


def _sifted(
    columns: Sequence[pa.ChunkedArray], ask: Callable[[pa.ChunkedArray], pa.Array]
) -> Iterator[tuple[pa.Array, pa.Array]]:
    """The rows that ``ask`` finds in each column, and their texts."""
    for column, rows in zip(columns, tables.apart(columns, lambda values: tables.numbers(ask(values))), strict=True):
        places = tables.positions(rows)
        yield (places, _taken(column, places)) if len(rows) else (_NOWHERE, _NONE)


def _sift(values: pa.ChunkedArray, question: _Question) -> pa.Array:
    shortest = len("440308199003072115") if question.measure else len("a@qq.com")
    rows = pc.indices_nonzero(pc.greater_equal(pc.binary_length(values), shortest))
    return rows.take(pc.indices_nonzero(_worth(_taken(values, rows), question)))


def _worth(texts: pa.Array, question: _Question) -> pa.Array:
    if question.measure:
        worth = pc.match_substring_regex(texts, _IDENTITY)
    else:
        worth = pc.or_(pc.match_substring_regex(texts, _WORTH), pc.match_substring_regex(texts, _CARD))
    for asked, pattern in ((question.announced, _ANNOUNCED), (question.papers, _PAPERS)):
        if asked:
            worth = pc.or_(worth, pc.match_substring_regex(texts, pattern))
    if pc.all(pc.string_is_ascii(texts)).as_py() is not False:
        return worth
    hidden = pc.match_substring_regex(texts, _DISGUISED)
    if not pc.any(hidden).as_py():
        return worth
    return pc.or_(worth, pc.and_(hidden, pc.match_substring_regex(texts, _SUBSTANCE)))


def _bare(values: pa.ChunkedArray) -> pa.Array:
    sizes = pc.binary_length(values)
    rows = pc.indices_nonzero(pc.and_(pc.greater_equal(sizes, _FEWEST), pc.less_equal(sizes, _MOST)))
    texts = _taken(values, rows)
    return rows.take(pc.indices_nonzero(pc.and_not(pc.ascii_is_decimal(texts), pc.starts_with(texts, "0"))))


def _masked(values: pa.ChunkedArray) -> pa.Array:
    rows = pc.indices_nonzero(pc.greater_equal(pc.binary_length(values), len("440308********2115")))
    texts = _taken(values, rows)
    for pattern in ("[*●○■□#?＊×Xx]", rf"{_MASK}|[＊×]|\p{{N}}{_STAR}|{_STAR}\p{{N}}"):
        kept = pc.indices_nonzero(pc.match_substring_regex(texts, pattern)) if len(texts) else []
        rows, texts = rows.take(kept) if len(kept) else rows[:0], texts.take(kept) if len(kept) else texts[:0]
    return rows


def _taken(values: pa.ChunkedArray, rows: pa.Array) -> pa.Array:
    """The cells of ``values`` at ``rows`` in one piece."""
    return values.take(rows).combine_chunks()
