"""Every rule for a kind of table: at its limit, past it, and after rows that it passes over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from gazette.checks.rules import annual_reports, catalogue, codes, evaluation
from gazette.model import ForeignKey, Resource
from tests.checks.rules.made import judged, resource

Made = tuple[Resource, Sequence[Sequence[object]]]
"""A table and its rows."""


def told(*tables: Made, only: str | None = None, **more: Any) -> list[tuple[Any, ...]]:
    """Code, row, field and facts of what is found, ``only`` of one rule; not that columns of others are missing."""
    findings, _ = judged(*tables, **more)
    return [
        (finding.code.removeprefix("rule-"), finding.row, finding.field, dict(finding.facts))
        for finding in findings
        if (only is None and finding.code != "rule-columns")
        or (only and f"rule-{only}" in {finding.code, finding.facts.get("rule")})
    ]


def unjudged(rule: str, row: int | None, why: str, rows: int = 1) -> tuple[Any, ...]:
    """What is said of rows about which nothing can be said."""
    return "unjudged", row, None, {"rows": rows, "rule": f"rule-{rule}", "variant": why}


# --- annual reports ---------------------------------------------------------------------------------------

REPORTS = resource(
    "reports",
    "report_id:s unit_id:s year:y form:s level:s published_on:d due_on:d scope:s period_from:d period_to:d",
    kind="annual-reports",
)
REQUESTS = resource("requests", "report_id:s line:s applicant_type:s count:i", kind="annual-report-requests")


def reports(*stated: tuple[Any, ...]) -> Made:
    """Reports of some id, unit, year and form."""
    return REPORTS, [(*each, *[None] * (10 - len(each))) for each in stated]


OLD, NEW = ("old", "u", 2015, "2008"), ("new", "u", 2023, "2021")
BEFORE: list[tuple[Any, ...]] = [("old", "new_received", "total", 9)]
"""A report on a form that is not described here stands before the others."""


def test_what_came_is_what_went() -> None:
    """AR1, in every column that states any of it; a blank counts nothing."""
    rows = [
        *BEFORE,
        ("new", "handled_total", "total", 4),
        ("new", "new_received", "total", 3),
        ("new", "carried_in", "total", 2),
        ("new", "carried_out", "other", 1),
        ("new", "carried_out", "natural_person", None),
        ("odd", "new_received", "total", 1),
    ]
    assert told(reports(OLD, NEW), (REQUESTS, rows), only="ar1") == [
        ("ar1", 6, "count", {"applicant": "other", "received": "0", "handled": "1"}),
        ("ar1", 3, "count", {"applicant": "total", "received": "5", "handled": "4"}),
        unjudged("ar1", 2, "form", 2),
    ]


def test_outcomes_add_to_what_was_handled() -> None:
    """AR2, in columns that state an outcome and what was handled."""
    rows = [
        *BEFORE,
        ("new", "handled_total", "natural_person", 3),
        ("new", "carried_out", "natural_person", 2),
        ("new", "carried_in", "natural_person", 2),
        ("new", "new_received", "natural_person", 3),
        ("new", "granted", "commercial_enterprise", 3),
        ("new", "granted", "other", 3),
        ("new", "partial", "other", 2),
        ("new", "handled_total", "other", 6),
        ("new", "granted", "total", 3),
        ("new", "handled_total", "total", 3),
    ]
    assert told(reports(OLD, NEW), (REQUESTS, rows), only="ar2") == [
        ("ar2", 10, "count", {"applicant": "other", "stated": "6", "sum": "5"}),
        unjudged("ar2", 2, "form"),
    ]


def test_applicants_add_to_the_total() -> None:
    """AR3, on lines that state a total and any kind of applicant."""
    rows = [
        *BEFORE,
        ("new", "granted", "total", 3),
        ("new", "partial", "other", 2),
        ("new", "una_lost", "other", 2),
        ("new", "una_lost", "natural_person", 1),
        ("new", "una_lost", "total", 4),
        ("new", "den_law", "legal_service_organization", 1),
        ("new", "den_law", "total", 1),
    ]
    assert told(reports(OLD, NEW), (REQUESTS, rows), only="ar3") == [
        ("ar3", 7, "count", {"item": "una_lost", "stated": "4", "sum": "3"}),
        unjudged("ar3", 2, "form"),
    ]


def test_a_dataset_without_its_reports_is_not_judged() -> None:
    """Nobody says which form they follow."""
    rows = [("new", "new_received", "total", 3)]
    assert told((REQUESTS, rows)) == [unjudged(rule, 2, "form") for rule in ("ar1", "ar2", "ar3")]


def test_reviews_and_lawsuits() -> None:
    """AR4 where the total and any part is stated."""
    table = resource(
        "c", "report_id:s upheld:i corrected:i other:i pending:i total:i", kind="annual-report-review-litigation"
    )
    rows = [
        ("old", 1, 1, 1, 1, 9),
        ("new", 1, 1, 1, 1, None),
        ("new", None, None, None, None, 9),
        ("new", 1, None, None, None, 2),
        ("new", None, None, None, 2, 2),
        ("new", 1, 1, 1, 1, 5),
    ]
    assert told(reports(OLD, NEW), (table, rows)) == [
        ("ar4", 5, "total", {"stated": "2", "sum": "1"}),
        ("ar4", 7, "total", {"stated": "5", "sum": "4"}),
        unjudged("ar4", 2, "form"),
    ]


def test_a_count_is_a_whole_number() -> None:
    """AR9; and a blank says why it is one, where the table has a place for that."""
    table = resource(
        "requests", "report_id:s line:s applicant_type:s count:n value_status:s", kind="annual-report-requests"
    )
    rows = [
        ("new", "granted", "other", "0", "actual"),
        ("new", "granted", "a", "-1", "actual"),
        ("new", "granted", "b", "1.5", "actual"),
        ("new", "granted", "c", None, "blank"),
        ("new", "granted", "d", None, "actual"),
        ("new", "granted", "e", "7.0", None),
    ]
    assert told((table, rows), only="ar9") == [
        ("ar9", 3, "count", {"variant": "number", "stated": "-1"}),
        ("ar9", 4, "count", {"variant": "number", "stated": "1.5"}),
        ("ar9", 6, "count", {"variant": "blank"}),
    ]
    assert told((REQUESTS, [("new", "granted", "a", None), ("new", "granted", "a", -2)]), only="ar9") == [
        ("ar9", 3, "count", {"variant": "number", "stated": "-2"})
    ]


YEARS = [
    ("a", "u", 2021, "2019"), ("b", "u", 2022, "2019"), ("c", "u", 2024, "2021"), ("d", "v", 2022, "2019"),
    ("z", "u", 2020, "2008"),
]  # fmt: skip


def test_what_is_carried_forward_is_carried_over() -> None:
    """AR5, between reports of one unit on consecutive years, in columns that both state."""
    rows = [
        ("z", "carried_out", "total", 9),
        ("a", "carried_in", "total", 1),
        ("a", "carried_out", "other", 9),
        ("a", "carried_out", "natural_person", 4),
        ("a", "carried_out", "total", 4),
        ("b", "carried_in", "natural_person", 3),
        ("b", "carried_in", "total", 5),
        ("b", "carried_out", "total", 6),
        ("c", "carried_in", "total", 7),
        ("d", "carried_in", "total", 8),
    ]
    made = reports(*YEARS), (REQUESTS, rows)
    assert told(*made, only="ar5") == [("ar5", 8, "count", {"applicant": "total", "stated": "5", "former": "4"})]
    assert told(*made, only="ar5-columns") == [
        ("ar5-columns", 7, "count", {"applicant": "natural_person", "stated": "3", "former": "4"})
    ]


def test_a_report_follows_one_of_the_same_scope() -> None:
    """A government reports on itself and on all below it."""
    rows = [("a", "carried_out", "total", 4), ("b", "carried_in", "total", 5), ("c", "carried_in", "total", 6)]
    about: list[Sequence[object]] = [
        ("a", "u", 2021, "2021", None, None, None, "own", None, None),
        ("b", "u", 2022, "2021", None, None, None, "all", None, None),
        ("c", "u", 2022, "2021", None, None, None, "own", None, None),
    ]
    assert told((REPORTS, about), (REQUESTS, rows), only="ar5") == [
        ("ar5", 4, "count", {"applicant": "total", "stated": "6", "former": "4"})
    ]
    plain = resource("reports", "report_id:s unit_id:s year:y form:s", kind="annual-reports")
    both = [("a", "u", 2021, "2021"), ("c", "u", 2022, "2021")]
    assert [row for _, row, _, _ in told((plain, both), (REQUESTS, rows), only="ar5")] == [4]


def test_documents_in_force() -> None:
    """AR6, where both years state what it needs."""
    table = resource("i", "report_id:s item:s issued:i abolished:i in_force:i", kind="annual-report-proactive")
    rows = [
        ("a", "rules", 1, 0, 7),
        ("b", "rules", 3, 1, 10),
        ("b", "orders", 3, 1, 10),
        ("a", "norms", 3, 1, None),
        ("b", "norms", 3, 1, 5),
        ("a", "other", 3, 1, 5),
        ("b", "other", None, 1, 5),
        ("c", "rules", 1, 1, 99),
        ("a", "last", 1, 1, 1),
        ("b", "last", 0, 1, 1),
    ]
    assert told(reports(*YEARS), (table, rows)) == [
        ("ar6", 3, "in_force", {"item": "rules", "stated": "10", "sum": "9"}),
        ("ar6", 11, "in_force", {"item": "last", "stated": "1", "sum": "0"}),
    ]
    assert told((table, rows)) == []


def test_parts_roll_up() -> None:
    """AR7, against the totals of the whole report, where it states both of them."""
    table = resource("d", "report_id:s requests:i", kind="annual-report-departments")
    requests = [
        ("z", "new_received", "total", 1),
        ("a", "new_received", "total", 6),
        ("b", "new_received", "total", 6),
        ("b", "carried_in", "total", 1),
        ("c", "new_received", "total", 6),
        ("c", "carried_in", "total", 1),
        ("d", "new_received", "total", 6),
        ("d", "carried_in", "total", 1),
    ]
    rows = [("z", 1), ("a", 6), ("b", 6), ("b", None), ("c", 5), ("d", 6), ("c", 1), ("d", 1)]
    assert told(reports(*YEARS), (REQUESTS, requests), (table, rows), only="ar7") == [
        ("ar7", 8, "requests", {"stated": "7", "sum": "6"}),
        unjudged("ar7", 2, "counterpart", 2),
    ]
    assert told((table, rows)) == [unjudged("ar7", 2, "counterpart", 5)]


def test_prose_repeats_the_tables() -> None:
    """AR8, for every figure it may state; of a line that leaves its total blank, the columns."""
    requests = [
        *BEFORE,
        ("new", "new_received", "total", 9),
        ("new", "new_received", "other", 1),
        ("new", "carried_in", "natural_person", 1),
        ("new", "carried_in", "other", 1),
        ("new", "granted", "total", 2),
        ("new", "partial", "total", 3),
        ("new", "una_lost", "total", 4),
        ("new", "una_create", "total", 5),
        ("new", "den_law", "total", 6),
        ("new", "den_law", "other", 1),
        ("new", "den_safety", "total", 7),
    ]
    courts = resource("c", "report_id:s route:s total:i", kind="annual-report-review-litigation")
    cases = [
        ("new", "reconsideration", 3), ("new", "reconsideration", None), ("new", "reconsideration", 4),
        ("new", "direct", 5), ("new", "after", 6),
    ]  # fmt: skip
    fees = resource("f", "report_id:s cases:i amount_yuan:n", kind="annual-report-fees")
    paid = [("new", 1, 100), ("new", None, 10), ("new", 2, 200)]
    right = {
        "handled": 11, "disclosed_or_partly": 5, "unable": 9, "not_disclosed": 13, "reconsiderations": 7,
        "lawsuits": 11, "fee_cases": 3, "fee_yuan": 310,
    }  # fmt: skip
    prose = resource("p", "report_id:s figure:s value:i", kind="annual-report-prose")
    made = reports(OLD, NEW), (REQUESTS, requests), (courts, cases), (fees, paid)
    rows = [("new", figure, value) for figure, value in right.items()]
    blank = [("new", "handled", None), ("new", "nothing", 1), ("old", "handled", 9)]
    assert told(*made, (prose, [*blank, *rows]), only="ar8") == [unjudged("ar8", 3, "counterpart", 2)]
    for number, (figure, value) in enumerate(right.items()):
        wrong = [(*row[:2], int(str(row[2])) + (number == place)) for place, row in enumerate(rows)]
        facts = {"stated": str(value + 1), "table": str(value)}
        assert told(*made, (prose, wrong), only="ar8") == [("ar8", number + 2, "value", facts)], figure
    assert told((prose, rows)) == [unjudged("ar8", 2, "counterpart", 8)]


def test_fees_go_by_steps() -> None:
    """AR10: tens by page, hundreds by item, nothing without a case and no case for nothing."""
    table = resource("f", "report_id:s cases:i amount_yuan:n charged_by:s", kind="annual-report-fees")
    rows = [
        ("a", None, 5, "page"), ("a", 1, None, "page"), ("a", 1, 110, "page"), ("a", 1, 110, "item"),
        ("a", 2, 15, "page"), ("a", 0, 0, "item"), ("a", 0, 10, None), ("a", 1, 0, "item"), ("a", 1, 300, "item"),
    ]  # fmt: skip
    assert told((table, rows)) == [
        ("ar10", 5, "amount_yuan", {"variant": "step", "stated": "110", "step": "100"}),
        ("ar10", 6, "amount_yuan", {"variant": "step", "stated": "15", "step": "10"}),
        ("ar10", 8, "amount_yuan", {"stated": "10", "cases": "0"}),
        ("ar10", 9, "amount_yuan", {"stated": "0", "cases": "1"}),
    ]
    plain = resource("f", "cases:i amount_yuan:n", kind="annual-report-fees")
    assert [row for _, row, _, _ in told((plain, [(1, 110), (1, 5)]))] == [3]


SUBMITTED = resource("s", "year:y level:s due_on:d published_on:d", kind="annual-report-submission")


def test_reports_are_published_in_time() -> None:
    """AR11, by the level or by the day the source states, which is one of the two of the law."""
    rows = [
        (2017, "government", "2018-03-31", "2019-01-01"),  # the duty began later
        (2019, "township", None, "2029-01-01"),
        (2019, "department", None, "2020-01-31"),
        (2019, "department", None, "2020-02-01"),
        (2019, "government", None, "2020-03-31"),
        (2019, "government_rollup", None, "2020-04-01"),
        (2019, "department", "2020-03-31", "2020-02-01"),
        (2019, "township", "2020-05-01", "2020-02-01"),
        (2019, "township", "2020-01-31", "2020-02-01"),
        (2019, None, "2020-03-31", None),
        (None, "department", "2020-01-31", "2020-02-02"),
    ]
    assert told((SUBMITTED, rows)) == [
        ("ar11", 5, "published_on", {"stated": "2020-02-01", "due": "2020-01-31"}),
        ("ar11", 7, "published_on", {"stated": "2020-04-01", "due": "2020-03-31"}),
        ("ar11", 8, "due_on", {"variant": "due", "stated": "2020-03-31", "due": "2020-01-31"}),
        ("ar11", 9, "due_on", {"variant": "due", "stated": "2020-05-01", "due": "2020-01-31"}),
        ("ar11", 10, "published_on", {"stated": "2020-02-01", "due": "2020-01-31"}),
    ]


def test_statistics_cover_the_year() -> None:
    """AR12, of what is stated."""
    table = resource("r", "year:y period_from:d period_to:d published_on:d level:s", kind="annual-reports")
    rows = [
        (None, "2020-01-02", "2020-12-30", None, None),
        (2020, None, None, None, None),
        (2020, "2020-01-01", "2020-12-31", None, None),
        (2020, "2020-01-02", "2020-12-30", None, None),
    ]
    assert told((table, rows)) == [
        ("ar12", 5, "period_from", {"stated": "2020-01-02", "wanted": "2020-01-01"}),
        ("ar12", 5, "period_to", {"stated": "2020-12-30", "wanted": "2020-12-31"}),
    ]


def test_the_local_form() -> None:
    """Sums whose parts are all there, of each unit and month until 2007; limits of a row."""
    table = resource("l", "unit_id:s period:s indicator:s value:i cumulative:i", kind="local-form")
    full = [("17", 6), ("18", 1), ("19", 2), ("20", 4)]
    rows = [
        *(("a", "2008-01", code, value, None) for code, value in full),
        *(("a", "soon", code, value, None) for code, value in full),
        *(("a", "2007-12", code, value, None) for code, value in full[:3]),
        *(("b", "2007-12", code, value, 9) for code, value in full),
        ("c", "2007-12", "01", 3, 2),
        ("c", "2007-12", "02", 3, None),
        ("d", "2007-12", "02", 4, None),
        ("d", "2007-12", "01", 3, 3),
        ("e", "2007-12", "02", 4, None),
    ]
    assert told((table, rows)) == [
        ("local-form", 13, "value", {"item": "17", "stated": "6", "sum": "7"}),
        ("local-form", 17, "value", {"variant": "above", "stated": "3", "limit": "2"}),
        ("local-form", 19, "value", {"variant": "above", "stated": "4", "limit": "3"}),
    ]


# --- disclosure -------------------------------------------------------------------------------------------

DAYS = resource("calendar", "date:d is_workday:b", kind="work-calendar")
HOLIDAYS = (DAYS, [("2026-01-01", "false"), ("2026-01-02", "false"), ("2026-01-04", "true")])
"""2026 as if it had one holiday: the 3rd is a Saturday, the Sunday after it is worked."""


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        ("disclosure-catalog", "index_no title_zh abstract_zh created_on"),
        (
            "disclosure-guide",
            ("classification_zh arrangement_zh how_to_obtain_zh office_name_zh address_zh hours phone fax web_contact"),
        ),
        ("list-catalog", "entry_criteria exit_criteria_zh remedy_channel_zh"),
        ("exposure-board", "criterion_zh take_down_on remedy_zh"),
    ],
)  # fmt: skip
def test_what_must_be_stated(kind: str, columns: str) -> None:
    """Every cell of these columns is filled."""
    names = columns.split()
    table = resource("t", " ".join(f"{name}:s" for name in names), kind=kind)
    rule = {"disclosure-catalog": "catalogue-fields", "disclosure-guide": "guide-fields", "list-catalog": "list-terms"}
    rows: list[list[object]] = [["x"] * len(names)]
    rows += [[None if other == name else "x" for other in names] for name in names]
    code = rule.get(kind, "board-terms")
    expected: list[tuple[Any, ...]] = [(code, row, name, {}) for row, name in enumerate(names, 3)]
    assert told((table, rows)) == expected


def test_disclosed_within_twenty_working_days() -> None:
    """Of creation or the last change, since the regulation is in force; only what is disclosed unasked."""
    table = resource("t", "created_on:d changed_on:d published_on:d disclosure_type:s", kind="disclosure-catalog")
    rows = [
        ("2026-01-02", None, "2026-06-01", "on_request"),
        ("2026-01-02", None, None, "proactive"),
        ("2019-05-14", None, "2026-06-01", "proactive"),
        ("2026-06-02", None, "2026-06-01", "proactive"),
        ("2026-01-02", None, "2026-01-29", "proactive"),
        ("2026-01-02", None, "2026-01-30", None),
        ("2025-01-02", "2026-01-05", "2026-02-02", "proactive"),
        ("2019-05-15", None, "2026-01-30", "proactive"),
        ("2026-01-02", "2026-03-01", "2026-01-30", "proactive"),
        ("2026-01-02", "2026-01-30", "2026-01-30", "proactive"),
        ("2026-01-30", "2026-01-02", "2026-01-30", "proactive"),
    ]

    def facts(end: str, start: str) -> dict[str, str]:
        return {"variant": "working-days", "stated": end, "due": "2026-01-29", "limit": "20", "start": start}

    assert told((table, rows), HOLIDAYS, only="published-late") == [
        ("published-late", 7, "published_on", facts("2026-01-30", "2026-01-02")),
        ("published-late", 10, "published_on", facts("2026-01-30", "2026-01-02")),
        unjudged("published-late", 9, "calendar"),
    ]


def test_an_exemption_has_its_ground() -> None:
    """And nothing else has one."""
    table = resource("t", "disclosure_type:s exemption_id:s", kind="disclosure-catalog")
    rows = [("not_disclosed", "e"), ("proactive", None), ("not_disclosed", None), ("proactive", "e"), (None, "e")]
    assert told((table, rows), only="exemption-ground") == [
        ("exemption-ground", 4, "exemption_id", {}),
        ("exemption-ground", 5, "exemption_id", {"variant": "needless", "kind": "proactive"}),
        ("exemption-ground", 6, "exemption_id", {"variant": "needless", "kind": "None"}),
    ]


@pytest.mark.parametrize("kind", ["administrative-licences", "administrative-penalties"])
def test_decisions_are_online_within_seven_working_days(kind: str) -> None:
    """The seventh is in time; a blank is not judged."""
    table = resource("t", "decided_on:d published_on:d", kind=kind)
    rows = [("2026-01-05", None), (None, "2026-01-05"), ("2026-01-05", "2026-01-14"), ("2026-01-05", "2026-01-15")]
    facts = {"variant": "working-days", "stated": "2026-01-15", "due": "2026-01-14", "limit": "7"}
    assert told((table, rows), HOLIDAYS) == [("double-publicity", 5, "published_on", {**facts, "start": "2026-01-05"})]


def test_the_days_of_a_decision() -> None:
    """Each pair of neighbours that are stated; publicity ends after the decision."""
    columns = "decision_date:d valid_from:d valid_to:d publicity_end:d"
    table = resource("t", columns, kind="administrative-licences")
    one, two, three = "2026-01-01", "2026-01-02", "2026-01-03"
    rows = [
        (one, one, one, two), (one, None, None, None), (None, two, one, one), (two, one, three, None),
        (two, None, one, two), (three, None, None, two), (one, two, three, None),
    ]  # fmt: skip

    def facts(early: str, first: str, late: str, second: str) -> dict[str, str]:
        return {"early": early, "first": first, "late": late, "second": second}

    assert told((table, rows)) == [
        ("decision-dates", 4, "valid_to", facts("valid_from", two, "valid_to", one)),
        ("decision-dates", 5, "valid_from", facts("decision_date", two, "valid_from", one)),
        ("decision-dates", 6, "valid_to", facts("decision_date", two, "valid_to", one)),
        ("decision-dates", 6, "publicity_end", facts("decision_date", two, "publicity_end", two)),
        ("decision-dates", 7, "publicity_end", facts("decision_date", three, "publicity_end", two)),
    ]


def test_days_promised_and_allowed() -> None:
    """As many are allowed."""
    table = resource("t", "committed_days:i statutory_days:i", kind="approval-catalog")
    rows = [(5, None), (None, 5), (5, 5), (6, 5), (4, 5)]
    assert told((table, rows)) == [("committed-days", 5, "committed_days", {"committed": "6", "statutory": "5"})]


def test_an_item_is_added_once_and_ends_once() -> None:
    """In the order of the days, whatever the order of the rows; and it does not stand in the catalogue after."""
    table = resource("changes", "item_code:s change:s date:d", kind="approval-changes")
    stands = resource("items", "item_code:s status:s", kind="approval-catalog")
    rows = [
        ("a", "cancel", "2026-01-02"), ("a", "add", "2026-01-01"),
        ("b", "add", "2026-01-01"), ("b", "add", "2026-01-02"),
        ("c", "cancel", "2026-01-01"), ("c", "adjust", "2026-01-02"),
        ("d", "merge", "2026-01-01"), ("d", "add", "2026-01-02"),
        ("e", "adjust", "2026-01-01"), ("e", "adjust", "2026-01-01"),
        ("f", "cancel", "2026-01-01"), ("g", "merge", "2026-01-01"),
    ]  # fmt: skip
    status = [(code, "in_force") for code in "abcde"] + [("f", "cancelled"), ("g", "in_force")]
    expected = [
        ("approval-changes", 5, "change", {"variant": "order", "item": "b", "former": "add"}),
        ("approval-changes", 7, "change", {"variant": "order", "item": "c", "former": "cancel"}),
    ]
    assert told((table, rows)) == expected
    assert told((table, rows), (stands, status), only="approval-changes") == [
        ("approval-changes", 2, "change", {"item": "a", "former": "cancel"}),
        *expected,
        ("approval-changes", 13, "change", {"item": "g", "former": "merge"}),
    ]


def test_six_steps_before_a_decision() -> None:
    """All of them, in their order, once it is decided."""
    steps = (
        "public_participation_on expert_review_on risk_assessment_on legality_review_on compliance_review_on "
        "collective_decision_on"
    ).split()
    table = resource("t", " ".join(f"{name}:d" for name in steps), kind="public-decisions")
    days = [f"2026-01-0{day}" for day in range(1, 7)]
    rows: list[list[object]] = [
        ["2026-01-09", None, None, None, None, None],
        [*days],
        [*days[:2], None, None, *days[4:]],
        [days[1], days[0], *days[2:]],
        ["2026-01-01"] * 6,
    ]
    missing = {"variant": "missing", "steps": ["risk_assessment_on", "legality_review_on"]}
    back = {"early": steps[0], "first": days[1], "late": steps[1], "second": days[0]}
    assert told((table, rows)) == [
        ("decision-steps", 4, "risk_assessment_on", missing),
        ("decision-steps", 5, "expert_review_on", back),
    ]


def test_opinions_adopted() -> None:
    """All of them may be."""
    table = resource("t", "opinions_received:i opinions_adopted:i", kind="public-decisions")
    rows = [(None, 1), (1, None), (1, 1), (1, 2), (2, 1)]
    assert told((table, rows)) == [("opinions-adopted", 5, "opinions_adopted", {"adopted": "2", "received": "1"})]


# --- commitments ------------------------------------------------------------------------------------------

PROMISES = resource("promises", "commitment_id:s status:s due_on:d as_of:d", kind="service-commitments")
PROGRESS = resource("progress", "commitment_id:s evidence_url:s explanation_zh:s", kind="commitment-progress")


def test_what_is_called_fulfilled_or_overdue_is_backed() -> None:
    """By evidence, or by an explanation, in any row of its progress."""
    rows = [
        ("a", "in_progress", None, None), ("b", "fulfilled", None, None), ("c", "fulfilled", None, None),
        ("d", "overdue", None, None), ("e", "changed_lawfully", None, None), ("f", "broken", None, None),
    ]  # fmt: skip
    done = [("b", None, None), ("b", "https://example.org/", None), ("c", None, "理由"), ("d", None, "理由")]
    assert told((PROMISES, rows), (PROGRESS, done)) == [
        ("fulfilled-evidence", 4, "status", {"status": "fulfilled", "wanted": "evidence_url"}),
        ("overdue-explained", 6, "status", {"status": "changed_lawfully", "wanted": "explanation_zh"}),
        ("overdue-explained", 7, "status", {"status": "broken", "wanted": "explanation_zh"}),
    ]
    alone = [unjudged(rule, None, "counterpart") for rule in ("fulfilled-evidence", "overdue-explained")]
    assert told((PROMISES, rows)) == alone
    short = resource("progress", "commitment_id:s evidence_url:s", kind="commitment-progress")
    assert told((PROMISES, rows), (short, [row[:2] for row in done])) == [
        ("fulfilled-evidence", 4, "status", {"status": "fulfilled", "wanted": "evidence_url"}),
        unjudged("overdue-explained", None, "counterpart"),
    ]


def test_what_was_due_is_no_longer_in_progress() -> None:
    """On the day the table speaks of, or the day of the site; on the day itself it still may be."""
    rows = [
        ("a", "in_progress", None, None), ("b", "fulfilled", "2026-01-01", None),
        ("c", "in_progress", "2026-01-30", None), ("d", "not_due", "2026-01-31", None),
        ("e", "not_due", "2026-01-30", "2026-01-30"), ("f", "not_due", "2026-02-01", "2026-02-02"),
    ]  # fmt: skip
    assert told((PROMISES, rows), only="due-passed") == [
        ("due-passed", 4, "status", {"status": "in_progress", "due": "2026-01-30", "today": "2026-01-31"}),
        ("due-passed", 7, "status", {"status": "not_due", "due": "2026-02-01", "today": "2026-02-02"}),
    ]


def test_what_is_owed() -> None:
    """At the end as at the beginning, more and less; instalments add to their debt."""
    owed = resource("r", "owed_opening:n new:n repaid:n owed_closing:n", kind="repayments")
    rows = [(None, 1, 1, 9), (5, 2, 3, 4), (5, 2, 3, 5), (5, 2, 3, 4)]
    assert told((owed, rows)) == [("repayments", 4, "owed_closing", {"stated": "5", "sum": "4"})]
    paid = resource("r", "debt_id:s debt_wan_yuan:n amount_wan_yuan:n", kind="repayments")
    parts = [("a", 3, None), ("a", 3, 1), ("b", None, 1), ("c", 5, 2), ("c", 5, 2), ("d", 3, 3), ("c", 5, "0.5")]
    facts = {"variant": "instalments", "debt": "c", "stated": "5", "sum": "4.5"}
    assert told((paid, parts)) == [("repayments", 8, "amount_wan_yuan", facts)]


def test_calls() -> None:
    """Handled directly and transferred are all; none of the parts is more than its whole."""
    columns = "received handled_directly transferred satisfied surveyed solved contacted_first".split()
    table = resource("h", " ".join(f"{name}:i" for name in columns), kind="hotline-performance")
    rows = [
        (9, None, 3, None, 1, None, None), (9, 5, 4, 2, 2, 9, 9), (9, 5, 5, 2, None, None, None),
        (None, 5, 4, 3, 2, 9, 9), (9, 5, 4, 2, 3, 10, 11),
    ]  # fmt: skip

    def above(row: int, name: str, stated: str, whole: str, limit: str) -> tuple[Any, ...]:
        return "hotline", row, name, {"variant": "above", "stated": stated, "whole": whole, "limit": limit}

    assert told((table, rows)) == [
        ("hotline", 4, "received", {"stated": "9", "sum": "10", "parts": ["handled_directly", "transferred"]}),
        above(5, "satisfied", "3", "surveyed", "2"),
        above(6, "solved", "10", "received", "9"),
        above(6, "contacted_first", "11", "received", "9"),
    ]


def test_on_time() -> None:
    """On the day it is due; what is said is what was, either way."""
    table = resource("q", "due_on:d submitted_on:d on_time:b", kind="quarterly-reports")
    one, two = "2026-01-01", "2026-01-02"
    rows = [
        (None, two, "true"), (one, None, "true"), (one, two, None), (one, one, "true"), (one, two, "false"),
        (one, two, "true"), (two, one, "false"),
    ]  # fmt: skip
    assert told((table, rows)) == [
        ("on-time", 7, "on_time", {"submitted": two, "due": one}),
        ("on-time", 8, "on_time", {"submitted": one, "due": two}),
    ]


# --- records ----------------------------------------------------------------------------------------------

RECORDS = resource(
    "records",
    "record_id:s subject_id:s severity:s status:s decided_on:d entered_on:d public_until:d act_ended_on:d exempted:b",
    kind="dishonesty-records",
)
EVENT = (
    "record_id kind received_on marked_on forwarded_on provider_received_on decided_on deleted_on outcome reason_zh"
).split()
EVENTS = resource(
    "events", " ".join(f"{name}:{'d' if name.endswith('_on') else 's'}" for name in EVENT), kind="record-events"
)


def event(**stated: object) -> list[object]:
    """One row of events."""
    return [stated.get(name) for name in EVENT]


def record(**stated: object) -> list[object]:
    """One record."""
    return [stated.get(field.name) for field in RECORDS.schema.fields] if RECORDS.schema else []


LIMITS = [
    ("objection-marked", {"kind": "objection"}, "received_on", "marked_on", 1),
    ("objection-decided", {"kind": "objection"}, "received_on", "decided_on", 5),
    ("objection-forwarded", {"kind": "objection"}, "received_on", "forwarded_on", 2),
    (
        "objection-provider",
        {"kind": "objection", "received_on": "2026-01-05", "forwarded_on": "2026-01-05"},
        "provider_received_on", "decided_on", 5,
    ),
    ("revoked-deleted", {"kind": "revocation"}, "received_on", "deleted_on", 3),
    ("repair-deleted", {"kind": "repair"}, "received_on", "deleted_on", 3),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "common", "start", "end", "days"), LIMITS)
def test_deadlines_of_events(rule: str, common: dict[str, str], start: str, end: str, days: int) -> None:
    """The last day is in time; other kinds, blanks and what was received before the regulation are passed over."""
    last, late = f"2026-01-{5 + days + 2 * (days > 4):02}", f"2026-01-{6 + days + 2 * (days > 4):02}"
    rows = [
        event(**{**common, "kind": "other", start: "2026-01-05", end: late}),
        event(**{**common, start: "2026-01-05"}),
        event(**{**common, start: None, end: late}),
        event(**{**common, start: "2026-01-05", end: last}),
        event(**{**common, start: "2026-01-05", end: late}),
        event(**{**common, "received_on": "2017-09-30", end: late}),
        event(**{**common, start: "2026-01-05", end: late}),
    ]
    facts = {"variant": "working-days", "stated": late, "due": last, "limit": str(days), "start": "2026-01-05"}
    found = told((EVENTS, rows), HOLIDAYS, only=rule)
    assert found == [(rule, 6, end, facts), (rule, 8, end, facts)]


def test_the_regulation_binds_from_its_first_day() -> None:
    """What was received on it is judged."""
    rows = [event(kind="repair", received_on=day, deleted_on="2026-01-30") for day in ("2017-09-30", "2017-10-01")]
    assert told((EVENTS, rows), HOLIDAYS, only="repair-deleted") == [unjudged("repair-deleted", 3, "calendar")]


def test_a_forwarded_objection_has_another_deadline() -> None:
    """Five days of the provider's own."""
    rows = [
        event(kind="objection", received_on="2026-01-05", forwarded_on="2026-01-06", decided_on="2026-01-20"),
        event(kind="objection", received_on="2026-01-05", provider_received_on="2026-01-06", decided_on="2026-01-20"),
    ]
    codes_ = [(code, row) for code, row, _, _ in told((EVENTS, rows), HOLIDAYS)]
    assert codes_ == [("objection-decided", 3)]


