"""What git knows of the datasets: which commits touched them, and which day the site speaks of."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

from gazette.model import BuildError, Dataset, Finding, History, Version

_FORMAT = "%x00%H%x1f%cs%x1f%s%n%b%x1e"
"""Commit, committer's date, subject and text of a log entry; its files follow."""

KEPT = 50
"""Contents of one file that are looked back at."""

LARGEST = 4_000_000
"""Bytes of a file beyond which its former contents are not read: texts that somebody translates are small."""

_MERGE = re.compile(r"Merge (?:pull request|branch) ")

_UNSEEN = {"Cc", "Cf", "Zl", "Zp"}
"""Controls, format characters such as those of bidirectional text, and breaks of lines (Unicode Standard, 4.5)."""

_LINK = "120000"
"""Mode of a symbolic link (gitformat-index)."""

_TABULAR = {".csv", ".tsv", ".xls", ".xlsx", ".ods"}

_PLACES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR", "GIT_PREFIX")
"""Set where a hook runs us; they would lead every command to the repository of the hook."""


def read(
    datasets: Path, known: Iterable[Dataset], censor: Callable[[str], str] = str
) -> tuple[History, tuple[Finding, ...]]:
    """The published versions of every dataset; empty, with a warning, outside git and in a shallow clone.

    ``censor`` blacks out personal data in their subjects: what a commit said cannot be taken back without writing the
    history anew, and must not keep the site from being published.
    """
    commit = _git(datasets, "rev-parse", "HEAD")
    if commit is None:
        return History(), (Finding(code="history-none", severity="warning", source="gazette"),)
    if _git(datasets, "rev-parse", "--is-shallow-repository") == "true":
        return History(commit=commit), (Finding(code="history-shallow", severity="warning", source="gazette"),)
    serial = _git(datasets, "rev-list", "--first-parent", "--count", "HEAD")
    # Only what is below this folder, with its names counted from it, wherever in the repository it lies.
    # A merge is what readers saw; the commits of its branch were never published.
    log = _git(datasets, "-c", "core.quotepath=false", "log", "-m", "--first-parent", f"--format={_FORMAT}",
               "--name-only", "--relative", ".")  # fmt: skip
    entries = [(replace(version, subject=censor(version.subject)), paths) for version, paths in _entries(log or "")]
    versions = {
        dataset.name: tuple(
            version
            for version, paths in entries
            if any(path.startswith(f"{dataset.folder}/") or not dataset.folder for path in paths)
        )
        for dataset in known
    }
    return History(commit=commit, serial=int(serial) if serial else None, versions=versions), ()


def as_of(
    stated: date | None, history: History, newest: date | None, datasets: Path
) -> tuple[date, tuple[Finding, ...]]:
    """The one "today" of a build, with a warning where nothing but the files' own times tells it.

    ``stated`` by the operator, else ``SOURCE_DATE_EPOCH`` (seconds since 1970-01-01 UTC, reproducible-builds.org),
    else the day of the last commit that touched the datasets, else the ``newest`` date the data speaks of, else
    the day the newest file was changed. Raises :class:`BuildError` for an epoch that is no number of seconds.
    """
    if stated:
        return stated, ()
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        try:
            return datetime.fromtimestamp(int(epoch), UTC).date(), ()
        except (ValueError, OverflowError, OSError) as fault:
            raise BuildError("source-date-epoch", value=epoch) from fault
    committed = [version.published for versions in history.versions.values() for version in versions[:1]]
    if committed:
        return max(committed), ()
    if newest:
        return newest, ()
    return _last_change(datasets), (Finding(code="as-of-guessed", severity="warning", source="gazette"),)


def previous(datasets: Path, path: str, content: bytes) -> bytes | None:
    """A file as it was before it came to hold ``content``: the newest commit where it differs; ``None`` without one.

    ``path`` is its place below ``datasets``.
    """
    commits = _git(datasets, "log", "--format=%H", "--max-count=2", "--", path) or ""
    for commit in commits.split():
        former = _output(datasets, "show", f"{commit}:./{path}")
        if former is not None and former != content:
            return former
    return None


