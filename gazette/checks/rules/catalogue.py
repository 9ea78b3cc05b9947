"""What a rule is, ready to be listed: its value, built from its id, its words and its basis."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from gazette import words
from gazette.checks.rules.reading import Breach, Table, World
from gazette.model import Basis, Rule, Severity, Text

Judge: TypeAlias = Callable[[Table, World], Iterator[Breach]]

OGI_2019 = date(2019, 5, 15)
"""The Regulation on Open Government Information as revised takes effect (article 56)."""

SHANGHAI_2017 = date(2017, 10, 1)
"""The Shanghai Social Credit Regulation takes effect (article 56)."""

OPINIONS_2017 = date(2017, 12, 20)
"""Date of Hufufa [2017] No. 92."""

_BASES: dict[str, tuple[Literal["law", "form", "source", "house", "unconfirmed"], str]] = {
    "house": ("house", "house"),
    "ogi": ("law", "ogi"),
    "form": ("form", "form"),
    "form-2006": ("form", "form-2006"),
    "fees": ("law", "fees"),
    "credit": ("law", "credit"),
    "repair": ("law", "repair"),
    "publicity": ("source", "publicity"),
    "opinions": ("source", "opinions"),
    "nanming": ("source", "nanming"),
    "compilation": ("source", "compilation"),
    "uscc": ("law", "uscc"),
    "organisation": ("law", "organisation"),
    "divisions": ("law", "divisions"),
}
"""The kind of each document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """A rule for tables of some kinds, with who judges it.

    ``values`` are the values it looks for: a column whose permitted values lack one would never be judged.
    """

    id: str
    judge: Judge
    kinds: tuple[str, ...]
    columns: tuple[str, ...]
    basis: str
    severity: Severity = "error"
    since: date | None = None
    until: date | None = None
    values: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    """Whether a table of the kind may lack the columns; the rule then says nothing of it."""

    @property
    def rule(self) -> Rule:
        """The rule as it is listed: with its words, which a check that finds nothing has no need to read."""
        return rule(
            self.id,
            self.basis,
            severity=self.severity,
            kinds=self.kinds,
            columns=self.columns,
            since=self.since,
            until=self.until,
        )


def domain(  # noqa: PLR0913 - what a rule is, in one line of a list
    name: str,
    judge: Judge,
    kinds: str,
    columns: str,
    basis: str,
    *,
    severity: Severity = "error",
    since: date | None = None,
    until: date | None = None,
    values: tuple[tuple[str, str], ...] = (),
    optional: bool = False,
) -> Domain:
    """The rule ``rule-<name>`` for tables of ``kinds`` that have ``columns``, both separated by spaces."""
    return Domain(
        id=f"rule-{name}",
        judge=judge,
        kinds=tuple(kinds.split()),
        columns=tuple(columns.split()),
        basis=basis,
        severity=severity,
        since=since,
        until=until,
        values=values,
        optional=optional,
    )


def rule(  # noqa: PLR0913 - likewise
    name: str,
    basis: str,
    *,
    severity: Severity = "error",
    kinds: tuple[str, ...] = (),
    columns: tuple[str, ...] = (),
    since: date | None = None,
    until: date | None = None,
) -> Rule:
    """The value of a rule; ``KeyError`` where it has no words."""
    named = words.bases()
    kind, document = _BASES[basis]
    return Rule(
        id=name,
        severity=severity,
        basis=Basis(
            kind=kind,
            document=_text(named[f"document.{document}"], ""),
            clause=_text(named[name], "clause_"),
            address=named[f"document.{document}"].get("address"),
        ),
        title=_text(named[name], "title_"),
        message=_sentences(name, ""),
        fix=_sentences(name, "fix_"),
        kinds=kinds,
        columns=columns,
        valid_from=since,
        valid_to=until,
    )


def _text(section: object, prefix: str) -> Text:
    assert isinstance(section, dict)  # noqa: S101 - TOML gives dictionaries
    return Text(values=tuple((language, section[f"{prefix}{language}"]) for language in words.LANGUAGES))


def _sentences(name: str, prefix: str) -> Text:
    """What its findings say, all variants after each other, with an ellipsis for what they name."""
    found = [texts for code, texts in words.findings().items() if code.partition(":")[0] == name]
    return Text(
        values=tuple(
            (
                language,
                (" " if language == "en" else "").join(
                    dict.fromkeys(re.sub(r"\{\w+\}", "…", texts[f"{prefix}{language}"]) for texts in found)
                ),
            )
            for language in words.LANGUAGES
        )
    )
