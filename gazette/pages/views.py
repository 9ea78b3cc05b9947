"""Views made for their data: what a table declares under ``gazette.views``, drawn or laid out beside its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gazette import words
from gazette.checks import rules
from gazette.model import Dataset, Language, Outcome, Resource, View
from gazette.pages import charts
from gazette.pages.charts import reading
from gazette.pages.charts.reading import Figure, Label, Rows
from gazette.pages.edition import Edition, published

_SIGNS = {"passed": "✓", "failed": "✗", "waived": "✗", "unjudged": "?"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A figure of a form, and by how much it differs from the form of the year before."""

    text: str
    change: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One report laid out as the form it was filled in on."""

    title: Label
    latest: bool
    compared: str | None
    """Which year the small figures are compared with."""
    heads: tuple[Label, ...]
    lines: tuple[tuple[Label, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One rule held against the table, and whether it was kept."""

    sign: str
    status: str
    title: str
    href: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One line of a ranking."""

    rank: str
    label: Label
    score: str
    sign: str
    """``▲ 2``; empty where no change is stated."""
    change: str
    """The same in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The places of one group, with a drawing of how they changed."""

    title: Label | None
    heads: tuple[Label, ...]
    places: tuple[Place, ...]
    chart: charts.Chart | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Everything that has one status."""

    title: Label
    count: str
    entries: tuple[tuple[Label, tuple[tuple[Label, Label], ...]], ...]
    """Each with the names and values of what else is said of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One view as the page shows it; of the last four, one."""

    anchor: str
    kind: str
    title: Label
    table: Label
    href: str
    """Where the rows are on the page."""
    csv: str | None
    base: str | None
    """Of how many the shares are."""
    illustrative: bool
    chart: charts.Chart | None = None
    forms: tuple[Form, ...] = ()
    ticks: tuple[Tick, ...] = ()
    rankings: tuple[Ranking, ...] = ()
    stands: tuple[Stand, ...] = ()


def of(source: Edition, dataset: Dataset, language: Language, root: str) -> tuple[Shown, ...]:
    """The views of all tables of ``dataset``, in their order; ``root`` leads from the page to the top of the site."""
    return tuple(
        _shown(each, number, reading.read(source, dataset, resource, language), root)
        for resource in published(dataset)
        for number, each in enumerate(resource.views, start=1)
    )


def _shown(view: View, number: int, rows: Rows, root: str) -> Shown:
    resource, language = rows.resource, rows.language
    chosen = rows.having(view.parameters.get("where", {}))
    anchor = f"view-{resource.slug}-{number}"
    title = reading.named(view.title, resource.name, language)
    path = next(
        (each.path for each in rows.source.files(rows.dataset, resource) if each.media_type == "text/csv"), None
    )
    about: dict[str, Any] = {
        "anchor": anchor,
        "kind": view.view,
        "title": title,
        "table": reading.named(resource.title, resource.name, language),
        "href": f"#table-{resource.slug}",
        "csv": None if path is None else root + path,
        "base": _base(view, chosen),
        "illustrative": rows.dataset.illustrative,
    }
    if view.view in charts.DRAWN:
        return Shown(**about, chart=charts.chart(view, chosen, f"{anchor}-svg", title.text))
    if view.view == "form":
        ticks = tuple(_ticks(rows.source, rows.dataset, resource, language, root))
        return Shown(**about, forms=tuple(_forms(view.parameters, chosen)), ticks=ticks)
    if view.view == "ranking":
        return Shown(**about, rankings=tuple(_rankings(view, chosen, anchor)))
    return Shown(**about, stands=tuple(_stands(view.parameters, chosen)))


def _base(view: View, rows: Rows) -> str | None:
    """Of how many the figures are shares, where all of them are of the same."""
    stated = view.parameters.get("n")
    if stated is None:
        return None
    table, column = rows, stated
    if isinstance(stated, Mapping):
        table, column = _referred(rows, stated["resource"]), stated["field"]
    values = {row[column] for row in table if row.get(column)}
    if len(values) != 1:
        return None
    count = reading.figure(values.pop())
    return words.label("chart.base", rows.language, count=count.text, what=table.title(column).text)


