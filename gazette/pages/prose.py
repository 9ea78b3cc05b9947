"""Texts in the language of the page: marked where they are not, and rendered from CommonMark.

WCAG 2.2, 3.1.2 (Language of Parts): a fragment in another language carries its ``lang``. So Han characters on
a page that is not Chinese are always marked, whoever wrote them and whatever language they were filed under.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from gazette import script, words
from gazette.model import Language, Text

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_PUNCTUATION = "\u3000-\u3006\u3008-\u303f\uff00-\uffef"
_CHINESE = re.compile(f"[{_HAN}{_PUNCTUATION}]+(?:[\\s\\d]*[{_HAN}{_PUNCTUATION}]+)*")
_HAN_CHARACTER = re.compile(f"[{_HAN}]")
_LATIN_PROSE = re.compile(r"[A-Za-z]{2,}[,;:]? +[A-Za-z]{2,}")
_QUOTATION = re.compile("“[^”]*”|「[^」]*」|『[^』]*』|《[^》]*》")
_ENGLISH_PROSE = re.compile(r"[A-Za-z][A-Za-z’'-]+(?:[,;:]? [A-Za-z][A-Za-z’'-]+){2,}")
_SENTENCE = re.compile(r"(?:[。！？]|[.!?](?=\s+[A-Z“‘]))[”’」』]?")
_LEDE = 320
"""Characters of an opening sentence beyond which a page shows the description as it is."""
_MARKED_UP = re.compile(r"[*_`\[<>#|\\]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A text as a page shows it. In a template, ``{{ phrase }}`` is the whole, with its label."""

    text: str
    """The plain text, for attributes and titles."""
    bare: Markup
    """The text with its language marks, without the label."""
    note: Markup
    """The label *not translated*; empty where the text is in the language of the page."""

    def __html__(self) -> str:
        return f"{self.bare} {self.note}" if self.note else str(self.bare)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A text that may lead somewhere."""

    phrase: Phrase
    href: str | None = None
    detail: Phrase | None = None
    code: bool = False

    @property
    def outside(self) -> bool:
        """Whether it leads out of the site."""
        return self.href is not None and self.href.startswith("http")


def phrase(text: Text, language: Language) -> Phrase | None:
    """``text`` for a page in ``language``; ``None`` where nobody has written it in any language."""
    found = text.nearest(language)
    if found is None:
        return None
    tag, value = found
    bare = marked(value, tag)
    if tag != language:
        bare = Markup('<span lang="{}">{}</span>').format(_bcp47(tag), bare)
    return Phrase(text=value, bare=bare, note=_note(tag, language))


def literal(value: str, language: Language) -> Phrase:
    """A text that belongs to no language (a name, a code, an address) as a phrase."""
    return Phrase(text=value, bare=marked(value, language), note=Markup())


def fragment(value: str, language: Language, languages: Iterable[Language]) -> Phrase:
    """A text whose language nobody has stated, as far as its characters tell (see :func:`spoken`)."""
    lang = spoken(value, "", language, languages)
    if lang is None or lang == _bcp47("zh"):
        return literal(value, language)
    return Phrase(text=value, bare=Markup('<span lang="{}">{}</span>').format(lang, value), note=Markup())


def marked(value: str, language: Language) -> Markup:
    """``value`` escaped, with every fragment marked that is in another language or script than ``language``."""
    # Control characters are not allowed in HTML and would make two parsers disagree about the page.
    value = _CONTROL.sub("\ufffd", value)
    if language == script.TRADITIONAL or (value.isascii() and language != "zh"):
        return escape(value)
    pieces: list[Markup] = []
    end = 0
    for start, stop, tag in sorted(_fragments(value, language)):
        if start >= end:
            pieces += [escape(value[end:start]), Markup('<span lang="{}">{}</span>').format(tag, value[start:stop])]
            end = stop
    return Markup().join([*pieces, escape(value[end:])])


def _fragments(value: str, language: Language) -> Iterator[tuple[int, int, str]]:
    """Where in ``value`` another language or script begins and ends, and its tag.

    In a Chinese text that is English prose, not the odd name, and a quotation in Traditional script.
    """
    for run in (_QUOTATION if language == "zh" else _CHINESE).finditer(value):
        tag = script.TRADITIONAL if script.traditional(run.group()) else script.SIMPLIFIED
        if tag != words.BCP47.get(language):
            yield *run.span(), tag
    for run in _ENGLISH_PROSE.finditer(value) if language == "zh" else ():
        yield *run.span(), _bcp47("en")


def spoken(value: str, column: str, language: Language, languages: Iterable[Language]) -> str | None:
    """The BCP 47 tag of a cell that is not in the language of the page, as far as one can tell.

    ``column`` tells by its ending (``name_zh``, ``name_en``); else Han characters are Chinese and two Latin
    words in a row are in the first language of the dataset that is not Chinese.
    """
    if script.traditional(value) and not script.traditional(_QUOTATION.sub("", value)):
        return None if language == "zh" else _bcp47("zh")  # a quotation in a Simplified text
    if script.traditional(value):
        return script.TRADITIONAL
    if _HAN_CHARACTER.search(value):
        return None if language == "zh" else _bcp47("zh")
    for other in words.LANGUAGES:
        if column.endswith(f"_{other}") and other != "zh":
            return None if other == language else _bcp47(other)
    if language == "zh" and _LATIN_PROSE.search(value):
        return _bcp47(next((other for other in languages if other != "zh"), "en"))
    return None


def web_address(path: str | None) -> str | None:
    """``path`` where a page may link to it: an absolute ``https:`` or ``http:`` address without credentials."""
    if path is None:
        return None
    try:
        address = urlsplit(path)
        fit = address.scheme in {"http", "https"} and bool(address.hostname) and "@" not in address.netloc
    except ValueError:
        return None
    return path if fit else None


@lru_cache(maxsize=4096)
def prose(text: Text, language: Language) -> Markup:
    """A description, CommonMark, as blocks of HTML; empty where there is none."""
    found = text.nearest(language)
    if found is None:
        return Markup()
    tag, value = found
    html = Markup(_renderer(tag).render(_CONTROL.sub("\ufffd", value)))  # noqa: S704 - `html: False` escapes it
    if tag == language:
        return html
    return Markup('<p>{}</p>\n<div lang="{}">{}</div>').format(_note(tag, language), _bcp47(tag), html)


@lru_cache(maxsize=4096)
def summary(text: Text, language: Language, *, disclaimed: bool = False) -> Phrase | None:
    """The first paragraph of a description as plain text.

    ``disclaimed``: its first sentence says that rows are invented, which lists say in another way; it is left out.
    """
    found = text.nearest(language)
    if found is None:
        return None
    tokens = _renderer(found[0]).parse(found[1])
    first = next((token for token in tokens if token.type == "inline"), None)
    plain = "".join(map(_plain, first.children or ())) if first else ""
    if disclaimed:
        plain = _split(plain)[1] or plain
    return phrase(Text(values=((found[0], plain),)), language)


def _split(paragraph: str) -> tuple[str, str]:
    """The first sentence of a paragraph, and the others."""
    end = _SENTENCE.search(paragraph)
    return (paragraph[: end.end()], paragraph[end.end() :].strip()) if end else (paragraph, "")


@lru_cache(maxsize=4096)
def opening(text: Text, language: Language, *, disclaimed: bool = False) -> tuple[Markup | None, Markup]:
    """The first sentence of a description, for the head of its page, and what follows it as blocks of HTML.

    A description that does not begin with a short sentence of plain words has no such head and stays whole; so does
    one whose first sentence says that rows are invented (``disclaimed``), the second being its head.
    """
    found = text.nearest(language)
    if found is None:
        return None, Markup()
    tag, value = found
    first, gap, rest = value.strip().partition("\n\n")
    sentence, more = _split(first)
    if disclaimed:
        sentence = _split(more)[0]
    if not sentence or len(sentence) > _LEDE or _MARKED_UP.search(sentence):
        return None, prose(text, language)
    lede = phrase(Text(values=((tag, " ".join(sentence.split())),)), language)
    after = value if disclaimed else f"{more}{gap}{rest}".strip()
    blocks = prose(Text(values=((tag, after),)), language) if after else Markup()
    return escape(lede) if lede else None, blocks


def counted(kind: str, count: int, language: Language) -> str:
    """A number with its noun: ``12 tables``, ``12 张数据表``; ``kind`` is ``dataset``, ``table`` or ``row``."""
    return f"{words.number(count, language)} {noun(kind, count, language)}"


def noun(kind: str, count: int, language: Language) -> str:
    """What is counted, in the number that ``count`` asks for."""
    return words.label(f"count.{kind}" if count == 1 else f"count.{kind}s", language)


def known(kind: str, code: str, language: Language) -> str:
    """The word for a code of a vocabulary (``frequency``, ``type``, ``role``); the code itself where it is not ours."""
    try:
        return words.label(f"{kind}.{code}", language)
    except KeyError:
        return code


def size(count: int, language: Language) -> str:
    """A number of bytes in the decimal units of IEC 80000-13 (1 kB is 1000 bytes)."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= factor:
            return f"{words.number(round(count / factor, 1), language)} {unit}"
    return f"{words.number(count, language)} B"


