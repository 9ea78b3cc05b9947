"""Rules any table can declare on its own columns (``gazette.rules`` of a resource)."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise, product
from operator import le
from typing import Any, TypeAlias, cast

from gazette.checks.rules import calendar
from gazette.checks.rules.reading import Breach, Table, Value, World, decimals, said, unjudged

Parameters: TypeAlias = Mapping[str, Any]
Judge: TypeAlias = Callable[[Table, Parameters, World], Iterator[Breach]]
_Record: TypeAlias = tuple[int, tuple[Value, ...]]

NUMBERS = frozenset({"integer", "number"})
DATES = frozenset({"date"})
ANY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What a declaration may state, in one of the forms of :mod:`declared`; a field has one of ``types``."""

    form: str
    required: bool = False
    types: frozenset[str] = ANY


def _field(types: frozenset[str] = ANY, *, required: bool = True, form: str = "field") -> Parameter:
    return Parameter(form=form, required=required, types=types)


def _fields(types: frozenset[str] = ANY, *, required: bool = True) -> Parameter:
    return Parameter(form="fields", required=required, types=types)


_BY = Parameter(form="group")
_FLAG = Parameter(form="flag")
_COUNT = Parameter(form="count")

PARAMETERS: Mapping[str, Mapping[str, Parameter]] = {
    "sum-of-parts": {
        "total": _field(NUMBERS),
        "parts": _fields(NUMBERS),
        "rounded": _FLAG,
        "by-rounding": Parameter(form="number"),
    },
    "sum-of-rows": {
        "value": _field(NUMBERS),
        "by": _BY,
        "item": _field(),
        "total": Parameter(form="value", required=True),
        "parts": Parameter(form="values"),
        "rounded": _FLAG,
        "by-rounding": Parameter(form="number"),
        "optional": _FLAG,
        "where": Parameter(form="when"),
    },
    "share": {"percent": _field(NUMBERS), "numerator": _field(NUMBERS), "denominator": _field(NUMBERS)},
    "shares-complete": {
        "percent": _field(NUMBERS),
        "by": _BY,
        "count": _field(NUMBERS, required=False),
        "n": _field(NUMBERS, required=False, form="field-or-count"),
    },
    "stock-flow": {
        "by": _BY,
        "period": _field(),
        "opening": _field(NUMBERS),
        "inflow": _fields(NUMBERS),
        "outflow": _fields(NUMBERS),
        "closing": _field(NUMBERS),
    },
    "cumulative": {"by": _BY, "period": _field(), "current": _field(NUMBERS), "cumulative": _field(NUMBERS)},
    "dates-in-order": {"fields": _fields()},
    "periods": {"by": _BY, "from": _field(), "to": _field(), "gaps": _FLAG, "overlaps": _FLAG},
    "deadline": {"from": _field(DATES), "to": _field(DATES), "working-days": _COUNT, "days": _COUNT, "months": _COUNT},
    "ranking": {"by": _BY, "score": _field(NUMBERS), "rank": _field(NUMBERS), "order": Parameter(form="order")},
    "weights": {"by": _BY, "weight": _field(NUMBERS), "total": Parameter(form="number")},
    "required-if": {"field": _field(), "when": Parameter(form="when", required=True)},
    "one-of": {"fields": _fields()},
    "not-above": {"lower": _field(), "upper": _field()},
    "row-count": {"within": Parameter(form="number", required=True)},
    "complete": {
        "unit": _field(),
        "period": _field(),
        "units": Parameter(form="units", required=True),
        "periods": Parameter(form="periods", required=True),
        "nil": _field(frozenset({"boolean"}), required=False),
    },
}
"""What each rule may be told."""


# --- sums and shares --------------------------------------------------------------------------------------


def sum_of_parts(table: Table, given: Parameters, _world: World) -> Iterator[Breach]:
    """Within a row, the total is the sum of its parts. A row that leaves one of them blank is not judged."""
    for row, values in table.cells(given["total"], *given["parts"]):
        if None not in values:
            total, *parts = cast("tuple[Decimal, ...]", values)
            if total == sum(parts):  # most rows, and quickly told
                continue
            if breach := _unequal(total, parts, given):
                names = [table.fields[name].name for name in given["parts"]]
                yield Breach(row=row, field=given["total"], facts={**breach, "parts": names})


