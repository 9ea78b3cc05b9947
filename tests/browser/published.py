"""A site of real datasets with its scripts, made for the browser: no gates, and only the files a test asks for."""

from __future__ import annotations

import contextlib
import csv
import functools
import gzip
import hashlib
import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from gazette import assets, descriptor, exports, pages, site, snapshot, tables, units
from gazette.model import Artifact, History, Report, Slice
from tests import sample

TODAY = date(2026, 1, 31)
_TEXTS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
}


def publish(datasets: Path, stage: Path, *, formats: bool, kinds: frozenset[str]) -> None:
    """Write the site of ``datasets`` into ``stage``: every format of its tables or their CSV, pages of ``kinds``."""
    wanted = replace(sample.settings(), datasets=datasets, output=stage)
    assets.bundle(wanted.config, stage)
    with TemporaryDirectory() as room:
        copy, _ = snapshot.take(datasets, Path(room))
        found, _ = descriptor.load(copy, wanted.policy, wanted.site)
        found = tables.labelled(found, copy)
        pieces = tables.cut(found, copy)
        files = exports.write(pieces, wanted, stage, History(), TODAY)[0] if formats else _plain(pieces, stage)
        rows = {(file.dataset or "", file.resource or ""): file.rows or 0 for file in files}
        report = Report(findings=(), counts={}, codes={}, rows=rows)
        registered = units.gather(found, pieces)
    pages.index(found, files, report, History(), wanted, stage, registered)
    shells = site.build(wanted, stage)
    chosen = {key: shell for key, shell in shells.shells.items() if key[0] in kinds | {"root"}}
    shells = replace(shells, shells=chosen)
    for page in pages.render(found, files, (), report, History(), shells, wanted, TODAY, {}, registered):
        (stage / page.path).parent.mkdir(parents=True, exist_ok=True)
        (stage / page.path).write_text(page.html, "utf-8")


def _plain(pieces: tuple[Slice, ...], stage: Path) -> tuple[Artifact, ...]:
    return tuple(_csv(piece, stage) for piece in pieces)


def _csv(piece: Slice, stage: Path) -> Artifact:
    table = tables.read(piece)
    path = f"data/{piece.dataset.name}/{piece.resource.slug}.csv"
    (stage / path).parent.mkdir(parents=True, exist_ok=True)
    with (stage / path).open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(table.column_names)
        out.writerows(zip(*([cell or "" for cell in column.to_pylist()] for column in table.columns), strict=True))
    content = (stage / path).read_bytes()
    return Artifact(
        path=path,
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        media_type="text/csv",
        dataset=piece.dataset.name,
        resource=piece.resource.name,
        rows=table.num_rows,
    )


class Plain(SimpleHTTPRequestHandler):
    """A static server that knows no ranges and answers them with the whole file."""

    def log_message(self, *_: object) -> None:
        """Say nothing of requests."""


class Ranged(Plain):
    """A static server that knows ranges."""

    def do_GET(self) -> None:
        """Answer with the part asked for."""
        asked = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        if asked is None:
            super().do_GET()
            return
        content = Path(self.translate_path(self.path)).read_bytes()
        start, end = int(asked[1]), min(int(asked[2]), len(content) - 1)
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {start}-{end}/{len(content)}")
        self.send_header("Content-Length", str(end - start + 1))
        self.end_headers()
        self.wfile.write(content[start : end + 1])


class Compressed(Plain):
    """A static server that sends texts compressed, as hosts of sites do."""

    def do_GET(self) -> None:
        """Answer a request, for a folder with its page."""
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if path.suffix not in _TEXTS or not path.is_file():
            super().do_GET()
            return
        content = gzip.compress(path.read_bytes())
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", _TEXTS[path.suffix])
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextlib.contextmanager
def served(folder: Path, handler: type[Plain] = Plain) -> Iterator[str]:
    """The address ``folder`` is served at."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
