"""What the standard asks and frictionless ignores, and how values are written."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gazette.settings
from gazette import checks, tables, words
from gazette.checks import lexical, patterns, walk
from gazette.checks.lexical import cells, forms
from gazette.model import Category, Dataset, Field, Finding, ForeignKey, Resource, Schema, Slice, Text


def _field(name: str = "value", kind: str = "string", **stated: Any) -> Field:
    """A field; ``stated`` are further properties of its descriptor."""
    node = {"name": name, "type": kind, **stated}
    return Field(
        name=name,
        type=kind,
        format=stated.get("format", "default"),
        title=Text(),
        description=Text(),
        constraints=stated.get("constraints", {}),
        categories=tuple(Category(value=str(value), label=Text()) for value in stated.get("categories", ())),
        descriptor=node,
    )


def _piece(folder: Path, rows: list[list[str]], *fields: Field, **schema: Any) -> Slice:
    """A table on the disk; ``schema`` are further properties of its schema."""
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([[each.name for each in fields], *rows])
    (folder / "rows.csv").write_text(text.getvalue(), encoding="utf-8", newline="")
    node = {"fields": [dict(each.descriptor) for each in fields], **schema}
    resource = Resource(
        name="rows",
        slug="rows",
        dataset="notices",
        title=Text(),
        description=Text(),
        paths=("rows.csv",),
        pointer="/resources/0",
        schema=Schema(fields=fields, descriptor=node, primary_key=tuple(schema.get("primaryKey", ()))),
    )
    dataset = Dataset(
        name="notices",
        folder="",
        path="datapackage.yaml",
        title=Text(),
        description=Text(),
        resources=(resource,),
        descriptor={"resources": [{"schema": node}]},
    )
    return Slice(root=folder, dataset=dataset, resource=resource)


def _found(piece: Slice) -> tuple[Finding, ...]:
    return lexical.settle([(piece, lexical.look(tables.read(piece), piece))])


def _codes(folder: Path, text: str, field: Field) -> list[str]:
    """The codes of one cell between two ordinary ones, with their variants."""
    other = {"integer": "5", "number": "0.5", "date": "2024-02-03", "year": "2024", "yearmonth": "2024-02"}
    plain = other.get(field.type, "一般 text")
    found = _found(_piece(folder, [[plain], [text], [plain]], field))
    assert all(finding.row == 3 and finding.field == "value" for finding in found)
    return [":".join(filter(None, (finding.code, str(finding.facts.get("variant", ""))))) for finding in found]


TYPED = [
    ("integer", "+5", "value-form:integer"),
    ("integer", "1_000", "value-form:integer"),
    ("integer", " 5 ", "value-form:integer"),
    ("integer", "\u30005", "value-form:integer"),
    ("integer", "007", "value-form:zeros"),
    ("integer", "-0", "value-form:integer"),
    ("integer", "１２３", "digits-not-ascii"),
    ("integer", "١٢٣", "digits-not-ascii"),
    ("number", "NaN", "value-form:nan"),
    ("number", "-INF", "value-form:nan"),
    ("number", "sNaN", "value-form:nan"),
    ("number", "1e400", "value-form:range"),
    ("number", "1E999999999", "value-form:range"),
    ("number", "1.23E+17", "value-form:exponent"),
    ("number", ".5", "value-form:number"),
    ("number", "5.", "value-form:number"),
    ("number", "1_0.5", "value-form:number"),
    ("number", "00.5", "value-form:zeros"),
    ("number", "１.5", "digits-not-ascii"),
    ("date", "2024-2-3", "value-form:date"),
    ("date", "2024-02- 3", "value-form:date"),
    ("date", "２０２４-02-03", "digits-not-ascii"),
    ("datetime", "2024-02-03 08:30:00", "value-form:datetime"),
    ("year", "+202", "value-form:year"),
    ("year", " 202", "value-form:year"),
    ("yearmonth", "2020-1", "value-form:yearmonth"),
    ("yearmonth", "20201-01", "value-form:yearmonth"),
]


@pytest.mark.parametrize(("kind", "text", "code"), TYPED)
def test_a_typed_value_has_one_form(kind: str, text: str, code: str, tmp_path: Path) -> None:
    """What frictionless reads by its leniency alone is found, once."""
    assert _codes(tmp_path, text, _field(kind=kind)) == [code]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("integer", "-12"),
        ("integer", "0"),
        ("integer", "9007199254740993"),
        ("integer", "9" * 30),
        ("number", "-5"),
        ("number", "-0.30"),
        ("number", "0.30000000000000004"),
        ("number", "1e-9"),
        ("number", "1e300"),
        ("date", "2024-02-29"),
        ("datetime", "2024-02-03T08:30:00+08:00"),
        ("datetime", "2024-02-03T08:30:00.123Z"),
        ("time", "08:30:00"),
        ("year", "2024"),
        ("yearmonth", "2024-12"),
        ("boolean", "true"),
    ],
)
def test_the_canonical_form_is_left_alone(kind: str, text: str, tmp_path: Path) -> None:
    """Values are published as they are written."""
    assert _codes(tmp_path, text, _field(kind=kind)) == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("integer", "1.0"),
        ("integer", "many\u200b"),
        ("integer", "\x005"),
        ("date", "2024/02/03"),
        ("date", "2024-02-30"),
        ("number", "#N/A"),
        ("year", "24"),
        ("yearmonth", "2024-13"),
    ],
)
def test_what_frictionless_reports_is_not_reported_again(kind: str, text: str, tmp_path: Path) -> None:
    """A cell has one finding for one fault."""
    assert _codes(tmp_path, text, _field(kind=kind)) == []
    verdict = checks.inspect([_piece(tmp_path, [[text]], _field(kind=kind))])[0]
    assert [finding.code for finding in verdict.findings] == ["type-error"]


def test_a_broken_constraint_hides_what_is_merely_unusual_and_nothing_unsafe(tmp_path: Path) -> None:
    """An enum says already that a padded value is none of its own."""
    field = _field(constraints={"enum": ["a"]})
    assert _codes(tmp_path, "a ", field) == []
    assert _codes(tmp_path, "a\u202e", field) == ["bidi-character"]


def test_declared_separators_are_the_descriptors_own(tmp_path: Path) -> None:
    """Where a field states its own decimal or group character, its form is its own."""
    assert _codes(tmp_path, "1,000.5", _field(kind="number", groupChar=",")) == []
    assert _codes(tmp_path, "5 %", _field(kind="number", bareNumber=False)) == []


TEXTS = [
    ("a\x00b", ["control-character"]),
    ("a\tb", ["control-character"]),
    ("a\x0bb", ["control-character"]),
    ("a\x7fb", ["control-character"]),
    ("深\x85圳", ["control-character"]),
    ("a\u2028b", ["control-character"]),
    ("a\rb", ["control-character"]),
    ("ab\r", ["control-character"]),
    ("user\u202egpj", ["bidi-character"]),
    ("\u2066a\u2069", ["bidi-character"]),
    ("a\u200bb", ["invisible-character"]),
    ("深\u00ad圳", ["invisible-character"]),
    ("a\u200db", ["invisible-character"]),
    ("a\U000e0041b", ["invisible-character"]),
    ("a\ufeffb", ["bom-inside"]),
    ("王\ue863明", ["private-use-character"]),
    ("王\ue81e明", ["private-use-character:moved"]),
    ("a\U0010fffd", ["private-use-character"]),
    ("深\ufffd圳", ["mojibake"]),
    ("锟斤拷锟斤拷", ["mojibake"]),
    ("烫烫烫烫", ["mojibake"]),
    ("????区", ["mojibake"]),
    ("深圳市".encode().decode("cp1252"), ["mojibake"]),
    ("政府".encode().decode("cp1252"), ["mojibake"]),
    ("政府".encode().decode("latin-1"), ["control-character"]),
    ("cafÃ©", ["mojibake"]),
    ("深圳".encode("gbk").decode("cp1252"), ["mojibake"]),
    (" a", ["value-padded"]),
    ("a\u3000", ["value-padded"]),
    ("a\u00a0", ["value-padded"]),
    ("a\n", ["value-padded"]),
    ("\u3000", ["value-padded:blank"]),
    ("\u200b", ["value-padded:blank"]),
    ("=cmd|'/c calc'!A0", ["formula-text"]),
    ("@SUM(A1)", ["formula-text"]),
    ("+1+1", ["formula-text"]),
    ("-2+3", ["formula-text"]),
    ("-cmd|'/c calc'!A0", ["formula-text"]),
    ("＝1", ["formula-text"]),
    ("＋甲", ["formula-text"]),
    (" =1+1", ["formula-text", "value-padded"]),
    ("\t=1+1", ["control-character"]),
    ("#REF!", ["spreadsheet-error"]),
    ("#N/A", ["spreadsheet-error"]),
    ("#DIV/0!", ["spreadsheet-error"]),
    ("#####", ["spreadsheet-error"]),
    ("Err:502", ["spreadsheet-error"]),
    ("N\u043erth", ["mixed-script"]),  # a Cyrillic o
    ("the NΟRTH room", ["mixed-script"]),  # a Greek O
    ("a" + "\u0301" * 5, ["combining-marks"]),
    ("ก" + "\u0e49" * 40, ["combining-marks"]),
    ("a\ufe0f", ["invisible-character"]),
    ("葛\U000e0100\U000e0101", ["invisible-character"]),
    ("☎\ufe0f\ufe0f", ["invisible-character"]),
    ("\u2f08口", ["compatibility-ideograph"]),
    ("\uf967知", ["compatibility-ideograph"]),
    ("\U0002f80c", ["compatibility-ideograph"]),
    ("a\uffffb", ["control-character"]),
    ("a\U0002fffeb", ["control-character"]),
    ("N/A", ["value-nullish"]),
    ("暂无", ["value-nullish"]),
    ("x" * 32_768, ["value-long"]),
    ("深" * 32_768, ["value-long"]),
]


@pytest.mark.parametrize(("text", "codes"), TEXTS)
def test_a_text_says_what_it_shows(text: str, codes: list[str], tmp_path: Path) -> None:
    """Every kind of damage and deception has its code."""
    assert _codes(tmp_path, text, _field()) == codes


@pytest.mark.parametrize(
    "text",
    [
        "深圳市福田区深南大道8000号，建艺大厦（A座）",
        "第一行\n第二行",
        "first\r\nsecond",
        "𠮷㐀𬎆\U00030000",
        "👩\u200d👧",
        "می\u200cخواهم",
        "naïve façade, Åland, 20 °C, 5 × 3 m², “quoted” – … —",
        "ÄÖÜß",
        "········",
        "真的吗???",
        "-",
        "--",
        "-5",
        "+3.2%",
        "-5℃",
        "+86 755-8812 1234",
        "-1,234.50",
        "#1 reading room",
        "C#",
        "#",
        "Error",
        "《办法》",
        "、",
        "kΩ, μg/m³, TNFα, Δt, β-胡萝卜素",
        "Москва (Moscow), Αθήνα",
        "Việt Nam, Tiếng Việt: ế, e\u0323\u0302",
        "葛\U000e0100城, ☎\ufe0f, 1\ufe0f\u20e3",
        "\ufa0e\ufa29",
        "Ａ座２０１室，二○○五年",
        "Navarra",
        "无障碍",
        "x" * 32_767,
        "深" * 32_767,
    ],
)
def test_ordinary_text_is_left_alone(text: str, tmp_path: Path) -> None:
    """Line breaks, rare characters, joined emoji, telephone numbers and dashes are no faults."""
    assert _codes(tmp_path, text, _field()) == []


CODES = [
    ("Ａ１", ["code-form:width"]),
    ("ｱ1", ["code-form:width"]),
    ("cafe\u0301", ["code-form:composition"]),
    ("\u212b1", ["code-form:composition"]),
    ("a\nb", ["code-form:line-break"]),
    ("АВ1", ["mixed-script:code"]),  # Cyrillic
    ("二○五", ["code-lookalike:zero"]),
    ("2○05", ["code-lookalike:zero"]),
    ("葛\U000e0100", ["invisible-character"]),
    ("👩\u200d👧", ["invisible-character"]),
    ("а", ["mixed-script:code"]),
    ("Ж1", []),
    ("二〇〇五", []),
    ("（一）", []),
    ("A-1", []),
]


@pytest.mark.parametrize(("text", "codes"), CODES)
@pytest.mark.parametrize("schema", [{"primaryKey": ["value"]}, {"uniqueKeys": ["value"]}])
def test_a_code_is_written_as_it_will_be_searched_for(
    text: str, codes: list[str], schema: dict[str, Any], tmp_path: Path
) -> None:
    """In a key every form counts that is only looks in a text."""
    piece = _piece(tmp_path, [["plain"], [text]], _field(), **schema)
    found = [":".join(filter(None, (each.code, str(each.facts.get("variant", ""))))) for each in _found(piece)]
    assert found == codes


def test_declared_codes_are_judged_where_they_are_declared(tmp_path: Path) -> None:
    """The rows that use one are not told again."""
    listed = _field(constraints={"enum": ["Ａ", "N/A", "b"]})
    piece = _piece(tmp_path, [["N/A"], ["b"]], listed)
    assert _found(piece) == ()
    places = [(each.code, each.pointer) for each in lexical.texts(walk.through(piece.dataset))]
    assert places == [("code-form", "/resources/0/schema/fields/0/constraints/enum/0")]
    categories = _piece(tmp_path, [], _field(categories=["ok", "а1"]))
    (finding,) = lexical.texts(walk.through(categories.dataset))
    assert (finding.code, finding.pointer) == ("mixed-script", "/resources/0/schema/fields/0/categories/1")


ALIKE = [
    ("A1", "a1", "key-confusable"),
    ("café", "cafe\u0301", "key-confusable"),
    ("a 1", "a1", "key-confusable"),
    ("a\u200b1", "a1", "key-confusable"),
    ("Ａ1", "A1", "key-confusable"),
    ("А1", "A1", "key-confusable"),  # Cyrillic
    ("straße", "STRASSE", "key-confusable"),
    ("b10", "b1O", "key-lookalike"),
    ("X1l", "XlI", "key-lookalike"),
    ("己-3", "已-3", "key-lookalike"),
    ("二〇", "二○", "key-lookalike"),
    ("CO", "CL", None),
    ("CO", "C0", "key-lookalike"),
    ("oil", "0il", "key-lookalike"),
    ("XI", "Xl", None),
    ("深圳", "深川", None),
    ("a1", "a1", None),  # the standard's own fault
]


@pytest.mark.parametrize(("one", "other", "code"), ALIKE)
@pytest.mark.parametrize("cut", [False, True])
def test_keys_that_look_alike_are_found(one: str, other: str, code: str | None, cut: bool, tmp_path: Path) -> None:  # noqa: FBT001
    """Both rows are named, wherever the table is cut."""
    for first, second in ((one, other), (other, one)):
        rows = [[first, "1"], ["zz", "1"], ["99", "2"], [second, "1"]]
        piece = _piece(tmp_path, rows, _field("a"), _field("b", "integer"), primaryKey=["a", "b"])
        found = _cut(piece, 3) if cut else _found(piece)
        wanted = [(code, 5, 2)] if code else []
        alike = [(each.code, each.row, each.facts["twin"]) for each in found if each.code.startswith("key-")]
        assert alike == wanted


def _cut(piece: Slice, line: int) -> tuple[Finding, ...]:
    """The findings on a table judged in two slices."""
    lines = (piece.root / "rows.csv").read_bytes().splitlines(keepends=True)
    edge = sum(map(len, lines[:line]))
    parts = [replace(piece, end=edge), replace(piece, start=edge)]
    return lexical.settle([(part, lexical.look(tables.read(part), part)) for part in parts])


def _lines(folder: Path, content: bytes) -> list[tuple[str, dict[str, Any]]]:
    piece = _piece(folder, [], _field("a"), _field("b"))
    (folder / "rows.csv").write_bytes(content)
    return [(each.severity, dict(each.facts)) for each in _found(piece) if each.code == "newline-form"]


def test_lines_end_in_one_way(tmp_path: Path) -> None:
    """Line breaks inside cells are the editor's: a spreadsheet writes LF there and CR LF between rows."""
    assert _lines(tmp_path, b"a,b\n1,2\n3,4\n") == []
    assert _lines(tmp_path, b"a,b\r\n1,2\r\n3,4") == []
    assert _lines(tmp_path, b'a,b\r\n"x\ny",2\r\n3,"z\r\nz"\r\n') == []
    assert _lines(tmp_path, b"a,b\r\n1,2\n3,4\r\n") == [("warning", {"variant": "mixed", "crlf": 2, "lf": 1})]
    assert _lines(tmp_path, b'a,b\n"x\ny",2\r\n3,4\n') == [("warning", {"variant": "mixed", "crlf": 1, "lf": 2})]
    assert _lines(tmp_path, b"a,b\r1,2\r3,4\r") == [("error", {"variant": "cr", "lines": 3})]
    assert _lines(tmp_path, b"") == []


