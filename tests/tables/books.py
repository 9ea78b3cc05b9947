"""Workbooks made by hand, and their parts exchanged for worse."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import openpyxl

SHEET = "xl/worksheets/sheet1.xml"


def write(path: Path, rows: Iterable[Iterable[Any]], change: Callable[[Any, Any], None] | None = None) -> Path:
    """A workbook of one sheet with ``rows``; ``change`` is shown the book and the sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    if change:
        change(book, sheet)
    book.save(path)
    return path


def rebuilt(path: Path, parts: Mapping[str, bytes | Callable[[bytes], bytes]]) -> Path:
    """The workbook at ``path`` with ``parts`` written anew or added, every part of the same day."""
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(packed, "w") as new:
        names = [*old.namelist(), *(name for name in parts if name not in old.namelist())]
        for name in names:
            part = parts.get(name)
            content = part if isinstance(part, bytes) else old.read(name)
            content = part(content) if callable(part) else content
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    path.write_bytes(packed.getvalue())
    return path
