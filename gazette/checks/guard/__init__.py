"""The guard: keeps personal data, marks of secrecy and keys out of what is published.

It looks at values, not at names of columns, in every cell, header and text of a descriptor. What it finds it
names by kind and place; the value itself is kept nowhere, not even hashed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

import pyarrow as pa

from gazette.checks.guard import cells, persons
from gazette.checks.guard.allowances import apply_allowances, scanner
from gazette.checks.guard.cells import LISTED
from gazette.checks.guard.documents import texts
from gazette.checks.guard.kinds import Hit
from gazette.checks.guard.search import column, redact, scan
from gazette.model import Finding, Slice

__all__ = [
    "LISTED", "Hit", "Sight", "apply_allowances", "column", "judge", "look", "redact", "scan", "scanner", "settle",
    "sights", "texts",
]  # fmt: skip

Sight: TypeAlias = "tuple[cells.Sight, persons.Sight]"
"""What was seen in one slice: of values, and of persons."""


def judge(table: pa.Table, piece: Slice) -> tuple[Finding, ...]:
    """What must not be published in the cells and headers of a whole table."""
    return settle([(piece, look(table, piece))])


def look(table: pa.Table, piece: Slice) -> Sight:
    """What there is to see in the cells and headers of one slice of a table."""
    return sights([(table, piece)])[0]


def sights(seen: Sequence[tuple[pa.Table, Slice]]) -> list[Sight]:
    """The same of several tables."""
    return [(sight, persons.look(*each)) for sight, each in zip(cells.sights(seen), seen, strict=True)]


def settle(parts: Iterable[tuple[Slice, Sight]]) -> tuple[Finding, ...]:
    """The findings on a table from all its slices in their order."""
    seen = list(parts)
    values = cells.settle((piece, sight) for piece, (sight, _) in seen)
    return (*values, *persons.settle((piece, sight) for piece, (_, sight) in seen))
