"""The gate over the finished files: pages, drawings, style sheets, links, and what no text may hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from pathlib import Path
from typing import Protocol, TypeAlias

from gazette import words
from gazette.model import Finding, Settings, Severity
from gazette.publish import css, html, manifest


class Hit(Protocol):
    """A place in a text that must not be published."""

    @property
    def code(self) -> str:
        """The finding code."""

    @property
    def severity(self) -> Severity:
        """Whether it stops the build."""


Scan: TypeAlias = Callable[[str], Iterable[Hit]]
"""What looks for personal data in the text of a finished file."""

_TEXT = frozenset(".atom .cff .csv .html .json .jsonl .jsonld .md .svg .ttl .txt .xml .yaml .yml".split())
"""Files that carry the words of the datasets; the theme's own scripts and styles do not."""
_APART = frozenset({manifest.NAME, "assets/licences.txt"})
"""The manifest is made of digests, and of paths that the pages repeat; licences of scripts name whom they must name."""
_DIGEST = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-f]{40}|[0-9a-f]{64})(?![0-9A-Za-z])")
_BLOCK = 1 << 20
_SITEMAP = re.compile(r"sitemap(-[0-9]+)?\.xml")


def inspect(root: Path, settings: Settings, scripts: frozenset[str], scan: Scan | None) -> tuple[Finding, ...]:
    """Everything wrong with the files below ``root``; the same fault on many pages is one finding, counted."""
    paths = [path for path, entry in manifest.walk(root) if entry.is_file(follow_symlinks=False)]
    rules = html.Rules(
        files=frozenset(paths),
        url=settings.site.url,
        scripts=scripts,
        tags={language: words.BCP47[language] for language in settings.site.languages},
    )
    totals: dict[html.Fault, tuple[str, int]] = {}
    for path, fault in _judge(root, paths, rules):
        first, count = totals.get(fault, (path, 0))
        totals[fault] = first, count + 1
    found = [_finding(code, path, detail, count) for (code, detail), (path, count) in totals.items()]
    return (*found, *_scanned(root, paths, scan)) if scan else tuple(found)


def _judge(root: Path, paths: Iterable[str], rules: html.Rules) -> Iterator[tuple[str, html.Fault]]:
    anchors: dict[str, frozenset[str]] = {}
    wanted: list[tuple[str, tuple[str, str, str]]] = []
    for path in paths:
        verdict = _verdict(root, path, rules)
        yield from ((path, fault) for fault in verdict.faults)
        anchors[path] = verdict.anchors
        wanted += ((path, anchor) for anchor in verdict.wanted)
    for path, (target, anchor, address) in wanted:
        if anchor not in anchors[target]:
            yield path, ("link-broken", address)


def _verdict(root: Path, path: str, rules: html.Rules) -> html.Verdict:
    suffix = Path(path).suffix.lower()
    if suffix in {".html", ".htm", ".xhtml"}:
        return html.page(path, (root / path).read_bytes(), rules)
    if suffix == ".svg":
        return html.drawing(path, (root / path).read_bytes(), rules)
    if suffix == ".css":
        found = [(address, True) for address in css.addresses((root / path).read_text("utf-8", "replace"))]
    elif _SITEMAP.fullmatch(path):
        found = [(address, False) for address in _listed((root / path).read_text("utf-8", "replace"))]
    else:
        found = []
    faults = (html.follow(path, address, rules, loads=loads)[0] for address, loads in found)
    return html.Verdict(faults=tuple(fault for fault in faults if fault))


def _listed(sitemap: str) -> list[str]:
    return [unescape(address) for address in re.findall(r"(?:<loc>|\bhref=\")([^<\"]*)", sitemap)]


def _scanned(root: Path, paths: Iterable[str], scan: Scan) -> Iterator[Finding]:
    for path in paths:
        if Path(path).suffix.lower() not in _TEXT or path in _APART:
            continue
        blocks = (_DIGEST.sub(" ", block) for block in _blocks(root / path))
        hits = Counter((hit.code, hit.severity) for block in blocks for hit in scan(block))
        for (code, severity), count in sorted(hits.items()):
            facts = {"hits": count}
            yield Finding(code=code, severity=severity, source="gazette", path=path, count=count, facts=facts)


def _blocks(path: Path) -> Iterator[str]:
    """The text in pieces that end with a line, so that a table of any size fits into memory."""
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        while block := file.read(_BLOCK):
            yield block + file.readline()


def _finding(code: str, path: str, detail: str, count: int) -> Finding:
    return Finding(code=code, severity="error", source="gazette", path=path, count=count, facts={"detail": detail})
