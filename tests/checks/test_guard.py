"""The guard finds what must not be published, and nothing else."""

from __future__ import annotations

import dataclasses
import string
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gazette import words
from gazette.checks import guard, walk
from gazette.checks.guard import kinds, numbers, plain
from gazette.model import Category, Dataset, Fact, Field, Finding, Resource, Schema, Slice, Text

ID = "440308199003072115"
MOBILE = "13800138000"
CARD = "6222027777777777778"

POSITIVE = {
    ID: "personal-id",
    "44030519851120001x": "personal-id",
    f"申请人张某，身份证号{ID}。": "personal-id",
    "４４０３０８１９９００３０７２１１５": "personal-id",
    "440308 19900307 2115": "personal-id",
    "440308199\N{ZERO WIDTH SPACE}003072115": "personal-id",
    "810000198801010151": "personal-id",
    "944840197506123017": "personal-id",
    "44030819900307211501": "personal-id",
    "身份证号440308900307211": "personal-id",
    "١١٠١٠٥١٩٤٩١٢٣١٠٠٢X": "personal-id",
    MOBILE: "personal-mobile",
    "+86 138-0013-8000": "personal-mobile",
    "联系人电话：19912345678（李先生）": "personal-mobile",
    "手机１７０１２３４５６７８": "personal-mobile",
    CARD: "personal-card",
    "卡号 6228 4877 7777 7774": "personal-card",
    "A123456(3)": "personal-document",
    "护照号码E12345678": "personal-document",
    "12345678@qq.com": "personal-email",
    "粤B·A1B2C": "personal-plate",
    "粤BD12345": "personal-plate",
    "机密★10年": "secrecy-marking",
    "深府密〔2019〕12号": "secrecy-marking",
}

ALSO_POSITIVE = {
    "20240315440308199003072115": "personal-id",
    f"{ID}{ID}": "personal-id",
    "11010519491231002\N{CYRILLIC CAPITAL LETTER HA}": "personal-id",
    "4̶4̶0̶3̶0̶8̶199003072115": "personal-id",
    "44030519851120001X01": "personal-id",
    "4403081990****2115": "personal-mask",
    "44030819900307****": "personal-mask",
    "44030819900307XX15": "personal-mask",
    "Tel13800138000": "personal-mobile",
    "1 3 8 0 0 1 3 8 0 0 0": "personal-mobile",
    "138·0013·8000": "personal-mobile",
    "440308.19900307.2115": "personal-id",
    "440308-1990 0307-2115": "personal-id",
    " ".join(ID): "personal-id",
    "0086-138-0013-8000": "personal-mobile",
    "13800138000.": "personal-mobile",
    "office@163.com": "personal-mailbox",
    "张三＠ 12345678＠qq．com": "personal-email",
    "内部资料 注意保存": "secrecy-marking",
    "机\N{ZERO WIDTH SPACE}密☆长期": "secrecy-marking",
    "AKIA" + "IOSFODNN7EXAMPLE": "secret-key",
    "-----BEGIN OPENSSH " + "PRIVATE KEY-----": "secret-key",
    "ghp_" + "a1" * 18: "secret-key",
    "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0" + ".dozjgNryP4J3jVmNHl0w5N": "secret-key",
    "postgres://gazette:" + "correcthorse@db/1": "secret-key",
}

NEGATIVE = [
    "440308199003072110",
    "440308199002302110",
    "990308199003072117",
    "91440300123456789Q",
    "12440300000000123L",
    "0755-88121234",
    "0755-12345",
    "400-830-1234",
    "95588",
    "xxgk@sz.gov.cn",
    "13812345678.00",
    "13,812,345,678",
    "20240315123045",
    "1710482445123",
    "1764183920017348609",
    "114.05912345678",
    "202403151230450001",
    "440305003002GB00013F00010001",
    "9787508660752",
    "518000",
    "440308********2115",
    "深府规〔2024〕3号",
    "G4京港澳高速",
    "严守工作秘密，提高效率",
    "SUM(A13800138000:B2)",
    "粤B公交站0012",
    "22.543100,114.057900",
    "6" * 20,
    "88121234-8001",
    "6901234567892",
]

