"""A table for the eyes of one language: titles for names, and the meaning of a code beside the code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import pyarrow as pa
import pyarrow.compute as pc

from gazette import tables, words
from gazette.exports.cells import FORMULA, Cells, Column
from gazette.model import Dataset, ForeignKey, Language, Resource, Slice


class Labels:
    """The labels of one table, read once for all languages."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._known: dict[Language, Mapping[str, Mapping[str, str]]] = {}

    def header(self, language: Language) -> list[str]:
        """The titles of the columns in ``language``, each once."""
        meanings = self._meanings(language)
        titles = []
        for column in self._cells.columns:
            title = self.title(column, language)
            titles.append(title)
            if column.field.name in meanings:
                titles.append(words.label("export.label", language, title=title))
        return unique(titles)

    def formulas(self, language: Language) -> bool:
        """Whether a spreadsheet would compute a cell, a title or a label of the table in ``language``."""
        texts = [
            *self.header(language),
            *(text for known in self._meanings(language).values() for text in known.values()),
        ]
        return any(column.formulas for column in self._cells.columns) or any(re.match(FORMULA, text) for text in texts)

    def rows(self, language: Language) -> Iterator[pa.RecordBatch]:
        """The rows as they were checked, with a column of labels behind each column of codes."""
        meanings = self._meanings(language)
        header = self.header(language)
        for batch in self._cells.raw:
            columns = []
            for name, values in zip(self._cells.names, batch.columns, strict=True):
                columns.append(values)
                if name in meanings:
                    columns.append(_looked_up(values, meanings[name]))
            yield pa.record_batch(columns, names=header)

    @staticmethod
    def title(column: Column, language: Language) -> str:
        """The title of ``column`` in ``language``, else in a language it has one in, else its name."""
        nearest = column.field.title.nearest(language)
        return nearest[1] if nearest else column.field.name

    def _meanings(self, language: Language) -> Mapping[str, Mapping[str, str]]:
        """Per field that holds codes, what each code means."""
        if language not in self._known:
            self._known[language] = self._read(language)
        return self._known[language]

    def _read(self, language: Language) -> Mapping[str, Mapping[str, str]]:
        found: dict[str, Mapping[str, str]] = {}
        for column in self._cells.columns:
            labels = {entry.value: entry.label.nearest(language) for entry in column.field.categories}
            if any(labels.values()):
                found[column.field.name] = {value: label[1] if label else "" for value, label in labels.items()}
        for name, named in self._references.items():
            if language in named:
                found.setdefault(name, named[language])
        return found

    @cached_property
    def _references(self) -> Mapping[str, Mapping[Language, Mapping[str, str]]]:
        """Per field that is a foreign key by itself and per language, the name of what each key refers to."""
        schema = self._cells.resource.schema
        return {
            key.fields[0]: names
            for key in (schema.foreign_keys if schema else ())
            if len(key.fields) == 1 and (names := self._names(key))
        }

    def _names(self, key: ForeignKey) -> Mapping[Language, Mapping[str, str]]:
        target = _target(self._cells.piece, key)
        if target is None:
            return {}
        dataset, resource = target
        wanted = {language: field for language in dataset.languages if (field := resource.naming(language))}
        if not wanted or wanted.get(dataset.languages[0]) in key.reference_fields:
            return {}
        table = tables.read(Slice(root=self._cells.piece.root, dataset=dataset, resource=resource))
        codes = table.column(key.reference_fields[0]).to_pylist()
        # A ragged row has no cell, and a code that is not there names nothing.
        return {
            language: {
                code: name or "" for code, name in zip(codes, table.column(field).to_pylist(), strict=True) if code
            }
            for language, field in wanted.items()
        }


def unique(titles: Sequence[str]) -> list[str]:
    """The titles with a number behind those that stand there already, as spreadsheets compare them."""
    seen: dict[str, int] = {}
    found = []
    for title in titles:
        number = seen[title.casefold()] = seen.get(title.casefold(), 0) + 1
        found.append(title if number == 1 else f"{title} ({number})")
    return found


def _target(piece: Slice, key: ForeignKey) -> tuple[Dataset, Resource] | None:
    dataset = next((each for each in piece.others if each.name == key.dataset), piece.dataset)
    named = (each for each in dataset.resources if each.name == (key.resource or piece.resource.name))
    return next(((dataset, resource) for resource in named if not resource.omitted), None)


def _looked_up(codes: pa.Array, meaning: Mapping[str, str]) -> pa.Array:
    known = pa.array(list(meaning), pa.string())
    labels = pa.array(list(meaning.values()), pa.string())
    return pc.fill_null(pc.take(labels, pc.index_in(codes, known)), "")
