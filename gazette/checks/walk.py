"""The way through a descriptor, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from gazette.descriptor import document


class Node(NamedTuple):
    """One part of a descriptor: ``name`` is the nearest property above it, which the items of a list share."""

    pointer: str
    name: str
    value: Any


def nodes(descriptor: Mapping[str, Any]) -> Iterator[Node]:
    """Every part of a descriptor in the order of the document, itself the first."""
    waiting = [Node("", "", descriptor)]
    while waiting:
        node = waiting.pop()
        yield node
        pointer, above, value = node
        if isinstance(value, Mapping):
            below = [Node(f"{pointer}/{document.escape(str(name))}", str(name), item) for name, item in value.items()]
        elif isinstance(value, list | tuple):
            below = [Node(f"{pointer}/{number}", above, item) for number, item in enumerate(value)]
        else:
            continue
        waiting += reversed(below)
