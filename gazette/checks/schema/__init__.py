"""Frictionless' verdict on a table, reached column by column.

Two steps. The *screen* reads the whole table and finds out which records have errors, and how many of which
type; it makes no message. The *replay* then shows frictionless those records alone, under their own numbers, so
every message, note and order is frictionless' own. What the screen cannot judge exactly, frictionless reads whole.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gazette import tables
from gazette.checks.schema import columns, sound
from gazette.model import Evidence, Finding, Resource, Slice

if TYPE_CHECKING:
    from frictionless import Error, Row
    from frictionless.resources import TableResource

SMALL = 100_000
"""Bytes below which (about a thousand rows) frictionless alone is as fast as the screen."""

GLANCE = 1_000_000
"""Bytes below which a table is first looked at for being sound, which is quicker than to load frictionless."""

LIMIT = 1000
"""Errors of a table that are listed: frictionless' own limit (``limit_errors``)."""

Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"
Lookup: TypeAlias = "dict[str, dict[tuple[str, ...], set[tuple[Any, ...]]]]"
Record: TypeAlias = "tuple[int, list[str]]"

_FACTS = (
    "message", "note", "cell", "cells", "label", "labels",
    "field_names", "field_cells", "reference_name", "reference_field_names",
)  # fmt: skip
"""What frictionless' errors know, by its own names."""

_OPEN_LOOKUP = "_TableResource__open_lookup"
"""The step of opening a table in which frictionless reads those its foreign keys refer to."""

_REMEMBERED = 100
"""Keys of small tables that are kept."""

_FEW: dict[tuple[bytes, tuple[str, ...]], tuple[Resource, set[tuple[Any, ...]]]] = {}
"""Keys of small tables by what they were read from, the file and the names of the columns, with its description."""

_EMPTY, _TRUE = tables.constant("", pa.string()), tables.constant("true", pa.bool_())

_CRASHES = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError, re.error)
"""What escapes from frictionless where a cell reader, a constraint or a key is more than it can handle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Frictionless' list of errors, exact totals per type, and the number of rows below the header."""

    errors: tuple[Error, ...]
    counts: Mapping[str, int]
    rows: int
    newest: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What one slice tells of its records, small enough to travel.

    ``blocks`` are (first byte, byte after the last, records); ``flagged`` the first :data:`LIMIT` records with an
    error of their own; ``keys``, for every key that must be unique, one fingerprint per record (0: not in play).
    ``whole`` means only frictionless can read the file, ``unclosed`` that the slice ends inside a quoted cell.
    """

    blocks: tuple[tuple[int, int, int], ...] = ()
    flagged: Array = field(default_factory=lambda: np.zeros(0, np.int64))
    counts: Mapping[str, int] = field(default_factory=dict)
    keys: tuple[Array, ...] = ()
    newest: dt.date | None = None
    whole: bool = False
    unclosed: bool = False

    @property
    def records(self) -> int:
        """How many records the slice has, the header among them."""
        return sum(records for _, _, records in self.blocks)


def judge(piece: Slice) -> Evidence:
    """Everything frictionless finds in a whole table."""
    found = sound.look(piece, keys) if _is_small(piece, GLANCE) else None
    if found:
        return _evidence(piece, Verdict(errors=(), counts={}, rows=found.rows, newest=found.newest))
    return settle([(piece, screen(piece))])


def screen(piece: Slice) -> Screen:
    """What the records of ``piece`` show when looked at without the others."""
    if len(piece.resource.paths) != 1 or _is_small(piece, SMALL):
        return Screen(whole=True)
    try:
        plan = _plan(piece)
        return plan.screen(piece) if plan else Screen(whole=True)
    except tables.Unclosed:
        return Screen(unclosed=True)
    except (tables.Irregular, *_CRASHES):
        return Screen(whole=True)  # what fails here fails in frictionless, unless it stops before


def settle(screens: Iterable[tuple[Slice, Screen]]) -> Evidence:
    """The evidence on one table from the screens of all its slices, in their order."""
    from frictionless import FrictionlessException

    seen = list(screens)
    piece = replace(seen[0][0], start=0, end=None)
    try:
        found = verdict(piece, seen)
    except FrictionlessException as fault:  # it does not accept the metadata, so it reads no row
        errors = fault.to_errors()
        found = Verdict(errors=tuple(errors), counts=Counter(error.type for error in errors), rows=0, newest=None)
    except _CRASHES as fault:
        return _unjudged(piece, fault)
    return _evidence(piece, found)


def _evidence(piece: Slice, found: Verdict) -> Evidence:
    return Evidence(
        dataset=piece.dataset.name,
        resource=piece.resource.name,
        rows=found.rows,
        findings=tuple(_finding(piece, error) for error in found.errors),
        counts=found.counts,
        newest=found.newest,
    )


def verdict(piece: Slice, seen: Sequence[tuple[Slice, Screen]]) -> Verdict:
    """Frictionless' verdict on the whole table ``piece`` from the screens of its slices."""
    screens = list(_join(seen))
    if any(found.whole for found in screens):
        return oracle(piece)
    try:
        plan = _plan(piece)
        return plan.settle(piece, screens) if plan else oracle(piece)
    except (tables.Irregular, *_CRASHES):
        return oracle(piece)


