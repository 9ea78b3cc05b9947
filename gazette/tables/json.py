"""JSON and JSON Lines: the rows with every number as it is written, and what of a document no table can hold.

Frictionless gives the verdict; it reads numbers as binary fractions or in a form of its own, takes the last of two
equal keys and drops what the first object does not have. So the document is read here a second time (RFC 8259).
"""

from __future__ import annotations

import json
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, Self

from gazette.model import Fact
from gazette.tables.faults import Facts, Fault, Gathering

DEEPEST = 32
"""Levels of lists and objects within a row."""

_SPACE = re.compile(r"[ \t\n\r]*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_HALF = re.compile(r"\\u[dD][89a-fA-F]")
_BOM = "\ufeff"


class Number(Decimal):
    """A number of a document, and how it is written there."""

    written: str

    def __new__(cls, written: str) -> Self:
        """The number that is written as ``written``."""
        number = super().__new__(cls, written)
        number.written = written
        return number


class Item(NamedTuple):
    """One item of the list that is the table, and the line on which it begins."""

    value: Any
    line: int


class _Broken(Exception):
    def __init__(self, code: str, line: int, column: int | None = None, **facts: Fact) -> None:
        super().__init__(code)
        self.fault = Fault(code=code, line=line, column=column, facts=facts)


class Document(NamedTuple):
    """A file, and what its dialect says of it; ``is_lines`` says that every line of it is a row."""

    path: Path
    encoding: str
    control: Mapping[str, Any]
    is_lines: bool

    @property
    def keys(self) -> list[str] | None:
        """The columns the dialect asks for; ``None`` for those of the first object."""
        keys = self.control.get("keys")
        return [str(key) for key in keys] if isinstance(keys, list) and keys else None


# --- the document as rows ---------------------------------------------------------------------------------


def rows(document: Document) -> Iterator[Sequence[Any]]:
    """The header and the rows as frictionless sees them: the keys of the first object, then what each has of them."""
    headers: list[str] | None = None
    for number, item in enumerate(_items(document)):
        if number == 0 and isinstance(item.value, dict):
            headers = document.keys or list(item.value)
            yield headers
        yield item.value if headers is None else [item.value.get(header) for header in headers]


def lines(document: Document, wanted: set[int]) -> dict[int, int]:
    """The line on which each of the rows ``wanted`` begins, both counted from 1; a row of keys has none."""
    found: dict[int, int] = {}
    for number, item in enumerate(_items(document), 1):
        row = number + isinstance(item.value, dict)
        if row in wanted:
            found[row] = item.line
    return found


def examine(document: Document) -> tuple[Fault, ...]:
    """What is wrong with the document as a list of rows."""
    found = Gathering()
    try:
        for number, (first, item) in enumerate(_pairs(document), 2):
            if isinstance(first, dict):
                _keys(document.keys or list(first), item, number, found, is_asked=document.keys is not None)
    except _Broken as broken:
        return (broken.fault,)
    return tuple(found.faults())


def _pairs(document: Document) -> Iterator[tuple[Any, Item]]:
    """The value of the first item, and each item, all of its kind; raises :class:`_Broken` where there is none."""
    first: Any = None
    for item in _items(document):
        first = item.value if first is None else first
        if isinstance(first, dict) != isinstance(item.value, dict):
            raise _Broken("json-type", item.line, variant="mixed")
        yield first, item
    if first is None:
        raise _Broken("json-type", 1, variant="empty")


def _keys(headers: list[str], item: Item, row: int, found: Gathering, *, is_asked: bool) -> None:
    """Keys the first object lacks are lost; those it alone has are taken for empty."""
    extra = [] if is_asked else [name for name in item.value if name not in headers]
    missing = [name for name in headers if name not in item.value]
    facts: Facts = {"names": extra or missing, "variant": None if extra else "missing"}
    if extra or missing:
        severity = "error" if extra else "warning"
        found.add(Fault(code="json-keys", severity=severity, row=row, line=item.line, facts=facts))  # type: ignore[arg-type]


# --- the document as items --------------------------------------------------------------------------------


def _items(document: Document) -> Iterator[Item]:
    """The items of the list; raises :class:`_Broken` where there is none."""
    try:
        text = document.path.read_bytes().decode(document.encoding if document.is_lines else "utf-8")
    except UnicodeDecodeError:
        raise _Broken("json-syntax", 1) from None  # reported before as what it is, with its byte
    items = _of_lines(text) if document.is_lines else _Reader(text).items(document.control.get("property"))
    for item in items:
        if not isinstance(item.value, (list, dict)):
            raise _Broken("json-type", item.line, variant="item")
        _demand_shallow(item)
        yield item


def _of_lines(text: str) -> Iterator[Item]:
    """JSON Lines: a value on every line, and no line without one."""
    parts = text.removeprefix(_BOM).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if parts[-1] == "":
        parts.pop()
    reader = _Reader()
    for line, part in enumerate(parts, 1):
        if not part.strip(" \t"):
            raise _Broken("json-blank-line", line)
        reader.load(part, line)
        yield Item(reader.whole(), line)


def _demand_shallow(item: Item) -> None:
    level = [item.value]
    for _ in range(DEEPEST):
        level = [
            inner
            for value in level
            for inner in (value.values() if isinstance(value, dict) else value)
            if isinstance(inner, (list, dict))
        ]
        if not level:
            return
    raise _Broken("json-too-deep", item.line, limit=DEEPEST)


class _Reader:
    """Reads a document value by value, so that a large list is never whole in memory as objects."""

    def __init__(self, text: str = "") -> None:
        self.load(text, 1)
        self._twice: list[str] = []
        self._decoder = json.JSONDecoder(
            parse_float=Number, parse_int=_whole, parse_constant=self._constant, object_pairs_hook=self._object
        )

    def load(self, text: str, line: int) -> None:
        """Begin to read ``text``, which stands on ``line`` of the file."""
        self.text = text
        self.place = 0
        self._first = line
        self._breaks = array("q", (match.start() for match in re.finditer("\n", text)))

    def items(self, property_: str | None) -> Iterator[Item]:
        """The items of the list at ``property_``, names of keys joined by dots; at the top without one."""
        if self.text.startswith(_BOM):
            raise _Broken("json-syntax", 1, variant="bom")
        yield from self._list(property_.split(".") if property_ else [])
        self._finish()

    def whole(self) -> Any:
        """The one value of the document."""
        value = self._value()
        self._finish()
        return value

    def _list(self, steps: list[str]) -> Iterator[Item]:
        if steps:
            yield from self._member(steps)
            return
        if self._next() != "[":
            raise _Broken("json-type", self._line())
        self.place += 1
        if self._next() == "]":
            self.place += 1
            return
        while True:
            self._next()
            line = self._line()
            yield Item(self._value(), line)
            if self._either(",]") == "]":
                return

    def _member(self, steps: list[str]) -> Iterator[Item]:
        """The list that is a member of the object here; the other members are read and left."""
        if self._next() != "{":
            raise _Broken("json-type", self._line(), variant="property", property=steps[0])
        names: list[str] = []
        self.place += 1
        while self._next() != "}" or names:
            if self._next() != '"':
                self._fail()
            names.append(self._value())
            self._either(":")
            if names.count(names[-1]) > 1:
                raise _Broken("json-duplicate-key", self._line(), names=names[-1:])
            if names[-1] == steps[0]:
                yield from self._list(steps[1:])
            else:
                self._value()
            if self._either(",}") == "}":
                break
        if steps[0] not in names:
            raise _Broken("json-type", self._line(), variant="property", property=steps[0])

    def _value(self) -> Any:
        self._next()
        before = self.place
        try:
            value, self.place = self._decoder.raw_decode(self.text, self.place)
        except json.JSONDecodeError as fault:
            self._fail(fault.pos)
        except RecursionError:
            raise _Broken("json-too-deep", self._line(), limit=DEEPEST) from None
        if self._twice:
            raise _Broken("json-duplicate-key", self._line(before), names=self._twice)
        if _HALF.search(self.text, before, self.place) and _SURROGATE.search(text(value)):
            # Half a character, which no encoding can hold (RFC 8259, 8.2).
            raise _Broken("json-syntax", self._line(before), variant="surrogate")
        return value

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            self._twice += sorted({name for name in names if names.count(name) > 1})
        return found

    def _constant(self, name: str) -> NoReturn:
        raise _Broken("json-constant", self._line(), names=[name])

    def _next(self) -> str:
        """The next character that is no space, where the reader then stands; empty at the end."""
        self.place = _SPACE.match(self.text, self.place).end()  # type: ignore[union-attr]
        return self.text[self.place : self.place + 1]

    def _either(self, wanted: str) -> str:
        """One of ``wanted``, and past it."""
        found = self._next()
        if not found or found not in wanted:
            self._fail()
        self.place += 1
        return found

    def _finish(self) -> None:
        if self._next():
            self._fail()

    def _fail(self, place: int | None = None) -> NoReturn:
        place = self.place if place is None else place
        breaks = bisect_left(self._breaks, place)
        column = place - (self._breaks[breaks - 1] if breaks else -1)
        raise _Broken("json-syntax", self._first + breaks, column)

    def _line(self, place: int | None = None) -> int:
        """The line of a place, the present one without it."""
        return self._first + bisect_left(self._breaks, self.place if place is None else place)


def _whole(written: str) -> int | Number:
    """An integer; one that Python would write in another way keeps how it is written."""
    if len(written) > 1000:  # noqa: PLR2004 - Python reads no longer integers than 4,300 digits
        return Number(written)
    number = int(written)
    return number if str(number) == written else Number(written)


def text(value: Any) -> str:
    """A list or an object as one line of JSON, its numbers as they are written."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{text(str(name))}: {text(each)}" for name, each in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(text, value)) + "]"
    if isinstance(value, Number):
        return value.written
    if isinstance(value, Decimal):
        return str(value)
    return json.dumps(value, ensure_ascii=False, default=str)
