"""Tables from outside: made canonical, or the beginning of a dataset."""

from __future__ import annotations

import csv
import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import build
from gazette.intake import doubts, reading, scaffold
from gazette.intake.reading import Sheet
from tests import broken

ROWS = [["代码", "名称"], ["0012", "财政局"], ["0013", '审计局, "一"']]
CANONICAL = '代码,名称\n0012,财政局\n0013,"审计局, ""一"""\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder to stand in."""
    (tmp_path / "mkdocs.yml").write_text(broken.CONFIG, encoding="utf-8")
    (tmp_path / "datasets").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The exit code and what is printed."""
    code = build.main(list(arguments))
    found = capsys.readouterr()
    return code, found.out + found.err


def text(rows: list[list[str]], delimiter: str = ",", end: str = "\n") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (text(ROWS).encode("gb18030"), "It was GB18030 and is UTF-8 now."),
        (text(ROWS).encode("utf-16"), "It was UTF-16 and is UTF-8 now."),
        (text(ROWS).encode("utf-8-sig"), "byte order mark"),
        (text(ROWS, end="\r\n").encode(), "carriage return"),
        (text(ROWS, delimiter=";").encode(), "separated by “;”"),
        (text(ROWS, delimiter="\t").encode(), "separated by “Tab”"),
        ((text(ROWS) + ",\n\n").encode(), "Blank rows left out: 2."),
    ],
)
def test_a_file_becomes_canonical_and_says_what_it_was(
    content: bytes, said: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In place; a second time there is nothing to do."""
    path = folder / "t.csv"
    path.write_bytes(content)
    code, printed = run(capsys, "convert", "t.csv", "--lang", "en")
    assert (code, path.read_bytes().decode()) == (0, CANONICAL)
    assert said in printed
    assert "canonical already" in run(capsys, "convert", "t.csv", "--lang", "en")[1]


@given(st.lists(st.lists(st.text("ab,\"\n一0 '"), min_size=2, max_size=2), min_size=1, max_size=5))
def test_no_cell_is_changed(rows: list[list[str]]) -> None:
    """Canonical is a form: what a reader of CSV sees is the same, but for rows and columns without anything."""
    names = ("x", "y")
    sheet = Sheet(names=names, rows=tuple(map(tuple, rows)), remarks=())
    found = list(csv.reader(io.StringIO(reading.written(sheet).decode(), newline="")))
    assert found == [list(names), *rows]


def test_a_workbook_becomes_a_text_file_beside_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Codes stay text, dates are written as ISO 8601 has them."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["id", "day", "n"], ["0012", dt.date(2020, 1, 2), 7.5]):
        sheet.append(row)
    book.save(folder / "t.xlsx")
    assert run(capsys, "convert", "t.xlsx", "--lang", "zh")[0] == 0
    assert (folder / "t.csv").read_text(encoding="utf-8") == "id,day,n\n0012,2020-01-02,7.5\n"


