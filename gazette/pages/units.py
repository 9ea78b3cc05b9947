"""The profile of a unit: everything the site publishes about it on one page, and the list of all units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from gazette import words
from gazette.model import Category, Dataset, Language, Mention, Resource, Unit
from gazette.pages import listing, prose, table
from gazette.pages.edition import Edition
from gazette.pages.prose import Item

SHOWN = 20
"""Rows of one table on a profile; the dataset has the others."""
_OWN = ("type", "level", "valid_from", "valid_to", "website")
"""Fields of a register that a reader asks for first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The rows of one table that name the unit."""

    anchor: str
    title: prose.Phrase
    field: prose.Phrase
    heads: tuple[table.Head, ...]
    rows: tuple[tuple[table.Cell, ...], ...]
    showing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Everything in one dataset."""

    anchor: str
    dataset: Item
    illustrative: bool
    grids: tuple[Grid, ...]


def place(unit: Unit) -> str:
    """Where the profile lies below the folder of a language."""
    return f"units/{unit.id}/"


def view(source: Edition, unit: Unit, language: Language, root: str) -> Mapping[str, object]:
    """What the profile of ``unit`` shows; ``root`` leads from it to the top of the site."""
    by_dataset = groupby(unit.mentions, key=lambda mention: mention.dataset)
    parts = tuple(_part(source.named[name], tuple(mentions), language, root) for name, mentions in by_dataset)
    register = source.named[unit.dataset]
    return {
        "tag": words.BCP47[language],
        "name": prose.phrase(unit.name, language) or prose.literal(unit.id, language),
        "illustrative": unit.illustrative,
        "facts": tuple(_facts(source, unit, language, root)),
        "register": listing.link(register, language, root),
        "machine": tuple(_machine(source, unit, language, root)),
        "parts": parts,
    }


def index(source: Edition, language: Language, root: str) -> Mapping[str, object]:
    """What the list of all units shows: by kind, with how many rows of how many datasets name each."""
    real = [unit for unit in source.units if not unit.illustrative]
    invented = [unit for unit in source.units if unit.illustrative]
    return {"groups": tuple(_group(group, source, language, root) for group in (real, invented) if group)}


def _machine(source: Edition, unit: Unit, language: Language, root: str) -> Iterator[tuple[str, str]]:
    """The same for programs; a site without an address has no feeds."""
    if source.settings.site.url:
        yield "JSON", f"{root}api/v1/units/{unit.id}.json"
        yield "Atom", f"{root}feeds/{language}/units/{unit.id}.atom"


def _group(
    units: list[Unit], source: Edition, language: Language, root: str
) -> tuple[str, bool, tuple[tuple[prose.Phrase, tuple[tuple[Item, str], ...]], ...]]:
    """A heading's anchor, whether the units are invented, and the units by type."""
    types: dict[str, list[Unit]] = {}
    for unit in units:
        types.setdefault(unit.row.get("type") or "", []).append(unit)
    invented = units[0].illustrative
    shelves = tuple(
        (_meaning(source, members[0], "type", language), tuple(_entry(unit, language, root) for unit in members))
        for members in types.values()
    )
    return ("units-illustrative" if invented else "units-real", invented, shelves)


def _entry(unit: Unit, language: Language, root: str) -> tuple[Item, str]:
    rows = sum(mention.total for mention in unit.mentions)
    return link(unit, language, root), prose.counted("row", rows, language)


def link(unit: Unit, language: Language, root: str) -> Item:
    """A link to the profile of ``unit``."""
    name = prose.phrase(unit.name, language) or prose.literal(unit.id, language)
    return Item(phrase=name, href=f"{root}{language}/{place(unit)}")


def _part(dataset: Dataset, mentions: tuple[Mention, ...], language: Language, root: str) -> Part:
    return Part(
        anchor=f"in-{dataset.name}",
        dataset=listing.link(dataset, language, root),
        illustrative=dataset.illustrative,
        grids=tuple(_grid(dataset, mention, language) for mention in mentions),
    )


def _grid(dataset: Dataset, mention: Mention, language: Language) -> Grid:
    resource = next(each for each in dataset.resources if each.name == mention.resource)
    kept = [number for number, name in enumerate(mention.header) if name not in {mention.field, "source_id"}]
    header = [mention.header[number] for number in kept]
    records = [[row[number] or "" for number in kept] for row in mention.rows[:SHOWN]]
    # A column that says nothing about any of the rows takes room from those that do.
    said = [place for place in range(len(header)) if any(record[place] for record in records)]
    heads, rows = table.grid(
        [header[place] for place in said],
        [[record[place] for place in said] for record in records],
        table.described(resource, language),
        dataset,
        language,
        mention.names,
    )
    field = next(each for each in (resource.schema.fields if resource.schema else ()) if each.name == mention.field)
    return Grid(
        anchor=f"in-{dataset.name}-{resource.slug}-{mention.field}",
        title=prose.phrase(resource.title, language) or prose.literal(resource.name, language),
        field=prose.phrase(field.title, language) or prose.literal(field.name, language),
        heads=heads,
        rows=rows,
        showing=table.showing(len(records), mention.total, language),
    )


def _facts(source: Edition, unit: Unit, language: Language, root: str) -> Iterator[tuple[str, tuple[Item, ...]]]:
    """What the register says of the unit, and which units it came from and became."""
    yield words.label("unit.id", language), (Item(phrase=prose.literal(unit.id, language), code=True),)
    for name in _OWN:
        if unit.row.get(name):
            yield words.label(f"unit.{name}", language), (Item(phrase=_meaning(source, unit, name, language)),)
    known = {each.id: each for each in source.units if (each.dataset, each.resource) == (unit.dataset, unit.resource)}
    relations: dict[str, list[str | None]] = {
        "parent": [unit.row.get("parent_id")],
        "successor": [unit.row.get("successor_id")],
        "former": [each.id for each in known.values() if each.row.get("successor_id") == unit.id],
        "parts": [each.id for each in known.values() if each.row.get("parent_id") == unit.id],
    }
    for name, ids in relations.items():
        if found := tuple(link(known[each], language, root) for each in ids if each in known):
            yield words.label(f"unit.{name}", language), found


def _meaning(source: Edition, unit: Unit, name: str, language: Language) -> prose.Phrase:
    """What the cell of the register says, by the label of its code where it has one."""
    value = unit.row.get(name) or ""
    categories = _categories(source.named[unit.dataset], unit.resource, name)
    label = next((entry.label for entry in categories if entry.value == value), None)
    return (prose.phrase(label, language) if label else None) or prose.literal(value, language)


def _categories(dataset: Dataset, resource: str, field: str) -> tuple[Category, ...]:
    table_: Resource = next(each for each in dataset.resources if each.name == resource)
    fields = table_.schema.fields if table_.schema else ()
    return next((each.categories for each in fields if each.name == field), ())
