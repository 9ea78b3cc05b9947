"""Findings → what people and machines read: text, GitHub annotations, JSON."""

from __future__ import annotations

import io
import json
import os
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from gazette import words
from gazette.model import BuildError, Dataset, Finding, Language, Report, Settings

if TYPE_CHECKING:
    from rich import progress as bars

# ruff: noqa: PLC0415 - rich takes longer to import than a small table to check: only what draws on a terminal pays it

SHOWN = 100
"""Findings listed in text; totals are exact beyond."""

LISTED = 1000
"""Findings listed per dataset in JSON."""

ANNOTATIONS = 10
"""Annotations GitHub shows of one step (GitHub Docs, "Workflow commands")."""

PATIENCE = 1.0
"""Seconds after which a person at a terminal is told what is going on."""

Value = TypeVar("Value")

_STYLES = {"error": "bold red", "warning": "bold yellow"}

_Line: TypeAlias = list[tuple[str, str]]
"""Pieces of text, each with its style; one without any has an empty one."""


def render(report: Report, settings: Settings) -> str:
    """The report in the format the command line asked for, with a line break at its end."""
    return _FORMATS[settings.format](_selected(report, settings), settings)


def expect(settings: Settings, known: Iterable[Dataset], findings: Iterable[Finding]) -> None:
    """Make sure that there is something to report on every dataset that was asked for.

    ``known`` are the datasets that could be read; a finding speaks of one that could not. Raises
    :class:`BuildError` (exit 2) for any other.
    """
    names = {*(dataset.name for dataset in known), *(finding.dataset for finding in findings if finding.dataset)}
    if unknown := sorted(set(settings.only) - names):
        raise BuildError("datasets-unknown", names=unknown, path=str(settings.datasets), known=sorted(names))


def failure(fault: BuildError, language: Language) -> str:
    """The one sentence about what stopped the build."""
    return f"{words.error(fault, language)}\n"


def status(report: Report, settings: Settings) -> int:
    """The exit code of ``check``: 1 where the datasets asked for are refused."""
    return int(_selected(report, settings).blocks)


def refuses(findings: Iterable[Finding]) -> bool:
    """Whether anything found in a finished site keeps it from being published."""
    return any(finding.severity == "error" for finding in findings)


def proof(findings: Sequence[Finding], settings: Settings) -> str:
    """What was found in a finished site: that of ``verify``, or the one ``build`` has made and not published."""
    counts = Counter({"error": 0, "warning": 0})
    codes = Counter[tuple[str, str]]()
    for finding in findings:
        counts[finding.severity] += finding.count
        codes[finding.dataset or "", finding.code] += finding.count
    report = Report(findings=tuple(findings), counts=counts, codes=codes, rows={})
    return render(report, replace(settings, command="verify", target=settings.target or settings.output))


def fingerprint(manifest: str, settings: Settings) -> str:
    """The line with the SHA-256 of a site's manifest, for people; a program that reads JSON can compute it."""
    if settings.format == "json":
        return ""
    return words.label("report.manifest", settings.language, sha256=manifest) + "\n"


def rarest(findings: Iterable[Finding], limit: int) -> list[Finding]:
    """All findings as they stand; of more than ``limit`` the errors first, and of each the rarest kinds first."""
    found = list(findings)
    if len(found) <= limit:
        return found
    often = Counter(finding.code for finding in found)
    return sorted(found, key=lambda finding: (finding.severity != "error", often[finding.code]))[:limit]


def _selected(report: Report, settings: Settings) -> Report:
    """The part about the datasets that were asked for; what belongs to none is always part of it."""
    if not settings.only:
        return report
    wanted = {*settings.only, ""}
    findings = tuple(finding for finding in report.findings if (finding.dataset or "") in wanted)
    codes = {key: count for key, count in report.codes.items() if key[0] in wanted}
    counts = Counter({"error": 0, "warning": 0})
    unlisted = Counter(codes)
    for finding in findings:
        counts[finding.severity] += finding.count
        unlisted[finding.dataset or "", finding.code] -= finding.count
    for (_, code), count in unlisted.items():
        counts[settings.policy.severities.get(code, "error")] += count
    rows = {key: count for key, count in report.rows.items() if key[0] in wanted}
    return Report(findings=findings, counts=dict(counts), codes=codes, rows=rows)


