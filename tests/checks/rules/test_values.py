"""What rules are made of: their values, declarations, tables as exact values, waivers and outcomes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from gazette import words
from gazette.checks import rules
from gazette.checks.rules import (
    annual_reports,
    calendar,
    catalogue,
    codes,
    declared,
    generic,
    listing,
    reading,
    records,
)
from gazette.model import Basis, Category, Dataset, Evidence, Field, Finding, Resource, Rule, Slice, Text
from tests.checks.rules.made import TYPES, judged, resource
from tests.checks.rules.test_rules import NOT_ABOVE, waiver

# --- values -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", rules.every(), ids=lambda rule: rule.id)
def test_a_rule_is_built_of_its_words(rule: Rule) -> None:
    """Title, clause and document as the catalogue has them, and the sentences of all its findings."""
    named = words.bases()
    base = next(
        key
        for key, (_, document) in catalogue._BASES.items()
        if named[f"document.{document}"]["en"] == rule.basis.document.get("en")
    )
    built = catalogue.rule(
        rule.id, base, severity=rule.severity, kinds=rule.kinds, columns=rule.columns, since=rule.valid_from,
        until=rule.valid_to,
    )  # fmt: skip
    assert built == rule
    own = named[rule.id]
    assert isinstance(own, dict)
    for language in words.LANGUAGES:
        assert built.title.get(language) == own[f"title_{language}"]
        assert built.basis.clause.get(language) == own[f"clause_{language}"]
        found = [texts for code, texts in words.findings().items() if code.partition(":")[0] == rule.id]
        for said, prefix in ((built.message.get(language) or "", ""), (built.fix.get(language) or "", "fix_")):
            first = found[0][f"{prefix}{language}"].partition("{")[0]
            assert said.startswith(first)
            assert "{" not in said
            assert all(text[f"{prefix}{language}"].rpartition("}")[2] in said for text in found)


def test_a_rule_says_what_it_is_given() -> None:
    """Every word of one, in full."""
    built = catalogue.rule(
        "rule-ar11", "ogi", kinds=("a",), columns=("b",), since=date(2020, 1, 2), until=date(2021, 1, 2)
    )
    document = words.bases()["document.ogi"]
    assert isinstance(document, dict)
    assert isinstance(built.basis, Basis)
    assert (built.id, built.severity, built.kinds, built.columns) == ("rule-ar11", "error", ("a",), ("b",))
    assert (built.valid_from, built.valid_to) == (date(2020, 1, 2), date(2021, 1, 2))
    assert (built.basis.kind, built.basis.address) == ("law", document.get("address"))
    assert [built.basis.document.get(language) for language in ("en", "zh")] == [document["en"], document["zh"]]
    assert catalogue.rule("rule-share", "house", severity="warning").severity == "warning"
    assert built.message.get("en") == (
        " ".join(dict.fromkeys(
            _dots(texts["en"]) for code, texts in words.findings().items() if code.partition(":")[0] == "rule-ar11"
        ))
    )  # fmt: skip

    with pytest.raises(KeyError):
        catalogue.rule("rule-nothing", "house")


def test_a_document_may_have_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is that of the document the rule rests on."""
    address = "https://example.org/ogi"
    document = words.bases()["document.ogi"]
    assert isinstance(document, dict)
    stated = {**words.bases(), "document.ogi": {**document, "address": address}}
    monkeypatch.setattr(words, "bases", lambda: stated)
    built = catalogue.rule("rule-ar11", "ogi").basis
    assert isinstance(built, Basis)
    assert built.address == address


def _dots(text: str) -> str:
    while "{" in text:
        before, _, rest = text.partition("{")
        text = f"{before}…{rest.partition('}')[2]}"
    return text


def test_chinese_sentences_follow_each_other_without_a_space() -> None:
    """English ones with one; the same sentence is not said twice."""
    name = "rule-shares-complete"
    found = [texts for code, texts in words.findings().items() if code.partition(":")[0] == name]
    for language, between in (("en", " "), ("zh", "")):
        for prefix, text in (("", catalogue._sentences(name, "")), ("fix_", catalogue._sentences(name, "fix_"))):
            said = dict.fromkeys(_dots(texts[f"{prefix}{language}"]) for texts in found)
            assert text.get(language) == between.join(said)


