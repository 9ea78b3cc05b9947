"""The page of one dataset."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from markupsafe import Markup

from gazette import words
from gazette.model import (
    Artifact,
    Dataset,
    Field,
    Finding,
    ForeignKey,
    Language,
    Party,
    Resource,
    Schema,
    Source,
    Text,
)
from gazette.pages import frame, listing, prose
from gazette.pages.edition import Edition

SHOWN_ROWS = 20
"""Rows of a table that its page shows."""

SHOWN_CHARACTERS = 300
"""Characters of a cell that the page shows; the download has them all."""

SHORT = 24
"""A cell of at most this many ASCII characters is a code, a date or a name, and stands on one line."""

SHOWN_PLACES = 5
"""Places named for each kind of problem."""

_NUMERIC = frozenset({"integer", "number"})
_RULES = (
    "required",
    "unique",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "pattern",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A text that may lead somewhere."""

    phrase: prose.Phrase
    href: str | None = None
    detail: prose.Phrase | None = None
    code: bool = False

    @property
    def outside(self) -> bool:
        """Whether it leads out of the site."""
        return self.href is not None and self.href.startswith("http")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of what is known about the dataset; no items where nobody has stated it."""

    label: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """One file to take away."""

    href: str
    name: str
    format: str
    size: str
    rows: str | None
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A constraint in words; ``value`` is shown as code after them."""

    words: str
    value: prose.Phrase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One line of the data dictionary, and one head of the table."""

    name: prose.Phrase
    title: prose.Phrase | None
    description: Markup
    type: str
    unit: prose.Phrase | None
    rules: tuple[Rule, ...]
    values: tuple[tuple[prose.Phrase, prose.Phrase | None], ...]
    values_label: str
    look: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One value, as the file has it."""

    text: Markup
    lang: str | None
    label: prose.Phrase | None
    """What the code in the cell stands for."""
    look: str
    """Its class: figures stand to the right, short codes and dates do not break."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Fields that name a row, and where they lead."""

    label: str
    fields: tuple[prose.Phrase, ...]
    target: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of the dataset, published or left out."""

    anchor: str
    title: prose.Phrase
    name: str
    description: Markup
    count: str
    omitted: tuple[str, ...]
    """Why it is not published, in sentences; empty where it is."""
    columns: tuple[Column, ...]
    keys: tuple[Key, ...]
    heads: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    showing: str
    downloads: tuple[Download, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One kind of finding of the dataset."""

    cases: tuple[tuple[prose.Phrase, prose.Phrase], ...]
    """What is wrong, and where."""
    more: str | None
    """How many are not listed."""


def view(source: Edition, dataset: Dataset, language: Language, root: str) -> Mapping[str, object]:
    """What the page of ``dataset`` shows; ``root`` leads from it to the top of the site."""
    tables = tuple(_table(source, dataset, resource, language, root) for resource in dataset.resources)
    return {
        "tag": words.BCP47[language],
        "title": listing.name_of(dataset, language),
        "description": prose.prose(dataset.description, language),
        "illustrative": dataset.illustrative,
        "facts": tuple(_facts(source, dataset, language, root)),
        "sources": tuple(_source(entry, language) for entry in dataset.sources),
        "downloads": tuple(_download(file, language, root) for file in source.files(dataset)),
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
        "facts.keywords": [Item(phrase=prose.literal(keyword, language)) for keyword in dataset.keywords],
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
        named = prose.literal(licence.name or licence.path or "—", language)
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


# --- its tables -------------------------------------------------------------------------------------------


def _table(source: Edition, dataset: Dataset, resource: Resource, language: Language, root: str) -> Table:
    files = source.files(dataset, resource)
    fields = resource.schema.fields if resource.schema else ()
    primary = resource.schema.primary_key if resource.schema else ()
    columns = tuple(_column(field, primary, language) for field in fields)
    total = source.rows(resource)
    heads, rows = _preview(source.stage, files, dataset, columns, language)
    return Table(
        anchor=f"table-{resource.slug}",
        title=prose.phrase(resource.title, language) or prose.literal(resource.name, language),
        name=resource.name,
        description=prose.prose(resource.description, language),
        count=prose.counted("row", total, language),
        omitted=_reason(source, resource, language),
        columns=columns,
        keys=tuple(_keys(source, resource.schema, dataset, language, root)) if resource.schema else (),
        heads=heads,
        rows=rows,
        showing=_showing(len(rows), total, language),
        downloads=tuple(_download(file, language, root) for file in files),
    )


def _showing(shown: int, total: int, language: Language) -> str:
    if not shown:
        return words.label("table.empty", language)
    key = "table.showing" if shown < total else "table.all"
    return words.label(key, language, shown=words.number(shown, language), total=words.number(total, language))


def _reason(source: Edition, resource: Resource, language: Language) -> tuple[str, ...]:
    if resource.omitted is None:
        return ()
    causes = (
        words.message(finding, language).what
        for finding in source.report.findings
        if (finding.code, finding.dataset, finding.resource) == (resource.omitted, resource.dataset, resource.name)
    )
    return (words.label("omitted.text", language), *islice(causes, 1))


def _download(file: Artifact, language: Language, root: str) -> Download:
    path = PurePosixPath(file.path)
    return Download(
        href=root + file.path,
        name=path.name,
        format=path.suffix.lstrip(".").upper(),
        size=prose.size(file.bytes, language),
        rows=prose.counted("row", file.rows, language) if file.rows is not None else None,
        sha256=file.sha256,
    )


def _preview(
    stage: Path, files: tuple[Artifact, ...], dataset: Dataset, columns: tuple[Column, ...], language: Language
) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...]]:
    """The heads and first rows of the published CSV; nothing where the table is not published as one."""
    path = next((stage / file.path for file in files if file.media_type == "text/csv"), None)
    if path is None:
        return (), ()
    csv.field_size_limit(sys.maxsize)  # the gate has let the cell pass; the module's own limit is 128 KiB
    with path.open(encoding="utf-8", newline="") as file:
        header, *records = islice(csv.reader(file), SHOWN_ROWS + 1)
    described = {column.name.text: column for column in columns}
    heads = tuple(described.get(name) or _undescribed(name, language) for name in header)
    return heads, tuple(
        tuple(_cell(value, head, dataset, language) for head, value in zip(heads, record, strict=True))
        for record in records
    )