def test_the_days_of_a_record() -> None:
    """Decided, entered, public: each pair of neighbours that are stated."""
    one, two = "2026-01-01", "2026-01-02"
    rows = [
        record(decided_on=one, entered_on=one, public_until=one), record(decided_on=two, public_until=one),
        record(decided_on=two, entered_on=one, public_until=one), record(entered_on=two, public_until=one),
    ]  # fmt: skip

    def facts(early: str, late: str) -> dict[str, str]:
        return {"early": early, "first": two, "late": late, "second": one}

    assert told((RECORDS, rows), only="record-dates") == [
        ("record-dates", 3, "public_until", facts("decided_on", "public_until")),
        ("record-dates", 4, "entered_on", facts("decided_on", "entered_on")),
        ("record-dates", 5, "public_until", facts("entered_on", "public_until")),
    ]


def test_what_is_exempt_is_no_record() -> None:
    """Only what says so."""
    rows = [record(record_id="a"), record(exempted="false"), record(exempted="true")]
    assert told((RECORDS, rows)) == [("record-exempted", 4, "exempted", {})]


def test_five_years_and_no_longer() -> None:
    """From the end of the act."""
    rows = [
        record(act_ended_on="2020-01-01"), record(public_until="2026-01-01"),
        record(act_ended_on="2020-01-01", public_until="2025-01-01"),
        record(act_ended_on="2020-01-01", public_until="2025-01-02"),
    ]  # fmt: skip
    facts = {"stated": "2025-01-02", "ended": "2020-01-01", "due": "2025-01-01"}
    assert told((RECORDS, rows), only="record-five-years") == [("record-five-years", 5, "public_until", facts)]


