"""Rules as values: what tables are held to beyond the form of their cells, and what it rests on.

A rule is a :class:`~gazette.model.Rule`. Generic ones are declared by a table on its own columns; the others apply
by the kind of the table. Rules look at whole tables that passed the checks on their cells, at exact values (Decimal
and dates), and nothing is judged by guessing from the names of columns. What cannot be judged is said, never passed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import localcontext
from functools import cache, partial

from gazette import tables as files
from gazette.checks.rules import (
    annual_reports,
    codes,
    commitments,
    declared,
    disclosure,
    evaluation,
    generic,
    honours,
    records,
    waivers,
)
from gazette.checks.rules.catalogue import Domain, rule
from gazette.checks.rules.reading import Breach, Previous, Table, World, whole
from gazette.model import Dataset, Evidence, Finding, Outcome, Resource, Rule, Severity, Slice

DOMAINS: tuple[Domain, ...] = (
    *annual_reports.DOMAINS,
    *disclosure.DOMAINS,
    *commitments.DOMAINS,
    *records.DOMAINS,
    *honours.DOMAINS,
    *evaluation.DOMAINS,
    *codes.DOMAINS,
)
"""The rules for kinds of tables, in the order in which pages list them."""

_IDS = frozenset((*(f"rule-{name}" for name in generic.PARAMETERS), *(each.id for each in DOMAINS)))
"""The id of every rule."""

KINDS = frozenset(
    "annual-reports annual-report-requests annual-report-proactive annual-report-review-litigation annual-report-prose "
    "annual-report-submission annual-report-fees annual-report-departments local-form disclosure-catalog "
    "disclosure-guide approval-catalog approval-changes service-commitments commitment-progress dishonesty-records "
    "record-events honour-roll award-events award-nominations award-rounds exposure-board list-catalog "
    "administrative-licences administrative-penalties divisions units evaluation-indicators evaluation-scores rankings "
    "hotline-performance quarterly-reports survey-results plan-phases public-decisions repayments work-calendar".split()
)
"""What a table can be (``gazette.kind`` of a resource)."""


@cache
def declarable() -> Mapping[str, Rule]:
    """The rules any table can declare, by the name a descriptor uses."""
    return {name: rule(f"rule-{name}", "house") for name in generic.PARAMETERS}


@cache
def every() -> tuple[Rule, ...]:
    """Every rule, those any table can declare first."""
    return (*declarable().values(), *(each.rule for each in DOMAINS))


def unknown(_path: str, _content: bytes) -> bytes | None:
    """No file has an earlier version."""
    return None


LISTED = 1000
"""Breaches of one rule in one table that are listed; the last entry counts the rest."""

_EXACT = 100
"""Digits within which sums are exact; a cell with more is longer than any number anyone publishes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What all rules found, and what became of each, by dataset."""

    findings: tuple[Finding, ...]
    outcomes: Mapping[str, tuple[Outcome, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One rule held against one table."""

    rule: str
    severity: Severity
    table: Table
    breaches: tuple[Breach, ...]
    total: int
    unjudged: int


def judge(  # noqa: PLR0913, PLR0917 - everything a rule may look at
    datasets: Sequence[Dataset],
    pieces: Iterable[Slice],
    evidence: Iterable[Evidence],
    refused: Collection[tuple[str, str]],
    as_of: date,
    previous: Previous,
) -> Judgement:
    """Hold every table to its rules.

    ``refused`` are the tables (dataset, resource) whose cells have faults: they are not judged. ``previous`` gives the
    bytes of a file before its last change.
    """
    rows = {(item.dataset, item.resource): item.rows for item in evidence}
    found = {(piece.dataset.name, piece.resource.name): piece for piece in reversed(list(pieces))}
    tables = tuple(
        Table(piece=whole(piece), rows=rows.get(key, 0)) for key, piece in sorted(found.items()) if key not in refused
    )
    world = World(tables=tables, as_of=as_of, previous=previous)
    findings: list[Finding] = []
    outcomes: dict[str, tuple[Outcome, ...]] = {}
    for dataset in datasets:
        wrong = [fault for resource in dataset.resources for fault in _declared(dataset, resource)]
        own = {table.resource.name: table for table in tables if table.dataset.name == dataset.name}
        unsound = {fault.pointer for fault in wrong}
        with localcontext(prec=_EXACT):
            cases = [case for table in own.values() for case in _cases(table, world, unsound)]
        stated = [finding for case in cases for finding in _findings(case)]
        applied = waivers.apply_waivers(stated, dataset, own, _IDS, as_of)
        findings += (*wrong, *applied.findings)
        outcomes[dataset.name] = tuple(_outcome(case, applied) for case in _joined(cases))
    return Judgement(findings=tuple(findings), outcomes=outcomes)


