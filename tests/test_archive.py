"""The public record: what every version changed, its files under an address of their own, and what is withheld."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from gazette import archive, history
from gazette.changes import log
from gazette.changes.log import Archive, Correction, Entry
from gazette.checks import guard
from gazette.model import BuildError, Dataset, Resource, Slice, Text
from tests import broken

ROOMS = broken.EXAMPLES / "broken" / "file-unlisted" / "datasets" / "rooms" / "datapackage.yaml"
HEADER = "room_id,name,opened,seats,parent\n"


def git(folder: Path, *words: str, day: str = "2024-01-01") -> str:
    names = [f"{who}_{what}" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")]
    environment = {"PATH": "/usr/bin:/bin", "GIT_COMMITTER_DATE": f"{day}T12:00:00Z", "HOME": str(folder)}
    environment |= {f"GIT_{name}": "editor" for name in names}
    command = ["git", "-C", str(folder), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.strip()


def commit(folder: Path, subject: str, rows: str, day: str, kind: str | None = None) -> str:
    """A new version of the rooms."""
    data = folder / "datasets/rooms/data/rooms.csv"
    data.parent.mkdir(parents=True, exist_ok=True)
    data.write_text(HEADER + rows, encoding="utf-8")
    text = ROOMS.read_text(encoding="utf-8")
    if kind:
        text = text.replace("    path: data/rooms.csv\n", f"    path: data/rooms.csv\n    gazette: {{kind: {kind}}}\n")
    (folder / "datasets/rooms/datapackage.yaml").write_text(text, encoding="utf-8")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", subject, day=day)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A repository with three versions of one table: made, corrected, and one row taken down."""
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path, "Rooms", "a,Hall,2020-01-01,4,\nb,Attic,2020-01-01,5,\n", "2024-01-01")
    commit(tmp_path, "fix: seats", "a,Hall,2020-01-01,40,\nb,Attic,2020-01-01,5,\n", "2024-02-01")
    commit(tmp_path, "The attic is closed", "a,Hall,2020-01-01,40,\n", "2024-03-01")
    return tmp_path


def dataset() -> Dataset:
    return Dataset(
        name="rooms", folder="rooms", path="rooms/datapackage.yaml", title=Text(), description=Text(), resources=()
    )


def record(folder: Path, cache: Path | None = None) -> tuple[Entry, ...]:
    datasets = folder / "datasets"
    fetch = partial(history.contents, datasets)
    return log.read([dataset()], history.events(datasets), fetch, cache)["rooms"]


def archived(folder: Path, stage: Path, pieces: Sequence[Slice] = ()) -> Archive:
    fetch = partial(history.contents, folder / "datasets")
    guards = (guard.scanner(()), guard.redact)
    return archive.write([dataset()], pieces, {"rooms": record(folder)}, fetch, guards, stage)[1]


def corrections(folder: Path, commit: str, row: str) -> Slice:
    """The table of corrections with one row: something of the rooms was withdrawn by ``commit``."""
    text = (
        f"dataset,resource,row_key,commit,kind,reason_en,reason_zh\nrooms,rooms,{row},{commit},withdrawn,Asked,应要求\n"
    )
    (folder / "corrections.csv").write_text(text, encoding="utf-8")
    table = Resource(
        name="corrections", slug="corrections", dataset="corrections", title=Text(), description=Text(),
        paths=("corrections.csv",),
    )  # fmt: skip
    return Slice(root=folder, dataset=replace(dataset(), name="corrections", folder=""), resource=table)


def test_every_version_says_what_it_changed(folder: Path) -> None:
    """Newest first: the row that went by its key, the cell with both its values, the first rows by their number."""
    last, second, first = record(folder)
    assert [each.version.published for each in (last, second, first)] == [
        date(2024, 3, 1), date(2024, 2, 1), date(2024, 1, 1),
    ]  # fmt: skip
    assert (last.moves[0].gone, last.moves[0].removed, last.correction) == ((("b",),), 1, False)
    assert (second.moves[0].told, second.correction) == (((("a",), "seats", "4", "40"),), True)
    assert (first.first, first.moves[0].before, first.moves[0].added, second.first) == (True, None, 2, False)


def test_a_merge_is_what_readers_saw(folder: Path) -> None:
    """One version, under the name of the pull request; the commits of its branch were never published."""
    git(folder, "checkout", "-q", "-b", "branch")
    commit(folder, "wip", "a,Hall,2020-01-01,1,\n", "2024-04-01")
    commit(folder, "wip again", "a,Hall,2020-01-01,41,\n", "2024-04-02")
    git(folder, "checkout", "-q", "main")
    git(folder, "merge", "-q", "--no-ff", "branch", "-m", "Merge pull request #1 from x/branch", "-m", "One more seat",
        day="2024-05-01")  # fmt: skip
    newest, *others = record(folder)
    assert (newest.version.subject, newest.moves[0].told) == ("One more seat", ((("a",), "seats", "40", "41"),))
    assert len(others) == 3
    read, _ = history.read(folder / "datasets", [dataset()])
    assert [each.commit for each in read.versions["rooms"]] == [each.version.commit for each in (newest, *others)]


