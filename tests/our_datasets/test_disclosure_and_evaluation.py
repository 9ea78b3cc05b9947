"""What holds between the illustrative tables of disclosure, approvals and evaluation, beyond what one rule can see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

Row = dict[str, str]
Table = Callable[[str, str], list[Row]]
Descriptors = Mapping[str, Mapping[str, Any]]


@pytest.fixture(scope="module", autouse=True)
def present(descriptors: Descriptors) -> None:
    """These datasets, or nothing to test."""
    if "evaluation" not in descriptors:
        pytest.skip("the illustrative datasets are not in datasets/")


@pytest.fixture(scope="module")
def workdays(table: Table) -> Callable[[str, int], str]:
    """The last day of so many working days after a day, by the published work calendar."""
    stated = {row["date"]: row["is_workday"] == "true" for row in table("work-calendar", "days")}

    def due(start: str, days: int) -> str:
        day = date.fromisoformat(start)
        while days:
            day += timedelta(days=1)
            days -= stated.get(day.isoformat(), day.weekday() < 5)
        return day.isoformat()

    return due


def test_the_account_of_documents_follows_from_their_list(table: Table) -> None:
    """Documents that came into force and ended in a year are those the account of the year counts."""
    documents, account = table("normative-documents", "documents"), table("normative-documents", "yearly-account")
    for row in account:
        own = [document for document in documents if document["kind"] == row["kind"]]
        assert int(row["issued"]) == sum(each["effective_on"].startswith(row["year"]) for each in own)
        assert int(row["abolished"]) == sum(each["repealed_on"].startswith(row["year"]) for each in own)


def test_the_account_of_approvals_follows_from_the_changes_and_meets_the_catalogue(table: Table) -> None:
    """Changes are counted in their year, and the last account closes with the items in force."""
    counted = Counter((row["date"][:4], row["change"]) for row in table("approval-catalog", "approval-changes"))
    account = table("approval-catalog", "yearly-account")
    for row in account:
        for column, change in {
            "added": "add",
            "cancelled": "cancel",
            "merged": "merge",
            "delegated": "delegate",
        }.items():
            assert int(row[column]) == counted[row["year"], change], (row["year"], change)
    statuses = Counter(row["status"] for row in table("approval-catalog", "approval-catalog"))
    assert int(account[-1]["closing"]) == statuses["in_force"]


def test_a_request_is_due_when_the_regulation_says(table: Table, workdays: Callable[[str, int], str]) -> None:
    """Twenty working days from the start, twenty more where extended, and the answer is late after that day only."""
    for row in table("disclosure-requests", "disclosure-requests"):
        if not row["consulted_on"]:
            days = 40 if row["extended"] == "true" else 20
            assert row["due_on"] == workdays(row["clock_from"], days), row["request_id"]
        if row["answered_on"]:
            late = row["answered_on"] > row["due_on"]
            assert row["timeliness"] == ("late" if late else "on_time"), row["request_id"]
        else:
            due = row["due_on"] >= row["published_on"]
            assert row["timeliness"] == ("not_due" if due else "overdue"), row["request_id"]


def test_shared_places_and_grades_are_as_the_ranking_says(table: Table) -> None:
    """A tie is marked where a place is shared, and the grade is that of the score."""
    rows = [row for row in table("evaluation", "rankings") if row["status"] == "evaluated"]
    places = Counter((row["scheme_id"], row["period"], row["group"], row["rank"]) for row in rows)
    assert max(places.values()) > 1
    for row in rows:
        shared = places[row["scheme_id"], row["period"], row["group"], row["rank"]] > 1
        assert row["tie"] == str(shared).lower()
        bounds = {"a": 90, "b": 80, "c": 60, "d": 0}
        assert row["grade"] == next(grade for grade, least in bounds.items() if Decimal(row["score"]) >= least)


def test_instalments_paid_are_not_more_than_what_the_unit_repaid(table: Table) -> None:
    """The repayment plans and the quarterly progress of a unit tell one story."""
    plans = [row for row in table("arrears-clearance", "repayment-plans") if row["paid_on"]]
    for row in table("arrears-clearance", "arrears-clearance"):
        year, quarter = row["period"].split("-Q")
        end = f"{year}-{int(quarter) * 3:02}-31"
        own = (plan for plan in plans if plan["dept_id"] == row["dept_id"] and plan["paid_on"] <= end)
        assert sum(Decimal(plan["paid_wan_yuan"]) for plan in own) <= Decimal(row["repaid_year"]), row


def test_nothing_to_report_is_nought_and_not_yet_reported_is_blank(table: Table) -> None:
    """The two are different in every table that has both."""
    for name in ("hotline-performance", "enterprise-service-performance"):
        found = {row["value_status"]: row["received"] for row in table(name, name)}
        assert (found["nil"], found["pending"]) == ("0", ""), name
    reports = {row["status"]: row["activities"] for row in table("quarterly-reports", "quarterly-reports")}
    assert (reports["nil"], reports["not_submitted"]) == ("0", "")
