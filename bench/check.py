"""How fast and how large is the check of one table, with its peers beside it.

``python -m bench.check`` makes the tables (seeded), runs every judge of :data:`PLAN` in a process of its own, and
writes ``docs/benchmarks.md`` with its plot. Processor time (user and system) is what is compared: it depends less on
what else the machine does. ``--only SHAPE`` takes a part of the plan, ``--largest`` leaves out larger tables. Peers
whose requirements clash with Gazette's are run by the interpreter that ``--peers`` names: an environment made from
``bench/requirements.txt``; without it they are left out.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
    """The table: ``clean``, ``dirty`` (:data:`ERRORS` errors), ``ragged`` (1 row in 1,000) or ``bad`` (every row)."""
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
    """Every error: the verdict that Gazette gives."""
    from gazette import tables

    report = tables.source(_piece(path)).validate(limit_errors=0)
    return len(report.tasks[0].errors)


def frictionless_first(path: Path) -> int:
    """As it comes: it stops reading at the thousandth error."""
    from gazette import tables

    return len(tables.source(_piece(path)).validate().tasks[0].errors)


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


def _pandera(engine: Any, frame: Any, kinds: dict[str, Any]) -> int:
    """The schema in pandera's terms; a key to another table becomes a list.

    Text was cast before, what cannot be cast to nothing: pandera's own casts look for the failing cells one by one.
    """
    checks = engine.Check
    columns: dict[str, Any] = {}
    for field in SCHEMA["fields"]:
        name, limits = field["name"], field.get("constraints", {})
        tests = []
        if "pattern" in limits:
            tests.append(checks.str_matches(f"^(?:{limits['pattern']})$"))
        if "enum" in limits:
            tests.append(checks.isin(limits["enum"]))
        if "maxLength" in limits:
            tests.append(checks.str_length(max_value=limits["maxLength"]))
        if name == "district":
            tests.append(checks.isin(DISTRICTS))
        if name in {"staff", "area"}:
            tests.append(checks.in_range(limits["minimum"], limits.get("maximum", 10**9)))
        columns[name] = engine.Column(
            kinds.get(field["type"]), tests, nullable=not limits.get("required"), unique=name in {"id", "serial"}
        )
    try:
        engine.DataFrameSchema(columns).validate(frame, lazy=True)
    except Exception as fault:  # noqa: BLE001 - its own class of errors differs from engine to engine
        return len(getattr(fault, "failure_cases", ()))
    return 0


def pandera_pandas(path: Path) -> int:
    """Not frictionless' verdict: no messages by row, no ragged rows."""
    import pandas as pd
    import pandera.pandas as engine

    frame = pd.read_csv(path, dtype="string[pyarrow]", keep_default_na=False, na_values=[""], engine="pyarrow")
    for name in ("serial", "year", "staff", "area"):
        frame[name] = pd.to_numeric(frame[name], errors="coerce").astype("Float64")
    frame["opened"] = pd.to_datetime(frame["opened"], format="%Y-%m-%d", errors="coerce")
    return _pandera(engine, frame, dict.fromkeys(("integer", "number", "year"), "Float64"))


def pandera_polars(path: Path) -> int:
    """The same on polars."""
    import pandera.polars as engine
    import polars as pl

    frame = pl.read_csv(path, infer_schema=False)
    kinds = dict.fromkeys(("integer", "year"), pl.Int64) | {"string": pl.String, "number": pl.Float64, "date": pl.Date}
    casts = [
        pl.col(field["name"]).str.to_date("%Y-%m-%d", strict=False)
        if field["type"] == "date"
        else pl.col(field["name"]).cast(kinds.get(field["type"], pl.String), strict=False)
        for field in SCHEMA["fields"]
    ]
    return _pandera(engine, frame.with_columns(casts), kinds)


def validata(path: Path) -> int:
    """Frictionless 4 with messages in French, of the first 100,000 rows of a file."""
    from validata_core import validate

    fields = {"fields": SCHEMA["fields"], "primaryKey": SCHEMA["primaryKey"]}  # references need the other table
    report = validate(str(path), fields, header_case=True)
    return sum(len(table["errors"]) for table in report["tasks"])


