"""Runs the generator: the theme, the pages written by hand, and one shell per page kind and language.

MkDocs builds each language into a folder of its own that is thrown away. What is kept are the pages, cut at
their slots, and the files those pages refer to; so nothing of the theme that no page uses is published.
"""

from __future__ import annotations

import logging
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit

from mkdocs.commands.build import build as generate
from mkdocs.config import load_config
from mkdocs.exceptions import MkDocsException

from gazette.model import BuildError, Language, Settings, Shell, Shells
from gazette.site import styles

KINDS = ("home", "catalogue", "dataset", "unit", "search")
"""The shells every language has; any other page is written by hand and keeps its own address."""

SLOTS = ("LINKS", "POLICY", "HEAD", "SITE", "NAME", "SWITCH", "NOTICE", "MAIN", "FOOT")
"""What the theme's ``main.html`` leaves open, written ``@@MAIN@@``; anything else of that form stays as it is."""

_SLOT = re.compile(f"@@({'|'.join(SLOTS)})@@")
_STYLE_REFERENCE = re.compile(r"""url\(\s*["']?(?!data:)([^"')]+)["']?\s*\)""")
_LEFTOVER = re.compile(
    r"""\s*(?:<input\ class="md-toggle"[^>]*>|<label\ class="md-overlay"[^>]*></label>
    |<div\ data-md-component="(?:skip|announce)">\s*</div>
    |<div\ class="md-dialog"[^>]*>\s*<div\ class="md-dialog__inner\ md-typeset"></div>\s*</div>)""",
    re.VERBOSE,
)
"""Hidden controls that Material's frame has for its own script, which the pages do not load."""
_THEME = "assets/stylesheets/"
"""Where the theme has its style sheets; those of the site itself are published as they are."""
_SHELL_PAGES = {
    "": "home",
    "datasets/shell": "dataset",
    "datasets/shell/changes": "dataset-changes",
    "units/shell": "unit",
    "catalogue/shell": "shelf",
}


def build(settings: Settings, stage: Path) -> Shells:
    """Render theme and hand-written pages for every language of the site.

    The configuration of a language is ``mkdocs.<language>.yml`` beside ``settings.config``, else that file
    itself. Pages come back as shells: those of :data:`KINDS` and ``root`` under their kind, one written by
    hand under its path below the language's folder. Files the pages use are copied to ``stage``.

    Raises :class:`BuildError` for a symbolic link among the sources (MkDocs would publish what it points to),
    for whatever MkDocs warns of, and for a shell that is missing.
    """
    _refuse_links(settings.config.parent / "site_src")
    shells: dict[tuple[str, Language], Shell] = {}
    parts: dict[Path, dict[str, _Parts]] = {}
    with TemporaryDirectory(prefix="gazette-") as room:
        for language in settings.site.languages:
            folder = Path(room) / language
            _generate(_configuration(settings.config, language), folder)
            pages = _pages(folder, language, first=language == settings.site.languages[0])
            shells |= {(kind, language): _cut(path, html) for kind, (path, html) in pages.items()}
            parts[folder] = {path: _Parts(html) for path, html in pages.values()}
        names = _names(settings.config.parent, (page for pages in parts.values() for page in pages.values()))
        for folder, own in parts.items():
            _copy(folder, stage, _used(folder, own), names)
    for kind, language in _expected(settings.site.languages):
        if (kind, language) not in shells:
            raise BuildError("site-shell-missing", kind=kind, language=language)
    return Shells(stage=stage, shells=dict(sorted(shells.items())))


def _expected(languages: tuple[Language, ...]) -> Iterator[tuple[str, Language]]:
    yield "root", languages[0]
    yield from ((kind, language) for language in languages for kind in KINDS)


def _configuration(config: Path, language: Language) -> Path:
    own = config.with_name(f"{config.stem}.{language}{config.suffix}")
    return own if own.is_file() else config


def _refuse_links(sources: Path) -> None:
    for path in sorted(sources.rglob("*")):
        if path.is_symlink():
            raise BuildError("site-source-link", path=path.relative_to(sources.parent).as_posix())


def _generate(config: Path, folder: Path) -> None:
    with _warnings() as warnings:
        try:
            generate(load_config(str(config), site_dir=str(folder)))
        except MkDocsException as fault:
            warnings.append(str(fault))
    if warnings:
        raise BuildError("site-warning", path=config.name, problems=sorted(set(warnings)))


@contextmanager
def _warnings() -> Iterator[list[str]]:
    """What MkDocs warns of, which then neither reaches the terminal nor goes unnoticed."""
    heard: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            heard.append(record.getMessage())

    logger, ear = logging.getLogger("mkdocs"), Ear(logging.WARNING)
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(ear)
    try:
        yield heard
    finally:
        logger.removeHandler(ear)
        logger.propagate = propagate


def _pages(folder: Path, language: Language, *, first: bool) -> dict[str, tuple[str, str]]:
    """Kind → path below the site, and text, of every page of one language."""
    found = {}
    for file in sorted((folder / language).rglob("*.html")):
        path = file.relative_to(folder).as_posix()
        place = posixpath.dirname(file.relative_to(folder / language).as_posix())
        found[_SHELL_PAGES.get(place, place)] = (path, file.read_text(encoding="utf-8"))
    if first and (root := folder / "index.html").is_file():
        found["root"] = ("index.html", root.read_text(encoding="utf-8"))
    return found


def _cut(path: str, html: str) -> Shell:
    return Shell(depth=path.count("/"), parts=tuple(_SLOT.split(_LEFTOVER.sub("", html))))


def _used(folder: Path, pages: Mapping[str, _Parts]) -> tuple[str, ...]:
    """Paths of the files the pages refer to, and of those their style sheets refer to."""
    waiting = [(path, reference) for path, page in pages.items() for reference in page.references]
    used: set[str] = set()
    while waiting:
        path, reference = waiting.pop()
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(urlsplit(reference).path)))
        if target in used or target.endswith(".html") or not (folder / target).is_file():
            continue
        used.add(target)
        if target.endswith(".css"):
            style = (folder / target).read_text(encoding="utf-8")
            waiting += [(target, found) for found in _STYLE_REFERENCE.findall(style)]
    return tuple(sorted(used))


class _Parts(HTMLParser):
    """What a page refers to in ``href`` and ``src``, in order, and by what a style sheet can name its elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.references: list[str] = []
        self.names: set[str] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.references += [value for name, value in attrs if name in {"href", "src"} and value]
        self.names |= {word for name, value in attrs if name == "class" and value for word in value.split()}
        self.names |= {name for name, _ in attrs if name.startswith("data-")}


def _names(root: Path, pages: Iterable[_Parts]) -> frozenset[str]:
    """By what style sheets can name elements of ``pages`` and of what will be poured into them."""
    templates = (_Parts(path.read_text(encoding="utf-8")) for path in (root / "templates" / "pages").glob("*.html"))
    return frozenset(name for page in (*pages, *templates) for name in page.names)


def _copy(folder: Path, stage: Path, paths: tuple[str, ...], names: frozenset[str]) -> None:
    for path in paths:
        target = stage / path
        target.parent.mkdir(parents=True, exist_ok=True)
        content = (folder / path).read_bytes()
        if path.startswith(_THEME):
            content = styles.trimmed(content.decode("utf-8"), names).encode("utf-8")
        target.write_bytes(content)
