"""What changed between two states of the datasets, row by row, and what that does to the report on them."""

from __future__ import annotations

import filecmp
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import pyarrow as pa

from gazette import tables
from gazette.changes import log, steps
from gazette.changes.rows import Delta, between
from gazette.changes.values import Difference, Package, Revision, Side, Step, Table, Weight
from gazette.changes.written import render
from gazette.model import Coverage, Dataset, Finding, Resource, Settings, Slice

__all__ = [
    "Delta",
    "Difference",
    "Package",
    "Revision",
    "Side",
    "Step",
    "Table",
    "base",
    "between",
    "compare",
    "head",
    "render",
    "weigh",
]

SEVERE, NOTABLE = 0.5, 0.1
"""Share of its former rows a table may lose, or change, before its reviewer is told to look closely."""

_ENCODINGS = {"GB18030": "gb18030", "UTF-16": "utf-16"}
"""What ``encoding-error`` guesses a file to be."""


def base(settings: Settings) -> str:
    """The revision that is compared with."""
    return settings.revisions[0]


def head(settings: Settings) -> Revision:
    """The revision that is compared; ``None`` for the datasets as they lie in their folder."""
    return settings.revisions[1] if settings.revisions[1:] else None


def record(
    datasets: Iterable[Dataset], events: Sequence[log.Happening], fetch: log.Fetch, settings: Settings
) -> Mapping[str, tuple[log.Entry, ...]]:
    """What every published version of ``datasets`` changed, newest first; what is known already is read from a cache.

    The cache lies beside the settings of the site, in ``.gazette-cache``; it may be removed at any time.
    """
    return log.read(datasets, events, fetch, settings.config.parent / ".gazette-cache")


def compare(old: Side, new: Side, misplaced: Sequence[str] = ()) -> Difference:
    """What changed from ``old`` to ``new``; both were judged, whatever the verdict.

    ``misplaced`` are tables that lie beside the folder of datasets since.
    """
    before, after = ({each.name: each for each in side.datasets} for side in (old, new))
    names = sorted({*before, *after})
    packages = tuple(
        package for name in names if (package := _package(before.get(name), after.get(name), old, new)) is not None
    )
    fresh, mended = _weighed(new.report.findings, old.report.findings), _weighed(
        old.report.findings, new.report.findings
    )  # fmt: skip
    return Difference(
        base=old.revision or "",
        head=new.revision,
        packages=packages,
        fresh=fresh,
        mended=mended,
        counts=new.report.counts,
        coverage=tuple(_coverage(old.report.coverage, new.report.coverage)),
        pages=tuple(_pages(packages, new.datasets)),
        misplaced=tuple(misplaced),
    )


def weigh(before: int, delta: Delta | None, steps_: Iterable[Step]) -> Weight:
    """``severe`` where half of the rows went or programs of others break, ``notable`` from a tenth."""
    removed, changed = (delta.removed.num_rows, delta.changed) if delta is not None else (0, 0)
    lost, moved = (count / before if before else 0.0 for count in (removed, removed + changed))
    if lost >= SEVERE or any(step.breaking for step in steps_):
        return "severe"
    return "notable" if moved >= NOTABLE else "usual"


# --- datasets and tables ----------------------------------------------------------------------------------


def _package(old: Dataset | None, new: Dataset | None, left: Side, right: Side) -> Package | None:
    known = new or old
    if known is None:
        return None
    names = dict.fromkeys(each.name for each in (*(new.resources if new else ()), *(old.resources if old else ())))
    found = tuple(
        table for name in names if (table := _table(known.name, name, _Half(old, left), _Half(new, right))) is not None
    )
    changed = steps.package(old, new) if new else ()
    state: Literal["added", "removed", "changed"] = "changed" if old and new else ("added" if new else "removed")
    if state == "changed" and not found and not changed:
        return None
    return Package(name=known.name, title=known.title, state=state, steps=changed, tables=found)


class _Half:
    """One side of a table that is compared."""

    def __init__(self, dataset: Dataset | None, side: Side) -> None:
        self.dataset, self.side = dataset, side

    def resource(self, name: str) -> Resource | None:
        return next((each for each in self.dataset.resources if each.name == name), None) if self.dataset else None

    def piece(self, name: str) -> Slice | None:
        """The whole table; ``None`` where it has no file that may be read."""
        own = self.dataset.name if self.dataset else None
        for piece in self.side.pieces:
            if (piece.dataset.name, piece.resource.name) == (own, name):
                return replace(piece, start=0, end=None)
        return None

    def rows(self, name: str) -> int:
        return self.side.report.rows.get((self.dataset.name, name), 0) if self.dataset else 0

    def guess(self, name: str) -> str | None:
        """What the file of a table seems to be, where that is not what its descriptor says."""
        return next(
            (
                str(finding.facts["guess"])
                for finding in self.side.report.findings
                if finding.code == "encoding-error" and finding.facts.get("guess") in _ENCODINGS
                if self.dataset and (finding.dataset, finding.resource) == (self.dataset.name, name)
            ),
            None,
        )

    def hidden(self, name: str) -> frozenset[str]:
        """Columns with personal data, or with marks of secrecy."""
        return frozenset(
            finding.field
            for finding in self.side.report.findings
            if self.dataset and finding.dataset == self.dataset.name and finding.resource == name
            if finding.field and finding.code.startswith(("personal-", "secre"))
        )


