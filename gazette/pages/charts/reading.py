"""What a view reads of its table: the rows it asks for, and what their cells are called in the language of the page.

Rows come from the published CSV, so a chart can only show what a reader can download.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from gazette import words
from gazette.model import Dataset, Field, ForeignKey, Language, Resource, Text
from gazette.pages import prose
from gazette.pages.edition import Edition

BLANK = "—"
_PLAIN = range(-12, 16)
"""Orders of magnitude in which a number is written out; others are shown as the file has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A text on a chart, with its BCP 47 tag where it is not in the language of the page."""

    text: str
    lang: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number as the cell has it, with its digits grouped; ``value`` is ``None`` where the cell states none."""

    value: Decimal | None
    text: str


@dataclass(kw_only=True)
class Rows:
    """The rows of one table that a view shows."""

    source: Edition
    dataset: Dataset
    resource: Resource
    language: Language
    rows: Sequence[Mapping[str, str]] = ()
    names: dict[str, Mapping[str, Text]] = field(default_factory=dict)
    """Per field that is a key into another table, what the keys are called there."""

    def __iter__(self) -> Iterator[Mapping[str, str]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def having(self, where: Mapping[str, Any]) -> Rows:
        """Those rows whose cells are what ``where`` says: per field a value, or a list of them."""
        wanted = {name: set(map(_written, each if isinstance(each, list) else [each])) for name, each in where.items()}
        kept = [row for row in self.rows if all(row.get(name, "") in values for name, values in wanted.items())]
        return self.only(kept)

    def only(self, rows: Sequence[Mapping[str, str]]) -> Rows:
        """The same table with fewer rows."""
        return Rows(
            source=self.source,
            dataset=self.dataset,
            resource=self.resource,
            language=self.language,
            rows=rows,
            names=self.names,
        )

    def field(self, name: str) -> Field | None:
        """A field by name; for the common part of a text pair the column in the language of the page."""
        fields = {each.name: each for each in self.resource.schema.fields} if self.resource.schema else {}
        return fields.get(name) or fields.get(f"{name}_{self.language}")

    def title(self, name: str) -> Label:
        """What a column is called."""
        found = self.field(name)
        return named(found.title if found else Text(), name, self.language)

    def unit(self, name: str) -> str:
        """What the numbers of a column count; empty where nobody has said."""
        found = self.field(name)
        return (found.unit.get(self.language) or "") if found else ""

    def figure(self, row: Mapping[str, str], name: str) -> Figure:
        """The number in a cell."""
        return figure(row.get(name, ""))

    def order(self, name: str) -> tuple[str, ...]:
        """The values of a column in the order of its categories, else of the rows."""
        found = self.field(name)
        present = dict.fromkeys(row.get(name, "") for row in self.rows)
        stated = [each.value for each in found.categories] if found else []
        return (*(value for value in stated if value in present), *(value for value in present if value not in stated))

    def label(self, row: Mapping[str, str], name: str) -> Label:
        """What a cell says, by the label of its code or the name of what its key names."""
        if name not in row:
            pair = Text(values=tuple((tag, row[key]) for tag in words.LANGUAGES if row.get(key := f"{name}_{tag}")))
            return named(pair, BLANK, self.language)
        return self.called(name, row[name])

    def called(self, name: str, value: str) -> Label:
        """What ``value`` stands for in a column."""
        found = self.field(name)
        label = next((each.label for each in found.categories if each.value == value), None) if found else None
        if not label:
            label = self.names_of(name).get(value)
        if label:
            return named(label, value, self.language)
        return Label(text=value or BLANK, lang=prose.spoken(value, name, self.language, self.dataset.languages))

    def names_of(self, name: str) -> Mapping[str, Text]:
        """What the keys in a column are called in the table they point to."""
        if name not in self.names:
            keys = self.resource.schema.foreign_keys if self.resource.schema else ()
            key = next((each for each in keys if each.fields == (name,)), None)
            self.names[name] = dict(_named(self, key)) if key else {}
        return self.names[name]

    def target(self, name: str) -> Rows | None:
        """The table that a column names rows of."""
        keys = self.resource.schema.foreign_keys if self.resource.schema else ()
        key = next((each for each in keys if each.fields == (name,)), None)
        there = _there(self, key) if key else None
        return read(self.source, *there, self.language) if there else None


def read(source: Edition, dataset: Dataset, resource: Resource, language: Language) -> Rows:
    """All rows of a table as it is published; none where it is not published as CSV."""
    path = next((file.path for file in source.files(dataset, resource) if file.media_type == "text/csv"), None)
    rows: list[dict[str, str]] = []
    if path is not None:
        csv.field_size_limit(sys.maxsize)  # the gate has let the cell pass; the module's own limit is 128 KiB
        with (source.stage / path).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    return Rows(source=source, dataset=dataset, resource=resource, language=language, rows=rows)


def figure(cell: str) -> Figure:
    """``cell`` as a number; exact, with the decimals it has."""
    try:
        value = Decimal(cell)
    except InvalidOperation:
        return Figure(value=None, text=cell or BLANK)
    if not value.is_finite():
        return Figure(value=None, text=cell)
    return Figure(value=value, text=written(value))


def written(value: Decimal) -> str:
    """A number with all its decimals; English and Chinese group digits alike."""
    return f"{value:,f}".replace("-", "−") if value.adjusted() in _PLAIN else str(value)


def named(text: Text, other: str, language: Language) -> Label:
    """``text`` in the language of the page or the nearest; ``other`` where nobody has written it."""
    found = text.nearest(language)
    if found is None:
        return Label(text=other)
    tag, value = found
    return Label(text=value, lang=None if tag == language else words.BCP47.get(tag, tag))


def _written(value: object) -> str:
    """A value of a descriptor as the cell has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _there(rows: Rows, key: ForeignKey) -> tuple[Dataset, Resource] | None:
    dataset = rows.source.named.get(key.dataset) if key.dataset else rows.dataset
    found = [each for each in dataset.resources if each.name == (key.resource or rows.resource.name)] if dataset else []
    return (dataset, found[0]) if dataset and found else None


def _named(rows: Rows, key: ForeignKey) -> Iterator[tuple[str, Text]]:
    """What the rows of another table are called: by their names; a report without one by its unit and year."""
    there = _there(rows, key)
    if there is None:
        return
    found = read(rows.source, *there, rows.language)
    columns = [(tag, there[1].naming(tag)) for tag in words.LANGUAGES]
    named = any(name for _, name in columns)
    for row in found:
        values = tuple((tag, row[name]) for tag, name in columns if name and row.get(name))
        if not named and row.get("unit_id") and row.get("year"):
            units = found.names_of("unit_id").get(row["unit_id"], Text(values=((rows.language, row["unit_id"]),)))
            values = tuple(
                (tag, words.label("form.title", tag, unit=unit, year=row["year"])) for tag, unit in units.values
            )
        if values:
            yield row[key.reference_fields[0]], Text(values=values)
