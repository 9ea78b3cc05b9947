"""The descriptor: its patterns, categories and keys, and the characters of its texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow.compute as pc

from gazette import tables
from gazette.checks import patterns
from gazette.checks.lexical import characters, naming
from gazette.checks.walk import Walk
from gazette.model import Dataset, Fact, Field, Finding, Resource, Slice


def hangs(piece: Slice) -> bool:
    """Whether the table, or one its keys name, has a pattern that must not be tried on data."""
    return any(
        patterns.explodes(pattern)
        for dataset in (piece.dataset, *piece.others)
        for resource in dataset.resources
        for _, each in _fields(resource)
        if isinstance(pattern := each.constraints.get("pattern"), str)
    )


def texts(*walks: Walk) -> tuple[Finding, ...]:
    """What is wrong with the patterns, categories, keys and characters of descriptors."""
    joined = ["\n".join(node.value for node in nodes if isinstance(node.value, str)) for _, nodes in walks]
    # All at once and by RE2: Python takes ten times longer to see that there is nothing.
    notable = pc.match_substring_regex(tables.texts(joined), characters.NOTABLE.pattern).to_pylist()
    return tuple(
        finding
        for walked, is_notable in zip(walks, notable, strict=True)
        for finding in (*(_strings(walked) if is_notable else ()), *_schemas(walked.dataset))
    )


def _schemas(dataset: Dataset) -> Iterator[Finding]:
    for resource in dataset.resources:
        for pointer, each in _fields(resource):
            for below, code, facts in (*_pattern(each), *_categories(each), *_codes(each)):
                place = f"{pointer}{below}"
                yield _stated(dataset, code, place, resource=resource.name, field=each.name, facts=facts)
        known = {each.name for _, each in _fields(resource)}
        for number, names in enumerate(naming.stated(resource)):
            if unknown := sorted(set(names) - known):
                place = f"{resource.pointer}/schema/uniqueKeys/{number}"
                facts = {"variant": "unknown", "names": unknown}
                yield _stated(dataset, "unique-key", place, resource=resource.name, facts=facts)


def _fields(resource: Resource) -> Iterator[tuple[str, Field]]:
    for number, each in enumerate(resource.schema.fields if resource.schema else ()):
        yield f"{resource.pointer}/schema/fields/{number}", each


def _pattern(each: Field) -> Iterator[tuple[str, str, Mapping[str, Fact]]]:
    pattern = each.constraints.get("pattern")
    if not isinstance(pattern, str):
        return
    try:
        re.compile(pattern)
    except re.error:
        return  # frictionless cannot compile it either, and says so
    below = "/constraints/pattern"
    if patterns.explodes(pattern):
        yield below, "pattern-unsafe", {"pattern": characters.shown(pattern)}
    elif part := patterns.unportable(pattern):
        yield below, "pattern-unportable", {"pattern": characters.shown(pattern), "part": characters.shown(part)}
    if patterns.splits(pattern):
        yield below, "pattern-alternation", {"pattern": characters.shown(pattern)}


def _categories(each: Field) -> Iterator[tuple[str, str, Mapping[str, Fact]]]:
    """Table Schema v2, ``categories``: for strings and integers; values of the field's type, each once."""
    stated = each.descriptor.get("categories")
    if stated is None:
        return
    if each.type not in {"string", "integer"}:
        yield "/categories", "categories-type", {"variant": "field", "type": each.type}
        return
    if not isinstance(stated, list) or not stated:
        yield "/categories", "categories-type", {"variant": "list"}
        return
    wanted: type = str if each.type == "string" else int
    before = set()
    for number, item in enumerate(stated):
        value = item.get("value") if isinstance(item, Mapping) else item
        if not isinstance(value, wanted) or isinstance(value, bool):
            variant = "value"
        elif value in before:
            variant = "twice"
        else:
            before.add(value)
            continue
        facts: dict[str, Fact] = {"variant": variant, "value": characters.shown(str(value)), "type": each.type}
        yield f"/categories/{number}", "categories-type", facts


def _codes(each: Field) -> Iterator[tuple[str, str, Mapping[str, Fact]]]:
    """The texts a cell may be, which are compared with it character by character."""
    listed = each.constraints.get("enum")
    stated = [(f"/constraints/enum/{number}", value) for number, value in enumerate(listed or ())]
    stated += [(f"/categories/{number}", category.value) for number, category in enumerate(each.categories)]
    for below, value in stated:
        if isinstance(value, str) and each.type in {"string", "any"}:
            for code, facts in characters.codelike(value):
                yield below, code, {**facts, "hits": 1}


def _strings(walked: Walk) -> Iterator[Finding]:
    """Texts of the descriptor with characters that no published page may hold."""
    for pointer, name, value in walked.nodes:
        if isinstance(value, str) and name != "pattern" and characters.NOTABLE.search(value):
            for code, facts in (*characters.unsafe(value.replace("\t", " ")), *characters.damaged(value)):
                yield _stated(walked.dataset, code, pointer, facts={**facts, "hits": 1})


def _stated(dataset: Dataset, code: str, pointer: str, **more: Any) -> Finding:
    return Finding(
        code=code,
        severity="error",
        source="gazette",
        dataset=dataset.name,
        path=dataset.path,
        pointer=pointer,
        line=dataset.line(pointer),
        **more,
    )
