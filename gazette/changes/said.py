"""A difference in words: what happened to each table, in order of what a reviewer must not miss."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice

import pyarrow as pa

from gazette import words
from gazette.changes.values import Difference, Package, Step, Table
from gazette.model import Coverage, Fact, Finding, Language

HELD = 40
"""Characters of a cell that a summary shows."""

_FEW = 6
"""Columns of a row without a key that stand for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One thing that happened: what, to what, and the cases of it that are listed of ``total``."""

    kind: str
    place: str
    items: tuple[str, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """How a format and a language say things."""

    language: Language
    mark: Callable[[str], str]
    """Makes a text of the data stand apart, and harmless."""
    tell: Callable[[str], str]
    """Makes a sentence that quotes data harmless."""
    censor: Callable[[str], str]
    """Blacks out personal data."""
    limit: int
    """Cases listed of each note."""

    def label(self, key: str, **facts: Fact) -> str:
        """A text of the interface."""
        return words.label(f"changes.{key}", self.language, **facts)

    def number(self, value: int) -> str:
        """A count."""
        return words.number(value, self.language)

    def value(self, text: str | None, *, hidden: bool = False) -> str:
        """One cell."""
        if hidden:
            return self.label("hidden")
        if not text:
            return self.label("blank")
        shown = self.censor(text)
        return self.mark(shown if len(shown) <= HELD else f"{shown[: HELD - 1]}…")


def notes(found: Difference, speaker: Speaker) -> tuple[Note, ...]:
    """Everything that changed; what a reviewer must not miss stands first."""
    tables = found.tables
    made = [
        *_of(tables, "unread", _unread, speaker),
        *_packages(found.packages, "removed", speaker),
        *_of(tables, "removed", _removed, speaker),
        *_of(tables, "breaking", _breaking, speaker),
        *_findings("fresh", found.fresh, speaker),
        *_of(tables, "changed", _changed, speaker),
        *_of(tables, "added", _added, speaker),
        *_of(tables, "other", _other, speaker),
        *_packages(found.packages, "added", speaker),
        *_of(tables, "texts", _texts, speaker),
        *_reworded(found.packages, speaker),
        *_findings("mended", found.mended, speaker),
        *_coverage(found.coverage, speaker),
        *_listed("strays", "", [speaker.mark(path) for path in found.misplaced], speaker),
        *_listed("pages", "", [speaker.mark(f"/{page}") for page in found.pages], speaker),
    ]
    return tuple(note for note in made if note.total)


def scores(found: Difference, speaker: Speaker) -> Iterator[tuple[str, ...]]:
    """The scoreboard: per table its name, rows before and now, rows added, removed and changed, and its weight."""
    for table in found.tables:
        added, removed, changed = _counts(table)
        yield (
            table.place,
            speaker.number(table.before),
            speaker.number(table.after),
            f"+{speaker.number(added)}" if added else "0",
            f"−{speaker.number(removed)}{_share(removed, table.before)}" if removed else "0",
            speaker.number(changed),
            speaker.label(f"weight.{table.weight}"),
        )


def summary(found: Difference, speaker: Speaker) -> tuple[str, str, str]:
    """What is compared, how much changed, and what the gate says of it."""
    tables = found.tables
    added, removed, changed = (sum(column) for column in zip((0, 0, 0), *map(_counts, tables), strict=True))
    cells = sum(len(table.delta.cells) for table in tables if table.delta is not None)
    facts = {"packages": len(found.packages), "tables": len(tables), "added": added, "removed": removed,
             "changed": changed, "cells": cells}  # fmt: skip
    totals = {"errors": found.counts.get("error", 0), "warnings": found.counts.get("warning", 0)}
    moved = {name: sum(each.count for each in each_) for name, each_ in
             (("fresh", found.fresh), ("mended", found.mended))}  # fmt: skip
    head = {"base": speaker.mark(found.base[:12]), "head": speaker.mark(found.head[:12]) if found.head else ""}
    title = "between" if found.head else "since"
    verdict = "refused" if found.refused else "accepted"
    return (
        speaker.label(title, **head),
        speaker.label("summary", **{name: speaker.number(count) for name, count in facts.items()})
        if found.packages
        else speaker.label("none"),
        speaker.label(verdict, **{name: speaker.number(count) for name, count in (totals | moved).items()}),
    )


def keys(table: pa.Table, key: Sequence[str], limit: int) -> list[tuple[str, ...]]:
    """What names each of the first rows: its key, else its first cells."""
    names = list(key) or table.column_names[:_FEW]
    rows = table.select(names).slice(0, limit)
    return list(zip(*(column.to_pylist() for column in rows.columns), strict=True)) if names else []


def _counts(table: Table) -> tuple[int, int, int]:
    """Rows added, removed and changed."""
    if table.delta is not None:
        return table.delta.added.num_rows, table.delta.removed.num_rows, table.delta.changed
    if table.state == "changed":
        return 0, 0, 0
    return (table.after, 0, 0) if table.state == "added" else (0, table.before, 0)


def _share(part: int, whole: int) -> str:
    share = (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else Decimal(0)
    return f" ({share} %)"


# --- notes ------------------------------------------------------------------------------------------------


def _of(
    tables: Sequence[Table], kind: str, cases: Callable[[Table, Speaker], tuple[Iterator[str], int]], speaker: Speaker
) -> Iterator[Note]:
    for table in tables:
        items, total = cases(table, speaker)
        yield Note(kind=kind, place=speaker.mark(table.place), items=tuple(islice(items, speaker.limit)), total=total)


def _listed(kind: str, place: str, items: Sequence[str], speaker: Speaker) -> Iterator[Note]:
    yield Note(kind=kind, place=place, items=tuple(items[: speaker.limit]), total=len(items))


def _unread(table: Table, speaker: Speaker) -> tuple[Iterator[str], int]:
    said = [speaker.label("unread")] if table.unread else []
    said += [speaker.label("read-as", encoding=table.encoding)] if table.encoding else []
    return iter(said), len(said)


def _removed(table: Table, speaker: Speaker) -> tuple[Iterator[str], int]:
    if table.state == "removed":
        return iter([speaker.label("table.removed", rows=speaker.number(table.before))]), 1
    if table.delta is None:
        return iter(()), 0
    rows = table.delta.removed
    former = {new: old for old, new in table.delta.renamed.items()}
    return _rows(rows, [former.get(name, name) for name in table.delta.key], table, speaker), rows.num_rows


def _added(table: Table, speaker: Speaker) -> tuple[Iterator[str], int]:
    if table.state == "added":
        return iter([speaker.label("table.added", rows=speaker.number(table.after))]), 1
    if table.delta is None:
        return iter(()), 0
    return _rows(table.delta.added, table.delta.key, table, speaker), table.delta.added.num_rows


def _rows(rows: pa.Table, key: Sequence[str], table: Table, speaker: Speaker) -> Iterator[str]:
    names = list(key) or rows.column_names[:_FEW]
    for cells in keys(rows, key, speaker.limit):
        yield _key(names, cells, table, speaker)


def _key(names: Sequence[str], cells: Sequence[str | None], table: Table, speaker: Speaker) -> str:
    shown = (speaker.value(cell, hidden=name in table.hidden) for name, cell in zip(names, cells, strict=True))
    return " / ".join(shown)


def _changed(table: Table, speaker: Speaker) -> tuple[Iterator[str], int]:
    if table.delta is None:
        return iter(()), 0
    cells, delta = table.delta.cells, table.delta

    def said() -> Iterator[str]:
        named = keys(cells.keys, delta.key, speaker.limit)
        for place, own in enumerate(named):
            field, old, new = (str(column[place]) for column in (cells.field, cells.old, cells.new))
            hidden = field in table.hidden
            yield speaker.label(
                "cell", row=_key(delta.key, own, table, speaker), field=speaker.mark(field),
                old=speaker.value(old, hidden=hidden), new=speaker.value(new, hidden=hidden),
            )  # fmt: skip

    return said(), len(cells)


def _breaking(table: Table, speaker: Speaker) -> tuple[Iterator[str], int]:
    return _steps([step for step in table.steps if step.breaking], speaker)


def _other(table: Table, speaker: Speaker) -> tuple[Iterator[str], int]:
    return _steps([step for step in table.steps if not step.breaking and step.kind != "text"], speaker)


def _texts(table: Table, speaker: Speaker) -> tuple[Iterator[str], int]:
    return _steps([step for step in table.steps if step.kind == "text"], speaker)


def _steps(steps: Sequence[Step], speaker: Speaker) -> tuple[Iterator[str], int]:
    return (step_said(step, speaker) for step in steps), len(steps)


def step_said(step: Step, speaker: Speaker) -> str:
    """One difference of a descriptor."""
    return speaker.label(
        f"step.{step.kind}", place=speaker.mark(step.place), old=speaker.value(step.old), new=speaker.value(step.new)
    )


def _packages(packages: Sequence[Package], state: str, speaker: Speaker) -> Iterator[Note]:
    names = [speaker.mark(package.name) for package in packages if package.state == state]
    yield from _listed(f"packages.{state}", "", names, speaker)


def _reworded(packages: Sequence[Package], speaker: Speaker) -> Iterator[Note]:
    for package in packages:
        items, total = _steps(package.steps, speaker)
        shown = tuple(islice(items, speaker.limit))
        yield Note(kind="texts", place=speaker.mark(package.name), items=shown, total=total)


def _findings(kind: str, findings: Sequence[Finding], speaker: Speaker) -> Iterator[Note]:
    items = [finding_said(finding, speaker) for finding in findings[: speaker.limit]]
    yield Note(kind=kind, place="", items=tuple(items), total=len(findings))


def finding_said(finding: Finding, speaker: Speaker) -> str:
    """One finding, with how often it occurs."""
    place = finding.path or finding.dataset or ""
    row = words.label("report.row", speaker.language, row=finding.row) if finding.row else ""
    return speaker.label(
        "finding",
        severity=words.label(f"severity.{finding.severity}", speaker.language),
        place=f"{speaker.mark(place)}{row}" if place else finding.code,
        what=speaker.tell(words.message(finding, speaker.language).what),
        count=f" × {speaker.number(finding.count)}" if finding.count > 1 else "",
    )


def _coverage(pairs: Sequence[tuple[Coverage | None, Coverage | None]], speaker: Speaker) -> Iterator[Note]:
    said = []
    for before, after in pairs:
        known = after or before
        if known is not None:
            language = words.label(f"coverage.language.{known.language}", speaker.language)
            facts = {"before": _complete(before, speaker), "after": _complete(after, speaker)}
            said.append(speaker.label("coverage", place=speaker.mark(known.dataset), spoken=language, **facts))
    yield from _listed("coverage", "", said, speaker)


def _complete(each: Coverage | None, speaker: Speaker) -> str:
    if each is None:
        return speaker.label("nothing")
    return f"{speaker.number(each.complete)}/{speaker.number(each.texts)}"


# --- text that stays text ---------------------------------------------------------------------------------


def visible(text: str) -> str:
    """``text`` on one line, with every character that hides, moves or reorders others written as its number."""
    return "".join(
        char if char.isprintable() or char == "\u3000" else "⏎" if char == "\n" else f"U+{ord(char):04X}"
        for char in text.replace("\r\n", "\n")
    )


def width(text: str) -> int:
    """Columns of a terminal that ``text`` takes (Unicode Standard Annex 11)."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def quoted(text: str) -> str:
    """``text`` between quotation marks, for a terminal."""
    return f"“{visible(text)}”"


def code(text: str) -> str:
    """``text`` as a code span of GitHub's Markdown: nothing in it is a link, a mention or markup."""
    shown = visible(text)
    runs = {len(run) for run in "".join(char if char == "`" else " " for char in shown).split()}
    fence = "`" * next(length for length in range(1, len(runs) + 2) if length not in runs)
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{fence}{pad}{shown}{pad}{fence}"
