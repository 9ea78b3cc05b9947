"""Our own, stricter verdict: what the standard asks and frictionless ignores, and how values are written.

Every column is asked one question at a time, of all its cells at once; only the distinct texts that fail it are
looked at one by one. A cell that frictionless reports already is not reported again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import pyarrow as pa

from gazette.checks.lexical import cells, keys, naming, newlines
from gazette.checks.lexical.cells import LISTED, Trace
from gazette.checks.lexical.texts import hangs, texts
from gazette.model import Fact, Finding, Severity, Slice

__all__ = ["LISTED", "STRICTER", "Sight", "hangs", "look", "settle", "sights", "texts"]

STRICTER = frozenset({
    "bom-inside", "code-form", "combining-marks", "compatibility-ideograph", "digits-not-ascii", "formula-text",
    "invisible-character", "key-confusable", "mixed-script", "mojibake", "newline-form", "pattern-alternation",
    "pattern-unportable", "private-use-character", "quote-stray", "spreadsheet-error", "value-blank", "value-form",
    "value-long", "value-padded",
})  # fmt: skip
"""What the standard allows and we do not: a warning where the policy is not strict."""

_MILD = frozenset({"code-lookalike", "geopoint-precision", "key-lookalike", "totals-row", "value-nullish"})
"""What is worth a look, and may well be right."""

_TOTALS = frozenset("合计 总计 小计 共计 总和 合\u3000计 Total Totals Subtotal Sum TOTAL total".split(" "))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What was seen in one slice: traces per column and code, its keys, and how its lines end."""

    rows: int
    names: tuple[str, ...]
    traces: tuple[Mapping[str, Trace], ...]
    keys: keys.Keys
    ends: newlines.Ends
    total: str | None
    """The first cell of the last row, where that says that the row is a total."""


def look(table: pa.Table, piece: Slice) -> Sight:
    """What there is to see in the cells of one slice of a table."""
    return sights([(table, piece)])[0]


def sights(seen: Sequence[tuple[pa.Table, Slice]]) -> list[Sight]:
    """The same of several tables, whose columns are asked together."""
    readers = [cells.Reader(piece) for _, piece in seen]
    columns = [each for (table, piece), reader in zip(seen, readers, strict=True)
               for each in _asked(table, piece, reader)]  # fmt: skip
    traces = iter(cells.traces(columns))
    return [
        Sight(
            rows=table.num_rows,
            names=tuple(table.column_names),
            traces=tuple(islice(traces, table.num_columns)),
            keys=keys.look(table, piece, reader),
            ends=newlines.look(table, piece),
            total=_total(table, piece),
        )
        for (table, piece), reader in zip(seen, readers, strict=True)
    ]


def _asked(table: pa.Table, piece: Slice, reader: cells.Reader) -> Iterator[tuple[pa.ChunkedArray, cells.Question]]:
    """The columns of a table, each with what is asked of it."""
    fields = {each.name: each for each in piece.resource.schema.fields} if piece.resource.schema else {}
    for name, values in zip(table.column_names, table.columns, strict=True):
        yield values, cells.Question(fields.get(name), reader, piece.resource)


def _total(table: pa.Table, piece: Slice) -> str | None:
    """A table whose items are declared, or that states rules about its sums, is meant to have totals."""
    schema = piece.resource.schema
    if not table.num_rows or not table.num_columns or piece.resource.rules:
        return None
    first = next((each for each in schema.fields if each.name == table.column_names[0]), None) if schema else None
    declared = first and (first.categories or "enum" in first.constraints)
    last = table.column(0)[-1].as_py()
    return last if last in _TOTALS and not declared else None


# --- the whole table --------------------------------------------------------------------------------------


def settle(seen: Iterable[tuple[Slice, Sight]]) -> tuple[Finding, ...]:
    """The findings on a table from what was seen in all its slices, in their order."""
    parts = list(seen)
    if not parts:
        return ()
    piece, sight = replace(parts[0][0], start=0, end=None), parts[0][1]
    joined: list[dict[str, Trace]] = [{} for _ in sight.names]
    before = 0
    for _, part in parts:
        for column, traces in zip(joined, part.traces, strict=True):
            for code, trace in traces.items():
                moved = ((row + before, facts) for row, facts in trace.rows)
                column.setdefault(code, Trace()).join(trace.count, moved)
        before += part.rows
    found = [
        finding
        for number, (name, column) in enumerate(zip(sight.names, joined, strict=True))
        for code, trace in sorted(column.items())
        for finding in _findings(replace(_blank(piece, code), field=name, column=number + 1), trace)
    ]
    found += _keys(piece, [(part, sight.keys) for part, sight in parts], sight.names)
    return (*found, *_lines(piece, [part for _, part in parts], before))


def _keys(piece: Slice, parts: Sequence[tuple[Slice, keys.Keys]], labels: Sequence[str]) -> Iterator[Finding]:
    for number, names in enumerate(naming.unjudged(piece.resource, labels)):
        trace = Trace()
        for row, twin in keys.repeated(parts, number, names):
            said: dict[str, Fact] = {"names": list(names), "twin": twin + 2}
            trace.join(1, [(row, said)])
        yield from _findings(replace(_blank(piece, "unique-key"), field=names[0]), trace)
    for number, names in enumerate(naming.all_of(piece.resource, labels)):
        traces = {"key-confusable": Trace(), "key-lookalike": Trace()}
        for (row, twin), code, facts in keys.alike(parts, number, names):
            traces[code].join(1, [(row, {**facts, "names": list(names), "twin": twin + 2})])
        for code, trace in traces.items():
            yield from _findings(replace(_blank(piece, code), field=names[0]), trace)


def _lines(piece: Slice, parts: Sequence[Sight], rows: int) -> Iterator[Finding]:
    ends = newlines.total([part.ends for part in parts])
    if ends.cr:
        yield replace(_blank(piece, "newline-form"), facts={"variant": "cr", "lines": ends.cr})
    elif ends.crlf and ends.lf:
        facts: dict[str, Fact] = {"variant": "mixed", "crlf": ends.crlf, "lf": ends.lf}
        yield replace(_blank(piece, "newline-form"), severity="warning", facts=facts)
    if ends.first is not None:
        finding = replace(_blank(piece, "quote-stray"), line=newlines.line(piece, ends.first))
        yield replace(finding, count=ends.stray, facts={"hits": ends.stray})
    if total := parts[-1].total:
        yield replace(_blank(piece, "totals-row"), row=rows + 1, facts={"cell": total})


def _findings(blank: Finding, trace: Trace) -> Iterator[Finding]:
    if len(trace.rows) > LISTED:
        row, facts = trace.rows[0]
        yield replace(blank, row=row + 2, count=trace.count, facts={**facts, "hits": trace.count})
        return
    for row, facts in trace.rows:
        yield replace(blank, row=row + 2, facts={**facts, "hits": 1})


def _blank(piece: Slice, code: str) -> Finding:
    paths = [f"{piece.dataset.folder}/{path}".removeprefix("/") for path in piece.resource.paths]
    severity: Severity = "warning" if code in _MILD else "error"
    return Finding(
        code=code,
        severity=severity,
        source="gazette",
        dataset=piece.dataset.name,
        path=paths[0] if len(paths) == 1 else None,
        resource=piece.resource.name,
    )
