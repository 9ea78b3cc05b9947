"""The theme's style sheets, without the rules that no page can need.

They are made for every site the theme may ever dress. A browser fetches all of it before it shows anything, and
holds every element against every rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, TypeAlias

import tinycss2

_GROUPS = frozenset({"media", "supports"})

Node: TypeAlias = Any
"""A node of tinycss2, which has no types: a rule, or a part of its prelude or block."""


def trimmed(sheet: str, names: AbstractSet[str]) -> str:
    """``sheet`` without what only elements with other classes and ``data-`` attributes than ``names`` could need.

    What stands in parentheses, as in ``:not(.x)`` and ``:is(.x, .y)``, is not looked at: such a rule rather stays.
    """
    return "".join(_kept(tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True), names))


def selectors(rules: Sequence[Node]) -> Iterator[str]:
    """Those of ``rules``, in groups too."""
    for rule in rules:
        if rule.type == "qualified-rule":
            yield from (_said(each) for each in _listed(rule.prelude))
        elif _is_group(rule):
            yield from selectors(_inner(rule))


def _kept(rules: Sequence[Node], names: AbstractSet[str]) -> Iterator[str]:
    for rule in rules:
        if rule.type == "qualified-rule":
            if kept := [each for each in _listed(rule.prelude) if _needed(each, names)]:
                yield f"{','.join(map(_said, kept))}{{{tinycss2.serialize(rule.content)}}}"
        elif not _is_group(rule):
            yield rule.serialize()
        elif inner := "".join(_kept(_inner(rule), names)):
            yield f"@{rule.at_keyword}{tinycss2.serialize(rule.prelude)}{{{inner}}}"


def _is_group(rule: Node) -> bool:
    return rule.type == "at-rule" and rule.lower_at_keyword in _GROUPS


def _inner(rule: Node) -> Sequence[Node]:
    rules: Sequence[Node] = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
    return rules


def _listed(prelude: Sequence[Node]) -> Iterator[list[Node]]:
    """The selectors of a list; a comma in parentheses or brackets parts none, as it stands in a node of its own."""
    selector: list[Node] = []
    for node in prelude:
        if node == ",":
            yield selector
            selector = []
        else:
            selector.append(node)
    yield selector


def _said(selector: Sequence[Node]) -> str:
    return str(tinycss2.serialize(selector).strip())


def _needed(selector: Sequence[Node], names: AbstractSet[str]) -> bool:
    return all(name in names for name in _named(selector))


def _named(selector: Sequence[Node]) -> Iterator[str]:
    """The classes and ``data-`` attributes that an element must have."""
    for before, node in zip([None, *selector], selector, strict=False):
        if before == "." and node.type == "ident":
            yield node.value
        elif node.type == "[] block":
            yield from (each.value for each in node.content[:1] if each.type == "ident" and each.value[:5] == "data-")
