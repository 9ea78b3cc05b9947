"""What machines read about the site: one module per vocabulary, all from the same catalogue."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from gazette import citation
from gazette.metadata import api, croissant, crosswalk, csvw, datapackage, dcat, discovery, feeds, schemaorg, sitemap
from gazette.metadata.catalogue import Catalogue, canonical, gather
from gazette.model import Artifact, Dataset, History, Language, Settings, Unit


def describe(
    datasets: Sequence[Dataset],
    artifacts: Sequence[Artifact],
    settings: Settings,
    past: History,
    day: date,
    stage: Path,
) -> tuple[Artifact, ...]:
    """Write what belongs to single ``datasets``, and so into their bags, below ``stage``.

    A dataset none of whose tables is published gets nothing. Croissant needs ``settings.site.url``.
    """
    catalogue = gather(datasets, artifacts, settings.site, past, day)
    return tuple(_written(stage, *document) for document in _own(datasets, artifacts, catalogue))


def announce(
    datasets: Sequence[Dataset],
    artifacts: Sequence[Artifact],
    settings: Settings,
    past: History,
    day: date,
    stage: Path,
    units: Sequence[Unit],
) -> tuple[Artifact, ...]:
    """Write what speaks of the site as a whole and of its ``units``.

    All but the static interface and the crosswalk needs ``settings.site.url``.
    """
    catalogue = gather(datasets, artifacts, settings.site, past, day)
    return tuple(_written(stage, *document) for document in _whole(catalogue, units))


def index(pages: Iterable[Artifact], settings: Settings, day: date, stage: Path) -> tuple[Artifact, ...]:
    """Write how programs find their way among the published ``pages``: robots.txt, sitemap, search, whom to tell."""
    paths = sorted(page.path for page in pages)
    found = [
        *sitemap.documents(paths, settings.site.languages, settings.site.url),
        *discovery.documents(paths, settings.site, day),
    ]
    return tuple(_written(stage, path, media_type, None, text) for path, media_type, text in found)


def structured(
    datasets: Sequence[Dataset], artifacts: Sequence[Artifact], settings: Settings, past: History, day: date
) -> Mapping[tuple[str, Language], str]:
    """The block for search engines of every dataset's page, by its name and language; none without an address."""
    catalogue = gather(datasets, artifacts, settings.site, past, day)
    return {
        (dataset.name, language): schemaorg.text(dataset, language, catalogue)
        for dataset in (catalogue.datasets if catalogue.base else ())
        for language in settings.site.languages
    }


def _own(
    datasets: Sequence[Dataset], artifacts: Sequence[Artifact], catalogue: Catalogue
) -> Iterator[tuple[str, str, str | None, str]]:
    """Path, media type, dataset and text of every document."""
    published = datapackage.published(artifacts)
    for dataset in catalogue.datasets:
        text = datapackage.text(dataset, datasets, published, catalogue.site)
        yield datapackage.path(dataset), datapackage.MEDIA_TYPE, dataset.name, text
        for table, files in catalogue.tables(dataset):
            for file in filter(canonical, files):
                yield csvw.path(file), csvw.MEDIA_TYPE, dataset.name, csvw.text(dataset, table, file, catalogue)
        if catalogue.base:
            yield croissant.path(dataset), "application/ld+json", dataset.name, croissant.text(dataset, catalogue)
        facts = citation.cff(dataset, catalogue.site, catalogue.newest(dataset), catalogue.as_of)
        # JSON is YAML, and no parser of it can mistake a title for a number.
        cff = json.dumps(facts, ensure_ascii=False, indent=1) + "\n"
        yield f"data/{dataset.name}/CITATION.cff", "application/yaml", dataset.name, cff


def _whole(catalogue: Catalogue, units: Sequence[Unit]) -> Iterator[tuple[str, str, str | None, str]]:
    yield from api.documents(catalogue, units)
    yield crosswalk.PATH, "text/csv", None, crosswalk.text(catalogue)
    if not catalogue.base:
        return
    yield from feeds.documents(catalogue, units)
    found = dcat.graph(catalogue)
    yield "catalog.ttl", "text/turtle", None, dcat.turtle(found)
    yield "catalog.jsonld", "application/ld+json", None, dcat.json_ld(found)


def _written(stage: Path, path: str, media_type: str, dataset: str | None, text: str) -> Artifact:
    content = text.encode()
    target = stage / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return Artifact(path=path, bytes=len(content), sha256=digest, media_type=media_type, dataset=dataset)
