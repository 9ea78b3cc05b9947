"""Units: every row of every table that names one is found, and what its other keys are called."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

from gazette import descriptor, snapshot, tables, units
from gazette.model import Policy, Unit
from tests.broken import SITE

KEY = {"fields": ["unit"], "reference": {"package": "../units/datapackage.json", "resource": "units", "fields": ["id"]}}


def package(name: str, *resources: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "title": name, "languages": ["en", "zh"], "resources": list(resources)}


def table(name: str, fields: list[str], key: str | None = None, **more: Any) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [{"name": field, "type": "string"} for field in fields]}
    if key:
        schema["primaryKey"] = [key]
    keys = more.pop("keys", [])
    if keys:
        schema["foreignKeys"] = keys
    return {"name": name, "path": f"{name}.csv", "schema": schema, **more}


def gathered(folder: Path, shown: int = units.SHOWN) -> dict[str, Unit]:
    """Two units, a table of areas, and one of reports that names units and areas."""
    area = {"fields": ["area"], "reference": {"resource": "areas", "fields": ["code"]}}
    documents = {
        "units": package(
            "units", table("units", ["id", "name_en", "name_zh", "successor_id"], "id", gazette={"kind": "units"})
        ),
        "reports": package(
            "reports",
            table("areas", ["code", "name_en", "name_zh"], "code"),
            table("reports", ["unit", "area", "note"], keys=[KEY, area]),
        ),
    }
    contents = {
        "units/units.csv": "id,name_en,name_zh,successor_id\na,Archives,档案馆,b\nb,Records Office,档案局,\n",
        "reports/areas.csv": "code,name_en,name_zh\n1,Roads,道路\n",
        "reports/reports.csv": "unit,area,note\na,1,first\nb,1,second\na,,third\n,1,nobody\n",
    }
    for name, document in documents.items():
        (folder / "datasets" / name).mkdir(parents=True)
        (folder / "datasets" / name / "datapackage.json").write_text(json.dumps(document), encoding="utf-8")
    for path, text in contents.items():
        (folder / "datasets" / path).write_text(text, encoding="utf-8")
    room = folder / "room"
    room.mkdir()
    inputs, _ = snapshot.take(folder / "datasets", room)
    datasets, _ = descriptor.load(inputs, Policy(name="open", strict=False), replace(SITE, languages=("en", "zh")))
    with mock.patch.object(units, "SHOWN", shown):
        return {unit.id: unit for unit in units.gather(datasets, tables.cut(datasets, inputs))}


def test_every_row_that_names_a_unit_is_gathered(tmp_path: Path) -> None:
    """In the order of the table; a row that names nobody belongs to nobody."""
    found = gathered(tmp_path)
    assert list(found) == ["a", "b"]
    (mention,) = found["a"].mentions
    assert (mention.dataset, mention.resource, mention.field, mention.total) == ("reports", "reports", "unit", 2)
    assert mention.rows == (("a", "1", "first"), ("a", "", "third"))
    assert [row[2] for row in found["b"].mentions[0].rows] == ["second"]


def test_other_keys_come_with_their_names(tmp_path: Path) -> None:
    """A reader of a profile does not know the codes of another table."""
    (mention,) = gathered(tmp_path)["a"].mentions
    assert mention.names["area"]["1"].get("zh") == "道路"


def test_a_unit_has_its_name_in_every_language(tmp_path: Path) -> None:
    """And its own row, which tells its successor."""
    unit = gathered(tmp_path)["a"]
    assert (unit.name.get("en"), unit.name.get("zh"), unit.row["successor_id"]) == ("Archives", "档案馆", "b")


def test_the_total_is_exact_where_not_all_rows_are_kept(tmp_path: Path) -> None:
    """A table of a million rows must not fill the memory for one page."""
    (mention,) = gathered(tmp_path, shown=1)["a"].mentions
    assert (len(mention.rows), mention.total) == (1, 2)


def test_a_site_without_a_register_has_no_units() -> None:
    """Whatever else it publishes."""
    assert units.gather((), ()) == ()
