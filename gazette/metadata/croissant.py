"""Croissant 1.0 (MLCommons): the canonical CSV files as record sets that a program can load."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from gazette.metadata.catalogue import Catalogue, canonical
from gazette.model import Artifact, Dataset, Field, Resource, Text

_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context of the specification (Croissant 1.0, "Appendix 1"), word for word."""
_TYPES = {"integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean", "date": "sc:Date"}


def path(dataset: Dataset) -> str:
    """Where the document lies below the site."""
    return f"data/{dataset.name}/croissant.json"


def text(dataset: Dataset, catalogue: Catalogue) -> str:
    """The document about one dataset; the site must have an address."""
    changed = catalogue.changed(dataset) or catalogue.as_of
    tables = [
        (table, file)
        for table, files in catalogue.tables(dataset)
        for file in files
        if canonical(file) and table.schema
    ]
    document = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": dataset.name,
        "description": _first(dataset.description) or _first(dataset.title),
        "url": catalogue.page(dataset, catalogue.site.languages[0]),
        "version": dataset.version or str(changed),
        "datePublished": str(dataset.created or changed),
        "license": next((each.path for each in dataset.licenses if each.path), None),
        "creator": {"@type": "sc:Organization", "name": _first(dataset.publisher.title)} if dataset.publisher else None,
        "citeAs": f"{_first(dataset.title)}. {catalogue.page(dataset, catalogue.site.languages[0])}",
        "distribution": [_file(file, catalogue) for _, file in tables],
        "recordSet": [_records(table, file) for table, file in tables],
    }
    known = {name: value for name, value in document.items() if value is not None}
    return json.dumps(known, ensure_ascii=False, indent=1) + "\n"


def _file(file: Artifact, catalogue: Catalogue) -> Mapping[str, Any]:
    name = file.path.rpartition("/")[2]
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": catalogue.base + file.path,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": "text/csv",
        "sha256": file.sha256,
    }


def _records(table: Resource, file: Artifact) -> Mapping[str, Any]:
    fields = table.schema.fields if table.schema else ()
    return {
        "@type": "cr:RecordSet",
        "@id": table.slug,
        "name": table.slug,
        "description": _first(table.title) or table.name,
        "field": [_field(table, field, file) for field in fields],
    }


def _type(field: Field) -> str:
    # To its readers any text but a few is true, "no" and "否" among them.
    own = field.type == "boolean" and ("trueValues" in field.descriptor or "falseValues" in field.descriptor)
    return "sc:Text" if own or field.format != "default" else _TYPES.get(field.type, "sc:Text")


def _field(table: Resource, field: Field, file: Artifact) -> Mapping[str, Any]:
    name = file.path.rpartition("/")[2]
    return {
        "@type": "cr:Field",
        "@id": f"{table.slug}/{field.name}",
        "name": field.name,
        "description": _first(field.description) or _first(field.title) or field.name,
        "dataType": _type(field),
        "source": {"fileObject": {"@id": name}, "extract": {"column": field.name}},
    }


def _first(text_: Text) -> str:
    """The text in English, which the vocabulary asks for, else in the language it has one in."""
    found = text_.nearest("en")
    return found[1] if found else ""
