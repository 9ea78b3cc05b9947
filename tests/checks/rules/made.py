"""Tables made of values, as a rule is given them."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from gazette.checks import rules
from gazette.model import (
    Dataset,
    Declaration,
    Evidence,
    Field,
    Finding,
    Outcome,
    Resource,
    Schema,
    Slice,
    Text,
    Waiver,
)

TYPES = {"s": "string", "i": "integer", "n": "number", "d": "date", "b": "boolean", "y": "year"}


def resource(name: str, columns: str, *stated: dict[str, Any], kind: str | None = None, key: str = "") -> Resource:
    """A table with ``columns`` like ``unit:s count:i`` that declares the rules ``stated``."""
    names = [each.partition(":")[::2] for each in columns.split()]
    fields = tuple(
        Field(name=label, type=TYPES[kind_], format="default", title=Text(), description=Text(), constraints={})
        for label, kind_ in names
    )
    declared = tuple(
        Declaration(
            rule=rule["rule"],
            parameters={label: value for label, value in rule.items() if label != "rule"},
            pointer=f"/resources/0/gazette/rules/{number}",
        )
        for number, rule in enumerate(stated)
    )
    return Resource(
        name=name,
        slug=name,
        dataset="made",
        title=Text(),
        description=Text(),
        paths=(f"{name}.csv",),
        schema=Schema(
            fields=fields,
            primary_key=tuple(key.split()),
            descriptor={"fields": [{"name": label, "type": TYPES[kind_]} for label, kind_ in names]},
        ),
        kind=kind,
        rules=declared,
        pointer="/resources/0",
    )


def judged(
    *tables: tuple[Resource, Sequence[Sequence[object]]],
    waivers: tuple[Waiver, ...] = (),
    as_of: date = date(2026, 1, 31),
    previous: rules.Previous = rules.unknown,
    others: Sequence[tuple[Resource, Sequence[Sequence[object]]]] = (),
) -> tuple[tuple[Finding, ...], tuple[Outcome, ...]]:
    """What the rules say of tables with these rows, beside a dataset that has the ``others``."""
    far = [(replace(table, dataset="another"), rows) for table, rows in others]
    datasets = [
        Dataset(
            name=name,
            folder=name,
            path=f"{name}/datapackage.yaml",
            title=Text(),
            description=Text(),
            resources=tuple(table for table, _ in own),
            languages=("en", "zh"),
            waivers=waivers if name == "made" else (),
        )
        for name, own in (("made", tables), ("another", far))
    ]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for table, rows in (*tables, *far):
            path = root / table.dataset / table.paths[0]
            path.parent.mkdir(exist_ok=True)
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow([field.name for field in table.schema.fields] if table.schema else [])
                writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
        pieces = [Slice(root=root, dataset=each, resource=table) for each in datasets for table in each.resources]
        evidence = [
            Evidence(dataset=table.dataset, resource=table.name, rows=len(rows), findings=())
            for table, rows in (*tables, *far)
        ]
        found = rules.judge(datasets, pieces, evidence, set(), as_of, previous)
    return tuple(each for each in found.findings if each.dataset == "made"), found.outcomes["made"]


def places(findings: Sequence[Finding]) -> list[tuple[str, int | None, str | None]]:
    """Code, row and field of each finding."""
    return [(finding.code, finding.row, finding.field) for finding in findings]