def _is_small(piece: Slice, limit: int) -> bool:
    return len(piece.resource.paths) == 1 and tables.location(piece).stat().st_size < limit


def oracle(piece: Slice) -> Verdict:
    """Frictionless' verdict from frictionless alone, in memory that does not grow with the errors."""
    newest = _Newest()
    resource = _source(piece)
    task = resource.validate(limit_errors=LIMIT, on_row=newest.see).tasks[0]
    counts, rows = Counter(error.type for error in task.errors), task.stats.get("rows", 0)
    if any(warning.startswith("reached error limit") for warning in task.warnings):
        newest = _Newest()
        resource = _source(piece)
        counts = _totals(resource, newest)
        rows = resource.stats.rows or 0
    return Verdict(errors=tuple(task.errors), counts=counts, rows=rows, newest=newest.date)


def _join(seen: Sequence[tuple[Slice, Screen]]) -> Iterator[Screen]:
    """The screens, those whose slice turned out to end inside a cell taken again together with the next."""
    begin: int | None = None
    for piece, found in seen:
        joined = found if begin is None else screen(replace(piece, start=begin))
        if not joined.unclosed:
            begin = None
            yield joined
        elif begin is None:
            begin = piece.start


def _plan(piece: Slice) -> _Plan | None:
    """How the table is to be screened; ``None`` if frictionless must read it whole."""
    from frictionless import FrictionlessException

    try:
        with _source(piece) as resource:
            layout = tables.describe(piece, resource, resource.labels)
            return _Plan(layout, resource, resource.lookup) if layout else None
    except FrictionlessException:
        return None  # it refuses the head of the file, and says so itself


