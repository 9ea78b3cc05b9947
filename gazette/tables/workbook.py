"""Workbooks (XLSX, ECMA-376): what must be known of one before it is parsed, and what of it no table can hold.

The archive is measured first, by its directory and by what the directory promises; no part is parsed that declares
a document type, for entities can name other files and grow without end. Then one pass over the sheet's own XML finds
what a reader of values does not see: formulas, merged and hidden cells, and whether the stated range is true.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHEET_MAIN_NS

from gazette.tables.faults import Facts, Fault, Gathering, too_large

MOST_CELLS = 5_000_000
"""Cells of the used range, empty ones among them: frictionless reads about 100,000 a second."""

_UNPACKED = 256 << 20
_RATIO = 100
_SMALL = 1 << 20
"""Bytes of a part that may be as dense as it likes."""

_ENTRIES = 10_000
_ROWS, _COLUMNS = 1_048_576, 16_384

_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
"""The first bytes of an OLE compound file: a binary workbook, or one that is encrypted (MS-CFB 2.2, MS-OFFCRYPTO)."""

_BROKEN = (
    AttributeError, EOFError, LookupError, NotImplementedError, OSError, RuntimeError, SyntaxError, TypeError,
    ValueError, expat.ExpatError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What the readers of archives and of XML, and openpyxl, raise where a workbook is not what it should be."""


def examine(path: Path, dialect: Mapping[str, Any]) -> tuple[Fault, ...]:
    """What is wrong with the workbook at ``path``, and with the sheet that ``dialect`` names."""
    content = path.read_bytes()  # small, and what fails from here on is the file's fault and not the disk's
    if not content.startswith(b"PK"):
        return (Fault(code="workbook-type", facts=_kind(content)),)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if fault := _refusal(archive):
                return (fault,)
            found = list(_contents(archive))
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # what openpyxl does not keep is not published either
                reader = ExcelReader(archive.fp, read_only=True, keep_links=False)
            try:
                return (*found, *_book(reader, archive, dialect))
            finally:
                reader.archive.close()
    except _Refused as refused:
        return (refused.fault,)
    except _BROKEN as fault:
        return (Fault(code="workbook-damaged", facts={"reason": type(fault).__name__}),)


