"""The page of all rules, and what a dataset's page says of those held against it."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest

from gazette import words
from gazette.checks.rules import every
from gazette.model import Outcome, Waiver
from gazette.pages import rules
from tests import sample

WAIVER = Waiver(
    rule="shares-complete",
    resource="requests",
    rows=(),
    reason=sample.both("The source prints 11.8 %.", "来源所印为11.8%。"),
    owner=sample.both("Archives", "档案馆"),
    expires=date(2027, 12, 31),
    pointer="/gazette/waivers/0",
)
OUTCOMES = (
    Outcome(rule="rule-ar1", resource="requests", status="passed", unjudged=2),
    Outcome(rule="rule-deadline", resource="requests", status="unjudged", unjudged=3),
    Outcome(rule="rule-shares-complete", resource="requests", status="waived", count=1, waivers=(WAIVER,)),
    Outcome(rule="rule-not-above", resource="reports", status="failed", count=4),
)


@pytest.fixture
def source() -> Any:
    """An edition whose one dataset was held to four rules."""
    return cast("Any", SimpleNamespace(report=SimpleNamespace(rules={"annual-reports": OUTCOMES})))


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_page_lists_every_rule_with_its_basis(source: Any, language: str) -> None:
    """Under an anchor that is the code of its findings."""
    groups = cast("Any", rules.view(source, language, "../../")["groups"])
    entries = [entry for _, _, listed in groups for entry in listed]
    assert [entry.anchor for entry in entries] == [rule.id for rule in every()]
    assert all(entry.basis.document.text and entry.basis.clause for entry in entries)
    assert all(not entry.title.note and not entry.message.note for entry in entries)


def test_an_english_page_names_the_chinese_document(source: Any) -> None:
    """Counsel looks up the original."""
    groups = cast("Any", rules.view(source, "en", "../../")["groups"])
    entry = next(entry for _, _, listed in groups for entry in listed if entry.anchor == "rule-ar11")
    assert 'lang="zh-Hans"' in entry.basis.original.bare
    assert entry.validity == "from 15 May 2019"


def test_what_is_broken_stands_first(source: Any) -> None:
    """Then what is waived, what could not be judged, and what was kept."""
    lines = rules.quality(source, sample.ANNUAL_REPORTS, "en", "../../../")
    assert [line.status for line in lines] == ["failed", "waived", "unjudged", "passed"]
    assert lines[0].outcome == "not kept: 4"
    assert lines[0].href == "../../../en/rules/#rule-not-above"
    assert lines[2].outcome == "could not be judged: 3 rows"
    assert lines[3].outcome == "kept; could not be judged: 2 rows"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "The source prints 11.8 %. Answered for by Archives until 31 December 2027."),
        ("zh", "来源所印为11.8%。由档案馆负责，有效期至2027年12月31日。"),
    ],
)
def test_a_waiver_says_why_who_and_until_when(source: Any, language: str, said: str) -> None:
    """On the page of the dataset, in its language."""
    lines = rules.quality(source, sample.ANNUAL_REPORTS, language, "../../../")
    assert [waiver.text for waiver in lines[1].waivers] == [said]
