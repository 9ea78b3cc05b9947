"""What a dialect says of a file is read, and a row keeps the number a spreadsheet shows."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from frictionless import FrictionlessException

from gazette import checks, tables
from gazette.checks import schema
from gazette.model import Dataset, Resource, Slice, Snapshot, Text
from gazette.tables import mounting
from tests import parity
from tests.tables import books

FIELDS = {"fields": [{"name": "id", "type": "string"}, {"name": "name", "type": "string"}]}
ROWS = [{"id": "1", "name": "a"}, {"id": "2", "name": "\u200bb"}]
"""The second row has an invisible character, which is found at its number."""


def _seen(piece: Slice) -> tuple[list[Any], list[tuple[str, int | None, int | None]]]:
    found = [(each.code, each.row, each.line) for each in checks.inspect([piece])[0].findings]
    return tables.read(piece).to_pylist(), found


@pytest.mark.parametrize(
    ("text", "dialect", "row"),
    [
        ("id,name\n1,a\n2,\u200bb\n", {}, 3),
        ("Rooms\nid,name\n1,a\n2,\u200bb\n", {"headerRows": [2]}, 4),
        ("Rooms 2024\n\nid,name\n1,a\n2,\u200bb\n", {"headerRows": [3]}, 5),
        ("1,a\n2,\u200bb\n", {"header": False}, 2),
        ("# of rooms\nid,name\n1,a\n# two\n2,\u200bb\n", {"commentChar": "#", "headerRows": [2]}, 5),
        ("id,name\n1,a\nnote,\n2,\u200bb\n", {"commentRows": [3]}, 4),
        ("id, name\n1, a\n2, \u200bb\n", {"skipInitialSpace": True}, 3),
        ("id;name\n1;'a'\n2;'\u200bb'\n", {"delimiter": ";", "quoteChar": "'"}, 3),
        ("id,name\r\n1,a\r\n2,\u200bb\r\n", {}, 3),
    ],
)
def test_a_row_keeps_its_number(tmp_path: Path, text: str, dialect: dict[str, Any], row: int) -> None:
    """Title rows, comments and a missing header move the records, and every finding with them."""
    (tmp_path / "t.csv").write_bytes(text.encode())
    rows, found = _seen(parity.piece(tmp_path, FIELDS, name="t.csv", dialect=dialect))
    assert rows == ROWS
    assert found == [("invisible-character", row, row)]


def test_two_header_rows_are_joined(tmp_path: Path) -> None:
    """As frictionless joins them."""
    (tmp_path / "t.csv").write_text("room,room\nid,name\n1,a\n2,\u200bb\n")
    descriptor = {"fields": [{"name": f"room {each['name']}", "type": "string"} for each in FIELDS["fields"]]}
    rows, found = _seen(parity.piece(tmp_path, descriptor, name="t.csv", dialect={"headerRows": [1, 2]}))
    assert [list(row.values()) for row in rows] == [["1", "a"], ["2", "\u200bb"]]
    assert found == [("invisible-character", 4, 4)]


def test_a_row_of_a_workbook_has_the_number_the_sheet_shows(tmp_path: Path) -> None:
    """A title above the header and an empty row count."""
    books.write(tmp_path / "t.xlsx", [["Rooms"], ["id", "name"], ["1", "a"], [], ["2", "\u200bb"]])
    dialect = {"headerRows": [2], "skipBlankRows": True}
    rows, found = _seen(parity.piece(tmp_path, FIELDS, name="t.xlsx", format="xlsx", dialect=dialect))
    assert rows == ROWS
    assert found == [("invisible-character", 5, None)]


def test_a_row_of_json_has_its_line(tmp_path: Path) -> None:
    """The line on which the object begins."""
    (tmp_path / "t.json").write_text('[\n{"id": "1", "name": "a"},\n\n{"id": "2",\n "name": "\u200bb"}]')
    rows, found = _seen(parity.piece(tmp_path, FIELDS, name="t.json", format="json"))
    assert rows == ROWS
    assert found == [("invisible-character", 3, 4)]


def test_twins_are_named_by_their_numbers(tmp_path: Path) -> None:
    """The row a unique key repeats is counted as the file counts it."""
    (tmp_path / "t.csv").write_text("Rooms,\nid,name\n1,a\n1,a\n")
    descriptor = FIELDS | {"uniqueKeys": [["id", "name"]]}
    piece = parity.piece(tmp_path, descriptor, name="t.csv", dialect={"headerRows": [2]})
    fields = tuple(_field(each["name"]) for each in FIELDS["fields"])
    piece = _with_fields(piece, fields)
    (finding,) = checks.inspect([piece])[0].findings
    assert (finding.code, finding.row, finding.facts["twin"]) == ("unique-key", 4, 3)


def _field(name: str) -> Any:
    from gazette.model import Field

    return Field(name=name, type="string", format="default", title=Text(), description=Text(), constraints={})


def _with_fields(piece: Slice, fields: Any) -> Slice:
    from dataclasses import replace

    assert piece.resource.schema
    return replace(piece, resource=replace(piece.resource, schema=replace(piece.resource.schema, fields=fields)))


@pytest.mark.parametrize("cell", ["x" * 300_000, "a\x00b", "a\r\nb", "a\nb", "深" * 50_000])
def test_whatever_a_cell_holds_is_read(tmp_path: Path, cell: str) -> None:
    """Long cells, NUL and line breaks of every kind."""
    (tmp_path / "t.csv").write_bytes(f'id,name\r\n1,"{cell}"\n2,b'.encode())
    piece = parity.piece(tmp_path, FIELDS, name="t.csv")
    assert tables.read(piece)["name"].to_pylist() == [cell, "b"]
    breaks = cell.count("\n")
    assert tables.lines(piece, {2, 3}) == {2: 2, 3: 3 + breaks}


def test_a_file_whose_dialect_needs_its_beginning_is_not_cut(tmp_path: Path) -> None:
    """A part could not know what the header rows or the comments are."""
    (tmp_path / "t.csv").write_text("id,name\n" + "1,a\n" * 50)
    tables.SLICE, before = 20, tables.SLICE
    try:
        plain = parity.piece(tmp_path, FIELDS, name="t.csv", dialect={"delimiter": ","})
        odd = parity.piece(tmp_path, FIELDS, name="t.csv", dialect={"commentChar": "#"})
        assert len(list(tables.divide(plain))) > 5
        assert list(tables.divide(odd)) == [odd]
    finally:
        tables.SLICE = before


@pytest.mark.parametrize("seed", range(8))
def test_tsv_is_judged_column_by_column_as_frictionless_judges_it(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Frictionless reads every line break of a TSV file as a line feed, quoted ones too."""
    chance = random.Random(seed)
    data = parity.fuzz(chance).replace(b",", b"\t")
    (tmp_path / "table.tsv").write_bytes(data)
    monkeypatch.setattr(tables, "BLOCK", max(64, len(data) // 50))
    whole = parity.piece(tmp_path, None, name="table.tsv", format="tsv")
    tally = parity.Tally()
    for descriptor in parity.schemas(whole, chance):
        parity.compare(parity.piece(tmp_path, descriptor, name="table.tsv", format="tsv"), tally, chance.choice([1, 3]))
    assert tally.differences == []


def test_nobody_is_shown_a_file_that_is_refused(tmp_path: Path) -> None:
    """Not even through a table that refers to it."""
    (tmp_path / "bomb.xlsx").write_bytes(b"PK, but no archive")
    (tmp_path / "t.csv").write_text("id,name\n1,a\n")
    key = {"fields": ["name"], "reference": {"resource": "bomb", "fields": ["id"]}}
    piece = parity.piece(tmp_path, FIELDS | {"foreignKeys": [key]}, name="t.csv")
    bomb = Resource(
        name="bomb", slug="bomb", dataset="data", title=Text(), description=Text(), paths=("bomb.xlsx",), format="xlsx"
    )
    dataset = Dataset(
        name="data", folder="", path="d.yaml", title=Text(), description=Text(), resources=(piece.resource, bomb)
    )
    piece = Slice(root=tmp_path, dataset=dataset, resource=piece.resource)
    assert [finding.code for finding in checks.inspect([piece])[0].findings] == ["resource-error"]
    with pytest.raises(FrictionlessException):
        tables.source(Slice(root=tmp_path, dataset=dataset, resource=bomb))


def test_a_workbook_nobody_described_gets_its_labels(tmp_path: Path) -> None:
    """And any value under each of them."""
    books.write(tmp_path / "t.xlsx", [["id", "名称"], [1, "a"]])
    piece = parity.piece(tmp_path, None, name="t.xlsx", format="xlsx")
    (dataset,) = tables.labelled([piece.dataset], Snapshot(root=tmp_path, source=tmp_path, files=()))
    schema_ = dataset.resources[0].schema
    assert schema_
    assert [(field.name, field.type) for field in schema_.fields] == [("id", "any"), ("名称", "any")]


def test_a_csv_file_imports_no_reader_of_workbooks(tmp_path: Path) -> None:
    """Whoever has none must not wait for them."""
    (tmp_path / "t.csv").write_text("id,name\n1,a\n")
    program = (
        "import sys; from pathlib import Path; from gazette import checks; from tests import parity;"
        f"checks.inspect([parity.piece(Path({str(tmp_path)!r}), {FIELDS!r}, name='t.csv')])[0];"
        "print(sorted({'openpyxl', 'ijson', 'jsonlines'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_threads_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks looked at at the same time, the later sooner done, come in their order; the verdict is that of one."""
    rows = [f"{number % 700},{'x' * (number % 9)}" for number in range(3000)]
    rows[::50] = [f"{number},ragged,cell" if number % 100 else "" for number in range(0, 3000, 50)]
    (tmp_path / "t.csv").write_text("\n".join(["id,name", *rows]) + "\n", encoding="utf-8")
    piece = parity.piece(tmp_path, FIELDS, name="t.csv")
    monkeypatch.setattr(schema, "SMALL", 0)
    monkeypatch.setattr(schema, "GLANCE", 0)
    monkeypatch.setattr(tables, "BLOCK", 1000)
    plan = mounting.layout(piece)
    assert plan

    def slow(block: tables.Block) -> int:
        time.sleep(0.02 / (1 + block.start % 7))
        return block.start

    verdicts, orders = [], []
    for cores in (1, 4):
        monkeypatch.setattr(tables, "_cores", lambda cores=cores: cores)
        verdicts.append(schema.judge(piece))
        orders.append([(block.start, start) for block, start in tables.each_block(plan, piece, (), slow)])
    assert verdicts[0] == verdicts[1]
    assert verdicts[0].findings
    assert len(orders[0]) > 9
    assert orders[0] == orders[1] == sorted((start, start) for start, _ in orders[0])


def test_a_process_of_several_takes_one_core() -> None:
    """The others have theirs."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert pool.submit(tables._cores).result() == 1
    assert tables._cores() >= 1
