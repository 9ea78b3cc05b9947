"""Working days by announced holidays, and periods as intervals."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazette.checks.rules import calendar

DAYS = Path(__file__).parents[3] / "datasets/work-calendar/data"


@pytest.fixture(scope="module")
def real() -> calendar.WorkCalendar:
    """The published work calendar."""
    rows = [row for path in DAYS.glob("*.csv") for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())]
    return calendar.work_calendar((date.fromisoformat(row["date"]), row["is_workday"] == "true") for row in rows)


def test_the_first_day_is_not_counted(real: calendar.WorkCalendar) -> None:
    """One working day after Friday is Monday."""
    assert real.due(date(2025, 3, 7), 1) == date(2025, 3, 10)
    assert real.due(date(2025, 3, 8), 1) == date(2025, 3, 10)


def test_holidays_and_make_up_days(real: calendar.WorkCalendar) -> None:
    """1 to 8 October 2025 were off, Sunday 28 September and Saturday 11 October were worked."""
    assert real.due(date(2025, 9, 26), 1) == date(2025, 9, 28)
    assert real.due(date(2025, 9, 30), 1) == date(2025, 10, 9)
    assert real.due(date(2025, 10, 9), 2) == date(2025, 10, 11)


@pytest.mark.parametrize(("start", "limit"), [(date(2006, 12, 29), 5), (date(2026, 12, 30), 5), (date(2030, 1, 1), 1)])
def test_days_nobody_announced(real: calendar.WorkCalendar, start: date, limit: int) -> None:
    """Before 2007 and after 2026 nothing can be said, even where two days of the year before are listed."""
    assert real.years == frozenset(range(2007, 2027))
    with pytest.raises(calendar.Outside):
        real.due(start, limit)


def test_a_gap_between_known_years_is_not_jumped() -> None:
    """A limit that runs through a year nobody announced is not judged."""
    two = calendar.work_calendar([(date(2020, 1, 1), False), (date(2022, 1, 1), False)])
    assert two.due(date(2020, 12, 30), 1) == date(2020, 12, 31)
    with pytest.raises(calendar.Outside):
        two.due(date(2020, 12, 30), 5)
    with pytest.raises(calendar.Outside):
        two.due(date(2021, 6, 1), 5)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-H2", date(2024, 7, 1), date(2024, 12, 31)),
        ("2024-Q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2020-W53", date(2020, 12, 28), date(2021, 1, 3)),
        ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
    ],
)
def test_periods(text: str, first: date, last: date) -> None:
    """The first and the last day of each kind."""
    found = calendar.period(text)
    assert found
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize(
    "text", ["", "2024-13", "2024-Q5", "2023-02-29", "24", "9999", "0001", "2024-W54", "soon", None]
)
def test_what_is_no_period(text: str | None) -> None:
    """It is not judged."""
    assert calendar.period(text) is None


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.sampled_from("YHQMWD"))
def test_before_and_after_meet(day: date, unit: str) -> None:
    """The period after the period before is the period, and they touch."""
    here = calendar.containing(day, unit)
    assert here.first <= day <= here.last
    assert calendar.period_after(calendar.period_before(here)) == here
    assert calendar.period_before(here).last + timedelta(days=1) == here.first


def test_months_end_with_the_month() -> None:
    """A month after 31 January is the last day of February."""
    assert calendar.months_after(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert calendar.months_after(date(2024, 12, 31), -1) == date(2024, 11, 30)


@pytest.mark.parametrize(
    ("text", "opens"), [("2024-01", True), ("2024-02", False), ("2024-Q1", True), ("2025-W01", True)]
)
def test_the_first_period_of_a_year(text: str, opens: bool) -> None:  # noqa: FBT001 - parametrized
    """Where cumulative figures begin anew."""
    found = calendar.period(text)
    assert found
    assert found.opens is opens
