"""Simplified and Traditional script: which characters belong to one and not to the other.

A character is Traditional where OpenCC's table of characters writes it otherwise in Simplified and GB/T 2312 has
no room for it; Simplified where it is the other way round with Big5. Characters that both scripts use (后, 里, 于,
著, 乾) are never counted, so what is found is certain.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import opencc

TRADITIONAL = "zh-Hant"
"""BCP 47 tag of Chinese in the Traditional script."""

SIMPLIFIED = "zh-Hans"
"""BCP 47 tag of Chinese in the Simplified script."""

_CHARSETS = {SIMPLIFIED: "gb2312", TRADITIONAL: "big5"}
_CONVERSIONS = {SIMPLIFIED: "t2s", TRADITIONAL: "s2t"}
_ADOPTED = frozenset("後於麽")
"""Traditional characters that GB/T 2312 has taken in for names alone."""


def foreign(characters: Iterable[str], script: str) -> frozenset[str]:
    """Those of ``characters`` that a text in ``script``, one of the two tags above, cannot contain."""
    doubtful = [each for each in characters if each >= "\u3400" and not _fits(each, script)]
    return frozenset(each for each in doubtful if _converter(_CONVERSIONS[script]).convert(each) != each)


def traditional(text: str) -> bool:
    """Whether ``text`` is written in the Traditional script, as far as its characters tell."""
    if text.isascii():
        return False
    return bool(foreign(text, SIMPLIFIED))


@cache
def _fits(character: str, script: str) -> bool:
    if script == SIMPLIFIED and character in _ADOPTED:
        return False
    try:
        character.encode(_CHARSETS[script])
    except UnicodeEncodeError:
        return False
    return True


@cache
def _converter(conversion: str) -> opencc.OpenCC:
    """Loaded with the first character in doubt: the phrases of some conversions take a twentieth of a second."""
    return opencc.OpenCC(conversion)
