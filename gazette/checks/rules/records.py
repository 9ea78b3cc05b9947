"""Dishonesty records of governments: what happens to them, until when, and what they exclude.

The deadlines of the Shanghai Social Credit Regulation bind the municipal credit centre and credit service agencies
for records of credit subjects. For records about governments they are applied here by analogy, and said to be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from gazette.checks.rules import calendar
from gazette.checks.rules.catalogue import OPINIONS_2017, SHANGHAI_2017, Domain, domain
from gazette.checks.rules.generic import late
from gazette.checks.rules.reading import Breach, Table, Value, World, said, unjudged

REPAIR_2026 = date(2026, 4, 1)
"""The Measures for Credit Repair, NDRC Order No. 36, take effect."""

PUBLICITY: dict[Value, tuple[int, int]] = {"minor": (0, 3), "general": (3, 12), "serious": (12, 36)}
"""Fewest and most months of publicity by severity, from the decision."""

ACTIVE = frozenset({"active", "under_objection", "notified"})
"""Statuses of a record that still counts against its subject."""

_EVENTS = "record-events"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limit:
    """``end`` at most ``days`` working days after ``start``, for events of a ``kind`` that ``fits``."""

    kind: str
    start: str
    end: str
    days: int
    forwarded: bool | None = None
    """Only events that were forwarded, or only those that were not."""

    def judge(self, table: Table, world: World) -> Iterator[Breach]:
        """Events of the kind that took longer; one that leaves a date blank is not judged."""
        names = ("kind", "received_on", "forwarded_on", self.start, self.end)
        for row, (kind, received, forwarded, start, end) in table.cells(*names):
            if kind != self.kind or self.forwarded not in {None, forwarded is not None}:
                continue
            if not (isinstance(received, date) and isinstance(start, date) and isinstance(end, date)):
                continue
            if received >= SHANGHAI_2017:
                yield from late(row, self.end, start, end, ("working-days", self.days), world)


def record_dates(table: Table, _world: World) -> Iterator[Breach]:
    """Decided, then entered, then public until a later day."""
    names = ("decided_on", "entered_on", "public_until")
    for row, values in table.cells(*names):
        known = [(name, day) for name, day in zip(names, values, strict=True) if isinstance(day, date)]
        for (early, first), (late_, second) in pairwise(known):
            if second < first:
                facts = {"early": early, "first": said(first), "late": late_, "second": said(second)}
                yield Breach(row=row, field=late_, facts=facts)


def exempted(table: Table, _world: World) -> Iterator[Breach]:
    """What is exempt from responsibility is no record."""
    for row, (is_exempt,) in table.cells("exempted"):
        if is_exempt is True:
            yield Breach(row=row, field="exempted", facts={})


def five_years(table: Table, _world: World) -> Iterator[Breach]:
    """Nothing stays public longer than five years from the end of the act."""
    for row, (ended, until) in table.cells("act_ended_on", "public_until"):
        if isinstance(ended, date) and isinstance(until, date):
            limit = calendar.months_after(ended, 60)
            if until > limit:
                facts = {"stated": said(until), "ended": said(ended), "due": said(limit)}
                yield Breach(row=row, field="public_until", facts=facts)


def publicity(table: Table, _world: World) -> Iterator[Breach]:
    """A record is public for the time its severity calls for."""
    for row, (severity, decided, until) in table.cells("severity", "decided_on", "public_until"):
        if severity in PUBLICITY and isinstance(decided, date) and isinstance(until, date) and decided >= REPAIR_2026:
            least, most = (calendar.months_after(decided, months) for months in PUBLICITY[severity])
            if not least <= until <= most:
                facts = {"stated": said(until), "least": said(least), "most": said(most)}
                yield Breach(row=row, field="public_until", facts=facts)


def event_dates(table: Table, world: World) -> Iterator[Breach]:
    """An event goes forward: received, marked, forwarded, decided; and it follows the entry of its record."""
    records = world.beside(table, "dishonesty-records") or next(iter(world.of_kind("dishonesty-records")), None)
    entered = records.pairs("record_id", "entered_on") if records else {}
    names = ("received_on", "marked_on", "forwarded_on", "decided_on", "deleted_on")
    for row, (record, kind, *days) in table.cells("record_id", "kind", *names):
        known = [(name, day) for name, day in zip(names, days, strict=True) if isinstance(day, date)]
        if isinstance(entry := entered.get(record), date) and kind != "notice":
            known.insert(0, ("entered_on", entry))
        # A mark is set and a case forwarded side by side; what all must do is follow the first and precede the last.
        for (early, first), (late_, second) in ((known[0], each) for each in known[1:]):
            if second < first:
                facts = {"early": early, "first": said(first), "late": late_, "second": said(second)}
                yield Breach(row=row, field=late_ if table.has(late_) else None, facts=facts)
                break


def repair_minimum(table: Table, world: World) -> Iterator[Breach]:
    """Nothing is repaired before its shortest time of publicity is over."""
    records = world.beside(table, "dishonesty-records") or next(iter(world.of_kind("dishonesty-records")), None)
    if records is None:
        yield unjudged(None, "counterpart")
        return
    known = {record: values for _, (record, *values) in records.cells("record_id", "severity", "decided_on")}
    for row, (record, kind, decided, outcome) in table.cells("record_id", "kind", "decided_on", "outcome"):
        severity, since = known.get(record, [None, None])
        if kind != "repair" or outcome == "rejected" or severity not in PUBLICITY:
            continue
        if isinstance(decided, date) and isinstance(since, date) and since >= REPAIR_2026:
            least = calendar.months_after(since, PUBLICITY[severity][0])
            if decided < least:
                yield Breach(row=row, field="decided_on", facts={"stated": said(decided), "least": said(least)})


def objections_answered(table: Table, _world: World) -> Iterator[Breach]:
    """An objection that is rejected says why."""
    reason = table.first("reason_zh", "reason")
    for row, (kind, outcome, why) in table.cells("kind", "outcome", reason):
        if kind == "objection" and outcome == "rejected" and why is None:
            yield Breach(row=row, field=reason, facts={})


def active_on(world: World, subject: Value, day: date) -> bool:
    """Whether a record stood against a unit on a day."""
    for table in world.of_kind("dishonesty-records"):
        names = ("subject_id", "entered_on", "public_until", "status")
        for _, (unit, entered, until, status) in table.cells(*names):
            ended = isinstance(until, date) and until < day
            if unit == subject and status in ACTIVE and isinstance(entered, date) and entered <= day and not ended:
                return True
    return False


def posted(table: Table, world: World) -> Iterator[Breach]:
    """The board shows a record only while it stands: from its entry to the end of its publicity."""
    known: dict[Value, list[Value]] = {}
    for records in world.of_kind("dishonesty-records"):
        known |= {record: days for _, (record, *days) in records.cells("record_id", "entered_on", "public_until")}
    for row, (record, up, down) in table.cells("record_id", "posted_on", "take_down_on"):
        entered, until = known.get(record, [None, None])
        if isinstance(entered, date) and isinstance(up, date) and up < entered:
            yield Breach(row=row, field="posted_on", facts={"stated": said(up), "entered": said(entered)})
        elif isinstance(until, date) and isinstance(down, date) and down > until:
            facts = {"variant": "after", "stated": said(down), "until": said(until)}
            yield Breach(row=row, field="take_down_on", facts=facts)


def _limit(name: str, columns: str, limit: _Limit) -> Domain:
    return domain(
        name, limit.judge, _EVENTS, f"kind received_on {columns}", "credit", since=SHANGHAI_2017,
        values=(("kind", limit.kind),),
    )  # fmt: skip


DOMAINS: tuple[Domain, ...] = (
    domain("record-dates", record_dates, "dishonesty-records", "decided_on entered_on public_until", "house"),
    domain("record-exempted", exempted, "dishonesty-records", "exempted", "opinions", since=OPINIONS_2017),
    domain(
        "record-five-years", five_years, "dishonesty-records", "act_ended_on public_until", "credit",
        since=SHANGHAI_2017,
    ),
    domain(
        "record-publicity", publicity, "dishonesty-records", "severity decided_on public_until", "repair",
        severity="warning", since=REPAIR_2026,
    ),
    domain("event-dates", event_dates, _EVENTS, "record_id kind received_on", "house"),
    _limit("objection-marked", "marked_on", _Limit(kind="objection", start="received_on", end="marked_on", days=1)),
    _limit(
        "objection-decided", "forwarded_on decided_on",
        _Limit(kind="objection", start="received_on", end="decided_on", days=5, forwarded=False),
    ),
    _limit(
        "objection-forwarded", "forwarded_on",
        _Limit(kind="objection", start="received_on", end="forwarded_on", days=2, forwarded=True),
    ),
    _limit(
        "objection-provider", "forwarded_on provider_received_on decided_on",
        _Limit(kind="objection", start="provider_received_on", end="decided_on", days=5, forwarded=True),
    ),
    _limit("revoked-deleted", "deleted_on", _Limit(kind="revocation", start="received_on", end="deleted_on", days=3)),
    _limit("repair-deleted", "deleted_on", _Limit(kind="repair", start="received_on", end="deleted_on", days=3)),
    domain(
        "repair-minimum", repair_minimum, _EVENTS, "record_id kind decided_on outcome", "repair", severity="warning",
        since=REPAIR_2026, values=(("kind", "repair"),),
    ),
    domain(
        "objection-reason", objections_answered, _EVENTS, "kind outcome reason_zh|reason", "credit",
        since=SHANGHAI_2017, values=(("kind", "objection"), ("outcome", "rejected")),
    ),
    domain("board-record", posted, "exposure-board", "record_id posted_on take_down_on", "house"),
)  # fmt: skip
"""Rules for records, what happens to them, and the board that shows them."""
