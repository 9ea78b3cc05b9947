"""Texts of a descriptor that somebody has still to write, as ``build.py new`` leaves them."""

from __future__ import annotations

import re

from gazette.checks.walk import Walk
from gazette.model import Finding

_STATED = {"/gazette/status", "/gazette/topic", "/gazette/frequency"}
"""Words of a list: what is none of them has a finding of its own."""

_MARK = re.compile(r"\s*(?:TODO|待填)(?:[:：\s].*|$)", re.DOTALL)


def judge(walked: Walk) -> tuple[Finding, ...]:
    """Every text that begins with TODO or 待填."""
    return tuple(
        Finding(
            code="placeholder-text",
            severity="error",
            source="gazette",
            dataset=walked.dataset.name,
            path=walked.dataset.path,
            pointer=node.pointer,
            line=walked.dataset.line(node.pointer),
            facts={"text": node.value.strip()},
        )
        for node in walked.nodes
        if isinstance(node.value, str) and _MARK.fullmatch(node.value) and node.pointer not in _STATED
    )
