"""The proof of a published site over HTTP, against real servers on this machine."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

import build as program
from gazette import publish
from gazette.model import BuildError
from gazette.publish import manifest, remote
from tests.faults import small_build

Reply = Callable[[BaseHTTPRequestHandler], bool]


@contextmanager
def served(folder: Path, reply: Reply = lambda _: False) -> Iterator[str]:
    """The address of ``folder`` on a server that lets ``reply`` answer first."""

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(folder))

        def do_GET(self) -> None:
            if not reply(self):
                super().do_GET()

        def log_message(self, *_: object) -> None:
            """Say nothing of requests."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A small published site."""
    small_build.build(tmp_path, "word")
    return tmp_path / "site"


def found(address: str) -> list[tuple[str, str | None]]:
    """The codes and paths of everything that is wrong."""
    findings, _ = publish.prove(address)
    return [(each.code, each.path) for each in findings if each.severity == "error"]


def test_a_whole_site_is_proved(site: Path) -> None:
    """By its address alone; what cannot be told from there is said."""
    with served(site) as address:
        findings, digest = publish.prove(address)
    assert [(each.code, each.severity) for each in findings] == [
        ("site-extra-unseen", "warning"),
        ("since-unstated", "warning"),
    ]
    assert digest == publish.digest(site)


def test_a_site_below_a_folder_is_proved(site: Path) -> None:
    """With and without the slash at the end of its address."""
    with served(site.parent) as address:
        assert found(f"{address}site") == found(f"{address}site/") == []


def test_one_byte_and_one_file_are_missed(site: Path) -> None:
    """Each is named by its path; a file nobody listed cannot be seen from outside."""
    page = site / "en/a.html"
    page.write_bytes(page.read_bytes().replace(b"word", b"Word", 1))
    (site / "data/reports/reports.csv").unlink()
    (site / "extra.txt").write_text("x")
    with served(site) as address:
        assert found(address) == [
            ("site-file-missing", "data/reports/reports.csv"),
            ("file-altered", "en/a.html"),
        ]


@pytest.mark.parametrize("grown", [1, 5_000_000])
def test_no_file_is_read_beyond_the_size_the_manifest_states(site: Path, grown: int) -> None:
    """However much the server sends."""
    page = site / "en/a.html"
    page.write_bytes(page.read_bytes() + b" " * grown)
    taken = 0
    read = http.client.HTTPResponse.read

    def counted(answer: Any, size: int | None = None) -> bytes:
        nonlocal taken
        content: bytes = read(answer, size)
        if answer.url.endswith("a.html"):
            taken += len(content)
        return content

    with served(site) as address, mock.patch.object(http.client.HTTPResponse, "read", counted):
        assert found(address) == [("file-altered", "en/a.html")]
    assert taken <= page.stat().st_size - grown + 1


def moved(path: str, target: str) -> Reply:
    """A server that redirects ``path``."""

    def reply(asked: BaseHTTPRequestHandler) -> bool:
        if asked.path != path:
            return False
        asked.send_response(302)
        asked.send_header("Location", target)
        asked.end_headers()
        return True

    return reply


def test_a_redirect_to_another_host_is_not_followed(site: Path) -> None:
    """Nor one to another port, scheme or to a file of this machine; the other server is never asked."""
    asked: list[str] = []

    def listen(request: BaseHTTPRequestHandler) -> bool:
        asked.append(request.path)
        return False

    with served(site, listen) as other:
        targets = [f"{other}en/a.html", "https://127.0.0.1/en/a.html", (site / "en/a.html").as_uri(), "//[::1]/a"]
        for target in targets:
            with served(site, moved("/en/a.html", target)) as address:
                assert found(address) == [("site-file-elsewhere", "en/a.html")]
    assert asked == []


def test_a_redirect_within_the_site_is_followed(site: Path) -> None:
    """As some servers send a reader of index.html to its folder."""
    (site / "en/moved.html").write_bytes((site / "en/a.html").read_bytes())
    with served(site, moved("/en/a.html", "/en/moved.html")) as address:
        assert found(address) == []


def test_a_server_that_fails_ends_the_proof_with_three(site: Path) -> None:
    """That says nothing of the files."""

    def fail(asked: BaseHTTPRequestHandler) -> bool:
        if asked.path == "/en/a.html":
            asked.send_error(503)
        return asked.path == "/en/a.html"

    with served(site, fail) as address, pytest.raises(BuildError) as refused:
        publish.prove(address)
    assert (refused.value.code, refused.value.exit) == ("site-unreachable", 3)
    assert refused.value.facts["reason"] == "HTTP 503"


