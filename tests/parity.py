"""Frictionless' verdict against ours, over tables nobody here wrote: ``python -m tests.parity DIR [--fuzz N]``.

Every CSV file below DIR is paired with the schema its package declares, the schema frictionless infers, and mutations
of them; every case is judged twice, by frictionless alone and by the screen with its replay, and compared error by
error. What the short way for small tables calls sound must be without error too. ``--shipped`` takes the CSV files in
the installed packages and the tables and schemas written out in the tests they ship, frictionless' own among them.
"""

from __future__ import annotations

import argparse
import ast
import csv
import importlib.util
import io
import json
import random
import sys
import sysconfig
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import attrs
import yaml

from gazette import tables
from gazette.checks import schema
from gazette.checks.schema import sound
from gazette.model import Dataset, ForeignKey, Resource, Schema, Slice, Text

LARGEST = 500_000
"""Bytes; larger files are left out."""

Descriptor: TypeAlias = "dict[str, Any]"
Case: TypeAlias = tuple[str, bytes, Sequence[Descriptor]]
"""A table: what it is called, its bytes, and the schemas it came with."""


@dataclass
class Tally:
    """What was compared."""

    files: int = 0
    cases: int = 0
    fast: int = 0
    sound: int = 0
    crashes: int = 0
    errors: int = 0
    differences: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.files} files, {self.cases} cases ({self.fast} column by column, {self.sound} sound at a glance, "
            f"{self.crashes} in which frictionless crashes), {self.errors} errors compared, "
            f"{len(self.differences)} differences"
        )


def piece(
    folder: Path,
    descriptor: Descriptor | None,
    *,
    name: str = "table.csv",
    others: tuple[Dataset, ...] = (),
    **options: Any,
) -> Slice:
    """A whole table as the rooms of the house pass it: the file ``name`` in ``folder`` under a Table Schema."""
    keys = tuple(
        ForeignKey(
            fields=tuple(key["fields"]),
            resource=key["reference"].get("resource", ""),
            reference_fields=tuple(key["reference"]["fields"]),
            dataset=key["reference"].get("package"),
        )
        for key in (descriptor or {}).get("foreignKeys", ())
    )
    options = {"paths": (name,)} | options
    resource = Resource(
        name="table",
        slug="table",
        dataset="data",
        title=Text(),
        description=Text(),
        schema=None if descriptor is None else Schema(fields=(), foreign_keys=keys, descriptor=descriptor),
        **options,
    )
    dataset = Dataset(
        name="data", folder="", path="datapackage.yaml", title=Text(), description=Text(), resources=(resource,)
    )
    return Slice(root=folder, dataset=dataset, resource=resource, others=others)