@pytest.mark.parametrize(
    ("content", "line", "count"),
    [
        (b'a,b\nx"y,2\n', 2, 1),
        (b'a,b\n1,2\n"x"y,2\nz"z"z,1\n', 3, 3),
        (b'a,b\n"x""y",2\n"",""\n"x,y","""q"""\n"a\nb",2\n', None, 0),
        (b'a,b\r\n"x","y"\r\n', None, 0),
    ],
)
def test_a_quote_opens_or_closes_a_cell(content: bytes, line: int | None, count: int, tmp_path: Path) -> None:
    """Or is doubled inside one; the line is that of the file, wherever the table is cut."""
    piece = _piece(tmp_path, [], _field("a"), _field("b"))
    (tmp_path / "rows.csv").write_bytes(content)
    for found in (_found(piece), _cut(piece, 2)):
        stray = [(each.line, each.count) for each in found if each.code == "quote-stray"]
        assert stray == ([(line, count)] if line else [])


@pytest.mark.parametrize(
    ("last", "more", "found"),
    [
        ("合计", {}, True),
        ("Total", {}, True),
        ("合计处", {}, False),
        ("Total", {"constraints": {"enum": ["a", "Total"]}}, False),
    ],
)
def test_a_row_of_totals_is_found(last: str, more: dict[str, Any], found: bool, tmp_path: Path) -> None:  # noqa: FBT001
    """Unless the descriptor says that there are such rows."""
    piece = _piece(tmp_path, [["a", "1"], ["a", "1"], [last, "2"]], _field("a", **more), _field("b", "integer"))
    codes = [(each.code, each.row) for each in _found(piece)]
    assert codes == ([("totals-row", 4)] if found else [])
    piece = _piece(tmp_path, [["a", "1"], [last, "2"], ["a", "1"]], _field("a", **more), _field("b", "integer"))
    assert _found(piece) == ()