JUDGES: dict[str, Callable[[Path], int]] = {
    judge.__name__: judge
    for judge in (
        gazette, gazette_two, frictionless, frictionless_first, duckdb, pandas, pandera_pandas, pandera_polars,
        validata,
    )
}  # fmt: skip
ELSEWHERE = frozenset({"pandera_pandas", "pandera_polars", "validata"})
"""Judges of the other environment."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Some judges of one table; the first is the one the others are compared with."""

    shape: str
    rows: int
    judges: tuple[str, ...]
    cpus: int = 1
    once: frozenset[str] = frozenset()
    """Judges that take too long to be run more than once."""


SLOW = frozenset({"frictionless"})
PLAN = (
    Setting(shape="dirty", rows=1_000_000, judges=(
        "frictionless", "gazette", "duckdb", "pandas", "pandera_pandas", "pandera_polars")),
    Setting(shape="clean", rows=1_000_000, judges=("frictionless", "gazette")),
    Setting(shape="ragged", rows=1_000_000, judges=("frictionless", "gazette")),
    Setting(shape="bad", rows=1_000_000, judges=("frictionless", "frictionless_first", "gazette"), once=SLOW),
    Setting(shape="dirty", rows=1_000_000, judges=("gazette", "gazette_two", "duckdb"), cpus=2),
    Setting(shape="dirty", rows=100_000, judges=("frictionless", "gazette", "validata")),
    Setting(shape="dirty", rows=10_000_000, judges=("frictionless", "gazette", "duckdb"), once=SLOW),
    Setting(shape="dirty", rows=10_000_000, judges=("gazette_two", "duckdb"), cpus=2),
)  # fmt: skip
SHAPES = {
    "dirty": f"{ERRORS} errors sown",
    "clean": "no error",
    "ragged": "one row in a thousand with a cell too few, or none",
    "bad": "an error in every row",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What a judge took: medians over ``runs``."""

    judge: str
    runs: int
    cpu: float
    wall: float
    memory: float
    """MiB of the largest process."""
    errors: int


def measure(name: str, path: Path, cpus: int, python: str) -> dict[str, float]:
    """One run in a process of its own."""
    command = [python, "-m", "bench.check", "--judge", name, "--table", str(path), "--cpus", str(cpus)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return dict(json.loads(answer.splitlines()[-1]))


def _judge(name: str, path: Path, cpus: int) -> None:
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-cpus:])
    os.environ["VALIDATA_MAX_ROWS"] = "100000"
    begin = time.perf_counter()
    errors = JUDGES[name](path)
    wall = time.perf_counter() - begin
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(use.ru_utime + use.ru_stime for use in uses)
    print(json.dumps({"cpu": cpu, "wall": wall, "memory": max(use.ru_maxrss for use in uses) / 1024, "errors": errors}))


def costs(setting: Setting, path: Path, runs: int, peers: str | None) -> Iterator[Cost]:
    """What each judge of ``setting`` takes, one after the other in turns, so that a busy minute hits all of them."""
    judges = [name for name in setting.judges if peers or name not in ELSEWHERE]
    taken: dict[str, list[dict[str, float]]] = {name: [] for name in judges}
    for turn in range(runs):
        for name in judges:
            if turn == 0 or name not in setting.once:
                python = peers if peers and name in ELSEWHERE else sys.executable
                taken[name].append(measure(name, path, setting.cpus, python))
    for name, found in taken.items():
        middle = {key: statistics.median(run[key] for run in found) for key in found[0]}
        yield Cost(
            judge=name, runs=len(found), cpu=middle["cpu"], wall=middle["wall"], memory=middle["memory"],
            errors=int(middle["errors"]),
        )  # fmt: skip


# --- what is written --------------------------------------------------------------------------------------


def table(setting: Setting, found: list[Cost], path: Path) -> str:
    """The section of the page about one setting."""
    first = found[0]
    cores = "one core" if setting.cpus == 1 else f"{setting.cpus} cores"
    lines = [
        f"### {setting.rows:,} rows, {SHAPES[setting.shape]}, {cores}",
        "",
        f"{path.stat().st_size / 1e6:,.0f} MB, 12 columns. Ratios are to {first.judge}.",
        "",
        "| judge | n | processor s | wall s | peak MiB | errors | rows per processor s | × processor | × wall |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {cost.judge} | {cost.runs} | {cost.cpu:.2f} | {cost.wall:.2f} | {cost.memory:,.0f} | {cost.errors:,} "
        f"| {setting.rows / cost.cpu:,.0f} | {first.cpu / cost.cpu:.1f} | {first.wall / cost.wall:.1f} |"
        for cost in found
    ]
    return "\n".join(lines) + "\n"


def plot(found: list[Cost], rows: int) -> str:
    """Processor seconds of each judge as bars, the longest the whole width, in SVG."""
    longest = max(cost.cpu for cost in found)
    height = 28 * len(found) + 44
    bars = "".join(
        f'<text x="150" y="{28 * place + 60}" text-anchor="end">{cost.judge}</text>'
        f'<rect x="160" y="{28 * place + 45}" width="{max(440 * cost.cpu / longest, 1):.1f}" height="20" '
        f'fill="{"#1f5fa8" if cost.judge.startswith("gazette") else "#9aa5b1"}"/>'
        f'<text x="{166 + 440 * cost.cpu / longest:.1f}" y="{28 * place + 60}">{cost.cpu:.2f} s</text>'
        for place, cost in enumerate(sorted(found, key=lambda cost: cost.cpu))
    )
    title = f"Processor time to check {rows:,} rows of 12 columns on one core"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 680 {height}" role="img" aria-label="{title}" '
        f'font-family="sans-serif" font-size="13" fill="#1b1f24">'
        f'<rect width="680" height="{height}" fill="#ffffff"/>'
        f'<text x="10" y="24" font-size="15">{title}</text>{bars}</svg>\n'
    )


def machine() -> str:
    """The machine in words that name nobody's."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB of memory, {platform.system()}, "
        f"CPython {platform.python_version()}"
    )


