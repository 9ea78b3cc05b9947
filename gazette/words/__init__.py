"""Every word a reader sees, in each language, side by side in the ``*.toml`` files of this folder.

``interface.toml`` holds the words of the pages, ``errors.toml`` the sentences for the operator, ``usage.toml`` those of
the command line, ``bases.toml`` the names of the rules and what they rest on; every other file holds findings: what is
wrong (``en``, ``zh``) and how to mend it (``fix_en``, ``fix_zh``). A text is a template for :meth:`str.format`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from gazette.model import BuildError, Fact, Finding, Language

# ruff: noqa: PLC0415 - Babel reads all of a locale and the machine's time zone; a check that finds little needs neither

BCP47 = {"en": "en", "zh": "zh-Hans"}
"""The tag a page carries for each language of the catalogue."""

LANGUAGES: tuple[Language, ...] = ("en", "zh")
"""The languages every text of the catalogue exists in."""

_LOCALES = {"en": "en", "zh": "zh_Hans_CN"}
_FOLDER = Path(__file__).parent
_ELSEWHERE = {"interface.toml", "errors.toml", "usage.toml", "bases.toml"}
_UNGROUPED = range(1000)
_SEPARATORS = {"en": ", ", "zh": "、"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is wrong, and how to mend it."""

    what: str
    fix: str


def label(key: str, language: Language, **facts: Fact) -> str:
    """The interface text ``key`` in ``language``; ``KeyError`` where the catalogue has none."""
    return _fill(_file("interface.toml")[key][language], language, facts)


def message(finding: Finding, language: Language) -> Message:
    """The sentences for a finding; ``KeyError`` where the catalogue has none.

    A code with several causes has a text for each, ``code:variant``, chosen by the fact ``variant``.
    """
    variant = finding.facts.get("variant")
    texts = _finding(f"{finding.code}:{variant}" if variant else finding.code)
    facts = {name: getattr(finding, name) for name in ("dataset", "resource", "row", "line", "column", "field")}
    facts |= {"path": finding.path, "pointer": finding.pointer, **finding.facts}
    what = _fill(texts[language], language, facts)
    if facts.get("waived"):
        what += label("rules.waiver-note", language, reason=facts.get(f"reason_{language}"))
    return Message(
        what=what,
        fix=_fill(texts[f"fix_{language}"], language, facts),
    )


def error(fault: BuildError, language: Language) -> str:
    """The sentence for what stopped the build, with its remedy."""
    return _fill(_file("errors.toml")[fault.code][language], language, fault.facts)


def usage(key: str, language: Language, **facts: Fact) -> str:
    """What the command line says of itself; ``KeyError`` where the catalogue has nothing."""
    return _fill(_file("usage.toml")[key][language], language, facts)


def number(value: float, language: Language) -> str:
    """A number with its digits grouped as readers of ``language`` expect."""
    if value in _UNGROUPED:
        return str(int(value))
    from babel.numbers import format_decimal

    return format_decimal(value, locale=_LOCALES[language])


def day(value: date, language: Language) -> str:
    """A calendar date written out: ``1 November 2026``, ``2026年11月1日``."""
    from babel.dates import format_date

    if language == "en":
        return format_date(value, "d MMMM y", locale=_LOCALES[language])
    return format_date(value, "long", locale=_LOCALES[language])


@cache
def findings() -> Mapping[str, Mapping[str, str]]:
    """The catalogue of findings: code → ``en``, ``zh``, ``fix_en``, ``fix_zh``."""
    merged: dict[str, Mapping[str, str]] = {}
    for name in _files():
        merged |= _file(name)
    return merged


def _finding(code: str) -> Mapping[str, str]:
    """The texts of one finding; no more files are read than it takes to come upon them."""
    for name in _files():
        if code in (known := _file(name)):
            return known[code]
    raise KeyError(code)


@cache
def _files() -> tuple[str, ...]:
    return tuple(sorted(path.name for path in _FOLDER.glob("*.toml") if path.name not in _ELSEWHERE))


def bases() -> Mapping[str, Mapping[str, str]]:
    """What rules are called and rest on: by id ``title_en``, ``clause_en`` …, and documents as ``document.<name>``."""
    return _file("bases.toml")


@cache
def _file(name: str) -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))


def _fill(template: str, language: Language, facts: Mapping[str, Fact]) -> str:
    return template.format_map({name: _shown(value, language) for name, value in facts.items()})


def _shown(value: Fact, language: Language) -> str:
    if isinstance(value, list):
        return _SEPARATORS[language].join(value)
    return "" if value is None else str(value)
