"""Findings of rules that are published because somebody answers for them, until a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from gazette.checks.rules.reading import Table
from gazette.model import Dataset, Fact, Finding, Waiver


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """The findings of a dataset after its waivers, and which waiver covered how many of which."""

    findings: tuple[Finding, ...]
    used: Mapping[tuple[str, str], tuple[Waiver, ...]]
    """By rule and resource."""


def code(waiver: Waiver) -> str:
    """The rule it is about, by its id; descriptors name generic rules without ``rule-``."""
    return waiver.rule if waiver.rule.startswith("rule-") else f"rule-{waiver.rule}"


def apply_waivers(
    findings: Sequence[Finding], dataset: Dataset, tables: Mapping[str, Table], known: frozenset[str], as_of: date
) -> Applied:
    """``findings`` of rules on ``tables`` (by resource), those somebody answers for as warnings that say who and why.

    A waiver that lacks something, has expired or covers nothing is a finding itself. One for a table that could not
    be judged says nothing yet.
    """
    kept = list(findings)
    used: dict[tuple[str, str], list[Waiver]] = {}
    faults: list[Finding] = []
    for waiver in dataset.waivers:
        if fault := _fault(waiver, dataset, known, as_of):
            faults.append(fault)
            continue
        if waiver.resource not in tables:
            continue
        covered = _covered(waiver, kept, tables[waiver.resource])
        if not covered:
            faults.append(_finding("waiver-unused", waiver, dataset, {"rule": waiver.rule}))
            continue
        used.setdefault((code(waiver), waiver.resource), []).append(waiver)
        kept = [_waived(finding, waiver) if number in covered else finding for number, finding in enumerate(kept)]
    return Applied(findings=(*kept, *faults), used={key: tuple(found) for key, found in used.items()})


def _covered(waiver: Waiver, findings: Sequence[Finding], table: Table) -> set[int]:
    about = {
        number: finding
        for number, finding in enumerate(findings)
        if (finding.code, finding.resource) == (code(waiver), waiver.resource) and not finding.facts.get("waived")
    }
    if not waiver.rows:
        return set(about)
    keys = table.keys({finding.row for finding in about.values() if finding.row is not None})
    return {number for number, finding in about.items() if keys.get(finding.row or 0) in waiver.rows}


def _waived(finding: Finding, waiver: Waiver) -> Finding:
    facts: dict[str, Fact] = {"waived": True, "expires": waiver.expires.isoformat() if waiver.expires else None}
    facts |= {f"reason_{language}": text for language, text in waiver.reason.values}
    facts |= {f"owner_{language}": text for language, text in waiver.owner.values}
    return replace(finding, severity="warning", facts={**finding.facts, **facts})


def _fault(waiver: Waiver, dataset: Dataset, known: frozenset[str], as_of: date) -> Finding | None:
    sound = {
        "rule": code(waiver) in known,
        "resource": waiver.resource in {resource.name for resource in dataset.resources},
        "reason": bool(waiver.reason),
        "owner": bool(waiver.owner),
        "expires": waiver.expires is not None,
    }
    if wrong := [name for name, holds in sound.items() if not holds]:
        return _finding("waiver-invalid", waiver, dataset, {"properties": wrong})
    if waiver.expires and waiver.expires < as_of:
        facts: dict[str, Fact] = {"rule": waiver.rule, "expires": waiver.expires.isoformat()}
        return _finding("waiver-expired", waiver, dataset, facts)
    return None


def _finding(name: str, waiver: Waiver, dataset: Dataset, facts: Mapping[str, Fact]) -> Finding:
    return Finding(
        code=name,
        severity="error",
        source="gazette",
        dataset=dataset.name,
        path=dataset.path,
        pointer=waiver.pointer,
        facts=facts,
    )