def _unequal(total: Decimal, parts: Sequence[Decimal], given: Parameters) -> dict[str, str] | None:
    """What a total and the sum of its parts are, where they differ by more than rounding explains."""
    found = sum(parts, Decimal(0))
    if total == found or abs(total - found) <= _tolerance((total, *parts), given):
        return None
    return {"stated": said(total), "sum": said(found)}


def _tolerance(values: Sequence[Decimal], given: Parameters) -> Decimal:
    if (stated := given.get("by-rounding")) is not None:
        return Decimal(str(stated))
    return len(values) * half_unit(max(map(decimals, values))) if given.get("rounded") else Decimal(0)


@cache
def half_unit(places: int) -> Decimal:
    """The most by which rounding to ``places`` decimals moves a number."""
    return Decimal(5).scaleb(-places - 1)


def sum_of_rows(table: Table, given: Parameters, _world: World) -> Iterator[Breach]:
    """Within a group, the row of the total is the sum of the rows of its parts.

    A total or a part that is blank is not stated, so its group is not judged. A row that is absent is a breach,
    unless the rule is ``optional``. With ``where`` only rows with one of some values are looked at.
    """
    total, parts = str(given["total"]), [str(part) for part in given.get("parts") or ()]
    where = given.get("where") or {"field": given["item"], "in": None}
    for group, every in grouped(table, given.get("by") or (), given["item"], given["value"], where["field"]):
        records = [record for record in every if where["in"] is None or said(record[1][2]) in map(str, where["in"])]
        found = {said(item): (row, value) for row, (item, value, _) in records}
        wanted = parts or [item for item in found if item != total]
        if absent := [item for item in (total, *wanted) if item not in found]:
            if records and not given.get("optional"):
                facts = {"variant": "absent", "item": absent[0], "group": said_group(group)}
                yield Breach(row=records[0][0], field=given["item"], facts=facts)
            continue
        row, stated = found[total]
        values = [found[item][1] for item in wanted]
        if stated is None or None in values:
            continue
        if breach := _unequal(cast("Decimal", stated), cast("list[Decimal]", values), given):
            yield Breach(row=row, field=given["value"], facts={**breach, "item": total, "parts": wanted})


def share(table: Table, given: Parameters, _world: World) -> Iterator[Breach]:
    """The percentage is numerator by denominator, rounded half up to the decimals it is published with."""
    for row, values in table.cells(given["percent"], given["numerator"], given["denominator"]):
        if None in values:
            continue
        percent, numerator, denominator = cast("tuple[Decimal, ...]", values)
        if 100 * numerator == percent * denominator != 0:
            continue
        half = half_unit(decimals(percent))
        if denominator > 0 and (percent - half) * denominator <= 100 * numerator < (percent + half) * denominator:
            continue
        facts = {"stated": said(percent), "numerator": said(numerator), "denominator": said(denominator)}
        if not denominator:
            yield Breach(row=row, field=given["percent"], facts={"variant": "nothing", **facts})
        elif (computed := rounded(100 * Fraction(numerator) / Fraction(denominator), decimals(percent))) != percent:
            yield Breach(row=row, field=given["percent"], facts={**facts, "computed": said(computed)})


def rounded(value: Fraction, places: int) -> Decimal:
    """``value`` to ``places`` decimals, half up."""
    scaled = value * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole).scaleb(-places)