# --- text -------------------------------------------------------------------------------------------------


def _text(report: Report, settings: Settings) -> str:
    shown = rarest(report.findings, SHOWN)
    lines = [_line(finding, settings) for finding in shown]
    if sum(finding.count for finding in shown) < sum(report.counts.values()):
        lines.append([(_cut(report, shown, settings), "")])
    lines.append([(_summary(report, settings), "")])
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return _coloured(lines) if colour else "".join("".join(text for text, _ in line) + "\n" for line in lines)


def _coloured(lines: Iterable[_Line]) -> str:
    from rich.console import Console
    from rich.text import Text as Styled

    page = io.StringIO()
    console = Console(file=page, force_terminal=True, width=10_000, highlight=False, soft_wrap=True)
    for line in lines:
        console.print(Styled.assemble(*line))
    return page.getvalue()


def _line(finding: Finding, settings: Settings) -> _Line:
    language = settings.language
    message = words.message(finding, language)
    return [
        (words.label(f"severity.{finding.severity}", language), _STYLES[finding.severity]),
        (f" {finding.code} ", ""),
        (_place(finding, settings), "bold"),
        (f"\n  {_visible(message.what)}\n  → {_visible(message.fix)}", ""),
    ]


def _place(finding: Finding, settings: Settings) -> str:
    language = settings.language
    parts = [_visible(_path(finding, settings) or words.label("report.everywhere", language))]
    if finding.row is None and finding.line is not None:
        parts.append(f":{finding.line}" + (f":{finding.column}" if finding.column else ""))
    if finding.row is not None:
        parts.append(words.label("report.row", language, row=finding.row))
    if finding.field:
        parts.append(words.label("report.field", language, field=_visible(finding.field)))
    if finding.pointer:
        parts.append(f" {_visible(finding.pointer)}")
    return "".join(parts)


def _cut(report: Report, shown: Sequence[Finding], settings: Settings) -> str:
    totals = Counter[str]()
    for (_, code), count in report.codes.items():
        totals[code] += count
    listed = "\n".join(f"  {count:>9} {code}" for code, count in totals.most_common())
    heading = words.label("report.cut", settings.language, shown=len(shown), total=sum(report.counts.values()))
    return f"{heading}\n{listed}"


def _summary(report: Report, settings: Settings) -> str:
    key = "report.refused" if report.blocks else "report.accepted"
    return words.label(
        key,
        settings.language,
        errors=words.number(report.counts["error"], settings.language),
        warnings=words.number(report.counts["warning"], settings.language),
    )


# --- GitHub -----------------------------------------------------------------------------------------------


def _github(report: Report, settings: Settings) -> str:
    lines = []
    for finding in rarest(report.findings, ANNOTATIONS):
        message = words.message(finding, settings.language)
        place = {"file": _visible(_path(finding, settings) or ""), "line": finding.line, "title": finding.code}
        stated = ",".join(f"{name}={_escaped(str(value))}" for name, value in place.items() if value)
        body = _escaped(f"{_visible(message.what)} → {_visible(message.fix)}", value=False)
        lines.append(f"::{finding.severity} {stated}::{body}")
    return "\n".join([*lines, _summary(report, settings)]) + "\n"


def _escaped(text: str, *, value: bool = True) -> str:
    """As the runner decodes it (actions/toolkit, ``escapeData`` and ``escapeProperty``)."""
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if value else text


# --- JSON -------------------------------------------------------------------------------------------------


