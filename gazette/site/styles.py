"""The theme's style sheets, without the rules that no page can need.

They are made for every site the theme may ever dress. A browser fetches all of it before it shows anything, and
holds every element against every rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

_PART = re.compile(
    r"""/\*.*?\*/ | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*' | url\(\s*[^"'\s)][^)]*\) | [{};] | [^"'/{};u]+ | .""",
    re.DOTALL | re.VERBOSE,
)
_GROUP = re.compile(r"@(?:media|supports)\b")
_WITHIN = re.compile(r"\([^()]*\)")
_NAME = re.compile(r"\.(-?[A-Za-z_](?:[\w-]|\\.)*)|\[(data-[\w-]+)[^\]]*\]|\[[^\]]*\]")


def trimmed(sheet: str, names: AbstractSet[str]) -> str:
    """``sheet`` without what only elements with other classes and ``data-`` attributes than ``names`` could need.

    What stands in parentheses, as in ``:not(.x)`` and ``:is(.x, .y)``, is not looked at: such a rule rather stays.
    """
    return "".join(_kept(sheet, names))


def _kept(sheet: str, names: AbstractSet[str]) -> Iterator[str]:
    for prelude, block in _statements(sheet):
        if block is None:
            yield prelude
        elif prelude.startswith("@"):
            inner = trimmed(block, names) if _GROUP.match(prelude) else block
            yield f"{prelude}{{{inner}}}" if inner else ""
        elif selectors := [each for each in _selectors(prelude) if _needed(each, names)]:
            yield f"{','.join(selectors)}{{{block}}}"


def _statements(sheet: str) -> Iterator[tuple[str, str | None]]:
    """What stands before each block, and the block; nothing for a statement that ends without one."""
    prelude, block, depth = "", "", 0
    for part in _PART.findall(sheet):
        if part.startswith("/*"):
            continue
        depth += {"{": 1, "}": -1}.get(part, 0)
        if depth == 0 and part in {"}", ";"}:
            yield (prelude.strip(), block[1:]) if block else (prelude.strip() + part, None)
            prelude = block = ""
        elif depth:
            block += part
        else:
            prelude += part


def _selectors(prelude: str) -> Iterator[str]:
    """The selectors of a list; a comma in parentheses or brackets parts none."""
    start = depth = 0
    for place, sign in enumerate(prelude):
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            yield prelude[start:place].strip()
            start = place + 1
    yield prelude[start:].strip()


def _needed(selector: str, names: AbstractSet[str]) -> bool:
    while (outer := _WITHIN.sub("", selector)) != selector:
        selector = outer
    return all((named or data) in names for named, data in _NAME.findall(selector) if named or data)
