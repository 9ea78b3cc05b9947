"""Everything the site publishes about one unit: the rows of every table that point to it by a foreign key.

A unit is a row of a table of the kind ``units`` with a primary key of one field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import pandas as pd

from gazette import tables
from gazette.model import Dataset, ForeignKey, Mention, Resource, Slice, Text, Unit

SHOWN = 200
"""Rows of one table that are kept per unit; the total is exact beyond."""

_Called: TypeAlias = dict[tuple[str, str, str], Mapping[str, Text]]
"""Per dataset, table and field, what the row with each key is called."""


def gather(datasets: Sequence[Dataset], pieces: Sequence[Slice]) -> tuple[Unit, ...]:
    """Every unit of ``datasets`` with what points to it, in the order of the registers.

    ``pieces`` address the tables that were checked; those of one table follow one another.
    """
    root = pieces[0].root if pieces else None
    registers = [(dataset, table) for dataset in datasets for table in dataset.resources if _is_register(table)]
    if root is None or not registers:
        return ()
    mentions = _mentions(datasets, registers, pieces)
    return tuple(
        Unit(
            dataset=dataset.name,
            resource=table.name,
            id=str(row[table.schema.primary_key[0]]),
            name=_name(row, table, dataset),
            row=row,
            illustrative=dataset.illustrative,
            mentions=tuple(mentions.get((dataset.name, table.name, row[table.schema.primary_key[0]]), ())),
        )
        for dataset, table in registers
        if table.schema
        for row in tables.read(Slice(root=root, dataset=dataset, resource=table)).to_pylist()
    )


def _is_register(table: Resource) -> bool:
    return table.kind == "units" and not table.omitted and bool(table.schema and len(table.schema.primary_key) == 1)


def _name(row: dict[str, Any], table: Resource, dataset: Dataset) -> Text:
    named = ((language, table.naming(language)) for language in dataset.languages)
    return Text(values=tuple((language, row[field]) for language, field in named if field and row[field]))


def _mentions(
    datasets: Sequence[Dataset], registers: Sequence[tuple[Dataset, Resource]], pieces: Sequence[Slice]
) -> dict[tuple[str, str, str], list[Mention]]:
    """Per register and unit, the rows that name it."""
    known = {(dataset.name, table.name) for dataset, table in registers}
    found: dict[tuple[str, str, str], list[Mention]] = {}
    called: _Called = {}
    wholes = {(piece.dataset.name, piece.resource.name): piece for piece in pieces if piece.start == 0}
    for dataset in datasets:
        for table in dataset.resources:
            piece = wholes.get((dataset.name, table.name))
            for key in table.schema.foreign_keys if table.schema and piece else ():
                target = (key.dataset or dataset.name, key.resource or table.name)
                if piece and target in known and len(key.fields) == 1:
                    names = _names(piece, datasets, key, called)
                    for unit, mention in _named(piece, key, names):
                        found.setdefault((*target, unit), []).append(mention)
    return found


def _named(piece: Slice, key: ForeignKey, names: Mapping[str, Mapping[str, Text]]) -> Iterator[tuple[str, Mention]]:
    """The rows of one table by the unit that one of its foreign keys names."""
    whole = Slice(root=piece.root, dataset=piece.dataset, resource=piece.resource, others=piece.others)
    table = tables.read(whole)
    named = pd.Series(table.column(key.fields[0]).to_pylist(), dtype=object)
    for unit, places in named.groupby(named).indices.items():
        if unit != "":
            rows = table.take(places[:SHOWN]).to_pylist()
            yield (
                str(unit),
                Mention(
                    dataset=piece.dataset.name,
                    resource=piece.resource.name,
                    field=key.fields[0],
                    header=tuple(table.column_names),
                    rows=tuple(tuple(row.values()) for row in rows),
                    total=len(places),
                    names=names,
                ),
            )


def _names(
    piece: Slice, datasets: Sequence[Dataset], own: ForeignKey, called: _Called
) -> Mapping[str, Mapping[str, Text]]:
    """What the other keys of a table lead to, by the names it has there."""
    found: dict[str, Mapping[str, Text]] = {}
    schema = piece.resource.schema
    for key in schema.foreign_keys if schema else ():
        if key == own or len(key.fields) != 1:
            continue
        address = (key.dataset or piece.dataset.name, key.resource or piece.resource.name, key.reference_fields[0])
        if address not in called:
            dataset = next(each for each in datasets if each.name == address[0])
            target = next(each for each in dataset.resources if each.name == address[1])
            rows = tables.read(Slice(root=piece.root, dataset=dataset, resource=target)).to_pylist()
            called[address] = {row[address[2]]: _name(row, target, dataset) for row in rows}
        found[key.fields[0]] = called[address]
    return found
