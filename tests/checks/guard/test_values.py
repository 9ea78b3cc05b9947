"""Numbers and kinds at their limits: what just is one, what just is none, and where it stands in its text."""

from __future__ import annotations

import pyarrow as pa
import pytest

from gazette.checks import guard
from gazette.checks.guard import kinds, numbers, plain, search, sieve
from gazette.checks.rules import codes
from gazette.model import Field, Text
from gazette.tables import arrays

ID = "440308199003072115"
MOBILE = "13800138000"


def identity(start: str) -> str:
    """The identity number that begins with these seventeen digits."""
    return next(start + check for check in "0123456789X" if numbers.is_identity_number(start + check))


# --- numbers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "is_one"),
    [
        ("19000101", True), ("18991231", False), ("20491231", True), ("20500101", False), ("20000229", True),
        ("19000229", False), ("20010229", False), ("20040229", True), ("20010230", False), ("20010431", False),
        ("20011301", False), ("20010100", False), ("20011231", True),
    ],
)  # fmt: skip
def test_days(day: str, is_one: bool) -> None:  # noqa: FBT001
    """From 1900 to 2049, and only those of the calendar."""
    assert numbers.is_date(day) == is_one
    if day.startswith("19"):
        assert numbers.is_old_identity_number(f"440308{day[2:]}123") == is_one


@pytest.mark.parametrize(
    ("place", "is_one"),
    [("440308", True), ("440000", False), ("990308", False), ("911011", True), ("944840", True), ("900000", False),
     ("710000", True), ("810000", True), ("840000", False), ("519000", True), ("460001", True)],
)  # fmt: skip
def test_places(place: str, is_one: bool) -> None:  # noqa: FBT001
    """A prefecture, or of a foreigner the nine, a province and a country."""
    assert numbers._is_place(f"{place}199003072115") == is_one
    assert sum(numbers.is_identity_number(f"{place}19900307211{check}") for check in "0123456789X") == is_one
    assert numbers.is_old_identity_number(f"{place}900307211") == is_one


def test_ranges_of_codes() -> None:
    """From the first to the last, by province."""
    assert numbers._spread("\n  13 01-03 09\n  46 00\n") == {"1301", "1302", "1303", "1309", "4600"}
    assert numbers._spread("51 01-02 70") == {"5101", "5102", "5170"}


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("62" + "0" * 14, True), ("62" + "0" * 13, False), ("62" + "0" * 17, True), ("62" + "0" * 18, False),
        ("4" + "0" * 15, True), ("4" + "0" * 16, False), ("51" + "0" * 14, True), ("56" + "0" * 14, False),
        ("352" + "0" * 13, True), ("351" + "0" * 13, False), ("9558" + "0" * 12, True), ("61" + "0" * 14, False),
    ],
)  # fmt: skip
def test_issuers_of_cards(number: str, is_one: bool) -> None:  # noqa: FBT001
    """By their first digits and their length."""
    assert numbers.has_card_issuer(number) == is_one


@pytest.mark.parametrize("number", ["79927398713", "6222027777777777778", "4111111111111111", "0", "18"])
def test_luhn(number: str) -> None:
    """One digit passes of ten, and it is the last."""
    assert [digit for digit in "0123456789" if numbers.passes_luhn(number[:-1] + digit)] == [number[-1]]


@pytest.mark.parametrize(
    ("letters", "digits", "check"),
    [("A", "123456", "3"), ("AB", "987654", "3"), ("Z", "683365", "A"), ("C", "123456", "9"), ("WX", "123456", "A")],
)
def test_hong_kong(letters: str, digits: str, check: str) -> None:
    """The check of one or two letters and six digits, ``A`` for ten."""
    passing = [each for each in "0123456789A" if numbers.is_hong_kong_identity(letters, digits, each)]
    total = 36 * 9 * (len(letters) == 1) + sum(
        (ord(letter) - 55) * weight for letter, weight in zip(letters, (9, 8)[-len(letters) :], strict=True)
    )
    total += sum(int(digit) * weight for digit, weight in zip(digits, range(7, 1, -1), strict=True))
    assert passing == ["0123456789A"[-total % 11]]
    assert passing == [check] or letters in {"C", "WX", "AB", "Z"}


