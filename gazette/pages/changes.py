"""The public record of changes; and a difference as one page that stands by itself, with nothing to be fetched."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import jinja2
from markupsafe import Markup

from gazette import words
from gazette.changes import Difference, Table, said
from gazette.changes.log import Entry, Move
from gazette.changes.said import Note, Speaker
from gazette.model import Dataset, Language, Settings
from gazette.pages import listing, prose
from gazette.pages.edition import Edition
from gazette.pages.prose import Item

LISTED = 2_000
"""Rows, and cells, listed of each table; all of them are in the JSON."""

_TABLED = {"removed", "added", "changed"}


def report(found: Difference, settings: Settings, censor: Callable[[str], str]) -> str:
    """The full report on a difference; ``censor`` blacks out personal data."""
    language = settings.language
    speaker = Speaker(language=language, mark=said.visible, tell=said.visible, censor=censor, limit=LISTED)
    title, summary, verdict = said.summary(found, speaker)
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(settings.config.parent / "templates" / "pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = templates.get_template("changes-report.css").render()
    notes = said.notes(found, speaker)
    return templates.get_template("changes-report.html").render(
        tag=words.BCP47[language],
        title=title,
        summary=summary,
        verdict=verdict,
        refused=found.refused,
        head=[
            speaker.label(f"head.{name}")
            for name in ("table", "before", "after", "added", "removed", "changed", "weight")
        ],
        scores=list(said.scores(found, speaker)),
        tables=[_table(table, speaker) for table in found.tables],
        notes=[_note(note, speaker) for note in notes if note.kind not in _TABLED or not _has_rows(note, found)],
        style=Markup(style),  # noqa: S704 - a file of ours
        digest=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        t=partial(words.label, language=language),
    )


def _has_rows(note: Note, found: Difference) -> bool:
    """Whether the cases of a note are shown as a table."""
    return note.place in {said.visible(table.place) for table in found.tables if table.delta is not None}


def _note(note: Note, speaker: Speaker) -> Mapping[str, object]:
    heading = speaker.label(f"note.{note.kind}", place=note.place, total=speaker.number(note.total))
    return {"heading": heading, "items": note.items, "more": _more(note.total - len(note.items), speaker)}


def _table(table: Table, speaker: Speaker) -> Mapping[str, object]:
    blocks = []
    if table.delta is not None:
        blocks = [
            _rows("removed", table.delta.removed, table, speaker),
            _cells(table, speaker),
            _rows("added", table.delta.added, table, speaker),
        ]
    return {"place": table.place, "anchor": table.place.replace("/", "-"), "blocks": [each for each in blocks if each]}


def _rows(kind: str, rows: Any, table: Table, speaker: Speaker) -> Mapping[str, object] | None:
    if not rows.num_rows:
        return None
    listed = rows.slice(0, LISTED).to_pylist()
    return {
        "kind": kind,
        "heading": speaker.label(f"note.{kind}", place="", total=speaker.number(rows.num_rows)),
        "head": [said.visible(name) for name in rows.column_names],
        "rows": [[_cell(cell, name, table, speaker) for name, cell in row.items()] for row in listed],
        "more": _more(rows.num_rows - len(listed), speaker),
    }


def _cells(table: Table, speaker: Speaker) -> Mapping[str, object] | None:
    delta = table.delta
    if delta is None or not len(delta.cells):
        return None
    cells = delta.cells
    keys = said.keys(cells.keys, delta.key, LISTED)
    rows = []
    for place, key in enumerate(keys):
        field = str(cells.field[place])
        named = [_cell(cell, name, table, speaker) for name, cell in zip(delta.key, key, strict=True)]
        pair = [_cell(column[place].as_py(), field, table, speaker) for column in (cells.old, cells.new)]
        rows.append([*named, said.visible(field), *pair])
    return {
        "kind": "changed",
        "heading": speaker.label("note.changed", place="", total=speaker.number(len(cells))),
        "head": [*delta.key, *(speaker.label(f"head.{name}") for name in ("field", "old", "new"))],
        "rows": rows,
        "more": _more(len(cells) - len(rows), speaker),
    }


def _cell(cell: str | None, name: str, table: Table, speaker: Speaker) -> str:
    if name in table.hidden:
        return speaker.label("hidden")
    return said.visible(speaker.censor(cell)) if cell else ""


def _more(count: int, speaker: Speaker) -> str | None:
    return speaker.label("more", count=speaker.number(count)) if count > 0 else None


# --- the public record ------------------------------------------------------------------------------------

NEWEST = 100
"""Versions on a page; all of them are in its files."""

SHOWN = 50
"""Cells, and withdrawn rows, shown of a table and version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What a version changed in one table."""

    summary: str
    gone: tuple[str, ...]
    cells: tuple[tuple[str, str, str, str], ...]
    columns: tuple[str, ...]
    rest: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file of a version."""

    href: str
    name: str
    size: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One version."""

    anchor: str
    title: str
    commit: str
    """By which citations name it."""
    dataset: prose.Item
    why: prose.Phrase
    who: str | None
    correction: bool
    first: bool
    tables: tuple[Moved, ...]
    files: tuple[File, ...]


def view(source: Edition, language: Language, root: str) -> Mapping[str, object]:
    """The newest versions of all datasets; ``root`` leads to the top of the site."""
    every = [entry for name, found in source.record.entries.items() if name in source.named for entry in found]
    every.sort(key=lambda entry: (*entry.version.order, entry.dataset), reverse=True)
    return {
        "versions": tuple(_shown(source, entry, language, root) for entry in every[:NEWEST]),
        "more": len(every) > NEWEST,
        "files": (("JSON", f"{root}data/changes.json"),) if every else (),
        "feeds": _feeds(source, "all", language, root) if every else (),
    }


def of(source: Edition, dataset: Dataset, language: Language, root: str) -> Mapping[str, object]:
    """Every version of one dataset."""
    found = source.record.entries.get(dataset.name, ())
    place = f"{root}data/{dataset.name}/changes"
    return {
        "name": listing.name_of(dataset, language),
        "back": "../",
        "versions": tuple(_shown(source, entry, language, root) for entry in found[:NEWEST]),
        "older": tuple((f"v-{entry.name}", _title(entry, language), entry.name) for entry in found[NEWEST:]),
        "files": (("CSV", f"{place}.csv"), ("JSON", f"{place}.json")) if found else (),
        "feeds": _feeds(source, f"datasets/{dataset.name}", language, root) if found else (),
    }


def _title(entry: Entry, language: Language) -> str:
    return words.label("changes.published", language, day=words.day(entry.version.published, language))


def _feeds(source: Edition, name: str, language: Language, root: str) -> tuple[tuple[str, str], ...]:
    """Feeds need the site's address."""
    return (("Atom", f"{root}feeds/{language}/{name}.atom"),) if source.settings.site.url else ()


