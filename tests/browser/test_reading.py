"""The site as a browser shows it: every kind of page, both languages, desk and phone, with scripts and without."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from urllib.parse import urldefrag

import pytest
import tinycss2
from playwright.sync_api import Browser, Page

from gazette.site import styles
from tests.browser.conftest import PATHS, PLACES, Visit

STATE = re.compile(r"::?(?!not\b|is\b|where\b|root\b)[\w-]+(\([^()]*\))?")
LANGUAGES = {"en": "en", "zh": "zh-Hans"}


def focused(page: Page) -> str:
    """The address of the link that has the focus."""
    return str(page.evaluate("document.activeElement.href"))


# --- seen on the way --------------------------------------------------------------------------------------


def test_a_page_asks_nobody_else_and_the_browser_has_no_complaint(tour: Visit) -> None:
    """No request leaves the origin; no message on the console; nothing missing."""
    assert [url for url in tour.requests if not url.startswith(tour.address)] == []
    assert tour.complaints == []


def test_no_page_is_wider_than_the_window(tour: Visit) -> None:
    """Wide tables scroll within themselves."""
    assert {path: sight.overflow for path, sight in tour.sights.items() if sight.overflow > 0} == {}


def test_pages_say_their_language(tour: Visit) -> None:
    """``lang`` names the script of the page."""
    for language, tag in LANGUAGES.items():
        assert {tour.sights[f"{language}/{place}"].lang for place in PLACES} == {tag}


def test_every_page_has_one_first_heading(tour: Visit) -> None:
    """It is what a screen reader jumps to."""
    assert {sight.headings for sight in tour.sights.values()} == {1}


def test_every_page_says_that_it_is_no_government_site(tour: Visit) -> None:
    """What a reader must know stands on the page, not behind a script."""
    for path, sight in tour.sights.items():
        assert path == "404.html" or "不是政府网站" in sight.foot or "not a government website" in sight.foot


def selectors(sheet: str) -> set[str]:
    """Those of a style sheet, for whatever medium, as elements can be looked for: whatever state they are in."""
    rules = tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)
    return {STATE.sub(":not(no-element)", each) for each in styles.selectors(rules)}


def test_no_page_misses_a_rule_that_was_left_out_of_the_style_sheet_of_the_theme(visit: Visit, folder: Path) -> None:
    """What is not published would have matched nothing, on no kind of page."""
    (published,) = (folder / "assets/stylesheets").glob("*.css")
    whole = files("material").joinpath("templates/assets/stylesheets", published.name)
    missing = selectors(whole.read_text("utf-8")) - selectors(published.read_text("utf-8"))
    assert len(missing) > 500
    found = {}
    for path in PATHS:
        visit.go(path)
        found[path] = visit.page.evaluate("all => all.filter(each => document.querySelector(each))", sorted(missing))
    assert {path: matches for path, matches in found.items() if matches} == {}


@pytest.mark.parametrize("place", ["columns", "table-reports", "rows-table-reports"])
def test_a_link_into_a_page_lands_where_it_leads(visit: Visit, place: str) -> None:
    """Also past tables that are laid out only when they come near the window."""
    visit.go(f"en/datasets/annual-reports/#{place}")
    visit.page.wait_for_timeout(500)
    top = visit.page.locator(f"#{place}").evaluate("node => node.getBoundingClientRect().top")
    assert 0 <= top < 200


# --- used -------------------------------------------------------------------------------------------------


def test_the_switch_lands_on_the_counterpart_and_back(visit: Visit) -> None:
    """Same page, other language; and the first one again."""
    for place in PLACES:
        visit.go(f"en/{place}")
        visit.page.locator(".g-switch a").click()
        assert visit.page.url == f"{visit.address}zh/{place}"
        visit.page.locator(".g-switch a").click()
        assert visit.page.url == f"{visit.address}en/{place}"


def test_the_choice_at_the_top_leads_into_each_language(visit: Visit) -> None:
    """``/`` prefers none."""
    visit.go("")
    targets = visit.page.locator(".g-choose a").evaluate_all("links => links.map(link => link.href)")
    assert targets == [f"{visit.address}en/", f"{visit.address}zh/"]


def test_a_long_list_of_codes_opens_without_a_script(visit: Visit) -> None:
    """The browser's own element does it."""
    visit.go("en/datasets/annual-reports/")
    details = visit.page.locator(".g-dictionary details").first
    codes = details.locator(".g-codes")
    assert not codes.is_visible()
    details.locator("summary").click()
    assert codes.is_visible()


def test_the_menu_is_reached_by_keyboard_alone(visit: Visit) -> None:
    """From the first Tab: skip link, brand, menu, language; each in view and marked while it has the focus."""
    visit.go("en/")
    menu = visit.page.locator(".g-menu a").evaluate_all("links => links.map(link => link.href)")
    assert len(menu) == len(set(menu)) >= 5
    for place in ("en/#content", "en/", *(link.removeprefix(visit.address) for link in menu), "zh/"):
        visit.page.keyboard.press("Tab")
        assert focused(visit.page) == visit.address + place
        box = visit.page.locator(":focus").bounding_box()
        assert box is not None
        assert min(box["x"], box["y"]) >= 0
        assert visit.page.locator(":focus").evaluate("node => getComputedStyle(node).outlineStyle") != "none"


def test_the_skip_link_leads_past_the_menu(visit: Visit) -> None:
    """The next Tab is within the content."""
    visit.go("en/catalogue/")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.press("Tab")
    assert visit.page.locator("#content :focus").count() == 1


def test_a_wide_table_scrolls_by_keyboard(visit: Visit) -> None:
    """Its region takes the focus and has a name (WCAG 2.2, 2.1.1)."""
    visit.go("en/datasets/annual-reports/")
    regions = visit.page.locator("section[tabindex]")
    assert regions.count() >= 4
    for region in regions.all():
        assert region.get_attribute("tabindex") == "0"
        assert region.get_attribute("aria-label") or region.get_attribute("aria-labelledby")
        for name in (region.get_attribute("aria-labelledby") or "").split():
            assert visit.page.locator(f"#{name}").count() == 1


def test_every_link_and_anchor_of_the_site_leads_somewhere(browser: Browser, address: str, folder: Path) -> None:
    """From the top, links reach every page and every file they offer."""
    visit = Visit(address, browser.new_page())
    waiting = [""]
    while waiting:
        path = waiting.pop()
        if path not in visit.sights:
            visit.look(path)
            inside = [link.removeprefix(address) for link in visit.sights[path].links if link.startswith(address)]
            waiting += [place for place in (urldefrag(link).url for link in inside) if not Path(place).suffix]
    visit.page.close()
    for sight in visit.sights.values():
        for link in sight.links:
            target, anchor = urldefrag(link.removeprefix(address))
            if Path(target).suffix:
                assert not link.startswith(address) or (folder / target).is_file(), link
            elif link.startswith(address):
                assert not anchor or anchor in visit.sights[target].anchors, link
    made = {path.relative_to(folder).parent.as_posix() for path in folder.rglob("index.html")}
    assert {path.rstrip("/") or "." for path in visit.sights} == made


@pytest.mark.parametrize(("language", "title"), [("zh", "年度（year）"), ("en", "Year (year)")])
def test_a_changed_cell_stands_beside_the_title_of_its_column(folder: Path, language: str, title: str) -> None:
    """In the language of the page, with the name it has in the file."""
    page = (folder / language / "datasets/annual-reports/changes/index.html").read_text("utf-8")
    assert f"<td>{title}</td>" in page