@pytest.mark.parametrize(
    ("mask", "candidates"),
    [
        ("4403081990030721**", 10), ("44030819900307211*", 1), ("44030819900307*115", 1), ("44030819900307***5", 91),
        ("440308199003**2115", 3), ("4403081990**07****", 12_000), ("4403**199003072115", 10),
        ("440*08199003072115", 1),
        ("******199003072115", -(-len(numbers._PREFECTURES) * 100 // 11)), ("44030820**03072115", 5),
        ("44030820**0307211*", 50), ("440308205*0307211*", 0), ("999999199003072***", 0), ("440308199002302***", 0),
        (ID, 1),
    ],
)  # fmt: skip
def test_candidates_behind_a_mask(mask: str, candidates: int) -> None:
    """As many numbers as fit, one in eleven where the check character is shown."""
    assert numbers.possible_identity_numbers(mask) == candidates


def test_what_is_no_unified_code() -> None:
    """A character outside the alphabet, wherever."""
    code = "91110000802100433B"
    assert numbers.is_unified_code(code)
    assert [place for place in range(18) if numbers.is_unified_code(code[:place] + "I" + code[place + 1 :])] == []
    assert [char for char in "0123456789ABCDEFGHJKLMNPQRTUWXY" if numbers.is_unified_code(code[:-1] + char)] == ["B"]


@pytest.mark.parametrize("head", ["911100008", "91440300M", "N2110108W", "11100000Y"])
def test_every_unified_code_has_one_check(head: str) -> None:
    """Each of the 31 characters comes up, none twice for one code, and the rule for codes says the same."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    bodies = [f"{head}{number:08}" for number in range(10, 400)]
    checks = [[char for char in alphabet if numbers.is_unified_code(body + char)] for body in bodies]
    assert {len(each) for each in checks} == {1}
    assert {char for (char,) in checks} == set(alphabet)
    assert [codes.uscc_fault(body + char) for body, (char,) in zip(bodies, checks, strict=True)] == [None] * len(bodies)


def test_every_identity_number_has_one_check() -> None:
    """Of eleven characters one, X among them; of the ten digits of a card one."""
    bodies = [f"44030819900307{number:03}" for number in range(100)]
    checks = [[char for char in "0123456789X" if numbers.is_identity_number(body + char)] for body in bodies]
    assert {len(each) for each in checks} == {1}
    assert {char for (char,) in checks} == set("0123456789X")
    cards = [f"62220277777777{number:02}" for number in range(100)]
    assert {sum(numbers.passes_luhn(card + digit) for digit in "0123456789") for card in cards} == {1}
    papers = [
        [char for char in "0123456789A" if numbers.is_hong_kong_identity(letters, f"{number:06}", char)]
        for letters in ("A", "Z", "AB", "WX")
        for number in range(100, 150)
    ]
    assert {len(each) for each in papers} == {1}
    assert {char for (char,) in papers} == set("0123456789A")


# --- kinds ------------------------------------------------------------------------------------------------


def found(text: str, header: str = "", *, measure: bool = False, column: bool = True) -> list[tuple[str, str]]:
    """Kind and place of what is found."""
    context = kinds.Context(header=header, measure=measure, column=column)
    return [(hit.code.removeprefix("personal-"), text[hit.start : hit.end]) for hit in search.find(text, context)]


SOLE = f"{ID}01"


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        (f"a {ID} b", [("id", ID)]),
        (f"a {ID} b {MOBILE} c {ID}", [("id", ID), ("mobile", MOBILE), ("id", ID)]),
        (SOLE, [("id", SOLE)]),
        (f"20240315{ID}", [("id", ID)]),
        (f"{ID}{identity('11010519900307123')}", [("id", ID), ("id", identity("11010519900307123"))]),
        (f"{ID}{identity('11010519900307123')[:-1]}X", [("id", ID)] * 0),
        (f"{ID}110105199013071234", [("id", ID)]), (f"110105199013071234{ID}", [("id", ID)]),
        (f"{ID}1", []), (f"1{ID}", []),
        ("11010519491231002X", [("id", "11010519491231002X")]),
        ("11010519491231002 x。", [("id", "11010519491231002 x")]),
        ("11010519491231002X01", [("id", "11010519491231002X01")]),
        ("11010519491231002X0", []), ("11010519491231002XY", []),
        ("a11010519491231002X", [("id", "11010519491231002X")]),
        ("440308.19900307.2115", [("id", "440308.19900307.2115")]),
        ("440308.1990-0307.2115", []),
        ("44.0308.1990.03.07.2115", []), ("4403.08.19900307.2115", [("id", "4403.08.19900307.2115")]),
        ("44.03.08.19900307.2115", [("id", "44.03.08.19900307.2115")]),
        ("4403 0819 9003 0721 15", [("id", "4403 0819 9003 0721 15")]),
    ],
)  # fmt: skip
def test_identity_numbers_in_their_text(text: str, hits: list[tuple[str, str]]) -> None:
    """Alone, with a day before or two digits behind, in groups; not inside longer numbers or coordinates."""
    assert found(text) == hits


def test_a_quantity_is_one_group_of_digits() -> None:
    """Of several it is none."""
    assert found(ID, measure=True) == [("id", ID)]
    assert found("440308 19900307 2115", measure=True) == []
    assert found(f"440308 19900307 2115,{ID}", measure=True) == [("id", ID)]


OLD = "440308900307211"


@pytest.mark.parametrize(
    ("text", "header", "hits"),
    [
        (OLD, "身份证", [("id", OLD)]), (OLD, "", []), (f"身份证 {OLD}", "", [("id", OLD)]),
        (f"身份证{'，' * 21}{OLD}", "", [("id", OLD)]), (f"身份证{'，' * 22}{OLD}", "", []),
        (f"{OLD} 身份证", "", []), ("440308901307211", "身份证", []), (f"{OLD[:14]}", "身份证", []),
        (OLD, "id number", [("id", OLD)]), (OLD, "ID Card", [("id", OLD)]), (OLD, "paid cards", []),
        (f"SFZH {OLD}", "", [("id", OLD)]), (f"111111111111 2 身份证 {OLD}", "", [("id", OLD)]),
    ],
)  # fmt: skip
def test_old_identity_numbers_are_announced(text: str, header: str, hits: list[tuple[str, str]]) -> None:
    """By the header, or shortly before."""
    assert found(text, header) == hits


@pytest.mark.parametrize(
    ("text", "weak"),
    [
        ("4403081990****2115", True), ("440308********2115", False), ("440308********211X", False),
        ("440308********21**", False), ("44030819900307****", True), ("440308 1990 **** 2115", True),
        ("4403081990XXXX2115", True), ("4403081990●●●●2115", True), ("4403081990****211X", True),
        ("440308199003072X15", False), ("99030819900307****", False), ("4403081990****21155", False),
        ("4403081990****211", False), ("A4403081990****2115", False),
    ],
)  # fmt: skip
def test_weak_masks(text: str, weak: bool) -> None:  # noqa: FBT001
    """Few enough numbers fit them; the form in which credit portals publish is spared."""
    assert found(f"见 {text}。") == ([("mask", text)] if weak else [])


def test_how_weak_is_weak() -> None:
    """A hundred thousand are not few."""
    assert kinds.canonical_mask("4403081990 ****-2115") == "4403081990****2115"
    assert kinds.canonical_mask("4403081990xx**211x") == "4403081990****211X"
    assert kinds.canonical_mask("44030819900307211X") is None
    assert kinds.canonical_mask(ID) is None
    assert kinds.canonical_mask("4403081990X***2115") is None
    assert kinds.canonical_mask("4403082990****2115") is None
    assert kinds.canonical_mask("4403081990***2115") is None
    assert not kinds.is_weak("440308****0307****")
    assert kinds.is_weak("440308199003*7****")
    assert numbers.possible_identity_numbers("44030*200*03******") == 310_000 * 10
    assert not kinds.is_weak("44030*20***307****")


@pytest.mark.parametrize(
    ("text", "header", "hits"),
    [
        ("A123456(3)", "", [("document", "A123456(3)")]), ("见A 123 456 (3)。", "", [("document", "A 123 456 (3)")]),
        ("A123456(4)", "", []), ("a123456(3)", "", []), ("a123456(3)", "身份证", [("document", "a123456(3)")]),
        ("A1234563", "", []), ("A1234563", "identity", [("document", "A1234563")]),
        ("A123456(3", "", []), ("A123456 3)", "", []),
        ("A123456(4) A123456(3)", "", [("document", "A123456(3)")]),
        ("E12345678", "", []), ("E12345678", "护照", [("document", "E12345678")]),
        ("护照：E12345678", "", [("document", "E12345678")]), ("E12345678 护照", "", []),
        ("12345678", "通行证", [("document", "12345678")]), ("no 12345678", "通行证", []),
        ("1234567890", "passport", [("document", "1234567890")]), ("123456789", "passport", []),
        ("C1234567", "passport", []), ("C12345678", "passport", [("document", "C12345678")]),
        (f"通行证{'，' * 21}H12345678", "", [("document", "H12345678")]), (f"通行证{'，' * 22}H12345678", "", []),
    ],
)  # fmt: skip
def test_papers(text: str, header: str, hits: list[tuple[str, str]]) -> None:
    """By their check, or where they are announced."""
    assert found(text, header) == hits


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("12345678@qq.com", [("email", "12345678@qq.com")]), ("a12345678@qq.com", [("mailbox", "a12345678@qq.com")]),
        ("138.0013-8000@163.com", [("email", "138.0013-8000@163.com")]),
        ("x@gov.cn, 1_2+3@vip.qq.com", [("email", "1_2+3@vip.qq.com")]),
        ("office@GMAIL.com", [("mailbox", "office@GMAIL.com")]), ("1@yahoo.co.jp", [("email", "1@yahoo.co.jp")]),
        ("1@example.org", []), ("1 @ qq.com", [("email", "1 @ qq.com")]),
    ],
)  # fmt: skip
def test_addresses_of_mail(text: str, hits: list[tuple[str, str]]) -> None:
    """Of personal providers only; of digits alone it is a person's."""
    assert found(text) == hits


CARD = "6222027777777777778"


@pytest.mark.parametrize(
    ("text", "header", "hits"),
    [
        (CARD, "", [("card", CARD)]), (f"{CARD[:-1]}9", "", []), (f"X{CARD}", "", []), (f"{CARD}x", "", []),
        (f"{CARD}.5", "", []), (f"1.{CARD}", "", []), (f"{CARD}.", "", [("card", CARD)]),
        ("6222 0277 7777 7777 778", "", [("card", "6222 0277 7777 7777 778")]),
        ("622202 7777777777778", "", []), ("6222-0277 7777 7777 778", "", []),
        ("62220 27777 77777 7778", "", [("card", "62220 27777 77777 7778")]),
        ("6222 0277 7777 7777 778 1", "", []), ("4111111111111111", "", [("card", "4111111111111111")]),
        ("3000000000000004", "", []), ("3000000000000004", "卡号", [("card", "3000000000000004")]),
        ("1000000000000008", "卡号", []), ("卡号：3000000000000004", "", [("card", "3000000000000004")]),
        ("62220 2777 77777 77778", "bank card", [("card", "62220 2777 77777 77778")]),
        ("62220 2777 77777 77778", "", []),
    ],
)  # fmt: skip
def test_cards(text: str, header: str, hits: list[tuple[str, str]]) -> None:
    """By issuer and check, in groups of one size; announced ones by their check."""
    assert found(text, header) == hits


@pytest.mark.parametrize(
    ("text", "header", "hits"),
    [
        (MOBILE, "", [MOBILE]), ("12800138000", "", []), (f"0{MOBILE}", "", []), (f"0{MOBILE}", "电话", [f"0{MOBILE}"]),
        (f"86{MOBILE}", "", []), (f"+86{MOBILE}", "", [f"86{MOBILE}"]), (f"0086{MOBILE}", "", [f"0086{MOBILE}"]),
        (f"86{MOBILE}", "phone", [f"86{MOBILE}"]), (f"x86{MOBILE}", "phone", []),
        ("138-0013-8000", "", ["138-0013-8000"]), ("138-0013 8000", "", []), ("1380 013 8000", "", []),
        ("1380 013 8000", "手机", ["1380 013 8000"]), ("1-3-8-0-0-1-3-8-0-0-0", "", ["1-3-8-0-0-1-3-8-0-0-0"]),
        ("1-3-8-0-0-1-3-8-0-0 0", "", []), ("1 3 8 0 0 1 3 8 0 0 0 1", "", []), (f"{MOBILE}.5", "", []),
        (f"1.{MOBILE}", "", []), (f"A{MOBILE}", "", []), (f"vx{MOBILE}", "", [MOBILE]), (f"{MOBILE}A", "", []),
        (f"{MOBILE}/{MOBILE}", "", [MOBILE, MOBILE]), (f"电话{'，' * 22}1380 013 8000", "", ["1380 013 8000"]),
        (f"电话{'，' * 23}1380 013 8000", "", []), (f"{MOBILE} 2024", "", [MOBILE]),
        ("138 0013 8000 01", "", ["138 0013 8000"]),
    ],
)  # fmt: skip
def test_telephones(text: str, header: str, hits: list[str]) -> None:
    """As they are written, with a prefix that is one, in no longer number and in no code."""
    assert found(text, header) == [("mobile", hit) for hit in hits]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("粤B12345", ["粤B12345"]), ("粤B·A1B2C", ["粤B·A1B2C"]), ("粤BABCD1", []), ("粤BABC12", ["粤BABC12"]),
        ("粤B1234", []), ("车粤BD12345", ["粤BD12345"]), ("在粤B12345", []), ("粤BABCDE 粤B12345", ["粤B12345"]),
    ],
)  # fmt: skip
def test_plates(text: str, hits: list[str]) -> None:
    """At least two digits; not within a word."""
    assert found(text) == [("plate", hit) for hit in hits]


