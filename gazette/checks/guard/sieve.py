"""Finds in a column the few cells that are worth a look one by one.

A cell that does not pass the sieve holds nothing: every pattern here is wider than those of ``kinds``. The
patterns are RE2's, which knows no looking around.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

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


def sift(values: pa.ChunkedArray, context: kinds.Context) -> tuple[pa.Array, pa.Array]:
    """The numbers of the rows of ``values`` that may hold a hit, and their texts."""
    shortest = len("440308199003072115") if context.measure else len("a@qq.com")
    rows = pc.indices_nonzero(pc.greater_equal(pc.binary_length(values), shortest))
    texts = values.take(rows).combine_chunks()
    kept = pc.indices_nonzero(_worth(texts, context))
    return rows.take(kept), texts.take(kept)


def _worth(texts: pa.Array, context: kinds.Context) -> pa.Array:
    if context.measure:
        worth = pc.match_substring_regex(texts, _IDENTITY)
    elif kinds.says_what_it_holds(context.header):
        worth = pc.match_substring_regex(texts, f"[0-9]|{_WORTH}")
    else:
        worth = pc.or_(pc.match_substring_regex(texts, _WORTH), pc.match_substring_regex(texts, _CARD))
    if pc.all(pc.string_is_ascii(texts)).as_py():
        return worth
    hidden = pc.and_(pc.match_substring_regex(texts, _DISGUISED), pc.match_substring_regex(texts, _SUBSTANCE))
    return pc.or_(worth, hidden)


def masks(values: pa.ChunkedArray) -> dict[int, str]:
    """The cells that are an identity number partly hidden: number of the row, ``*`` for what is hidden."""
    rows = pc.indices_nonzero(pc.greater_equal(pc.binary_length(values), len("440308********2115")))
    for pattern in ("[*●○■□#?＊×Xx]", rf"{_MASK}|[＊×]|\p{{N}}{_STAR}|{_STAR}\p{{N}}"):
        rows = rows.take(pc.indices_nonzero(pc.match_substring_regex(values.take(rows), pattern)))
    cells = zip(rows.to_pylist(), values.take(rows).to_pylist(), strict=True)
    found = ((row, kinds.canonical_mask(plain.undisguise(cell).text)) for row, cell in cells)
    return {row: mask for row, mask in found if mask is not None}
