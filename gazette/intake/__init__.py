"""Tables from outside: made canonical, or made the beginning of a dataset."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from gazette import words
from gazette.intake import doubts, reading, scaffold
from gazette.intake.reading import Remark, Sheet
from gazette.model import BuildError, Fact, Finding, Language, Settings

_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def convert(settings: Settings, censor: Callable[[str], str]) -> str:
    """Write ``settings.source`` as canonical CSV and say what that changed.

    It goes to ``settings.target``; without one, to the file itself with the ending ``.csv``. No other file is
    written over. Raises :class:`BuildError` where the file is no table, or the target exists.
    """
    source = settings.source or Path()
    target = settings.target or source.with_suffix(".csv")
    if target.exists() and not (source.exists() and target.samefile(source)):
        raise BuildError("convert-exists", path=str(target))
    sheet = reading.read(source)
    content = reading.written(sheet)
    same = target.exists() and target.read_bytes() == content
    if not same:
        _put(target, content)
    lines = [_said(remark, settings.language, censor) for remark in (*sheet.remarks, *doubts.judge(sheet))]
    key = "intake.unchanged" if same else "intake.converted"
    size = {"rows": len(sheet.rows), "columns": len(sheet.names)}
    return "\n".join([words.label(key, settings.language, path=str(target), **size), *lines]) + "\n"


def new(settings: Settings, censor: Callable[[str], str]) -> str:
    """Start the dataset ``settings.name`` from ``settings.source``, and say what is to be done next.

    Raises :class:`BuildError` for a name that cannot be one, a folder that exists, and a file that is no table.
    """
    if not _NAME.fullmatch(settings.name):
        raise BuildError("new-name", name=settings.name)
    folder = settings.datasets / settings.name
    if folder.exists():
        raise BuildError("new-exists", path=str(folder))
    sheet = reading.read(settings.source or Path())
    found = scaffold.columns(sheet)
    (folder / "data").mkdir(parents=True)
    names = [column.name for column in found]
    _put(folder / "data" / f"{settings.name}.csv", reading.written(sheet, names))
    _put(folder / "datapackage.yaml", scaffold.text(settings.name, found).encode())
    return "\n".join(_begun(settings, sheet, found, censor)) + "\n"


def _begun(
    settings: Settings, sheet: Sheet, found: Iterable[scaffold.Column], censor: Callable[[str], str]
) -> list[str]:
    language = settings.language
    folder = settings.datasets / settings.name
    lines = [words.label("intake.begun", language, path=str(folder / "datapackage.yaml"), rows=len(sheet.rows))]
    for column in found:
        kind = words.label(f"type.{column.type}", language)
        lines.append("  " + words.label("intake.column", language, name=column.name, label=column.label, kind=kind))
    lines += [_said(remark, language, censor) for remark in (*sheet.remarks, *doubts.judge(sheet))]
    return [*lines, words.label("intake.next", language, name=settings.name)]


def _said(remark: Remark, language: Language, censor: Callable[[str], str]) -> str:
    facts = {name: censor(value) if isinstance(value, str) else value for name, value in remark.facts.items()}
    if remark.finding:
        facts |= _found(remark.finding, language, censor)
    said = words.label(f"intake.{remark.key}", language, **facts)
    return f"  {words.label('intake.look', language) if remark.doubt else ''}{said}"


def _found(finding: Finding, language: Language, censor: Callable[[str], str]) -> dict[str, Fact]:
    """Where something was found first, what, and how often."""
    row = words.label("report.row", language, row=finding.row) if finding.row else ""
    field = words.label("report.field", language, field=finding.field) if finding.field else ""
    times = f" × {words.number(finding.count, language)}" if finding.count > 1 else ""
    return {"place": f"{row}{field}", "what": censor(words.message(finding, language).what), "count": times}


def _put(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            file.write(content)
        Path(file.name).chmod(0o644)
        os.replace(file.name, path)  # noqa: PTH105 - the path is a string here
    except OSError as fault:
        raise BuildError("convert-unwritable", exit=3, path=str(path), reason=str(fault.strerror)) from fault
