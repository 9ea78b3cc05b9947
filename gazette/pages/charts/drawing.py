"""SVG that fits a phone and a desk without scaling its text.

Nothing has a viewBox: across, everything is placed in per cent of the width, down, in pixels. So a label is as large
on a phone as beside it, and the same bytes serve both. Labels stand above what they name, and break where a phone
ends. Colours come from classes of the style sheet (the site's policy permits no style attributes), and never speak
alone: whatever has a colour has a pattern or a shape, and its name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TypeAlias

from markupsafe import Markup, escape

from gazette.pages.charts import reading
from gazette.pages.charts.reading import Figure, Label

PHONE = 304
"""Pixels a chart has on a phone 360 pixels wide."""
LINE = 18
"""Pixels from one line of text to the next, at 14 pixels a character."""
SERIES = 5
"""Patterns and shapes there are."""
LARGEST = 5 * 1024
"""Bytes of a drawing; one that needs more shows too much to be read."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_WIDE = frozenset("WF")
_NARROW = frozenset(" !'(),-./:;I[]fijlrt|·")
_LINES = 4
"""Lines a label may have; the table below the chart has all of it."""
_HATCHES = ("", "M0 0v6", "M0 3h.1M3 0h.1", "M0 0v6M0 0h6", "M0 3h6")


class Undrawable(Exception):
    """The rows cannot be drawn as the view asks; ``reason`` is the end of a key of the interface."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One value to draw: what it is of, and which series it belongs to."""

    label: Label
    figure: Figure
    series: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A time to draw; one that has no length is a moment."""

    first: date
    last: date
    text: str
    series: int = 0


@dataclass(kw_only=True)
class Canvas:
    """What is drawn so far, and how far down it goes."""

    anchor: str
    parts: list[str] = field(default_factory=list)
    y: int = 0
    patterns: set[int] = field(default_factory=set)

    def add(self, element: str, look: str = "", **attributes: object) -> None:
        """One element without text; ``look`` is its class."""
        self.parts.append(f"<{element}{_attributes(look, attributes)}/>")

    def text(
        self,
        label: Label,
        x: str,
        y: int,
        look: str = "",
        room: int = PHONE,
        lead: str = "",
        tail: str = "",
        dx: int = 0,
        anchor: str = "",
    ) -> int:
        """A text whose first line has its foot at ``y``; returns the number of its lines.

        ``lead`` stands before it in bold, ``tail`` behind its last line, quietly; ``dx`` pixels lie between ``x``
        and the side of it that ``anchor`` names, the left one unless it is ``middle`` or ``end``.
        """
        lines = broken(f"{lead} {label.text}" if lead else label.text, room)
        shown = [str(escape(line)) for line in lines]
        if lead:
            shown[0] = f'<tspan class="n">{escape(lead)}</tspan>{escape(lines[0].removeprefix(lead))}'
        inside = shown[0] + "".join(f'<tspan x="{x}" dy="{LINE}">{line}</tspan>' for line in shown[1:])
        if tail:
            inside += f'<tspan class="q" dx="8">{_clean(tail)}</tspan>'
        stated = {"x": x, "dx": dx, "y": y, "text-anchor": anchor, "lang": label.lang}
        attributes: dict[str, object] = {name: value for name, value in stated.items() if value}
        self.parts.append(f"<text{_attributes(look, attributes)}>{inside}</text>")
        return len(lines)

    def area(self, x: float, long: float, height: int, series: int, top: int = 0, unit: str = "%") -> None:
        """A rectangle of a series, ``top`` below the present place: the first is plain, the others have a pattern."""
        paint = {"look": "a0"} if series == 0 else {"fill": f"url(#{self.anchor}-p{series})"}
        self.patterns |= {series} - {0}
        places = {"x": percent(x), "width": percent(long)} if unit else {"x": x, "width": long}
        self.add("rect", y=self.y + top, height=height, **places, **paint)

    def finish(self, title: str, description: str) -> Markup:
        """The drawing. Raises :class:`Undrawable` where it is larger than :data:`LARGEST`."""
        name = self.anchor
        head = f'<svg xmlns="http://www.w3.org/2000/svg" class="g-chart" width="100%" height="{self.y}" '
        head += f'role="img" aria-labelledby="{name}-t {name}-d" font-size="14">'
        head += f'<title id="{name}-t">{_clean(title)}</title><desc id="{name}-d">{_clean(description)}</desc>'
        defs = "".join(map(self._pattern, sorted(self.patterns)))
        whole = f"{head}{f'<defs>{defs}</defs>' if defs else ''}{''.join(self.parts)}</svg>"
        if len(whole.encode()) > LARGEST:
            raise Undrawable("many")
        return Markup(whole)  # noqa: S704 - every text in it is escaped above

    def _pattern(self, series: int) -> str:
        turn = ' patternTransform="rotate(45)"' if series in {1, 3} else ""
        return (
            f'<pattern id="{self.anchor}-p{series}" width="6" height="6" patternUnits="userSpaceOnUse"{turn}>'
            f'<path class="a{series}" d="M0 0h6v6H0z"/><path class="h" d="{_HATCHES[series]}"/></pattern>'
        )


def _attributes(look: str, attributes: dict[str, object]) -> str:
    named = {"class": look, **attributes} if look else attributes
    return "".join(f' {name.replace("_", "-")}="{escape(value)}"' for name, value in named.items())


def _clean(text: str) -> str:
    return str(escape(_CONTROL.sub("\ufffd", text)))


def width(text: str) -> float:
    """About how many pixels a text is wide at 14 pixels, on the safe side of the usual system fonts."""
    return sum(map(_advance, text))


def _advance(character: str) -> float:
    if unicodedata.east_asian_width(character) in _WIDE or character in "“”‘’—…":
        return 14
    if character in _NARROW:
        return 4.7
    return 12 if character in "MWmw" else 9.8 if character.isupper() else 7.9


def broken(text: str, room: int) -> list[str]:
    """``text`` in lines that fit ``room`` pixels: between words, and anywhere between Han characters."""
    lines = [""]
    for piece in re.findall(r"[^\s\u2e80-\uffef]+\s*|[\u2e80-\uffef]\s*|\s+", _CONTROL.sub("\ufffd", text)):
        if lines[-1] and width((lines[-1] + piece).rstrip()) > room and piece[0] not in "，。、；：）》”’？！":
            lines.append("")
        lines[-1] += piece
    lines = [line.strip() for line in lines]
    if len(lines) > _LINES:
        lines = [*lines[: _LINES - 1], lines[_LINES - 1] + "…"]
    return lines


def percent(value: Decimal | float) -> str:
    """A place or a length across, to a hundredth of a per cent."""
    return f"{float(value):.2f}".rstrip("0").rstrip(".") + "%"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """From values to places across, in per cent."""

    least: Decimal
    greatest: Decimal
    left: float = 0
    right: float = 100

    def __call__(self, value: Decimal) -> float:
        """Where a value lies."""
        length = self.greatest - self.least
        return self.left + (self.right - self.left) * float((value - self.least) / length if length else 0)


def _reserve(texts: Iterable[str]) -> float:
    """The share of a phone's width that the longest of ``texts`` needs, in per cent."""
    return min(60.0, (max(map(width, texts), default=0) + 10) / PHONE * 100)


