"""Characters that hide, deceive or are damaged, and how a message shows them.

Each class is written twice: as a pattern for RE2, which asks a whole column whether there is anything to look at,
and as what is said of a single text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias

from gazette.checks import guard
from gazette.model import Fact

Note: TypeAlias = "tuple[str, Mapping[str, Fact]]"

# --- classes ----------------------------------------------------------------------------------------------

# RE2 and Python write code points beyond U+00FF differently; these are characters themselves.
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in
                                           range(0, 0x110000, 0x10000))  # fmt: skip
CONTROL = f"\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029{_NONCHARACTERS}"
BIDI = "\u202a-\u202e\u2066-\u2069"
INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2060-\u2064\u206a-\u206f\u3164\uffa0\ufff9-\ufffb"
    "\U000e0000-\U000e007f"
)
SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
SPACE = " \t\n\r\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"

# Kangxi radicals, radicals, and ideographs that exist twice; the twelve among the latter that do not are left out.
_TWICE = (
    "\u2e80-\u2e99\u2e9b-\u2ef3\u2f00-\u2fd5\uf900-\ufa0d\ufa10\ufa12\ufa15-\ufa1e\ufa20\ufa22\ufa25\ufa26\ufa2a-\ufa6d"
    "\ufa70-\ufad9\U0002f800-\U0002fa1d"
)
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff"
    "\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f"
)
PILED = 4
"""More combining marks than this on one letter are no language's (Unicode Technical Standard 39, section 5.4)."""

_LATIN_LETTER = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f"
# All of Cyrillic, Armenian and Cherokee; of Greek only what looks Latin, for formulas have the other letters.
_LOOKALIKE_LETTER = "\u0391\u0392\u0395-\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf\u03b9\u03c5"
_STRANGE_LETTER = f"{_LOOKALIKE_LETTER}\u0400-\u0482\u048a-\u052f\u0531-\u0556\u0561-\u0587\u13a0-\u13fd\uab70-\uabbf"
_MIXTURE = f"[{_LATIN_LETTER}][{_STRANGE_LETTER}]|[{_STRANGE_LETTER}][{_LATIN_LETTER}]"

_READ_WRONG = "[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]"  # noqa: E501
_DAMAGE = "|".join((
    "\ufffd",
    "锟斤拷|锘锟|烫烫烫|屯屯屯",  # U+FFFD read as GBK; uninitialised memory of a Chinese Windows
    r"\?{4,}",
    f"[ÂÃ]{_READ_WRONG}",  # UTF-8 read as Windows-1252: accented letters
    f"(?:[ã-ï]{_READ_WRONG}{{2}}){{2}}",  # … Chinese
    "[¡-ÿ]{4,}",  # GBK read as Windows-1252
))  # fmt: skip

SUBSTANCE = (
    f"[{CONTROL}{BIDI}{INVISIBLE}{SELECTORS}{PRIVATE}{_TWICE}\ufeff]|\r[^\n]|{_DAMAGE}|{_MIXTURE}"
    f"|[{_MARKS}]{{{PILED + 1}}}"
)
"""What may stand out in a text, wherever in it."""

_WIDTH = "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff61-\uffdc"
_UNCOMPOSED = "\u0300-\u036f\u3099\u309a\u1100-\u11ff\u2126\u212a\u212b"
_CIRCLES = "\u25cb\u25ef\u25e6"
CODED = f"[{_WIDTH}{_UNCOMPOSED}{_CIRCLES}{_STRANGE_LETTER}\n\u200c\u200d]"
"""What may stand out in a code, besides."""

NOTABLE = re.compile(f"\r|{SUBSTANCE}")

SPACES = " \t\n\r\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))
BLANKS = SPACES + "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u3164"

# --- one text ---------------------------------------------------------------------------------------------

