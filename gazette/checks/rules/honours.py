"""Honours: who may not have one, and what comes before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal

from gazette.checks.rules import records
from gazette.checks.rules.catalogue import OPINIONS_2017, Domain, domain
from gazette.checks.rules.reading import Breach, Table, Value, World, said, unjudged


def no_active_record(table: Table, world: World) -> Iterator[Breach]:
    """No unit is honoured on a day on which a dishonesty record stands against it; a revoked honour is past."""
    units = _units(table, world)
    for row, (own, nomination, awarded, revoked) in table.cells(
        _unit(table), "nomination_id", "awarded_on", "revoked_on"
    ):
        unit = own or units.get(nomination)
        if unit is None:
            yield unjudged(row, "counterpart")
            continue
        if not isinstance(awarded, date) or revoked is not None or awarded < OPINIONS_2017:
            continue
        if records.active_on(world, unit, awarded):
            yield Breach(row=row, field="awarded_on", facts={"unit": said(unit), "awarded": said(awarded)})


def _unit(table: Table) -> str:
    return next((name for name in ("unit_id", "dept_id") if table.has(name)), "unit_id")


def _units(table: Table, world: World) -> Mapping[Value, Value]:
    nominations = world.beside(table, "award-nominations")
    if nominations is None:
        return {}
    return nominations.pairs("nomination_id", _unit(nominations))


def noticed(table: Table, world: World) -> Iterator[Breach]:
    """Every honour was announced before, so that anybody could object, and no objection is open."""
    events = world.beside(table, "award-events")
    if events is None:
        yield unjudged(None, "counterpart")
        return
    begin, end = events.first("from", "started_on", "start"), events.first("to", "ended_on", "end")
    ends: dict[Value, list[date]] = {}
    objections: set[Value] = set()
    for _, (nomination, stage, first, last) in events.cells("nomination_id", "stage", begin, end):
        day = last or first
        if stage == "public_notice" and isinstance(day, date):
            ends.setdefault(nomination, []).append(day)
        if stage == "objection" and last is None:
            objections.add(nomination)
    for row, (nomination, awarded) in table.cells("nomination_id", "awarded_on"):
        if not isinstance(awarded, date):
            continue
        if not any(day < awarded for day in ends.get(nomination, [])):
            yield Breach(row=row, field="awarded_on", facts={"awarded": said(awarded)})
        elif nomination in objections:
            yield Breach(row=row, field="nomination_id", facts={"variant": "objection", "awarded": said(awarded)})


def not_vetoed(table: Table, world: World) -> Iterator[Breach]:
    """A veto excludes an award."""
    nominations = world.beside(table, "award-nominations")
    if nominations is None:
        yield unjudged(None, "counterpart")
        return
    vetoed = {nomination for _, (nomination, veto) in nominations.cells("nomination_id", "vetoed") if veto is True}
    for row, (nomination,) in table.cells("nomination_id"):
        if nomination in vetoed:
            yield Breach(row=row, field="nomination_id", facts={"nomination": said(nomination)})


def places(table: Table, world: World) -> Iterator[Breach]:
    """No more are honoured in a category of a round than it has places."""
    nominations, rounds = world.beside(table, "award-nominations"), world.beside(table, "award-rounds")
    if nominations is None or rounds is None or not rounds.has("round_id", "category", "places"):
        yield unjudged(None, "counterpart")
        return
    offered = {(held, category): count for _, (held, category, count) in rounds.cells("round_id", "category", "places")}
    names = ("nomination_id", "round_id", "category")
    entered = {name: (held, kind) for _, (name, held, kind) in nominations.cells(*names)}
    given: Counter[tuple[Value, Value]] = Counter()
    for row, (nomination, revoked) in table.cells("nomination_id", "revoked_on"):
        key = entered.get(nomination)
        if key is None or revoked is not None:
            continue
        given[key] += 1
        limit = offered.get(key)
        if isinstance(limit, Decimal) and given[key] > limit:
            facts = {"category": said(key[1]), "places": said(limit), "given": str(given[key])}
            yield Breach(row=row, field="nomination_id", facts=facts)


DOMAINS: tuple[Domain, ...] = (
    domain(
        "honour-record", no_active_record, "honour-roll", "awarded_on unit_id|dept_id|nomination_id", "opinions",
        since=OPINIONS_2017,
    ),
    domain("honour-notice", noticed, "honour-roll", "nomination_id awarded_on", "nanming"),
    domain("honour-veto", not_vetoed, "honour-roll", "nomination_id", "nanming"),
    domain("honour-places", places, "honour-roll", "nomination_id", "nanming"),
)  # fmt: skip
"""Rules for honour rolls."""