@pytest.mark.parametrize("text", [" ", "\u3000", "\u00a0\u00a0", "\u200b", "\u2060"])
@pytest.mark.parametrize("schema", [{"primaryKey": ["value"]}, {"uniqueKeys": [["value"]]}, {}])
def test_a_needed_cell_that_only_looks_filled_is_blank(text: str, schema: dict[str, Any], tmp_path: Path) -> None:
    """A required or key cell holds something to see."""
    field = _field(constraints={} if schema else {"required": True})
    (finding,) = _found(_piece(tmp_path, [["a"], [text]], field, **schema))
    assert (finding.code, finding.row) == ("value-blank", 3)
    assert finding.facts["characters"] == [f"U+{ord(text[0]):04X}"]


def test_a_missing_value_is_none(tmp_path: Path) -> None:
    """What the schema declares as missing is not looked at."""
    for kind in ("string", "number"):
        assert _codes(tmp_path, "#N/A", _field(kind=kind, missingValues=["", "#N/A"])) == []


def test_a_table_nobody_described_is_read_as_text(tmp_path: Path) -> None:
    """Without a schema the characters are judged all the same."""
    piece = _piece(tmp_path, [["a\x00"], ["007"]], _field())
    piece = replace(piece, resource=replace(piece.resource, schema=None))
    assert [finding.code for finding in _found(piece)] == ["control-character"]


