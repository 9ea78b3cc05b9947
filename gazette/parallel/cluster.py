"""Work on a Dask cluster: what a worker needs there, and what can go wrong on the way.

A task holds a slice, which is the address of some rows, and never the rows. The snapshot it points into lies in a
folder all workers share, or in object storage, from which each worker fetches the files of the datasets it is asked
about. Dask gives the tasks of a worker that dies to another.
"""

from __future__ import annotations

import hashlib
import io
import logging
import pickle
import platform
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, TypeVar, cast

from gazette.model import BuildError, Slice

if TYPE_CHECKING:
    import distributed

Value = TypeVar("Value")
Result = TypeVar("Result")

CONNECT = 10
"""Seconds in which a scheduler must answer."""

IDLE = 30
"""Seconds without a single worker after which nobody is waited for any longer."""


class _Refusal(Exception):
    """What a worker cannot do, as the code and the facts of a :class:`BuildError`, which does not travel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Store:
    """Where a worker finds the snapshot."""

    root: str
    """The folder itself, if all see it."""
    address: str | None
    """The folder in object storage to fetch it from."""


def each(
    function: Callable[[Value], Result], values: Sequence[Value], address: str, place: str | None
) -> Iterator[Result]:
    """``function`` of every value, in their order, by the workers of the scheduler at ``address``.

    ``place`` is the address of object storage for what they need; ``None`` where all see the same folder.
    """
    root = next((piece.root for value in values for piece in _slices(value)), Path())
    with _connected(address) as client, _stored(values, root, place) as store:
        tasks = [_packed((function, value), root) for value in values]
        futures = client.map(_work, tasks, store=store, expected=_identity(), pure=False, key="gazette")
        try:
            for future in futures:
                yield cast("Result", _unpacked(_result(client, future, address), root))
        finally:
            client.cancel(futures)  # type: ignore[no-untyped-call]


@contextmanager
def _connected(address: str) -> Iterator[distributed.Client]:
    try:
        import distributed  # noqa: PLC0415 - takes a second, and need not be installed
    except ImportError as fault:
        raise BuildError("cluster-missing", address=address) from fault
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what goes wrong is said once, in one sentence
    try:
        client = distributed.Client(address, timeout=CONNECT, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as fault:  # nobody there, or no such protocol
        raise BuildError("cluster-unreachable", exit=3, address=address, reason=_sentence(fault)) from fault
    with client:
        yield client


def _result(client: distributed.Client, future: distributed.Future[bytes], address: str) -> bytes:
    """The result of one task; Dask itself would wait for ever for a worker to come."""
    import distributed  # noqa: PLC0415
    from distributed.comm import core  # noqa: PLC0415

    while True:
        try:
            return future.result(timeout=IDLE)
        except _Refusal as fault:
            code, exit_, facts = fault.args
            raise BuildError(code, exit=exit_, **facts) from fault
        except (distributed.KilledWorker, distributed.CancelledError, core.CommClosedError) as fault:
            raise BuildError("cluster-lost", exit=3, address=address, reason=_sentence(fault)) from fault
        except (ImportError, RuntimeError) as fault:  # Dask wraps what the scheduler cannot import
            missing = fault if isinstance(fault, ImportError) else fault.__cause__
            if not isinstance(missing, ImportError):
                raise
            raise BuildError("cluster-foreign", address=address, reason=_sentence(missing)) from fault
        except TimeoutError as fault:
            if future.done():  # type: ignore[no-untyped-call]
                raise
            if not client.scheduler_info()["workers"]:
                raise BuildError("cluster-idle", exit=3, address=address, seconds=IDLE) from fault


def _sentence(fault: BaseException) -> str:
    return str(fault).splitlines()[0] if str(fault) else type(fault).__name__


# --- what travels -----------------------------------------------------------------------------------------


class _Packer(pickle.Pickler):
    """Leaves the folder of the snapshot out: it has another name on every machine."""

    def __init__(self, file: io.BytesIO, root: Path) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._root = root

    def persistent_id(self, each: object) -> str | None:
        return "root" if isinstance(each, PurePath) and each == self._root else None


class _Unpacker(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, root: Path) -> None:
        super().__init__(file)
        self._root = root

    def persistent_load(self, _: str) -> Path:
        return self._root


def _packed(value: object, root: Path) -> bytes:
    file = io.BytesIO()
    _Packer(file, root).dump(value)
    return file.getvalue()


def _unpacked(packed: bytes, root: Path) -> Any:
    return _Unpacker(io.BytesIO(packed), root).load()


_SOURCE = Path(__file__).parents[1]


@cache
def _identity() -> Mapping[str, str]:
    """What must be the same here and there, or the same rows could get another verdict."""
    source = hashlib.sha256()
    for path in sorted(_SOURCE.rglob("*.py")):
        source.update(path.relative_to(_SOURCE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    libraries = {name: metadata.version(name) for name in ("frictionless", "numpy", "pyarrow")}
    return {"Python": ".".join(platform.python_version_tuple()[:2]), "Gazette": source.hexdigest()[:12], **libraries}


# --- the snapshot -----------------------------------------------------------------------------------------


def _slices(value: object) -> Iterator[Slice]:
    """The slices in a unit of work; other values have none."""
    for each in value if isinstance(value, tuple) else (value,):
        if isinstance(each, Slice):
            yield each


def _files(value: object) -> Iterator[str]:
    """The files of the datasets that the slices of a unit speak of, below the snapshot's folder."""
    for piece in _slices(value):
        for dataset in (piece.dataset, *piece.others):
            for resource in dataset.resources:
                if resource.omitted is None:
                    yield from (f"{dataset.folder}/{path}".removeprefix("/") for path in resource.paths)