def _json(report: Report, settings: Settings) -> str:
    listed: list[Finding] = []
    for name in sorted({finding.dataset or "" for finding in report.findings}):
        listed += rarest((finding for finding in report.findings if (finding.dataset or "") == name), LISTED)
    document = {
        "status": "refused" if report.blocks else "accepted",
        "counts": report.counts,
        "findings": [_record(finding, settings) for finding in listed],
    }
    written = json.dumps(document, ensure_ascii=False, indent=2)
    # Chinese stays legible; what would act on a terminal, or cannot be written as UTF-8, is escaped.
    return "".join(char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in written) + "\n"


def _record(finding: Finding, settings: Settings) -> dict[str, Any]:
    message = {}
    for language in words.LANGUAGES:
        said = words.message(finding, language)
        message[language] = f"{said.what} {said.fix}" if language == "en" else f"{said.what}{said.fix}"
    return {
        "code": finding.code,
        "severity": finding.severity,
        "source": finding.source,
        "dataset": finding.dataset,
        "path": _path(finding, settings),
        "pointer": finding.pointer,
        "resource": finding.resource,
        "row": finding.row,
        "line": finding.line,
        "column": finding.column,
        "field": finding.field,
        "count": finding.count,
        "message": message,
        "facts": dict(finding.facts),
    }


def _path(finding: Finding, settings: Settings) -> str | None:
    """The path as the operator would open it."""
    if finding.path is None:
        return None
    if settings.command == "verify" and settings.remote:
        return f"{settings.remote.rstrip('/')}/{finding.path}"
    folder = settings.target if settings.command == "verify" else settings.datasets
    return (Path(folder or "") / finding.path).as_posix()


def _visible(text: str) -> str:
    """Control and format characters in data must not move the reader's cursor or reorder a line."""
    return "".join(char if char.isprintable() or char == "\u3000" else f"U+{ord(char):04X}" for char in text)


_FORMATS: Mapping[str, Callable[[Report, Settings], str]] = {"text": _text, "github": _github, "json": _json}


# --- while it runs ----------------------------------------------------------------------------------------


@contextmanager
def progress(settings: Settings) -> Iterator[Progress]:
    """Says on the terminal what is being done, if it takes longer than :data:`PATIENCE`, and takes it away again.

    Only where standard error is a terminal and the report is for people; a program that reads it sees nothing.
    """
    shown = Progress(settings.language, visible=sys.stderr.isatty() and settings.format == "text")
    try:
        yield shown
    finally:
        shown.close()


class Progress:
    """One line about the stage that is under way, with how much of it is done; none where nobody watches."""

    def __init__(self, language: Language, *, visible: bool) -> None:
        self._language = language
        self._bar = _bar() if visible else None
        if self._bar:
            self._task = self._bar.add_task("", total=None, done="")
            self._timer = threading.Timer(PATIENCE, self._bar.start)
            self._timer.daemon = True
            self._timer.start()

    def stage(self, name: str) -> None:
        """From now on ``progress.<name>`` of the catalogue is being done."""
        if self._bar:
            said = words.label(f"progress.{name}", self._language)
            self._bar.reset(self._task, total=None, description=said, done="")

    def count(self, values: Iterable[Value], total: int | None = None) -> Iterator[Value]:
        """``values``, and on the terminal how many of the ``total`` have passed."""
        for number, value in enumerate(values, 1):
            if self._bar:
                done = words.number(number, self._language)
                if total:
                    done = f"{done} / {words.number(total, self._language)}"
                self._bar.update(self._task, completed=number, total=total, done=done)
            yield value

    def close(self) -> None:
        """Take the line away."""
        if self._bar:
            self._timer.cancel()
            if self._timer.is_alive():
                self._timer.join()  # it may be drawing the line for the first time
            self._bar.stop()


def _bar() -> bars.Progress:
    from rich import progress as bars
    from rich.console import Console

    return bars.Progress(
        bars.SpinnerColumn(),
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.TextColumn("{task.fields[done]}"),
        bars.TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
    )