# --- categories and keys ----------------------------------------------------------------------------------


def test_a_value_outside_the_categories_is_found(tmp_path: Path) -> None:
    """Categories are compared as values of the field, and an empty cell has none."""
    text = _field(categories=["open", "closed"])
    (finding,) = _found(_piece(tmp_path, [["open"], ["opne"], ["closed"]], text))
    assert (finding.code, finding.row, finding.field) == ("category-unknown", 3, "value")
    number = _field(kind="integer", categories=[5, 7])
    (finding,) = _found(_piece(tmp_path, [["5"], [""], ["6"], ["7"]], number))
    assert (finding.code, finding.row, finding.facts["cell"]) == ("category-unknown", 4, "6")
    assert finding.facts["known"] == ["5", "7"]


def test_an_enum_speaks_for_the_categories(tmp_path: Path) -> None:
    """Frictionless reports what is outside an enum; it is not reported twice."""
    both = _field(categories=["open"], constraints={"enum": ["open"]})
    assert _found(_piece(tmp_path, [["shut"]], both)) == ()


@pytest.mark.parametrize(
    ("field", "variant", "below"),
    [
        (_field(kind="number", categories=[1]), "field", ""),
        (_field(categories=["a", 1]), "value", "/1"),
        (_field(kind="integer", categories=["1"]), "value", "/0"),
        (_field(kind="integer", categories=[True]), "value", "/0"),
        (_field(categories=["a", "a"]), "twice", "/1"),
        (replace(_field(), descriptor={"categories": "a"}), "list", ""),
    ],
)
def test_categories_are_values_of_their_field(field: Field, variant: str, below: str, tmp_path: Path) -> None:
    """Table Schema v2 has categories for strings and integers."""
    (finding,) = lexical.texts(walk.through(_piece(tmp_path, [], field).dataset))
    assert (finding.code, finding.facts["variant"]) == ("categories-type", variant)
    assert finding.pointer == f"/resources/0/schema/fields/0/categories{below}"