def _shown(source: Edition, entry: Entry, language: Language, root: str) -> Shown:
    dataset = source.named[entry.dataset]
    page = f"{root}{language}/datasets/{entry.dataset}/changes/#v-{entry.name}"
    publisher = prose.phrase(dataset.publisher.title, language) if dataset.publisher else None
    files = source.record.files.get((entry.dataset, entry.name), ())
    return Shown(
        anchor=f"v-{entry.name}",
        title=_title(entry, language),
        commit=entry.name,
        dataset=Item(phrase=listing.name_of(dataset, language), href=page),
        why=prose.fragment(entry.version.subject, language, dataset.languages),
        who=words.label("changes.who", language, role=prose.known("role", "publisher", language), name=publisher.text)
        if publisher
        else None,
        correction=source.record.corrects(entry),
        first=entry.first,
        tables=tuple(_moved(source, entry, move, language) for move in entry.moves),
        files=tuple(
            File(
                href=f"{root}{file.path}", name=file.path.rpartition("/")[2],
                size=prose.size(file.bytes, language), sha256=file.sha256,
            )
            for file in files
        ),
    )  # fmt: skip


def _moved(source: Edition, entry: Entry, move: Move, language: Language) -> Moved:
    counts = {
        name: words.number(getattr(move, name) or 0, language) for name in ("after", "added", "removed", "changed")
    }
    key = "changes.rows.new" if entry.first or move.before is None else "changes.rows"
    reasons = [source.record.withdrawal(entry.dataset, move.resource, each) for each in move.gone[:SHOWN]]
    gone = [
        words.label("changes.gone.reason", language, row=said.visible(" / ".join(each)),
                    reason=said.visible(reason.reasons.get(language) or "" if reason else entry.version.subject))
        for each, reason in zip(move.gone[:SHOWN], reasons, strict=True)
    ]  # fmt: skip
    rest = max(move.removed - len(gone), 0) + max(move.cells - SHOWN, 0)
    titles = _titles(source, entry, move, language)
    return Moved(
        summary=words.label(key, language, table=_table_name(source, entry, move, language), **counts),
        gone=tuple(gone),
        cells=tuple(
            (
                said.visible(" / ".join(each)),
                titles.get(field) or said.visible(field),
                said.visible(old),
                said.visible(new),
            )
            for each, field, old, new in move.told[:SHOWN]
        ),
        columns=tuple(_column(old, new, language) for old, new in move.columns),
        rest=words.label("changes.rest", language, count=words.number(rest, language)) if rest else None,
    )


def _table_name(source: Edition, entry: Entry, move: Move, language: Language) -> str:
    """The title of the table today; its name where there is none any more."""
    resources = source.named[entry.dataset].resources
    titles = (prose.phrase(each.title, language) for each in resources if each.name == move.resource)
    return next((title.text for title in titles if title), move.resource)


def _titles(source: Edition, entry: Entry, move: Move, language: Language) -> Mapping[str, str]:
    """What the columns of the table are called today, beside the names they have in the files."""
    form = "{title}（{name}）" if language == "zh" else "{title} ({name})"
    schemas = (each.schema for each in source.named[entry.dataset].resources if each.name == move.resource)
    return {
        field.name: form.format(title=title, name=field.name)
        for schema in schemas
        for field in (schema.fields if schema else ())
        if (title := dict(field.title.values).get(language))
    }


def _column(old: str | None, new: str | None, language: Language) -> str:
    kind = "added" if old is None else "removed" if new is None else "renamed"
    facts = {"old": said.visible(old or ""), "new": said.visible(new or "")}
    return words.label(f"changes.step.column-{kind}", language, **facts)
