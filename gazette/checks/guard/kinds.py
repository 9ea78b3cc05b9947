"""What must not be published, kind by kind, and how each is told from numbers that look like it.

A kind is a function from an undisguised text and where it stands to the places it recognises. The order of
``_KINDS`` matters: what one kind has claimed the next no longer sees.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import NamedTuple

from gazette.checks.guard import numbers
from gazette.model import Severity


class Hit(NamedTuple):
    """A place in a text that must not be published. The value itself is kept nowhere."""

    code: str
    severity: Severity
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Where a text stands: the words of its column's header, whether its cells are measured quantities."""

    header: str = ""
    measure: bool = False
    column: bool = False


GAP = r"[ .\-_/·]{0,3}"
"""What people put between the digits of a long number."""

STARS = r"*●○■□#?"
"""What people put in the place of a digit they hide."""

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"


def _words(*words: str) -> re.Pattern[str]:
    """Any of ``words``; one in Latin letters only where no letter touches it."""
    return re.compile(
        "|".join(rf"(?<![a-z]){word}(?![a-z])" if word.isascii() else word for word in words), re.IGNORECASE
    )


_ID_WORDS = _words("身份证", "身份号", "证件号", "公民身份", "identity", "id card", "id number", "id no", "sfzh")
_TRAVEL_WORDS = _words("护照", "通行证", "回乡证", "台胞证", "passport", "travel permit", "home return permit")
_CARD_WORDS = _words("卡号", "银行账号", "银行卡", "账户", "bank card", "card number", "card no", "bank account")
_PHONE_WORDS = _words(
    "手机", "电话", "联系方式", "mobile", "mob", "phone", "telephone", "tel", "cell", "wechat", "微信"
)
_HOME_WORDS = _words("家庭住址", "家庭地址", "住址", "住所地", "居住地", "户籍", "home address", "residential address")
_OFFICE_WORDS = _words(
    "办公", "单位", "机构", "经营", "注册地", "窗口", "网点", "office", "business", "registered", "branch", "venue"
)
# In the text itself: the signs that a numbered room is somebody's desk.
_OFFICE_SIGNS = re.compile("大厦|大楼|办公|政府|公司|中心|写字楼|窗口|委员会|管理局|服务站|派出所|医院|学校|法院|商场")


def find(text: str, context: Context) -> list[Hit]:
    """Every place in an undisguised text that must not be published, in order."""
    document = _Document(text, context)
    taken = bytearray(len(text))
    hits: list[Hit] = []
    for kind in _kinds(text, context):
        for hit, start, end in kind(document):
            if any(taken[start:end]):
                continue
            taken[start:end] = b"\x01" * (end - start)
            if hit is not None:
                hits.append(Hit(*hit, start, end))
    return sorted(hits, key=lambda hit: hit.start)


Claim = tuple[tuple[str, Severity] | None, int, int]
"""What a kind says of a place: the finding, or ``None`` where the value is known to be harmless."""


