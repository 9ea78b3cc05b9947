"""Promises and what became of them; money owed; calls answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import cast

from gazette.checks.rules.catalogue import OPINIONS_2017, Domain, domain
from gazette.checks.rules.generic import grouped
from gazette.checks.rules.reading import Breach, Table, World, said, unjudged

EXPLAINED = frozenset({"overdue", "changed_lawfully", "broken"})
"""Ends that must be explained to those who were promised."""

OPEN = frozenset({"not_due", "in_progress"})


def fulfilled(table: Table, world: World) -> Iterator[Breach]:
    """A commitment called fulfilled has evidence in its progress."""
    yield from _backed(table, world, frozenset({"fulfilled"}), "evidence_url")


def explained(table: Table, world: World) -> Iterator[Breach]:
    """A commitment that is overdue, changed or broken has an explanation in its progress."""
    yield from _backed(table, world, EXPLAINED, "explanation_zh")


def _backed(table: Table, world: World, statuses: frozenset[str], column: str) -> Iterator[Breach]:
    progress = _progress(table, world)
    if progress is None or not progress.has("commitment_id", column):
        yield unjudged(None, "counterpart")
        return
    backed = {commitment for _, (commitment, stated) in progress.cells("commitment_id", column) if stated is not None}
    for row, (commitment, status) in table.cells("commitment_id", "status"):
        if status in statuses and commitment not in backed:
            yield Breach(row=row, field="status", facts={"status": said(status), "wanted": column})


def _progress(table: Table, world: World) -> Table | None:
    """The table of progress that names these commitments: in the same dataset, or one that refers to this."""
    beside = world.beside(table, "commitment-progress")
    for other in world.of_kind("commitment-progress"):
        keys = other.resource.schema.foreign_keys if other.resource.schema else ()
        if any((key.dataset, key.resource) == (table.dataset.name, table.resource.name) for key in keys):
            return beside or other
    return beside


def due_passed(table: Table, world: World) -> Iterator[Breach]:
    """What was due before the day the table speaks of is no longer in progress."""
    for row, (due, status, spoken) in table.cells("due_on", "status", "as_of"):
        today = spoken if isinstance(spoken, date) else world.as_of
        if status in OPEN and isinstance(due, date) and due < today:
            facts = {"status": said(status), "due": said(due), "today": said(today)}
            yield Breach(row=row, field="status", facts=facts)


def repayments(table: Table, _world: World) -> Iterator[Breach]:
    """Owed at the beginning, newly owed, repaid: what is left is owed at the end. Instalments add to their debt."""
    for row, values in table.cells("owed_opening", "new", "repaid", "owed_closing"):
        if None not in values:
            opening, new, repaid, closing = cast("tuple[Decimal, ...]", values)
            if opening + new - repaid != closing:
                facts = {"stated": said(closing), "sum": said(opening + new - repaid)}
                yield Breach(row=row, field="owed_closing", facts=facts)
    for (debt,), records in grouped(table, ("debt_id",), "debt_wan_yuan", "amount_wan_yuan"):
        (last, (whole, _own)), amounts = records[-1], [amount for _, (_, amount) in records]
        if whole is not None and None not in amounts:
            found = sum(cast("list[Decimal]", amounts), Decimal(0))
            if found != whole:
                facts = {"variant": "instalments", "debt": said(debt), "stated": said(whole), "sum": said(found)}
                yield Breach(row=last, field="amount_wan_yuan", facts=facts)


_PARTS = (("satisfied", "surveyed"), ("solved", "received"), ("contacted_first", "received"))
"""What is counted among what."""


def hotline(table: Table, _world: World) -> Iterator[Breach]:
    """Calls add up, and no more are satisfied than were asked."""
    parts = ("handled_directly", "transferred")
    for row, (stated, *values) in table.cells("received", *parts):
        if stated is not None and None not in values:
            found = sum(cast("list[Decimal]", values), Decimal(0))
            if found != stated:
                sums = {"stated": said(stated), "sum": said(found)}
                yield Breach(row=row, field="received", facts={**sums, "parts": list(parts)})
    for name, whole in _PARTS:
        for row, (some, every) in table.cells(name, whole):
            if isinstance(some, Decimal) and isinstance(every, Decimal) and some > every:
                facts = {"variant": "above", "stated": said(some), "whole": whole, "limit": said(every)}
                yield Breach(row=row, field=name, facts=facts)


def on_time(table: Table, _world: World) -> Iterator[Breach]:
    """A report called on time came by the day it was due, and one that was not called so did not."""
    for row, (due, submitted, stated) in table.cells("due_on", "submitted_on", "on_time"):
        if not (isinstance(due, date) and isinstance(submitted, date) and isinstance(stated, bool)):
            continue
        if stated != (submitted <= due):
            yield Breach(row=row, field="on_time", facts={"submitted": said(submitted), "due": said(due)})


DOMAINS: tuple[Domain, ...] = (
    domain(
        "fulfilled-evidence", fulfilled, "service-commitments", "commitment_id status", "house",
        values=(("status", "fulfilled"),),
    ),
    domain(
        "overdue-explained", explained, "service-commitments", "commitment_id status", "compilation",
        values=(("status", "overdue"),),
    ),
    domain(
        "due-passed", due_passed, "service-commitments", "due_on status", "opinions", severity="warning",
        since=OPINIONS_2017, values=(("status", "in_progress"),),
    ),
    domain("repayments", repayments, "repayments", "owed_opening|debt_wan_yuan owed_closing|amount_wan_yuan", "house"),
    domain("hotline", hotline, "hotline-performance", "received handled_directly transferred", "house"),
    domain("on-time", on_time, "quarterly-reports", "due_on submitted_on on_time", "house"),
)  # fmt: skip
"""Rules for commitments and performance."""