# Emoji are joined by U+200D; Arabic and Indic scripts spell with U+200C and U+200D (Unicode 16, chapters 9 and 12).
_JOINED = re.compile("(?<=[\u0600-\u0dff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])[\u200c\u200d]")
# A selector chooses among the forms of the one character before it: of an ideograph, a symbol, or a key's digit.
_SELECTED = re.compile(
    "(?<=[\u00a9\u00ae\u2030-\u32ff\u1820-\u18aa\u3400-\u9fff\uf900-\ufad9\U0001f000-\U0003ffff])"
    f"[{SELECTORS}](?![{SELECTORS}])|(?<=[0-9#*])\ufe0f(?=\u20e3)"
)
_WORD = re.compile(f"[{_LATIN_LETTER}{_STRANGE_LETTER}]+")
_STRANGE = re.compile(f"[{_STRANGE_LETTER}]")
_MIXED_PAIR = re.compile(_MIXTURE)
_PILE = re.compile(f"[{_MARKS}]{{{PILED + 1},}}")
_ZERO = re.compile(f"(?<=[0-9〇零一二三四五六七八九十])[{_CIRCLES}]|[{_CIRCLES}](?=[0-9〇零一二三四五六七八九十])")
_MIXED = 3

# The edition of GB 18030 of 2005 (the first) and that of 2022 (the others) give these code points of their own.
_MOVED = dict(zip(
    "\ue7c7\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864",
    "\u1e3f\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb",
    strict=True,
))  # fmt: skip


def unsafe(text: str) -> Iterator[Note]:
    """Characters that no published file may hold."""
    bare = text.replace("\r\n", "\n")
    for code, wanted in (("control-character", f"{CONTROL}\r"), ("bidi-character", BIDI)):
        if found := listed(wanted, bare):
            yield code, {"characters": found, "cell": shown(text)}


def damaged(text: str, *, coded: bool = False) -> Iterator[Note]:
    """Characters that nobody sees or that stand for something else; ``coded`` where the text is compared."""
    facts = {"cell": shown(text)}
    if not text.strip(BLANKS):
        return  # reported as blank
    if "\ufeff" in text:
        yield "bom-inside", facts
    seen = text if coded else _SELECTED.sub("", _JOINED.sub("", text))
    if found := listed(INVISIBLE + SELECTORS, seen):
        yield "invisible-character", {**facts, "characters": found}
    if found := listed(PRIVATE, text):
        moved = [f"{named(each)} → {named(_MOVED[each])}" for each in dict.fromkeys(text) if each in _MOVED]
        known: dict[str, Fact] = {"variant": "moved", "moved": moved} if moved else {}
        yield "private-use-character", {**facts, "characters": found, **known}
    if any(_is_damage(match[0]) for match in re.finditer(_DAMAGE, text)):
        yield "mojibake", facts
    yield from _imitating(text, facts)


def _imitating(text: str, facts: Mapping[str, Fact]) -> Iterator[Note]:
    """Characters that look like others."""
    if found := dict.fromkeys(_class(_TWICE).findall(text)):
        yield "compatibility-ideograph", {**facts, "characters": [f"{named(each)} → {_usual(each)}" for each in found]}
    if mixed := [word[0] for word in _WORD.finditer(text) if _MIXED_PAIR.search(word[0])]:
        strange = listed(_STRANGE_LETTER, "".join(mixed))
        yield "mixed-script", {**facts, "word": shown(mixed[0]), "characters": strange}
    if pile := _PILE.search(text):
        yield "combining-marks", {"cell": shown(_PILE.sub("…", text)), "marks": len(pile[0]), "limit": PILED}


def codelike(text: str) -> Iterator[Note]:
    """What makes a code differ from one that looks the same."""
    if text.isascii() and text.isalnum():
        return
    facts = {"cell": shown(text)}
    if found := listed(_WIDTH, text):
        yield "code-form", {**facts, "variant": "width", "characters": found}
    if re.search(f"[{_UNCOMPOSED}]", text) and not (unicodedata.is_normalized("NFC", text) or _PILE.search(text)):
        yield "code-form", {**facts, "variant": "composition", "plain": shown(unicodedata.normalize("NFC", text))}
    if "\n" in text.strip(SPACES):
        yield "code-form", {**facts, "variant": "line-break"}
    strange = _STRANGE.findall(text)
    if strange and not _MIXED_PAIR.search(text) and _is_imitation(text):
        yield "mixed-script", {**facts, "variant": "code", "characters": listed(_STRANGE_LETTER, text)}
    if found := [named(match[0]) for match in _ZERO.finditer(text)]:
        yield "code-lookalike", {**facts, "variant": "zero", "characters": sorted(set(found))}


def _is_imitation(text: str) -> bool:
    """Whether every letter of a code looks Latin and is not (UTS 39, section 4.2: whole-script confusables)."""
    letters = [each for each in text if each.isalpha()]
    return all(each in LOOKALIKES or each.isascii() for each in letters)


