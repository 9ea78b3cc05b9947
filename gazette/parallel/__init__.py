"""The only place that knows where work runs: in this process, in several, or on a cluster."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from gazette.model import BuildError

# ruff: noqa: PLC0415 - processes and clusters are imported where there are any

Value = TypeVar("Value")
Result = TypeVar("Result")

_ADDRESS = re.compile(r"[a-z][a-z0-9+.:-]*://.+")


@contextmanager
def room(place: str | None) -> Iterator[Path]:
    """An empty folder for the snapshot, gone afterwards: in the folder ``place``, else where the system has such.

    An address of object storage is no folder: there :func:`each` puts what the workers of a cluster need. Raises
    :class:`BuildError` where the folder cannot be written to.
    """
    shared = None if place is None or _is_address(place) else place
    try:
        folder = tempfile.TemporaryDirectory(prefix="gazette-", dir=shared)
    except OSError as fault:
        raise BuildError("room-unusable", exit=3, path=shared, reason=str(fault.strerror)) from fault
    with folder as name:
        yield Path(name).absolute()


def each(
    function: Callable[[Value], Result], values: Iterable[Value], workers: int | str, place: str | None = None
) -> Iterator[Result]:
    """``function`` of every value, in the order of the values.

    ``workers`` is the number of processes, with 1 the work is done in this one; or the address of a Dask
    scheduler, whose workers find the files of slices in ``place`` (:func:`room`). ``function`` and the values
    must be picklable. Raises :class:`BuildError` where a cluster cannot be used.
    """
    if isinstance(workers, str):
        from gazette.parallel import cluster

        storage = place if place and _is_address(place) else None
        yield from cluster.each(function, tuple(values), workers, storage)
        return
    if workers == 1:
        yield from map(function, values)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # Not fork: a child of a process with threads (pyarrow's pool) can inherit a lock nobody will release.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(function, values)


def _is_address(place: str) -> bool:
    """Whether ``place`` is an address of object storage (``s3://bucket/folder``), not a folder."""
    return _ADDRESS.fullmatch(place) is not None
