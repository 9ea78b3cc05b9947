"""The pages that lead to datasets: home and catalogue."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
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
    datasets: tuple[Dataset, ...]
    count: str


def home(source: Edition, language: Language, root: str) -> Mapping[str, object]:
    """What the home page shows; ``root`` leads from it to the top of the site."""
    newest = sorted(source.datasets, key=lambda dataset: (_recency(source, dataset), dataset.name))[:NEWEST]
    dated = any(source.changed(dataset) or dataset.created for dataset in source.datasets)
    return {
        "figures": _figures(source, language),
        "newest": tuple(card(source, dataset, language, root) for dataset in newest),
        "heading": words.label("home.newest" if dated else "home.datasets", language),
        "shelves": tuple(_by_topic(source, language)),
        "catalogue": f"{root}{language}/catalogue/",
    }


def catalogue(source: Edition, language: Language, root: str) -> Mapping[str, object]:
    """What the catalogue shows; ``root`` leads from it to the top of the site."""
    return {
        "figures": _figures(source, language),
        "shelves": tuple(
            (shelf, tuple(card(source, dataset, language, root) for dataset in shelf.datasets))
            for shelf in _by_topic(source, language)
        ),
        "publishers": tuple(
            (shelf, tuple(_link(dataset, language, root) for dataset in shelf.datasets))
            for shelf in _by_publisher(source, language)
        ),
    }


def _by_topic(source: Edition, language: Language) -> Iterator[Shelf]:
    """The datasets on the shelves of the site, in their order; shelves without any are left out."""
    members: dict[str, list[Dataset]] = defaultdict(list)
    for dataset in source.datasets:
        members[source.topic(dataset)].append(dataset)
    other = prose.literal(words.label("topic.other" if len(members) > 1 else "home.all", language), language)
    labels = [(code, prose.phrase(label, language)) for code, label in source.settings.site.topics]
    for code, label in [*labels, (edition.OTHER, other)]:
        if code in members:
            yield _shelf(f"topic-{code}", label or prose.literal(code, language), members[code], language)


def _by_publisher(source: Edition, language: Language) -> Iterator[Shelf]:
    """The datasets under who publishes them, most first; those without a publisher last."""
    members: dict[Text, list[Dataset]] = defaultdict(list)
    for dataset in source.datasets:
        members[dataset.publisher.title if dataset.publisher else Text()].append(dataset)
    unstated = prose.literal(words.label("catalogue.unpublished", language), language)
    for title, group in sorted(members.items(), key=lambda pair: (not pair[0], -len(pair[1]), pair[0].values)):
        yield _shelf(_anchor(title), prose.phrase(title, language) or unstated, group, language)


def card(source: Edition, dataset: Dataset, language: Language, root: str) -> Card:
    """``dataset`` for a list on a page from which ``root`` leads to the top of the site."""
    changed = source.changed(dataset) or dataset.created
    tables = edition.published(dataset)
    return Card(
        href=_address(dataset, language, root),
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


def _shelf(anchor: str, title: prose.Phrase, members: list[Dataset], language: Language) -> Shelf:
    count = prose.counted("dataset", len(members), language)
    return Shelf(anchor=anchor, title=title, datasets=tuple(members), count=count)


def _address(dataset: Dataset, language: Language, root: str) -> str:
    return f"{root}{language}/datasets/{dataset.name}/"


def _link(dataset: Dataset, language: Language, root: str) -> prose.Item:
    return prose.Item(phrase=name_of(dataset, language), href=_address(dataset, language, root))


def _anchor(title: Text) -> str:
    """An anchor that is the same in every language and needs no transliteration."""
    return "publisher-" + hashlib.sha256(repr(title.values).encode()).hexdigest()[:8]


def _recency(source: Edition, dataset: Dataset) -> int:
    return -(source.changed(dataset) or dataset.created or date.min).toordinal()


def _figures(source: Edition, language: Language) -> tuple[tuple[str, str], ...]:
    tables = [table for dataset in source.datasets for table in edition.published(dataset)]
    counts = {"dataset": len(source.datasets), "table": len(tables), "row": sum(map(source.rows, tables))}
    return tuple((words.number(count, language), prose.noun(name, count, language)) for name, count in counts.items())
