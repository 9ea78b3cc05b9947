"""The datasets this repository is delivered with, read once.

Whoever publishes other data deletes them; then there is nothing to test here and every test says so.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import yaml

Descriptor: TypeAlias = Mapping[str, Any]
Row: TypeAlias = dict[str, str]
Table: TypeAlias = Callable[[str, str], list[Row]]

FOLDER = Path(__file__).parents[2] / "datasets"
PUBLISHER = "Gazette example site editors"


@pytest.fixture(scope="session")
def folder() -> Path:
    """Where the datasets lie."""
    return FOLDER


@pytest.fixture(scope="session")
def descriptors() -> dict[str, Descriptor]:
    """The descriptors of our own datasets by name, known by their publisher."""
    read = {path.parent.name: yaml.safe_load(path.read_bytes()) for path in sorted(FOLDER.glob("*/datapackage.yaml"))}
    ours = {name: node for name, node in read.items() if _publisher(node) == PUBLISHER}
    if not ours:
        pytest.skip("our own datasets are not in datasets/")
    return ours


@pytest.fixture(scope="session")
def table(descriptors: dict[str, Descriptor]) -> Table:
    """The rows of a table, by dataset and resource."""

    def rows(dataset: str, resource: str) -> list[Row]:
        found = next(node for node in descriptors[dataset]["resources"] if node["name"] == resource)
        with (FOLDER / dataset / found["path"]).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return rows


def _publisher(node: object) -> object:
    try:
        return node["contributors"][0]["title"]  # type: ignore[index]
    except (TypeError, KeyError, IndexError):
        return None
