"""The pages: what they say, in whose language, and that nothing a package brings can break them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from datetime import date
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazette import pages, site
from gazette.changes.log import Archive
from gazette.model import Dataset, Finding, Government, History, Party, Report, Schema, Settings, Shells, Text, Unit
from gazette.pages import prose
from gazette.publish import gate
from tests import sample

GOLDEN = Path(__file__).parent / "golden" / "pages"
TODAY = date(2026, 11, 22)
KEPT = re.compile(
    r"^(?:(?:en|zh)/)?(?:index|404|(?:catalogue|catalogue/topic-honours|quality)/index)\.html$|/(?:gdp|park)/index"
)
"""Pages whose every byte is kept in ``golden``: one of each kind that is small."""

HAN = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stage")


@pytest.fixture(scope="module")
def shells(stage: Path) -> Shells:
    return site.build(sample.settings(), stage)


@pytest.fixture(scope="module")
def rendered(shells: Shells) -> dict[str, str]:
    return render(shells)


def render(
    shells: Shells,
    datasets: tuple[Dataset, ...] = sample.DATASETS,
    report: Report | None = None,
    settings: Settings | None = None,
    history: History | None = None,
    as_of: date | None = TODAY,
    registered: tuple[Unit, ...] = (),
    record: Archive | None = None,
) -> dict[str, str]:
    """The pages by path."""
    made = pages.render(
        datasets,
        sample.artifacts(shells.stage, datasets),
        (),
        report or sample.report(datasets),
        history or sample.history(),
        shells,
        settings or sample.settings(),
        as_of,
        {},
        registered,
        record,
    )
    return {page.path: page.html for page in made}


@dataclass(frozen=True, slots=True)
class Run:
    """Some text of a page, the language it is in, and the element around it."""

    text: str
    lang: str
    tag: str


class Reader(HTMLParser):
    """The texts of a page with the language that the nearest ``lang`` gives them."""

    VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.runs: list[Run] = []
        self._open: list[tuple[str, str]] = [("", "")]
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element, in its own language or that around it."""
        lang = dict(attrs).get("lang") or self._open[-1][1]
        if tag not in self.VOID:
            self._open.append((tag, lang))

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element, which must be this one."""
        assert self._open[-1][0] == tag, f"</{tag}> closes <{self._open[-1][0]}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        """Keep what a reader sees."""
        tag, lang = self._open[-1]
        if data.strip() and tag not in {"style", "title"}:
            self.runs.append(Run(data, lang, tag))


def text_of(html: str) -> str:
    """What a reader sees, in one line."""
    return re.sub(r"\s+", " ", " ".join(run.text for run in Reader(html).runs))


def dataset_page(rendered: dict[str, str], name: str, language: str = "en") -> str:
    return rendered[f"{language}/datasets/{name}/index.html"]


# --- the whole -------------------------------------------------------------------------------------------


def normalised(html: str) -> str:
    """Without what a new release of the theme changes: the name of its style sheet, and blank lines."""
    html = re.sub(r"main\.[0-9a-f]+\.min\.css", "main.css", html)
    return re.sub(r"\n\s*\n+", "\n", html).strip() + "\n"


def test_the_pages_are_as_they_were(rendered: dict[str, str]) -> None:
    """Any change of a page is seen in review; ``GAZETTE_GOLDEN=write`` accepts it."""
    small = {path: normalised(html) for path, html in rendered.items() if KEPT.search(path)}
    if os.environ.get("GAZETTE_GOLDEN") == "write":
        for path, html in small.items():
            (GOLDEN / path).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / path).write_text(html, "utf-8")
    kept = {path.relative_to(GOLDEN).as_posix(): path.read_text("utf-8") for path in sorted(GOLDEN.rglob("*.html"))}
    assert small.keys() == kept.keys()
    assert [path for path in small if small[path] != kept[path]] == []
    assert small == kept


def test_both_languages_have_the_same_pages(rendered: dict[str, str]) -> None:
    """The switch always has somewhere to lead."""
    below = {language: {path[3:] for path in rendered if path.startswith(f"{language}/")} for language in ("en", "zh")}
    assert below["en"] == below["zh"]
    assert {f"datasets/{dataset.name}/index.html" for dataset in sample.DATASETS} < below["en"]
    assert {"index.html", "404.html"} < rendered.keys()


def anchors(html: str) -> list[str]:
    """Those of a page, but for the letters of an index, which each language has its own of."""
    return sorted(name for name in re.findall(r'\bid="([^"]+)"', html) if not name.startswith("letter-"))


def test_both_languages_have_the_same_anchors(rendered: dict[str, str]) -> None:
    """An address with an anchor can be passed from one language to the other."""
    for path, html in rendered.items():
        if path.startswith("en/"):
            counterpart = rendered["zh" + path[2:]]
            assert anchors(html) == anchors(counterpart), path


@pytest.mark.parametrize("url", [None, "https://example.org/sub/path/"])
def test_the_pages_pass_the_gate(url: str | None, shells: Shells, tmp_path: Path) -> None:
    """Links and anchors resolve, nothing runs, whether the site's address is known or not."""
    settings = sample.settings(url=url)
    shells = site.build(settings, tmp_path)
    for path, html in render(shells, settings=settings).items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(html, "utf-8")
    assert gate.inspect(tmp_path, settings, frozenset(), None) == ()


