"""The order of Chinese names: by their reading in pinyin, as a dictionary has them.

Readings are those of pypinyin's phrases, corrected by ``readings.toml``; neither ICU nor the browser's own order knows
that 厦 is *xia* in 厦门 and 长 is *chang* in 长沙.
"""

from __future__ import annotations

import tomllib
from functools import cache, lru_cache
from importlib import resources

from pypinyin import lazy_pinyin, load_phrases_dict


@lru_cache(maxsize=65536)
def key(text: str) -> tuple[str, ...]:
    """What a name is sorted by; names in Latin letters stand among those read that way."""
    _load()
    return (*(syllable.casefold() for syllable in lazy_pinyin(text)), text)


def initial(text: str) -> str:
    """The letter a name stands under, ``A`` to ``Z``; ``#`` for one that begins with none."""
    first = next((sign for sign in "".join(key(text)[:-1]) if sign.isalnum()), "#").upper()
    return first if "A" <= first <= "Z" else "#"


@cache
def _load() -> None:
    text = resources.files(__package__).joinpath("readings.toml").read_text(encoding="utf-8")
    readings: dict[str, str] = tomllib.loads(text)
    load_phrases_dict({phrase: [[syllable] for syllable in reading.split()] for phrase, reading in readings.items()})
