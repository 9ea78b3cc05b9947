"""No input makes the check hang or fill the memory: what is larger than any table is not read."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gazette import checks
from gazette.checks import limits
from gazette.model import Dataset, Resource, Snapshot, Text
from tests import broken

ROOT = Path(__file__).parent.parent.parent
SECONDS = 60
"""Processor time after which the system ends a process: far more than a check takes on a slow machine, far less than
what is kept from happening."""


def dataset(folder: Path, **more: Any) -> tuple[Dataset, Snapshot]:
    """A dataset with one table that nobody described."""
    text = Text()
    plain = Resource(name="rows", slug="rows", dataset="big", title=text, description=text, paths=("rows.csv",))
    whole = Dataset(
        name="big", folder="", path="datapackage.yaml", title=text, description=text,
        resources=(replace(plain, **more),),
    )  # fmt: skip
    return whole, Snapshot(root=folder, source=folder, files=())


def codes(folder: Path, content: bytes, **more: Any) -> list[str]:
    """What is too large about a file; where anything is, its table is left out."""
    (folder / "rows.csv").write_bytes(content)
    own, inputs = dataset(folder, **more)
    (kept,), found = checks.bound([own], inputs)
    assert [each.omitted for each in kept.resources] == [found[0].code if found else None]
    return [finding.code for finding in found]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A window of a hundred bytes, and five columns."""
    monkeypatch.setattr(limits, "WINDOW", 100)
    monkeypatch.setattr(limits, "COLUMNS", 5)


LONG = ["record-too-long"]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", []),
        (b"a,b\n" + b"1,2\n" * 500, []),
        (b"a,b\r" + b"1,2\r" * 500, []),
        (b"a\n" + b"x" * 99, []),
        (b"a\n" + b"x" * 300 + b"\n", LONG),
        (b"x" * 300, LONG),
        (b'a\n"' + b"x\n" * 200 + b'"\n', LONG),
        (b'a,b\n1,2\n"' + b"x\n" * 200, LONG),
        (b'a\n"' + b'x""y\n' * 200 + b'"\n', LONG),
        (b'a\n"' + b'""\n' * 200 + b'"\n', LONG),
        (b"a,b\n" + b'"1","2"\n' * 500, []),
        (b"a,b\n" + b'"",""\n' * 500, []),
        (b"a,b\n" + b'"x\n""y""\nz",2\n' * 100, []),
        (b"a,b\n" + b'"1",2\n' * 20 + b"1,2\n" * 200, []),
        (b"a,b\n" + b'"1",2\n' * 20 + b"1,2\n" * 200 + b'"' + b"z\n" * 300, LONG),
    ],
)  # fmt: skip
def test_a_record_without_end_is_found(content: bytes, found: list[str], small: None, tmp_path: Path) -> None:
    """By line breaks and quotes, wherever it begins."""
    assert codes(tmp_path, content) == found


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"a,b,c,d,e\n1,2,3,4,5\n", []),
        (b"a,b,c,d,e,f\n", ["table-too-wide"]),
        (b"a,b,c,d,e,f", ["table-too-wide"]),
        (b'"a,b,c,d,e,f",g\n', []),
        (b"a;b;c;d;e;f\n", []),
    ],
)
def test_a_table_with_too_many_columns_is_found(content: bytes, found: list[str], small: None, tmp_path: Path) -> None:
    """Delimiters inside quotes are none."""
    assert codes(tmp_path, content) == found


def test_what_the_descriptor_says_is_believed(small: None, tmp_path: Path) -> None:
    """Delimiter, quote, format and encoding."""
    wide = ["table-too-wide"]
    assert codes(tmp_path, b"a;b;c;d;e;f\n", dialect={"delimiter": ";"}) == wide
    assert codes(tmp_path, b"a\tb\tc\td\te\tf\n", format="tsv") == wide
    assert codes(tmp_path, b"'" + b"x\n" * 200, dialect={"quoteChar": "'"}) == LONG
    assert codes(tmp_path, "x".encode("utf-16") * 200, encoding="utf-16") == []
    assert codes(tmp_path, b"x" * 400, encoding="nonsense") == []
    assert codes(tmp_path, b"x" * 400, format="json") == []


def judged(folder: Path, *arguments: str, **environment: str) -> tuple[dict[str, Any], int]:
    """The report of ``check`` in a process of its own, ended after :data:`SECONDS`, and the most memory it had."""
    (folder / "mkdocs.yml").write_text(broken.CONFIG, encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    run = subprocess.run(
        [sys.executable, ROOT / "build.py", "check", "--format", "json", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **environment},
        check=False,
        capture_output=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS)),
    )
    assert run.returncode == 1, run.stderr
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return json.loads(run.stdout), max(most, before) * (1 if sys.platform == "darwin" else 1024)


def found(report: dict[str, Any]) -> list[str]:
    """The codes of a report that are about the example."""
    return [each["code"] for each in report["findings"] if not each["code"].startswith(("history-", "as-of-"))]


@pytest.mark.parametrize("opening", [b"", b'"'])
def test_a_cell_of_a_gigabyte_is_not_read(opening: bytes, tmp_path: Path) -> None:
    """Quoted or not: less memory is taken than the cell has bytes."""
    broken.example("type-error", tmp_path)
    size = 1 << 30
    rows = tmp_path / "datasets/rooms/data/rooms.csv"
    with rows.open("wb") as file:
        file.write(b"room_id,name,opened,seats,parent\na1," + opening)
        file.truncate(size)  # zeros take no place on the disk
    report, most = judged(tmp_path)
    assert found(report) == ["record-too-long"]
    assert most < size // 2


def test_ten_thousand_columns_are_not_read(tmp_path: Path) -> None:
    """Frictionless would take half a minute for the header alone."""
    broken.example("type-error", tmp_path)
    header = ",".join(f"c{number}" for number in range(10_000))
    (tmp_path / "datasets/rooms/data/rooms.csv").write_text(f"{header}\n", encoding="utf-8")
    report, _ = judged(tmp_path)
    assert found(report) == ["table-too-wide"]
    assert report["findings"][-1]["facts"] == {"columns": 10_000, "limit": limits.COLUMNS}


def test_a_hundred_thousand_errors_are_a_short_report(tmp_path: Path) -> None:
    """The totals are exact all the same."""
    broken.example("type-error", tmp_path)
    rows = tmp_path / "datasets/rooms/data/rooms.csv"
    lines = "".join(f"a{number},N{number},2020-01-31,many,\n" for number in range(100_000))
    rows.write_text(f"room_id,name,opened,seats,parent\n{lines}", encoding="utf-8")
    report, most = judged(tmp_path)
    assert report["counts"]["error"] == 100_000
    assert len(json.dumps(report)) < 1_500_000
    assert len(report["findings"]) <= 1_010
    assert most < 1 << 30


def test_anchors_that_multiply_are_refused_before_they_do(tmp_path: Path) -> None:
    """A billion laughs of nine lines."""
    broken.example("type-error", tmp_path)
    path = tmp_path / "datasets/rooms/datapackage.yaml"
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10))
    path.write_text(bomb + path.read_text(encoding="utf-8"), encoding="utf-8")
    report, most = judged(tmp_path)
    assert "yaml-alias" in found(report)
    assert most < 1 << 30


def test_the_seed_of_hashes_changes_nothing(tmp_path: Path) -> None:
    """So no input can be made for one."""
    broken.example("several", tmp_path)
    one, other = (judged(tmp_path, "--as-of", "2026-01-31", PYTHONHASHSEED=seed)[0] for seed in ("1", "2"))
    assert one == other
    assert len(one["findings"]) > 3
