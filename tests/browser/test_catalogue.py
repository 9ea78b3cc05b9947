"""The catalogue as a reader narrows it: by one value without a script, by several at once with it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import published
from tests.browser.conftest import Visit

ROOT = Path(__file__).parent.parent.parent
DATASETS = ("annual-reports", "departments", "honour-roll", "illustrative-units", "key-areas", "pledges", "sources")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the catalogue of a few datasets is served."""
    root = tmp_path_factory.mktemp("catalogue")
    for name in DATASETS:
        shutil.copytree(ROOT / "datasets" / name, root / "datasets" / name)
    published.publish(root / "datasets", root / "site", formats=False, kinds=frozenset({"catalogue", "shelf"}))
    with published.served(root / "site") as place:
        yield place


@pytest.fixture
def visit(browser: Browser, address: str, width: int) -> Iterator[Visit]:
    """A fresh window."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    visit = Visit(address, context.new_page())
    yield visit
    context.close()
    assert visit.complaints == []
    assert [url for url in visit.requests if not url.startswith(address)] == []


def shown(page: Page) -> set[str]:
    """The datasets a reader sees in the list."""
    links = page.locator(".g-entry:visible .g-entry__title a")
    return {href.rstrip("/").rpartition("/")[2] for href in links.evaluate_all("all => all.map(each => each.href)")}


def choose(page: Page, facet: str, value: str) -> None:
    """Click on a value, in its list opened."""
    group = page.locator(".g-filter details").filter(has=page.locator("summary", has_text=facet))
    group.evaluate("details => { details.open = true; }")
    group.locator("a", has_text=value).click()


def test_values_of_several_kinds_narrow_the_list_at_once(visit: Visit) -> None:
    """Nothing is fetched; the address says what was chosen, and every value how many datasets it would leave."""
    visit.go("en/catalogue/")
    page = visit.page
    assert shown(page) == set(DATASETS)
    before = set(visit.requests)
    choose(page, "Status", "Illustrative")
    invented = shown(page)
    assert {"honour-roll", "illustrative-units"} <= invented < set(DATASETS)
    counts = {
        link.inner_text(): int(link.locator("xpath=ancestor::li/span[@class='g-quiet']").inner_text())
        for link in page.locator(".g-filter li:visible a").all()
    }
    choose(page, "Topic", "Honour roll")
    assert shown(page) == {"honour-roll"}
    assert counts["Honour roll and exposure board"] == 1
    assert page.url.endswith("/en/catalogue/?status=illustrative&topic=honours")
    assert page.locator("main [role=status]").inner_text() == f"1 of {len(DATASETS)} datasets"
    assert set(visit.requests) == before
    assert page.locator(".g-filter a[aria-current]").count() == 2


def test_a_value_chosen_again_is_let_go_and_the_back_button_goes_back(visit: Visit) -> None:
    """So is everything by one link."""
    visit.go("zh/catalogue/?topic=honours")
    page = visit.page
    assert shown(page) == {"honour-roll"}
    choose(page, "主题", "光荣榜与曝光台")
    assert shown(page) == set(DATASETS)
    page.go_back()
    page.wait_for_url("**topic=honours")
    assert shown(page) == {"honour-roll"}
    page.locator(".g-filter .g-more").click()
    assert shown(page) == set(DATASETS)
    assert page.locator("main [role=status]").inner_text() == ""


def test_the_other_language_shows_the_same_choice(visit: Visit) -> None:
    """Values go by their codes."""
    visit.go("en/catalogue/?status=real&topic=honours&year=none")
    visit.page.locator("main [role=status]", has_text="0 of").wait_for()
    visit.go("en/catalogue/?topic=reference")
    found = shown(visit.page)
    visit.page.locator(".g-switch a").click()
    visit.page.wait_for_url("**/zh/catalogue/?topic=reference")
    assert shown(visit.page) == found


def test_from_a_page_of_one_value_the_next_leads_to_both(visit: Visit) -> None:
    """In the whole list, where more can be chosen."""
    visit.go("en/catalogue/status-illustrative/")
    choose(visit.page, "Topic", "Honour roll")
    visit.page.wait_for_url("**/en/catalogue/?status=illustrative&topic=honours")
    assert shown(visit.page) == {"honour-roll"}


def test_without_a_script_every_value_is_a_page(browser: Browser, address: str) -> None:
    """With the count that was promised."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}en/catalogue/")
    links = page.locator(".g-filter li").evaluate_all(
        "all => all.map(each => [each.querySelector('a').href, each.lastElementChild.textContent])"
    )
    assert len(links) >= 8
    assert {href.partition("catalogue/")[2].partition("-")[0] for href, _ in links} >= {"topic", "publisher", "status"}
    for href, count in links:
        page.goto(href)
        assert len(shown(page)) == int(count), href
    context.close()
