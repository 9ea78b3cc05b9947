"""Judges tables and descriptors; whatever is wrong becomes a :class:`Finding`.

``inspect`` looks at some slices and can run anywhere; ``settle`` joins what all slices showed to one report. However
a table is cut, the report is the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from types import MappingProxyType
from typing import TypeAlias, cast

import pyarrow as pa

from gazette import tables
from gazette.checks import coding, guard, lexical, notes, parity, placeholders, rules, schema, spoiled, walk
from gazette.checks.limits import bound
from gazette.model import Dataset, Evidence, Fact, Finding, Policy, Report, Slice

__all__ = ["bound", "files", "inspect", "newest", "settle"]

_Sight: TypeAlias = tuple[guard.Sight, lexical.Sight, parity.Sight]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """What one slice of several has to say of the whole table."""

    piece: Slice
    screen: schema.Screen
    sight: _Sight | None
    """``None`` where the slice cannot be read by itself."""


def inspect(unit: Sequence[Slice]) -> tuple[Evidence, ...]:
    """What the rows of each of some slices show."""
    opened = [_open(piece) for piece in unit]
    seen = [(each.table, piece) for each, piece in zip(opened, unit, strict=True) if each.table is not None]
    looked = zip(guard.sights(seen), lexical.sights(seen), (parity.look(*each) for each in seen), strict=True)
    return tuple(
        each.ended or _judged(piece, each, None if each.table is None else next(looked))
        for each, piece in zip(opened, unit, strict=True)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A slice before its cells are looked at."""

    ended: Evidence | None = None
    """Where the file cannot be read: that is all there is to say."""
    held: tuple[Finding, ...] = ()
    """What is wrong with the file itself."""
    table: pa.Table | None = None
    """Only rows that can be read are searched for personal data; a table with others is not published."""


def _open(piece: Slice) -> _Opened:
    if piece.start == 0 and (fault := coding.judge(piece)):
        return _Opened(ended=_evidence(piece, 0, notes.explain([fault], piece)))
    held = tables.faults(piece)
    if any(finding.code in tables.FATAL for finding in held):
        return _Opened(ended=_evidence(piece, 0, notes.explain(held, piece)))
    if lexical.hangs(piece):
        return _Opened(ended=_evidence(piece, 0, ()))  # settle says why: reading the rows would not end
    return _Opened(held=held, table=_table(piece))


def _judged(piece: Slice, opened: _Opened, sight: _Sight | None) -> Evidence:
    if piece.start == 0 and piece.end is None:
        return _guarded(schema.judge(piece), piece, [(piece, sight)] if sight else [], opened.held)
    screen = schema.screen(piece)
    return replace(_evidence(piece, screen.records, ()), part=_Part(piece=piece, screen=screen, sight=sight))


def settle(
    datasets: Sequence[Dataset],
    evidence: Iterable[Evidence],
    findings: Iterable[Finding],
    policy: Policy,
    as_of: date,
    contents: parity.Contents = MappingProxyType({}),
    pieces: Sequence[Slice] = (),
    previous: rules.Previous = rules.unknown,
    former: Mapping[str, bytes] = MappingProxyType({}),
) -> Report:
    """The report on everything: ``evidence`` of all slices in their order, and the ``findings`` made before.

    ``contents`` is what the files of :func:`watched` have held. The tables of ``pieces`` are held to their rules;
    ``previous`` gives the bytes of a file before its last change, ``former`` those of the last release of files
    that differ from it.
    """
    tables_ = [_joined(list(slices)) for _, slices in groupby(evidence, key=lambda item: (item.dataset, item.resource))]
    found = [*map(notes.censored, findings), *(finding for item in tables_ for finding in item.findings)]
    translated, coverage = parity.judge(datasets, tables_, policy, contents)
    found += map(notes.censored, translated)
    walks = [walk.through(dataset) for dataset in datasets]
    found += (*guard.texts(*walks), *lexical.texts(*walks))
    found += (finding for walked in walks for finding in placeholders.judge(walked))
    found += _empty(datasets, tables_, found)
    judged = rules.judge(datasets, pieces, tables_, _refused(tables_), as_of, previous)
    found += map(notes.censored, (*judged.findings, *spoiled.judge(pieces, former)))
    for dataset in datasets:
        own = [finding for finding in found if finding.dataset == dataset.name]
        others = [finding for finding in found if finding.dataset != dataset.name]
        kept = guard.apply_allowances(own, dataset, as_of)
        found = [*others, *(_located(finding, dataset) for finding in kept)]
    report = _report(found, tables_, policy, [dataset.name for dataset in datasets])
    return replace(report, coverage=coverage, rules=judged.outcomes)


