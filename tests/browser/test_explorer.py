"""The table explorer as a reader uses it: awkward cells, both languages, desk and phone, light and dark."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page

from gazette import assets
from tests import sample
from tests.browser import published
from tests.browser.conftest import Visit

PLACE = "datasets/trial/"
DESCRIPTOR = """\
$schema: https://datapackage.org/profiles/2.0/datapackage.json
name: trial
languages: [en, zh]
title: Trial
title_zh: 试验
description: Rows made for tests.
description_zh: 供测试用的数据。
contributors: [{title: Editors, title_zh: 编辑组, roles: [publisher]}]
licenses: [{name: CC-BY-4.0, title: Attribution, title_zh: 署名, path: "https://creativecommons.org/licenses/by/4.0/"}]
sources: [{title: None, title_zh: 无}]
gazette: {kind: table, status: real, topic: reference, frequency: annual}
resources:
  - name: rows
    title: Measured rows
    title_zh: 测量数据
    path: rows.csv
    encoding: utf-8
    schema:
      primaryKey: [year, place]
      missingValues: ["", "n/a"]
      fields:
        - {name: year, type: year, title: Year, title_zh: 年份}
        - {name: place, type: string, title: Place, title_zh: 地点}
        - name: level
          type: string
          title: Level
          title_zh: 级别
          categories: [{value: m, label: Municipal, label_zh: 市级}, {value: d, label: District, label_zh: 区级}]
        - {name: amount, type: number, title: Amount, title_zh: 数额}
        - {name: exact, type: number, title: Exact, title_zh: 精确值}
        - {name: day, type: date, title: Day, title_zh: 日期}
        - {name: note, type: string, title: Note, title_zh: 备注}
  - name: plain
    title: Keyless
    title_zh: 无主键
    path: plain.csv
    encoding: utf-8
    schema: {fields: [{name: word, type: string, title: Word, title_zh: 词}]}
"""
EVIL = '<img src=x onerror="alert(1)">, "quoted"\nand more'


def _rows() -> list[list[str]]:
    rows = []
    for place in range(300):
        year, note = 2010 + place % 5, ""
        # Enough amounts are written as 0.50 for the CSV to differ from the file for analysts.
        amount = "n/a" if place == 7 else f"{place * 37 % 101}.50"
        exact = f"{123456789012345678901234567890 + place}.{place % 10}1"
        day = f"{year}-0{1 + place % 9}-15"
        if place == 11:
            note = EVIL
        rows.append([str(year), f"地点 {place}", "md"[place % 2], amount, exact, day, note])
    return rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site on disk."""
    package = tmp_path_factory.mktemp("datasets") / "trial"
    package.mkdir()
    (package / "datapackage.yaml").write_text(DESCRIPTOR, encoding="utf-8")
    header = ["year", "place", "level", "amount", "exact", "day", "note"]
    for name, lines in (("rows", [header, *_rows()]), ("plain", [["word"], ["one"], ["two"]])):
        with (package / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)
    stage = tmp_path_factory.mktemp("site")
    published.publish(package.parent, stage, formats=True, kinds=frozenset({"dataset"}))
    return stage


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Where it is served by a server that knows no ranges."""
    with published.served(folder) as place:
        yield place


@pytest.fixture(params=[(1280, "light"), (360, "dark")], ids=["desk light", "phone dark"])
def visit(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """A fresh window, which must have nothing to complain of and ask nobody else."""
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    visit = Visit(address, context.new_page())
    yield visit
    context.close()
    assert visit.complaints == []
    assert [url for url in visit.requests if not url.startswith((address, "blob:"))] == []


def section(page: Page, table: str = "rows") -> Locator:
    """The part of the page about one table."""
    return page.locator("section.g-table", has=page.locator(f"#table-{table}"))


def opened(visit: Visit, language: str = "en", query: str = "") -> Locator:
    """The table with all of its rows at hand."""
    visit.go(f"{language}/{PLACE}{query}")
    part = section(visit.page)
    if not query:
        part.locator(".g-tools button").click()
    part.locator(".g-pager").wait_for()
    return part


def column(part: Locator, place: int) -> list[str]:
    """The cells of one column as they are shown."""
    return [cell.strip() for cell in part.locator(f"tbody td:nth-child({place})").all_inner_texts()]


def said(part: Locator, text: str) -> None:
    """Wait until the live region says ``text``."""
    part.locator(".g-showing", has_text=text).wait_for()


# --- before anything is asked -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_first_rows_stand_in_the_page_with_their_anchors(browser: Browser, address: str, language: str) -> None:
    """Without scripts nothing is missing but the comfort, and nothing offers what does not work."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}{language}/{PLACE}#r-rows.2012~%E5%9C%B0%E7%82%B9%202")
    rows = section(page).locator(".g-rows tbody tr")
    assert rows.count() == 20
    assert section(page).locator("button").count() == 0
    assert rows.nth(2).get_attribute("id") == "r-rows.2012~地点%202"
    assert section(page, "plain").locator("tbody tr[id]").count() == 0
    context.close()