@contextmanager
def _stored(values: Sequence[object], root: Path, place: str | None) -> Iterator[_Store]:
    """The snapshot where the workers find it; what was put into object storage is removed again."""
    if place is None:
        yield _Store(root=str(root), address=None)
        return
    address = f"{place.rstrip('/')}/gazette-{uuid.uuid4().hex}"
    with _told(place):
        system, folder = _system(address)
    try:
        with _told(place):
            for name in sorted({name for value in values for name in _files(value)}):
                system.makedirs(f"{folder}/{name}".rpartition("/")[0], exist_ok=True)
                system.put_file(str(root / name), f"{folder}/{name}")
        yield _Store(root=str(root), address=address)
    finally:
        with _told(place):
            if system.exists(folder):
                system.rm(folder, recursive=True)


@contextmanager
def _told(place: str) -> Iterator[None]:
    try:
        yield
    except (ImportError, OSError, ValueError) as fault:  # no such protocol, no access
        raise BuildError("room-unusable", exit=3, path=place, reason=_sentence(fault)) from fault


def _system(address: str) -> tuple[Any, str]:
    import fsspec  # noqa: PLC0415 - need not be installed

    found: tuple[Any, str] = fsspec.core.url_to_fs(address)
    return found


# --- on a worker ------------------------------------------------------------------------------------------

_ONE = threading.Lock()
"""A worker may have several threads; the work is Python's and would only wait for itself."""


def _work(task: bytes, store: _Store, expected: Mapping[str, str]) -> bytes:
    """One task, on whatever machine: its result, packed."""
    own = _identity()
    if differing := [
        f"{name} {own.get(name)} ≠ {expected[name]}" for name in expected if own.get(name) != expected[name]
    ]:
        raise _Refusal("cluster-differs", 2, {"worker": platform.node(), "differing": differing})
    with _ONE:
        root = _folder(store)
        function, value = _unpacked(task, root)
        if store.address:
            _fetch(store.address, root, sorted(set(_files(value))))
        return _packed(function(value), root)


def _folder(store: _Store) -> Path:
    if store.address:
        from distributed import get_worker  # noqa: PLC0415

        return Path(get_worker().local_directory) / store.address.rpartition("/")[2]
    root = Path(store.root)
    if not root.is_dir():
        raise _Refusal("cluster-room", 2, {"worker": platform.node(), "path": store.root})
    return root


def _fetch(address: str, root: Path, names: Sequence[str]) -> None:
    """Have the files ``names`` below ``root``; whole or not at all, for this worker may be killed meanwhile."""
    if all((root / name).exists() for name in names):
        return
    for other in root.parent.glob("gazette-*"):  # what an earlier run left
        if other != root:
            shutil.rmtree(other, ignore_errors=True)
    try:
        system, folder = _system(address)
        for name in names:
            target = root / name
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                part = target.with_name(f"{target.name}.part")
                system.get_file(f"{folder}/{name}", str(part))
                part.replace(target)
    except (ImportError, OSError, ValueError) as fault:
        reason = f"{platform.node()}: {_sentence(fault)}"
        raise _Refusal("room-unusable", 3, {"path": address, "reason": reason}) from fault