def _table(dataset: str, name: str, left: _Half, right: _Half) -> Table | None:
    old, new = left.resource(name), right.resource(name)
    known = new or old
    if known is None:
        return None
    hidden = left.hidden(name) | right.hidden(name)
    plain = Table(
        dataset=dataset, resource=name, title=known.title, state="changed", before=left.rows(name),
        after=right.rows(name), delta=None, steps=(), weight="usual", hidden=hidden,
    )  # fmt: skip
    if new is None:
        return replace(plain, state="removed", weight="severe")
    if old is None:
        return replace(plain, state="added")
    return _compared(plain, (old, left.piece(name)), (new, right.piece(name)), right.guess(name))


def _compared(
    plain: Table, old: tuple[Resource, Slice | None], new: tuple[Resource, Slice | None], guess: str | None
) -> Table | None:
    same = old[1] is not None and new[1] is not None and _same_bytes(old[1], new[1])
    delta, unread = None, False
    if not same:
        ours, theirs = _read(old[1], None), _read(new[1], guess)
        if ours is not None and theirs is not None:
            delta = between(ours, theirs, _key(new[0]) or _key(old[0]))
        unread = delta is None
    found = steps.table(old[0], new[0], delta.columns if delta is not None else ())
    if not (delta or found or unread or guess):
        return None
    before, after = (delta.before, delta.after) if delta is not None else (plain.before, plain.after)
    weight = "severe" if unread else weigh(before, delta, found)
    return replace(
        plain, before=before, after=after, delta=delta, steps=found, weight=weight, unread=unread, encoding=guess
    )


def _key(resource: Resource) -> tuple[str, ...]:
    return resource.schema.primary_key if resource.schema else ()


def _same_bytes(old: Slice, new: Slice) -> bool:
    paths = [[each.root / each.dataset.folder / path for path in each.resource.paths] for each in (old, new)]
    if len(paths[0]) != len(paths[1]) or old.resource.data != new.resource.data:
        return False
    return all(filecmp.cmp(one, other, shallow=False) for one, other in zip(*paths, strict=True))


def _read(piece: Slice | None, guess: str | None) -> pa.Table | None:
    """The cells of a table; ``None`` where its file is not one, or has two columns of one name."""
    if piece is None:
        return None
    if guess:
        piece = replace(piece, resource=replace(piece.resource, encoding=_ENCODINGS[guess]))
    try:
        found = tables.read(piece)
    except (tables.Irregular, tables.Unclosed):
        return None
    return found if len(set(found.column_names)) == len(found.column_names) else None


# --- what it does to the report ---------------------------------------------------------------------------


def _weighed(findings: Iterable[Finding], others: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those of ``findings`` that ``others`` lack; a row is no part of what a finding is, for rows move."""
    known: Counter[object] = Counter()
    for finding in others:
        known[_identity(finding)] += finding.count
    left: dict[object, Finding] = {}
    for finding in findings:
        identity = _identity(finding)
        spare = min(known[identity], finding.count)
        known[identity] -= spare
        if finding.count > spare:
            first = left.get(identity)
            more = finding.count - spare + (first.count if first else 0)
            left[identity] = replace(first or finding, count=more)
    return tuple(left.values())


def _identity(finding: Finding) -> object:
    told = {name: value for name, value in finding.facts.items() if name in {"cell", "variant", "id", "name"}}
    return (
        finding.code, finding.severity, finding.dataset, finding.path, finding.pointer, finding.resource,
        finding.field, str(sorted(told.items())),
    )  # fmt: skip


def _coverage(old: Iterable[Coverage], new: Iterable[Coverage]) -> Iterator[tuple[Coverage | None, Coverage | None]]:
    before, after = ({(each.dataset, each.language): each for each in side} for side in (old, new))
    for key in sorted({*before, *after}):
        one, other = before.get(key), after.get(key)
        if one is None or other is None or (one.complete, one.texts) != (other.complete, other.texts):
            yield one, other


def _pages(packages: Iterable[Package], known: Iterable[Dataset]) -> Iterator[str]:
    """Below the folder of each language: of what changed, and of what refers to a table whose rows changed."""
    changed = {package.name for package in packages}
    touched = {table.dataset for package in packages for table in package.tables}
    for dataset in known:
        keys = [key for each in dataset.resources if each.schema for key in each.schema.foreign_keys]
        if dataset.name in changed or touched & {key.dataset for key in keys}:
            yield f"datasets/{dataset.name}/"
    if changed:
        yield from ("catalogue/", "coverage/", "")
