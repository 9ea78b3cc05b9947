"""What must not become public does not leave the desk: not in a file, its name, a message or a commit taken back."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gazette import words
from gazette.checks.guard import commits
from tests import broken

ROOT = Path(__file__).parent.parent.parent
NUMBER = "11010519491231002X"
"""The example of GB 11643."""
MOBILE = "13800138000"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one sound dataset, its hooks installed, and a remote that has its first commit."""
    for name, value in {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}.items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "desk"
    folder.mkdir()
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "remote.git")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "config", "user.name", "Editor")
    git(folder, "config", "user.email", "editor@example.org")
    git(folder, "remote", "add", "origin", str(tmp_path / "remote.git"))
    broken.example("value-nullish", folder)  # a warning, which stops nothing
    (folder / "mkdocs.yml").write_text(broken.CONFIG, encoding="utf-8")
    (folder / "build.py").write_text("import sys\nprint('checked', *sys.argv[1:3])\n", encoding="utf-8")
    commit(folder, "first")
    git(folder, "push", "-q", "origin", "main")
    for name in ("pre-commit", "pre-push"):
        hook = (ROOT / ".githooks" / name).read_text(encoding="utf-8")
        path = folder / ".git/hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(hook, encoding="utf-8")
        path.chmod(0o755)
    (folder / ".venv/bin").mkdir(parents=True)
    python = f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" "$@"\n'
    (folder / ".venv/bin/python").write_text(python, encoding="utf-8")
    (folder / ".venv/bin/python").chmod(0o755)
    (folder / ".git/info/exclude").write_text(".venv\n", encoding="utf-8")
    return folder


def git(folder: Path, *arguments: str) -> str:
    """Run git there; what it says."""
    run = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return run.stdout


def commit(folder: Path, message: str, *more: str) -> None:
    """Commit all there is, past the hook."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--no-verify", "-m", message, *more)


def tried(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run git with its hooks: its status, and what was said."""
    run = subprocess.run(["git", *arguments], cwd=folder, check=False, capture_output=True, text=True)
    said = run.stdout + run.stderr
    assert NUMBER not in said
    assert MOBILE not in said
    return run.returncode, said


def add(folder: Path, path: str, content: str | bytes) -> None:
    """Write a file."""
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content.encode() if isinstance(content, str) else content)


def test_a_sound_commit_passes_and_its_datasets_are_checked(desk: Path) -> None:
    """As they are in the commit, not as they lie on the desk."""
    add(desk, "datasets/rooms/data/rooms.csv", "room_id,name,opened,seats,parent\na1,North,2020-01-31,12,\n")
    git(desk, "add", "-A")
    status, said = tried(desk, "commit", "-m", "fewer rooms")
    assert (status, "checked check --datasets" in said) == (0, True)
    add(desk, "README.md", "Read me.\n")
    git(desk, "add", "-A")
    status, said = tried(desk, "commit", "-m", "a page")
    assert (status, "checked" in said) == (0, False)
    status, said = tried(desk, "push", "origin", "main")
    assert (status, "checked check --datasets" in said) == (0, True)


def test_what_is_staged_is_refused(desk: Path) -> None:
    """Whatever lies beside it, and though the file on the desk is clean again."""
    add(desk, "notes.txt", f"call {MOBILE}\n")
    git(desk, "add", "-A")
    add(desk, "notes.txt", "call the office\n")
    status, said = tried(desk, "commit", "-m", "notes")
    assert status == 1
    assert said.startswith("error personal-mobile notes.txt line 1\n")
    assert git(desk, "log", "--oneline").count("\n") == 1