def _referred(rows: Rows, resource: str) -> Rows:
    """The rows of another table of the package that these rows name."""
    keys = rows.resource.schema.foreign_keys if rows.resource.schema else ()
    key = next((each for each in keys if each.resource == resource and each.dataset is None), None)
    there = rows.target(key.fields[0]) if key and len(key.fields) == 1 else None
    if key is None or there is None:
        return rows.only([])
    wanted = {row.get(key.fields[0]) for row in rows}
    return there.only([row for row in there if row.get(key.reference_fields[0]) in wanted])


# --- the statutory form -----------------------------------------------------------------------------------


def _forms(given: Mapping[str, Any], rows: Rows) -> Iterator[Form]:
    """One form per report, the newest of each unit first, compared with that of the year before where there is one."""
    sheets = {
        code: rows.only([row for row in rows if row.get(given["by"]) == code]) for code in rows.order(given["by"])
    }
    about = _about(rows, given["by"])
    before = {code: _before(code, about) for code in sheets}
    followed = set(before.values())
    for code in sorted(sheets, key=lambda code: code in followed):
        yield _form(given, code, sheets[code], before[code], sheets.get(before[code] or ""), about)


def _about(rows: Rows, by: str) -> Mapping[str, tuple[str, str]]:
    """Unit and year of each report: the columns ``unit_id`` and ``year`` of the table of reports."""
    there = rows.target(by)
    keys = rows.resource.schema.foreign_keys if rows.resource.schema else ()
    name = next((key.reference_fields[0] for key in keys if key.fields == (by,)), by)
    return {row[name]: (row["unit_id"], row["year"]) for row in there or () if row.get("unit_id") and row.get("year")}


def _before(code: str, about: Mapping[str, tuple[str, str]]) -> str | None:
    """The report of the same unit on the year before."""
    if code not in about or not about[code][1].isdecimal():
        return None
    unit, year = about[code]
    return next((other for other, (own, its) in about.items() if own == unit and its == str(int(year) - 1)), None)


def _form(
    given: Mapping[str, Any],
    code: str,
    sheet: Rows,
    former: str | None,
    earlier: Rows | None,
    about: Mapping[str, tuple[str, str]],
) -> Form:
    heads, keys = _columns(given, sheet)
    now = _figures(given, sheet)
    then = _figures(given, earlier) if earlier else {}
    compared = words.label("form.compared", sheet.language, year=about[former][1]) if former and earlier else None
    return Form(
        title=sheet.called(given["by"], code),
        latest=all(_before(other, about) != code for other in about),
        compared=compared,
        heads=(sheet.title(given["rows"]), *heads),
        lines=tuple(
            (
                sheet.called(given["rows"], line),
                tuple(_cell(now.get((line, key)), then.get((line, key))) for key in keys),
            )
            for line in sheet.order(given["rows"])
        ),
    )


def _columns(given: Mapping[str, Any], sheet: Rows) -> tuple[list[Label], list[str]]:
    if "columns" in given:
        keys = list(sheet.order(given["columns"]))
        return [sheet.called(given["columns"], key) for key in keys], keys
    keys = _listed(given["value"])
    return [sheet.title(key) for key in keys], keys


def _figures(given: Mapping[str, Any], sheet: Rows) -> Mapping[tuple[str, str], Figure]:
    line = given["rows"]
    values = _listed(given["value"])
    if "columns" in given:
        return {(row[line], row[given["columns"]]): sheet.figure(row, values[0]) for row in sheet}
    return {(row[line], value): sheet.figure(row, value) for row in sheet for value in values}


def _cell(now: Figure | None, then: Figure | None) -> Cell:
    if now is None or now.value is None:
        return Cell(text="")
    if then is None or then.value is None or then.value == now.value:
        return Cell(text=now.text)
    return Cell(text=now.text, change=_signed(now.value - then.value))


def _signed(change: Decimal) -> str:
    return f"+{change:,f}" if change > 0 else reading.written(change)