def test_publicity_goes_by_severity() -> None:
    """From the shortest to the longest, both included, for decisions since the measures."""
    day = "2026-04-01"
    rows = [
        record(severity="unknown", decided_on=day, public_until="2036-04-01"),
        record(severity="minor", public_until="2036-04-01"), record(severity="minor", decided_on=day),
        record(severity="minor", decided_on="2026-03-31", public_until="2036-04-01"),
        record(severity="minor", decided_on=day, public_until="2026-07-01"),
        record(severity="minor", decided_on=day, public_until="2026-07-02"),
        record(severity="general", decided_on=day, public_until="2026-07-01"),
        record(severity="general", decided_on=day, public_until="2026-06-30"),
        record(severity="serious", decided_on=day, public_until="2029-04-01"),
    ]  # fmt: skip
    assert told((RECORDS, rows), only="record-publicity") == [
        ("record-publicity", 7, "public_until", {"stated": "2026-07-02", "least": day, "most": "2026-07-01"}),
        ("record-publicity", 9, "public_until", {"stated": "2026-06-30", "least": "2026-07-01", "most": "2027-04-01"}),
    ]


def test_an_event_goes_forward() -> None:
    """Nothing before the first; the first not before its record, but for the notice of it; one finding for a row."""
    records = (RECORDS, [record(record_id="r", entered_on="2026-01-05")])
    rows = [
        event(record_id="r", kind="repair"),
        event(record_id="r", kind="repair", received_on="2026-01-05", decided_on="2026-01-05"),
        event(record_id="r", kind="notice", received_on="2026-01-04"),
        event(record_id="r", kind="repair", received_on="2026-01-04", decided_on="2026-01-03"),
        event(record_id="s", kind="repair", received_on="2026-01-04", decided_on="2026-01-03"),
        event(
            record_id="s", kind="repair", received_on="2026-01-02", marked_on="2026-01-04", forwarded_on="2026-01-03"
        ),
        event(record_id="s", kind="repair", marked_on="2026-01-04", deleted_on="2026-01-03"),
    ]

    def facts(early: str, first: str, late: str, second: str) -> dict[str, str]:
        return {"early": early, "first": first, "late": late, "second": second}

    late = ("event-dates", 6, "decided_on", facts("received_on", "2026-01-04", "decided_on", "2026-01-03"))
    last = ("event-dates", 8, "deleted_on", facts("marked_on", "2026-01-04", "deleted_on", "2026-01-03"))
    entered = facts("entered_on", "2026-01-05", "received_on", "2026-01-04")
    assert told((EVENTS, rows), records, only="event-dates") == [
        ("event-dates", 5, "received_on", entered), late, last,
    ]  # fmt: skip
    own = ("event-dates", 5, "decided_on", late[3])
    assert told((EVENTS, rows), only="event-dates") == [own, late, last]