def test_the_first_commit_of_all_is_looked_at(tmp_path: Path, desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is nothing yet to compare it with."""
    git(desk, "checkout", "-q", "--orphan", "fresh")
    add(desk, "notes.txt", f"call {MOBILE}\n")
    git(desk, "add", "-A")
    assert tried(desk, "commit", "-m", "notes")[0] == 1


def test_what_a_later_commit_took_back_is_refused(desk: Path) -> None:
    """The range is public, not the tip."""
    add(desk, "notes.txt", f"number {NUMBER}\n")
    commit(desk, "notes")
    add(desk, "notes.txt", "number removed\n")
    commit(desk, "removed")
    status, said = tried(desk, "push", "origin", "main")
    bad = git(desk, "rev-parse", "HEAD~1")[:10]
    assert status == 1
    assert f"error personal-id {bad} notes.txt line 1\n" in said
    assert "Nothing was pushed" in said
    assert "checked" not in said
    git(desk, "reset", "-q", "--soft", "HEAD~2")
    commit(desk, "notes without it")
    assert tried(desk, "push", "origin", "main")[0] == 0


def test_what_the_remote_has_is_not_looked_at_again(desk: Path) -> None:
    """Nor is a branch that is deleted."""
    add(desk, "notes.txt", f"number {NUMBER}\n")
    commit(desk, "notes")
    git(desk, "push", "-q", "--no-verify", "origin", "main")
    add(desk, "other.txt", "nothing\n")
    commit(desk, "more")
    assert tried(desk, "push", "origin", "main")[0] == 0
    git(desk, "push", "-q", "--no-verify", "origin", "main:other")
    assert tried(desk, "push", "origin", "--delete", "other")[0] == 0


def test_what_a_merge_alone_brings_is_refused(desk: Path) -> None:
    """Text can enter by the resolution of a conflict."""
    git(desk, "checkout", "-q", "-b", "side")
    add(desk, "side.txt", "side\n")
    commit(desk, "side")
    git(desk, "checkout", "-q", "main")
    add(desk, "main.txt", "main\n")
    commit(desk, "main")
    git(desk, "merge", "-q", "--no-ff", "--no-commit", "--no-verify", "side")
    add(desk, "side.txt", f"side {MOBILE}\n")
    commit(desk, "merged")
    status, said = tried(desk, "push", "origin", "main")
    assert status == 1
    assert "side.txt line 1" in said


def workbook() -> bytes:
    """A package with a number in a hidden sheet, in runs of rich text."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", '<sheet state="hidden"/>')
        package.writestr("xl/sharedStrings.xml", f"<si><t>number</t></si><si><t>{NUMBER}</t></si>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("path", "content", "code"),
    [
        ("list.csv", f"a,b\n1,{NUMBER}\n", "personal-id"),
        ("list.csv", "a,身份证号\n1,110105491231002\n", "personal-id"),
        ("list.txt", f"电话：{MOBILE}".encode("gb18030"), "personal-mobile"),
        ("list.txt", f"phone {MOBILE}".encode("utf-16"), "personal-mobile"),
        ("book.xlsx", workbook(), "personal-id"),
        (f"{MOBILE}.txt", "nothing\n", "personal-mobile"),
        ("key.pem", "-----BEGIN RSA PRIVATE KEY-----\n", "secret-key"),
        ("datasets/stray/list.csv", f"a\n{NUMBER}\n", "personal-id"),
    ],
)
def test_every_kind_of_file_is_looked_at(path: str, content: str | bytes, code: str, desk: Path) -> None:
    """And its name, which is then not printed."""
    add(desk, path, content)
    git(desk, "add", "-A")
    status, said = tried(desk, "commit", "-m", "more")
    assert status == 1
    assert said.startswith(f"error {code} ")
    assert said.count(f"error {code} ") == 1


def test_a_message_is_looked_at(desk: Path) -> None:
    """Of a commit and of a tag."""
    commit(desk, f"as {MOBILE} asked", "--allow-empty")
    status, said = tried(desk, "push", "origin", "main")
    assert (status, "(what the commit says)" in said) == (1, True)
    git(desk, "tag", "-a", "v1", "-m", f"thanks to {MOBILE}", "HEAD~1")
    status, said = tried(desk, "push", "origin", "v1")
    assert (status, "personal-mobile" in said) == (1, True)


def table(desk: Path, *, allow: str = "", counted: bool = False) -> None:
    """A dataset with a telephone number, or a count of the same form."""
    descriptor = desk / "datasets/rooms/datapackage.yaml"
    text = descriptor.read_text(encoding="utf-8").replace("frequency: annual}", f"frequency: annual{allow}}}")
    descriptor.write_text(text, encoding="utf-8")
    row = f"a1,North,2020-01-31,{MOBILE},\n" if counted else f"a1,{MOBILE},2020-01-31,12,\n"
    add(desk, "datasets/rooms/data/rooms.csv", f"room_id,name,opened,seats,parent\n{row}")


