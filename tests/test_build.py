"""The commands: what they print, what they leave behind, how they end."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import build
from gazette import checks, exports, metadata, pages, preview, publish, site
from gazette.descriptor import standard
from gazette.model import BuildError, Finding, History, Report, Settings
from tests import broken, sample
from tests.faults import small_build

ROOT = Path(__file__).parent.parent


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder without datasets, to stand in."""
    (tmp_path / "mkdocs.yml").write_text(broken.CONFIG, encoding="utf-8")
    (tmp_path / "datasets").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_check_ends_with_0_where_nothing_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Warnings do not stop anything, and nothing is written."""
    before = sorted(folder.rglob("*"))
    assert build.main(["check", "--lang", "en"]) == 0
    said = capsys.readouterr()
    assert "warning datasets-empty the whole site\n" in said.out
    assert said.out.splitlines()[-1].startswith("Accepted. Errors: 0; ")
    assert said.err == ""
    assert sorted(folder.rglob("*")) == before


def test_check_ends_with_1_where_data_is_refused(tmp_path: Path, folder: Path) -> None:
    """For all datasets, and for the one that was named."""
    (folder / "datasets").rmdir()
    broken.example("type-error", folder)
    assert build.main(["check"]) == 1
    assert build.main(["check", "rooms"]) == 1


UNUSED = (
    "asyncio", "babel", "concurrent.futures.process", "distributed", "frictionless", "gazette.citation",
    "gazette.exports", "gazette.pages", "gazette.parallel.cluster", "gazette.publish", "importlib.metadata", "mkdocs",
    "multiprocessing", "numpy.ma", "openpyxl", "pandas", "pydantic", "rich", "typer",
)  # fmt: skip


def test_a_check_imports_nothing_it_does_not_use(folder: Path) -> None:
    """Whoever checks one small table waits for its check, not for what draws, writes or publishes."""
    fields = {"id": "string", "title_zh": "string", "title_en": "string", "seats": "integer", "since": "date"}
    table = {"name": "rooms", "path": "rooms.csv", "schema": {"fields": [
        {"name": name, "type": kind} for name, kind in fields.items()
    ]}}  # fmt: skip
    (folder / "datasets/rooms").mkdir()
    package = {"$schema": standard.SCHEMA_V2, "name": "rooms", "resources": [table]}
    (folder / "datasets/rooms/datapackage.json").write_text(json.dumps(package))
    rows = ("a,大会议室,Large meeting room,7,2026-01-31", "b,小会议室,Small room,3,2026-01-31")
    (folder / "datasets/rooms/rooms.csv").write_text("\n".join([",".join(fields), *rows, ""]), encoding="utf-8")
    (folder / "house.yml").write_text("required: []\n")
    program = f"import sys, build; build.main(sys.argv[1:]); print(sorted(set({UNUSED}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program, "check", "--policy", "house.yml", "--lang", "en"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "  → " in done.stdout, "something is found, and said"
    assert done.stdout.splitlines()[-1] == "[]"


def test_check_of_a_sound_dataset_ends_with_0_beside_a_broken_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever corrects one dataset is not shown the faults of the others."""
    (folder / "datasets").rmdir()
    broken.example("foreign-key--dataset", folder)
    assert build.main(["check", "halls", "--format", "json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["status"] == "accepted"
    assert {finding["dataset"] for finding in said["findings"]} <= {None, "halls"}
    assert build.main(["check", "rooms"]) == 1


def test_a_dataset_that_does_not_exist_ends_with_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the names of those that do."""
    (folder / "datasets").rmdir()
    broken.example("foreign-key--dataset", folder)
    assert build.main(["check", "UNKNOWN", "--lang", "en"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == "There is no dataset named UNKNOWN in datasets; known: halls, rooms.\n"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["--config", "nothing.yml"], 2),
        (["check", "--datasets", "nothing"], 2),
        (["verify", "nothing"], 2),
        (["build", "--output", "datasets"], 2),
    ],
)
def test_what_cannot_run_ends_with_2(
    arguments: list[str], status: int, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And says in one sentence why, in the language of the option."""
    assert build.main([*arguments, "--lang", "zh"]) == status
    said = capsys.readouterr().err
    assert said.endswith("。\n")
    assert len(said.splitlines()) == 1


def test_a_configuration_that_is_missing_ends_with_2_without_any_option(folder: Path) -> None:
    """The language is known without arguments, too."""
    (folder / "mkdocs.yml").unlink()
    assert build.main([]) == 2


def test_a_fault_of_the_machine_ends_with_3(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As the fault says of itself."""

    def fail(*_: object, **__: object) -> None:
        raise BuildError("disk-full", exit=3, path="site")

    monkeypatch.setattr(checks, "settle", fail)
    assert build.main(["check", "--lang", "en"]) == 3
    assert capsys.readouterr().err.startswith("The disk is full at site;")


def test_a_bug_of_ours_ends_with_4(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not with 1, which would say that the data is refused."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(checks, "settle", fail)
    assert build.main(["check"]) == 4
    assert "RuntimeError" in capsys.readouterr().err


def test_verify_ends_with_0_or_1(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Whether the site is what its manifest says."""
    small_build.build(folder, "word")
    assert build.main(["verify", "site", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "Accepted. Errors: 0; warnings: 1.\n" in said
    assert said.endswith(f"SHA-256 of manifest.json: {publish.digest(folder / 'site')}\n")
    (folder / "site/en/a.html").write_text("other")
    assert build.main(["verify", "site", "--lang", "en"]) == 1
    assert capsys.readouterr().out.startswith("error file-altered site/en/a.html\n")


def test_the_preview_survives_what_stops_a_build(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says why, and waits for the next change."""

    def run(settings: Settings, attempt: object, _: object) -> int:
        assert callable(attempt)
        return int(attempt(settings))

    def fail(*_: object, **__: object) -> None:
        raise BuildError("build-running", exit=3, path="site")

    monkeypatch.setattr(preview, "run", run)
    monkeypatch.setattr(publish, "open", fail)
    assert build.main(["serve", "--lang", "en"]) == 3
    assert capsys.readouterr().out == "Another build is writing to site; wait for it to end.\n"


def test_a_finished_site_that_is_refused_is_not_published(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The second gate reads the pages; its errors stop the build, its warnings do not. One report is printed."""
    small_build.build(folder, "old")
    found = Finding(code="html-title", severity="error", source="gazette", path="en/index.html", facts={"detail": "0"})
    verdict = Report(findings=(), counts={"error": 0, "warning": 0}, codes={}, rows={})
    monkeypatch.setattr(exports, "write", lambda *_: ((), ()))
    for module, name in ((metadata, "describe"), (metadata, "announce"), (metadata, "index"), (pages, "render")):
        monkeypatch.setattr(module, name, lambda *_: ())
    monkeypatch.setattr(site, "build", lambda *_: None)
    monkeypatch.setattr(build, "judge", lambda *_: ((), (), History(), None, verdict))
    monkeypatch.setattr(publish, "seal", lambda *_: None)
    monkeypatch.setattr(publish, "inspect", lambda *_, **__: (found,))
    assert build.main(["build", "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert [finding["path"] for finding in document["findings"]] == ["site/en/index.html"]
    assert small_build.word(folder) == "old"


def test_workers_change_nothing(tmp_path: Path) -> None:
    """The same report from one process and from two."""
    example = broken.example("several", tmp_path)
    assert broken.judged(example.folder, workers=2) == broken.judged(example.folder)


def test_a_site_with_an_address_and_a_history_passes_its_own_gate(tmp_path: Path) -> None:
    """Feeds, the sitemap and the catalogue for machines are there only then, and every link to them leads somewhere."""
    project = sample.CONFIG.parent
    for name in ("site_src", "templates"):
        shutil.copytree(project / name, tmp_path / name, ignore=shutil.ignore_patterns("scripts"))
    for name in ("mkdocs.yml", "mkdocs.zh.yml"):
        text = (project / name).read_text(encoding="utf-8").replace("# site_url:", "site_url:")
        (tmp_path / name).write_text(text, encoding="utf-8")
    broken.example("value-nullish", tmp_path)  # a warning, which stops nothing
    who = ("-c", "user.name=editor", "-c", "user.email=editor@example.org")
    for words_ in (("init", "-q"), ("add", "datasets"), (*who, "commit", "-q", "-m", "Rooms")):
        subprocess.run(["git", *words_], cwd=tmp_path, check=True)
    options = {"--config": "mkdocs.yml", "--datasets": "datasets", "--output": "site"}
    given = [str(word) for option, name in options.items() for word in (option, tmp_path / name)]
    said = StringIO()
    with redirect_stdout(said):
        code = build.main(["build", *given])
    assert code == 0, said.getvalue()
    made = {path.relative_to(tmp_path / "site").as_posix() for path in (tmp_path / "site").rglob("*") if path.is_file()}
    assert {"sitemap.xml", "catalog.ttl", "feeds/zh/all.atom", "feeds/en/datasets/rooms.atom"} <= made


# --- whatever a descriptor holds ----------------------------------------------------------------------------

SOUND = (broken.EXAMPLES / "broken/rule-division-code/datasets/rooms/datapackage.yaml").read_text(encoding="utf-8")
JUNK: tuple[object, ...] = (
    None,
    True,
    0,
    -1.5,
    "",
    "x",
    "a\u202eb",
    [],
    {},
    [[]],
    [None],
    [1, "x"],
    {"a": 1},
    {"name": []},
    "x" * 5000,
)
OURS = ("status", "topic", "frequency", "kind", "waivers", "allow", "translation", "views", "rules", "empty", "unit")


def places(node: Any, place: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place in a descriptor, and those where something of ours could stand."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    found = [place, *(below for key, value in items for below in places(value, (*place, key)))]
    if isinstance(node, dict) and ("name" in node or "gazette" in node):
        found += [(*place, "gazette"), *((*place, "gazette", name) for name in OURS)]
    return found


def planted(place: tuple[str | int, ...], value: object) -> str:
    """The sound descriptor with ``value`` in one place of it."""
    document: Any = yaml.safe_load(SOUND)
    node = document
    for key in place[:-1]:
        node = node.setdefault(key, {}) if isinstance(node, dict) else node[key]
    if not place:
        document = value
    else:
        node[place[-1]] = value
    return json.dumps(document, ensure_ascii=False)


@settings(max_examples=60, deadline=None)
@given(place=st.sampled_from(places(yaml.safe_load(SOUND))), value=st.sampled_from(JUNK), strict=st.booleans())
def test_nothing_in_a_descriptor_is_a_bug_of_ours(place: tuple[str | int, ...], value: object, strict: bool) -> None:  # noqa: FBT001
    """Any value in any place is accepted or refused; none ends the check with a traceback."""
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room)
        (folder / "mkdocs.yml").write_text(broken.CONFIG, encoding="utf-8")
        rooms = folder / "datasets/rooms"
        (rooms / "data").mkdir(parents=True)
        (rooms / "datapackage.json").write_text(planted(place, value), encoding="utf-8")
        for name, text in (("divisions", "division_code\n310000\n"), ("units", "unit_id\nu1\n")):
            (rooms / f"data/{name}.csv").write_text(text, encoding="utf-8")
        policy = "strict" if strict else "open"
        options = ["--config", folder / "mkdocs.yml", "--datasets", folder / "datasets", "--policy", policy]
        with redirect_stdout(StringIO()):
            assert build.main(["check", *map(str, options)]) in {0, 1}
