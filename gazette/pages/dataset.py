"""The page of one dataset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gazette import words
from gazette.model import Dataset, Finding, Language, Party, Source, Text
from gazette.pages import frame, listing, prose, table
from gazette.pages.edition import Edition
from gazette.pages.prose import Item

SHOWN_PLACES = 5
"""Places named for each kind of problem."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of what is known about the dataset; no items where nobody has stated it."""

    label: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One kind of finding of the dataset."""

    cases: tuple[tuple[prose.Phrase, prose.Phrase], ...]
    """What is wrong, and where."""
    more: str | None
    """How many are not listed."""


def view(source: Edition, dataset: Dataset, language: Language, root: str) -> Mapping[str, object]:
    """What the page of ``dataset`` shows; ``root`` leads from it to the top of the site."""
    tables = tuple(table.view(source, dataset, resource, language, root) for resource in dataset.resources)
    return {
        "tag": words.BCP47[language],
        "title": listing.name_of(dataset, language),
        "description": prose.prose(dataset.description, language),
        "illustrative": dataset.illustrative,
        "facts": tuple(_facts(source, dataset, language, root)),
        "sources": tuple(_source(entry, language) for entry in dataset.sources),
        "downloads": tuple(table.download(file, language, root) for file in source.files(dataset)),
        "tables": tables,
        "left_out": tuple(table for table in tables if table.omitted),
        "problems": tuple(_problems(source, dataset, language)),
    }


# --- about the dataset ------------------------------------------------------------------------------------


def _facts(source: Edition, dataset: Dataset, language: Language, root: str) -> Iterator[Fact]:
    def fact(key: str, *items: Item) -> Fact:
        return Fact(label=words.label(key, language), items=items)

    publisher = dataset.publisher
    yield fact("facts.publisher", *([_party(publisher, language)] if publisher else []))
    for party in dataset.parties:
        if party != publisher:
            role = party.roles[0] if party.roles else "contributor"
            yield Fact(label=prose.known("role", role, language), items=(_party(party, language),))
    for label, day in frame.dates(source, dataset, language):
        yield Fact(label=label, items=(Item(phrase=prose.literal(day, language)),))
    if dataset.created:
        yield fact("date.created", Item(phrase=prose.literal(words.day(dataset.created, language), language)))
    yield fact("facts.frequency", *_frequency(dataset, language))
    yield fact("facts.licence", *_licences(dataset, language))
    yield from _optional_facts(source, dataset, language, root)


def _optional_facts(source: Edition, dataset: Dataset, language: Language, root: str) -> Iterator[Fact]:
    """What is shown only where it is stated."""
    label = prose.phrase(dict(source.settings.site.topics).get(dataset.topic or "", Text()), language)
    found = {
        "facts.topic": [Item(phrase=label, href=f"{root}{language}/catalogue/#topic-{dataset.topic}")] if label else [],
        "facts.version": [Item(phrase=prose.literal(dataset.version, language))] if dataset.version else [],
        "facts.homepage": [_link(dataset.homepage, language)] if dataset.homepage else [],
        "facts.keywords": [
            Item(phrase=prose.fragment(keyword, language, dataset.languages)) for keyword in dataset.keywords
        ],
        "facts.name": [Item(phrase=prose.literal(dataset.name, language), code=True)],
    }
    for key, items in found.items():
        if items:
            yield Fact(label=words.label(key, language), items=tuple(items))


def _party(party: Party, language: Language) -> Item:
    shown = prose.phrase(party.title, language) or prose.literal(party.path or "—", language)
    return Item(phrase=shown, href=prose.web_address(party.path))


def _frequency(dataset: Dataset, language: Language) -> list[Item]:
    if dataset.frequency is None:
        return []
    return [Item(phrase=prose.literal(prose.known("frequency", dataset.frequency, language), language))]


def _licences(dataset: Dataset, language: Language) -> list[Item]:
    items = []
    for licence in dataset.licenses:
        named = prose.fragment(licence.name or licence.path or "—", language, dataset.languages)
        title = prose.phrase(licence.title, language)
        items.append(
            Item(
                phrase=title or named,
                href=prose.web_address(licence.path),
                detail=named if title and licence.name else None,
            )
        )
    return items


def _link(address: str, language: Language) -> Item:
    return Item(phrase=prose.literal(address, language), href=prose.web_address(address))


def _source(entry: Source, language: Language) -> Item:
    shown = prose.phrase(entry.title, language) or prose.literal(entry.path or "—", language)
    version = words.label("sources.version", language, version=entry.version) if entry.version else None
    detail = prose.literal(version, language) if version else None
    return Item(phrase=shown, href=prose.web_address(entry.path), detail=detail)


# --- what is wrong with it --------------------------------------------------------------------------------


def _problems(source: Edition, dataset: Dataset, language: Language) -> Iterator[Problem]:
    """The findings of the dataset by code, in the order of the report, with exact totals."""
    groups: dict[str, list[Finding]] = {}
    for finding in source.findings(dataset):
        groups.setdefault(finding.code, []).append(finding)
    for code, group in groups.items():
        listed = group[:SHOWN_PLACES]
        total = max(source.report.codes.get((dataset.name, code), 0), sum(finding.count for finding in group))
        rest = total - sum(finding.count for finding in listed)
        yield Problem(
            cases=tuple((_sentence(finding, language), _place(finding, language)) for finding in listed),
            more=words.label("findings.more", language, count=words.number(rest, language)) if rest > 0 else None,
        )


def _sentence(finding: Finding, language: Language) -> prose.Phrase:
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
