"""The Data Package that is published beside the tables (Data Package v2), valid on its own.

It is the descriptor as it was checked, with everything that spoke of the contributed files replaced by what is
published: paths, sizes, hashes, format, dialect. Electronic mail addresses are left out.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from gazette.metadata.catalogue import canonical
from gazette.model import Artifact, Dataset, ForeignKey, Language, Resource, Site, Text

MEDIA_TYPE = "application/vnd.datapackage+json"
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"

_DIALECT = {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True}
"""Written out, so that no reader needs to guess (Table Dialect v2)."""

_PACKAGE = frozenset(
    "$schema name id title description homepage version created keywords contributors sources licenses image resources "
    "languages profile".split()
)
"""Properties that are stated anew, or that speak of what is not published."""
_RESOURCE = frozenset(
    "$schema name path data type title description format mediatype encoding bytes hash sources licenses dialect "
    "schema profile scheme control compression innerpath extrapaths layout checklist pipeline stats hashing".split()
)

Published: TypeAlias = Mapping[str, Mapping[str, Artifact]]
"""Per dataset and resource, the canonical file."""


def published(artifacts: Iterable[Artifact]) -> Published:
    """The canonical file, the CSV, of every table."""
    found: dict[str, dict[str, Artifact]] = {}
    for artifact in artifacts:
        if artifact.dataset and artifact.resource and canonical(artifact):
            found.setdefault(artifact.dataset, {})[artifact.resource] = artifact
    return found


def path(dataset: Dataset) -> str:
    """Where the descriptor of ``dataset`` lies below the site."""
    return f"data/{dataset.name}/datapackage.json"


def text(dataset: Dataset, datasets: Sequence[Dataset], files: Published, site: Site) -> str:
    """The published descriptor of ``dataset``; its foreign keys may point into the other ``datasets``."""
    document = _package(dataset, datasets, files, site)
    return json.dumps(document, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _package(dataset: Dataset, datasets: Sequence[Dataset], files: Published, site: Site) -> dict[str, Any]:
    language = dataset.languages[0]
    home = f"{site.url}{site.languages[0]}/datasets/{dataset.name}/" if site.url else None
    stated = {
        "$schema": _PROFILE,
        "name": dataset.name,
        "id": dataset.descriptor.get("id") or (f"{site.url}{path(dataset)}" if site.url else None),
        **_texts("title", dataset.title, language),
        **_texts("description", dataset.description, language),
        "homepage": dataset.homepage or home,
        "version": dataset.version,
        # The standard wants a date and a time; the dataset states a day.
        "created": f"{dataset.created.isoformat()}T00:00:00Z" if dataset.created else None,
        "languages": list(dataset.languages),
        "keywords": list(dataset.keywords),
        "licenses": [
            {"name": each.name, **_texts("title", each.title, language), "path": each.path} for each in dataset.licenses
        ],
        "sources": [
            {**_texts("title", each.title, language), "path": each.path, "version": each.version}
            for each in dataset.sources
        ],
        "contributors": [
            {**_texts("title", each.title, language), "path": each.path, "roles": list(each.roles)}
            for each in dataset.parties
        ],
    }
    resources = [
        _resource(resource, files[dataset.name][resource.name], dataset, datasets, files)
        for resource in dataset.resources
        if resource.name in files[dataset.name]
    ]
    return _filled(stated) | _rest(dataset.descriptor, _PACKAGE | stated.keys()) | {"resources": resources}


def _resource(
    resource: Resource, artifact: Artifact, dataset: Dataset, datasets: Sequence[Dataset], files: Published
) -> dict[str, Any]:
    language = dataset.languages[0]
    stated = {
        "name": resource.slug,
        "type": "table",
        "path": artifact.path.rpartition("/")[2],
        **_texts("title", resource.title, language),
        **_texts("description", resource.description, language),
        "format": "csv",
        "mediatype": artifact.media_type,
        "encoding": "utf-8",
        "bytes": artifact.bytes,
        "hash": f"sha256:{artifact.sha256}",
        "dialect": _DIALECT,
        "sources": _linked(resource.descriptor.get("sources")),
        "licenses": _linked(resource.descriptor.get("licenses")),
    }
    document = _filled(stated) | _rest(resource.descriptor, _RESOURCE | stated.keys())
    if resource.schema is None:
        return document
    keys, references = _keys(resource, dataset, datasets, files)
    document["schema"] = _rest(resource.schema.descriptor, frozenset({"foreignKeys"})) | _filled({"foreignKeys": keys})
    if references:
        document["gazette"] = {**document.get("gazette", {}), "references": references}
    return document


def _keys(
    resource: Resource, dataset: Dataset, datasets: Sequence[Dataset], files: Published
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The foreign keys this package can prove alone, and the references it cannot."""
    inside: list[dict[str, Any]] = []
    beyond: list[dict[str, Any]] = []
    for key in resource.schema.foreign_keys if resource.schema else ():
        own = key.dataset is None and (not key.resource or key.resource in files[dataset.name])
        (inside if own else beyond).append(_key(key, dataset, datasets))
    return inside, beyond


def _key(key: ForeignKey, dataset: Dataset, datasets: Sequence[Dataset]) -> dict[str, Any]:
    target = next((each for each in datasets if each.name == key.dataset), dataset)
    slug = next((each.slug for each in target.resources if each.name == key.resource), key.resource)
    package = {"package": f"../{key.dataset}/datapackage.json"} if key.dataset else {}
    return {
        "fields": list(key.fields),
        "reference": {**package, "resource": slug, "fields": list(key.reference_fields)},
    }


def _texts(name: str, value: Text, first: Language) -> dict[str, str]:
    return {name if language == first else f"{name}_{language}": text for language, text in value.values}


def _linked(value: Any) -> list[Any]:
    """Sources or licences of one table: what they say, and the address if a reader elsewhere can follow it."""
    items = [_plain(item) for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
    for item in items:
        if not str(item.get("path", "https:")).startswith(("https:", "http:")):
            del item["path"]
    return items


def _filled(document: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is not stated: the standard allows neither null nor, for most lists, an empty one."""
    return {
        name: [_filled(item) if isinstance(item, Mapping) else item for item in value]
        if isinstance(value, list)
        else value
        for name, value in document.items()
        if value is not None and value != []
    }


def _rest(document: Mapping[str, Any], known: Iterable[str]) -> dict[str, Any]:
    """The other properties of ``document``, ours and those of strangers, as far as JSON can hold them."""
    return {name: value for name, value in _plain(document).items() if name not in known}


def _plain(value: Any) -> Any:
    """``value`` as JSON, without electronic mail addresses; what JSON cannot hold is left out."""
    if isinstance(value, Mapping):
        items = ((name, _plain(item)) for name, item in value.items() if isinstance(name, str) and name != "email")
        return {name: item for name, item in items if item is not None}
    if isinstance(value, list | tuple):
        return [item for item in map(_plain, value) if item is not None]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float) else None
