"""The chain of releases: an older state, and a history written anew, are both found out."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

import build as program
from gazette import publish
from gazette.model import Artifact, BuildError, Dataset, Finding, History, Page, Text, Version
from gazette.publish import manifest, releases
from tests.faults import small_build


@dataclass(slots=True)
class Office:
    """A publisher with a repository: it commits, builds and releases."""

    folder: Path
    serial: int = 0
    day: date = date(2026, 1, 1)
    kept: dict[str, bytes] = field(default_factory=dict)

    @property
    def site(self) -> Path:
        """Where it publishes."""
        return self.folder / "site"

    @property
    def config(self) -> Path:
        """Its settings, beside which the list lies."""
        return self.folder / "mkdocs.yml"

    def build(self, name: str, serial: int | None = None, day: date | None = None) -> None:
        """Publish a site of a later commit and keep its manifest under ``name``."""
        self.serial = self.serial + 1 if serial is None else serial
        self.day = day or self.day.replace(day=self.day.day + 1)
        history = History(commit=f"{self.serial:040x}", serial=self.serial)
        html = small_build.PAGE.format(word=name)
        with publish.open(self.site, self.folder / "datasets") as stage:
            pages = publish.write(stage, [Page(path="en/index.html", language="en", html=html)])
            publish.seal(stage, pages, self.day, history, (), self.config.with_name(publish.RELEASES))
            publish.switch(stage)
        self.kept[name] = (self.site / manifest.NAME).read_bytes()

    def release(self) -> releases.Release:
        """Add the site to the list."""
        return publish.release(self.site, self.config)

    def since(self, name: str) -> list[Finding]:
        """What is wrong with the site for somebody who kept the manifest ``name``."""
        old = self.folder / "old.json"
        old.write_bytes(self.kept[name])
        return list(publish.prove(self.site, old)[0])


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """One that has released twice and built since."""
    made = Office(tmp_path)
    for name in ("first", "second"):
        made.build(name)
        made.release()
    made.build("third")
    return made


def test_each_manifest_names_the_release_before_it(office: Office) -> None:
    """And the list is published with the site."""
    stated = [json.loads(office.kept[name])["previous"] for name in ("first", "second", "third")]
    assert stated == [None, manifest.digest(office.kept["first"]), manifest.digest(office.kept["second"])]
    listed = (office.folder / "releases.csv").read_text()
    assert listed == (
        "serial,as_of,commit,manifest_sha256\n"
        f"1,2026-01-02,{1:040x},{manifest.digest(office.kept['first'])}\n"
        f"2,2026-01-03,{2:040x},{manifest.digest(office.kept['second'])}\n"
    )
    assert (office.site / "releases.csv").read_text() == listed
    assert publish.verify(office.site) == ()


@pytest.mark.parametrize("name", ["first", "second", "third"])
def test_a_site_comes_after_every_manifest_before_it(office: Office, name: str) -> None:
    """Whichever of them a reader kept."""
    assert office.since(name) == []


def test_an_older_site_is_found(office: Office) -> None:
    """Put back in the place of a newer one, its serial number and its day tell."""
    office.build("old", serial=2, day=date(2026, 1, 3))
    found = office.since("third")
    assert [(each.code, each.facts["variant"]) for each in found] == [
        ("rolled-back", "serial"),
        ("rolled-back", "as_of"),
    ]
    assert [(each.facts["old"], each.facts["new"]) for each in found] == [("3", "2"), ("2026-01-04", "2026-01-03")]


def test_a_history_written_anew_is_found(office: Office) -> None:
    """A list without a release that a reader knows of, however consistent in itself."""
    (office.folder / "releases.csv").unlink()
    office.serial = 7
    office.build("forged")
    office.release()
    office.build("later")
    assert [(each.code, each.facts["variant"]) for each in office.since("second")] == [("release-broken", "since")]
    assert [(each.code, each.facts["variant"]) for each in office.since("third")] == [("release-broken", "since")]


def test_a_list_that_does_not_end_with_what_the_manifest_names_is_found(office: Office) -> None:
    """Also by whoever kept nothing."""
    known = releases.read(office.folder / "releases.csv")
    (office.site / "releases.csv").write_bytes(releases.text(known[:1]))
    codes = {each.code for each in publish.prove(office.site)[0]}
    assert codes == {"file-altered", "release-broken", "since-unstated"}


def test_without_git_the_day_alone_tells(tmp_path: Path) -> None:
    """A site without serial numbers is still held to its day."""
    made = Office(tmp_path)
    made.build("new")
    old = json.loads(made.kept["new"]) | {"serial": None, "as_of": "2027-01-01"}
    made.kept["old"] = json.dumps(old).encode()
    assert [each.facts["variant"] for each in made.since("old")] == ["as_of"]


def test_what_is_no_manifest_cannot_be_compared_with(office: Office) -> None:
    """The operator is told, with 2."""
    for content in (
        b"",
        b"{}",
        b"[]",
        b'{"schema": "other"}',
        b'{"schema":"gazette-manifest-1","as_of":"x","files":[]}',
    ):
        office.kept["none"] = content
        with pytest.raises(BuildError) as refused:
            office.since("none")
        assert (refused.value.code, refused.value.exit) == ("since-unreadable", 2)
    with pytest.raises(BuildError, match="since-unreadable"):
        publish.prove(office.site, office.folder / "nothing.json")


def test_only_a_new_site_is_released(office: Office) -> None:
    """One that names another release, is older, was altered or comes from no commit is not."""
    office.build("again", serial=2, day=date(2026, 1, 4))
    with pytest.raises(BuildError, match="release-order"):
        office.release()
    office.build("other", serial=9)
    page = office.site / "en/index.html"
    page.write_bytes(page.read_bytes() + b" ")
    with pytest.raises(BuildError, match="release-unproven"):
        office.release()
    office.build("third", serial=10)
    office.release()
    with pytest.raises(BuildError, match="release-chain"):
        office.release()
    small_build.build(office.folder, "no git")
    with pytest.raises(BuildError, match="release-uncommitted"):
        office.release()


@pytest.mark.parametrize(
    "content",
    [
        "",
        "serial,as_of\n1,2026-01-01\n",
        "serial,as_of,commit,manifest_sha256\nx,2026-01-01,c,d\n",
        "serial,as_of,commit,manifest_sha256\n2,2026-01-01,c,d\n1,2026-01-02,c,d\n",
        "serial,as_of,commit,manifest_sha256\n1,2026-01-02,c,d\n2,2026-01-01,c,d\n",
    ],
)
def test_a_list_that_is_none_stops_the_build(office: Office, content: str) -> None:
    """It is not passed on, and not begun anew in silence."""
    (office.folder / "releases.csv").write_text(content)
    with pytest.raises(BuildError, match="releases-unreadable"):
        office.build("next")


def test_the_manifest_states_the_version_of_every_dataset(tmp_path: Path) -> None:
    """Its number, and the commit that changed it last."""
    known = Dataset(
        name="reports", folder="reports", path="reports/datapackage.yaml", title=Text(), description=Text(),
        resources=(), version="1.2.0",
    )  # fmt: skip
    past = History(versions={"reports": (Version(commit="a" * 40, published=date(2026, 1, 2), subject="More"),)})
    entry = {"path": "data/reports/x.csv", "bytes": 0, "sha256": manifest.digest(b"")}
    (tmp_path / "data/reports").mkdir(parents=True)
    (tmp_path / entry["path"]).write_bytes(b"")  # type: ignore[operator]
    made = Artifact(
        path="data/reports/x.csv", bytes=0, sha256=manifest.digest(b""), media_type="text/csv", dataset="reports"
    )
    manifest.write(tmp_path, [made], date(2026, 1, 3), past, [known])
    assert json.loads((tmp_path / manifest.NAME).read_bytes())["datasets"] == [
        {"name": "reports", "version": "1.2.0", "commit": "a" * 40, "published": "2026-01-02"}
    ]


def test_the_commands_release_and_compare(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    """From the command line, in both languages."""
    site, config, old = str(office.site), str(office.config), office.folder / "old.json"
    old.write_bytes(office.kept["second"])
    assert program.main(["verify", site, "--since", str(old), "--lang", "en"]) == 0
    assert capsys.readouterr().out.startswith("Accepted. Errors: 0; warnings: 0.\n")
    assert program.main(["release", "--output", site, "--config", config, "--lang", "en"]) == 0
    digest = publish.digest(office.site)
    assert capsys.readouterr().out == f"SHA-256 of manifest.json: {digest}\n"
    assert (office.folder / "releases.csv").read_text().endswith(f",{digest}\n")
    office.build("old", serial=1, day=date(2026, 1, 2))
    assert program.main(["verify", site, "--since", str(old), "--lang", "zh"]) == 1
    assert "站点被退回：现序号为 1，此前为 2。" in capsys.readouterr().out


def test_the_digest_that_is_printed_is_that_of_sha256sum(office: Office) -> None:
    """Anybody can compute it."""
    done = subprocess.run(["sha256sum", "manifest.json"], cwd=office.site, check=True, capture_output=True, text=True)
    assert done.stdout.split()[0] == publish.digest(office.site)