def test_the_scripts_are_small(folder: Path, visit: Visit) -> None:
    """At most 30 kB compressed in all, and before anything is asked a fraction of that."""
    sizes = {
        name: len(gzip.compress((folder / "assets" / name).read_bytes(), 9)) for name in ("explorer.js", "parquet.js")
    }
    assert sum(sizes.values()) <= 30_000
    visit.go(f"en/{PLACE}")
    visit.page.wait_for_load_state("networkidle")
    fetched = {url.rpartition("/")[2] for url in visit.requests}
    assert "explorer.js" in fetched
    assert {"parquet.js", "rows.parquet", "rows.csv"}.isdisjoint(fetched)


def test_only_pages_with_a_script_permit_one(folder: Path) -> None:
    """The policy of every other page is as strict as before."""
    page = (folder / "en" / PLACE / "index.html").read_text(encoding="utf-8")
    assert "script-src 'self'; connect-src 'self'; style-src 'self'" in page
    assert "script-src" not in (folder / "index.html").read_text(encoding="utf-8")


def test_the_licences_of_what_is_bundled_are_published(folder: Path) -> None:
    """Each with its name and its text."""
    text = (folder / "assets" / "licences.txt").read_text(encoding="utf-8")
    for name in ("hyparquet", "fzstd", "minisearch", "stemmer"):
        assert f"{name} " in text
    assert text.lower().count("permission is hereby granted") >= 4


