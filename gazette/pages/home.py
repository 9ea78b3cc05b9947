"""The home page: what the site is, what is new, what is late, how good it is, and the ways in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from gazette import words
from gazette.model import Dataset, Language, Unit
from gazette.pages import edition, listing, prose, quality
from gazette.pages.edition import Edition
from gazette.pages.prose import Item

NEWEST = 6
"""Datasets shown on the home page."""

_LATE = 10
"""Overdue datasets named on the home page."""

_YEARS = 22
"""Years named on the home page: the latest."""

_UNITS = 8
"""Units named on the home page: those most rows speak of."""


def view(source: Edition, language: Language, root: str) -> Mapping[str, object]:
    """What the home page shows; ``root`` leads from it to the top of the site."""
    real = [dataset for dataset in source.datasets if not dataset.illustrative]
    newest = sorted(real or source.datasets, key=lambda dataset: (_recency(source, dataset), dataset.name))[:NEWEST]
    dated = any(source.changed(dataset) or dataset.created for dataset in source.datasets)
    late = sorted(filter(source.overdue, real), key=lambda dataset: (source.due(dataset) or date.max, dataset.name))
    facets = {facet.name: facet for facet in listing.facets(source, language)}
    years = facets["year"].shelves if "year" in facets else ()
    return {
        "search": f"{root}{language}/search/" if ("search", language) in source.kinds else None,
        "figures": _figures(source, language),
        "newest": tuple(listing.card(source, dataset, language, root) for dataset in newest),
        "heading": words.label("home.newest" if dated else "home.datasets", language),
        "late": tuple(_late(source, dataset, language, root) for dataset in late[:_LATE]),
        "more_late": f"{root}{language}/catalogue/status-overdue/" if len(late) > _LATE else None,
        "checked": tuple(quality.glance(source, language)),
        "read": tuple(_translated(source, each, language) for each in source.settings.site.languages),
        "quality": f"{root}{language}/quality/",
        "coverage": f"{root}{language}/coverage/",
        "topics": facets["topic"].shelves if "topic" in facets else (),
        "years": years[:_YEARS],
        "more_years": len(years) > _YEARS,
        "units": tuple(_unit(unit, language, root) for unit in _spoken_of(source)),
        "all_units": f"{root}{language}/units/" if source.units else None,
        "catalogue": f"{root}{language}/catalogue/",
    }


def _recency(source: Edition, dataset: Dataset) -> int:
    return -(source.changed(dataset) or dataset.created or date.min).toordinal()


def _figures(source: Edition, language: Language) -> tuple[tuple[str, str], ...]:
    """What is published, without what is invented; with nothing else, that too."""
    real = [dataset for dataset in source.datasets if not dataset.illustrative]
    tables = [table for dataset in real for table in edition.published(dataset)]
    counts = {"dataset": len(real), "table": len(tables), "row": sum(map(source.rows, tables))}
    counts |= {"example": len(source.datasets) - len(real)} if len(real) < len(source.datasets) else {}
    return tuple((words.number(count, language), prose.noun(name, count, language)) for name, count in counts.items())


def _late(source: Edition, dataset: Dataset, language: Language, root: str) -> Item:
    due = source.due(dataset)
    text = words.label("home.due", language, day=words.day(due, language)) if due else ""
    return Item(
        phrase=listing.name_of(dataset, language),
        href=listing.address(dataset, language, root),
        detail=prose.literal(text, language),
    )


def _translated(source: Edition, each: Language, language: Language) -> tuple[str, str]:
    """How much of the real datasets can be read in a language, rounded down: 100 % is said of all alone."""
    rows = [row for row in source.report.coverage if row.language == each]
    rows = [row for row in rows if row.dataset in source.named and not source.named[row.dataset].illustrative]
    complete, texts = sum(row.complete for row in rows), sum(row.texts for row in rows)
    share = words.number(complete * 100 // texts, language) if texts else "—"
    return words.label("coverage.percent", language, number=share), words.label(f"home.read.{each}", language)


def _spoken_of(source: Edition) -> list[Unit]:
    real = [unit for unit in source.units if not unit.illustrative and unit.mentions]
    return sorted(real, key=lambda unit: (-sum(mention.total for mention in unit.mentions), unit.id))[:_UNITS]


def _unit(unit: Unit, language: Language, root: str) -> Item:
    name = prose.phrase(unit.name, language) or prose.literal(unit.id, language)
    rows = prose.counted("row", sum(mention.total for mention in unit.mentions), language)
    return Item(phrase=name, href=f"{root}{language}/units/{unit.id}/", detail=prose.literal(rows, language))
