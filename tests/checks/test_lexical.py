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
from gazette.checks import lexical, patterns
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
    verdict = checks.inspect(_piece(tmp_path, [[text]], _field(kind=kind)))
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
    ],
)
def test_ordinary_text_is_left_alone(text: str, tmp_path: Path) -> None:
    """Line breaks, rare characters, joined emoji, telephone numbers and dashes are no faults."""
    assert _codes(tmp_path, text, _field()) == []


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
    (finding,) = lexical.texts(_piece(tmp_path, [], field).dataset)
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
    assert [finding.code for finding in checks.inspect(piece).findings] == ["primary-key"]


def test_a_unique_key_names_fields_of_the_schema(tmp_path: Path) -> None:
    """A misspelt key would be ignored by everyone."""
    (finding,) = lexical.texts(_piece(tmp_path, [], *PAIR, uniqueKeys=[["a", "c"]]).dataset)
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


_CELL = st.sampled_from(["a", "b", "c", " a", "a\u200b", "=1", "", "深圳", "?????"])


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
    forms = {"zeros", "nan", "range", "exponent", *lexical._CANONICAL}
    wanted = {f"value-form:{form}" for form in forms} | (lexical.STRICTER - {"value-form"})
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
        [piece.dataset], [checks.inspect(piece)], [], gazette.settings.POLICIES[policy], date(2026, 1, 31)
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
    evidence = checks.inspect(piece)
    assert (evidence.rows, evidence.findings) == (0, ())
    (finding,) = lexical.texts(piece.dataset)
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
    assert [(finding.code, finding.pointer) for finding in lexical.texts(dataset)] == [
        ("bidi-character", "/title"),
        ("invisible-character", "/keywords/0"),
    ]


_PIECE = st.one_of(
    st.sampled_from([*(text for text, _ in TEXTS), *(text for _, text, _ in TYPED)]),
    st.text(alphabet="+-=@#?. 09eE深圳Ã¥é\u3000\u00a0\u200b\ufeff\ue000\u202e\u2003\t\r\n", max_size=6),
    st.text(max_size=4),
)


@settings(max_examples=300, deadline=None)
@given(texts=st.lists(st.lists(_PIECE, max_size=3).map("".join), min_size=1, max_size=5), kind=st.sampled_from(
    ["string", "any", "boolean", *lexical._CANONICAL]
))  # fmt: skip
def test_the_sieve_loses_nothing(texts: list[str], kind: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A column finds in its cells exactly what an examination of every cell alone finds."""
    piece = _piece(tmp_path_factory.getbasetemp(), [], _field(kind=kind))
    question = lexical._Question(_field(kind=kind), lexical._Reader(piece), piece.resource)
    cells = tables.texts([text.encode("utf-8", "ignore").decode() for text in texts])
    noted = [row for row, text in enumerate(cells.to_pylist()) if question.notes(text)]
    assert set(noted) <= set(question.suspects(cells).tolist())
