"""The page about translations: how far every dataset exists in each language of the site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from gazette import words
from gazette.model import TRANSLATION_STATUS, Coverage, Dataset, Language, Text, Translation
from gazette.pages import listing, prose
from gazette.pages.edition import Edition
from gazette.pages.prose import Item

_STATES = ("complete", "abridged", "identical", "foreign", "stale", "missing")
"""In the order of the bar, from what is well to what is not there."""

_WIDTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a bar, in hundredths of its length."""

    state: str
    start: str
    width: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One dataset in one language."""

    dataset: Item
    bar: tuple[Part, ...]
    percent: str
    texts: str
    gaps: tuple[str, ...]
    """What is not complete, in words; empty where everything is."""
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One language."""

    anchor: str
    title: str
    summary: str
    groups: tuple[tuple[str | None, tuple[Line, ...]], ...]
    """Datasets with their heading; real ones have none and stand first."""


def view(source: Edition, language: Language, root: str) -> Mapping[str, object]:
    """What the page shows; ``root`` leads from it to the top of the site."""
    status = source.named.get(TRANSLATION_STATUS)
    return {
        "sections": tuple(_section(source, each, language, root) for each in source.settings.site.languages)
        if source.report.coverage
        else (),
        "states": tuple((state, words.label(f"coverage.{state}", language)) for state in _STATES),
        "data": f"{root}{language}/datasets/{status.name}/" if status else None,
    }


def origins(dataset: Dataset, language: Language) -> Iterator[Item]:
    """Where the translations of ``dataset`` come from, in sentences; tables that differ are named."""
    for each in dataset.translations:
        yield _origin(each, None, language)
    for resource in dataset.resources:
        for each in resource.translations:
            if each not in dataset.translations:
                yield _origin(each, resource.title or Text(values=((language, resource.name),)), language)


def _origin(each: Translation, table: Text | None, language: Language) -> Item:
    facts = {
        "name": words.label(f"coverage.language.{each.language}", language),
        "origin": words.label(f"coverage.origin.{each.origin}", language),
    }
    text = words.label("coverage.origin", language, **facts)
    if table:
        named = prose.phrase(table, language)
        text = words.label("coverage.origin.table", language, table=named.text if named else "", text=text)
    source = prose.phrase(each.source, language)
    return Item(
        phrase=prose.literal(text, language), href=prose.web_address(source.text) if source else None, detail=source
    )


def _section(source: Edition, each: Language, language: Language, root: str) -> Section:
    rows = [row for row in source.report.coverage if row.language == each and row.dataset in source.named]
    real, shown = ([row for row in rows if source.named[row.dataset].illustrative is kind] for kind in (False, True))
    complete, texts = sum(row.complete for row in real), sum(row.texts for row in real)
    facts = {"complete": complete, "texts": texts, "datasets": len(real)}
    heading = words.label("coverage.illustrative", language)
    return Section(
        anchor=f"in-{each}",
        title=words.label(f"coverage.in.{each}", language),
        summary=words.label(
            "coverage.summary",
            language,
            percent=_percent(complete, texts, language),
            **{name: words.number(count, language) for name, count in facts.items()},
        ),
        groups=tuple(
            (title, tuple(_line(source, row, language, root) for row in group))
            for title, group in ((None, real), (heading, shown))
            if group
        ),
    )


def _line(source: Edition, row: Coverage, language: Language, root: str) -> Line:
    dataset = source.named[row.dataset]
    gaps = ((state, getattr(row, state)) for state in _STATES[1:])
    return Line(
        dataset=Item(phrase=listing.name_of(dataset, language), href=f"{root}{language}/datasets/{dataset.name}/"),
        bar=tuple(_bar(row)),
        percent=_percent(row.complete, row.texts, language),
        texts=words.number(row.texts, language),
        gaps=tuple(
            words.label("coverage.gap", language, state=words.label(f"coverage.{state}", language), count=count)
            for state, count in gaps
            if count
        ),
        origin=words.label(f"coverage.origin.{row.origin}", language) if row.origin else "—",
    )


def _bar(row: Coverage) -> Iterator[Part]:
    start = Decimal(0)
    for state in _STATES:
        count = getattr(row, state)
        if count:
            width = (Decimal(_WIDTH) * count / row.texts).quantize(Decimal("0.01"))
            yield Part(state=state, start=str(start), width=str(width))
            start += width


def _percent(count: int, total: int, language: Language) -> str:
    """A share to one decimal; nothing incomplete is called 100 percent."""
    if not total:
        return "—"
    share = (Decimal(_WIDTH) * count / total).quantize(Decimal("0.1"), ROUND_HALF_UP)
    share = share if count == total else min(share, Decimal("99.9"))
    return words.label("coverage.percent", language, number=words.number(float(share), language))
