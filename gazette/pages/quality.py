"""What the checks found, in plain words: on the page of a dataset, and of the whole site on one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from gazette import words
from gazette.model import Dataset, Finding, Language
from gazette.pages import listing, prose
from gazette.pages.edition import Edition
from gazette.pages.prose import Item

SHOWN_PLACES = 5
"""Places named for each kind of problem on the page of a dataset."""

_ALL_PLACES = 50
"""The same on the page of the whole site."""

_STATUSES = ("passed", "waived", "failed", "unjudged")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One kind of finding of a dataset."""

    cases: tuple[tuple[prose.Phrase, prose.Phrase], ...]
    """What is wrong, and where."""
    more: str | None
    """How many are not listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What was found in one dataset."""

    anchor: str
    dataset: Item
    count: str
    illustrative: bool
    problems: tuple[Problem, ...]


def view(source: Edition, language: Language, root: str) -> Mapping[str, object]:
    """Every finding of the build, and how many rules were kept."""
    found = [dataset for dataset in source.datasets if source.findings(dataset)]
    return {
        "figures": tuple(glance(source, language)),
        "site": tuple(_problems(source, None, source.report.findings, language)),
        "sections": tuple(_section(source, dataset, language, root) for dataset in found),
        "clean": prose.counted("dataset", len(source.datasets) - len(found), language),
    }


def glance(source: Edition, language: Language) -> Iterator[tuple[str, str]]:
    """Number and noun: rules held against tables by their outcome, and findings that were published."""
    outcomes = [outcome for group in source.report.rules.values() for outcome in group]
    by_status = Counter[str](outcome.status for outcome in outcomes)
    if outcomes:
        yield words.number(len(outcomes), language), words.label("quality.held", language)
    for status in _STATUSES:
        if by_status[status]:
            yield words.number(by_status[status], language), words.label(f"quality.{status}", language)
    findings = sum(source.report.counts.values())
    yield words.number(findings, language), prose.noun("finding", findings, language)


def problems(source: Edition, dataset: Dataset, language: Language, *, of_rules: bool) -> tuple[Problem, ...]:
    """The findings of ``dataset`` by code, in the order of the report, with exact totals: of rules, or the others."""
    found = tuple(each for each in source.findings(dataset) if each.code.startswith("rule-") == of_rules)
    return tuple(_problems(source, dataset, found, language, of_page=True))


def _section(source: Edition, dataset: Dataset, language: Language, root: str) -> Section:
    findings = source.findings(dataset)
    total = sum(count for (name, _), count in source.report.codes.items() if name == dataset.name)
    total = max(total, sum(finding.count for finding in findings))
    return Section(
        anchor=f"in-{dataset.name}",
        dataset=listing.link(dataset, language, root),
        count=prose.counted("finding", total, language),
        illustrative=dataset.illustrative,
        problems=tuple(_problems(source, dataset, findings, language)),
    )


def _problems(
    source: Edition,
    dataset: Dataset | None,
    findings: tuple[Finding, ...],
    language: Language,
    *,
    of_page: bool = False,
) -> Iterator[Problem]:
    """``findings`` of one dataset, or those of none, by code; ``of_page``, on the page of that dataset."""
    name = dataset.name if dataset else None
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.dataset == name:
            groups.setdefault(finding.code, []).append(finding)
    for code, group in groups.items():
        listed = group[: SHOWN_PLACES if of_page else _ALL_PLACES]
        total = max(source.report.codes.get((name or "", code), 0), sum(finding.count for finding in group))
        rest = total - sum(finding.count for finding in listed)
        yield Problem(
            cases=tuple((_sentence(finding, language, bare=of_page), _place(finding, language)) for finding in listed),
            more=words.label("findings.more", language, count=words.number(rest, language)) if rest > 0 else None,
        )


def _sentence(finding: Finding, language: Language, *, bare: bool) -> prose.Phrase:
    if bare:
        # On the page of a dataset, what is waived is said with its reason where the rule stands.
        finding = replace(finding, facts={name: value for name, value in finding.facts.items() if name != "waived"})
    return prose.literal(words.message(finding, language).what, language)


def _place(finding: Finding, language: Language) -> prose.Phrase:
    parts = [finding.path or finding.dataset or ""]
    if finding.row is not None:
        parts.append(words.label("findings.row", language, row=words.number(finding.row, language)))
    if finding.field is not None:
        parts.append(words.label("findings.field", language, field=finding.field))
    elif finding.row is None and finding.pointer:
        parts.append(finding.pointer)
    return prose.literal(("，" if language == "zh" else ", ").join(filter(None, parts)), language)
