"""The proof of a site where it is published: every file its manifest lists is fetched and held against it.

Nothing is believed that the server says of itself: no file is read beyond the size the manifest states, no redirect
is followed to another host or scheme, and a server that stops answering ends the proof.
"""

from __future__ import annotations

import hashlib
import http.client
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import IO, Any
from urllib import error, parse, request

import gazette
from gazette.model import BuildError, Finding
from gazette.publish import manifest, releases

_PATIENCE = 30
"""Seconds a server may be silent."""
_BLOCK = 1 << 20
_LARGEST = 256 << 20
"""Bytes of a manifest; a million files have one of about 200 MB."""
_AT_ONCE = 4
_TRIES = 3
_GONE = range(400, 500)


class Elsewhere(Exception):
    """The server sends its reader to another host or by another scheme."""


class _Redirects(request.HTTPRedirectHandler):
    def redirect_request(
        self, req: request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> request.Request | None:
        there, here = parse.urlsplit(newurl), parse.urlsplit(req.full_url)
        if (there.scheme, there.netloc) != (here.scheme, here.netloc):
            raise Elsewhere(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(url: str) -> tuple[bytes, tuple[Finding, ...], bytes | None]:
    """The manifest of the site at ``url``, where the site differs from it, and its list of releases.

    A site that is replaced meanwhile is proved anew. Raises BuildError with exit 2 for an address that is none, with
    exit 3 where the server does not answer.
    """
    site = _Site(url)
    for _ in range(_TRIES):
        content = site.whole(manifest.NAME, _LARGEST)
        listed = manifest.listed(content) if content is not None else None
        if content is None or listed is None:
            return b"", (manifest.finding("manifest-unreadable", manifest.NAME),), None
        found = site.differences(listed)
        list_ = site.whole(releases.NAME, listed[releases.NAME][0]) if releases.NAME in listed else None
        if site.whole(manifest.NAME, _LARGEST) == content:
            return content, found, list_
    raise BuildError("site-changing", exit=3, path=url)


class _Site:
    """A published site, as a reader somewhere else sees it."""

    def __init__(self, url: str) -> None:
        parts = parse.urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query:
            raise BuildError("site-address", address=url)
        self._top = url.rstrip("/") + "/"
        self._opener = request.build_opener(_Redirects)
        # What is compressed on the way would have to be unpacked before anybody knows how large it is.
        self._opener.addheaders = [
            ("User-Agent", f"gazette-verify/{gazette.__version__}"),
            ("Accept-Encoding", "identity"),
        ]

    def differences(self, listed: Mapping[str, tuple[int, str]]) -> tuple[Finding, ...]:
        """What is wrong with the files of a manifest, in its order."""
        pool = ThreadPoolExecutor(_AT_ONCE)
        try:
            return tuple(filter(None, pool.map(self.judge, listed.items())))
        finally:
            # A server that no longer answers is not asked for the rest.
            pool.shutdown(cancel_futures=True)

    def judge(self, entry: tuple[str, tuple[int, str]]) -> Finding | None:
        """What is wrong with one file of the manifest."""
        path, (size, digest) = entry
        total, seen = hashlib.sha256(), 0
        try:
            with self._open(path) as answer:
                while block := answer.read(min(_BLOCK, size + 1 - seen)):
                    total.update(block)
                    seen += len(block)
        except Elsewhere as other:
            return manifest.finding("site-file-elsewhere", path, address=str(other))
        except FileNotFoundError:
            return manifest.finding("site-file-missing", path)
        return None if (seen, total.hexdigest()) == (size, digest) else manifest.finding("file-altered", path)

    def whole(self, path: str, most: int) -> bytes | None:
        """A file of at most so many bytes; ``None`` where there is none, or only a larger one."""
        try:
            with self._open(path) as answer:
                content = answer.read(most + 1)
        except (Elsewhere, FileNotFoundError):
            return None
        return content if len(content) <= most else None

    @contextmanager
    def _open(self, path: str) -> Iterator[http.client.HTTPResponse]:
        address = self._top + parse.quote(path)
        try:
            with self._opener.open(address, timeout=_PATIENCE) as answer:
                yield answer
        except error.HTTPError as fault:
            fault.close()
            if fault.code < _GONE.start:
                raise Elsewhere(fault.headers.get("Location", "")) from fault
            if fault.code in _GONE:
                raise FileNotFoundError(path) from fault
            raise BuildError("site-unreachable", exit=3, path=address, reason=f"HTTP {fault.code}") from fault
        except (OSError, http.client.HTTPException) as fault:
            reason = str(getattr(fault, "reason", "") or fault) or type(fault).__name__
            raise BuildError("site-unreachable", exit=3, path=address, reason=reason) from fault
