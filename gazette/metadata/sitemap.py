"""``sitemap.xml`` with the languages of every page (sitemaps.org 0.9, ``xhtml:link``), and ``robots.txt``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from xml.sax.saxutils import escape, quoteattr

from gazette import words
from gazette.model import Dataset, Language

_SECTIONS = ("", "catalogue/", "about/")
"""The pages of every site, below the folder of a language."""


def text(datasets: Iterable[Dataset], languages: Sequence[Language], url: str) -> str:
    """The sitemap of a site at ``url``.

    Every page names itself and its other languages, so that each pair confirms the other; the choice of
    language at the root is where readers of any other language are led.
    """
    below = [*_SECTIONS, *(f"datasets/{dataset.name}/" for dataset in datasets)]
    entries = [_entry(url, "", languages, url), *(entry for page in below for entry in _pages(page, languages, url))]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
        *entries,
        "</urlset>",
    ]
    return "\n".join(lines) + "\n"


def robots(url: str | None) -> str:
    """Everything may be read, the data files above all; the sitemap is named where the site has an address."""
    sitemap = f"\nSitemap: {url}sitemap.xml\n" if url else ""
    return f"User-agent: *\nAllow: /\n{sitemap}"


def _pages(page: str, languages: Sequence[Language], url: str) -> Iterator[str]:
    for language in languages:
        yield _entry(f"{url}{language}/{page}", page, languages, url)


def _entry(address: str, page: str, languages: Sequence[Language], url: str) -> str:
    versions = [(words.BCP47[language], f"{url}{language}/{page}") for language in languages]
    if not page:
        versions.append(("x-default", url))
    links = "".join(
        f'<xhtml:link rel="alternate" hreflang={quoteattr(tag)} href={quoteattr(version)}/>'
        for tag, version in versions
    )
    return f"<url><loc>{escape(address)}</loc>{links}</url>"
