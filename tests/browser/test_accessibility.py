"""WCAG 2.2 AA and axe-core's best practice, on every kind of page: both languages, desk and phone, light and dark."""

from __future__ import annotations

import os
from typing import Literal

import pytest
from playwright.sync_api import Browser

from gazette import assets
from gazette.model import BuildError
from tests import sample
from tests.browser.conftest import PATHS

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FINDINGS = """tags => axe.run(document, {runOnly: tags, resultTypes: ["violations"]}).then(result =>
    result.violations.flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 200)}`)))"""


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core that ``package-lock.json`` names."""
    try:
        modules = assets.modules(sample.CONFIG.parent)
    except BuildError as fault:
        missing = f"no axe-core, the accessibility tests did not run: {fault}"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    return (modules / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


@pytest.mark.parametrize(("scheme", "scripts"), [("light", True), ("dark", True), ("light", False)])
def test_no_page_has_a_barrier_that_can_be_found_by_a_program(
    browser: Browser,
    address: str,
    axe: str,
    width: int,
    scheme: Literal["light", "dark"],
    scripts: bool,  # noqa: FBT001
) -> None:
    """With the scripts of the site and without; what a program cannot find is in the accessibility statement."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)
    if not scripts:  # axe-core is one, too: only those of the site are kept away
        context.route("**/*.js", lambda route: route.abort())
    page = context.new_page()
    found = {}
    for path in PATHS:
        page.goto(address + path)
        page.evaluate(f"{axe};0")
        found[path] = page.evaluate(FINDINGS, TAGS)
    context.close()
    assert {path: faults for path, faults in found.items() if faults} == {}