class _Plan:
    """The columns and keys of one table."""

    def __init__(self, layout: tables.Layout, resource: TableResource, lookup: Lookup) -> None:
        from frictionless.table.row import create_cell_handlers

        fields = resource.header.get_expected_fields()
        schema = resource.schema
        self.layout = layout
        self.lookup = lookup
        self.handlers = create_cell_handlers(fields)
        self.columns = {field.name: columns.Column(field) for field in fields}
        if len(self.columns) != len(layout.labels):
            raise tables.Irregular
        self.nulls = set.intersection(*(set(column.missing) for column in self.columns.values()))
        known = set(self.columns)
        self.unique: list[tuple[str, ...]] = [(field.name,) for field in fields if field.constraints.get("unique")]
        # Frictionless looks no primary key up of which the file lacks a column; the header error says why.
        self.primary = tuple(schema.primary_key) if set(schema.primary_key) <= known else ()
        self.foreign = [
            (tuple(key["fields"]), lookup[key["reference"]["resource"]][tuple(key["reference"]["fields"])])
            for key in schema.foreign_keys
            if set(key["fields"]) <= known
        ]
        self.dates = [field.name for field in fields if field.type == "date"]
        self._irregular: dict[tuple[str, ...], tuple[Counter[str], list[int]]] = {}
        self._judged: list[dict[tuple[str | None, ...], bool]] = [{} for _ in self.foreign]
        """Of every foreign key, the texts seen so far, and whether they name a row that is not there."""

    @property
    def keys(self) -> list[tuple[str, ...]]:
        """The keys that must be unique, in the order in which frictionless tries them."""
        return [*self.unique, self.primary] if self.primary else self.unique

    # The screen

    def screen(self, piece: Slice) -> Screen:
        blocks, flagged, keys = [], [], []
        counts: Counter[str] = Counter()
        newest = _Newest()
        records = listed = 0
        for block, (wrong, prints, faults, latest) in tables.each_block(
            self.layout, piece, sorted(self.nulls), self._block
        ):
            counts.update(faults)
            newest.add(latest)
            if listed < LIMIT:
                flagged.append(wrong[:LIMIT] + records)
                listed += len(wrong)
            keys.append(prints)
            blocks.append((block.start, block.end, block.records))
            records += block.records
        return Screen(
            blocks=tuple(blocks),
            flagged=np.concatenate([np.zeros(0, np.int64), *flagged])[:LIMIT],
            counts=counts,
            keys=tuple(np.concatenate(parts) for parts in zip(*keys, strict=True)),
            newest=newest.date,
        )

    def _block(self, block: tables.Block) -> tuple[Array, list[Array], Counter[str], dt.date | None]:
        """The records of a block that are wrong in themselves, fingerprints of its keys, its faults, its newest date.

        Several blocks are looked at at once; all they share is what was remembered, which is the same for each.
        """
        counts: Counter[str] = Counter()
        newest = _Newest()
        index, table, odd = self._rows(block)
        prints = [np.zeros(block.records, np.uint64) for _ in self.keys]
        wrong = np.zeros(block.records, bool)
        wrong[index], values = self._regular(table, counts)
        for key, part in zip(prints, values, strict=True):
            key[index] = part
        for row, texts in odd.items():
            wrong[row], single = self._odd(texts, counts)
            for key, number in zip(prints, single, strict=True):
                key[row] = number
        for name in self.dates:
            newest.add(self.columns[name].newest(table[name]))
        return np.flatnonzero(wrong), prints, counts, newest.date

    def values(self, piece: Slice, names: tuple[str, ...]) -> set[tuple[Any, ...]]:
        """The distinct values of the columns ``names``, as the keys another table refers to."""
        found: set[tuple[Any, ...]] = set()
        for block in tables.blocks(self.layout, piece, sorted(self.nulls)):
            _, table, odd = self._rows(block)
            for row in columns.distinct_rows([table[name] for name in names])[1]:
                found.add(tuple(self.columns[name].read(text).value for name, text in zip(names, row, strict=True)))
            found.update(tuple(self.row(texts)[name] for name in names) for texts in odd.values())
        return found - {(None,) * len(names)}

    def _rows(self, block: tables.Block) -> tuple[Array, dict[str, pa.Array], dict[int, list[str]]]:
        """The index and the cells of the regular rows of a block, and the odd ones: ragged, blank."""
        index = block.index
        cells = [self._null(column, array) for column, array in zip(self.columns.values(), block.cells, strict=True)]
        odd = dict(block.ragged)
        # A blank line and a line of empty cells look alike here; frictionless tells them apart.
        regular = ~_blank(cells)
        if block.start == 0:
            regular[0] = False  # the header
        if not regular.all():
            blank = [int(row) for row in index[~regular] if block.start or row]
            odd |= dict(zip(blank, tables.pick(self.layout, _span(block), blank), strict=True))
            index = index[regular]
            cells = [tables.keep(array, np.flatnonzero(regular)) for array in cells]
        return index, dict(zip(self.columns, cells, strict=True)), odd

    def _null(self, column: columns.Column, cells: pa.Array) -> pa.Array:
        """``cells`` with null for the texts that are missing in this column alone."""
        own = sorted(set(column.missing) - self.nulls)
        return pc.if_else(pc.is_in(cells, value_set=tables.texts(own)), pa.NULL, cells) if own else cells

    def _regular(self, table: dict[str, pa.Array], counts: Counter[str]) -> tuple[Array, list[Array]]:
        """Which rows with as many cells as labels, not all of them missing, are wrong; fingerprints of the keys."""
        wrong = np.zeros(len(next(iter(table.values()))), bool)
        faults = {name: column.faults(table[name]) for name, column in self.columns.items()}
        for fault in faults.values():
            wrong[fault.rows] = True
            counts["type-error"] += int(fault.types.sum())
            counts["constraint-error"] += int(fault.constraints.sum())
        for number, (names, _) in enumerate(self.foreign):
            dangling = self._dangling([table[name] for name in names], number)
            wrong |= dangling
            counts["foreign-key"] += int(dangling.sum())
        named = {name for key in self.keys for name in key}
        parts = {name: self.columns[name].fingerprints(table[name], faults[name]) for name in sorted(named)}
        prints = []
        for key in self.keys:
            none = np.logical_and.reduce([parts[name] == columns.NONE for name in key])
            prints.append(np.where(none, np.uint64(0), columns.combine([parts[name] for name in key])))
        if self.primary:
            wrong |= none
            counts["primary-key"] += int(none.sum())
        return wrong, prints

    def _dangling(self, cells: list[pa.Array], number: int) -> Array:
        """Which rows name, by the foreign key ``number``, a row of the referenced table that is not there."""
        codes, texts = columns.distinct_rows(cells)
        names, known = self.foreign[number]
        judged = self._judged[number]
        if len(judged) > columns.REMEMBERED:
            judged = self._judged[number] = {}
        for row in texts:
            if row not in judged:
                values = tuple(self.columns[name].read(text).value for name, text in zip(names, row, strict=True))
                judged[row] = set(values) != {None} and values not in known
        return np.array([judged[row] for row in texts], bool)[codes]

    def _odd(self, texts: list[str], counts: Counter[str]) -> tuple[bool, list[int]]:
        """The same for one ragged or blank row, as frictionless' own Row reads it."""
        found = self._irregular.get(tuple(texts))
        if found is None:
            found = self._irregular[tuple(texts)] = self._row(texts)
            if len(self._irregular) > LIMIT:
                self._irregular.clear()
        counts.update(found[0])
        return bool(found[0]), found[1]

    def row(self, texts: list[str]) -> Row:
        """A row as frictionless reads it."""
        from frictionless import Row

        return Row(list(texts), handlers=self.handlers, row_number=2)

    def _row(self, texts: list[str]) -> tuple[Counter[str], list[int]]:
        row = self.row(texts)
        counts = Counter(error.type for error in row.errors)
        for names, known in self.foreign:
            values = tuple(row[name] for name in names)
            counts["foreign-key"] += set(values) != {None} and values not in known
        prints = []
        for key in self.keys:
            values = tuple(row[name] for name in key)
            none = set(values) == {None}
            parts = [self.columns[name].fingerprint([row[name]]) for name in key]
            prints.append(0 if none else int(columns.combine(parts)[0]))
        counts["primary-key"] += bool(self.primary) and none
        return +counts, prints

    # The replay

    def settle(self, piece: Slice, screens: Sequence[Screen]) -> Verdict:
        """Frictionless' verdict from the screens of all slices."""
        book = _Book(self, screens)
        counts = sum((Counter(found.counts) for found in screens), Counter[str]())
        starts = np.cumsum([0] + [found.records for found in screens])
        flagged = np.concatenate([found.flagged + start for found, start in zip(screens, starts, strict=False)])
        prints = (np.concatenate(parts) for parts in zip(*(found.keys for found in screens), strict=True))
        with ThreadPoolExecutor() as pool:  # to sort is most of it, and needs no lock of Python's
            candidates = list(pool.map(_twins, prints))
        book.remember(np.concatenate([flagged, *candidates]))
        wrong, partners = [flagged], [np.array([1])]
        for key, rows in zip(self.keys, candidates, strict=True):
            again, before = book.repeated(key, rows)
            wrong.append(again)
            partners.append(before[:LIMIT])
            counts["primary-key" if key is self.primary else "unique-error"] += len(again)
        listed = np.unique(np.concatenate(wrong))[:LIMIT]
        # The first row is always shown: frictionless looks at its limit only after a row.
        shown = np.unique(np.concatenate([listed, *partners]))
        shown = shown[(shown <= listed.max(initial=1)) & (shown < book.records)]
        task = _replay(piece, self.lookup, book.pick(shown), book.records - 1)
        if len(task.errors) >= LIMIT:
            counts.update(error.type for error in _replay(piece, self.lookup, [], book.records - 1).errors)
        else:
            counts = Counter(error.type for error in task.errors)
        newest = max((found.newest for found in screens if found.newest), default=None)
        return Verdict(errors=tuple(task.errors), counts=+counts, rows=book.records - 1, newest=newest)


