"""The facts in frictionless' English notes, so that every language can state them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from gazette.checks import guard
from gazette.model import Fact, Finding

_PATTERNS: Mapping[str, tuple[re.Pattern[str], ...]] = {
    "type-error": (re.compile(r'type is "(?P<type>[^/"]+)/(?P<form>.*)"'),),
    "constraint-error": (re.compile(r'constraint "(?P<constraint>\w+)" is "(?P<limit>.*)"', re.DOTALL),),
    "primary-key": (re.compile(r"the same as in the row at position (?P<twin>\d+)"),),
    "unique-error": (re.compile(r"the same as in the row at position (?P<twin>\d+)"),),
}


def explain(finding: Finding) -> Finding:
    """``finding`` with what its note says as facts, and with personal data in the quoted cells blacked out."""
    facts = {name: _safe(value) for name, value in finding.facts.items()}
    for pattern in _PATTERNS.get(finding.code, ()):
        if match := pattern.search(str(facts.get("note", ""))):
            facts |= match.groupdict()
    if finding.code == "primary-key" and "twin" not in facts:
        facts["variant"] = "blank"
    if finding.code == "constraint-error" and facts.get("constraint") == "required":
        facts["variant"] = "required"
    if finding.code == "encoding-error" and facts.get("guess") is None:
        facts["variant"] = "unknown"
    return replace(finding, facts=facts)


def _safe(value: Fact) -> Fact:
    if isinstance(value, str):
        return guard.redact(value)
    return [guard.redact(item) for item in value] if isinstance(value, list) else value
