"""A real scheduler and real workers, each a process of its own; and what they are asked to do."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from gazette import checks
from gazette.model import Evidence, Slice

ROOT = Path(__file__).parent.parent.parent


@dataclass(kw_only=True)
class Cluster:
    """The processes of a cluster on this machine."""

    folder: Path
    address: str = ""
    scheduler: subprocess.Popen[bytes] | None = None
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def work(self, path: Path | None = None) -> None:
        """Start one more worker, which imports Gazette from ``path``, else from :func:`source`."""
        rooms = self.folder / f"worker-{len(self.workers)}"
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(rooms))
        self.workers.append(_start("worker", self.address, *options, path=path or source()))

    def kill(self, number: int) -> None:
        """End a worker as the end of its machine would."""
        self.workers[number].send_signal(signal.SIGKILL)


@cache
def source() -> Path:
    """A copy of Gazette and of this package that nobody edits while the tests run."""
    folder = Path(tempfile.mkdtemp(prefix="gazette-source-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    unread = shutil.ignore_patterns("__pycache__")
    for name in ("gazette", "tests/cluster"):
        shutil.copytree(ROOT / name, folder / name, ignore=unread)
    (folder / "tests/__init__.py").touch()
    return folder


@contextmanager
def started(folder: Path, workers: int) -> Iterator[Cluster]:
    """A cluster with so many workers, which writes below ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(folder=folder)
    written = folder / "scheduler.json"
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(written))
    cluster.scheduler = _start("scheduler", *options, path=source())
    try:
        while not (written.exists() and written.read_text(encoding="utf-8")):
            assert cluster.scheduler.poll() is None
            time.sleep(0.1)
        cluster.address = json.loads(written.read_text(encoding="utf-8"))["address"]
        for _ in range(workers):
            cluster.work()
        yield cluster
    finally:
        for process in (*cluster.workers, cluster.scheduler):
            process.kill()
            process.wait()


def _start(role: str, *arguments: str, path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.dask_{role}", *arguments],
        env={**os.environ, "PYTHONPATH": str(path)},
        cwd=path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


# --- work that workers import -----------------------------------------------------------------------------


def slowly(unit: Sequence[Slice]) -> tuple[Evidence, ...]:
    """``checks.inspect`` that leaves a mark beside the snapshot, and time to be killed in."""
    (unit[0].root.parent / f"begun-{unit[0].start}-{os.getpid()}").touch()
    time.sleep(0.1)
    return checks.inspect(unit)


def whereabouts(piece: Slice) -> tuple[str, list[str]]:
    """Where a worker finds the snapshot, and what it has of it."""
    found = sorted(path.relative_to(piece.root).as_posix() for path in piece.root.rglob("*") if path.is_file())
    return str(piece.root.parent), found


def process(_: object) -> int:
    """The process this runs in."""
    return os.getpid()


def inverse(value: int) -> float:
    """What there is none of for zero."""
    return 1 / value


def deadly(_: object) -> None:
    """The end of every worker that tries."""
    os.kill(os.getpid(), signal.SIGKILL)