def test_the_same_sources_give_the_same_bytes(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bundled again, from scratch, in another place."""
    root = sample.CONFIG.parent
    kept = root / ".assets"
    assets._bundle(root, tmp_path)
    for file in sorted(tmp_path.iterdir()):
        assert file.read_bytes() == (folder / "assets" / file.name).read_bytes()
    assert kept.is_dir()


# --- sorted, filtered, paged ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "button", "every"),
    [
        ("en", "Show all 300 rows", "Rows 1 to 50 of 300."),
        ("zh", "显示全部 300 行", "共 300 行，当前显示第 1 至 50 行。"),
    ],
)
def test_all_rows_are_shown_on_demand(visit: Visit, language: str, button: str, every: str) -> None:
    """The button says how many there are and how much is fetched; the focus goes where one goes on."""
    visit.go(f"{language}/{PLACE}")
    part = section(visit.page)
    assert button in part.locator(".g-tools button").inner_text()
    assert "kB" in part.locator(".g-tools button").inner_text()
    part.locator(".g-tools button").press("Enter")
    said(part, every)
    assert part.locator("tbody tr").count() == 50
    assert part.locator(".g-showing").get_attribute("role") == "status"
    assert part.locator(".g-tools input").first.evaluate("node => node === document.activeElement")
    assert visit.page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_cells_are_shown_as_the_canonical_file_writes_them(visit: Visit) -> None:
    """A number keeps its noughts and all of its digits, a mark for nothing stays, markup is text."""
    part = opened(visit)
    assert column(part, 4)[:2] == ["0.50", "37.50"]
    assert column(part, 4)[7] == "n/a"
    assert column(part, 5)[0] == "123456789012345678901234567890.01"
    assert "<img src=x" in column(part, 7)[11]
    assert part.locator("tbody img").count() == 0
    assert column(part, 3)[0] == "m\nMunicipal"
    assert part.locator("tbody td:nth-child(2)").first.get_attribute("lang") == "zh-Hans"


def test_a_head_sorts_by_keyboard_and_says_so(visit: Visit) -> None:
    """Ascending, descending, as in the file; the focus stays, and blank cells stand last."""
    part = opened(visit)
    head = part.locator("thead th", has_text="amount")
    head.locator("button").focus()
    for state, first in (("ascending", "0.50"), ("descending", "100.50"), (None, "0.50")):
        visit.page.keyboard.press("Enter")
        visit.page.wait_for_function(
            "state => document.querySelector('[data-sort=amount]').closest('th').getAttribute('aria-sort') === state",
            arg=state,
        )
        assert column(part, 4)[0] == first
        assert part.locator("thead [aria-sort]").count() == (1 if state else 0)
        assert head.locator("button").evaluate("node => node === document.activeElement")
    assert opened(visit, query="?rows._sort=amount&rows._page=6").locator("tbody tr").count() == 50
    assert column(section(visit.page), 4)[-1] == "n/a"


def test_filters_by_column_and_overall(visit: Visit) -> None:
    """Chosen, between bounds, a part of a text; and a label finds the rows of its code, in any language."""
    part = opened(visit)
    part.locator("summary").first.click()
    part.get_by_role("combobox", name="Level", exact=True).select_option(label="District")
    said(part, "of 150 that match, out of 300")
    part.get_by_role("group", name="Amount").get_by_label("from").fill("100")
    said(part, "1 of 1 that match")
    part.get_by_role("button", name="Clear filters").click()
    said(part, "of 300.")
    part.get_by_role("group", name="Day").get_by_label("to", exact=True).fill("2010")
    said(part, "of 60 that match")
    part.locator("input[type=search]").fill("市级 2010")
    said(part, "of 30 that match")
    part.locator("input[type=search]").fill("nothing like it")
    said(part, "No row matches.")


def test_paging_keeps_the_focus_where_it_leads_nowhere(visit: Visit) -> None:
    """A button at the end is not taken away from under a keyboard."""
    part = opened(visit)
    last = part.get_by_role("button", name="Last")
    last.press("Enter")
    said(part, "Rows 251 to 300 of 300.")
    assert last.get_attribute("aria-disabled") == "true"
    assert last.evaluate("node => node === document.activeElement")
    last.press("Enter")
    part.get_by_role("button", name="Previous").click()
    said(part, "Rows 201 to 250")
    part.get_by_label("Rows per page").select_option("500")
    said(part, "Rows 1 to 300 of 300.")


def test_columns_are_chosen(visit: Visit) -> None:
    """At least one stays."""
    part = opened(visit)
    part.locator("summary").nth(1).click()
    for title in ("Year", "Place", "Level", "Exact", "Day", "Note"):
        part.get_by_role("checkbox", name=title, exact=True).uncheck()
    assert part.locator("thead th").count() == 1
    part.get_by_role("checkbox", name="Amount").click()
    assert part.get_by_role("checkbox", name="Amount").is_checked()
    assert "rows._columns=amount" in visit.page.url


# --- addresses --------------------------------------------------------------------------------------------


def test_the_address_has_the_view_and_the_back_button_leads_back(visit: Visit) -> None:
    """Step by step; typing on is one step."""
    part = opened(visit)
    part.locator("thead [data-sort=year]").click()
    part.locator("input[type=search]").press_sequentially("2014")
    said(part, "of 60 that match")
    assert visit.page.url.endswith("?rows._q=2014&rows._sort=year")
    visit.page.go_back()
    said(part, "of 300.")
    visit.page.go_back()
    visit.page.wait_for_function("!document.querySelector('[aria-sort]')")
    visit.page.go_forward()
    visit.page.wait_for_function("document.querySelector('[aria-sort]')")


def test_the_language_switch_keeps_the_view(visit: Visit) -> None:
    """Same rows, same row marked, other words."""
    part = opened(visit, query="?rows.level=%3Dd&rows._sort=-year#r-rows.2013~%E5%9C%B0%E7%82%B9%203")
    said(part, "of 150 that match")
    before = column(part, 2)
    part.locator("tr.g-here").wait_for()
    visit.page.locator(".g-switch a").click()
    part = section(visit.page)
    said(part, "符合条件的共 150 行")
    part.locator("tr.g-here").wait_for()
    assert column(part, 2) == before
    assert "/zh/" in visit.page.url
    assert part.locator("tr.g-here td").first.inner_text() == "2013"


def test_a_row_has_an_address_of_its_own(visit: Visit) -> None:
    """It opens on the page of the row, marks it and gives it the focus; the same in the other language."""
    part = opened(visit)
    assert unquote(part.locator("tbody a").nth(40).get_attribute("href") or "") == "#r-rows.2010~地点 40"
    for language in ("en", "zh"):
        visit.page.goto("about:blank")
        visit.go(f"{language}/datasets/trial/#r-rows.2014~地点%209")
        here = section(visit.page).locator("tr.g-here")
        here.wait_for()
        assert here.locator("td").nth(1).inner_text() == "地点 9"
    visit.go(f"en/{PLACE}?rows.year=2010..2010#r-rows.2014~地点%20299")
    here = section(visit.page).locator("tr.g-here")
    here.wait_for()
    assert here.locator("td").nth(1).inner_text() == "地点 299"
    assert here.evaluate("node => node === document.activeElement")


# --- taken away -------------------------------------------------------------------------------------------


def test_the_download_is_exactly_what_is_filtered(visit: Visit, folder: Path) -> None:
    """Every row that matches, not the page alone; machine names, raw cells; where it is from in its name."""
    part = opened(visit, query="?rows.year=2011..2012&rows._sort=-place&rows._columns=year~place~amount~exact~note")
    with visit.page.expect_download() as download:
        part.get_by_role("button", name="Download").click()
    name = download.value.suggested_filename
    assert name.startswith("trial_rows_")
    assert name.endswith("_year-2011..2012_120-of-300-rows.csv")
    content = Path(download.value.path()).read_bytes().decode()
    assert content.startswith("year,place,amount,exact,note\r\n")
    found = list(csv.reader(io.StringIO(content, newline="")))[1:]
    meant = [[row[0], row[1], row[3], row[4], row[6]] for row in _rows() if row[0] in {"2011", "2012"}]
    assert sorted(found) == sorted(meant)
    assert EVIL in {row[4] for row in found}
    assert int(found[0][1].split()[1]) > int(found[-1][1].split()[1])


def test_a_citation_names_the_selection(visit: Visit) -> None:
    """In the form readers of the language use, with the address of the view; it can be copied without a permission."""
    for language, words in (
        ("en", "Selection: year: 2011..2011 (60 of 300 rows)"),
        ("zh", "筛选条件：year: 2011..2011"),
    ):
        part = opened(visit, language, "?rows.year=2011..2011")
        part.locator(".g-tools__actions button").nth(2).click()
        quote = part.locator("textarea").input_value()
        assert words in quote
        assert visit.page.url in quote


# --- large tables -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("server", "status"), [(published.Ranged, 206), (published.Plain, 200)])
def test_of_a_large_table_only_what_is_looked_at_is_fetched(
    browser: Browser, folder: Path, server: type[published.Plain], status: int
) -> None:
    """By ranges, never asking for the length; a server that knows none gives the whole, which then is used."""
    with published.served(folder, server) as place:
        page = browser.new_page()
        asked: list[tuple[str, int]] = []
        page.on(
            "response",
            lambda answer: (
                asked.append((answer.request.method, answer.status)) if answer.url.endswith(".parquet") else None
            ),
        )
        page.route(
            "**/datasets/trial/",
            lambda route: route.fulfill(
                response=(answer := route.fetch()), body=answer.text().replace('"ranged":false', '"ranged":true')
            ),
        )
        page.goto(f"{place}en/{PLACE}")
        part = section(page)
        part.locator(".g-tools button").click()
        said(part, "Rows 1 to 50 of 300.")
        assert {method for method, _ in asked} == {"GET"}
        assert {code for _, code in asked} == {status}
        assert part.locator("thead button").count() == 0 or status == 200
        if status == 206:
            part.get_by_role("button", name="Next").click()
            said(part, "Rows 51 to 100 of 300.")
            assert column(part, 2)[0] == "地点 50"
            part.locator(".g-tools button").first.click()
            part.locator("thead [data-sort=year]").wait_for()
        page.close()


def test_rows_that_cannot_be_fetched_are_no_disaster(visit: Visit) -> None:
    """The page says so, keeps the first rows and lets one try again."""
    visit.page.route("**/*.parquet", lambda route: route.abort())
    visit.go(f"en/{PLACE}")
    part = section(visit.page)
    part.locator(".g-tools button").click()
    said(part, "could not be fetched")
    assert part.locator("tbody tr").count() == 20
    visit.page.unroute("**/*.parquet")
    part.locator(".g-tools button").click()
    said(part, "Rows 1 to 50 of 300.")
    visit.complaints.clear()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_report_of_an_error_names_the_row_that_the_address_names(visit: Visit, language: str) -> None:
    """By its key and its own address; of the other table, and without a row, the blank stays for the reader."""
    reports = visit.page.locator(".g-reports [data-table=table-rows] a")

    def body(link: Locator) -> str:
        return parse_qs(urlsplit(link.get_attribute("href") or "").query)["body"][0]

    visit.go(f"{language}/{PLACE}#r-rows.2014~地点%209")
    visit.page.locator("tr.g-here").wait_for()
    assert "year = 2014, place = 地点 9" in body(reports)
    address = body(reports).partition("datasets/trial/")[2].splitlines()[0]
    assert unquote(address) == "#r-rows.2014~地点 9"
    assert "table-plain" in body(visit.page.locator(".g-reports [data-table=table-plain] a"))
    visit.page.evaluate("location.hash = 'table-rows'")
    visit.page.wait_for_function("!document.querySelector('.g-reports a').href.includes('2014')")
    assert "datasets/trial/#table-rows" in body(reports)


def test_two_tables_of_a_page_have_views_of_their_own(visit: Visit) -> None:
    """Also one without a key, which then has no addresses of rows."""
    part = opened(visit, query="?rows._sort=-year&plain._q=two")
    other = section(visit.page, "plain")
    said(other, "1 of 1 that match")
    assert other.locator("tbody a").count() == 0
    assert column(part, 1)[0] == "2014"
    other.locator("thead button").click()
    visit.page.wait_for_url("**plain._sort=word")
    assert "rows._sort=-year" in visit.page.url
