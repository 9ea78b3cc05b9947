"""Datasets the build makes itself."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import build
from gazette import checks, computed, exports, settings
from gazette.model import TRANSLATION_STATUS, Dataset, History, Report, Settings, Slice, Text
from tests import broken

DAY = date(2026, 1, 31)


def judged(folder: Path, name: str) -> tuple[Settings, Path, tuple[Dataset, ...], tuple[Slice, ...], Report]:
    """What the build knows of an example before it makes anything."""
    example = broken.example(name, folder)
    wanted = broken.wanted(example.folder)
    room = folder / "room"
    room.mkdir()
    datasets, pieces, _, _, report = build.judge(wanted, room)
    return wanted, room, datasets, pieces, report


def rows(pieces: tuple[Slice, ...]) -> list[dict[str, str]]:
    """The rows of the computed table."""
    (piece,) = [each for each in pieces if each.dataset.name == TRANSLATION_STATUS]
    path = piece.root / piece.dataset.folder / piece.resource.paths[0]
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_status_of_translations_is_a_dataset(tmp_path: Path) -> None:
    """One row per dataset and language, with the counts of the report."""
    wanted, room, datasets, pieces, report = judged(tmp_path, "translation-blank")
    more, slices, after = computed.add(datasets, pieces, report, wanted, room, DAY)
    assert [dataset.name for dataset in more] == ["rooms", TRANSLATION_STATUS]
    english, chinese = rows(slices)
    assert (english["dataset"], english["language"], english["origin"]) == ("rooms", "en", "editor")
    assert (english["version"], english["missing"], english["in_rows"]) == ("partial", "1", "3")
    assert int(english["complete"]) == int(english["texts"]) - 1
    assert (chinese["version"], chinese["origin"], chinese["completeness"]) == ("full", "original", "100.0")
    assert after.rows[TRANSLATION_STATUS, TRANSLATION_STATUS] == 2
    assert after.findings == report.findings


def test_it_passes_the_checks_of_any_contributor(tmp_path: Path) -> None:
    """Strict policy, both languages complete, every rule of its own passed; its own coverage is full."""
    wanted, room, datasets, pieces, report = judged(tmp_path, "translation-blank")
    more, slices, after = computed.add(datasets, pieces, report, wanted, room, DAY)
    made = [dataset for dataset in more if dataset.name == TRANSLATION_STATUS]
    own = [piece for piece in slices if piece.dataset.name == TRANSLATION_STATUS]
    policy = settings.POLICIES["strict"]
    verdict = checks.settle(made, checks.inspect(own), [], policy, DAY, pieces=own)
    assert verdict.findings == ()
    assert verdict.coverage[0].texts > 40
    assert {each.complete == each.texts for each in verdict.coverage} == {True}
    outcomes = after.rules[TRANSLATION_STATUS]
    assert outcomes
    assert {each.status for each in outcomes} == {"passed"}


def test_it_says_who_publishes_and_when(tmp_path: Path) -> None:
    """The operator of the site, on the day of the build; the shelf only where the site has it."""
    wanted, room, datasets, pieces, report = judged(tmp_path, "translation-blank")
    (_, made), _, _ = computed.add(datasets, pieces, report, wanted, room, DAY)
    assert made.created == DAY
    assert made.publisher is not None
    assert made.publisher.title.get("zh") == "市档案馆"
    assert made.topic is None
    site = replace(wanted.site, topics=(*wanted.site.topics, ("reference", Text())), operator=Text())
    (_, made), _, _ = computed.add(datasets, pieces, report, replace(wanted, site=site), tmp_path / "other", DAY)
    assert made.topic == "reference"
    assert made.publisher is None


def test_it_is_published_as_any_other(tmp_path: Path) -> None:
    """As files with a descriptor of their own."""
    wanted, room, datasets, pieces, report = judged(tmp_path, "translation-blank")
    more, slices, _ = computed.add(datasets, pieces, report, wanted, room, DAY)
    stage = tmp_path / "stage"
    stage.mkdir()
    artifacts, _ = exports.write(slices, wanted, stage, History(), DAY)
    assert f"data/{TRANSLATION_STATUS}/{TRANSLATION_STATUS}.csv" in {artifact.path for artifact in artifacts}
    assert {dataset.name for dataset in more} <= {artifact.dataset for artifact in artifacts}


def test_the_same_report_gives_the_same_bytes(tmp_path: Path) -> None:
    """Wherever it is built."""
    wanted, _, datasets, pieces, report = judged(tmp_path, "translation-blank")
    made = [computed.add(datasets, pieces, report, wanted, tmp_path / name, DAY)[1][-1] for name in ("a", "b")]
    paths = [piece.root / piece.dataset.path for piece in made]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert rows((made[0],)) == rows((made[1],))


def test_nothing_is_made_where_there_is_nothing_to_compare(tmp_path: Path) -> None:
    """No dataset, one language, or a dataset that has the name already."""
    wanted, room, datasets, pieces, report = judged(tmp_path, "translation-blank")
    assert computed.add((), (), report, wanted, room, DAY) == ((), (), report)
    single = replace(wanted, site=replace(wanted.site, languages=("zh",)))
    assert computed.add(datasets, pieces, report, single, room, DAY) == (datasets, pieces, report)
    named = (replace(datasets[0], name=TRANSLATION_STATUS),)
    assert computed.add(named, pieces, report, wanted, room, DAY) == (named, pieces, report)