@pytest.mark.parametrize(
    ("text", "header", "column", "hits"),
    [
        ("人民路12号3室", "", True, ["address"]), ("人民路12号3室", "", False, []),
        ("人民路12号3室", "户籍", True, ["home"]),
        ("人民路12号3室", "单位地址", True, []), ("人民路12号3室 公司", "", True, []),
        ("人民路12号3室，人民路13号4室", "", True, ["address", "address"]),
    ],
)  # fmt: skip
def test_dwellings(text: str, header: str, column: bool, hits: list[str]) -> None:  # noqa: FBT001
    """In a column only, unless something speaks for an office."""
    assert [code for code, _ in found(text, header, column=column)] == hits


@pytest.mark.parametrize(
    ("text", "header", "code", "severity"),
    [
        ("-----BEGIN EC " + "PRIVATE KEY-----", "", "secret-key", "error"), ("机密★", "", "secrecy-marking", "error"),
        ("府密〔2019〕12号", "", "secrecy-marking", "error"), (ID, "", "personal-id", "error"),
        ("11010519491231002 x", "", "personal-id", "error"), (OLD, "身份证", "personal-id", "error"),
        ("4403081990****2115", "", "personal-mask", "error"), ("A123456(3)", "", "personal-document", "error"),
        ("E12345678", "护照", "personal-document", "error"), ("12345678@qq.com", "", "personal-email", "error"),
        ("office@qq.com", "", "personal-mailbox", "warning"), (CARD, "", "personal-card", "error"),
        (MOBILE, "", "personal-mobile", "error"), ("粤B12345", "", "personal-plate", "warning"),
        ("路12号3室", "户籍", "personal-home", "error"), ("路12号3室", "", "personal-address", "warning"),
    ],
)  # fmt: skip
def test_every_kind_has_its_weight(text: str, header: str, code: str, severity: str) -> None:
    """What may be an office's is a warning; wherever the text stands."""
    context = kinds.Context(header=header, column=True)
    assert search.find(text, context) == (search.Hit(code, severity, 0, len(text)),)  # type: ignore[arg-type]
    made = Field(name="a", type="string", format="default", title=Text(values=(("zh", header),)), description=Text(),
                 constraints={})  # fmt: skip
    assert list(search.column(pa.array(["x", text]), made)) == [(1, (code, severity, 0, len(text)))]