def _values(marks: Iterable[Mark]) -> list[Decimal]:
    found = [mark.figure.value for mark in marks if mark.figure.value is not None]
    if not found:
        raise Undrawable("empty")
    return found


def _from_nought(values: Sequence[Decimal], texts: Iterable[str]) -> Scale:
    least, greatest = min(Decimal(0), *values), max(Decimal(0), *values)
    reserve = _reserve(texts)
    return Scale(least=least, greatest=greatest, left=reserve if least < 0 else 0, right=100 - reserve)


Groups: TypeAlias = Sequence[tuple[Label, Sequence[Mark]]]
"""Labels, each with its marks."""


# --- parts of a chart -------------------------------------------------------------------------------------


def banner(canvas: Canvas, text: str) -> None:
    """What a reader must know before anything else: that the figures are invented."""
    lines = canvas.text(Label(text=text), "0", canvas.y + 14, "w")
    canvas.y += lines * LINE + 8


def legend(canvas: Canvas, names: Sequence[Label], *, dots: bool) -> None:
    """The series, each with its pattern or, with ``dots``, its point; two beside each other where both fit a phone."""
    if len(names) > SERIES:
        raise Undrawable("series")
    room = PHONE // 2 - 22
    columns = 2 if all(width(name.text) <= room for name in names) else 1
    for number, name in enumerate(names):
        # A nested drawing moves its origin, which per cent and pixels together could not.
        canvas.parts.append(f'<svg x="{50 * (number % columns)}%" overflow="visible">')
        if dots:
            canvas.add("circle", f"m{number}", cx=6, cy=canvas.y + 8, r=5)
        else:
            canvas.area(0, 12, 12, number, 2, "")
        rows = canvas.text(name, "18", canvas.y + 13, "q", PHONE - 18)
        canvas.parts.append("</svg>")
        if number % columns == columns - 1 or number == len(names) - 1:
            canvas.y += rows * LINE + 2
    canvas.y += 8


