"""The profile of columns: exact counts and ends, whatever the numbers look like."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazette.model import Measure
from tests.exports.test_formats import column, written


def measured(folder: Path, kind: str, cells: Sequence[str]) -> Measure:
    files, _ = written(folder, (column("cell", kind),), [(cell,) for cell in cells])
    (measure,) = files["csv"].columns
    return measure


@pytest.mark.parametrize(
    ("kind", "cells", "expected"),
    [
        ("integer", ["10", "9", "-3", "", "9"], (1, 3, "-3", "10", ())),
        ("integer", ["123456789012345678901", "99"], (0, 2, "99", "123456789012345678901", ())),
        ("number", ["0.1", "34.20", "-0.05"], (0, 3, "-0.05", "34.2", ())),
        (
            "number",
            ["9007199254740993.5", "9007199254740993.25"],
            (0, 2, "9007199254740993.25", "9007199254740993.5", ()),
        ),
        ("date", ["2024-02-29", "1899-12-31", "2024-01-01"], (0, 3, "1899-12-31", "2024-02-29", ("1899", "2024"))),
        ("year", ["2024", "2019"], (0, 2, "2019", "2024", ("2019", "2024"))),
        ("yearmonth", ["2006-02", "2007-07"], (0, 2, "2006-02", "2007-07", ("2006", "2007"))),
        ("string", ["b", "a", "-"], (1, 2, None, None, ())),
        ("integer", ["", ""], (2, 0, None, None, ())),
    ],
)
def test_what_the_cells_of_a_column_are(
    tmp_path: Path, kind: str, cells: list[str], expected: tuple[int, int, str | None, str | None, tuple[str, ...]]
) -> None:
    """Blank, distinct, least, greatest, years; long numbers are compared digit by digit."""
    found = measured(tmp_path, kind, cells)
    assert (found.blank, found.distinct, found.least, found.greatest, found.years) == expected


@settings(deadline=None, max_examples=20)
@given(st.lists(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9)))
def test_the_ends_are_those_of_exact_arithmetic(numbers: list[Decimal]) -> None:
    """Whatever the column is compared with inside."""
    with TemporaryDirectory() as folder:
        found = measured(Path(folder), "number", [f"{number:f}" for number in numbers])
    assert found.distinct == len(set(numbers))
    if numbers:
        assert Decimal(found.least or "") == min(numbers)
        assert Decimal(found.greatest or "") == max(numbers)