def test_a_claimed_place_is_not_claimed_again() -> None:
    """An identity number that passes as a card is one hit; a social credit code claims its digits."""
    assert found("110101199003072316") in ([], [("id", "110101199003072316")])
    number = next(f"11010119900307{serial:03}{check}" for serial in range(1000) for check in "0123456789"
                  if numbers.is_identity_number(f"11010119900307{serial:03}{check}")
                  and numbers.passes_luhn(f"11010119900307{serial:03}{check}"))  # fmt: skip
    assert found(number, "身份证 卡号") == [("id", number)]
    assert found("91110000802100433b") == []
    assert found("机密★ 1 年，深府密〔2019〕12号") == [
        ("secrecy-marking", "机密★"),
        ("secrecy-marking", "府密〔2019〕12号"),
    ]


@pytest.mark.parametrize(
    ("header", "announces", "papers"),
    [
        ("身份证", True, True), ("护照", True, True), ("卡号", True, False), ("手机", True, False),
        ("name", False, False),
        ("mobile phone", True, False), ("automobile", False, False), ("passport no", True, True),
    ],
)  # fmt: skip
def test_what_headers_announce(header: str, announces: bool, papers: bool) -> None:  # noqa: FBT001
    """Numbers of papers, cards and telephones; whole words only."""
    assert kinds.says_what_it_holds(header) == announces
    assert kinds.says_it_holds_papers(header) == papers


