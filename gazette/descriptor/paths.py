"""Which paths a descriptor may name: POSIX children of its own folder (Data Package v2, "Path")."""

from __future__ import annotations

import re

from slugify import slugify

_SEGMENT = re.compile(r"[a-z0-9_][a-z0-9_.-]*", re.ASCII)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+):", re.ASCII | re.IGNORECASE)
_DRIVE = re.compile(r"[a-z]:", re.ASCII | re.IGNORECASE)
# Control and format characters, shell and Windows variables, what Windows forbids, wildcards.
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\\$%*?\"<>|:]")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.ASCII | re.IGNORECASE)
_COPY = re.compile(
    r"(?: ?[\(（]\d+[\)）]| ?- ?(?:copy|副本)(?: ?[\(（]\d+[\)）])?|[ _-]?copy\d*|[ _-]?副本\d*)$", re.IGNORECASE
)
"""What browsers, Windows, macOS and people put behind the name of a copy."""

_FETCHABLE = {"http", "https", "ftp", "ftps", "s3", "gs", "az", "abfs", "hdfs"}
_MAX_BYTES = 255
_MAX_PATH = 1024
"""Bytes of a whole path; with the folders above it, it must stay below the 4,096 of Linux (PATH_MAX)."""


def refusal(path: str) -> str | None:
    """Why no policy reads ``path``, as a finding code; ``None`` where it is a path below the folder."""
    if path.startswith(("/", "~", "\\\\")) or _DRIVE.match(path):
        return "path-absolute"
    if _SCHEME.match(path):
        return "path-remote"
    segments = path.split("/")
    if ".." in segments:
        return "path-parent"
    # A shell that is handed the path in parts would take "~" for somebody's home.
    if (
        not path
        or "~" in segments
        or _FORBIDDEN.search(path)
        or any(segment != segment.strip() for segment in segments)
    ):
        return "path-characters"
    too_long = len(path.encode("utf-8", "surrogatepass")) > _MAX_PATH
    if too_long or any(_is_reserved(segment) for segment in segments):
        return "path-reserved"
    return None


def is_fetchable(path: str) -> bool:
    """Whether ``path`` is the address of something on another machine, rather than a trick on this one."""
    match = _SCHEME.match(path)
    return bool(match and match[1].lower() in _FETCHABLE)


def is_plain(path: str) -> bool:
    """Whether ``path`` needs no slug: lower-case ASCII letters, digits, ``_``, ``-`` and ``.``."""
    return all(_SEGMENT.fullmatch(segment) for segment in path.split("/"))


def original(path: str) -> str:
    """``path`` without what says in its name that it is a copy: ``data/rooms (1).csv`` is one of ``data/rooms.csv``."""
    stem, dot, suffix = path.rpartition(".")
    return f"{_COPY.sub('', stem)}{dot}{suffix}"


def slug(name: str) -> str:
    """``name`` in the letters of an address; empty where nothing of it can be written in them."""
    return str(slugify(name, max_length=64))


def _is_reserved(segment: str) -> bool:
    """Names that a system gives a meaning of its own: hidden files, Windows devices, over-long names."""
    too_long = len(segment.encode("utf-8", "surrogatepass")) > _MAX_BYTES
    return segment.startswith(".") or segment.endswith(".") or too_long or bool(_RESERVED.fullmatch(segment))
