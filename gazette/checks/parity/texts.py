"""What is written twice: the texts of a descriptor and the columns that stand beside each other in a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gazette import script
from gazette.model import Dataset, Language, Resource, Text

_OWN = frozenset({"title", "description", "caption", "note", "reason", "owner"})
"""Properties of ours that are texts for readers, also where nobody has translated them."""
_UNREAD = frozenset({"allow", "rules", "translation"})
"""Properties of ours that no page shows, or whose members are names of fields."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One text of a descriptor."""

    dataset: Dataset
    pointer: str
    resource: str | None
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two columns that say the same; ``None`` where a table lacks one of them."""

    name: str
    zh: str | None
    en: str | None
    script: str = script.SIMPLIFIED
    """The script of the Chinese column, as a BCP 47 tag."""


def pairs(resource: Resource, columns: Sequence[str]) -> Iterator[Pair]:
    """The pairs among the ``columns`` of a table: ``<name>_zh`` beside ``<name>_en``."""
    fields = {field.name: field for field in resource.schema.fields} if resource.schema else {}
    texts = [name for name in columns if name not in fields or fields[name].type in {"string", "any"}]
    stems = dict.fromkeys(name[:-3] for name in texts if name.endswith(("_zh", "_en")) and len(name) > len("_zh"))
    for stem in stems:
        zh, en = f"{stem}_zh", f"{stem}_en"
        declared = _own(fields[zh].descriptor).get("language") if zh in fields else None
        if en not in texts and declared:
            continue  # in Chinese by its nature
        yield Pair(
            name=stem,
            zh=zh if zh in texts else None,
            en=en if en in texts else None,
            script=script.TRADITIONAL if declared == script.TRADITIONAL else script.SIMPLIFIED,
        )


def places(dataset: Dataset) -> Iterator[Place]:
    """Every text of a descriptor that a reader of the dataset's page meets."""
    for pointer, resource, text in _texts(dataset):
        yield Place(dataset=dataset, pointer=pointer, resource=resource, text=text)


def _texts(dataset: Dataset) -> Iterator[tuple[str, str | None, Text]]:
    yield "/title", None, dataset.title
    yield "/description", None, dataset.description
    for number, party in enumerate(dataset.parties):
        yield f"/contributors/{number}/title", None, party.title
    for number, source in enumerate(dataset.sources):
        yield f"/sources/{number}/title", None, source.title
    for number, licence in enumerate(dataset.licenses):
        if licence.title or not licence.name:
            yield f"/licenses/{number}/title", None, licence.title
    for pointer, text in _ours(dataset.descriptor, dataset.languages):
        yield pointer, None, text
    for resource in dataset.resources:
        for pointer, text in _resource_texts(resource, dataset.languages):
            yield f"{resource.pointer}{pointer}", resource.name, text


def _resource_texts(resource: Resource, languages: Sequence[Language]) -> Iterator[tuple[str, Text]]:
    yield "/title", resource.title
    if resource.description:
        yield "/description", resource.description
    for name in ("sources", "licenses"):
        for number, node in enumerate(_listed(resource.descriptor.get(name))):
            if isinstance(node, Mapping) and "title" in node:
                yield f"/{name}/{number}/title", _text(node, "title", languages)
    yield from _ours(resource.descriptor, languages)
    for number, field in enumerate(resource.schema.fields if resource.schema else ()):
        below = f"/schema/fields/{number}"
        yield f"{below}/title", field.title
        if field.description:
            yield f"{below}/description", field.description
        for pointer, text in _ours(field.descriptor, languages):
            yield f"{below}{pointer}", text
        for index, category in enumerate(field.categories):
            yield f"{below}/categories/{index}/label", category.label


def _ours(node: Mapping[str, Any], languages: Sequence[Language]) -> Iterator[tuple[str, Text]]:
    """The texts in what a package, a table or a field says under ``gazette``: units, views, waivers."""
    own = _own(node)
    if isinstance(own.get("unit"), str):
        yield "/gazette/unit", _text(own, "unit", languages)
    waiting: list[tuple[str, Any]] = [(f"/gazette/{name}", part) for name, part in own.items() if name not in _UNREAD]
    while waiting:
        pointer, value = waiting.pop(0)
        if isinstance(value, Mapping):
            for name, part in value.items():
                if isinstance(part, str) and (name in _OWN or any(f"{name}_{each}" in value for each in languages)):
                    yield f"{pointer}/{name}", _text(value, name, languages)
            waiting += [(f"{pointer}/{name}", part) for name, part in value.items()]
        else:
            waiting += [(f"{pointer}/{number}", part) for number, part in enumerate(_listed(value))]


def _text(node: Mapping[str, Any], name: str, languages: Sequence[Language]) -> Text:
    stated = [(tag, node.get(name if tag == languages[0] else f"{name}_{tag}")) for tag in languages]
    return Text(values=tuple((tag, str(value)) for tag, value in stated if value))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _own(node: Mapping[str, Any]) -> Mapping[str, Any]:
    own = node.get("gazette")
    return own if isinstance(own, Mapping) else {}
