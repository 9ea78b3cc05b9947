"""Charts that a table asks for (``gazette.views``), drawn at build, with their figures as a table beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from markupsafe import Markup

from gazette import words
from gazette.checks.rules import calendar
from gazette.model import Language, View
from gazette.pages.charts import drawing, reading
from gazette.pages.charts.drawing import Canvas, Change, Groups, Mark, Span, Undrawable
from gazette.pages.charts.reading import Figure, Label, Rows

_TOLD = 8
"""Values that the sentence for those who do not see the chart names one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One chart: the drawing, or why there is none, and the figures as a table."""

    svg: Markup | None
    reason: str | None
    unit: str
    """What the figures count; empty where nobody has said, and for ``%``, which stands behind each."""
    note: str | None
    heads: tuple[Label, ...]
    rows: tuple[tuple[Label, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """What a view will show: how it is drawn, what is said of it, and its figures."""

    draw: Callable[[Canvas], None]
    told: str
    heads: tuple[Label, ...]
    rows: tuple[tuple[Label, ...], ...]
    unit: str = ""
    note: str | None = None


def chart(view: View, rows: Rows, anchor: str, title: str) -> Chart:
    """``rows`` as ``view`` asks; ``anchor`` is the element's id on the page."""
    language = rows.language
    canvas = Canvas(anchor=anchor)
    told = ""
    if rows.dataset.illustrative:
        told = words.label("chart.illustrative", language)
        drawing.banner(canvas, told)
        told += " " if language == "en" else ""
    try:
        sketch = _SKETCHES[view.view](view.parameters, rows)
    except Undrawable as fault:
        return Chart(svg=None, reason=_reason(fault, language), unit="", note=None, heads=(), rows=())
    svg = reason = None
    try:
        sketch.draw(canvas)
        svg = canvas.finish(title, told + sketch.told)
    except Undrawable as fault:
        reason = _reason(fault, language)
    return Chart(svg=svg, reason=reason, unit=sketch.unit, note=sketch.note, heads=sketch.heads, rows=sketch.rows)


def _reason(fault: Undrawable, language: Language) -> str:
    return words.label(f"chart.undrawable.{fault.reason}", language)


# --- values -----------------------------------------------------------------------------------------------


def _bar(given: Mapping[str, Any], rows: Rows) -> Sketch:
    """One bar a row; without a value, the number of rows per label."""
    label, language = given["label"], rows.language
    if "value" in given:
        marks = [(rows.label(row, label), _figure(rows, row, given["value"])) for row in rows]
        heads = (rows.title(label), rows.title(given["value"]))
        unit = rows.unit(given["value"])
    else:
        marks = [(rows.called(label, code), _counted(rows, {label: code})) for code in rows.order(label)]
        heads = (rows.title(label), Label(text=words.label("chart.count", language)))
        unit = ""
    if "order" in given:
        marks.sort(key=lambda each: each[1].value or Decimal(0), reverse=given["order"] == "descending")
    groups = tuple((name, (Mark(label=name, figure=each),)) for name, each in marks)
    return Sketch(
        draw=lambda canvas: drawing.bars(canvas, groups),
        told=_told(groups, (), unit, language),
        heads=heads,
        rows=tuple((name, Label(text=each.text)) for name, each in marks),
        unit="" if unit == "%" else unit,
    )


def _parts(given: Mapping[str, Any], rows: Rows) -> Sketch:
    return _series(given, rows, drawing.bars)


def _stack(given: Mapping[str, Any], rows: Rows) -> Sketch:
    return _series(given, rows, drawing.stacks)


def _dot(given: Mapping[str, Any], rows: Rows) -> Sketch:
    return _series(given, rows, drawing.dots)


def _series(given: Mapping[str, Any], rows: Rows, draw: Callable[[Canvas, Groups], None]) -> Sketch:
    """Groups of marks, one for each label; a mark of each for every series, or every column of numbers."""
    columns = _listed(given.get("value"))
    if "series" in given:
        names, groups = _long(given, rows, columns[0] if columns else None)
    else:
        names = [rows.title(column) for column in columns]
        groups = [
            (
                rows.label(row, given["label"]),
                [
                    Mark(label=names[number], figure=_figure(rows, row, column), series=number)
                    for number, column in enumerate(columns)
                ],
            )
            for row in rows
        ]
    if "order" in given:
        groups.sort(
            key=lambda each: max((mark.figure.value or Decimal(0) for mark in each[1]), default=Decimal(0)),
            reverse=given["order"] == "descending",
        )
    unit = rows.unit(columns[0]) if columns else ""

    def drawn(canvas: Canvas) -> None:
        if len(names) > 1:
            drawing.legend(canvas, names, dots=draw is drawing.dots)
        draw(canvas, groups)

    return Sketch(
        draw=drawn,
        told=_told(groups, names, unit, rows.language),
        heads=(rows.title(given["label"]), *names),
        rows=tuple((label, *(Label(text=mark.figure.text) for mark in group)) for label, group in groups),
        unit="" if unit == "%" else unit,
    )