def test_nothing_is_repaired_too_soon() -> None:
    """Not before the shortest time of publicity of its record."""
    records = (
        RECORDS,
        [
            record(record_id="m", severity="general", decided_on="2026-04-01"),
            record(record_id="old", severity="general", decided_on="2026-03-31"),
            record(record_id="x", decided_on="2026-04-01"),
        ],
    )
    rows = [
        event(record_id="m", kind="objection", decided_on="2026-04-02"),
        event(record_id="m", kind="repair", decided_on="2026-04-02", outcome="rejected"),
        event(record_id="x", kind="repair", decided_on="2026-04-02"),
        event(record_id="none", kind="repair", decided_on="2026-04-02"),
        event(record_id="old", kind="repair", decided_on="2026-04-02"),
        event(record_id="m", kind="repair"),
        event(record_id="m", kind="repair", decided_on="2026-07-01"),
        event(record_id="m", kind="repair", decided_on="2026-06-30"),
    ]
    assert told((EVENTS, rows), records, only="repair-minimum") == [
        ("repair-minimum", 9, "decided_on", {"stated": "2026-06-30", "least": "2026-07-01"})
    ]
    assert told((EVENTS, rows), only="repair-minimum") == [unjudged("repair-minimum", None, "counterpart")]


def test_a_rejected_objection_says_why() -> None:
    """Other events and outcomes need not."""
    rows = [
        event(kind="repair", outcome="rejected"), event(kind="objection", outcome="upheld"),
        event(kind="objection", outcome="rejected", reason_zh="理由"), event(kind="objection", outcome="rejected"),
    ]  # fmt: skip
    assert told((EVENTS, rows), only="objection-reason") == [("objection-reason", 5, "reason_zh", {})]