PAIR = (_field("a"), _field("b", "integer"))


def test_a_unique_key_is_unique(tmp_path: Path) -> None:
    """Values are compared, not texts; a row without one of them takes no part (Table Schema v2)."""
    rows = [["x", "1"], ["x", "2"], ["x", ""], ["x", ""], ["x", "01"], ["y", "1"], ["x", "1"]]
    found = [
        each for each in _found(_piece(tmp_path, rows, *PAIR, uniqueKeys=[["a", "b"]])) if each.code == "unique-key"
    ]
    assert [(finding.row, finding.facts["twin"]) for finding in found] == [(6, 2), (8, 2)]


def test_what_is_a_primary_key_too_is_left_to_frictionless(tmp_path: Path) -> None:
    """One repeated row is one finding."""
    piece = _piece(tmp_path, [["x", "1"], ["x", "2"]], *PAIR, uniqueKeys=[["a"]], primaryKey=["a"])
    assert [finding.code for finding in checks.inspect([piece])[0].findings] == ["primary-key"]


def test_a_unique_key_names_fields_of_the_schema(tmp_path: Path) -> None:
    """A misspelt key would be ignored by everyone."""
    (finding,) = lexical.texts(walk.through(_piece(tmp_path, [], *PAIR, uniqueKeys=[["a", "c"]]).dataset))
    assert (finding.code, finding.pointer, finding.facts["names"]) == (
        "unique-key", "/resources/0/schema/uniqueKeys/0", ["c"],
    )  # fmt: skip


