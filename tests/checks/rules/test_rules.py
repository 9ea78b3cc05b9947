"""Rules as values: every one is named, based, explained, shown broken, and judged only where it can be."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gazette import words
from gazette.checks import rules
from gazette.checks.rules import generic, listing, reading
from gazette.model import Rule, Text, Waiver
from tests import broken
from tests.checks.rules.made import judged, places, resource

ROOT = Path(__file__).parents[3]
NOT_ABOVE = {"rule": "not-above", "lower": "low", "upper": "high"}


def waiver(**more: Any) -> Waiver:
    given = {
        "rule": "not-above",
        "resource": "t",
        "rows": (),
        "reason": Text(values=(("en", "As printed."), ("zh", "照录原文。"))),
        "owner": Text(values=(("en", "Archives"), ("zh", "档案馆"))),
        "expires": date(2026, 12, 31),
        "pointer": "/gazette/waivers/0",
    }
    return Waiver(**{**given, **more})


# --- the values -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", rules.every(), ids=lambda rule: rule.id)
def test_a_rule_says_everything_in_both_languages(rule: Rule) -> None:
    """Title, document, clause, message and remedy; Chinese in Chinese."""
    for text in (rule.title, rule.basis.document, rule.basis.clause, rule.message, rule.fix):
        assert text.get("en")
        assert any("\u4e00" <= char <= "\u9fff" for char in text.get("zh") or "")
    assert rule.valid_from is None or rule.valid_to is None or rule.valid_from < rule.valid_to
    assert set(rule.kinds) <= rules.KINDS


@pytest.mark.parametrize("rule", rules.every(), ids=lambda rule: rule.id)
def test_every_sentence_of_a_rule_has_a_broken_example(rule: Rule) -> None:
    """A rule nobody has seen fail may not be able to."""
    folders = {path.name for path in (broken.EXAMPLES / "broken").iterdir()}
    codes = [code for code in words.findings() if code.partition(":")[0] == rule.id]
    missing = [code for code in codes if code.replace(":", "--") not in folders]
    assert codes
    assert missing in ([], ["rule-shares-complete:count"])  # shown in test_a_count_that_is_another_share


def test_ids_are_unique_and_nothing_is_named_twice() -> None:
    """The id of a rule is the code of its findings."""
    assert len({rule.id for rule in rules.every()}) == len(rules.every()) > 60
    assert set(generic.PARAMETERS) == set(generic.JUDGES) == set(rules.declarable())
    named = {name for name in words.bases() if name.startswith("rule-")}
    assert named == {rule.id for rule in rules.every()}


def test_docs_list_every_rule() -> None:
    """docs/rules.md is what ``python -m gazette.checks.rules`` prints."""
    page = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "gazette.checks.rules"], cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    )
    assert page == listing.page() == done.stdout
    names = [rule.id if rule.kinds else rule.id.removeprefix("rule-") for rule in rules.every()]
    assert all(f"### {name}\n" in page for name in names)


# --- what becomes of them ---------------------------------------------------------------------------------


def test_an_outcome_for_every_rule_and_table() -> None:
    """Passed, failed, and in how many places."""
    good, bad = resource("g", "low:i high:i", NOT_ABOVE), resource("t", "low:i high:i", NOT_ABOVE, NOT_ABOVE)
    _, outcomes = judged((good, [[1, 2]]), (bad, [[1, 2], [3, 2]]))
    stated = {outcome.resource: (outcome.status, outcome.count) for outcome in outcomes}
    assert stated == {"g": ("passed", 0), "t": ("failed", 2)}  # declared twice, so found twice


def test_a_waived_breach_is_a_warning_that_says_why() -> None:
    """The finding stays, with reason, owner and day; the others still block."""
    table = resource("t", "key:s low:i high:i", NOT_ABOVE, key="key")
    rows = [["a", 3, 2], ["b", 3, 2]]
    findings, outcomes = judged((table, rows), waivers=(waiver(rows=(("a",),)),))
    assert [(finding.row, finding.severity) for finding in findings] == [(2, "warning"), (3, "error")]
    assert words.message(findings[0], "en").what.endswith("Known and waived: As printed.")
    assert words.message(findings[0], "zh").what.endswith("已知悉并豁免：照录原文。")
    assert findings[0].facts["expires"] == "2026-12-31"
    assert (outcomes[0].status, outcomes[0].waivers) == ("failed", (waiver(rows=(("a",),)),))
    findings, outcomes = judged((table, rows), waivers=(waiver(),))
    assert {finding.severity for finding in findings} == {"warning"}
    assert outcomes[0].status == "waived"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"rows": (("z",),)}, "waiver-unused"),
        ({"expires": date(2026, 1, 30)}, "waiver-expired"),
        ({"expires": None}, "waiver-invalid"),
        ({"reason": Text()}, "waiver-invalid"),
        ({"owner": Text()}, "waiver-invalid"),
        ({"rule": "not-abov"}, "waiver-invalid"),
        ({"resource": "u"}, "waiver-invalid"),
    ],
)
def test_a_waiver_that_does_not_hold_is_an_error(given: dict[str, Any], code: str) -> None:
    """And the breach blocks as before."""
    table = resource("t", "key:s low:i high:i", NOT_ABOVE, key="key")
    findings, _ = judged((table, [["a", 3, 2]]), waivers=(waiver(**given),))
    assert [(finding.code, finding.severity) for finding in findings] == [
        ("rule-not-above", "error"),
        (code, "error"),
    ]


def test_a_waiver_holds_on_its_last_day() -> None:
    """``expires`` is the last day."""
    table = resource("t", "low:i high:i", NOT_ABOVE)
    findings, _ = judged((table, [[3, 2]]), waivers=(waiver(expires=date(2026, 1, 31)),))
    assert [finding.severity for finding in findings] == ["warning"]


def test_many_breaches_are_counted_and_some_are_listed() -> None:
    """The last one listed counts the rest."""
    table = resource("t", "low:i high:i", NOT_ABOVE)
    findings, outcomes = judged((table, [[3, 2]] * (rules.LISTED + 500)))
    assert len(findings) == rules.LISTED
    assert sum(finding.count for finding in findings) == outcomes[0].count == rules.LISTED + 500


def test_a_deadline_outside_the_calendar_is_never_a_pass() -> None:
    """It is said once, with the number of rows."""
    table = resource("t", "a:d b:d", {"rule": "deadline", "from": "a", "to": "b", "working-days": 5})
    findings, outcomes = judged((table, [["2025-03-03", "2025-03-04"]] * 3))
    assert [(finding.code, finding.severity, finding.facts["rows"]) for finding in findings] == [
        ("rule-unjudged", "warning", 3)
    ]
    assert (outcomes[0].status, outcomes[0].unjudged) == ("unjudged", 3)


def test_a_table_with_faults_in_its_cells_is_not_judged() -> None:
    """What stands there instead of values has findings of its own."""
    table = resource("t", "low:i high:i", NOT_ABOVE)
    assert judged((table, [["x", 2], [3, "-"]]))[0] == ()


def test_a_count_that_is_another_share() -> None:
    """Shares that add up and counts that add up may still not belong together."""
    stated = {"rule": "shares-complete", "percent": "p", "count": "c", "n": "n"}
    table = resource("t", "p:n c:i n:i", stated)
    findings, _ = judged((table, [["70.0", 7, 10], ["20.0", 1, 10], ["10.0", 2, 10]]))
    assert [(finding.row, finding.facts["variant"]) for finding in findings] == [(3, "count"), (4, "count")]


def test_numbers_are_exact() -> None:
    """0.1 + 0.2 is 0.3, and a unit in the thirtieth digit is a difference."""
    table = resource("t", "a:n b:n c:n", {"rule": "sum-of-parts", "total": "c", "parts": ["a", "b"]})
    assert judged((table, [["0.1", "0.2", "0.3"]]))[0] == ()
    long = "123456789012345678901234567890"
    assert places(judged((table, [[long, "1", long]]))[0]) == [("rule-sum-of-parts", 2, "c")]


def test_a_large_table_is_read_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is not kept in memory gives the same."""
    table = resource("t", "low:i high:i", NOT_ABOVE)
    rows = [[number, number if number != 77_777 else 0] for number in range(80_000)]
    small = judged((table, rows))
    monkeypatch.setattr(reading, "KEPT", 0)
    assert judged((table, rows)) == small
    assert places(small[0]) == [("rule-not-above", 77_779, "low")]
