"""Data Package documents → :class:`Dataset` values, and what is wrong with them.

A dataset is a folder with one ``datapackage.yaml`` or ``datapackage.json`` (Data Package v2, "Descriptor").
References to other documents of the folder (``schema: schema.json``) are resolved here; nothing is ever
fetched. What frictionless thinks of the metadata is asked of it on the resolved document.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import PurePosixPath

from gazette.descriptor import document, paths, standard
from gazette.descriptor.package import Reading
from gazette.model import Dataset, Finding, Policy, Resource, Site, Snapshot

NAMES = ("datapackage.yaml", "datapackage.json")
"""The file names of a descriptor: the standard's, and its YAML form, which frictionless reads as well."""


def load(snapshot: Snapshot, policy: Policy, site: Site) -> tuple[tuple[Dataset, ...], tuple[Finding, ...]]:
    """Every dataset of the snapshot in the order of their names, and the findings about their descriptors.

    A dataset whose descriptor cannot be read is a finding only.
    """
    datasets: list[Dataset] = []
    findings: list[Finding] = []
    folders, orphans = _folders(snapshot)
    findings += orphans
    for folder in folders:
        dataset, faults = _dataset(folder, snapshot, policy, site)
        findings += faults
        if dataset:
            datasets.append(dataset)
    datasets.sort(key=lambda dataset: dataset.name)
    findings += _duplicate_names(datasets)
    return _resolve_references(datasets, findings), tuple(findings)


def _folders(snapshot: Snapshot) -> tuple[list[str], list[Finding]]:
    """Folders that hold a descriptor, outermost only, and files that belong to none."""
    holders = sorted({_parent(file.path) for file in snapshot if _name(file.path) in NAMES}, key=len)
    folders: list[str] = []
    for holder in holders:
        if not any(_is_below(holder, folder) for folder in folders):
            folders.append(holder)
    stray = sorted(
        {
            file.path.split("/")[0]
            for file in snapshot
            if "/" in file.path and not any(_is_below(file.path, folder) for folder in folders)
        }
    )
    findings = [
        Finding(code="descriptor-missing", severity="error", source="gazette", path=top, dataset=top) for top in stray
    ]
    if not folders and not stray:
        findings.append(Finding(code="datasets-empty", severity="warning", source="gazette"))
    return sorted(folders), findings


def _dataset(folder: str, snapshot: Snapshot, policy: Policy, site: Site) -> tuple[Dataset | None, list[Finding]]:
    found = [name for name in NAMES if (snapshot.root / folder / name).is_file()]
    path = str(PurePosixPath(folder) / found[0])
    label = PurePosixPath(folder).name or None
    if len(found) > 1:
        return None, [
            Finding(code="descriptor-ambiguous", severity="error", source="gazette", dataset=label, path=path)
        ]
    try:
        content = (snapshot.root / path).read_bytes()
        document_ = document.read(content, is_json=found[0].endswith(".json"))
    except document.Fault as fault:
        return None, [
            Finding(
                code=fault.code,
                severity="error",
                source="gazette",
                dataset=label,
                path=path,
                line=fault.line,
                column=fault.column,
                facts=fault.facts,
            )
        ]
    reading = Reading(folder=folder, path=path, document=document_, snapshot=snapshot, policy=policy, site=site)
    dataset, faults = standard.verdict(reading.dataset())
    return dataset, [*reading.findings, *faults]


def _duplicate_names(datasets: list[Dataset]) -> Iterator[Finding]:
    for first, second in pairwise(datasets):
        if first.name == second.name:
            yield Finding(
                code="name-duplicate",
                severity="error",
                source="gazette",
                dataset=second.name,
                path=second.path,
                pointer="/name",
                line=second.line("/name"),
                facts={"name": second.name, "other": first.path},
            )


def _resolve_references(datasets: list[Dataset], findings: list[Finding]) -> tuple[Dataset, ...]:
    """Foreign keys name the referenced package by its descriptor's path; from here on by its name."""
    by_path = {dataset.path: dataset for dataset in datasets}

    def resolved(dataset: Dataset, resource: Resource) -> Resource:
        if resource.schema is None:
            return resource
        keys = []
        for number, key in enumerate(resource.schema.foreign_keys):
            other = by_path.get(key.dataset) if key.dataset is not None else dataset
            target = resource if not key.resource and not key.dataset else _resource(other, key.resource)
            if target and target.omitted:
                continue  # what keeps that table from being read has its own finding
            if target is None or not _has_fields(target, key.reference_fields):
                pointer = f"{resource.pointer}/schema/foreignKeys/{number}/reference"
                findings.append(
                    Finding(
                        code="foreign-key-reference",
                        severity="error",
                        source="gazette",
                        dataset=dataset.name,
                        path=dataset.path,
                        pointer=pointer,
                        line=dataset.line(pointer),
                        resource=resource.name,
                        facts={
                            "package": key.dataset or dataset.path,
                            "target": key.resource,
                            "names": list(key.reference_fields),
                        },
                    )
                )
            else:
                keys.append(replace(key, dataset=other.name if other and key.dataset else None))
        return replace(resource, schema=replace(resource.schema, foreign_keys=tuple(keys)))

    return tuple(
        replace(dataset, resources=tuple(resolved(dataset, resource) for resource in dataset.resources))
        for dataset in datasets
    )


def _resource(dataset: Dataset | None, name: str) -> Resource | None:
    if dataset is None:
        return None
    return next((resource for resource in dataset.resources if resource.name == name), None)


def _has_fields(resource: Resource, names: tuple[str, ...]) -> bool:
    return resource.schema is not None and set(names) <= {field.name for field in resource.schema.fields}


def _is_below(path: str, folder: str) -> bool:
    return not folder or path == folder or path.startswith(f"{folder}/")


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _name(path: str) -> str:
    return path.rpartition("/")[2]


__all__ = ["NAMES", "load", "paths"]
