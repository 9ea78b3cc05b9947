"""How values are written: the one form each type has, and how texts begin and end."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from decimal import Decimal

from gazette.checks.lexical import characters
from gazette.checks.lexical.characters import Note
from gazette.model import Fact

CANONICAL = {
    "integer": "-?[1-9][0-9]*|0",
    "number": r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE]-?[0-9]{1,2})?",
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "datetime": r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?",
    "time": r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?",
    "year": "[0-9]{4}",
    "yearmonth": "[0-9]{4}-[0-9]{2}",
    "geopoint": r"-?[0-9]{1,3}(?:\.[0-9]{1,6})?, ?-?[0-9]{1,2}(?:\.[0-9]{1,6})?",
}
"""The lexical form of each type in Table Schema v2 (that of XML Schema part 2, canonical but for dates)."""

LONGEST = 32_767
"""Characters a cell of a spreadsheet holds (Excel specifications and limits)."""

NULLISH = ("NA", "N/A", "n/a", "NULL", "Null", "null", "None", "NaN", "nan", "nil", "无", "暂无")
"""What programs write where there is nothing, and what people do."""

EDGE = f"^[{characters.SPACE}]|[{characters.SPACE}]$|^[=@+\\-＝＠＋－]|^#|^Err:|^(?:{'|'.join(NULLISH)})$"

_NUMBER = re.compile(r"\s*[0-9０-９.,]+\s*(?:[^\s\x00-\x2f:;<=>?@\[\\\]^{|}~＝＠＋－]{0,8}|%)")
_FINE = re.compile(r"\.[0-9]{7}")
"""More than six decimals of a degree: less than a decimetre on the ground."""
_PHONE = re.compile(r"\s?[0-9][0-9 ()\-]*")
_SHEET_ERROR = re.compile(
    r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|GETTING_DATA|#{2,})"
    r"|Err:[0-9]{3}"
)


def typed(text: str, kind: str, canonical: str) -> list[Note]:
    """What is unusual about a value that frictionless reads as of the type ``kind``."""
    facts: dict[str, Fact] = {"cell": characters.shown(text), "type": kind}
    if other := characters.listed(r"^\x00-\x7f", "".join(filter(str.isdecimal, text))):
        return [("digits-not-ascii", {**facts, "characters": other})]
    if kind == "geopoint":
        return [("geopoint-precision", facts)] if _FINE.search(text) else []
    if variant := _fault(text, kind, canonical):
        return [("value-form", {**facts, "variant": variant})]
    return []


def dressed(text: str, *, needed: bool, declared: bool) -> Iterator[Note]:
    """How a text begins and ends, and whether it stands for nothing.

    ``needed`` where a cell must hold something, ``declared`` where the descriptor lists this very text.
    """
    facts = {"cell": characters.shown(text)}
    bare = text.strip(characters.BLANKS)
    if not bare:
        found: dict[str, Fact] = {"characters": characters.listed(characters.BLANKS, text)}
        yield ("value-blank", found) if needed else ("value-padded", {**found, "variant": "blank"})
        return
    spaces = characters.SPACES
    if text[0] in spaces or text[-1] in spaces:
        around = text[: len(text) - len(text.lstrip(spaces))] + text[len(text.rstrip(spaces)) :]
        yield "value-padded", {**facts, "characters": characters.listed(spaces, around)}
    if _SHEET_ERROR.fullmatch(bare):
        yield "spreadsheet-error", facts
    elif _is_formula(text.lstrip(spaces)):
        yield "formula-text", facts
    if text in NULLISH and not declared:
        yield "value-nullish", facts
    if len(text) > LONGEST:
        yield "value-long", {"cell": characters.shown(text), "length": len(text), "limit": LONGEST}


def _is_formula(text: str) -> bool:
    """Whether a spreadsheet may compute the text (OWASP, "CSV Injection")."""
    if text[:1] in {"=", "@", "＝", "＠"}:
        return True
    if not text or text[0] not in "+-＋－" or not text.strip("+-＋－ "):
        return False
    if _NUMBER.fullmatch(text[1:]):
        return False
    return not (text[0] in "+＋" and _PHONE.fullmatch(text[1:]))


def _fault(text: str, kind: str, canonical: str) -> str | None:
    """A variant of ``value-form``."""
    if kind == "number":
        return _number_fault(text)
    if re.fullmatch(canonical, text):
        return None
    if kind == "integer" and re.fullmatch("-?0[0-9]+", text):
        return "zeros"
    return kind


def _number_fault(text: str) -> str | None:
    value = Decimal(text.strip())
    if not value.is_finite():
        return "nan"
    if value.copy_abs() > Decimal(sys.float_info.max):
        return "range"
    if re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?[eE]\+[0-9]+", text):
        return "exponent"
    if re.fullmatch(r"-?0[0-9]+(?:\.[0-9]+)?", text):
        return "zeros"
    return None if re.fullmatch(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE]-?[0-9]{1,3})?", text) else "number"
