"""Whatever bytes a workbook or a JSON file is made of, it is judged or refused, never a crash."""

from __future__ import annotations

import contextlib
import random
from pathlib import Path
from typing import Any

import pytest

from gazette import checks, tables
from gazette.tables import workbook
from tests import parity
from tests.tables import books

FIELDS = {"fields": [{"name": "id", "type": "string"}, {"name": "n", "type": "number"}, {"name": "x", "type": "any"}]}
ROWS: list[list[Any]] = [["id", "n", "x"], ["a", 1.5, "深"], ["b", 2, None], ["c", "=1+1", True]]
JSON = '[{"id": "a", "n": 1.5, "x": {"k": [1, "\\u6df1"]}}, {"id": "b", "n": 2, "x": null}]'
LINES = '{"id": "a", "n": 1.5, "x": null}\n{"id": "b", "n": 2e3, "x": "\\u6df1"}\n'


def _damaged(content: bytes, chance: random.Random) -> bytes:
    """``content`` with a few bytes changed, or cut, or with a part of it twice."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(data))
        match chance.randrange(4):
            case 0:
                data[place] = chance.randrange(256)
            case 1:
                del data[place : place + chance.randint(1, 20)]
            case 2:
                data[place:place] = data[place : place + chance.randint(1, 40)]
            case _:
                data[place:place] = chance.choice(
                    [b"<", b"&", b'"', b"[", b"{", b"}", b"]", b",", b"\\ud800", b"1e999"]
                )
        if not data:
            return b"x"
    return bytes(data)


def _judge(folder: Path, name: str) -> None:
    piece = parity.piece(folder, FIELDS, name=name, format=name.rpartition(".")[2])
    checks.inspect([piece])
    with contextlib.suppress(tables.Irregular):
        tables.read(piece)


@pytest.mark.parametrize("seed", range(8))
def test_a_damaged_workbook_is_no_crash(tmp_path: Path, seed: int) -> None:
    """Neither damage to the archive nor to what its parts say."""
    chance = random.Random(seed)
    path = books.write(tmp_path / "t.xlsx", ROWS)
    whole = path.read_bytes()
    for _ in range(5):
        path.write_bytes(whole)
        part = chance.choice([books.SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"])
        books.rebuilt(path, {part: lambda content: _damaged(content, chance)})
        _judge(tmp_path, "t.xlsx")
        path.write_bytes(_damaged(whole, chance))
        _judge(tmp_path, "t.xlsx")


@pytest.mark.parametrize(("name", "text"), [("t.json", JSON), ("t.jsonl", LINES)])
@pytest.mark.parametrize("seed", range(6))
def test_damaged_json_is_no_crash(tmp_path: Path, name: str, text: str, seed: int) -> None:
    """Wherever it breaks."""
    chance = random.Random(seed)
    for _ in range(25):
        (tmp_path / name).write_bytes(_damaged(text.encode(), chance))
        _judge(tmp_path, name)


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        ('<row r="3"><c r="A3"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>', "workbook-damaged"),
        ('<row r="2"><c r="B2"><v>1</v></c><c r="A2"><v>1</v></c></row>', "workbook-damaged"),
        ('<row r="2"><c r="A3"><v>1</v></c></row>', "workbook-damaged"),
        ('<row r="2"><c r="ABCD2"><v>1</v></c></row>', "workbook-damaged"),
        ('<row r="x"><c><v>1</v></c></row>', "workbook-damaged"),
    ],
)
def test_a_sheet_out_of_order_is_refused(tmp_path: Path, sheet: str, code: str) -> None:
    """What openpyxl would leave out or overwrite without a word."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    content = f'<worksheet xmlns="{space}"><sheetData>{sheet}</sheetData></worksheet>'.encode()
    path = books.rebuilt(books.write(tmp_path / "t.xlsx", ROWS), {books.SHEET: content})
    assert [fault.code for fault in workbook.examine(path, {})] == [code]


@pytest.mark.parametrize("name", ["../evil.xml", "/evil.xml", "xl/WORKBOOK.xml"])
def test_an_archive_with_strange_names_is_refused(tmp_path: Path, name: str) -> None:
    """Parts that leave the archive, and two of one name."""
    path = books.rebuilt(books.write(tmp_path / "t.xlsx", ROWS), {name: b"<a/>"})
    assert [fault.code for fault in workbook.examine(path, {})] == ["workbook-damaged"]


def test_a_directory_that_lies_is_found(tmp_path: Path) -> None:
    """A part that unpacks to more than the archive says ends with what was said, and its checksum is wrong."""
    path = books.write(tmp_path / "t.xlsx", [*ROWS, ["d", 1, "x" * 5000]])
    data = bytearray(path.read_bytes())
    place = data.rfind(b"PK\x01\x02", 0, data.rfind(books.SHEET.encode()))
    data[place + 24 : place + 28] = (900).to_bytes(4, "little")
    path.write_bytes(data)
    assert [fault.code for fault in workbook.examine(path, {})] == ["workbook-damaged"]


def test_many_faults_take_no_memory(tmp_path: Path) -> None:
    """Of more than ten formulas in a column one finding stands for all."""
    path = books.write(tmp_path / "t.xlsx", [["id", "n", "x"], *(["a", f"={row}", None] for row in range(30))])
    (fault,) = workbook.examine(path, {})
    assert (fault.code, fault.row, fault.column, fault.count) == ("workbook-formula-blank", 2, 2, 30)
