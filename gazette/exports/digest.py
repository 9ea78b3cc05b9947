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

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_MARKS = (b"\x00", b"\x1b", b"\x1e", b"\x1f")
_CLASS = "\x00\x1b\x1e\x1f"
_BLOCK = 65_536


class Digest:
    """The fingerprint of a table with these ``names`` of columns, and how many rows of it were seen."""

    def __init__(self, names: Sequence[str]) -> None:
        if not names:
            # It would have the text of a table with one column without a name.
            raise ValueError("a table without columns")  # noqa: TRY003 - for the caller's eyes alone
        self.rows = 0
        self._total = hashlib.sha256()
        header = "\x1f".join(re.sub(f"[{_CLASS}]", "\x1b\\g<0>", name) for name in names)
        self._total.update(f"{header}\x1e".encode())

    def add(self, batch: pa.RecordBatch) -> None:
        """Add the rows of ``batch``, all of whose columns are text, at the end of the table."""
        for start in range(0, batch.num_rows, _BLOCK):
            rows = batch.slice(start, _BLOCK)
            self.rows += rows.num_rows
            text = _rows([column.cast(pa.large_string()) for column in rows.columns])
            # Counting in one long text is much cheaper than looking into every cell.
            missing = sum(cells.null_count for cells in rows.columns)
            expected = [missing, 0, rows.num_rows, rows.num_rows * (rows.num_columns - 1)]
            if [text.count(mark) for mark in _MARKS] != expected:
                text = _rows([_marked(column.cast(pa.large_string())) for column in rows.columns])
            self._total.update(text)

    def hexdigest(self) -> str:
        """The fingerprint as hexadecimal digits."""
        return self._total.hexdigest()


def of(names: Sequence[str], batches: Iterable[pa.RecordBatch]) -> str:
    """The fingerprint of the table with the columns ``names`` and the rows of ``batches``."""
    total = Digest(names)
    for batch in batches:
        total.add(batch)
    return total.hexdigest()


def joined(texts: pa.LargeStringArray, end: str) -> bytes:
    """All ``texts``, each with ``end`` behind it, as UTF-8; none of them is null."""
    blank = pa.scalar("", texts.type)
    ended = pc.binary_join_element_wise(texts, blank, pa.scalar(end, texts.type))
    # Arrow keeps the texts of an array end to end in one buffer.
    offsets = np.frombuffer(ended.buffers()[1], np.int64)[ended.offset : ended.offset + len(ended) + 1]
    return ended.buffers()[2].to_pybytes()[offsets[0] : offsets[-1]] if len(ended) else b""


def _rows(columns: Sequence[pa.Array]) -> bytes:
    cells = [pc.fill_null(column, "\x00") for column in columns]
    return joined(pc.binary_join_element_wise(*cells, pa.scalar("\x1f", pa.large_string())), "\x1e")


def _marked(cells: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(cells, f"([{_CLASS}])", "\x1b\\1")