def shares_complete(table: Table, given: Parameters, _world: World) -> Iterator[Breach]:
    """The percentages of a group add to 100, each can come from the number of answers, and the counts add to it.

    k percentages rounded to d decimals add to 100 within k halves of the last place. That each is reachable from n is
    the GRIM test of Brown and Heathers (2017), here for shares and rounding half up.
    """
    n = given.get("n")
    names = (given["percent"], given.get("count") or "", n if isinstance(n, str) else "")
    for group, records in grouped(table, given.get("by") or (), *names):
        if any(percent is None for _, (percent, _, _) in records):
            continue
        percents = {row: cast("Decimal", percent) for row, (percent, _, _) in records}
        places = max(map(decimals, percents.values()))
        yield from _incomplete(percents, places, group, given)
        for row, (_, count, own) in records:
            base = own if isinstance(n, str) else None if n is None else Decimal(n)
            if isinstance(base, Decimal) and base > 0:
                unreachable = list(_unreachable(row, percents[row], int(base), places, given))
                yield from unreachable
                counted = (
                    rounded(100 * Fraction(count) / Fraction(base), places) if isinstance(count, Decimal) else None
                )
                if not unreachable and counted not in {None, percents[row]}:
                    facts = {"variant": "count", "stated": said(percents[row]), "count": said(count), "n": said(base)}
                    yield Breach(row=row, field=given["percent"], facts=facts)
        yield from _miscounted(records, group, given)


def _incomplete(
    percents: Mapping[int, Decimal], places: int, group: tuple[Value, ...], given: Parameters
) -> Iterator[Breach]:
    found, tolerance = sum(percents.values(), Decimal(0)), len(percents) * half_unit(places)
    if abs(found - 100) > tolerance:
        facts = {"group": said_group(group), "sum": said(found), "tolerance": said(tolerance)}
        yield Breach(row=max(percents), field=given["percent"], facts=facts)


def _unreachable(row: int, percent: Decimal, n: int, places: int, given: Parameters) -> Iterator[Breach]:
    below = int(Fraction(percent) * n / 100)
    near = [count for count in (below - 1, below, below + 1) if 0 <= count <= n]
    shares = {count: rounded(Fraction(100 * count, n), places) for count in near}
    if percent not in shares.values():
        facts = {"variant": "unreachable", "stated": said(percent), "n": str(n)}
        shown = [f"{count}/{n} = {share} %" for count, share in shares.items()]
        yield Breach(row=row, field=given["percent"], facts={**facts, "near": shown})


def _miscounted(records: Sequence[_Record], group: tuple[Value, ...], given: Parameters) -> Iterator[Breach]:
    n = given.get("n")
    counts = [count for _, (_, count, _) in records]
    stated = records[0][1][2] if isinstance(n, str) else n
    if given.get("count") and stated is not None and None not in counts:
        found = sum(cast("list[Decimal]", counts), Decimal(0))
        if found != Decimal(str(stated)):
            facts = {"variant": "counts", "group": said_group(group), "sum": said(found), "n": said(stated)}
            yield Breach(row=records[-1][0], field=given["count"], facts=facts)


def weights(table: Table, given: Parameters, _world: World) -> Iterator[Breach]:
    """The weights of a group add to the total, 100 where none is stated."""
    total = Decimal(str(given.get("total", 100)))
    for group, records in grouped(table, given.get("by") or (), given["weight"]):
        stated = [value for _, (value,) in records if isinstance(value, Decimal)]
        found = sum(stated, Decimal(0))
        if stated and found != total:
            facts = {"group": said_group(group), "sum": said(found), "total": said(total)}
            yield Breach(row=records[-1][0], field=given["weight"], facts=facts)


# --- periods ----------------------------------------------------------------------------------------------


def stock_flow(table: Table, given: Parameters, _world: World) -> Iterator[Breach]:
    """Opening plus inflow less outflow is closing, and the closing of a period opens the next."""
    names = (given["opening"], given["closing"], *given["inflow"], *given["outflow"])
    cut = 2 + len(given["inflow"])
    for _group, series in _series(table, given, *names):
        for _period, row, values in series:
            if None not in values:
                opening, closing, *flows = cast("tuple[Decimal, ...]", values)
                found = opening + sum(flows[: cut - 2]) - sum(flows[cut - 2 :])
                if found != closing:
                    yield Breach(row=row, field=given["closing"], facts={"stated": said(closing), "sum": said(found)})
        for (before, _, earlier), (after, row, later) in pairwise(series):
            if _follows(before, after) and None not in (earlier[1], later[0]) and earlier[1] != later[0]:
                facts = {"variant": "opening", "stated": said(later[0]), "sum": said(earlier[1])}
                yield Breach(row=row, field=given["opening"], facts=facts)


