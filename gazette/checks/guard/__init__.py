"""The guard: keeps personal data, marks of secrecy and keys out of what is published.

It looks at values, not at names of columns, in every cell, header and text of a descriptor. What it finds it
names by kind and place; the value itself is kept nowhere, not even hashed.
"""

from __future__ import annotations

from gazette.checks.guard.allowances import apply_allowances, scanner
from gazette.checks.guard.cells import LISTED, Sight, judge, look, settle
from gazette.checks.guard.documents import texts
from gazette.checks.guard.kinds import Hit
from gazette.checks.guard.search import column, redact, scan

__all__ = [
    "LISTED", "Hit", "Sight", "apply_allowances", "column", "judge", "look", "redact", "scan", "scanner", "settle",
    "texts",
]  # fmt: skip
