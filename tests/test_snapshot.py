"""The private copy of the inputs: what is taken, what is left behind, what is refused."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from gazette import snapshot
from gazette.model import BuildError


@pytest.fixture
def datasets(tmp_path: Path) -> Path:
    """A folder with two files, one of them in a folder."""
    folder = tmp_path / "datasets"
    (folder / "rooms/data").mkdir(parents=True)
    (folder / "rooms/data/rooms.csv").write_bytes(b"id\r\n1\r\n")
    (folder / "README.md").write_bytes("阅".encode())
    return folder


def test_every_file_is_copied_with_its_size_and_hash(datasets: Path, tmp_path: Path) -> None:
    """The copies are the bytes of the originals, in the order of their names."""
    taken, findings = snapshot.take(datasets, tmp_path / "room")
    assert findings == ()
    assert [(file.path, file.bytes) for file in taken] == [("README.md", 3), ("rooms/data/rooms.csv", 7)]
    for file in taken:
        content = (tmp_path / "room" / file.path).read_bytes()
        assert content == (datasets / file.path).read_bytes()
        assert file.sha256 == hashlib.sha256(content).hexdigest()


def test_hidden_files_are_left_behind(datasets: Path, tmp_path: Path) -> None:
    """Neither a clone's .git nor an editor's droppings are data."""
    (datasets / ".git").mkdir()
    (datasets / ".git/config").write_text("x")
    (datasets / "rooms/.rooms.csv.swp").write_text("x")
    taken, findings = snapshot.take(datasets, tmp_path / "room")
    assert len(taken.files) == 2
    assert findings == ()


def test_links_are_not_followed(datasets: Path, tmp_path: Path) -> None:
    """Neither a link to a file nor one to a folder is copied; each is a finding."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/key.csv").write_text("secret")
    (datasets / "rooms/link.csv").symlink_to(tmp_path / "secret/key.csv")
    (datasets / "rooms/linked").symlink_to(tmp_path / "secret")
    (datasets / "rooms/nowhere").symlink_to("nothing")
    taken, findings = snapshot.take(datasets, tmp_path / "room")
    assert [(finding.code, finding.path) for finding in findings] == [
        ("path-symlink", "rooms/link.csv"),
        ("path-symlink", "rooms/linked"),
        ("path-symlink", "rooms/nowhere"),
    ]
    assert taken.refused == {"rooms/link.csv", "rooms/linked", "rooms/nowhere"}
    assert not any(path.is_symlink() or "secret" in path.read_text() for path in files(tmp_path / "room"))


def files(folder: Path) -> list[Path]:
    """Every file below ``folder``."""
    return [path for path in folder.rglob("*") if path.is_file()]


def test_devices_are_refused(datasets: Path, tmp_path: Path) -> None:
    """A named pipe would keep the build waiting for ever."""
    os.mkfifo(datasets / "rooms/pipe.csv")
    _, findings = snapshot.take(datasets, tmp_path / "room")
    assert [(finding.code, finding.path) for finding in findings] == [("path-not-file", "rooms/pipe.csv")]


def test_names_that_differ_in_case_are_one_finding_for_each_but_the_first(datasets: Path, tmp_path: Path) -> None:
    """Folders clash as files do."""
    (datasets / "rooms/README.md").write_text("a")
    (datasets / "rooms/readme.md").write_text("b")
    (datasets / "rooms/Readme.md").write_text("c")
    _, findings = snapshot.take(datasets, tmp_path / "room")
    assert [(finding.path, finding.facts["other"]) for finding in findings if finding.code == "path-case"] == [
        ("rooms/Readme.md", "rooms/README.md"),
        ("rooms/readme.md", "rooms/README.md"),
    ]


def test_a_folder_that_is_not_there_stops_the_build(tmp_path: Path) -> None:
    """The operator named it, so it is no fault of the data."""
    with pytest.raises(BuildError) as raised:
        snapshot.take(tmp_path / "nothing", tmp_path / "room")
    assert (raised.value.code, raised.value.exit) == ("datasets-missing", 2)


def test_too_many_files_stop_the_build(datasets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home folder named by mistake is not copied to its end."""
    monkeypatch.setattr(snapshot, "MAX_FILES", 1)
    with pytest.raises(BuildError) as raised:
        snapshot.take(datasets, tmp_path / "room")
    assert (raised.value.code, raised.value.facts["limit"]) == ("datasets-too-many", 1)


@pytest.mark.parametrize("name", ["open", "scandir"])
def test_what_cannot_be_read_stops_the_build(
    name: str, datasets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file or folder without permission is for the operator, with its path."""
    real = getattr(os, name)

    def refuse(path: Path, *rest: object) -> object:
        if "rooms" in str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *rest)

    monkeypatch.setattr(os, name, refuse)
    with pytest.raises(BuildError) as raised:
        snapshot.take(datasets, tmp_path / "room")
    assert (raised.value.code, raised.value.exit) == ("input-unreadable", 3)
    assert "rooms" in str(raised.value.facts["path"])
    assert raised.value.facts["reason"] == "Permission denied"