def test_words_are_whole() -> None:
    """Those in Latin letters; others wherever they stand."""
    pattern = kinds._words("tel", "电话")
    assert [bool(pattern.search(text)) for text in ("tel", "TEL 1", "hotel", "tell", "总电话号", "tel1")] == [
        True, True, False, False, True, True,
    ]  # fmt: skip


def test_groups_of_digits() -> None:
    """Windows of whole groups, their sizes and gaps, and where they stand."""
    (match,) = kinds._RUN.finditer("x 123 45-6 789012")
    run = kinds._Run(match)
    assert (run.digits, run.edges) == ("123456789012", [0, 3, 5, 6, 12])
    assert list(run.windows(3)) == [(0, 3), (3, 6)]
    assert list(run.windows(12)) == [(0, 12)]
    assert list(run.windows(13)) == list(run.windows(4)) == []
    assert (run.sizes(0, 6), run.sizes(3, 12), run.sizes(0, 12)) == ([3, 2, 1], [2, 1, 6], [3, 2, 1, 6])
    assert (run.gaps(0, 6), run.gaps(3, 6), run.gaps(0, 3), run.gaps(0, 12)) == ({" ", "-"}, {"-"}, set(), {" ", "-"})
    assert (run.place(0, 3), run.place(3, 6)) == ((2, 5), (6, 10))
    (match,) = kinds._RUN.finditer("12345678901")
    assert kinds._Run(match).edges == [0, 11]


