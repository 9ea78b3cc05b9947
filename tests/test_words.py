"""The catalogue of words: complete in both languages, filled with facts."""

from __future__ import annotations

import string
import tomllib
from datetime import date
from importlib import resources

import pytest
from babel.numbers import format_decimal

from gazette import words
from gazette.model import BuildError, Finding


def catalogue(name: str) -> dict[str, dict[str, str]]:
    """One file of the catalogue."""
    return tomllib.loads(resources.files("gazette.words").joinpath(name).read_text(encoding="utf-8"))


def placeholders(template: str) -> set[str]:
    """The facts a template asks for."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


@pytest.mark.parametrize("name", ["interface.toml", "errors.toml", "usage.toml"])
def test_every_text_exists_in_both_languages_with_the_same_facts(name: str) -> None:
    """A reader of either language is told the same."""
    for key, texts in catalogue(name).items():
        assert set(texts) >= {"en", "zh"}, key
        assert placeholders(texts["en"]) == placeholders(texts["zh"]), key
        assert texts["en"].strip(" ") or not texts["zh"].strip(" "), key


def test_a_label_is_filled() -> None:
    """Facts take the place of their names."""
    assert words.label("report.row", "en", row=7) == " row 7"
    assert words.label("report.row", "zh", row=7) == " 第 7 行"


def test_a_label_nobody_wrote_is_our_bug() -> None:
    """No page shows the name of a label."""
    with pytest.raises(KeyError):
        words.label("no.such.label", "en")


def finding(code: str, **facts: str | int | list[str] | None) -> Finding:
    """A finding in row 3."""
    return Finding(code=code, severity="error", source="gazette", row=3, field="seats", facts=facts)


def test_a_message_says_what_is_wrong_and_how_to_mend_it() -> None:
    """The place of the finding and its facts fill the sentences."""
    message = words.message(finding("constraint-error", cell="0", constraint="minimum", limit="1"), "zh")
    assert message.what == "“seats”列的“0”不符合约束 minimum：1。"
    assert message.fix == "请更正单元格；允许的取值见表结构。"


def test_a_code_with_several_causes_has_a_message_for_each() -> None:
    """The fact ``variant`` chooses it."""
    assert "required" in words.message(finding("constraint-error", variant="required"), "en").what


def test_lists_are_joined_as_the_language_does() -> None:
    """With commas in English, with the enumeration comma in Chinese."""
    fault = BuildError("datasets-unknown", names=["a", "b"], path="datasets", known=[])
    assert "named a, b in" in words.error(fault, "en")
    assert "a、b" in words.error(fault, "zh")


def test_braces_in_data_are_data() -> None:
    """What a cell holds is not read as a template."""
    message = words.message(finding("constraint-error", cell="{row} {0} {", constraint="enum", limit="{}"), "en")
    assert "“{row} {0} {”" in message.what


def test_numbers_and_dates_are_written_for_their_readers() -> None:
    """Digits grouped, dates written out."""
    assert words.number(1234567, "en") == "1,234,567"
    assert words.number(1234567, "zh") == "1,234,567"
    assert words.number(0.5, "en") == "0.5"
    assert words.day(date(2026, 11, 1), "en") == "1 November 2026"
    assert words.day(date(2026, 11, 1), "zh") == "2026年11月1日"


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_a_number_without_groups_is_what_its_locale_makes_of_it(language: str) -> None:
    """Written without asking it."""
    for value in (*range(1100), 7.0, -7):
        assert words.number(value, language) == format_decimal(value, locale=words._LOCALES[language])


def test_every_language_has_a_tag() -> None:
    """What the catalogue speaks, a page can declare."""
    assert set(words.LANGUAGES) == set(words.BCP47) == {"en", "zh"}
