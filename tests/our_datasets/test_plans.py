"""What the plans state: tasks with their units, phases and targets, awards, suggestions, groups."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import pytest

Row = dict[str, str]
Table = Callable[[str, str], list[Row]]


@pytest.mark.parametrize(
    ("dataset", "resource", "count"),
    [
        ("access-points", "access-points", 12),
        ("credit-product-uses", "uses", 24),
        ("departments", "departments", 140),
        ("disclosure-categories", "disclosure-categories", 15),
        ("disclosure-problem-types", "problem-types", 4),
        ("disclosure-problem-types", "proposals", 4),
        ("disclosure-rollout", "units", 22),
        ("dishonesty-behaviour-types", "area-behaviours", 8),
        ("divisions", "divisions", 6900),
        ("electronic-supervision", "systems", 6),
        ("exemption-grounds", "exemption-grounds", 13),
        ("glossary", "glossary", 118),
        ("information-systems", "systems", 14),
        ("integrity-awards", "stages", 4),
        ("key-disclosure-fields", "fields", 8),
        ("leading-groups", "groups", 7),
        ("legal-documents", "documents", 44),
        ("meeting-suggestions", "suggestions", 5),
        ("milestones", "milestones", 4),
        ("plans", "phases", 10),
        ("plans", "targets", 15),
        ("public-projects", "service-domains", 14),
        ("publications", "publications", 11),
        ("service-systems", "service-systems", 8),
        ("source-defects", "defects", 20),
        ("sources", "sources", 20),
        ("special-inspections", "inspections", 2),
        ("tasks", "tasks", 89),
        ("training-and-publicity", "events", 9),
        ("work-calendar", "days", 678),
    ],
)
def test_tables_have_the_length_of_their_sources(dataset: str, resource: str, count: int, table: Table) -> None:
    """As many rows as the source has items."""
    assert len(table(dataset, resource)) == count


def test_harbin_has_52_tasks_in_ten_sections(table: Table) -> None:
    """The tasks run from 1 to 52, and the five measures that follow them are not counted with them."""
    sections = [row["section_id"] for row in table("tasks", "sections") if row["plan_id"] == "harbin-2007"]
    assert sections == [f"hb-s{number:02}" for number in range(1, 12)]
    rows = [row for row in table("tasks", "tasks") if row["plan_id"] == "harbin-2007"]
    assert [row["task_id"] for row in rows if row["section_id"] in sections[:10]] == [f"hb{n:02}" for n in range(1, 53)]
    assert Counter(row["section_id"] for row in rows) == dict(
        zip(sections, (5, 2, 17, 3, 3, 2, 1, 2, 16, 1, 5), strict=True)
    )


def test_harbin_names_80_lead_units_and_seven_that_cooperate(table: Table) -> None:
    """Every task has a lead unit; only the ninth and the last have others that cooperate."""
    rows = [row for row in table("tasks", "task-units") if row["task_id"].startswith("hb")]
    assert Counter(row["role"] for row in rows) == {"lead": 80, "cooperating": 7}
    leads = {row["task_id"] for row in rows if row["role"] == "lead"}
    assert leads == {f"hb{number:02}" for number in range(1, 53)}
    cooperating = Counter(row["task_id"] for row in rows if row["role"] == "cooperating")
    assert cooperating == {"hb09": 3, "hb52": 4}
    assert [row["unit_id"] for row in rows if row["and_others"] == "true"] == ["harbin-justice"]


def test_nobody_leads_who_is_not_called_so(table: Table) -> None:
    """Outside Harbin only the county calls units lead, for four of its fifteen measures."""
    leads = [row for row in table("tasks", "task-units") if row["role"] == "lead" and row["task_id"][:2] != "hb"]
    assert {row["task_id"]: row["unit_id"].removeprefix("unnamed-county-") for row in leads} == {
        "ct-21": "general-office",
        "ct-22": "general-office",
        "ct-23": "general-office",
        "ct-31": "leading-group-office",
    }


def test_tasks_of_the_other_plans_are_complete(table: Table) -> None:
    """Five next steps, six points, fifteen and six."""
    counts = Counter(row["plan_id"] for row in table("tasks", "tasks"))
    assert counts == {"harbin-2007": 57, "county-2005": 15, "shanghai-2013": 6, "nanming-2006": 6, "pudong-2006": 5}


def test_phases_that_do_not_add_up_are_entered_as_printed(table: Table) -> None:
    """The county's phases leave three months out and overlap; Nanming's end before the plan says so."""
    spans = {(row["plan_id"], row["position"]): (row["start"], row["end"]) for row in table("plans", "phases")}
    assert [spans["county-2005", number] for number in "123"] == [
        ("2005-10", "2006-05"),
        ("2006-09", "2010"),
        ("2010-01", "2010-12"),
    ]
    plans = {row["plan_id"]: row for row in table("plans", "plans")}
    assert (plans["nanming-2006"]["declared_end"], plans["nanming-2006"]["last_phase_end"]) == ("2006-06", "2006-04")
    last = {plan: end for (plan, _), (_, end) in spans.items()}
    assert {plan: row["last_phase_end"] for plan, row in plans.items() if row["last_phase_end"]} == last


def test_waivers_of_the_plans_quote_the_source(descriptors: dict[str, dict[str, object]]) -> None:
    """Each known fault of a plan is waived with the passage that has it."""
    waivers = descriptors["plans"]["gazette"]["waivers"]  # type: ignore[index]
    assert {(waiver["rule"], str(waiver["rows"])) for waiver in waivers} == {
        ("periods", "[['county-2005', '2'], ['county-2005', '3']]"),
        ("dates-in-order", "[['nanming-2006']]"),
    }
    for waiver in waivers:
        assert "“" in waiver["reason"]
        assert "“" in waiver["reason_zh"]


def test_stages_of_the_awards_are_the_phases_of_the_plan(table: Table) -> None:
    """Both tables give the same dates; ten organs and ten communities are to be selected."""
    stages = [(row["position"], row["start"], row["end"]) for row in table("integrity-awards", "stages")]
    phases = table("plans", "phases")
    assert stages == [(row["position"], row["start"], row["end"]) for row in phases if row["plan_id"] == "nanming-2006"]
    places = {row["category"]: row["places"] for row in table("integrity-awards", "places")}
    assert places == {"organ": "10", "community_village": "10"}


def test_credit_is_used_in_more_fields_than_are_named(table: Table) -> None:
    """Shantou states 21 fields and names nine; the totals count the rows."""
    uses = table("credit-product-uses", "uses")
    for total in table("credit-product-uses", "totals"):
        named = [
            row
            for row in uses
            if row["unit_id"] == total["unit_id"] and row["status"] == "in_use" and row["kind"] != "credit_record"
        ]
        assert len(named) == int(total["fields_named"])
    stated = {
        row["unit_id"]: (row["fields_stated"], row["fields_named"]) for row in table("credit-product-uses", "totals")
    }
    assert stated == {"pudong": ("", "4"), "shantou": ("21", "9")}


def test_grounds_that_bind_are_those_of_articles_14_and_15(table: Table) -> None:
    """Articles 14 and 15 oblige to withhold, article 16 permits it."""
    rows = [row for row in table("exemption-grounds", "exemption-grounds") if row["regime"] == "regulation_2019"]
    binding = [(row["article"], row["binding"]) for row in rows]
    assert binding == [("14", "must_withhold")] * 3 + [("15", "must_withhold")] + [("16", "may_withhold")] * 3


def test_documents_cited_are_in_the_register_and_one_is_a_draft(table: Table) -> None:
    """Eleven were still to be made when they were cited, one was a draft for comment; every document is cited."""
    documents = {row["doc_id"]: row for row in table("legal-documents", "documents")}
    statuses = Counter(row["status"] for row in documents.values())
    assert statuses == {"existing": 31, "planned": 11, "draft": 1, "revised": 1}
    cited = {(row["doc_id"], row["source_id"]) for row in table("legal-documents", "citations")}
    assert {doc for doc, _ in cited} == set(documents)
    assert {(row["doc_id"], row["source_id"]) for row in documents.values()} <= cited
    numbers = {row["doc_no"] for row in documents.values()} - {""}
    assert numbers == {
        "国务院令第492号",
        "国务院令第711号",
        "国发〔2016〕76号",
        "沪府发〔2017〕92号",
        "国办公开办函〔2021〕30号",
    }


def test_work_calendar_knows_every_year_from_2007_to_2026(table: Table) -> None:
    """Each first of January is a day off; the make-up working days lie at weekends."""
    days = {row["date"]: row["is_workday"] for row in table("work-calendar", "days")}
    assert all(days[f"{year}-01-01"] == "false" for year in range(2007, 2027))
    assert Counter(days.values()) == {"false": 545, "true": 133}
    assert (min(days), max(days)) == ("2006-12-30", "2026-10-10")


def test_divisions_have_a_parent_in_the_list(table: Table) -> None:
    """34 provinces; below them every code belongs to one that is listed."""
    rows = table("divisions", "divisions")
    codes = {row["division_code"] for row in rows}
    assert len(codes) == 6576
    assert sum(row["level"] == "province" for row in rows) == 34
    for row in rows:
        assert (row["parent_code"] in codes) == (row["level"] != "province")
    assert sum(not row["last_listed"] for row in rows) == 3219


def test_posts_stand_for_persons(table: Table) -> None:
    """The head of the county's leading group is named by post, in both scripts."""
    (group,) = [row for row in table("leading-groups", "groups") if row["group_id"] == "county-leading-group"]
    (task,) = [row for row in table("tasks", "tasks") if row["task_id"] == "ct-24"]
    for row in (group, task):
        assert re.search("政府常务副县长为组长", row["text_zh"])
        assert re.search("政府常務副縣長為組長", row["text_hant"])


def test_pudong_suggestions_were_answered_at_the_meeting(table: Table) -> None:
    """Five suggestions and six groups of guests; every answer is of the day of the meeting."""
    (meeting,) = table("government-survey", "online-meetings")
    rows = table("meeting-suggestions", "suggestions")
    assert {(row["meeting_id"], row["answered_on"]) for row in rows} == {(meeting["meeting_id"], meeting["held_on"])}
    assert len(table("meeting-suggestions", "guest-groups")) == 6
