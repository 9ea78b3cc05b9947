"""What must not become public does not leave the desk: not in a file, its name, a message or a commit taken back."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gazette import words
from gazette.checks.guard import commits
from gazette.model import Finding, Language
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
    (folder / "build.py").write_text(
        "import sys\nprint('checked', *sys.argv[1:3], file=sys.stderr)\n", encoding="utf-8"
    )
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


# --- in the same process ----------------------------------------------------------------------------------

TODAY = date.today()  # noqa: DTZ011 - the hook's own
NONE = "0" * 40


@pytest.fixture
def inside(desk: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The desk, with this process at work in it."""
    monkeypatch.chdir(desk)
    return desk


def stated(finding: Finding) -> tuple[Any, ...]:
    """Kind, weight and place of a finding, and how many it counts."""
    return finding.code, finding.severity, finding.path, finding.line, finding.column, finding.count, finding.facts


def test_a_refusal_is_said_line_by_line(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What, where, why and how to mend it; then that nothing was committed."""
    add(inside, "notes.txt", f"call\n{MOBILE}\n")
    git(inside, "add", "-A")
    assert commits.main(["pre-commit"], []) == 1
    said = words.message(next(commits.content(f"call\n{MOBILE}\n".encode(), "notes.txt")), "en")
    expected = f"error personal-mobile notes.txt line 2\n  {said.what}\n  → {said.fix}\n"
    out, err = capfd.readouterr()
    assert (out, err) == ("", expected + words.label("hook.pre-commit", "en") + "\n")


@pytest.mark.parametrize(
    ("shell", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "ZH_CN"}, "zh"),
        ({"LC_ALL": "en_US", "LANG": "zh_CN"}, "en"),
        ({"LC_ALL": "zh_CN", "LANG": "en_US"}, "zh"),
        ({}, "en"),
    ],
)
def test_the_language_is_that_of_the_shell(
    shell: dict[str, str], language: Language, inside: Path, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    """LC_ALL before LANG, as everywhere."""
    for name, value in shell.items():
        monkeypatch.setenv(name, value)
    add(inside, "notes.txt", f"{MOBILE}\n")
    git(inside, "add", "-A")
    assert commits.main(["pre-commit"], []) == 1
    err = capfd.readouterr().err
    assert err.endswith(words.label("hook.pre-commit", language) + "\n")
    assert err.startswith(words.label("severity.error", language) + " personal-mobile notes.txt")


def test_a_warning_is_said_and_stops_nothing(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A number plate may be an official car's."""
    add(inside, "notes.txt", "粤B12345\n")
    git(inside, "add", "-A")
    assert commits.main(["pre-commit"], []) == 0
    out, err = capfd.readouterr()
    assert err.startswith("warning personal-plate notes.txt line 1\n")
    assert (out, words.label("hook.pre-commit", "en") in err) == ("", False)


TELLING = """\
import os, sys
from pathlib import Path
datasets = Path(sys.argv[3])
rooms = (datasets / "rooms/data/rooms.csv").read_text()
said = (Path.cwd().name, sys.argv[1:3], datasets.name, rooms[:4], os.environ.get("GIT_X"), os.environ.get("HOOK_Y"))
print(*said, datasets.parent.name.startswith("gazette-"), file=sys.stderr)
sys.exit(3)
"""
"""A check that says what it was given."""


def test_the_check_says_how_the_hook_ends(
    inside: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """It is run in the root of the project, on a copy of the staged datasets, out of reach of git's own variables."""
    (inside / "build.py").write_text(TELLING, encoding="utf-8")
    add(inside, "datasets/rooms/data/rooms.csv", "room\n1\n")
    git(inside, "add", "-A")
    add(inside, "datasets/rooms/data/rooms.csv", "desk\n1\n")
    monkeypatch.setenv("GIT_X", "1")
    monkeypatch.setenv("HOOK_Y", "2")
    assert commits.main(["pre-commit"], []) == 3
    assert capfd.readouterr().err == "desk ['check', '--datasets'] datasets room None 2 True\n"
    (inside / "build.py").write_text("", encoding="utf-8")
    assert commits.main(["pre-commit"], []) == 0


REFUSING = """
import json, sys
record = {"code": "type-error", "severity": "error", "path": sys.argv[3] + "/rooms/data/rooms.csv", "row": 2,
          "field": "seats", "line": 2, "message": {"en": "Not a number.", "zh": "不是数字。"}}
print(json.dumps({"findings": [record, {**record, "severity": "warning", "message": {}}]}))
sys.exit(1)
"""
"""A check that refuses the datasets, and warns of something."""


def test_what_the_check_refuses_is_said_under_its_path_on_the_desk(
    inside: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Errors alone, in the language of the desk, and what to do."""
    (inside / "build.py").write_text(REFUSING, encoding="utf-8")
    add(inside, "datasets/rooms/data/rooms.csv", "room\n1\n")
    git(inside, "add", "-A")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert commits.main(["pre-commit"], []) == 1
    first, second, last = capfd.readouterr().err.splitlines()
    assert first.startswith("错误 type-error datasets/rooms/data/rooms.csv")
    assert (second, last[:9]) == ("  不是数字。", "上述数据集无法发布")


def test_what_is_staged_is_told_from_what_was_there(inside: Path) -> None:
    """Added and changed files by their content; no links, nothing that is only deleted; a moved file is a new one."""
    add(inside, "moved.txt", "the same\n" * 9)
    add(inside, "gone.txt", "gone\n")
    add(inside, "link.txt", "was a file\n")
    commit(inside, "more")
    git(inside, "mv", "moved.txt", "moved 文.txt")
    (inside / "gone.txt").unlink()
    (inside / "link.txt").unlink()
    (inside / "link.txt").symlink_to("build.py")
    (inside / "mkdocs.yml").chmod(0o755)
    add(inside, "build.py", "changed\n")
    git(inside, "add", "-A")
    blob = git(inside, "hash-object", "build.py").strip()
    tree = commits.staged()
    assert set(tree.changes) == {"moved 文.txt", "build.py", "mkdocs.yml"}
    assert tree.changes["build.py"] == blob
    assert (tree.id, tree.commit) == (git(inside, "write-tree").strip(), None)
    assert (tree.message, tree.day, tree.tag) == ("", TODAY, False)
    git(inside, "checkout", "-q", "--orphan", "fresh")
    assert {"build.py", "moved 文.txt", "datasets/rooms/datapackage.yaml"} <= set(commits.staged().changes)


def test_a_push_is_told_commit_by_commit(inside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Oldest first, each with its day and its own changes; what the remote has is not among them."""
    first = git(inside, "rev-parse", "HEAD").strip()
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-03-04T05:06:07Z")
    add(inside, "datasets/a.txt", "a\n")
    commit(inside, "one\n\nwith more")
    add(inside, "b.txt", "b\n")
    commit(inside, "two")
    one, two = git(inside, "rev-list", "--reverse", f"{first}..HEAD").split()
    for theirs in (first, NONE, "f" * 40):
        trees = list(commits.pushed("origin", [f"refs/heads/main {two} refs/heads/main {theirs}\n"]))
        assert [(tree.id, tree.commit, set(tree.changes), tree.day, tree.tag) for tree in trees] == [
            (one, one, {"datasets/a.txt"}, date(2026, 3, 4), False),
            (two, two, {"b.txt"}, date(2026, 3, 4), False),
        ]
        assert [tree.message.strip() for tree in trees] == ["one\n\nwith more", "two"]
    assert [tree.id for tree in commits.pushed("origin", [f"a {two} b {one}\n"])] == [two]
    assert [tree.id for tree in commits.pushed("other", [f"a {two} b {NONE}\n"])] == [first, one, two]
    git(inside, "tag", "-a", "v1", "-m", "of a tag\n\nin two parts", one)
    tag = git(inside, "rev-parse", "v1").strip()
    gone = f"(delete) {NONE} refs/heads/x {first}\n"
    *_, last = trees = list(commits.pushed("origin", [gone, f"refs/tags/v1 {tag} refs/tags/v1 {NONE}\n"]))
    assert [tree.id for tree in trees] == [one, tag]
    assert (last.commit, dict(last.changes), last.day, last.tag) == (tag, {}, TODAY, True)
    assert last.message == "of a tag\n\nin two parts\n"


def test_a_message_in_no_encoding_is_looked_at(inside: Path) -> None:
    """What is not UTF-8 is replaced, the rest is read."""
    git(inside, "config", "i18n.commitEncoding", "UTF-8")
    note = inside.parent / "message"
    note.write_bytes(b"\xff\xfe as " + MOBILE.encode())
    add(inside, "a.txt", "a\n")
    git(inside, "add", "-A")
    git(inside, "commit", "-q", "--no-verify", "-F", str(note))
    own = git(inside, "rev-parse", "HEAD").strip()
    (tree,) = commits.pushed("origin", [f"a {own} b {NONE}\n"])
    assert [stated(each) for each in commits.examine(tree, set())] == [
        ("personal-mobile", "error", None, None, None, 1, {"hits": 1})
    ]
    git(inside, "tag", "-a", "v1", "-F", str(note))
    tag = git(inside, "rev-parse", "v1").strip()
    *_, last = commits.pushed("origin", [f"a {tag} b {NONE}\n"])
    assert MOBILE in last.message


def test_a_push_without_datasets_is_not_checked(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """One with them is, whichever of its commits touched them; a tag changes nothing."""
    add(inside, "datasets/rooms/data/rooms.csv", "room_id,name,opened,seats,parent\na1,North,2020-01-31,12,\n")
    commit(inside, "rooms")
    add(inside, "b.txt", "b\n")
    commit(inside, "two")
    git(inside, "tag", "-a", "v1", "-m", "first", "HEAD")
    two, tag = git(inside, "rev-parse", "HEAD").strip(), git(inside, "rev-parse", "v1").strip()
    before = git(inside, "rev-parse", "HEAD~1").strip()
    for own, theirs, checked in ((two, NONE, True), (tag, NONE, True), (two, before, False), (NONE, two, False)):
        assert commits.main(["pre-push", "origin", "url"], [f"a {own} b {theirs}\n"]) == 0
        assert ("checked check --datasets" in capfd.readouterr().err) == checked


def test_a_refused_push_names_the_commit(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Once, though a second branch holds it as well; and the message by what it is."""
    add(inside, "notes.txt", f"{MOBILE}\n")
    commit(inside, f"as {NUMBER} asked")
    own = git(inside, "rev-parse", "HEAD").strip()
    add(inside, "more.txt", "more\n")
    commit(inside, "more")
    tip = git(inside, "rev-parse", "HEAD").strip()
    assert commits.main(["pre-push", "origin"], [f"a {own} b {NONE}\n", f"c {tip} d {NONE}\n"]) == 1
    err = capfd.readouterr().err
    assert err.count(f"error personal-mobile {own[:10]} notes.txt line 1\n") == 1
    assert err.startswith(f"error personal-id {own[:10]} {words.label('hook.message', 'en')}\n")
    assert err.endswith(words.label("hook.pre-push", "en") + "\n")


def test_an_entry_beside_the_hooks_lets_a_file_through(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """As long as it holds."""
    assert commits.entries(inside) == []
    for expires, status in ((TODAY.replace(year=TODAY.year + 1, day=1), 0), (TODAY.replace(year=2020, day=1), 1)):
        entry = (f'[[allow]]\npath = "tests/*"\nrules = ["personal-mobile"]\ncount = 1\nreason = "发明"\nowner = "x"\n'
                 f"expires = {expires}\n")  # fmt: skip
        add(inside, ".githooks/allow.toml", entry)
        add(inside, "tests/a.txt", f"{MOBILE}\n")
        git(inside, "add", "-A")
        assert commits.main(["pre-commit"], []) == status
        assert ("personal-mobile" in capfd.readouterr().err) == bool(status)
    (only,) = commits.entries(inside)
    assert (only["path"], only["reason"]) == ("tests/*", "发明")


@pytest.mark.parametrize("name", ["path", "rules", "count", "reason", "owner", "expires"])
def test_an_entry_that_lacks_something_covers_nothing(name: str) -> None:
    """Nor does one whose rules are a text, or whose count is one."""
    (finding,) = commits.content(f"{MOBILE}\n".encode(), "tests/a.py")
    assert not commits.allowed([finding], [ENTRY | {"count": 1}], date(2026, 6, 1))
    for wrong in ({name: ""}, {"rules": "personal-mobile"}, {"count": "2"}):
        assert commits.allowed([finding], [ENTRY | wrong], date(2026, 6, 1)) == [finding]
    rest = {key: value for key, value in ENTRY.items() if key != name}
    assert commits.allowed([finding], [rest], date(2026, 6, 1)) == [finding]
    nowhere = replace(finding, path=None)
    assert commits.allowed([nowhere], [ENTRY], date(2026, 6, 1)) == [nowhere]
    assert commits.allowed([nowhere], [ENTRY | {"path": "*"}], date(2026, 6, 1)) == []
    assert commits.allowed([finding], [ENTRY | {"path": "docs/*"}, ENTRY], date(2026, 6, 1)) == []


def test_a_tree_is_looked_at_once(inside: Path) -> None:
    """Names and contents in order; a name that gives something away is not repeated, not even beside its content."""
    add(inside, "z.txt", f"{NUMBER}\n")
    add(inside, f"a {MOBILE}.txt", f"{NUMBER}\n")
    git(inside, "add", "-A")
    seen: set[tuple[str, str]] = set()
    tree = commits.staged()
    assert [stated(each) for each in commits.examine(tree, seen)] == [
        ("personal-mobile", "error", None, None, None, 1, {"hits": 1}),
        ("personal-id", "error", None, 1, None, 1, {"hits": 1}),
        ("personal-id", "error", "z.txt", 1, None, 1, {"hits": 1}),
    ]
    assert seen == set(tree.changes.items())
    assert list(commits.examine(tree, seen)) == []


def test_a_dataset_is_looked_at_as_the_check_would(inside: Path) -> None:
    """Descriptor and table by field and pointer, every table once; what it allows is not said, nor that it is idle."""
    text = (inside / "datasets/rooms/datapackage.yaml").read_text(encoding="utf-8")
    allow = (", allow: [{rule: personal-mobile, field: name, count: 1, reason: duty, owner: office, "
             f"expires: '{TODAY.year + 1}-{TODAY.month:02}-01'}}, "
             "{rule: personal-email, field: name, count: 1, reason: duty, owner: office, "
             "expires: '2020-01-01'}]")  # fmt: skip
    title = text.replace("frequency: annual}", f"frequency: annual{allow}}}") + f"# {NUMBER}\nkeywords: ['{NUMBER}']\n"
    add(inside, "datasets/rooms/datapackage.yaml", title)
    rows = f"room_id,name,opened,seats,parent\na1,{MOBILE},2020-01-31,12,\na2,{NUMBER},2020-01-31,12,\n"
    add(inside, "datasets/rooms/data/rooms.csv", rows)
    git(inside, "add", "-A")
    found = list(commits.examine(commits.staged(), set()))
    assert [(each.code, each.path, each.pointer, each.row, each.field) for each in found] == [
        ("personal-id", "rooms/datapackage.yaml", "/keywords/0", None, None),
        ("personal-id", "rooms/data/rooms.csv", None, 3, "name"),
    ]


def test_a_table_that_cannot_be_read_is_looked_at_as_text(inside: Path) -> None:
    """A quotation mark that is never closed hides nothing."""
    add(inside, "datasets/rooms/data/rooms.csv", f'room_id,name,opened,seats,parent\na1,"North\n{NUMBER}\n')
    git(inside, "add", "-A")
    (found,) = commits.examine(commits.staged(), set())
    assert (found.code, found.path, found.line) == ("personal-id", "datasets/rooms/data/rooms.csv", 3)


def test_a_table_beside_one_that_cannot_be_read_is_judged(inside: Path) -> None:
    """By row and field, wherever the other stands."""
    descriptor = inside / "datasets/rooms/datapackage.yaml"
    more = ("  - name: more\n    title: More\n    title_zh: 更多\n    path: data/more.csv\n    schema:\n      fields:\n"
            "        - {name: name, type: string, title: Name, title_zh: 名称}\n")  # fmt: skip
    descriptor.write_text(descriptor.read_text(encoding="utf-8") + more, encoding="utf-8")
    add(inside, "datasets/rooms/data/rooms.csv", 'room_id,name,opened,seats,parent\na1,"North\n')
    add(inside, "datasets/rooms/data/more.csv", f"name\n{NUMBER}\n")
    git(inside, "add", "-A")
    (found,) = commits.examine(commits.staged(), set())
    assert (found.code, found.path, found.row, found.field) == ("personal-id", "rooms/data/more.csv", 2, "name")


def test_a_table_of_the_only_dataset_is_judged(inside: Path) -> None:
    """Its descriptor may lie in the folder of datasets itself; a count is no telephone number there either."""
    table(inside, counted=True)
    git(inside, "mv", "datasets/rooms/datapackage.yaml", "datasets/rooms/data", "datasets/")
    (inside / "datasets/data/rooms.csv").write_text(
        f"room_id,name,opened,seats,parent\na1,North,2020-01-31,{MOBILE},\na2,{NUMBER},2020-01-31,12,\n"
    )
    git(inside, "add", "-A")
    (found,) = commits.examine(commits.staged(), set())
    assert (found.code, found.path, found.row, found.field) == ("personal-id", "data/rooms.csv", 3, "name")


def test_a_refused_cell_is_named_by_row_and_column(inside: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """In the words of the report."""
    table(inside)
    git(inside, "add", "-A")
    assert commits.main(["pre-commit"], []) == 1
    place = words.label("report.row", "en", row=2) + words.label("report.field", "en", field="name")
    assert capfd.readouterr().err.startswith(f"error personal-mobile rooms/data/rooms.csv{place}\n")


def test_a_list_without_entries_lets_nothing_through(tmp_path: Path) -> None:
    """Like none at all."""
    assert commits.entries(tmp_path) == []
    for text in ("", "# none yet\n", "allow = []\n"):
        add(tmp_path, ".githooks/allow.toml", text)
        assert commits.entries(tmp_path) == []


def test_a_table_whose_descriptor_is_as_before_is_looked_at(inside: Path) -> None:
    """Only what changed is fresh."""
    commit(inside, "all", "--allow-empty")
    add(inside, "datasets/rooms/data/rooms.csv", f"room_id,name,opened,seats,parent\na1,{NUMBER},2020-01-31,12,\n")
    git(inside, "add", "-A")
    (found,) = commits.examine(commits.staged(), set())
    assert (found.code, found.path, found.row, found.field) == ("personal-id", "rooms/data/rooms.csv", 2, "name")


def test_links_are_not_followed_out_of_a_commit(inside: Path, tmp_path: Path) -> None:
    """They are left out, as is everything beside the datasets."""
    (inside / "datasets/rooms/link.csv").symlink_to("/etc/hosts")
    commit(inside, "link")
    room = tmp_path / "room"
    room.mkdir()
    folder = commits.unpacked("HEAD", room)
    assert folder == room / "datasets"
    assert sorted(path.name for path in room.iterdir()) == ["datasets"]
    assert (folder / "rooms/datapackage.yaml").read_bytes() == (inside / "datasets/rooms/datapackage.yaml").read_bytes()
    assert not os.path.lexists(folder / "rooms/link.csv")
    git(inside, "rm", "-rq", "datasets")
    commit(inside, "none")
    other = tmp_path / "other"
    other.mkdir()
    assert list(commits.unpacked("HEAD", other).iterdir()) == []


def package(*parts: tuple[str, str | bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """A zipped package of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        for name, text in parts:
            made.writestr(name, text)
    return file.getvalue()


@pytest.mark.parametrize(
    ("path", "data", "found"),
    [
        ("a.txt", f"x\n{MOBILE}\n{NUMBER} {MOBILE}\n{MOBILE}\n".encode(),
         [("personal-id", 3, None, 1), ("personal-mobile", 2, None, 3)]),
        ("a.txt", "深圳市福田区某某街道某某路1号2栋303室\n".encode(), []),
        ("a.txt", b"\xef\xbb\xbf" + MOBILE.encode(), [("personal-mobile", 1, None, 1)]),
        ("a.txt", f"电话{MOBILE}".encode("gb18030"), [("personal-mobile", 1, None, 1)]),
        ("a.txt", f"a {MOBILE}".encode("utf-16-le"), []),
        ("a.txt", b"\xff\xfe" + f"电话 {MOBILE}".encode("utf-16-le"), [("personal-mobile", 1, None, 1)]),
        ("a.txt", b"\xfe\xff" + f"电话 {MOBILE}".encode("utf-16-be"), [("personal-mobile", 1, None, 1)]),
        ("a.bin", b"\xff\xff\x80" + MOBILE.encode(), []),
        ("a.bin", b"\0" * 3 + f" {MOBILE} ".encode() + b"x" * 85, []),
        ("a.txt", b"\0" + f" {MOBILE} ".encode() + b"x" * 87, [("personal-mobile", 1, None, 1)]),
        ("a.csv", "x,证件号码\n1,110105491231002\n2,110105491231002\n".encode(), [("personal-id", None, 2, 2)]),
        ("A.CSV", "x,证件号码\n1,110105491231002\n2\n".encode(), [("personal-id", None, 2, 1)]),
        ("a.TSV", "x,y\t身份证号\n1\t110105491231002\n".encode(), [("personal-id", None, 2, 1)]),
        ("a.txt", "x,身份证号\n1,110105491231002\n".encode(), []),
        ("a.csv", f"x,身份证号\n1,{NUMBER}\n".encode(), [("personal-id", 2, None, 1)]),
        ("a.csv", f'x,y\n"{"x" * 140_000}",1\n{NUMBER},2\n'.encode(), [("personal-id", 3, None, 1)]),
        ("a.csv", b"", []),
        ("a.xlsx", package(("b.xml", f"<a>{MOBILE}</a><b>{NUMBER}</b>"), ("a.xml", f"<t>{MOBILE}</t>")),
         [("personal-id", None, None, 1), ("personal-mobile", None, None, 2)]),
        ("a.xlsx", package(("a.xml", f"<t>{NUMBER[:9]}</t><t>{NUMBER[9:]}</t>")), []),
        ("a.xlsx", package(("a.bin", b"\xff\xff\x80"), ("b.xml", NUMBER)), [("personal-id", None, None, 1)]),
    ],
)  # fmt: skip
def test_what_is_found_in_a_file(path: str, data: bytes, found: list[tuple[Any, ...]]) -> None:
    """In every encoding, in tables below a header that tells, in every part of a package; not in what is no text."""
    seen = list(commits.content(data, path))
    assert [(each.code, each.line, each.column, each.count) for each in seen] == found
    for each in seen:
        assert (each.severity, each.path, each.source) == ("error", path, "gazette")
        assert each.facts == {"hits": each.count}


def test_a_damaged_part_does_not_hide_the_next() -> None:
    """Nor does an encrypted one."""
    whole = package(("a.xml", "<t>something</t>"), ("b.xml", NUMBER))
    damaged = whole.replace(b"something", b"somethin!")
    assert [each.code for each in commits.content(damaged, "a.xlsx")] == ["personal-id"]
    central = whole.index(b"PK\x01\x02")
    locked = whole[:6] + b"\x01" + whole[7 : central + 8] + b"\x01" + whole[central + 9 :]
    assert [each.code for each in commits.content(locked, "a.xlsx")] == ["personal-id"]


@pytest.mark.parametrize(
    ("method", "before"),
    [(zipfile.ZIP_DEFLATED, ["personal-mobile"]), (zipfile.ZIP_BZIP2, []), (zipfile.ZIP_LZMA, ["personal-mobile"])],
)
def test_packed_data_that_is_damaged_does_not_hide_the_next(method: int, before: list[str]) -> None:
    """However it is packed; what stands before the damage is read, where the method has no large blocks."""
    noise = "\n".join(f"{place * place:x}" for place in range(20_000))
    whole = package(("a.xml", f"{MOBILE}\n{noise}"), ("b.xml", NUMBER), method=method)
    end = whole.index(b"PK\x03\x04", 4)
    assert [each.code for each in commits.content(whole, "a.xlsx")] == ["personal-id", "personal-mobile"]
    for place, found in ((60, []), (end - 2000, before)):
        damaged = whole[:place] + b"\xff" * 40 + whole[place + 40 :]
        assert [each.code for each in commits.content(damaged, "a.xlsx")] == ["personal-id", *found]


def test_no_part_hides_behind_the_name_of_another() -> None:
    """Two of one name are both read."""
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = package(("a.xml", NUMBER), ("a.xml", "nothing"))
    assert [each.code for each in commits.content(twice, "a.xlsx")] == ["personal-id"]


def test_a_package_that_cannot_be_opened_is_looked_at_as_it_stands() -> None:
    """One whose directory is broken, or a text in which the end of one stands."""
    whole = package(("a.xml", f"\n{NUMBER}\n"), ("b.xml", "<t>something</t>"))
    central, end = whole.index(b"PK\x01\x02"), whole.index(b"PK\x05\x06")
    for damaged in (
        whole[:central] + b"\0" * 4 + whole[central + 4 :],
        whole[: end + 12] + b"\xff" * 8 + whole[end + 20 :],
        whole[: central + 6] + b"\xff" + whole[central + 7 :],
        whole[: central + 8] + b"\0\x08" + whole[central + 10 : central + 46] + b"\xff" + whole[central + 47 :],
    ):
        assert list(commits.content(damaged, "a.xlsx")) == []  # no text
    text = f"{NUMBER}\nPK\x05\x06{' ' * 18}\n"
    assert [each.code for each in commits.content(text.encode(), "a.txt")] == ["personal-id"]


@given(place=st.integers(0, 400), noise=st.binary(min_size=1, max_size=8))
def test_no_damage_stops_the_search(place: int, noise: bytes) -> None:
    """Whatever is written anywhere into a package."""
    whole = package(("a.xml", NUMBER * 9), ("b.bin", b"\xff\xff\x80"), method=zipfile.ZIP_DEFLATED)
    damaged = whole[:place] + noise + whole[place + len(noise) :]
    assert {each.code for each in commits.content(damaged, "a.xlsx")} <= {"personal-id"}


def test_what_is_no_text_is_not_unpacked_past_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """It counts like text, for it takes as long to unpack."""
    monkeypatch.setattr(commits, "LARGEST", 1_500_000)
    read: list[int] = []

    def counted(part: zipfile.ZipExtFile, most: int) -> bytes:
        block = original(part, most)
        read.append(len(block))
        return block

    original = zipfile.ZipExtFile.read
    monkeypatch.setattr(zipfile.ZipExtFile, "read", counted)
    bomb = package(*((f"{number}.bin", b"\xff" * 1_000_000) for number in range(9)), ("a.xml", NUMBER),
                   method=zipfile.ZIP_DEFLATED)  # fmt: skip
    assert list(commits.content(bomb, "a.xlsx")) == []
    assert sum(read) == 1_500_000


def test_a_character_cut_at_the_limit_hides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands before it is text all the same, in every encoding."""
    for encoding in ("utf-8", "gb18030", "utf-16"):
        line = f"{MOBILE} 号码\n".encode(encoding)
        monkeypatch.setattr(commits, "LARGEST", len(line) - len("\n".encode(encoding.replace("16", "16-le"))) - 1)
        assert [each.code for each in commits.content(line, "a.txt")] == ["personal-mobile"]


def test_a_very_large_file_is_searched_from_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many bytes of it; of a package so many of all its parts together."""
    monkeypatch.setattr(commits, "LARGEST", 30)
    line = f"{MOBILE} {'x' * 11}\n".encode()
    assert [each.line for each in commits.content(b"x" * 11 + b"\n" + line, "a.txt")] == [2]
    assert list(commits.content(b"x" * 20 + b"\n" + line, "a.txt")) == []
    inside = package(("a", MOBILE), ("b", MOBILE), ("c", MOBILE))
    assert [each.count for each in commits.content(inside, "a.xlsx")] == [2]
