"""What commits would make public, for the hooks of git: a pushed branch is public, whatever a later commit takes back.

``python -m gazette.checks.guard.commits pre-commit`` looks at what is staged, ``… pre-push REMOTE`` at every commit
the remote does not have: each file that was added or changed, its name, and what the commits say. Tables are judged
under the descriptor of their own commit, with its ``gazette.allow``; every other file as text, workbooks unpacked.
``allow.toml`` beside the hooks names files that need such values: rule, path, count, reason, owner, expiry.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import fnmatch
import io
import json
import operator
import os
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from gazette import descriptor, snapshot, tables, words
from gazette.checks import walk
from gazette.checks.guard import allowances, cells, documents, persons, search
from gazette.checks.guard.kinds import Hit
from gazette.model import Dataset, Fact, Field, Finding, Language, Policy, Severity, Site, Text

DATASETS = "datasets"
ALLOWED = Path(".githooks/allow.toml")

LARGEST = 64 << 20
"""Bytes of a file, unpacked, that are searched; of a larger one so many from its beginning."""

_BLOCK = 4096
"""Bytes read at once: ``zipfile`` unpacks so many packed ones at the least, and what these hold is all in memory."""

_NOBODY = Site(name=Text(), description=Text(), operator=Text(), languages=words.LANGUAGES)
_LENIENT = Policy(name="guard", strict=False)
_ZERO = re.compile("0+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A commit, or what is staged to become one: the id of its tree, its changes, what it says and when."""

    id: str
    commit: str | None
    changes: Mapping[str, str]
    """Path → id of the content."""
    message: str
    day: date
    tag: bool = False
    """A tag with a message of its own."""


# --- git --------------------------------------------------------------------------------------------------


def _git(*arguments: str, data: bytes | None = None) -> bytes:
    return subprocess.run(["git", *arguments], check=True, capture_output=True, input=data).stdout  # noqa: S603, S607


def staged() -> Tree:
    """What the next commit would hold."""
    known = subprocess.run(["git", "rev-parse", "-q", "--verify", "HEAD"], check=False, capture_output=True)  # noqa: S607
    base = "HEAD" if known.returncode == 0 else _git("hash-object", "-t", "tree", "--stdin", data=b"").decode().strip()
    raw = _git("diff-index", "--cached", "--raw", "--no-renames", "--no-abbrev", "--diff-filter=AMT", "-z", base)
    tree = _git("write-tree").decode().strip()
    return Tree(id=tree, commit=None, changes=_changes(raw), message="", day=date.today())  # noqa: DTZ011 - of this desk


def pushed(remote: str, lines: Iterable[str]) -> Iterator[Tree]:
    """The commits, oldest first, that ``remote`` does not have (githooks(5): local ref and id, remote ref and id)."""
    for line in lines:
        _, own, _, theirs = line.split()
        if _ZERO.fullmatch(own):
            continue  # a branch is deleted
        known = [f"^{theirs}"] if not _ZERO.fullmatch(theirs) and _has(theirs) else []
        listed = _git("rev-list", "--reverse", own, *known, "--not", f"--remotes={remote}").decode().split()
        yield from map(_commit, listed)
        if _git("cat-file", "-t", own).strip() == b"tag":
            text = _git("cat-file", "tag", own).decode(errors="replace").partition("\n\n")[2]
            yield Tree(id=own, commit=own, changes={}, message=text, day=date.today(), tag=True)  # noqa: DTZ011


def _has(commit: str) -> bool:
    found = subprocess.run(["git", "cat-file", "-e", commit], check=False, capture_output=True)  # noqa: S603, S607
    return found.returncode == 0


def _commit(commit: str) -> Tree:
    raw = _git("diff-tree", "-r", "-m", "--root", "--no-commit-id", "--raw", "--no-renames", "--no-abbrev",
               "--diff-filter=AMT", "-z", commit)  # fmt: skip
    day, _, message = _git("show", "-s", "--format=%cs%n%B", commit).decode(errors="replace").partition("\n")
    return Tree(id=commit, commit=commit, changes=_changes(raw), message=message, day=date.fromisoformat(day))


