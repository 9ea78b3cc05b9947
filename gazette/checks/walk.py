"""The way through a descriptor, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from gazette.descriptor import document
from gazette.model import Dataset


class Node(NamedTuple):
    """One part of a descriptor: ``name`` is the nearest property above it, which the items of a list share."""

    pointer: str
    name: str
    value: Any


class Walk(NamedTuple):
    """A dataset with every part of its descriptor, for all who judge its texts."""

    dataset: Dataset
    nodes: Sequence[Node]


def through(dataset: Dataset) -> Walk:
    """The way through the descriptor of ``dataset``."""
    return Walk(dataset, tuple(nodes(dataset.descriptor)))


def nodes(descriptor: Mapping[Any, Any]) -> Iterator[Node]:
    """Every part of a descriptor in the order of the document, itself the first."""
    waiting = [Node("", "", descriptor)]
    while waiting:
        node = waiting.pop()
        yield node
        pointer, above, value = node
        if isinstance(value, str):
            continue
        if isinstance(value, Mapping):
            below = [Node(f"{pointer}/{document.escape(str(name))}", str(name), item) for name, item in value.items()]
        elif isinstance(value, list | tuple):
            below = [Node(f"{pointer}/{number}", above, item) for number, item in enumerate(value)]
        else:
            continue
        waiting += reversed(below)
