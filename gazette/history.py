"""What git knows of the datasets: which commits touched them, and which day the site speaks of."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from gazette.model import BuildError, Dataset, Finding, History, Version

_FORMAT = "%x00%H%x1f%cs%x1f%s"
"""Commit, committer's date and subject of a log entry; the names of its files follow."""


def read(datasets: Path, known: Iterable[Dataset]) -> tuple[History, tuple[Finding, ...]]:
    """The published versions of every dataset; empty, with a warning, outside git and in a shallow clone."""
    commit = _git(datasets, "rev-parse", "HEAD")
    if commit is None:
        return History(), (Finding(code="history-none", severity="warning", source="gazette"),)
    if _git(datasets, "rev-parse", "--is-shallow-repository") == "true":
        return History(commit=commit), (Finding(code="history-shallow", severity="warning", source="gazette"),)
    serial = _git(datasets, "rev-list", "--first-parent", "--count", "HEAD")
    # Only what is below this folder, with its names counted from it, wherever in the repository it lies.
    log = _git(datasets, "-c", "core.quotepath=false", "log", f"--format={_FORMAT}", "--name-only", "--relative", ".")
    entries = list(_entries(log or ""))
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


def _entries(log: str) -> Iterator[tuple[Version, list[str]]]:
    for entry in log.split("\x00")[1:]:
        head, *paths = entry.splitlines()
        commit, day, subject = head.split("\x1f", 2)
        yield (
            Version(commit=commit, published=date.fromisoformat(day), subject=subject),
            [path for path in paths if path],
        )


def _last_change(datasets: Path) -> date:
    times = [path.stat().st_mtime for path in datasets.rglob("*") if path.is_file()]
    return datetime.fromtimestamp(max(times, default=0), UTC).date()


def _git(folder: Path, *words: str) -> str | None:
    """What git prints; ``None`` where there is no git or no repository."""
    # A repository's own configuration could name programs to run.
    safe = ["git", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-C", str(folder), *words]
    try:
        done = subprocess.run(safe, capture_output=True, check=True, env={**os.environ, "LC_ALL": "C"})  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.decode("utf-8", "replace").strip()