def _changes(raw: bytes) -> dict[str, str]:
    """The raw format of git (``:mode mode id id status``, path, each ended by NUL), less links and submodules."""
    parts = raw.decode(errors="surrogateescape").split("\0")[:-1]
    stated = zip(parts[::2], parts[1::2], strict=True)
    return {path: line.split()[3] for line, path in stated if line.split()[1].startswith("100")}


def _blob(identity: str) -> bytes:
    return _git("cat-file", "blob", identity)


# --- one commit -------------------------------------------------------------------------------------------


def examine(tree: Tree, seen: set[tuple[str, str]]) -> Iterator[Finding]:
    """What must not become public with ``tree``; what is in ``seen`` (path and content) was looked at before."""
    fresh = {path: blob for path, blob in tree.changes.items() if (path, blob) not in seen}
    seen.update(fresh.items())
    yield from _said(search.scan(tree.message), None)
    judged: set[str] = set()
    if any(path.startswith(f"{DATASETS}/") for path in fresh):
        found, judged = _tables(tree, fresh)
        yield from found
    for path in sorted(fresh):
        name = path.encode(errors="replace").decode()
        yield from _said(search.scan(name), None)
        if path not in judged:
            shown = None if search.scan(name) else name
            yield from (replace(finding, path=shown) for finding in content(_blob(fresh[path]), path))


def _tables(tree: Tree, fresh: Mapping[str, str]) -> tuple[list[Finding], set[str]]:
    """The findings on tables and descriptors, less what their descriptors allow, and the files looked at."""
    found: list[Finding] = []
    judged: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="gazette-") as room:
        source = unpacked(tree.id, Path(room))
        inputs, _ = snapshot.take(source, Path(room) / "copy")
        datasets, _ = descriptor.load(inputs, _LENIENT, _NOBODY)
        for dataset in datasets:
            own, files = _dataset(dataset, inputs, fresh)
            judged |= files
            kept = allowances.apply_allowances(own, dataset, tree.day) if own else ()
            found += [finding for finding in kept if not finding.code.startswith("allow-")]
    return found, judged


def _dataset(dataset: Dataset, inputs: Any, fresh: Mapping[str, str]) -> tuple[list[Finding], set[str]]:
    found: list[Finding] = []
    judged: set[str] = set()
    if (path := f"{DATASETS}/{dataset.path}") in fresh:
        found += documents.texts(walk.through(dataset))
        judged.add(path)
    for piece in tables.cut([dataset], inputs):
        paths = {f"{DATASETS}/{dataset.folder}/{path}".replace("//", "/") for path in piece.resource.paths}
        if paths & fresh.keys() and piece.start == 0:
            whole = replace(piece, end=None)
            try:
                table = tables.read(whole)
            except (tables.Irregular, tables.Unclosed):
                continue  # looked at as text
            found += cells.settle([(whole, cells.look(table, whole))])
            found += persons.settle([(whole, persons.look(table, whole))])
            judged |= {path for path in paths if not path.endswith(".xlsx")}
    return found, judged


def unpacked(tree: str, room: Path) -> Path:
    """The datasets of a commit as files below ``room``; links and other special files left out."""
    folder = room / DATASETS
    folder.mkdir()
    listed = _git("ls-tree", "-d", "--name-only", tree, DATASETS).strip()
    if listed:
        with tarfile.open(fileobj=io.BytesIO(_git("archive", "--format=tar", tree, DATASETS))) as archive:
            archive.extractall(room, members=[each for each in archive if each.isfile() or each.isdir()], filter="data")
    return folder


# --- one file ---------------------------------------------------------------------------------------------