def test_a_domain_says_what_it_is_given() -> None:
    """Kinds and columns by spaces."""
    built = catalogue.domain(
        "ar11", annual_reports.published, "a b", "c|d e", "ogi", severity="warning", since=date(2020, 1, 2),
        until=date(2021, 1, 2), values=(("c", "x"),), optional=True,
    )  # fmt: skip
    assert built.judge is annual_reports.published
    assert (built.values, built.optional) == ((("c", "x"),), True)
    assert (built.rule.id, built.rule.kinds, built.rule.columns) == ("rule-ar11", ("a", "b"), ("c|d", "e"))
    assert (built.rule.severity, built.rule.basis.kind) == ("warning", "law")
    assert (built.rule.valid_from, built.rule.valid_to) == (date(2020, 1, 2), date(2021, 1, 2))
    plain = catalogue.domain("ar11", annual_reports.published, "a", "b", "ogi")
    assert (plain.rule.severity, plain.optional, plain.values) == ("error", False, ())
    limit = records._limit("repair-deleted", "x", records._Limit(kind="repair", start="a", end="b", days=3))
    assert limit.values == (("kind", "repair"),)
    assert (limit.rule.kinds, limit.rule.columns) == (("record-events",), ("kind", "received_on", "x"))
    assert (limit.rule.id, limit.rule.valid_from, limit.rule.basis.kind) == (
        "rule-repair-deleted",
        date(2017, 10, 1),
        "law",
    )
    assert limit.rule.basis == catalogue.rule("rule-repair-deleted", "credit").basis


def test_parameters_are_what_they_are_called() -> None:
    """A field unless it says otherwise, required unless it says otherwise."""
    assert generic._field() == generic.Parameter(form="field", required=True, types=generic.ANY)
    assert generic._field(generic.DATES, required=False, form="x") == generic.Parameter(
        form="x", required=False, types=generic.DATES
    )
    assert generic._fields() == generic.Parameter(form="fields", required=True, types=generic.ANY)
    assert generic._fields(generic.DATES, required=False) == generic.Parameter(form="fields", types=generic.DATES)


# --- declarations -----------------------------------------------------------------------------------------


def wrong(table: Resource, known: Any = rules.DOMAINS) -> list[tuple[Any, ...]]:
    """What is found in the declarations of a table."""
    dataset = Dataset(
        name="made", folder="made", path="made/datapackage.yaml", title=Text(), description=Text(), resources=(table,)
    )
    found = list(declared.faults(dataset, table, known, rules.KINDS))
    for each in found:
        assert (each.severity, each.source, each.dataset, each.path) == (
            "error", "gazette", "made", "made/datapackage.yaml",
        )  # fmt: skip
        assert each.resource == "t"
    return [(each.code, each.pointer, dict(each.facts)) for each in found]


HERE = "/resources/0/gazette"


def test_a_property_that_is_nearly_one() -> None:
    """Others are somebody else's."""
    table = replace(resource("t", "a:i"), descriptor={"gazette": {"kinds": 1, "kind": None, "rule": 2, "other": 3}})
    assert wrong(table) == [
        ("rule-unknown", f"{HERE}/kinds", {"variant": "property", "stated": "kinds", "near": "kind"}),
        ("rule-unknown", f"{HERE}/rule", {"variant": "property", "stated": "rule", "near": "rules"}),
    ]
    assert wrong(replace(table, descriptor={"gazette": ["kinds"]})) == []


def test_a_kind_nobody_knows() -> None:
    """With those like it, at most three."""
    near = wrong(resource("t", "a:i", kind="annual-report-request"))
    assert near == [("rule-kind-unknown", f"{HERE}/kind", near[0][2])]
    assert near[0][2]["stated"] == "annual-report-request"
    assert "annual-report-requests" in near[0][2]["near"]
    assert len(near[0][2]["near"]) == 3
    assert wrong(resource("t", "a:i", kind="qqq")) == [
        ("rule-kind-unknown", f"{HERE}/kind", {"stated": "qqq", "variant": "unlike"})
    ]


def test_columns_a_rule_needs() -> None:
    """Either of two names; not of a rule that does without; permitted values by enumeration or category."""
    kind = "disclosure-catalog"
    table = resource("t", "index_no:s title_zh:s disclosure_type:s exemption_id:s", kind=kind)
    missing = [(f"rule-{rule}", columns) for rule, columns in (
        ("catalogue-fields", ["abstract_zh", "created_on"]),
        ("published-late", ["created_on", "changed_on", "published_on"]),
    )]  # fmt: skip
    assert wrong(table) == [
        ("rule-columns", f"{HERE}/kind", {"rule": rule, "kind": kind, "missing": columns}) for rule, columns in missing
    ]
    assert wrong(resource("t", "x:s", kind="units")) == []
    either = resource("t", "entry_criteria_zh:s exit_criteria:s remedy_channel:s", kind="list-catalog")
    assert wrong(either) == []
    assert wrong(replace(either, schema=None))[0][2]["missing"] == [
        "entry_criteria|entry_criteria_zh", "exit_criteria|exit_criteria_zh", "remedy_channel|remedy_channel_zh",
    ]  # fmt: skip


