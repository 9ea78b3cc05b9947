"""The tables as files to download, one module per format, each written from checked cells and read back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from gazette.exports import bag, cells, csv, database, json, parquet, profile, workbook
from gazette.exports.labels import Labels
from gazette.model import Artifact, Dataset, History, Omission, Settings, Slice


def write(
    pieces: Iterable[Slice], settings: Settings, stage: Path, past: History, day: date
) -> tuple[tuple[Artifact, ...], tuple[Omission, ...]]:
    """Write every table of ``pieces`` in every format to ``data/<dataset>/<slug>.<format>`` below ``stage``.

    The pieces of one table must follow one another in the order of its rows; ``past`` and ``day``, that of the build,
    date the files. What a format cannot hold is left out, and the reason given. Raises BuildError where a file read
    back is not the table that was to be written.
    """
    written: list[Artifact | Omission] = []
    tables = [tuple(table) for _, table in groupby(pieces, key=_name)]
    if tables:
        everything = database.Database(stage)
        for table in tables:
            with TemporaryDirectory(prefix="rows-", dir=stage) as room:
                written += _forms(table, everything, settings, Path(room), stage, past, day)
        written.append(everything.close())
    return (
        tuple(file for file in written if isinstance(file, Artifact)),
        tuple(file for file in written if isinstance(file, Omission)),
    )


def pack(
    datasets: Iterable[Dataset], files: Iterable[Artifact], settings: Settings, past: History, day: date, stage: Path
) -> tuple[Artifact, ...]:
    """One bag per dataset with all of its ``files``, a text about it and their checksums."""
    known = tuple(files)
    return tuple(
        bag.write(dataset, own, settings.site, past, _changed(dataset, past, day), stage)
        for dataset in datasets
        if (own := [file for file in known if file.dataset == dataset.name])
    )


def _changed(dataset: Dataset, past: History, day: date) -> date:
    """The day a file speaks of: that of the newest version, so that another dataset's change leaves it as it was."""
    versions = past.versions.get(dataset.name, ())
    return versions[0].published if versions else dataset.created or day


def _name(piece: Slice) -> tuple[str, str]:
    return piece.dataset.name, piece.resource.name


def _forms(
    pieces: tuple[Slice, ...],
    everything: database.Database,
    settings: Settings,
    room: Path,
    stage: Path,
    past: History,
    day: date,
) -> Iterator[Artifact | Omission]:
    table = cells.gather(pieces, room)

    def omission(form: str, reason: str) -> Omission:
        return Omission(dataset=table.dataset.name, resource=table.resource.name, form=form, reason=reason)

    refusal = workbook.refusal(table)
    yield omission("xlsx", refusal) if refusal else workbook.write(table, stage, _changed(table.dataset, past, day))
    yield replace(csv.write(table, stage), columns=profile.measure(table))
    labels = Labels(table)
    for language in settings.site.languages:
        # A spreadsheet runs what looks like a formula in a CSV; changing the cell would be no less wrong.
        form = f"{language}.csv"
        runs = labels.formulas(language)
        yield omission(form, "formula") if runs else csv.write_labelled(table, stage, labels, language)
    yield json.write_array(table, stage)
    yield json.write_lines(table, stage)
    yield parquet.write(table, stage)
    if len(table.columns) > database.MOST_COLUMNS:
        yield omission("sqlite", "columns")
    else:
        everything.add(table)
