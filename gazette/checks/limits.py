"""What is larger than any table: found by a glance at the bytes, before anything reads them."""

from __future__ import annotations

import codecs
import csv
import io
import mmap
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from gazette.model import Dataset, Fact, Finding, Resource, Snapshot

COLUMNS = 1_000
"""Columns a table may have; frictionless takes milliseconds for each before it reads a row."""

WINDOW = 8 << 20
"""A record longer than twice this is always found, one shorter than this never is."""


def bound(datasets: Sequence[Dataset], snapshot: Snapshot) -> tuple[tuple[Dataset, ...], tuple[Finding, ...]]:
    """``datasets`` with every table left out that would take more memory or time than a table can be worth.

    The findings say which; nobody is shown those tables.
    """
    found: list[Finding] = []
    kept = []
    for dataset in datasets:
        faults = {resource.name: list(_faults(dataset, resource, snapshot.root)) for resource in dataset.resources}
        found += [fault for each in faults.values() for fault in each]
        kept.append(
            replace(
                dataset,
                resources=tuple(
                    replace(each, omitted=faults[each.name][0].code) if faults[each.name] else each
                    for each in dataset.resources
                ),
            )
        )
    return tuple(kept), tuple(found)


def _faults(dataset: Dataset, resource: Resource, root: Path) -> Iterator[Finding]:
    if resource.omitted is not None or resource.format not in {"csv", "tsv"} or _is_wide(resource.encoding):
        return
    for part in resource.paths:
        path = f"{dataset.folder}/{part}".removeprefix("/")
        for code, facts in _judged(root / path, resource):
            yield Finding(
                code=code,
                severity="error",
                source="gazette",
                dataset=dataset.name,
                path=path,
                resource=resource.name,
                facts=facts,
            )


def _is_wide(encoding: str) -> bool:
    """Whether a quote or a line break is more than one byte, or the encoding is none."""
    try:
        return codecs.lookup(encoding).name.startswith(("utf-16", "utf-32"))
    except LookupError:
        return True


def _judged(path: Path, resource: Resource) -> Iterator[tuple[str, dict[str, Fact]]]:
    if not path.stat().st_size:
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        quote = str(resource.dialect.get("quoteChar") or '"').encode()[:1]
        byte = _endless(data, quote)
        if byte is not None:
            yield "record-too-long", {"limit": WINDOW >> 20, "byte": byte}
        elif (columns := _columns(data, resource)) > COLUMNS:
            yield "table-too-wide", {"columns": columns, "limit": COLUMNS}


def _columns(data: mmap.mmap, resource: Resource) -> int:
    """The cells of the first line; exactly only where there are too many delimiters in it."""
    delimiter = str(resource.dialect.get("delimiter") or ("\t" if resource.format == "tsv" else ","))[:1]
    ends = [end for end in (data.find(b"\n"), data.find(b"\r")) if end >= 0]
    line = data[: min(ends, default=len(data))]
    if line.count(delimiter.encode()) < COLUMNS:
        return 0
    text = line.decode(resource.encoding, errors="replace")
    return max((len(row) for row in csv.reader(io.StringIO(text), delimiter=delimiter)), default=0)


def _endless(data: mmap.mmap, quote: bytes) -> int | None:
    """Where a stretch of :data:`WINDOW` bytes begins that lies in one record; ``None`` where none does.

    Most stretches show at once that they do not: by a line break, and by a quote that opens or closes a cell. Only
    for others must the quotes before them be counted.
    """
    alone = re.compile(b"(?<!%b)%b(?:%b%b)*(?!%b)" % ((re.escape(quote),) * 5))
    counted = quotes = 0
    for start, end in pairwise(_edges(data, quote)):
        if data.find(b"\n", start, end) < 0 and data.find(b"\r", start, end) < 0:
            return start
        if alone.search(data, start, end):
            continue
        for before in range(counted, start, WINDOW):
            quotes += data[before : min(before + WINDOW, start)].count(quote)
        counted = start
        if quotes % 2:
            return start
    return None


def _edges(data: mmap.mmap, quote: bytes) -> Iterator[int]:
    """The edges of stretches of :data:`WINDOW` bytes; none lies between two quotes."""
    edge = 0
    while edge <= len(data):
        yield edge
        edge += WINDOW
        while data[edge : edge + 1] == quote:
            edge += 1