def _long(
    given: Mapping[str, Any], rows: Rows, column: str | None
) -> tuple[list[Label], list[tuple[Label, list[Mark]]]]:
    """The values of a table in long form by label and series; without a column, the numbers of rows."""
    label, series = given["label"], given["series"]
    codes = rows.order(series)
    names = [rows.called(series, code) for code in codes]
    cells = _cells(rows, label, series)
    groups = []
    for key in rows.order(label):
        marks = []
        for number, code in enumerate(codes):
            row = cells.get((key, code))
            each = Figure(value=None, text=reading.BLANK)
            if column is None:
                each = _counted(rows, {label: key, series: code})
            elif row is not None:
                each = _figure(rows, row, column)
            marks.append(Mark(label=names[number], figure=each, series=number))
        groups.append((rows.called(label, key), marks))
    if column is not None and len(cells) != len(rows):
        raise Undrawable("twice")
    return names, groups


def _cells(rows: Rows, *fields: str) -> Mapping[tuple[str, ...], Mapping[str, str]]:
    return {tuple(row.get(field, "") for field in fields): row for row in rows}


def _counted(rows: Rows, where: Mapping[str, str]) -> Figure:
    return reading.figure(str(sum(all(row.get(name) == value for name, value in where.items()) for row in rows)))


def _figure(rows: Rows, row: Mapping[str, str], column: str) -> Figure:
    """The number in a cell, with the sign for per cent behind it."""
    found = rows.figure(row, column)
    if found.value is None or rows.unit(column) != "%":
        return found
    return Figure(value=found.value, text=f"{found.text}%")


def _told(groups: Groups, names: Sequence[Label], unit: str, language: Language) -> str:
    """The figures in a sentence: all of them where they are few, else the greatest and the least."""
    named = [
        (_joined([label.text, names[mark.series].text] if len(names) > 1 else [label.text], language), mark.figure)
        for label, group in groups
        for mark in group
    ]
    stated = [(name, each) for name, each in named if each.value is not None]
    if not stated:
        return words.label("chart.told.none", language)
    if len(named) <= _TOLD:
        return _sentence([_pair(name, _measured(each, unit, language), language) for name, each in named], language)
    most = max(stated, key=lambda each: each[1].value or Decimal(0))
    least = min(stated, key=lambda each: each[1].value or Decimal(0))
    return words.label(
        "chart.told.extremes",
        language,
        count=words.number(len(stated), language),
        most=most[0],
        greatest=_measured(most[1], unit, language),
        fewest=least[0],
        least=_measured(least[1], unit, language),
    )


def _measured(each: Figure, unit: str, language: Language) -> str:
    if each.value is None or unit in {"", "%"}:
        return each.text
    if language == "zh":
        return f"{each.text}{unit}"
    return f"{each.text} × {unit}" if unit[0].isdigit() else f"{each.text} {unit}"


def _pair(name: str, value: str, language: Language) -> str:
    return f"{name}：{value}" if language == "zh" else f"{name}: {value}"


def _joined(parts: Sequence[str], language: Language) -> str:
    return ("，" if language == "zh" else ", ").join(parts)


def _sentence(parts: Sequence[str], language: Language) -> str:
    return "；".join(parts) + "。" if language == "zh" else "; ".join(parts) + "."


# --- change -----------------------------------------------------------------------------------------------


def _line(given: Mapping[str, Any], rows: Rows) -> Sketch:
    """A line per series, or per column of numbers, over the periods; placed by their middle where all are periods."""
    columns = _listed(given["value"])
    keys = sorted({row.get(given["period"], "") for row in rows})
    if "series" in given:
        names, turned = _long({"label": given["series"], "series": given["period"]}, rows, columns[0])
        del names
        groups = [
            (name, [_numbered(mark, number) for mark in _ordered(marks, rows.order(given["period"]), keys)])
            for number, (name, marks) in enumerate(turned)
        ]
    else:
        cells = _cells(rows, given["period"])
        if len(cells) != len(rows):
            raise Undrawable("twice")
        groups = [
            (
                rows.title(column),
                [Mark(label=Label(text=key), figure=_figure(rows, cells[key,], column), series=number) for key in keys],
            )
            for number, column in enumerate(columns)
        ]
    unit = rows.unit(columns[0])
    periods = [Label(text=key) for key in keys]
    names = [name for name, _ in groups]
    by_period = [(period, [group[place] for _, group in groups]) for place, period in enumerate(periods)]

    def drawn(canvas: Canvas) -> None:
        if len(names) > 1:
            drawing.legend(canvas, names, dots=True)
        drawing.lines(canvas, periods, _places(keys), groups)

    return Sketch(
        draw=drawn,
        told=_told(by_period, names, unit, rows.language),
        heads=(rows.title(given["period"]), *names),
        rows=tuple((period, *(Label(text=mark.figure.text) for mark in marks)) for period, marks in by_period),
        unit="" if unit == "%" else unit,
    )


