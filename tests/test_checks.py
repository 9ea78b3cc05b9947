"""From slices and findings to one report, however a table is cut."""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings

import build
from gazette import report, tables
from gazette.model import Finding, Policy, Report
from gazette.settings import POLICIES
from tests import broken
from tests.test_descriptor import PACKAGES

LOOSE = Policy(name="loose", strict=True)
MOBILE = "13800138000"
IDENTITY = "11010519491231002X"


def judge(folder: Path, rows: str, policy: Policy = LOOSE, **stated: Any) -> Report:
    """The report on one table of strings a and b; ``stated`` are other properties of the schema."""
    fields = [{"name": "a", "type": "string"}, {"name": "b", "type": "integer"}]
    table = {"name": "t", "path": "t.csv", "schema": {"fields": fields, **stated}}
    package = {"name": "d", "resources": [table]}
    (folder / "datasets/d").mkdir(parents=True, exist_ok=True)
    (folder / "datasets/d/datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    (folder / "datasets/d/t.csv").write_text(rows, encoding="utf-8", newline="")
    return broken.judged(folder, policy)


def codes(verdict: Report) -> dict[str, int]:
    """Exact totals by code, but for the repository the tests happen to run in."""
    return {code: count for (_, code), count in verdict.codes.items() if not code.startswith("history-")}


def test_totals_are_exact_beyond_what_is_listed(tmp_path: Path) -> None:
    """Five thousand errors of one kind, and a rarer kind after the last that is listed."""
    rows = "".join(f"{number},x\n" for number in range(5000)) + "y,1,2\ny,,\n"
    verdict = judge(tmp_path, "a,b\n" + rows)
    assert codes(verdict) == {"type-error": 5000, "extra-cell": 2}
    assert verdict.counts["error"] == 5002
    assert 1000 <= len(verdict.findings) < 1100
    said = json.loads(report.render(verdict, broken.wanted(tmp_path, format="json")))
    assert said["counts"]["error"] == 5002
    assert len([finding for finding in said["findings"] if finding["code"] == "type-error"]) <= 1000
    text = report.render(verdict, broken.wanted(tmp_path))
    assert "5000 type-error" in text
    assert "Refused. Errors: 5,002" in text


def test_a_table_is_judged_alike_however_it_is_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows, lines and totals, quoted line breaks across the cut and personal data in every slice among them."""
    lines = ["a,b"]
    for number in range(9000):
        name = f'"two\nlines {number}"' if number % 7 == 0 else f"name {number}"
        lines.append(f"{name},{'x' if number % 1000 == 3 else number}")
    for number in (3000, 6000, 8999):
        lines[number] = f"{MOBILE},{number}"
    rows = "\n".join(lines) + "\n"
    assert len(rows) > 100_000
    whole = judge(tmp_path, rows)
    assert {"type-error", "personal-mobile"} <= set(codes(whole))
    for size in (1000, 40_000, 100_000):
        monkeypatch.setattr(tables, "SLICE", size)
        cut = judge(tmp_path, rows)
        assert cut.findings == whole.findings
        assert (cut.counts, cut.codes, cut.rows) == (whole.counts, whole.codes, whole.rows)


def test_small_tables_are_judged_alike_alone_and_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked of all their columns at once is told of the right table, column and row."""
    cells = [
        "",
        "x ",
        "=1",
        "１２",
        MOBILE,
        "锟斤拷",
        "440308********2115",
        "A1\u200b",
        "n/a",
        "plain",
        "a@example.com",
    ]
    fields = [{"name": "a", "type": "string", "categories": ["plain", "x "]}, {"name": "b", "type": "integer"}]
    (tmp_path / "datasets/d").mkdir(parents=True)
    tables_ = []
    for number in range(14):
        rows = [f"{cells[(number + row) % len(cells)]},{'１' if row == 9 else row}\n" for row in range(number)]
        (tmp_path / f"datasets/d/t{number}.csv").write_text("".join(["a,b\n", *rows]), encoding="utf-8")
        described = fields if number % 2 else [{"name": "a", "type": "string"}, fields[1]]
        tables_.append({"name": f"t{number}", "path": f"t{number}.csv", "schema": {"fields": described}})
    package = {"name": "d", "resources": tables_}
    (tmp_path / "datasets/d/datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    together = broken.judged(tmp_path, LOOSE)
    monkeypatch.setattr(tables, "UNIT", 1)
    alone = broken.judged(tmp_path, LOOSE)
    assert together.findings == alone.findings
    assert (together.counts, together.codes, together.rows) == (alone.counts, alone.codes, alone.rows)
    assert {"personal-mobile", "value-padded", "mojibake", "category-unknown", "digits-not-ascii"} <= set(codes(alone))


def test_a_finding_in_a_row_has_the_line_of_its_record(tmp_path: Path) -> None:
    """Ours as well as frictionless': an editor opens the file there."""
    verdict = judge(tmp_path, f'a,b\n"one\ntwo",1\n{MOBILE},x\n')
    assert {(finding.code, finding.row, finding.line) for finding in verdict.findings if finding.row} == {
        ("type-error", 3, 4),
        ("personal-mobile", 3, 4),
    }


def test_errors_and_warnings_of_one_code_are_counted_apart(tmp_path: Path) -> None:
    """An address to fetch is left out under the policy for strangers; one that opens a local file is refused."""
    fields = {"fields": [{"name": "a", "type": "string"}]}
    paths = ["file:///etc/passwd", "https://example.org/t.csv"]
    for order in (paths, paths[::-1]):
        stated = [{"name": f"t{number}", "path": path, "schema": fields} for number, path in enumerate(order)]
        (tmp_path / "datasets/d").mkdir(parents=True, exist_ok=True)
        text = json.dumps({"name": "d", "resources": stated})
        (tmp_path / "datasets/d/datapackage.json").write_text(text, encoding="utf-8")
        verdict = broken.judged(tmp_path, "open")
        assert verdict.blocks
        assert verdict.counts["error"] == 1


def test_a_policy_can_weigh_single_findings(tmp_path: Path) -> None:
    """Listed or not."""
    policy = replace(LOOSE, severities={"type-error": "warning"})
    rows = "a,b\n" + "".join(f"{number},x\n" for number in range(1500))
    verdict = judge(tmp_path, rows, policy)
    assert verdict.counts["error"] == 0
    assert codes(verdict) == {"type-error": 1500}
    assert verdict.counts["warning"] >= 1500


def test_descriptors_come_before_tables_and_rows_in_order(tmp_path: Path) -> None:
    """An editor reads from the top."""
    example = broken.example("several", tmp_path)
    found = [finding for finding in broken.judged(example.folder).findings if finding.dataset]
    assert [finding.pointer is not None for finding in found] == sorted(
        (finding.pointer is not None for finding in found), reverse=True
    )
    rows = [finding.row for finding in found if finding.row]
    assert rows == sorted(rows)


def test_references_to_numbers_and_dates_can_be_said(tmp_path: Path) -> None:
    """Frictionless quotes such cells as the values it read, which JSON cannot say."""
    key = {"fields": ["b"], "reference": {"resource": "t", "fields": ["c"]}}
    fields = [{"name": "a", "type": "date"}, {"name": "b", "type": "integer"}, {"name": "c", "type": "integer"}]
    rows = "a,b,c\n2024-01-01,5,1\n"
    verdict = judge(tmp_path, rows, fields=fields, foreignKeys=[key])
    assert codes(verdict) == {"foreign-key": 1}
    (finding,) = [finding for finding in verdict.findings if finding.code == "foreign-key"]
    assert finding.facts["field_cells"] == ["5"]
    assert "refers by b to 5" in report.render(verdict, broken.wanted(tmp_path))
    json.loads(report.render(verdict, broken.wanted(tmp_path, format="json")))


@pytest.mark.parametrize("value", [IDENTITY, "110105491231002"])
def test_a_personal_value_is_not_repeated_by_any_other_finding(value: str, tmp_path: Path) -> None:
    """Not even one that is personal only because its column says so."""
    fields = [{"name": "id_card", "type": "integer"}, {"name": "b", "type": "integer", "constraints": {"unique": True}}]
    verdict = judge(tmp_path, f"id_card,b\nx{value},1\n{value}-,1\n{value},1,{value}\n", fields=fields)
    assert "type-error" in codes(verdict)
    for form in ("text", "json", "github"):
        assert value not in report.render(verdict, broken.wanted(tmp_path, format=form))


def test_the_newest_date_is_that_of_the_data(tmp_path: Path) -> None:
    """It is the site's day where neither git nor the operator names one."""
    fields = [{"name": "a", "type": "date"}]
    judge(tmp_path, "a\n2024-02-29\n2023-01-01\n", fields=fields)
    room = tmp_path / "other"
    room.mkdir()
    today = build.judge(broken.wanted(tmp_path, as_of=None), room)[3]
    assert today >= date(2024, 2, 29)


@hypothesis_settings(max_examples=15, deadline=None)
@given(package=PACKAGES)
@example(package={"title": None, "resources": [{"data": [], "hash": True}]})
def test_no_descriptor_crashes_the_checks(package: dict[str, Any]) -> None:
    """Whatever it says of a table, there is a report."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "datasets/d").mkdir(parents=True)
        (folder / "datasets/d/datapackage.json").write_text(json.dumps(package), encoding="utf-8")
        (folder / "datasets/d/a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
        for policy in POLICIES:
            verdict = broken.judged(folder, policy)
            assert all(isinstance(finding, Finding) for finding in verdict.findings)
            for form in ("text", "json"):
                assert report.render(verdict, broken.wanted(folder, policy, format=form))
