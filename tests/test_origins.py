"""Where translations come from, as descriptors and the site state it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import build
from gazette import settings
from gazette.descriptor import origins
from gazette.model import BuildError, Text, Translation
from tests import broken


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (None, []),
        ("editor", []),
        ({"en": "editor"}, [Translation(language="en", origin="editor")]),
        ({"en": "nobody"}, [("unknown", "en", "nobody")]),
        ({"fr": "editor"}, [("unknown", "fr", "editor")]),
        ({"en": "official"}, [("unsourced", "en", "official")]),
        (
            {"en": {"origin": "official", "source": "Gazette", "source_zh": "公报"}, "zh": "machine"},
            [
                Translation(language="en", origin="official", source=Text(values=(("en", "Gazette"), ("zh", "公报")))),
                Translation(language="zh", origin="machine"),
            ],
        ),
    ],
)
def test_what_a_descriptor_states(stated: Any, expected: list[object]) -> None:
    """An official translation names its source; an origin is one of three."""
    assert list(origins.read(stated, ("en", "zh"))) == expected


def test_a_table_overrides_its_dataset_and_that_the_site(tmp_path: Path) -> None:
    """Each for the languages it speaks of."""
    example = broken.example("translation-blank", tmp_path)
    path = example.folder / "datasets/rooms/datapackage.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("frequency: annual}", "frequency: annual, translation: {zh: machine}}")
    path.write_text(
        text.replace("    title: Rooms\n", "    title: Rooms\n    gazette: {translation: {en: machine}}\n"), "utf-8"
    )
    room = tmp_path / "room"
    room.mkdir()
    (dataset,) = build.judge(broken.wanted(example.folder), room)[0]
    assert {each.language: each.origin for each in dataset.translations} == {"zh": "machine", "en": "editor"}
    assert {each.language: each.origin for each in dataset.resources[0].translations} == {
        "zh": "machine",
        "en": "machine",
    }


def test_strict_wants_to_know_who_translated(tmp_path: Path) -> None:
    """Where neither dataset nor site say; a claim that nobody made is not made for them."""
    broken.example("translation-blank", tmp_path)
    site = replace(broken.SITE, translations=())
    codes = [finding.code for finding in broken.judged(tmp_path, site=site).findings]
    assert "translation-origin" in codes
    codes = [finding.code for finding in broken.judged(tmp_path, "open", site=site).findings]
    assert "translation-origin" not in codes


def configured(folder: Path, text: str, more: str = "") -> Path:
    (folder / "mkdocs.yml").write_text(broken.CONFIG.replace("translation: {en: editor}", text), encoding="utf-8")
    (folder / "policy.yml").write_text(f"strict: true\n{more}", encoding="utf-8")
    return folder / "mkdocs.yml"


def test_the_site_states_what_holds_for_all(tmp_path: Path) -> None:
    """In its configuration."""
    config = str(configured(tmp_path, "translation: {en: machine}"))
    assert settings.read(["check", "--config", config]).site.translations == (
        Translation(language="en", origin="machine"),
    )


@pytest.mark.parametrize("stated", ["translation: {en: official}", "translation: {en: me}"])
def test_an_official_translation_is_no_matter_of_the_site(stated: str, tmp_path: Path) -> None:
    """It has a source, and each dataset its own."""
    with pytest.raises(BuildError) as fault:
        settings.read(["check", "--config", str(configured(tmp_path, stated))])
    assert fault.value.code == "config-value"


@pytest.mark.parametrize(("stated", "expected"), [("abridged: 5", 5.0), ("abridged: 2.5", 2.5), ("", 3.0)])
def test_a_policy_says_which_length_is_doubted(stated: str, expected: float, tmp_path: Path) -> None:
    """In standard deviations."""
    config = configured(tmp_path, "policy: policy.yml", stated)
    assert settings.read(["check", "--config", str(config)]).policy.abridged == expected


@pytest.mark.parametrize("stated", ["abridged: 0", "abridged: wide", "abridged: -1"])
def test_a_length_nobody_can_doubt_is_refused(stated: str, tmp_path: Path) -> None:
    """The operator is told."""
    with pytest.raises(BuildError):
        settings.read(["check", "--config", str(configured(tmp_path, "policy: policy.yml", stated))])
