"""The static interface: JSON at addresses that stay, and the OpenAPI 3.1 document that describes them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import gazette
from gazette.metadata.catalogue import Catalogue
from gazette.model import Artifact, Dataset, Unit

_ROOT = "api/v1"
MEDIA_TYPE = "application/json"


def documents(catalogue: Catalogue, units: Sequence[Unit]) -> Iterator[tuple[str, str, str | None, str]]:
    """Path, media type, dataset and text of every document.

    Addresses in them are those of the site; where it has none, they are relative to the document.
    """
    yield f"{_ROOT}/catalog.json", MEDIA_TYPE, None, _text(_catalog(catalogue, units, catalogue.base or "../../"))
    for dataset in catalogue.datasets:
        document = _dataset(dataset, catalogue, catalogue.base or "../../../")
        yield f"{_ROOT}/datasets/{dataset.name}.json", MEDIA_TYPE, None, _text(document)
    for unit in units:
        document = _unit(unit, catalogue, catalogue.base or "../../../")
        yield f"{_ROOT}/units/{unit.id}.json", MEDIA_TYPE, None, _text(document)
    yield f"{_ROOT}/openapi.json", "application/vnd.oai.openapi+json", None, _text(_openapi(catalogue))


def _catalog(catalogue: Catalogue, units: Sequence[Unit], top: str) -> Mapping[str, Any]:
    return {
        "name": dict(catalogue.site.name.values),
        "as_of": str(catalogue.as_of),
        "topics": [{"code": code, "label": dict(label.values)} for code, label in catalogue.site.topics],
        "datasets": [
            _short(dataset, catalogue) | {"api": f"{top}{_ROOT}/datasets/{dataset.name}.json"}
            for dataset in catalogue.datasets
        ],
        "units": [_named(unit) | {"api": f"{top}{_ROOT}/units/{unit.id}.json"} for unit in units],
    }


def _short(dataset: Dataset, catalogue: Catalogue) -> dict[str, Any]:
    changed = catalogue.changed(dataset)
    return {
        "name": dataset.name,
        "title": dict(dataset.title.values),
        "status": "illustrative" if dataset.illustrative else "real",
        "topic": dataset.topic,
        "frequency": dataset.frequency,
        "version": dataset.version,
        "modified": str(changed) if changed else None,
    }


def _dataset(dataset: Dataset, catalogue: Catalogue, top: str) -> Mapping[str, Any]:
    return {
        **_short(dataset, catalogue),
        "description": dict(dataset.description.values),
        "publisher": dict(dataset.publisher.title.values) if dataset.publisher else None,
        "licenses": [
            {"name": each.name, "title": dict(each.title.values), "path": each.path} for each in dataset.licenses
        ],
        "sources": [{"title": dict(each.title.values), "path": each.path} for each in dataset.sources],
        "keywords": list(dataset.keywords),
        "datapackage": f"{top}data/{dataset.name}/datapackage.json",
        "tables": [
            {
                "name": table.slug,
                "title": dict(table.title.values),
                "rows": files[0].rows,
                "fingerprint": files[0].table,
                "files": [_file(file, top) for file in files],
            }
            for table, files in catalogue.tables(dataset)
        ],
        "files": [_file(file, top) for file in catalogue.files[dataset.name] if file.resource is None],
        "versions": [
            {"commit": each.commit, "published": str(each.published), "subject": each.subject}
            for each in catalogue.history.versions.get(dataset.name, ())
        ],
    }


def _named(unit: Unit) -> dict[str, Any]:
    return {
        "id": unit.id,
        "name": dict(unit.name.values),
        "status": "illustrative" if unit.illustrative else "real",
    }


def _unit(unit: Unit, catalogue: Catalogue, top: str) -> Mapping[str, Any]:
    slugs = {(dataset.name, table.name): table.slug for dataset in catalogue.datasets for table in dataset.resources}
    return {
        **_named(unit),
        "register": {
            "dataset": unit.dataset,
            "table": slugs[unit.dataset, unit.resource],
            "row": dict(unit.row),
        },
        "mentions": [
            {
                "dataset": each.dataset,
                "table": slugs[each.dataset, each.resource],
                "column": each.field,
                "total": each.total,
                "header": list(each.header),
                "rows": [list(row) for row in each.rows],
                "file": f"{top}data/{each.dataset}/{slugs[each.dataset, each.resource]}.csv",
            }
            for each in unit.mentions
        ],
    }


def _file(file: Artifact, top: str) -> Mapping[str, Any]:
    return {"url": f"{top}{file.path}", "media_type": file.media_type, "bytes": file.bytes, "sha256": file.sha256}


# --- OpenAPI ----------------------------------------------------------------------------------------------

_STRING: Mapping[str, Any] = {"type": "string"}
_STATED: Mapping[str, Any] = {"type": ["string", "null"]}
_DAY: Mapping[str, Any] = {"type": ["string", "null"], "format": "date"}
_COUNT: Mapping[str, Any] = {"type": "integer", "minimum": 0}
_DIGEST: Mapping[str, Any] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
_CELLS: Mapping[str, Any] = {"type": "array", "items": _STATED}
_TEXT: Mapping[str, Any] = {"$ref": "#/components/schemas/Text"}
_FILE: Mapping[str, Any] = {"$ref": "#/components/schemas/File"}
_NAMED: Mapping[str, Any] = {
    "id": _STRING,
    "name": _TEXT,
    "status": {"enum": ["real", "illustrative"]},
}
_SHORT: Mapping[str, Any] = {
    "name": _STRING,
    "title": _TEXT,
    "status": {"enum": ["real", "illustrative"]},
    "topic": _STATED,
    "frequency": _STATED,
    "version": _STATED,
    "modified": _DAY,
}


def _openapi(catalogue: Catalogue) -> Mapping[str, Any]:
    found = catalogue.site.name.nearest("en")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": found[1] if found else "Gazette",
            "version": "1",
            "description": f"Files that stay where they are. Made by Gazette {gazette.__version__}.",
        },
        # A relative address counts from this document.
        "servers": [{"url": catalogue.base.rstrip("/") or "../.."}],
        "paths": {
            f"/{_ROOT}/catalog.json": _path("catalog", "Every dataset, and the topics they stand under", "Catalog"),
            f"/{_ROOT}/datasets/{{name}}.json": _path("dataset", "One dataset with its files and versions", "Dataset")
            | {"parameters": [_named_in_path("name", "Name of a dataset")]},
            f"/{_ROOT}/units/{{id}}.json": _path("unit", "One unit with the rows of every table that name it", "Unit")
            | {"parameters": [_named_in_path("id", "Identifier of a unit in its register")]},
        },
        "components": {"schemas": _schemas()},
    }


def _named_in_path(name: str, description: str) -> Mapping[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": _STRING, "description": description}


def _path(name: str, summary: str, schema: str) -> dict[str, Any]:
    content = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    answers = {"200": {"description": summary, "content": content}, "404": {"description": "There is no such document"}}
    return {"get": {"operationId": name, "summary": summary, "responses": answers}}


def _schemas() -> Mapping[str, Any]:
    return {
        "Text": {
            "type": "object",
            "additionalProperties": _STRING,
            "description": "A text by language, as BCP 47 names them: en, zh.",
        },
        "File": _object({"url": _STRING, "media_type": _STRING, "bytes": _COUNT, "sha256": _DIGEST}),
        "Catalog": _object(
            {
                "name": _TEXT,
                "as_of": {"type": "string", "format": "date"},
                "topics": _list(_object({"code": _STRING, "label": _TEXT})),
                "datasets": _list(_object({**_SHORT, "api": _STRING})),
                "units": _list(_object({**_NAMED, "api": _STRING})),
            }
        ),
        "Dataset": _dataset_schema(),
        "Unit": _unit_schema(),
    }


def _dataset_schema() -> Mapping[str, Any]:
    table = {"name": _STRING, "title": _TEXT, "rows": _COUNT, "fingerprint": _DIGEST, "files": _list(_FILE)}
    version = {"commit": _STRING, "published": _DAY, "subject": _STRING}
    return _object(
        {
            **_SHORT,
            "description": _TEXT,
            "publisher": {"anyOf": [_TEXT, {"type": "null"}]},
            "licenses": _list(_object({"name": _STATED, "title": _TEXT, "path": _STATED})),
            "sources": _list(_object({"title": _TEXT, "path": _STATED})),
            "keywords": _list(_STRING),
            "datapackage": _STRING,
            "tables": _list(_object(table)),
            "files": _list(_FILE),
            "versions": _list(_object(version)),
        }
    )


def _unit_schema() -> Mapping[str, Any]:
    row = {
        "type": "object",
        "additionalProperties": _STATED,
        "description": "Its own row, by the names of the columns.",
    }
    mention = {
        "dataset": _STRING,
        "table": _STRING,
        "column": {**_STRING, "description": "The column that names the unit."},
        "total": {**_COUNT, "description": "How many rows name it; `rows` are the first of them."},
        "header": _list(_STRING),
        "rows": _list(_CELLS),
        "file": {**_STRING, "description": "The table with all its rows."},
    }
    return _object(
        {
            **_NAMED,
            "register": _object({"dataset": _STRING, "table": _STRING, "row": row}),
            "mentions": _list(_object(mention)),
        }
    )


def _list(items: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": "array", "items": items}


def _object(members: Mapping[str, Any]) -> Mapping[str, Any]:
    """Every member is always there; others may come to stand beside them, so none is forbidden."""
    return {"type": "object", "required": list(members), "properties": members}


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
