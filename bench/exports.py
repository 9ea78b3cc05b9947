"""How fast are the downloads of one table written, how large are they, and what does it take to read them back.

``python -m bench.exports [--rows N] [--workbook N] [--only NAME …]`` makes a table of twelve columns (seeded, half of
them Chinese text) and writes each format in a process of its own, pinned to one core: CPU seconds to write and to read
back, peak memory, size. Beside ours stand what pandas, openpyxl, XlsxWriter and pyarrow write of the same rows; they
start from a data frame or a table with the right types, which is not counted, as ours start from the checked cells.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from unittest import mock

from bench import check
from gazette import tables
from gazette.exports import bag, cells, csv, database, file, parquet, workbook
from gazette.exports import json as lines
from gazette.exports.labels import Labels
from gazette.model import Artifact, Dataset, Field, History, Resource, Schema, Site, Slice, Snapshot, Text

DAY = date(2026, 1, 31)
SITE = Site(name=Text(), description=Text(), operator=Text(), languages=("en", "zh"))


def both(text: str) -> Text:
    return Text(values=(("en", text), ("zh", text)))


def dataset() -> Dataset:
    """The table of :mod:`bench.check` as its descriptor would describe it."""
    fields = tuple(
        Field(
            name=each["name"], type=each["type"], format="default", title=both(each["name"]), description=Text(),
            constraints={}, descriptor=each,
        )
        for each in check.SCHEMA["fields"]
    )  # fmt: skip
    table = Resource(
        name="facilities", slug="facilities", dataset="bench", title=both("Facilities"), description=Text(),
        paths=("facilities.csv",), schema=Schema(fields=fields, descriptor=check.SCHEMA),
    )  # fmt: skip
    return Dataset(
        name="bench", folder="bench", path="bench/datapackage.yaml", title=both("Bench"), description=both("Bench"),
        resources=(table,), languages=("en", "zh"),
    )  # fmt: skip


def pieces(room: Path) -> tuple[Slice, ...]:
    return tables.cut([dataset()], Snapshot(root=room, source=room, files=()))


# --- ours -------------------------------------------------------------------------------------------------


def _database(table: cells.Cells, stage: Path) -> Artifact:
    everything = database.Database(stage)
    everything.add(table)
    return everything.close()


OURS: Mapping[str, Callable[[cells.Cells, Path], Artifact]] = {
    "xlsx": lambda table, stage: workbook.write(table, stage, DAY),
    "csv": csv.write,
    "en.csv": lambda table, stage: csv.write_labelled(table, stage, Labels(table), "en"),
    "zh.csv": lambda table, stage: csv.write_labelled(table, stage, Labels(table), "zh"),
    "json": lines.write_array,
    "jsonl": lines.write_lines,
    "parquet": parquet.write,
    "sqlite": _database,
}


def ours(name: str, room: Path, stage: Path) -> dict[str, float]:
    """Gather the cells and write one format; ``gather`` writes none."""
    spent = 0.0
    proven, closing = file.proven, database.Database._prove  # noqa: SLF001 - what is timed apart

    def timed(right: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            nonlocal spent
            start = time.process_time()
            try:
                return right(*arguments)
            finally:
                spent += time.process_time() - start

        return run

    start = time.process_time()
    table = cells.gather(pieces(room), stage)
    gathered = time.process_time() - start
    if name == "gather":
        return {"write": gathered, "read": 0.0, "bytes": 0.0}
    if name == "zip":
        return _packed(table, stage)
    with (
        mock.patch.object(file, "proven", timed(proven)),
        mock.patch.object(database.Database, "_prove", timed(closing)),
    ):
        start = time.process_time()
        made = OURS[name](table, stage)
        total = time.process_time() - start
    return {"write": total - spent, "read": spent, "bytes": float(made.bytes)}


def _packed(table: cells.Cells, stage: Path) -> dict[str, float]:
    """The bag of all other files, which are not counted."""
    files = [form(table, stage) for form_, form in OURS.items() if form_ not in {"sqlite", "xlsx"}]
    start = time.process_time()
    made = bag.write(table.dataset, files, SITE, History(), DAY, stage)
    return {"write": time.process_time() - start, "read": 0.0, "bytes": float(made.bytes)}


# --- others -----------------------------------------------------------------------------------------------


def _frame(room: Path) -> Any:
    import pandas as pd

    text = dict.fromkeys(("id", "district", "phone"), str)
    path = room / "bench/facilities.csv"
    return pd.read_csv(path, dtype=text, keep_default_na=False, na_values={"phone": [""]}, parse_dates=["opened"])


def _table(room: Path) -> Any:
    import pyarrow as pa
    from pyarrow import csv as arrow

    text = {name: pa.string() for name in ("id", "district", "phone")}
    return arrow.read_csv(room / "bench/facilities.csv", convert_options=arrow.ConvertOptions(column_types=text))


def _openpyxl(frame: Any, path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("data")
    sheet.append(list(frame.columns))
    for row in frame.astype(object).where(frame.notna(), None).itertuples(index=False):
        sheet.append(row)
    book.save(path)


def _xlsxwriter(frame: Any, path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet("data")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(frame.astype(object).where(frame.notna(), None).itertuples(index=False), 1):
            for place, value in enumerate(row):
                if place == 5:
                    sheet.write_datetime(number, place, value, day)
                else:
                    sheet.write(number, place, value)
        sheet.add_table(0, 0, len(frame), len(frame.columns) - 1, {"columns": [{"header": c} for c in frame.columns]})


def _arrow_csv(table: Any, path: Path) -> None:
    from pyarrow import csv as arrow

    arrow.write_csv(table, path)


def _arrow_parquet(table: Any, path: Path) -> None:
    from pyarrow import parquet as arrow

    arrow.write_table(table, path, compression="zstd", compression_level=9)


def _sqlite(frame: Any, path: Path) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(path)) as connection:
        frame.to_sql("facilities", connection, index=False)
        connection.commit()


OTHERS: Mapping[str, tuple[str, Callable[[Path], Any], Callable[[Any, Path], None]]] = {
    "pandas to_excel": ("xlsx", _frame, lambda frame, path: frame.to_excel(path, index=False)),
    "openpyxl write_only": ("xlsx", _frame, _openpyxl),
    "XlsxWriter add_table": ("xlsx", _frame, _xlsxwriter),
    "pandas to_csv": ("csv", _frame, lambda frame, path: frame.to_csv(path, index=False)),
    "pyarrow write_csv": ("csv", _table, _arrow_csv),
    "pandas to_json": (
        "json", _frame, lambda frame, path: frame.to_json(path, orient="records", force_ascii=False)
    ),
    "pandas to_json lines": (
        "jsonl", _frame, lambda frame, path: frame.to_json(path, orient="records", lines=True, force_ascii=False)
    ),
    "pyarrow write_table zstd-9": ("parquet", _table, _arrow_parquet),
    "pandas to_parquet": ("parquet", _frame, lambda frame, path: frame.to_parquet(path, compression="zstd")),
    "pandas to_sql": ("sqlite", _frame, _sqlite),
}  # fmt: skip


def other(name: str, room: Path, stage: Path) -> dict[str, float]:
    """What another library writes of the same rows; nobody reads it back."""
    _, load, write = OTHERS[name]
    rows = load(room)
    target = stage / f"other.{OTHERS[name][0]}"
    start = time.process_time()
    write(rows, target)
    return {"write": time.process_time() - start, "read": 0.0, "bytes": float(target.stat().st_size)}


# --- the run ----------------------------------------------------------------------------------------------


def main() -> None:
    """Time every format asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--workbook", type=int, default=100_000, help="rows of the workbook")
    parser.add_argument("--only", nargs="*", default=["gather", *OURS, "zip", *OTHERS])
    parser.add_argument("--task", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.task:
        name, room, stage = arguments.task[0], Path(arguments.task[1]), Path(arguments.task[2])
        found = other(name, room, stage) if name in OTHERS else ours(name, room, stage)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
        print(json.dumps(found | {"peak": peak}))
        return
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("pyarrow", "pandas", "openpyxl"))
    print(f"CPython {platform.python_version()}, {platform.system()} {platform.machine()}, {versions}\n")
    print("| format | writer | rows | write, CPU s | read back, CPU s | peak MiB | MB |")
    print("|---|---|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for name in arguments.only:
            form = OTHERS[name][0] if name in OTHERS else name
            rows = arguments.workbook if form == "xlsx" else arguments.rows
            print(_line(form, name, rows, _run(name, _made(Path(folder), rows))), flush=True)


def _line(form: str, name: str, rows: int, found: Mapping[str, float]) -> str:
    writer = name if name in OTHERS else "gazette"
    read = f"{found['read']:.1f}" if found["read"] else ""
    return (
        f"| {form} | {writer} | {rows:,} | {found['write']:.1f} | {read} "
        f"| {found['peak']:,.0f} | {found['bytes'] / 1e6:.1f} |"
    )


def _made(folder: Path, rows: int) -> Path:
    """The folder with a table of so many rows, which is made once."""
    room = folder / str(rows)
    if not room.exists():
        (room / "bench").mkdir(parents=True)
        check.generate(room / "bench/facilities.csv", rows, "clean")
    return room


def _run(name: str, room: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory(dir=room.parent) as stage:
        command = [sys.executable, "-m", "bench.exports", "--task", name, str(room), stage]
        core = {min(os.sched_getaffinity(0))} if hasattr(os, "sched_getaffinity") else None
        process = subprocess.run(
            command, check=True, capture_output=True, text=True,
            preexec_fn=(lambda: os.sched_setaffinity(0, core)) if core else None,
        )  # fmt: skip
    found: dict[str, float] = json.loads(process.stdout)
    return found


if __name__ == "__main__":
    main()
