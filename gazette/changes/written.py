"""A difference as text for a terminal, as Markdown for a pull request, and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from gazette.changes import said
from gazette.changes.rows import records
from gazette.changes.said import Note, Speaker
from gazette.changes.values import Difference, Package, Step, Table
from gazette.model import Coverage, Finding, Language, Settings

LINES = 24
"""Lines of the Markdown: in two languages they are still not fifty."""

SCORES = 8
"""Tables of its scoreboard; the totals stand above it."""

LISTED = 20
"""Cases of each note in the text for a terminal."""

_BRIEF = 10
_HEAD = ("table", "before", "after", "added", "removed", "changed", "weight")


def text(found: Difference, language: Language, censor: Callable[[str], str]) -> str:
    """The difference for a terminal."""
    speaker = Speaker(language=language, mark=said.quoted, tell=said.visible, censor=censor, limit=LISTED)
    title, summary, verdict = said.summary(found, speaker)
    lines = [title, summary, verdict, ""]
    rows = [tuple(speaker.label(f"head.{name}") for name in _HEAD), *said.scores(found, speaker)]
    lines += [*_aligned(rows), ""] if len(rows) > 1 else []
    for note in said.notes(found, speaker):
        lines.append(_heading(note, speaker))
        lines += [f"  {item}" for item in note.items]
        if rest := note.total - len(note.items):
            lines.append("  " + speaker.label("more", count=speaker.number(rest)))
    return "\n".join(lines).rstrip() + "\n"


def markdown(found: Difference, language: Language, censor: Callable[[str], str]) -> str:
    """The difference for a pull request: at most :data:`LINES` lines, however large it is."""
    speaker = Speaker(language=language, mark=said.code, tell=said.code, censor=censor, limit=_BRIEF)
    title, summary, verdict = said.summary(found, speaker)
    lines = [f"### {title}", "", f"{summary} **{verdict}**", ""]
    lines += _scoreboard(found, speaker)
    notes = said.notes(found, speaker)
    room = LINES - len(lines)
    shown = notes if len(notes) <= room else notes[: room - 1]
    lines += [f"- **{_heading(note, speaker)}** {_joined(note, speaker)}" for note in shown]
    if len(shown) < len(notes):
        lines.append("- " + speaker.label("unshown", count=speaker.number(len(notes) - len(shown))))
    return "\n".join(lines).rstrip() + "\n"


def document(found: Difference, censor: Callable[[str], str]) -> str:
    """The whole difference as JSON."""
    stated = {
        "base": found.base,
        "head": found.head,
        "status": "refused" if found.refused else "accepted",
        "counts": dict(found.counts),
        "datasets": [_package(package, censor) for package in found.packages],
        "findings": {
            "new": [_finding(each) for each in found.fresh],
            "mended": [_finding(each) for each in found.mended],
        },
        "coverage": [{"before": _covered(before), "after": _covered(after)} for before, after in found.coverage],
        "pages": list(found.pages),
        "misplaced": list(found.misplaced),
    }
    written = json.dumps(stated, ensure_ascii=False, indent=1)
    return "".join(char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in written) + "\n"


def render(found: Difference, settings: Settings, censor: Callable[[str], str]) -> str:
    """The difference in the format the command line asked for; ``censor`` blacks out personal data."""
    if settings.format == "json":
        return document(found, censor)
    return (markdown if settings.format == "markdown" else text)(found, settings.language, censor)


# --- Markdown and text ------------------------------------------------------------------------------------


def _heading(note: Note, speaker: Speaker) -> str:
    return speaker.label(f"note.{note.kind}", place=note.place, total=speaker.number(note.total))


def _joined(note: Note, speaker: Speaker) -> str:
    rest = note.total - len(note.items)
    more = [speaker.label("more", count=speaker.number(rest))] if rest else []
    return ("；" if speaker.language == "zh" else "; ").join([*note.items, *more])


def _scoreboard(found: Difference, speaker: Speaker) -> list[str]:
    rows = list(said.scores(found, speaker))
    if not rows:
        return []
    lines = [_row([speaker.label(f"head.{name}") for name in _HEAD]), "|---|--:|--:|--:|--:|--:|---|"]
    shown = rows if len(rows) <= SCORES else rows[: SCORES - 1]
    lines += [_row([said.code(name), *others]) for name, *others in shown]
    if len(shown) < len(rows):
        rest = speaker.label("tables", count=speaker.number(len(rows) - len(shown)))
        lines.append(_row([rest, *[""] * (len(_HEAD) - 1)]))
    return [*lines, ""]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns under one another; a Han character is as wide as two letters."""
    shown = [[said.visible(cell) for cell in row] for row in rows]
    widths = [max(map(said.width, column)) for column in zip(*shown, strict=True)]
    return [
        "  ".join(cell + " " * (width - said.width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in shown
    ]


# --- JSON -------------------------------------------------------------------------------------------------


def _package(package: Package, censor: Callable[[str], str]) -> dict[str, Any]:
    return {
        "name": package.name,
        "state": package.state,
        "steps": [_step(step, censor) for step in package.steps],
        "tables": [_table(table, censor) for table in package.tables],
    }


def _table(table: Table, censor: Callable[[str], str]) -> dict[str, Any]:
    stated: dict[str, Any] = {
        "name": table.resource, "state": table.state, "weight": table.weight, "rows_before": table.before,
        "rows_after": table.after, "unread": table.unread, "read_as": table.encoding,
        "steps": [_step(step, censor) for step in table.steps],
    }  # fmt: skip
    if table.delta is None:
        return stated

    def shown(name: str, cell: str | None) -> str | None:
        return None if cell is None else "███" if name in table.hidden else censor(cell)

    delta = table.delta
    cells = zip(records(delta.cells.keys), delta.cells.field.to_pylist(), delta.cells.old.to_pylist(),
                delta.cells.new.to_pylist(), strict=True)  # fmt: skip
    return stated | {
        "key": list(delta.key),
        "removed": [{name: shown(name, cell) for name, cell in row.items()} for row in records(delta.removed)],
        "added": [{name: shown(name, cell) for name, cell in row.items()} for row in records(delta.added)],
        "changed": [
            {"key": {name: shown(name, cell) for name, cell in key.items()}, "field": field,
             "old": shown(field, old), "new": shown(field, new)}
            for key, field, old, new in cells
        ],
    }  # fmt: skip


def _step(step: Step, censor: Callable[[str], str]) -> dict[str, Any]:
    old, new = (None if text is None else censor(text) for text in (step.old, step.new))
    return {"kind": step.kind, "place": step.place, "old": old, "new": new, "breaking": step.breaking}


def _finding(finding: Finding) -> dict[str, Any]:
    names = ("code", "severity", "dataset", "path", "pointer", "resource", "row", "line", "field", "count")
    return {name: getattr(finding, name) for name in names}


def _covered(each: Coverage | None) -> dict[str, Any] | None:
    if each is None:
        return None
    return {"dataset": each.dataset, "language": each.language, "complete": each.complete, "texts": each.texts}
