"""Texts of a descriptor that somebody has still to write, as ``build.py new`` leaves them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from gazette.model import Dataset, Finding

_STATED = {"/gazette/status", "/gazette/topic", "/gazette/frequency"}
"""Words of a list: what is none of them has a finding of its own."""

_MARK = re.compile(r"\s*(?:TODO|待填)(?:[:：\s].*|$)", re.DOTALL)


def judge(dataset: Dataset) -> tuple[Finding, ...]:
    """Every text that begins with TODO or 待填."""
    return tuple(
        Finding(
            code="placeholder-text",
            severity="error",
            source="gazette",
            dataset=dataset.name,
            path=dataset.path,
            pointer=pointer,
            line=dataset.line(pointer),
            facts={"text": text.strip()},
        )
        for pointer, text in _texts(dataset.descriptor, "")
        if _MARK.fullmatch(text) and pointer not in _STATED
    )


def _texts(node: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, Mapping):
        for name, member in node.items():
            yield from _texts(member, f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}")
    elif isinstance(node, list):
        for number, member in enumerate(node):
            yield from _texts(member, f"{pointer}/{number}")
    elif isinstance(node, str):
        yield pointer, node
