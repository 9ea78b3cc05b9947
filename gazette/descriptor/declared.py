"""What a descriptor says of rules: those its tables keep, and the breaches somebody answers for.

Everything is taken as it stands; whether a rule exists and a waiver is complete, the checks say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from gazette.model import Declaration, Language, Text, Waiver


def rules(own: Mapping[str, Any], pointer: str) -> tuple[Declaration, ...]:
    """The entries of ``gazette.rules`` of a resource at ``pointer``; ``own`` is its ``gazette``."""
    return tuple(
        Declaration(
            rule=str(entry.get("rule") or ""),
            parameters={name: value for name, value in entry.items() if name != "rule"},
            pointer=place,
        )
        for place, entry in _entries(own.get("rules"), f"{pointer}/gazette/rules")
    )


def waivers(own: Mapping[str, Any], languages: Sequence[Language]) -> tuple[Waiver, ...]:
    """The entries of ``gazette.waivers`` of a package; ``own`` is its ``gazette``."""
    return tuple(
        Waiver(
            rule=str(entry.get("rule") or ""),
            resource=str(entry.get("resource") or ""),
            rows=_keys(entry.get("rows")),
            reason=_text(entry, "reason", languages),
            owner=_text(entry, "owner", languages),
            expires=_day(entry.get("expires")),
            pointer=place,
        )
        for place, entry in _entries(own.get("waivers"), "/gazette/waivers")
    )


def _entries(value: Any, pointer: str) -> list[tuple[str, Mapping[str, Any]]]:
    """The objects of a list with their places; what is neither list nor object has no members."""
    if value is None:
        return []
    if not isinstance(value, list):
        return [(pointer, {})]
    return [(f"{pointer}/{number}", entry if isinstance(entry, dict) else {}) for number, entry in enumerate(value)]


def _keys(value: Any) -> tuple[tuple[str, ...], ...]:
    stated = value if isinstance(value, list) else [] if value is None else [value]
    return tuple(tuple(map(str, key)) if isinstance(key, list) else (str(key),) for key in stated)


def _text(entry: Mapping[str, Any], name: str, languages: Sequence[Language]) -> Text:
    values = []
    for number, language in enumerate(languages):
        value = entry.get(name if number == 0 else f"{name}_{language}")
        if isinstance(value, str) and value.strip():
            values.append((language, value.strip()))
    return Text(values=tuple(values))


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None
