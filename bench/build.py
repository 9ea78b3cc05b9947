"""Times `build.py build` on generated datasets, in fresh processes: processor time, wall time, peak memory."""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).parent.parent
SIZES = ("1x1000", "100x100", "1000x10", "1x100000")
FIELDS = (
    ("row_id", "string", "Row", "编号"),
    ("name_zh", "string", "Name (Chinese)", "名称"),
    ("name_en", "string", "Name (English)", "名称（英文）"),
    ("level", "string", "Level", "层级"),
    ("opened_on", "date", "Opened on", "启用日期"),
    ("requests", "integer", "Requests", "申请件数"),
    ("share", "number", "Share", "占比"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one build took."""

    processor: float
    """Seconds of processor time, of the build and of every process it started."""
    wall: float
    """Seconds by the clock."""
    peak: float
    """Resident memory of its largest process, in MiB."""


def main() -> None:
    """Build each size asked for, several times, and print the best run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", default=SIZES, help="DATASETSxROWS, such as 100x1000")
    parser.add_argument("--runs", type=int, default=3, help="builds of each size; the quickest counts")
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()
    print(f"CPython {platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores\n")
    print("| datasets | rows of each | pages | processor s | wall s | peak MiB |")
    print("|---:|---:|---:|---:|---:|---:|")
    for size in arguments.sizes:
        datasets, rows = map(int, size.split("x"))
        with tempfile.TemporaryDirectory() as room:
            generate(Path(room) / "datasets", datasets, rows)
            costs = [build(Path(room), arguments.workers) for _ in range(arguments.runs)]
            best = min(costs, key=lambda cost: cost.wall)
            pages = sum(1 for _ in (Path(room) / "site").rglob("*.html"))
        print(
            f"| {datasets:,} | {rows:,} | {pages:,} | {best.processor:.1f} | {best.wall:.1f} | {best.peak:,.0f} |",
            flush=True,
        )


def build(room: Path, workers: int) -> Cost:
    """Build the datasets of ``room`` in a process of its own; ``SystemExit`` where the build fails."""
    folders = ("--datasets", str(room / "datasets"), "--output", str(room / "site"))
    command = (sys.executable, "build.py", "build", *folders, "--workers", str(workers))
    before = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    # wait4 and not wait: it tells the cost of this child and of those it waited for, and of no earlier build.
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"The build ended with {process.returncode}.")
    return Cost(
        processor=usage.ru_utime + usage.ru_stime,
        wall=time.perf_counter() - before,
        peak=usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2),
    )


def generate(folder: Path, datasets: int, rows: int) -> None:
    """Write ``datasets`` packages that pass under the strict policy, the same ones every time."""
    for number in range(datasets):
        package = folder / f"bench-{number:05}"
        (package / "data").mkdir(parents=True)
        descriptor = json.dumps(describe(package.name), ensure_ascii=False, indent=2)
        (package / "datapackage.json").write_text(descriptor, encoding="utf-8")
        with (package / "data/rows.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow([name for name, *_ in FIELDS])
            writer.writerows(cells(rows))


def cells(rows: int) -> Iterator[tuple[str, ...]]:
    """Rows of a plausible office statistic."""
    for number in range(rows):
        yield (
            f"r-{number:06}",
            f"第{number}办公室",
            f"Office {number}",
            ("municipal", "district", "township")[number % 3],
            (date(2008, 5, 1) + timedelta(days=number % 6000)).isoformat(),
            str(number * 7919 % 10000),
            f"{number * 104729 % 10000 / 100:.2f}",
        )


def describe(name: str) -> dict[str, object]:
    """The descriptor of one package."""
    fields = [
        {"name": field, "type": kind, "title": en, "title_zh": zh, "constraints": {"required": True}}
        for field, kind, en, zh in FIELDS
    ]
    return {
        "name": name,
        "languages": ["en", "zh"],
        "title": f"Statistics {name}",
        "title_zh": f"统计 {name}",
        "description": "Generated rows that measure how long a build takes.",
        "description_zh": "用于测量生成耗时的虚构数据。",
        "contributors": [{"title": "Bench office", "title_zh": "测试办公室", "roles": ["publisher"]}],
        "sources": [{"title": "Generated by bench/build.py", "title_zh": "由 bench/build.py 生成"}],
        "licenses": [{"name": "CC0-1.0", "title": "CC0 1.0", "title_zh": "CC0 1.0"}],
        "gazette": {"status": "illustrative", "topic": "reference", "frequency": "never"},
        "resources": [
            {
                "name": "rows",
                "path": "data/rows.csv",
                "title": "Rows",
                "title_zh": "数据行",
                "description": "One row for each office.",
                "description_zh": "每个办公室一行。",
                "schema": {"fields": fields, "primaryKey": ["row_id"]},
            }
        ],
    }


if __name__ == "__main__":
    main()
