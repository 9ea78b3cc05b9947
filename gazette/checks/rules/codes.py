"""Codes that carry their own proof: social credit codes, organisation codes, administrative divisions.

python-stdnum's ``cn.uscc`` demands digits in the first eight places, so it refuses the codes of rural collectives
(``N…``), of the armed forces (``A…``) and others (``Y…``) that GB 32100-2015 provides for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from gazette.checks.rules import calendar
from gazette.checks.rules.catalogue import Domain, domain
from gazette.checks.rules.reading import Breach, Table, Value, World, said, unjudged

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of a unified social credit code: I, O, S, V and Z are left out (GB 32100-2015)."""

_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))

_ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
"""GB 11714."""

USCC_COLUMNS = ("uscc", "subject_uscc", "authority_uscc", "source_unit_uscc", "rater_uscc")
"""Columns that hold unified social credit codes."""

_PLAIN = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")
"""What is a folder of its own on every file system and stays itself in an address."""

_Listed: TypeAlias = dict[str, list[tuple[date, date]]]
"""When a code was in the releases of the list."""


def normal(code: str) -> str:
    """A code as it is meant: full-width characters, small letters and spaces are how spreadsheets write it."""
    return "".join(unicodedata.normalize("NFKC", code).upper().split())


def uscc_fault(code: str) -> str | None:
    """What is wrong with a unified social credit code: ``form`` or ``check``; ``None`` for a sound one."""
    if len(code) != 18 or any(char not in _ALPHABET for char in code) or not code[2:8].isdigit():  # noqa: PLR2004
        return "form"
    total = sum(_ALPHABET.index(char) * weight for char, weight in zip(code, _WEIGHTS, strict=False))
    return None if _ALPHABET[-total % 31] == code[17] else "check"


