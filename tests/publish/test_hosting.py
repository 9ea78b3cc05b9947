"""What README says of serving the site, tried on nginx."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest

from gazette import publish
from tests.faults import small_build

README = Path(__file__).parents[2] / "README.md"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
OLD = "data/reports/versions/0/reports.csv"


class Answer(NamedTuple):
    """What the server said."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


Ask: TypeAlias = Callable[..., Answer]


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A small published site behind nginx, configured as README has it."""
    if NGINX is None:
        pytest.skip("no nginx: what README says of serving the site was not tried")
    folder = tmp_path_factory.mktemp("hosting")
    small_build.build(folder, "word")
    (folder / "site/en/index.html").write_text("<!doctype html><title>Home</title>", encoding="utf-8")
    (folder / "site/404.html").write_text("<!doctype html><title>Nothing here</title>", encoding="utf-8")
    (folder / "site" / OLD).parent.mkdir(parents=True)
    (folder / "site" / OLD).write_text("id\r\n", encoding="utf-8")
    stated = re.search(r"```nginx\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert stated
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = free.getsockname()[1]
    rooms = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Started by root, its workers give that up and could not read the folders of a test.
    whom = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{whom} pid {folder}/pid; error_log {folder}/error.log; events {{}} http {{ access_log off; {rooms} server {{"
        f"listen 127.0.0.1:{number}; {stated[1].replace('/srv/gazette/site', f'{folder}/site')} }} }}",
        encoding="utf-8",
    )
    command = [NGINX, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
    subprocess.run(command, check=True)  # it listens when this ends, and goes on in the background
    yield number
    subprocess.run([*command, "-s", "stop"], check=True)


@pytest.fixture
def ask(port: int) -> Ask:
    """Get a path, as the script of a page on another site would."""

    def answer(path: str, headers: Mapping[str, str] | None = None) -> Answer:
        with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
            connection.request("GET", f"/{path}", headers={"Origin": "https://elsewhere.example", **(headers or {})})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())

    return answer


def test_the_served_site_is_what_its_manifest_says(port: int) -> None:
    """Every file comes as it was written; the pages and the version added here are no part of it."""
    findings, digest = publish.prove(f"http://127.0.0.1:{port}/")
    assert [finding.code for finding in findings if finding.severity == "error"] == []
    assert digest


def test_a_page_is_asked_for_again_and_sent_only_if_it_changed(ask: Ask) -> None:
    """A folder is its index, and what is not there is said in both languages."""
    page = ask("en/")
    assert (page.status, page.headers["Cache-Control"]) == (200, "no-cache")
    assert ask("en/", {"If-None-Match": page.headers["ETag"]}).status == 304
    assert ask("en").headers["Location"].endswith("/en/")
    missing = ask("en/none/")
    assert missing.status == 404
    assert b"Nothing here" in missing.body


def test_other_sites_may_read_the_data(ask: Ask) -> None:
    """And parts of it; but no page."""
    table = ask("data/reports/reports.csv", {"Range": "bytes=0-1"})
    assert (table.status, table.body, table.headers["Access-Control-Allow-Origin"]) == (206, b"id", "*")
    assert "Content-Range" in table.headers["Access-Control-Expose-Headers"]
    assert ask("en/").headers["Access-Control-Allow-Origin"] is None


def test_a_former_version_is_kept_for_a_day(ask: Ask) -> None:
    """Its address has the same bytes until it is withdrawn, and no longer: nobody may keep it for good."""
    assert ask(OLD).headers["Cache-Control"] == "public, max-age=86400"
    assert ask("data/reports/reports.csv").headers["Cache-Control"] == "public, max-age=300"
