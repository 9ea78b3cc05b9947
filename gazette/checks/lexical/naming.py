"""Which columns name rows."""

from __future__ import annotations

from collections.abc import Iterable

from gazette.model import Field, Resource


def stated(resource: Resource) -> list[tuple[str, ...]]:
    """``uniqueKeys`` of the schema (Table Schema v2); a single name stands for a list of one."""
    listed = resource.schema.descriptor.get("uniqueKeys") if resource.schema else None
    if not isinstance(listed, list):
        return []
    keys = [[key] if isinstance(key, str) else key for key in listed]
    return [tuple(map(str, key)) for key in keys if isinstance(key, list) and key]


def unjudged(resource: Resource, labels: Iterable[str]) -> list[tuple[str, ...]]:
    """The unique keys whose columns are there and which frictionless does not judge under another name."""
    schema = resource.schema
    if schema is None:
        return []
    judged = {schema.primary_key} | {(each.name,) for each in schema.fields if each.constraints.get("unique")}
    return [names for names in _present(stated(resource), resource, labels) if names not in judged]


def all_of(resource: Resource, labels: Iterable[str]) -> list[tuple[str, ...]]:
    """Everything that must be unique and whose columns are there, each once, the primary key first."""
    schema = resource.schema
    if schema is None:
        return []
    single = [(each.name,) for each in schema.fields if each.constraints.get("unique")]
    return list(dict.fromkeys(_present([schema.primary_key, *single, *stated(resource)], resource, labels)))


def is_key(described: Field, resource: Resource) -> bool:
    """Whether rows are found by the field; a text that merely must not repeat may be a name."""
    schema = resource.schema
    named = [name for names in stated(resource) for name in names]
    if schema:
        named += [*schema.primary_key, *(name for key in schema.foreign_keys for name in key.fields)]
    return described.name in named


def _present(keys: Iterable[tuple[str, ...]], resource: Resource, labels: Iterable[str]) -> list[tuple[str, ...]]:
    known = {each.name for each in resource.schema.fields} & set(labels) if resource.schema else set()
    return [names for names in keys if names and set(names) <= known]