class _Refused(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


def _kind(content: bytes) -> Facts:
    """What a file that is no archive is."""
    if not content.startswith(_COMPOUND):
        return {}
    return {"variant": "encrypted" if "EncryptedPackage".encode("utf-16-le") in content else "binary"}


# --- the archive ------------------------------------------------------------------------------------------


def _refusal(archive: zipfile.ZipFile) -> Fault | None:
    """Why the archive must not be unpacked, by its directory alone; no part yields more than it promises there."""
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    ratio = max(
        (each.file_size // max(each.compress_size, 1) for each in entries if each.file_size > _SMALL), default=0
    )
    if any(entry.flag_bits & 1 for entry in entries):
        return Fault(code="workbook-type", facts={"variant": "encrypted"})
    if len(entries) > _ENTRIES or total > _UNPACKED:
        return too_large("unpacked", total >> 20, _UNPACKED >> 20)
    if ratio > _RATIO:
        return too_large("ratio", ratio, _RATIO)
    return _stranger(archive)


def _stranger(archive: zipfile.ZipFile) -> Fault | None:
    """Why the archive is no workbook that is read, by the names of its parts."""
    names = archive.namelist()
    if len({name.casefold() for name in names}) < len(names) or any(map(_leaves, names)):
        return Fault(code="workbook-damaged", facts={"reason": "names"})
    if "[Content_Types].xml" not in names or "xl/workbook.bin" in names:
        return Fault(code="workbook-type", facts={})
    macros = b"macroEnabled" in archive.read("[Content_Types].xml")
    if macros or any(name.lower().endswith("vbaproject.bin") for name in names):
        return Fault(code="workbook-macros")
    return None


def _leaves(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name)


def _contents(archive: zipfile.ZipFile) -> Iterator[Fault]:
    """What the parts are; raises :class:`_Refused` where one declares a document type."""
    names = archive.namelist()
    for name in names:
        _demand_plain(archive, name)
    outside = [
        name for name in names if name.startswith("xl/externalLinks/externalLink") or name == "xl/connections.xml"
    ]
    if outside:
        yield Fault(code="workbook-links", facts={"hits": len(outside)})


def _demand_plain(archive: zipfile.ZipFile, name: str) -> None:
    """Raise where the part is XML that declares a document type, which can stand before its first element only."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise _Refused(Fault(code="workbook-entities", facts={"part": name}))

    def stop(*_: object) -> None:
        raise StopIteration

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    with archive.open(name) as part:
        try:
            parser.ParseFile(part)
        except StopIteration:
            pass
        except expat.ExpatError:
            if name.endswith((".xml", ".rels")):
                raise


# --- the sheet --------------------------------------------------------------------------------------------


def _book(reader: ExcelReader, archive: zipfile.ZipFile, dialect: Mapping[str, Any]) -> Iterator[Fault]:
    """What is wrong with the sheets, in the order in which frictionless counts them."""
    reader.read_manifest()
    reader.read_workbook()
    listed = list(reader.parser.find_sheets())
    sheets = [
        (sheet, part) for sheet, part in listed if "chartsheet" not in part.Type and part.target in archive.NameToInfo
    ]
    hidden = [sheet.name for sheet, _ in listed if sheet.state != "visible"]
    wanted = dialect.get("sheet")
    if hidden:
        yield Fault(code="workbook-hidden", facts={"names": hidden})
    if wanted is None and len(sheets) > 1:
        yield Fault(code="workbook-sheet", facts={"names": [sheet.name for sheet, _ in sheets]})
    part = _wanted([(sheet.name, part.target) for sheet, part in sheets], 1 if wanted is None else wanted)
    if part is not None:
        with archive.open(part) as source:
            yield from _Sheet(is_filled=bool(dialect.get("fillMergedCells"))).read(source)


def _wanted(sheets: Sequence[tuple[str, str]], wanted: Any) -> str | None:
    """The part of the sheet frictionless reads; ``None`` where there is none, as it says itself."""
    try:
        return dict(sheets)[wanted] if isinstance(wanted, str) else sheets[wanted - 1][1]
    except (IndexError, KeyError, TypeError):
        return None


def _tag(name: str) -> str:
    """An element of a sheet, as the parser names it."""
    return f"{SHEET_MAIN_NS} {name}"


_CELL, _VALUE, _FORMULA = _tag("c"), _tag("v"), _tag("f")


class _Sheet:
    """One pass over the XML of a sheet (ECMA-376 part 1, 18.3), which may have millions of cells.

    A cell is judged when the next one begins, so that nothing has to be done at the end of an element.
    """

    def __init__(self, *, is_filled: bool) -> None:
        self.is_filled = is_filled  # merged cells are filled, as the dialect asks (frictionless' fillMergedCells)
        self.row = self.column = 0
        self.last = (0, 0)  # the last row and column of any cell, empty or not
        self.filled = (0, 0)  # those that hold a value
        self.stated: tuple[int, int] | None = None  # those of the range by which frictionless reads
        self.found = Gathering()
        self.folded: list[tuple[int, int]] = []
        self._digits = ""
        self._formula = self._value = self._awaited = self._hidden = False
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._acts: Mapping[str, Callable[[dict[str, str]], None]] = {
            _tag("worksheet"): lambda _: None,
            _tag("is"): self._fill,
            _tag("row"): self._open,
            _tag("mergeCell"): self._merge,
            _tag("col"): self._hide,
            _tag("dimension"): self._state,
        }

    def read(self, source: Any) -> Iterator[Fault]:
        """What is wrong with the sheet whose XML is ``source``; raises :class:`_Refused` where it is too large."""
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.ParseFile(source)
        self._close()
        self._measure()
        self._fold()
        yield from self.found.faults()

    def _measure(self) -> None:
        rows, columns = map(max, zip(self.last, self.stated or (0, 0), strict=True))
        if rows > _ROWS or columns > _COLUMNS:
            raise _Refused(too_large("rows", *((rows, _ROWS) if rows > _ROWS else (columns, _COLUMNS))))
        if rows * columns > MOST_CELLS:
            raise _Refused(too_large("cells", rows * columns, MOST_CELLS))
        if self.stated and any(used > said for used, said in zip(self.filled, self.stated, strict=True)):
            facts = {"stated": _name(*self.stated), "found": _name(*self.filled)}
            raise _Refused(Fault(code="workbook-dimension", facts=facts))

    def _fold(self) -> None:
        done = 0
        for first, final in sorted(self.folded):
            for column in range(max(first, done + 1), min(final, self.filled[1]) + 1):
                facts: Facts = {"variant": "column", "names": [_letters(column)]}
                self.found.add(Fault(code="workbook-hidden", column=column, facts=facts))
            done = max(done, final)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _VALUE:
            self._value, self._awaited = not self._formula, self._formula
        elif tag == _CELL:
            self._close()
            self._place(attributes.get("r"))
        elif tag == _FORMULA:
            self._formula, self._value = True, False
            self._parser.CharacterDataHandler = self._text
        elif tag in self._acts:
            self._acts[tag](attributes)
        elif tag.endswith(" worksheet"):
            raise _Refused(Fault(code="workbook-damaged", facts={"reason": "namespace"}))  # openpyxl would see no cell

    def _text(self, text: str) -> None:
        self._value = self._value or (self._awaited and bool(text.strip()))

    def _place(self, reference: str | None) -> None:
        """Go to the cell ``reference``, which must lie in this row and beyond the last one."""
        letters = reference.rstrip("0123456789") if reference else ""
        column = _column(letters) if reference else self.column + 1
        if column <= self.column or (reference and reference[len(letters) :] != self._digits):
            raise _Refused(Fault(code="workbook-damaged", facts={"reason": "order"}))
        self.column = column

    def _close(self) -> None:
        """Judge the cell that ends here."""
        if self._value or self._formula:
            self.filled = (self.row, max(self.column, self.filled[1]))
            if self._formula:
                self._parser.CharacterDataHandler = None
                code = "workbook-formula" if self._value else "workbook-formula-blank"
                self.found.add(
                    Fault(code=code, row=self.row, column=self.column, facts={"place": _name(self.row, self.column)})
                )
            if self._hidden:
                self._hidden = False  # one finding a row
                facts: Facts = {"variant": "row", "names": [str(self.row)]}
                self.found.add(Fault(code="workbook-hidden", row=self.row, facts=facts))
            self._formula = self._value = self._awaited = False
        if self.column > self.last[1]:
            self.last = (self.row, self.column)

    def _fill(self, _attributes: dict[str, str]) -> None:
        self._value = True

    def _open(self, attributes: dict[str, str]) -> None:
        self._close()
        row = int(attributes.get("r", self.row + 1))
        if row <= self.row:
            raise _Refused(Fault(code="workbook-damaged", facts={"reason": "order"}))
        self.row, self.column, self._digits = row, 0, str(row)
        self.last = (row, self.last[1])
        self._hidden = _is_true(attributes.get("hidden"))

    def _hide(self, attributes: dict[str, str]) -> None:
        if _is_true(attributes.get("hidden")):
            self.folded.append((int(attributes["min"]), int(attributes["max"])))

    def _state(self, attributes: dict[str, str]) -> None:
        if not self.row:
            self.stated = _range(attributes["ref"])[2:]

    def _merge(self, attributes: dict[str, str]) -> None:
        row, column, *_ = _range(attributes["ref"])
        if not self.is_filled:
            facts: Facts = {"range": attributes["ref"]}
            self.found.add(Fault(code="workbook-merged", row=row, column=column, facts=facts))


def _is_true(value: str | None) -> bool:
    return value in {"1", "true"}


_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")


def _position(reference: str) -> tuple[int, int]:
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError(reference)
    return int(match[2]), _column(match[1])


@cache
def _column(letters: str) -> int:
    if not re.fullmatch("[A-Z]{1,3}", letters):
        raise ValueError(letters)
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def _range(reference: str) -> tuple[int, int, int, int]:
    first, _, last = reference.partition(":")
    return (*_position(first), *_position(last or first))


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _name(row: int, column: int) -> str:
    return f"{_letters(column)}{row}"
