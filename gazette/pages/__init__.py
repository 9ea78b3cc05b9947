"""Turns datasets and their downloads into finished pages, through the shells of the theme.

Everything is computed here, in Python; the templates only pour it out, with autoescaping on and every name
they use defined.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache, partial
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from gazette import words
from gazette.model import (
    Artifact,
    Dataset,
    History,
    Language,
    Page,
    Report,
    Settings,
    Shell,
    Shells,
)
from gazette.pages import dataset, frame, listing, prose
from gazette.pages.edition import Edition
from gazette.pages.frame import Address


def render(
    datasets: Iterable[Dataset],
    artifacts: Iterable[Artifact],
    report: Report,
    history: History,
    shells: Shells,
    settings: Settings,
    as_of: date | None,
) -> Iterator[Page]:
    """Every page of the site, in a fixed order.

    The first rows of a table are read from its published CSV, ``artifact.path`` below ``shells.stage``.
    ``as_of`` is the one date the site counts from, printed on every page. Raises ``KeyError`` where a shell has
    a slot nobody fills, or a finding has no words: both are faults of this program.
    """
    source = Edition(
        datasets=tuple(datasets),
        artifacts=tuple(artifacts),
        report=report,
        history=history,
        settings=settings,
        as_of=as_of,
        stage=shells.stage,
    )
    templates = _templates(settings.config.parent / "templates" / "pages")
    yield _top(source, shells.shells["root", settings.site.languages[0]], templates)
    yield Page(path="404.html", language=None, html=_missing(source, templates))
    for (kind, language), shell in shells.shells.items():
        if kind == "dataset":
            yield from (_dataset(source, entry, language, shell, templates) for entry in source.datasets)
        elif kind != "root":
            yield _other(source, kind, language, shell, templates)


def _top(source: Edition, shell: Shell, templates: jinja2.Environment) -> Page:
    """The page at the top of the site, in every language of it, where a reader chooses."""
    site, here = source.settings.site, Address(language=None)
    first = site.languages[0]
    names: dict[str, Language] = {}
    for language in site.languages:
        names.setdefault(frame.plain(site.name, language), language)
    values = {
        "title": " · ".join(names),
        "names": [(words.BCP47[language], prose.literal(name, language)) for name, language in names.items()],
        "description": frame.plain(site.description, first),
        "parts": [_welcome(source, language) for language in site.languages],
    }
    slots = _slots(source, here, first, None, templates) | {
        "HEAD": _pour(templates, "head.html", first, values),
        "MAIN": _pour(templates, "root.html", first, values),
        "FOOT": _foot(source, None, site.languages, templates),
    }
    return Page(path=here.path, language=None, html=frame.fill(shell, slots))


def _welcome(source: Edition, language: Language) -> dict[str, object]:
    site = source.settings.site
    return {
        "tag": words.BCP47[language],
        "description": prose.phrase(site.description, language),
        "href": f"{language}/",
        "enter": words.label("root.enter", language),
    }


def _missing(source: Edition, templates: jinja2.Environment) -> str:
    """The one page a server sends for any address that does not exist, in every language of the site.

    It is served at any depth, so a relative link would lead astray. With the site's address known, its links
    start at the path of the site; without, there are none, and the page says what to do instead. For the same
    reason it carries its style within.
    """
    site = source.settings.site
    top = frame.top(source)
    parts = [
        {
            "tag": words.BCP47[language],
            "title": words.label("missing.title", language),
            "text": words.label("missing.text", language),
            "action": words.label("missing.advice" if top is None else "missing.home", language),
            "href": None if top is None else f"{top}{language}/",
            "name": prose.phrase(site.name, language),
        }
        for language in site.languages
    ]
    style = (templates.get_template("missing.css")).render()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    values = {"parts": parts, "style": Markup(style), "digest": digest}  # noqa: S704 - a file of ours
    return _pour(templates, "missing.html", site.languages[0], values)


def _dataset(source: Edition, entry: Dataset, language: Language, shell: Shell, templates: jinja2.Environment) -> Page:
    here = Address(language=language, place=f"datasets/{entry.name}/")
    values = dataset.view(source, entry, language, here.root)
    summary = prose.summary(entry.description, language)
    head = {
        "title": f"{listing.name_of(entry, language).text} – {frame.plain(source.settings.site.name, language)}",
        "description": summary.text if summary else "",
    }
    slots = _slots(source, here, language, entry, templates) | {
        "HEAD": _pour(templates, "head.html", language, head),
        "MAIN": _pour(templates, "dataset.html", language, values),
    }
    return Page(path=here.path, language=language, html=frame.fill(shell, slots))


def _other(source: Edition, kind: str, language: Language, shell: Shell, templates: jinja2.Environment) -> Page:
    """Home, catalogue, or a page written by hand."""
    here = Address(language=language, place="" if kind == "home" else f"{kind}/")
    slots = _slots(source, here, language, None, templates)
    name = frame.plain(source.settings.site.name, language)
    if kind == "home":
        head = {"title": name, "description": frame.plain(source.settings.site.description, language)}
        main = _pour(templates, "home.html", language, listing.home(source, language, here.root))
    elif kind == "catalogue":
        head = {
            "title": f"{words.label('catalogue.title', language)} – {name}",
            "description": words.label("catalogue.description", language),
        }
        main = _pour(templates, "catalogue.html", language, listing.catalogue(source, language, here.root))
    else:
        return Page(path=here.path, language=language, html=frame.fill(shell, slots))
    slots |= {"HEAD": _pour(templates, "head.html", language, head), "MAIN": main}
    return Page(path=here.path, language=language, html=frame.fill(shell, slots))


def _slots(
    source: Edition, here: Address, language: Language, entry: Dataset | None, templates: jinja2.Environment
) -> dict[str, str]:
    """The slots that every shell has."""
    site = source.settings.site
    name = prose.phrase(site.name, language)
    links = {"canonical": frame.canonical(source, here), "alternates": tuple(frame.alternates(source, here))}
    original = frame.original(source, here, entry)
    return {
        "LINKS": _pour(templates, "links.html", language, links),
        "SITE": str(escape(name.text if name else "")),
        "NAME": str(name.bare if name else ""),
        "SWITCH": _pour(templates, "switch.html", language, {"choices": frame.choices(source, here)}),
        "NOTICE": _pour(templates, "notice.html", language, {"href": original}) if original else "",
        "FOOT": _foot(source, entry, (language,), templates),
    }


def _foot(
    source: Edition, entry: Dataset | None, languages: tuple[Language, ...], templates: jinja2.Environment
) -> str:
    site = source.settings.site
    parts = [
        {
            "language": language,
            "tag": words.BCP47[language],
            "name": prose.phrase(site.name, language),
            "operator": prose.phrase(site.operator, language),
            "dates": tuple(frame.dates(source, entry, language)),
        }
        for language in languages
    ]
    values = {"parts": parts, "independent": site.profile == "independent", "issues": site.issues}
    return _pour(templates, "foot.html", languages[0], values)


@cache
def _templates(folder: Path) -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _pour(templates: jinja2.Environment, name: str, language: Language, values: Mapping[str, object]) -> str:
    """``values`` through a template, in which ``t("key")`` is a text of the interface."""
    return templates.get_template(name).render(values, t=partial(words.label, language=language), language=language)
