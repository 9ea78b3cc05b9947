"""What a page states for the explorer of a table, and of which tables it states anything."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gazette.model import Dataset, Resource
from gazette.pages import edition, explorer
from tests import sample

PARQUET = "application/vnd.apache.parquet"
DATASET: Dataset = next(each for each in sample.DATASETS if each.name == "departments")
TABLE: Resource = DATASET.resources[0]


def planned(stage: Path, rows: int, *, script: bool = True) -> str | None:
    """The plan of a table of so many rows."""
    if script:
        (stage / explorer.SCRIPT).parent.mkdir(parents=True)
        (stage / explorer.SCRIPT).touch()
    files = sample.artifacts(stage, (DATASET,))
    parquet = replace(files[0], path=files[0].path.replace(".csv", ".parquet"), media_type=PARQUET)
    source = edition.Edition(
        datasets=(DATASET,),
        artifacts=(*files, parquet),
        omissions=(),
        structured={},
        units=(),
        report=replace(sample.report((DATASET,)), rows={(DATASET.name, TABLE.name): rows}),
        history=sample.history(),
        settings=sample.settings(),
        as_of=None,
        stage=stage,
    )
    return explorer.plan(source, DATASET, TABLE, {"department_id": ""}, "en", "../")


@pytest.mark.parametrize("rows", [0, 1])
def test_a_table_with_nothing_to_sort_is_not_explored(tmp_path: Path, rows: int) -> None:
    """The one row there is stands on the page."""
    assert planned(tmp_path, rows) is None


def test_a_table_of_two_rows_is_explored(tmp_path: Path) -> None:
    """With what the script is to say of it; not where the script is missing."""
    assert planned(tmp_path, 2, script=False) is None
    plan = json.loads(planned(tmp_path, 2) or "")
    assert plan["open"].startswith("Show all 2 rows")