def versions(datasets: Path, root: Path, paths: Iterable[str]) -> Mapping[str, tuple[tuple[date | None, bytes], ...]]:
    """What each of ``paths`` has held, oldest first, with the day of its commit; ``None`` for what is not committed.

    The paths are those below ``datasets``, the repository's folder, and below ``root``, where the last of their
    contents lie. A file that never changed or is larger than :data:`LARGEST` is left out; of one that changed often
    the last :data:`KEPT` contents are given. Empty outside git.
    """
    log = _git(datasets, "-c", "core.quotepath=false", "log", "-m", "--first-parent", "--raw", "--no-abbrev",
               "--no-renames", "--relative", "--format=%x00%cs", ".")  # fmt: skip
    known: dict[str, list[tuple[date | None, str]]] = {path: [] for path in paths}
    for entry in reversed((log or "").split("\x00")[1:]):
        day, *changes = entry.split("\n")
        for change in filter(None, changes):
            facts, _, path = change.partition("\t")
            blob = facts.split()[3]
            if path in known and blob.strip("0"):  # noughts: removed
                known[path].append((date.fromisoformat(day.strip()), blob))
    now = {path: (root / path).read_bytes() for path, former in known.items() if former and _is_small(root / path)}
    for path, content in now.items():
        if known[path][-1][1] != _blob(content, known[path][-1][1]):
            known[path].append((None, ""))
    changed = {path: known[path][-KEPT:] for path in now if len(known[path]) > 1}
    blobs = _contents(datasets, sorted({blob for former in changed.values() for _, blob in former if blob}))
    return {
        path: tuple((day, blobs.get(blob, now[path])) for day, blob in former if not blob or blob in blobs)
        for path, former in sorted(changed.items())
    }


