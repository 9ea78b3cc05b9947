"""Tables are read as ``csv.reader`` reads them, however they are cut."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gazette import tables
from gazette.model import Snapshot
from tests import parity


@pytest.mark.parametrize("rows", [[], [0], [2, 0, 1, 1]])
@pytest.mark.parametrize("kind", [np.int64, np.uint64, np.int32])
def test_numbers_of_rows_become_a_column(rows: list[int], kind: type) -> None:
    """Whatever type they have, and also where they are a part of others."""
    stated: tables.Array = np.array([9, *rows], kind)[1:]
    assert tables.positions(stated).to_pylist() == rows
    assert tables.positions(np.repeat(stated, 2)[::2]).to_pylist() == rows
    assert tables.keep(tables.texts(["a", "b", "c"]), stated).to_pylist() == ["abc"[row] for row in rows]


def _layout(path: Path) -> tables.Layout:
    return tables.Layout(path=path, delimiter=",", labels=("a", "b"))


def _records(path: Path, start: int = 0, end: int | None = None) -> list[list[str]]:
    """All records of all blocks, in the order of the file."""
    piece = parity.piece(path.parent, None)
    rows: list[list[str]] = []
    for block in tables.blocks(_layout(path), replace(piece, start=start, end=end)):
        found = dict(block.ragged)
        regular = zip(*(column.to_pylist() for column in block.cells.columns), strict=True)
        found |= dict(zip(block.index.tolist(), map(list, regular), strict=True))
        assert [found[index] for index in sorted(found)] == [found[index] for index in range(block.records)]
        rows += [found[index] for index in range(block.records)]
    return rows


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet='ab,"\n\r 深\x00', max_size=60), block=st.sampled_from([1, 7, 64, 4096]))
@example(text='a,b\n"x\n', block=64)
@example(text='a,b\n"\r\n",c\r\n', block=4)
@example(text="a,b\n\n,\n\n", block=2)
@example(text='"x"y,"a""b"\nz"q,\n', block=7)
def test_blocks_hold_the_records_of_csv_reader(tmp_path: Path, text: str, block: int) -> None:
    """Every cell agrees, quotes and lone CR included; an empty line is a row of empty cells."""
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode())
    expected = [cells or ["", ""] for cells in csv.reader(io.StringIO(text, newline=""))]
    tables.BLOCK, before = block, tables.BLOCK
    try:
        found = _records(path)
    except tables.Irregular:
        return  # frictionless' to read
    finally:
        tables.BLOCK = before
    assert found == expected


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), size=st.integers(1, 300))
def test_slices_hold_all_bytes_and_end_after_a_line_feed(tmp_path: Path, seed: int, size: int) -> None:
    """However long a slice is, the slices of a table are its bytes, once, in order."""
    data = parity.fuzz(random.Random(seed))
    (tmp_path / "table.csv").write_bytes(data)
    whole = parity.piece(tmp_path, None)
    tables.SLICE, before = size, tables.SLICE
    try:
        slices = tables.cut([whole.dataset], Snapshot(root=tmp_path, source=tmp_path, files=()))
    finally:
        tables.SLICE = before
    parts = [data[piece.start : piece.end] for piece in slices]
    assert b"".join(parts) == data
    assert all(part.endswith(b"\n") for part in parts[:-1])


def test_a_slice_that_ends_inside_a_cell_says_so(tmp_path: Path) -> None:
    """Only reading tells whether a line feed ends a record."""
    (tmp_path / "table.csv").write_text('a,b\n1,"x\ny"\n2,z\n')
    with pytest.raises(tables.Unclosed):
        _records(tmp_path / "table.csv", 0, 9)


@pytest.mark.parametrize("data", [b'a,b\n1,"x\n', b"a,b\n1,\xff\n", b"a,b\n1,\xed\xa0\x80\n"])
def test_what_only_frictionless_can_tell_is_refused(tmp_path: Path, data: bytes) -> None:
    """A quote nobody closes; bytes that are not UTF-8."""
    (tmp_path / "table.csv").write_bytes(data)
    with pytest.raises(tables.Irregular):
        _records(tmp_path / "table.csv")


def test_pick_finds_records_again(tmp_path: Path) -> None:
    """Fast where a line is a record, right where it is not."""
    for text in ("a,b\n1,2\n\n3,4,5\n6,7", 'a,b\n1,"2\n"\n\n3,4\r5,6\n', "\ufeffa,b\r\n1,2\r\n"):
        path = tmp_path / "table.csv"
        path.write_bytes(text.encode())
        expected = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
        wanted = list(range(1, len(expected)))
        assert tables.pick(_layout(path), (0, len(text.encode()), len(expected)), wanted) == expected[1:]


def test_read_gives_text_under_the_labels(tmp_path: Path) -> None:
    """Nothing is converted; null only where a row has no cell."""
    (tmp_path / "table.csv").write_text('\ufeffid,name\n007,"a\nb"\n1\n2,,x\n,NA\n')
    table = tables.read(parity.piece(tmp_path, None))
    assert table.column_names == ["id", "name"]
    assert table.to_pylist() == [
        {"id": "007", "name": "a\nb"},
        {"id": "1", "name": None},
        {"id": "2", "name": ""},
        {"id": "", "name": "NA"},
    ]


def test_read_gives_no_rows_for_a_header_alone(tmp_path: Path) -> None:
    """The columns are there all the same."""
    (tmp_path / "table.csv").write_text("id,name\n")
    assert tables.read(parity.piece(tmp_path, None)).to_pydict() == {"id": [], "name": []}


def test_what_is_not_csv_is_text_too(tmp_path: Path) -> None:
    """Tabs, inline data: frictionless reads them; a value is written as its field writes it."""
    descriptor = {"fields": [{"name": "id", "type": "integer"}, {"name": "open", "type": "boolean"}]}
    (tmp_path / "t.tsv").write_text("id\topen\n1\ttrue\n2\n")
    piece = parity.piece(tmp_path, descriptor, name="t.tsv", format="tsv")
    assert tables.read(piece).to_pylist() == [{"id": "1", "open": "true"}, {"id": "2", "open": None}]
    piece = parity.piece(tmp_path, descriptor, data=[["id", "open"], [1, True], [None, False]], paths=())
    assert tables.read(piece).to_pylist() == [{"id": "1", "open": "true"}, {"id": "", "open": "false"}]
