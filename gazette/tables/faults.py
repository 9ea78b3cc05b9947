"""What is wrong with a file as a container of a table, before any cell is judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from gazette.model import Fact, Finding, Severity, Slice

Facts: TypeAlias = "Mapping[str, Fact]"

FATAL = frozenset({
    "json-constant", "json-duplicate-key", "json-blank-line", "json-syntax", "json-too-deep", "json-type",
    "table-too-large", "workbook-damaged", "workbook-dimension", "workbook-entities", "workbook-macros",
    "workbook-type",
})  # fmt: skip
"""What keeps a file from being read at all: nobody, frictionless included, is shown it."""

STRICTER = frozenset({
    "json-keys", "json-nested", "table-empty", "workbook-formula", "workbook-hidden", "workbook-links",
    "workbook-merged", "workbook-sheet",
})  # fmt: skip
"""What the standard allows and we do not: a warning where the policy is not strict."""

LISTED = 10
"""A column with more cells of one code than this gets one finding for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault of a file: ``row`` and ``column`` count from 1, the row as a spreadsheet shows it."""

    code: str
    severity: Severity = "error"
    row: int | None = None
    line: int | None = None
    column: int | None = None
    count: int = 1
    """How many cells of its column it stands for."""
    facts: Facts = field(default_factory=dict)


def too_large(variant: str | None, found: int, limit: int) -> Fault:
    """A file of which there is more than is read; ``variant`` says of what, bytes without it."""
    return Fault(code="table-too-large", facts={"variant": variant, "found": found, "limit": limit})


def refuses(faults: Iterable[Fault]) -> bool:
    """Whether the file must not be read."""
    return any(fault.code in FATAL for fault in faults)


def findings(piece: Slice, faults: Sequence[Fault], names: Sequence[str]) -> tuple[Finding, ...]:
    """``faults`` as findings on the table ``piece``, whose columns have ``names``."""
    folder = f"{piece.dataset.folder}/" if piece.dataset.folder else ""
    return tuple(
        Finding(
            code=fault.code,
            severity=fault.severity,
            source="gazette",
            dataset=piece.dataset.name,
            path=folder + piece.resource.paths[0] if piece.resource.paths else None,
            resource=piece.resource.name,
            row=fault.row,
            line=fault.line,
            column=fault.column,
            field=names[fault.column - 1] or None if fault.column and fault.column <= len(names) else None,
            count=fault.count,
            facts=fault.facts,
        )
        for fault in faults
    )


class Gathering:
    """Faults by code and column, in memory that does not grow with them: beyond :data:`LISTED`, one stands for all."""

    def __init__(self) -> None:
        self._groups: dict[tuple[str, Fact, int | None], list[Fault]] = {}
        self._counts: Counter[tuple[str, Fact, int | None]] = Counter()

    def add(self, fault: Fault) -> None:
        """One more."""
        group = fault.code, fault.facts.get("variant"), fault.column
        self._counts[group] += 1
        known = self._groups.setdefault(group, [])
        if len(known) < LISTED:
            known.append(fault)

    def faults(self) -> Iterator[Fault]:
        """All of them, group by group as each was first met."""
        for group, known in self._groups.items():
            count = self._counts[group]
            listed = known if count <= LISTED else [replace(known[0], count=count)]
            yield from (replace(each, facts={**each.facts, "hits": each.count}) for each in listed)
