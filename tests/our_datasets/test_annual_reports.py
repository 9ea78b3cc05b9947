"""The identities of the annual report's form, on the reports entered (form of 2021, note below table 3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

Row = dict[str, str]
Table = Callable[[str, str], list[Row]]
Cells = dict[tuple[str, str], int]

REPORTS = ["suqian-2023", "suqian-2024", "shanghai-go-2019"]
APPLICANTS = [
    "natural_person",
    "commercial_enterprise",
    "research_institution",
    "public_interest_organization",
    "legal_service_organization",
    "other",
]


@pytest.fixture(scope="module")
def groups(table: Table) -> dict[str, list[str]]:
    """The lines of the request table by group."""
    lines: dict[str, list[str]] = {}
    for row in table("annual-reports", "request-lines"):
        lines.setdefault(row["section"], []).append(row["line"])
    return lines


def cells(report: str, table: Table) -> Cells:
    """The cells a report states, by line and applicant."""
    return {
        (row["line"], row["applicant_type"]): int(row["count"])
        for row in table("annual-reports", "requests")
        if row["report_id"] == report and row["count"]
    }


@pytest.mark.parametrize("report", REPORTS)
def test_every_cell_has_a_row(report: str, table: Table) -> None:
    """25 lines by 7 columns, each cell once."""
    rows = [row for row in table("annual-reports", "requests") if row["report_id"] == report]
    assert len(rows) == 175
    assert len({(row["line"], row["applicant_type"]) for row in rows}) == 175


def test_blank_cells_say_why(table: Table) -> None:
    """79 cells of the report of 2019 are blank: 14 the form lacks, 65 not filled in; the others state every cell."""
    blank = [row for row in table("annual-reports", "requests") if not row["count"]]
    assert {row["report_id"] for row in blank} == {"shanghai-go-2019"}
    assert Counter(row["value_status"] for row in blank) == {"not_stated": 65, "not_applicable": 14}
    stated = [row for row in table("annual-reports", "requests") if row["count"]]
    assert {row["value_status"] for row in stated} == {"actual"}


@pytest.mark.parametrize("report", REPORTS)
def test_received_equals_handled_and_carried(report: str, table: Table) -> None:
    """I + II = III (7) + IV in every column."""
    known = cells(report, table)
    for who in (*APPLICANTS, "total"):
        received = known.get(("new_received", who), 0) + known.get(("carried_in", who), 0)
        assert received == known.get(("handled_total", who), 0) + known.get(("carried_out", who), 0), who


@pytest.mark.parametrize("report", REPORTS)
def test_outcomes_add_to_the_total(report: str, table: Table, groups: dict[str, list[str]]) -> None:
    """The outcomes of a column add to III (7), where the column states them."""
    known = cells(report, table)
    assert len(groups["outcome"]) == 21
    for who in (*APPLICANTS, "total"):
        outcomes = [known[line, who] for line in groups["outcome"] if (line, who) in known]
        if outcomes:
            assert sum(outcomes) == known["handled_total", who], who


@pytest.mark.parametrize("report", REPORTS)
def test_applicants_add_to_the_total(report: str, table: Table) -> None:
    """The six kinds of applicant add to the total of a line, where it is stated."""
    known = cells(report, table)
    totals = {line: count for (line, who), count in known.items() if who == "total"}
    assert len(totals) == (4 if report == "shanghai-go-2019" else 25)
    for line, total in totals.items():
        assert sum(known.get((line, who), 0) for who in APPLICANTS) == total, line


def test_litigation_parts_add_to_their_totals(table: Table) -> None:
    """Upheld, corrected, other and pending add to the total."""
    rows = table("annual-reports", "reconsideration-litigation")
    assert len(rows) == 9
    for row in rows:
        parts = ("upheld", "corrected", "other", "pending")
        assert sum(int(row[part]) for part in parts) == int(row["total"]), row


def test_requests_are_carried_into_the_next_year(table: Table) -> None:
    """What Suqian carried forward from 2023 it carried over into 2024, column by column."""
    before, after = cells("suqian-2023", table), cells("suqian-2024", table)
    for who in (*APPLICANTS, "total"):
        assert before["carried_out", who] == after["carried_in", who]


@pytest.mark.parametrize("item", ["rules", "normative_documents"])
def test_documents_in_force_follow_from_the_year_before(item: str, table: Table) -> None:
    """In force = in force the year before + issued − abolished."""
    rows = {row["report_id"]: row for row in table("annual-reports", "proactive-disclosure") if row["item"] == item}
    before, now = rows["suqian-2023"], rows["suqian-2024"]
    assert int(now["in_force"]) == int(before["in_force"]) + int(now["issued"]) - int(now["abolished"])


def test_breakdowns_add_to_what_the_prose_states(table: Table) -> None:
    """The parts of Suqian 2023 add to its 3607 requests and to its 25 fees of 2950 yuan."""
    prose = {
        row["figure"]: int(row["value"])
        for row in table("annual-reports", "prose-figures")
        if row["report_id"] == "suqian-2023"
    }
    parts, fees = table("annual-reports", "requests-by-unit"), table("annual-reports", "fees")
    assert (len(parts), len(fees)) == (11, 5)
    assert sum(int(row["requests"]) for row in parts) == prose["handled"] == 3607
    assert sum(int(row["cases"]) for row in fees) == prose["fee_cases"] == 25
    assert sum(int(row["amount_yuan"]) for row in fees) == prose["fee_yuan"] == 2950
    known = cells("suqian-2023", table)
    assert known["new_received", "total"] + known["carried_in", "total"] == prose["handled"]


def test_notes_name_the_figures_the_tables_give(table: Table, groups: dict[str, list[str]]) -> None:
    """Where the prose disagrees with the tables, the note's figures are those of the tables."""
    go = cells("shanghai-go-2019", table)
    disclosed = sum(go.get((line, who), 0) for line in ("granted", "partial") for who in APPLICANTS)
    unable = sum(go.get((line, who), 0) for line in groups["outcome"] if line.startswith("una_") for who in APPLICANTS)
    court = {
        row["route"]: int(row["total"])
        for row in table("annual-reports", "reconsideration-litigation")
        if row["report_id"] == "suqian-2024"
    }
    assert (disclosed, unable, go["granted", "natural_person"]) == (275, 337, 258)
    assert round(100 * disclosed / go["handled_total", "total"], 1) == 34.2
    assert court["reconsideration"] == 170
    assert court["litigation_direct"] + court["litigation_after_reconsideration"] == 77
    notes = {(row["report_id"], row["figure"]): row["note_en"] for row in table("annual-reports", "prose-figures")}
    assert "275" in notes["shanghai-go-2019", "disclosed_or_partly"]
    assert "337" in notes["shanghai-go-2019", "unable"]
    assert "170" in notes["suqian-2024", "reconsiderations"]
    assert "77" in notes["suqian-2024", "lawsuits"]