def test_the_same_values_give_the_same_bytes(rendered: dict[str, str], shells: Shells) -> None:
    """Nothing of the clock or of the order of a set is on a page."""
    assert render(shells) == rendered


def test_no_template_leaves_a_tag_open(rendered: dict[str, str]) -> None:
    """The reader of this file fails where a tag is closed that is not open."""
    for html in rendered.values():
        assert Reader(html).runs


# --- languages -------------------------------------------------------------------------------------------


def test_chinese_on_an_english_page_says_so(rendered: dict[str, str]) -> None:
    """Screen readers change their voice by ``lang`` (WCAG 2.2, 3.1.2)."""
    for path, html in rendered.items():
        if path.startswith("en/"):
            assert [run for run in Reader(html).runs if HAN.search(run.text) and run.lang != "zh-Hans"] == []


def test_english_on_a_chinese_page_says_so(rendered: dict[str, str]) -> None:
    """Prose, not the odd name or code: two English words in a row."""
    prose_runs = re.compile(r"[A-Za-z]{3,} [a-z]{3,} [a-z]{2,}")
    for path, html in rendered.items():
        if path.startswith("zh/"):
            runs = [run for run in Reader(html).runs if run.tag != "code" and prose_runs.search(run.text)]
            assert [run for run in runs if run.lang != "en"] == []


def test_a_missing_translation_is_shown_and_named(rendered: dict[str, str]) -> None:
    """Never a silent fallback, in either direction."""
    english = dataset_page(rendered, "gdp", "zh")
    assert '<span lang="en">Country &amp; regional GDP &lt;annual&gt;</span> <span class="g-untranslated">' in english
    chinese = dataset_page(rendered, "park")
    assert '<span lang="zh-Hans">公园名录</span> <span class="g-untranslated">not translated</span>' in chinese
    assert "尚未翻译" in text_of(dataset_page(rendered, "annual-reports", "zh"))


def test_where_the_chinese_text_prevails_the_english_page_says_so(rendered: dict[str, str]) -> None:
    """It is one click away; a package without Chinese text makes no such claim."""
    assert 'href="../../../zh/datasets/annual-reports/"' in dataset_page(rendered, "annual-reports")
    for path, html in rendered.items():
        claims = path.startswith("en/") and not path.startswith("en/datasets/gdp/")
        assert ("The Chinese text prevails." in html) == claims


def test_the_switch_leads_to_the_same_page(rendered: dict[str, str]) -> None:
    """A plain relative link, right under any sub-path."""
    page = dataset_page(rendered, "departments")
    switch = '<a href="../../../zh/datasets/departments/" hreflang="zh-Hans" lang="zh-Hans">中文</a>'
    assert switch in page
    assert '<a href="../en/" hreflang="en" lang="en">English</a>' in rendered["zh/index.html"]


