"""What people and machines read of the findings."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gazette import report, words
from gazette.model import BuildError, Dataset, Finding, Report, Settings, Text
from tests import broken

ROOT = Path(__file__).parent.parent

KEYS = [
    "code", "severity", "source", "dataset", "path", "pointer", "resource", "row", "line", "column", "field", "count",
    "message", "facts",
]  # fmt: skip


def finding(code: str = "blank-row", **more: Any) -> Finding:
    """A finding in a table."""
    plain = {"severity": "error", "dataset": "rooms", "path": "rooms/data/rooms.csv", "row": 3, "line": 4}
    return Finding(code=code, source="gazette", **{**plain, **more})


def named(*names: str) -> list[Dataset]:
    return [
        Dataset(name=name, folder=name, path=name, title=Text(), description=Text(), resources=()) for name in names
    ]


def whole(*findings: Finding, unlisted: int = 0) -> Report:
    """A report on the findings, and on more of the first kind that are not listed."""
    counts, codes = Counter({"error": unlisted, "warning": 0}), Counter[tuple[str, str]]()
    for each in findings:
        counts[each.severity] += each.count
        codes[each.dataset or "", each.code] += each.count
    if unlisted:
        codes[findings[0].dataset or "", findings[0].code] += unlisted
    return Report(findings=findings, counts=dict(counts), codes=dict(codes), rows={})


def said(verdict: Report, **more: Any) -> str:
    """What is printed."""
    return report.render(verdict, settings(**more))


def settings(**more: Any) -> Settings:
    """Settings whose datasets lie below the current folder."""
    return replace(broken.wanted(Path()), **more)


# --- JSON -------------------------------------------------------------------------------------------------


def test_the_shape_of_json() -> None:
    """Programs rely on every key and on no other."""
    blank = Finding(code="datasets-empty", severity="warning", source="gazette")
    document = json.loads(said(whole(finding(facts={"note": "x"}), blank), format="json"))
    assert list(document) == ["status", "counts", "findings"]
    assert document["status"] == "refused"
    assert document["counts"] == {"error": 1, "warning": 1}
    assert all(list(record) == KEYS and list(record["message"]) == ["en", "zh"] for record in document["findings"])
    assert document["findings"][0] == {
        "code": "datasets-empty",
        "severity": "warning",
        "source": "gazette",
        **dict.fromkeys(("dataset", "path", "pointer", "resource", "row", "line", "column", "field")),
        "count": 1,
        "message": document["findings"][0]["message"],
        "facts": {},
    }
    second = document["findings"][1]
    assert (second["path"], second["row"], second["line"]) == ("datasets/rooms/data/rooms.csv", 3, 4)
    assert second["facts"] == {"note": "x"}
    assert second["message"] == {"en": "The row is blank. Remove the row.", "zh": "该行为空。请删除该行。"}


def test_nothing_found_is_accepted() -> None:
    """With every count at zero."""
    document = json.loads(said(whole(), format="json"))
    assert document == {"status": "accepted", "counts": {"error": 0, "warning": 0}, "findings": []}
    assert said(whole()) == "Accepted. Errors: 0; warnings: 0.\n"


def test_json_lists_a_thousand_of_a_dataset_and_counts_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table full of errors does not crowd out those of another dataset, nor a rare kind."""
    monkeypatch.setattr(report, "LISTED", 5)
    many = [finding(row=row) for row in range(2, 22)]
    rare = finding("extra-cell", row=30, column=9, facts={"cell": "x"})
    other = finding(dataset="halls", path="halls/data/halls.csv")
    document = json.loads(said(whole(*many, rare, other, unlisted=4000), format="json"))
    listed = Counter((record["dataset"], record["code"]) for record in document["findings"])
    assert listed == {("halls", "blank-row"): 1, ("rooms", "extra-cell"): 1, ("rooms", "blank-row"): 4}
    assert document["counts"] == {"error": 4022, "warning": 0}


# --- GitHub -----------------------------------------------------------------------------------------------


def test_an_annotation_names_file_and_line() -> None:
    """As a workflow command that GitHub attaches to the line."""
    first, last = said(whole(finding()), format="github").splitlines()
    assert (
        first
        == "::error file=datasets/rooms/data/rooms.csv,line=4,title=blank-row::The row is blank. → Remove the row."
    )
    assert last == "Refused. Errors: 1; warnings: 0."


def test_annotations_are_at_most_ten_and_the_rarest_first() -> None:
    """GitHub drops the rest unseen, so errors come before warnings and single ones before many."""
    many = [finding(row=row, line=row) for row in range(2, 40)]
    rare = finding("extra-cell", row=50, line=50, column=9, facts={"cell": "x"})
    mild = finding("history-none", severity="warning", path=None, row=None, line=None)
    lines = said(whole(mild, *many, rare), format="github").splitlines()
    annotations = [line for line in lines if line.startswith("::")]
    assert len(annotations) == 10
    assert "line=50" in annotations[0]
    assert all("title=blank-row" in line for line in annotations[1:])
    assert not any("::warning" in line for line in annotations)


