"""Faults of the machine: the published site is always the whole old or the whole new one."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from gazette import publish
from gazette.publish import manifest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
BUILD = [sys.executable, str(HERE / "small_build.py")]


def _small_build() -> ModuleType:
    specification = importlib.util.spec_from_file_location("small_build", HERE / "small_build.py")
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


small_build = _small_build()


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    return subprocess.run(list(map(str, arguments)), env=ENVIRONMENT, capture_output=True, text=True, check=False)


def works(*arguments: str) -> bool:
    """Whether this machine lets us use a program."""
    return shutil.which(arguments[0]) is not None and run(*arguments).returncode == 0


needs_strace = pytest.mark.skipif(not works("strace", "-e", "trace=none", "true"), reason="strace does not work here")
needs_mount = pytest.mark.skipif(
    not works("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"), reason="mounting does not work here"
)
linux = pytest.mark.skipif(sys.platform != "linux", reason="the faults are those of Linux")


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[Path]:
    """A folder in memory where there is one: a sweep forces thousands of files to the disk."""
    memory = Path("/dev/shm")  # noqa: S108 - the folder below it has a name of its own
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as folder:
        yield Path(folder)


def sweep(folder: Path, fault: str, style: str) -> dict[str, Any]:
    """What a sweep reports."""
    done = run(sys.executable, HERE / "sweep.py", folder, fault, style)
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@linux
@pytest.mark.parametrize("style", ["exchange", "link"])
@pytest.mark.parametrize("fault", ["kill", "ENOSPC", "EIO"])
def test_every_call_may_fail(quick: Path, fault: str, style: str) -> None:
    """Whichever call into the system kills the build or fails, the site is whole and the next build mends the rest."""
    swept = sweep(quick, fault, style)
    assert swept["problems"] == []
    assert swept["points"] > 200
    assert swept["ends"]["-9" if fault == "kill" else "3"] > 150


@linux
def test_a_sweep_finds_a_torn_site(quick: Path) -> None:
    """The control: a switch that removes the old site and copies the new one is caught."""
    problems = sweep(quick, "kill", "naive")["problems"]
    assert any("torn" in problem for problem in problems)


# --- system calls ----------------------------------------------------------------------------------------

WRITING = "write fsync mkdir chmod renameat2 unlink rmdir unlinkat".split()


def traced(folder: Path, *options: str) -> tuple[int, list[str]]:
    """How a build under strace ends, and the log of its calls that change the disk."""
    log = folder.parent / f"{folder.name}.log"
    calls = ",".join([*WRITING, "newfstatat", "stat", "statx"])
    done = run(
        "strace", "-f", "--seccomp-bpf", "-y", "-o", log, "-e", f"trace={calls}", *options, *BUILD, folder, "new"
    )
    return done.returncode, log.read_text().splitlines()


def split(log: list[str]) -> tuple[list[str], list[str]]:
    """The calls of Python's start, and those of the build."""
    begin = next(number for number, line in enumerate(log) if "/the build begins" in line)
    return log[:begin], log[begin:]


def count(log: list[str], call: str) -> int:
    """How often ``call`` was made."""
    return sum(re.search(rf"^\d+ +{call}\(", line) is not None for line in log)


def prepared(folder: Path) -> Path:
    """A folder in which an old site stands."""
    folder.mkdir()
    small_build.build(folder, "old")
    return folder


@linux
@needs_strace
@pytest.mark.parametrize("fault", ["signal=SIGKILL", "error=EIO", "error=ENOSPC"])
def test_every_system_call_that_changes_the_disk_may_fail(quick: Path, fault: str) -> None:
    """The same from outside of Python: the n-th write, fsync, mkdir, chmod, rename or removal, for every n."""
    ended, log = traced(prepared(quick / "dry"))
    assert ended == 0
    before, build = split(log)
    points = [(call, number) for call in WRITING for number in range(count(build, call))]
    assert len(points) > 40
    for call, number in points:
        folder = prepared(quick / f"{call}-{number}")
        ended, _ = traced(folder, "-e", f"inject={call}:{fault}:when={count(before, call) + number + 1}")
        said = small_build.word(folder)
        assert said == "new" if ended == 0 else said in {"old", "new"}, (call, number)
        if "SIGKILL" not in fault:
            assert ended in {0, 3}, (call, number)
            assert said == ("new" if ended == 0 else "old"), (call, number)
        small_build.build(folder, "next")
        assert small_build.word(folder) == "next"
        assert sorted(path.name for path in folder.iterdir()) == [".site-build.lock", "site"]


@linux
@needs_strace
def test_a_power_cut_finds_the_disk_in_order(tmp_path: Path) -> None:
    """Every file and folder is forced to the disk before the switch, the switch itself before the old site goes."""
    folder = prepared(tmp_path / "power")
    _, log = traced(folder)
    switch = next(number for number, line in enumerate(log) if "renameat2" in line and f'"{folder}/site"' in line)
    stage = re.findall(r'"([^"]*)"', log[switch])[0]
    synced = [re.sub(r".*<(.*)>.*", r"\1", line) for line in log[:switch] if " fsync(" in line]
    below = [folder / "site", *(folder / "site").rglob("*")]
    assert sorted(synced) == sorted(str(path).replace(f"{folder}/site", stage) for path in below)
    removed = next(number for number, line in enumerate(log) if number > switch and "unlink" in line)
    assert any(" fsync(" in line and f"<{folder}>" in line for line in log[switch:removed])