def cumulative(table: Table, given: Parameters, _world: World) -> Iterator[Breach]:
    """A figure since the beginning of the year is that of the period before plus the current one."""
    for _group, series in _series(table, given, given["current"], given["cumulative"]):
        known: tuple[calendar.Period, Decimal] | None = None
        for period, row, (current, total) in series:
            if isinstance(current, Decimal) and isinstance(total, Decimal):
                before = known[1] if known and known[0].year == period.year and _follows(known[0], period) else None
                before = Decimal(0) if period.opens else before
                facts = {"stated": said(total), "current": said(current)}
                if total < current:
                    yield Breach(row=row, field=given["cumulative"], facts={"variant": "below", **facts})
                elif before is not None and total != before + current:
                    facts |= {"sum": said(before + current)}
                    yield Breach(row=row, field=given["cumulative"], facts=facts)
            known = (period, total) if isinstance(total, Decimal) else None


def _series(
    table: Table, given: Parameters, *names: str
) -> Iterator[tuple[tuple[Value, ...], list[tuple[calendar.Period, int, tuple[Value, ...]]]]]:
    """The groups of a table, of each the records of a known period in the order of time."""
    for group, records in grouped(table, given.get("by") or (), given["period"], *names):
        read = [(calendar.period(values[0]), row, values[1:]) for row, values in records]
        yield group, sorted((item for item in read if item[0] is not None), key=lambda item: item[:2])  # type: ignore[misc]


def _follows(before: calendar.Period, after: calendar.Period) -> bool:
    """Whether two neighbours in a series follow each other; days always do, for nobody says how often they come."""
    return before.unit == after.unit and (before.unit == "D" or before.last + timedelta(days=1) == after.first)


def periods(table: Table, given: Parameters, _world: World) -> Iterator[Breach]:
    """The periods of a group neither leave a gap nor overlap; ``gaps: false`` or ``overlaps: false`` does not look."""
    for _group, records in grouped(table, given.get("by") or (), given["from"], given["to"]):
        spans = []
        for row, (begin, end) in records:
            first, last = calendar.period(begin), calendar.period(end)
            if first is None or (end is not None and last is None):
                continue
            spans.append((first.first, last.last if last else date.max, row))
            if spans[-1][1] < spans[-1][0]:
                facts = {"variant": "reversed", "begin": said(begin), "end": said(end)}
                yield Breach(row=row, field=given["to"], facts=facts)
        yield from _neighbours(sorted(spans), given)


def _neighbours(spans: Sequence[tuple[date, date, int]], given: Parameters) -> Iterator[Breach]:
    """Gaps and overlaps, each at the later of the two periods."""
    reached: date | None = None
    for first, last, row in spans:
        if reached is not None and first <= reached:
            if given.get("overlaps", True):
                facts = {"variant": "overlap", "begin": said(first), "end": said(min(reached, last))}
                yield Breach(row=row, field=given["from"], facts=facts)
        elif reached is not None and first > reached + timedelta(days=1) and given.get("gaps", True):
            facts = {
                "variant": "gap",
                "begin": said(reached + timedelta(days=1)),
                "end": said(first - timedelta(days=1)),
            }
            yield Breach(row=row, field=given["from"], facts=facts)
        reached = last if reached is None else max(reached, last)


def complete(table: Table, given: Parameters, world: World) -> Iterator[Breach]:
    """Every unit has a row for every period; a row that reports that there was nothing to report is one."""
    units = _units(table, given["units"], world)
    if units is None:
        yield unjudged(None, "units")
        return
    present = {(said(unit), said(period)) for _, (unit, period) in table.cells(given["unit"], given["period"])}
    for unit, period in product(units, _expected(given["periods"])):
        if (unit, period) not in present:
            yield Breach(field=given["unit"], facts={"unit": unit, "period": period})


def _units(table: Table, stated: Mapping[str, Any], world: World) -> list[str] | None:
    parts = [part for part in str(stated.get("package") or "").split("/") if part not in {"", "..", "datapackage.yaml"}]
    other = world.named(parts[-1] if parts else table.dataset.name, str(stated["resource"]))
    if other is None or not other.has(str(stated["field"])):
        return None
    return [said(unit) for _, (unit,) in other.cells(str(stated["field"])) if unit is not None]