def test_a_site_in_one_language_offers_no_other(tmp_path: Path) -> None:
    """No switch, no notice, no link into nothing."""
    settings = sample.settings(languages=("en",))
    made = render(site.build(settings, tmp_path), settings=settings)
    assert not [path for path in made if path.startswith("zh/")]
    assert not [path for path, html in made.items() if "/zh/" in html or "g-switch" in html or "g-prevails" in html]


@pytest.mark.parametrize(
    ("value", "column", "language", "expected"),
    [
        ("年报", "title", "en", "zh-Hans"),
        ("年报", "title", "zh", None),
        ("Annual report", "title_en", "zh", "en"),
        ("Annual report", "title_en", "en", None),
        ("Annual report", "title", "zh", "fr"),
        ("Annual", "title", "zh", None),
        ("2024-01-30", "date", "zh", None),
        ("suqian-2024", "name_en", "zh", "en"),
    ],
)
def test_the_language_of_a_cell(value: str, column: str, language: str, expected: str | None) -> None:
    """Its characters tell, then its column, then the languages of the dataset."""
    assert prose.spoken(value, column, language, ("fr", "zh")) == expected


@given(st.text(), st.sampled_from(["en", "zh"]))
def test_marking_changes_no_text(value: str, language: str) -> None:
    """What is marked reads as it was written, but for characters HTML does not allow."""
    html = str(prose.marked(value, language))
    text = unescape(re.sub(r'<span lang="(?:zh-Han[st]|en)">|</span>', "", html))
    assert text == re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", "\ufffd", value)


# --- what a page must say ---------------------------------------------------------------------------------


def test_every_page_says_who_runs_the_site_and_how_old_the_data_is(rendered: dict[str, str]) -> None:
    """The page of a dataset gives its own date of change."""
    for path, html in rendered.items():
        if path.startswith("en/"):
            text = text_of(html)
            assert "Run by: Example editors" in text
            assert "It is not a government website." in text
            assert "Data as of 22 November 2026" in text
    assert "Last changed 5 October 2026" in text_of(dataset_page(rendered, "departments"))
    assert "Last changed 20 November 2026" in text_of(rendered["en/index.html"])
    assert "最近变更 无记录" in text_of(dataset_page(rendered, "gdp", "zh"))


def test_without_history_and_date_the_pages_say_so(shells: Shells) -> None:
    """Outside git nothing is made up."""
    made = render(shells, history=History(), as_of=None)
    assert "Data as of not recorded Last changed not recorded" in text_of(made["en/index.html"])


def test_invented_rows_cannot_be_overlooked(rendered: dict[str, str]) -> None:
    """At the head of the page, at every table, in every list."""
    page = dataset_page(rendered, "honour-roll")
    assert page.index("g-warning") < page.index("g-columns")
    assert "must not be cited" in page
    assert page.count("g-badge--illustrative") == 2
    catalogue = rendered["en/catalogue/index.html"]
    assert re.search(r"Honour roll</a>\s+<span class=\"g-badge g-badge--illustrative\">Illustrative<", catalogue)
    assert catalogue.index('id="real"') < catalogue.index('id="illustrative"') < catalogue.index("Honour roll</a>")
    assert "illustrative dataset 1" in text_of(rendered["en/index.html"])
    assert "g-badge" not in dataset_page(rendered, "departments")


def test_what_is_left_out_is_named_with_its_reason(shells: Shells) -> None:
    """The reason is the finding's own sentence."""
    finding = Finding(
        code="personal-mobile",
        severity="warning",
        source="gazette",
        dataset="annual-reports",
        resource="appendix",
        facts={"hits": 3},
    )
    left_out = replace(sample.ANNUAL_REPORTS.resources[2], omitted="personal-mobile")
    dataset = replace(sample.ANNUAL_REPORTS, resources=(*sample.ANNUAL_REPORTS.resources[:2], left_out))
    made = render(shells, (dataset,), sample.report((dataset,), (finding,)))
    page = dataset_page(made, "annual-reports")
    section = page[page.index('id="table-appendix"') :]
    assert "This table belongs to the dataset but is not published here." in section
    assert "3 found" in section
    assert "appendix.csv" not in page


