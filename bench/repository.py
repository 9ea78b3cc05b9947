"""How long an editor waits: the check of this repository, with what frictionless takes for the same tables beside it.

``python -m bench.repository [--runs N] [--cpus 0]`` runs each judge in a process of its own, in turns, and prints the
median of its processor seconds (user and system), wall seconds, and how many times frictionless' time ours goes into.
``gazette`` checks everything: descriptors, tables, rules, translations, personal data. ``gazette_one`` is the same
told to report on one dataset. ``frictionless`` reads the tables alone, in one process that loads it once;
``frictionless_apart`` loads it for each dataset anew, as its command line does (``--apart`` asks for it: it is slow).
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
ONE = "annual-reports"

TABLES = """
import sys, tempfile
from pathlib import Path
from gazette import descriptor, settings, snapshot, tables
wanted = settings.read(["check"])
with tempfile.TemporaryDirectory() as folder:
    inputs, _ = snapshot.take(wanted.datasets, Path(folder))
    datasets, _ = descriptor.load(inputs, wanted.policy, wanted.site)
    for piece in tables.cut(datasets, inputs):
        if piece.start == 0 and (not sys.argv[1:] or piece.dataset.name in sys.argv[1:]):
            tables.source(piece).validate()
"""


def commands(*, apart: bool) -> dict[str, list[list[str]]]:
    """What each judge runs, one process after the other."""
    check = [sys.executable, "build.py", "check"]
    frictionless = [sys.executable, "-c", TABLES]
    judges = {"gazette": [check], "gazette_one": [[*check, ONE]], "frictionless": [frictionless]}
    if apart:
        names = sorted(folder.name for folder in (ROOT / "datasets").iterdir() if folder.is_dir())
        judges["frictionless_apart"] = [[*frictionless, name] for name in names]
    return judges


def measured(steps: list[list[str]], cpus: set[int]) -> tuple[float, float]:
    """Processor and wall seconds of the processes ``steps``."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    for step in steps:
        subprocess.run(
            step, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=lambda: os.sched_setaffinity(0, cpus), env={**os.environ, "PYTHONPATH": "."},
        )  # fmt: skip
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - start
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--cpus", default="0")
    options.add_argument("--apart", action="store_true")
    wanted = options.parse_args()
    cpus = {int(cpu) for cpu in wanted.cpus.split(",")}
    judges = commands(apart=wanted.apart)
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in judges}
    for _ in range(wanted.runs):
        for name, steps in judges.items():
            taken[name].append(measured(steps, cpus))
    middle = {name: [statistics.median(each) for each in zip(*runs, strict=True)] for name, runs in taken.items()}
    print("| judge | n | processor s | wall s | × frictionless |\n|---|---:|---:|---:|---:|")
    for name, (cpu, wall) in middle.items():
        ratio = middle["frictionless"][0] / cpu
        print(f"| {name} | {len(taken[name])} | {cpu:.2f} | {wall:.2f} | {ratio:.1f} |")


if __name__ == "__main__":
    main()
