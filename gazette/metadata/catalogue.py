"""What every vocabulary states of the site: its datasets, their files, and where they can be fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from gazette.model import Artifact, Dataset, History, Language, Resource, Site, Version

FREQUENCIES = {
    **{word: word.upper() for word in ("daily", "weekly", "biweekly", "monthly", "bimonthly", "quarterly", "annual")},
    "semiannual": "ANNUAL_2",
    "biennial": "BIENNIAL",
    "irregular": "IRREG",
    "continuous": "CONT",
    "never": "NEVER",
}
"""Our words for how often a dataset is updated, and their codes in the EU Named Authority List "Frequency"."""


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """The published datasets with their files."""

    datasets: tuple[Dataset, ...]
    """Those of which something is published."""
    files: Mapping[str, tuple[Artifact, ...]]
    """Per dataset."""
    site: Site
    history: History
    as_of: date

    @cached_property
    def base(self) -> str:
        """The address of the site; empty where it has none, so that addresses are relative to its top."""
        return self.site.url or ""

    @cached_property
    def issued(self) -> date:
        """The day of the newest change of anything in it."""
        return max((day for day in map(self.changed, self.datasets) if day), default=self.as_of)

    def address(self, dataset: Dataset) -> str:
        """The identifier of a dataset: the address of its descriptor, the same in every language."""
        return f"{self.base}data/{dataset.name}/datapackage.json"

    def page(self, dataset: Dataset, language: Language) -> str:
        """The page of a dataset."""
        return f"{self.base}{language}/datasets/{dataset.name}/"

    def changed(self, dataset: Dataset) -> date | None:
        """The day of its newest version, as far as git or the descriptor tells."""
        newest = self.newest(dataset)
        return newest.published if newest else dataset.created

    def newest(self, dataset: Dataset) -> Version | None:
        """Its newest version, as far as git tells."""
        return next(iter(self.history.versions.get(dataset.name, ())), None)

    def downloads(self, dataset: Dataset) -> Sequence[Artifact]:
        """The files that hold the data of ``dataset``, not those that speak of it."""
        return [file for file in self.files[dataset.name] if file.resource or file.media_type == "application/zip"]

    def tables(self, dataset: Dataset) -> Sequence[tuple[Resource, Sequence[Artifact]]]:
        """Every published table with its files, the canonical CSV among them."""
        files = self.files[dataset.name]
        found = [(table, [file for file in files if file.resource == table.name]) for table in dataset.resources]
        return [(table, own) for table, own in found if own]


def gather(
    datasets: Sequence[Dataset], artifacts: Sequence[Artifact], site: Site, history: History, as_of: date
) -> Catalogue:
    """The catalogue of everything that ``artifacts`` publish."""
    files: dict[str, list[Artifact]] = {}
    for artifact in artifacts:
        if artifact.dataset:
            files.setdefault(artifact.dataset, []).append(artifact)
    return Catalogue(
        datasets=tuple(dataset for dataset in datasets if dataset.name in files),
        files={name: tuple(own) for name, own in files.items()},
        site=site,
        history=history,
        as_of=as_of,
    )


def canonical(file: Artifact) -> bool:
    """Whether it is the canonical CSV of a table; a labelled one has its language before the ending."""
    return file.resource is not None and file.path.rpartition("/")[2].split(".", 1)[1:] == ["csv"]