def _numbered(mark: Mark, series: int) -> Mark:
    return Mark(label=mark.label, figure=mark.figure, series=series)


def _ordered(marks: Sequence[Mark], order: Sequence[str], wanted: Sequence[str]) -> list[Mark]:
    found = dict(zip(order, marks, strict=True))
    return [found[key] for key in wanted]


def _places(keys: Sequence[str]) -> list[float]:
    """Where periods lie between 0 and 1: by their middle day, else at equal distances."""
    found = [calendar.period(key) for key in keys]
    days = [each.first.toordinal() + each.last.toordinal() for each in found if each]
    if len(days) < len(keys) or len(set(days)) < len(days):
        days = list(range(len(keys)))
    long = days[-1] - days[0] if days else 0
    return [(day - days[0]) / long if long else 0.5 for day in days]


def _slope(given: Mapping[str, Any], rows: Rows) -> Sketch:
    """From the first of two periods to the last, or from the place before a stated change to the one after it."""
    language = rows.language
    if "period" in given:
        heads, changes, note = *_between(given, rows), None
    else:
        heads = (Label(text=words.label("chart.before", language)), Label(text=words.label("chart.now", language)))
        changes = [_moved(given, rows, row) for row in rows]
        note = words.label("chart.computed", language, field=rows.title(given["change"]).text)
    unit = rows.unit(given["value"])
    return Sketch(
        draw=lambda canvas: drawing.slopes(canvas, heads, changes, descending=given.get("order") != "ascending"),
        told=_sentence([_changed(each, language) for each in changes], language),
        heads=(rows.title(given["label"]), *heads),
        rows=tuple((each.label, Label(text=each.before.text), Label(text=each.after.text)) for each in changes),
        unit="" if unit == "%" else unit,
        note=note,
    )


def _between(given: Mapping[str, Any], rows: Rows) -> tuple[tuple[Label, Label], list[Change]]:
    keys = sorted({row.get(given["period"], "") for row in rows})
    cells = _cells(rows, given["label"], given["period"])
    if len(keys) < 2:  # noqa: PLR2004 - a change has two ends
        raise Undrawable("single")
    if len(cells) != len(rows):
        raise Undrawable("twice")
    changes = [
        Change(
            label=rows.called(given["label"], name),
            before=_figure(rows, cells.get((name, keys[0]), {}), given["value"]),
            after=_figure(rows, cells.get((name, keys[-1]), {}), given["value"]),
        )
        for name in rows.order(given["label"])
    ]
    return (Label(text=keys[0]), Label(text=keys[-1])), changes


def _moved(given: Mapping[str, Any], rows: Rows, row: Mapping[str, str]) -> Change:
    """A place and the one it was before: a change of 2 is two places up (table kind ``rankings``)."""
    after, change = rows.figure(row, given["value"]), rows.figure(row, given["change"])
    before = Figure(value=None, text=reading.BLANK)
    if after.value is not None and change.value is not None:
        before = reading.figure(str(after.value + change.value))
    return Change(label=rows.label(row, given["label"]), before=before, after=after)


def _changed(each: Change, language: Language) -> str:
    key = "new" if each.before.value is None else "gone" if each.after.value is None else "change"
    return words.label(
        f"chart.told.{key}", language, name=each.label.text, before=each.before.text, after=each.after.text
    )


# --- time and membership ----------------------------------------------------------------------------------


def _timeline(given: Mapping[str, Any], rows: Rows) -> Sketch:
    """What lasted when; a row may have several times, each between a column and its counterpart."""
    starts, ends = _listed(given["from"]), _listed(given.get("to"))
    pairs = [(start, end or start) for start, end in zip_longest(starts, ends[: len(starts)])]
    names = [_period_name(rows, start, end) for start, end in pairs]
    lanes: list[tuple[Label | None, Label, list[Span]]] = []
    group = None
    for row in rows:
        opened = row.get(given.get("group", ""), "")
        heading = rows.called(given["group"], opened) if "group" in given and opened != group else None
        group = opened
        spans = [_span(row, start, end, number, rows.language) for number, (start, end) in enumerate(pairs)]
        lanes.append((heading, rows.label(row, given["label"]), [span for span in spans if span]))
    texts = [[_when(row, start, end, rows.language) for start, end in pairs] for row in rows]

    def drawn(canvas: Canvas) -> None:
        if len(names) > 1:
            drawing.legend(canvas, names, dots=False)
        drawing.timeline(canvas, lanes)

    told = [
        _pair(label.text, _joined([span.text for span in spans] or [reading.BLANK], rows.language), rows.language)
        for _, label, spans in lanes
    ]
    return Sketch(
        draw=drawn,
        told=_sentence(told, rows.language) if len(told) <= _TOLD else _range(lanes, rows.language),
        heads=(rows.title(given["label"]), *names),
        rows=tuple(
            (label, *(Label(text=text or reading.BLANK) for text in times))
            for (_, label, _), times in zip(lanes, texts, strict=True)
        ),
    )


