"""English parity: every text exists in both languages, whole, in its own script and in the words of the glossary.

``look`` compares the columns of one slice, ``settle`` joins the slices of a table, and ``judge`` holds all tables and
descriptors of the site against how long a translation usually is there.
"""

from __future__ import annotations

from gazette.checks.parity.sight import Sight, look, settle
from gazette.checks.parity.stale import Contents, watched
from gazette.checks.parity.verdict import judge

__all__ = ["Contents", "Sight", "judge", "look", "settle", "watched"]
