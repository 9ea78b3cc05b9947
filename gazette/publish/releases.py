"""The chain of releases: ``releases.csv`` lists the manifest of each, and each manifest names the one before it.

Whoever holds the list, or an older manifest, can tell that a site was taken back to an older state or that its
history was written anew.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from gazette.model import BuildError, Finding
from gazette.publish import manifest

NAME = "releases.csv"
COLUMNS = ("serial", "as_of", "commit", "manifest_sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One row of the list."""

    serial: int
    as_of: date
    commit: str
    manifest_sha256: str


def read(path: Path) -> tuple[Release, ...]:
    """The list in the file ``path``, oldest first; empty where there is none. BuildError where it is no such list."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ()
    found = parse(content)
    if found is None:
        raise BuildError("releases-unreadable", path=str(path), columns=list(COLUMNS))
    return found


def parse(content: bytes) -> tuple[Release, ...] | None:
    """The list that ``content`` is; ``None`` where it is none, or its serials or days do not ascend."""
    try:
        header, *rows = csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
        found = tuple(
            Release(serial=int(serial), as_of=date.fromisoformat(day), commit=commit, manifest_sha256=digest)
            for serial, day, commit, digest in rows
        )
    except (ValueError, csv.Error):
        return None
    ordered = all(one.serial < two.serial and one.as_of <= two.as_of for one, two in pairwise(found))
    return found if tuple(header) == COLUMNS and ordered else None


def append(path: Path, site: Path) -> Release:
    """Add the built ``site`` to the list in the file ``path``, which is then to be committed.

    Raises BuildError where the site is not what its manifest says, was built from no commit, does not name the last
    release, or is no newer than it.
    """
    if manifest.compare(site):
        raise BuildError("release-unproven", path=str(site))
    content = (site / manifest.NAME).read_bytes()
    document = json.loads(content)
    known = read(path)
    if document.get("serial") is None or document.get("commit") is None:
        raise BuildError("release-uncommitted", path=str(site))
    found = Release(
        serial=document["serial"],
        as_of=date.fromisoformat(document["as_of"]),
        commit=document["commit"],
        manifest_sha256=manifest.digest(content),
    )
    last = known[-1] if known else None
    if document.get("previous") != (last.manifest_sha256 if last else None):
        raise BuildError("release-chain", path=str(site), releases=str(path))
    if last and (found.serial <= last.serial or found.as_of < last.as_of):
        raise BuildError("release-order", serial=found.serial, last=last.serial, as_of=str(found.as_of))
    path.write_bytes(text((*known, found)))
    return found


def text(known: Sequence[Release]) -> bytes:
    """The list as a file."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((each.serial, each.as_of, each.commit, each.manifest_sha256) for each in known)
    return out.getvalue().encode()


def judge(document: Mapping[str, Any], listed: bytes | None) -> tuple[Finding, ...]:
    """Whether a manifest names the last release of the list published beside it, ``None`` where there is none."""
    known = parse(listed) if listed is not None else ()
    if known is None or document.get("previous") != (known[-1].manifest_sha256 if known else None):
        return (manifest.finding("release-broken", NAME, variant="list"),)
    return ()


def compare(new: bytes, old: bytes, listed: bytes | None, place: Path) -> tuple[Finding, ...]:
    """Whether the manifest ``new`` comes after ``old``, the file ``place``; BuildError where that is no manifest.

    ``listed`` is the list of releases published with ``new``.
    """
    before, after = manifest.document(old), manifest.document(new)
    if before is None or after is None:
        raise BuildError("since-unreadable", path=str(place))
    found = [
        manifest.finding("rolled-back", manifest.NAME, variant=name, old=str(before[name]), new=str(after[name]))
        for name in ("serial", "as_of")
        if None not in {before.get(name), after.get(name)} and after[name] < before[name]
    ]
    if found:
        return tuple(found)
    known = {each.manifest_sha256 for each in parse(listed or b"") or ()}
    past = {manifest.digest(old), before.get("previous")}
    # The old one may lie between two releases; then at least the release before it must be known.
    if manifest.digest(new) in past or past & {None, *known, after.get("previous")}:
        return ()
    return (manifest.finding("release-broken", manifest.NAME, variant="since"),)
