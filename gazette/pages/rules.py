"""The page that lists every rule, and what became of the rules held against one dataset."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gazette import words
from gazette.checks.rules import DOMAINS, declarable, every
from gazette.model import Dataset, Language, Outcome, Rule, Text, Waiver
from gazette.pages import prose
from gazette.pages.edition import Edition

_STATUSES = ("failed", "waived", "unjudged", "passed")
"""What a reader should see first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a rule rests on, in words; ``original`` is the Chinese name of the document on another page."""

    kind: str
    document: prose.Phrase
    original: prose.Phrase | None
    clause: prose.Phrase | None
    href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One rule of the list."""

    anchor: str
    title: prose.Phrase
    severity: str
    basis: Basis
    validity: str | None
    message: prose.Phrase
    kinds: tuple[str, ...]
    held: str
    """Against how many tables it is held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One rule and one table of a dataset."""

    title: prose.Phrase
    href: str
    table: prose.Phrase
    basis: Basis
    status: str
    """Its code: passed, failed, waived, unjudged."""
    outcome: str
    """The same in words, with its counts."""
    waivers: tuple[prose.Phrase, ...]
    """Reason, owner and last day of each waiver."""


def view(source: Edition, language: Language, _root: str) -> Mapping[str, object]:
    """What the page of all rules shows."""
    held = Counter(outcome.rule for outcomes in source.report.rules.values() for outcome in outcomes)
    entries = {rule.id: _entry(rule, held[rule.id], language) for rule in every()}
    return {
        "groups": (
            ("rules-generic", "rules.generic", tuple(entries[rule.id] for rule in declarable().values())),
            ("rules-kinds", "rules.kinds", tuple(entries[each.id] for each in DOMAINS)),
        ),
        "bases": tuple((kind, words.label(f"basis.{kind}.text", language)) for kind in _kinds()),
    }


def _kinds() -> tuple[str, ...]:
    return tuple(dict.fromkeys(rule.basis.kind for rule in every()))


def quality(source: Edition, dataset: Dataset, language: Language, root: str) -> tuple[Line, ...]:
    """The rules held against ``dataset``, broken ones first; ``root`` leads from the page to the top of the site."""
    rules = {rule.id: rule for rule in every()}
    titles = {resource.name: resource.title for resource in dataset.resources}
    outcomes = sorted(source.report.rules.get(dataset.name, ()), key=lambda outcome: _STATUSES.index(outcome.status))
    return tuple(
        Line(
            title=_phrase(rules[outcome.rule].title, language),
            href=f"{root}{language}/rules/#{outcome.rule}",
            table=prose.phrase(titles[outcome.resource], language) or prose.literal(outcome.resource, language),
            basis=_basis(rules[outcome.rule], language),
            status=outcome.status,
            outcome=_outcome(outcome, language),
            waivers=tuple(_waiver(waiver, language) for waiver in outcome.waivers),
        )
        for outcome in outcomes
    )


def _entry(rule: Rule, held: int, language: Language) -> Entry:
    return Entry(
        anchor=rule.id,
        title=_phrase(rule.title, language),
        severity=words.label(f"severity.{rule.severity}", language),
        basis=_basis(rule, language),
        validity=_validity(rule, language),
        message=_phrase(rule.message, language),
        kinds=rule.kinds,
        held=words.label("rules.held", language, count=words.number(held, language)),
    )


def _basis(rule: Rule, language: Language) -> Basis:
    original = rule.basis.document.get("zh") if language != "zh" and rule.basis.kind != "house" else None
    return Basis(
        kind=words.label(f"basis.{rule.basis.kind}", language),
        document=_phrase(rule.basis.document, language),
        original=prose.literal(original, language) if original else None,
        clause=prose.phrase(rule.basis.clause, language),
        href=prose.web_address(rule.basis.address),
    )


def _validity(rule: Rule, language: Language) -> str | None:
    days = {"from": rule.valid_from, "to": rule.valid_to}
    stated = {name: words.day(day, language) for name, day in days.items() if day}
    if not stated:
        return None
    key = "rules.valid" if len(stated) > 1 else f"rules.valid.{next(iter(stated))}"
    return words.label(key, language, **stated)


def _outcome(outcome: Outcome, language: Language) -> str:
    counts = {"count": words.number(outcome.count, language), "rows": words.number(outcome.unjudged, language)}
    said = words.label(f"rules.{outcome.status}", language, **counts)
    if outcome.unjudged and outcome.status != "unjudged":
        said += words.label("rules.also-unjudged", language, **counts)
    return said


def _waiver(waiver: Waiver, language: Language) -> prose.Phrase:
    facts = {
        "reason": "".join(_nearest(waiver.reason, language)),
        "owner": "".join(_nearest(waiver.owner, language)),
        "expires": words.day(waiver.expires, language) if waiver.expires else "",
    }
    return prose.literal(words.label("rules.waiver", language, **facts), language)


def _nearest(text: Text, language: Language) -> Iterator[str]:
    found = text.nearest(language)
    if found:
        yield found[1]


def _phrase(text: Text, language: Language) -> prose.Phrase:
    return prose.phrase(text, language) or prose.literal("—", language)