def _usual(character: str) -> str:
    """The ideograph a compatibility character or radical stands for, where Unicode knows one."""
    usual = unicodedata.normalize("NFKC", character)
    return "?" if usual == character else f"{usual} ({named(usual)})"


def _is_damage(run: str) -> bool:
    """Whether a run that looks like bytes read in the wrong encoding is not merely a row of dots or capitals."""
    if not re.fullmatch("[¡-ÿ]{4,}", run):
        return True
    letters = "".join(each for each in run if each.isalpha() and each != "ß")
    return len(set(letters)) >= _MIXED and not (letters.isupper() or letters.islower() or letters.istitle())


# --- texts that look alike --------------------------------------------------------------------------------

LOOKALIKES = dict(zip(
    "АВЕЅІЈКМНОРСТУХаеорсухѕіјһԁΑΒΕΖΗΙΚΜΝΟΡΤΥΧοιυ",
    "ABESIJKMHOPCTYXaeopcyxsijhdABEZHIKMNOPTYXoiu",
    strict=True,
))  # fmt: skip
"""Cyrillic and Greek letters that have the shape of a Latin one (Unicode's ``confusables.txt``)."""

_LETTERS = str.maketrans(LOOKALIKES)
_IGNORED = re.compile(f"[{SPACE}{INVISIBLE}{SELECTORS}{BIDI}\ufeff]")
_SHAPES = str.maketrans("零○◯己巳戌戍曰未土入", "〇〇〇已已戊戊日末士人")
_DIGITS = str.maketrans("oil|", "0111")


def folded(text: str) -> str:
    """``text`` without what a reader does not see: width, composition, case, blanks, letters of other scripts."""
    bare = unicodedata.normalize("NFKC", _IGNORED.sub("", text)).translate(_LETTERS)
    return unicodedata.normalize("NFKC", bare.casefold())


def blurred(text: str) -> str:
    """``text`` :func:`folded`, with one sign for those a reader may confuse: 0 and O, 1 and l, 己 and 已."""
    return folded(text).translate(_SHAPES).translate(_DIGITS)


def confused(one: str, other: str) -> bool:
    """Whether a reader takes one for the other; letters are taken for digits only where there are digits."""
    one, other = folded(one).translate(_SHAPES), folded(other).translate(_SHAPES)
    return one == other or (one.translate(_DIGITS) == other.translate(_DIGITS) and any(map(str.isdigit, one + other)))


PLAIN = "\x21-\x7e\u4e00-\u9fff、。《》“”‘’〔〕【】「」·"
"""Inside a character class: characters that folding leaves alone, but for the case of Latin letters."""

CONFUSED = "零○◯己巳戌戍曰未土入"
"""Those of the plain ones that blurring changes."""


# --- how a message shows them -----------------------------------------------------------------------------

_CODE_POINT = re.compile(f"[{CONTROL}\r{BIDI}{INVISIBLE}{SELECTORS}{PRIVATE}{_TWICE}\ufeff\ufffd]")
_LONGEST = 60


def listed(wanted: str, text: str) -> list[str]:
    """The code points of the characters of the class ``wanted``, each once, in the order of the text."""
    return [named(each) for each in dict.fromkeys(_class(wanted).findall(text))]


@lru_cache(maxsize=64)
def _class(wanted: str) -> re.Pattern[str]:
    return re.compile(f"[{wanted}]")


def named(character: str) -> str:
    """A character as its code point."""
    return f"U+{ord(character):04X}"


def shown(text: str) -> str:
    """A text for a message: short, without personal data, and with nothing in it that cannot be seen."""
    text = text if len(text) <= _MOST else f"{text[:_MOST]}…"
    seen = _CODE_POINT.sub(lambda match: f"⟨{named(match[0])}⟩", guard.redact(text))
    seen = "".join(each if each.isprintable() or each == "\u3000" else f"⟨{named(each)}⟩" for each in seen)
    edge = len(seen) - len(seen.lstrip("\u3000"))
    seen = "⟨U+3000⟩" * edge + seen[edge:]
    return seen if len(seen) <= _LONGEST else f"{seen[:_LONGEST]}…"


_MOST = 10_000
"""Characters of a text that are searched for personal data before its beginning is shown."""