def test_a_download_says_what_it_is(rendered: dict[str, str], shells: Shells) -> None:
    """Format, size, rows and hash stand beside the link."""
    page = dataset_page(rendered, "annual-reports")
    file = next(file for file in sample.artifacts(shells.stage) if file.path.endswith("requests.csv"))
    assert 'href="../../../data/annual-reports/requests.csv"' in page
    assert file.sha256 in page
    assert "1.1 kB" in page
    assert "25 rows, version of 20 November 2026" in text_of(page)
    assert "requests.csv" in page


def test_the_dictionary_says_what_a_column_means(rendered: dict[str, str]) -> None:
    """Label, type, unit, rules in words, codes with their labels."""
    text = text_of(dataset_page(rendered, "annual-reports"))
    assert "count Number of requests Blank where the report leaves it blank; not zero." in text
    assert "Unit: requests whole number 0 – 3288 25 distinct values at least 0" in text
    assert "8 permitted values received Requests received" in text
    assert "primary key pattern [a-z]+ natural commercial" in text
    assert "年份" not in text
    chinese = text_of(dataset_page(rendered, "annual-reports", "zh"))
    assert re.search("单位： ?件 整数 0 – 3288 25 个不同取值 不小于 0", chinese)


def test_keys_lead_to_what_they_point_to(rendered: dict[str, str]) -> None:
    """Into another dataset, another table, or the table itself."""
    page = dataset_page(rendered, "annual-reports")
    assert '<a href="../../../en/datasets/departments/">Government departments and units</a>' in page
    assert '<a href="../../../en/datasets/departments/#table-departments">Departments</a>' in page
    assert '<a href="#table-reports">Reports</a>' in page
    assert "this table › <code>department_id</code>" in dataset_page(rendered, "departments")


def test_the_first_rows_are_shown_as_the_file_has_them(rendered: dict[str, str]) -> None:
    """Twenty of them; figures are not rewritten, codes carry their label."""
    page = dataset_page(rendered, "annual-reports")
    rows = page[page.index('id="rows-table-requests"') : page.index('id="files-table-requests"')]
    assert len(re.findall("<tr[ >]", rows)) == 1 + 20
    assert '<td class="g-number">2603</td>' in rows
    assert "The first 20 of 25 rows." in rows
    assert '<td class="g-short">disclosed<span class="g-label">Disclosed</span></td>' in rows
    assert '<td lang="zh-Hans">该数与报告正文不一致，以表格为准。</td>' in rows


