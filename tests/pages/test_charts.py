"""Charts and views: every figure is a cell, every drawing is small, well-formed, and says itself in words."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazette import descriptor, snapshot
from gazette.model import Artifact, Outcome, Policy, Report
from gazette.pages import views
from gazette.pages.charts import drawing, reading
from gazette.pages.edition import Edition
from gazette.pages.views import Shown
from tests import sample
from tests.broken import SITE

GOLDEN = Path(__file__).parent.parent / "golden" / "charts"
HAN = re.compile("[\u4e00-\u9fff]")
SVG = "{http://www.w3.org/2000/svg}"

UNITS = "id,name_en,name_zh\na,Archives,档案馆\nb,Records Office,档案局\nc,Health Bureau,卫生局\n"
ANSWERS = """unit,year,kind,count,late,percent,score,rank,change,opened,closed,status,label_en,label_zh
a,2023,letters,1234567,3,50.40,85.20,1,0,2023-01,2023-06,kept,Open daily,每日开放
b,2023,letters,20,5,41.8,82.05,3,-1,2023-H2,2024,broken,Answer in time,按时答复
c,2023,letters,,2,7.8,85.20,1,2,2024-03-05,,kept,Publish accounts,公开账目
a,2024,letters,12,4,33.4,90,1,1,2024,2025,kept,Open late,延时开放
b,2024,letters,19,6,31.8,82,2,,2025,2025,broken,Answer at once,即时答复
"""


def field(name: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "title": name.capitalize(), "title_zh": f"{name}栏", **more}


FIELDS = [
    field("unit"),
    field("year"),
    field("kind"),
    field("count", "integer", gazette={"unit": "letters", "unit_zh": "封"}),
    field("late", "integer", gazette={"unit": "letters", "unit_zh": "封"}),
    field("percent", "number", gazette={"unit": "%", "unit_zh": "%"}),
    field("score", "number"),
    field("rank", "integer"),
    field("change", "integer"),
    field("opened"),
    field("closed"),
    field(
        "status",
        categories=[
            {"value": "kept", "label": "Kept", "label_zh": "已兑现"},
            {"value": "broken", "label": "Broken", "label_zh": "未兑现"},
        ],
    ),
    field("label_en"),
    field("label_zh"),
]


def package(stated: list[dict[str, Any]], *, illustrative: bool = False) -> dict[str, Any]:
    key = {"fields": ["unit"], "reference": {"resource": "units", "fields": ["id"]}}
    named = [{"title": "Letters answered", "title_zh": "答复的信件", **each} for each in stated]
    return {
        "name": "letters",
        "title": "Letters",
        "title_zh": "信件",
        "languages": ["en", "zh"],
        "gazette": {"status": "illustrative" if illustrative else "real"},
        "resources": [
            {
                "name": "units",
                "path": "units.csv",
                "schema": {"fields": [field("id"), field("name_en"), field("name_zh")]},
            },
            {
                "name": "answers",
                "title": "Answers",
                "title_zh": "答复",
                "path": "answers.csv",
                "gazette": {"views": named},
                "schema": {"fields": FIELDS, "foreignKeys": [key]},
            },
        ],
    }


@pytest.fixture
def shown(tmp_path: Path) -> Any:
    """Builds the views stated, over the rows above or others, in one language."""

    def made(
        *stated: dict[str, Any],
        language: str = "en",
        answers: str = ANSWERS,
        illustrative: bool = False,
        report: Report | None = None,
    ) -> tuple[Shown, ...]:
        folder = tmp_path / "datasets" / "letters"
        folder.mkdir(parents=True, exist_ok=True)
        document = package(list(stated), illustrative=illustrative)
        (folder / "datapackage.json").write_text(json.dumps(document), encoding="utf-8")
        (folder / "answers.csv").write_text(answers, encoding="utf-8")
        (folder / "units.csv").write_text(UNITS, encoding="utf-8")
        room = tmp_path / f"room{len(list(tmp_path.iterdir()))}"
        room.mkdir()
        inputs, _ = snapshot.take(tmp_path / "datasets", room)
        datasets, findings = descriptor.load(
            inputs, Policy(name="open", strict=False), replace(SITE, languages=("en", "zh"))
        )
        assert [each for each in findings if each.code.startswith("view-")] == []
        return views.of(edition(datasets, room, report), datasets[0], language, "../../../")

    return made


def edition(datasets: Any, stage: Path, report: Report | None) -> Edition:
    files = tuple(
        Artifact(
            path=f"letters/{name}.csv", bytes=0, sha256="", media_type="text/csv", dataset="letters", resource=name
        )
        for name in ("units", "answers")
    )
    return Edition(
        datasets=datasets,
        artifacts=files,
        omissions=(),
        structured={},
        units=(),
        report=report or sample.report(()),
        history=sample.history(),
        settings=sample.settings(),
        as_of=date(2026, 11, 22),
        stage=stage,
    )


CASES: dict[str, dict[str, Any]] = {
    "bar": {"view": "bar", "label": "unit", "value": "percent", "where": {"year": 2023}, "order": "descending"},
    "count": {"view": "bar", "label": "status"},
    "grouped-bar": {"view": "grouped-bar", "label": "unit", "series": "year", "value": "count"},
    "stacked-bar": {"view": "stacked-bar", "label": "unit", "value": ["count", "late"], "where": {"year": 2024}},
    "dot": {"view": "dot", "label": "unit", "value": ["count", "late"], "where": {"year": 2024}},
    "line": {"view": "line", "period": "year", "series": "unit", "value": "percent"},
    "slope": {"view": "slope", "label": "unit", "value": "score", "period": "year"},
    "slope-change": {
        "view": "slope", "label": "unit", "value": "rank", "change": "change", "order": "ascending",
        "where": {"year": 2023},
    },
    "timeline": {"view": "timeline", "label": "label", "from": "opened", "to": "closed", "group": "status"},
    "matrix": {"view": "matrix", "rows": "unit", "columns": "year", "mark": "status"},
}  # fmt: skip


def svg(entry: Shown) -> str:
    assert entry.chart is not None
    assert entry.chart.svg is not None, entry.chart.reason
    return str(entry.chart.svg)


def texts(drawn: str) -> list[str]:
    """What stands in the drawing itself, text by text."""
    return ["".join(node.itertext()) for node in ET.fromstring(drawn).iter(f"{SVG}text")]  # noqa: S314 - made here


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", CASES)
def test_a_chart_is_as_it_was(shown: Any, name: str, language: str) -> None:
    """Any change of a drawing is seen in review; ``GAZETTE_GOLDEN=write`` accepts it."""
    drawn = svg(shown(CASES[name], language=language)[0]) + "\n"
    kept = GOLDEN / f"{name}.{language}.svg"
    if os.environ.get("GAZETTE_GOLDEN") == "write":
        kept.write_text(drawn, encoding="utf-8")
    assert drawn == kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", CASES)
def test_a_chart_is_small_well_formed_and_styled_by_classes_alone(shown: Any, name: str, language: str) -> None:
    """At most 5 KB of XML, with a title and a description, in the language of the page, without a style."""
    drawn = svg(shown(CASES[name], language=language)[0])
    root = ET.fromstring(drawn)  # noqa: S314
    assert len(drawn.encode()) <= drawing.LARGEST
    assert not [node for node in root.iter() if "style" in node.attrib]
    assert [node.tag for node in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert root.get("role") == "img"
    ids = {node.get("id") for node in root.iter() if node.get("id")}
    assert set((root.get("aria-labelledby") or "").split()) <= ids
    assert set(re.findall(r"url\(#([^)]+)\)", drawn)) <= ids
    assert bool(HAN.search(drawn)) == (language == "zh")
    assert root[0].text == ("Letters answered" if language == "en" else "答复的信件")


def test_figures_are_those_of_the_cells(shown: Any) -> None:
    """With every decimal, in the drawing, in its sentence and in the table below it."""
    entry = shown(CASES["bar"])[0]
    assert [row[1].text for row in entry.chart.rows] == ["50.40%", "41.8%", "7.8%"]
    assert {"50.40%", "41.8%", "7.8%"} <= set(texts(svg(entry)))
    assert "Archives: 50.40%; Records Office: 41.8%; Health Bureau: 7.8%." in svg(entry)
    counts = shown({"view": "bar", "label": "unit", "value": "count", "where": {"year": 2023}})[0]
    assert [row[1].text for row in counts.chart.rows] == ["1,234,567", "20", "—"]


def test_bars_are_as_long_as_their_figures(shown: Any) -> None:
    """The widths of two bars are to each other as their values are."""
    root = ET.fromstring(svg(shown(CASES["bar"])[0]))  # noqa: S314
    widths = [Decimal(node.get("width", "")[:-1]) for node in root.iter(f"{SVG}rect")]
    assert abs(widths[1] / widths[0] - Decimal("41.8") / Decimal("50.40")) < Decimal("0.001")


def test_a_cell_that_states_nothing_is_not_nought(shown: Any) -> None:
    """It is a dash without a bar."""
    drawn = svg(shown({"view": "bar", "label": "unit", "value": "count", "where": {"year": 2023}})[0])
    assert "—" in texts(drawn)
    assert len(ET.fromstring(drawn).findall(f"{SVG}rect")) == 2  # noqa: S314


def test_rows_are_counted_where_no_column_is_named(shown: Any) -> None:
    """In the order in which the schema lists the codes, by their labels."""
    rows = shown(CASES["count"], language="zh")[0].chart.rows
    assert [[cell.text for cell in row] for row in rows] == [["已兑现", "3"], ["未兑现", "2"]]


def test_places_before_are_computed_from_the_change_and_the_page_says_so(shown: Any) -> None:
    """A change of 2 is two places up."""
    entry = shown(CASES["slope-change"])[0]
    assert [[cell.text for cell in row] for row in entry.chart.rows] == [
        ["Archives", "1", "1"],
        ["Records Office", "2", "3"],
        ["Health Bureau", "3", "1"],
    ]
    assert "“Change”" in entry.chart.note


def test_two_values_for_one_place_are_not_drawn(shown: Any) -> None:
    """The reader is told, in either language."""
    for language in ("en", "zh"):
        entry = shown({"view": "grouped-bar", "label": "kind", "series": "year", "value": "count"}, language=language)[
            0
        ]
        assert entry.chart.svg is None
        assert bool(HAN.search(entry.chart.reason)) == (language == "zh")


def test_too_many_values_are_left_to_the_table(shown: Any) -> None:
    """No drawing beyond 5 KB, but all figures."""
    head, *_ = ANSWERS.splitlines()
    rows = "\n".join(f"a,20{number:03},letters,{number},0,1,1,1,0,,,kept,x,x" for number in range(200))
    entry = shown({"view": "bar", "label": "year", "value": "count"}, answers=f"{head}\n{rows}\n")[0]
    assert entry.chart.svg is None
    assert len(entry.chart.rows) == 200


def test_invented_figures_say_so_in_the_drawing(shown: Any) -> None:
    """A drawing may be copied without its page."""
    entry = shown(CASES["bar"], illustrative=True)[0]
    assert entry.illustrative
    assert texts(svg(entry))[0] == "Illustrative: these figures are invented."
    assert "示例数据" in texts(svg(shown(CASES["bar"], illustrative=True, language="zh")[0]))[0]


def test_series_are_told_apart_without_colour(shown: Any) -> None:
    """Every series beyond the first has a pattern of its own, and its name in the drawing."""
    drawn = svg(shown(CASES["stacked-bar"])[0])
    assert "<pattern" in drawn
    assert {"Count", "Late"} <= set(texts(drawn))


def test_a_base_stands_above_shares_where_all_have_the_same(shown: Any) -> None:
    """N is that of the rows shown; where they differ there is none."""
    one = shown({**CASES["bar"], "n": "year"})[0]
    assert one.base == "n = 2,023 (Year)"
    assert shown({**CASES["bar"], "n": "late"})[0].base is None


@given(st.text(max_size=200), st.integers(40, 400))
def test_a_broken_text_loses_nothing_but_spaces(text: str, room: int) -> None:
    """Up to the lines a label may have."""
    lines = drawing.broken(text, room)
    kept = "".join("".join(lines).split())
    whole = "".join(drawing._CONTROL.sub("\ufffd", text).split())
    assert kept == whole or (kept.endswith("…") and whole.startswith(kept[:-1]))


@pytest.mark.parametrize("cell", ["", "NaN", "INF", "x", "1e999999999", "-0.00"])
def test_a_strange_number_is_shown_as_it_stands(cell: str) -> None:
    """What is no number has no value, and none is written out beyond reason."""
    found = reading.figure(cell)
    assert len(found.text) < 20
    assert (found.value is None) == (cell in {"", "NaN", "INF", "x"})


# --- views that are laid out ------------------------------------------------------------------------------


def test_a_form_shows_lines_by_columns(shown: Any) -> None:
    """A report each, with the rules held against the table."""
    outcome = Outcome(rule="rule-ar1", resource="answers", status="passed")
    report = replace(sample.report(()), rules={"letters": (outcome,)})
    form = {"view": "form", "rows": "unit", "columns": "kind", "value": "count", "by": "year"}
    entry = shown(form, report=report)[0]
    assert [sheet.title.text for sheet in entry.forms] == ["2023", "2024"]
    first = entry.forms[0]
    assert [label.text for label, _ in first.lines] == ["Archives", "Records Office", "Health Bureau"]
    assert [cells[0].text for _, cells in first.lines] == ["1,234,567", "20", ""]
    assert [(tick.sign, tick.status) for tick in entry.ticks] == [("✓", "passed")]


def test_a_ranking_has_places_changes_and_a_slope(shown: Any) -> None:
    """In the order of the places; a change that is not stated is said to be so."""
    stated = {"view": "ranking", "label": "unit", "rank": "rank", "score": "score", "change": "change", "by": ["year"]}
    first, second = shown(stated)[0].rankings
    assert [(place.rank, place.label.text, place.score, place.sign) for place in first.places] == [
        ("1", "Archives", "85.20", "="),
        ("1", "Health Bureau", "85.20", "▲ 2"),
        ("3", "Records Office", "82.05", "▼ 1"),
    ]
    assert [place.change for place in second.places] == ["up 1", "not stated"]
    assert first.chart is not None
    assert first.chart.svg is not None


def test_entries_stand_under_their_status(shown: Any) -> None:
    """In the order of the schema, with what else is asked for."""
    stated = {"view": "status", "label": "label", "status": "status", "facts": ["unit"]}
    kept, broken = shown(stated, language="zh")[0].stands
    assert (kept.title.text, kept.count, broken.count) == ("已兑现", "3", "2")
    assert kept.entries[0][0].text == "每日开放"
    assert [(name.text, value.text) for name, value in kept.entries[0][1]] == [("unit栏", "档案馆")]
