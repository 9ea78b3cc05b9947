"""What is disclosed, when and under which terms: catalogue and guide, approvals, double publicity, decisions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise

from gazette.checks.rules.catalogue import OGI_2019, OPINIONS_2017, SHANGHAI_2017, Domain, domain
from gazette.checks.rules.generic import grouped, late
from gazette.checks.rules.reading import Breach, Table, World, said

CATALOGUE_FIELDS = ("index_no", "title_zh", "abstract_zh", "created_on")
"""Index, name, abstract and date of creation: article 12, third paragraph."""

GUIDE_FIELDS = (
    "classification_zh", "arrangement_zh", "how_to_obtain_zh", "office_name_zh", "office_address_zh|address_zh",
    "hours|hours_zh", "phone", "fax", "web_contact",
)  # fmt: skip
"""Classification, arrangement, way to obtain; name, address, hours, telephone, fax and internet contact of the office:
article 12, second paragraph."""

LIST_FIELDS = ("entry_criteria|entry_criteria_zh", "exit_criteria|exit_criteria_zh", "remedy_channel|remedy_channel_zh")
BOARD_FIELDS = ("criterion|criterion_zh", "take_down_on|exit_criteria_zh", "remedy_zh")

STEPS = (
    "public_participation_on", "expert_review_on", "risk_assessment_on", "legality_review_on", "compliance_review_on",
    "collective_decision_on",
)  # fmt: skip
"""The procedure every major decision goes through, in its order (Hufufa [2017] No. 92)."""


def filled(table: Table, columns: tuple[str, ...]) -> Iterator[Breach]:
    """Cells that may not be blank and are."""
    names = [table.first(*column.split("|")) for column in columns]
    for row, values in table.cells(*names):
        yield from (
            Breach(row=row, field=name, facts={}) for name, value in zip(names, values, strict=True) if value is None
        )


def catalogue_fields(table: Table, _world: World) -> Iterator[Breach]:
    """The catalogue gives what article 12 names."""
    yield from filled(table, CATALOGUE_FIELDS)


def guide_fields(table: Table, _world: World) -> Iterator[Breach]:
    """The guide gives what article 12 names."""
    yield from filled(table, GUIDE_FIELDS)


def list_terms(table: Table, _world: World) -> Iterator[Breach]:
    """A list says how one gets onto it, how off it, and where to turn."""
    yield from filled(table, LIST_FIELDS)


def board_terms(table: Table, _world: World) -> Iterator[Breach]:
    """An entry of the exposure board says the same of itself."""
    yield from filled(table, BOARD_FIELDS)


def published_late(table: Table, world: World) -> Iterator[Breach]:
    """Published within 20 working days of creation, or of the last change before."""
    names = ("created_on", "changed_on", "published_on", "disclosure_type")
    for row, (created, changed, published, kind) in table.cells(*names):
        if not isinstance(published, date) or (kind is not None and kind != "proactive"):
            continue
        begun = [day for day in (created, changed) if isinstance(day, date) and day <= published]
        if begun and max(begun) >= OGI_2019:
            yield from late(row, "published_on", max(begun), published, ("working-days", 20), world)


def exemption_ground(table: Table, _world: World) -> Iterator[Breach]:
    """An item that is not disclosed names the ground; one that is has none."""
    for row, (kind, ground) in table.cells("disclosure_type", "exemption_id"):
        if kind == "not_disclosed" and ground is None:
            yield Breach(row=row, field="exemption_id", facts={})
        elif kind != "not_disclosed" and ground is not None:
            yield Breach(row=row, field="exemption_id", facts={"variant": "needless", "kind": said(kind)})


def double_publicity(table: Table, world: World) -> Iterator[Breach]:
    """Licences and penalties are online within seven working days of the decision."""
    for row, (decided, published) in table.cells(table.first("decision_date", "decided_on"), "published_on"):
        if isinstance(decided, date) and isinstance(published, date):
            yield from late(row, "published_on", decided, published, ("working-days", 7), world)


def decision_dates(table: Table, _world: World) -> Iterator[Breach]:
    """Decided, then valid, then expired; publicity ends after the decision."""
    chain = [table.first("decision_date", "decided_on"), "valid_from", "valid_to"]
    for row, (*days, end) in table.cells(*chain, "publicity_end"):
        stated = [(name, day) for name, day in zip(chain, days, strict=True) if isinstance(day, date)]
        for (early, first), (late_, second) in pairwise(stated):
            if second < first:
                facts = {"early": early, "first": said(first), "late": late_, "second": said(second)}
                yield Breach(row=row, field=late_, facts=facts)
        if isinstance(end, date) and isinstance(days[0], date) and end <= days[0]:
            facts = {"early": chain[0], "first": said(days[0]), "late": "publicity_end", "second": said(end)}
            yield Breach(row=row, field="publicity_end", facts=facts)


def committed_days(table: Table, _world: World) -> Iterator[Breach]:
    """Nobody promises more days than the law allows."""
    for row, (committed, statutory) in table.cells("committed_days", "statutory_days"):
        if isinstance(committed, Decimal) and isinstance(statutory, Decimal) and committed > statutory:
            facts = {"committed": said(committed), "statutory": said(statutory)}
            yield Breach(row=row, field="committed_days", facts=facts)


def approval_changes(table: Table, world: World) -> Iterator[Breach]:
    """An item is added once and ends once, and the catalogue beside knows how it stands."""
    items = world.beside(table, "approval-catalog")
    status = items.pairs("item_code", "status") if items else {}
    for (item,), records in grouped(table, ("item_code",), "date", "change"):
        former: str | None = None
        for row, (_, change) in sorted(records, key=lambda record: (said(record[1][0]), record[0])):
            if change == former == "add" or (former in _ENDS and change != "add"):
                facts = {"variant": "order", "item": said(item), "former": former}
                yield Breach(row=row, field="change", facts=facts)
            former, last = said(change), row
        if former in _ENDS and status.get(item) == "in_force":
            yield Breach(row=last, field="change", facts={"item": said(item), "former": former})


_ENDS = {"cancel", "merge"}


def decision_steps(table: Table, _world: World) -> Iterator[Breach]:
    """All six steps were taken before the collective decision, in their order."""
    for row, values in table.cells(*STEPS):
        if values[-1] is None:  # not yet decided
            continue
        known = [(name, day) for name, day in zip(STEPS, values, strict=True) if isinstance(day, date)]
        missing = [name for name, day in zip(STEPS, values, strict=True) if day is None]
        if missing:
            yield Breach(row=row, field=missing[0], facts={"variant": "missing", "steps": missing})
        for (early, first), (late_, second) in pairwise(known):
            if second < first:
                facts = {"early": early, "first": said(first), "late": late_, "second": said(second)}
                yield Breach(row=row, field=late_, facts=facts)


def opinions(table: Table, _world: World) -> Iterator[Breach]:
    """No more opinions are adopted than were received."""
    for row, (adopted, received) in table.cells("opinions_adopted", "opinions_received"):
        if isinstance(adopted, Decimal) and isinstance(received, Decimal) and adopted > received:
            facts = {"adopted": said(adopted), "received": said(received)}
            yield Breach(row=row, field="opinions_adopted", facts=facts)


_DOUBLE = "administrative-licences administrative-penalties"

DOMAINS: tuple[Domain, ...] = (
    domain(
        "catalogue-fields", catalogue_fields, "disclosure-catalog", " ".join(CATALOGUE_FIELDS), "ogi", since=OGI_2019
    ),
    domain("guide-fields", guide_fields, "disclosure-guide", " ".join(GUIDE_FIELDS), "ogi", since=OGI_2019),
    domain(
        "published-late", published_late, "disclosure-catalog", "created_on changed_on published_on disclosure_type",
        "ogi", since=OGI_2019, values=(("disclosure_type", "proactive"),),
    ),
    domain(
        "exemption-ground", exemption_ground, "disclosure-catalog", "disclosure_type exemption_id", "ogi",
        since=OGI_2019, values=(("disclosure_type", "not_disclosed"),),
    ),
    domain("committed-days", committed_days, "approval-catalog", "committed_days statutory_days", "house"),
    domain(
        "approval-changes", approval_changes, "approval-changes", "item_code change date", "compilation",
        values=(("change", "add"), ("change", "cancel")),
    ),
    domain("double-publicity", double_publicity, _DOUBLE, "decision_date|decided_on published_on", "publicity"),
    domain("decision-dates", decision_dates, _DOUBLE, "decision_date|decided_on", "house"),
    domain("decision-steps", decision_steps, "public-decisions", " ".join(STEPS), "opinions", since=OPINIONS_2017),
    domain("opinions-adopted", opinions, "public-decisions", "opinions_received opinions_adopted", "house"),
    domain("list-terms", list_terms, "list-catalog", " ".join(LIST_FIELDS), "credit", since=SHANGHAI_2017),
    domain(
        "board-terms", board_terms, "exposure-board", " ".join(BOARD_FIELDS), "credit", severity="warning",
        since=SHANGHAI_2017,
    ),
)  # fmt: skip
"""Rules of the Regulation on Open Government Information, and of lists and decisions."""
