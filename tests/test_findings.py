"""Every fault is found where it is, said in both languages, explained in docs/findings.md, and never published."""

from __future__ import annotations

import ast
import json
import re
import string
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import build
from gazette import publish, report, words
from gazette.model import Finding
from tests import broken
from tests.faults import small_build

ROOT = Path(__file__).parent.parent
NAMES = sorted(path.name for path in (broken.EXAMPLES / "broken").iterdir())
PERSONAL = ("11010519491231002X", "110105491231002", "13800138000")
"""The invented personal values in the examples; no output may repeat them."""

ATTRIBUTES = {"dataset", "resource", "row", "line", "column", "field", "path", "pointer"}
FRICTIONLESS = {
    "message", "note", "cell", "cells", "label", "labels", "field_names", "field_cells", "reference_name",
    "reference_field_names", "type", "form", "constraint", "limit", "twin", "byte", "encoding", "guess",
}  # fmt: skip
"""What an error of frictionless can state, and what its notes are taken apart into."""


# --- the examples -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_an_example_has_exactly_its_fault(name: str, tmp_path: Path) -> None:
    """It is found at its place and nothing else is; every format and language can say it, and no personal value."""
    example = broken.example(name, tmp_path)
    verdict = broken.judged(example.folder, example.policy)
    found = broken.found(verdict)
    assert found == example.expected
    assert example.code in {finding["code"] for finding in found} | {"several"}
    for language in words.LANGUAGES:
        for form in ("text", "json", "github"):
            settings = replace(broken.wanted(tmp_path, example.policy), language=language, format=form)
            said = report.render(verdict, settings)
            assert example.code in said or name == "several"
            assert not [value for value in PERSONAL if value in said]


SAMPLE = ("type-error", "descriptor-syntax", "personal-id", "path-parent", "encoding-error", "primary-key", "several")


@pytest.mark.parametrize("name", SAMPLE)
def test_nothing_is_published_of_a_folder_with_a_fault(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The build ends with 1, says every fault at once, and the old site stays byte for byte."""
    small_build.build(tmp_path, "old")
    before = {path: path.read_bytes() for path in (tmp_path / "site").rglob("*") if path.is_file()}
    example = broken.example(name, tmp_path)
    (tmp_path / "mkdocs.yml").write_text(broken.CONFIG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert build.main(["build", "--lang", "en", "--as-of", "2026-01-31"]) == 1
    said = capsys.readouterr().out
    assert all(finding["code"] in said for finding in example.expected)
    assert said.splitlines()[-1].startswith("Refused. ")
    assert {path: path.read_bytes() for path in (tmp_path / "site").rglob("*") if path.is_file()} == before
    assert publish.verify(tmp_path / "site") == ()


# --- the words --------------------------------------------------------------------------------------------


def fields(template: str) -> set[str]:
    """The placeholders of a template."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def calls() -> Iterator[tuple[str, set[str], bool]]:
    """Every call in the source that makes a finding: its code, its facts, and whether all of them are visible."""
    for path in sorted((ROOT / "gazette").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (code := _code(node)):
                yield code, *_facts(node)


def _code(node: ast.Call) -> str | None:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    stated: list[ast.expr] = [word.value for word in node.keywords if word.arg == "code"]
    if name in {"_add", "Fault"}:
        stated += node.args[:1]
    elif name != "Finding":
        return None
    return next((value.value for value in stated if isinstance(value, ast.Constant)), None)  # type: ignore[return-value]


def _facts(node: ast.Call) -> tuple[set[str], bool]:
    names = {word.arg for word in node.keywords if word.arg}
    stated = [word.value for word in node.keywords if word.arg == "facts"]
    for value in stated:
        if not isinstance(value, ast.Dict):
            return names, False
        names |= {str(key.value) for key in value.keys if isinstance(key, ast.Constant)}
    return names, all(word.arg for word in node.keywords)


def test_every_code_in_the_source_has_words() -> None:
    """A finding nobody can read is none."""
    codes = {code for code, _, _ in calls()}
    assert len(codes) > 30
    assert codes <= set(words.findings())


def test_every_template_is_filled_by_the_facts_of_its_code() -> None:
    """Where the source states the facts of a finding, they are what its sentences ask for."""
    for code, facts, complete in calls():
        if complete:
            for name in ("en", "zh", "fix_en", "fix_zh"):
                assert fields(words.findings()[code][name]) <= facts | ATTRIBUTES, (code, name)


@pytest.mark.parametrize("code", sorted(words.findings()))
def test_a_code_says_the_same_in_both_languages(code: str) -> None:
    """Both languages have both sentences, tell the same facts, and end as sentences do."""
    texts = words.findings()[code]
    assert set(texts) == {"en", "zh", "fix_en", "fix_zh"}
    assert fields(texts["en"]) == fields(texts["zh"])
    assert fields(texts["fix_en"]) == fields(texts["fix_zh"])
    assert texts["en"].endswith(".")
    assert texts["fix_en"].endswith(".")
    assert re.search(r"[\u4e00-\u9fff]", texts["zh"] + texts["fix_zh"])
    assert texts["zh"].endswith("。")
    assert texts["fix_zh"].endswith("。")


@pytest.mark.parametrize("kind", sorted(broken.standard_errors()))
def test_every_error_of_frictionless_has_words(kind: str) -> None:
    """Whatever frictionless finds can be said, with the facts it gives."""
    texts = words.findings()[kind]
    for text in texts.values():
        assert fields(text) <= FRICTIONLESS | ATTRIBUTES


# --- docs/findings.md -------------------------------------------------------------------------------------


def test_the_page_about_findings_is_complete_and_has_no_extra() -> None:
    """One heading per code, in Chinese and English."""
    page = (ROOT / "docs/findings.md").read_text(encoding="utf-8")
    headings = re.findall(r"^### (\S+)$", page, re.MULTILINE)
    assert sorted(headings) == sorted({code.partition(":")[0] for code in words.findings()})
    assert len(headings) == len(set(headings))


def test_the_page_about_findings_repeats_the_sentences() -> None:
    """What the page says of a code is what the report says."""
    page = (ROOT / "docs/findings.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^### (\S+)\n(.*?)(?=^#{2,3} |\Z)", page, re.MULTILINE | re.DOTALL))
    for code, texts in words.findings().items():
        section = sections[code.partition(":")[0]]
        for text in texts.values():
            assert plain(text) in section, (code, text)


def plain(template: str) -> str:
    """A template as the page prints it: every fact as an ellipsis, and no HTML."""
    return re.sub(r"\{\w+\}", "…", template).replace("<", "&lt;")


# --- the form of a record ---------------------------------------------------------------------------------


def test_a_finding_round_trips_through_json(tmp_path: Path) -> None:
    """The JSON record says all a finding knows."""
    example = broken.example("several", tmp_path)
    verdict = broken.judged(example.folder)
    document: dict[str, Any] = json.loads(report.render(verdict, broken.wanted(tmp_path, format="json")))
    for record, finding in zip(document["findings"], verdict.findings, strict=True):
        assert isinstance(finding, Finding)
        path = f"{broken.wanted(tmp_path).datasets.as_posix()}/{finding.path}" if finding.path else None
        assert record["path"] == path
        assert record["facts"] == dict(finding.facts)
        assert (record["code"], record["row"], record["line"]) == (finding.code, finding.row, finding.line)
