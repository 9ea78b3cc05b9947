"""How fast are two tables compared, with its peers beside it.

``python -m bench.changes [--rows N] [--runs N] [--cpus 0] [--python FILE]`` makes a table and a copy with 1,000 cells
changed (seeded) and compares them by key in processes of their own: CPU seconds (user and system), wall seconds, peak
memory, and how many changed rows were found. ``--python`` names the interpreter of an environment with the peers
``daff`` and ``csv-diff``; without it they are left out. A peer that takes longer than ``--patience`` seconds is ended.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SEED = 20_240_101
CHANGES = 1_000

OURS = """
import sys
from gazette.changes import between
from gazette import tables
from gazette.model import Dataset, Resource, Slice, Text
from pathlib import Path
def read(path):
    path = Path(path)
    table = Resource(name="t", slug="t", dataset="t", title=Text(), description=Text(), paths=(path.name,))
    known = Dataset(name="t", folder="", path="", title=Text(), description=Text(), resources=(table,))
    return tables.read(Slice(root=path.parent, dataset=known, resource=table))
print(between(read(sys.argv[1]), read(sys.argv[2]), ["id"]).changed)
"""
DAFF = """
import csv, sys
import daff
csv.field_size_limit(2**31 - 1)
one, other = ([*csv.reader(open(path, newline=""))] for path in sys.argv[1:3])
flags = daff.CompareFlags()
flags.addPrimaryKey("id")
flags.unchanged_context = 0
found = daff.PythonTableView([])
pair = daff.Coopy.compareTables(daff.PythonTableView(one), daff.PythonTableView(other), flags)
daff.TableDiff(pair.align(), flags).hilite(found)
print(sum(found.getCell(0, row) == "->" for row in range(found.get_height())))
"""
CSV_DIFF = """
import sys
from csv_diff import compare, load_csv
print(len(compare(*(load_csv(open(path), key="id") for path in sys.argv[1:3]))["changed"]))
"""


def generate(folder: Path, rows: int) -> None:
    """``old.csv`` and ``new.csv`` with twelve columns."""
    chance = random.Random(SEED)
    changed = set(chance.sample(range(rows), min(CHANGES, rows)))
    with (folder / "old.csv").open("w", newline="") as old, (folder / "new.csv").open("w", newline="") as new:
        writers = [csv.writer(file, lineterminator="\n") for file in (old, new)]
        for writer in writers:
            writer.writerow(["id", *(f"c{number}" for number in range(11))])
        for number in range(rows):
            row = [f"F{number:08d}", *(str(chance.randrange(10**6)) for _ in range(11))]
            writers[0].writerow(row)
            if number in changed:
                row[4] += "x"
            writers[1].writerow(row)


def measured(python: str, code: str, folder: Path, cpus: str | None, patience: float) -> dict[str, object]:
    """One comparison in a process of its own."""
    command = [python, "-c", code, str(folder / "old.csv"), str(folder / "new.csv")]
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    pin = (lambda: os.sched_setaffinity(0, {int(cpu) for cpu in cpus.split(",")})) if cpus else None
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=patience, preexec_fn=pin,
            cwd=Path(__file__).parent.parent, env={**os.environ, "PYTHONPATH": "."},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"ended after": patience}
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1:]}
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu": round(cpu, 2), "wall": round(time.perf_counter() - start, 2), "changed": int(done.stdout)}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--cpus", default=None)
    options.add_argument("--python", default=None)
    options.add_argument("--patience", type=float, default=600)
    wanted = options.parse_args()
    judges = {"gazette": (sys.executable, OURS)}
    if wanted.python:
        judges |= {"daff": (wanted.python, DAFF), "csv-diff": (wanted.python, CSV_DIFF)}
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        generate(folder, wanted.rows)
        for judge, (python, code) in judges.items():
            runs = [measured(python, code, folder, wanted.cpus, wanted.patience) for _ in range(wanted.runs)]
            best = min(runs, key=lambda run: float(str(run.get("cpu", "inf"))))
            print(json.dumps({"judge": judge, "rows": wanted.rows, **best}))


if __name__ == "__main__":
    main()
