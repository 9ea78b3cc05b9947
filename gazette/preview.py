"""Shows the site on this machine and builds it again whenever its sources change."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from gazette.model import BuildError, Settings

_PAUSE = 0.5
"""Seconds between two looks at the sources."""


def run(settings: Settings, build: Callable[[Settings], int], say: Callable[[str], object]) -> int:
    """Serve ``settings.output`` at ``settings.address`` until interrupted; returns the exit code.

    ``build`` makes the site, first and after every change; while it fails the last good site stays up. Raises
    :class:`BuildError` (exit 3) where the address is taken.
    """
    seen = _state(settings)
    build(settings)
    try:
        server = ThreadingHTTPServer(settings.address, partial(_Quiet, directory=str(settings.output)))
    except OSError as fault:
        raise BuildError("address-taken", exit=3, port=settings.address[1], reason=fault.strerror) from fault
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say(f"http://{settings.address[0]}:{server.server_address[1]}/\n")
    try:
        while True:
            time.sleep(_PAUSE)
            if (now := _state(settings)) != seen:
                seen = now
                build(settings)
    except KeyboardInterrupt:
        return 0
    finally:
        server.shutdown()
        server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    """Says nothing of requests, and keeps nothing in the browser's cache."""

    def log_message(self, *_: object) -> None:
        pass

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


def _state(settings: Settings) -> dict[Path, tuple[int, int]]:
    states: dict[Path, tuple[int, int]] = {}
    for path in _sources(settings):
        with contextlib.suppress(FileNotFoundError):  # an editor replaces it at this moment
            state = path.stat()
            states[path] = (state.st_mtime_ns, state.st_size)
    return states


def _sources(settings: Settings) -> Iterator[Path]:
    folder = settings.config.parent
    yield from sorted(folder.glob("mkdocs*.yml"))
    for source in (settings.datasets, folder / "site_src", folder / "templates"):
        yield from sorted(path for path in source.rglob("*") if path.is_file())
