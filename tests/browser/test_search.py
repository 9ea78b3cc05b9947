"""The search as a reader uses it: over the repository's own datasets, with and without scripts."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from gazette.pages import pinyin
from tests.browser import published
from tests.browser.conftest import Visit

ROOT = Path(__file__).parent.parent.parent
QUERIES = tomllib.loads((Path(__file__).parent / "queries.toml").read_text(encoding="utf-8"))
ASK = """async (query) => {
  const input = document.getElementById("query");
  const state = document.getElementById("state");
  state.textContent = "";
  input.value = query;
  input.form.requestSubmit();
  while (!state.textContent.includes("“")) await new Promise((done) => setTimeout(done, 5));
  return Array.from(document.querySelectorAll(".g-found__title a"), (link) => link.href);
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the search pages of the repository's datasets are served."""
    stage = tmp_path_factory.mktemp("search")
    published.publish(ROOT / "datasets", stage, formats=False, kinds=frozenset({"search"}))
    with published.served(stage) as place:
        yield place


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """A fresh window."""
    context = browser.new_context(viewport={"width": 360, "height": 800})
    visit = Visit(address, context.new_page())
    yield visit
    context.close()
    assert visit.complaints == []
    assert [url for url in visit.requests if not url.startswith(address)] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_readers_type_is_found_and_mostly_comes_first(visit: Visit, language: str) -> None:
    """Everything on the list is found; nine of ten times the first thing found is one that was meant."""
    queries = QUERIES[language]
    assert len(queries) >= 60
    visit.go(f"{language}/search/")
    missed, second = [], []
    for each in queries:
        found = visit.page.evaluate(ASK, each["q"])
        if not any(each["find"][0] in link for link in found):
            missed.append(each["q"])
        elif not any(place in found[0] for place in each["find"]):
            second.append(each["q"])
    assert missed == []
    assert len(second) <= len(queries) / 10, second


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_query_of_the_list_is_a_heading(visit: Visit, language: str) -> None:
    """Else the list would prove little."""
    visit.go(f"{language}/search/")
    titles = visit.page.evaluate(
        "async () => { const { datasets, tables } = await (await fetch('titles.json')).json();"
        " return [...datasets.map((entry) => entry[1]), ...tables.map((entry) => entry[2])]; }"
    )
    assert {title.lower() for title in titles}.isdisjoint(each["q"].lower() for each in QUERIES[language])


def test_only_the_shards_of_a_query_are_fetched(visit: Visit) -> None:
    """The titles first, then what a word can stand in."""
    visit.go("zh/search/?q=预算")
    visit.page.locator("#found li").first.wait_for()
    names = [url.rpartition("/")[2] for url in visit.requests if url.endswith(".json")]
    assert names[0] == "titles.json"
    assert len(names) == 2


def test_the_address_says_what_was_asked(visit: Visit) -> None:
    """It can be shared, the back button leads back, and the other language asks the same."""
    visit.go("en/search/?q=credit%20repair")
    visit.page.locator("#found li").first.wait_for()
    assert visit.page.locator("#query").input_value() == "credit repair"
    assert (visit.page.locator(".g-switch a").get_attribute("href") or "").endswith("zh/search/?q=credit%20repair")
    visit.page.locator("#query").fill("预算")
    visit.page.keyboard.press("Enter")
    visit.page.locator("#state", has_text="预算").wait_for()
    visit.page.go_back()
    visit.page.locator("#state", has_text="credit repair").wait_for()
    assert "credit+repair" in visit.page.url or "credit%20repair" in visit.page.url


def test_what_is_found_says_its_kind_and_its_language(visit: Visit) -> None:
    """A Chinese name on an English page is marked, invented rows are labelled, the count is announced."""
    visit.go("en/search/?q=示例〔2025〕33号")
    row = visit.page.locator("#found li").first
    row.wait_for()
    assert row.get_attribute("data-kind") == "row"
    assert row.locator("[lang=zh-Hans]").count() > 0
    assert row.locator(".g-badge--illustrative").inner_text() == "Illustrative"
    assert visit.page.locator("#state").get_attribute("role") == "status"


def test_nothing_found_is_said(visit: Visit) -> None:
    """With the query, as text."""
    visit.go("en/search/?q=<img src=x onerror=alert(1)>zzzzqqqq")
    visit.page.locator("#state", has_text="Nothing was found").wait_for()
    assert "<img src=x" in visit.page.locator("#state").inner_text()
    assert visit.page.locator("#state img").count() == 0


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_a_script_the_page_is_an_index_of_everything(browser: Browser, address: str, language: str) -> None:
    """Every dataset and every unit is a link, in the order of the alphabet or of pinyin; the form still goes there."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}{language}/search/?q=x")
    assert page.locator("#hint").is_visible()
    links = page.locator(".g-index a")
    names = [path.name for path in (ROOT / "datasets").iterdir() if (path / "datapackage.yaml").is_file()]
    found = links.evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert {f"../../{language}/datasets/{name}/" for name in names} <= set(found)
    assert {"../../en/units/sh-audit/", "../../zh/units/sh-audit/"} & set(found)
    assert in_order(page, language)
    page.locator(".g-search input").fill("budget")
    page.locator(".g-search button").click()
    assert page.url == f"{address}{language}/search/?q=budget"
    context.close()


def in_order(page: Page, language: str) -> bool:
    """Whether the entries under each letter stand in the order readers of the language expect."""
    lists = page.locator(".g-index").evaluate_all(
        "lists => lists.map(list => Array.from(list.querySelectorAll('li > a'), link => link.textContent))"
    )
    keys = [[pinyin.key(title) if language == "zh" else (title.casefold(),) for title in titles] for titles in lists]
    return all(each == sorted(each) for each in keys)


@pytest.mark.parametrize(
    ("name", "letter"),
    [("重庆市", "C"), ("长宁区", "C"), ("厦门市", "X"), ("朝阳区", "C"), ("Shanghai", "S"), ("12345热线", "#")],
)
def test_chinese_names_stand_under_their_reading(name: str, letter: str) -> None:
    """Not under that of another use of the character."""
    assert pinyin.initial(name) == letter
