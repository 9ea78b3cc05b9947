"""The catalogue, whole and narrowed to one value, and datasets as entries of lists."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from gazette import words
from gazette.model import Dataset, Language, Text
from gazette.pages import edition, explorer, figures, pinyin, prose
from gazette.pages.edition import Edition
from gazette.pages.prose import Item

SCRIPT = "assets/catalogue.js"
_FORMATS = {
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/json": "json",
    "application/vnd.apache.parquet": "parquet",
}
_STATES = ("real", "illustrative", "overdue", "problems")


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
    years: str | None
    illustrative: bool
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The datasets that have one value in common; ``code`` is its part of the address."""

    code: str
    title: prose.Phrase
    datasets: tuple[Dataset, ...]
    count: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One way to narrow the catalogue."""

    name: str
    title: str
    shelves: tuple[Shelf, ...]


def catalogue(source: Edition, language: Language, root: str) -> Mapping[str, object]:
    """What the catalogue shows; ``root`` leads from it to the top of the site."""
    return _list(source, source.datasets, None, language, root)


def shelves(source: Edition, language: Language) -> Iterator[Shelf]:
    """Every value the catalogue can be narrowed to; each has a page."""
    for facet in facets(source, language):
        yield from facet.shelves


def shelf(source: Edition, chosen: Shelf, language: Language, root: str) -> Mapping[str, object]:
    """What the catalogue shows, narrowed to ``chosen``."""
    return {**_list(source, chosen.datasets, chosen, language, root), "title": chosen.title}


def _list(
    source: Edition, datasets: Iterable[Dataset], chosen: Shelf | None, language: Language, root: str
) -> Mapping[str, object]:
    """Datasets by name, real and invented apart, and every way to narrow the catalogue."""
    ordered = sorted(datasets, key=lambda dataset: rank(name_of(dataset, language).text, language))
    real, invented = ([each for each in ordered if each.illustrative is kind] for kind in (False, True))
    return {
        "plan": _plan(source, [*real, *invented], chosen, language) if source.has(SCRIPT) else None,
        "facets": facets(source, language) if source.datasets else (),
        "chosen": chosen.code if chosen else None,
        "catalogue": f"{root}{language}/catalogue/",
        "groups": tuple(
            (
                anchor,
                illustrative,
                prose.counted("dataset", len(group), language),
                _cards(source, group, language, root),
            )
            for anchor, illustrative, group in (("real", False, real), ("illustrative", True, invented))
            if group
        ),
    }


def _plan(source: Edition, ordered: list[Dataset], chosen: Shelf | None, language: Language) -> Markup:
    """What the script narrows the list by: of each value, in their order on the page, its code and its entries."""
    places = {dataset.name: place for place, dataset in enumerate(ordered)}
    every = [shelf for facet in facets(source, language) for shelf in facet.shelves]
    return explorer.block(
        {
            "chosen": chosen.code if chosen else None,
            "shelves": [[each.code, [] if chosen else [places[one.name] for one in each.datasets]] for each in every],
            "whole": words.label("catalogue.whole", language),
            "some": words.label("catalogue.some", language, count="{count}", all="{all}"),
        }
    )


def _cards(source: Edition, datasets: Iterable[Dataset], language: Language, root: str) -> tuple[Card, ...]:
    return tuple(card(source, dataset, language, root) for dataset in datasets)


# --- ways to narrow the catalogue -------------------------------------------------------------------------


@lru_cache(maxsize=4)
def facets(source: Edition, language: Language) -> tuple[Facet, ...]:
    """Topic, publisher, year, format and status, with the values that some dataset has."""
    found = {
        "topic": _by_topic(source, language),
        "publisher": _by_publisher(source, language),
        "year": _by_year(source, language),
        "format": _by_format(source, language),
        "status": _by_status(source, language),
    }
    return tuple(
        Facet(name=name, title=words.label(f"facet.{name}", language), shelves=shelves)
        for name, shelves in ((name, tuple(each)) for name, each in found.items())
        if shelves
    )


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


def _by_year(source: Edition, language: Language) -> Iterator[Shelf]:
    """The datasets with rows about a year, the latest first."""
    members: dict[str, list[Dataset]] = defaultdict(list)
    for dataset in source.datasets:
        for year in figures.years(source, dataset):
            members[year].append(dataset)
    for year in sorted(members, reverse=True):
        yield _shelf(f"year-{year}", prose.literal(year, language), members[year], language)


def _by_format(source: Edition, language: Language) -> Iterator[Shelf]:
    members: dict[str, list[Dataset]] = defaultdict(list)
    for dataset in source.datasets:
        types = {file.media_type for table in edition.published(dataset) for file in source.files(dataset, table)}
        for form in sorted({_FORMATS[each] for each in types if each in _FORMATS}):
            members[form].append(dataset)
    for form in _FORMATS.values():
        if form in members:
            title = prose.literal(words.label(f"format.{form}", language), language)
            yield _shelf(f"format-{form}", title, members[form], language)


def _by_status(source: Edition, language: Language) -> Iterator[Shelf]:
    members = {
        "real": [dataset for dataset in source.datasets if not dataset.illustrative],
        "illustrative": [dataset for dataset in source.datasets if dataset.illustrative],
        "overdue": list(filter(source.overdue, source.datasets)),
        "problems": list(filter(source.findings, source.datasets)),
    }
    for state in _STATES:
        if members[state]:
            title = prose.literal(words.label(f"status.{state}", language), language)
            yield _shelf(f"status-{state}", title, members[state], language)


def _shelf(code: str, title: prose.Phrase, members: list[Dataset], language: Language) -> Shelf:
    return Shelf(code=code, title=title, datasets=tuple(members), count=words.number(len(members), language))


def _anchor(title: Text) -> str:
    """An address that is the same in every language and needs no transliteration."""
    return "publisher-" + hashlib.sha256(repr(title.values).encode()).hexdigest()[:8]


# --- one dataset in a list --------------------------------------------------------------------------------


def card(source: Edition, dataset: Dataset, language: Language, root: str) -> Card:
    """``dataset`` for a list on a page from which ``root`` leads to the top of the site."""
    changed = source.changed(dataset) or dataset.created
    tables = edition.published(dataset)
    years = figures.years(source, dataset)
    return Card(
        href=address(dataset, language, root),
        title=name_of(dataset, language),
        summary=prose.summary(dataset.description, language, disclaimed=dataset.illustrative),
        publisher=prose.phrase(dataset.publisher.title, language) if dataset.publisher else None,
        changed=words.label("card.changed", language, day=words.day(changed, language)) if changed else None,
        tables=prose.counted("table", len(tables), language),
        rows=prose.counted("row", sum(map(source.rows, tables)), language),
        years="–".join(dict.fromkeys((years[0], years[-1]))) if years else None,
        illustrative=dataset.illustrative,
        overdue=source.overdue(dataset),
    )


def name_of(dataset: Dataset, language: Language) -> prose.Phrase:
    """The title of a dataset, else its identifier."""
    return prose.phrase(dataset.title, language) or prose.literal(dataset.name, language)


def rank(name: str, language: Language) -> tuple[str, ...]:
    """What a name is sorted by among others in ``language``."""
    return pinyin.key(name) if language == "zh" else (name.casefold(), name)


def link(dataset: Dataset, language: Language, root: str) -> Item:
    """A link to the page of ``dataset``."""
    return Item(phrase=name_of(dataset, language), href=address(dataset, language, root))


def address(dataset: Dataset, language: Language, root: str) -> str:
    """Where the page of ``dataset`` lies."""
    return f"{root}{language}/datasets/{dataset.name}/"
