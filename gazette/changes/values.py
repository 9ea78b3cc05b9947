"""What a comparison of two sets of datasets says, before anybody has put it into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from gazette.changes.rows import Delta
from gazette.model import Coverage, Dataset, Finding, Report, Slice, Text

Weight: TypeAlias = Literal["severe", "notable", "usual"]
"""How much a change asks of its reviewer; see :func:`gazette.changes.weigh`."""

Revision: TypeAlias = str | None
"""A commit by any of its names; ``None`` for the datasets as they lie in their folder."""

WEIGHTS: tuple[Weight, ...] = ("severe", "notable", "usual")


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two states that are compared, judged."""

    revision: str | None
    """The commit; ``None`` for the files as they lie in the folder."""
    datasets: tuple[Dataset, ...]
    pieces: tuple[Slice, ...]
    day: date
    """The day it was judged for."""
    report: Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One difference between two descriptors.

    ``kind`` is ``column-added``, ``column-removed``, ``column-renamed``, ``type``, ``format``, ``key``, ``blanks``,
    ``unit``, ``code-added``, ``code-removed``, ``constraint`` or ``text``; ``place`` is what it concerns: a column,
    or the pointer of a text. ``breaking`` is what whoever reads the table by program must know beforehand.
    """

    kind: str
    place: str
    old: str | None
    new: str | None
    breaking: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What became of one table."""

    dataset: str
    resource: str
    title: Text
    state: Literal["added", "removed", "changed"]
    before: int
    after: int
    delta: Delta | None
    """``None`` where the table is new or gone, or cannot be read."""
    steps: tuple[Step, ...]
    weight: Weight
    unread: bool = False
    """Whether one of its files cannot be read as a table; the findings say why."""
    encoding: str | None = None
    """What a file was read as that is not in the encoding its descriptor states."""
    hidden: frozenset[str] = frozenset()
    """Columns in which personal data was found: no cell of them is shown."""

    @property
    def place(self) -> str:
        """Its name on the site."""
        return f"{self.dataset}/{self.resource}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """What became of one dataset."""

    name: str
    title: Text
    state: Literal["added", "removed", "changed"]
    steps: tuple[Step, ...]
    """Differences of its descriptor that concern no single table."""
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What changed from one state of the datasets to the other."""

    base: str
    head: str | None
    packages: tuple[Package, ...]
    fresh: tuple[Finding, ...]
    """Findings that the base does not have; ``count`` is how many more there are."""
    mended: tuple[Finding, ...]
    """Findings that only the base has."""
    counts: Mapping[str, int]
    """Exact totals per severity after the change."""
    coverage: tuple[tuple[Coverage | None, Coverage | None], ...]
    """Before and after, of every dataset and language where the two differ."""
    pages: tuple[str, ...]
    """Addresses of the pages that show something else than before."""
    misplaced: tuple[str, ...] = ()
    """Tables that were put beside the folder of datasets, where nobody looks for them."""

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables of all packages, those first that ask most of a reviewer."""
        found = [table for package in self.packages for table in package.tables]
        return tuple(sorted(found, key=lambda table: (WEIGHTS.index(table.weight), table.place)))

    @property
    def refused(self) -> bool:
        """Whether the gate refuses what the change leads to."""
        return self.counts.get("error", 0) > 0