# --- tables -----------------------------------------------------------------------------------------------


def test_more_cells_than_are_listed_are_one_finding(tmp_path: Path) -> None:
    """The count is exact, the row the first."""
    piece = _piece(tmp_path, [["a"], *[[f"{number:03}"] for number in range(25)]], _field(kind="any"), _field("b"))
    assert _found(piece) == ()
    (finding,) = _found(_piece(tmp_path, [["1"], *[["007"]] * 25], _field(kind="integer")))
    assert (finding.row, finding.count, finding.facts["hits"]) == (3, 25, 25)
    assert len(_found(_piece(tmp_path, [["1"], *[["007"]] * 10], _field(kind="integer")))) == 10


_CELL = st.sampled_from(["a", "b", "A", " a", "a\u200b", "=1", "", "深圳", "?????", "1o", "10", "无"])


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(st.tuples(_CELL, _CELL), min_size=1, max_size=40),
    cuts=st.lists(st.integers(0, 40), max_size=3),
)
def test_the_findings_are_the_same_however_the_table_is_cut(
    rows: list[tuple[str, str]], cuts: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Counts, first rows and repeated keys do not depend on the slices."""
    folder = tmp_path_factory.mktemp("cut")
    piece = _piece(folder, [list(row) for row in rows], _field("a"), _field("b"), uniqueKeys=[["a", "b"]])
    lines = (folder / "rows.csv").read_bytes().splitlines(keepends=True)
    edges = sorted({0, len(lines), *(min(max(cut, 1), len(lines)) for cut in cuts)})
    bytes_ = [sum(map(len, lines[:edge])) for edge in edges]
    parts = [replace(piece, start=start, end=end) for start, end in pairwise(bytes_)]
    seen = [(part, lexical.look(tables.read(part), part)) for part in parts]
    assert lexical.settle(seen) == _found(piece)


def test_a_message_shows_no_character_that_is_not_seen(tmp_path: Path) -> None:
    """Invisible characters are named by their code point, personal data is blacked out."""
    for text in ["a\u202eb\u200bc\x00d", "\u3000", "a\ufeff", "王\ue81e", "=13800138000"]:
        for finding in _found(_piece(tmp_path, [[text]], _field())):
            for language in words.LANGUAGES:
                message = words.message(finding, language)
                shown = message.what + message.fix
                assert all(each.isprintable() for each in shown)
                assert "\u3000" not in shown
                assert "13800138000" not in shown


def test_every_code_and_variant_has_its_words() -> None:
    """What the module can say it can say in both languages."""
    known = words.findings()
    kinds = {"zeros", "nan", "range", "exponent", *forms.CANONICAL} - {"geopoint"}  # which has a code of its own
    wanted = {f"value-form:{kind}" for kind in kinds} | (lexical.STRICTER - {"value-form", "code-form", "newline-form"})
    wanted |= {"code-form:width", "code-form:composition", "code-form:line-break", "newline-form:cr"}
    wanted |= {"newline-form:mixed", "mixed-script:code", "code-lookalike:zero", "key-lookalike", "totals-row"}
    wanted |= {"category-unknown", "unique-key", "unique-key:unknown", "control-character", "bidi-character"}
    wanted |= {"pattern-unsafe", "private-use-character:moved", "value-padded:blank"}
    wanted |= {f"categories-type:{variant}" for variant in ("field", "list", "value", "twice")}
    assert wanted <= known.keys()


# --- policies ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("policy", "severity"), [("strict", "error"), ("open", "warning")])
def test_mere_strictness_is_a_warning_under_the_open_policy(policy: str, severity: str, tmp_path: Path) -> None:
    """What is unsafe, and what the standard asks, is refused under every policy."""
    piece = _piece(tmp_path, [["shut "], ["a\x00"]], _field(categories=["a", "b"]))
    report = checks.settle(
        [piece.dataset], checks.inspect([piece]), [], gazette.settings.POLICIES[policy], date(2026, 1, 31)
    )
    found = {finding.code: finding.severity for finding in report.findings if finding.code != "translation-missing"}
    assert found == {"category-unknown": "error", "control-character": "error", "value-padded": severity}


# --- patterns ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pattern",
    ["(a+)+$", "(a*)*", "(a|aa)+", r"([a-z]+)*\d", "(.*a){20}", r"(\w+\s?)*$", "(a|b|ab)*c", "(?:[^,]*,?)+",
     "(x+x+)+y", "(a?b?)*", "(?:(?:a+)b?)*c"],
)  # fmt: skip
def test_a_pattern_whose_work_doubles_is_known(pattern: str) -> None:
    """A loop in which one text can be read in two ways."""
    assert patterns.explodes(pattern)


@pytest.mark.parametrize(
    "pattern",
    ["^[a-z0-9]+(-[a-z0-9]+)*$", r"(\d{1,3},)*\d{1,3}", "[一-龥]{1,20}", r"\d+(\.\d+)*", "((a|b)c)*", "(?:ab|ac)+",
     "^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$", "[A-Z]{2}[0-9]{1,18}", "[0-9]{17}[0-9X]"],
)  # fmt: skip
def test_an_ordinary_pattern_is_neither_slow_nor_special(pattern: str) -> None:
    """Loops around a separator are common and safe."""
    assert not patterns.explodes(pattern)
    assert patterns.unportable(pattern) is None
    assert not patterns.splits(pattern)


@pytest.mark.parametrize(
    ("pattern", "splits"),
    [("a|b", True), ("^a|b$", True), ("a$|^b", False), ("^a$|^b$", False), ("(a|b)", False), ("[|]", False),
     (r"\|", False), ("a|b|c", True)],
)  # fmt: skip
def test_alternatives_outside_a_group_escape_the_anchors(pattern: str, splits: bool) -> None:  # noqa: FBT001
    """Frictionless compiles ``^a|b$``."""
    assert patterns.splits(pattern) is splits


@pytest.mark.parametrize(
    ("pattern", "part"),
    [("(?=a)b", "(?="), (r"(a)\1", r"\1"), ("(?<!x)a", "(?<!"), ("a{1001}", "a{1001}"), ("(?P<n>a)(?P=n)", "(?P=")],
)
def test_what_only_some_programs_understand_is_named(pattern: str, part: str) -> None:
    """RE2 is the common ground."""
    assert patterns.unportable(pattern) == part


def test_a_table_with_an_endless_pattern_is_not_read(tmp_path: Path) -> None:
    """Not even by a table that refers to it."""
    field = _field(constraints={"pattern": "(a+)+"})
    piece = _piece(tmp_path, [["a" * 60 + "!"]], field)
    evidence = checks.inspect([piece])[0]
    assert (evidence.rows, evidence.findings) == (0, ())
    (finding,) = lexical.texts(walk.through(piece.dataset))
    assert (finding.code, finding.pointer) == ("pattern-unsafe", "/resources/0/schema/fields/0/constraints/pattern")
    key = ForeignKey(fields=("b",), resource="rows", reference_fields=("value",), dataset="notices")
    other = _piece(tmp_path, [["a"]], _field("b"))
    schema = replace(other.resource.schema or Schema(fields=()), foreign_keys=(key,))
    other = replace(other, resource=replace(other.resource, schema=schema), others=(piece.dataset,))
    assert lexical.hangs(other)


def test_a_descriptor_has_no_characters_that_deceive(tmp_path: Path) -> None:
    """Titles are published too."""
    dataset = replace(
        _piece(tmp_path, [], _field()).dataset, descriptor={"title": "a\u202eb", "keywords": ["x\u200by"]}
    )
    assert [(finding.code, finding.pointer) for finding in lexical.texts(walk.through(dataset))] == [
        ("bidi-character", "/title"),
        ("invisible-character", "/keywords/0"),
    ]


_PIECE = st.one_of(
    st.sampled_from([*(text for text, _ in TEXTS), *(text for _, text, _ in TYPED)]),
    st.text(alphabet="+-=@#?. 09eE深圳Ã¥é\u3000\u00a0\u200b\ufeff\ue000\u202e\u2003\t\r\n", max_size=6),
    st.text(max_size=4),
    st.sampled_from([text for text, _ in CODES]),
    st.text(alphabet="aАοО\u0301\ufe0f\u2f08Ａ○二5 NAn/无", max_size=8),
)


@settings(max_examples=300, deadline=None)
@given(texts=st.lists(st.lists(_PIECE, max_size=3).map("".join), min_size=1, max_size=5), kind=st.sampled_from(
    ["string", "any", "boolean", *forms.CANONICAL]
))  # fmt: skip
def test_the_sieve_loses_nothing(texts: list[str], kind: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A column finds in its cells exactly what an examination of every cell alone finds."""
    for schema in ({}, {"primaryKey": ["value"]}):
        piece = _piece(tmp_path_factory.getbasetemp(), [], _field(kind=kind), **schema)
        question = cells.Question(_field(kind=kind), cells.Reader(piece), piece.resource)
        _compare(question, texts)


def _compare(question: cells.Question, texts: list[str]) -> None:
    column = tables.texts([text.encode("utf-8", "ignore").decode() for text in texts])
    noted = [row for row, text in enumerate(column.to_pylist()) if question.notes(text)]
    assert set(noted) <= set(question.suspects(column).tolist())