def test_what_is_known_is_not_computed_again(folder: Path, tmp_path: Path) -> None:
    """The record from the cache is the same, and asks git for no contents but those of what is new."""
    cache = tmp_path / "cache"
    first = record(folder, cache)
    datasets = folder / "datasets"
    asked: list[str] = []

    def fetch(blobs: list[str]) -> dict[str, bytes]:
        asked.extend(blobs)
        return dict(history.contents(datasets, blobs))

    assert log.read([dataset()], history.events(datasets), fetch, cache)["rooms"] == first  # type: ignore[arg-type]
    assert asked == []
    commit(folder, "Again", "a,Hall,2020-01-01,42,\n", "2024-06-01")
    assert log.read([dataset()], history.events(datasets), fetch, cache)["rooms"][1:] == first  # type: ignore[arg-type]
    assert len(asked) == 2


def test_a_spoiled_cache_is_computed_anew(folder: Path, tmp_path: Path) -> None:
    """It is nobody's only copy of anything."""
    cache = tmp_path / "cache"
    first = record(folder, cache)
    for path in cache.rglob("*.json"):
        path.write_text("{")
    assert record(folder, cache) == first


def test_every_version_has_its_files_and_their_hash(folder: Path, tmp_path: Path) -> None:
    """Under an address that stays, in the form in which they were published."""
    kept = archived(folder, tmp_path / "stage")
    entry = kept.entries["rooms"][1]
    package, table = sorted(kept.files["rooms", entry.name], key=lambda file: file.path)
    assert table.path == f"data/rooms/versions/{entry.version.commit[:12]}/rooms.csv"
    content = (tmp_path / "stage" / table.path).read_bytes()
    assert content == (HEADER + "a,Hall,2020-01-01,40,\nb,Attic,2020-01-01,5,\n").replace("\n", "\r\n").encode()
    assert hashlib.sha256(content).hexdigest() == table.sha256
    stated = json.loads((tmp_path / "stage" / package.path).read_bytes())["resources"][0]
    assert (stated["path"], stated["hash"]) == ("rooms.csv", f"sha256:{table.sha256}")


def test_the_record_is_a_table_and_a_document(folder: Path, tmp_path: Path) -> None:
    """One line for every row that went and every cell that changed."""
    archived(folder, tmp_path / "stage")
    with (tmp_path / "stage/data/rooms/changes.csv").open(encoding="utf-8", newline="") as file:
        lines = [(row["change"], row["row"], row["field"], row["before"], row["after"], row["correction"])
                 for row in csv.DictReader(file)]  # fmt: skip
    assert lines == [
        ("removed", "b", "", "", "", "false"),
        ("changed", "a", "seats", "4", "40", "true"),
        ("added", "", "", "", "", "false"),
    ]
    document = json.loads((tmp_path / "stage/data/rooms/changes.json").read_bytes())
    assert [each["reason"] for each in document["versions"]] == ["The attic is closed", "fix: seats", "Rooms"]