def test_the_board_shows_a_record_while_it_stands() -> None:
    """From its entry to the end of its publicity, both included."""
    board = resource("board", "record_id:s posted_on:d take_down_on:d", kind="exposure-board")
    records = (RECORDS, [record(record_id="r", entered_on="2026-01-02", public_until="2026-01-05")])
    rows = [
        ("none", "2026-01-01", "2026-01-09"), ("r", None, None), ("r", "2026-01-02", "2026-01-05"),
        ("r", "2026-01-01", "2026-01-06"), ("r", "2026-01-02", "2026-01-06"),
    ]  # fmt: skip
    assert told((board, rows), records, only="board-record") == [
        ("board-record", 5, "posted_on", {"stated": "2026-01-01", "entered": "2026-01-02"}),
        ("board-record", 6, "take_down_on", {"variant": "after", "stated": "2026-01-06", "until": "2026-01-05"}),
    ]


# --- honours ----------------------------------------------------------------------------------------------

ROLL = resource("roll", "nomination_id:s unit_id:s awarded_on:d revoked_on:d", kind="honour-roll")
NOMINATIONS = resource(
    "nominations", "nomination_id:s unit_id:s round_id:s category:s vetoed:b", kind="award-nominations"
)
ROUNDS = resource("rounds", "round_id:s category:s places:i", kind="award-rounds")
STAGES = resource("stages", "nomination_id:s stage:s from:d to:d", kind="award-events")