def at(datasets: Path, revision: str | None, room: Path) -> tuple[str | None, Path]:
    """The datasets as they were in a commit: its full name, and a folder in ``room`` whose own history ends there.

    Without a ``revision``: no commit, and ``datasets`` itself. Nothing is checked out: contents come from the
    repository's objects as they are, so none of its filters, hooks and settings has a say. Raises
    :class:`BuildError` outside git, for a revision nobody knows, and where a shallow clone does not reach it.
    """
    if revision is None:
        return None, datasets
    commit = _resolve(datasets, revision)
    prefix = _git(datasets, "rev-parse", "--show-prefix") or ""
    kind = _git(datasets, "rev-parse", "--show-object-format") or "sha1"
    objects = _git(datasets, "rev-parse", "--path-format=absolute", "--git-path", "objects") or ""
    room = Path(tempfile.mkdtemp(dir=room))
    _output(room, "init", "--quiet", "--template=", f"--object-format={kind}")
    borrowed = room / ".git" / "objects" / "info" / "alternates"
    borrowed.parent.mkdir(exist_ok=True)
    borrowed.write_text(f"{objects}\n", encoding="utf-8")
    _output(room, "update-ref", "--no-deref", "HEAD", commit)
    (room / prefix).mkdir(parents=True, exist_ok=True)
    _unpack(room, _output(room, "ls-tree", "-r", "-z", "-l", commit, "--", prefix or ".") or b"")
    return commit, room / prefix


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One published state: a commit of the first-parent line, and every file it changed below the datasets folder."""

    version: Version
    files: Mapping[str, str | None]
    """The object each path holds since; ``None`` where it went."""


def events(datasets: Path) -> tuple[Event, ...]:
    """Every commit that touched the datasets, oldest first; empty outside git and in a shallow clone.

    A merge is one event, as readers saw it; what the merge of a pull request is called stands in its message.
    """
    if _git(datasets, "rev-parse", "--is-shallow-repository") != "false":
        return ()
    log = _git(datasets, "-c", "core.quotepath=false", "log", "-m", "--first-parent", "--raw", "--no-abbrev",
               "--no-renames", "--relative", f"--format={_FORMAT}", ".")  # fmt: skip
    found = []
    for version, changes in reversed(list(_entries(log or ""))):
        files = {}
        for change in changes:
            facts, _, path = change.partition("\t")
            blob = facts.split()[3]
            files[path] = blob if blob.strip("0") else None
        found.append(Event(version=version, files=files))
    return tuple(found)


def contents(datasets: Path, blobs: Sequence[str]) -> Mapping[str, bytes]:
    """What the objects named ``blobs`` hold; those the repository lacks are left out."""
    return _contents(datasets, blobs)


def unbroken(datasets: Path, commits: Sequence[tuple[str, date]], since: date | None) -> tuple[Finding, ...]:
    """Whether every published commit is still part of the history, in the order of publication.

    ``commits`` are those of the list of releases with their days, oldest first; older ones than ``since`` are left
    out. A commit that is gone, or is not on the first-parent line before the next, means that the history was
    written anew: what was published then can no longer be shown. Where no release is listed, a warning says that
    nothing was proved. Without ``since`` nothing is asked. Raises :class:`BuildError` outside git and in a shallow
    clone, where nothing can be told.
    """
    if since is None:
        return ()
    _resolve(datasets, "HEAD")
    if _git(datasets, "rev-parse", "--is-shallow-repository") == "true":
        raise BuildError("revision-shallow", revision=since.isoformat())
    line = (_git(datasets, "rev-list", "--first-parent", "--reverse", "HEAD") or "").split()
    place = {commit: number for number, commit in enumerate(line)}
    found, last = [], -1
    for commit, day in commits:
        if day >= since:
            number = place.get(commit, -1)
            if number < last or commit not in place:
                found.append(
                    Finding(
                        code="history-rewritten",
                        severity="error",
                        source="gazette",
                        facts={"commit": commit[:12], "day": day.isoformat()},
                    )
                )
            last = max(last, number)
    if not any(day >= since for _, day in commits):
        found.append(
            Finding(code="history-unlisted", severity="warning", source="gazette", facts={"day": since.isoformat()})
        )
    return tuple(found)


def strays(datasets: Path, base: str, head: str | None) -> tuple[str, ...]:
    """Tables that came since the commit ``base`` beside the folder of datasets, in no folder the repository had.

    ``head`` is the commit they came by; without one, those that are not committed count as well.
    """
    top = Path(_git(datasets, "rev-parse", "--show-toplevel") or datasets)
    inside = _git(datasets, "rev-parse", "--show-prefix") or ""
    # Not git diff: to compare files it may run the filters that a repository's own settings name.
    listing = ["ls-tree", "-r", "-z", "--name-only", head] if head else ["ls-files", "-z", "-co", "--exclude-standard"]
    before, after = (_names(top, *words) for words in (["ls-tree", "-r", "-z", "--name-only", base], listing))
    known = {path.partition("/")[0] for path in before if "/" in path}
    return tuple(
        path
        for path in sorted(after - before)
        if PurePosixPath(path).suffix.lower() in _TABULAR and not path.startswith(inside)
        if "/" not in path or path.partition("/")[0] not in known
    )


def former(datasets: Path, root: Path, paths: Iterable[str]) -> Mapping[str, bytes]:
    """What those of ``paths`` that are not as in the last release held there, up to :data:`LARGEST` bytes each.

    The last release is the last commit where something differs from it, else the one before. The paths are those
    below ``datasets`` and below ``root``, where their present contents lie. Empty outside git.
    """
    wanted = [path for path in paths if (root / path).is_file()]
    for revision in ("HEAD", "HEAD^1"):
        listed = _git(datasets, "ls-tree", "-r", "-z", "-l", revision, "--", ".") or ""
        blobs = {}
        for line in filter(None, listed.split("\0")):
            facts, _, path = line.partition("\t")
            _, kind, blob, size = facts.split()
            if kind == "blob" and int(size) <= LARGEST:
                blobs[path] = blob
        same = {path: _blob((root / path).read_bytes(), blobs[path]) for path in wanted if path in blobs}
        if differing := {path: blobs[path] for path, blob in same.items() if blob != blobs[path]}:
            contents = _contents(datasets, sorted(set(differing.values())))
            return {path: contents[blob] for path, blob in differing.items() if blob in contents}
    return {}


def _names(top: Path, *words: str) -> set[str]:
    """The paths a command of git lists."""
    return set(filter(None, (_git(top, *words) or "").split("\0")))


def _resolve(datasets: Path, revision: str) -> str:
    """The commit a revision names."""
    if _git(datasets, "rev-parse", "--git-dir") is None:
        raise BuildError("git-missing", path=str(datasets))
    commit = _git(datasets, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        shallow = _git(datasets, "rev-parse", "--is-shallow-repository") == "true"
        raise BuildError("revision-shallow" if shallow else "revision-unknown", revision=revision)
    return commit


def _unpack(room: Path, listing: bytes) -> None:
    """Write the files of a listing (``git ls-tree -l -z``); what is neither a file nor a link is left out."""
    entries = []
    for line in listing.decode("utf-8", "surrogateescape").split("\0")[:-1]:
        facts, _, name = line.partition("\t")
        mode, kind, digest, bytes_ = facts.split()
        if kind == "blob" and not {"..", ".git", ""} & set(PurePosixPath(name).parts):
            entries.append((mode == _LINK, digest, int(bytes_), room / name))
    batch: list[tuple[bool, str, Path]] = []
    held = 0
    # Links last: nothing is written through one.
    for entry in sorted(entries, key=lambda entry: (entry[0], str(entry[3]))):
        link, blob, size, path = entry
        batch.append((link, blob, path))
        held += size
        if held > LARGEST:
            _write(room, batch)
            batch, held = [], 0
    _write(room, batch)


def _write(room: Path, files: Sequence[tuple[bool, str, Path]]) -> None:
    contents = _contents(room, sorted({blob for _, blob, _ in files}))
    for link, blob, path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        if link:
            path.symlink_to(contents[blob].decode("utf-8", "surrogateescape"))
        else:
            path.write_bytes(contents[blob])


def _is_small(path: Path) -> bool:
    return path.is_file() and path.stat().st_size <= LARGEST


def _blob(content: bytes, like: str) -> str:
    """The name git gives to ``content`` (gitformat-pack, "Object types"), in the kind of hash that ``like`` is."""
    header = f"blob {len(content)}\0".encode()
    kind = hashlib.sha1 if len(like) == hashlib.sha1(usedforsecurity=False).digest_size * 2 else hashlib.sha256
    return kind(header + content, usedforsecurity=False).hexdigest()


def _contents(datasets: Path, blobs: Sequence[str]) -> Mapping[str, bytes]:
    """What the objects named ``blobs`` hold, asked for all at once."""
    printed = _output(datasets, "cat-file", "--batch", given="\n".join(blobs)) if blobs else None
    found, place = {}, 0
    while printed and place < len(printed):
        end = printed.index(b"\n", place)
        name, *facts = printed[place:end].decode().split()
        place = end + 1
        if len(facts) > 1:  # else the object is missing
            size = int(facts[1])
            found[name] = printed[place : place + size]
            place += size + 1
    return found


def _entries(log: str) -> Iterator[tuple[Version, list[str]]]:
    """Every commit as readers are told of it, and the lines that follow it in the log.

    What a platform calls a merge names its author; the first line of its text says what it is about.
    """
    entries = log.split("\x00")[1:]
    for serial, entry in zip(range(len(entries), 0, -1), entries, strict=True):
        head, _, files = entry.rpartition("\x1e")
        facts, _, body = head.partition("\n")
        commit, day, subject = facts.split("\x1f", 2)
        told = next((line.strip() for line in body.split("\n") if line.strip()), "") if _MERGE.match(subject) else ""
        version = Version(
            commit=commit, published=date.fromisoformat(day), subject=_plain(told or subject), serial=serial
        )
        yield version, [line for line in files.split("\n") if line]


def _plain(subject: str) -> str:
    """``subject`` with every character that hides, reorders or breaks what stands around it as its number."""
    return "".join(f"U+{ord(char):04X}" if unicodedata.category(char) in _UNSEEN else char for char in subject)


def _last_change(datasets: Path) -> date:
    times = [path.stat().st_mtime for path in datasets.rglob("*") if path.is_file()]
    return datetime.fromtimestamp(max(times, default=0), UTC).date()


def _git(folder: Path, *words: str) -> str | None:
    """What git prints; ``None`` where there is no git or no repository."""
    printed = _output(folder, *words)
    return None if printed is None else printed.decode("utf-8", "replace").strip()


def _output(folder: Path, *words: str, given: str = "") -> bytes | None:
    # A repository's own configuration could name programs to run.
    safe = ["git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-C", str(folder), *words]
    try:
        environment = {name: value for name, value in os.environ.items() if name not in _PLACES} | {"LC_ALL": "C"}
        done = subprocess.run(safe, input=given.encode(), capture_output=True, check=True, env=environment)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout
