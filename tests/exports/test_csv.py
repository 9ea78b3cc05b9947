"""The canonical CSV: what is downloaded is cell by cell what was checked."""

from __future__ import annotations

import csv
import hashlib
import io
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from unittest import mock

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from gazette import tables
from gazette.exports import cells
from gazette.exports import csv as export
from gazette.model import BuildError, Dataset, Field, Resource, Schema, Slice, Snapshot, Text

Row = Sequence[str | None]

UNTIMED = hypothesis_settings(deadline=None)  # the first example pays for what the library loads
TITLE = Text(values=(("en", "A title"),))


def piece(names: Sequence[str] | None, dataset: str = "reports", resource: str = "Reports.2024") -> Slice:
    """The address of a table whose schema has these fields, or none."""
    fields = tuple(
        Field(name=name, type="string", format="default", title=Text(), description=Text(), constraints={})
        for name in names or ()
    )
    described = {"fields": [{"name": name, "type": "string"} for name in names or ()]}
    table = Resource(
        name=resource,
        slug=resource.lower().replace(".", "-"),
        dataset=dataset,
        title=TITLE,
        description=Text(),
        paths=("data/reports.csv",),
        schema=None if names is None else Schema(fields=fields, descriptor=described),
    )
    package = Dataset(
        name=dataset,
        folder=dataset,
        path=f"{dataset}/datapackage.yaml",
        title=TITLE,
        description=Text(),
        resources=(table,),
    )
    return Slice(root=Path(), dataset=package, resource=table)


def batch(labels: Sequence[str], rows: Sequence[Row]) -> pa.RecordBatch:
    """Rows as tables.batches gives them."""
    columns = [pa.array([row[number] for row in rows], pa.string()) for number in range(len(labels))]
    return pa.record_batch(columns, names=list(labels))


def written(names: Sequence[str], batches: Sequence[pa.RecordBatch]) -> tuple[bytes, int | None]:
    """The file that is written, and how many rows it is said to hold."""
    found = list(batches)
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.object(tables, "batches", side_effect=lambda _: iter(found)),
    ):
        artifact = export.write(cells.gather((piece(names),)), Path(folder))
        content = (Path(folder) / artifact.path).read_bytes()
    assert artifact.bytes == len(content)
    assert artifact.sha256 == hashlib.sha256(content).hexdigest()
    return content, artifact.rows


CELLS = st.text(
    st.one_of(st.sampled_from(' ",;\r\n\t\ufeff中𠮷\u2028\x1e\x1f\x1b'), st.characters(exclude_categories=["Cs"]))
)
NAMES = st.lists(st.text('abc_," \r\n中', min_size=1), min_size=1, max_size=4, unique=True)


@st.composite
def whole_tables(draw: st.DrawFn) -> tuple[list[str], list[list[str | None]]]:
    """Field names and rows, every cell any text or missing."""
    names = draw(NAMES)
    row = st.lists(st.one_of(st.none(), st.just(""), CELLS), min_size=len(names), max_size=len(names))
    return names, draw(st.lists(row, max_size=6))


@UNTIMED
@given(whole_tables(), st.integers(1, 3))
def test_a_table_is_read_back_as_it_was(table: tuple[list[str], list[list[str | None]]], size: int) -> None:
    """Any cells survive the file, however the table was cut; only a missing cell becomes an empty one."""
    names, rows = table
    batches = [batch(names, rows[start : start + size]) for start in range(0, len(rows), size)]
    content, count = written(names, batches)
    read = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
    assert read == [names, *([cell or "" for cell in row] for row in rows)]
    assert count == len(rows)


@UNTIMED
@given(whole_tables())
def test_quotes_stand_only_where_they_are_needed(table: tuple[list[str], list[list[str | None]]]) -> None:
    """The bytes are those of another writer of RFC 4180 that quotes as little as it can."""
    names, rows = table
    other = io.StringIO(newline="")
    csv.writer(other, lineterminator="\r\n").writerows([names, *rows])
    assert written(names, [batch(names, rows)])[0] == other.getvalue().encode()


def test_a_lone_empty_cell_is_quoted() -> None:
    """A blank line would be no row to a reader."""
    assert written(["note"], [batch(["note"], [[""], ["a"], [None]])]) == (b'note\r\n""\r\na\r\n""\r\n', 3)


