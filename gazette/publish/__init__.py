"""The second gate and the switch: the published site is always the whole old or the whole new one.

A build works in a hidden sibling of the output folder, ``.<output>-build-<id>``, so that putting it in place
is one step of the file system. What a killed build leaves behind is removed by the next.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from gazette.model import Artifact, BuildError, Dataset, Finding, History, Page, Settings
from gazette.publish import exchange, gate, manifest, remote
from gazette.publish import releases as chain

RELEASES = chain.NAME
"""Name of the list of releases, beside the settings of the site."""

_CAUSES = {
    errno.ENOSPC: "disk-full",
    errno.EDQUOT: "disk-full",
    errno.EROFS: "read-only",
    errno.EACCES: "read-only",
    errno.EPERM: "read-only",
    errno.EIO: "io-error",
    errno.EFBIG: "file-too-large",
    errno.EMFILE: "too-many-files",
    errno.ENFILE: "too-many-files",
    errno.ENOMEM: "out-of-memory",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where a build writes until its site is put in place."""

    path: Path
    """The hidden sibling of the output."""
    output: Path
    """The published site, as an absolute path."""
    swaps: bool
    """Whether the file system lets two folders change places; otherwise the output is a symbolic link."""


@contextmanager
def faults(path: Path) -> Iterator[None]:
    """Turn what the machine refuses while ``path`` is worked on into a BuildError with exit 3."""
    try:
        yield
    except OSError as fault:
        code = _CAUSES.get(fault.errno or 0)
        if code is None:
            raise
        raise BuildError(code, exit=3, path=str(fault.filename or path)) from fault
    except MemoryError as fault:
        raise BuildError("out-of-memory", exit=3, path=str(path)) from fault


@contextmanager
def open(output: Path, datasets: Path) -> Iterator[Stage]:  # noqa: A001 - read as publish.open
    """Reserve ``output`` for one build and give it a folder to write to, which is gone afterwards.

    Raises BuildError where ``output`` is something Gazette did not make or overlaps with ``datasets``
    (exit 2), where another build is running, and where the machine does not let us write (exit 3).
    """
    with faults(output):
        output = _accepted(output, datasets)
        output.parent.mkdir(parents=True, exist_ok=True)
        with _locked(output):
            _sweep(output)
            try:
                yield _begin(output)
            finally:
                _sweep(output)


def write(stage: Stage, pages: Iterable[Page]) -> tuple[Artifact, ...]:
    """Write the pages; returns what was meant to be written, for the manifest."""
    return tuple(_write(stage, page) for page in pages)


def seal(
    stage: Stage,
    artifacts: Iterable[Artifact],
    as_of: date,
    history: History,
    datasets: Iterable[Dataset] = (),
    releases: Path | None = None,
) -> None:
    """Write the manifest: ``artifacts`` as their makers state them, every other file as it was found.

    ``releases`` is the list of former releases, which is published with the site if there is one; the manifest names
    the last of them. Raises BuildError where the list cannot be read.
    """
    known = chain.read(releases) if releases else ()
    if known:
        (stage.path / chain.NAME).write_bytes(chain.text(known))
    manifest.write(stage.path, artifacts, as_of, history, datasets, known[-1].manifest_sha256 if known else None)


def digest(site: Path) -> str:
    """The SHA-256 of the manifest of ``site``: what has to be known of a site to know all of it."""
    return manifest.digest((site / manifest.NAME).read_bytes())


def release(site: Path, config: Path) -> chain.Release:
    """Add the built ``site`` to the list of releases beside ``config``; raises BuildError where it cannot be one."""
    if not site.is_dir():
        raise BuildError("site-missing", path=str(site))
    return chain.append(config.with_name(chain.NAME), site)