def test_no_honour_beside_a_record() -> None:
    """On a day on which one stands, against the unit named here or in the nomination."""
    day = "2026-01-10"
    records = [
        record(subject_id="active", status="active", entered_on="2026-01-10"),
        record(subject_id="ended", status="active", entered_on="2026-01-01", public_until="2026-01-09"),
        record(subject_id="last", status="notified", entered_on="2026-01-01", public_until=day),
        record(subject_id="later", status="active", entered_on="2026-01-11"),
        record(subject_id="repaired", status="repaired", entered_on="2026-01-01"),
        record(subject_id="blank", status="active"),
    ]
    nominated = [("n", "active", None, None, None)]
    rows = [
        ("none", None, day, None), ("n", "active", None, None), ("n", "active", day, day),
        ("n", "active", "2017-12-19", None),
        *(("n", unit, day, None) for unit in ("ended", "later", "repaired", "blank", "last", "active")),
        ("n", None, day, None),
    ]  # fmt: skip
    made = (ROLL, rows), (RECORDS, records), (NOMINATIONS, nominated)
    assert told(*made, only="honour-record") == [
        ("honour-record", 10, "awarded_on", {"unit": "last", "awarded": day}),
        ("honour-record", 11, "awarded_on", {"unit": "active", "awarded": day}),
        ("honour-record", 12, "awarded_on", {"unit": "active", "awarded": day}),
        unjudged("honour-record", 2, "counterpart"),
    ]
    assert told(*made[:2], only="honour-record")[-1] == unjudged("honour-record", 2, "counterpart", 2)
    old = record(subject_id="u", status="under_objection", entered_on="2017-01-01")
    first = [("n", "u", "2017-12-20", None)]
    assert len(told((ROLL, first), (RECORDS, [old]), only="honour-record")) == 1


def test_an_honour_is_announced_before() -> None:
    """The notice ended on an earlier day, or began where it has no end; and no objection is open."""
    stages = [
        ("a", "public_notice", "2026-01-01", "2026-01-09"), ("b", "public_notice", "2026-01-01", "2026-01-10"),
        ("c", "review", "2026-01-01", "2026-01-02"), ("d", "public_notice", "2026-01-09", None),
        ("e", "public_notice", None, None), ("f", "public_notice", "2026-01-01", "2026-01-02"),
        ("f", "objection", "2026-01-02", None), ("g", "public_notice", "2026-01-01", "2026-01-02"),
        ("g", "objection", "2026-01-02", "2026-01-03"),
    ]  # fmt: skip
    rows = [("x", "u", None, None), *((name, "u", "2026-01-10", None) for name in "abcdefg")]
    awarded = {"awarded": "2026-01-10"}
    made = (ROLL, rows), (STAGES, stages)
    assert told(*made, only="honour-notice") == [
        *(("honour-notice", row, "awarded_on", awarded) for row in (4, 5, 7)),
        ("honour-notice", 8, "nomination_id", {"variant": "objection", **awarded}),
    ]
    assert told((ROLL, rows), only="honour-notice") == [unjudged("honour-notice", None, "counterpart")]
    other = resource("stages", "nomination_id:s stage:s started_on:d ended_on:d", kind="award-events")
    assert told((ROLL, rows), (other, stages), only="honour-notice") == told(*made, only="honour-notice")


def test_a_veto_and_the_number_of_places() -> None:
    """Counted by round and category; what is revoked leaves its place."""
    nominated = [
        ("a", "u", "r1", "x", "true"), ("b", "u", "r1", "x", "false"), ("c", "u", "r1", "x", None),
        ("d", "u", "r1", "y", None), ("e", "u", "r2", "x", None), ("f", "u", "r1", "x", None),
    ]  # fmt: skip
    offered = [("r1", "x", 2), ("r1", "y", None), ("r2", "x", 1)]
    rows = [
        ("none", "u", None, None), ("f", "u", None, "2026-01-01"),
        *((name, "u", None, None) for name in ("a", "b", "d", "d", "e", "c", "f")),
    ]  # fmt: skip
    made = (ROLL, rows), (NOMINATIONS, nominated), (ROUNDS, offered)
    assert told(*made, only="honour-veto") == [("honour-veto", 4, "nomination_id", {"nomination": "a"})]
    assert told(*made, only="honour-places") == [
        ("honour-places", 9, "nomination_id", {"category": "x", "places": "2", "given": "3"}),
        ("honour-places", 10, "nomination_id", {"category": "x", "places": "2", "given": "4"}),
    ]
    lacking = resource("rounds", "round_id:s category:s", kind="award-rounds")
    for short in (made[:1], made[:2], (made[0], made[2]), (*made[:2], (lacking, [("r1", "x")]))):
        assert told(*short, only="honour-places") == [unjudged("honour-places", None, "counterpart")]
    assert told(made[0], only="honour-veto") == [unjudged("honour-veto", None, "counterpart")]


# --- evaluation -------------------------------------------------------------------------------------------


def test_weights_of_a_level() -> None:
    """100 at the top, the weight of the indicator above below it, or 100 of that where the table says so."""
    columns = "scheme_id:s indicator_id:s parent_id:s weight:n weight_basis:s"
    table = resource("i", columns, kind="evaluation-indicators")
    rows = [
        ("s", "a", None, 60, "absolute"), ("s", "b", None, 40, "absolute"), ("s", "c", None, None, None),
        ("s", "a1", "a", 30, "absolute"), ("s", "a2", "a", 31, "absolute"),
        ("s", "b1", "b", 60, "parent"), ("s", "b2", "b", 41, "of_parent"),
        ("s", "x1", "nothing", 5, "absolute"), ("s", "c1", "c", 5, "absolute"),
        ("t", "a", None, 99, None),
    ]  # fmt: skip
    assert told((table, rows)) == [
        ("evaluation-weights", 6, "weight", {"group": "a", "sum": "61", "total": "60"}),
        ("evaluation-weights", 8, "weight", {"group": "b", "sum": "101", "total": "100"}),
        ("evaluation-weights", 11, "weight", {"group": "t", "sum": "99", "total": "100"}),
    ]


