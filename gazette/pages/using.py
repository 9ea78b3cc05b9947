"""What a reader does with a dataset: cite it, load it in a program, report an error in it."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from markupsafe import Markup

from gazette import citation, words
from gazette.model import Artifact, Dataset, Language, Resource
from gazette.pages import edition, listing, prose
from gazette.pages.edition import Edition

_PARQUET = "application/vnd.apache.parquet"
_NAMES = {"gbt7714": "GB/T 7714", "apa": "APA", "bibtex": "BibTeX", "ris": "RIS"}
_PROSE = frozenset({"gbt7714", "apa"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The dataset in one style; ``lines`` where it is a record for programs."""

    name: str
    text: Markup
    lines: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """How one language of programming loads every table."""

    name: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """Where errors in a table are reported, with its name filled in."""

    anchor: str
    table: prose.Phrase
    issue: str | None
    mail: str | None


def citations(source: Edition, dataset: Dataset, language: Language) -> Iterator[Citation]:
    """``dataset`` in every style."""
    day = source.as_of or source.changed(dataset) or dataset.created
    if day is None:
        return
    for style, text in citation.cite(dataset, source.settings.site, language, source.newest(dataset), day).items():
        yield Citation(name=_NAMES[style], text=prose.marked(text.strip(), language), lines=style not in _PROSE)


def code(source: Edition, dataset: Dataset) -> tuple[Snippet, ...]:
    """How pandas, R and DuckDB load its tables: from Parquet, where columns keep their types and codes their zeros."""
    files = [
        (_identifier(resource.slug), _address(source, file))
        for resource in edition.published(dataset)
        for file in source.files(dataset, resource)
        if file.media_type == _PARQUET
    ]
    if not files:
        return ()
    lines = {
        "Python (pandas)": ["import pandas as pd", ""]
        + [f'{name} = pd.read_parquet("{address}")' for name, address in files],
        "R (arrow)": ["library(arrow)", ""] + [f'{name} <- read_parquet("{address}")' for name, address in files],
        "DuckDB (SQL)": [f"CREATE TABLE {name} AS FROM read_parquet('{address}');" for name, address in files],
    }
    return tuple(Snippet(name=name, code="\n".join(code)) for name, code in lines.items())


def reports(source: Edition, dataset: Dataset, language: Language) -> Iterator[Reporting]:
    """Where to report an error, table by table; nothing where the site names no place."""
    site = source.settings.site
    for resource in edition.published(dataset) if site.issues or site.mail else ():
        title, body = _report(source, dataset, resource, language)
        yield Reporting(
            anchor=f"table-{resource.slug}",
            table=prose.phrase(resource.title, language) or prose.literal(resource.name, language),
            issue=_issue(site.issues, title, body) if site.issues else None,
            mail=f"mailto:{site.mail}?subject={quote(title)}&body={quote(body)}" if site.mail else None,
        )


def _report(source: Edition, dataset: Dataset, resource: Resource, language: Language) -> tuple[str, str]:
    """Subject and text of a report, with blanks for what only the reader knows."""
    changed = source.changed(dataset) or dataset.created or source.as_of
    key = ", ".join(resource.schema.primary_key) if resource.schema else ""
    url = source.settings.site.url
    facts = {
        "title": listing.name_of(dataset, language).text,
        "dataset": dataset.name,
        "table": resource.slug,
        "row": key or words.label("report.row-number", language),
        "version": changed.isoformat() if changed else words.label("date.unknown", language),
        "page": f"{url or ''}{language}/datasets/{dataset.name}/#table-{resource.slug}",
    }
    return words.label("report.subject", language, **facts), words.label("report.body", language, **facts)


def _issue(address: str, title: str, body: str) -> str:
    """GitHub, Gitea and Gitee take the text of a new issue in the query; another address is left as it is."""
    if urlsplit(address).scheme == "mailto":
        return f"{address}{'&' if '?' in address else '?'}subject={quote(title)}&body={quote(body)}"
    if not address.rstrip("/").endswith("/issues"):
        return address
    return f"{address.rstrip('/')}/new?title={quote(title)}&body={quote(body)}"


def _address(source: Edition, file: Artifact) -> str:
    """The address on the web; the path below the site where that is not known."""
    return f"{source.settings.site.url or ''}{file.path}"


def _identifier(slug: str) -> str:
    """A name that Python, R and SQL all take."""
    name = re.sub("[^0-9a-z]+", "_", slug.lower()).strip("_")
    return name if name[:1].isalpha() and not keyword.iskeyword(name) and name not in _RESERVED else f"t_{name}"


_RESERVED: Sequence[str] = ("function", "next", "repeat", "group", "order", "table", "select", "references")
"""Words of R and SQL that cannot stand alone as a name."""
