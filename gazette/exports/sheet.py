"""The rows of a worksheet as XML (ECMA-376-1, 18.3.1), put together column by column.

XlsxWriter makes everything of a workbook but its rows: one call a cell is what takes it longest by far.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from gazette.exports import digest
from gazette.exports.cells import Cells, Column

EPOCH = date(1900, 3, 1)
"""Before it, spreadsheets disagree on the day: Excel keeps Lotus 1-2-3's 29 February 1900."""
_NIL = date(1899, 12, 30)
"""Day 0 of a serial number, as :data:`EPOCH` is day 61 (ECMA-376-1, 18.17.4.1)."""
_KIND = pa.large_string()
_ESCAPED = re.compile("_x[0-9A-Fa-f]{4}_")
_HARD = "[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_"
"""What XML cannot hold or would change, and what looks like the escape for it (ECMA-376-1, 22.9.2.19, ST_Xstring)."""


def rows(cells: Cells, day: int) -> Iterator[bytes]:
    """The rows of ``cells`` below a header; ``day`` is the number of the cell format of a date."""
    number = 2
    for batch in cells.batches:
        if batch.num_rows:
            places = pa.array(range(number, number + batch.num_rows)).cast(_KIND)
            written = [
                _cells(values.cast(_KIND), column, place, places, day)
                for place, (values, column) in enumerate(zip(batch.columns, cells.columns, strict=True))
            ]
            yield digest.joined(_joined('<row r="', places, '">', *written, "</row>"), "")
            number += batch.num_rows


def letters(place: int) -> str:
    """The name of a column, the first being 0."""
    name = ""
    while place >= 0:
        name = chr(ord("A") + place % 26) + name
        place = place // 26 - 1
    return name


def _cells(values: pa.Array, column: Column, place: int, places: pa.Array, day: int) -> pa.Array:
    """One cell for each of ``values``; nothing for what is missing."""
    cell = partial(_joined, f'<c r="{letters(place)}', places)
    if column.kind in {"integer", "number"} and column.exact:
        found = cell('"><v>', values, "</v></c>")
    elif column.kind == "boolean":
        found = cell('" t="b"><v>', pc.if_else(pc.equal(values, "true"), "1", "0").cast(_KIND), "</v></c>")
    else:
        found = cell('" t="inlineStr"><is>', _text(values), "</is></c>")
        if column.kind == "date":
            days = pc.days_between(pa.scalar(_NIL), values.cast(pa.date32()))
            serial = cell(f'" s="{day}"><v>', days.cast(_KIND), "</v></c>")
            found = pc.if_else(pc.greater_equal(values, EPOCH.isoformat()), serial, found)
    return pc.fill_null(found, "")


def _text(values: pa.Array) -> pa.Array:
    for mark, name in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        values = pc.replace_substring(values, mark, name)
    hard = pc.fill_null(pc.match_substring_regex(values, _HARD), fill_value=False)
    if pc.any(hard).as_py():
        values = pc.replace_with_mask(values, hard, pa.array(map(_escaped, pc.filter(values, hard).to_pylist()), _KIND))
    kept = pc.match_substring_regex(values, r"^\s|\s\z|\n")
    return pc.if_else(kept, _joined('<t xml:space="preserve">', values, "</t>"), _joined("<t>", values, "</t>"))


def _escaped(text: str) -> str:
    text = _ESCAPED.sub(lambda found: f"_x005F{found[0]}", text)
    return re.sub("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]", lambda found: f"_x{ord(found[0]):04X}_", text)


def _joined(*parts: pa.Array | str) -> pa.Array:
    texts: Sequence[object] = [pa.scalar(part, _KIND) if isinstance(part, str) else part for part in parts]
    return pc.binary_join_element_wise(*texts, pa.scalar("", _KIND))
