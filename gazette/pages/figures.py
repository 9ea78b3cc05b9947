"""The few figures a reader wants before anything else, counted from the cells that were published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from gazette import words
from gazette.model import Dataset, Field, Language, Measure
from gazette.pages import edition, prose
from gazette.pages.edition import Edition

_PERIODS = frozenset({"year", "yearmonth"})
"""Types of columns that say which time a row is about; a date may also say when something was printed."""


def of(source: Edition, dataset: Dataset, language: Language) -> Iterator[tuple[str, str]]:
    """Figure and noun, for ``dataset``; what its cells do not say is left out."""
    tables = edition.published(dataset)
    if not tables:
        return
    rows = sum(map(source.rows, tables))
    yield words.number(rows, language), prose.noun("row", rows, language)
    if len(tables) > 1:
        yield words.number(len(tables), language), prose.noun("table", len(tables), language)
    if covered := years(source, dataset):
        ends = tuple(dict.fromkeys((covered[0], covered[-1])))
        yield "–".join(ends), words.label("figure.period", language)
    newest = _newest(source, dataset)
    # A date of printing says little about rows that speak of later years.
    if newest and (not covered or str(newest.year) >= min(covered[-1], str(source.as_of and source.as_of.year))):
        yield words.day(newest, language), words.label("figure.newest", language)
    if units := source.named_units.get(dataset.name):
        yield words.number(units, language), prose.noun("unit", units, language)


def years(source: Edition, dataset: Dataset) -> tuple[str, ...]:
    """The calendar years its rows are about: those of its periods, else those of its dates."""
    measures = tuple(_dated(source, dataset))
    periods = [measure for field, measure in measures if field.type in _PERIODS]
    chosen = periods or [measure for _, measure in measures]
    return tuple(sorted({year for measure in chosen for year in measure.years}))


def _newest(source: Edition, dataset: Dataset) -> date | None:
    """The newest day its cells name; columns that look beyond today hold deadlines and are passed over."""
    today = source.as_of.isoformat() if source.as_of else ""
    ends = [measure.greatest or "" for field, measure in _dated(source, dataset) if field.type == "date"]
    newest = max((day for day in ends if day <= today), default="")
    return date.fromisoformat(newest) if newest else None


def _dated(source: Edition, dataset: Dataset) -> Iterator[tuple[Field, Measure]]:
    for resource in edition.published(dataset):
        measures = source.measures(resource)
        for field in resource.schema.fields if resource.schema else ():
            measure = measures.get(field.name)
            if measure and measure.years:
                yield field, measure
