"""Texts of a descriptor that somebody has still to write, as ``build.py new`` leaves them."""

from __future__ import annotations

import re

from gazette.checks import walk
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
            pointer=node.pointer,
            line=dataset.line(node.pointer),
            facts={"text": node.value.strip()},
        )
        for node in walk.nodes(dataset.descriptor)
        if isinstance(node.value, str) and _MARK.fullmatch(node.value) and node.pointer not in _STATED
    )
