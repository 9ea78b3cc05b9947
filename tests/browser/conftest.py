"""A browser and a site to look at: the sample edition, served by a plain static server."""

from __future__ import annotations

import functools
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, Response, sync_playwright

from gazette import site
from gazette.changes.log import Archive, Entry, Move
from gazette.model import Mention, Unit
from tests import sample
from tests.test_pages import render

# What Chromium would ask its maker on its own account, and what it needs to run as root in a container.
ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
]


DATASETS = ("annual-reports", "honour-roll", "gdp", "park")
PLACES = (
    "",
    "catalogue/",
    "catalogue/topic-honours/",
    "quality/",
    "rules/",
    "glossary/",
    "coverage/",
    "changes/",
    "units/",
    "units/suqian-government/",
    "search/",
    "api/",
    "verify/",
    "sitemap/",
    "accessibility/",
    "about/",
    *(f"datasets/{name}/" for name in DATASETS),
    "datasets/annual-reports/changes/",
)
PATHS = ("", "404.html", *(f"{language}/{place}" for language in ("en", "zh") for place in PLACES))

UNIT = Unit(
    dataset="departments",
    resource="departments",
    id="suqian-government",
    name=sample.both("Suqian Municipal People's Government", "宿迁市人民政府"),
    row={"level": "municipal"},
    illustrative=False,
    mentions=(
        Mention(
            dataset="annual-reports",
            resource="reports",
            field="department_id",
            header=("report_id", "department_id", "year"),
            rows=(("suqian-2023", "suqian-government", "2023"), ("suqian-2024", "suqian-government", "2024")),
            total=2,
        ),
    ),
)
"""A unit of the sample's register."""


def record() -> Archive:
    """Two versions of one dataset, published on one day, and one of another."""
    return Archive(
        entries={
            "annual-reports": (_version("annual-reports", "reports", "a"), _version("annual-reports", "reports", "b")),
            "departments": (_version("departments", "departments", "c", first=True),),
        },
        files={},
    )


def _version(dataset: str, resource: str, sign: str, *, first: bool = False) -> Entry:
    move = Move(
        resource=resource,
        before=None if first else 3,
        after=2,
        added=0,
        removed=1,
        changed=1,
        cells=1,
        key=("report_id",),
        gone=() if first else (("suqian-2022",),),
        told=() if first else ((("suqian-2023",), "year", "2022", "2023"),),
        columns=(),
    )
    return Entry(
        dataset=dataset,
        version=replace(sample.history().versions[dataset][0], commit=sign * 40),
        moves=(move,),
        files=(),
        descriptor=sign * 40,
        is_json=False,
        first=first,
    )


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing of requests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a page was in the browser."""

    lang: str
    overflow: int
    """By how many pixels the page is wider than the window."""
    headings: int
    foot: str
    links: list[str]
    anchors: list[str]


@dataclass(slots=True)
class Visit:
    """A browser on its way through the site: what it was shown, what it asked for, what it complained of."""

    address: str
    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    sights: dict[str, Sight] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("response", lambda answer: self._answered(answer))  # noqa: PLW0108 - it marks the callable

    def _answered(self, answer: Response) -> None:
        if answer.status >= HTTPStatus.BAD_REQUEST:
            self.complaints.append(f"{answer.status}: {answer.url}")

    def go(self, path: str) -> None:
        """Open a page of the site."""
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status < HTTPStatus.BAD_REQUEST

    def look(self, path: str) -> None:
        """Open a page and keep what there is to see."""
        self.go(path)
        self.sights[path] = Sight(**{name: self.page.evaluate(script) for name, script in SIGHT.items()})


SIGHT = {
    "lang": "document.documentElement.lang",
    "overflow": "document.documentElement.scrollWidth - window.innerWidth",
    "headings": "document.querySelectorAll('h1').length",
    "foot": "document.querySelector('footer')?.innerText ?? ''",
    "links": "Array.from(document.links, link => link.href)",
    "anchors": "Array.from(document.querySelectorAll('[id]'), node => node.id)",
}


def _executable(playwright: Playwright) -> str | None:
    named = os.environ.get("GAZETTE_CHROMIUM")
    if named:
        return named
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    own = playwright.chromium.executable_path
    return own if Path(own).is_file() else None


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium of this machine. Without one the tests are skipped, in CI they fail."""
    with sync_playwright() as playwright:
        executable = _executable(playwright)
        if executable is None:
            missing = "no Chromium: name one with GAZETTE_CHROMIUM; the browser tests did not run"
            pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
        running = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site on disk."""
    root = tmp_path_factory.mktemp("site")
    settings = sample.settings()
    shells = site.build(settings, root)
    for path, html in render(shells, settings=settings, registered=(UNIT,), record=record()).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(html, "utf-8")
    for path in ("changes.json", *(f"{name}/changes.{form}" for name in record().entries for form in ("csv", "json"))):
        (root / "data" / path).write_text("{}\n", "utf-8")
    return root


@pytest.fixture(scope="session")
def address(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the site is served: below a folder, as on most hosts, so that a link from the root would fail."""
    root = tmp_path_factory.mktemp("host")
    (root / "sub").symlink_to(folder, target_is_directory=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(root)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/sub/"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session", params=[1280, 360])
def width(request: pytest.FixtureRequest) -> int:
    """The width of the window: a desk and a small phone."""
    return int(request.param)


@pytest.fixture(scope="session", params=["scripts", "no scripts"])
def scripts(request: pytest.FixtureRequest) -> str:
    """Whether the browser runs scripts."""
    return str(request.param)


@pytest.fixture(scope="session")
def tour(browser: Browser, address: str, width: int, scripts: str) -> Iterator[Visit]:
    """Every kind of page seen once, in one window."""
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=scripts == "scripts")
    visit = Visit(address, context.new_page())
    for path in PATHS:
        visit.look(path)
    yield visit
    context.close()


@pytest.fixture
def visit(browser: Browser, address: str, width: int) -> Iterator[Visit]:
    """A fresh window that runs no scripts: what works here works everywhere."""
    context = browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=False)
    yield Visit(address, context.new_page())
    context.close()