class _Book:
    """Finds records of the file again by their number."""

    def __init__(self, plan: _Plan, screens: Sequence[Screen]) -> None:
        self.plan = plan
        self.blocks = [block for found in screens for block in found.blocks]
        self.firsts = np.cumsum([0] + [records for _, _, records in self.blocks])
        self.records = int(self.firsts[-1])
        self.known: dict[int, list[str]] = {}

    def remember(self, wanted: Array) -> None:
        """Keep the records at ``wanted``, unless they are too many to keep, so that they are read once."""
        if len(wanted) <= 10 * LIMIT:
            self.known = {number - 1: texts for number, texts in self.pick(np.unique(wanted))}

    def pick(self, wanted: Array) -> Iterator[Record]:
        """The records at the ascending positions ``wanted``, each with its row number."""
        for number in np.unique(np.searchsorted(self.firsts, wanted, "right") - 1):
            first = self.firsts[number]
            here = wanted[(wanted >= first) & (wanted < self.firsts[number + 1])].tolist()
            if self.known.keys() >= set(here):
                texts = [self.known[place] for place in here]
            else:
                texts = tables.pick(self.plan.layout, self.blocks[number], [place - first for place in here])
            yield from ((place + 1, list(cells)) for place, cells in zip(here, texts, strict=True))

    def repeated(self, key: tuple[str, ...], candidates: Array) -> tuple[Array, Array]:
        """The records among ``candidates`` whose key stood in the file before, and for each the last before it."""
        again, before = [], []
        last: dict[tuple[Any, ...], int] = {}
        for number, texts in self.pick(candidates):
            values = self._values(key, texts)
            if values in last:
                again.append(number - 1)
                before.append(last[values])
            last[values] = number - 1
        return np.array(again, np.int64), np.array(before, np.int64)

    def _values(self, key: tuple[str, ...], texts: list[str]) -> tuple[Any, ...]:
        handlers, named = self.plan.handlers, self.plan.columns
        places = ((name, handlers[name].field_number - 1) for name in key)
        return tuple(named[name].read(texts[place] if place < len(texts) else None).value for name, place in places)