def test_a_long_cell_is_cut_and_a_huge_one_does_no_harm(shells: Shells, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's reader alone would refuse more than 128 KiB."""
    rows = {("gdp", "gdp"): (("Remark",), ("x" * 200_000,), ("",))}
    monkeypatch.setattr(sample, "ROWS", rows)
    made = render(shells, (sample.STRANGER,), sample.report((sample.STRANGER,), ()))
    assert f"{'x' * 300}…" in dataset_page(made, "gdp")
    assert "x" * 301 not in dataset_page(made, "gdp")


def test_known_problems_stand_on_the_page_with_their_place(rendered: dict[str, str], shells: Shells) -> None:
    """However many there are, the total is exact."""
    text = text_of(dataset_page(rendered, "gdp"))
    assert "gdp/data/gdp.csv, row 3, column Remark" in text
    many = tuple(replace(sample.FINDINGS[0], row=row) for row in range(2, 22))
    report = replace(sample.report(findings=many), codes={("gdp", "personal-email"): 1234})
    text = text_of(dataset_page(render(shells, report=report), "gdp"))
    assert "row 6, column Remark and 1,229 more" in text
    assert "row 7" not in text


# --- strangers -------------------------------------------------------------------------------------------


def test_what_a_stranger_does_not_state_is_said_to_be_unstated(rendered: dict[str, str]) -> None:
    """No publisher, no licence, no source, no schema: the page says so and stands."""
    text = text_of(dataset_page(rendered, "gdp"))
    assert "Publisher not stated" in text
    assert "Licence not stated" in text
    assert "Updated not stated" in text
    assert "This dataset names no source." in text
    assert "This table comes without a schema" in text
    assert "Country Name" in text


def test_a_schema_that_says_nothing_is_none(shells: Shells) -> None:
    """Columns of any type without a word about them need no dictionary."""
    bare = Schema(fields=tuple(sample.column(name, Text(), "any") for name in ("Country Name", "Value", "Remark")))
    dataset = replace(sample.STRANGER, resources=(replace(sample.STRANGER.resources[0], schema=bare),))
    page = dataset_page(render(shells, (dataset,)), "gdp")
    assert "This table comes without a schema" in page
    assert "g-dictionary" not in page


def test_where_no_dataset_has_a_topic_the_only_shelf_is_all_of_them(shells: Shells) -> None:
    """Nothing is other where there is nothing else."""
    made = render(shells, (sample.STRANGER,))
    assert '<a href="../../en/catalogue/topic-other/">All datasets</a>' in made["en/catalogue/index.html"]
    assert "Other subjects" not in made["en/index.html"]


def test_what_a_package_brings_is_text(rendered: dict[str, str], shells: Shells) -> None:
    """Markup in titles, cells and descriptions is shown, not run; addresses lead to the web or nowhere."""
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in dataset_page(rendered, "gdp")
    evil = "</title><script>alert(1)</script>"
    hostile = replace(
        sample.STRANGER,
        title=sample.english(evil),
        description=sample.english(f"{evil} ![x](https://evil.example/p.gif) [y](javascript:alert(1))\n\n<b>z</b>"),
        parties=(Party(title=sample.english(evil), path="javascript:alert(1)"),),
        homepage="https://user@evil.example/",
        keywords=(evil,),
        version=evil,
    )
    page = dataset_page(render(shells, (hostile,)), "gdp")
    assert "<script" not in page
    assert "<img" not in page[page.index("<article") :]
    assert 'href="javascript' not in page
    assert 'href="https://user@' not in page
    assert "&lt;b&gt;z&lt;/b&gt;" in page


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a *b* **c**", "<p>a <em>b</em> <strong>c</strong></p>"),
        ("# Head", "<h3>Head</h3>"),
        ("[a](https://x.example/)", '<p><a href="https://x.example/" rel="nofollow noopener">a</a></p>'),
        ("[a](mailto:a@x.example)", '<p><a href="mailto:a@x.example" rel="nofollow noopener">a</a></p>'),
        ("[a](http://x.example/)", "<p>[a](http://x.example/)</p>"),
        ("[a](data:text/html,x)", "<p>[a](data:text/html,x)</p>"),
        ("<i>x</i>", "<p>&lt;i&gt;x&lt;/i&gt;</p>"),
        ("`a<b 年`", '<p><code>a&lt;b <span lang="zh-Hans">年</span></code></p>'),
        ("see 年报 2", '<p>see <span lang="zh-Hans">年报</span> 2</p>'),
        ("a\x00b", "<p>a\ufffdb</p>"),
    ],
)
def test_descriptions_are_commonmark_and_nothing_more(text: str, html: str) -> None:
    """No raw HTML, no pictures, links only where a reader can safely follow."""
    assert str(prose.prose(sample.english(text), "en")).strip() == html


def test_the_summary_is_the_first_paragraph_without_markup() -> None:
    """For lists and for search engines."""
    found = prose.summary(sample.english("One **two**\n[three](https://x.example/).\n\nFour."), "en")
    assert found is not None
    assert found.text == "One two three."
    assert prose.summary(Text(), "en") is None


@pytest.mark.parametrize(("count", "shown"), [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (1_234_567, "1.2 MB")])
def test_sizes_are_rounded_for_people(count: int, shown: str) -> None:
    """The manifest has the exact number."""
    assert prose.size(count, "en") == shown


def test_a_site_without_datasets_says_so(shells: Shells) -> None:
    """No empty headings, no figures of nothing."""
    made = render(shells, (), sample.report((), ()), history=History())
    for path in ("en/index.html", "en/catalogue/index.html"):
        assert "No dataset has been published yet." in made[path]
        assert "g-figures" not in made[path]
    assert not [path for path in made if "/datasets/" in path or "/catalogue/" in path.removesuffix("/index.html")]


