"""Checks the datasets and builds the site: the whole pipeline, one call a line."""

from __future__ import annotations

import gc
import sys
import traceback
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from gazette import checks, descriptor, history, parallel, report, settings, snapshot, tables
from gazette.checks import guard
from gazette.model import Artifact, BuildError, Dataset, History, Report, Settings, Slice

if TYPE_CHECKING:
    from gazette import changes

# ruff: noqa: PLC0415 - what a command alone needs is imported by it: a check should not wait for the site's libraries


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code."""
    try:
        wanted = settings.read(arguments)
        return COMMANDS[wanted.command](wanted)
    except BuildError as fault:
        sys.stderr.write(report.failure(fault, settings.language(arguments)))
        return fault.exit
    except Exception:  # noqa: BLE001 - an uncaught one would end with 1, which means that the data is refused
        traceback.print_exc()
        return 4


def build(wanted: Settings) -> int:
    """Check everything, make everything, check what was made, then switch."""
    from gazette import archive, changes, computed, exports, metadata, pages, publish, site, units

    with publish.open(wanted.output, wanted.datasets) as stage, parallel.room(wanted.room) as room:
        datasets, pieces, past, today, verdict = judge(wanted, room)
        if verdict.blocks:
            sys.stdout.write(report.render(verdict, wanted))
            return 1
        with report.progress(wanted) as now:
            now.stage("exports")
            datasets, pieces, verdict = computed.add(datasets, pieces, verdict, wanted, room, today)
            artifacts, omitted = exports.write(pieces, wanted, stage.path, past, today)
            now.stage("metadata")
            artifacts = (*artifacts, *metadata.describe(datasets, artifacts, wanted, past, today, stage.path))
            artifacts = (*artifacts, *exports.pack(datasets, artifacts, wanted, past, today, stage.path))
            profiles = units.gather(datasets, pieces)
            artifacts = (*artifacts, *metadata.announce(datasets, artifacts, wanted, past, today, stage.path, profiles))
            fetch = partial(history.contents, wanted.datasets)
            record = changes.record(datasets, history.events(wanted.datasets), fetch, wanted)
            guards = (guard.scanner(datasets), guard.redact)
            kept, shown = archive.write(datasets, pieces, record, fetch, guards, stage.path)
            artifacts = (*artifacts, *kept)
            now.stage("site")
            artifacts = (*artifacts, *scripts(wanted, stage.path))
            shells = site.build(wanted, stage.path)
            now.stage("pages")
            cards = metadata.structured(datasets, artifacts, wanted, past, today)
            artifacts = (*artifacts, *pages.index(datasets, artifacts, verdict, past, wanted, stage.path, profiles))
            made = pages.render(
                datasets, artifacts, omitted, verdict, past, shells, wanted, today, cards, profiles, shown
            )
            written = publish.write(stage, now.count(made))
            written = (*written, *metadata.index(written, wanted, today, stage.path))
            releases = wanted.config.with_name(publish.RELEASES)
            publish.seal(stage, (*artifacts, *written), today, past, datasets, releases)
            now.stage("inspect")
            faults = publish.inspect(stage, wanted, scan=guard.scanner(datasets))
        if report.refuses(faults):
            sys.stdout.write(report.proof(faults, wanted))
            return 1
        publish.switch(stage)
        sys.stdout.write(report.render(verdict, wanted))
        sys.stdout.write(report.fingerprint(publish.digest(wanted.output), wanted))
        return 0


def scripts(wanted: Settings, stage: Path) -> tuple[Artifact, ...]:
    """The scripts of the site; where they cannot be had, a sentence says so and the site is built without."""
    from gazette import assets

    try:
        return assets.bundle(wanted.config, stage)
    except BuildError as lack:
        sys.stderr.write(report.failure(lack, wanted.language))
        return ()


def check(wanted: Settings) -> int:
    """Check everything and say what was found."""
    with parallel.room(wanted.room) as room:
        *_, verdict = judge(wanted, room)
        sys.stdout.write(report.render(verdict, wanted))
        return report.status(verdict, wanted)


def judge(wanted: Settings, room: Path) -> tuple[tuple[Dataset, ...], tuple[Slice, ...], History, date, Report]:
    """From the folder of datasets to the report on it."""
    with report.progress(wanted) as now:
        now.stage("read")
        inputs, found = snapshot.take(wanted.datasets, room)
        datasets, faults = descriptor.load(inputs, wanted.policy, wanted.site)
        report.expect(wanted, datasets, faults)
        datasets, excess = checks.bound(datasets, inputs)
        datasets = tables.labelled(datasets, inputs)
        past, gaps = history.read(wanted.datasets, datasets, guard.redact)
        contents = history.versions(wanted.datasets, inputs.root, checks.watched(datasets))
        pieces = tables.cut(datasets, inputs)
        now.stage("check")
        units = tuple(tables.units(pieces))
        looked = now.count(parallel.each(checks.inspect, units, wanted.workers, wanted.room), len(units))
        evidence = tuple(chain.from_iterable(looked))
        now.stage("settle")
        today, guess = history.as_of(wanted.as_of, past, checks.newest(datasets, evidence), wanted.datasets)
        before = (*settings.judge(wanted.site), *found, *faults, *excess, *gaps, *guess)
        former = partial(history.previous, wanted.datasets)
        held = history.former(wanted.datasets, inputs.root, checks.files(datasets))
        verdict = checks.settle(
            datasets, evidence, before, wanted.policy, today, contents, pieces=pieces, previous=former, former=held
        )
    return datasets, pieces, past, today, verdict


def diff(wanted: Settings) -> int:
    """Say what changed between two states of the datasets."""
    from gazette import changes
    from gazette.pages import changes as pages

    with parallel.room(None) as files, parallel.room(wanted.room) as here, parallel.room(wanted.room) as there:
        after = look(wanted, changes.head(wanted), files, here)
        before = look(replace(wanted, as_of=after.day), changes.base(wanted), files, there)
        strays = history.strays(wanted.datasets, before.revision or "HEAD", after.revision)
        found = changes.compare(before, after, strays)
        render = pages.report if wanted.format == "html" else changes.render
        sys.stdout.write(render(found, wanted, guard.redact))
    return int(found.refused)


def look(wanted: Settings, revision: changes.Revision, files: Path, room: Path) -> changes.Side:
    """The datasets as they were in a commit, or as they lie, judged."""
    from gazette import changes

    commit, folder = history.at(wanted.datasets, revision, files)
    datasets, pieces, _, today, verdict = judge(replace(wanted, datasets=folder), room)
    return changes.Side(revision=commit, datasets=datasets, pieces=pieces, day=today, report=verdict)


def new(wanted: Settings) -> int:
    """Start a dataset from a table."""
    from gazette import intake

    sys.stdout.write(intake.new(wanted, guard.redact))
    return 0


def convert(wanted: Settings) -> int:
    """Make a table canonical."""
    from gazette import intake

    sys.stdout.write(intake.convert(wanted, guard.redact))
    return 0


def verify(wanted: Settings) -> int:
    """Prove a site against its manifest."""
    from gazette import publish

    faults, manifest = publish.prove(wanted.remote or wanted.target or wanted.output, wanted.since)
    faults = (*faults, *history.unbroken(wanted.datasets, publish.released(wanted.config), wanted.unbroken))
    sys.stdout.write(report.proof(faults, wanted))
    if manifest:
        sys.stdout.write(report.fingerprint(manifest, wanted))
    return int(report.refuses(faults))


def release(wanted: Settings) -> int:
    """Add a built site to the list of releases."""
    from gazette import publish

    made = publish.release(wanted.output, wanted.config)
    sys.stdout.write(report.fingerprint(made.manifest_sha256, wanted))
    return 0


def serve(wanted: Settings) -> int:
    """Preview the site and keep it fresh."""
    from gazette import preview

    def attempt(wanted: Settings) -> int:
        try:
            return build(wanted)
        except BuildError as fault:
            sys.stdout.write(report.failure(fault, wanted.language))
            return fault.exit

    return preview.run(wanted, attempt, sys.stdout.write)


COMMANDS = {
    "build": build,
    "check": check,
    "verify": verify,
    "release": release,
    "serve": serve,
    "diff": diff,
    "new": new,
    "convert": convert,
}

if __name__ == "__main__":
    # What a run makes it keeps to its end: to look for garbage often takes a tenth of its time.
    gc.set_threshold(100_000)
    sys.exit(main(sys.argv[1:]))