def watched(datasets: Iterable[Dataset]) -> tuple[str, ...]:
    """The files whose former contents :func:`settle` asks for, below the datasets folder."""
    return tuple(path for dataset in datasets for path in parity.watched(dataset))


def files(datasets: Iterable[Dataset]) -> tuple[str, ...]:
    """The files of all tables, below the datasets folder."""
    return tuple(
        f"{dataset.folder}/{path}" if dataset.folder else path
        for dataset in datasets
        for resource in dataset.resources
        for path in resource.paths
    )


def _refused(evidence: Iterable[Evidence]) -> set[tuple[str, str]]:
    """The tables whose cells frictionless objects to; what they hold instead of values no rule can look at."""
    return {
        (item.dataset, item.resource)
        for item in evidence
        if any(finding.source == "frictionless" and finding.severity == "error" for finding in item.findings)
    }


def _empty(datasets: Iterable[Dataset], evidence: Iterable[Evidence], found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Tables of nothing but a header whose descriptor does not say that this is meant; not those nobody could read."""
    faulty = {(finding.dataset, finding.resource) for finding in found if finding.severity == "error"}
    sound = {(item.dataset, item.resource) for item in evidence if not item.rows} - faulty
    return tuple(_bare(datasets, sound))


def _bare(datasets: Iterable[Dataset], sound: Container[tuple[str, str]]) -> Iterator[Finding]:
    for dataset in datasets:
        for resource in dataset.resources:
            own = resource.descriptor.get("gazette")
            meant = isinstance(own, Mapping) and own.get("empty") is True
            if (dataset.name, resource.name) in sound and not meant:
                yield Finding(
                    code="table-empty",
                    severity="error",
                    source="gazette",
                    dataset=dataset.name,
                    path=dataset.path,
                    pointer=resource.pointer,
                    resource=resource.name,
                )


def _located(finding: Finding, dataset: Dataset) -> Finding:
    """``finding`` with the line of its place in the descriptor."""
    if finding.pointer is None or finding.line is not None or finding.path != dataset.path:
        return finding
    return replace(finding, line=dataset.line(finding.pointer))


def newest(datasets: Iterable[Dataset], evidence: Iterable[Evidence]) -> date | None:
    """The newest date that data which is not invented speaks of."""
    real = {dataset.name: dataset for dataset in datasets if not dataset.illustrative}
    stated = [dataset.created for dataset in real.values()]
    stated += [item.newest for item in evidence if item.dataset in real]
    return max((day for day in stated if day), default=None)


def _evidence(piece: Slice, rows: int, findings: tuple[Finding, ...]) -> Evidence:
    counts = Counter(finding.code for finding in findings)
    return Evidence(
        dataset=piece.dataset.name, resource=piece.resource.name, rows=rows, findings=findings, counts=counts
    )


def _table(piece: Slice) -> pa.Table | None:
    try:
        return tables.read(piece)
    except (tables.Irregular, tables.Unclosed):
        return None


def _look(piece: Slice) -> _Sight | None:
    table = _table(piece)
    if table is None:
        return None
    return guard.look(table, piece), lexical.look(table, piece), parity.look(table, piece)


def _sights(parts: Sequence[_Part]) -> Iterator[tuple[Slice, _Sight]]:
    """What was seen in each slice; one that ends inside a quoted cell is looked at again with the next."""
    begin: int | None = None
    for part in parts:
        piece = part.piece if begin is None else replace(part.piece, start=begin)
        sight = part.sight if begin is None else _look(piece)
        if sight:
            begin = None
            yield piece, sight
        else:
            begin = piece.start


def _joined(slices: list[Evidence]) -> Evidence:
    """The evidence on one table from that on its slices."""
    parts = [cast("_Part", item.part) for item in slices if item.part is not None]
    if len(parts) < len(slices):  # one slice, or bytes that are not of the encoding
        return slices[0]
    whole = replace(parts[0].piece, start=0, end=None)
    return _guarded(schema.settle((part.piece, part.screen) for part in parts), whole, _sights(parts))


def _guarded(
    verdict: Evidence, piece: Slice, sights: Iterable[tuple[Slice, _Sight]], held: Sequence[Finding] = ()
) -> Evidence:
    """The verdict on a whole table with ours beside it, and every finding with the line of its record."""
    parts = list(sights)
    seen = guard.settle((part, sight) for part, (sight, _, _) in parts)
    seen += lexical.settle((part, sight) for part, (_, sight, _) in parts)
    seen = (*held, *_numbered(seen, piece))
    counts = Counter(verdict.counts)
    for finding in seen:
        counts[finding.code] += finding.count
    findings = notes.explain((*verdict.findings, *seen), piece)
    # Quoted line breaks move the line of a record from its number.
    lines = tables.lines(piece, {finding.row for finding in findings if finding.row})
    placed = tuple(replace(finding, line=lines.get(finding.row or 0, finding.line)) for finding in findings)
    return replace(verdict, findings=placed, counts=counts, texts=parity.settle(sight for _, (*_, sight) in parts))


def _numbered(seen: tuple[Finding, ...], piece: Slice) -> tuple[Finding, ...]:
    """Findings with the numbers of their records, where these do not simply follow one header row."""
    numbers = tables.row_numbers(piece) if seen else None
    if numbers is None:
        return seen
    known = dict(enumerate(numbers.tolist(), 2))
    return tuple(replace(each, row=known.get(each.row or 0, each.row), facts=_twinned(each, known)) for each in seen)


def _twinned(finding: Finding, known: Mapping[int, int]) -> Mapping[str, Fact]:
    twin = finding.facts.get("twin")
    return {**finding.facts, "twin": known.get(twin, twin)} if isinstance(twin, int) else finding.facts


def _report(found: Sequence[Finding], evidence: Sequence[Evidence], policy: Policy, names: Sequence[str]) -> Report:
    weighed = [_weighed(finding, policy) for finding in found]
    counts = Counter({"error": 0, "warning": 0})
    codes: Counter[tuple[str, str]] = Counter()
    for finding in weighed:
        counts[finding.severity] += finding.count
        codes[finding.dataset or "", finding.code] += finding.count
    for item in evidence:
        for code, unlisted in _unlisted(item):
            counts[policy.severities.get(code, "error")] += unlisted
            codes[item.dataset, code] += unlisted
    return Report(
        findings=tuple(sorted(weighed, key=_address(names))),
        counts=dict(counts),
        codes=dict(sorted(codes.items())),
        rows={(item.dataset, item.resource): item.rows for item in evidence},
    )


def _weighed(finding: Finding, policy: Policy) -> Finding:
    if finding.facts.get("waived"):  # somebody answers for it, whatever the policy says of the code
        return finding
    lenient = not policy.strict and finding.code in lexical.STRICTER | tables.STRICTER
    severity = "warning" if lenient else finding.severity
    return replace(finding, severity=policy.severities.get(finding.code, severity))


def _unlisted(item: Evidence) -> Iterator[tuple[str, int]]:
    listed: Counter[str] = Counter()
    for finding in item.findings:
        listed[finding.code] += finding.count
    for code, count in item.counts.items():
        if count > listed[code]:
            yield code, count - listed[code]


def _address(names: Sequence[str]) -> Callable[[Finding], tuple[int, str, bool, str, int]]:
    """Descriptor before tables, then down the rows; within a row the order in which it was found stays."""
    order: Mapping[str, int] = {name: number for number, name in enumerate(names)}

    def key(finding: Finding) -> tuple[int, str, bool, str, int]:
        name = finding.dataset or ""
        return (order.get(name, -1), name, finding.pointer is None, finding.path or "", finding.row or 0)

    return key
