"""How fast and how large is the check of one table, with its peers beside it.

``python -m bench.check [--rows N] [--runs N] [--cpus 0|0,1] [--clean] [--only NAME …]`` makes the table (seeded) and
times each judge in its own process: CPU seconds (user and system), wall seconds, peak memory, and the ratio to
frictionless. Peers that are not Gazette's own requirements live in ``bench/requirements.txt``; ``--python`` names the
interpreter of that environment.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SEED = 20_240_101
ERRORS = 300
DISTRICTS = [f"{440300 + number:06d}" for number in range(500)]
KINDS = ["医院", "学校", "图书馆", "公园", "体育馆", "社区服务中心"]
STREETS = ["深南大道", "滨海大道", "红荔路", "香蜜湖路", "沙河西路", "北环大道", "笋岗路", "皇岗路"]

SCHEMA: dict[str, Any] = {
    "fields": [
        {"name": "id", "type": "string", "constraints": {"required": True, "pattern": "F[0-9]{8}"}},
        {"name": "serial", "type": "integer", "constraints": {"required": True, "unique": True}},
        {"name": "district", "type": "string", "constraints": {"required": True}},
        {"name": "name_zh", "type": "string", "constraints": {"required": True, "maxLength": 40}},
        {"name": "address_zh", "type": "string"},
        {"name": "opened", "type": "date", "constraints": {"minimum": "1979-03-05", "maximum": "2025-12-31"}},
        {"name": "year", "type": "year"},
        {"name": "staff", "type": "integer", "constraints": {"minimum": 0, "maximum": 9999}},
        {"name": "area", "type": "number", "constraints": {"minimum": 0}},
        {"name": "kind", "type": "string", "constraints": {"enum": KINDS}},
        {"name": "phone", "type": "string", "constraints": {"pattern": "0755-[0-9]{8}"}},
        {"name": "open", "type": "boolean"},
    ],
    "primaryKey": ["id"],
    "foreignKeys": [{"fields": ["district"], "reference": {"resource": "districts", "fields": ["code"]}}],
}


def generate(path: Path, rows: int, shape: str) -> None:
    """The table: ``clean``, ``dirty`` (:data:`ERRORS` errors), ``ragged`` (1 row in 1,000) or ``bad`` (all rows)."""
    chance = random.Random(SEED)
    wrong = set(chance.sample(range(rows), min(ERRORS, rows))) if shape == "dirty" else set()
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(field["name"] for field in SCHEMA["fields"]) + "\n")
        for number in range(rows):
            year, month, day = chance.randint(1980, 2024), chance.randint(1, 12), chance.randint(1, 28)
            address = f"{chance.choice(STREETS)}{chance.randint(1, 9999)}号"
            if chance.random() < 0.02:
                address = f'"{address},""东座"""'
            cells = [
                f"F{number:08d}",
                str(number + 1),
                chance.choice(DISTRICTS),
                f"{chance.choice(STREETS)[:2]}第{chance.randint(1, 99999)}{chance.choice(KINDS)}",
                address,
                f"{year}-{month:02d}-{day:02d}",
                str(year),
                str(chance.randint(0, 9999)),
                f"{chance.random() * 10000:.2f}",
                chance.choice(KINDS),
                f"0755-{chance.randint(10**7, 10**8 - 1)}" if chance.random() < 0.8 else "",
                chance.choice(("true", "false")),
            ]
            if number in wrong:
                _spoil(cells, chance)
            if shape == "bad":
                cells[7] = "many"
            if shape == "ragged" and number % 1000 == 500:
                cells = cells[:-1] if number % 2000 == 500 else []
            file.write(",".join(cells) + "\n")


def _spoil(cells: list[str], chance: random.Random) -> None:
    place, text = chance.choice(
        [(0, "F00000007"), (0, "X1"), (1, "7"), (1, ""), (2, "000000"), (3, ""), (5, "2024-02-30"), (5, "1900-01-01"),
         (6, "24"), (7, "-1"), (7, "many"), (8, "NaN"), (9, "banks"), (10, "0755"), (11, "yes")]
    )  # fmt: skip
    cells[place] = text


# --- the judges: each prints how many errors it found -----------------------------------------------------


def gazette(path: Path, workers: int = 1) -> int:
    from gazette import parallel, tables
    from gazette.checks import schema

    whole = _piece(path)
    pieces = list(tables.divide(whole)) if workers > 1 else [whole]
    screens = parallel.each(schema.screen, pieces, workers)
    return sum(schema.settle(zip(pieces, screens, strict=True)).counts.values())


def gazette_two(path: Path) -> int:
    return gazette(path, workers=2)


def frictionless(path: Path) -> int:
    from gazette import tables

    report = tables.source(_piece(path)).validate(limit_errors=0)
    return len(report.tasks[0].errors)


def duckdb(path: Path) -> int:
    """A bound, not a judge: every column read with its type, least and greatest value taken."""
    import duckdb as engine

    kinds = {"integer": "BIGINT", "number": "DOUBLE", "date": "DATE", "year": "INTEGER", "boolean": "BOOLEAN"}
    columns = {field["name"]: kinds.get(field["type"], "VARCHAR") for field in SCHEMA["fields"]}
    ends = ", ".join(f"count({name}), min({name}), max({name})" for name in columns)
    connection = engine.connect(config={"threads": len(os.sched_getaffinity(0))})
    query = f"select {ends} from read_csv(?, header=true, delim=',', quote='\"', columns={columns}, ignore_errors=true)"
    connection.execute(query, [str(path)]).fetchall()
    return 0


