"""``sitemap.xml`` with the languages of every page (sitemaps.org 0.9, ``xhtml:link``), and ``robots.txt``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from gazette import words
from gazette.model import Language

_MOST = 50_000
"""Addresses of one sitemap (sitemaps.org, "Sitemap file size"); more are listed in several, and those in an index."""
_SPACES = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_PAGE = "index.html"


def documents(paths: Iterable[str], languages: Sequence[Language], url: str | None) -> Iterator[tuple[str, str, str]]:
    """Path, media type and text of every document about the published pages ``paths`` of a site at ``url``.

    Every page names itself and its other languages, so that each pair confirms the other; the choice of
    language at the root is where readers of any other language are led.
    """
    yield "robots.txt", "text/plain", _robots(url)
    if not url:
        return
    entries = list(_entries(paths, languages, url))
    parts = [entries[start : start + _MOST] for start in range(0, len(entries), _MOST)]
    if len(parts) == 1:
        yield "sitemap.xml", "application/xml", _urlset(parts[0])
        return
    names = [f"sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    for name, part in zip(names, parts, strict=True):
        yield name, "application/xml", _urlset(part)
    listed = [f"<sitemap><loc>{escape(url + name)}</loc></sitemap>" for name in names]
    yield "sitemap.xml", "application/xml", _document(f"<sitemapindex {_SPACES}>", listed, "</sitemapindex>")


def _robots(url: str | None) -> str:
    """Everything may be read, the data files above all; the sitemap is named where the site has an address."""
    sitemap = f"\nSitemap: {url}sitemap.xml\n" if url else ""
    return f"User-agent: *\nAllow: /\n{sitemap}"


def _urlset(entries: Sequence[str]) -> str:
    start = f'<urlset {_SPACES} xmlns:xhtml="http://www.w3.org/1999/xhtml">'
    return _document(start, entries, "</urlset>")


def _document(start: str, entries: Sequence[str], end: str) -> str:
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', start, *entries, end, ""])


def _entries(paths: Iterable[str], languages: Sequence[Language], url: str) -> Iterator[str]:
    """One entry for each page that has an address of its own; the one for missing pages has none."""
    places = [path.removesuffix(_PAGE) for path in sorted(paths) if path == _PAGE or path.endswith(f"/{_PAGE}")]
    versions: dict[str, dict[str, str]] = {}
    for place in places:
        language, _, rest = place.partition("/")
        if language in languages:
            versions.setdefault(rest, {})[words.BCP47[language]] = url + place
    if "" in places:
        versions.setdefault("", {})["x-default"] = url
        yield _entry(url, versions[""])
    for place in places:
        language, _, rest = place.partition("/")
        if language in languages:
            yield _entry(url + place, versions[rest])


def _entry(address: str, versions: Mapping[str, str]) -> str:
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang={quoteattr(tag)} href={quoteattr(version)}/>'
        for tag, version in versions.items()
    )
    return f"<url><loc>{escape(address)}</loc>{links}</url>"
