"""The gate a finished page passes: nothing that runs, nothing from elsewhere, every link with an end.

It judges what the browser will build from the page, so it holds whatever a text, a template or the generator
let through. Elements and headers not listed here are refused, also those yet to be invented.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gazette.publish import addresses, css

# Left out on purpose: what runs or embeds (iframe, object, embed, base …), and what a parser may read in another
# way than the browser (noscript, template, xmp, plaintext, MathML, foreignObject).
_ELEMENTS = frozenset(
    """
    html head title meta link style script body
    a abbr address area article aside audio b bdi bdo blockquote br button canvas caption cite code col colgroup data
    datalist dd del details dfn dialog div dl dt em fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header
    hgroup hr i img input ins kbd label legend li main map mark menu meter nav ol optgroup option output p picture pre
    progress q rp rt ruby s samp search section select small source span strong sub summary sup table tbody td textarea
    tfoot th thead time tr track u ul var video wbr
    svg circle clippath defs desc ellipse g line lineargradient marker mask path pattern polygon polyline
    radialgradient rect stop symbol text tspan use
    """.split()
)
_HEADERS = frozenset({"content-security-policy", "content-type", "x-ua-compatible"})
_ADDRESSES = frozenset("href xlink:href src action formaction poster background cite".split())
_LISTS = frozenset({"srcset", "imagesrcset"})
"""Attributes that hold several addresses."""
_PAINT = frozenset("style fill stroke filter mask clip-path cursor marker-start marker-mid marker-end".split())
"""Attributes that hold style, which can load."""
_LEADS = frozenset({("a", "href"), ("a", "xlink:href"), ("area", "href"), ("blockquote", "cite"), ("q", "cite")})
"""Attributes that lead a reader on, anywhere; all other addresses in a page are loaded or sent to."""
_NAMED = frozenset("alternate author canonical describedby help license me next prev search".split())
"""Link relations that name another document and load nothing."""
_DATA = frozenset({"application/json", "application/ld+json"})
_SLOT = re.compile(r"@@[A-Z][A-Z0-9_.:-]*@@")
_JUDGED = _ADDRESSES | _LISTS | _PAINT | {"id", "http-equiv"}
_XML = re.compile(r"<!ENTITY|<\?xml-stylesheet", re.IGNORECASE)

Fault: TypeAlias = tuple[str, str]
"""A finding code and what it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a page is judged by."""

    files: frozenset[str]
    """Every file of the site."""
    url: str | None = None
    """The absolute address of the site."""
    scripts: frozenset[str] = frozenset()
    """Inline scripts a page may hold, as ``sha256-<base64>``."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """The ``lang`` that pages below a folder must state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What is wrong with a page, its anchors, and the anchors it leads to: page, anchor, address as written."""

    faults: tuple[Fault, ...]
    anchors: frozenset[str] = frozenset()
    wanted: tuple[tuple[str, str, str], ...] = ()


def page(path: str, content: bytes, rules: Rules) -> Verdict:
    """Judge the page at ``path`` below the site."""
    text, tree = _parsed(content)
    if tree is None:
        return Verdict(faults=(("html-encoding", ""),))
    faults = [("html-slot", slot) for slot in sorted(set(_SLOT.findall(text)))]
    faults += _document(path, tree, rules)
    return _nodes(path, tree, rules, faults)


def drawing(path: str, content: bytes, rules: Rules) -> Verdict:
    """Judge the SVG drawing at ``path``, which a browser also opens as a document."""
    text, tree = _parsed(content)
    if tree is None:
        return Verdict(faults=(("html-encoding", ""),))
    return _nodes(path, tree, rules, [("html-element", match) for match in _XML.findall(text)])


def _parsed(content: bytes) -> tuple[str, LexborHTMLParser | None]:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return "", None
    return text, LexborHTMLParser(text)


def _document(path: str, tree: LexborHTMLParser, rules: Rules) -> Iterator[Fault]:
    # Drawings within the page have titles of their own.
    titles = tree.css("title:not(svg title)")
    if len(titles) != 1 or not titles[0].text().strip():
        yield "html-title", str(len(titles))
    lang = (tree.root.attributes.get("lang") or "") if tree.root else ""
    if not lang or lang != rules.tags.get(path.partition("/")[0], lang):
        yield "html-lang", lang
    if tree.css_first('meta[charset="utf-8" i]') is None:
        yield "html-encoding", ""


def _nodes(path: str, tree: LexborHTMLParser, rules: Rules, faults: list[Fault]) -> Verdict:
    nodes = [(node, node.attributes) for node in tree.css("*")]
    tags = {(node.tag or "").lower() for node, _ in nodes}
    names = {name for _, attributes in nodes for name in attributes}
    faults += [("html-element", tag) for tag in sorted(tags - _ELEMENTS)]
    faults += [("html-handler", name) for name in sorted(names) if name.startswith("on") or name == "ping"]
    anchors: dict[str, int] = {}
    wanted: list[tuple[str, str, str]] = []
    for node, attributes in nodes:
        # Most elements carry nothing that is judged, and asking for it is what takes the time.
        if node.tag not in {"script", "style"} and _JUDGED.isdisjoint(attributes):
            continue
        faults += _active(node, attributes, rules)
        for address, loads in _addresses(node, attributes):
            fault, anchor = follow(path, address, rules, loads=loads)
            faults += [fault] if fault else []
            wanted += [anchor] if anchor else []
        if "id" in attributes:
            name = sys.intern(attributes["id"] or "")
            anchors[name] = anchors.get(name, 0) + 1
    faults += [("html-id", name) for name, count in anchors.items() if count > 1]
    return Verdict(faults=tuple(faults), anchors=frozenset(anchors), wanted=tuple(wanted))


def _active(node: LexborNode, attributes: Mapping[str, str | None], rules: Rules) -> Iterator[Fault]:
    if node.tag == "script" and not _runs_nothing_else(node, attributes, rules):
        yield "html-script", _digest(node)
    header = (attributes.get("http-equiv") or "").strip().lower()
    if "http-equiv" in attributes and header not in _HEADERS:
        yield "html-header", header


def _runs_nothing_else(script: LexborNode, attributes: Mapping[str, str | None], rules: Rules) -> bool:
    """Whether the script is a file of the site, mere data, or one the site's own code vouches for."""
    if "src" in attributes:
        return True
    if (attributes.get("type") or "").strip().lower() in _DATA:
        with contextlib.suppress(ValueError, RecursionError):
            json.loads(script.text())
            return True
        return False
    return _digest(script) in rules.scripts