def test_scores_follow_from_their_parts() -> None:
    """Weights times score by maximum, in percent; within half a unit of the last decimal that is published."""
    indicators = resource(
        "i", "scheme_id:s indicator_id:s parent_id:s weight:n weight_basis:s max_score:n", kind="evaluation-indicators"
    )
    listed = [
        ("s", "a", None, 60, None, None), ("s", "b", None, 40, None, 10),
        ("s", "a1", "a", 50, "parent", 10), ("s", "a2", "a", 50, "of_parent", 10), ("s", "d", None, None, None, 5),
    ]  # fmt: skip
    scores = resource(
        "c", "scheme_id:s period:s unit_id:s indicator_id:s score:n max_score:n", kind="evaluation-scores"
    )
    given = [
        *(("s", "2025", "u", name, score, most) for name, score, most in
          (("a1", 5, None), ("a2", 4, 8), ("b", "3.333", None), ("d", 1, None), ("other", 9, None))),
        *(("s", "2025", "v", name, 5, None) for name in ("a1", "a2", "b")),
        *(("s", "2025", "w", name, 5, 0) for name in ("a1", "a2", "b", "d")),
        *(("s", "2025", "x", name, None, None) for name in ("a1", "a2", "b", "d")),
        ("t", "2025", "u", "a1", 5, None),
    ]  # fmt: skip
    ranks = resource("r", "scheme_id:s period:s unit_id:s score:n", kind="rankings")
    right = 15 + 15 + 13.332

    def found(*rows: tuple[object, ...]) -> list[tuple[Any, ...]]:
        return told((indicators, listed), (scores, given), (ranks, rows), only="evaluation-totals")

    assert right == pytest.approx(43.332)
    for score in ("43", "43.3", "43.33", "43.332", "42.9", None):
        rows = [("s", "2025", "u", score)]
        wrong = ("evaluation-totals", 2, "score", {"stated": "42.9", "computed": "43.332"})
        assert found(*rows) == ([wrong] if score == "42.9" else []), score
    assert found(("s", "2025", "v", 1), ("s", "2025", "w", 1), ("s", "2025", "x", 1), ("t", "2025", "u", 1)) == [
        unjudged("evaluation-totals", 2, "counterpart", 4)
    ]
    assert found(("s", "2025", "u", None), ("s", "2025", "u", 44)) == [
        ("evaluation-totals", 3, "score", {"stated": "44", "computed": "43.33"})
    ]


def test_half_a_unit_is_not_too_far() -> None:
    """A rounded score may lie as far from the exact one."""
    indicators = resource(
        "i", "scheme_id:s indicator_id:s parent_id:s weight:n max_score:n", kind="evaluation-indicators"
    )
    scores = resource("c", "scheme_id:s period:s dept_id:s indicator_id:s score:n", kind="evaluation-scores")
    ranks = resource("r", "scheme_id:s period:s dept_id:s score:n", kind="rankings")
    made = (indicators, [("s", "a", None, 100, 1000)]), (scores, [("s", "p", "u", "a", 505)])
    for score, count in (("50", 0), ("51", 0), ("49", 1), ("52", 1)):
        assert len(told(*made, (ranks, [("s", "p", "u", score)]), only="evaluation-totals")) == count


def test_ranks_of_a_group() -> None:
    """By scheme, period and group; a row without a rank says why."""
    table = resource("r", "scheme_id:s period:s group:s score:n rank:i note_zh:s", kind="rankings")
    rows = [
        ("s", "p", "a", None, None, "未评"), ("s", "p", "a", None, None, None), ("s", "p", "a", 5, None, "x"),
        ("s", "p", "a", None, 3, "x"), ("s", "p", "a", 5, 1, None), ("s", "p", "a", 4, 3, None),
        ("s", "p", "b", 4, 1, None), ("s", "q", "a", 4, 1, None), ("t", "p", "a", 4, 2, None),
    ]  # fmt: skip
    blank = {"variant": "blank"}
    assert told((table, rows)) == [
        *(("evaluation-ranks", row, "rank", blank) for row in (3, 4, 5)),
        ("evaluation-ranks", 7, "rank", {"stated": "3", "expected": "2", "score": "4"}),
        ("evaluation-ranks", 10, "rank", {"stated": "2", "expected": "1", "score": "4"}),
    ]
    for name in evaluation.REASONS:
        plain = resource("r", f"scheme_id:s period:s score:n rank:i {name}:s", kind="rankings")
        assert told((plain, [("s", "p", None, None, "x"), ("s", "p", 4, 1, None)])) == []


# --- codes ------------------------------------------------------------------------------------------------


def test_codes_of_units() -> None:
    """In every column that holds them, as written by a spreadsheet; a blank is not stated."""
    table = resource("u", " ".join(f"{name}:s" for name in ("name", *codes.USCC_COLUMNS)), kind="units")
    good, bad = "91110000802100433B", "91110000802100433A"
    for place, name in enumerate(codes.USCC_COLUMNS, 1):
        rows = [[None] * 6 for _ in range(4)]
        rows[1][place], rows[2][place], rows[3][place] = good.lower(), bad, "9111"  # type: ignore[call-overload]
        assert told((table, rows)) == [
            ("uscc", 4, name, {"variant": "check", "stated": bad}),
            ("uscc", 5, name, {"variant": "form", "stated": "9111"}),
        ]


@pytest.mark.parametrize(
    ("code", "check"),
    [("D2143569", "X"), ("80210043", "3"), ("00000000", "0"), ("00000005", "1"), ("00000006", "X")],
)
def test_check_of_an_organisation_code(code: str, check: str) -> None:
    """GB 11714, whose example is D2143569-X."""
    assert codes.organisation_check(code) == check


def test_an_organisation_code_inside() -> None:
    """A sound code of another body is a warning."""
    body = "911100008021004" + "33"
    other = next(
        code for char in codes._ALPHABET if (code := f"91110000802100438{char}") and codes.uscc_fault(code) is None
    )
    table = resource("u", "uscc:s", kind="units")
    assert told((table, [[other], [body], [None]])) == [
        ("uscc", 3, "uscc", {"variant": "form", "stated": body}),
        ("organisation-code", 2, "uscc", {"stated": other}),
    ]


DIVISIONS = resource("d", "division_code:s level:s parent_code:s first_listed:s last_listed:s", kind="divisions")


def test_the_form_of_a_division_code() -> None:
    """Six digits, the level its zeros tell, a parent it begins with."""
    rows = [
        ("44030", None, None), ("４４０３００", None, None), ("44030a", None, None), ("440000", "province", None),
        ("440300", "prefecture", "440000"), ("440303", "county", "440300"), ("429004", "county", "420000"),
        ("440303", "prefecture", None), ("440300", "county", None), ("440000", "prefecture", None),
        ("440303", None, "440400"), ("440300", None, "440300"), ("440300", None, "430000"),
    ]  # fmt: skip
    made = (DIVISIONS, [(*row, None, None) for row in rows])
    assert told(made, only="division-form") == [
        *(("division-form", row, "division_code", {"variant": "form", "stated": stated})
          for row, stated in ((2, "44030"), (3, "４４０３００"), (4, "44030a"))),
        *(("division-form", row, "level", {"variant": "level", "stated": stated, "level": level})
          for row, stated, level in ((9, "440303", "prefecture"), (10, "440300", "county"),
                                     (11, "440000", "prefecture"))),
        ("division-form", 12, "parent_code", {"stated": "440303", "parent": "440400", "wanted": ["440300", "440000"]}),
        ("division-form", 13, "parent_code", {"stated": "440300", "parent": "440300", "wanted": ["440000"]}),
        ("division-form", 14, "parent_code", {"stated": "440300", "parent": "430000", "wanted": ["440000"]}),
    ]  # fmt: skip


def test_a_parent_is_listed_at_the_time() -> None:
    """In any of its spans that touches the child's; what is no date says nothing."""
    rows = [
        ("440000", None, None, "198012", "199012"), ("440000", None, None, "200012", "201012"),
        ("440100", None, "440000", "199012", "199912"), ("440200", None, "440000", "199101", "200011"),
        ("440300", None, "440000", "201012", None), ("440400", None, "440000", "201101", None),
        ("440500", None, "450000", "201101", None), ("440600", None, "440000", "soon", "1901"),
        ("440700", None, "440000", None, "1980-11"), ("440800", None, "440000", None, "1980-12-01"),
    ]  # fmt: skip

    def facts(code: str) -> dict[str, str]:
        return {"stated": code, "parent": "440000"}

    assert told((DIVISIONS, rows), only="division-parent") == [
        ("division-parent", 5, "parent_code", facts("440200")),
        ("division-parent", 7, "parent_code", facts("440400")),
        ("division-parent", 8, "parent_code", {"variant": "absent", "stated": "440500", "parent": "450000"}),
        ("division-parent", 10, "parent_code", facts("440700")),
    ]


