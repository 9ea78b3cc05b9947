"""Cells that look as if a spreadsheet had changed them: not what somebody wrote, but what a program made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gazette.intake.reading import Remark, Sheet
from gazette.model import Fact

_KINDS = (
    ("scientific", re.compile(r"-?\d(?:\.\d+)?[Ee]\+\d{1,3}")),
    ("error", re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)")),
    ("rounded", re.compile(r"\d{12,}000")),
    ("width", re.compile(r".*[\uff10-\uff19].*", re.DOTALL)),
    ("spaces", re.compile(r"\s.*|.*\s", re.DOTALL)),
)
"""Numbers in scientific notation; errors of formulas; more digits than a spreadsheet keeps (15, IEEE 754), so that
the last are noughts; full-width digits; spaces around a cell."""

_DATE = re.compile(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_SERIAL = re.compile(r"[34]\d{4}")
_CODE = re.compile(r"0\d+")
_HALF = 0.5


def judge(sheet: Sheet) -> Iterator[Remark]:
    """Every column's doubts, each with its first row."""
    for place, name in enumerate(sheet.names):
        cells = sheet.column(place)
        for key, pattern in _KINDS:
            yield from _remark(key, name, [row for row, cell in enumerate(cells, 2) if pattern.fullmatch(cell)], cells)
        yield from _remark("serial", name, list(_serials(cells)), cells)
        yield from _remark("date", name, list(_odd_dates(cells)), cells)
        yield from _remark("zeros", name, list(_shorn(cells)), cells)


def _remark(key: str, name: str, rows: Sequence[int], cells: Sequence[str]) -> Iterator[Remark]:
    if rows:
        facts: dict[str, Fact] = {"field": name, "count": len(rows), "row": rows[0], "cell": cells[rows[0] - 2]}
        yield Remark(key=f"doubt.{key}", facts=facts, doubt=True)


def _serials(cells: Sequence[str]) -> Iterator[int]:
    """Days counted from 1900 in a column of dates."""
    if any(_DATE.fullmatch(cell) for cell in cells):
        yield from (row for row, cell in enumerate(cells, 2) if _SERIAL.fullmatch(cell))


def _odd_dates(cells: Sequence[str]) -> Iterator[int]:
    """Dates that are not written as ISO 8601 has them."""
    yield from (row for row, cell in enumerate(cells, 2) if _DATE.fullmatch(cell) and not _ISO.fullmatch(cell))


def _shorn(cells: Sequence[str]) -> Iterator[int]:
    """Numbers shorter than the codes with leading noughts around them."""
    digits = [cell for cell in cells if cell.isascii() and cell.isdigit()]
    lengths = {len(cell) for cell in digits if _CODE.fullmatch(cell)}
    if len(lengths) == 1 and len(digits) > len(cells) * _HALF:
        (length,) = lengths
        yield from (row for row, cell in enumerate(cells, 2) if cell in digits and len(cell) < length)
