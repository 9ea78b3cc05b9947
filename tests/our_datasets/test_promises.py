"""The invented rows on commitments, records and honours: they show the cases they are there to show, and hold together.

What the rules of the site judge is judged there; here stand facts that no rule knows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest

Row = dict[str, str]
Table = Callable[[str, str], list[Row]]
Descriptors = Mapping[str, Mapping[str, Any]]

ENDED = {"repaired", "expired", "revoked"}


def keyed(rows: list[Row], key: str) -> dict[str, Row]:
    """Rows by their key."""
    return {row[key]: row for row in rows}


@pytest.fixture(scope="module")
def days(table: Table) -> Callable[[str, str], int]:
    """Counts the working days after one day up to another, by the State Council's notices."""
    stated = {row["date"]: row["is_workday"] == "true" for row in table("work-calendar", "days")}

    def count(begin: str, end: str) -> int:
        first, last = date.fromisoformat(begin), date.fromisoformat(end)
        span = (first + timedelta(days=number) for number in range(1, (last - first).days + 1))
        return sum(stated.get(day.isoformat(), day.weekday() < 5) for day in span)

    return count


def test_commitments_show_every_end(table: Table) -> None:
    """Every status and every kind occurs; what failed is explained in its last report, and only that."""
    commitments = keyed(table("service-commitments", "service-commitments"), "commitment_id")
    last = {row["commitment_id"]: row for row in table("service-commitments", "commitment-progress")}
    statuses = Counter(row["status"] for row in commitments.values())
    assert len(statuses) == 7
    assert len({row["kind"] for row in commitments.values()}) == 8
    for name, row in last.items():
        explained = commitments[name]["status"] in {"overdue", "changed_lawfully", "broken"}
        assert bool(row["explanation_en"]) == explained, name
    assert [row["commitment_id"] for row in last.values() if row["compensation_wan_yuan"]] == ["sc-06"]


def test_tombstones_name_nobody(table: Table) -> None:
    """A record that ended keeps its number, type and dates; unit, document, post and account are gone."""
    for row in table("dishonesty-records", "dishonesty-records"):
        gone = [row[name] for name in ("subject_id", "document_no", "decided_by", "loss_and_impact_zh")]
        gone += [row[name] for name in ("responsible_post_zh", "area_id", "source_code")]
        if row["status"] in ENDED:
            assert not any(gone), row["record_id"]
            assert row["removed_on"]
        else:
            assert row["subject_id"]
            assert row["loss_and_impact_en"]
            assert not row["removed_on"]
        assert row["exempted"] == "false"
    for row in table("exposure-board", "exposure-board"):
        assert bool(row["dept_id"]) == (row["status"] == "posted"), row["exposure_id"]


def test_records_end_as_their_events_say(table: Table) -> None:
    """A repair or revocation that was granted, and an objection that led to deletion, end the record that day."""
    records = keyed(table("dishonesty-records", "dishonesty-records"), "record_id")
    ends = {}
    for resource in ("repairs", "objections"):
        for row in table("dishonesty-records", resource):
            if row["deleted_on"]:
                ends[row["record_id"]] = (row["deleted_on"], "repaired" if row["kind"] == "repair" else "revoked")
    for name, row in records.items():
        if row["status"] in {"repaired", "revoked"}:
            assert (row["removed_on"], row["status"]) == ends.pop(name)
        if row["status"] == "expired":
            assert row["removed_on"] == row["public_until"]
    assert not ends
    open_ = {row["record_id"] for row in table("dishonesty-records", "objections") if not row["decided_on"]}
    assert open_ == {name for name, row in records.items() if row["status"] == "under_objection"}


def test_notified_before_entered(table: Table) -> None:
    """Every record has one notice, of the day it states, before it was entered."""
    notices = keyed(table("dishonesty-records", "record-notices"), "record_id")
    records = table("dishonesty-records", "dishonesty-records")
    assert set(notices) == {row["record_id"] for row in records}
    for row in records:
        assert notices[row["record_id"]]["received_on"] == row["notified_on"]
        assert row["decided_on"] < row["notified_on"] < (row["entered_on"] or "9999")