def test_values_a_rule_looks_for() -> None:
    """A column that permits others only would never be judged."""
    table = resource("t", "disclosure_type:s exemption_id:s", kind="disclosure-catalog")
    assert table.schema
    first, second = table.schema.fields
    known = [each for each in rules.DOMAINS if each.rule.id == "rule-exemption-ground"]
    facts = {
        "rule": "rule-exemption-ground", "kind": "disclosure-catalog", "variant": "value",
        "column_name": "disclosure_type", "value": "not_disclosed",
    }  # fmt: skip
    listed = replace(first, constraints={"enum": ["proactive"]})
    named = replace(first, categories=(Category(value="proactive", label=Text()),))
    for field, expected in ((listed, [facts]), (named, [facts]), (first, []),
                            (replace(named, constraints={"enum": ["not_disclosed"]}), [])):  # fmt: skip
        made = replace(table, schema=replace(table.schema, fields=(field, second)))
        assert [found for _, _, found in wrong(made, known)] == expected


def test_a_rule_nobody_knows() -> None:
    """With those like it; of the others the parameters are looked at."""
    assert wrong(resource("t", "a:i", {"rule": "qqq", "a": 1}, {"rule": "weight"})) == [
        ("rule-unknown", f"{HERE}/rules/0/rule", {"stated": "qqq", "variant": "unlike"}),
        ("rule-unknown", f"{HERE}/rules/1/rule", {"stated": "weight", "near": ["weights"]}),
    ]


def test_parameters_of_a_rule() -> None:
    """Known, of their form, with fields that exist and have their type; none that is needed is missing."""
    stated = {"rule": "weights", "weights": "a", "by": ["b", "c"], "total": "x"}
    assert wrong(resource("t", "a:i b:s", stated)) == [
        ("rule-parameter", f"{HERE}/rules/0/weights",
         {"rule": "weights", "stated": "weights", "known": ["by", "total", "weight"]}),
        ("rule-field", f"{HERE}/rules/0/by", {"rule": "weights", "stated": "c", "variant": "unlike"}),
        ("rule-parameter", f"{HERE}/rules/0/total",
         {"rule": "weights", "variant": "form", "stated": "total", "form": "number"}),
        ("rule-parameter", f"{HERE}/rules/0", {"rule": "weights", "variant": "missing", "stated": "weight"}),
    ]  # fmt: skip
    typed = {"rule": "weights", "weight": "b"}
    assert wrong(resource("t", "a:i b:s", typed)) == [
        ("rule-field", f"{HERE}/rules/0/weight",
         {"rule": "weights", "variant": "type", "stated": "b", "type": "string", "known": ["integer", "number"]}),
    ]  # fmt: skip
    assert wrong(resource("t", "share:i", {"rule": "weights", "weight": "shares"})) == [
        ("rule-field", f"{HERE}/rules/0/weight", {"rule": "weights", "stated": "shares", "near": ["share"]}),
    ]
    assert wrong(resource("t", "", {"rule": "weights", "weight": "b"}))[0][0] == "rule-field"
    nowhere = replace(resource("t", "a:i", typed), schema=None)
    assert wrong(nowhere) == [
        ("rule-field", f"{HERE}/rules/0/weight", {"rule": "weights", "stated": "b", "variant": "unlike"})
    ]


def test_one_limit_of_a_deadline() -> None:
    """One, not none and not two."""
    base = {"rule": "deadline", "from": "a", "to": "b"}
    fault = ("rule-parameter", f"{HERE}/rules/0",
             {"rule": "deadline", "variant": "missing", "stated": "working-days | days | months"})  # fmt: skip
    for more, found in (({}, [fault]), ({"days": 1}, []), ({"days": 1, "months": 1}, [fault])):
        assert wrong(resource("t", "a:d b:d", {**base, **more})) == found


@pytest.mark.parametrize(
    ("low", "high", "found"),
    [
        ("i", "n", None), ("d", "d", None), ("d", "i", ("low", "date", ["integer", "number"])),
        ("n", "d", ("low", "number", ["date"])), ("s", "s", ("low", "string", ["date"])),
        ("i", "s", ("low", "integer", ["date"])), ("s", "i", ("low", "string", ["integer", "number"])),
    ],
)  # fmt: skip
def test_what_can_be_compared(low: str, high: str, found: tuple[str, str, list[str]] | None) -> None:
    """Numbers with numbers, dates with dates; said once."""
    table = resource("t", f"low:{low} high:{high}", NOT_ABOVE)
    facts = found and {"rule": "not-above", "variant": "type", "stated": found[0], "type": found[1], "known": found[2]}
    assert wrong(table) == ([("rule-field", f"{HERE}/rules/0", facts)] if facts else [])
    assert [code for code, *_ in wrong(resource("t", f"low:{low}", NOT_ABOVE))] == ["rule-field"]


