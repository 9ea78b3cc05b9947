"""Unified social credit codes and division codes."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazette.checks.rules import codes
from tests.checks.rules.made import judged, places, resource

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
SOUND = [
    "91110000802100433B",
    "91350100M000100Y43",
    "91110108551385082Q",
    "91440300708461136T",
    "91440101231243173M",
]
DATASETS = Path(__file__).parents[3] / "datasets"


@pytest.mark.parametrize("code", SOUND)
def test_sound_codes(code: str) -> None:
    """Published codes pass both checks."""
    assert codes.uscc_fault(code) is None
    assert codes.organisation_check(code[8:16]) == code[16]


def test_a_code_of_a_rural_collective() -> None:
    """Letters in the first place are provided for; python-stdnum 2.x refuses them."""
    body = "N2110108MF0000000"
    check = next(char for char in ALPHABET if codes.uscc_fault(body + char) is None)
    table = resource("u", "uscc:s", kind="units")
    assert places(judged((table, [[body + check]]))[0]) in ([], [("rule-organisation-code", 2, "uscc")])


@given(st.sampled_from(SOUND), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_changed_character_is_found(code: str, place: int, char: str) -> None:
    """31 is prime and no weight is a multiple of it."""
    changed = code[:place] + char + code[place + 1 :]
    assert (codes.uscc_fault(changed) is None) == (changed == code)


@given(st.sampled_from(SOUND), st.integers(0, 16))
def test_two_exchanged_neighbours_are_found(code: str, place: int) -> None:
    """Neighbouring weights differ."""
    changed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (codes.uscc_fault(changed) is None) == (changed == code)


@pytest.mark.parametrize(
    "code", ["", "9111000080210043", "91110000802100433b", "9111000080210043IB", "911A0000802100433B"]
)
def test_what_has_not_the_form(code: str) -> None:
    """Eighteen characters of the alphabet, digits in places 3 to 8."""
    assert codes.uscc_fault(code) == "form"


def test_spreadsheets_write_codes_in_full_width() -> None:
    """Width, case and spaces are not part of a code."""
    assert codes.normal(" ９１３５０１００m０００１００y４３ ") == "91350100M000100Y43"


def test_the_published_divisions_keep_their_rules() -> None:
    """Every code of the list has six digits, fits its level and begins with its parent."""
    files = (DATASETS / "divisions/data").glob("*.csv")
    rows = [row for path in files for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines())]
    columns = "division_code:s level:s parent_code:s first_listed:s last_listed:s"
    table = resource("divisions", columns, kind="divisions")
    names = [each.partition(":")[0] for each in columns.split()]
    found = judged((table, [[row[name] for name in names] for row in rows]))[0]
    assert len(rows) > 4000
    assert [finding for finding in found if finding.severity == "error"] == []
