"""Files as columns of text: owns bytes, dialect, ragged rows and the numbers of rows.

Text with delimiters is read column by column. What has a structure of its own (workbooks, JSON) is examined before
anybody parses it, then read value by value; a value becomes the text a CSV file would have in its place, so every
check and every export sees the same cells whatever file they come from.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa

from gazette.model import Dataset, Field, Finding, Resource, Schema, Slice, Snapshot, Text
from gazette.tables import containers, contents, delimited, json
from gazette.tables import faults as _faults
from gazette.tables.arrays import TOGETHER, Array, apart, constant, keep, numbers, positions, texts
from gazette.tables.delimited import Block, Irregular, Layout, Unclosed, pick
from gazette.tables.faults import FATAL, STRICTER
from gazette.tables.mounting import DELIMITED, describe, is_plain, layout, location, mount, plain, source, unbound

__all__ = [
    "BLOCK", "FATAL", "SLICE", "STRICTER", "TOGETHER", "Array", "Block", "Irregular", "Layout", "Unclosed", "apart",
    "batches", "blocks", "constant", "cut", "describe", "divide", "each_block", "faults", "is_text", "keep",
    "labelled", "lines", "location", "mount", "numbers", "pick", "positions", "read", "row_numbers", "source", "texts",
    "unbound", "units",
]  # fmt: skip

Result = TypeVar("Result")

BLOCK = 4 << 20
"""Bytes tokenised at once."""

SLICE = 32 << 20
"""Bytes of a table that are looked at by themselves."""

UNIT = 256 << 10
"""Bytes of small tables that are looked at together."""


# --- what there is to read --------------------------------------------------------------------------------


def cut(datasets: Iterable[Dataset], snapshot: Snapshot) -> tuple[Slice, ...]:
    """The tables of ``datasets`` as slices, in order; a large CSV file gives several.

    A slice ends after a line feed. That may lie inside a quoted cell, which only reading tells: who reads a slice
    learns it from :class:`Unclosed` and reads it together with the next.
    """
    known = {dataset.name: dataset for dataset in datasets}
    glossaries = {dataset.name for dataset in known.values() if dataset.kind == "glossary"}
    slices: list[Slice] = []
    for dataset in known.values():
        for resource in dataset.resources:
            if resource.omitted is None:
                keys = resource.schema.foreign_keys if resource.schema else ()
                wanted = {key.dataset for key in keys if key.dataset} | glossaries
                others = tuple(known[name] for name in sorted(wanted - {dataset.name}) if name in known)
                whole = Slice(root=snapshot.root, dataset=dataset, resource=resource, others=others)
                slices += divide(whole)
    return tuple(slices)


def units(pieces: Iterable[Slice]) -> Iterator[tuple[Slice, ...]]:
    """``pieces``, in their order, as units of work: small tables are looked at together, which is quicker."""
    waiting: list[Slice] = []
    size = 0
    for piece in pieces:
        waiting.append(piece)
        size += _size(piece)
        if size >= UNIT:
            yield tuple(waiting)
            waiting, size = [], 0
    if waiting:
        yield tuple(waiting)


def _size(piece: Slice) -> int:
    """The bytes of a slice, about."""
    if piece.end is not None:
        return piece.end - piece.start
    files = [piece.root / piece.dataset.folder / path for path in piece.resource.paths]
    return sum(file.stat().st_size for file in files if file.exists()) - piece.start


def divide(whole: Slice) -> Iterator[Slice]:
    """``whole`` as slices of about :data:`SLICE` bytes, each ending after a line feed."""
    if not is_plain(whole.resource):
        yield whole
        return
    yield from (replace(whole, start=start, end=end) for start, end in delimited.divide(location(whole), SLICE))


def labelled(datasets: Iterable[Dataset], snapshot: Snapshot) -> tuple[Dataset, ...]:
    """``datasets`` with a schema for every workbook and JSON file nobody described: its labels, and any value."""
    return tuple(
        replace(dataset, resources=tuple(_labelled(dataset, each, snapshot.root) for each in dataset.resources))
        for dataset in datasets
    )


def _labelled(dataset: Dataset, resource: Resource, root: Path) -> Resource:
    if resource.omitted or resource.schema or resource.format not in containers.FORMATS:
        return resource
    from frictionless import FrictionlessException

    try:
        with source(Slice(root=root, dataset=dataset, resource=resource)) as table:
            names = list(table.labels)
    except FrictionlessException:
        return resource  # whoever reads the table says why
    blank = Field(name="", type="any", format="default", title=Text(), description=Text(), constraints={})
    descriptor = {"fields": [{"name": name, "type": "any"} for name in names]}
    fields = tuple(replace(blank, name=name) for name in names)
    return replace(resource, schema=Schema(fields=fields, descriptor=descriptor))


def is_text(resource: Resource) -> bool:
    """Whether the bytes of the file are text in an encoding."""
    return resource.format != "xlsx"


def faults(piece: Slice) -> tuple[Finding, ...]:
    """What is wrong with a workbook or a JSON file that its cells, as text, no longer show.

    One whose code is in :data:`FATAL` keeps the file from being read by anybody.
    """
    if piece.resource.format not in containers.FORMATS or len(piece.resource.paths) != 1:
        return ()
    found = containers.examine(location(piece), piece.resource)
    try:
        names, noted = ((), ()) if _faults.refuses(found) else _noted(contents.whole(piece))
    except Irregular:
        names, noted = (), ()
    return _faults.findings(piece, (*found, *noted), names)


def _noted(found: contents.Contents) -> tuple[tuple[str, ...], tuple[_faults.Fault, ...]]:
    return found.names, found.faults


# --- the public reader ------------------------------------------------------------------------------------


def batches(piece: Slice) -> Iterator[pa.RecordBatch]:
    """The rows of ``piece`` as text: columns named by the labels, null where a ragged row has no cell.

    Raises :class:`Irregular` for a file that is not a table at all.
    """
    if piece.resource.format in containers.FORMATS:
        yield from contents.whole(piece).batches
        return
    plan = plain(piece)
    if plan is None:
        from frictionless import FrictionlessException

        try:
            plan = layout(piece)
            if plan is None:
                with source(unbound(piece)) as resource:
                    yield from contents.Reading(piece, resource).batches()
                return
        except FrictionlessException as fault:
            raise Irregular from fault
    for block in blocks(plan, piece):
        yield delimited.whole(block, plan.labels)


def read(piece: Slice) -> pa.Table:
    """All rows of ``piece`` as one table of text; see :func:`batches`."""
    found = list(batches(piece))
    if found:
        return pa.Table.from_batches(found)
    from frictionless import FrictionlessException

    try:
        with source(unbound(piece)) as resource:
            names = contents.Reading(piece, resource).names
    except FrictionlessException as fault:
        raise Irregular from fault
    return pa.Table.from_arrays([texts([])] * len(names), names=names)


def blocks(plan: Layout, piece: Slice, nulls: Sequence[str] = ()) -> Iterator[Block]:
    """The records of ``piece``, block by block; cells whose whole text is one of ``nulls`` are null.

    While a block is looked at, the next one is read: pyarrow tokenises without holding Python's lock. Raises
    :class:`Irregular` where only frictionless can tell what the cells are, and :class:`Unclosed` where the piece
    ends inside a quoted cell.
    """
    found = delimited.blocks(plan, piece.start, piece.end, nulls, BLOCK)
    if plan.path.stat().st_size <= BLOCK:  # one block: there is nothing to read meanwhile
        yield from found
        return
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, found, None)
        while block := coming.result():
            coming = pool.submit(next, found, None)
            yield block


def each_block(
    plan: Layout, piece: Slice, nulls: Sequence[str], look: Callable[[Block], Result]
) -> Iterator[tuple[Block, Result]]:
    """The blocks of :func:`blocks` with what ``look`` makes of each, as many looked at at once as there are cores.

    Numpy and pyarrow work without holding Python's lock, so threads are enough. ``look`` must bear being called for
    several blocks at the same time.
    """
    cores = _cores()
    if cores == 1 or plan.path.stat().st_size <= BLOCK:
        yield from ((block, look(block)) for block in blocks(plan, piece, nulls))
        return
    with ThreadPoolExecutor(cores) as pool:
        begun: deque[tuple[Block, Future[Result]]] = deque()
        for block in blocks(plan, piece, nulls):
            begun.append((block, pool.submit(look, block)))
            if len(begun) > cores:
                yield _done(begun.popleft())
        yield from map(_done, begun)


def _cores() -> int:
    """The cores this process may use; one of several that share the work takes one."""
    import multiprocessing

    if multiprocessing.parent_process():
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _done(begun: tuple[Block, Future[Result]]) -> tuple[Block, Result]:
    block, seen = begun
    return block, seen.result()


# --- where a row stands -----------------------------------------------------------------------------------


def row_numbers(piece: Slice) -> Array | None:
    """The number of the record that each row of :func:`read` is, as a spreadsheet shows it.

    ``None`` where the first is 2 and no record is left out: the usual file, with one header row.
    """
    if plain(piece):
        return None
    from frictionless import FrictionlessException

    try:
        if piece.resource.format in containers.FORMATS:
            found = contents.whole(piece).numbers
        elif layout(piece) is not None:
            return None
        else:
            with source(unbound(piece)) as resource:
                found = contents.Reading(piece, resource).count()
    except (FrictionlessException, Irregular):
        return None
    return None if np.array_equal(found, np.arange(len(found)) + 2) else found


def lines(piece: Slice, rows: set[int]) -> dict[int, int]:
    """The first line of each of the records ``rows``, both counted from 1; a workbook has no lines."""
    resource = piece.resource
    if len(resource.paths) != 1 or not rows or not is_text(resource):
        return {}
    if resource.format in DELIMITED:
        return delimited.lines(location(piece), resource, rows)
    if _faults.refuses(containers.examine(location(piece), resource)):
        return {}
    return json.lines(containers.document(location(piece), resource), rows)
