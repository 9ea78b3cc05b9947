"""The theme: what MkDocs makes of it is cut into shells, and nothing it does not need is published."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from gazette import site
from gazette.model import BuildError, Shells
from tests import sample

HAND_WRITTEN = ("about", "accessibility", "api", "verify")
FRAME = {"LINKS", "POLICY", "SITE", "NAME", "SWITCH", "NOTICE", "FOOT"}


@pytest.fixture(scope="module")
def shells(tmp_path_factory: pytest.TempPathFactory) -> Shells:
    return site.build(sample.settings(), tmp_path_factory.mktemp("stage"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The sources of the site, to be altered."""
    for name in ("mkdocs.yml", "mkdocs.zh.yml"):
        shutil.copy(sample.CONFIG.parent / name, tmp_path / name)
    for name in ("site_src", "templates"):
        shutil.copytree(sample.CONFIG.parent / name, tmp_path / name)
    return tmp_path


def html(shells: Shells) -> list[str]:
    return ["".join(shell.parts[::2]) for shell in shells.shells.values()]


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_every_language_has_every_shell_at_the_depth_of_its_pages(shells: Shells) -> None:
    """A shell's relative links are right only where it is."""
    depths = {"home": 1, "shelf": 3, "dataset": 3, "unit": 3, "dataset-changes": 4}
    assert set(site.KINDS) <= {kind for kind, _ in shells.shells}
    assert {kind for kind, language in shells.shells if language == "zh"} | {"root"} == {
        kind for kind, _ in shells.shells
    }
    for (kind, _), shell in shells.shells.items():
        assert shell.depth == (0 if kind == "root" else depths.get(kind, 2)), kind


def test_a_shell_is_cut_at_its_slots(shells: Shells) -> None:
    """Generated pages leave head and content open; pages written by hand have their own."""
    for (kind, _), shell in shells.shells.items():
        slots = set(shell.parts[1::2])
        if kind == "root":
            assert slots == {"LINKS", "POLICY", "HEAD", "NOTICE", "MAIN", "FOOT"}
        elif kind in HAND_WRITTEN:
            assert slots == FRAME
        else:
            assert slots == FRAME - {"SITE"} | {"HEAD", "MAIN"}


def test_pages_say_which_language_they_are_in(shells: Shells) -> None:
    """The tag names the script, not only the language."""
    for (_, language), shell in shells.shells.items():
        tag = {"en": "en", "zh": "zh-Hans"}[language]
        assert f'<html lang="{tag}"' in shell.parts[0]


def test_the_theme_asks_nobody_else_and_runs_nothing(shells: Shells) -> None:
    """No script, no style within the page, no address outside the site but for a reader to follow."""
    for text in html(shells):
        assert "<script" not in text
        assert "<style" not in text
        assert "generator" not in text
        assert not re.search(r'<(?:link|img|source)[^>]+(?:href|src)="(?:https?:)?//', text)
        assert "default-src 'none'; connect-src 'self'; style-src 'self'; img-src 'self' data:; " in text
        assert "base-uri 'none'; form-action 'self'" in text


def test_what_the_theme_hides_for_its_script_is_gone(shells: Shells) -> None:
    """Check boxes nobody sees, a dialog without a name, an overlay: keyboards and screen readers would meet them."""
    for text in html(shells):
        assert not re.search("md-toggle|md-overlay|md-dialog|data-md-component=.(?:skip|announce)", text)


def test_only_files_that_pages_use_are_published(shells: Shells) -> None:
    """Material brings 40 files; the pages need its style sheet, ours and the mark."""
    published = [re.sub(r"main\.[0-9a-f]+\.", "main.", path) for path in tree(shells.stage)]
    assert published == ["assets/gazette.css", "assets/mark.svg", "assets/stylesheets/main.min.css", "assets/tools.css"]
    assert all(b"sourceMappingURL" not in content for content in tree(shells.stage).values())


def test_the_same_sources_give_the_same_bytes(shells: Shells, tmp_path: Path) -> None:
    """Nothing of the clock or of the folder it ran in is left on a page."""
    again = site.build(sample.settings(), tmp_path)
    assert again.shells == shells.shells
    assert tree(tmp_path) == tree(shells.stage)