def test_cells_are_not_reformatted() -> None:
    """Leading zeros, trailing zeros, spaces and rare characters stay."""
    rows = [["007", "1.10"], [" a ", "1E5"], ["𠮷㐀", "9007199254740993"]]
    content, _ = written(["a", "b"], [batch(["a", "b"], rows)])
    assert content.decode() == "a,b\r\n007,1.10\r\n a ,1E5\r\n𠮷㐀,9007199254740993\r\n"


def test_columns_stand_in_the_order_of_the_schema() -> None:
    """Whatever order the contributed file had."""
    assert written(["b", "a"], [batch(["a", "b"], [["1", "2"]])])[0] == b"b,a\r\n2,1\r\n"


def test_a_table_without_schema_keeps_its_labels(tmp_path: Path) -> None:
    """A stranger's table may say nothing of its fields."""
    found = batch(["x", "y"], [["1", "2"]])
    with (
        mock.patch.object(tables, "batches", return_value=[found]),
        mock.patch.object(tables, "read", return_value=pa.Table.from_batches([found])),
    ):
        artifact = export.write(cells.gather((piece(None),)), tmp_path)
    assert (tmp_path / artifact.path).read_bytes() == b"x,y\r\n1,2\r\n"


def test_an_empty_table_has_a_header(tmp_path: Path) -> None:
    """No rows, no batches, but the columns are known."""
    assert written(["a", "b"], []) == (b"a,b\r\n", 0)


def test_a_large_file_of_several_slices_is_one_table(tmp_path: Path) -> None:
    """Also where a slice ends inside a quoted cell, as tables.cut may leave it."""
    lines = "".join(f'{number},"line\r\nand ""line""\n{number}"\n' for number in range(2000))
    (tmp_path / "reports/data").mkdir(parents=True)
    (tmp_path / "reports/data/reports.csv").write_bytes(f"a,b\n{lines}".encode())
    whole = replace(piece(["a", "b"], resource="reports"), root=tmp_path)
    with mock.patch.object(tables, "SLICE", 1000), mock.patch.object(tables, "BLOCK", 500):
        pieces = tables.cut([whole.dataset], Snapshot(root=tmp_path, source=tmp_path, files=()))
        assert len(pieces) > 10
        artifact = export.write(cells.gather(pieces), tmp_path / "stage")
    with (tmp_path / "stage" / artifact.path).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [["a", "b"], *([f"{n}", f'line\r\nand "line"\n{n}'] for n in range(2000))]
    assert artifact.rows == 2000


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b"b,2", b"c,2"),
        (b"b,2", b"b;2"),
        (b"b,2", b"b"),
        (b"b,2", b'b,"2'),
        (b"b,2", b"b,\xff"),
        (b"\r\n", b"\r\n\r\n"),
    ],
)
def test_a_file_that_reads_as_another_table_is_not_published(tmp_path: Path, good: bytes, bad: bytes) -> None:
    """A fault of the writer is found by the second reader."""
    lines = export._lines
    with (
        mock.patch.object(tables, "batches", return_value=[batch(["a", "b"], [["b", "2"]])]),
        mock.patch.object(export, "_lines", side_effect=lambda table: lines(table).replace(good, bad)),
        pytest.raises(BuildError) as refused,
    ):
        export.write(cells.gather((piece(["a", "b"]),)), tmp_path)
    assert (refused.value.code, refused.value.exit) == ("export-mismatch", 3)


def test_a_blank_line_is_no_row_of_one_empty_cell(tmp_path: Path) -> None:
    """Where the quotes are lost, the second reader finds no row."""
    lines = export._lines
    with (
        mock.patch.object(tables, "batches", return_value=[batch(["a"], [[""], ["x"]])]),
        mock.patch.object(export, "_lines", side_effect=lambda table: lines(table).replace(b'""', b"")),
        pytest.raises(BuildError, match="export-mismatch"),
    ):
        export.write(cells.gather((piece(["a"]),)), tmp_path)


def test_a_long_cell_is_read_back(tmp_path: Path) -> None:
    """The reader's usual limit of 131,072 characters is not ours."""
    assert len(written(["a"], [batch(["a"], [["x" * 200_000]])])[0]) == 200_005