def test_the_catalogue_has_every_dataset_and_a_page_for_every_value(rendered: dict[str, str]) -> None:
    """Values without datasets are not offered; what fits no topic stands under other subjects."""
    page = rendered["en/catalogue/index.html"]
    offered = re.findall(r'href="../../en/catalogue/([^/"]+)/"', page)
    assert [code for code in offered if code.startswith("topic")] == [
        "topic-disclosure",
        "topic-honours",
        "topic-reference",
        "topic-other",
    ]
    assert {code.partition("-")[0] for code in offered} == {"topic", "publisher", "year", "format", "status"}
    for code in offered:
        assert f"en/catalogue/{code}/index.html" in rendered
        assert f"zh/catalogue/{code}/index.html" in rendered
    for dataset in sample.DATASETS:
        assert page.count(f'href="../../en/datasets/{dataset.name}/"') == 1


def test_a_narrowed_catalogue_has_those_datasets_alone(rendered: dict[str, str]) -> None:
    """And says which value they have in common."""
    page = rendered["en/catalogue/topic-disclosure/index.html"]
    assert re.findall(r'g-entry__title"><a href="[./]+en/datasets/([^/]+)/', page) == ["annual-reports"]
    assert "<h1>Datasets: Disclosure of information</h1>" in page
    assert 'aria-current="page">Disclosure of information' in page


def test_chinese_names_stand_in_the_order_of_their_reading(rendered: dict[str, str]) -> None:
    """Guangrong, gongyuan, zhengfu: by pinyin, and invented rows apart."""
    titles = re.findall(r'g-entry__title"><a href="[^"]+">(?:<span[^>]*>)?([^<]+)', rendered["zh/catalogue/index.html"])
    assert titles == [
        "Country &amp; regional GDP &lt;annual&gt;",
        "公园名录",
        "政府部门与单位名录",
        "政府信息公开工作年度报告",
        "光荣榜",
    ]


def test_key_figures_are_counted_from_the_cells(rendered: dict[str, str]) -> None:
    """Rows, tables and years; a day of printing is not given as the newest of later rows."""
    text = text_of(dataset_page(rendered, "annual-reports"))
    assert "rows 27 tables 2 years covered 2024" in text


def test_what_is_late_is_said_on_its_page_and_on_the_home_page(shells: Shells) -> None:
    """An annual dataset is due a year after its last change, and never before."""
    made = render(shells, as_of=date(2027, 11, 20))
    assert "Next due by 20 November 2027" in text_of(dataset_page(made, "annual-reports"))
    assert "overdue" not in text_of(dataset_page(made, "annual-reports"))
    made = render(shells, as_of=date(2027, 11, 21))
    assert "20 November 2027 (overdue)" in text_of(dataset_page(made, "annual-reports"))
    assert "Overdue Annual reports on open government information due by 20 November 2027" in text_of(
        made["en/index.html"]
    )
    assert "en/catalogue/status-overdue/index.html" in made


def test_a_report_of_an_error_carries_dataset_table_and_row_key(shells: Shells) -> None:
    """As a prefilled issue and as a prefilled mail; an address that takes no text is left as it is."""
    page = dataset_page(render(shells, settings=sample.settings(mail="data@example.org")), "annual-reports")
    issue = next(link for link in re.findall('href="([^"]+)"', page) if "issues/new" in link)
    query = parse_qs(urlsplit(unescape(issue)).query)
    assert query["title"] == ["Error in “Annual reports on open government information”: reports"]
    assert "Dataset: annual-reports\nTable: reports\nVersion: 2026-11-20" in query["body"][0]
    assert "Row (report_id):" in query["body"][0]
    assert 'href="mailto:data@example.org?subject=Error%20in' in page
    plain = dataset_page(render(shells, settings=sample.settings(issues="https://example.org/form")), "annual-reports")
    assert 'href="https://example.org/form"' in plain[plain.index('id="report"') :]