def pandas(path: Path) -> int:
    """What a script does: read as text, then one vectorised test per constraint (not frictionless' verdict)."""
    import pandas as pd

    frame = pd.read_csv(path, dtype="string[pyarrow]", keep_default_na=False, na_values=[""], engine="pyarrow")
    staff, area = pd.to_numeric(frame.staff, errors="coerce"), pd.to_numeric(frame.area, errors="coerce")
    opened = pd.to_datetime(frame.opened, format="%Y-%m-%d", errors="coerce")
    tests = [
        frame.id.isna() | ~frame.id.str.fullmatch("F[0-9]{8}").fillna(False), frame.id.duplicated(keep=False),
        frame.serial.isna() | frame.serial.duplicated(keep=False), ~frame.district.isin(DISTRICTS),
        frame.name_zh.isna() | (frame.name_zh.str.len() > 40).fillna(False),
        ~opened.between("1979-03-05", "2025-12-31"), ~frame.year.str.fullmatch("[0-9]{4}").fillna(False),
        ~staff.between(0, 9999), ~(area >= 0), ~frame.kind.isin(KINDS),
        ~frame.phone.str.fullmatch("0755-[0-9]{8}").fillna(True), ~frame.open.isin(["true", "false"]),
    ]  # fmt: skip
    return sum(int(test.sum()) for test in tests)


JUDGES: dict[str, Callable[[Path], int]] = {
    judge.__name__: judge for judge in (gazette, gazette_two, frictionless, duckdb, pandas)
}


def _piece(path: Path) -> Any:
    from gazette.model import Dataset, ForeignKey, Resource, Schema, Slice, Text

    def table(name: str, schema: Schema) -> Resource:
        return Resource(
            name=name, slug=name, dataset="bench", title=Text(), description=Text(), paths=(f"{name}.csv",),
            schema=schema,
        )  # fmt: skip

    key = ForeignKey(fields=("district",), resource="districts", reference_fields=("code",))
    reference = path.parent / "districts.csv"
    reference.write_text("code\n" + "\n".join(DISTRICTS) + "\n")
    facts = table(path.stem, Schema(fields=(), foreign_keys=(key,), descriptor=SCHEMA))
    codes = table("districts", Schema(fields=(), descriptor={"fields": [{"name": "code", "type": "string"}]}))
    dataset = Dataset(
        name="bench", folder="", path="datapackage.yaml", title=Text(), description=Text(), resources=(facts, codes)
    )
    return Slice(root=path.parent, dataset=dataset, resource=facts)


# --- the clock --------------------------------------------------------------------------------------------


def measure(name: str, path: Path, cpus: set[int], python: str) -> dict[str, float]:
    """One run in a process of its own: CPU, wall and peak memory with its children's."""
    command = [python, "-m", "bench.check", "--judge", name, "--table", str(path)]
    os.sched_setaffinity(0, cpus)
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(answer))


def _judge(name: str, path: Path) -> None:
    begin = time.perf_counter()
    errors = JUDGES[name](path)
    wall = time.perf_counter() - begin
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(use.ru_utime + use.ru_stime for use in uses)
    print(json.dumps({"cpu": cpu, "wall": wall, "memory": max(use.ru_maxrss for use in uses) / 1024, "errors": errors}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--cpus", default="0")
    parser.add_argument("--shape", choices=("dirty", "clean", "ragged", "bad"), default="dirty")
    parser.add_argument("--only", nargs="*", choices=tuple(JUDGES), default=tuple(JUDGES))
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "gazette-bench")
    parser.add_argument("--judge", choices=tuple(JUDGES), help=argparse.SUPPRESS)
    parser.add_argument("--table", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.judge:
        _judge(options.judge, options.table)
        return
    options.keep.mkdir(exist_ok=True)
    path = options.keep / f"{options.shape}-{options.rows}.csv"
    if not path.exists():
        generate(path, options.rows, options.shape)
    cpus = {int(cpu) for cpu in options.cpus.split(",")}
    print(f"{options.rows:,} rows, {options.shape}, {path.stat().st_size / 1e6:.0f} MB, CPUs {options.cpus}")
    print("| judge | n | CPU s | wall s | peak MB | errors | × frictionless, CPU | wall |")
    print("|---|---|---|---|---|---|---|---|")
    base: dict[str, float] | None = None
    for name in sorted(options.only, key=lambda name: name != "frictionless"):
        runs = [measure(name, path, cpus, options.python) for _ in range(options.runs)]
        middle = {key: statistics.median(run[key] for run in runs) for key in runs[0]}
        base = middle if name == "frictionless" else base
        ratios = [f"{base[key] / middle[key]:.1f}" if base else "–" for key in ("cpu", "wall")]
        print(
            f"| {name} | {len(runs)} | {middle['cpu']:.2f} | {middle['wall']:.2f} | {middle['memory']:.0f} "
            f"| {middle['errors']:.0f} | {' | '.join(ratios)} |"
        )


if __name__ == "__main__":
    main()