def test_data_cannot_write_workflow_commands() -> None:
    """Line breaks, percent signs, and in properties colons and commas, are escaped."""
    path = "rooms/a,b:c%.csv"
    nasty = finding("extra-cell", path=path, column=9, facts={"cell": "x\n::set-env name=A::b\r\n%0A"})
    first, last = said(whole(nasty), format="github").splitlines()
    assert last.startswith("Refused")
    assert "file=datasets/rooms/a%2Cb%3Ac%25.csv," in first
    assert "%250A" in first
    assert first.startswith("::error file=")


# --- text -------------------------------------------------------------------------------------------------


def test_text_names_the_place_and_what_to_do() -> None:
    """Row and column as a spreadsheet shows them, line and pointer as an editor does."""
    line, what, fix, summary = said(whole(finding(field="seats"))).splitlines()
    assert line == "error blank-row datasets/rooms/data/rooms.csv row 3, column seats"
    assert (what, fix) == ("  The row is blank.", "  → Remove the row.")
    assert summary == "Refused. Errors: 1; warnings: 0."
    place = finding("resources-missing", path="rooms/datapackage.yaml", row=None, column=2, pointer="/resources")
    assert said(whole(place)).startswith("error resources-missing datasets/rooms/datapackage.yaml:4:2 /resources\n")


def test_text_is_chinese_for_chinese_readers() -> None:
    """Severity, place and sentences."""
    assert said(whole(finding()), language="zh").splitlines() == [
        "错误 blank-row datasets/rooms/data/rooms.csv 第 3 行",
        "  该行为空。",
        "  → 请删除该行。",
        "未通过：错误 1 处，警告 0 处。",
    ]


HOSTILE = "\x1b[2J\x1b]0;owned\x07\u202egnp.exe\u009b31m\r\b\ufeff\udcff"


@pytest.mark.parametrize("form", ["text", "github", "json"])
def test_control_characters_in_data_do_not_reach_the_terminal(form: str) -> None:
    """Cells, fields, paths and pointers are shown with the numbers of their characters."""
    places = {"path": f"rooms/{HOSTILE}.csv", "field": HOSTILE, "pointer": f"/{HOSTILE}"}
    text = said(whole(finding("extra-cell", column=9, facts={"cell": HOSTILE}, **places)), format=form)
    text.encode("utf-8")
    assert all(character.isprintable() or character == "\n" for character in text)
    assert ("\\u001b[2J" if form == "json" else "U+001B[2J") in text
    if form == "json":
        assert json.loads(text)["findings"][0]["facts"]["cell"] == HOSTILE


def test_markup_in_data_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither brackets nor emoji codes mean anything to the printer, and no colour is written to a file."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    text = said(whole(finding("extra-cell", column=9, facts={"cell": "[bold]:smile:[/bold] [link=x]"})))
    assert "“[bold]:smile:[/bold] [link=x]”" in text
    assert "\x1b" not in text


def test_text_lists_a_hundred_and_counts_all() -> None:
    """What is cut is said, and the totals by kind are exact."""
    rare = finding("extra-cell", row=9999, column=9, facts={"cell": "x"})
    text = said(whole(*(finding(row=row) for row in range(2, 500)), rare, unlisted=4502))
    lines = text.splitlines()
    assert lines[0].startswith("error extra-cell")
    assert len(re.findall("^error ", text, re.MULTILINE)) == 100
    assert lines[-4:] == [
        "100 of 5001 findings are listed, the rarest kinds first. All of them by kind:",
        "       5000 blank-row",
        "          1 extra-cell",
        "Refused. Errors: 5,001; warnings: 0.",
    ]


def test_a_finding_that_counts_several_is_not_a_cut_list() -> None:
    """Three telephone numbers in one cell are one line."""
    assert "are listed" not in said(whole(finding("personal-mobile", count=3, facts={"hits": 3})))


# --- a selection ------------------------------------------------------------------------------------------


def test_only_what_was_asked_for_is_reported() -> None:
    """With its own totals, severities and exit code; what belongs to no dataset is always part of it."""
    error = finding("path-remote", pointer="/p", row=None, facts={"stated": "file:x"})
    mild = replace(error, dataset="halls", severity="warning")
    everywhere = finding("history-none", severity="warning", dataset=None, path=None)
    verdict = whole(error, mild, everywhere, unlisted=10)
    asked = settings(only=("halls",), format="json")
    document = json.loads(report.render(verdict, asked))
    assert document["counts"] == {"error": 0, "warning": 2}
    assert report.status(verdict, asked) == 0
    assert document["status"] == "accepted"
    asked = settings(only=("rooms",), format="json")
    assert json.loads(report.render(verdict, asked))["counts"] == {"error": 11, "warning": 1}
    assert report.status(verdict, asked) == 1
    assert report.status(verdict, settings()) == 1