def test_the_reason_of_a_change_is_no_formula_in_a_spreadsheet(folder: Path, tmp_path: Path) -> None:
    """Nobody checks what a commit says as a cell is checked; the document has it as it is."""
    commit(folder, '=HYPERLINK("https://example.org/")', "a,Hall,2020-01-01,41,\n", "2024-04-01")
    archived(folder, tmp_path / "stage")
    with (tmp_path / "stage/data/rooms/changes.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["reason"] == """'=HYPERLINK("https://example.org/")"""
    document = json.loads((tmp_path / "stage/data/rooms/changes.json").read_bytes())
    assert document["versions"][0]["reason"] == '=HYPERLINK("https://example.org/")'


def test_an_old_version_with_personal_data_is_withheld(folder: Path, tmp_path: Path) -> None:
    """It keeps its place in the record; neither its files nor its cells are shown."""
    commit(folder, "Call 13800138000", "a,13800138000,2020-01-01,40,\n", "2024-04-01")
    commit(folder, "Removed", "a,Hall,2020-01-01,40,\n", "2024-05-01")
    kept = archived(folder, tmp_path / "stage")
    files = [bool(kept.files["rooms", entry.name]) for entry in kept.entries["rooms"]]
    assert files == [True, False, True, True, True]
    every = b"".join(path.read_bytes() for path in (tmp_path / "stage").rglob("*") if path.is_file())
    assert b"13800138000" not in every


def test_what_the_law_has_taken_down_is_not_offered_under_an_old_date(tmp_path: Path) -> None:
    """A register of dishonesty: versions from before a row went are withheld, and no former cell is repeated."""
    git(tmp_path, "init", "-q", "-b", "main")
    for number, rows in enumerate(("a,Hall,2020-01-01,4,\nb,Attic,2020-01-01,5,\n", "a,Hall,2020-01-01,40,\n"), 1):
        commit(tmp_path, "Repaired", rows, f"2024-0{number}-01", kind="dishonesty-records")
    kept = archived(tmp_path, tmp_path / "stage")
    last, first = kept.entries["rooms"]
    assert (bool(kept.files["rooms", last.name]), kept.files["rooms", first.name]) == (True, ())
    assert (last.moves[0].gone, last.moves[0].told, last.moves[0].cells) == ((("b",),), (), 1)


def test_corrections_say_why(folder: Path) -> None:
    """Of a version by its commit, of a row that went by its key."""
    entry = record(folder)[0]
    said = Correction(
        dataset="rooms", resource="rooms", row="b", commit=entry.version.commit[:9], reasons={"en": "Shut"}
    )
    kept = Archive(entries={"rooms": (entry,)}, files={}, corrections=(said,))
    assert kept.corrects(entry)
    assert kept.withdrawal("rooms", "rooms", ("b",)) == said
    assert kept.withdrawal("rooms", "rooms", ("a",)) is None


@pytest.mark.parametrize("row", ["b", ""])
def test_what_somebody_withdrew_is_not_shown_under_an_old_date(folder: Path, tmp_path: Path, row: str) -> None:
    """No file of the versions before, no former cell; the row that went is named only if the correction names it."""
    newest = record(folder)[0].name
    kept = archived(folder, tmp_path / "stage", [corrections(tmp_path, newest, row)])
    last, second, first = kept.entries["rooms"]
    assert [bool(kept.files["rooms", each.name]) for each in (last, second, first)] == [True, False, False]
    assert (last.moves[0].removed, last.moves[0].gone) == (1, (("b",),) if row else ())
    assert (second.moves[0].cells, second.moves[0].told) == (1, ())
    assert "Attic" not in "".join(path.read_text("utf-8") for path in (tmp_path / "stage").rglob("*") if path.is_file())


def test_versions_of_one_day_stand_in_the_order_they_were_made(folder: Path, tmp_path: Path) -> None:
    """Their names, which say nothing of it, do not count."""
    for seats in range(5):
        commit(folder, f"Seats {seats}", f"a,Hall,2020-01-01,{seats},\n", "2024-08-01")
    archived(folder, tmp_path / "stage")
    told = json.loads((tmp_path / "stage/data/changes.json").read_text("utf-8"))["versions"]
    assert [each["reason"] for each in told[:5]] == [f"Seats {seats}" for seats in (4, 3, 2, 1, 0)]
    read, _ = history.read(folder / "datasets", [dataset()])
    assert [each.serial for each in read.versions["rooms"]] == [8, 7, 6, 5, 4, 3, 2, 1]


# --- integrity --------------------------------------------------------------------------------------------


def released(folder: Path) -> list[tuple[str, date]]:
    """The releases: every version so far."""
    return [(entry.version.commit, entry.version.published) for entry in reversed(record(folder))]


def test_a_history_that_grew_is_unbroken(folder: Path) -> None:
    """Every published commit is still there, in order."""
    before = released(folder)
    commit(folder, "More", "a,Hall,2020-01-01,43,\n", "2024-07-01")
    assert history.unbroken(folder / "datasets", before, date(2024, 1, 1)) == ()


def test_a_history_written_anew_is_found(folder: Path) -> None:
    """A published commit that was replaced, or dropped, is named; what is older than the day asked for is not."""
    before = released(folder)
    git(folder, "reset", "-q", "--hard", "HEAD~2")
    commit(folder, "fix: seats", "a,Hall,2020-01-01,41,\n", "2024-02-01")
    found = history.unbroken(folder / "datasets", before, date(2024, 1, 1))
    assert [(each.code, each.severity, each.facts["commit"]) for each in found] == [
        ("history-rewritten", "error", name[:12]) for name, _ in before[1:]
    ]
    assert len(history.unbroken(folder / "datasets", before, date(2024, 3, 1))) == 1
    assert history.unbroken(folder / "datasets", before, None) == ()


def test_where_no_release_is_listed_nothing_is_proved(folder: Path) -> None:
    """A list that is missing, or has nothing since the day, is a warning and no proof."""
    for listed, since in (([], date(2024, 1, 1)), (released(folder), date(2030, 1, 1))):
        found = history.unbroken(folder / "datasets", listed, since)
        assert [(each.code, each.severity) for each in found] == [("history-unlisted", "warning")]


def test_without_a_whole_history_nothing_can_be_told(folder: Path, tmp_path: Path) -> None:
    """No repository and a shallow clone prove nothing."""
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "1", folder.as_uri(), str(clone))
    with pytest.raises(BuildError) as raised:
        history.unbroken(clone / "datasets", released(folder), date(2024, 1, 1))
    assert raised.value.code == "revision-shallow"
    assert history.events(clone / "datasets") == ()
    shutil.rmtree(clone / ".git")


def test_former_contents_are_those_of_the_last_release(folder: Path) -> None:
    """Of what is not committed, the last commit; of a clean folder, the commit before it."""
    datasets, path = folder / "datasets", "rooms/data/rooms.csv"
    before = HEADER + "a,Hall,2020-01-01,40,\nb,Attic,2020-01-01,5,\n"
    assert history.former(datasets, datasets, [path]) == {path: before.encode()}
    (datasets / path).write_text("changed")
    assert history.former(datasets, datasets, [path]) == {path: (HEADER + "a,Hall,2020-01-01,40,\n").encode()}
