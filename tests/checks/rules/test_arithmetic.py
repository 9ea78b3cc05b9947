"""Every arithmetic rule accepts a consistent table and finds the one cell that was changed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.checks.rules.made import judged, places, resource

QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
COUNTS = st.integers(0, 10**6)
EXACT = st.decimals(min_value=0, max_value=10**6, places=3)
OTHER = st.integers(1, 10**6)


def rule(name: str, **given_: Any) -> dict[str, Any]:
    return {"rule": name, **given_}


@QUICK
@given(rows=st.lists(st.tuples(EXACT, EXACT, EXACT), min_size=1, max_size=5), shift=OTHER, data=st.data())
def test_sum_of_parts(rows: list[tuple[Decimal, ...]], shift: int, data: st.DataObject) -> None:
    """To a thousandth, with no tolerance nobody asked for."""
    table = resource("t", "total:n a:n b:n c:n", rule("sum-of-parts", total="total", parts=["a", "b", "c"]))
    made = [[sum(row, Decimal(0)), *row] for row in rows]
    assert judged((table, made))[0] == ()
    place = data.draw(st.integers(0, len(made) - 1))
    made[place][data.draw(st.integers(0, 3))] += Decimal(shift) / 1000
    assert places(judged((table, made))[0]) == [("rule-sum-of-parts", place + 2, "total")]


@QUICK
@given(parts=st.lists(st.decimals(min_value=0, max_value=1000, places=4), min_size=2, max_size=6))
def test_rounded_parts_are_within_their_tolerance(parts: list[Decimal]) -> None:
    """Rounding every part and the total moves them apart by half a unit each at most; more is found."""
    names = [f"p{number}" for number in range(len(parts))]
    stated = rule("sum-of-parts", total="total", parts=names, rounded=True)
    table = resource("t", " ".join(["total:n", *(f"{name}:n" for name in names)]), stated)
    near = [value.quantize(Decimal("0.1"), ROUND_HALF_UP) for value in (sum(parts, Decimal(0)), *parts)]
    assert judged((table, [near]))[0] == ()
    near[0] += Decimal("0.1") * (len(parts) + 2)
    assert places(judged((table, [near]))[0]) == [("rule-sum-of-parts", 2, "total")]


@QUICK
@given(groups=st.lists(st.lists(COUNTS, min_size=1, max_size=4), min_size=1, max_size=4), data=st.data())
def test_sum_of_rows(groups: list[list[int]], data: st.DataObject) -> None:
    """The total row of each group, wherever in the group it stands; all others are its parts."""
    stated = rule("sum-of-rows", value="count", by=["g"], item="item", total="all")
    table = resource("t", "g:s item:s count:i", stated)
    made: list[list[Any]] = []
    for number, values in enumerate(groups):
        rows = [[f"g{number}", f"i{place}", value] for place, value in enumerate(values)]
        rows.insert(data.draw(st.integers(0, len(rows))), [f"g{number}", "all", sum(values)])
        made += rows
    assert judged((table, made))[0] == ()
    place = data.draw(st.integers(0, len(made) - 1))
    made[place][2] += data.draw(OTHER)
    total = next(n for n, row in enumerate(made) if row[0] == made[place][0] and row[1] == "all")
    assert places(judged((table, made))[0]) == [("rule-sum-of-rows", total + 2, "count")]


@QUICK
@given(part=COUNTS, whole=OTHER, places_=st.integers(0, 3), units=st.integers(1, 50))
def test_share(part: int, whole: int, places_: int, units: int) -> None:
    """A percentage rounded half up to its decimals; one unit of the last place more is another one."""
    stated = rule("share", percent="percent", numerator="part", denominator="whole")
    table = resource("t", "percent:n part:i whole:i", stated)
    exact = Decimal(100 * part) / Decimal(whole)
    step = Decimal(1).scaleb(-places_)
    percent = exact.quantize(step, ROUND_HALF_UP)
    assert judged((table, [[percent, part, whole]]))[0] == ()
    assert places(judged((table, [[percent + units * step, part, whole]]))[0]) == [("rule-share", 2, "percent")]


@QUICK
@given(counts=st.lists(st.integers(0, 400), min_size=2, max_size=5), data=st.data())
def test_shares_of_real_answers_are_complete(counts: list[int], data: st.DataObject) -> None:
    """Shares computed from answers add to 100 and are reachable from their number; one shifted far is neither."""
    n = sum(counts)
    assume(n > 0)
    stated = rule("shares-complete", percent="percent", by=["q"], count="count", n="n")
    table = resource("t", "q:s percent:n count:i n:i", stated)
    rows: list[list[Any]] = [
        ["q", (Decimal(100 * count) / n).quantize(Decimal("0.1"), ROUND_HALF_UP), count, n] for count in counts
    ]
    assert judged((table, rows))[0] == ()
    place = data.draw(st.integers(0, len(rows) - 1))
    rows[place][1] += len(rows)
    found = judged((table, rows))[0]
    assert {finding.code for finding in found} == {"rule-shares-complete"}
    assert place + 2 in {finding.row for finding in found}


def test_survey_question_four() -> None:
    """The shares printed in 2006 fit 465, 466 and 467 answers, and not 488 (source: Pudong, question 4)."""
    printed = [["85.2"], ["11.8"], ["2.4"], ["0.6"]]
    fitting = [
        n
        for n in range(460, 490)
        if not judged((resource("t", "p:n", rule("shares-complete", percent="p", n=n)), printed))[0]
    ]
    assert fitting == [465, 466, 467]


@QUICK
@given(start=COUNTS, flows=st.lists(st.tuples(COUNTS, COUNTS), min_size=2, max_size=5), data=st.data())
def test_stock_flow(start: int, flows: list[tuple[int, int]], data: st.DataObject) -> None:
    """A changed opening or closing is found in its own year, the closing of the year before as well."""
    stated = rule("stock-flow", period="year", opening="o", inflow=["i"], outflow=["x"], closing="c")
    table = resource("t", "year:y o:i i:i x:i c:i", stated)
    rows: list[list[Any]] = []
    for number, (come, go) in enumerate(flows):
        rows.append([2000 + number, start, come, go, start + come - go])
        start = rows[-1][4]
    assert judged((table, rows))[0] == ()
    place, column = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(1, 4))
    rows[place][column] += data.draw(OTHER)
    found = judged((table, rows))[0]
    assert ("rule-stock-flow", place + 2, "c") in places(found)
    assert {finding.row for finding in found} <= {place + 2, place + 3}


@QUICK
@given(months=st.lists(COUNTS, min_size=2, max_size=12), data=st.data())
def test_cumulative(months: list[int], data: st.DataObject) -> None:
    """A cumulative figure that is off is found, and the next one, which was right, does not follow from it."""
    table = resource("t", "m:s now:i year:i", rule("cumulative", period="m", current="now", cumulative="year"))
    rows: list[list[Any]] = [[f"2024-{n + 1:02}", value, sum(months[: n + 1])] for n, value in enumerate(months)]
    assert judged((table, rows))[0] == ()
    place = data.draw(st.integers(0, len(rows) - 1))
    rows[place][2] += data.draw(OTHER)
    assert ("rule-cumulative", place + 2, "year") in places(judged((table, rows))[0])


@QUICK
@given(scores=st.lists(st.integers(0, 5), min_size=2, max_size=8), data=st.data())
def test_ranking(scores: list[int], data: st.DataObject) -> None:
    """1 + the number of better scores is a competition rank; a rank beyond the last is not."""
    table = resource("t", "score:i rank:i", rule("ranking", score="score", rank="rank"))
    rows = [[score, 1 + sum(other > score for other in scores)] for score in scores]
    assert judged((table, rows))[0] == ()
    place = data.draw(st.integers(0, len(rows) - 1))
    rows[place][1] = len(rows) + 1
    assert ("rule-ranking", place + 2, "rank") in places(judged((table, rows))[0])


@QUICK
@given(weights=st.lists(st.integers(1, 60), min_size=1, max_size=5), shift=OTHER)
def test_weights(weights: list[int], shift: int) -> None:
    """Weights add to what is declared, exactly."""
    table = resource("t", "w:n", rule("weights", weight="w", total=sum(weights)))
    rows = [[Decimal(weight)] for weight in weights]
    assert judged((table, rows))[0] == ()
    rows[0][0] += Decimal(shift) / 10**6
    assert places(judged((table, rows))[0]) == [("rule-weights", len(rows) + 1, "w")]


@QUICK
@given(low=EXACT, more=st.decimals(min_value="0.001", max_value=100, places=3))
def test_not_above(low: Decimal, more: Decimal) -> None:
    """Equal is not above."""
    table = resource("t", "low:n high:n", rule("not-above", lower="low", upper="high"))
    assert judged((table, [[low, low], [low, low + more]]))[0] == ()
    assert places(judged((table, [[low + more, low]]))[0]) == [("rule-not-above", 2, "low")]


@QUICK
@given(before=st.integers(1, 200), now=st.integers(1, 200), within=st.integers(0, 100))
def test_row_count(before: int, now: int, within: int) -> None:
    """The change in percent of what was there, either way."""
    table = resource("t", "a:i", rule("row-count", within=within))
    former = "a\n" + "1\n" * before
    found = judged((table, [[1]] * now), previous=lambda path, content: former.encode())[0]
    assert bool(found) == (abs(now - before) * 100 > within * before)
    assert judged((table, [[1]] * now))[0] == ()


APPLICANTS = (
    "natural_person", "commercial_enterprise", "research_institution", "public_interest_organization",
    "legal_service_organization", "other",
)  # fmt: skip
LINES = ("granted", "partial", "den_law", "una_create", "np_repeat", "oth_other")
REPORTS = resource("reports", "report_id:s unit_id:s year:y form:s level:s published_on:d", kind="annual-reports")


@st.composite
def reports(draw: st.DrawFn) -> list[list[Any]]:
    """A table of requests that keeps AR1 to AR3."""
    rows: list[list[Any]] = []
    for line in LINES:
        rows += [["r", line, who, draw(st.integers(0, 50))] for who in APPLICANTS]
    handled = {who: sum(row[3] for row in rows if row[2] == who) for who in APPLICANTS}
    out = {who: draw(st.integers(0, 5)) for who in APPLICANTS}
    came = {who: draw(st.integers(0, handled[who] + out[who])) for who in APPLICANTS}
    for who in APPLICANTS:
        rows += [["r", "handled_total", who, handled[who]], ["r", "carried_out", who, out[who]]]
        rows += [["r", "carried_in", who, came[who]], ["r", "new_received", who, handled[who] + out[who] - came[who]]]
    for line in dict.fromkeys(row[1] for row in rows):
        rows.append(["r", line, "total", sum(row[3] for row in rows if row[1] == line)])
    return rows


@QUICK
@given(rows=reports(), shift=st.integers(1, 50), data=st.data())
def test_annual_report(rows: list[list[Any]], shift: int, data: st.DataObject) -> None:
    """A report that adds up is accepted, on both forms; whichever cell is changed, an identity finds it."""
    table = resource("requests", "report_id:s line:s applicant_type:s count:i", kind="annual-report-requests")
    form = data.draw(st.sampled_from(["2019", "2021"]))
    about = (REPORTS, [["r", "u", 2023, form, "department", None]])
    assert judged(about, (table, rows))[0] == ()
    place = data.draw(st.integers(0, len(rows) - 1))
    rows[place][3] += shift
    codes = {finding.code for finding in judged(about, (table, rows))[0]}
    line, who = rows[place][1:3]
    assert "rule-ar3" in codes
    assert codes <= {"rule-ar1", "rule-ar2", "rule-ar3"}
    assert ("rule-ar1" in codes) == (line in {"new_received", "carried_in", "handled_total", "carried_out"})
    assert ("rule-ar2" in codes) == (line in {*LINES, "handled_total"}), who


@QUICK
@given(parts=st.lists(COUNTS, min_size=4, max_size=4), shift=OTHER, place=st.integers(0, 4))
def test_contested_cases(parts: list[int], shift: int, place: int) -> None:
    """AR4."""
    table = resource(
        "c", "report_id:s upheld:i corrected:i other:i pending:i total:i", kind="annual-report-review-litigation"
    )
    about = (REPORTS, [["r", "u", 2023, "2021", "department", None]])
    row: list[Any] = ["r", *parts, sum(parts)]
    assert judged(about, (table, [row]))[0] == ()
    row[place + 1] += shift
    assert places(judged(about, (table, [row]))[0]) == [("rule-ar4", 2, "total")]


@QUICK
@given(former=COUNTS, issued=COUNTS, gone=COUNTS, shift=OTHER, column=st.integers(2, 4))
def test_documents_in_force(former: int, issued: int, gone: int, shift: int, column: int) -> None:
    """AR6, from one year to the next."""
    table = resource("i", "report_id:s item:s issued:i abolished:i in_force:i", kind="annual-report-proactive")
    about = (REPORTS, [["r", "u", 2023, "2021", "department", None], ["s", "u", 2024, "2021", "department", None]])
    rows: list[list[Any]] = [["r", "rules", 1, 1, former], ["s", "rules", issued, gone, former + issued - gone]]
    assert judged(about, (table, rows))[0] == ()
    rows[1][column] += shift
    assert places(judged(about, (table, rows))[0]) == [("rule-ar6", 3, "in_force")]


@QUICK
@given(parts=st.lists(st.integers(0, 99), min_size=20, max_size=20), shift=OTHER)
def test_local_form(parts: list[int], shift: int) -> None:
    """The sums of the form before 2008, and not a year later."""
    values = dict(zip([str(code) for code in (*range(11, 17), 18, 19, *range(21, 32))], parts, strict=False))
    values["10"] = sum(values[str(code)] for code in range(11, 17))
    values["20"] = sum(values[str(code)] for code in range(21, 32))
    values["17"] = values["18"] + values["19"] + values["20"]
    table = resource("f", "period:s indicator:s value:i", kind="local-form")
    for year, codes in (("2007", ["10", "17", "20"]), ("2008", [])):
        rows: list[list[Any]] = [[f"{year}-07", code, value] for code, value in values.items()]
        assert judged((table, rows))[0] == ()
        for code in ("10", "17"):
            row = next(row for row in rows if row[1] == code)
            row[2] += shift
        row = next(row for row in rows if row[1] == "21")
        row[2] += shift
        assert len(judged((table, rows))[0]) == len(codes)