def test_a_dataset_nobody_knows_is_refused_with_those_that_are_known() -> None:
    """One whose descriptor cannot be read is known by its finding."""
    report.expect(settings(only=("rooms",)), named("rooms"), ())
    report.expect(settings(only=("broken",)), named("rooms"), [finding(dataset="broken")])
    report.expect(settings(), (), ())
    with pytest.raises(BuildError) as raised:
        report.expect(settings(only=("rooms", "room", "hall")), named("rooms", "halls"), ())
    assert (raised.value.code, raised.value.exit) == ("datasets-unknown", 2)
    assert (raised.value.facts["names"], raised.value.facts["known"]) == (["hall", "room"], ["halls", "rooms"])
    assert report.failure(raised.value, "en").endswith("known: halls, rooms.\n")


def test_proof_names_the_files_of_the_site() -> None:
    """Of the one verified, or of the one that was being built."""
    altered = Finding(code="file-altered", severity="error", source="gazette", path="en/index.html")
    text = report.proof([altered], settings(command="verify", target=Path("fetched")))
    assert text.startswith("error file-altered fetched/en/index.html\n")
    document = json.loads(report.proof([altered], settings(command="build", output=Path("out"), format="json")))
    assert document["findings"][0]["path"] == "out/en/index.html"
    assert document["counts"] == {"error": 1, "warning": 0}
    assert report.proof([], settings(target=Path("fetched"))) == "Accepted. Errors: 0; warnings: 0.\n"


def test_a_warning_about_a_finished_site_is_none_of_its_errors() -> None:
    """It is counted as what it is."""
    mild = Finding(code="personal-mailbox", severity="warning", source="gazette", path="x", count=2, facts={"hits": 2})
    assert json.loads(report.proof([mild], settings(format="json")))["counts"] == {"error": 0, "warning": 2}


# --- progress ---------------------------------------------------------------------------------------------


def at_a_terminal(folder: Path, *arguments: str) -> tuple[str, str]:
    """What ``check`` prints, and what its terminal saw besides, where every moment counts as long."""
    broken.example("foreign-key--dataset", folder)
    (folder / "mkdocs.yml").write_text(broken.CONFIG, encoding="utf-8")
    program = "import sys, build; from gazette import report; report.PATIENCE = 0; sys.exit(build.main(sys.argv[1:]))"
    ours, theirs = os.openpty()
    with os.fdopen(ours, "rb", buffering=0) as terminal:
        run = subprocess.Popen(
            [sys.executable, "-c", program, "check", "--lang", "en", *arguments],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"},
            stdout=subprocess.PIPE,
            stderr=theirs,
        )
        os.close(theirs)
        seen = b""
        with contextlib.suppress(OSError):  # the end of a terminal is an error on Linux
            while chunk := terminal.read(4096):
                seen += chunk
        said, _ = run.communicate()
    return said.decode(), seen.decode()


def test_a_terminal_is_told_what_goes_on_and_keeps_nothing_of_it(tmp_path: Path) -> None:
    """The stage it is at, and at the end an empty line; what is printed has none of it."""
    said, seen = at_a_terminal(tmp_path)
    assert "Checking tables" in seen
    assert seen.rstrip().endswith("\x1b[2K")
    assert "Checking" not in said
    assert said.splitlines()[-1].startswith("Refused. ")


@pytest.mark.parametrize("form", ["json", "github"])
def test_a_program_is_told_nothing_beside_the_report(form: str, tmp_path: Path) -> None:
    """Even where its standard error is a terminal."""
    _, seen = at_a_terminal(tmp_path, "--format", form)
    assert seen == ""


def test_what_is_no_terminal_sees_no_progress(capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    """A log keeps lines, not movement; colour forced on it does not make it a terminal."""
    monkeypatch.setattr(report, "PATIENCE", 0)
    monkeypatch.setenv("FORCE_COLOR", "1")
    with report.progress(broken.wanted(Path())) as now:
        now.stage("check")
        assert list(now.count(iter("ab"), 1200)) == ["a", "b"]
    assert capsys.readouterr() == ("", "")


def test_a_terminal_is_told_how_much_is_done(monkeypatch: Any) -> None:
    """Of how much, where that is known."""
    monkeypatch.setattr(report, "PATIENCE", 1000)
    now = report.Progress("en", visible=True)
    assert now._bar is not None
    now.stage("check")
    assert list(now.count(iter("ab"), 1200)) == ["a", "b"]
    assert now._bar.tasks[0].fields["done"] == "2 / 1,200"
    assert list(now.count(iter("abc"))) == ["a", "b", "c"]
    assert now._bar.tasks[0].fields["done"] == "3"
    now.close()


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_stage_of_the_pipeline_has_a_name(language: str) -> None:
    """In both languages."""
    stages = re.findall(r'now\.stage\("(\w+)"\)', (ROOT / "build.py").read_text(encoding="utf-8"))
    assert len(stages) > 5
    assert all(words.label(f"progress.{stage}", language) for stage in stages)
