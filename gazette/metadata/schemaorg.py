"""What search engines read on a page: schema.org ``Dataset`` as JSON-LD (Google, "Dataset structured data")."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from gazette import words
from gazette.metadata.catalogue import Catalogue
from gazette.model import Artifact, Dataset, Language


def text(dataset: Dataset, language: Language, catalogue: Catalogue) -> str:
    """The block for the page of ``dataset`` in ``language``; its ``@id`` is the same in every language."""
    title = dataset.title.nearest(language)
    others = [value for tag, value in dataset.title.values if title and tag != title[0]]
    description = dataset.description.nearest(language)
    publisher = dataset.publisher.title.nearest(language) if dataset.publisher else None
    changed = catalogue.changed(dataset)
    document = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": catalogue.address(dataset),
        "identifier": catalogue.address(dataset),
        "name": title[1] if title else dataset.name,
        "alternateName": others,
        "description": description[1] if description else None,
        "url": catalogue.page(dataset, language),
        "inLanguage": [words.BCP47.get(tag, tag) for tag in dataset.languages],
        "keywords": list(dataset.keywords),
        "version": dataset.version,
        "datePublished": str(dataset.created) if dataset.created else None,
        "dateModified": str(changed) if changed else None,
        "license": next((each.path for each in dataset.licenses if each.path), None),
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": publisher[1]} if publisher else None,
        "creativeWorkStatus": words.label("illustrative.badge", language) if dataset.illustrative else None,
        "includedInDataCatalog": {"@type": "DataCatalog", "name": _name(catalogue, language), "url": catalogue.base},
        "isBasedOn": [each.path for each in dataset.sources if each.path],
        "distribution": [_download(file, catalogue) for file in catalogue.downloads(dataset)],
        "variableMeasured": _variables(dataset, language),
    }
    # A title may hold what would end the script element.
    return json.dumps(_filled(document), ensure_ascii=False).replace("<", "\\u003c")


def _name(catalogue: Catalogue, language: Language) -> str | None:
    found = catalogue.site.name.nearest(language)
    return found[1] if found else None


def _download(file: Artifact, catalogue: Catalogue) -> Mapping[str, Any]:
    return {
        "@type": "DataDownload",
        "contentUrl": catalogue.base + file.path,
        "encodingFormat": file.media_type,
        "contentSize": f"{file.bytes} B",
        "sha256": file.sha256,
    }


def _variables(dataset: Dataset, language: Language) -> list[Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for table in dataset.resources:
        for field in table.schema.fields if table.schema and not table.omitted else ():
            title, unit = field.title.nearest(language), field.unit.nearest(language)
            variable = {
                "@type": "PropertyValue",
                "name": title[1] if title else field.name,
                "alternateName": field.name,
                "unitText": unit[1] if unit else None,
            }
            found.setdefault(field.name, _filled(variable))
    return list(found.values())


def _filled(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value not in (None, [])}