def _plain(token: Token) -> str:
    return " " if token.type in {"softbreak", "hardbreak"} else token.content


def _bcp47(tag: Language) -> str:
    return words.BCP47.get(tag, tag)


def _note(tag: Language, language: Language) -> Markup:
    if tag == language:
        return Markup()
    return Markup('<span class="g-untranslated">{}</span>').format(words.label("language.untranslated", language))


@cache
def _renderer(language: Language) -> MarkdownIt:
    """CommonMark without raw HTML and images; links only to https and mail; headings below those of the page."""
    renderer = MarkdownIt("commonmark", {"html": False}).disable(["image", "html_block", "html_inline"])
    renderer.validateLink = lambda url: url.startswith(("https://", "mailto:"))  # type: ignore[method-assign]

    def text(_self: object, tokens: list[Token], index: int, *_: object) -> str:
        return str(marked(tokens[index].content, language))

    def code(_self: object, tokens: list[Token], index: int, *_: object) -> str:
        return f"<code>{marked(tokens[index].content, language)}</code>"

    def block(self: object, tokens: list[Token], index: int, *_: object) -> str:
        return f"<pre>{code(self, tokens, index)}</pre>\n"

    def heading(self: MarkdownIt, tokens: list[Token], index: int, options: object, env: object) -> str:
        tokens[index].tag = f"h{min(int(tokens[index].tag[1]) + 2, 6)}"
        return self.renderToken(tokens, index, options, env)  # type: ignore[attr-defined,no-any-return]

    def link(self: MarkdownIt, tokens: list[Token], index: int, options: object, env: object) -> str:
        tokens[index].attrSet("rel", "nofollow noopener")
        return self.renderToken(tokens, index, options, env)  # type: ignore[attr-defined,no-any-return]

    renderer.add_render_rule("text", text)
    renderer.add_render_rule("code_inline", code)
    renderer.add_render_rule("code_block", block)
    renderer.add_render_rule("fence", block)
    renderer.add_render_rule("heading_open", heading)
    renderer.add_render_rule("heading_close", heading)
    renderer.add_render_rule("link_open", link)
    return renderer
