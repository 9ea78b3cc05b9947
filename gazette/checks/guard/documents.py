"""Judges the texts of descriptors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from gazette.checks.guard import kinds, search
from gazette.model import Dataset, Finding


def texts(*datasets: Dataset) -> tuple[Finding, ...]:
    """What must not be published in the texts of descriptors, names of files included.

    Left out are what is not published, contributors' electronic mail addresses, and inline rows, which
    the judge of tables sees as a table.
    """
    names = [
        (number, name)
        for number, dataset in enumerate(datasets)
        for name in sorted({*_names(dataset.descriptor)})
        if not _WORD.fullmatch(name)
    ]
    hits = search.texts([(name, kinds.Context()) for _, name in names])
    hidden = {place for place, found in zip(names, hits, strict=True) if found}
    stated = [
        (number, *each)
        for number, dataset in enumerate(datasets)
        for each in _walk(dataset.descriptor, "", "", frozenset(name for at, name in hidden if at == number))
    ]
    # All at once: to compile the patterns of the sieve takes longer than to try them on the texts of one descriptor.
    judged = search.texts([(text, context) for _, _, text, context in stated])
    return tuple(
        finding
        for (number, pointer, _, _), found in zip(stated, judged, strict=True)
        if found
        for finding in _findings(datasets[number], pointer, found)
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
_UNPUBLISHED = re.compile(r"/contributors/[0-9]+/email|/resources/[0-9]+/(?:data|bytes|hash)")


def _names(value: Any) -> Iterator[str]:
    """The names of all properties below ``value``."""
    for below in value.values() if isinstance(value, Mapping) else value if isinstance(value, list | tuple) else ():
        yield from _names(below)
    if isinstance(value, Mapping):
        yield from map(str, value)


def _walk(value: Any, pointer: str, key: str, hidden: frozenset[str]) -> Iterator[tuple[str, str, kinds.Context]]:
    """Pointer, text and context of every text and number below ``value``, and the ``hidden`` names of properties."""
    if _UNPUBLISHED.fullmatch(pointer):
        return
    if isinstance(value, Mapping):
        for name, below in value.items():
            if str(name) in hidden:
                yield pointer, str(name), kinds.Context()
            step = str(name).replace("~", "~0").replace("/", "~1")
            # A pointer must not repeat what the name of a property gives away.
            yield from _walk(below, pointer if str(name) in hidden else f"{pointer}/{step}", str(name), hidden)
    elif isinstance(value, list | tuple):
        for number, below in enumerate(value):
            yield from _walk(below, f"{pointer}/{number}", key, hidden)
    elif isinstance(value, str):
        yield pointer, value, _context(key)
    elif isinstance(value, int | float):
        yield pointer, str(value), kinds.Context(measure=True)


@lru_cache(maxsize=1024)
def _context(key: str) -> kinds.Context:
    return kinds.Context(header=key.replace("_", " "))
