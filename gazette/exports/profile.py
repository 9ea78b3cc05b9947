"""What the cells of each column of a table are, counted over all of them: nothing is sampled or rounded."""

from __future__ import annotations

from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from gazette.exports.cells import Cells, Column
from gazette.model import Measure

_DATED = frozenset({"year", "yearmonth"})
_ORDERED = frozenset({"yearmonth"})
"""Types kept as text whose order as text is their own (Table Schema v2, "yearmonth")."""


def measure(cells: Cells) -> tuple[Measure, ...]:
    """The profile of the columns of a table, in their order."""
    return tuple(_measure(cells, place, column) for place, column in enumerate(cells.columns))


def _measure(cells: Cells, place: int, column: Column) -> Measure:
    values = pa.chunked_array([batch.column(place) for batch in cells.batches], pa.string())
    known = values.drop_null().unique()
    least, greatest = _ends(known, column)
    return Measure(
        column=column.field.name,
        blank=values.null_count,
        distinct=len(known),
        least=least,
        greatest=greatest,
        years=_years(known, column),
    )


def _ends(known: pa.Array, column: Column) -> tuple[str | None, str | None]:
    """The least and the greatest value, as written; nothing where values have no order a reader would expect."""
    if not len(known) or not (column.kind in {"integer", "number", "date"} or column.field.type in _ORDERED):
        return None, None
    if column.kind in {"integer", "number"}:
        if not column.exact:
            numbers = sorted(known.to_pylist(), key=Decimal)
            return numbers[0], numbers[-1]
        order = pc.sort_indices(known.cast(pa.float64()))
    else:
        order = pc.sort_indices(known)
    return known[order[0].as_py()].as_py(), known[order[-1].as_py()].as_py()


def _years(known: pa.Array, column: Column) -> tuple[str, ...]:
    if column.kind != "date" and column.field.type not in _DATED:
        return ()
    years = pc.unique(pc.utf8_slice_codeunits(known, 0, 4)).to_pylist()
    return tuple(sorted(year for year in years if year.isdigit()))
