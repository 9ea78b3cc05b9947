"""XLSX (ECMA-376) for people: the table with typed cells, and a sheet that says what it is.

Nothing in it is calculated, linked or coloured; the table is marked up as one and stands alone on its sheet, as the
UK Government Analysis Function asks of spreadsheets ("Releasing statistics in spreadsheets"). A number with more
digits than a spreadsheet keeps is written as text. XlsxWriter makes the workbook, :mod:`gazette.exports.sheet` its
rows; read back by calamine.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pyarrow as pa

from gazette import words
from gazette.exports import digest, file, sheet
from gazette.exports.cells import Cells, Column, numbers
from gazette.exports.labels import unique
from gazette.model import Artifact, Text

MOST_ROWS = 200_000
"""More are not offered as a workbook: writing them takes longer than anybody waits and most machines cannot scroll."""
_MOST_COLUMNS = 16_384  # ECMA-376 leaves it open; Microsoft, "Excel specifications and limits"
_LONGEST = 32_767  # characters in a cell, same source
_MIDNIGHT = time()
_WIDEST = 60
_BLOCK = 10_000
_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
_LEVEL = 5
"""Of deflate: for 56 MB of rows, level 6 takes half as long again and saves 1 %."""
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def refusal(cells: Cells) -> str | None:
    """Why the table cannot be a workbook: the key of the words that say so; ``None`` where it can."""
    if cells.rows > MOST_ROWS:
        return "rows"
    if len(cells.columns) > _MOST_COLUMNS:
        return "columns"
    return "cell" if any(column.longest > _LONGEST for column in cells.columns) else None


def write(cells: Cells, stage: Path, day: date) -> Artifact:
    """Write the workbook, dated ``day``; raises BuildError where what calamine reads is another table."""
    target = file.place(cells, stage, "xlsx")
    header = unique([_joined(column.field.title) or column.field.name for column in cells.columns])
    with zipfile.ZipFile(io.BytesIO(_frame(cells, header, day))) as frame, zipfile.ZipFile(target, "x") as book:
        for made in frame.infolist():
            with book.open(file.entry(made.filename, _LEVEL), "w") as out:
                for part in _parts(made.filename, frame.read(made), cells):
                    out.write(part)
    return file.proven(
        cells, stage, "xlsx", MEDIA_TYPE, cells.table, lambda: digest.of(cells.names, _read(target, cells, header))
    )


def _parts(name: str, frame: bytes, cells: Cells) -> Iterator[bytes]:
    """One file of the workbook; the data has the rows of the table in the place of the one the frame shows."""
    area = f'ref="A1:{sheet.letters(len(cells.columns) - 1)}{max(cells.rows, 1) + 1}"'
    if name == "xl/tables/table1.xml":
        yield re.sub(' ref="[^"]*"', f" {area}", frame.decode(), count=1).encode()
    elif name == "xl/worksheets/sheet1.xml":
        before, sample, after = re.split('(<row r="2".*?</row>)', frame.decode(), maxsplit=1, flags=re.DOTALL)
        style = re.search(' s="([0-9]+)"', sample)
        yield re.sub("<dimension [^>]*/>", f"<dimension {area}/>", before, count=1).encode()
        yield from sheet.rows(cells, int(style[1]) if style else 0)
        yield after.encode()
    else:
        yield frame


def _frame(cells: Cells, header: Sequence[str], day: date) -> bytes:
    """The workbook without its rows but for the first, in which a date stands."""
    import xlsxwriter  # noqa: PLC0415 - only a build writes

    found = io.BytesIO()
    with xlsxwriter.Workbook(found, _SAFE) as book:
        book.set_properties({"title": _joined(cells.dataset.title), "created": datetime.combine(day, _MIDNIGHT)})
        data = book.add_worksheet("data")
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for place, (column, title) in enumerate(zip(cells.columns, header, strict=True)):
            width = max(min(len(title.encode("gb18030", "replace")), 30), min(column.longest, _WIDEST))
            data.set_column(place, place, width + 2)
        described = [{"header": title, "header_format": head} for title in header]
        # Two rows now, as many as there are later; to a spreadsheet a table without rows is none.
        data.add_table(
            0, 0, 1, len(header) - 1, {"columns": described, "name": "data", "style": None, "autofilter": False}
        )
        data.write_datetime(1, 0, sheet.EPOCH, book.add_format({"num_format": "yyyy-mm-dd"}))
        about = book.add_worksheet("about")
        about.set_column(0, 0, 28)
        about.set_column(1, len(cells.dataset.languages), _WIDEST)
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        for row, line in enumerate(_about(cells)):
            for column_, text in enumerate(line):
                about.write_string(row, column_, text[:_LONGEST], wrap)
    return found.getvalue()


def _about(cells: Cells) -> Iterator[list[str]]:
    """The lines of the sheet that says what the table is, a column per language."""
    dataset, resource, languages = cells.dataset, cells.resource, cells.dataset.languages

    def line(key: str, *texts: Text) -> list[str]:
        joined = ["\n".join(filter(None, (text.get(language) for text in texts))) for language in languages]
        return [_both(key, languages), *joined]

    if dataset.illustrative:
        notes = (
            f"{words.label('illustrative.title', each)} {words.label('illustrative.text', each)}" for each in languages
        )
        yield [_both("export.status", languages), *notes]
    yield line("export.dataset", dataset.title)
    yield line("export.table", resource.title)
    yield line("export.description", dataset.description)
    if dataset.publisher:
        yield line("export.publisher", dataset.publisher.title)
    for source in dataset.sources:
        yield line("export.source", source.title, Text(values=tuple((each, source.path or "") for each in languages)))
    for licence in dataset.licenses:
        yield line(
            "export.licence", licence.title, Text(values=tuple((each, licence.path or "") for each in languages))
        )
    if dataset.version:
        yield [_both("export.version", languages), *[dataset.version] * len(languages)]
    yield [_both("export.fingerprint", languages), *[cells.table] * len(languages)]
    yield [_both("export.blank", languages), *(words.label("export.blank.text", each) for each in languages)]
    for column in cells.columns:
        field = column.field
        codes = tuple(
            Text(values=tuple((each, f"{entry.value}: {entry.label.get(each) or ''}") for each in languages))
            for entry in field.categories
        )
        yield [field.name, *line("export.table", field.title, field.description, field.unit, *codes)[1:]]


def _both(key: str, languages: Sequence[str]) -> str:
    return " | ".join(words.label(key, language) for language in languages if language in words.LANGUAGES)


def _joined(text: Text) -> str:
    return " | ".join(value for _, value in text.values)


def _read(path: Path, cells: Cells, header: Sequence[str]) -> Iterator[pa.RecordBatch]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - only a build reads back

    try:
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("data").to_python(skip_empty_area=False)
    except CalamineError as fault:
        raise ValueError(path.name) from fault
    if rows[:1] != [list(header)]:
        raise ValueError(path.name)
    found = rows[1 : cells.rows + 1]
    # The reader stops at the last row that has a cell.
    found += [[""] * len(header)] * (cells.rows - len(found))
    for start in range(0, cells.rows, _BLOCK):
        block = zip(*found[start : start + _BLOCK], strict=True)
        columns = [_column(values, column) for values, column in zip(block, cells.columns, strict=True)]
        yield pa.record_batch(columns, names=cells.names)


def _column(values: Sequence[Any], column: Column) -> pa.Array:
    """The canonical cells of a column; ``ValueError`` where one is of another type than it was written with."""
    known = [None if value == "" else value for value in values]
    wanted: tuple[type, ...] = (str,)
    if column.kind in {"integer", "number"} and column.exact:
        wanted = (int, float)
    elif column.kind == "boolean":
        wanted = (bool,)
    elif column.kind == "date":
        wanted = (date, str)
    if not set(map(type, known)) <= {*wanted, type(None)}:
        raise ValueError(column.field.name)
    if wanted == (int, float):
        return numbers(pa.array(known, pa.float64()).cast(pa.string()))
    if wanted == (bool,):
        return pa.array(known, pa.bool_()).cast(pa.string())
    return pa.array([value.isoformat() if isinstance(value, date) else value for value in known], pa.string())
