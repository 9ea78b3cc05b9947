"""A fingerprint of the content of a table, whatever file holds it.

It is the SHA-256 of the UTF-8 text of all rows, the header first. The cells of a row are separated by U+001F
(unit separator), each row ends with U+001E (record separator). A missing cell is the single character U+0000,
an empty one nothing, so the two differ. Where a cell holds one of U+0000, U+001B, U+001E, U+001F, each of
these is preceded by U+001B. Nothing else is changed: no case, no width, no form of a number.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from itertools import islice

_MARKS = re.compile("[\x00\x1b\x1e\x1f]")
_BLOCK = 4096


class Digest:
    """The fingerprint of the rows seen so far, and how many they were."""

    def __init__(self) -> None:
        self.rows = 0
        self._total = hashlib.sha256()

    def update(self, rows: Iterable[Sequence[str | None]]) -> None:
        """Add ``rows`` at the end of the table; ``ValueError`` where one has no cell."""
        following = iter(rows)
        while block := list(islice(following, _BLOCK)):
            self.rows += len(block)
            self._total.update((_plain(block) or _marked(block)).encode())

    def hexdigest(self) -> str:
        """The fingerprint as hexadecimal digits."""
        return self._total.hexdigest()


def _plain(rows: Sequence[Sequence[str | None]]) -> str | None:
    """The text of rows without a missing cell or a mark in a cell, as nearly all are; ``None`` for others."""
    try:
        text = "\x1e".join(map("\x1f".join, rows)) + "\x1e"  # type: ignore[arg-type]
    except TypeError:
        return None
    # Counting in one long text is much cheaper than looking into every cell.
    separators = sum(map(len, rows)) - len(rows)
    unmarked = text.count("\x1f") == separators and text.count("\x1e") == len(rows)
    return text if unmarked and "\x00" not in text and "\x1b" not in text else None


def _marked(rows: Sequence[Sequence[str | None]]) -> str:
    if not all(rows):
        # It would have the text of a row with one empty cell.
        raise ValueError("a row without cells")  # noqa: TRY003 - for the caller's eyes alone
    return "".join(
        "\x1f".join("\x00" if cell is None else _MARKS.sub("\x1b\\g<0>", cell) for cell in row) + "\x1e" for row in rows
    )
