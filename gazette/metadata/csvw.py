"""CSV on the Web (W3C, Metadata Vocabulary for Tabular Data): what a CSV file's columns mean, in every language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from gazette import words
from gazette.metadata.catalogue import Catalogue
from gazette.model import Artifact, Dataset, Field, Resource, Text

MEDIA_TYPE = "application/csvm+json"
_TYPES = {
    "integer": "integer",
    "number": "decimal",
    "boolean": "boolean",
    "date": "date",
    "datetime": "dateTime",
    "time": "time",
    "year": "gYear",
    "yearmonth": "gYearMonth",
    "duration": "duration",
}
"""Table Schema v2 types, and the XSD ones CSVW has for them; whatever else is text."""


def path(file: Artifact) -> str:
    """Where a reader of the CSV looks first (5.3, "Default Locations")."""
    return f"{file.path}-metadata.json"


def text(dataset: Dataset, table: Resource, file: Artifact, catalogue: Catalogue) -> str:
    """The document about one canonical CSV file."""
    licence = next((each.path for each in dataset.licenses if each.path), None)
    document: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": words.BCP47.get(dataset.languages[0], "und")}],
        "url": file.path.rpartition("/")[2],
        "dc:title": _texts(table.title),
        "dc:description": _texts(dataset.description),
        "dc:license": {"@id": licence} if licence else None,
        "dc:modified": {"@value": str(day), "@type": "xsd:date"} if (day := catalogue.changed(dataset)) else None,
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True},
    }
    if table.schema:
        missing = list(table.schema.missing_values)
        schema: dict[str, Any] = {"columns": [_column(field, missing) for field in table.schema.fields]}
        if table.schema.primary_key:
            schema["primaryKey"] = [_name(name) for name in table.schema.primary_key]
        document["tableSchema"] = schema
    return json.dumps(_filled(document), ensure_ascii=False, indent=1) + "\n"


def _column(field: Field, missing: list[str]) -> dict[str, Any]:
    titles = {words.BCP47.get(language, language): value for language, value in field.title.values}
    # The header of the file is one of the titles, in no language.
    column = {
        "name": _name(field.name),
        "titles": {"und": [field.name]} | {language: [value] for language, value in titles.items()},
        "dc:description": _texts(field.description),
        "datatype": _datatype(field),
        "null": [*missing, *(word for word in _missing(field) if word not in missing)],
        "required": field.constraints.get("required") is True or None,
    }
    return _filled(column)


def _name(name: str) -> str:
    """A name as RFC 6570 has variables: other characters percent-encoded (Metadata Vocabulary, 5.6.1.1)."""
    return "".join(
        character
        if character.isascii() and (character.isalnum() or character == "_")
        else "".join(f"%{byte:02X}" for byte in character.encode())
        for character in name
    )


def _missing(field: Field) -> list[str]:
    stated = field.descriptor.get("missingValues") or []
    return [item if isinstance(item, str) else str(item["value"]) for item in stated]


def _datatype(field: Field) -> Any:
    # A number with its unit beside it in the cell is text to every other reader.
    dressed = field.format != "default" or field.descriptor.get("bareNumber") is False
    base = "string" if dressed else _TYPES.get(field.type, "string")
    if base == "boolean":
        # Table Schema knows eight words for the two values unless the field names its own, CSVW four or two.
        true, false = (field.descriptor.get(name) or [] for name in ("trueValues", "falseValues"))
        return {"base": base, "format": f"{true[0]}|{false[0]}"} if len(true) == len(false) == 1 else "string"
    marks = {name: field.descriptor[name] for name in ("decimalChar", "groupChar") if name in field.descriptor}
    return {"base": base, "format": marks} if marks and base in {"integer", "decimal"} else base


def _texts(text_: Text) -> list[Mapping[str, str]]:
    return [{"@value": value, "@language": words.BCP47.get(language, language)} for language, value in text_.values]


def _filled(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value not in (None, [], {})}
