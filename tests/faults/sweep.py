"""Let the n-th call into the operating system fail, for every n, and look at what is left.

``python sweep.py <folder> <fault> <style>`` prints one JSON object: how many points were swept, how the builds
ended, and every promise that was broken. ``<fault>`` is ``kill`` or the name of an errno; ``<style>`` is
``exchange``, ``link``, or ``naive``, which shows that a sweep does find a torn site. Each attempt is a forked
child, so a sweep of hundreds takes seconds.
"""

from __future__ import annotations

import collections
import errno
import io
import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import small_build  # type: ignore[import-not-found]  # beside this script, which is not imported

from gazette import publish
from gazette.publish import exchange

CALLS = "chmod close fsync listdir lstat mkdir open readlink rename replace rmdir scandir stat symlink unlink".split()
BROKEN_CLOSE = "close"
"""A failing close leaves the descriptor closed; the others fail before anything is done."""


class Trap:
    """Counts the calls and springs at one of them."""

    def __init__(self, at: int, fault: str) -> None:
        self.at, self.fault, self.seen = at, fault, 0

    def around(self, call: Callable[..., Any], name: str) -> Callable[..., Any]:
        """``call``, counted."""

        def counted(*arguments: Any, **named: Any) -> Any:
            self.seen += 1
            if self.seen != self.at:
                return call(*arguments, **named)
            if self.fault == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            if name == BROKEN_CLOSE:
                call(*arguments, **named)
            number = getattr(errno, self.fault)
            raise OSError(number, os.strerror(number), str(arguments[0]))

        return counted

    def lay(self) -> None:
        """Put the trap around everything the build calls, in this process."""
        for name in CALLS:
            setattr(os, name, self.around(getattr(os, name), name))
        io.open = self.around(io.open, "open")
        exchange.swap = self.around(exchange.swap, "swap")


def attempt(folder: Path, word: str, trap: Trap) -> tuple[int, int]:
    """How a build ends that meets ``trap`` (as ``subprocess`` tells it), and how many calls it made."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        write, leave = os.write, os._exit
        trap.lay()
        ended = small_build.ended(folder, word)
        write(writer, str(trap.seen).encode())
        leave(ended)
    os.close(writer)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reader) as counts:
        seen = counts.read()
    return os.waitstatus_to_exitcode(status), int(seen or 0)


def broken(folder: Path, old: str | None, new: str, ended: int, fault: str) -> str | None:
    """Which promise the build broke."""
    try:
        said = small_build.word(folder)
    except (AssertionError, OSError) as torn:
        return f"torn: {torn!r}"
    if said not in {old, new}:
        return f"says {said}"
    if ended == 0 and said != new:
        return "ended well with the old site"
    if ended > 0 and said != old:
        return "failed with the new site"
    if ended not in ({0, -signal.SIGKILL} if fault == "kill" else {0, 3}):
        return f"ended with {ended}"
    return None


def sweep(folder: Path, fault: str) -> dict[str, Any]:
    """Sweep first builds and later ones."""
    points, ends = 0, collections.Counter[int]()
    problems = []
    for first in (True, False):
        at, calls = 0, sys.maxsize
        while at <= calls:
            at += 1
            home = folder / f"{fault}-{first}-{at}"
            home.mkdir()
            old = None if first else "old"
            if old:
                small_build.build(home, old)
            ended, seen = attempt(home, "new", Trap(at, fault))
            calls = seen or calls
            points += 1
            ends[ended] += 1
            problem = broken(home, old, "new", ended, fault) or recovered(home)
            if problem:
                problems.append(f"{'first' if first else 'later'} build, call {at}: {problem}")
    return {"points": points, "ends": dict(ends), "problems": problems}


def recovered(home: Path) -> str | None:
    """What the next build does not put right."""
    if small_build.ended(home, "next") != 0 or small_build.word(home) != "next":
        return "the next build fails"
    live = (home / "site").readlink().name if (home / "site").is_symlink() else None
    left = [path.name for path in home.iterdir() if "-build-" in path.name and path.name != live]
    return f"left behind: {left}" if left else None


def naive(stage: publish.Stage) -> Callable[[], None]:
    """How a site is replaced by those who do not think of faults."""
    shutil.rmtree(stage.output, ignore_errors=True)
    shutil.copytree(stage.path, stage.output)
    return lambda: None


if __name__ == "__main__":
    if sys.argv[3] == "link":
        vars(exchange)["possible"] = lambda _: False
    elif sys.argv[3] == "naive":
        publish._put = naive
    sys.stdout.write(json.dumps(sweep(Path(sys.argv[1]), sys.argv[2])))