def content(data: bytes, path: str) -> Iterator[Finding]:
    """What must not be published in a file, whatever it is; a place in it is a line or, in a table, a column."""
    if package := _package(data):
        yield from _said(_packed(package), path)
        return
    text = _decoded(data[:LARGEST])
    if text is None:
        return
    if path.lower().endswith((".csv", ".tsv")):
        yield from _columns(text, path)
    hits: dict[tuple[str, Severity], list[int]] = {}
    for row, hit in search.column(pa.array(text.splitlines(), pa.string()), None):
        if hit.code != "personal-address":  # prose names offices by theirs
            hits.setdefault((hit.code, hit.severity), []).append(row + 1)
    for (code, severity), lines in sorted(hits.items()):
        facts: dict[str, Fact] = {"hits": len(lines)}
        finding = Finding(code=code, severity=severity, source="gazette", path=path, line=lines[0], facts=facts)
        yield replace(finding, count=len(lines))


def _decoded(data: bytes) -> str | None:
    """Text in one of the encodings files come in, less a character cut at the end; ``None`` for what is none."""
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "gb18030"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(data)
        except UnicodeDecodeError:
            continue
        return None if text.count("\0") > len(text) // 100 else text
    return None


def _package(data: bytes) -> zipfile.ZipFile | None:
    """The package that a file is, a workbook or another; ``None`` where it is none, or nobody could open it."""
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except Exception:  # noqa: BLE001 - a directory can be broken in more ways than the library has an error for
        return None


def _packed(package: zipfile.ZipFile) -> Iterator[Hit]:
    """The text of its parts, hidden sheets, comments and authors among them."""
    left = LARGEST
    with package:
        for entry in sorted(package.infolist(), key=operator.attrgetter("filename")):
            part = _part(package, entry, left)
            left -= len(part)  # whatever it holds: it took as long to unpack
            yield from search.scan(re.sub(r"<[^<>]*>", "\n", _decoded(part) or ""))
            if not left:
                break


def _part(package: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """The first ``most`` bytes of a part; of a damaged one those before the damage, of an encrypted one none."""
    found = bytearray()
    # A check of the workbook says what is wrong. Every method of compression has errors of its own.
    with contextlib.suppress(Exception), package.open(entry) as part:
        while block := part.read(min(_BLOCK, most - len(found))):
            found += block
    return bytes(found)


def _columns(text: str, path: str) -> Iterator[Finding]:
    """What only the header of a column gives away."""
    delimiter = "\t" if path.lower().endswith(".tsv") else ","
    try:
        header, *body = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)) or [[]]
    except csv.Error:
        return  # no table
    for number, name in enumerate(header):
        values = pa.array([row[number] if number < len(row) else None for row in body], pa.string())
        plain, announced = (
            Counter((hit.code, hit.severity) for _, hit in search.column(values, field))
            for field in (None, replace(_COLUMN, name=name))
        )
        for (code, severity), hits in sorted((announced - plain).items()):
            facts: dict[str, Fact] = {"hits": hits}
            finding = Finding(code=code, severity=severity, source="gazette", path=path, column=number + 1, facts=facts)
            yield replace(finding, count=hits)


_COLUMN = Field(name="", type="any", format="default", title=Text(), description=Text(), constraints={})


def _said(hits: Iterable[Hit], path: str | None) -> Iterator[Finding]:
    for (code, severity), count in sorted(Counter((hit.code, hit.severity) for hit in hits).items()):
        yield Finding(code=code, severity=severity, source="gazette", path=path, count=count, facts={"hits": count})


# --- what files may hold ----------------------------------------------------------------------------------


def allowed(findings: Iterable[Finding], entries: Sequence[Mapping[str, Any]], today: date) -> list[Finding]:
    """``findings`` without those an entry answers for: its rules, its path, no more hits per file than its count."""
    valid = [entry for entry in entries if _is_valid(entry) and date.fromisoformat(str(entry["expires"])) >= today]
    return [
        finding
        for finding in findings
        if not any(
            finding.code in entry["rules"] and fnmatch.fnmatch(finding.path or "", entry["path"]) and
            finding.count <= entry["count"]
            for entry in valid
        )
    ]  # fmt: skip