ALSO_NEGATIVE = [
    "2024-03-15 12:30:45.123456",
    "2024-01-01/2024-12-31",
    "138-2024",
    "M1 3 8 0 0 1 3.8 0 0 0-1.3 8",
    "440308.1.9.9.0.0.3.0.7.2.1.1.5",
    "机密",
    "更新A12345",
    "Hotel 13800138000A",
    "https://www.example.gov.cn/art/2024/3/15/art_1234_567890.html",
    "123e4567-e89b-12d3-a456-426614174000",
    "440308****2115",
    "护照",
    "8613800138000",
]


def _field(name: str = "value", kind: str = "string", **more: Any) -> Field:
    return Field(
        **{
            "name": name,
            "type": kind,
            "format": "default",
            "title": Text(),
            "description": Text(),
            "constraints": {},
            **more,
        }
    )


def _piece(*fields: Field, path: str = "data/rows.csv") -> Slice:
    resource = Resource(
        name="rows",
        slug="rows",
        dataset="notices",
        title=Text(),
        description=Text(),
        paths=(path,),
        schema=Schema(fields=fields) if fields else None,
    )
    return Slice(root=Path(), dataset=_dataset(resource=resource), resource=resource)


def _dataset(descriptor: dict[str, Any] | None = None, *, resource: Resource | None = None) -> Dataset:
    return Dataset(
        name="notices",
        folder="notices",
        path="notices/datapackage.yaml",
        title=Text(),
        description=Text(),
        resources=(resource,) if resource else (),
        descriptor=descriptor or {},
    )


def _judge(cells: dict[str, list[str | None]], *fields: Field) -> tuple[Finding, ...]:
    table = pa.table({name: pa.array(values, pa.string()) for name, values in cells.items()})
    return guard.judge(table, _piece(*fields))


def _codes(values: list[str], field: Field | None = None) -> list[tuple[int, str]]:
    return [(row, hit.code) for row, hit in guard.column(pa.array(values, pa.string()), field)]


# --- values -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "code"), [*POSITIVE.items(), *ALSO_POSITIVE.items()])
def test_what_must_not_be_published_is_found_in_prose_and_in_a_column(text: str, code: str) -> None:
    """Every kind is found, disguised or not, and the column finds what the prose scan finds."""
    assert {hit.code for hit in guard.scan(text)} == {code}
    assert {found for _, found in _codes(["ordinary", text])} == {code}


@pytest.mark.parametrize("text", [*NEGATIVE, *ALSO_NEGATIVE])
def test_what_only_looks_alike_is_not_found(text: str) -> None:
    """Codes, amounts, instants and landlines are left alone."""
    assert guard.scan(text) == ()
    assert _codes([text], _field()) == []


@pytest.mark.parametrize(
    ("header", "text", "code"),
    [
        ("身份证号", "440308900307211", "personal-id"),
        ("id_card_no", "440308900307211", "personal-id"),
        ("护照号码", "E12345678", "personal-document"),
        ("hk_identity", "A1234563", "personal-document"),
        ("bank_account", "4000001234567899", "personal-card"),
        ("phone", "8613800138000", "personal-mobile"),
    ],
)
def test_a_header_announces_numbers_without_a_form_of_their_own(header: str, text: str, code: str) -> None:
    """The same cell is found below a header that says what it is, and not without one."""
    assert _codes([text], _field(header)) == [(0, code)]
    assert code not in {found for _, found in _codes([text], _field("reference"))} or code == "personal-card"


@pytest.mark.parametrize("kind", ["integer", "number", "year"])
def test_a_quantity_is_no_telephone_number(kind: str) -> None:
    """A measured quantity can have the digits of a telephone or a card number, hardly those of an identity number."""
    assert _codes([MOBILE, CARD, "13812345678.5"], _field("population", kind)) == []
    assert _codes([ID], _field("population", kind)) == [(0, "personal-id")]


def test_a_telephone_column_declared_as_a_quantity_is_still_read() -> None:
    """A header that announces telephones wins over the type."""
    assert _codes([MOBILE], _field("联系电话", "integer")) == [(0, "personal-mobile")]


def test_declared_categories_are_judged_in_the_descriptor_alone() -> None:
    """A value the schema lists is no finding in every row."""
    categories = (Category(value=MOBILE, label=Text()),)
    assert _codes([MOBILE], _field(categories=categories)) == []
    assert _codes([MOBILE], _field(constraints={"enum": [MOBILE]})) == []
    assert _codes(["13900139000"], _field(categories=categories)) == [(0, "personal-mobile")]


