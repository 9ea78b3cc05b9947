"""The figures of the other datasets, reconciled with the totals and the percentages their sources print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import pytest

Row = dict[str, str]
Table = Callable[[str, str], list[Row]]


def rounded(part: int, whole: int, printed: str) -> Decimal:
    """The share of ``part`` in per cent, with as many decimals as were printed, halves up."""
    return (Decimal(100) * part / whole).quantize(Decimal(printed), ROUND_HALF_UP)


@pytest.mark.parametrize("dataset", ["disclosure-indicators", "disclosure-monthly"])
def test_printed_percentages_follow_from_their_denominators(dataset: str, table: Table) -> None:
    """A percentage names its denominator and is the share it says."""
    rows = [row for row in table(dataset, "figures") if row["percent"]]
    assert len(rows) == {"disclosure-indicators": 3, "disclosure-monthly": 16}[dataset]
    for row in rows:
        share = rounded(int(row["value"]), int(row["denominator"]), row["percent"])
        assert share == Decimal(row["percent"]), row


def test_city_total_is_the_sum_of_its_parts(table: Table) -> None:
    """3622 = 3276 + 346, and the full texts of Pudong are among its items."""
    figures = {
        (row["unit_id"], row["indicator"]): int(row["value"]) for row in table("disclosure-indicators", "figures")
    }
    assert len(figures) == 13
    parts = ("unnamed-city-departments", "unnamed-city-townships")
    assert figures["unnamed-city", "items_proactive"] == sum(figures[part, "items_proactive"] for part in parts)
    assert figures["pudong", "items_full_text"] <= figures["pudong", "items_proactive"]


def test_anshan_lists_as_many_units_as_it_counts(table: Table) -> None:
    """The text says that 22 units disclose and names 22."""
    units = table("disclosure-rollout", "units")
    figures = {(row["unit_id"], row["indicator"]): row["value"] for row in table("disclosure-indicators", "figures")}
    assert [int(row["position"]) for row in units] == list(range(1, 23))
    assert figures["anshan", "units_disclosing"] == str(len(units))


@pytest.mark.parametrize(("month", "reasons"), [("2006-02", 5), ("2007-07", 6)])
def test_monthly_figures_add_up(month: str, reasons: int, table: Table) -> None:
    """Entries by kind and by level, answers by outcome, refusals by reason, readers by way: all add up."""
    rows = [row for row in table("disclosure-monthly", "figures") if row["month"] == month]
    known = {(row["unit_id"], row["indicator"]): Decimal(row["value"]) for row in rows}
    city = {indicator: value for (unit, indicator), value in known.items() if unit == "shanghai"}
    for unit in ("shanghai", "sh-municipal-organs", "sh-district-organs"):
        kinds = known[unit, "items_proactive"] + known[unit, "items_on_request"]
        assert known[unit, "items_new"] == kinds
    for indicator in ("items_new", "items_proactive", "items_on_request"):
        levels = known["sh-municipal-organs", indicator] + known["sh-district-organs", indicator]
        assert known["shanghai", indicator] == levels
    refused = [value for indicator, value in city.items() if indicator.startswith("refused_")]
    assert len(refused) == reasons
    assert sum(refused) == city["refused"]
    assert city["answered"] == city["disclosed"] + city["partly_disclosed"] + city["refused"]
    archives = {indicator: value for (unit, indicator), value in known.items() if unit == "sh-archives-bund"}
    assert archives["readers"] == archives["readers_online"] + archives["readers_on_site"]


def test_survey_percentages_add_to_a_hundred(table: Table) -> None:
    """The answers of each question add to exactly 100."""
    sums: Counter[str] = Counter()
    for row in table("government-survey", "results"):
        sums[row["question_id"]] += int(Decimal(row["percent"]) * 10)
    assert dict(sums) == {"q1": 1000, "q2": 1000, "q3": 1000, "q4": 1000}


def test_only_question_four_cannot_come_from_all_answers(table: Table) -> None:
    """Counts of 488 give the percentages of questions 1 to 3; those of question 4 need 465 to 467, as its note says."""
    returned = int(table("government-survey", "surveys")[0]["returned"])
    printed: dict[str, list[str]] = {}
    for row in table("government-survey", "results"):
        printed.setdefault(row["question_id"], []).append(row["percent"])

    def fits(percents: list[str], whole: int) -> bool:
        counts = [round(Decimal(percent) * whole / 100) for percent in percents]
        return sum(counts) == whole and all(
            rounded(count, whole, percent) == Decimal(percent) for count, percent in zip(counts, percents, strict=True)
        )

    assert {question: fits(percents, returned) for question, percents in printed.items()} == {
        "q1": True,
        "q2": True,
        "q3": True,
        "q4": False,
    }
    assert [whole for whole in range(460, returned + 1) if fits(printed["q4"], whole)] == [465, 466, 467]
    notes = {row["question_id"]: row["note_en"] for row in table("government-survey", "questions")}
    assert "465 to 467" in notes["q4"]


def test_blank_participants_are_marked_as_pending(table: Table) -> None:
    """A number the source leaves blank is blank and says so."""
    (meeting,) = table("government-survey", "online-meetings")
    assert (meeting["participants"], meeting["participants_status"]) == ("", "pending")


def test_responsibilities_are_complete(table: Table) -> None:
    """16 areas with 44 entries, 9 measures with 41; positions run from 1, and nobody is called the lead."""
    assert len(table("key-areas", "key-areas")) == 16
    assert Counter(row["group"] for row in table("key-areas", "measures")) == {"mechanism": 4, "safeguard": 5}
    for resource, owner, count in (("responsibilities", "area_id", 44), ("measure-responsibilities", "measure_id", 41)):
        rows = table("key-areas", resource)
        assert len(rows) == count
        assert len({(row[owner], row["unit_id"]) for row in rows}) == count
        positions: dict[str, list[int]] = {}
        for row in rows:
            positions.setdefault(row[owner], []).append(int(row["position"]))
            assert row["role"] == ("listed_first" if row["position"] == "1" else "listed")
        assert all(found == list(range(1, len(found) + 1)) for found in positions.values())
    others = [
        (row["measure_id"], row["unit_id"])
        for row in table("key-areas", "measure-responsibilities")
        if row["and_others"] == "true"
    ]
    assert others == [("m4", "sh-civil-service"), ("g2", "sh-commissions-bureaus")]


@pytest.mark.parametrize(
    ("dataset", "resource", "count"),
    [
        ("dishonesty-behaviour-types", "dishonesty-behaviour-types", 8),
        ("collection-sources", "collection-sources", 9),
        ("reform-indicators", "figures", 22),
        ("government-survey", "results", 15),
        ("disclosure-monthly", "figures", 58),
    ],
)
def test_lists_have_the_length_of_their_sources(dataset: str, resource: str, count: int, table: Table) -> None:
    """As many rows as the source has items."""
    assert len(table(dataset, resource)) == count


def test_targets_that_precede_their_publication_are_explained(table: Table) -> None:
    """A target due before the day of publication has a note that says so."""
    late = [
        row
        for row in table("reform-indicators", "figures")
        if row["value_status"] == "target"
        and row["due_on"]
        and row["published_on"]
        and row["due_on"][:4] < row["published_on"][:4]
    ]
    assert [row["indicator"] for row in late] == ["resource-transactions-one-stop"]
    assert "2020" in late[0]["note_en"]


def test_collective_units_are_not_departments(table: Table) -> None:
    """What the sources name in bulk is typed as such; a named department or office is not."""
    types = {row["unit_id"]: row["type"] for row in table("departments", "departments")}
    bulk = (
        "sh-other-municipal-departments",
        "sh-district-governments",
        "sh-commissions-bureaus",
        "sh-leading-group-members",
    )
    assert {types[unit] for unit in bulk} == {"collective"}
    assert types["sh-finance"] == "department"
