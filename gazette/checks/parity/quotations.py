"""Where a name or a quotation in the other language or script may stand: in quotation marks and in brackets."""

from __future__ import annotations

import re

_MARKS = r"“[^”]*”|‘[^’]*’|「[^」]*」|『[^』]*』|《[^》]*》|〈[^〉]*〉"
_BRACKETS = r"\([^()]*\)|（[^（）]*）|\[[^\[\]]*\]|〔[^〕]*〕|\"[^\"]*\""
_QUOTED = re.compile(_MARKS)
_ASIDE = re.compile(f"{_MARKS}|{_BRACKETS}")


def unquoted(text: str) -> str:
    """``text`` without what stands in quotation marks."""
    return _QUOTED.sub("", text)


def bare(text: str) -> str:
    """``text`` without what stands in quotation marks and brackets, one inside the other included."""
    before = None
    while before != text:
        before, text = text, _ASIDE.sub("", text)
    return text
