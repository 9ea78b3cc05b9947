"""Turns datasets and their downloads into finished pages, through the shells of the theme.

Everything is computed here, in Python; the templates only pour it out, with autoescaping on and every name
they use defined.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache, partial
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from gazette import words
from gazette.changes.log import Archive
from gazette.model import (
    Artifact,
    Dataset,
    History,
    Language,
    Omission,
    Page,
    Report,
    Settings,
    Shell,
    Shells,
    Unit,
)
from gazette.pages import (
    changes,
    coverage,
    dataset,
    explorer,
    frame,
    glossary,
    home,
    listing,
    prose,
    quality,
    rules,
    search,
    sitemap,
    units,
)
from gazette.pages.edition import Edition
from gazette.pages.frame import Address

_SCRIPTS = "script-src 'self'; "
"""What the Content Security Policy of a page with a script of ours permits beyond that of the others."""


def render(
    datasets: Iterable[Dataset],
    artifacts: Iterable[Artifact],
    omissions: Iterable[Omission],
    report: Report,
    history: History,
    shells: Shells,
    settings: Settings,
    as_of: date | None,
    structured: Mapping[tuple[str, Language], str],
    registered: Iterable[Unit],
    record: Archive | None = None,
) -> Iterator[Page]:
    """Every page of the site, in a fixed order.

    The first rows of a table are read from its published CSV, ``artifact.path`` below ``shells.stage``.
    ``as_of`` is the one date the site counts from, printed on every page; ``structured`` is what search engines
    read of a dataset, JSON by its name and the language of the page; ``registered`` are the units with a page of
    their own, ``record`` is what every published version changed. Raises ``KeyError`` where a shell has
    a slot nobody fills, or a finding has no words: both are faults of this program.
    """
    source = Edition(
        datasets=tuple(datasets),
        artifacts=tuple(artifacts),
        omissions=tuple(omissions),
        structured=structured,
        units=tuple(registered),
        report=report,
        history=history,
        settings=settings,
        as_of=as_of,
        stage=shells.stage,
        kinds=frozenset(shells.shells),
        **({"record": record} if record else {}),
    )
    templates = _templates(settings.config.parent / "templates" / "pages")
    yield _top(source, shells.shells["root", settings.site.languages[0]], templates)
    yield Page(path="404.html", language=None, html=_missing(source, templates))
    for (kind, language), shell in shells.shells.items():
        if kind == "dataset":
            yield from (_dataset(source, entry, language, shell, templates) for entry in source.datasets)
        elif kind == "dataset-changes":
            yield from (_changes(source, entry, language, shell, templates) for entry in source.datasets)
        elif kind == "unit":
            yield from (_unit(source, entry, language, shell, templates) for entry in source.units)
        elif kind == "shelf":
            yield from (_shelf(source, each, language, shell, templates) for each in listing.shelves(source, language))
        elif kind != "root":
            yield _other(source, kind, language, shell, templates)


def index(
    datasets: Iterable[Dataset],
    artifacts: Iterable[Artifact],
    report: Report,
    history: History,
    settings: Settings,
    stage: Path,
    registered: Iterable[Unit],
) -> tuple[Artifact, ...]:
    """Write what the script of the search reads, as :func:`render` is given the same; none without the script."""
    source = Edition(
        datasets=tuple(datasets),
        artifacts=tuple(artifacts),
        omissions=(),
        structured={},
        units=tuple(registered),
        report=report,
        history=history,
        settings=settings,
        as_of=None,
        stage=stage,
    )
    return tuple(search.write(source))


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
        "FOOT": _foot(source, here, None, site.languages, templates),
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
        # JSON without "<", so nothing in it ends the element.
        "structured": Markup(source.structured.get((entry.name, language), "")),  # noqa: S704
    }
    slots = _slots(source, here, language, entry, templates) | {
        "HEAD": _pour(templates, "head.html", language, head),
        "MAIN": _pour(templates, "dataset.html", language, values),
    }
    slots |= _scripted(source, explorer.SCRIPT, here, slots, templates)
    return Page(path=here.path, language=language, html=frame.fill(shell, slots))


def _scripted(
    source: Edition, path: str, here: Address, slots: Mapping[str, str], templates: jinja2.Environment
) -> dict[str, str]:
    """What of ``slots`` becomes of a page that a script makes easier to use; nothing where none has been bundled."""
    if not source.has(path):
        return {}
    script = _pour(templates, "script.html", source.settings.site.languages[0], {"href": here.root + path})
    return {"POLICY": _SCRIPTS, "HEAD": slots["HEAD"] + script}


def _unit(source: Edition, entry: Unit, language: Language, shell: Shell, templates: jinja2.Environment) -> Page:
    here = Address(language=language, place=units.place(entry))
    values = units.view(source, entry, language, here.root)
    title = frame.plain(entry.name, language) or entry.id
    site = frame.plain(source.settings.site.name, language)
    head = {
        "title": f"{title} – {site}",
        "description": words.label("unit.description", language, name=title, site=site),
    }
    slots = _slots(source, here, language, source.named[entry.dataset], templates) | {
        "HEAD": _pour(templates, "head.html", language, head),
        "MAIN": _pour(templates, "unit.html", language, values),
    }
    return Page(path=here.path, language=language, html=frame.fill(shell, slots))


def _changes(source: Edition, entry: Dataset, language: Language, shell: Shell, templates: jinja2.Environment) -> Page:
    """The versions of one dataset."""
    here = Address(language=language, place=f"datasets/{entry.name}/changes/")
    site, name = frame.plain(source.settings.site.name, language), listing.name_of(entry, language).text
    title = words.label("changes.of", language, name=name)
    head = {"title": f"{title} – {site}", "description": words.label("changes.of.description", language, name=name)}
    values = {**changes.of(source, entry, language, here.root), "title": prose.literal(title, language)}
    slots = _slots(source, here, language, entry, templates) | {
        "HEAD": _pour(templates, "head.html", language, head),
        "MAIN": _pour(templates, "dataset-changes.html", language, values),
    }
    return Page(path=here.path, language=language, html=frame.fill(shell, slots))


def _shelf(
    source: Edition, chosen: listing.Shelf, language: Language, shell: Shell, templates: jinja2.Environment
) -> Page:
    """The catalogue narrowed to one value."""
    here = Address(language=language, place=f"catalogue/{chosen.code}/")
    name, site = chosen.title.text, frame.plain(source.settings.site.name, language)
    head = {
        "title": f"{words.label('shelf.title', language, name=name)} – {site}",
        "description": words.label("shelf.description", language, name=name),
    }
    values = listing.shelf(source, chosen, language, here.root)
    slots = _slots(source, here, language, None, templates) | {
        "HEAD": _pour(templates, "head.html", language, head),
        "MAIN": _pour(templates, "catalogue.html", language, values),
    }
    slots |= _scripted(source, listing.SCRIPT, here, slots, templates)
    return Page(path=here.path, language=language, html=frame.fill(shell, slots))


_VIEWS: Mapping[str, Callable[[Edition, Language, str], Mapping[str, object]]] = {
    "home": home.view,
    "catalogue": listing.catalogue,
    "units": units.index,
    "changes": changes.view,
    "coverage": coverage.view,
    "rules": rules.view,
    "quality": quality.view,
    "glossary": glossary.view,
    "sitemap": sitemap.view,
    "search": search.view,
}
"""What a page shows of which there is one per language; its title and description are ``<kind>.title`` and
``<kind>.description`` of the interface, its template is ``<kind>.html``."""


_SCRIPTED = {"catalogue": listing.SCRIPT, "search": search.SCRIPT}
"""Those of them that a script makes easier to use."""


def _other(source: Edition, kind: str, language: Language, shell: Shell, templates: jinja2.Environment) -> Page:
    """A page of which there is one per language; without a view it is written by hand."""
    here = Address(language=language, place="" if kind == "home" else f"{kind}/")
    slots = _slots(source, here, language, None, templates)
    if kind in _VIEWS:
        values = _VIEWS[kind](source, language, here.root)
        slots |= _filled(source, kind, language, values, templates)
        if kind in _SCRIPTED:
            slots |= _scripted(source, _SCRIPTED[kind], here, slots, templates)
    return Page(path=here.path, language=language, html=frame.fill(shell, slots))


def _filled(
    source: Edition, kind: str, language: Language, values: Mapping[str, object], templates: jinja2.Environment
) -> dict[str, str]:
    """Head and content of a generated page."""
    site = source.settings.site
    head = {"title": frame.plain(site.name, language), "description": frame.plain(site.description, language)}
    if kind != "home":
        head = {
            "title": f"{words.label(f'{kind}.title', language)} – {head['title']}",
            "description": words.label(f"{kind}.description", language),
        }
    return {
        "HEAD": _pour(templates, "head.html", language, head),
        "MAIN": _pour(templates, f"{kind}.html", language, values),
    }


def _slots(
    source: Edition, here: Address, language: Language, entry: Dataset | None, templates: jinja2.Environment
) -> dict[str, str]:
    """The slots that every shell has."""
    site = source.settings.site
    name = prose.phrase(site.name, language)
    links = {
        "canonical": frame.canonical(source, here),
        "alternates": tuple(frame.alternates(source, here)),
        "metas": tuple(frame.metas(source, entry, language)),
    }
    original = frame.original(source, here, entry)
    return {
        "LINKS": _pour(templates, "links.html", language, links),
        "POLICY": "",
        "SITE": str(escape(name.text if name else "")),
        "NAME": str(name.bare if name else ""),
        "SWITCH": _pour(templates, "switch.html", language, {"choices": frame.choices(source, here)}),
        "NOTICE": _pour(templates, "notice.html", language, {"href": original}) if original else "",
        "FOOT": _foot(source, here, entry, (language,), templates),
    }


def _foot(
    source: Edition,
    here: Address,
    entry: Dataset | None,
    languages: tuple[Language, ...],
    templates: jinja2.Environment,
) -> str:
    site = source.settings.site
    parts = [
        {
            "language": language,
            "tag": words.BCP47[language],
            "name": prose.phrase(site.name, language),
            "operator": prose.phrase(site.operator, language),
            "dates": tuple(frame.dates(source, entry, language)),
            "links": frame.further(source, here, language),
            "government": frame.government(site.government, language) if site.government else (),
        }
        for language in languages
    ]
    values = {
        "parts": parts,
        "independent": site.profile == "independent",
        "issues": site.issues,
        "mail": site.mail,
        "government": site.government,
    }
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
