"""What stands on every page around its content: head, language switch, foot, and how a shell is filled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from gazette import words
from gazette.model import Dataset, Government, Language, Shell, Text
from gazette.pages import prose
from gazette.pages.edition import Edition


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One page of the site: its language, and its place below the folder of that language.

    ``place`` is empty for the home page and ends with a slash for every other. ``language`` is ``None`` for
    the page at the top of the site.
    """

    language: Language | None
    place: str = ""

    @property
    def folder(self) -> str:
        """The folder of the page below the site; empty for the top."""
        return f"{self.language}/{self.place}" if self.language else ""

    @property
    def path(self) -> str:
        """The file of the page below the site."""
        return f"{self.folder}index.html"

    @property
    def root(self) -> str:
        """What leads from the page to the top of the site."""
        return "../" * self.folder.count("/") or "./"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One language of the switch."""

    name: str
    tag: str
    href: str | None
    """Where the same page is in that language; ``None`` for the language of the page itself."""


def fill(shell: Shell, slots: Mapping[str, str]) -> str:
    """The page: ``shell`` with its slots filled."""
    return "".join(slots[part] if position % 2 else part for position, part in enumerate(shell.parts))


def choices(source: Edition, here: Address) -> tuple[Choice, ...]:
    """The languages of the site, each with the address of the same page."""
    return tuple(
        Choice(
            name=words.label("language.name", language),
            tag=words.BCP47[language],
            href=None if language == here.language else f"{here.root}{language}/{here.place}",
        )
        for language in source.settings.site.languages
    )


def alternates(source: Edition, here: Address) -> Iterator[tuple[str, str]]:
    """``hreflang`` and address of the same page in every language, absolute; none where the site has no address.

    The page at the top, where a reader chooses, stands for every other language (``x-default``); it has a
    counterpart only among the home pages.
    """
    site = source.settings.site
    if site.url is None:
        return
    for language in site.languages:
        yield words.BCP47[language], site.url + Address(language=language, place=here.place).folder
    if not here.place:
        yield "x-default", site.url


def canonical(source: Edition, here: Address) -> str | None:
    """The address of the page, absolute; ``None`` where the site has none."""
    url = source.settings.site.url
    return None if url is None else url + here.folder


def top(source: Edition) -> str | None:
    """The path of the site on its host, good at any depth; ``None`` where the site has no address."""
    url = source.settings.site.url
    return None if url is None else urlsplit(url).path


def original(source: Edition, here: Address, dataset: Dataset | None) -> str | None:
    """From an English page, the address of the Chinese text that prevails; ``None`` where there is none."""
    languages = dataset.languages if dataset else source.settings.site.languages
    if here.language != "en" or "zh" not in languages or "zh" not in source.settings.site.languages:
        return None
    return f"{here.root}zh/{here.place}"


_FURTHER = (
    "catalogue",
    "units",
    "search",
    "changes",
    "quality",
    "rules",
    "coverage",
    "glossary",
    "api",
    "verify",
    "sitemap",
    "accessibility",
    "about",
)
"""Pages the foot leads to, where the site has them."""


def further(source: Edition, here: Address, language: Language) -> tuple[tuple[str, str], ...]:
    """Name and address of the pages that explain the data, from every page."""
    return tuple(
        (words.label(f"foot.{kind}", language), f"{here.root}{language}/{kind}/")
        for kind in _FURTHER
        if (kind, language) in source.kinds
    )


def government(stated: Government, language: Language) -> tuple[tuple[str, str], ...]:
    """What a government website says of itself at its foot, in the order of the norm."""
    texts = {
        "sponsor": plain(stated.sponsor, language),
        "contact": plain(stated.contact, language),
        "code": stated.site_code,
        "icp": stated.icp,
        "police": stated.police,
    }
    return tuple((words.label(f"government.{name}", language), text) for name, text in texts.items())


def metas(source: Edition, dataset: Dataset | None, language: Language) -> Iterator[tuple[str, str]]:
    """The labels of the page design norm for government websites (国办发〔2017〕47号, annex), on those alone."""
    site = source.settings.site
    if site.government is None:
        return
    yield "SiteName", plain(site.name, language)
    yield "SiteDomain", urlsplit(site.url or "").hostname or ""
    yield "SiteIDCode", site.government.site_code
    if dataset:
        topic = dict(site.topics).get(dataset.topic or "", Text())
        changed = source.changed(dataset) or dataset.created
        yield "ColumnName", plain(topic, language)
        yield "ArticleTitle", plain(dataset.title, language) or dataset.name
        yield "PubDate", changed.isoformat() if changed else ""
        yield "ContentSource", plain(dataset.publisher.title, language) if dataset.publisher else ""


def plain(text: Text, language: Language) -> str:
    """``text`` in ``language`` or the nearest, without marks: for titles."""
    found = prose.phrase(text, language)
    return found.text if found else ""


def dates(source: Edition, dataset: Dataset | None, language: Language) -> Iterator[tuple[str, str]]:
    """Label and day of the two dates that stand on every page; of the whole site without a dataset."""
    changed = source.changed(dataset) if dataset else source.last_changed
    days: tuple[tuple[str, date | None], ...] = (("date.as-of", source.as_of), ("date.changed", changed))
    for key, day in days:
        yield words.label(key, language), words.day(day, language) if day else words.label("date.unknown", language)