FORMS: list[tuple[str, list[Any], list[Any]]] = [
    ("field", ["a"], [1, None, ["a"]]),
    ("fields", [["a"], ["a", "b"]], [[], "a", None, [1], ["a", 1]]),
    ("group", [None, [], ["a"]], ["a", [1], {}]),
    ("value", ["a", 1, 1.5, True], [None, [], {}]),
    ("values", [["a"], [1, "a"]], [[], "a", None, [None], [1, []]]),
    ("number", [0, 1, 1.5, "0.1"], [-1, True, "x", None, "-0.1", "nan?"]),
    ("count", [1, 5], [0, -1, True, 1.0, "1"]),
    ("field-or-count", ["a", 1], [0, None, ["a"]]),
    ("flag", [True, False], [None, 1, "true"]),
    ("order", ["ascending", "descending"], ["up", None]),
    ("when", [{"field": "a", "in": ["x"]}],
     [{"field": "a", "in": []}, {"field": 1, "in": ["x"]}, {"field": "a"}, {"field": "a", "in": ["x"], "y": 1}, "a"]),
    ("units", [{"resource": "r", "field": "f"}, {"resource": "r", "field": "f", "package": "p"}],
     [{"resource": "r"}, {"resource": "r", "field": 1}, {"resource": "r", "field": "f", "x": "y"}, "r", ["resource"]]),
    ("periods", [["2020"], [2020, "2021-Q1"], {"from": "2020", "to": 2021, "every": "year"}],
     [[], ["soon"], ["2020", "x"], "2020", {"from": "2020", "to": "x", "every": "year"}, {"from": "2020", "to": "2021"},
      {"from": "x", "to": "2021", "every": "year"}, {"from": "2020", "to": "2021", "every": "decade"},
      {"from": "2020", "to": "2021", "every": "year", "more": 1}]),
]  # fmt: skip


@pytest.mark.parametrize(("form", "right", "others"), FORMS)
def test_forms_of_parameters(form: str, right: list[Any], others: list[Any]) -> None:
    """What may be stated, and nothing else."""
    assert [value for value in right if not declared._formed(value, form)] == []
    assert [value for value in others if declared._formed(value, form)] == []
    assert {form for form, _, _ in FORMS} == set(declared._FORMS)


@pytest.mark.parametrize(
    ("value", "form", "fields"),
    [
        (["a", "b"], "fields", ["a", "b"]), (["a"], "group", ["a"]), (None, "group", []),
        ({"field": "a", "in": ["x"]}, "when", ["a"]), ("a", "field", ["a"]), ("a", "field-or-count", ["a"]),
        (3, "field-or-count", []), ("a", "value", []),
    ],
)  # fmt: skip
def test_fields_a_parameter_names(value: Any, form: str, fields: list[str]) -> None:
    """They must exist."""
    assert declared._named(value, form) == fields


# --- tables -----------------------------------------------------------------------------------------------


def field(kind: str, form: str = "default", **stated: Any) -> Field:
    """A field of a type, with other properties of its descriptor."""
    return Field(name="f", type=kind, format=form, title=Text(), description=Text(), constraints={}, descriptor=stated)


@pytest.mark.parametrize(
    ("described", "values"),
    [
        (field("integer"), {"1": Decimal(1), "x": None, "-3": Decimal(-3), "1,000": None}),
        (field("number"), {"1.50": Decimal("1.50"), "NaN": None, "INF": None, "1e3": Decimal(1000), "50%": None}),
        (field("number", bareNumber=False), {"50%": Decimal(50), "￥1.5 ": Decimal("1.5"), "x": None}),
        (field("number", bareNumber=True), {"50%": None}),
        (field("number", groupChar=",", decimalChar="."), {"1,000.5": Decimal("1000.5")}),
        (field("number", groupChar=".", decimalChar=","), {"1.000,5": Decimal("1000.5")}),
        (field("date"), {"2020-01-31": date(2020, 1, 31), "2020-02-30": None, "31.01.2020": None}),
        (field("date", "any"), {"2020-01-31": date(2020, 1, 31)}),
        (field("date", "%d.%m.%Y"), {"31.01.2020": date(2020, 1, 31), "2020-01-31": None}),
        (field("boolean"), {"true": True, "True": True, "TRUE": True, "1": True, "false": False, "False": False,
                            "FALSE": False, "0": False, "yes": None}),
        (field("boolean", trueValues=["是"], falseValues=["否"]), {"是": True, "否": False, "true": None, "0": None}),
        (field("string"), {"x": "x", " ": None, "": None, " x ": " x "}),
        (field("year"), {"2020": "2020"}),
    ],
)  # fmt: skip
def test_cells_become_values(described: Field, values: dict[str, Any]) -> None:
    """As their field says; what cannot is blank."""
    convert = reading._converter(described)
    assert {text: convert(text) for text in values} == values