def test_the_generator_says_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What a person reads on the terminal is about the data."""
    site.build(sample.settings(), tmp_path)
    assert capfd.readouterr() == ("", "")


def test_a_site_in_one_language_needs_one_configuration(tmp_path: Path) -> None:
    """Nothing of the other language is built."""
    shells = site.build(sample.settings(languages=("zh",)), tmp_path)
    assert {language for _, language in shells.shells} == {"zh"}


def test_files_of_pages_written_by_hand_are_published_where_they_are_used(copy: Path, tmp_path: Path) -> None:
    """A page may show a picture or offer a file; one that no page mentions stays at home."""
    about = copy / "site_src/en/about.md"
    about.write_text(about.read_text("utf-8") + "\n[Form](form.txt) ![Plan](../assets/plan%20a.svg)\n", "utf-8")
    (copy / "site_src/en/form.txt").write_text("form", "utf-8")
    (copy / "site_src/en/unused.txt").write_text("unused", "utf-8")
    (copy / "site_src/assets/plan a.svg").write_text("<svg/>", "utf-8")
    stage = tmp_path / "stage"
    site.build(sample.settings(copy / "mkdocs.yml"), stage)
    assert {"en/form.txt", "assets/plan a.svg"} <= tree(stage).keys()
    assert "en/unused.txt" not in tree(stage)


def test_a_text_that_looks_like_a_slot_is_left_to_the_gate(copy: Path, tmp_path: Path) -> None:
    """Only the slots of the theme are cut."""
    (copy / "site_src/en/about.md").write_text("# About\n\n@@OTHER@@\n", "utf-8")
    shells = site.build(sample.settings(copy / "mkdocs.yml"), tmp_path / "stage")
    assert "@@OTHER@@" in "".join(shells.shells["about", "en"].parts[::2])


def broken_link(sources: Path) -> None:
    (sources / "site_src/en/about.md").write_text("# About\n\n[x](nowhere.md)\n", "utf-8")


def broken_anchor(sources: Path) -> None:
    (sources / "site_src/zh/about.md").write_text("# 关于\n\n[x](index.md#nowhere)\n", "utf-8")


def page_out_of_the_menu(sources: Path) -> None:
    (sources / "site_src/en/forgotten.md").write_text("# Forgotten\n", "utf-8")


def unknown_extension(sources: Path) -> None:
    config = sources / "mkdocs.yml"
    config.write_text(config.read_text("utf-8").replace("  - footnotes\n", "  - no_such_extension\n"), "utf-8")


def linked_file(sources: Path) -> None:
    (sources / "site_src/en/secret.txt").symlink_to("/etc/hostname")


def missing_shell(sources: Path) -> None:
    (sources / "site_src/zh/datasets/shell.md").unlink()
    config = sources / "mkdocs.zh.yml"
    config.write_text(config.read_text("utf-8").replace("  /zh/datasets/shell.md\n", "  /zh/none.md\n"), "utf-8")


@pytest.mark.parametrize(
    ("alter", "code", "fact"),
    [
        (broken_link, "site-warning", "nowhere.md"),
        (broken_anchor, "site-warning", "#nowhere"),
        (page_out_of_the_menu, "site-warning", "forgotten.md"),
        (unknown_extension, "site-warning", "no_such_extension"),
        (linked_file, "site-source-link", "site_src/en/secret.txt"),
        (missing_shell, "site-shell-missing", "dataset"),
    ],
)
def test_a_fault_of_the_sources_stops_the_build(
    alter: Callable[[Path], None], code: str, fact: str, copy: Path, tmp_path: Path
) -> None:
    """MkDocs would warn and go on, or publish what a link points to."""
    alter(copy)
    with pytest.raises(BuildError) as caught:
        site.build(sample.settings(copy / "mkdocs.yml"), tmp_path / "stage")
    assert caught.value.code == code
    assert fact in str(caught.value.facts)
    assert caught.value.exit == 2
