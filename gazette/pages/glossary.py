"""The glossary in both directions, from the dataset of that kind."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from gazette import words
from gazette.model import Dataset, Language
from gazette.pages import edition, listing, pinyin, prose
from gazette.pages.edition import Edition

KIND = "glossary"
"""``gazette.kind`` of the dataset the page is made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One rendering: what is looked up, what it is in the other language, and what to mind."""

    head: Markup
    other: Markup
    also: Markup | None
    note: Markup | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """All terms in the order of one language."""

    anchor: str
    title: str
    tag: str
    """The language the terms are looked up in."""
    other: str
    letters: tuple[tuple[str, str, tuple[Term, ...]], ...]
    """Letter, anchor, and what stands under it."""


def view(source: Edition, language: Language, root: str) -> Mapping[str, object]:
    """What the page shows: from the language of the page first."""
    dataset = next((each for each in source.datasets if each.kind == KIND), None)
    rows = tuple(_rows(source, dataset)) if dataset else ()
    first = (language, *(other for other in words.LANGUAGES if other != language))
    return {
        "dataset": listing.link(dataset, language, root) if dataset else None,
        "directions": tuple(_direction(rows, tag, language) for tag in first) if rows else (),
    }


def _rows(source: Edition, dataset: Dataset) -> Iterator[Mapping[str, str]]:
    for resource in edition.published(dataset):
        path = next(
            (file.path for file in source.files(dataset, resource) if file.path.endswith(f"/{resource.slug}.csv")), None
        )
        known = {field.name for field in resource.schema.fields} if resource.schema else set()
        if path and {"term_zh", "term_en"} <= known:
            with (source.stage / path).open(encoding="utf-8", newline="") as file:
                yield from csv.DictReader(file)


def _direction(rows: tuple[Mapping[str, str], ...], tag: Language, language: Language) -> Direction:
    other = next(each for each in words.LANGUAGES if each != tag)
    heads = sorted(_heads(rows, tag), key=lambda pair: listing.rank(pair[0], tag))
    groups = groupby(heads, key=lambda pair: _letter(pair[0], tag))
    return Direction(
        anchor=f"from-{tag}",
        title=words.label(f"glossary.from.{tag}", language),
        tag=words.BCP47[tag],
        other=words.BCP47[other],
        letters=tuple(
            (
                letter,
                f"from-{tag}-{_part(letter)}",
                tuple(_term(head, row, tag, other, language) for head, row in members),
            )
            for letter, members in groups
        ),
    )


def _letter(head: str, tag: Language) -> str:
    return pinyin.initial(head) if tag == "zh" else head[:1].upper()


def _part(letter: str) -> str:
    """``letter`` as part of an address; ``#`` would begin another."""
    return letter.lower() if letter.isalnum() else f"{ord(letter):x}"


def _heads(rows: tuple[Mapping[str, str], ...], tag: Language) -> Iterator[tuple[str, Mapping[str, str]]]:
    """What a reader may look up; in English also the renderings met elsewhere."""
    for row in rows:
        yield row[f"term_{tag}"], row
        for also in (row.get(f"also_{tag}") or "").split(";"):
            if also.strip():
                yield also.strip(), row


def _term(head: str, row: Mapping[str, str], tag: Language, other: Language, language: Language) -> Term:
    preferred = head == row[f"term_{tag}"]
    note, also = row.get(f"note_{language}"), row.get(f"also_{other}")
    if not preferred:
        explained: Markup | None = _see(row[f"term_{tag}"], tag, language)
    else:
        explained = prose.marked(note, language) if note else None
    return Term(
        head=prose.marked(head, tag),
        other=prose.marked(row[f"term_{other}"], other),
        also=prose.marked(also, other) if also and preferred else None,
        note=explained,
    )


def _see(preferred: str, tag: Language, language: Language) -> Markup:
    term = Markup('<span lang="{}">{}</span>').format(words.BCP47[tag], prose.marked(preferred, tag))
    before, _, after = words.label("glossary.see", language, term="\n").partition("\n")
    return Markup("{}{}{}").format(before, term, after)