def divide(whole: Slice, slices: int) -> list[Slice]:
    """``whole`` in about so many slices, each ending after a line feed as :func:`tables.cut` ends them."""
    from dataclasses import replace

    data = tables.location(whole).read_bytes()
    ends = sorted({data.find(b"\n", len(data) * part // slices) + 1 for part in range(1, slices)} - {0, len(data)})
    return [replace(whole, start=a, end=b) for a, b in zip([0, *ends], [*ends, None], strict=True)]


def ours(whole: Slice, slices: int = 1) -> schema.Verdict:
    """Our verdict, never by frictionless alone for being small."""
    seen = [(part, schema.screen(part)) for part in divide(whole, slices)]
    return schema.verdict(whole, seen)


def theirs(whole: Slice) -> tuple[list[Descriptor], Counter[str], int]:
    """Frictionless' own list of errors, its totals without a limit, and its number of rows."""
    task = every = tables.source(whole).validate(limit_errors=schema.LIMIT).tasks[0]
    if task.warnings:
        every = tables.source(whole).validate(limit_errors=0).tasks[0]
    return _plain(task.errors), Counter(error.type for error in every.errors), every.stats.get("rows", 0)


def _plain(errors: Iterable[Any]) -> list[Descriptor]:
    """Everything an error says of itself: type, message, note, cells, numbers, names."""
    return [attrs.asdict(error, recurse=False) | {"type": error.type, "message": error.message} for error in errors]


def compare(whole: Slice, tally: Tally, slices: int = 1, title: str = "") -> None:
    """Judge ``whole`` twice and note what differs."""
    tally.cases += 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            expected: Any = theirs(whole)
        except Exception as fault:  # whatever frictionless lets escape, we must not call valid
            expected = type(fault)
            tally.crashes += 1
        calls: list[Slice] = []
        oracle = schema.oracle

        def watched(piece: Slice) -> schema.Verdict:
            calls.append(piece)
            return oracle(piece)

        schema.oracle = watched
        try:
            verdict = ours(whole, slices)
            found: Any = _plain(verdict.errors), Counter(verdict.counts), verdict.rows
        except Exception as fault:
            found = type(fault)
        finally:
            schema.oracle = oracle
        glance = sound.look(whole, schema.keys)
    tally.fast += not calls
    if glance is not None:
        tally.sound += 1
        if expected != ([], Counter(), glance.rows):
            _note(tally, whole, title, f"not sound: {str(expected)[:300]}")
    if not isinstance(expected, type):
        tally.errors += len(expected[0])
    if found != expected:
        _note(tally, whole, title, _difference(expected, found))


def _note(tally: Tally, whole: Slice, title: str, difference: str) -> None:
    tally.differences.append(f"{title or tables.location(whole)}: {difference}")
    print(tally.differences[-1], file=sys.stderr)


def _difference(expected: Any, found: Any) -> str:
    if isinstance(expected, type) or isinstance(found, type):
        return f"expected {str(expected)[:300]}, found {str(found)[:300]}"
    for number, (one, other) in enumerate(zip(expected[0], found[0], strict=False)):
        if one != other:
            return f"error {number}: expected {one}, found {other}"
    return f"expected {len(expected[0])} {expected[1:]}, found {len(found[0])} {found[1:]}"


# --- schemas nobody wrote ---------------------------------------------------------------------------------

_TYPES = (
    "string", "integer", "number", "boolean", "date", "datetime", "time", "year", "yearmonth", "any", "list",
    "geopoint", "object", "duration",
)  # fmt: skip


def schemas(whole: Slice, chance: random.Random, declared: Sequence[Descriptor] = ()) -> Iterator[Descriptor | None]:
    """No schema, those the table came with, the one frictionless infers, and mutations of them."""
    from frictionless import FrictionlessException

    yield None
    for one in declared:
        yield one
        if one.get("fields") and all("name" in field and "type" in field for field in one["fields"]):
            yield mutate(one, chance)
    try:
        resource = tables.source(whole)
        resource.infer()
        inferred = resource.schema.to_descriptor()
    except (FrictionlessException, ValueError, LookupError):
        return
    yield inferred
    for _ in range(3):
        yield mutate(inferred, chance)


def mutate(descriptor: Descriptor, chance: random.Random) -> Descriptor:
    """``descriptor`` with other types, constraints, keys, labels and missing values."""
    fields = [dict(field) for field in descriptor["fields"]]
    for one in fields:
        if chance.random() < 0.4:
            one.pop("format", None)
            one["type"] = chance.choice(_TYPES)
        constraints = {name: value for name, value in _constraints(one["type"], chance) if chance.random() < 0.3}
        if constraints:
            one["constraints"] = constraints
        if chance.random() < 0.1:
            one["missingValues"] = chance.choice([["", "-"], ["-"], []])
    names = [one["name"] for one in fields]
    result: Descriptor = {"fields": fields}
    if names and chance.random() < 0.4:
        result["primaryKey"] = chance.sample(names, min(len(names), chance.randint(1, 2)))
    if names and chance.random() < 0.3:
        one, other = chance.choice(names), chance.choice(names)
        result["foreignKeys"] = [{"fields": [one], "reference": {"resource": "", "fields": [other]}}]
    if chance.random() < 0.3:
        result["missingValues"] = chance.choice([["", "-", "0"], [], ["a"]])
    if fields and chance.random() < 0.15:
        result["fields"] = fields[:-1] if chance.random() < 0.5 else [*fields, {"name": "more", "type": "string"}]
    if chance.random() < 0.15:
        result["fieldsMatch"] = chance.choice(["equal", "subset", "superset", "partial"])
    return result


def _constraints(kind: str, chance: random.Random) -> Iterator[tuple[str, Any]]:
    yield "required", True
    yield "unique", True
    if kind == "string":
        yield "minLength", chance.randint(0, 4)
        yield "maxLength", chance.randint(1, 9)
        yield "pattern", chance.choice(["[a-z]*", "a|b", r"\d+", r"[^,]*", r".{1,5}", r"\w+", "(?=a).*", "x+?y*"])
        yield "enum", ["a", "b", "1", ""]
    if kind in ("integer", "number"):
        yield chance.choice(["minimum", "exclusiveMinimum"]), chance.choice([0, 1, -5, "2"])
        yield chance.choice(["maximum", "exclusiveMaximum"]), chance.choice([0, 1, 100, "7"])
        yield "enum", ["1", "2", "007"]
    if kind == "date":
        yield "minimum", "2000-01-01"
        yield "exclusiveMaximum", "2024-02-03"


# --- tables nobody wrote ----------------------------------------------------------------------------------

_CELLS = (
    "", "", "a", "b", "1", "2", "-1", "0", "-0", "+1", "007", "1_0", " 1", "1 ", "１２", "1.0", "1.50", ".5", "5.",
    "1e3", "1e400", "NaN", "nan", "-inf", "0x1F", "9223372036854775808", "-9223372036854775808", "9" * 30, "-",
    "true", "False", "2024-02-03", "2024-2-3", "2024-02-30", "0000-01-01", "２０２４-01-01", "2024", "+202", "2020-1",
    "12:30:00", "2024-02-03T04:05:06Z", "2024-02-03T04:05:06", "1,2", '"', 'a"b', '"a"', "a\nb", "a\r\nb", "a\rb",
    "\n", "深圳市", "é", "\ufeff", "\u3000", "\xa0", "\x00", "a" * 30, "b" * 8, "abcdefgh1", "{}", "[1]", "P1Y",
)  # fmt: skip


def fuzz(chance: random.Random) -> bytes:
    """A CSV file of a few columns: mostly well formed, of few distinct cells, sometimes broken."""
    width = chance.randint(1, 5)
    pools = [chance.sample(_CELLS, chance.randint(1, 8)) for _ in range(width)]
    labels = [chance.choice(["id", "a", "b", "name", f"c{number}", f"c{number}"]) for number in range(width)]
    if chance.random() < 0.9:
        labels = [f"c{number}" for number in range(width)]
    end = chance.choice(["\n", "\n", "\r\n", "\r" if chance.random() < 0.1 else "\n"])
    lines = [",".join(labels)]
    ragged, blank, raw = (chance.choice([0, 0, 0.02, 0.3]) for _ in range(3))
    for _ in range(chance.choice([0, 1, 3, 20, 60, 120, 300])):
        cells = [chance.choice(pool) if chance.random() < 0.97 else chance.choice(_CELLS) for pool in pools]
        if chance.random() < ragged:
            cells = cells[:-1] if chance.random() < 0.5 else cells + cells[:1]
        quote = chance.random() >= raw * 0.1
        line = ",".join(_quoted(cell) if quote else cell for cell in cells)
        lines.append("" if chance.random() < blank * 0.5 else line)
    text = end.join(lines) + (end if chance.random() < 0.8 else "")
    data = text.encode()
    if chance.random() < 0.05:
        data = b"\xef\xbb\xbf" + data
    if chance.random() < 0.03:
        at = chance.randrange(len(data) + 1)
        data = data[:at] + chance.choice([b"\xff", b'"', b"\xed\xa0\x80"]) + data[at:]
    return data


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in ',"\r\n') else cell


# --- tables of strangers ----------------------------------------------------------------------------------


def below(folder: Path) -> Iterator[Case]:
    """The CSV files below ``folder``, each with the schemas packages there declare for it."""
    declared = _declared(folder)
    for path in sorted(folder.rglob("*.csv")):
        if path.is_file() and 0 < path.stat().st_size <= LARGEST:
            yield str(path.relative_to(folder)), path.read_bytes(), declared.get(path.resolve(), ())


def _declared(folder: Path) -> dict[Path, list[Descriptor]]:
    found: dict[Path, list[Descriptor]] = {}
    for path in sorted(folder.rglob("datapackage.*")):
        try:
            resources = (yaml.safe_load if path.suffix == ".yaml" else json.loads)(path.read_bytes())["resources"]
            stated = [(path.parent / each["path"], each["schema"]) for each in resources if "schema" in each]
        except (yaml.YAMLError, ValueError, LookupError, TypeError):
            continue
        for table, schema_ in stated:
            if isinstance(schema_, dict):
                # References lead to tables that are not here.
                own = {name: value for name, value in schema_.items() if name != "foreignKeys"}
                found.setdefault(table.resolve(), []).append(own)
    return found


def shipped() -> Iterator[Case]:
    """What the installed packages ship: CSV files, and the tables and schemas their tests write out."""
    packages = Path(sysconfig.get_paths()["purelib"])
    for path in sorted(packages.rglob("*.csv")):
        if 0 < path.stat().st_size <= LARGEST:
            yield str(path.relative_to(packages)), path.read_bytes(), ()
    for name, pattern in (("frictionless", "**/__spec__/**/*.py"), ("pyarrow", "tests/test_csv.py")):
        found = importlib.util.find_spec(name)
        for folder in found.submodule_search_locations or () if found else ():
            for path in sorted(Path(folder).glob(pattern)):
                yield from _written_out(str(path.relative_to(packages)), ast.parse(path.read_bytes()))


def _written_out(title: str, tree: ast.AST) -> Iterator[Case]:
    """The literals of a program that are tables, with those that are schemas of as many fields."""
    found: list[Any] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.List | ast.Dict):
            try:
                found.append(ast.literal_eval(node))
            except (ValueError, TypeError):
                continue
    stated = [each for each in found if isinstance(each, dict) and _is_schema(each)]
    written: dict[bytes, None] = dict.fromkeys(filter(None, map(_as_csv, found)))
    for number, data in enumerate(written):
        width = data.split(b"\n")[0].count(b",") + 1
        fitting = [each for each in stated if len(each["fields"]) == width]
        yield f"{title} {number}", data, fitting[:20]


def _is_schema(value: Descriptor) -> bool:
    fields = value.get("fields")
    return isinstance(fields, list) and bool(fields) and all(isinstance(field, dict) for field in fields)


def _as_csv(value: Any) -> bytes | None:
    """A literal as a CSV file, if it is one or a list of rows."""
    if isinstance(value, str | bytes):
        data = value.encode(errors="surrogatepass") if isinstance(value, str) else value
        return data if b"," in data and b"\n" in data and len(data) <= LARGEST else None
    rows = value if isinstance(value, list) and value and all(isinstance(row, list) and row for row in value) else None
    if not rows or any(isinstance(cell, list | dict) for row in rows for cell in row):
        return None
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


# --- the run ----------------------------------------------------------------------------------------------


def run(cases: Iterable[Case], seed: int) -> Tally:
    """Compare every table under every schema, in small blocks and several slices."""
    tally = Tally()
    schema.SMALL = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (title, data, declared) in enumerate(cases):
            chance = random.Random(f"{seed}/{number}")
            (Path(folder) / "table.csv").write_bytes(data)
            tally.files += 1
            encoding = chance.choice(["utf-8"] * 9 + ["latin-1"])
            whole = piece(Path(folder), None, encoding=encoding)
            for count, descriptor in enumerate(schemas(whole, chance, declared)):
                tables.BLOCK = max(chance.choice([64, 512, 4096, 4 << 20]), len(data) // 200)
                schema.LIMIT = chance.choice([1000, 1000, 5])
                whole = piece(Path(folder), descriptor, encoding=encoding)
                compare(whole, tally, chance.choice([1, 1, 2, 5]), f"{title} schema {count}")
    return tally


def main() -> int:
    """Read the arguments, run, print; 1 where anything differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--shipped", action="store_true", help="what the installed packages ship")
    parser.add_argument("--fuzz", type=int, default=0, help="so many invented files besides")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    invented = (
        (f"fuzz {number}", fuzz(random.Random(f"{options.seed}:{number}")), ()) for number in range(options.fuzz)
    )
    tallies = [
        run(cases, options.seed)
        for wanted, cases in (
            (options.folder, below(options.folder or Path())),
            (options.shipped, shipped()),
            (options.fuzz, invented),
        )
        if wanted
    ]
    for tally in tallies:
        print(tally)
    return int(any(tally.differences for tally in tallies))


if __name__ == "__main__":
    sys.exit(main())