def _declared(dataset: Dataset, resource: Resource) -> Iterator[Finding]:
    return declared.faults(dataset, resource, DOMAINS, KINDS)


def _cases(table: Table, world: World, wrong: Collection[str | None]) -> Iterator[_Case]:
    """Every rule of a table that is declared soundly; of one that is not, its declaration has a finding."""
    for each in DOMAINS:
        if table.resource.kind in each.kinds and _applies(table, each):
            yield _case(each.id, each.severity, table, each.judge(table, world))
    for stated in table.resource.rules:
        if not any(pointer == stated.pointer or str(pointer).startswith(f"{stated.pointer}/") for pointer in wrong):
            judged = generic.JUDGES[stated.rule](table, stated.parameters, world)
            yield _case(f"rule-{stated.rule}", "error", table, judged)


def _applies(table: Table, each: Domain) -> bool:
    """Whether the table has the columns, and of a rule for some kind of row at least one such row."""
    if not all(_has(table, name) for name in each.columns):
        return False
    wanted = {value for name, value in each.values if name == "kind"}
    return not wanted or any(kind in wanted for _, (kind,) in table.cells("kind"))


def _has(table: Table, name: str) -> bool:
    return any(table.has(choice) for choice in name.split("|"))


def _case(name: str, severity: Severity, table: Table, breaches: Iterator[Breach]) -> _Case:
    listed: list[Breach] = []
    reasons: dict[str, Breach] = {}
    unjudged: Counter[str] = Counter()
    total = 0
    for breach in breaches:
        if breach.unjudged:
            unjudged[breach.unjudged] += 1
            reasons.setdefault(breach.unjudged, breach)
            continue
        total += 1
        if total <= LISTED:
            listed.append(breach)
    listed += [replace(breach, facts={"rows": unjudged[why]}) for why, breach in reasons.items()]
    return _Case(
        rule=name,
        severity=severity,
        table=table,
        breaches=tuple(listed),
        total=total,
        unjudged=sum(unjudged.values()),
    )


def _findings(case: _Case) -> Iterator[Finding]:
    table = case.table
    folder, paths = table.dataset.folder, table.resource.paths
    place = partial(
        Finding,
        source="gazette",
        dataset=table.dataset.name,
        path="/".join(filter(None, (folder, paths[0]))) if paths else table.dataset.path,
        resource=table.resource.name,
    )
    rows = {breach.row for breach in case.breaches if breach.row is not None}
    lines = files.lines(table.piece, rows)
    listed = sum(breach.unjudged is None for breach in case.breaches)
    for number, breach in enumerate(case.breaches, 1):
        line = lines.get(breach.row or 0)
        if breach.unjudged:
            facts = {**breach.facts, "rule": case.rule, "variant": breach.unjudged}
            yield place(code="rule-unjudged", severity="warning", row=breach.row, line=line, facts=facts)
        else:
            count = case.total - listed + 1 if number == listed else 1
            yield place(
                code=case.rule,
                severity=case.severity,
                row=breach.row,
                line=line,
                field=breach.field,
                count=count,
                facts=breach.facts,
            )


def _joined(cases: Iterable[_Case]) -> Iterator[_Case]:
    """One case per rule and table, however often the table declares the rule."""
    joined: dict[tuple[str, str], _Case] = {}
    for case in cases:
        key = case.rule, case.table.resource.name
        before = joined.get(key, case)
        total, unjudged = (case.total, case.unjudged) if before is not case else (0, 0)
        joined[key] = replace(before, total=before.total + total, unjudged=before.unjudged + unjudged)
    yield from joined.values()


def _outcome(case: _Case, applied: waivers.Applied) -> Outcome:
    name = case.table.resource.name
    own = [finding for finding in applied.findings if (finding.code, finding.resource) == (case.rule, name)]
    open_ = any(not finding.facts.get("waived") for finding in own)
    status = "failed" if open_ else "waived" if own else "unjudged" if case.unjudged else "passed"
    return Outcome(
        rule=case.rule,
        resource=name,
        status=status,  # type: ignore[arg-type]
        count=case.total,
        unjudged=case.unjudged,
        waivers=applied.used.get((case.rule, name), ()),
    )


__all__ = ["DOMAINS", "KINDS", "Judgement", "Previous", "declarable", "every", "judge", "unknown"]
