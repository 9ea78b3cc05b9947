"""The facts in frictionless' English notes, so that every language can state them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gazette import tables
from gazette.checks import guard
from gazette.model import Fact, Finding, Slice

_PATTERNS: Mapping[str, tuple[re.Pattern[str], ...]] = {
    "type-error": (re.compile(r'type is "(?P<type>[^/"]+)/(?P<form>.*)"'),),
    "constraint-error": (re.compile(r'constraint "(?P<constraint>\w+)" is "(?P<limit>.*)"', re.DOTALL),),
    "primary-key": (re.compile(r"the same as in the row at position (?P<twin>\d+)"),),
    "unique-error": (re.compile(r"the same as in the row at position (?P<twin>\d+)"),),
}


def explain(findings: Sequence[Finding], piece: Slice) -> tuple[Finding, ...]:
    """Findings on a table with what their notes say as facts, and with personal data in what they quote blacked out."""
    hidden = _hidden(findings, piece)
    return tuple(_explained(finding, hidden) for finding in findings)


def censored(finding: Finding) -> Finding:
    """``finding`` with personal data in its facts and its place blacked out."""
    return replace(
        finding,
        facts={name: _safe(value, frozenset()) for name, value in finding.facts.items()},
        dataset=_named(finding.dataset),
        path=_named(finding.path),
        pointer=_named(finding.pointer),
        resource=_named(finding.resource),
        field=_named(finding.field),
    )


def _explained(finding: Finding, hidden: frozenset[str]) -> Finding:
    facts = {name: _safe(value, hidden) for name, value in finding.facts.items()}
    for pattern in _PATTERNS.get(finding.code, ()):
        if match := pattern.search(str(facts.get("note", ""))):
            facts |= match.groupdict()
    if finding.code == "primary-key" and "twin" not in facts:
        facts["variant"] = "blank"
    if finding.code == "constraint-error" and facts.get("constraint") == "required":
        facts["variant"] = "required"
    if finding.code == "encoding-error" and facts.get("guess") is None:
        facts["variant"] = "unknown"
    return censored(replace(finding, facts=facts))


def _hidden(findings: Sequence[Finding], piece: Slice) -> frozenset[str]:
    """Cells quoted by ``findings`` that are personal data where they stand: a header can announce what they are."""
    found: set[str] = set()
    for place, field in enumerate(piece.resource.schema.fields if piece.resource.schema else ()):
        rows = (finding.facts.get("cells") for finding in findings)
        quoted = {str(row[place]) for row in rows if isinstance(row, list) and len(row) > place}
        quoted |= {str(finding.facts.get("cell", "")) for finding in findings if finding.field == field.name}
        cells = sorted(quoted)
        if cells:
            found.update(cells[number] for number, _ in guard.column(tables.texts(cells), field))
    return frozenset(found)


def _named(name: str | None) -> str | None:
    return guard.redact(name) if name else name


def _safe(value: Any, hidden: frozenset[str]) -> Fact:
    """A fact as JSON can say it; frictionless quotes cells as the values it read."""
    if isinstance(value, list | tuple):
        return [str(_safe(str(item), hidden)) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    for cell in hidden:
        text = text.replace(cell, "███")
    return guard.redact(text)