@pytest.mark.parametrize(
    ("header", "cell", "hits"),
    [
        ("家庭住址", "人民路12号3栋2单元501室", [("personal-home", "error")]),
        ("address", "人民路12号3栋2单元501室", [("personal-address", "warning")]),
        ("办公地址", "人民路12号3栋2单元501室", []),
        ("address", "深南大道8000号建艺大厦601室", []),
        ("address", "深南大道8000号", []),
    ],
)
def test_an_address_is_a_dwelling_only_where_nothing_speaks_against_it(
    header: str, cell: str, hits: list[tuple[str, str]]
) -> None:
    """The severity depends on what the header says; offices are spared."""
    assert [(hit.code, hit.severity) for _, hit in guard.column(pa.array([cell]), _field(header))] == hits


def test_places_are_those_of_the_text_as_written() -> None:
    """A hit covers the disguise too, and nothing beside the value."""
    text = "电话：１３８\N{ZERO WIDTH SPACE}0013\N{NO-BREAK SPACE}8000。"
    (hit,) = guard.scan(text)
    assert text[hit.start : hit.end] == "１３８\N{ZERO WIDTH SPACE}0013\N{NO-BREAK SPACE}8000"


def test_redaction_leaves_nothing_to_find() -> None:
    """A message that quotes data goes out with bars."""
    assert guard.redact(f"“{ID}”, {MOBILE}: no integer") == "“███”, ███: no integer"


def test_a_null_cell_and_an_empty_column_hold_nothing() -> None:
    """Ragged rows and empty tables pass."""
    assert [row for row, _ in guard.column(pa.array([None, MOBILE], pa.string()), None)] == [1]
    assert list(guard.column(pa.array([], pa.string()), None)) == []


_NOISE = st.sampled_from(["", " ", "-", "\u200b", "\u00ad", "·", "，", "a", "（", "证", "\u2066"])
_PIECE = st.one_of(
    st.sampled_from([*POSITIVE, *ALSO_POSITIVE, *NEGATIVE]),
    st.text(alphabet=string.digits + "Xx*-.@() 密★京A号室", max_size=22),
    st.text(max_size=6),
)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(st.tuples(_PIECE, _NOISE), max_size=4),
    st.sampled_from([None, "reference", "联系电话", "passport", "身份证号", "bank card", "id card or phone"]),
)
def test_the_sieve_loses_nothing(pieces: list[tuple[str, str]], header: str | None) -> None:
    """A column finds in a cell exactly what an examination of that cell alone finds."""
    text = "".join(part + noise for part, noise in pieces)
    field = None if header is None else _field(header)
    context = kinds.Context(column=True, header=header or "")
    expected = [hit.code for hit in kinds.find(plain.undisguise(text).text, context)]
    assert [hit.code for _, hit in guard.column(pa.array([text], pa.string()), field)] == expected


@given(st.text())
def test_undisguising_keeps_places_in_order(text: str) -> None:
    """Every character of the plain text comes from somewhere, in order."""
    bare = plain.undisguise(text)
    if bare.origin is not None:
        assert len(bare.origin) == len(bare.text)
        assert list(bare.origin) == sorted(bare.origin)
        assert all(0 <= place < len(text) for place in bare.origin)


def test_faithful_characters_stand_for_themselves() -> None:
    """What the sieve takes for plain is what undisguising leaves as it is."""
    sample = "·、。《》“”‘’〔〕【】「」★☆" + "一鿿" + string.printable
    assert "".join(map(plain._bare, sample)) == sample


# --- numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["11010519491231002X", "34052419800101001X", ID])
def test_one_wrong_character_fails_the_check(number: str) -> None:
    """MOD 11-2 detects every change of a single digit of the sequence."""
    assert numbers.is_identity_number(number)
    for place in range(14, 17):
        for digit in set(string.digits) - {number[place]}:
            assert not numbers.is_identity_number(number[:place] + digit + number[place + 1 :])