def inspect(
    stage: Stage,
    settings: Settings,
    scripts: frozenset[str] = frozenset(),
    scan: gate.Scan | None = None,
) -> tuple[Finding, ...]:
    """Judge the finished site by reading all of it back; any finding that is an error must stop the build.

    ``scripts`` holds the permitted inline scripts as Content Security Policy states them,
    ``sha256-<base64>``. ``scan`` looks for personal data in the text of a finished file.
    """
    return (*manifest.compare(stage.path), *gate.inspect(stage.path, settings, scripts, scan))


def switch(stage: Stage) -> None:
    """Put the site in place in one step, after proving it against its manifest and forcing it to the disk.

    Raises BuildError with exit 3 where the stage is not what its manifest says; the old site then stays.
    """
    altered = manifest.compare(stage.path)
    if altered:
        raise BuildError("stage-altered", exit=3, path=altered[0].path, count=len(altered))
    _settle(stage.path)
    undo = _put(stage)
    try:
        _sync(stage.output.parent)
    except OSError:
        # A build that fails must leave the old site, and whether the new one would survive a power cut is unknown.
        with contextlib.suppress(OSError):
            undo()
        raise


def released(config: Path) -> tuple[tuple[str, date], ...]:
    """Commit and day of every release in the list beside ``config``, oldest first."""
    return tuple((each.commit, each.as_of) for each in chain.read(config.with_name(RELEASES)))


def verify(site: Path) -> tuple[Finding, ...]:
    """Prove a published site against its manifest: ``file-altered``, ``site-file-missing``, ``site-file-extra``.

    A site that a build replaces meanwhile is proved anew, so that the answer is about one version.
    Raises BuildError where ``site`` is no folder (exit 2) or cannot be read (exit 3).
    """
    if not site.is_dir():
        raise BuildError("site-missing", path=str(site))
    with faults(site):
        while True:
            identity = _identity(site)
            findings = manifest.compare(site)
            if _identity(site) == identity:
                return findings


def prove(site: Path | str, since: Path | None = None) -> tuple[tuple[Finding, ...], str | None]:
    """Everything that can be said of a site from its manifest alone, and the SHA-256 of that.

    ``site`` is a folder or the address of a published site. ``since`` is a manifest of it kept from before: it shows
    whether the site was taken back. Raises BuildError as :func:`verify` does, for an address that is none (exit 2),
    and where the server does not answer (exit 3).
    """
    if isinstance(site, Path):
        found = verify(site)
        content, listed = (_content(site / name) for name in (manifest.NAME, chain.NAME))
    else:
        content, found, listed = remote.fetch(site)
        found = (*found, Finding(code="site-extra-unseen", severity="warning", source="gazette"))
    document = manifest.document(content or b"")
    if not content or document is None:
        return found, None
    found = (*found, *chain.judge(document, listed))
    if since is None:
        return (*found, Finding(code="since-unstated", severity="warning", source="gazette")), manifest.digest(content)
    with faults(since):
        old = since.read_bytes() if since.is_file() else b""
    return (*found, *chain.compare(content, old, listed, since)), manifest.digest(content)


def _content(path: Path) -> bytes | None:
    with contextlib.suppress(FileNotFoundError), faults(path):
        return path.read_bytes()
    return None


def _accepted(output: Path, datasets: Path) -> Path:
    """``output`` as an absolute path, if a build may replace what is there."""
    # The last part is not resolved: a link there is to be judged, not followed.
    output = output.parent.resolve() / output.name if output.name not in {"", ".."} else output.resolve()
    kept = datasets.resolve()
    code = None
    if output == kept or output in kept.parents or kept in output.parents:
        code = "output-overlaps"
    elif output.is_symlink() and _live(output) is None:
        code = "output-link"
    elif output.exists() and not output.is_dir():
        code = "output-not-folder"
    elif output.is_mount():
        code = "output-mount"
    elif output.exists() and any(output.iterdir()) and manifest.read(output) is None:
        code = "output-foreign"
    if code:
        raise BuildError(code, path=str(output), datasets=str(datasets))
    return output