def _expected(stated: Any) -> list[str]:
    if isinstance(stated, list):
        return [str(period) for period in stated]
    begin, end = calendar.period(stated["from"]), calendar.period(stated["to"])
    found = []
    if begin and end:
        current = calendar.containing(begin.first, EVERY[stated["every"]])
        while current.first <= end.last:
            found.append(period_name(current))
            current = calendar.period_after(current)
    return found


EVERY = {"year": "Y", "half-year": "H", "quarter": "Q", "month": "M", "week": "W", "day": "D"}
"""What may be expected, and the unit of such a period."""


def period_name(period: calendar.Period) -> str:
    """A period as a cell writes it."""
    month = period.first.month
    part = {
        "Y": "",
        "H": f"-H{(month + 5) // 6}",
        "Q": f"-Q{(month + 2) // 3}",
        "M": f"-{month:02}",
        "W": f"-W{period.first.isocalendar().week:02}",
        "D": f"-{month:02}-{period.first.day:02}",
    }
    return f"{period.year:04}{part[period.unit]}"


# --- dates ------------------------------------------------------------------------------------------------


def dates_in_order(table: Table, given: Parameters, _world: World) -> Iterator[Breach]:
    """The days of a row do not go back; blank ones are passed over, and a month contains its days."""
    names = given["fields"]
    plain = all(table.fields[name].type == "date" for name in names)
    for row, values in table.cells(*names):
        if plain and None not in values:
            days = cast("tuple[date, ...]", values)
            if all(map(le, days, days[1:])):  # most rows, and quickly told
                continue
        stated = [(name, value) for name, value in zip(names, values, strict=True) if value is not None]
        for (early, first), (late, second) in pairwise(stated):
            before, after = calendar.period(first), calendar.period(second)
            if before and after and after.last < before.first:
                facts = {"early": early, "first": said(first), "late": late, "second": said(second)}
                yield Breach(row=row, field=late, facts=facts)


LIMITS = ("working-days", "days", "months")


def deadline(table: Table, given: Parameters, world: World) -> Iterator[Breach]:
    """What ``from`` begins has ended by ``to``; a row that leaves either blank is not judged."""
    limit = next(name for name in LIMITS if given.get(name))
    for row, (start, end) in table.cells(given["from"], given["to"]):
        if isinstance(start, date) and isinstance(end, date):
            yield from late(row, given["to"], start, end, (limit, int(given[limit])), world)


def late(  # noqa: PLR0913, PLR0917 - a deadline has that many ends
    row: int, field: str, start: date, end: date, limit: tuple[str, int], world: World
) -> Iterator[Breach]:
    """A breach where ``end`` is after the last day of a ``limit`` (its unit and number) that ``start`` sets running."""
    unit, number = limit
    try:
        due = {
            "working-days": lambda: world.work_calendar.due(start, number),
            "days": lambda: start + timedelta(days=number),
            "months": lambda: calendar.months_after(start, number),
        }[unit]()
    except (calendar.Outside, OverflowError, ValueError):  # beyond the work calendar, or the year 9999
        yield unjudged(row, "calendar")
        return
    if end > due:
        facts = {"variant": unit, "stated": said(end), "due": said(due), "limit": str(number), "start": said(start)}
        yield Breach(row=row, field=field, facts=facts)


# --- ranks and conditions ---------------------------------------------------------------------------------


def ranking(table: Table, given: Parameters, _world: World) -> Iterator[Breach]:
    """Ranks follow scores as in a competition: 1, 2, 2, 4.

    Ranks are given on unrounded scores, so equal published scores may have different ranks, in either order. A row
    without a score is not evaluated and has no rank.
    """
    sign = 1 if given.get("order") == "ascending" else -1
    for _group, records in grouped(table, given.get("by") or (), given["score"], given["rank"]):
        ranked = []
        for row, (score, rank) in records:
            if isinstance(score, Decimal) and isinstance(rank, Decimal):
                ranked.append((sign * score, rank, row, score))
            elif (score is None) != (rank is None):
                yield Breach(row=row, field=given["rank"], facts={"variant": "blank"})
        yield from misranked(sorted(ranked), given["rank"])