def test_a_table_gives_the_columns_asked_for() -> None:
    """Each distinct cell as its value; missing values, ragged rows and absent columns are blank."""
    table = resource("t", "a:i b:s", key="b a")
    made = reading.Table(piece=Slice(root=Path(), dataset=world().tables[0].dataset, resource=table), rows=3)
    assert table.schema
    values = replace(table.schema, missing_values=("", "-"))
    other = replace(made, piece=replace(made.piece, resource=replace(table, schema=values, paths=())))
    batch = pa.record_batch({"a": pa.array(["1", "-", None]), "b": pa.array(["x", "", "x"])})
    other.__dict__["_kept"] = (batch, batch)
    assert list(other.cells("b", "a", "c")) == [
        (2, ("x", Decimal(1), None)), (3, (None, None, None)), (4, ("x", None, None)),
        (5, ("x", Decimal(1), None)), (6, (None, None, None)), (7, ("x", None, None)),
    ]  # fmt: skip
    assert list(other.cells()) == []
    assert other.pairs("b", "a") == {"x": None, None: None}
    assert other.keys({2, 5, 99}) == {2: ("x", "1"), 5: ("x", "1")}
    assert other.keys({4, 7}) == {4: ("x", "None"), 7: ("x", "None")}
    assert other.keys(set()) == {}
    assert (other.has("a", "b"), other.has("a", "c"), other.first("c", "b", "a")) == (True, False, "b")
    with pytest.raises(KeyError, match="'c', 'd'"):
        other.first("c", "d")


def world(*kinds: str) -> reading.World:
    """Tables of these kinds, each a dataset of its own kind."""
    tables = []
    for number, kind in enumerate(kinds or ("a",)):
        table = resource(f"t{number}", "date:d is_workday:b", kind=kind)
        dataset = Dataset(
            name=f"d{number}", folder="d", path="d", title=Text(), description=Text(), resources=(table,), kind=kind
        )
        tables.append(reading.Table(piece=Slice(root=Path(), dataset=dataset, resource=table), rows=0))
    return reading.World(tables=tuple(tables), as_of=date(2026, 1, 1), previous=rules.unknown)


def test_a_world_finds_tables() -> None:
    """By kind, beside another, by name."""
    here = world("a", "b", "a")
    first, second, third = here.tables
    assert here.of_kind("a") == (first, third)
    assert (here.beside(third, "a"), here.beside(third, "b")) == (third, None)
    assert (here.named("d1", "t1"), here.named("d1", "t0"), here.named("d0", "t1")) == (second, None, None)
    assert here.work_calendar == calendar.work_calendar(())


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1.50"), "1.5"), (Decimal(100), "100"), (Decimal("0.00"), "0"), (Decimal("-0"), "0"),
        (Decimal("1E+3"), "1000"), (date(2020, 1, 2), "2020-01-02"), ("x", "x"), (None, "None"), (True, "True"),
    ],
)  # fmt: skip
def test_values_in_messages(value: object, text: str) -> None:
    """As people write them."""
    assert reading.said(value) == text


def test_decimals() -> None:
    """Of what is written."""
    assert [reading.decimals(Decimal(text)) for text in ("1", "1.0", "1.25", "1E+3")] == [0, 1, 2, 0]


def test_a_slice_is_made_whole() -> None:
    """From its first row to its last."""
    piece = Slice(root=Path(), dataset=world().tables[0].dataset, resource=resource("t", "a:i"), start=5, end=9)
    assert (reading.whole(piece).start, reading.whole(piece).end) == (0, None)


