"""What a dataset may publish although the guard objects, because somebody answers for it, until a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from gazette.checks.guard import search
from gazette.checks.guard.kinds import Hit
from gazette.model import Dataset, Fact, Finding

_ALLOWABLE = {
    "personal-address", "personal-card", "personal-document", "personal-email", "personal-home", "personal-mailbox",
    "personal-id-series", "personal-mobile", "personal-plate", "personal-series",
    "personal-whereabouts",
}  # fmt: skip
_NEVER = {"personal-id", "personal-mask", "secrecy-marking", "secret-key"}
_LONGEST = timedelta(days=366)


def apply_allowances(findings: Iterable[Finding], dataset: Dataset, as_of: date) -> tuple[Finding, ...]:
    """``findings`` without those ``dataset`` allows, and with one for every entry that does not hold.

    An entry of ``gazette.allow`` names a ``rule``, a ``field`` (and ``resource``) or a ``pointer``, the
    ``count`` it covers at most, a ``reason``, an ``owner`` and the last day it holds (``expires``, within a
    year of ``as_of``). Identity numbers, weak masks, marks of secrecy and keys cannot be allowed.
    """
    kept = list(findings)
    faults: list[Finding] = []
    for number, entry in enumerate(_entries(dataset)):
        pointer = f"/gazette/allow/{number}"
        covered = [finding for finding in kept if _covers(entry, finding, dataset)]
        fault = _fault(entry, sum(finding.count for finding in covered), as_of)
        if fault is None:
            kept = [finding for finding in kept if finding not in covered]
            continue
        code, facts = fault
        faults.append(
            Finding(
                code=code,
                severity="error",
                source="gazette",
                dataset=dataset.name,
                path=dataset.path,
                pointer=pointer,
                facts=facts,
            )
        )
    return (*kept, *faults)


def scanner(datasets: Iterable[Dataset]) -> Callable[[str], tuple[Hit, ...]]:
    """What looks through the finished files: :func:`search.scan`, less the rules somebody was allowed to break.

    A finished file no longer tells which cell a text came from, and no allowed value is kept to compare with.
    """
    allowed = {
        entry["rule"]
        for dataset in datasets
        for entry in _entries(dataset)
        if isinstance(entry, Mapping) and entry.get("rule") in _ALLOWABLE
    }
    return lambda text: tuple(hit for hit in search.scan(text) if hit.code not in allowed)


def _entries(dataset: Dataset) -> Sequence[Any]:
    """What stands under ``gazette.allow``, whether it is a list or should be."""
    ours = dataset.descriptor.get("gazette")
    entries = (ours.get("allow") if isinstance(ours, Mapping) else None) or []
    return entries if isinstance(entries, list) else [entries]


def _covers(entry: Any, finding: Finding, dataset: Dataset) -> bool:
    if not isinstance(entry, Mapping) or finding.dataset != dataset.name or entry.get("rule") != finding.code:
        return False
    if "pointer" in entry:
        return bool(entry["pointer"] == finding.pointer)
    return finding.field is not None and entry.get("field") == finding.field and (
        entry.get("resource") in (None, finding.resource)
    )  # fmt: skip


def _fault(entry: Any, found: int, as_of: date) -> tuple[str, dict[str, Fact]] | None:
    stated = entry if isinstance(entry, Mapping) else {}
    rule = str(stated.get("rule"))
    expires = _day(stated.get("expires"))
    code: str | None = None
    facts: dict[str, Fact] = {"rule": rule}
    if rule in _NEVER:
        code = "allow-refused"
    elif (wrong := _wrong(stated, expires, as_of)) or expires is None:
        code, facts = "allow-invalid", {"properties": wrong}
    elif expires < as_of:
        code, facts = "allow-expired", {"rule": rule, "expires": expires.isoformat()}
    elif found == 0:
        code = "allow-unused"
    elif found > stated["count"]:
        code, facts = "allow-exceeded", {"rule": rule, "ceiling": stated["count"], "found": found}
    return (code, facts) if code else None


def _wrong(entry: Mapping[str, Any], expires: date | None, as_of: date) -> list[str]:
    """The properties that are missing or not what they should be."""
    sound = {
        "rule": str(entry.get("rule")) in _ALLOWABLE,
        "field": isinstance(entry.get("field", entry.get("pointer")), str),
        "count": type(entry.get("count")) is int and entry["count"] > 0,
        "reason": _is_said(entry.get("reason")),
        "owner": _is_said(entry.get("owner")),
        "expires": expires is not None and expires <= as_of + _LONGEST,
    }
    return [name for name, holds in sound.items() if not holds]


def _is_said(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _day(value: Any) -> date | None:
    """A date as YAML or JSON gives it."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return date(value.year, value.month, value.day) if isinstance(value, date) else None
