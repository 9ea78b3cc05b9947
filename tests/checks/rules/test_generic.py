"""Every rule a table can declare: at its limit, past it, after rows it passes over, and what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from gazette.checks.rules import calendar, generic, reading
from tests.checks.rules.made import judged, resource
from tests.checks.rules.test_domains import HOLIDAYS, told, unjudged


def of(name: str, columns: str, *rows: tuple[object, ...], **given: Any) -> list[tuple[Any, ...]]:
    """What a rule finds in one table."""
    parameters = {key.replace("_", "-"): value for key, value in given.items()}
    return told((resource("t", columns, {"rule": name, **parameters}), rows), HOLIDAYS)


def test_sum_of_parts() -> None:
    """A blank is not judged; the message repeats both sums and the parts."""
    rows = (None, 1, 2), (3, None, 2), (3, 1, 2), (4, 1, 2), ("3.10", "1.05", "2.05"), (0, 0, 1)
    assert of("sum-of-parts", "t:n a:n b:n", *rows, total="t", parts=["a", "b"]) == [
        ("sum-of-parts", 5, "t", {"stated": "4", "sum": "3", "parts": ["a", "b"]}),
        ("sum-of-parts", 7, "t", {"stated": "0", "sum": "1", "parts": ["a", "b"]}),
    ]


@pytest.mark.parametrize(
    ("given", "rows"),
    [
        ({"by_rounding": 0.1}, [4]),
        ({"by_rounding": "0.3"}, []),
        ({"by_rounding": 0, "rounded": True}, [2, 3, 4]),
        ({"rounded": True}, [4]),
        ({"rounded": False}, [2, 3, 4]),
        ({}, [2, 3, 4]),
    ],
)
def test_what_rounding_explains(given: dict[str, Any], rows: list[int]) -> None:
    """Half a unit of the last decimal for the total and every part, or what is stated; as far is not farther."""
    made = ("3.1", "1.0", "2"), ("2.9", "1.0", "2"), ("3.2", "1.0", "2"), ("3.0", "1.0", "2")
    found = of("sum-of-parts", "t:n a:n b:n", *made, total="t", parts=["a", "b"], **given)
    assert [row for _, row, _, _ in found] == rows


def test_the_tolerance_counts_every_rounded_number() -> None:
    """Three of them move apart by 1.5 units, and no farther."""
    made = ("3", "1", "1"), ("3", "1", "0"), ("0.015", "0.010", "0.004"), ("0.016", "0.010", "0.004")
    found = of("sum-of-parts", "t:n a:n b:n", *made, total="t", parts=["a", "b"], rounded=True)
    assert [row for _, row, _, _ in found] == [3, 5]
    assert [generic.half_unit(places) for places in (0, 1, 2)] == [Decimal("0.5"), Decimal("0.05"), Decimal("0.005")]


ROWS: list[tuple[object, ...]] = [
    ("a", "x", 1, "k"), ("a", "all", None, "k"),
    ("b", "x", None, "k"), ("b", "all", 3, "k"),
    ("c", "x", 1, "k"), ("c", "y", 2, "k"),
    ("d", "all", 4, "k"), ("d", "x", 1, "k"), ("d", "y", 2, "k"),
    ("e", "x", 3, "k"), ("e", "all", 3, "k"),
]  # fmt: skip


def test_sum_of_rows() -> None:
    """What is blank is not stated; a total that is absent is missed, unless it may be; all others are its parts."""
    wrong = ("sum-of-rows", 8, "n", {"stated": "4", "sum": "3", "item": "all", "parts": ["x", "y"]})
    absent = ("sum-of-rows", 6, "i", {"variant": "absent", "item": "all", "group": "c"})
    given = {"value": "n", "by": ["g"], "item": "i", "total": "all"}
    assert of("sum-of-rows", "g:s i:s n:i k:s", *ROWS, **given) == [absent, wrong]
    assert of("sum-of-rows", "g:s i:s n:i k:s", *ROWS, **given, optional=True) == [wrong]
    assert of("sum-of-rows", "g:s i:s n:i k:s", *ROWS, **given, optional=False) == [absent, wrong]
    assert of("sum-of-rows", "g:s i:s n:i k:s", *ROWS, **given, by_rounding=1) == [absent]


def test_sum_of_named_rows() -> None:
    """Only the parts that are named, all of which must be there."""
    given = {"value": "n", "by": ["g"], "item": "i", "total": "all", "parts": ["x"]}
    facts = {"stated": "4", "sum": "1", "item": "all", "parts": ["x"]}
    absent = {"variant": "absent", "item": "all", "group": "c"}
    assert of("sum-of-rows", "g:s i:s n:i k:s", *ROWS, **given) == [
        ("sum-of-rows", 6, "i", absent),
        ("sum-of-rows", 8, "n", facts),
    ]
    assert of("sum-of-rows", "g:s i:s n:i k:s", *ROWS[:2], **{**given, "parts": ["x", "z"]}) == [
        ("sum-of-rows", 2, "i", {"variant": "absent", "item": "z", "group": "a"})
    ]
    numbered = {"value": "n", "item": "i", "total": 0, "parts": [1, 2]}
    assert of("sum-of-rows", "i:i n:i", (0, 4), (1, 1), (2, 2), (3, 9), **numbered) == [
        ("sum-of-rows", 2, "n", {"stated": "4", "sum": "3", "item": "0", "parts": ["1", "2"]})
    ]


def test_sum_of_rows_of_some_kind() -> None:
    """Others are not looked at; a group without any is not missed."""
    rows = ("a", "all", 3, "1"), ("a", "x", 2, "1"), ("a", "y", 1, "2"), ("b", "x", 1, "2")
    given = {"value": "n", "by": ["g"], "item": "i", "total": "all", "where": {"field": "k", "in": [1]}}
    assert of("sum-of-rows", "g:s i:s n:i k:s", *rows, **given) == [
        ("sum-of-rows", 2, "n", {"stated": "3", "sum": "2", "item": "all", "parts": ["x"]})
    ]


def test_share() -> None:
    """Half up; of nothing there is no share; a blank is not judged."""
    rows = [
        (None, 1, 2), ("50", None, 2), ("50", 1, None), ("12.5", 1, 8), ("13", 1, 8), ("12", 1, 8), ("0", 0, 5),
        ("0", 0, 0), ("0.5", 1, 200), ("1", 1, 200), ("0", 1, 200), ("-50", 1, -2), ("33.3", 1, 3), ("33.4", 1, 3),
    ]  # fmt: skip

    def facts(stated: str, numerator: str, denominator: str) -> dict[str, str]:
        return {"stated": stated, "numerator": numerator, "denominator": denominator}

    assert of("share", "p:n a:i b:i", *rows, percent="p", numerator="a", denominator="b") == [
        ("share", 7, "p", {**facts("12", "1", "8"), "computed": "13"}),
        ("share", 9, "p", {"variant": "nothing", **facts("0", "0", "0")}),
        ("share", 12, "p", {**facts("0", "1", "200"), "computed": "1"}),
        ("share", 15, "p", {**facts("33.4", "1", "3"), "computed": "33.3"}),
    ]


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [("1/2", 0, "1"), ("49/100", 0, "0"), ("3/2", 0, "2"), ("5/100", 1, "0.1"), ("-1/2", 0, "0"), ("2/3", 2, "0.67")],
)
def test_half_is_rounded_up(value: str, places: int, expected: str) -> None:
    """Exactly half goes up."""
    assert generic.rounded(Fraction(value), places) == Decimal(expected)


@pytest.mark.parametrize("places", [0, 1, 2])
def test_a_share_is_right_to_its_last_place(places: int) -> None:
    """The decimal arithmetic of the library says which it is; one unit more or less is a breach."""
    step = Decimal(1).scaleb(-places)
    rows: list[tuple[str, int, int]] = []
    found: list[tuple[Any, ...]] = []
    for n, d in product((0, 1, 2, 3, 5, 8, 100, 499, 1000), (1, 2, 3, 7, 8, 16, 200, 999)):
        right = (Decimal(100 * n) / Decimal(d)).quantize(step, ROUND_HALF_UP)
        rows += [(str(right + change), n, d) for change in (0, step, -step)]
        found += [("share", len(rows) + row, "p", reading.said(right)) for row in (0, 1)]
    seen = of("share", "p:n a:i b:i", *rows, percent="p", numerator="a", denominator="b")
    assert [(code, row, field, facts.get("computed")) for code, row, field, facts in seen] == found


def test_shares_add_to_a_hundred() -> None:
    """Within half a unit for each; a group with a blank is not judged."""
    rows = [
        ("a", None), ("a", "10"), ("b", "33.3"), ("b", "33.3"), ("b", "33.3"), ("c", "33"), ("c", "33"), ("c", "33"),
        ("d", "50"), ("d", "48"), ("e", "60.0"), ("e", "40.2"), ("f", "49.9"), ("f", "50"), ("g", "51"), ("g", "50"),
    ]  # fmt: skip
    assert of("shares-complete", "q:s p:n", *rows, percent="p", by=["q"]) == [
        ("shares-complete", 11, "p", {"group": "d", "sum": "98", "tolerance": "1"}),
        ("shares-complete", 13, "p", {"group": "e", "sum": "100.2", "tolerance": "0.1"}),
    ]


def test_shares_come_from_a_number_of_answers() -> None:
    """Each is some count of n, which is a column or a number; nothing is said without n or of none."""
    rows = [("a", "50", 4), ("a", "50", 4), ("b", "40", 4), ("b", "60", 4), ("c", "40", 0), ("c", "60", None)]
    assert of("shares-complete", "q:s p:n n:i", *rows, percent="p", by=["q"], n="n") == [
        ("shares-complete", 4, "p",
         {"variant": "unreachable", "stated": "40", "n": "4", "near": ["0/4 = 0 %", "1/4 = 25 %", "2/4 = 50 %"]}),
        ("shares-complete", 5, "p",
         {"variant": "unreachable", "stated": "60", "n": "4", "near": ["1/4 = 25 %", "2/4 = 50 %", "3/4 = 75 %"]}),
    ]  # fmt: skip
    assert [row for _, row, _, _ in of("shares-complete", "p:n", ("40",), ("60",), percent="p", n=4)] == [2, 3]
    assert of("shares-complete", "p:n", ("40",), ("60",), percent="p", n=5) == []
    assert of("shares-complete", "p:n", ("40",), ("60",), percent="p") == []
    near = [facts["near"] for *_, facts in of("shares-complete", "p:n", ("1",), ("99",), percent="p", n=2)]
    assert near == [["0/2 = 0 %", "1/2 = 50 %"], ["0/2 = 0 %", "1/2 = 50 %", "2/2 = 100 %"]]
    assert of("shares-complete", "p:n", ("0",), ("100",), percent="p", n=2) == []
    assert of("shares-complete", "p:n", ("33.33",), ("66.67",), percent="p", n=3) == []


def test_counts_belong_to_their_shares() -> None:
    """A count gives its share, and all of them n."""
    given = {"percent": "p", "by": ["q"], "count": "c", "n": "n"}
    rows = [
        ("a", "50", 2, 4), ("a", "50", 2, 4), ("b", "50", 1, 4), ("b", "50", 2, 4), ("c", "50", None, 4),
        ("c", "50", 2, 4), ("d", "50", 3, None), ("d", "50", 2, None),
    ]  # fmt: skip
    assert of("shares-complete", "q:s p:n c:i n:i", *rows, **given) == [
        ("shares-complete", 4, "p", {"variant": "count", "stated": "50", "count": "1", "n": "4"}),
        ("shares-complete", 5, "c", {"variant": "counts", "group": "b", "sum": "3", "n": "4"}),
    ]
    fixed = {"percent": "p", "count": "c", "n": 5}
    assert of("shares-complete", "p:n c:i", ("40", 2), ("60", 3), **fixed) == []
    assert of("shares-complete", "p:n c:i", ("40", 2), ("60", 2), **fixed) == [
        ("shares-complete", 3, "p", {"variant": "count", "stated": "60", "count": "2", "n": "5"}),
        ("shares-complete", 3, "c", {"variant": "counts", "group": "", "sum": "4", "n": "5"}),
    ]
    assert of("shares-complete", "p:n c:i", ("40", 2), ("60", 2), percent="p", count="c") == []


def test_weights() -> None:
    """100 unless another total is stated; a group without weights has none."""
    rows = [("a", 60), ("a", 40), ("b", None), ("c", 60), ("c", None), ("c", 39)]
    assert of("weights", "g:s w:n", *rows, by=["g"], weight="w") == [
        ("weights", 7, "w", {"group": "c", "sum": "99", "total": "100"})
    ]
    assert of("weights", "w:n", ("0.4",), ("0.6",), weight="w", total=1) == []
    assert of("weights", "g:s h:s w:n", ("a", "b", 1), (None, "b", 1), by=["g", "h"], weight="w", total="1.5") == [
        ("weights", 2, "w", {"group": "a / b", "sum": "1", "total": "1.5"}),
        ("weights", 3, "w", {"group": "b", "sum": "1", "total": "1.5"}),
    ]


def test_stock_and_flow() -> None:
    """Within a period, and from one to the next where they follow each other."""
    given = {"by": ["g"], "period": "y", "opening": "o", "inflow": ["i", "j"], "outflow": ["x", "z"], "closing": "c"}
    columns = "g:s y:s o:i i:i j:i x:i z:i c:i"
    rows = [
        ("a", "2021", 14, 1, 2, 3, 4, 10), ("a", "2020", 10, 5, 4, 3, 2, 14), ("a", "soon", 1, 1, 1, 1, 1, 9),
        ("b", "2020", 10, 5, None, 3, 2, 99), ("b", "2021", 98, 0, 0, 0, 0, 98), ("b", "2023", 97, 0, 0, 0, 0, 97),
        ("c", "2020", 10, 5, 4, 3, 2, 13), ("c", "2021", 13, 0, 0, 0, 0, None), ("c", "2022", 13, 0, 0, 0, 0, 13),
        ("d", "2020", 1, 0, 0, 0, 0, 1), ("d", "2021", None, 0, 0, 0, 0, 5), ("d", "2022", 4, 0, 0, 0, 0, 4),
    ]  # fmt: skip
    assert of("stock-flow", columns, *rows, **given) == [
        ("stock-flow", 6, "o", {"variant": "opening", "stated": "98", "sum": "99"}),
        ("stock-flow", 8, "c", {"stated": "13", "sum": "14"}),
        ("stock-flow", 13, "o", {"variant": "opening", "stated": "4", "sum": "5"}),
    ]


def test_days_follow_each_other_as_they_are_listed() -> None:
    """Nobody says how often they come; periods of two kinds do not follow."""
    given = {"period": "y", "opening": "o", "inflow": ["i"], "outflow": ["x"], "closing": "c"}
    rows = [("2020-01-01", 1, 0, 0, 1), ("2020-01-09", 2, 0, 0, 2), ("2020-02", 3, 0, 0, 3), ("2020-03", 3, 0, 0, 3)]
    assert of("stock-flow", "y:s o:i i:i x:i c:i", *rows, **given) == [
        ("stock-flow", 3, "o", {"variant": "opening", "stated": "2", "sum": "1"})
    ]


def test_cumulative() -> None:
    """From the first period of a year on, of the same year, where the one before is known."""
    given = {"by": ["g"], "period": "m", "current": "n", "cumulative": "c"}
    rows = [
        ("a", "2024-01", 5, 5), ("a", "2024-02", 5, 10), ("a", "2024-03", 5, 14), ("a", "2024-04", 5, 19),
        ("b", "2024-01", 5, 6), ("b", "2024-02", 5, 4), ("b", "2024-04", 1, 99), ("b", "2024-05", None, 100),
        ("b", "2024-06", 1, 101), ("b", "2024-07", 1, None), ("b", "2024-08", 1, 200),
        ("c", "2023-12", 1, 50), ("c", "2024-01", 2, 2), ("c", "2024-02", 2, 52),
        ("d", "2024-W52", 1, 50), ("d", "2025-W01", 2, 2), ("d", "soon", 2, 1),
    ]  # fmt: skip

    def facts(stated: str, current: str, found: str) -> dict[str, str]:
        return {"stated": stated, "current": current, "sum": found}

    assert of("cumulative", "g:s m:s n:i c:i", *rows, **given) == [
        ("cumulative", 4, "c", facts("14", "5", "15")),
        ("cumulative", 6, "c", facts("6", "5", "5")),
        ("cumulative", 7, "c", {"variant": "below", "stated": "4", "current": "5"}),
        ("cumulative", 15, "c", facts("52", "2", "4")),
    ]


def test_periods() -> None:
    """Neither gap nor overlap, unless they may be; one that ends before it begins is told."""
    given = {"by": ["g"], "from": "f", "to": "t"}
    rows = [
        ("a", "2021", "2021"), ("a", "2020", "2020"), ("b", "2020", "2021"), ("b", "2021", "2022"),
        ("c", "2020-01-01", "2020-01-02"), ("c", "2020-01-04", "2020-01-05"), ("d", "2020-01-05", "2020-01-04"),
        ("e", "2020", None), ("e", "2030", "2030"), ("f", None, "2020"), ("f", "2020", "soon"), ("f", "2020", "2020"),
        ("g", "2020", "2024"), ("g", "2021", "2021"), ("g", "2025", "2025"), ("h", "2020", "2020"),
        ("h", "2022", "2022"), ("h", "2020-12-31", "2021"),
    ]  # fmt: skip

    def made(row: int, variant: str, begin: str, end: str) -> tuple[Any, ...]:
        return "periods", row, "f", {"variant": variant, "begin": begin, "end": end}

    overlaps = [
        made(5, "overlap", "2021-01-01", "2021-12-31"), made(10, "overlap", "2030-01-01", "2030-12-31"),
        made(15, "overlap", "2021-01-01", "2021-12-31"), made(19, "overlap", "2020-12-31", "2020-12-31"),
    ]  # fmt: skip
    gap = made(7, "gap", "2020-01-03", "2020-01-03")
    back = ("periods", 8, "t", {"variant": "reversed", "begin": "2020-01-05", "end": "2020-01-04"})
    assert of("periods", "g:s f:s t:s", *rows, **given) == sorted([*overlaps, gap, back], key=lambda each: each[1])
    assert of("periods", "g:s f:s t:s", *rows, **given, gaps=False) == sorted(
        [*overlaps, back], key=lambda each: each[1]
    )
    assert of("periods", "g:s f:s t:s", *rows, **given, overlaps=False) == [gap, back]


def test_everything_expected_is_there() -> None:
    """Every unit of another table for every period; blank units are none."""
    units = (resource("units", "id:s"), [("u",), ("v",), (None,)])
    given = {"unit": "u", "period": "p", "units": {"resource": "units", "field": "id"}}

    def found(periods: Any, *rows: tuple[object, ...], **more: Any) -> list[tuple[Any, ...]]:
        table = resource("t", "u:s p:s", {"rule": "complete", **given, "periods": periods, **more})
        return told((table, rows), units)

    rows = [("u", "2020"), ("u", "2021"), ("v", "2020")]
    missing = ("complete", None, "u", {"unit": "v", "period": "2021"})
    assert found([2020, "2021"], *rows) == [missing]
    assert found({"from": "2020", "to": 2021, "every": "year"}, *rows) == [missing]
    assert found([2020], *rows) == []
    package = {"package": "../made/datapackage.yaml", "resource": "units", "field": "id"}
    assert found([2020, 2021], *rows, units=package) == [missing]
    for wrong in (
        {"resource": "units", "field": "no"},
        {"resource": "no", "field": "id"},
        {**package, "package": "../x"},
    ):
        assert found([2020], *rows, units=wrong) == [unjudged("complete", None, "units")]


@pytest.mark.parametrize(
    ("every", "begin", "end", "expected"),
    [
        ("year", "2020-05", "2021", ["2020", "2021"]),
        ("half-year", "2020-07", "2021-01", ["2020-H2", "2021-H1"]),
        ("quarter", "2020-12", "2021-06", ["2020-Q4", "2021-Q1", "2021-Q2"]),
        ("month", "2020-12", "2021-01-01", ["2020-12", "2021-01"]),
        ("week", "2020-12-31", "2021-01-04", ["2020-W53", "2021-W01"]),
        ("day", "2020-12-31", "2021-01-01", ["2020-12-31", "2021-01-01"]),
        ("year", "2021", "2020", []),
    ],
)
def test_expected_periods(every: str, begin: str, end: str, expected: list[str]) -> None:
    """Written as a cell writes them, both ends included."""
    assert generic._expected({"from": begin, "to": end, "every": every}) == expected
    periods = [calendar.period(name) for name in expected]
    assert [generic.period_name(each) for each in periods if each] == expected


def test_dates_in_order() -> None:
    """Blanks are passed over, the same day is in order, a month contains its days."""
    facts = {"early": "a", "first": "2020-01-02", "late": "c", "second": "2020-01-01"}
    rows = [
        ("2020-01-01", "2020-01-01", "2020-01-02"), ("2020-01-02", None, "2020-01-01"), (None, None, None),
        ("2020-01-01", "2020-01-03", "2020-01-02"), ("2020-01-01", None, None),
    ]  # fmt: skip
    expected = [
        ("dates-in-order", 3, "c", facts),
        ("dates-in-order", 5, "c", {"early": "b", "first": "2020-01-03", "late": "c", "second": "2020-01-02"}),
    ]
    assert of("dates-in-order", "a:d b:d c:d", *rows, fields=["a", "b", "c"]) == expected
    assert of("dates-in-order", "a:s b:s c:s", *rows, fields=["a", "b", "c"]) == expected
    mixed = [("2020-01", "2020-01-01"), ("2020-01-31", "2020-01"), ("2020-02-01", "2020-01"), ("soon", "2020")]
    assert [row for _, row, _, _ in of("dates-in-order", "a:s b:s", *mixed, fields=["a", "b"])] == [4]


@pytest.mark.parametrize(
    ("limit", "start", "last", "late"),
    [
        ({"days": 3}, "2026-01-05", "2026-01-08", "2026-01-09"),
        ({"months": 1}, "2026-01-31", "2026-02-28", "2026-03-01"),
        ({"working-days": 3}, "2026-01-05", "2026-01-08", "2026-01-09"),
        ({"working-days": 1}, "2026-01-03", "2026-01-04", "2026-01-05"),
    ],
)
def test_deadlines(limit: dict[str, int], start: str, last: str, late: str) -> None:
    """The last day is in time; a blank is not judged; what nobody can count is said."""
    ((unit, number),) = limit.items()
    rows = [(None, late), (start, None), (start, last), (start, late), ("9999-12-31", "9999-12-31")]
    facts = {"variant": unit, "stated": late, "due": last, "limit": str(number), "start": start}
    given = {"from": "a", "to": "b", unit.replace("-", "_"): number}
    assert of("deadline", "a:d b:d", *rows, **given) == [
        ("deadline", 5, "b", facts),
        unjudged("deadline", 6, "calendar"),
    ]


def test_ranking() -> None:
    """1, 2, 2, 4, or each place its own; a rank without a score or a score without a rank is told."""
    rows = [
        ("a", 9, 1), ("a", 8, 2), ("a", 8, 2), ("a", 7, 4), ("a", None, None), ("a", None, 5), ("a", 6, None),
        ("b", 9, 1), ("b", 8, 3), ("b", 8, 2), ("c", 9, 1), ("c", 8, 3), ("d", 9, 2), ("d", 9, 1),
    ]  # fmt: skip
    blank = {"variant": "blank"}
    assert of("ranking", "g:s s:n r:i", *rows, by=["g"], score="s", rank="r") == [
        ("ranking", 7, "r", blank),
        ("ranking", 8, "r", blank),
        ("ranking", 13, "r", {"stated": "3", "expected": "2", "score": "8"}),
    ]
    low = [(1, 1), (2, 2), (3, 3)]
    assert of("ranking", "s:n r:i", *low, score="s", rank="r", order="ascending") == []
    down = of("ranking", "s:n r:i", *low, score="s", rank="r", order="descending")
    assert down == of("ranking", "s:n r:i", *low, score="s", rank="r") != []


def test_required_if() -> None:
    """Where the other is one of some values, numbers and truth among them."""
    rows = [(None, "x"), ("s", "x"), (None, "y"), (None, None), (None, "None"), (None, "z")]
    assert of("required-if", "a:s b:s", *rows, field="a", when={"field": "b", "in": ["x", "z"]}) == [
        ("required-if", 2, "a", {"condition": "b", "value": "x"}),
        ("required-if", 7, "a", {"condition": "b", "value": "z"}),
    ]
    for kind, value, wanted in (("i", 1, 1), ("b", "true", True), ("b", "true", "true"), ("n", "1.0", "1")):
        found = of("required-if", f"a:s b:{kind}", (None, value), field="a", when={"field": "b", "in": [wanted]})
        assert [row for _, row, _, _ in found] == [2]
    assert of("required-if", "a:s b:s", (None, None), field="a", when={"field": "b", "in": ["None"]}) == []


def test_one_of() -> None:
    """One, not none and not two."""
    rows = [("x", None), (None, "x"), (None, None), ("x", "x")]
    assert of("one-of", "a:s b:s", *rows, fields=["a", "b"]) == [
        ("one-of", 4, "a", {"filled": 0, "fields": ["a", "b"]}),
        ("one-of", 5, "a", {"filled": 2, "fields": ["a", "b"]}),
    ]


def test_not_above() -> None:
    """Numbers or dates; a blank is not above."""
    rows = [(None, 1), (1, None), (1, 1), (2, 1)]
    facts = {"lower": "a", "low": "2", "upper": "b", "high": "1"}
    assert of("not-above", "a:i b:i", *rows, lower="a", upper="b") == [("not-above", 5, "a", facts)]


def test_row_count() -> None:
    """As far is not farther; the former file is read as this one, without its header and empty lines."""
    table = resource("t", "a:i b:s", {"rule": "row-count", "within": 50})
    rows = [[number, "x"] for number in range(3)]
    for former, found in (("a,b\n1,2\n\n2,3\n", []), ("a,b\n1,2\n", [("1", "3", "200")]), ("a,b\n", []), ("", [])):
        seen: list[tuple[str, bytes]] = []

        def previous(path: str, content: bytes, former: str = former, seen: Any = seen) -> bytes:
            seen.append((path, content))
            return former.encode()

        expected = [("row-count", None, None, {"before": before, "now": now, "change": change, "within": "50"})
                    for before, now, change in found]  # fmt: skip
        assert told((table, rows), previous=previous) == expected
        assert seen == [("made/t.csv", b"a,b\n0,x\n1,x\n2,x\n")]
    few = told((table, rows[:1]), previous=lambda path, content: b'a,b\n1,"x\ny"\n2,3\n3,4\n')
    assert [facts["change"] for *_, facts in few] == ["-66.7"]
    assert told((table, rows), previous=lambda path, content: None) == []


@pytest.mark.parametrize("kind", ["s", "i", "n", "d", "b", "y"])
def test_a_missing_value_is_blank(kind: str) -> None:
    """Whatever the schema calls one, in a column of any type; nothing else is."""
    value = {"s": "x", "i": "7", "n": "1.5", "d": "2025-01-02", "b": "true", "y": "2025"}[kind]
    table = resource("t", f"a:{kind} b:{kind}", {"rule": "one-of", "fields": ["a", "b"]})
    assert table.schema
    made = replace(table, schema=replace(table.schema, missing_values=("", "-", "n/a")))
    rows = [("-", value), (value, "n/a"), (value, ""), ("-", "n/a"), (value, value), ("", "-")]
    assert [(row, facts["filled"]) for _, row, _, facts in told((made, rows))] == [(5, 0), (6, 2), (7, 0)]


@pytest.mark.parametrize(
    ("former", "dialect", "encoding", "before"),
    [
        (b'a;b\n1;"x\ny"\n2;z\n', {"delimiter": ";"}, "utf-8", 2), (b'a,b\n1,"x\ny"\n2,z\n', {}, "utf-8", 2),
        (b"a,b\n1,\xff\n2,z\n", {}, "utf-8", 2), ("a,b\n1,北京\n2,上海\n".encode("gb18030"), {}, "gb18030", 2),
        ("a,b\n1,北京\n".encode("utf-16"), {}, "utf-16", 1), (b"a,b\r\n1,2\r\n\r\n", {}, "utf-8", 1),
    ],
)  # fmt: skip
def test_the_rows_of_a_former_file(former: bytes, dialect: dict[str, Any], encoding: str, before: int) -> None:
    """Are told by its delimiter and encoding; a character that is none does not hide the others."""
    table = resource("t", "a:i b:s", {"rule": "row-count", "within": 0})
    made = replace(table, dialect=dialect, encoding=encoding)
    rows = [[number, "x"] for number in range(5)]
    (found,) = told((made, rows), previous=lambda _path, _content: former)
    assert (found[3]["before"], found[3]["now"]) == (str(before), "5")


def test_a_group_is_every_row_without_by() -> None:
    """And the first rows of a group are the first found."""
    table = resource("t", "g:s w:n", {"rule": "weights", "weight": "w", "by": []})
    assert [row for _, row, _, _ in told((table, [("a", 1), ("b", 1)]))] == [3]
    both = resource("t", "g:s w:n", {"rule": "weights", "weight": "w", "by": ["g"]})
    assert [facts["group"] for *_, facts in told((both, [("b", 1), ("a", 1), ("b", 1)]))] == ["b", "a"]
    assert judged((both, []))[0] == ()


def test_the_tables_day_by_day() -> None:
    """Days are days."""
    day = calendar.containing(date(2026, 1, 31), "D")
    assert (day.first, day.last, day.unit, day.year) == (date(2026, 1, 31), date(2026, 1, 31), "D", 2026)