def test_a_server_that_is_silent_ends_the_proof(site: Path) -> None:
    """After a time, and not by waiting for it on every file."""
    waiting = threading.Event()

    def wait(asked: BaseHTTPRequestHandler) -> bool:
        if asked.path == "/manifest.json":
            return False
        waiting.wait(20)
        return True

    with served(site, wait) as address, mock.patch.object(remote, "_PATIENCE", 0.2):
        with pytest.raises(BuildError) as refused:
            publish.prove(address)
        waiting.set()
    assert (refused.value.code, refused.value.exit) == ("site-unreachable", 3)


def test_an_answer_that_breaks_off_ends_the_proof(site: Path) -> None:
    """It is no altered file."""

    def half(asked: BaseHTTPRequestHandler) -> bool:
        if asked.path != "/en/a.html":
            return False
        asked.send_response(200)
        asked.send_header("Content-Length", str((site / "en/a.html").stat().st_size))
        asked.end_headers()
        asked.wfile.write(b"<!doc")
        asked.close_connection = True
        return True

    with served(site, half) as address:
        try:
            assert found(address) == [("file-altered", "en/a.html")]
        except BuildError as fault:
            assert fault.code == "site-unreachable"  # noqa: PT017 - whichever of the two the connection allows


def test_a_site_that_is_replaced_meanwhile_is_proved_anew(site: Path) -> None:
    """The answer is about one version; one that never stands still has none."""
    content = (site / "manifest.json").read_bytes()
    asked = []

    def other(request: BaseHTTPRequestHandler) -> bool:
        if request.path == "/manifest.json":
            asked.append(request.path)
            document = json.loads(content) | ({"as_of": f"2024-05-{len(asked):02}"} if len(asked) < 3 else {})
            body = json.dumps(document).encode()
            request.send_response(200)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body)
        return request.path == "/manifest.json"

    with served(site, other) as address:
        assert found(address) == []
    assert len(asked) == 4
    asked.clear()
    with (
        served(site, other) as address,
        mock.patch.object(remote, "_TRIES", 1),
        pytest.raises(BuildError, match="site-changing"),
    ):
        publish.prove(address)


@pytest.mark.parametrize(
    "path",
    ["../secret", "a/../../secret", "/etc/passwd", "a//b", "a\\b", "http://other.example/a", "a/./b", "a\nb", ""],
)
def test_a_manifest_that_leads_out_of_the_site_is_none(site: Path, path: str) -> None:
    """Nothing is fetched for it."""
    content = (site / manifest.NAME).read_bytes()
    document = json.loads(content)
    document["files"][0]["path"] = path
    (site / manifest.NAME).write_text(json.dumps(document))
    with served(site) as address:
        assert found(address) == [("manifest-unreadable", "manifest.json")]


def test_a_manifest_that_is_too_large_is_none(site: Path) -> None:
    """It is not read to its end."""
    with served(site) as address, mock.patch.object(remote, "_LARGEST", 10):
        assert found(address) == [("manifest-unreadable", "manifest.json")]


@pytest.mark.parametrize(
    "address",
    ["file:///etc/", "ftp://example.org/", "https://", "https://me:secret@example.org/", "https://example.org/?a=b"],
)
def test_what_is_no_address_of_a_site_ends_with_two(address: str) -> None:
    """Before anything is fetched."""
    with pytest.raises(BuildError) as refused:
        publish.prove(address)
    assert (refused.value.code, refused.value.exit) == ("site-address", 2)


def test_the_command_takes_an_address(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 0 where nothing is wrong, with 1 and the address of the file where something is."""
    with served(site) as address:
        assert program.main(["verify", address, "--lang", "zh"]) == 0
        said = capsys.readouterr().out
        assert "通过网络无法查出" in said
        assert said.endswith(f"manifest.json 的 SHA-256：{publish.digest(site)}\n")
        (site / "en/a.html").write_text("other")
        assert program.main(["verify", address, "--lang", "en"]) == 1
        assert capsys.readouterr().out.startswith(f"error file-altered {address}en/a.html\n")
    assert program.main(["verify", address]) == 3
