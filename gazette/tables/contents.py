"""The cells of a table that is read row by row: frictionless' own stream of values, each as its text."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from gazette.model import Slice
from gazette.tables import arrays, containers, json, mounting, written
from gazette.tables.arrays import Array
from gazette.tables.delimited import Irregular
from gazette.tables.faults import Fault, Gathering

if TYPE_CHECKING:
    from frictionless.resources import TableResource

_CHUNK = 10_000

_CRASHES = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)
"""What escapes from frictionless where a cell reader is given more than it can handle; the verdict says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """A table that was read whole: its texts, the number of the record that each row is, and what was noted."""

    names: tuple[str, ...]
    batches: tuple[pa.RecordBatch, ...]
    numbers: Array
    faults: tuple[Fault, ...]


class Reading:
    """One pass over a table that frictionless has opened."""

    def __init__(self, piece: Slice, resource: TableResource) -> None:
        fields = resource.header.get_expected_fields()
        form = piece.resource.format
        self.names = list(resource.labels) or [field.name for field in fields]
        self.numbers: list[int] = []
        self.found = Gathering()
        is_sheet = form == "xlsx"
        self._columns = [written.Column(field, is_sheet=is_sheet) for field in fields[: len(self.names)]]
        cells: Iterable[Any] = resource.cell_stream
        if form in containers.FORMATS and not is_sheet:
            # As frictionless sees them, but for the numbers, which here keep the form in which they are written.
            cells = json.rows(containers.document(mounting.location(piece), piece.resource))
        self._rows = resource.dialect.read_enumerated_content_stream(cells)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The rows as columns of text."""
        while rows := [self._row(number, cells) for number, cells in itertools.islice(self._rows, _CHUNK)]:
            columns = [arrays.texts(column) for column in zip(*rows, strict=True)]
            yield pa.RecordBatch.from_arrays(columns, names=self.names)

    def count(self) -> Array:
        """The number of the record that each row is."""
        self.numbers += [number for number, _ in self._rows]
        return np.array(self.numbers, np.int64)

    def _row(self, number: int, cells: Sequence[Any]) -> list[str | None]:
        self.numbers.append(number)
        texts: list[str | None] = []
        for place, (column, cell) in enumerate(zip(self._columns, cells, strict=False), 1):
            text, code = column.judge(cell)
            texts.append(text)
            if code:
                severity = written.severity(code)
                self.found.add(Fault(code=code, severity=severity, row=number, column=place))
        return texts + [None] * (len(self.names) - len(texts))


_READ: dict[tuple[str, str], Contents] = {}
"""The last table that was read whole: it is asked for by every check and every export in turn."""


def whole(piece: Slice) -> Contents:
    """All of a workbook or a JSON file; raises :class:`Irregular` for one that cannot be read."""
    from frictionless import FrictionlessException

    path = mounting.location(piece)
    with path.open("rb") as file:
        key = hashlib.file_digest(file, "sha256").hexdigest(), f"{path} {piece.resource!r}"
    if key in _READ:
        return _READ[key]
    try:
        with mounting.source(mounting.unbound(piece)) as resource:
            reading = Reading(piece, resource)
            batches = tuple(reading.batches())
    except (FrictionlessException, *_CRASHES) as fault:
        raise Irregular from fault
    found = Contents(
        names=tuple(reading.names),
        batches=batches,
        numbers=np.array(reading.numbers, np.int64),
        faults=tuple(reading.found.faults()),
    )
    _READ.clear()
    _READ[key] = found
    return found