def misranked(ranked: Sequence[tuple[Decimal, Decimal, int, Decimal]], field: str) -> Iterator[Breach]:
    """Breaches among (order of the score, rank, row, score), the best score first and equal scores by rank."""
    before: tuple[Decimal, Decimal] | None = None
    for place, (order, rank, row, score) in enumerate(ranked, 1):
        if rank != place and before != (order, rank):
            facts = {"stated": said(rank), "expected": str(place), "score": said(score)}
            yield Breach(row=row, field=field, facts=facts)
        before = (order, rank)


def required_if(table: Table, given: Parameters, _world: World) -> Iterator[Breach]:
    """A field is filled where another has one of some values."""
    when = given["when"]
    values = {str(value).lower() if isinstance(value, bool) else str(value) for value in when["in"]}
    for row, (stated, condition) in table.cells(given["field"], when["field"]):
        shown = said(condition).lower() if isinstance(condition, bool) else said(condition)
        if stated is None and condition is not None and shown in values:
            facts = {"condition": when["field"], "value": shown}
            yield Breach(row=row, field=given["field"], facts=facts)


def one_of(table: Table, given: Parameters, _world: World) -> Iterator[Breach]:
    """Exactly one of the fields is filled."""
    for row, values in table.cells(*given["fields"]):
        filled = sum(value is not None for value in values)
        if filled != 1:
            yield Breach(row=row, field=given["fields"][0], facts={"filled": filled, "fields": list(given["fields"])})


def not_above(table: Table, given: Parameters, _world: World) -> Iterator[Breach]:
    """One number or date of a row is not above another."""
    for row, (low, high) in table.cells(given["lower"], given["upper"]):
        if low is not None and high is not None and low > high:  # type: ignore[operator]
            facts = {"lower": given["lower"], "low": said(low), "upper": given["upper"], "high": said(high)}
            yield Breach(row=row, field=given["lower"], facts=facts)


def row_count(table: Table, given: Parameters, world: World) -> Iterator[Breach]:
    """The number of rows stays within some percent of what it was before the file last changed."""
    piece = table.piece
    if table.resource.format not in {"csv", "tsv"} or not table.resource.paths:
        yield unjudged(None, "format")
        return
    path = "/".join(filter(None, (piece.dataset.folder, table.resource.paths[0])))
    former = world.previous(path, (piece.root / path).read_bytes())
    before = _records(former, table) if former else 0
    if before and abs(table.rows - before) * 100 > Decimal(str(given["within"])) * before:
        change = rounded(Fraction(100 * (table.rows - before), before), 1)
        facts = {"before": str(before), "now": str(table.rows), "change": said(change), "within": str(given["within"])}
        yield Breach(facts=facts)


def _records(content: bytes, table: Table) -> int:
    text = content.decode(table.resource.encoding, "replace")
    delimiter = str(table.resource.dialect.get("delimiter", ","))
    return sum(1 for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if record) - 1


# --- groups -----------------------------------------------------------------------------------------------


def grouped(table: Table, by: Iterable[str], *names: str) -> Iterator[tuple[tuple[Value, ...], list[_Record]]]:
    """The records of a table by the values of some columns, in the order in which the groups begin."""
    groups: dict[tuple[Value, ...], list[_Record]] = defaultdict(list)
    keys = tuple(by)
    for row, values in table.cells(*keys, *names):
        groups[values[: len(keys)]].append((row, values[len(keys) :]))
    yield from groups.items()


def said_group(group: tuple[Value, ...]) -> str:
    """The values that name a group."""
    return " / ".join(said(value) for value in group if value is not None)


JUDGES: Mapping[str, Judge] = {
    "sum-of-parts": sum_of_parts,
    "sum-of-rows": sum_of_rows,
    "share": share,
    "shares-complete": shares_complete,
    "stock-flow": stock_flow,
    "cumulative": cumulative,
    "dates-in-order": dates_in_order,
    "periods": periods,
    "deadline": deadline,
    "ranking": ranking,
    "weights": weights,
    "required-if": required_if,
    "one-of": one_of,
    "not-above": not_above,
    "row-count": row_count,
    "complete": complete,
}
"""Who judges a declared rule."""