MARK = "<!-- written by bench/check.py -->\n"


def write(page: Path, picture: Path, sections: list[str], plotted: str) -> None:
    """Put the sections after the mark on the page, and the plot beside it."""
    before = page.read_text(encoding="utf-8").partition(MARK)[0] if page.exists() else "# Benchmarks\n\n"
    page.write_text(before + MARK + "\n" + f"Machine: {machine()}.\n\n" + "\n".join(sections), encoding="utf-8")
    if plotted:
        picture.write_text(plotted, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--largest", type=int, default=10_000_000, help="rows of the largest table")
    parser.add_argument("--only", nargs="*", choices=tuple(SHAPES), default=tuple(SHAPES))
    parser.add_argument("--peers", help="the interpreter of the other environment")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "gazette-bench")
    parser.add_argument("--page", type=Path, default=Path("docs/benchmarks.md"))
    parser.add_argument("--judge", choices=tuple(JUDGES), help=argparse.SUPPRESS)
    parser.add_argument("--table", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--cpus", type=int, default=1, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.judge:
        _judge(options.judge, options.table, options.cpus)
        return
    options.keep.mkdir(exist_ok=True)
    sections: list[str] = []
    plotted = ""
    for setting in PLAN:
        if setting.rows > options.largest or setting.shape not in options.only:
            continue
        path = options.keep / f"{setting.shape}-{setting.rows}.csv"
        if not path.exists():
            generate(path, setting.rows, setting.shape)
        found = list(costs(setting, path, options.runs, options.peers))
        sections.append(table(setting, found, path))
        print(sections[-1], flush=True)
        plotted = plotted or plot(found, setting.rows)
        write(options.page, options.page.parent / "images" / "benchmarks.svg", sections, plotted)


if __name__ == "__main__":
    main()