# --- texts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "bare", "origin"),
    [
        ("abc", "abc", None), ("中文。", "中文。", None), ("a１b", "a1b", (0, 1, 2)), ("a\u200bb", "ab", (0, 2)),
        ("１\u00a0２", "1 2", (0, 1, 2)), ("㏠x", "1日x", (0, 0, 1)),
        ("x—y", "x-y", (0, 1, 2)), ("Х−•", "X-·", (0, 1, 2)),
        ("\u200b", "", ()), ("é", "é", (0,)),
    ],
)  # fmt: skip
def test_disguises_come_off(text: str, bare: str, origin: tuple[int, ...] | None) -> None:
    """And every character remembers its place."""
    assert plain.undisguise(text) == plain.Plain(bare, origin)


def test_places_are_given_back() -> None:
    """From the first to the last character that was written."""
    made = plain.undisguise("a\u200b１2\u200b３b")
    assert (made.text, made.span(1, 4)) == ("a123b", (2, 6))
    assert plain.undisguise("abc").span(1, 2) == (1, 2)


@pytest.mark.parametrize("together", [0, 100_000])
def test_columns_are_sifted_alike_alone_and_together(together: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Large columns one by one, small ones at once; each with its own rows."""
    monkeypatch.setattr(arrays, "TOGETHER", together)
    one = pa.chunked_array([["x", ID], [MOBILE, None]], pa.string())
    two = pa.chunked_array([["n", "E12345678", "4403081990****2115", "12345678901"]], pa.string())
    none = pa.chunked_array([], pa.string())
    fields = [None, None, _field("passport"), _field("count", "integer"), None]
    columns = [one, two, two, one, none]
    assert [
        [(row, hit.code) for row, hit in each] for each in search.columns(list(zip(columns, fields, strict=True)))
    ] == [
        [(1, "personal-id"), (2, "personal-mobile")],
        [(2, "personal-mask")],
        [(1, "personal-document"), (2, "personal-mask")],
        [(1, "personal-id")],
        [],
    ]
    assert sieve.masks(columns) == [{}, {2: "4403081990****2115"}, {2: "4403081990****2115"}, {}, {}]
    assert [dict(each) for each in sieve.lengths(columns)] == [{18: 1, 11: 1}, {11: 1}, {11: 1}, {18: 1, 11: 1}, {}]


def _field(name: str, kind: str = "string") -> Field:
    return Field(name=name, type=kind, format="default", title=Text(), description=Text(), constraints={})


def test_lengths_of_bare_numbers() -> None:
    """From eleven to twenty digits, without a zero before."""
    cells = ["1" * 10, "1" * 11, "1" * 20, "1" * 21, "0" + "1" * 11, "1" * 11 + "x", "１" * 4, None, "1" * 20]
    (counted,) = sieve.lengths([pa.chunked_array([cells], pa.string())])
    assert dict(counted) == {11: 1, 20: 2}


@pytest.mark.parametrize(
    ("cell", "mask"),
    [
        ("440308********2115", "440308********2115"), ("44030819900307××15", "44030819900307**15"),
        ("44030819900307xx15", "44030819900307**15"), ("44030８********2115", "440308********2115"),
        ("44030819900307 #115", "44030819900307*115"), ("44030819900307?115", "44030819900307*115"),
        ("*" * 18, "*" * 18), (ID, None), ("440308*2115", None),
    ],
)  # fmt: skip
def test_masks_in_cells(cell: str, mask: str | None) -> None:
    """Whatever hides the digits."""
    assert sieve.masks([pa.chunked_array([["x", cell]], pa.string())]) == [
        {1: mask} if mask and mask != "*" * 18 else {}
    ]


def test_headers_of_fields() -> None:
    """Name and titles as words; a quantity unless its header announces numbers of persons."""
    title = Text(values=(("en", "Card"), ("zh", "卡")))
    made = Field(name="bank_card-no", type="integer", format="default", title=title, description=Text(), constraints={})
    assert search.context_of(made) == kinds.Context(header="bank card no Card 卡", measure=False, column=True)
    assert search.context_of(_field("a_b", "year")) == kinds.Context(header="a b", measure=True, column=True)
    assert search.context_of(_field("a", "string")) == kinds.Context(header="a", measure=False, column=True)
    assert search.context_of(None) == kinds.Context(header="", measure=False, column=True)


def test_texts_in_their_contexts() -> None:
    """Each keeps its place, however they are grouped."""
    stated = [
        (OLD, kinds.Context()), (OLD, kinds.Context(header="身份证")), (MOBILE, kinds.Context(measure=True)),
        ("nothing", kinds.Context()), (f"x {MOBILE}", kinds.Context()), (OLD, kinds.Context(header="身份证")),
    ]  # fmt: skip
    assert [[(hit.code, hit.start) for hit in each] for each in search.texts(stated)] == [
        [], [("personal-id", 0)], [], [], [("personal-mobile", 2)], [("personal-id", 0)],
    ]  # fmt: skip
    assert guard.redact(f"{MOBILE} {MOBILE}") == "███ ███"