# --- the disk itself -------------------------------------------------------------------------------------


@linux
def test_a_limit_on_file_size_stops_the_build(tmp_path: Path) -> None:
    """As ``ulimit -f`` sets it: exit 3, and the old site stays."""
    folder = prepared(tmp_path / "limited")
    done = subprocess.run(
        [*BUILD, str(folder), "new"],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100)),
    )
    assert (done.returncode, done.stderr) == (3, "file-too-large\n")
    assert small_build.word(folder) == "old"


MOUNTED = """
set -e
mount -t tmpfs -o {options} tmpfs {folder}
{python} {build} {folder} old
{fault}
code=0; {python} {build} {folder} new || code=$?
{mend}
grep -l old {folder}/site/en/a.html
echo $code
"""


@linux
@needs_mount
@pytest.mark.parametrize(
    ("fault", "mend", "code"),
    [
        ("head -c 1M /dev/zero > {folder}/full || true", "rm {folder}/full", "disk-full"),
        ("mount -o remount,ro {folder}", "mount -o remount,rw {folder}", "read-only"),
        ("for n in $(seq 99); do touch {folder}/$n || break; done", "rm {folder}/1", "disk-full"),
    ],
)
def test_a_real_disk_that_takes_no_more(tmp_path: Path, fault: str, mend: str, code: str) -> None:
    """Full of bytes, full of names, or read-only: exit 3, the reason in one word, and the old site stays."""
    names = {"folder": tmp_path, "python": sys.executable, "build": HERE / "small_build.py"}
    script = MOUNTED.format(
        options="size=64k,nr_inodes=40", fault=fault.format(**names), mend=mend.format(**names), **names
    )
    done = run("unshare", "-rm", "sh", "-c", script)
    assert done.stdout.splitlines() == [f"{tmp_path}/site/en/a.html", "3"], done.stderr
    assert done.stderr.splitlines()[-1] == code


@linux
@needs_mount
def test_a_mount_point_is_refused(tmp_path: Path) -> None:
    """Nothing can take the place of a mounted folder, so the build says so before it starts."""
    (tmp_path / "site").mkdir()
    script = f"mount -t tmpfs tmpfs {tmp_path}/site; {' '.join(BUILD)} {tmp_path} new"
    done = run("unshare", "-rm", "sh", "-c", script)
    assert (done.returncode, done.stderr) == (2, "output-mount\n")


# --- several at once -------------------------------------------------------------------------------------


def test_several_builds_at_once_do_not_disturb_each_other(tmp_path: Path) -> None:
    """Of four builds each runs alone or is told to wait; the site is that of one of them."""
    for turn in range(3):
        builds = [
            subprocess.Popen(
                [*BUILD, str(tmp_path), f"{turn}-{number}"], env=ENVIRONMENT, stderr=subprocess.PIPE, text=True
            )
            for number in range(4)
        ]
        errors = [build.communicate()[1] for build in builds]
        ended = [build.returncode for build in builds]
        assert set(ended) <= {0, 3}, errors
        assert 0 in ended
        assert {error for error, code in zip(errors, ended, strict=True) if code} <= {"build-running\n"}
        assert small_build.word(tmp_path) in {f"{turn}-{number}" for number in range(4) if ended[number] == 0}
    assert sorted(path.name for path in tmp_path.iterdir()) == [".site-build.lock", "site"]


FIFTY = "import small_build, pathlib, sys; [small_build.build(pathlib.Path(sys.argv[1]), f'{n}') for n in range(50)]"


@linux
def test_a_reader_always_sees_a_whole_site(tmp_path: Path) -> None:
    """During fifty switches every reading through one opened folder is whole, as long as the address leads there."""
    small_build.build(tmp_path, "old")
    site = tmp_path / "site"
    environment = {**ENVIRONMENT, "PYTHONPATH": f"{ROOT}:{HERE}"}
    writer = subprocess.Popen([sys.executable, "-c", FIFTY, str(tmp_path)], env=environment)
    seen, whole = set(), 0
    while writer.poll() is None:
        folder = os.open(site, os.O_RDONLY | os.O_DIRECTORY)
        try:
            listed = read(folder, manifest.NAME)
            findings = manifest.compare(Path(f"/proc/self/fd/{folder}"))
            if os.fstat(folder).st_ino == site.stat().st_ino:
                assert findings == ()
                seen.add(listed)
                whole += 1
        finally:
            os.close(folder)
        assert publish.verify(site) == ()
    assert writer.returncode == 0
    assert small_build.word(tmp_path) == "49"
    assert whole > 0
    assert len(seen) > 1


def read(folder: int, name: str) -> bytes:
    """A file of an opened folder; nothing where a switch took the folder away meanwhile."""
    try:
        descriptor = os.open(name, os.O_RDONLY, dir_fd=folder)
    except FileNotFoundError:
        return b""
    with os.fdopen(descriptor, "rb") as file:
        return file.read()