def _listed(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [str(value)]


def _ticks(source: Edition, dataset: Dataset, resource: Resource, language: Language, root: str) -> Iterator[Tick]:
    """The rules held against the table, as the report has them."""
    titles = {rule.id: rule.title for rule in rules.every()}
    for outcome in source.report.rules.get(dataset.name, ()):
        if outcome.resource == resource.name:
            yield Tick(
                sign=_SIGNS[outcome.status],
                status=outcome.status,
                title=reading.named(titles[outcome.rule], outcome.rule, language).text,
                href=f"{root}{language}/rules/#{outcome.rule}",
                outcome=_outcome(outcome, language),
            )


def _outcome(outcome: Outcome, language: Language) -> str:
    counts = {"count": words.number(outcome.count, language), "rows": words.number(outcome.unjudged, language)}
    return words.label(f"rules.{outcome.status}", language, **counts)


# --- ranking and status -----------------------------------------------------------------------------------


def _rankings(view: View, rows: Rows, anchor: str) -> Iterator[Ranking]:
    """A table per group, with a slope chart where the table states changes."""
    given = view.parameters
    by = _listed(given["by"]) if "by" in given else []
    groups = dict.fromkeys(tuple(row.get(name, "") for name in by) for row in rows)
    for number, group in enumerate(groups, start=1):
        own = rows.only([row for row in rows if tuple(row.get(name, "") for name in by) == group])
        ordered = own.only(sorted(own, key=lambda row: _rank(own, row, given["rank"])))
        titles = [own.called(name, value).text for name, value in zip(by, group, strict=True)]
        title = Label(text=("，" if rows.language == "zh" else ", ").join(titles)) if titles else None
        heads = [own.title(given["rank"]), own.title(given["label"]), own.title(given["score"])]
        yield Ranking(
            title=title,
            heads=(*heads, *([own.title(given["change"])] if "change" in given else [])),
            places=tuple(_place(given, ordered, row) for row in ordered),
            chart=_moves(view, ordered, f"{anchor}-{number}-svg", title) if "change" in given else None,
        )


def _rank(rows: Rows, row: Mapping[str, str], name: str) -> Decimal:
    value = rows.figure(row, name).value
    return value if value is not None else Decimal("Infinity")


def _moves(view: View, rows: Rows, anchor: str, title: Label | None) -> charts.Chart:
    given = view.parameters
    slope = {"label": given["label"], "value": given["rank"], "change": given["change"], "order": "ascending"}
    named = [reading.named(view.title, "", rows.language).text, *([title.text] if title else [])]
    drawn = View(view="slope", title=view.title, parameters=slope, pointer=view.pointer)
    return charts.chart(drawn, rows, anchor, ("：" if rows.language == "zh" else ": ").join(named))


def _place(given: Mapping[str, Any], rows: Rows, row: Mapping[str, str]) -> Place:
    sign = change = ""
    if "change" in given:
        sign, change = _moved(rows.figure(row, given["change"]), rows.language)
    return Place(
        rank=rows.figure(row, given["rank"]).text,
        label=rows.label(row, given["label"]),
        score=rows.figure(row, given["score"]).text,
        sign=sign,
        change=change,
    )


def _moved(change: Figure, language: Language) -> tuple[str, str]:
    if change.value is None:
        return "", words.label("ranking.unstated", language)
    if change.value == 0:
        return "＝" if language == "zh" else "=", words.label("ranking.same", language)
    up = change.value > 0
    places = words.label("ranking.up" if up else "ranking.down", language, places=f"{abs(change.value):f}")
    return f"{'▲' if up else '▼'} {abs(change.value):f}", places


def _stands(given: Mapping[str, Any], rows: Rows) -> Iterator[Stand]:
    """The entries under each status, in the order in which the schema lists them."""
    names: Sequence[str] = _listed(given["facts"]) if "facts" in given else []
    for code in rows.order(given["status"]):
        own = rows.only([row for row in rows if row.get(given["status"]) == code])
        yield Stand(
            title=rows.called(given["status"], code),
            count=words.number(len(own), rows.language),
            entries=tuple((own.label(row, given["label"]), tuple(_facts(own, row, names))) for row in own),
        )


def _facts(rows: Rows, row: Mapping[str, str], names: Sequence[str]) -> Iterator[tuple[Label, Label]]:
    for name in names:
        if row.get(name):
            found = rows.field(name)
            dated = found is not None and found.type == "date"
            yield rows.title(name), Label(text=charts.day(row[name], rows.language)) if dated else rows.label(row, name)
