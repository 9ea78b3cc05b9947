"""What git knows of the datasets, and which day the site speaks of."""

from __future__ import annotations

import os
import subprocess
from datetime import date
from pathlib import Path

import pytest

from gazette import history
from gazette.model import BuildError, Dataset, History, Text, Version


def dataset(name: str, folder: str | None = None) -> Dataset:
    """A dataset in its folder."""
    folder = name if folder is None else folder
    path = f"{folder}/datapackage.yaml".lstrip("/")
    return Dataset(name=name, folder=folder, path=path, title=Text(), description=Text(), resources=())


def git(folder: Path, *arguments: str, day: str = "2024-01-01") -> str:
    """Run git as a committer of that day."""
    names = {f"GIT_{who}_{what}": "archives" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    dates = {"GIT_AUTHOR_DATE": "2000-01-01T00:00:00Z", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z"}
    environment = {**os.environ, **names, **dates, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.strip()


def commit(folder: Path, day: str, subject: str, **files: str) -> str:
    """Commit files, named by dataset."""
    for name, content in files.items():
        path = folder / "data sets" / name / "数据.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", subject, day=day)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with three commits to its datasets and one beside them."""
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    commit(folder, "2024-01-01", "Rooms", rooms="1")
    commit(folder, "2024-02-01", "Halls: 第二\u001f批", halls="1")
    commit(folder, "2024-03-01", "Rooms again", rooms="2")
    commit(folder, "2024-04-01", "Nothing about datasets")
    return folder


def test_a_dataset_has_the_commits_that_touched_it_newest_first(repository: Path) -> None:
    """By the committer's day: that is when it was published."""
    datasets = [dataset("rooms"), dataset("halls"), dataset("new")]
    found, findings = history.read(repository / "data sets", datasets)
    assert findings == ()
    assert found.commit == git(repository, "rev-parse", "HEAD")
    assert found.serial == 4
    assert [(version.published, version.subject) for version in found.versions["rooms"]] == [
        (date(2024, 3, 1), "Rooms again"),
        (date(2024, 1, 1), "Rooms"),
    ]
    assert [version.published for version in found.versions["halls"]] == [date(2024, 2, 1)]
    assert found.versions["halls"][0].subject.startswith("Halls: 第二")
    assert found.versions["new"] == ()


def test_a_commit_says_one_line_that_reorders_nothing_and_names_nobody(repository: Path) -> None:
    """A separator in a subject invents no file, personal data is blacked out, and a merge is told by its text."""
    commit(repository, "2024-05-01", "Call 13800000000 \u202egnp\u2028halls/数据.csv", rooms="3")
    commit(repository, "2024-06-01", "Merge pull request #7 from zhang-san/branch\n\nMore seats", rooms="4")
    found, _ = history.read(
        repository / "data sets", [dataset("rooms"), dataset("halls")], lambda text: text.replace("13800000000", "███")
    )
    assert [version.subject for version in found.versions["rooms"][:2]] == [
        "More seats",
        "Call ███ U+202EgnpU+2028halls/数据.csv",
    ]
    assert len(found.versions["halls"]) == 1
    assert history.events(repository / "data sets")[-1].version.subject == "More seats"


def test_a_dataset_that_is_the_folder_has_every_commit_to_it(repository: Path) -> None:
    """The package's folder is then the folder of datasets."""
    found, _ = history.read(repository / "data sets", [dataset("all", "")])
    assert len(found.versions["all"]) == 3


def test_a_folder_that_begins_with_the_name_of_another_is_another(repository: Path) -> None:
    """``room`` is not ``rooms``."""
    found, _ = history.read(repository / "data sets", [dataset("room")])
    assert found.versions["room"] == ()


def test_a_repository_names_no_programs_to_run(repository: Path, tmp_path: Path) -> None:
    """Its own configuration is a stranger's."""
    ran = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch '{ran}'\n")
    program.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "log.showSignature", "gpg.program"):
        git(repository, "config", name, "true" if name == "log.showSignature" else str(program))
    _, findings = history.read(repository / "data sets", [dataset("rooms")])
    assert findings == ()
    assert not ran.exists()


def test_a_shallow_clone_has_no_history_and_says_so(repository: Path, tmp_path: Path) -> None:
    """Half a history would name the wrong first day."""
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "1", repository.as_uri(), str(clone))
    found, findings = history.read(clone / "data sets", [dataset("rooms")])
    assert found == History(commit=git(clone, "rev-parse", "HEAD"))
    assert [(finding.code, finding.severity) for finding in findings] == [("history-shallow", "warning")]


def test_outside_git_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor where git is not installed, nor before the first commit."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    for _ in range(2):
        found, findings = history.read(tmp_path, [dataset("rooms")])
        assert found == History()
        assert [finding.code for finding in findings] == ["history-none"]
        git(tmp_path, "init", "-q")
    monkeypatch.setenv("PATH", "")
    assert history.read(tmp_path, [])[0] == History()


# --- the day ----------------------------------------------------------------------------------------------

PAST = History(
    versions={
        "rooms": (Version(commit="a", published=date(2024, 3, 1), subject=""),),
        "halls": (
            Version(commit="b", published=date(2024, 5, 1), subject=""),
            Version(commit="c", published=date(2025, 1, 1), subject=""),
        ),
        "new": (),
    }
)


def test_the_day_is_the_first_that_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator's, SOURCE_DATE_EPOCH, the last commit to a dataset, the newest date in the data."""
    stated, newest = date(2020, 1, 1), date(2021, 1, 1)
    assert history.as_of(None, PAST, newest, tmp_path) == (date(2024, 5, 1), ())
    assert history.as_of(None, History(), newest, tmp_path) == (newest, ())
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86399")
    assert history.as_of(None, PAST, newest, tmp_path) == (date(1970, 1, 1), ())
    assert history.as_of(stated, PAST, newest, tmp_path) == (stated, ())


def test_a_day_guessed_from_the_files_is_said_to_be(tmp_path: Path) -> None:
    """Nothing else in the build depends on the times of files."""
    (tmp_path / "a.csv").write_text("a")
    (tmp_path / "b.csv").write_text("b")
    os.utime(tmp_path / "a.csv", (0, 86400 * 2))
    os.utime(tmp_path / "b.csv", (0, 86400))
    day, findings = history.as_of(None, History(), None, tmp_path)
    assert day == date(1970, 1, 3)
    assert [(finding.code, finding.severity) for finding in findings] == [("as-of-guessed", "warning")]


@pytest.mark.parametrize("value", ["yesterday", "1.5", "9" * 30])
def test_an_epoch_that_is_none_stops_the_build(value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong day on every page would be worse."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", value)
    with pytest.raises(BuildError) as raised:
        history.as_of(None, PAST, None, tmp_path)
    assert (raised.value.code, raised.value.exit, raised.value.facts["value"]) == ("source-date-epoch", 2, value)
