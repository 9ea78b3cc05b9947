"""Two states of the datasets: what changed, in words, and what it does to the report."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pyarrow as pa
import pytest

import build
from gazette import changes, words
from tests import broken

ROOT = Path(__file__).parent.parent.parent
ROOMS = broken.EXAMPLES / "broken" / "file-unlisted" / "datasets" / "rooms"
HEADER = "room_id,name,opened,seats,parent\n"
ROWS = [f"r-{number},Room {number},2020-01-{number:02d},{number + 10},\n" for number in range(1, 9)]


def git(folder: Path, *words_: str) -> str:
    person = ["-c", "user.name=Editor", "-c", "user.email=editor@example.org"]
    done = subprocess.run(["git", "-C", str(folder), *person, *words_], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def write(folder: Path, *rows: str, header: str = HEADER) -> None:
    (folder / "datasets/rooms/data/rooms.csv").write_text(header + "".join(rows), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with one dataset of eight rows, committed; the tests stand in it."""
    (tmp_path / "datasets/rooms/data").mkdir(parents=True)
    shutil.copy(ROOMS / "datapackage.yaml", tmp_path / "datasets/rooms")
    (tmp_path / "mkdocs.yml").write_text(broken.CONFIG, encoding="utf-8")
    (tmp_path / "templates").symlink_to(ROOT / "templates")
    write(tmp_path, *ROWS)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "datasets", "mkdocs.yml")
    git(tmp_path, "commit", "-qm", "Rooms")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def diff(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The exit code of ``build.py diff`` and what it prints."""
    code = build.main(["diff", "--as-of", "2026-01-31", *arguments])
    found = capsys.readouterr()
    return code, found.out + found.err


def test_nothing_changed_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And every format can say it."""
    passed = "Can be published. Errors: 0; warnings: 0; new: 0; mended: 0."
    assert diff(capsys, "HEAD", "--lang", "en") == (
        0,
        f"Changes since “{git(folder, 'rev-parse', 'HEAD')[:12]}”\nNothing changed in the datasets.\n{passed}\n",
    )
    for form in ("markdown", "json", "html"):
        assert diff(capsys, "HEAD", "--format", form)[0] == 0


def test_rows_are_named_and_cells_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two rows removed, one added, one cell changed: exactly that, in both languages."""
    write(folder, ROWS[0].replace("Room 1", "Hall"), *ROWS[1:6], "r-9,Room 9,2020-02-01,9,\n")
    code, english = diff(capsys, "HEAD", "--lang", "en")
    assert code == 0
    assert "rows added: 1, removed: 2, changed: 1 (cells: 1)" in english
    assert "“rooms/rooms”, removed (2):\n  “r-7”\n  “r-8”\n" in english
    assert "  “r-1”, “name”: “Room 1” → “Hall”\n" in english
    assert "“rooms/rooms”, added (1):\n  “r-9”\n" in english
    _, chinese = diff(capsys, "HEAD", "--lang", "zh")
    assert "新增 1 行，删除 2 行，修改 1 行（1 个单元格）" in chinese
    assert "  “r-1”，“name”：“Room 1” → “Hall”\n" in chinese


def test_a_table_that_lost_half_its_rows_stands_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By its share, not by the number of rows; and the gate warns of it."""
    write(folder, *ROWS[:3])
    _, said = diff(capsys, "HEAD", "--lang", "en")
    assert "−5 (62.5 %)" in said
    assert "look closely" in said
    assert "More than half of the rows of the last release are gone: 8 then, 3 now." in said


def test_a_file_in_another_encoding_is_compared_all_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong is the encoding: the rows are the same but for one cell."""
    text = HEADER + "".join(ROWS).replace("Room 1", "阅览室")
    (folder / "datasets/rooms/data/rooms.csv").write_text(text, encoding="gb18030")
    code, said = diff(capsys, "HEAD", "--lang", "zh")
    assert code == 1
    assert "比较时按 GB18030 读取" in said
    assert "修改 1 行（1 个单元格）" in said
    assert "文件疑为 GB18030 编码" in said


def test_a_renamed_column_is_one_step_that_breaks_programs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the file and in its description; no cell of it counts as changed."""
    write(folder, *ROWS, header=HEADER.replace("seats", "places"))
    descriptor = folder / "datasets/rooms/datapackage.yaml"
    descriptor.write_text(
        descriptor.read_text(encoding="utf-8").replace("name: seats", "name: places"), encoding="utf-8"
    )
    code, said = diff(capsys, "HEAD", "--format", "json")
    (table,) = json.loads(said)["datasets"][0]["tables"]
    assert code == 0
    assert table["steps"] == [
        {"kind": "column-renamed", "place": "places", "old": "seats", "new": "places", "breaking": True}
    ]
    assert (table["changed"], table["weight"]) == ([], "severe")


@pytest.mark.parametrize(
    ("old", "new", "steps"),
    [
        ("type: integer", "type: number", [("type", "seats", True)]),
        ("minimum: 1", "minimum: 2", [("constraint", "seats minimum", False)]),
        ("primaryKey: [room_id]", "primaryKey: [name]", [("key", "", True)]),
        ("title: Seats", "title: Places", [("text", "/schema/fields/seats/title", False)]),
        ("minimum: 1}", "minimum: 1}, gazette: {unit: m}", [("unit", "seats", False)]),
    ],
)
def test_steps_of_a_description(
    old: str, new: str, steps: list[tuple[str, str, bool]], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each is told apart, and what breaks the programs of others is marked."""
    descriptor = folder / "datasets/rooms/datapackage.yaml"
    text = descriptor.read_text(encoding="utf-8")
    assert old in text
    descriptor.write_text(text.replace(old, new), encoding="utf-8")
    _, said = diff(capsys, "HEAD", "--format", "json")
    (table,) = json.loads(said)["datasets"][0]["tables"]
    assert [(step["kind"], step["place"], step["breaking"]) for step in table["steps"]] == steps


def test_new_and_mended_findings_are_told_apart(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Both sides are judged; a row in front does not make old findings new."""
    write(folder, *ROWS, "r-10,Attic,2020-01-01,many,\n")
    git(folder, "commit", "-qam", "Attic")
    write(folder, "r-0,Cellar,soon,4,\n", *ROWS, "r-10,Attic,2020-01-01,many,\n")
    code, said = diff(capsys, "HEAD", "--format", "json")
    findings = json.loads(said)["findings"]
    assert code == 1
    assert [(each["field"], each["row"]) for each in findings["new"]] == [("opened", 2)]
    assert findings["mended"] == []
    write(folder, *ROWS)
    findings = json.loads(diff(capsys, "HEAD", "--format", "json")[1])["findings"]
    assert ([each["field"] for each in findings["mended"]], findings["new"]) == (["seats"], [])


def test_two_commits_can_be_compared(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever lies in the folder; the repository is left as it is."""
    write(folder, *ROWS[:7])
    git(folder, "commit", "-qam", "One less")
    write(folder)
    before = git(folder, "status", "--porcelain")
    _, said = diff(capsys, "HEAD^1", "HEAD", "--lang", "en")
    assert "rows added: 0, removed: 1" in said
    assert git(folder, "status", "--porcelain") == before


def test_a_summary_is_short_however_large_the_change(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In both languages it is still not fifty lines."""
    text = (folder / "datasets/rooms/datapackage.yaml").read_text(encoding="utf-8")
    for number in range(60):
        copy = folder / f"datasets/rooms-{number}"
        (copy / "data").mkdir(parents=True)
        (copy / "data/rooms.csv").write_text(HEADER + "".join(ROWS[: number % 5]), encoding="utf-8")
        (copy / "datapackage.yaml").write_text(
            text.replace("name: rooms\nlang", f"name: rooms-{number}\nlang"), encoding="utf-8"
        )
    git(folder, "add", "datasets")
    git(folder, "commit", "-qm", "Many")
    for number in range(60):
        data = folder / f"datasets/rooms-{number}/data/rooms.csv"
        data.write_text(HEADER + "".join(row.replace("Room", "Hall") for row in ROWS[number % 7 :]), encoding="utf-8")
    lines = [
        diff(capsys, "HEAD", "--format", "markdown", "--lang", language)[1].splitlines() for language in ("en", "zh")
    ]
    assert len(lines[0]) == len(lines[1]) <= 24
    assert "Tables" not in lines[0][0]
    assert any("and 53 more tables" in line for line in lines[0])


def test_markdown_holds_no_markup_of_the_data(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No link, mention, tag or table border comes from a cell, and no line break."""
    hostile = '"@all `x` | <img src=x> [y](http://example.org) ``z"'
    write(folder, ROWS[0].replace("Room 1", hostile), *ROWS[1:])
    _, said = diff(capsys, "HEAD", "--format", "markdown", "--lang", "en")
    (line,) = [line for line in said.splitlines() if "cells changed" in line]
    assert "→ ``@all `x` | <img src=x> [y](http://examp…``" in line
    _, page = diff(capsys, "HEAD", "--format", "html")
    assert "<img" not in page
    assert "&lt;img src=x&gt;" in page
    assert "<script" not in page
    assert 'http-equiv="Content-Security-Policy" content="default-src \'none\';' in page


def test_personal_data_is_not_repeated(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A comment would publish what the gate keeps from being published."""
    write(folder, ROWS[0].replace("Room 1", "13800138000"), *ROWS[1:])
    for form in ("text", "markdown", "json", "html"):
        code, said = diff(capsys, "HEAD", "--format", form)
        assert code == 1
        assert "13800138000" not in said


def test_a_table_put_beside_the_datasets_is_noticed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody publishes it, so nobody would miss it."""
    (folder / "rooms.csv").write_text("a\n", encoding="utf-8")
    (folder / "dataset").mkdir()
    (folder / "dataset/halls.xlsx").write_bytes(b"")
    _, said = diff(capsys, "HEAD", "--format", "json")
    assert json.loads(said)["misplaced"] == ["dataset/halls.xlsx", "rooms.csv"]


def test_a_table_that_came_or_went_is_one_thing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its rows counted."""
    git(folder, "rm", "-rq", "datasets/rooms")
    halls = folder / "datasets/halls"
    shutil.copytree(ROOMS, halls)
    text = (halls / "datapackage.yaml").read_text(encoding="utf-8")
    (halls / "datapackage.yaml").write_text(text.replace("name: rooms\nlang", "name: halls\nlang"), encoding="utf-8")
    (halls / "data/old.csv").unlink()
    _, said = diff(capsys, "HEAD", "--format", "json")
    assert [(each["name"], each["state"]) for each in json.loads(said)["datasets"]] == [
        ("halls", "added"),
        ("rooms", "removed"),
    ]
    _, said = diff(capsys, "HEAD", "--lang", "en")
    assert "the whole table with 8 rows" in said
    assert "a new table with 3 rows" in said


# --- what cannot be compared ------------------------------------------------------------------------------


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_an_unknown_revision_is_named(folder: Path, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With what to do instead; an option of git's is no revision."""
    for revision in ("nowhere", "HEAD~9", "--upload-pack=x"):
        code, said = diff(capsys, "--lang", language, "--", revision)
        assert code == 2
        assert revision in said
        assert "git fetch" in said


def test_outside_git_there_is_nothing_to_compare_with(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the message says how to get it."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(folder.parent))
    shutil.rmtree(folder / ".git")
    code, said = diff(capsys, "HEAD", "--lang", "en")
    assert (code, "lies in no git repository" in said) == (2, True)


def test_a_shallow_clone_says_what_it_lacks(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                            monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """The revision may exist where it was cloned from."""
    git(folder, "commit", "-q", "--allow-empty", "-m", "Nothing")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "1", folder.as_uri(), str(clone))
    monkeypatch.chdir(clone)
    code, said = diff(capsys, "HEAD^1", "--lang", "en")
    assert (code, "git fetch --unshallow" in said) == (2, True)


def test_a_repository_names_no_programs_to_run(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither by its settings nor by its attributes; files are as they were committed."""
    ran, program = folder / "ran", folder / "program"
    program.write_text(f"#!/bin/sh\ntouch '{ran}'\ncat\n")
    program.chmod(0o755)
    (folder / "datasets/.gitattributes").write_text("*.csv filter=evil diff=evil export-ignore\n")
    git(folder, "add", "datasets")
    git(folder, "commit", "-qm", "Attributes")
    for name in ("core.fsmonitor", "filter.evil.clean", "filter.evil.smudge", "diff.evil.textconv", "diff.external"):
        git(folder, "config", name, str(program))
    write(folder, *ROWS[:7])
    code, said = diff(capsys, "HEAD", "--lang", "en")
    assert code == 0
    assert "removed: 1" in said
    assert not ran.exists()


def test_a_link_of_a_commit_is_not_followed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is a link again where the commit is looked at, and links are refused."""
    (folder / "datasets/rooms/data/other.csv").symlink_to("/etc/hostname")
    git(folder, "add", "datasets")
    git(folder, "commit", "-qm", "Link")
    (folder / "datasets/rooms/data/other.csv").unlink()
    _, said = diff(capsys, "HEAD", "--format", "json")
    assert [each["code"] for each in json.loads(said)["findings"]["mended"]] == ["path-symlink"]


@pytest.mark.parametrize(("lost", "weight"), [(0, "usual"), (1, "notable"), (4, "notable"), (5, "severe")])
def test_the_share_of_lost_rows_weighs(lost: int, weight: str) -> None:
    """A tenth of the rows is to be noticed, half of them to be looked at."""
    old = pa.table({"id": [str(number) for number in range(10)]})
    delta = changes.between(old, old.slice(lost), ["id"])
    assert changes.weigh(10, delta, ()) == weight
