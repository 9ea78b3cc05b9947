"""The only place that knows where work runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

Value = TypeVar("Value")
Result = TypeVar("Result")


def each(function: Callable[[Value], Result], values: Iterable[Value], workers: int) -> Iterator[Result]:
    """``function`` of every value, in the order of the values.

    ``workers`` is the number of processes; with 1 the work is done in this one. ``function`` and the values
    must be picklable.
    """
    if workers == 1:
        yield from map(function, values)
        return
    # Not fork: a child of a process with threads (pyarrow's pool) can inherit a lock nobody will release.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(function, values)
