"""Checks the datasets and builds the site: the whole pipeline, one call a line."""

import sys
import tempfile
import traceback
from datetime import date
from pathlib import Path

from gazette import (
    checks,
    descriptor,
    history,
    parallel,
    preview,
    publish,
    report,
    settings,
    snapshot,
    tables,
)
from gazette.checks import guard
from gazette.model import BuildError, Dataset, History, Report, Settings, Slice


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
    from gazette import exports, metadata, pages, site  # noqa: PLC0415 - half a second a check need not wait

    with publish.open(wanted.output, wanted.datasets) as stage, tempfile.TemporaryDirectory(prefix="gazette-") as room:
        datasets, pieces, past, today, verdict = judge(wanted, Path(room))
        if verdict.blocks:
            sys.stdout.write(report.render(verdict, wanted))
            return 1
        artifacts = exports.write(pieces, wanted, stage.path)
        artifacts = (*artifacts, *metadata.describe(datasets, artifacts, wanted, stage.path))
        shells = site.build(wanted, stage.path)
        written = publish.write(stage, pages.render(datasets, artifacts, verdict, past, shells, wanted, today))
        publish.seal(stage, (*artifacts, *written), today, past)
        faults = publish.inspect(stage, wanted, scan=guard.scanner(datasets))
        if report.refuses(faults):
            sys.stdout.write(report.proof(faults, wanted))
            return 1
        publish.switch(stage)
        sys.stdout.write(report.render(verdict, wanted))
        return 0


def check(wanted: Settings) -> int:
    """Check everything and say what was found."""
    with tempfile.TemporaryDirectory(prefix="gazette-") as room:
        *_, verdict = judge(wanted, Path(room))
        sys.stdout.write(report.render(verdict, wanted))
        return report.status(verdict, wanted)


def judge(wanted: Settings, room: Path) -> tuple[tuple[Dataset, ...], tuple[Slice, ...], History, date, Report]:
    """From the folder of datasets to the report on it."""
    inputs, found = snapshot.take(wanted.datasets, room)
    datasets, faults = descriptor.load(inputs, wanted.policy, wanted.site)
    report.expect(wanted, datasets, faults)
    past, gaps = history.read(wanted.datasets, datasets)
    pieces = tables.cut(datasets, inputs)
    evidence = tuple(parallel.each(checks.inspect, pieces, wanted.workers))
    today, guess = history.as_of(wanted.as_of, past, checks.newest(datasets, evidence), wanted.datasets)
    before = (*settings.judge(wanted.site), *found, *faults, *gaps, *guess)
    verdict = checks.settle(datasets, evidence, before, wanted.policy, today)
    return datasets, pieces, past, today, verdict


def verify(wanted: Settings) -> int:
    """Prove a site against its manifest."""
    faults = publish.verify(wanted.target or wanted.output)
    sys.stdout.write(report.proof(faults, wanted))
    return bool(faults)


def serve(wanted: Settings) -> int:
    """Preview the site and keep it fresh."""

    def attempt(wanted: Settings) -> int:
        try:
            return build(wanted)
        except BuildError as fault:
            sys.stdout.write(report.failure(fault, wanted.language))
            return fault.exit

    return preview.run(wanted, attempt, sys.stdout.write)


COMMANDS = {"build": build, "check": check, "verify": verify, "serve": serve}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
