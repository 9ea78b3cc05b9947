"""Columns of text, and how numpy sees them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa

Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"

TOGETHER = 100_000
"""Cells up to which columns are asked at once: to compile a pattern takes longer than to try it on so few."""


class _NoPandas:
    """Says that there is no pandas, as a finder of modules."""

    @staticmethod
    def find_spec(fullname: str, _path: object, _target: object = None) -> None:
        """Raises for pandas alone; everything else is for the other finders."""
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)


def _decline_pandas() -> None:
    """Have pyarrow look for pandas now, in vain, and not at the first value it converts.

    The import takes half a second, and no value here is one of pandas'. Who asks for pandas still gets it.
    """
    sys.meta_path.insert(0, finder := _NoPandas())
    pa.scalar(0)
    sys.meta_path.remove(finder)


_decline_pandas()


def texts(values: Sequence[str | None]) -> pa.StringArray:
    """``values`` as a column."""
    return pa.array(values, pa.string())


def constant(value: str, kind: pa.DataType) -> pa.Scalar:
    """One value, read from its text as Arrow casts it."""
    return texts([value]).cast(kind)[0]


def numbers(values: pa.Array) -> Array:
    """``values``, fixed in width and without nulls, as numpy sees them."""
    buffer = values.buffers()[1]
    if pa.types.is_boolean(values.type):
        bits = np.unpackbits(np.frombuffer(buffer, np.uint8), bitorder="little")
        return bits[values.offset : values.offset + len(values)].view(bool)
    kind = np.dtype(values.type.to_pandas_dtype())
    return np.frombuffer(buffer, kind)[values.offset : values.offset + len(values)]


def positions(rows: Array) -> pa.Array:
    """The numbers of rows as a column; ``pa.array`` would import ``numpy.ma`` to see whether some are masked."""
    whole = np.ascontiguousarray(rows, np.int64)
    return pa.Array.from_buffers(pa.int64(), len(whole), [None, pa.py_buffer(whole)])


def keep(cells: pa.Array, rows: Array) -> pa.Array:
    """The cells at the ascending positions ``rows``."""
    return cells.take(positions(rows))


def apart(columns: Sequence[pa.ChunkedArray], ask: Callable[[pa.ChunkedArray], Array]) -> Iterator[Array]:
    """The ascending rows, from 0, that ``ask`` finds in each of several columns of text.

    Small columns are asked as one, in as many pieces as they have.
    """
    waiting: list[pa.ChunkedArray] = []
    cells = 0
    for column in columns:
        if cells + len(column) > TOGETHER:
            yield from _apart(waiting, ask)
            waiting, cells = [], 0
        waiting.append(column)
        cells += len(column)
    yield from _apart(waiting, ask)


def _apart(columns: Sequence[pa.ChunkedArray], ask: Callable[[pa.ChunkedArray], Array]) -> Iterator[Array]:
    if not columns:
        return
    rows = ask(pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.string()))
    firsts = np.cumsum([0, *map(len, columns)])
    edges = np.searchsorted(rows, firsts)
    for first, begin, end in zip(firsts, edges, edges[1:], strict=False):
        yield rows[begin:end].astype(np.int64) - first