def _is_valid(entry: Mapping[str, Any]) -> bool:
    stated = all(str(entry.get(name, "")).strip() for name in ("path", "rules", "count", "reason", "owner", "expires"))
    return stated and isinstance(entry["rules"], list) and isinstance(entry["count"], int)


def entries(root: Path) -> list[Mapping[str, Any]]:
    """The entries of :data:`ALLOWED`."""
    path = root / ALLOWED
    return tomllib.loads(path.read_text(encoding="utf-8")).get("allow", []) if path.exists() else []


# --- the hooks --------------------------------------------------------------------------------------------


def main(arguments: Sequence[str], lines: Iterable[str]) -> int:
    """Run one hook in the folder of the project; 1 where something must not become public."""
    hook, *rest = arguments
    root = Path(_git("rev-parse", "--show-toplevel").decode().strip())
    language: Language = "zh" if os.environ.get("LC_ALL", os.environ.get("LANG", "")).lower().startswith("zh") else "en"
    trees = [staged()] if hook == "pre-commit" else list(pushed(rest[0], lines))
    seen: set[tuple[str, str]] = set()
    answered = entries(root)
    refused = False
    for tree in trees:
        for finding in allowed(examine(tree, seen), answered, date.today()):  # noqa: DTZ011 - of this desk
            sys.stderr.write(_line(finding, tree, language))
            refused |= finding.severity == "error"
    if refused:
        sys.stderr.write(words.label(f"hook.{hook}", language) + "\n")
        return 1
    commits = [tree for tree in trees if not tree.tag]
    touched = any(path.startswith(f"{DATASETS}/") for tree in commits for path in tree.changes)
    return _checked(root, commits[-1], language) if touched else 0


def _line(finding: Finding, tree: Tree, language: Language) -> str:
    said = words.message(finding, language)
    where = [tree.commit[:10]] if tree.commit else []
    where.append(finding.path or words.label("hook.message", language))
    place = _place({"row": finding.row, "field": finding.field, "line": finding.line}, language)
    severity = words.label(f"severity.{finding.severity}", language)
    return f"{severity} {finding.code} {' '.join(where)}{place}\n  {said.what}\n  → {said.fix}\n"


def _place(stated: Mapping[str, Any], language: Language) -> str:
    found = {name: stated[name] for name in ("row", "field", "line") if stated[name]}
    return "".join(words.label(f"report.{name}", language, **{name: value}) for name, value in found.items())


def _checked(root: Path, tree: Tree, language: Language) -> int:
    """The check of the datasets as they would be published: those of the last commit, not those on the desk.

    Only errors are shown: what else there is to say, a check of the desk says.
    """
    with tempfile.TemporaryDirectory(prefix="gazette-") as room:
        folder = unpacked(tree.id, Path(room))
        command = [sys.executable, "build.py", "check", "--datasets", str(folder), "--format", "json"]
        apart = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        done = subprocess.run(command, cwd=root, env=apart, check=False, stdout=subprocess.PIPE, text=True)  # noqa: S603
        if done.returncode == 1:
            for record in json.loads(done.stdout)["findings"]:
                if record["severity"] == "error":
                    sys.stderr.write(_reported(record, folder, language))
            sys.stderr.write(words.label("hook.check", language) + "\n")
        return done.returncode


def _reported(record: Mapping[str, Any], folder: Path, language: Language) -> str:
    """A finding of the check, under the path it has on the desk."""
    path = Path(record["path"] or DATASETS)
    shown = DATASETS / path.relative_to(folder) if path.is_relative_to(folder) else path
    severity, place = words.label("severity.error", language), _place(record, language)
    return f"{severity} {record['code']} {shown.as_posix()}{place}\n  {record['message'][language]}\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], sys.stdin))
