"""Undoes what hides a value from a search and not from a reader, and remembers where every character stood."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

FAITHFUL = "\\x00-\\x7f\u4e00-\u9fff·、。《》“”‘’〔〕【】「」★☆"
"""Inside a character class: the characters that always stand for themselves."""

_DISGUISED = re.compile(f"[^{FAITHFUL}]")
_LOOKALIKES = {
    **dict.fromkeys("ХхΧχ×", "X"),  # Cyrillic, Greek and the sign of multiplication, in place of the check character X
    **dict.fromkeys("•∙‧・⋅", "·"),
    "\N{MINUS SIGN}": "-",
    # Blank letters, which are letters to Unicode and nothing to the eye.
    **dict.fromkeys("\u115f\u1160\u3164\uffa0\u2800", ""),
}
_UNSEEN = {"Cf", "Mn", "Me", "Cs"}


@dataclass(frozen=True, slots=True)
class Plain:
    """The undisguised text; ``origin`` says for each character where it came from, ``None`` where nothing moved."""

    text: str
    origin: tuple[int, ...] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in the text as it was written of a place in the plain one."""
        if self.origin is None:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1


def undisguise(text: str) -> Plain:
    """``text`` in compatibility form (Unicode NFKC), with ASCII digits and without what cannot be seen.

    Zero-width and bidirectional marks, soft hyphens and combining marks are dropped, every decimal digit of
    Unicode becomes an ASCII digit, every dash a hyphen, every blank a space.
    """
    if text.isascii() or not _DISGUISED.search(text):
        return Plain(text, None)
    pieces: list[str] = []
    origin: list[int] = []
    done = 0
    for match in _DISGUISED.finditer(text):
        place = match.start()
        pieces.append(text[done:place])
        origin.extend(range(done, place))
        bare = _bare(match[0])
        pieces.append(bare)
        origin.extend([place] * len(bare))
        done = place + 1
    pieces.append(text[done:])
    origin.extend(range(done, len(text)))
    return Plain("".join(pieces), tuple(origin))


@lru_cache(maxsize=4096)
def _bare(character: str) -> str:
    if (known := _LOOKALIKES.get(character)) is not None:
        return known
    if (digit := unicodedata.decimal(character, None)) is not None:
        return str(digit)
    category = unicodedata.category(character)
    if category in _UNSEEN:
        return ""
    if category == "Pd":
        return "-"
    if category in {"Zs", "Zl", "Zp"}:
        return " "
    composed = unicodedata.normalize("NFKC", character)
    return composed if composed == character else "".join(map(_bare, composed))
