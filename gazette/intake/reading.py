"""A table somebody hands in, whatever program saved it: its cells, and what its file was."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gazette import tables
from gazette.model import BuildError, Dataset, Fact, File, Finding, Resource, Slice, Snapshot, Text

DELIMITERS = ",;\t|，"
"""Among which the one most frequent in the header is taken; the last is what a Chinese keyboard types."""

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NAMES = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "gb18030": "GB18030"}
_BINARY = (b"\xd0\xcf\x11\xe0", b"%PDF")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One thing that is different about the file, or doubtful about its cells: ``intake.<key>`` of the catalogue."""

    key: str
    facts: dict[str, Fact]
    doubt: bool = False
    """Whether it is for a person to look at; nothing was changed."""
    finding: Finding | None = None
    """What a check says of it, with the first place and how often there are more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The cells of a table, all rows of the length of its header."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    remarks: tuple[Remark, ...]

    def column(self, place: int) -> tuple[str, ...]:
        """The cells of one column."""
        return tuple(row[place] for row in self.rows)


def read(path: Path) -> Sheet:
    """The table in ``path``; raises :class:`BuildError` where there is none that can be read."""
    if not path.is_file():
        raise BuildError("convert-missing", path=str(path))
    content = path.read_bytes()
    if content.startswith(b"PK"):
        names, rows, remarks = _workbook(path)
    elif content.startswith(_BINARY) or not content.strip():
        raise BuildError("convert-unreadable", path=str(path))
    else:
        names, rows, remarks = _text(content, path)
    return _trimmed(names, rows, remarks)


def _text(content: bytes, path: Path) -> tuple[list[str], list[list[str]], list[Remark]]:
    encoding = _encoding(content, path)
    text = content.decode(encoding)
    remarks = []
    if encoding != "utf-8":
        key = "mark" if encoding == "utf-8-sig" else "encoding"
        remarks.append(Remark(key=key, facts={"encoding": _NAMES[encoding]}))
    header = text.splitlines()[0]
    counts = Counter(char for char in header if char in DELIMITERS)
    delimiter = max(DELIMITERS, key=lambda char: (counts[char], char == ",")) if counts else ","
    if delimiter != ",":
        shown = {"\t": "Tab"}.get(delimiter, delimiter)
        remarks.append(Remark(key="delimiter", facts={"delimiter": shown}))
    if "\r" in text:
        remarks.append(Remark(key="ends", facts={}))
    try:
        names, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except (csv.Error, ValueError) as fault:
        raise BuildError("convert-unreadable", path=str(path)) from fault
    return names, rows, remarks


def _encoding(content: bytes, path: Path) -> str:
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    if marked is None and content[1:2] == b"\0":
        marked = "utf-16-le"
    for encoding in [marked] if marked else ["utf-8", "gb18030"]:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise BuildError("convert-unreadable", path=str(path))


def _workbook(path: Path) -> tuple[list[str], list[list[str]], list[Remark]]:
    blank = Text()
    resource = Resource(
        name="table", slug="table", dataset="table", title=blank, description=blank, paths=(path.name,), format="xlsx"
    )
    dataset = Dataset(name="table", folder="", path=path.name, title=blank, description=blank, resources=(resource,))
    folder = path.parent
    inputs = Snapshot(root=folder, source=folder, files=(File(path=path.name, bytes=0, sha256=""),))
    plain = Slice(root=folder, dataset=dataset, resource=resource)
    if any(finding.code in tables.FATAL for finding in tables.faults(plain)):
        raise BuildError("convert-unreadable", path=str(path))
    (dataset,) = tables.labelled((dataset,), inputs)
    piece = replace(plain, dataset=dataset, resource=dataset.resources[0])
    try:
        table = tables.read(piece)
    except tables.Irregular as fault:
        raise BuildError("convert-unreadable", path=str(path)) from fault
    rows = [[cell or "" for cell in row] for row in zip(*(column.to_pylist() for column in table.columns), strict=True)]
    noted = [*_noted(tables.faults(piece))]
    return list(table.column_names), rows, [Remark(key="workbook", facts={}), *noted]


def _noted(findings: Sequence[Finding]) -> Iterator[Remark]:
    """What is doubtful about a workbook, in the words of its finding; of each kind the first and their number."""
    counts: Counter[str] = Counter()
    first: dict[str, Finding] = {}
    for finding in findings:
        counts[finding.code] += finding.count
        first.setdefault(finding.code, finding)
    for code, finding in first.items():
        yield Remark(key="finding", facts={"code": code}, doubt=True, finding=replace(finding, count=counts[code]))


def _trimmed(names: Sequence[str], rows: Sequence[Sequence[str]], remarks: Sequence[Remark]) -> Sheet:
    """Without the blank rows and columns that a spreadsheet leaves behind."""
    found = list(remarks)
    full = [row for row in rows if any(cell.strip() for cell in row)]
    if len(full) < len(rows):
        found.append(Remark(key="blank-rows", facts={"count": len(rows) - len(full)}))
    width = max([len(names), *(len(row) for row in full)])
    header = [*names, *[""] * (width - len(names))]
    if ragged := sum(len(row) != len(names) for row in full):
        found.append(Remark(key="ragged", facts={"count": ragged}, doubt=True))
    padded = [[*row, *[""] * (width - len(row))] for row in full]
    kept = [place for place in range(width) if header[place].strip() or any(row[place].strip() for row in padded)]
    if len(kept) < width:
        found.append(Remark(key="blank-columns", facts={"count": width - len(kept)}))
    return Sheet(
        names=tuple(header[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in padded),
        remarks=tuple(found),
    )


def written(sheet: Sheet, names: Sequence[str] = ()) -> bytes:
    """The table as canonical CSV: UTF-8 without a mark, commas, line feeds, quotes where they are needed."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names or sheet.names)
    writer.writerows(sheet.rows)
    return text.getvalue().encode()
