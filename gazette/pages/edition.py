"""Everything that is published this time, as the pages look it up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from gazette.model import Artifact, Dataset, Finding, History, Report, Resource, Settings

OTHER = "other"
"""Code of the shelf for datasets without a topic, or with one the site does not list."""


@dataclass(frozen=True, kw_only=True)
class Edition:
    """The values ``pages.render`` was given, with the indexes that keep ten thousand pages linear."""

    datasets: tuple[Dataset, ...]
    artifacts: tuple[Artifact, ...]
    report: Report
    history: History
    settings: Settings
    as_of: date | None
    stage: Path
    """The folder the artifacts lie in."""

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

    def findings(self, dataset: Dataset) -> tuple[Finding, ...]:
        """What is wrong with a dataset, in the order of the report."""
        return tuple(self._findings.get(dataset.name, ()))

    def files(self, dataset: Dataset, resource: Resource | None = None) -> tuple[Artifact, ...]:
        """The downloads of one table; without one, those of the dataset as a whole."""
        return tuple(self._files.get((dataset.name, resource.name if resource else None), ()))

    def rows(self, resource: Resource) -> int:
        """Number of rows of a published table."""
        return self.report.rows.get((resource.dataset, resource.name), 0)

    def changed(self, dataset: Dataset) -> date | None:
        """Day of the newest version; ``None`` where there is no history."""
        versions = self.history.versions.get(dataset.name, ())
        return versions[0].published if versions else None

    def topic(self, dataset: Dataset) -> str:
        """The shelf of a dataset: the code of a topic, or :data:`OTHER`."""
        return dataset.topic if dataset.topic in self.topics and dataset.topic else OTHER


def published(dataset: Dataset) -> tuple[Resource, ...]:
    """The tables that are not left out."""
    return tuple(resource for resource in dataset.resources if resource.omitted is None)