class _Run:
    """Digits that stand together, with what stands between them."""

    def __init__(self, match: re.Match[str]) -> None:
        self._text = match.string
        found = [match.start() + digit.start() for digit in _DIGIT.finditer(match[0])]
        self.digits = match[0] if len(found) == len(match[0]) else "".join(self._text[place] for place in found)
        self.at = found
        """Where each digit stands."""
        inner = (number for number in range(1, len(found)) if found[number] - found[number - 1] > 1)
        self.edges = [0, *(() if self.digits is match[0] else inner), len(found)]
        """Numbers of the digits before which a group begins, and the number after the last."""
        self._ends = set(self.edges)

    def windows(self, length: int) -> Iterator[tuple[int, int]]:
        """Whole groups that together have ``length`` digits."""
        if length <= len(self.digits):
            for start in self.edges[:-1]:
                if start + length in self._ends:
                    yield start, start + length

    def sizes(self, start: int, end: int) -> list[int]:
        """The sizes of the groups in a window."""
        inside = self.edges[bisect_left(self.edges, start) : bisect_left(self.edges, end) + 1]
        return [later - earlier for earlier, later in pairwise(inside)]

    def gaps(self, start: int, end: int) -> set[str]:
        """What stands between the groups in a window."""
        return {
            self._text[earlier + 1 : later] for earlier, later in pairwise(self.at[start:end]) if later - earlier > 1
        }

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where a window stands in the text."""
        return self.at[start], self.at[end - 1] + 1


_RUN = re.compile(rf"[0-9](?:{GAP}[0-9]){{9,}}")
_DIGIT = re.compile("[0-9]")


class _Document:
    """One text under examination."""

    def __init__(self, text: str, context: Context) -> None:
        self.text = text
        self.context = context

    @cached_property
    def runs(self) -> list[_Run]:
        return [_Run(match) for match in _RUN.finditer(self.text)]

    def about(self, words: re.Pattern[str], start: int) -> bool:
        """Whether the header, or the text shortly before ``start``, says what the number is."""
        return _announces(self.context.header, words) or bool(words.search(self.text, max(0, start - 24), start))

    def stands_alone(self, start: int, end: int) -> bool:
        """Whether the digits there are no part of a decimal number or of a code with Latin letters."""
        before = self.text[max(0, start - 10) : start]
        return not (
            _POINT_BEFORE.search(before)
            or _POINT_AFTER.match(self.text, end)
            or _LETTER.match(self.text, end)
            or (_LETTER_LAST.search(before) and not _PHONE_LAST.search(before))
        )


@lru_cache(maxsize=1024)
def _announces(header: str, words: re.Pattern[str]) -> bool:
    return bool(words.search(header))


_POINT_BEFORE = re.compile(r"[0-9]\.$")
_POINT_AFTER = re.compile(r"\.[0-9]")
_LETTER = re.compile("[A-Za-z]")
_LETTER_LAST = re.compile("[A-Za-z]$")
_PHONE_LAST = re.compile("(?:tel|phone|mobile|mob|cell|wechat|wx|vx|sj|dh)$", re.IGNORECASE)


# --- the kinds --------------------------------------------------------------------------------------------

_SECRETS = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"
    r"|(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}"
    r"|(?<![A-Za-z0-9])(?:"
    r"A(?:KIA|SIA)[A-Z0-9]{16}"  # Amazon
    r"|LTAI[A-Za-z0-9]{12,24}"  # Alibaba Cloud
    r"|AKID[A-Za-z0-9]{28,36}"  # Tencent Cloud
    r"|AIza[\w-]{35}"  # Google
    r"|gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,}"
    r"|glpat-[\w-]{20,}"
    r"|xox[abeoprs]-[A-Za-z0-9-]{10,}"
    r"|[rs]k_live_[A-Za-z0-9]{16,}"
    r"|sk-[A-Za-z0-9_-]{32,}"
    r"|npm_[A-Za-z0-9]{36}"
    r"|pypi-AgE[\w-]{32,}"
    r")(?![A-Za-z0-9])"
    r"|(?<=://)[^\s/:@]{1,64}:[^\s/:@]{1,64}(?=@)",  # a password in an address
    re.ASCII,
)


def _secret(document: _Document) -> Iterator[Claim]:
    for match in _SECRETS.finditer(document.text):
        yield ("secret-key", "error"), *match.span()


_MARKINGS = re.compile(
    r"(?:绝密|机密|秘密|核心商密|普通商密|商密|商业秘密)\s*[★☆⭐✩]"
    r"|[\u4e00-\u9fff]密(?:发|电|传|函|办)?\s*[〔\[(【]\s*(?:19|20)[0-9]{2}\s*[〕\])】]\s*第?\s*[0-9]+\s*号"
    r"|内部(?:资料|文件|材料|刊物)[\s,:;!、。]{0,3}(?:注意|妥善|严禁|不得|禁止|请勿|切勿)(?:保存|保管|对外|外传|扩散|翻印|复制)"
)


def _marking(document: _Document) -> Iterator[Claim]:
    for match in _MARKINGS.finditer(document.text):
        yield ("secrecy-marking", "error"), *match.span()


_ID: tuple[str, Severity] = ("personal-id", "error")
# Where in so many digits the number begins: alone; a sole trader's tax number (the trader's own number and two
# digits); a day written before it, as in names of files; two of them.
_ID_OFFSETS: dict[int, tuple[int, ...]] = {18: (0,), 20: (0,), 26: (8,), 36: (0, 18)}
_X = re.compile(rf"{GAP}[Xx](?:[0-9]{{2}})?(?![0-9A-Za-z])")


def _identity(document: _Document) -> Iterator[Claim]:
    for run in document.runs:
        # A quantity is one group of digits: no decimals, no separators.
        if document.context.measure and len(run.edges) > len("[]"):
            continue
        for length, offsets in _ID_OFFSETS.items():
            for start, end in run.windows(length):
                for offset in offsets:
                    first = start + offset
                    if numbers.is_identity_number(run.digits[first : first + 18]) and _is_written(run, start, end):
                        yield _ID, *run.place(first, end if offset == offsets[-1] else first + 18)
        for start, end in run.windows(17):
            after = _X.match(document.text, run.at[end - 1] + 1)
            if after and numbers.is_identity_number(run.digits[start:end] + "X") and _is_written(run, start, end):
                yield _ID, run.at[start], after.end()


_PIECES = 5


def _is_written(run: _Run, start: int, end: int) -> bool:
    """Whether the gaps are those of one number, not of the coordinates of a drawing."""
    gaps = run.gaps(start, end)
    return not any("." in gap for gap in gaps) or (len(gaps) == 1 and len(run.sizes(start, end)) <= _PIECES)


def _old_identity(document: _Document) -> Iterator[Claim]:
    for run in document.runs:
        for start, end in run.windows(15):
            if document.about(_ID_WORDS, run.at[start]) and numbers.is_old_identity_number(run.digits[start:end]):
                yield _ID, *run.place(start, end)


_MASK = re.compile(rf"(?<![0-9A-Za-z{STARS}])(?:[0-9{STARS}Xx]{GAP}){{17}}[0-9{STARS}Xx](?![0-9A-Za-z{STARS}])")
_HIDDEN = re.compile(rf"[{STARS}]|X(?=X)|(?<=X)X")
_GAPS = re.compile(r"[ .\-_/·]")
WEAK = 100_000
"""A mask that leaves fewer candidates is undone by trying them."""

_PRACTICE = re.compile(r"[0-9]{6}\*{8}[0-9]{3}[0-9X]")


def _mask(document: _Document) -> Iterator[Claim]:
    for match in _MASK.finditer(document.text):
        mask = canonical_mask(match[0])
        if mask is not None and is_weak(mask):
            yield ("personal-mask", "error"), *match.span()


def canonical_mask(text: str) -> str | None:
    """An identity number with ``*`` for what is hidden; ``None`` where the undisguised ``text`` is not one."""
    mask = _HIDDEN.sub("*", _GAPS.sub("", text).upper())
    if len(mask) != len("440308199003072115") or "*" not in mask or "X" in mask[:17]:
        return None
    return mask if numbers.possible_identity_numbers(mask) else None


def is_weak(mask: str) -> bool:
    """Whether few enough numbers fit a mask to try them all.

    The form that hides the birth date alone is spared: it leaves about 5,000, but it is the form in which
    credit portals publish licences and penalties by rule.
    """
    return not _PRACTICE.fullmatch(mask) and numbers.possible_identity_numbers(mask) < WEAK


_UNIFIED_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{18}(?![0-9A-Za-z])")


def _unified_code(document: _Document) -> Iterator[Claim]:
    for match in _UNIFIED_CODE.finditer(document.text):
        if numbers.is_unified_code(match[0].upper()):
            yield None, *match.span()


_HONG_KONG = re.compile(r"(?<![A-Za-z0-9])([A-Za-z]{1,2})[ \-]?((?:[0-9][ \-]?){6})(\()?([0-9Aa])(\))?(?![A-Za-z0-9])")
_TRAVEL = re.compile(
    r"(?<![A-Za-z0-9])(?:[EGKeg][0-9]{8}|[Ee][A-HJ-NP-Za-hj-np-z][0-9]{7}|[DSPdsp][Ee]?[0-9]{7,8}"
    r"|[CWcw](?:[0-9]{8}|[A-Za-z][0-9]{7})|[HMhm][0-9]{8}(?:[0-9]{2})?|[TLtl][0-9]{8}|[0-9]{8}|[0-9]{10})(?![A-Za-z0-9])"
)


def _document(document: _Document) -> Iterator[Claim]:
    kind: tuple[str, Severity] = ("personal-document", "error")
    for match in _HONG_KONG.finditer(document.text):
        letters, digits, opened, check, closed = match.groups()
        stated = opened and closed and letters.isupper()
        if (stated or document.about(_ID_WORDS, match.start())) and numbers.is_hong_kong_identity(
            letters.upper(), _GAPS.sub("", digits), check
        ):
            yield kind, *match.span()
    if not _announces(document.context.header, _TRAVEL_WORDS) and not _TRAVEL_WORDS.search(document.text):
        return
    for match in _TRAVEL.finditer(document.text):
        # Bare digits are a number of a travel permit only where they are all the cell holds.
        if document.about(_TRAVEL_WORDS, match.start()) and (
            not match[0].isdigit() or match.span() == (0, len(document.text))
        ):
            yield kind, *match.span()


_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])([A-Za-z0-9._%+\-]{1,64})\s?@\s?((?:[A-Za-z0-9\-]{1,63}\.)+[A-Za-z]{2,24})", re.ASCII
)
_PERSONAL_PROVIDER = re.compile(
    r"(?:(?:vip|mail)\.)?(?:qq|foxmail|163|126|188|139|sina|sohu|aliyun|tom|21cn|263|88|gmail|googlemail|outlook|hotmail"
    r"|live|msn|icloud|me|mac|proton|protonmail|aol|gmx|zoho|naver)\.(?:com|cn|net|me)"
    r"|(?:vip\.)?(?:yeah\.net|189\.cn|wo\.cn|wo\.com\.cn|sina\.com\.cn)"
    r"|(?:yahoo|ymail)\.(?:com|co)(?:\.[a-z]{2})?|(?:mail|yandex)\.ru",
    re.IGNORECASE,
)


def _email(document: _Document) -> Iterator[Claim]:
    for match in _EMAIL.finditer(document.text):
        if _PERSONAL_PROVIDER.fullmatch(match[2]):
            # All digits: a QQ number or a mobile number. Offices do use the other addresses of these providers.
            numbered = re.sub(r"[._+\-]", "", match[1]).isdigit()
            yield ("personal-email", "error") if numbered else ("personal-mailbox", "warning"), *match.span()


def _card(document: _Document) -> Iterator[Claim]:
    for run in document.runs:
        for length in (19, 18, 17, 16):
            for start, end in run.windows(length):
                if (
                    numbers.passes_luhn(run.digits[start:end])
                    and _may_be_card(document, run, start, end)
                    and document.stands_alone(*run.place(start, end))
                ):
                    yield ("personal-card", "error"), *run.place(start, end)


def _may_be_card(document: _Document, run: _Run, start: int, end: int) -> bool:
    number = run.digits[start:end]
    if document.about(_CARD_WORDS, run.at[start]):
        return number[0] in "34569"
    sizes = run.sizes(start, end)
    regular = len({*sizes[:-1]}) == 1 and sizes[-1] <= sizes[0] and len(run.gaps(start, end)) == 1
    return numbers.has_card_issuer(number) and (len(sizes) == 1 or (regular and end - start == len(run.digits)))


# Digits in all, and how many of them are a prefix: 0, 86 or 0086. Only what is written as a prefix counts as one,
# for thirteen digits can be anything.
_PREFIXES = {11: 0, 12: 1, 13: 2, 15: 4}
_MOBILE = re.compile(r"(?:86|0086|0)?1[3-9][0-9]{9}")


def _mobile(document: _Document) -> Iterator[Claim]:
    for run in document.runs:
        for length, prefix in _PREFIXES.items():
            for start, end in run.windows(length):
                if (
                    _MOBILE.fullmatch(run.digits, start, end)
                    and _is_dialled(document, run, start, end, prefix)
                    and document.stands_alone(*run.place(start, end))
                ):
                    yield ("personal-mobile", "error"), *run.place(start, end)


def _is_dialled(document: _Document, run: _Run, start: int, end: int, prefix: int) -> bool:
    place = run.at[start]
    if document.about(_PHONE_WORDS, place):
        return True
    sizes = run.sizes(start, end)
    if prefix:
        return document.text[max(0, place - 1) : place] == "+" or run.digits[start : start + 4] == "0086"
    if sizes == [1] * 11:
        return len(run.gaps(start, end)) == 1 and end - start == len(run.digits)
    return sizes in ([11], [3, 4, 4]) and len(run.gaps(start, end)) <= 1


_PLATE = re.compile(
    rf"(?:(?<![\u4e00-\u9fff])|(?<=[牌号照为是驾驶辆车]))[{PROVINCES}][A-HJ-NP-Za-hj-np-z][ ·.\-]?"
    r"(?:[0-9A-HJ-NP-Za-hj-np-z]{5,6}|[0-9A-HJ-NP-Za-hj-np-z]{4}[挂学警港澳])(?![0-9A-Za-z])"
)


def _plate(document: _Document) -> Iterator[Claim]:
    for match in _PLATE.finditer(document.text):
        # Hardly a plate has more than three letters after the first; words and model names have.
        if len(_DIGIT.findall(match[0])) > 1:
            yield ("personal-plate", "warning"), *match.span()


_ADDRESS = re.compile(
    r"[\u4e00-\u9fff][0-9一二三四五六七八九十]{1,6}(?:号|弄|栋|幢|座)[^,;。;\n]{0,16}?[0-9]{1,5}(?:室|户|房)"
)


def _address(document: _Document) -> Iterator[Claim]:
    context = document.context
    if not context.column or _OFFICE_WORDS.search(context.header) or _OFFICE_SIGNS.search(document.text):
        return
    home: tuple[str, Severity] = ("personal-home", "error")
    for match in _ADDRESS.finditer(document.text):
        yield home if _announces(context.header, _HOME_WORDS) else ("personal-address", "warning"), *match.span()


_KINDS: tuple[Callable[[_Document], Iterator[Claim]], ...] = (
    _secret, _marking, _identity, _old_identity, _mask, _unified_code, _document, _email, _card, _mobile, _plate,
    _address,
)  # fmt: skip
# A quantity can have the form of a telephone number or a card by chance, of an identity number hardly.
_MEASURED = (_identity,)
_OF_DIGITS = (_identity, _old_identity, _unified_code, _document, _card, _mobile)


def _kinds(text: str, context: Context) -> tuple[Callable[[_Document], Iterator[Claim]], ...]:
    if context.measure:
        return _MEASURED
    return _OF_DIGITS if text.isdigit() else _KINDS


@lru_cache(maxsize=1024)
def says_what_it_holds(header: str) -> bool:
    """Whether a column's header announces numbers of identity papers, cards or telephones."""
    return any(_announces(header, words) for words in (_ID_WORDS, _TRAVEL_WORDS, _CARD_WORDS, _PHONE_WORDS))


@lru_cache(maxsize=1024)
def says_it_holds_papers(header: str) -> bool:
    """Whether it announces numbers of identity papers or travel documents."""
    return any(_announces(header, words) for words in (_ID_WORDS, _TRAVEL_WORDS))
