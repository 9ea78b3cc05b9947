"""What is new: Atom (RFC 4287) and JSON Feed 1.1, per site, topic, unit and dataset, in each language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from gazette import words
from gazette.metadata.catalogue import Catalogue
from gazette.model import Dataset, Language, Unit, Version

ATOM, JSON = "application/atom+xml", "application/feed+json"
_LONGEST = 100
"""Entries of a feed."""
_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters XML has no way to write (XML 1.0, 2.2)."""
_NAMESPACE = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, kw_only=True)
class _Feed:
    """One feed in one language, before it is written in either form."""

    path: str
    """Without its ending."""
    title: str
    language: Language
    datasets: Sequence[Dataset]


def documents(catalogue: Catalogue, units: Sequence[Unit]) -> Iterator[tuple[str, str, str | None, str]]:
    """Path, media type, dataset and text of every feed; the site must have an address and a history."""
    for feed, owner in _feeds(catalogue, units):
        entries = sorted(
            (
                (version, dataset)
                for dataset in feed.datasets
                for version in catalogue.history.versions.get(dataset.name, ())
            ),
            key=lambda entry: (*entry[0].order, entry[1].name),
            reverse=True,
        )[:_LONGEST]
        yield f"{feed.path}.atom", ATOM, owner, _atom(feed, entries, catalogue)
        yield f"{feed.path}.feed.json", JSON, owner, _json(feed, entries, catalogue)


def _feeds(catalogue: Catalogue, units: Sequence[Unit]) -> Iterator[tuple[_Feed, str | None]]:
    for language in catalogue.site.languages:
        site = _in(catalogue.site.name.nearest(language))
        yield _Feed(path=f"feeds/{language}/all", title=site, language=language, datasets=catalogue.datasets), None
        for code, label in catalogue.site.topics:
            title = words.label("feed.of", language, site=site, name=_in(label.nearest(language)))
            own = [dataset for dataset in catalogue.datasets if dataset.topic == code]
            yield _Feed(path=f"feeds/{language}/topics/{code}", title=title, language=language, datasets=own), None
        for unit in units:
            title = words.label("feed.of", language, site=site, name=_in(unit.name.nearest(language)) or unit.id)
            named = {mention.dataset for mention in unit.mentions}
            own = [dataset for dataset in catalogue.datasets if dataset.name in named]
            yield _Feed(path=f"feeds/{language}/units/{unit.id}", title=title, language=language, datasets=own), None
        for dataset in catalogue.datasets:
            title = words.label("feed.of", language, site=site, name=_in(dataset.title.nearest(language)))
            path = f"feeds/{language}/datasets/{dataset.name}"
            yield _Feed(path=path, title=title, language=language, datasets=[dataset]), None


def _atom(feed: _Feed, entries: Sequence[tuple[Version, Dataset]], catalogue: Catalogue) -> str:
    root = ET.Element("feed", {"xmlns": _NAMESPACE, "xml:lang": words.BCP47[feed.language]})
    address = f"{catalogue.base}{feed.path}.atom"
    _child(root, "id", address)
    _child(root, "title", feed.title)
    _child(root, "updated", _moment(entries[0][0] if entries else None, catalogue))
    ET.SubElement(root, "link", {"rel": "self", "href": address})
    ET.SubElement(root, "link", {"rel": "alternate", "href": f"{catalogue.base}{feed.language}/"})
    _child(ET.SubElement(root, "author"), "name", _in(catalogue.site.operator.nearest(feed.language)))
    for version, dataset in entries:
        entry = ET.SubElement(root, "entry")
        _child(entry, "id", f"{catalogue.address(dataset)}#{version.commit}")
        _child(entry, "title", _title(dataset, version, feed.language))
        _child(entry, "updated", _moment(version, catalogue))
        ET.SubElement(entry, "link", {"rel": "alternate", "href": _place(dataset, version, feed, catalogue)})
        _child(entry, "summary", version.subject)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _json(feed: _Feed, entries: Sequence[tuple[Version, Dataset]], catalogue: Catalogue) -> str:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": f"{catalogue.base}{feed.language}/",
        "feed_url": f"{catalogue.base}{feed.path}.feed.json",
        "language": words.BCP47[feed.language],
        "items": [
            {
                "id": f"{catalogue.address(dataset)}#{version.commit}",
                "url": _place(dataset, version, feed, catalogue),
                "title": _title(dataset, version, feed.language),
                "content_text": version.subject,
                "date_published": _moment(version, catalogue),
            }
            for version, dataset in entries
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _place(dataset: Dataset, version: Version, feed: _Feed, catalogue: Catalogue) -> str:
    """Where the change is shown cell by cell."""
    return f"{catalogue.page(dataset, feed.language)}changes/#v-{version.commit[:12]}"


def _child(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _UNWRITABLE.sub("", text)


def _title(dataset: Dataset, version: Version, language: Language) -> str:
    name = _in(dataset.title.nearest(language))
    return words.label("feed.entry", language, name=name, day=words.day(version.published, language))


def _moment(version: Version | None, catalogue: Catalogue) -> str:
    """A version has a day; the formats ask for a moment."""
    return f"{version.published if version else catalogue.as_of}T00:00:00Z"


def _in(text: tuple[Language, str] | None) -> str:
    return text[1] if text else ""
