"""Whether every text of a descriptor exists in every language the site requires."""

from __future__ import annotations

from collections.abc import Iterator

from gazette.model import Dataset, Finding, Policy, Resource, Text


def judge(dataset: Dataset, policy: Policy) -> tuple[Finding, ...]:
    """One finding per text that is not there in one of the languages of the dataset."""
    if "translations" not in policy.required:
        return ()
    return tuple(
        Finding(
            code="translation-missing",
            severity="error",
            source="gazette",
            dataset=dataset.name,
            path=dataset.path,
            pointer=pointer,
            line=dataset.line(pointer),
            resource=resource,
            facts={"language": language, "property": pointer.rpartition("/")[2]},
        )
        for pointer, resource, text in _texts(dataset)
        for language in dataset.languages
        if text.get(language) is None
    )


def _texts(dataset: Dataset) -> Iterator[tuple[str, str | None, Text]]:
    """Every text a reader of the dataset's page meets, with its pointer and its resource."""
    yield "/title", None, dataset.title
    yield "/description", None, dataset.description
    for number, party in enumerate(dataset.parties):
        yield f"/contributors/{number}/title", None, party.title
    for number, source in enumerate(dataset.sources):
        yield f"/sources/{number}/title", None, source.title
    for number, licence in enumerate(dataset.licenses):
        if licence.title or not licence.name:
            yield f"/licenses/{number}/title", None, licence.title
    for resource in dataset.resources:
        for pointer, text in _resource_texts(resource):
            yield f"{resource.pointer}{pointer}", resource.name, text


def _resource_texts(resource: Resource) -> Iterator[tuple[str, Text]]:
    yield "/title", resource.title
    if resource.description:
        yield "/description", resource.description
    for number, field in enumerate(resource.schema.fields if resource.schema else ()):
        below = f"/schema/fields/{number}"
        yield f"{below}/title", field.title
        if field.description:
            yield f"{below}/description", field.description
        if field.unit:
            yield f"{below}/gazette/unit", field.unit
        for index, category in enumerate(field.categories):
            yield f"{below}/categories/{index}/label", category.label