def test_a_dataset_is_cited_in_every_style(rendered: dict[str, str]) -> None:
    """GB/T 7714, APA, BibTeX, RIS."""
    page = dataset_page(rendered, "annual-reports")
    section = text_of(
        page[page.index('<section aria-labelledby="cite"') : page.index('<section aria-labelledby="report"')]
    )
    for style in ("GB/T 7714", "APA", "BibTeX", "RIS", "[DS/OL]", "@dataset{", "TY - DATA"):
        assert style in section


def test_corrections_without_rows_say_that_there_is_nothing_to_report(
    shells: Shells, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An empty table would look like one that was forgotten."""
    monkeypatch.setattr(sample, "ROWS", {("corrections", "rounds"): (("round_id",),)})
    table = replace(sample.HONOURS.resources[0], dataset="corrections")
    dataset = replace(sample.HONOURS, name="corrections", illustrative=False, resources=(table,))
    made = render(shells, (dataset,), sample.report((dataset,), ()))
    assert "Nothing to report." in text_of(dataset_page(made, "corrections"))
    assert "零报告：无须报告的事项。" in text_of(dataset_page(made, "corrections", "zh"))


def test_the_foot_of_a_government_website_states_what_the_norm_demands(shells: Shells) -> None:
    """Seven items and the labels of the head; on no other site."""
    stated = Government(
        sponsor=sample.both("Example Office", "示例办公室"),
        contact=sample.both("12345", "12345"),
        site_code="0000000000",
        icp="示ICP备00000000号",
        police="示公网安备00000000000000号",
        mark="https://example.org/mark",
        errors="https://example.org/errors",
    )
    settings = sample.settings(profile="cn-gov", government=stated, url="https://example.org/")
    made = render(shells, settings=settings)
    foot = made["zh/index.html"][made["zh/index.html"].index("<footer") :]
    for text in (
        "主办单位：示例办公室",
        "12345",
        "0000000000",
        "示ICP备",
        "示公网安备",
        "党政机关网站标识",
        "我为政府网站找错",
        "站点地图",
    ):
        assert text in foot
    assert '<meta name="SiteIDCode" content="0000000000">' in made["zh/index.html"]
    assert '<meta name="PubDate" content="2026-11-20">' in dataset_page(made, "annual-reports")
    assert "SiteIDCode" not in render(shells)["zh/index.html"]


def test_the_newest_come_first(rendered: dict[str, str]) -> None:
    """By the last change, else by the date the package states, else by name."""
    links = re.findall(r'g-entry__title"><a href="../en/datasets/([^/]+)/', rendered["en/index.html"])
    assert links == ["annual-reports", "departments", "gdp", "park"]


# --- the address of the site ------------------------------------------------------------------------------


def test_with_an_address_pages_name_themselves_and_each_other(shells: Shells) -> None:
    """Every page names itself, its counterpart, and for the home pages the choice of language."""
    made = render(shells, settings=sample.settings(url="https://example.org/sub/"))
    page = dataset_page(made, "park")
    assert '<link rel="canonical" href="https://example.org/sub/en/datasets/park/">' in page
    assert '<link rel="alternate" hreflang="zh-Hans" href="https://example.org/sub/zh/datasets/park/">' in page
    assert '<link rel="alternate" hreflang="en" href="https://example.org/sub/en/datasets/park/">' in page
    assert "x-default" not in page
    for path in ("index.html", "en/index.html", "zh/index.html"):
        assert '<link rel="alternate" hreflang="x-default" href="https://example.org/sub/">' in made[path]


def test_without_an_address_pages_claim_none(rendered: dict[str, str]) -> None:
    """A wrong canonical address is worse than none."""
    for html in rendered.values():
        assert 'rel="canonical"' not in html
        assert 'rel="alternate"' not in html


def test_the_missing_page_leads_home_only_where_it_knows_the_way(rendered: dict[str, str], shells: Shells) -> None:
    """It is served at any depth, so a relative link would lead astray."""
    assert "href=" not in rendered["404.html"]
    made = render(shells, settings=sample.settings(url="https://example.org/sub/"))
    assert re.findall(r'href="([^"]+)"', made["404.html"]) == ["/sub/en/", "/sub/zh/"]
    assert "Page not found" in made["404.html"]
    assert "页面不存在" in made["404.html"]
