"""The page of one dataset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from gazette import words
from gazette.model import Dataset, Language, Party, Source, Text
from gazette.pages import coverage, explorer, figures, listing, prose, quality, rules, table, using, views
from gazette.pages.edition import Edition
from gazette.pages.prose import Item

CORRECTIONS = "corrections"
"""Name of the dataset of what the site had to correct; without rows it reports that there is nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of what is known about the dataset; no items where nobody has stated it."""

    label: str
    items: tuple[Item, ...]
    late: bool = False
    """Whether it is a day that has passed without what was due."""


def view(source: Edition, dataset: Dataset, language: Language, root: str) -> Mapping[str, object]:
    """What the page of ``dataset`` shows; ``root`` leads from it to the top of the site."""
    tables = tuple(table.view(source, dataset, resource, language, root) for resource in dataset.resources)
    lede, rest = prose.opening(dataset.description, language, disclaimed=dataset.illustrative)
    return {
        "tag": words.BCP47[language],
        "title": listing.name_of(dataset, language),
        "topic": _topic(source, dataset, language, root),
        "lede": lede,
        "description": rest,
        "illustrative": dataset.illustrative,
        "figures": tuple(figures.of(source, dataset, language)),
        "facts": tuple(_facts(source, dataset, language, root)),
        "details": tuple(_details(source, dataset, language)),
        "sources": tuple(_source(entry, language) for entry in dataset.sources),
        "downloads": tuple(table.download(file, language, root) for file in source.files(dataset)),
        "views": views.of(source, dataset, language, root),
        "tables": tables,
        "said": explorer.said(language, table.SHOWN_CHARACTERS),
        "problems": quality.problems(source, dataset, language, of_rules=False),
        "quality": rules.quality(source, dataset, language, root),
        "breaches": quality.problems(source, dataset, language, of_rules=True),
        "citations": tuple(using.citations(source, dataset, language)),
        "code": using.code(source, dataset),
        "record": _record(source, dataset, language, root),
        "reports": tuple(using.reports(source, dataset, language)),
        "version": _version(source, dataset, language),
        "nothing": words.label("table.nothing", language) if dataset.name == CORRECTIONS else None,
    }


# --- about the dataset ------------------------------------------------------------------------------------


def _facts(source: Edition, dataset: Dataset, language: Language, root: str) -> Iterator[Fact]:
    """What a reader asks first: who answers for it, how fresh it is, what may be done with it."""
    publisher = dataset.publisher
    yield _fact("facts.publisher", language, *([_party(publisher, language)] if publisher else []))
    for party in dataset.parties:
        if party != publisher:
            role = party.roles[0] if party.roles else "contributor"
            yield Fact(label=prose.known("role", role, language), items=(_party(party, language),))
    record = _record(source, dataset, language, root)
    yield _fact("date.changed", language, replace(_day(source.changed(dataset), language), href=record))
    yield _fact("facts.frequency", language, *_frequency(dataset, language))
    if due := source.due(dataset):
        late = prose.literal(words.label("facts.overdue", language), language)
        detail = late if source.overdue(dataset) else None
        yield Fact(
            label=words.label("facts.due", language),
            items=(replace(_day(due, language), detail=detail),),
            late=source.overdue(dataset),
        )
    yield _fact("facts.licence", language, *_licences(dataset, language))


def _record(source: Edition, dataset: Dataset, language: Language, root: str) -> str | None:
    """The page of its versions, where the site has such pages."""
    known = ("dataset-changes", language) in source.kinds
    return f"{root}{language}/datasets/{dataset.name}/changes/" if known else None


def _details(source: Edition, dataset: Dataset, language: Language) -> Iterator[Fact]:
    """What else is stated."""
    if dataset.translations:
        yield _fact("facts.translation", language, *coverage.origins(dataset, language))
    if dataset.created:
        yield _fact("date.created", language, _day(dataset.created, language))
    yield _fact("date.as-of", language, _day(source.as_of, language))
    found = {
        "facts.version": [Item(phrase=prose.literal(dataset.version, language))] if dataset.version else [],
        "facts.homepage": [_link(dataset.homepage, language)] if dataset.homepage else [],
        "facts.keywords": [
            Item(phrase=prose.fragment(keyword, language, dataset.languages)) for keyword in dataset.keywords
        ],
        "facts.name": [Item(phrase=prose.literal(dataset.name, language), code=True)],
    }
    for key, items in found.items():
        if items:
            yield _fact(key, language, *items)


def _version(source: Edition, dataset: Dataset, language: Language) -> str | None:
    day = source.changed(dataset) or dataset.created
    return words.label("files.version", language, day=words.day(day, language)) if day else None


def _fact(key: str, language: Language, *items: Item) -> Fact:
    return Fact(label=words.label(key, language), items=items)


def _day(day: date | None, language: Language) -> Item:
    shown = words.day(day, language) if day else words.label("date.unknown", language)
    return Item(phrase=prose.literal(shown, language))


def _topic(source: Edition, dataset: Dataset, language: Language, root: str) -> Item | None:
    label = prose.phrase(dict(source.settings.site.topics).get(dataset.topic or "", Text()), language)
    href = f"{root}{language}/catalogue/topic-{dataset.topic}/"
    return Item(phrase=label, href=href) if label else None


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