def test_the_division_of_a_unit_was_in_force() -> None:
    """While the unit was; one that is not listed is not known to be wrong."""
    units = resource("u", "division_code:s valid_from:d valid_to:d", kind="units")
    listed = (DIVISIONS, [("440300", None, None, "198012", "199012")])
    rows = [
        (None, None, None), ("990000", None, None), ("440300", None, None), ("440300", "1990-12-31", None),
        ("440300", "1991-01-01", None), ("440300", None, "1980-11-30"), ("440300", None, "1980-12-01"),
    ]  # fmt: skip
    assert told((units, rows), listed, only="division-code") == [
        ("division-code", 6, "division_code", {"stated": "440300"}),
        ("division-code", 7, "division_code", {"stated": "440300"}),
        unjudged("division-code", 3, "unknown"),
    ]


@pytest.mark.parametrize("swapped", [False, True])
def test_what_is_known_may_stand_in_several_tables(swapped: bool) -> None:  # noqa: FBT001
    """Records, divisions, schemes and scores count from every table of their kind."""

    def both(table: Resource, *rows: Sequence[object]) -> list[Made]:
        more = replace(table, name=f"{table.name}-more", slug=f"{table.name}-more", paths=(f"{table.name}-more.csv",))
        first, second = reversed(rows) if swapped else rows
        return [(table, [first]), (more, [second])]

    records = both(RECORDS, *(record(record_id=name, subject_id=name, status="active", entered_on="2026-01-02",
                                     public_until="2026-01-05") for name in "rs"))  # fmt: skip
    board = resource("board", "record_id:s posted_on:d take_down_on:d", kind="exposure-board")
    posted = [(name, "2026-01-01", None) for name in "rs"]
    assert [row for _, row, *_ in told((board, posted), *records, only="board-record")] == [2, 3]
    honoured = [(None, name, "2026-01-03", None) for name in "rs"]
    assert [row for _, row, *_ in told((ROLL, honoured), *records, only="honour-record")] == [2, 3]

    divisions = both(DIVISIONS, *((f"4403{place}", None, None, "198012", "199012") for place in ("01", "02")))
    units = resource("u", "division_code:s valid_from:d valid_to:d", kind="units")
    late = [("440301", "1995-01-01", None), ("440302", "1995-01-01", None)]
    assert [row for _, row, *_ in told((units, late), *divisions, only="division-code")] == [2, 3]

    schemes = resource("i", "scheme_id:s indicator_id:s parent_id:s weight:n max_score:n", kind="evaluation-indicators")
    scores = resource("c", "scheme_id:s period:s unit_id:s indicator_id:s score:n", kind="evaluation-scores")
    ranks = resource("k", "scheme_id:s period:s unit_id:s score:n", kind="rankings")
    listed = both(schemes, *((name, "a", None, 100, 10) for name in "pq"))
    given = both(scores, *((name, "2025", "u", "a", 5) for name in "pq"))
    stated = [(name, "2025", "u", 51) for name in "pq"]
    assert told(*listed, *given, (ranks, stated), only="evaluation-totals") == [
        ("evaluation-totals", row, "score", {"stated": "51", "computed": "50"}) for row in (2, 3)
    ]


# --- where a promise is kept ------------------------------------------------------------------------------


def test_progress_may_stand_in_a_table_that_refers_to_the_promises() -> None:
    """By its foreign key, though its kind is elsewhere."""
    assert PROGRESS.schema
    key = ForeignKey(
        fields=("commitment_id",), dataset="made", resource="promises", reference_fields=("commitment_id",)
    )
    referring = replace(PROGRESS, schema=replace(PROGRESS.schema, foreign_keys=(key,)))
    rows = [("a", "fulfilled", None, None)]
    assert told((PROMISES, rows), (referring, [("b", "x", None)]), only="fulfilled-evidence") == [
        ("fulfilled-evidence", 2, "status", {"status": "fulfilled", "wanted": "evidence_url"})
    ]


def test_progress_may_stand_in_a_dataset_that_refers_to_the_promises() -> None:
    """By its foreign key and its kind; neither is enough, and what stands beside the promises goes before."""
    assert PROGRESS.schema
    key = ForeignKey(
        fields=("commitment_id",), dataset="made", resource="promises", reference_fields=("commitment_id",)
    )
    referring = replace(PROGRESS, schema=replace(PROGRESS.schema, foreign_keys=(key,)))
    other = replace(PROGRESS, schema=replace(PROGRESS.schema, foreign_keys=(replace(key, resource="debts"),)))
    promises = (PROMISES, [("a", "fulfilled", None, None), ("b", "fulfilled", None, None)])
    rows = [("a", "https://example.org/", None)]
    lacking = [("fulfilled-evidence", 3, "status", {"status": "fulfilled", "wanted": "evidence_url"})]
    unknown = [unjudged("fulfilled-evidence", None, "counterpart")]
    for table, expected in (
        (referring, lacking), (other, unknown), (PROGRESS, unknown), (replace(referring, kind=None), unknown),
    ):  # fmt: skip
        assert told(promises, others=[(table, rows)], only="fulfilled-evidence") == expected
    beside = (PROGRESS, [("b", "https://example.org/", None)])
    assert told(promises, beside, others=[(referring, rows)], only="fulfilled-evidence") == [
        ("fulfilled-evidence", 2, "status", {"status": "fulfilled", "wanted": "evidence_url"})
    ]


def test_what_is_known_may_stand_in_another_dataset() -> None:
    """Records and divisions are those of the whole site, reports those of the dataset."""
    stands = record(
        record_id="r", subject_id="u", status="active", severity="general", decided_on="2026-04-02",
        entered_on="2026-04-03", public_until="2026-08-01",
    )  # fmt: skip
    records = [(RECORDS, [stands])]
    board = resource("board", "record_id:s posted_on:d take_down_on:d", kind="exposure-board")
    shown = (board, [("r", "2026-04-02", None)])
    assert [row for _, row, *_ in told(shown, others=records, only="board-record")] == [2]
    honoured = (ROLL, [(None, "u", "2026-04-04", None)])
    assert [row for _, row, *_ in told(honoured, others=records, only="honour-record")] == [2]
    events = (EVENTS, [event(record_id="r", kind="repair", received_on="2026-04-02", decided_on="2026-04-05")])
    assert [row for _, row, *_ in told(events, others=records, only="event-dates")] == [2]
    assert [row for _, row, *_ in told(events, others=records, only="repair-minimum")] == [2]
    assert told(events, only="repair-minimum") == [unjudged("repair-minimum", None, "counterpart")]

    earlier = record(record_id="r", severity="minor", decided_on="2026-04-01", entered_on="2026-04-01")
    for rule in ("event-dates", "repair-minimum"):  # those beside go before
        assert told(events, (RECORDS, [earlier]), others=records, only=rule) == []

    units = (resource("u", "division_code:s valid_from:d valid_to:d", kind="units"), [("440301", "1995-01-01", None)])
    divisions = [(DIVISIONS, [("440301", None, None, "198012", "199012")])]
    assert [row for _, row, *_ in told(units, others=divisions, only="division-code")] == [2]

    requests = (REQUESTS, [("new", "new_received", "total", 9)])
    assert told(requests, others=[reports(NEW)], only="ar1") == [unjudged("ar1", 2, "form")]
    assert [code for code, *_ in told(requests, reports(NEW), only="ar1")] == ["ar1"]


def test_days_from_which_rules_hold() -> None:
    """The day after is not the day."""
    assert date(2019, 5, 15) == catalogue.OGI_2019
    assert date(2017, 12, 20) == catalogue.OPINIONS_2017
    assert {"2019", "2021"} == annual_reports.FORMS
