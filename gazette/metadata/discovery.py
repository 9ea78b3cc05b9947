"""How programs find their way: OpenSearch 1.1 descriptions and ``security.txt`` (RFC 9116)."""

from __future__ import annotations

from collections.abc import Container, Iterator
from datetime import date, timedelta
from xml.etree import ElementTree as ET

from gazette import words
from gazette.model import Language, Site

_DESCRIPTION = "application/opensearchdescription+xml"
_SEARCH = "search/"
_LONGEST = 16
"""Characters of a short name (OpenSearch 1.1, "ShortName")."""


def documents(pages: Container[str], site: Site, day: date) -> Iterator[tuple[str, str, str]]:
    """Path, media type and text of every document of a site with these ``pages``; none without an address.

    A language without a page to search on has no description of one.
    """
    if not site.url:
        return
    for language in site.languages:
        if f"{language}/{_SEARCH}index.html" in pages:
            yield f"{language}/opensearch.xml", _DESCRIPTION, _opensearch(site, language)
    if site.issues:
        yield ".well-known/security.txt", "text/plain", _security(site, day)


def _opensearch(site: Site, language: Language) -> str:
    name = site.name.nearest(language)
    description = site.description.nearest(language)
    root = ET.Element("OpenSearchDescription", {"xmlns": "http://a9.com/-/spec/opensearch/1.1/"})
    for tag, text in (
        ("ShortName", (name[1] if name else "")[:_LONGEST]),
        ("Description", description[1] if description else ""),
        ("Language", words.BCP47[language]),
        ("InputEncoding", "UTF-8"),
    ):
        ET.SubElement(root, tag).text = text
    template = f"{site.url}{language}/{_SEARCH}?q={{searchTerms}}"
    ET.SubElement(root, "Url", {"type": "text/html", "template": template})
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _security(site: Site, day: date) -> str:
    """Good for less than a year, as the standard recommends (2.5.5)."""
    expires = date(day.year + 1, day.month, min(day.day, 28)) - timedelta(days=1)
    tags = ", ".join(words.BCP47[language] for language in site.languages)
    return (
        f"Contact: {site.issues}\nExpires: {expires}T00:00:00Z\nPreferred-Languages: {tags}\n"
        f"Canonical: {site.url}.well-known/security.txt\n"
    )