def _bar(canvas: Canvas, scale: Scale, mark: Mark, height: int) -> None:
    """One bar with its number at its end; where the cell states none, the text of the cell."""
    nought = scale(Decimal(0))
    value = mark.figure.value
    end = nought if value is None else scale(value)
    if value:
        canvas.area(min(nought, end), abs(end - nought), height, mark.series)
    dx, anchor = (-6, "end") if value is not None and value < 0 else (6, "")
    look = "q" if value is None else "n"
    canvas.text(Label(text=mark.figure.text), percent(end), canvas.y + height // 2 + 5, look, dx=dx, anchor=anchor)
    canvas.y += height


def bars(canvas: Canvas, groups: Groups) -> None:
    """A label and its bars, group by group."""
    marks = [mark for _, group in groups for mark in group]
    scale = _from_nought(_values(marks), [mark.figure.text for mark in marks])
    top = canvas.y
    height = 16 if all(len(group) == 1 for _, group in groups) else 14
    for label, group in groups:
        canvas.y += canvas.text(label, "0", canvas.y + 14) * LINE + 2
        for mark in group:
            _bar(canvas, scale, mark, height)
            canvas.y += 3
        canvas.y += 9
    if scale.least < 0:
        nought = percent(scale(Decimal(0)))
        canvas.add("line", "x", x1=nought, x2=nought, y1=top, y2=canvas.y - 8)


def stacks(canvas: Canvas, groups: Groups) -> None:
    """A label and one bar of parts, with the number of each part below it where there is room, and their sum."""
    if min(_values(mark for _, group in groups for mark in group)) < 0:
        raise Undrawable("negative")
    sums = [sum((mark.figure.value or Decimal(0) for mark in group), Decimal(0)) for _, group in groups]
    scale = _from_nought(sums, map(reading.written, sums))
    for (label, group), total in zip(groups, sums, strict=True):
        canvas.y += canvas.text(label, "0", canvas.y + 14) * LINE + 2
        at = Decimal(0)
        places = []
        for mark in group:
            value = mark.figure.value or Decimal(0)
            left, long = scale(at), scale(at + value) - scale(at)
            if value:
                canvas.area(left, long, 18, mark.series)
            places.append((left, long, mark.figure.text))
            at += value
        canvas.text(Label(text=reading.written(total)), percent(scale(total)), canvas.y + 14, "n", dx=6)
        canvas.y += 18
        _below(canvas, places)
        canvas.y += 12


def _below(canvas: Canvas, places: Sequence[tuple[float, float, str]]) -> None:
    """The numbers of the parts: each below its part where all have room there on a phone, else in a row."""
    stated = [each for each in places if each[2] not in {"0", reading.BLANK}]
    if all(width(text) + 4 <= long / 100 * PHONE for _, long, text in stated):
        for left, _, text in stated:
            canvas.text(Label(text=text), percent(left), canvas.y + 15, "q")
        canvas.y += LINE if stated else 0
    else:
        canvas.y += canvas.text(Label(text=" · ".join(text for *_, text in places)), "0", canvas.y + 15, "q") * LINE


def dots(canvas: Canvas, groups: Groups) -> None:
    """A label and the places of its values on one line, the least and the greatest with their numbers."""
    marks = [mark for _, group in groups for mark in group]
    values = _values(marks)
    reserve = _reserve(mark.figure.text for mark in marks) + 4
    scale = Scale(least=min(values), greatest=max(values), left=reserve, right=100 - reserve)
    for label, group in groups:
        canvas.y += canvas.text(label, "0", canvas.y + 14) * LINE + 2
        stated = sorted((mark for mark in group if mark.figure.value is not None), key=_value)
        _dots(canvas, [(percent(scale(_value(mark))), mark) for mark in stated])
        canvas.y += 28


def _dots(canvas: Canvas, placed: Sequence[tuple[str, Mark]]) -> None:
    y = canvas.y + 9
    canvas.add("line", "r", x1="0", x2="100%", y1=y, y2=y)
    if not placed:
        canvas.text(Label(text=reading.BLANK), "0", y + 5, "q")
    if len(placed) > 1:
        canvas.add("line", "k", x1=placed[0][0], x2=placed[-1][0], y1=y, y2=y)
    for number, (x, mark) in enumerate(placed):
        canvas.add("circle", f"m{mark.series}", cx=x, cy=y, r=6)
        left = number == 0 and len(placed) > 1
        dx, anchor = (-11, "end") if left else (11, "")
        if number in {0, len(placed) - 1}:
            canvas.text(Label(text=mark.figure.text), x, y + 5, "n", dx=dx, anchor=anchor)


def _value(mark: Mark) -> Decimal:
    return mark.figure.value if mark.figure.value is not None else Decimal(0)


def _apart(wanted: Sequence[float], heights: Sequence[float]) -> list[float]:
    """Places down for texts that want to stand at ``wanted``, in its order, pushed apart by their heights."""
    places: list[float] = []
    for number, want in enumerate(wanted):
        places.append(max(want, places[-1] + heights[number - 1]) if places else want)
    return places


# --- change -----------------------------------------------------------------------------------------------


def lines(canvas: Canvas, periods: Sequence[Label], places: Sequence[float], groups: Groups) -> None:
    """A line per series through the values of all periods, from nought; ``places`` run from 0 to 1."""
    marks = [mark for _, group in groups for mark in group]
    values = _values(marks)
    ends = min(Decimal(0), *values), max(Decimal(0), *values)
    down = Scale(least=ends[0], greatest=ends[1], left=canvas.y + 188, right=canvas.y + 26)
    across = [4 + 92 * place for place in places]
    foot = down(Decimal(0))
    canvas.add("line", "x", x1="0", x2="100%", y1=f"{foot:.0f}", y2=f"{foot:.0f}")
    for number, (_, group) in enumerate(groups):
        points = [(x, down(_value(mark)), mark) for x, mark in zip(across, group, strict=True)]
        for (x1, y1, one), (x2, y2, two) in pairwise(points):
            if one.figure.value is not None and two.figure.value is not None:
                canvas.add("line", f"l{number}", x1=percent(x1), y1=f"{y1:.1f}", x2=percent(x2), y2=f"{y2:.1f}")
        for x, y, mark in points:
            if mark.figure.value is not None:
                canvas.add("circle", f"m{number}", cx=percent(x), cy=f"{y:.1f}", r=4.5)
    for column, x in enumerate(across):
        _numbers(canvas, x, [group[column] for _, group in groups], down, len(across))
    canvas.y += 192
    for number in _ticks(across, [width(label.text) for label in periods]):
        canvas.text(periods[number], percent(across[number]), canvas.y + 14, "q", anchor=_anchored(across[number]))
    canvas.y += 24


def _numbers(canvas: Canvas, x: float, marks: Sequence[Mark], down: Scale, columns: int) -> None:
    """The values of one period beside their points, apart from each other."""
    if columns > _NUMBERED and x not in {4.0, 96.0}:
        return
    stated = {mark.figure.value: mark.figure.text for mark in marks if mark.figure.value is not None}
    above: list[tuple[float, str]] = []
    below: list[tuple[float, str]] = []
    last = float("-inf")
    for value in sorted(stated, reverse=True):
        y = down(value)
        crowded = y - last < _CROWDED and y + 20 < down(Decimal(0))
        (below if crowded else above).append((y + 20 if crowded else y - 9, stated[value]))
        last = y
    for side in (above, below):
        for place, (_, text) in zip(_apart([y for y, _ in side], [15.0] * len(side)), side, strict=True):
            canvas.text(Label(text=text), percent(x), round(place), "n", anchor=_anchored(x))


def _anchored(x: float) -> str:
    """How a text is fastened at ``x`` per cent so that it stays within the drawing."""
    return "" if x < _EDGE else "end" if x > 100 - _EDGE else "middle"


def _ticks(across: Sequence[float], widths: Sequence[float]) -> list[int]:
    """Which of the texts along an axis are shown: first, last, and those between that leave room on a phone."""
    shown = [0]
    last = len(across) - 1
    for number in range(1, last):
        room = widths[number] / PHONE * 50 + 3
        before = across[shown[-1]] + widths[shown[-1]] / PHONE * (100 if shown[-1] == 0 else 50)
        if across[number] - room > before and across[number] + room < across[last] - widths[last] / PHONE * 100:
            shown.append(number)
    return [*shown, last] if last else shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a value was, what it has become, and what of it."""

    label: Label
    before: Figure
    after: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Where a slope chart has its two sides, in per cent: figures end at ``was``, names begin at ``text``."""

    was: float

    @property
    def lines(self) -> tuple[float, float]:
        """Where the lines begin and end."""
        return self.was + 2, self.was + 22

    @property
    def text(self) -> float:
        """Where the names begin."""
        return self.was + 25

    @property
    def room(self) -> int:
        """Pixels the names have on a phone."""
        return int(PHONE * (100 - self.text) / 100)


def slopes(canvas: Canvas, heads: tuple[Label, Label], changes: Sequence[Change], *, descending: bool) -> None:
    """What changed between two moments, each with its name at the end; ``descending`` has the greatest at the top."""
    drawn = [each for each in changes if each.after.value is not None]
    values = [value for each in drawn for value in (each.before.value, each.after.value) if value is not None]
    if not values:
        raise Undrawable("empty")
    ends = (max(values), min(values)) if descending else (min(values), max(values))
    frame = Frame(was=_reserve([*(each.before.text for each in drawn), heads[0].text]))
    canvas.text(heads[0], percent(frame.was), canvas.y + 14, "q", anchor="end")
    canvas.text(heads[1], percent(frame.text), canvas.y + 14, "q")
    canvas.y += 30
    heights = [len(broken(f"{each.after.text} {each.label.text}", frame.room)) * LINE + 4.0 for each in drawn]
    down = Scale(least=ends[0], greatest=ends[1], left=canvas.y, right=canvas.y + max(sum(heights), 60) - LINE)
    order = sorted(range(len(drawn)), key=lambda number: down(drawn[number].after.value or Decimal(0)))
    right = _apart([down(drawn[number].after.value or Decimal(0)) for number in order], [heights[n] for n in order])
    for number, y in zip(order, right, strict=True):
        _slope(canvas, drawn[number], down, y, frame)
    _left(canvas, [each.before for each in drawn], down, frame)
    canvas.y = int(max(right[-1] + heights[order[-1]], down(ends[1]) + LINE)) + 4


_NUMBERED = 6
_CROWDED = 32
"""Pixels between two points that have room for a number."""
_EDGE = 12


def _slope(canvas: Canvas, each: Change, down: Scale, place: float, frame: Frame) -> None:
    left, right = map(percent, frame.lines)
    end = f"{down(each.after.value or Decimal(0)):.0f}"
    look = "s0"
    if each.before.value is not None and each.after.value is not None:
        start = f"{down(each.before.value):.0f}"
        rose = int(end) - int(start)
        look = "s1" if rose < 0 else "s2" if rose > 0 else "s0"
        canvas.add("line", look, x1=left, y1=start, x2=right, y2=end)
        canvas.add("circle", look, cx=left, cy=start, r=4)
    canvas.add("circle", look, cx=right, cy=end, r=4)
    canvas.text(each.label, percent(frame.text), round(place) + 5, "", frame.room, each.after.text)


def _left(canvas: Canvas, figures: Sequence[Figure], down: Scale, frame: Frame) -> None:
    """The values before, each once."""
    texts = {figure.value: figure.text for figure in figures if figure.value is not None}
    ordered = sorted(texts, key=down)
    for value, y in zip(ordered, _apart([down(value) for value in ordered], [16.0] * len(ordered)), strict=True):
        canvas.text(Label(text=texts[value]), percent(frame.was), round(y) + 5, "n", anchor="end")


# --- time and membership ----------------------------------------------------------------------------------


def timeline(canvas: Canvas, rows: Sequence[tuple[Label | None, Label, Sequence[Span]]]) -> None:
    """What lasted when, row by row; a row may open a group with a heading."""
    spans = [span for _, _, each in rows for span in each]
    if not spans:
        raise Undrawable("empty")
    first = date(min(span.first for span in spans).year, 1, 1)
    last = date(max(span.last for span in spans).year + 1, 1, 1)
    days = (last - first).days

    def across(day: date) -> float:
        return (day - first).days / days * 100

    top = canvas.y
    canvas.y += 24
    begins = len(canvas.parts)
    for heading, label, each in rows:
        if heading:
            canvas.y += 8
            canvas.y += canvas.text(heading, "0", canvas.y + 14, "b") * LINE + 4
        when = " · ".join(dict.fromkeys(span.text for span in each))
        beside = when if width(f"{label.text} {when}") + 8 <= PHONE else ""
        canvas.y += canvas.text(label, "0", canvas.y + 14, tail=beside) * LINE + 1
        if when and not beside:
            canvas.y += canvas.text(Label(text=when), "0", canvas.y + 12, "q") * LINE
        for span in each:
            left, long = across(span.first), (span.last - span.first).days / days * 100
            if span.first == span.last:
                canvas.add("circle", f"m{span.series}", cx=percent(left), cy=canvas.y + 6, r=5)
            else:
                canvas.area(left, max(long, 1.2), 10, span.series, 1)
        canvas.y += 20
    axis = Canvas(anchor=canvas.anchor)
    _years(axis, first.year, last.year, top, canvas.y - 4)
    # Below the bars in the order of painting, though their foot is known only now.
    canvas.parts[begins:begins] = axis.parts


def _years(canvas: Canvas, first: int, last: int, top: int, foot: int) -> None:
    """The years along the top, as many as a phone has room for."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if (last - first) / step <= _YEARS)
    for year in range(first, last, step):
        place = (year - first) / (last - first) * 100
        x = percent(place)
        canvas.add("line", "r", x1=x, x2=x, y1=top + 20, y2=foot)
        fits = place / 100 * PHONE + width(str(year)) <= PHONE
        canvas.text(Label(text=str(year)), x if fits else "100%", top + 14, "q", anchor="" if fits else "end")


_YEARS = 6


def matrix(
    canvas: Canvas,
    columns: Sequence[Label],
    rows: Sequence[tuple[Label, Sequence[tuple[int, int]]]],
    chinese: bool,  # noqa: FBT001
) -> None:
    """Which rows meet which columns: a square where they do, of one of two kinds, and a point where they do not."""
    cell = min(40, PHONE // max(1, len(columns)))
    if cell < _CELL:
        raise Undrawable("many")
    _heads(canvas, columns, cell, chinese)
    marks: dict[str, list[str]] = {"r": [], "a0": [], "o": []}
    side = min(cell - 4, 14)
    for label, members in rows:
        canvas.y += canvas.text(label, "0", canvas.y + 14) * LINE + 3
        marks["r"].append(f"M0 {canvas.y + side // 2}h{cell * len(columns)}")
        for place, kind in members:
            marks["o" if kind else "a0"].append(_square(place * cell, canvas.y, side, hollow=bool(kind)))
        canvas.y += 24
    for look, path in marks.items():
        if path:
            canvas.add("path", look, d="".join(path))


def _square(x: int, y: int, side: int, *, hollow: bool) -> str:
    """The path of a square; a hollow one is drawn on its line, which takes a pixel on each side."""
    inset = int(hollow)
    return f"M{x + inset} {y + inset}h{side - 2 * inset}v{side - 2 * inset}h-{side - 2 * inset}z"


_CELL = 18


def _heads(canvas: Canvas, columns: Sequence[Label], cell: int, chinese: bool) -> None:  # noqa: FBT001
    """The names of the columns, written upwards; Chinese ones downwards, character below character."""
    if chinese:
        height = max(len(label.text) for label in columns) * 14 + 8
        for place, label in enumerate(columns):
            lang = f' lang="{label.lang}"' if label.lang else ""
            text = f'<text class="v" x="{place * cell + 7}" y="{canvas.y}"{lang}>{_clean(label.text)}</text>'
            canvas.parts.append(text)
    else:
        height = int(max(width(label.text) for label in columns)) + 4
        for place, label in enumerate(columns):
            lang = f' lang="{label.lang}"' if label.lang else ""
            turn = f"translate({place * cell + 12} {canvas.y + height}) rotate(-90)"
            canvas.parts.append(f'<text transform="{turn}"{lang}>{_clean(label.text)}</text>')
    canvas.y += height + 8


def key(canvas: Canvas, names: Sequence[Label]) -> None:
    """What the two kinds of square mean."""
    for kind, name in enumerate(names):
        canvas.add("path", "o" if kind else "a0", d=_square(0, canvas.y + 2, 14, hollow=bool(kind)))
        canvas.y += canvas.text(name, "22", canvas.y + 14, "q", PHONE - 22) * LINE + 2
    canvas.y += 8
