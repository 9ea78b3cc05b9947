"""Judges the texts of descriptors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from gazette.checks.guard import kinds, search
from gazette.checks.walk import Node, Walk
from gazette.descriptor import document
from gazette.model import Dataset, Finding


def texts(*walks: Walk) -> tuple[Finding, ...]:
    """What must not be published in the texts of descriptors, names of files included.

    Left out are what is not published, contributors' electronic mail addresses, and inline rows, which
    the judge of tables sees as a table.
    """
    names = [(number, name) for number, (_, nodes) in enumerate(walks) for name in _names(nodes)]
    hits = search.texts([(name, kinds.Context()) for _, name in names])
    hidden = {place for place, found in zip(names, hits, strict=True) if found}
    stated = [
        (number, *each)
        for number, (_, nodes) in enumerate(walks)
        for each in _stated(nodes, frozenset(name for at, name in hidden if at == number))
    ]
    # All at once: to compile the patterns of the sieve takes longer than to try them on the texts of one descriptor.
    judged = search.texts([(text, context) for _, _, text, context in stated])
    return tuple(
        finding
        for (number, pointer, _, _), found in zip(stated, judged, strict=True)
        if found
        for finding in _findings(walks[number].dataset, pointer, found)
    )


def _findings(dataset: Dataset, pointer: str, found: Sequence[search.Hit]) -> Iterator[Finding]:
    for (code, severity), count in sorted(Counter((hit.code, hit.severity) for hit in found).items()):
        yield Finding(
            code=code,
            severity=severity,
            source="gazette",
            dataset=None if search.scan(dataset.name) else dataset.name,
            path=None if search.scan(dataset.path) else dataset.path,
            pointer=pointer,
            count=count,
            facts={"hits": count},
        )


_WORD = re.compile(r"[A-Za-z$_\-]{1,15}")
"""A name in which nothing can be found: no digit, no ``@``, and shorter than any key of a service."""
_UNPUBLISHED = re.compile(r"/contributors/[0-9]+/email|/resources/[0-9]+/(?:data|bytes|hash)(?:/.*)?", re.DOTALL)


def _names(nodes: Sequence[Node]) -> list[str]:
    """The names of all properties in which something may be found, each once."""
    known = {str(name) for node in nodes if not isinstance(node.value, str) and isinstance(node.value, Mapping)
             for name in node.value}  # fmt: skip
    return sorted(name for name in known if not _WORD.fullmatch(name))


def _stated(nodes: Sequence[Node], hidden: frozenset[str]) -> Iterator[tuple[str, str, kinds.Context]]:
    """Pointer, text and context of every text and number, and the ``hidden`` names of properties."""
    for pointer, name, value in nodes:
        if _UNPUBLISHED.fullmatch(pointer):
            continue
        if isinstance(value, str):
            yield _shown(pointer, hidden), value, _context(name)
        elif isinstance(value, int | float):
            yield _shown(pointer, hidden), str(value), kinds.Context(measure=True)
        elif hidden and isinstance(value, Mapping):
            yield from ((_shown(pointer, hidden), str(each), kinds.Context()) for each in value if str(each) in hidden)


def _shown(pointer: str, hidden: frozenset[str]) -> str:
    """``pointer`` without the names that must not be repeated."""
    if not hidden:
        return pointer
    tokens = {document.escape(name) for name in hidden}
    return "/".join(token for token in pointer.split("/") if token not in tokens)


@lru_cache(maxsize=1024)
def _context(key: str) -> kinds.Context:
    return kinds.Context(header=key.replace("_", " "))