def organisation_check(code: str) -> str:
    """The check character of the first eight of an organisation code."""
    total = sum(_ORGANISATION.index(char) * weight for char, weight in zip(code, _ORGANISATION_WEIGHTS, strict=False))
    return {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


def social_credit_codes(table: Table, _world: World) -> Iterator[Breach]:
    """Eighteen characters of GB 32100-2015, the last of which proves the others."""
    for row, name, code in _codes(table):
        if fault := uscc_fault(code):
            yield Breach(row=row, field=name, facts={"variant": fault, "stated": code})


def organisation_codes(table: Table, _world: World) -> Iterator[Breach]:
    """Characters 9 to 17 are an organisation code with a check character of its own."""
    for row, name, code in _codes(table):
        if uscc_fault(code) is None and organisation_check(code[8:16]) != code[16]:
            yield Breach(row=row, field=name, facts={"stated": code})


def _codes(table: Table) -> Iterator[tuple[int, str, str]]:
    for name in USCC_COLUMNS:
        if table.has(name):
            yield from ((row, name, normal(said(code))) for row, (code,) in table.cells(name) if code is not None)


# --- administrative divisions -----------------------------------------------------------------------------


def division_form(table: Table, _world: World) -> Iterator[Breach]:
    """Six digits whose zeros tell the level, and a parent whose digits it begins with."""
    for row, (code, level, parent) in table.cells("division_code", "level", "parent_code"):
        stated = said(code)
        if not (len(stated) == 6 and stated.isascii() and stated.isdigit()):  # noqa: PLR2004
            yield Breach(row=row, field="division_code", facts={"variant": "form", "stated": stated})
        elif level is not None and level not in _levels(stated):
            yield Breach(row=row, field="level", facts={"variant": "level", "stated": stated, "level": said(level)})
        elif parent is not None and said(parent) not in _parents(stated):
            names = {"stated": stated, "parent": said(parent)}
            yield Breach(row=row, field="parent_code", facts={**names, "wanted": list(_parents(stated))})


def _levels(code: str) -> tuple[str, ...]:
    if code.endswith("0000"):
        return ("province",)
    return ("prefecture",) if code.endswith("00") else ("county",)


def _parents(code: str) -> tuple[str, ...]:
    """The codes it may belong to: the districts of a municipality and 4290xx-like codes fall back to the province."""
    province, prefecture = f"{code[:2]}0000", f"{code[:4]}00"
    return (province,) if code.endswith("00") else (prefecture, province)


def division_parents(table: Table, _world: World) -> Iterator[Breach]:
    """A parent is in the list, for some of the time its child is."""
    listed = _listed(table)
    for row, (code, parent, first, last) in table.cells("division_code", "parent_code", "first_listed", "last_listed"):
        if parent is None:
            continue
        span, own = _span(first, last), listed.get(said(parent))
        if own is None:
            facts = {"variant": "absent", "stated": said(code), "parent": said(parent)}
            yield Breach(row=row, field="parent_code", facts=facts)
        elif span and not any(begin <= span[1] and span[0] <= end for begin, end in own):
            yield Breach(row=row, field="parent_code", facts={"stated": said(code), "parent": said(parent)})


def division_names(table: Table, world: World) -> Iterator[Breach]:
    """The division code of a unit is one of the list, and was in force while the unit existed."""
    listed: _Listed = {}
    for other in world.of_kind("divisions"):
        if other.dataset.illustrative == table.dataset.illustrative:
            listed |= _listed(other)
    for row, (code, first, last) in table.cells("division_code", "valid_from", "valid_to"):
        if code is None:
            continue
        spans, own = listed.get(said(code)), _span(first, last)
        if spans is None:
            yield unjudged(row, "unknown")
        elif (first or last) and own and not any(begin <= own[1] and own[0] <= end for begin, end in spans):
            yield Breach(row=row, field="division_code", facts={"stated": said(code)})


def unit_identifiers(table: Table, world: World) -> Iterator[Breach]:
    """The key of a unit is the address of its profile: plain, and in one register of the site only."""
    taken = {
        said(other_id): f"{other.dataset.name}/{other.resource.name}"
        for other in world.of_kind("units")
        if (other.dataset.name, other.resource.name) < (table.dataset.name, table.resource.name)
        for _, (other_id,) in other.cells(*_key(other))
    }
    for name in _key(table):
        for row, (unit,) in table.cells(name):
            if not _PLAIN.fullmatch(said(unit)):
                yield Breach(row=row, field=name, facts={"variant": "form", "stated": said(unit)})
            elif said(unit) in taken:
                yield Breach(row=row, field=name, facts={"stated": said(unit), "near": taken[said(unit)]})


def _key(table: Table) -> tuple[str, ...]:
    """The one field of the primary key; a register with another key has no profiles."""
    names = table.resource.schema.primary_key if table.resource.schema else ()
    return names if len(names) == 1 else ()


def _listed(table: Table) -> _Listed:
    """When each code was in the releases of the list."""
    found: _Listed = {}
    for _, (code, first, last) in table.cells("division_code", "first_listed", "last_listed"):
        if span := _span(first, last):
            found.setdefault(said(code), []).append(span)
    return found


@lru_cache(maxsize=4096)
def _span(first: Value, last: Value) -> tuple[date, date] | None:
    """The days from the first to the last of two releases or dates (``201904``, ``2019-04``, a day); blank is open."""
    begin, end = _release(first), _release(last)
    if (first is not None and begin is None) or (last is not None and end is None):
        return None
    return begin.first if begin else date.min, end.last if end else date.max


def _release(value: Value) -> calendar.Period | None:
    text = said(value)
    if isinstance(value, Decimal | str) and len(text) == 6 and text.isdigit():  # noqa: PLR2004 - YYYYMM
        return calendar.period(f"{text[:4]}-{text[4:]}")
    return calendar.period(value)


_WITH_CODES = "units administrative-licences administrative-penalties"

DOMAINS: tuple[Domain, ...] = (
    domain("uscc", social_credit_codes, _WITH_CODES, "|".join(USCC_COLUMNS), "uscc", optional=True),
    domain(
        "organisation-code", organisation_codes, _WITH_CODES, "|".join(USCC_COLUMNS), "organisation",
        severity="warning", optional=True,
    ),
    domain("division-form", division_form, "divisions", "division_code", "divisions"),
    domain(
        "division-parent", division_parents, "divisions", "division_code first_listed last_listed", "divisions",
        severity="warning",  # not every release was collected, so absence proves little
    ),
    domain("division-code", division_names, "units", "division_code", "divisions", optional=True),
    domain("unit-identifier", unit_identifiers, "units", "", "house"),
)  # fmt: skip
"""Rules for codes."""
