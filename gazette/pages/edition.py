"""Everything that is published this time, as the pages look it up."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as _field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from gazette.changes.log import Archive
from gazette.model import (
    Artifact,
    Dataset,
    Finding,
    History,
    Language,
    Measure,
    Omission,
    Report,
    Resource,
    Settings,
    Unit,
    Version,
)

OTHER = "other"
"""Code of the shelf for datasets without a topic, or with one the site does not list."""

_INTERVALS = {"daily": (0, 1), "weekly": (0, 7), "monthly": (1, 0), "quarterly": (3, 0), "annual": (12, 0)}
"""Months and days between two versions; what is continuous, irregular or complete is never due."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Edition:
    """The values ``pages.render`` was given, with the indexes that keep ten thousand pages linear."""

    datasets: tuple[Dataset, ...]
    artifacts: tuple[Artifact, ...]
    omissions: tuple[Omission, ...]
    structured: Mapping[tuple[str, Language], str]
    """What search engines read of a dataset, by its name and the language of the page."""
    units: tuple[Unit, ...]
    report: Report
    history: History
    settings: Settings
    as_of: date | None
    stage: Path
    """The folder the artifacts lie in."""
    kinds: frozenset[tuple[str, Language]] = frozenset()
    """The pages the site has besides those of datasets and units: their kind and language."""
    record: Archive = _field(default_factory=lambda: Archive(entries={}, files={}))
    """What every published version changed."""

    @cached_property
    def named(self) -> Mapping[str, Dataset]:
        """The datasets by name."""
        return {dataset.name: dataset for dataset in self.datasets}

    @cached_property
    def topics(self) -> frozenset[str]:
        """The codes of the shelves."""
        return frozenset(code for code, _ in self.settings.site.topics)

    @cached_property
    def last_changed(self) -> date | None:
        """Day of the newest version of any dataset; ``None`` without a history."""
        return max((day for day in map(self.changed, self.datasets) if day), default=None)

    @cached_property
    def _files(self) -> Mapping[tuple[str | None, str | None], list[Artifact]]:
        files = defaultdict(list)
        for file in self.artifacts:
            files[file.dataset, file.resource].append(file)
        return files

    @cached_property
    def _findings(self) -> Mapping[str | None, list[Finding]]:
        findings = defaultdict(list)
        for finding in self.report.findings:
            findings[finding.dataset].append(finding)
        return findings

    def has(self, path: str) -> bool:
        """Whether a file lies below the site already: a script that may not have been bundled."""
        return (self.stage / path).is_file()

    def findings(self, dataset: Dataset) -> tuple[Finding, ...]:
        """What is wrong with a dataset, in the order of the report."""
        return tuple(self._findings.get(dataset.name, ()))

    def files(self, dataset: Dataset, resource: Resource | None = None) -> tuple[Artifact, ...]:
        """The downloads of one table; without one, those of the dataset as a whole."""
        return tuple(self._files.get((dataset.name, resource.name if resource else None), ()))

    def unoffered(self, resource: Resource) -> tuple[Omission, ...]:
        """The files that are not offered for a table."""
        key = (resource.dataset, resource.name)
        return tuple(each for each in self.omissions if (each.dataset, each.resource) == key)

    def rows(self, resource: Resource) -> int:
        """Number of rows of a published table."""
        return self.report.rows.get((resource.dataset, resource.name), 0)

    def changed(self, dataset: Dataset) -> date | None:
        """Day of the newest version; ``None`` where there is no history."""
        newest = self.newest(dataset)
        return newest.published if newest else None

    def newest(self, dataset: Dataset) -> Version | None:
        """Its newest version; ``None`` where there is no history."""
        return next(iter(self.history.versions.get(dataset.name, ())), None)

    def due(self, dataset: Dataset) -> date | None:
        """Day by which the next version is expected: the last change plus the interval of the stated frequency."""
        last, interval = self.changed(dataset) or dataset.created, _INTERVALS.get(dataset.frequency or "")
        return _later(last, *interval) if last and interval else None

    def overdue(self, dataset: Dataset) -> bool:
        """Whether that day is past; invented rows owe nobody anything."""
        due = self.due(dataset)
        return bool(due and self.as_of and due < self.as_of and not dataset.illustrative)

    def measures(self, resource: Resource) -> Mapping[str, Measure]:
        """The profile of each column of a published table, by its name."""
        return self._measures.get((resource.dataset, resource.name), {})

    @cached_property
    def _measures(self) -> Mapping[tuple[str | None, str | None], Mapping[str, Measure]]:
        return {
            (file.dataset, file.resource): {measure.column: measure for measure in file.columns}
            for file in self.artifacts
            if file.columns
        }

    @cached_property
    def named_units(self) -> Mapping[str, int]:
        """How many units the rows of a dataset name, by its name."""
        return Counter(
            name for unit in self.units for name in {mention.dataset for mention in unit.mentions} - {unit.dataset}
        )

    def topic(self, dataset: Dataset) -> str:
        """The shelf of a dataset: the code of a topic, or :data:`OTHER`."""
        return dataset.topic if dataset.topic in self.topics and dataset.topic else OTHER


def published(dataset: Dataset) -> tuple[Resource, ...]:
    """The tables that are not left out."""
    return tuple(resource for resource in dataset.resources if resource.omitted is None)


def _later(day: date, months: int, days: int) -> date:
    """``day`` so much later; the last of the month where the month is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last)) + timedelta(days)
