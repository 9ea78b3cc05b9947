"""What a style sheet loads."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)", re.DOTALL)
_LOADED = re.compile(
    r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"']*))\s*\)|@import\s*(?:"([^"]*)"|'([^']*)')|(url\(|image-set\(|src\()""",
    re.IGNORECASE,
)
_IMAGE = re.compile(r"data:image/[a-z+.-]+[;,]", re.IGNORECASE)


def addresses(sheet: str) -> Iterator[str]:
    """Every address ``sheet`` loads; images within the sheet itself are left out.

    What looks like loading and cannot be read yields the text itself, which leads nowhere: a style sheet
    that can be read in two ways is not published.
    """
    plain = _ESCAPE.sub(_character, _COMMENT.sub("", sheet))
    for match in _LOADED.finditer(plain):
        address = next((group for group in match.groups() if group is not None), "").strip()
        if not _IMAGE.match(address) and not address.startswith("#"):
            yield address


def _character(match: re.Match[str]) -> str:
    digits, character = match.groups()
    if character is not None:
        return str(character)
    number = int(digits, 16)
    return chr(number) if number <= sys.maxunicode else "\ufffd"