@pytest.mark.parametrize("place", ["110103", "310230", "460022", "469027", "500102", "510221", "654325", "659004"])
def test_withdrawn_and_unusual_divisions_are_places(place: str) -> None:
    """Old counties of Hainan, of today's Chongqing, of the Corps: a number keeps the code of its day."""
    start = f"{place}19700101001"
    assert sum(numbers.is_identity_number(start + check) for check in "0123456789X") == 1


@pytest.mark.parametrize(
    "code",
    ["91110000802100433B", "91350100M000100Y43", "91110108551385082Q", "91440300708461136T", "91440101231243173M"],
)
def test_unified_social_credit_codes_pass_and_are_not_personal(code: str) -> None:
    """GB 32100 codes of organisations are recognised; a changed one is not valid."""
    assert numbers.is_unified_code(code)
    assert not numbers.is_unified_code(code[:8] + ("0" if code[8] != "0" else "1") + code[9:])
    assert guard.scan(code) == ()


@pytest.mark.parametrize(
    ("mask", "candidates"),
    [
        ("4403081990****2115", 34),
        ("44030819900307****", 1000),
        ("44030819900307**15", 10),
        ("440308********2115", 4991),
        ("440308***********5", 4_990_910),
    ],
)
def test_candidates_behind_a_mask_are_counted(mask: str, candidates: int) -> None:
    """Dates that exist times free digits, one in eleven where the check character is shown."""
    assert numbers.possible_identity_numbers(mask) == candidates


# --- tables -----------------------------------------------------------------------------------------------


def test_a_finding_has_an_address_and_never_the_value() -> None:
    """Row as a spreadsheet counts, field by name, and no digit of the value anywhere."""
    (finding,) = _judge({"remark": ["fine", None, f"see {ID}"]}, _field("remark"))
    assert (finding.code, finding.row, finding.field) == ("personal-id", 4, "remark")
    assert (finding.dataset, finding.resource, finding.path) == ("notices", "rows", "notices/data/rows.csv")
    assert ID not in repr(finding)
    assert ID not in words.message(finding, "en").what + words.message(finding, "zh").what


def test_a_column_full_of_identity_numbers_is_one_finding() -> None:
    """More cells than can be listed are counted."""
    (finding,) = _judge({"no": [ID] * 50})
    assert (finding.row, finding.count, finding.facts["hits"]) == (2, 50, 50)


def test_a_file_without_a_header_does_not_give_its_first_row_away() -> None:
    """A header that is itself personal is named by its position."""
    findings = _judge({ID: [ID], "name": ["x"]})
    assert [(finding.row, finding.column, finding.field) for finding in findings] == [(1, 1, None), (2, 1, None)]
    assert ID not in repr(findings)


def _serial(number: int) -> str:
    return f"44030820240315{number:04}"


def test_serial_numbers_that_pass_by_chance_are_one_finding() -> None:
    """One in eleven of `division, day, sequence` passes the check: the column is named once, as what it is."""
    (finding,) = _judge({"case_no": [_serial(number) for number in range(200)]})
    assert (finding.code, finding.severity) == ("personal-id-series", "error")
    assert finding.facts == {"hits": finding.count, "cells": 200}


def test_serial_numbers_with_the_form_of_a_card_are_a_warning() -> None:
    """One in ten passes the check of a card."""
    (finding,) = _judge({"ticket": [f"62{number:016}" for number in range(1000)]})
    assert (finding.code, finding.severity) == ("personal-series", "warning")


def test_the_header_overrules_chance() -> None:
    """Below a header for identity numbers even a few are a fault of their own."""
    codes = {finding.code for finding in _judge({"身份证号": [_serial(number) for number in range(200)]})}
    assert codes == {"personal-id"}


def test_landlines_do_not_hide_mobile_numbers() -> None:
    """A column of landlines with an area code is no series of serial numbers."""
    cells: list[str | None] = [*(f"010{88120000 + number}" for number in range(100)), MOBILE]
    (finding,) = _judge({"line": cells})
    assert (finding.code, finding.severity, finding.row) == ("personal-mobile", "error", 102)


def test_a_plate_beside_a_date_is_an_error() -> None:
    """Whereabouts are sensitive; a plate alone is a warning."""
    cells: dict[str, list[str | None]] = {"plate": ["粤B12345"], "seen_on": ["2024-03-15"]}
    (alone,) = _judge(cells)
    (dated,) = _judge(cells, _field("plate"), _field("seen_on", "date"))
    assert (alone.code, alone.severity) == ("personal-plate", "warning")
    assert (dated.code, dated.severity) == ("personal-whereabouts", "error")