@pytest.mark.parametrize("counted", [False, True])
def test_a_table_is_judged_under_its_descriptor(counted: bool, desk: Path) -> None:  # noqa: FBT001
    """A type says what is a count."""
    table(desk, counted=counted)
    git(desk, "add", "-A")
    status, said = tried(desk, "commit", "-m", "numbers")
    assert (status, "row 2, column name" in said) == ((0, False) if counted else (1, True))


def test_an_allowance_of_the_descriptor_holds(desk: Path) -> None:
    """Until its day."""
    day = date.today()  # noqa: DTZ011 - the hook's own
    for year, status in ((day.year - 1, 1), (day.year + 1, 0)):
        allow = (f", allow: [{{rule: personal-mobile, field: name, count: 1, reason: duty, owner: office,"
                 f" expires: '{year}-{day.month:02}-01'}}]")  # fmt: skip
        git(desk, "checkout", "-q", "HEAD", "--", "datasets")
        table(desk, allow=allow)
        git(desk, "add", "-A")
        found, said = tried(desk, "commit", "-m", "numbers")
        assert found == status, said


ENTRY = {
    "path": "tests/*", "rules": ["personal-mobile"], "count": 2, "reason": "invented", "owner": "x",
    "expires": date(2026, 6, 1),
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "today", "kept"),
    [
        ({}, date(2026, 6, 1), 0),
        ({}, date(2026, 6, 2), 1),
        ({"count": 1}, date(2026, 6, 1), 1),
        ({"rules": ["personal-id"]}, date(2026, 6, 1), 1),
        ({"path": "docs/*"}, date(2026, 6, 1), 1),
        ({"reason": ""}, date(2026, 6, 1), 1),
        ({"owner": " "}, date(2026, 6, 1), 1),
    ],
)
def test_an_entry_covers_what_it_names(change: dict[str, Any], today: date, kept: int) -> None:
    """Its path, its rules, its count, until its day, and only with a reason and an owner."""
    (finding,) = commits.content(f"{MOBILE}\n{MOBILE}\n".encode(), "tests/a.py")
    assert finding.count == 2
    assert len(commits.allowed([finding], [ENTRY | change], today)) == kept


def test_the_files_of_this_project_pass() -> None:
    """With the entries beside the hooks, none of which is idle."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = [path for path in listing.split("\0") if path and (ROOT / path).is_file()]
    wanted = [path for path in paths if path.startswith(("tests/", "gazette/checks/guard", "docs/", "README"))]
    found = [each for path in wanted for each in commits.content((ROOT / path).read_bytes(), path)]
    entries = commits.entries(ROOT)
    assert entries
    assert [(each.code, each.path) for each in commits.allowed(found, entries, date(2026, 11, 22))] == []
    for number in range(len(entries)):
        rest = [*entries[:number], *entries[number + 1 :]]
        assert commits.allowed(found, rest, date(2026, 11, 22))


def test_nothing_is_run_without_the_environment(desk: Path) -> None:
    """A hook that cannot look refuses."""
    (desk / ".venv/bin/python").unlink()
    add(desk, "a.txt", "a\n")
    git(desk, "add", "-A")
    status, said = tried(desk, "commit", "-m", "a")
    assert (status, "make hooks" in said) == (1, True)


def test_make_installs_the_hooks_that_are_tracked() -> None:
    """Git runs the project's own files, so that they are reviewed like the rest."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "hooks: $(READY)" in makefile
    assert "\t@git config core.hooksPath .githooks\n" in makefile
    for name in ("pre-commit", "pre-push"):
        assert os.access(ROOT / ".githooks" / name, os.X_OK)


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_the_hooks_speak_both_languages(language: str) -> None:
    """Like everything else."""
    for key in ("hook.pre-commit", "hook.pre-push", "hook.message"):
        assert words.label(key, language)
