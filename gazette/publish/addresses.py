"""Where a link of a published file leads, judged as a browser reads it (WHATWG URL Standard)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_BREAKS = re.compile(r"[\t\n\r]")
_PADDING = "".join(map(chr, range(0x21)))  # C0 control or space
_OUTSIDE = frozenset({"http:", "https:", "mailto:", "tel:"})
"""Schemes a reader may be led out of the site by."""
NOT_FOUND = "404.html"
"""Served at any address, so only its links may start at the root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What an address leads to.

    ``kind`` is ``inside`` (then ``path`` is a POSIX path below the site, with a slash at its end where it must
    be a folder, and ``fragment`` the anchor), ``outside``, ``broken`` where it starts at the root or climbs out
    of the site, or ``unsafe`` for what no page may contain.
    """

    kind: str
    path: str = ""
    fragment: str = ""


def place(folder: str, name: str, address: str, site: str | None) -> Place:
    """The place the ``address`` written in the file ``name`` of ``folder`` leads to.

    ``site`` is the absolute address of the published site, if it has one.
    """
    address = _BREAKS.sub("", address.strip(_PADDING)) if not address.isprintable() else address.strip()
    if site and address.startswith(site):
        return _inside("", address[len(site) :])
    if _SCHEME.match(address) or address.startswith("//"):
        return Place(kind="outside" if _harmless(address) else "unsafe")
    if "\\" in address:
        return Place(kind="unsafe")
    if address.startswith("/"):
        root = urlsplit(site or "/").path
        served_anywhere = name == NOT_FOUND and not folder and address.startswith(root)
        return _inside("", address[len(root) :]) if served_anywhere else Place(kind="broken")
    return _inside(folder, name + address if not address or address[0] in "?#" else address)


def file(path: str, files: frozenset[str]) -> str | None:
    """The file a server sends for ``path``: the file itself, or the ``index.html`` of a folder."""
    if path in files:
        return path
    index = f"{path}index.html" if not path or path.endswith("/") else f"{path}/index.html"
    return index if index in files else None


def _harmless(address: str) -> bool:
    scheme = _SCHEME.match(address)
    if "\\" in address or (scheme and scheme.group().lower() not in _OUTSIDE):
        return False
    host = re.split(r"[/?#]", address.partition("//")[2])[0]
    # https://known.example@other.example leads to the other; nothing honest is written so.
    return "@" not in host


def _inside(folder: str, address: str) -> Place:
    target, _, fragment = address.partition("#")
    parts = folder.split("/") if folder else []
    steps = unquote(target.partition("?")[0]).split("/")
    for step in steps:
        if step == "..":
            if not parts:
                return Place(kind="broken")
            parts.pop()
        elif step not in {"", "."}:
            parts.append(step)
    path = "/".join(parts)
    must_be_folder = path and steps[-1] in {"", ".", ".."}
    return Place(kind="inside", path=f"{path}/" if must_be_folder else path, fragment=unquote(fragment))
