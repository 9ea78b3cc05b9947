"""A difference as one page that stands by itself: no script, no style sheet, nothing to be fetched."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import jinja2
from markupsafe import Markup

from gazette import words
from gazette.changes import Difference, Table, said
from gazette.changes.said import Note, Speaker
from gazette.model import Settings

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