def test_deadlines_are_kept_in_working_days(table: Table, days: Callable[[str, str], int]) -> None:
    """Marked within 1, forwarded within 2, decided within 5, deleted within 3 (Shanghai regulations, 36 to 38)."""
    for resource in ("objections", "complaints"):
        for row in table("dishonesty-records", resource):
            assert days(row["received_on"], row["marked_on"]) <= 1
            if row["forwarded_on"]:
                assert days(row["received_on"], row["forwarded_on"]) <= 2
            if row["decided_on"]:
                assert days(row["provider_received_on"] or row["received_on"], row["decided_on"]) <= 5
    for row in table("dishonesty-records", "repairs"):
        assert bool(row["deleted_on"]) == (row["outcome"] == "deleted")
        assert not row["deleted_on"] or days(row["received_on"], row["deleted_on"]) <= 3


def test_who_is_exposed_has_that_record(table: Table) -> None:
    """An entry of the board, a rectification or a default names the unit its record is about."""
    subjects = {row["record_id"]: row["subject_id"] for row in table("dishonesty-records", "dishonesty-records")}
    projects = {row["project_id"]: row["dept_id"] for row in table("ppp-contracts", "ppp-contracts")}
    for row in table("exposure-board", "exposure-board"):
        assert row["dept_id"] == subjects[row["record_id"]]
    for row in table("investment-contracts", "investment-contracts"):
        assert (row["status"] == "in_default") == bool(row["record_id"])
        assert not row["record_id"] or row["dept_id"] == subjects[row["record_id"]]
    for row in table("ppp-contracts", "ppp-defaults"):
        assert not row["record_id"] or projects[row["project_id"]] == subjects[row["record_id"]]
    for dataset, resource in (("press-supervision",) * 2, ("integrity-complaints",) * 2):
        for row in table(dataset, resource):
            assert not row["record_id"] or row["dept_id"] == subjects[row["record_id"]]


def test_honours_follow_their_nominations(table: Table) -> None:
    """The unit honoured is the unit nominated; whoever was vetoed or rejected has none; one honour was revoked."""
    nominations = keyed(table("honour-roll", "award-nominations"), "nomination_id")
    honours = keyed(table("honour-roll", "honour-roll"), "nomination_id")
    ends = {row["nomination_id"]: row["stage"] for row in table("honour-roll", "award-events")}
    assert set(ends) == set(nominations)
    for name, row in nominations.items():
        assert ends[name] == ("awarded" if name in honours else "rejected")
        assert name not in honours or honours[name]["dept_id"] == row["dept_id"]
        assert bool(row["veto_reason_en"]) == (row["vetoed"] == "true")
    assert [row["honour_id"] for row in honours.values() if row["revoked_on"]] == ["hr-02"]
    assert sum(row["vetoed"] == "true" for row in nominations.values()) == 2


def test_incentives_end_with_their_honour(table: Table) -> None:
    """A reward for an honour that was revoked was lifted, after the revocation."""
    revoked = {row["honour_id"]: row["revoked_on"] for row in table("honour-roll", "honour-roll") if row["revoked_on"]}
    for row in table("joint-actions", "joint-actions"):
        assert (row["kind"] == "incentive") == bool(row["honour_id"])
        if row["honour_id"] in revoked:
            assert row["lifted_on"] >= revoked[row["honour_id"]]


def test_nothing_to_report_is_not_silence(table: Table) -> None:
    """Zeros say that there was nothing to report; a blank says that nobody has reported."""
    for dataset, figures in {
        "case-outcomes": ["cases", "lost_or_corrected"],
        "accountability-cases": ["cases"],
        "safety-inspections": ["inspected", "passed", "failed", "rectified", "omitted_found"],
    }.items():
        statuses = Counter(row["value_status"] for row in table(dataset, dataset))
        assert set(statuses) == {"actual", "nothing_to_report", "pending"}, dataset
        for row in table(dataset, dataset):
            stated = {row[name] for name in figures}
            assert (stated == {""}) == (row["value_status"] == "pending"), row
            if row["value_status"] == "nothing_to_report":
                assert stated == {"0"}, row


def test_no_correction_is_invented(descriptors: Descriptors, table: Table) -> None:
    """The site's own corrections are real data: a table without rows, which says that there is nothing to report."""
    assert descriptors["corrections"]["gazette"]["status"] == "real"
    assert "nothing to report" in descriptors["corrections"]["description"]
    for row in table("corrections", "corrections"):
        assert row["dataset"] in descriptors
