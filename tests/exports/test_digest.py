"""The fingerprint of a table: anyone can compute it, and no two tables have the same."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pyarrow as pa
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gazette.exports import digest

Row = Sequence[str | None]
UNTIMED = hypothesis_settings(deadline=None)


def batch(rows: Sequence[Row], names: Sequence[str]) -> pa.RecordBatch:
    columns = [pa.array([row[place] for row in rows], pa.string()) for place in range(len(names))]
    return pa.record_batch(columns, names=list(names))


def test_the_fingerprint_is_as_documented() -> None:
    """Separators, a mark for what is missing, nothing for what is empty, an escape for the marks themselves."""
    text = "id\x1fname\x1e1\x1f\x1e2\x1f\x00\x1e3\x1f\x1b\x1fx\x1e"
    rows: list[Row] = [["1", ""], ["2", None], ["3", "\x1fx"]]
    found = digest.of(["id", "name"], [batch(rows, ["id", "name"])])
    assert found == hashlib.sha256(text.encode()).hexdigest()


CELLS = st.one_of(st.none(), st.text("a\x00\x1b\x1e\x1f", max_size=2))
TABLES = st.integers(1, 3).flatmap(
    lambda width: st.tuples(
        st.lists(st.text("ab\x1f\x1e", max_size=2), min_size=width, max_size=width, unique=True),
        st.lists(st.lists(CELLS, min_size=width, max_size=width), max_size=3),
    )
)


@UNTIMED
@given(TABLES, TABLES)
def test_different_tables_have_different_fingerprints(
    one: tuple[list[str], list[list[str | None]]], other: tuple[list[str], list[list[str | None]]]
) -> None:
    """Also where cells and names hold the separators themselves."""
    prints = [digest.of(names, [batch(rows, names)]) for names, rows in (one, other)]
    assert (prints[0] == prints[1]) == (one == other)


@UNTIMED
@given(TABLES)
def test_the_fingerprint_does_not_depend_on_how_rows_arrive(table: tuple[list[str], list[list[str | None]]]) -> None:
    """One row at a time or all at once."""
    names, rows = table
    assert digest.of(names, [batch([row], names) for row in rows]) == digest.of(names, [batch(rows, names)])
