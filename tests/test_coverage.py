"""The page about translations, and that no page mixes languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from gazette import pages, site
from gazette.checks import parity
from gazette.model import Coverage, Dataset, Policy, Resource, Shells, Translation
from tests import sample

HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
PROSE = re.compile(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")
SHOWN = frozenset({"alt", "aria-label", "content", "label", "placeholder", "title"})
"""Attributes a reader sees or hears."""


@pytest.fixture(scope="module")
def shells(tmp_path_factory: pytest.TempPathFactory) -> Shells:
    return site.build(sample.settings(), tmp_path_factory.mktemp("stage"))


def coverage(datasets: tuple[Dataset, ...] = sample.DATASETS) -> tuple[Coverage, ...]:
    """What the checks count of the descriptors of the sample."""
    return parity.judge(datasets, (), Policy(name="open", strict=False), {})[1]


def rendered(
    shells: Shells, datasets: tuple[Dataset, ...] = sample.DATASETS, counted: tuple[Coverage, ...] | None = None
) -> dict[str, str]:
    """The pages by path, with translations counted."""
    report = replace(sample.report(datasets), coverage=coverage(datasets) if counted is None else counted)
    files = sample.artifacts(shells.stage, datasets)
    made = pages.render(
        datasets,
        files,
        (),
        report,
        sample.history(),
        shells,
        sample.settings(),
        date(2026, 11, 22),
        structured={},
        registered=(),
    )
    return {page.path: page.html for page in made}


class Reader(HTMLParser):
    """Every text of a page, those in attributes included, with its language and whether it is code."""

    VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "rect", "source", "wbr"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.runs: list[tuple[str, str, str]] = []
        self._open = [("", "")]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element and keep what its attributes say."""
        stated = dict(attrs)
        lang = stated.get("lang") or self._open[-1][1]
        shown = SHOWN - {"content"} if stated.get("name") != "description" else SHOWN
        self.runs += [(value or "", lang, tag) for name, value in attrs if name in shown]
        if tag not in self.VOID:
            self._open.append((tag, lang))

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element."""
        if tag not in self.VOID:
            assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        """Keep a text."""
        tag, lang = self._open[-1]
        if tag not in {"style", "script"}:
            self.runs.append((data, lang, tag))


# --- no page mixes languages ------------------------------------------------------------------------------


def test_no_chinese_stands_unmarked_on_an_english_page(shells: Shells) -> None:
    """Neither in a text nor in an attribute (WCAG 2.2, 3.1.2); titles have no parts to mark."""
    for path, html in rendered(shells).items():
        if path.startswith("en/"):
            runs = [run for run in Reader(html).runs if HAN.search(run[0]) and run[2] not in {"title", "meta"}]
            assert [run for run in runs if not run[1].startswith("zh-Han")] == []


def test_no_english_prose_stands_unmarked_on_a_chinese_page(shells: Shells) -> None:
    """Three words in a row outside code; names and codes are no prose."""
    for path, html in rendered(shells).items():
        if path.startswith("zh/"):
            runs = [
                run for run in Reader(html).runs if PROSE.search(run[0]) and run[2] not in {"code", "title", "meta"}
            ]
            assert [run for run in runs if run[1] != "en"] == []


def test_the_interface_is_in_the_language_of_the_page(shells: Shells) -> None:
    """Every heading of a table and every attribute of the Chinese page has Chinese characters."""
    page = rendered(shells)["zh/coverage/index.html"]
    heads = re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', page)
    assert heads
    assert [head for head in heads if not HAN.search(head)] == []


def test_a_text_in_traditional_script_says_so(shells: Shells, monkeypatch: pytest.MonkeyPatch) -> None:
    """In both languages, in a cell and in a quotation within a Simplified text."""
    names = ("note_zh", "name_source")
    table = replace(sample.STRANGER.resources[0], name="gdp", schema=None)
    dataset = replace(sample.STRANGER, resources=(table,), languages=("en", "zh"))
    cells = (names, ("来源作“關於”。", "上海市發展改革委"))
    monkeypatch.setattr(sample, "ROWS", {**sample.ROWS, ("gdp", "gdp"): cells})
    made = rendered(shells, (dataset,))
    chinese, english = (made[f"{language}/datasets/gdp/index.html"] for language in ("zh", "en"))
    for page in (chinese, english):
        assert '<span lang="zh-Hant">“關於”</span>' in page
        assert re.search(r'<td[^>]* lang="zh-Hant">上海市發展改革委</td>', page)
    assert re.search(r'<td[^>]* lang="zh-Hans">来源作', english)


# --- the page ---------------------------------------------------------------------------------------------


def test_every_dataset_has_its_line_in_both_languages(shells: Shells) -> None:
    """With its figures, in words as well as in a bar; invented rows stand apart."""
    page = rendered(shells)["en/coverage/index.html"]
    lines = re.findall(r'<tr>\s*<th scope="row">(.*?)</tr>', page, re.DOTALL)
    assert len(lines) == 2 * len(sample.DATASETS)
    (gdp,) = [line for line in lines if "datasets/gdp/" in line and "missing" in line]
    assert "0 %" in gdp
    assert "missing: 1" in gdp
    apart = page[page.index('id="in-en-illustrative"') : page.index('id="in-zh"')]
    assert apart.count("datasets/honour-roll/") == 1
    assert apart.count('<th scope="row">') == 1


def test_the_sum_leaves_invented_rows_out(shells: Shells) -> None:
    """What is said of the site is said of real data."""
    real = [row for row in coverage() if row.language == "en" and row.dataset != "honour-roll"]
    complete, texts = sum(row.complete for row in real), sum(row.texts for row in real)
    assert (
        f"{complete} of {texts} texts in {len(real)} datasets are complete"
        in rendered(shells)["en/coverage/index.html"]
    )


@pytest.mark.parametrize(("complete", "shown"), [(3000, "100 %"), (2999, "99.9 %"), (1500, "50 %"), (0, "0 %")])
def test_nothing_incomplete_is_called_complete(complete: int, shown: str, shells: Shells) -> None:
    """Rounding stops below."""
    row = Coverage(
        dataset="departments", language="en", origin="official", texts=3000, in_rows=0, complete=complete, abridged=0,
        identical=0, foreign=0, stale=0, missing=3000 - complete,
    )  # fmt: skip
    page = rendered(shells, counted=(row,))["en/coverage/index.html"]
    assert f"</svg> {shown}</td>" in page
    assert "official translation" in page


def test_without_figures_the_page_says_so(shells: Shells) -> None:
    """As on a site without datasets."""
    assert "Nothing has been counted." in rendered(shells, counted=())["en/coverage/index.html"]


def test_the_page_leads_to_its_data_where_that_is_published(shells: Shells, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the page of the computed dataset."""
    status = replace(sample.STRANGER, name="translation-status")
    table = replace(status.resources[0], dataset="translation-status")
    assert isinstance(table, Resource)
    monkeypatch.setattr(sample, "ROWS", {**sample.ROWS, ("translation-status", "gdp"): sample.ROWS["gdp", "gdp"]})
    made = rendered(shells, (replace(status, resources=(table,)),))
    assert '<a href="../../en/datasets/translation-status/">' in made["en/coverage/index.html"]
    assert "translation-status" not in rendered(shells)["en/coverage/index.html"]


def test_a_dataset_says_where_its_translation_comes_from(shells: Shells) -> None:
    """An official one names its source; a table that differs is named."""
    title = sample.both("Official edition", "官方版本")
    official = Translation(language="en", origin="official", source=title)
    machine = Translation(language="en", origin="machine")
    table = replace(sample.DEPARTMENTS.resources[0], translations=(machine,))
    dataset = replace(sample.DEPARTMENTS, translations=(official,), resources=(table,))
    made = rendered(shells, (dataset,))
    english, chinese = (made[f"{language}/datasets/departments/index.html"] for language in ("en", "zh"))
    assert "English: official translation" in english
    assert "Official edition" in english
    assert "Table “Departments” – English: translated by machine, not read by an editor" in english
    assert "英文：官方译文" in chinese
    assert "数据表“部门”：英文：机器翻译，未经编者审阅" in chinese


def test_the_page_is_in_the_menu() -> None:
    """In both languages."""
    root = Path(__file__).parent.parent
    assert "en/coverage.md" in (root / "mkdocs.yml").read_text(encoding="utf-8")
    assert "zh/coverage.md" in (root / "mkdocs.zh.yml").read_text(encoding="utf-8")
