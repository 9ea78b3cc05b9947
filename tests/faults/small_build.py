"""A small site that says one word in every file, built by ``publish`` alone: what the fault tests break.

``python small_build.py <folder> <word>`` publishes ``<folder>/site`` and ends as the build does.
"""

from __future__ import annotations

import hashlib
import sys
import traceback
from datetime import date
from pathlib import Path

from gazette import publish
from gazette.model import Artifact, BuildError, History, Page, Policy, Settings, Site, Text

PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{word}</title></head><body>{word}</body></html>'
)


def build(folder: Path, word: str) -> None:
    """Publish the site; raises what ``publish`` raises."""
    with publish.open(folder / "site", folder / "datasets") as stage:
        table = stage.path / "data/reports/reports.csv"
        table.parent.mkdir(parents=True)
        content = f"id\r\n{word}\r\n".encode()
        table.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        path = "data/reports/reports.csv"
        artifact = Artifact(path=path, bytes=len(content), sha256=digest, media_type="text/csv")
        html = PAGE.format(word=word)
        pages = publish.write(stage, [Page(path=f"en/{name}.html", language="en", html=html) for name in "ab"])
        publish.seal(stage, [artifact, *pages], date(2024, 5, 6), History())
        findings = publish.inspect(stage, _settings(folder))
        if findings:
            raise AssertionError(findings)
        publish.switch(stage)


def ended(folder: Path, word: str) -> int:
    """How the build ends: 0 done, 2 and 3 as a BuildError says, 4 for a bug of ours."""
    try:
        build(folder, word)
    except BuildError as fault:
        sys.stderr.write(f"{fault.code}\n")
        return fault.exit
    except Exception:
        traceback.print_exc()
        return 4
    return 0


def word(folder: Path) -> str | None:
    """The word the published site says; ``None`` where there is no site. Asserts that the site is whole."""
    site = folder / "site"
    if not site.exists():
        return None
    assert publish.verify(site) == ()
    said = {path.read_text().split("<body>")[1].split("<")[0] for path in (site / "en").iterdir()}
    said.add((site / "data/reports/reports.csv").read_text().split()[1])
    assert len(said) == 1
    return said.pop()


def _settings(folder: Path) -> Settings:
    name = Text(values=(("en", "Site"),))
    return Settings(
        command="build",
        config=folder / "mkdocs.yml",
        datasets=folder / "datasets",
        output=folder / "site",
        language="en",
        format="text",
        policy=Policy(name="strict", strict=True),
        site=Site(name=name, description=name, operator=name, languages=("en",)),
    )


if __name__ == "__main__":
    # A name no file has: in a system call log, what follows is the build and not the start of Python.
    Path("/the build begins").exists()
    sys.exit(ended(Path(sys.argv[1]), sys.argv[2]))