def _period_name(rows: Rows, start: str, end: str) -> Label:
    titles = [rows.title(name) for name in dict.fromkeys((start, end))]
    return Label(text="–".join(title.text for title in titles), lang=titles[0].lang)


def _span(row: Mapping[str, str], start: str, end: str, series: int, language: Language) -> Span | None:
    ends = [calendar.period(row.get(start, "")), calendar.period(row.get(end, "") or row.get(start, ""))]
    if not ends[0] or not ends[1]:
        return None
    last = max(ends[0].first, ends[1].last)
    return Span(first=ends[0].first, last=last, text=_when(row, start, end, language), series=series)


def _when(row: Mapping[str, str], start: str, end: str, language: Language) -> str:
    """The times of a row as a reader of the language writes them."""
    cells = dict.fromkeys(cell for cell in (row.get(start, ""), row.get(end, "")) if cell)
    return (" – " if language == "en" else "至").join(day(cell, language) for cell in cells)


def day(cell: str, language: Language) -> str:
    """A date written out; a longer period as the cell has it."""
    period = calendar.period(cell)
    return words.day(period.first, language) if period and period.unit == "D" else cell


def _range(lanes: Sequence[tuple[Label | None, Label, Sequence[Span]]], language: Language) -> str:
    spans = [span for _, _, each in lanes for span in each]
    if not spans:
        return words.label("chart.told.none", language)
    ends: tuple[date, date] = min(span.first for span in spans), max(span.last for span in spans)
    return words.label(
        "chart.told.times",
        language,
        count=words.number(len(lanes), language),
        first=words.day(ends[0], language),
        last=words.day(ends[1], language),
    )


def _matrix(given: Mapping[str, Any], rows: Rows) -> Sketch:
    """Which values of one column occur with which of another, those with the most first."""
    columns = rows.order(given["columns"])
    kinds = rows.order(given["mark"]) if "mark" in given else ("",)
    if len(kinds) > 2:  # noqa: PLR2004 - full and hollow
        raise Undrawable("series")
    members: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        place, kind = columns.index(row.get(given["columns"], "")), kinds.index(row.get(given.get("mark", ""), ""))
        members.setdefault(row.get(given["rows"], ""), []).append((place, kind))
    ordered = sorted(members.items(), key=lambda each: -len(each[1]))
    names = [rows.called(given["columns"], code) for code in columns]
    lanes = [(rows.called(given["rows"], code), found) for code, found in ordered]

    def drawn(canvas: Canvas) -> None:
        if len(kinds) > 1:
            drawing.key(canvas, [rows.called(given["mark"], kind) for kind in kinds])
        drawing.matrix(canvas, names, lanes, chinese=rows.language == "zh")

    most = lanes[0] if lanes else (Label(text=reading.BLANK), [])
    facts = {"count": len(rows), "rows": len(lanes), "columns": len(names), "most": len(most[1])}
    shown = {name: words.number(value, rows.language) for name, value in facts.items()}
    return Sketch(
        draw=drawn,
        told=words.label("chart.told.matrix", rows.language, name=most[0].text, **shown),
        heads=(rows.title(given["rows"]), rows.title(given["columns"])),
        rows=tuple((label, _together([names[place] for place, _ in found], rows.language)) for label, found in lanes),
    )


def _together(names: Sequence[Label], language: Language) -> Label:
    return Label(text=("；" if language == "zh" else "; ").join(name.text for name in names), lang=names[0].lang)


def _listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [] if value is None else [str(value)]


_SKETCHES: Mapping[str, Callable[[Mapping[str, Any], Rows], Sketch]] = {
    "bar": _bar,
    "grouped-bar": _parts,
    "stacked-bar": _stack,
    "line": _line,
    "slope": _slope,
    "dot": _dot,
    "timeline": _timeline,
    "matrix": _matrix,
}
DRAWN = frozenset(_SKETCHES)
"""The views that are drawn; the others are laid out as text."""