# --- days -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "unit", "first", "last"),
    [
        ("8999", "Y", (8999, 1, 1), (8999, 12, 31)), ("1000", "Y", (1000, 1, 1), (1000, 12, 31)),
        ("2024-H1", "H", (2024, 1, 1), (2024, 6, 30)), ("2024-Q4", "Q", (2024, 10, 1), (2024, 12, 31)),
        ("2024-01", "M", (2024, 1, 1), (2024, 1, 31)), ("2024-W01", "W", (2024, 1, 1), (2024, 1, 7)),
        ("2024-03-09", "D", (2024, 3, 9), (2024, 3, 9)),
    ],
)  # fmt: skip
def test_units_of_periods(text: str, unit: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    """What a cell names, and the same again as what contains its days."""
    found = calendar.period(text)
    assert found == calendar.Period(first=date(*first), last=date(*last), unit=unit)
    assert calendar.containing(found.first, unit) == calendar.containing(found.last, unit) == found
    assert found.year == first[0]
    before, after = calendar.period_before(found), calendar.period_after(found)
    assert (before.unit, after.unit) == (unit, unit)
    assert (after.first - found.last).days == (found.first - before.last).days == 1
    if unit in "WD":
        assert after.last - after.first == before.last - before.first == found.last - found.first
    else:
        assert calendar.containing(after.first, unit) == after
        assert calendar.containing(before.last, unit) == before


def test_edges_of_time() -> None:
    """Days beyond which there is no before or after."""
    for day, known in ((date(999, 12, 31), False), (date(1000, 1, 1), True), (date(8999, 12, 31), True),
                       (date(9000, 1, 1), False)):  # fmt: skip
        assert (calendar.period(day) is not None) == known
    assert calendar.period("2024-00") is None
    assert calendar.period("2024-W00") is None
    assert calendar.period("2024-00-01") is None
    assert calendar.period("2024-01-00") is None
    assert calendar.period("２０２４") is None
    assert calendar.period(2024) == calendar.period("2024")
    week = calendar.period("2025-W01")
    assert week
    assert (week.first, week.year, week.opens) == (date(2024, 12, 30), 2025, True)
    assert [calendar.months_after(date(2024, 1, 15), months) for months in (0, 11, 12, 13, -1, -13)] == [
        date(2024, 1, 15), date(2024, 12, 15), date(2025, 1, 15), date(2025, 2, 15), date(2023, 12, 15),
        date(2022, 12, 15),
    ]  # fmt: skip


def test_a_work_calendar_of_one_year() -> None:
    """Known by its first of January, which is off; blanks say nothing."""
    stated = [
        (date(2026, 1, 1), False), (date(2025, 12, 31), False), (date(2027, 1, 1), True), (None, True),
        (date(2026, 1, 2), None), (date(2026, 1, 3), True), (date(2026, 12, 31), False),
    ]  # fmt: skip
    made = calendar.work_calendar(stated)
    assert made.years == {2026}
    assert made.days[:3] == (date(2026, 1, 2), date(2026, 1, 3), date(2026, 1, 5))
    assert made.days[-1] == date(2026, 12, 30)
    assert len(made.days) == 260
    assert made.due(date(2026, 12, 29), 1) == date(2026, 12, 30)
    with pytest.raises(calendar.Outside):
        made.due(date(2026, 12, 30), 1)
    with pytest.raises(calendar.Outside):
        made.due(date(2025, 12, 30), 1)


# --- waivers and outcomes ---------------------------------------------------------------------------------


def test_a_waiver_that_does_not_hold_says_why() -> None:
    """Where it stands and which of its properties are wrong."""
    table = resource("t", "key:s low:i high:i", NOT_ABOVE, key="key")
    bad = waiver(rule="x", resource="y", reason=Text(), owner=Text(), expires=None)
    for given, code, facts in (
        (bad, "waiver-invalid", {"properties": ["rule", "resource", "reason", "owner", "expires"]}),
        (waiver(expires=date(2026, 1, 30)), "waiver-expired", {"rule": "not-above", "expires": "2026-01-30"}),
        (waiver(rows=(("b",),)), "waiver-unused", {"rule": "not-above"}),
    ):
        _, last = judged((table, [["a", 3, 2]]), waivers=(given,))[0]
        assert last == Finding(
            code=code, severity="error", source="gazette", dataset="made", path="made/datapackage.yaml",
            pointer="/gazette/waivers/0", facts=facts,
        )  # fmt: skip


def test_several_waivers_cover_what_each_names() -> None:
    """What one covers the next does not; those after one that does not hold still do."""
    table = resource("t", "key:s low:i high:i", NOT_ABOVE, key="key")
    given = (
        waiver(expires=None), waiver(rows=(("a",), ("b",))), waiver(rows=(("c",),), rule="rule-not-above"),
        waiver(rows=(("a",),)),
    )  # fmt: skip
    findings, outcomes = judged((table, [[key, 3, 2] for key in "abcd"]), waivers=given)
    assert [(each.code, each.row, each.severity) for each in findings] == [
        ("rule-not-above", 2, "warning"), ("rule-not-above", 3, "warning"), ("rule-not-above", 4, "warning"),
        ("rule-not-above", 5, "error"), ("waiver-invalid", None, "error"), ("waiver-unused", None, "error"),
    ]  # fmt: skip
    assert dict(findings[0].facts) == {
        "lower": "low", "low": "3", "upper": "high", "high": "2", "waived": True, "expires": "2026-12-31",
        "reason_en": "As printed.", "reason_zh": "照录原文。", "owner_en": "Archives", "owner_zh": "档案馆",
    }  # fmt: skip
    assert outcomes[0].waivers == given[1:3]


def test_a_waiver_of_a_table_that_was_not_judged_says_nothing() -> None:
    """The next one is still looked at."""
    table, other = resource("t", "low:i high:i", NOT_ABOVE), resource("u", "low:i high:i", NOT_ABOVE)
    dataset = Dataset(
        name="made", folder="made", path="made/datapackage.yaml", title=Text(), description=Text(),
        resources=(table, other), waivers=(waiver(), waiver(resource="u", rule="share")),
    )  # fmt: skip
    tables = {"u": reading.Table(piece=Slice(root=Path(), dataset=dataset, resource=other), rows=0)}
    known = frozenset({"rule-not-above", "rule-share"})
    found = rules.waivers.apply_waivers([], dataset, tables, known, date(2026, 1, 1))
    assert [(each.code, each.facts) for each in found.findings] == [("waiver-unused", {"rule": "share"})]
    assert found.used == {}


def test_a_waiver_of_another_table_or_rule_covers_nothing() -> None:
    """Both must be the finding's."""
    one, two = resource("t", "low:i high:i", NOT_ABOVE), resource("u", "low:i high:i", NOT_ABOVE)
    findings, _ = judged((one, [[3, 2]]), (two, [[3, 2]]), waivers=(waiver(),))
    assert [(each.resource, each.severity) for each in findings] == [("t", "warning"), ("u", "error")]
    findings, _ = judged((one, [[3, 2]]), waivers=(waiver(rule="share"),))
    assert [(each.code, each.severity) for each in findings] == [
        ("rule-not-above", "error"),
        ("waiver-unused", "error"),
    ]


def outcome(*tables: Any, **more: Any) -> list[tuple[Any, ...]]:
    """What became of the rules."""
    return [(each.rule, each.resource, each.status, each.count, each.unjudged) for each in judged(*tables, **more)[1]]


def test_outcomes() -> None:
    """Of each rule and table once, in the order of the rules; failed before unjudged, waived before both."""
    table = resource(
        "t", "low:i high:i a:d b:d", NOT_ABOVE, {"rule": "deadline", "from": "a", "to": "b", "working-days": 5}
    )
    rows = [[3, 2, "2025-03-03", "2025-03-04"], [1, 2, "2025-03-03", "2025-03-04"]]
    assert outcome((table, rows)) == [
        ("rule-not-above", "t", "failed", 1, 0),
        ("rule-deadline", "t", "unjudged", 0, 2),
    ]
    assert outcome((table, rows), waivers=(waiver(),))[0] == ("rule-not-above", "t", "waived", 1, 0)
    assert outcome((table, rows[1:])) == [
        ("rule-not-above", "t", "passed", 0, 0),
        ("rule-deadline", "t", "unjudged", 0, 1),
    ]
    twice = resource("t", "low:i high:i mid:i", NOT_ABOVE, {**NOT_ABOVE, "upper": "mid"}, NOT_ABOVE)
    assert outcome((twice, [[3, 2, 2], [3, 3, 2]])) == [("rule-not-above", "t", "failed", 4, 0)]
    unsound = resource("t", "low:i high:i", {**NOT_ABOVE, "upper": "x"}, NOT_ABOVE)
    assert outcome((unsound, [[3, 2]])) == [("rule-not-above", "t", "failed", 1, 0)]
    eleven = resource("t", "low:i high:i", *[NOT_ABOVE] * 10, {**NOT_ABOVE, "upper": "x"})
    assert outcome((eleven, [[3, 2]])) == [("rule-not-above", "t", "failed", 10, 0)]
    eleven = resource("t", "low:i high:i", NOT_ABOVE, {**NOT_ABOVE, "upper": "x"}, *[NOT_ABOVE] * 9)
    assert outcome((eleven, [[3, 2]])) == [("rule-not-above", "t", "failed", 10, 0)]


def test_where_a_breach_is_found() -> None:
    """Dataset, file, row and line; of a rule that is not about a row, the table."""
    table = resource("t", "name:s low:i high:i", NOT_ABOVE)
    (found,) = judged((table, [["a\nb", 1, 2], ["c", 3, 2]]))[0]
    assert found == Finding(
        code="rule-not-above", severity="error", source="gazette", dataset="made", path="made/t.csv", resource="t",
        row=3, line=4, field="low", facts={"lower": "low", "low": "3", "upper": "high", "high": "2"},
    )  # fmt: skip
    count = resource("t", "a:i", {"rule": "row-count", "within": 1})
    (found,) = judged((count, [[1]]), previous=lambda path, content: b"a\n1\n2\n")[0]
    assert (found.row, found.line, found.path, found.field) == (None, None, "made/t.csv", None)
    late = resource("t", "a:d b:d", {"rule": "deadline", "from": "a", "to": "b", "working-days": 5})
    (found,) = judged((late, [["2025-03-03", "2025-03-04"]] * 2))[0]
    assert found == Finding(
        code="rule-unjudged", severity="warning", source="gazette", dataset="made", path="made/t.csv", resource="t",
        row=2, line=2, facts={"rows": 2, "rule": "rule-deadline", "variant": "calendar"},
    )  # fmt: skip


def test_what_is_listed_and_what_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last that is listed counts the rest; what is not judged stands after."""
    monkeypatch.setattr(rules, "LISTED", 2)
    table = resource("t", "a:d b:d", {"rule": "deadline", "from": "a", "to": "b", "working-days": 5})
    holidays = resource("calendar", "date:d is_workday:b", kind="work-calendar")
    rows = [["2025-03-03", "2025-03-04"], *[["2026-01-05", "2026-06-01"]] * 4]
    findings, outcomes = judged((table, rows), (holidays, [["2026-01-01", "false"]]))
    assert [(each.code, each.row, each.count) for each in findings] == [
        ("rule-deadline", 3, 1), ("rule-deadline", 4, 3), ("rule-unjudged", 2, 1),
    ]  # fmt: skip
    assert (outcomes[0].count, outcomes[0].unjudged, outcomes[0].status) == (4, 1, "failed")


def test_rules_for_some_kind_of_row_need_such_a_row() -> None:
    """Nothing passed where nothing was looked at."""
    events = "record_id:s kind:s received_on:d deleted_on:d"
    table = resource("e", events, kind="record-events")
    about = [each for each in outcome((table, [["a", "repair", None, None]])) if "deleted" in each[0]]
    assert about == [("rule-repair-deleted", "e", "passed", 0, 0)]
    assert [each for each in outcome((table, [["a", "other", None, None]])) if "deleted" in each[0]] == []
    short = resource("e", "record_id:s kind:s deleted_on:d", kind="record-events")
    assert [each for each in outcome((short, [["a", "repair", None]])) if "deleted" in each[0]] == []


def test_what_is_refused_is_not_judged() -> None:
    """By dataset and resource; the others of the dataset are."""
    one, two = resource("t", "low:i high:i", NOT_ABOVE), resource("u", "low:i high:i", NOT_ABOVE)
    dataset = Dataset(
        name="made", folder="", path="datapackage.yaml", title=Text(), description=Text(),
        resources=(replace(one, paths=()), replace(two, paths=())),
    )  # fmt: skip
    pieces = [Slice(root=Path(), dataset=dataset, resource=each) for each in dataset.resources]
    evidence = [Evidence(dataset="made", resource=name, rows=0, findings=()) for name in ("t", "u")]
    refused = {("made", name) for name in ("t", "u")}
    found = rules.judge([dataset], pieces, evidence, refused, date(2026, 1, 1), rules.unknown)
    assert found == rules.Judgement(findings=(), outcomes={"made": ()})
    assert rules.unknown("a", b"") is None


def test_a_code_has_nothing_to_do_with_how_it_is_typed() -> None:
    """The alphabets are those of the standards."""
    assert codes.normal(" a１\tb ") == "A1B"
    assert set(TYPES) >= set("sindby")


def test_every_kind_and_form_is_explained() -> None:
    """In the page for those who write descriptors."""
    assert set(listing._FORMS) >= {each.form for known in generic.PARAMETERS.values() for each in known.values()}
    page = listing.page()
    assert page == "".join(listing._parts())
    assert "&lt;" in listing._in(Text(values=(("en", "a < b"),)), "en")
    assert listing._in(Text(), "en") == ""
    assert listing._said(object) != ""


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        (None, None, ""),
        (date(2020, 1, 2), None, " · From 2020-01-02"), (None, date(2021, 1, 2), " · Until 2021-01-02"),
        (date(2020, 1, 2), date(2021, 1, 2), " · From 2020-01-02 Until 2021-01-02"),
    ],
)  # fmt: skip
def test_when_a_rule_holds_stands_in_its_heading(since: date | None, until: date | None, said: str) -> None:
    """After what it rests on."""
    stated = replace(rules.declarable()["share"], valid_from=since, valid_to=until)
    plain = replace(stated, valid_from=None, valid_to=None)
    assert listing._heading(stated) == listing._heading(plain).removesuffix("\n\n") + said + "\n\n"


def test_the_page_is_what_the_document_holds() -> None:
    """Word for word."""
    root = Path(__file__).parents[3]
    assert listing.page() == (root / "docs/rules.md").read_text(encoding="utf-8")