def _twins(prints: Array) -> Array:
    """Where a fingerprint stands that stands more than once. Equal ones only hint: the cells decide."""
    ordered = np.sort(prints)
    twice = ordered[1:][(ordered[1:] == ordered[:-1]) & (ordered[1:] != 0)]
    return np.flatnonzero(np.isin(prints, twice)) if len(twice) else np.zeros(0, np.int64)


def _blank(cells: list[pa.Array]) -> Array:
    """Rows in which every cell is missing or empty."""
    blank = np.ones(len(cells[0]), bool)
    for array in cells:
        blank &= tables.numbers(pc.fill_null(pc.equal(array, _EMPTY), _TRUE))
        if not blank.any():
            break
    return blank


def _span(block: tables.Block) -> tuple[int, int, int]:
    return block.start, block.end, block.records


# --- frictionless itself ----------------------------------------------------------------------------------


def _replay(piece: Slice, lookup: Lookup, records: Iterable[Record], rows: int) -> Any:
    """Frictionless' report on the table if it held ``records`` alone, under their numbers, of ``rows`` in all."""
    resource = _source(piece, lookup)
    read = resource.dialect.read_enumerated_content_stream

    def stream(cells: Iterable[list[str]]) -> Iterator[Record]:
        if isinstance(cells, list):  # the sample, from which frictionless reads the header
            yield from read(cells)
            return
        yield from records
        resource.stats.rows = rows
        if resource.hash or resource.bytes:
            _weigh(piece, resource)

    object.__setattr__(resource.dialect, "read_enumerated_content_stream", stream)
    return resource.validate(limit_errors=LIMIT).tasks[0]


