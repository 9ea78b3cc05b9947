"""The preview: serves the site, builds again on a change, keeps the last good site."""

from __future__ import annotations

import socket
import time
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from gazette import preview
from gazette.model import BuildError, Settings
from tests import broken


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings for a preview on a free port."""
    (tmp_path / "datasets").mkdir()
    (tmp_path / "datasets/a.csv").write_text("a\n")
    (tmp_path / "mkdocs.yml").write_text("site_name: x\n")
    (tmp_path / "site").mkdir()
    return replace(broken.wanted(tmp_path), command="serve", address=("127.0.0.1", 0))


def test_the_site_is_served_and_built_again_on_a_change(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """One build at the start, one per change, none without; an interrupt ends it with 0."""
    said: list[str] = []
    builds: list[str] = []
    answers: list[tuple[str, str | None]] = []
    turns = iter(["nothing", "change", "nothing", "end"])

    def build(settings: Settings) -> int:
        builds.append((settings.datasets / "a.csv").read_text())
        (settings.output / "index.html").write_text(f"build {len(builds)}")
        return 0

    def sleep(_: float) -> None:
        with urllib.request.urlopen(said[0].strip()) as answer:  # noqa: S310 - the preview's own address
            answers.append((answer.read().decode(), answer.headers["Cache-Control"]))
        turn = next(turns)
        if turn == "change":
            (settings.datasets / "b.csv").write_text("b\n")
        if turn == "end":
            raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", sleep)
    assert preview.run(settings, build, said.append) == 0
    assert said[0].startswith("http://127.0.0.1:")
    assert builds == ["a\n", "a\n"]
    assert [text for text, _ in answers] == ["build 1", "build 1", "build 2", "build 2"]
    assert {header for _, header in answers} == {"no-store"}


def test_a_build_that_fails_leaves_the_site_up(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """An editor in the middle of a sentence keeps seeing the last good site."""
    said: list[str] = []
    (settings.output / "index.html").write_text("good")

    def sleep(_: float) -> None:
        with urllib.request.urlopen(said[0].strip()) as answer:  # noqa: S310 - the preview's own address
            assert answer.read() == b"good"
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", sleep)
    assert preview.run(settings, lambda _: 1, said.append) == 0


def test_a_file_that_vanishes_while_it_is_looked_at_is_a_change(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Editors replace files; the preview does not end for it."""
    (settings.datasets / "gone.csv").symlink_to("nowhere")
    monkeypatch.setattr(preview, "_sources", lambda _: [settings.datasets / "gone.csv", settings.config])
    assert set(preview._state(settings)) == {settings.config}


def test_an_address_that_is_taken_stops_the_preview(settings: Settings) -> None:
    """The operator is told the port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BuildError) as raised:
            preview.run(replace(settings, address=("127.0.0.1", port)), lambda _: 0, print)
    assert (raised.value.code, raised.value.exit, raised.value.facts["port"]) == ("address-taken", 3, port)