def test_what_is_doubtful_about_a_workbook_is_said_with_its_place(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In words, in the language asked for, with the first place; codes alone would send the editor elsewhere."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["id", "n"], ["a", 1], ["b", "=1+1"], ["c", "=1+1"]):
        sheet.append(row)
    book.create_sheet("隐藏").sheet_state = "hidden"
    book.save(folder / "t.xlsx")
    said = run(capsys, "convert", "t.xlsx", "--lang", "zh")[1]
    assert "请核对：workbook-hidden：工作簿有隐藏的工作表：隐藏" in said
    assert "请核对：workbook-formula-blank 第 3 行，n 列：单元格 B3 是没有计算结果的公式" in said


def test_no_other_file_is_written_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither by convert nor by new."""
    (folder / "a.csv").write_text("x\n1\n")
    (folder / "b.csv").write_text("kept")
    assert run(capsys, "convert", "a.csv", "--to", "b.csv")[0] == 2
    assert (folder / "b.csv").read_text() == "kept"
    (folder / "datasets/lakes").mkdir()
    assert run(capsys, "new", "lakes", "--from", "a.csv")[0] == 2
    assert list((folder / "datasets/lakes").iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"\xd0\xcf\x11\xe0old workbook", b"PK\x03\x04broken", b"\xff\xff"]
)
def test_what_is_no_table_is_refused(content: bytes, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With what to do instead; the file stays."""
    (folder / "t.csv").write_bytes(content)
    code, said = run(capsys, "convert", "t.csv", "--lang", "en")
    assert (code, "save it anew" in said) == (2, True)
    assert (folder / "t.csv").read_bytes() == content


@pytest.mark.parametrize(
    ("cells", "key"),
    [
        (["0012", "0013", "14"], "zeros"),
        (["2020-01-02", "43831"], "serial"),
        (["2020/1/2"], "date"),
        (["1.10105E+17"], "scientific"),
        (["110105194912310000"], "rounded"),
        (["#REF!"], "error"),
        (["１２"], "width"),
        ([" x"], "spaces"),
    ],
)
def test_what_a_spreadsheet_seems_to_have_spoiled_is_named(cells: list[str], key: str) -> None:
    """And left as it is."""
    sheet = Sheet(names=("c",), rows=tuple((cell,) for cell in cells), remarks=())
    (remark,) = doubts.judge(sheet)
    assert (remark.key, remark.doubt) == (f"doubt.{key}", True)


@pytest.mark.parametrize(
    ("label", "cells", "kind"),
    [
        ("count", ["1", "20"], "integer"),
        ("count", ["1", "0.5"], "number"),
        ("count", ["01", "20"], "string"),
        ("unit code", ["1", "2"], "string"),
        ("统一社会信用代码", ["1", "2"], "string"),
        ("n", ["123456789012"], "string"),
        ("day", ["2020-01-31"], "date"),
        ("day", ["2020-02-31"], "string"),
        ("年份", ["2020"], "year"),
        ("n", ["2020"], "integer"),
        ("open", ["true", "false"], "boolean"),
        ("empty", [""], "string"),
    ],
)
def test_types_are_inferred_and_codes_stay_text(label: str, cells: list[str], kind: str) -> None:
    """What begins with a nought, is long or is called a code must not be counted with."""
    (column,) = scaffold.columns(Sheet(names=(label,), rows=tuple((cell,) for cell in cells), remarks=()))
    assert column.type == kind


def test_a_dataset_is_begun_and_refused_until_it_is_filled_in(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every text only its editor can write is a finding, and nothing else is wrong with it."""
    (folder / "t.csv").write_bytes(
        text([["单位代码", "Name", "数量"], ["0012", "a", "1"], ["0013", "b", "2"]]).encode("gb18030")
    )
    code, said = run(capsys, "new", "units", "--from", "t.csv", "--lang", "zh")
    assert code == 0
    assert "原为 GB18030 编码" in said
    assert (
        (folder / "datasets/units/data/units.csv")
        .read_text(encoding="utf-8")
        .startswith("column_1,name,column_3\n0012,")
    )
    descriptor = folder / "datasets/units/datapackage.yaml"
    found = broken.judged(folder)
    codes = {finding.code for finding in found.findings if finding.severity == "error"}
    assert codes == {"placeholder-text", "topic-unknown", "status-unknown", "frequency-unknown"}
    filled = descriptor.read_text(encoding="utf-8")
    for before, after in (
        ("status: TODO", "status: illustrative"),
        ("topic: TODO", "topic: records"),
        ("frequency: TODO", "frequency: annual"),
        ("name: TODO", "name: CC0-1.0"),
        ("TODO: ", "Filled in: "),
        ("待填：", "已填："),
    ):
        filled = filled.replace(before, after)
    descriptor.write_text(filled, encoding="utf-8")
    assert [finding.code for finding in broken.judged(folder).findings if finding.severity == "error"] == []


@pytest.mark.parametrize("name", ["Units", "a b", "../x", "-a", ""])
def test_a_name_that_is_none_is_refused(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It becomes a folder and an address."""
    (folder / "t.csv").write_text("x\n1\n")
    assert run(capsys, "new", "--from", "t.csv", "--", name)[0] == 2
    assert list((folder / "datasets").iterdir()) == []