def _weigh(piece: Slice, resource: TableResource) -> None:
    """The size and hashes of the file, which frictionless takes while it reads."""
    path = tables.location(piece)
    resource.stats.bytes = path.stat().st_size
    for name in ("md5", "sha256"):
        with path.open("rb") as file:
            setattr(resource.stats, name, hashlib.file_digest(file, name).hexdigest())


def _source(piece: Slice, lookup: Lookup | None = None) -> TableResource:
    """The table as frictionless is to read it, given the keys its foreign keys refer to.

    Frictionless would read every table referred to, row by row, at every opening.
    """
    _remember_spellings()
    resource = tables.source(piece, alone=True)
    read = getattr(resource, _OPEN_LOOKUP)

    def open_lookup() -> None:
        found = _lookup(piece, resource) if lookup is None else lookup
        if found is None:
            resource.package = tables.source(piece).package
            read()
        else:
            object.__setattr__(resource, "_TableResource__lookup", found)

    object.__setattr__(resource, _OPEN_LOOKUP, open_lookup)
    return resource


def _remember_spellings() -> None:
    """Have frictionless work out once how the name of a property is spelt, not for every error anew: half its time."""
    from frictionless.vendors import stringcase

    if not hasattr(stringcase.snakecase, "cache_info"):
        stringcase.snakecase = lru_cache(maxsize=4096)(stringcase.snakecase)


def _lookup(piece: Slice, resource: TableResource) -> Lookup | None:
    """The keys of every table the foreign keys of ``resource`` name, as frictionless gathers them.

    ``None`` if frictionless must read them itself, or say why it cannot.
    """
    lookup: Lookup = {}
    for key in resource.schema.foreign_keys:
        name, names = key["reference"]["resource"], tuple(key["reference"]["fields"])
        table = _referenced(piece, name)
        found = keys(table, names) if table else None
        if found is None:
            return None
        lookup.setdefault(name, {})[names] = found
    return lookup


def _referenced(piece: Slice, name: str) -> Slice | None:
    """The table ``name`` of the package in which :func:`tables.source` puts ``piece``."""
    if name in ("", tables.mount(piece, piece.dataset, piece.resource)):
        return tables.unbound(replace(piece, start=0, end=None))
    for dataset in (piece.dataset, *piece.others):
        for resource in dataset.resources:
            if not resource.omitted and name == tables.mount(piece, dataset, resource):
                table = replace(piece, dataset=dataset, resource=resource, others=(), start=0, end=None)
                return tables.unbound(table)
    return None