_CELL = st.sampled_from(
    [ID, MOBILE, CARD, _serial(7), "62" + "0" * 16, "4403081990********", "440308********2115", "ok", None]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(_CELL, _CELL), max_size=60), st.lists(st.integers(0, 60), max_size=4), st.integers(0, 40))
def test_the_findings_are_the_same_however_the_table_is_cut(
    cells: list[tuple[str | None, str | None]], cuts: list[int], serials: int
) -> None:
    """Statistics of a column and limits of the list do not depend on the slices."""
    rows = [*cells, *((_serial(100 + number), None) for number in range(serials))]
    table = pa.table({name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate((MOBILE, "b"))})
    edges = [0, *sorted(min(cut, len(rows)) for cut in cuts), len(rows)]
    parts = [table.slice(start, end - start) for start, end in pairwise(edges)]
    piece = _piece()
    assert guard.settle([(piece, guard.look(part, piece)) for part in parts]) == guard.judge(table, piece)


def test_one_code_has_one_severity() -> None:
    """Totals per code are weighed with its severity, so no code can be both an error and a warning."""
    kinds_of = {(hit.code, hit.severity) for text in [*POSITIVE, *ALSO_POSITIVE] for hit in guard.scan(text)}
    assert len(kinds_of) == len({code for code, _ in kinds_of})


def test_two_masks_that_complete_each_other_are_found() -> None:
    """What one column hides the other shows."""
    one, other = "4403081990********", "440308********2115"
    assert _judge({"a": [one]}) == _judge({"a": [other]}) == ()
    (finding,) = _judge({"a": [one], "b": [other]})
    assert (finding.code, finding.field, finding.row) == ("personal-mask", "b", 2)
    assert _judge({"a": [one], "b": ["440305********2115"]}) == ()


# --- descriptors ------------------------------------------------------------------------------------------


def test_texts_of_a_descriptor_are_judged_with_pointers() -> None:
    """Description, example, enumerated values and names of files are all looked at."""
    descriptor = {
        "description": f"Ask {MOBILE}",
        "contributors": [{"title": "Office", "email": "12345678@qq.com"}],
        "resources": [
            {
                "path": f"data/{ID}.csv",
                "bytes": 13812345678,
                "data": [{"phone": MOBILE}],
                "schema": {"fields": [{"name": "a/b", "example": "机密★10年", "constraints": {"enum": [int(ID)]}}]},
            }
        ],
    }
    findings = guard.texts(walk.through(_dataset(descriptor)))
    assert [(finding.code, finding.pointer) for finding in findings] == [
        ("personal-mobile", "/description"),
        ("personal-id", "/resources/0/path"),
        ("secrecy-marking", "/resources/0/schema/fields/0/example"),
        ("personal-id", "/resources/0/schema/fields/0/constraints/enum/0"),
    ]


def test_the_name_of_a_property_is_not_repeated_in_a_pointer() -> None:
    """A pointer stops above a property whose name gives something away."""
    findings = guard.texts(walk.through(_dataset({"custom": {ID: f"{MOBILE}"}})))
    assert [(finding.code, finding.pointer) for finding in findings] == [
        ("personal-id", "/custom"),
        ("personal-mobile", "/custom"),
    ]


# --- allowances -------------------------------------------------------------------------------------------

TODAY = date(2026, 11, 1)


def _entry(**more: Any) -> dict[str, Any]:
    return {
        "rule": "personal-mobile",
        "resource": "rows",
        "field": "duty_phone",
        "count": 2,
        "reason": "Duty telephones, already on the office's page",
        "owner": "Data protection officer",
        "expires": "2027-10-31",
        **more,
    }


def _allowed(entry: object, cells: list[str | None] | None = None) -> list[str]:
    findings = _judge({"duty_phone": cells or [MOBILE, "13900139000"]})
    dataset = _dataset({"gazette": {"allow": [entry]}})
    return [finding.code for finding in guard.apply_allowances(findings, dataset, TODAY)]


