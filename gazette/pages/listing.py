"""The pages that lead to datasets: home and catalogue."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from gazette import words
from gazette.model import Dataset, Language, Text
from gazette.pages import edition, prose
from gazette.pages.edition import Edition

NEWEST = 6
"""Datasets shown on the home page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One dataset in a list."""

    href: str
    title: prose.Phrase
    summary: prose.Phrase | None
    publisher: prose.Phrase | None
    changed: str | None
    tables: str
    rows: str
    illustrative: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Datasets that belong together, under an anchor of the catalogue."""

    anchor: str
    title: prose.Phrase
    count: str
    cards: tuple[Card, ...]


def home(source: Edition, language: Language, root: str) -> Mapping[str, object]:
    """What the home page shows; ``root`` leads from it to the top of the site."""
    newest = sorted(source.datasets, key=lambda dataset: (_recency(source, dataset), dataset.name))[:NEWEST]
    dated = any(source.changed(dataset) or dataset.created for dataset in source.datasets)
    return {
        "figures": _figures(source, language),
        "newest": tuple(card(source, dataset, language, root) for dataset in newest),
        "heading": words.label("home.newest" if dated else "home.datasets", language),
        "shelves": by_topic(source, language, root),
        "catalogue": f"{root}{language}/catalogue/",
    }


def catalogue(source: Edition, language: Language, root: str) -> Mapping[str, object]:
    """What the catalogue shows; ``root`` leads from it to the top of the site."""
    return {
        "shelves": by_topic(source, language, root),
        "publishers": by_publisher(source, language, root),
        "figures": _figures(source, language),
    }


def by_topic(source: Edition, language: Language, root: str) -> tuple[Shelf, ...]:
    """The datasets on the shelves of the site, in their order; shelves without any are left out."""
    labels = [(code, prose.phrase(label, language)) for code, label in source.settings.site.topics]
    other = prose.literal(words.label("topic.other", language), language)
    shelves = (
        _shelf(source, f"topic-{code}", label or prose.literal(code, language), members, language, root)
        for code, label in [*labels, (edition.OTHER, other)]
        if (members := [dataset for dataset in source.datasets if source.topic(dataset) == code])
    )
    return tuple(shelves)


def by_publisher(source: Edition, language: Language, root: str) -> tuple[Shelf, ...]:
    """The datasets under who publishes them, most first; those without a publisher last."""
    groups: dict[Text, list[Dataset]] = {}
    for dataset in source.datasets:
        groups.setdefault(dataset.publisher.title if dataset.publisher else Text(), []).append(dataset)
    unstated = prose.literal(words.label("catalogue.unpublished", language), language)
    return tuple(
        _shelf(source, _anchor(title), prose.phrase(title, language) or unstated, members, language, root)
        for title, members in sorted(groups.items(), key=lambda group: (not group[0], -len(group[1]), group[0].values))
    )


def card(source: Edition, dataset: Dataset, language: Language, root: str) -> Card:
    """``dataset`` for a list on a page from which ``root`` leads to the top of the site."""
    changed = source.changed(dataset) or dataset.created
    tables = edition.published(dataset)
    return Card(
        href=f"{root}{language}/datasets/{dataset.name}/",
        title=name_of(dataset, language),
        summary=prose.summary(dataset.description, language),
        publisher=prose.phrase(dataset.publisher.title, language) if dataset.publisher else None,
        changed=words.day(changed, language) if changed else None,
        tables=prose.counted("table", len(tables), language),
        rows=prose.counted("row", sum(map(source.rows, tables)), language),
        illustrative=dataset.illustrative,
    )


def name_of(dataset: Dataset, language: Language) -> prose.Phrase:
    """The title of a dataset, else its identifier."""
    return prose.phrase(dataset.title, language) or prose.literal(dataset.name, language)


def _shelf(
    source: Edition, anchor: str, title: prose.Phrase, members: Iterable[Dataset], language: Language, root: str
) -> Shelf:
    cards = tuple(card(source, dataset, language, root) for dataset in members)
    return Shelf(anchor=anchor, title=title, count=prose.counted("dataset", len(cards), language), cards=cards)


def _anchor(title: Text) -> str:
    """An anchor that is the same in every language and needs no transliteration."""
    return "publisher-" + hashlib.sha256(repr(title.values).encode()).hexdigest()[:8]


def _recency(source: Edition, dataset: Dataset) -> int:
    return -(source.changed(dataset) or dataset.created or date.min).toordinal()


def _figures(source: Edition, language: Language) -> tuple[tuple[str, str], ...]:
    tables = [table for dataset in source.datasets for table in edition.published(dataset)]
    counts = {"dataset": len(source.datasets), "table": len(tables), "row": sum(map(source.rows, tables))}
    return tuple((words.number(count, language), prose.noun(name, count, language)) for name, count in counts.items())
