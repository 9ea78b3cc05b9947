"""Values as text: what stands in the cell of a CSV file that holds the same.

A number keeps the form in which it is written; one that a workbook stores is the shortest decimal that is it. Where
the field would read that text as another value, the field writes the value, and where even that is not read back,
the cell cannot be written.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from gazette.model import Severity
from gazette.tables import json

if TYPE_CHECKING:
    from frictionless import Field

_WHOLE = frozenset({"object", "array", "geojson"})
"""Types whose text is JSON."""

_TEMPORAL = frozenset({"date", "datetime", "time"})

_DIGITS = 10**15
"""A spreadsheet keeps 15 digits of a number (IEEE 754 double; ECMA-376 part 1, 18.18.11)."""

_REMEMBERED = 100_000
"""Distinct values of a column whose text is kept."""


def severity(code: str) -> Severity:
    """How grave a note of :class:`Column` is: some only explain what the verdict says, or do no harm."""
    return "warning" if code in {"workbook-date-number", "workbook-number-text"} else "error"


class Column:
    """One column, as its field reads and writes it; ``is_sheet`` says that it is one of a workbook."""

    def __init__(self, field: Field, *, is_sheet: bool) -> None:
        self._type = field.type
        self._is_sheet = is_sheet
        self._read = field.create_value_reader()
        self._write = field.create_value_writer()
        self._absent = field.missing_values
        if not field.has_defined("missing_values") and field.schema:
            self._absent = field.schema.missing_values
        self._missing = "" if "" in self._absent else next(iter(self._absent), None)
        self._known: dict[tuple[type, str], tuple[str, str | None]] = {}

    def judge(self, value: Any) -> tuple[str, str | None]:
        """What is written for ``value``, and the code of what is wrong with it that no reader of the text can see."""
        if isinstance(value, str):
            is_number = self._is_sheet and self._type in {"integer", "number"} and self._value(value) is not None
            return value, "workbook-number-text" if is_number else None
        if isinstance(value, (list, dict)):
            return self._nested(value)
        key = type(value), json.text(value) if isinstance(value, Decimal) else repr(value)
        if key not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = self._scalar(value)
        return self._known[key]

    def _value(self, cell: Any) -> Any:
        """What the field reads: ``None`` for a missing value and for one that is not of its type."""
        return None if str(cell) in self._absent else self._read(cell)

    def _nested(self, value: Any) -> tuple[str, str | None]:
        text = json.text(value)
        if self._type == "any":
            return text, "json-nested"
        if self._type in _WHOLE:
            return text, None
        return self._faithful(value, text)

    def _scalar(self, value: Any) -> tuple[str, str | None]:
        if value is None:
            return self._missing or "", None if self._missing is not None else "cell-unwritable"
        text = _plain(value, self._type)
        if self._type == "any":
            return text, self._numeric(value)
        text, code = self._faithful(value, text)
        return text, code or self._numeric(value)

    def _faithful(self, value: Any, text: str) -> tuple[str, str | None]:
        """``text`` where the field reads it as it reads ``value``, else what the field writes."""
        meant = self._value(value)
        if meant is None:
            is_lost = str(value) in self._absent and self._value(text) is not None
            return text, "cell-unwritable" if is_lost else None  # a value that is not of the type is reported as such
        if self._value(text) == meant:
            return text, None
        written = str(self._write(meant))
        return written, None if self._value(written) == meant else "cell-unwritable"

    def _numeric(self, value: Any) -> str | None:
        """What is suspicious of a number that a workbook stores."""
        if not self._is_sheet or isinstance(value, bool) or not isinstance(value, (int, float)):
            return None
        if self._type in _TEMPORAL:
            return "workbook-date-number"
        return "workbook-long-number" if abs(value) >= _DIGITS and value == int(value) else None


def _plain(value: Any, kind: str) -> str:
    """A value in the form the standard gives its type (Table Schema v2)."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, json.Number):
        return value.written
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    if isinstance(value, dt.datetime):
        is_day = kind == "date" or (kind != "datetime" and value.time() == dt.time())
        return value.date().isoformat() if is_day else value.isoformat()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value)
