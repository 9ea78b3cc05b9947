"""The broken examples, and a site to judge them for."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import frictionless

import build
from gazette import settings
from gazette.model import Finding, Policy, Report, Settings, Site, Text, Translation

EXAMPLES = Path(__file__).parent / "examples"

SITE = Site(
    name=Text(values=(("en", "Open records"), ("zh", "公开记录"))),
    description=Text(values=(("en", "What is published."), ("zh", "已公布的内容。"))),
    operator=Text(values=(("en", "City Archives"), ("zh", "市档案馆"))),
    languages=("en", "zh"),
    url="https://example.org/",
    topics=(("records", Text(values=(("en", "Records"), ("zh", "记录")))),),
    translations=(Translation(language="en", origin="editor"),),
)

CONFIG = """\
site_name: Open records
site_url: https://example.org/
extra:
  gazette:
    site_name_zh: 公开记录
    operator: City Archives
    operator_zh: 市档案馆
    translation: {en: editor}
    topics:
      - {code: records, label: Records, label_zh: 记录}
"""
"""The configuration that says what SITE says."""


def wanted(folder: Path, policy: str | Policy = "strict", **more: Any) -> Settings:
    """Settings under which ``folder``/datasets is checked, on a fixed day; ``more`` are other attributes."""
    plain = Settings(
        command="check",
        config=folder / "mkdocs.yml",
        datasets=folder / "datasets",
        output=folder / "site",
        language="en",
        format="text",
        policy=settings.POLICIES[policy] if isinstance(policy, str) else policy,
        site=SITE,
        as_of=date(2026, 1, 31),
    )
    return replace(plain, **more)


def judged(folder: Path, policy: str | Policy = "strict", **more: Any) -> Report:
    """The report on ``folder``/datasets."""
    room = folder / "room"
    shutil.rmtree(room, ignore_errors=True)
    room.mkdir()
    return build.judge(wanted(folder, policy, **more), room)[-1]


@dataclass(frozen=True, kw_only=True)
class Example:
    """One folder of examples/broken: datasets with a fault, the policy, and where the fault must be found."""

    name: str
    code: str
    policy: str
    expected: list[dict[str, Any]]
    folder: Path


def example(name: str, folder: Path) -> Example:
    """A copy of the example in ``folder``, with the links and the twins in it that a repository should not hold.

    Files of the ``past`` are committed as they were before, in a repository of their own.
    """
    source = EXAMPLES / "broken" / name
    shutil.copytree(source / "datasets", folder / "datasets")
    stated = json.loads((source / "expected.json").read_text(encoding="utf-8"))
    for path, target in stated.get("links", {}).items():
        link = folder / "datasets" / path
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(target)
    for path, content in stated.get("files", {}).items():
        text = content if isinstance(content, str) else content["text"] * content["times"]
        (folder / "datasets" / path).write_text(text, encoding="utf-8")
    if "past" in stated:
        _commit(folder / "datasets", stated["past"])
    policy = source / "policy"
    return Example(
        name=name,
        code=name.partition("--")[0],
        policy=policy.read_text(encoding="utf-8").strip() if policy.exists() else "strict",
        expected=stated["findings"],
        folder=folder,
    )


def _commit(datasets: Path, past: dict[str, str]) -> None:
    present = {path: (datasets / path).read_bytes() for path in past}
    for path, content in past.items():
        (datasets / path).write_text(content, encoding="utf-8")
    person = ["-c", "user.name=Editor", "-c", "user.email=editor@example.org"]
    for words in (["init", "-q"], ["add", "."], [*person, "commit", "-qm", "Before"]):
        subprocess.run(["git", "-C", str(datasets), *words], check=True)
    for path, kept in present.items():
        (datasets / path).write_bytes(kept)


def place(finding: Finding) -> dict[str, Any]:
    """A finding as ``expected.json`` states it: its code and whatever of its place is known."""
    names = ("code", "severity", "dataset", "path", "pointer", "resource", "row", "line", "column", "field")
    stated = {name: getattr(finding, name) for name in names if getattr(finding, name) is not None}
    if finding.severity == "error":
        del stated["severity"]
    telling = ("byte", "guess", "twin", "variant", "property", "near", "stated", "reference_name")
    facts = {name: finding.facts[name] for name in telling if finding.facts.get(name) is not None}
    return stated | ({"count": finding.count} if finding.count > 1 else {}) | ({"facts": facts} if facts else {})


def found(report: Report) -> list[dict[str, Any]]:
    """The places of all findings but those about the repository the tests happen to run in."""
    return [place(finding) for finding in report.findings if not finding.code.startswith("history-")]


_GROUPS = {"cell-error", "header-error", "label-error", "row-error", "table-error"}
"""Kinds of errors that frictionless states by their members only."""
_UNASKED = {"catalog-error", "inquiry-error", "inquiry-task-error", "pipeline-error", "report-error"} | {
    "report-task-error",
    "step-error",
}
"""Errors about documents of frictionless' own that Gazette does not use."""


def standard_errors() -> set[str]:
    """The types of all errors frictionless can state of a package and its tables."""

    def below(kind: type[frictionless.Error]) -> Iterator[str]:
        yield kind.type
        for each in kind.__subclasses__():
            yield from below(each)

    return set(below(frictionless.Error)) - _GROUPS - _UNASKED