def _digest(script: LexborNode) -> str:
    digest = hashlib.sha256(script.text().encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _addresses(node: LexborNode, attributes: Mapping[str, str | None]) -> Iterator[tuple[str, bool]]:
    """Every address of an element, and whether it is loaded (or sent to) rather than followed by a reader."""
    tag = node.tag
    for name, value in attributes.items():
        if name in _ADDRESSES:
            relations = frozenset((attributes.get("rel") or "").lower().split()) if tag == "link" else frozenset()
            leads = (tag, name) in _LEADS or (relations and relations <= _NAMED)
            yield value or "", not leads
        elif name in _LISTS:
            yield from ((candidate.split()[0], True) for candidate in (value or "").split(",") if candidate.strip())
        elif name in _PAINT and value:
            yield from ((address, True) for address in css.addresses(value))
    if tag == "style":
        yield from ((address, True) for address in css.addresses(node.text()))


def follow(path: str, address: str, rules: Rules, *, loads: bool) -> tuple[Fault | None, tuple[str, str, str] | None]:
    """Where an address in the file at ``path`` ends: what is wrong with it, and the anchor it needs."""
    folder, _, name = path.rpartition("/")
    place = addresses.place(folder, name, address, rules.url)
    if place.kind == "unsafe":
        return ("html-url", address), None
    if place.kind == "outside":
        return (("html-origin", address) if loads else None), None
    target = addresses.file(place.path, rules.files) if place.kind == "inside" else None
    if target is None:
        return ("link-broken", address), None
    needed = target.endswith(".html") and place.fragment not in {"", "top"}
    return None, ((target, place.fragment, address) if needed else None)