def _cell(value: str, head: Column, dataset: Dataset, language: Language) -> Cell:
    short = value if len(value) <= SHOWN_CHARACTERS else value[:SHOWN_CHARACTERS] + "…"
    lang = prose.spoken(short, head.name.text, language, dataset.languages)
    return Cell(
        text=prose.marked(short, "zh" if lang == words.BCP47["zh"] else language),
        lang=lang,
        label=next((label for code, label in head.values if code.text == value), None),
        look=head.look or ("g-short" if value.isascii() and len(value) <= SHORT else ""),
    )


def _undescribed(name: str, language: Language) -> Column:
    return Column(
        name=prose.literal(name, language),
        title=None,
        description=Markup(),
        type="",
        unit=None,
        rules=(),
        values=(),
        values_label="",
        look="",
    )


def _column(field: Field, primary: tuple[str, ...], language: Language) -> Column:
    enum = field.constraints.get("enum", ()) if not field.categories else ()
    values = [(prose.literal(entry.value, language), prose.phrase(entry.label, language)) for entry in field.categories]
    values += [(prose.literal(_written(value), language), None) for value in enum]
    return Column(
        name=prose.literal(field.name, language),
        title=prose.phrase(field.title, language),
        description=prose.prose(field.description, language),
        type=prose.known("type", field.type, language),
        unit=prose.phrase(field.unit, language),
        rules=tuple(_rules(field, primary, language)),
        values=tuple(values),
        values_label=words.label("column.values", language, count=words.number(len(values), language)),
        look="g-number" if field.type in _NUMERIC else "",
    )


def _rules(field: Field, primary: tuple[str, ...], language: Language) -> Iterator[Rule]:
    """The constraints of Table Schema v2 ("Field constraints") and the format, in words."""
    if field.name in primary:
        yield Rule(words=words.label("rule.primary", language))
    for name in _RULES:
        value = field.constraints.get(name)
        if value is True:
            yield Rule(words=words.label(f"rule.{name}", language))
        elif value is not None and value is not False:
            yield Rule(words=words.label(f"rule.{name}", language), value=prose.literal(_written(value), language))
    if field.format != "default":
        yield Rule(words=words.label("rule.format", language), value=prose.literal(field.format, language))


def _written(value: object) -> str:
    return ", ".join(map(_written, value)) if isinstance(value, list) else str(value)


def _keys(source: Edition, schema: Schema, dataset: Dataset, language: Language, root: str) -> Iterator[Key]:
    if schema.primary_key:
        yield Key(label=words.label("key.primary", language), fields=_names(schema.primary_key, language))
    for key in schema.foreign_keys:
        target = tuple(_target(source, key, dataset, language, root))
        yield Key(label=words.label("key.foreign", language), fields=_names(key.fields, language), target=target)


def _names(fields: tuple[str, ...], language: Language) -> tuple[prose.Phrase, ...]:
    return tuple(prose.literal(name, language) for name in fields)


def _target(source: Edition, key: ForeignKey, dataset: Dataset, language: Language, root: str) -> Iterator[Item]:
    """Dataset, table and fields a foreign key names, each with its address where this site has it."""
    there = source.named.get(key.dataset) if key.dataset else dataset
    page = f"{root}{language}/datasets/{there.name}/" if there and key.dataset else ""
    if key.dataset:
        title = listing.name_of(there, language) if there else prose.literal(key.dataset, language)
        yield Item(phrase=title, href=page or None)
    table = next((entry for entry in there.resources if entry.name == key.resource), None) if there else None
    if table:
        shown = prose.phrase(table.title, language) or prose.literal(table.name, language)
        yield Item(phrase=shown, href=f"{page}#table-{table.slug}")
    elif key.resource:
        yield Item(phrase=prose.literal(key.resource, language))
    else:
        yield Item(phrase=prose.literal(words.label("key.same", language), language))
    yield from (Item(phrase=prose.literal(name, language), code=True) for name in key.reference_fields)


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
