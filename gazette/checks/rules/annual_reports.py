"""Identities of the annual reports on open government information, and of the statistics before them.

The table of requests is in long form: one row per report, line and kind of applicant. Which form a report follows
stands in the table of kind ``annual-reports`` of the same dataset. The identities hold on the forms of 2019 and 2021;
the form of 2008 to 2018 is not described here, so its reports are not judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import TypeAlias, cast

from gazette.checks.rules import calendar
from gazette.checks.rules.catalogue import OGI_2019, Domain, domain
from gazette.checks.rules.generic import grouped
from gazette.checks.rules.reading import Breach, Table, Value, World, said, unjudged

_Cells: TypeAlias = Mapping[tuple[str, str], tuple[int, Decimal]]

FORMS = frozenset({"2019", "2021"})
"""The forms whose identities are known."""

_RECEIVED, _HANDLED, _CARRIED = ("new_received", "carried_in"), "handled_total", "carried_out"
_TOTAL = "total"
_APPLICANTS = (
    "natural_person", "commercial_enterprise", "research_institution", "public_interest_organization",
    "legal_service_organization", "other",
)  # fmt: skip
_OUTSIDE = {*_RECEIVED, _HANDLED, _CARRIED}


# --- one report -------------------------------------------------------------------------------------------


def received(table: Table, world: World) -> Iterator[Breach]:
    """AR1: I + II = III (7) + IV, in every column that states any of them; a blank counts nothing."""
    for _, cells in _reports(table, world):
        if isinstance(cells, Breach):
            yield cells
            continue
        for who in (*_APPLICANTS, _TOTAL):
            stated = {line: cells[line, who] for line in (*_RECEIVED, _HANDLED, _CARRIED) if (line, who) in cells}
            came = sum((stated[line][1] for line in _RECEIVED if line in stated), Decimal(0))
            went = sum((stated[line][1] for line in (_HANDLED, _CARRIED) if line in stated), Decimal(0))
            if came != went:
                facts = {"applicant": who, "received": said(came), "handled": said(went)}
                yield Breach(row=min(row for row, _ in stated.values()), field="count", facts=facts)


def outcomes(table: Table, world: World) -> Iterator[Breach]:
    """AR2: the outcomes of a column add to III (7), where the column states any outcome."""
    for _, cells in _reports(table, world):
        if isinstance(cells, Breach):
            yield cells
            continue
        for who in (*_APPLICANTS, _TOTAL):
            parts = [value for (line, column), (_, value) in cells.items() if column == who and line not in _OUTSIDE]
            if parts and (_HANDLED, who) in cells:
                row, stated = cells[_HANDLED, who]
                found = sum(parts, Decimal(0))
                if found != stated:
                    facts = {"applicant": who, "stated": said(stated), "sum": said(found)}
                    yield Breach(row=row, field="count", facts=facts)


def applicants(table: Table, world: World) -> Iterator[Breach]:
    """AR3: the kinds of applicant of a line add to its total, where the line states both."""
    for _, cells in _reports(table, world):
        if isinstance(cells, Breach):
            yield cells
            continue
        for (line, who), (row, stated) in cells.items():
            if who == _TOTAL:
                parts = [cells[line, each][1] for each in _APPLICANTS if (line, each) in cells]
                found = sum(parts, Decimal(0))
                if parts and found != stated:
                    facts = {"item": line, "stated": said(stated), "sum": said(found)}
                    yield Breach(row=row, field="count", facts=facts)


def contested(table: Table, world: World) -> Iterator[Breach]:
    """AR4: upheld, corrected, other and pending add to the total; a blank counts nothing."""
    names = ("upheld", "corrected", "other", "pending")
    forms = _forms(table, world)
    for row, (report, total, *parts) in table.cells("report_id", "total", *names):
        if forms.get(report) not in FORMS:
            yield unjudged(row, "form")
        elif isinstance(total, Decimal) and any(part is not None for part in parts):
            found = sum((part for part in parts if isinstance(part, Decimal)), Decimal(0))
            if found != total:
                yield Breach(row=row, field="total", facts={"stated": said(total), "sum": said(found)})


def counts(table: Table, _world: World) -> Iterator[Breach]:
    """AR9: a count is a whole number from zero up; a blank is not a zero, so its row says that it is not stated."""
    stated = "value_status" if table.has("value_status") else "count"
    for row, (count, status) in table.cells("count", stated):
        if isinstance(count, Decimal) and (count < 0 or count != count.to_integral_value()):
            yield Breach(row=row, field="count", facts={"variant": "number", "stated": said(count)})
        elif count is None and status == "actual":
            yield Breach(row=row, field="count", facts={"variant": "blank"})


def _reports(table: Table, world: World) -> Iterator[tuple[Value, _Cells | Breach]]:
    """The stated cells of every report by line and applicant; of one whose form is not known, why it is not judged."""
    forms = _forms(table, world)
    for (report,), records in grouped(table, ("report_id",), "line", "applicant_type", "count"):
        if forms.get(report) not in FORMS:
            yield report, unjudged(records[0][0], "form")
            continue
        cells = {
            (said(line), said(who)): (row, count) for row, (line, who, count) in records if isinstance(count, Decimal)
        }
        yield report, cells


def _forms(table: Table, world: World) -> Mapping[Value, Value]:
    reports = world.beside(table, "annual-reports")
    return reports.pairs("report_id", "form") if reports else {}


# --- one year and the next --------------------------------------------------------------------------------


def carried_total(table: Table, world: World) -> Iterator[Breach]:
    """AR5 on the total: what was carried forward is what the next year carries over."""
    yield from _carried(table, world, (_TOTAL,))


def carried_columns(table: Table, world: World) -> Iterator[Breach]:
    """AR5 on the kinds of applicant."""
    yield from _carried(table, world, _APPLICANTS)


def _carried(table: Table, world: World, columns: tuple[str, ...]) -> Iterator[Breach]:
    known = {report: cells for report, cells in _reports(table, world) if not isinstance(cells, Breach)}
    for before, after in _consecutive(table, world):
        for who in columns:
            left, found = known.get(before, {}).get((_CARRIED, who)), known.get(after, {}).get((_RECEIVED[1], who))
            if left and found and left[1] != found[1]:
                facts = {"applicant": who, "stated": said(found[1]), "former": said(left[1])}
                yield Breach(row=found[0], field="count", facts=facts)


def in_force(table: Table, world: World) -> Iterator[Breach]:
    """AR6: in force = in force the year before + issued − abolished."""
    rows = {
        (report, item): (row, values)
        for row, (report, item, *values) in table.cells("report_id", "item", "issued", "abolished", "in_force")
    }
    for before, after in _consecutive(table, world):
        for (report, item), (row, values) in rows.items():
            former = rows.get((before, item), (0, [None]))[1][-1]
            if report == after and former is not None and None not in values:
                issued, abolished, stated = cast("list[Decimal]", values)
                found = cast("Decimal", former) + issued - abolished
                if found != stated:
                    facts = {"item": said(item), "stated": said(stated), "sum": said(found)}
                    yield Breach(row=row, field="in_force", facts=facts)


def _consecutive(table: Table, world: World) -> Iterator[tuple[Value, Value]]:
    """Pairs of reports of the same unit and scope for a year and the next, both on a form that is known."""
    reports = world.beside(table, "annual-reports")
    if reports is None:
        return
    scope = "scope" if reports.has("scope") else "unit_id"
    known = {
        (unit, said(year), within): report
        for _, (report, unit, year, form, within) in reports.cells("report_id", "unit_id", "year", "form", scope)
        if form in FORMS
    }
    for (unit, year, within), report in known.items():
        if (after := known.get((unit, str(int(year) + 1), within))) is not None:
            yield report, after


def rolled_up(table: Table, world: World) -> Iterator[Breach]:
    """AR7: what departments and lower governments received adds to what the report as a whole received."""
    requests = world.beside(table, "annual-report-requests")
    whole = {}
    for report, cells in _reports(requests, world) if requests else ():
        if not isinstance(cells, Breach) and all((line, _TOTAL) in cells for line in _RECEIVED):
            whole[report] = sum((cells[line, _TOTAL][1] for line in _RECEIVED), Decimal(0))
    for (report,), records in grouped(table, ("report_id",), "requests"):
        parts = [value for _, (value,) in records]
        if report not in whole:
            yield unjudged(records[0][0], "counterpart")
        elif None not in parts and (found := sum(cast("list[Decimal]", parts), Decimal(0))) != whole[report]:
            facts = {"stated": said(whole[report]), "sum": said(found)}
            yield Breach(row=records[-1][0], field="requests", facts=facts)


# --- prose and fees ---------------------------------------------------------------------------------------


def prose(table: Table, world: World) -> Iterator[Breach]:
    """AR8: a figure the prose states is the one the tables give."""
    figures = _figures(table, world)
    for row, (report, figure, value) in table.cells("report_id", "figure", "value"):
        found = figures.get((report, figure))
        if found is None:
            yield unjudged(row, "counterpart")
        elif isinstance(value, Decimal) and value != found:
            yield Breach(row=row, field="value", facts={"stated": said(value), "table": said(found)})


def _figures(table: Table, world: World) -> Mapping[tuple[Value, Value], Decimal]:
    """What the tables of the dataset give for the figures a prose may state, by report and figure."""
    figures: dict[tuple[Value, Value], Decimal] = {}
    requests = world.beside(table, "annual-report-requests")
    for report, cells in _reports(requests, world) if requests else ():
        if not isinstance(cells, Breach):
            figures |= {(report, name): value for name, value in _request_figures(cells)}
    courts = world.beside(table, "annual-report-review-litigation")
    for _, (report, route, total) in courts.cells("report_id", "route", "total") if courts else ():
        if isinstance(total, Decimal):
            key = report, "reconsiderations" if route == "reconsideration" else "lawsuits"
            figures[key] = figures.get(key, Decimal(0)) + total
    fees = world.beside(table, "annual-report-fees")
    for _, (report, *values) in fees.cells("report_id", "cases", "amount_yuan") if fees else ():
        for name, value in zip(("fee_cases", "fee_yuan"), values, strict=True):
            if isinstance(value, Decimal):
                figures[report, name] = figures.get((report, name), Decimal(0)) + value
    return figures


def _request_figures(cells: _Cells) -> Iterator[tuple[str, Decimal]]:
    """The sums a prose states; of a line the total, or where the report leaves that blank, its columns."""

    def of(*lines: str) -> Decimal:
        return sum(
            (
                cells[line, _TOTAL][1]
                if (line, _TOTAL) in cells
                else sum((cells[line, who][1] for who in _APPLICANTS if (line, who) in cells), Decimal(0))
                for line in lines
            ),
            Decimal(0),
        )

    lines = dict.fromkeys(line for line, _ in cells)
    yield "handled", of(*_RECEIVED)
    yield "disclosed_or_partly", of("granted", "partial")
    yield "unable", of(*(line for line in lines if line.startswith("una_")))
    yield "not_disclosed", of(*(line for line in lines if line.startswith("den_")))


PER_ITEM, PER_PAGE = Decimal(100), Decimal(10)
"""The smallest steps of the tariff in yuan: by item, and by page (Guobanhan [2020] No. 109)."""


def fees(table: Table, _world: World) -> Iterator[Breach]:
    """AR10: fees are charged by item or by page, in its steps, and nobody pays without a case."""
    charged = table.has("charged_by")
    names = ("cases", "amount_yuan", *(["charged_by"] if charged else []))
    for row, (cases, amount, *by) in table.cells(*names):
        if not isinstance(amount, Decimal) or not isinstance(cases, Decimal):
            continue
        step = PER_ITEM if by and by[0] == "item" else PER_PAGE
        if amount % step:
            facts = {"variant": "step", "stated": said(amount), "step": said(step)}
            yield Breach(row=row, field="amount_yuan", facts=facts)
        elif (cases == 0) != (amount == 0):
            yield Breach(row=row, field="amount_yuan", facts={"stated": said(amount), "cases": said(cases)})


# --- publication ------------------------------------------------------------------------------------------

_DUE = {"department": (1, 31), "government": (3, 31), "government_rollup": (3, 31)}
"""Month and day by which the report on a year is published in the next (article 49); townships are not named there."""


def published(table: Table, _world: World) -> Iterator[Breach]:
    """AR11: departments publish by 31 January, governments by 31 March; the first reports due were those on 2019."""
    for row, (year, level, stated, day) in table.cells("year", "level", "due_on", "published_on"):
        covered = calendar.period(year)
        days = {date(covered.year + 1, *day) for day in _DUE.values()} if covered else set()
        due = date(covered.year + 1, *_DUE[said(level)]) if covered and level in _DUE else None
        if isinstance(stated, date) and days and stated >= OGI_2019:
            if stated not in days or due not in {None, stated}:
                facts = {"variant": "due", "stated": said(stated), "due": said(due or min(days))}
                yield Breach(row=row, field="due_on", facts=facts)
                continue
            due = stated
        if due and due >= OGI_2019 and isinstance(day, date) and day > due:
            yield Breach(row=row, field="published_on", facts={"stated": said(day), "due": said(due)})


def calendar_year(table: Table, _world: World) -> Iterator[Breach]:
    """AR12: the statistics run from 1 January to 31 December of the year."""
    for row, (year, *stated) in table.cells("year", "period_from", "period_to"):
        covered = calendar.period(year)
        wanted = (covered.first, covered.last) if covered else (None, None)
        for name, value, day in zip(("period_from", "period_to"), stated, wanted, strict=True):
            if day is not None and value is not None and value != day:
                yield Breach(row=row, field=name, facts={"stated": said(value), "wanted": said(day)})


# --- before 2008 ------------------------------------------------------------------------------------------

_SUMS: Mapping[str, tuple[str, ...]] = {
    "10": tuple(str(code) for code in range(11, 17)),
    "17": ("18", "19", "20"),
    "20": tuple(str(code) for code in range(21, 32)),
}
"""Totals of the local form of 35 codes and their parts."""

LOCAL_FORM_ENDS = date(2007, 12, 31)


def local_form(table: Table, _world: World) -> Iterator[Breach]:
    """Requests, answers and refusals add up; full texts are not more than items; cumulative is not below current."""
    by = [name for name in ("unit_id", "dept_id", "entity_id") if table.has(name)]
    for group, records in grouped(table, (*by, "period"), "indicator", "value", "cumulative"):
        covered = calendar.period(group[-1])
        if covered is None or covered.first > LOCAL_FORM_ENDS:
            continue
        found = {said(code): (row, value) for row, (code, value, _) in records if isinstance(value, Decimal)}
        for code, parts in _SUMS.items():
            if code in found and all(part in found for part in parts):
                row, stated = found[code]
                total = sum((found[part][1] for part in parts), Decimal(0))
                if total != stated:
                    facts = {"item": code, "stated": said(stated), "sum": said(total)}
                    yield Breach(row=row, field="value", facts=facts)
        if "01" in found and "02" in found and found["02"][1] > found["01"][1]:
            facts = {"variant": "above", "stated": said(found["02"][1]), "limit": said(found["01"][1])}
            yield Breach(row=found["02"][0], field="value", facts=facts)
        for row, (_, value, sofar) in records:
            if isinstance(value, Decimal) and isinstance(sofar, Decimal) and sofar < value:
                facts = {"variant": "above", "stated": said(value), "limit": said(sofar)}
                yield Breach(row=row, field="value", facts=facts)


_CELLS = "report_id line applicant_type count"

DOMAINS: tuple[Domain, ...] = (
    domain("ar1", received, "annual-report-requests", _CELLS, "form", since=date(2019, 1, 1)),
    domain("ar2", outcomes, "annual-report-requests", _CELLS, "form", since=date(2019, 1, 1)),
    domain("ar3", applicants, "annual-report-requests", _CELLS, "form", since=date(2019, 1, 1)),
    domain(
        "ar4", contested, "annual-report-review-litigation", "report_id upheld corrected other pending total", "form",
        since=date(2019, 1, 1),
    ),
    domain("ar5", carried_total, "annual-report-requests", _CELLS, "form", since=date(2019, 1, 1)),
    domain(
        "ar5-columns", carried_columns, "annual-report-requests", _CELLS, "form", severity="warning",
        since=date(2019, 1, 1),
    ),
    domain(
        "ar6", in_force, "annual-report-proactive", "report_id item issued abolished in_force", "form",
        severity="warning", since=date(2019, 1, 1),
    ),
    domain(
        "ar7", rolled_up, "annual-report-departments", "report_id requests", "house", severity="warning",
        since=date(2019, 1, 1),
    ),
    domain("ar8", prose, "annual-report-prose", "report_id figure value", "house", since=date(2019, 1, 1)),
    domain("ar9", counts, "annual-report-requests", _CELLS, "form", since=date(2019, 1, 1)),
    domain("ar10", fees, "annual-report-fees", "cases amount_yuan", "fees", since=date(2021, 1, 1)),
    domain(
        "ar11", published, "annual-reports annual-report-submission", "year published_on level|due_on", "ogi",
        since=OGI_2019,
    ),
    domain(
        "ar12", calendar_year, "annual-reports", "year period_from period_to", "form", since=OGI_2019, optional=True
    ),
    domain("local-form", local_form, "local-form", "period indicator value", "form-2006", until=LOCAL_FORM_ENDS),
)  # fmt: skip
"""AR1 to AR12, and the form before."""