def _ours(output: Path, name: str) -> bool:
    """Whether a sibling with this name was made by a build of ``output``; tempfile adds eight characters."""
    return re.fullmatch(rf"\.{re.escape(output.name)}-build-[a-z0-9_]{{8}}(\.link)?", name) is not None


def _live(output: Path) -> str | None:
    """The sibling that ``output`` is a link to; ``None`` where it is no link of ours."""
    target = str(output.readlink()) if output.is_symlink() else ""
    return target if _ours(output, target) else None


@contextmanager
def _locked(output: Path) -> Iterator[None]:
    """Hold the lock beside ``output``; the system drops it with the process, so the file itself can stay."""
    path = output.parent / f".{output.name}-build.lock"
    descriptor = os.open(path, os.O_RDONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    try:
        try:
            _lock(descriptor)
        except (BlockingIOError, PermissionError) as fault:
            raise BuildError("build-running", exit=3, path=str(output)) from fault
        yield
    finally:
        # The site is in place by now; an unclean close is no reason to call the build failed.
        with contextlib.suppress(OSError):
            os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _sweep(output: Path) -> None:
    """Remove the siblings no site lives in. What cannot be removed now is removed by a later build."""
    with contextlib.suppress(OSError):
        live = _live(output)
        for sibling in [path for path in output.parent.iterdir() if _ours(output, path.name) and path.name != live]:
            if sibling.is_symlink():
                sibling.unlink()
            else:
                shutil.rmtree(sibling, ignore_errors=True)


def _begin(output: Path) -> Stage:
    """The folder to write to, after trying out that the switch will be possible."""
    path = Path(tempfile.mkdtemp(prefix=f".{output.name}-build-", dir=output.parent))
    probe = path / "probe"
    probe.write_bytes(b"probe")
    probe.unlink()
    swaps = exchange.possible(path)
    if not swaps and output.is_dir() and not output.is_symlink():
        raise BuildError("switch-impossible", path=str(output))
    return Stage(path=path, output=output, swaps=swaps)


def _write(stage: Stage, page: Page) -> Artifact:
    target = stage.path / page.path
    content = page.html.encode()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return Artifact(path=page.path, bytes=len(content), sha256=digest, media_type="text/html")


def _settle(folder: Path) -> None:
    """Give everything its final mode, whatever the umask, and force it to the disk: contents, then names."""
    for path in folder.iterdir():
        if path.is_dir():
            _settle(path)
        else:
            path.chmod(0o644)
            _sync(path)
    folder.chmod(0o755)
    _sync(folder)


def _sync(path: Path) -> None:
    folder = path.is_dir()
    if folder and sys.platform == "win32":
        return  # Windows opens no folders, and writes their entries through.
    descriptor = os.open(path, os.O_RDONLY if folder else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put(stage: Stage) -> Callable[[], object]:
    """Let the stage take the place of the output; returns what takes it back."""
    if not stage.swaps:
        return _link(stage)
    try:
        exchange.swap(stage.path, stage.output)
    except FileNotFoundError:  # the first build
        stage.path.rename(stage.output)
        return lambda: stage.output.rename(stage.path)
    return lambda: exchange.swap(stage.path, stage.output)


def _link(stage: Stage) -> Callable[[], object]:
    """Let the output be a link to the stage, where folders cannot change places."""
    before = _live(stage.output)
    _relink(stage, stage.path.name)
    return lambda: _relink(stage, before) if before else stage.output.unlink()


def _relink(stage: Stage, target: str) -> None:
    link = stage.path.with_name(f"{stage.path.name}.link")
    link.symlink_to(target, target_is_directory=True)
    link.replace(stage.output)


def _identity(site: Path) -> tuple[int, int, bytes]:
    status = site.stat()
    with contextlib.suppress(FileNotFoundError):
        return status.st_dev, status.st_ino, (site / manifest.NAME).read_bytes()
    return status.st_dev, status.st_ino, b""
