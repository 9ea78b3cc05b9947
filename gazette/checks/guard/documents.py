"""Judges the texts of descriptors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from gazette.checks.guard import kinds, search
from gazette.model import Dataset, Finding


def texts(dataset: Dataset) -> tuple[Finding, ...]:
    """What must not be published in the texts of a descriptor, names of files included.

    Left out are what is not published, contributors' electronic mail addresses, and inline rows, which
    the judge of tables sees as a table.
    """
    findings: list[Finding] = []
    name = None if search.scan(dataset.name) else dataset.name
    for pointer, text, context in _walk(dataset.descriptor, "", ""):
        hits = Counter((hit.code, hit.severity) for hit in search.find(text, context))
        for (code, severity), count in sorted(hits.items()):
            findings.append(
                Finding(
                    code=code,
                    severity=severity,
                    source="gazette",
                    dataset=name,
                    path=None if search.scan(dataset.path) else dataset.path,
                    pointer=pointer,
                    count=count,
                    facts={"hits": count},
                )
            )
    return tuple(findings)


_UNPUBLISHED = re.compile(r"/contributors/[0-9]+/email|/resources/[0-9]+/(?:data|bytes|hash)")


def _walk(value: Any, pointer: str, key: str) -> Iterator[tuple[str, str, kinds.Context]]:
    """Pointer, text and context of every text and number below ``value``, names of properties included."""
    if _UNPUBLISHED.fullmatch(pointer):
        return
    if isinstance(value, Mapping):
        for name, below in value.items():
            hidden = bool(search.scan(str(name)))
            if hidden:
                yield pointer, str(name), kinds.Context()
            step = str(name).replace("~", "~0").replace("/", "~1")
            # A pointer must not repeat what the name of a property gives away.
            yield from _walk(below, pointer if hidden else f"{pointer}/{step}", str(name))
    elif isinstance(value, list | tuple):
        for number, below in enumerate(value):
            yield from _walk(below, f"{pointer}/{number}", key)
    elif isinstance(value, str):
        yield pointer, value, kinds.Context(header=key.replace("_", " "))
    elif isinstance(value, int | float):
        yield pointer, str(value), kinds.Context(measure=True)
