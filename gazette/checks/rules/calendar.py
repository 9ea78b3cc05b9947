"""Days and periods: working days by the work calendar, and years, quarters, months as intervals."""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_DAY = timedelta(days=1)
_SATURDAY = 5
_LENGTHS = {"Y": 12, "H": 6, "Q": 3, "M": 1}
_EARLIEST, _LATEST = 1000, 8999  # what comes before and after a period is a date, too
_PERIOD = re.compile(r"([1-8]\d{3})(?:-(?:(\d{2})(?:-(\d{2}))?|Q([1-4])|H([12])|W(\d{2})))?", re.ASCII)


class Outside(Exception):
    """A deadline of working days that the work calendar does not know to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCalendar:
    """The working days of the years whose holidays were announced."""

    years: frozenset[int]
    days: tuple[date, ...]
    """Every working day of ``years``, in order."""

    def due(self, start: date, limit: int) -> date:
        """The last day of a limit of working days, the first of which is the one after ``start``.

        Raises :class:`Outside` where a year it runs through is not known.
        """
        place = bisect_right(self.days, start) + limit - 1
        if place >= len(self.days) or not set(range(start.year, self.days[place].year + 1)) <= self.years:
            raise Outside
        return self.days[place]


def work_calendar(stated: Iterable[tuple[date | None, bool | None]]) -> WorkCalendar:
    """The calendar of a table of days off and make-up working days; any other day goes by the day of the week.

    The State Council announces the holidays of a year as a whole, so a year is known if its first of January is
    listed as a day off. The day before it may stand in the same notice.
    """
    listed = {day: works for day, works in stated if day is not None and works is not None}
    years = frozenset(day.year for day, works in listed.items() if (day.month, day.day) == (1, 1) and not works)
    days = []
    for year in sorted(years):
        day = date(year, 1, 1)
        while day.year == year:
            if listed.get(day, day.weekday() < _SATURDAY):
                days.append(day)
            day += _DAY
    return WorkCalendar(years=years, days=tuple(days))


def months_after(start: date, months: int) -> date:
    """The same day of a later month, or its last day."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Period:
    """A year, half-year, quarter, month, week (ISO 8601) or day."""

    first: date
    last: date
    unit: str
    """``Y``, ``H``, ``Q``, ``M``, ``W`` or ``D``."""

    @property
    def year(self) -> int:
        """The calendar year it begins in; for a week, the year it is counted in."""
        return (self.first + timedelta(days=3)).year if self.unit == "W" else self.first.year

    @property
    def opens(self) -> bool:
        """Whether it is the first of its kind in its year."""
        return period_before(self).year < self.year


def period(value: object) -> Period | None:
    """The period a cell names: ``2023``, ``2023-H1``, ``2023-Q2``, ``2023-05``, ``2023-W07``, a date, a year."""
    if isinstance(value, date) and _EARLIEST <= value.year <= _LATEST:
        return Period(first=value, last=value, unit="D")
    return _stated(str(value)) if value is not None else None


@lru_cache(maxsize=4096)
def _stated(text: str) -> Period | None:
    match = _PERIOD.fullmatch(text)
    if match is None:
        return None
    try:
        return _period(match)
    except ValueError:
        return None


def containing(day: date, unit: str) -> Period:
    """The period of a unit that ``day`` lies in."""
    if unit == "D":
        return Period(first=day, last=day, unit=unit)
    if unit == "W":
        first = day - timedelta(days=day.weekday())
        return Period(first=first, last=first + timedelta(days=6), unit=unit)
    length = _LENGTHS[unit]
    return _months(unit, day.year, (day.month - 1) // length * length + 1, length)


def _period(match: re.Match[str]) -> Period:
    year, month, day, quarter, half, week = (int(part) if part else None for part in match.groups())
    assert year is not None  # noqa: S101 - the pattern has it
    if month is not None and day is not None:
        return Period(first=date(year, month, day), last=date(year, month, day), unit="D")
    if week is not None:
        first = date.fromisocalendar(year, week, 1)
        return Period(first=first, last=first + timedelta(days=6), unit="W")
    if month is not None:
        return _months("M", year, month, 1)
    if quarter:
        return _months("Q", year, 3 * quarter - 2, 3)
    if half:
        return _months("H", year, 6 * half - 5, 6)
    return _months("Y", year, 1, 12)


def _months(unit: str, year: int, month: int, length: int) -> Period:
    first = date(year, month, 1)
    return Period(first=first, last=months_after(first, length) - _DAY, unit=unit)


def period_before(after: Period) -> Period:
    """The period of the same kind that ends on the day before."""
    if after.unit in _LENGTHS:
        first = months_after(after.first, -_LENGTHS[after.unit])
    else:
        first = after.first - (after.last - after.first) - _DAY
    return Period(first=first, last=after.first - _DAY, unit=after.unit)


def period_after(before: Period) -> Period:
    """The period of the same kind that begins on the day after."""
    first = before.last + _DAY
    if before.unit in _LENGTHS:
        return Period(first=first, last=months_after(first, _LENGTHS[before.unit]) - _DAY, unit=before.unit)
    return Period(first=first, last=first + (before.last - before.first), unit=before.unit)