def test_an_allowance_lets_its_findings_through() -> None:
    """Rule, field and count fit, and somebody answers for it."""
    assert _allowed(_entry()) == []
    assert _allowed(_entry(expires=date(2027, 1, 1))) == []


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (_entry(expires="2026-10-31"), "allow-expired"),
        (_entry(count=1), "allow-exceeded"),
        (_entry(field="other"), "allow-unused"),
        (_entry(resource="other"), "allow-unused"),
        (_entry(expires="2028-01-01"), "allow-invalid"),
        (_entry(expires="soon"), "allow-invalid"),
        (_entry(count=True), "allow-invalid"),
        (_entry(reason=" "), "allow-invalid"),
        (_entry(owner=None), "allow-invalid"),
        (_entry(rule=["personal-mobile"]), "allow-invalid"),
        (_entry(rule="personal-id"), "allow-refused"),
        ("personal-mobile", "allow-invalid"),
    ],
)
def test_an_allowance_that_does_not_hold_is_a_finding_and_covers_nothing(entry: object, code: str) -> None:
    """Expired, exceeded, unused and malformed entries refuse the build together with what they meant to cover."""
    assert _allowed(entry) == ["personal-mobile", "personal-mobile", code]


def test_an_identity_number_cannot_be_allowed() -> None:
    """Whatever the entry says."""
    assert _allowed(_entry(rule="personal-id"), [ID]) == ["personal-id", "allow-refused"]


def test_a_text_of_the_descriptor_is_allowed_by_its_pointer() -> None:
    """A telephone number in a description has no field."""
    entry = _entry(pointer="/description", count=1)
    dataset = _dataset({"description": f"Ask {MOBILE}", "gazette": {"allow": [entry]}})
    assert guard.apply_allowances(guard.texts(walk.through(dataset)), dataset, TODAY) == ()


def test_an_allowance_of_another_dataset_does_not_count() -> None:
    """Findings elsewhere pass untouched."""
    findings = tuple(dataclasses.replace(finding, dataset="other") for finding in _judge({"duty_phone": [MOBILE]}))
    dataset = _dataset({"gazette": {"allow": [_entry()]}})
    kept = guard.apply_allowances(findings, dataset, TODAY)
    assert [finding.code for finding in kept] == ["personal-mobile", "allow-unused"]


# --- words ------------------------------------------------------------------------------------------------

CODES = [
    *sorted({*POSITIVE.values(), *ALSO_POSITIVE.values()}),
    "personal-address", "personal-home", "personal-whereabouts", "personal-series", "personal-id-series",
    "allow-invalid", "allow-refused", "allow-expired", "allow-unused", "allow-exceeded",
]  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_every_finding_has_its_words(code: str) -> None:
    """In both languages, with a remedy."""
    facts: dict[str, Fact] = {
        "hits": 2,
        "cells": 30,
        "rule": "x",
        "expires": "2026-10-31",
        "ceiling": 1,
        "found": 2,
        "properties": ["a"],
    }
    finding = Finding(code=code, severity="error", source="gazette", facts=facts)
    for language in words.LANGUAGES:
        message = words.message(finding, language)
        assert message.what
        assert message.fix


def test_the_last_gate_leaves_out_what_a_dataset_was_allowed_and_nothing_that_cannot_be() -> None:
    """A duty telephone that somebody answers for must not stop the build when its page is read back."""
    own = {"gazette": {"allow": [{"rule": "personal-mobile"}, {"rule": "personal-id"}]}}
    allowing = Dataset(name="a", folder="a", path="a", title=Text(), description=Text(), resources=(), descriptor=own)
    scan = guard.scanner([allowing])
    assert scan("值班 13800138000") == ()
    assert [hit.code for hit in scan("身份证号 11010519491231002X")] == ["personal-id"]
    assert [hit.code for hit in guard.scanner([])("值班 13800138000")] == ["personal-mobile"]


@pytest.mark.parametrize("own", [1, [], "allow", {"allow": 1}, {"allow": "personal-mobile"}, {"allow": [None]}])
def test_what_is_no_list_of_allowances_allows_nothing(own: object) -> None:
    """Whatever stands there, the finished files are searched as ever."""
    scan = guard.scanner([_dataset({"gazette": own})])
    assert [hit.code for hit in scan("值班 13800138000")] == ["personal-mobile"]