def keys(table: Slice, names: tuple[str, ...]) -> set[tuple[Any, ...]] | None:
    """The distinct keys ``names`` of a table; ``None`` if frictionless must read it."""
    if len(table.resource.paths) != 1:
        return None
    if not _is_small(table, GLANCE):
        return _many(table, names)
    stated = (tables.location(table).read_bytes(), names)
    resource, found = _FEW.get(stated, (None, None))
    if found is None or resource != table.resource:
        found = sound.gather(table, names)
        if found is None:
            found = (_read_keys if _is_small(table, SMALL) else _many)(table, names)
        if len(_FEW) >= _REMEMBERED:
            _FEW.clear()
        if found is not None:
            _FEW[stated] = table.resource, found
    return found


def _many(table: Slice, names: tuple[str, ...]) -> set[tuple[Any, ...]] | None:
    """The same of a large table, column by column."""
    from frictionless import FrictionlessException

    try:
        with tables.source(table) as resource:
            layout = tables.describe(table, resource, resource.labels)
            plan = _Plan(layout, resource, {}) if layout else None
        return plan.values(table, names) if plan and set(names) <= set(plan.columns) else None
    except (FrictionlessException, tables.Irregular):
        return None


def _read_keys(table: Slice, names: tuple[str, ...]) -> set[tuple[Any, ...]] | None:
    """The same of a small table."""
    from frictionless import FrictionlessException

    try:
        with tables.source(table) as resource:
            found = {tuple(row.get(name) for name in names) for row in resource.row_stream}
    except FrictionlessException:
        return None
    return {key for key in found if set(key) != {None}}


def _totals(resource: TableResource, newest: _Newest) -> Counter[str]:
    """How many errors of each type frictionless finds in the whole table, none of them kept."""
    from frictionless import Checklist

    counts: Counter[str] = Counter()

    class Tally(Checklist):
        def match(self, error: Error) -> bool:
            counts[error.type] += 1
            return False

    kept = resource.validate(Tally(), limit_errors=0, on_row=newest.see)
    counts.update(error.type for error in kept.tasks[0].errors)  # a file that breaks off, told past the checklist
    return counts


class _Newest:
    """The newest date seen in fields of type ``date``."""

    def __init__(self) -> None:
        self.date: dt.date | None = None

    def see(self, row: Any) -> None:
        for handler in row.fields:
            if handler.type == "date":
                self.add(row[handler.name])

    def add(self, date: dt.date | None) -> None:
        if date:
            self.date = max(self.date or date, date)


def _unjudged(piece: Slice, fault: Exception) -> Evidence:
    """Frictionless failed on the table: a bound it cannot read, a key that cannot be compared."""
    finding = Finding(
        code="table-unjudged",
        severity="error",
        source="gazette",
        dataset=piece.dataset.name,
        path=_path(piece),
        pointer=piece.resource.pointer or None,
        resource=piece.resource.name,
        facts={"reason": f"{type(fault).__name__}: {fault}"},
    )
    return Evidence(
        dataset=piece.dataset.name,
        resource=piece.resource.name,
        rows=0,
        findings=(finding,),
        counts={finding.code: 1},
    )


def _path(piece: Slice) -> str | None:
    folder = f"{piece.dataset.folder}/" if piece.dataset.folder else ""
    return folder + piece.resource.paths[0] if piece.resource.paths else None


def _finding(piece: Slice, error: Error) -> Finding:
    rows = getattr(error, "row_numbers", ())
    return Finding(
        code=error.type,
        severity="error",
        source="frictionless",
        dataset=piece.dataset.name,
        path=_path(piece),
        resource=piece.resource.name,
        row=getattr(error, "row_number", rows[0] if rows else None),
        column=getattr(error, "field_number", None),
        field=getattr(error, "field_name", None) or None,
        facts={name: getattr(error, name) for name in _FACTS if hasattr(error, name)},
    )
