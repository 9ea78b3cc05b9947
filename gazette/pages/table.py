"""One table of a dataset: what its columns mean, what its keys point to, its first rows, its files."""

from __future__ import annotations

import csv
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from markupsafe import Markup

from gazette import script, words
from gazette.model import Artifact, Dataset, Field, ForeignKey, Language, Resource, Schema, Text
from gazette.pages import explorer, listing, prose
from gazette.pages.edition import Edition
from gazette.pages.prose import Item

SHOWN_ROWS = 20
"""Rows of a table that its page shows."""

SHOWN_CHARACTERS = 300
"""Characters of a cell that the page shows; the download has them all."""

_CODE = 24
"""A cell of at most this many ASCII characters is a code, a date or a name, and stands on one line."""

_WIDTHS = ((80, "g-long"), (28, "g-medium"))
"""From how many half-width characters on a column is given room, so that rows stay low."""

_WRITTEN = {script.SIMPLIFIED: "zh", script.TRADITIONAL: script.TRADITIONAL}
"""By the tag of a cell, the language its marks are made for."""

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
    """One line of the data dictionary."""

    name: prose.Phrase
    title: prose.Phrase | None
    description: Markup
    type: str
    unit: prose.Phrase | None
    rules: tuple[Rule, ...]
    values: tuple[tuple[prose.Phrase, prose.Phrase | None], ...]
    values_label: str
    labels: tuple[tuple[str, prose.Phrase], ...]
    """What its codes stand for."""
    numeric: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The head of one column of the rows shown."""

    name: prose.Phrase
    title: prose.Phrase | None
    look: str
    """Its class: figures stand to the right, long texts are given room."""


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
class Profile:
    """What the cells of one column are, counted over all rows."""

    ends: tuple[prose.Phrase, ...]
    """The least and the greatest value, once where they are the same; none where values have no order."""
    distinct: str
    blank: str | None
    """How many cells are blank; nothing where none is."""


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
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    showing: str
    profile: Mapping[str, Profile]
    """By the name of the column."""
    downloads: tuple[Download, ...]
    """What most readers want: the workbook, the canonical file, and that with labels in the language of the page."""
    others: tuple[Download, ...]
    unoffered: tuple[str, ...]
    """Why a format is missing among them, in sentences."""
    anchors: tuple[str, ...]
    """Of the rows shown, in their order; none where no key names them."""
    plan: Markup | None
    """What the script that explores the table needs to know."""


def view(source: Edition, dataset: Dataset, resource: Resource, language: Language, root: str) -> Table:
    """What the page of ``dataset`` shows of ``resource``; ``root`` leads from it to the top of the site."""
    files = source.files(dataset, resource)
    columns = described(resource, language)
    total = source.rows(resource)
    header, records = _first(source.stage, files)
    heads, rows = grid(header, records, columns, dataset, language)
    looks = {head.name.text: head.look for head in heads}
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
        showing=showing(len(rows), total, language),
        profile=_profile(source, resource, language),
        downloads=tuple(download(file, language, root) for file in files if _form(file) in _wanted(language)),
        others=tuple(download(file, language, root) for file in files if _form(file) not in _wanted(language)),
        unoffered=tuple(
            words.label(
                f"omission.{each.reason}",
                language,
                format=words.label(f"format.{each.form}", language),
                rows=words.number(total, language),
            )
            for each in source.unoffered(resource)
        ),
        anchors=tuple(explorer.anchors(resource, header, records)),
        plan=explorer.plan(source, dataset, resource, looks, language, root),
    )


def described(resource: Resource, language: Language) -> tuple[Column, ...]:
    """What the columns of a table mean; nothing where its schema says no more than their heads."""
    fields = resource.schema.fields if resource.schema and _says_something(resource.schema) else ()
    primary = resource.schema.primary_key if resource.schema else ()
    return tuple(_column(field, primary, language) for field in fields)


def _says_something(schema: Schema) -> bool:
    """Whether the schema tells a reader more than the heads of the columns do."""
    return any(field.type != "any" or field.title or field.description or field.constraints for field in schema.fields)


def showing(shown: int, total: int, language: Language) -> str:
    """How many of the rows of a table stand on the page."""
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


def download(file: Artifact, language: Language, root: str) -> Download:
    """``file`` for a page from which ``root`` leads to the top of the site."""
    return Download(
        href=root + file.path,
        name=PurePosixPath(file.path).name,
        format=words.label(f"format.{_form(file)}", language),
        size=prose.size(file.bytes, language),
        rows=prose.counted("row", file.rows, language) if file.rows is not None else None,
        sha256=file.sha256,
    )


def _form(file: Artifact) -> str:
    """What stands behind the name of the table."""
    return PurePosixPath(file.path).name.partition(".")[2]


def _wanted(language: Language) -> tuple[str, ...]:
    return ("xlsx", "csv", f"{language}.csv")


def _profile(source: Edition, resource: Resource, language: Language) -> Mapping[str, Profile]:
    return {
        name: Profile(
            ends=tuple(prose.literal(value, language) for value in dict.fromkeys((each.least, each.greatest)) if value),
            distinct=prose.counted("value", each.distinct, language),
            blank=words.label("column.blank", language, count=words.number(each.blank, language))
            if each.blank
            else None,
        )
        for name, each in source.measures(resource).items()
    }


def _first(stage: Path, files: tuple[Artifact, ...]) -> tuple[list[str], list[list[str]]]:
    """The header and first rows of the published CSV; nothing where the table is not published as one."""
    path = next((stage / file.path for file in files if file.media_type == "text/csv"), None)
    if path is None:
        return [], []
    csv.field_size_limit(sys.maxsize)  # the gate has let the cell pass; the module's own limit is 128 KiB
    with path.open(encoding="utf-8", newline="") as file:
        header, *records = islice(csv.reader(file), SHOWN_ROWS + 1)
    return header, records


def grid(
    header: Sequence[str],
    records: Sequence[Sequence[str]],
    columns: tuple[Column, ...],
    dataset: Dataset,
    language: Language,
    names: Mapping[str, Mapping[str, Text]] | None = None,
) -> tuple[tuple[Head, ...], tuple[tuple[Cell, ...], ...]]:
    """The heads and rows of a table of ``dataset``, as a page shows them; ``columns`` say what they mean.

    ``names`` tells what the keys into other tables are called there, per column.
    """
    described = {column.name.text: column for column in columns}
    heads = tuple(
        _head(name, described.get(name), [record[place] for record in records], language)
        for place, name in enumerate(header)
    )
    called = names or {}
    labels = [dict(described[name].labels) if name in described else {} for name in header]
    return heads, tuple(
        tuple(
            _cell(
                value, head, label.get(value) or _called(called.get(name, {}).get(value), language), dataset, language
            )
            for value, name, head, label in zip(record, header, heads, labels, strict=True)
        )
        for record in records
    )


def _called(name: Text | None, language: Language) -> prose.Phrase | None:
    return prose.phrase(name, language) if name else None


def _head(name: str, column: Column | None, values: list[str], language: Language) -> Head:
    longest = max(map(_width, values), default=0)
    look = next((look for width, look in _WIDTHS if longest >= width), "")
    return Head(
        name=prose.literal(name, language),
        title=column.title if column else None,
        look="g-number" if column and column.numeric else look,
    )


def _width(value: str) -> int:
    """The width of a text in half-width characters, up to what is shown (Unicode Standard Annex 11)."""
    if value.isascii():
        return len(value)
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in value[:SHOWN_CHARACTERS])


def _cell(value: str, head: Head, label: prose.Phrase | None, dataset: Dataset, language: Language) -> Cell:
    short = value if len(value) <= SHOWN_CHARACTERS else value[:SHOWN_CHARACTERS] + "…"
    lang = prose.spoken(short, head.name.text, language, dataset.languages)
    code = "g-short" if value.isascii() and len(value) <= _CODE else ""
    return Cell(
        text=prose.marked(short, _WRITTEN.get(lang or "", language)),
        lang=lang,
        label=label,
        look="g-number" if head.look == "g-number" else code,
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
        labels=tuple((value.text, label) for value, label in values if label),
        numeric=field.type in _NUMERIC,
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
