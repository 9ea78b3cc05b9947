"""Judges tables and descriptors; whatever is wrong becomes a :class:`Finding`.

``inspect`` looks at one slice and can run anywhere; ``settle`` joins what all slices showed to one report. However
a table is cut, the report is the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import cast

from gazette import tables
from gazette.checks import coding, guard, notes, schema, translations
from gazette.model import Dataset, Evidence, Finding, Policy, Report, Slice


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What one slice of several has to say of the whole table."""

    piece: Slice
    screen: schema.Screen


def inspect(piece: Slice) -> Evidence:
    """What the rows of one slice show."""
    whole = piece.start == 0 and piece.end is None
    if piece.start == 0 and (fault := coding.judge(piece)):
        return _evidence(piece, 0, (notes.explain(fault),))
    if whole:
        found = schema.judge(piece)
        return _guarded(piece, replace(found, findings=_explained(piece, found)))
    screen = schema.screen(piece)
    part = _Part(piece=piece, screen=screen)
    return replace(_guarded(piece, _evidence(piece, screen.records, ())), part=part)


def settle(
    datasets: Sequence[Dataset],
    evidence: Iterable[Evidence],
    findings: Iterable[Finding],
    policy: Policy,
    as_of: date,
) -> Report:
    """The report on everything: ``evidence`` of all slices in their order, and the ``findings`` made before."""
    tables_ = [_joined(list(slices)) for _, slices in groupby(evidence, key=lambda item: (item.dataset, item.resource))]
    found = [*findings, *(finding for item in tables_ for finding in item.findings)]
    for dataset in datasets:
        found += translations.judge(dataset, policy)
        found += guard.texts(dataset)
    for dataset in datasets:
        own = [finding for finding in found if finding.dataset == dataset.name]
        others = [finding for finding in found if finding.dataset != dataset.name]
        found = [*others, *guard.apply_allowances(own, dataset, as_of)]
    return _report(found, tables_, policy, [dataset.name for dataset in datasets])


def newest(datasets: Iterable[Dataset], evidence: Iterable[Evidence]) -> date | None:
    """The newest date the data itself speaks of."""
    stated = [dataset.created for dataset in datasets] + [item.newest for item in evidence]
    return max((day for day in stated if day), default=None)


def _evidence(piece: Slice, rows: int, findings: tuple[Finding, ...]) -> Evidence:
    counts = Counter(finding.code for finding in findings)
    return Evidence(
        dataset=piece.dataset.name, resource=piece.resource.name, rows=rows, findings=findings, counts=counts
    )


def _guarded(piece: Slice, found: Evidence) -> Evidence:
    """Only a table that can be read as one is searched for personal data; any other is not published."""
    try:
        findings = guard.judge(tables.read(piece), piece)
    except tables.Irregular:
        return found
    counts = Counter(found.counts)
    for finding in findings:
        counts[finding.code] += finding.count
    return replace(found, findings=(*found.findings, *findings), counts=counts)


def _joined(slices: list[Evidence]) -> Evidence:
    """The evidence on one table from that on its slices."""
    parts = [cast("_Part", item.part) for item in slices if item.part is not None]
    if not parts:
        return slices[0]
    verdict = schema.settle((part.piece, part.screen) for part in parts)
    findings = list(_explained(replace(parts[0].piece, start=0, end=None), verdict))
    counts = Counter(verdict.counts)
    before = 0
    for item in slices:
        for finding in item.findings:
            findings.append(finding if not finding.row else replace(finding, row=finding.row + before))
            counts[finding.code] += finding.count
        before += item.rows
    return replace(verdict, findings=tuple(findings), counts=counts)


def _explained(piece: Slice, found: Evidence) -> tuple[Finding, ...]:
    """The findings with their facts, and the line of their record: quoted line breaks move it from its number."""
    lines = tables.lines(piece, {finding.row for finding in found.findings if finding.row})
    return tuple(notes.explain(replace(finding, line=lines.get(finding.row or 0))) for finding in found.findings)


def _report(found: Sequence[Finding], evidence: Sequence[Evidence], policy: Policy, names: Sequence[str]) -> Report:
    weighed = [_weighed(finding, policy) for finding in found]
    severity = {finding.code: finding.severity for finding in weighed}
    codes: Counter[tuple[str, str]] = Counter()
    for finding in weighed:
        codes[finding.dataset or "", finding.code] += finding.count
    for item in evidence:
        for code, unlisted in _unlisted(item):
            codes[item.dataset, code] += unlisted
    counts = Counter({"error": 0, "warning": 0})
    for (_, code), count in codes.items():
        counts[severity[code]] += count
    return Report(
        findings=tuple(sorted(weighed, key=_address(names))),
        counts=dict(counts),
        codes=dict(sorted(codes.items())),
        rows={(item.dataset, item.resource): item.rows for item in evidence},
    )


def _weighed(finding: Finding, policy: Policy) -> Finding:
    return replace(finding, severity=policy.severities.get(finding.code, finding.severity))


def _unlisted(item: Evidence) -> Iterator[tuple[str, int]]:
    listed: Counter[str] = Counter()
    for finding in item.findings:
        listed[finding.code] += finding.count
    for code, count in item.counts.items():
        if count > listed[code] and listed[code]:
            yield code, count - listed[code]


def _address(names: Sequence[str]) -> Callable[[Finding], tuple[int, str, str, int]]:
    """Descriptor before tables, then down the rows; within a row the order in which it was found stays."""
    order: Mapping[str, int] = {name: number for number, name in enumerate(names)}

    def key(finding: Finding) -> tuple[int, str, str, int]:
        place = finding.path or ""
        return (order.get(finding.dataset or "", -1), finding.dataset or "", place, finding.row or 0)

    return key
