"""What machines read about the site: one module per vocabulary."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from gazette.metadata import datapackage, sitemap
from gazette.model import Artifact, Dataset, Settings


def describe(
    datasets: Sequence[Dataset], artifacts: Sequence[Artifact], settings: Settings, stage: Path
) -> tuple[Artifact, ...]:
    """Write the metadata of ``datasets`` and their ``artifacts`` below ``stage``.

    A dataset none of whose tables is published gets no descriptor; the sitemap needs ``settings.site.url``.
    """
    return tuple(_written(stage, *document) for document in _documents(datasets, artifacts, settings))


def _documents(
    datasets: Sequence[Dataset], artifacts: Sequence[Artifact], settings: Settings
) -> Iterator[tuple[str, str, str | None, str]]:
    """Path, media type, dataset and text of every document."""
    published = datapackage.published(artifacts)
    for dataset in datasets:
        if dataset.name in published:
            text = datapackage.text(dataset, datasets, published, settings.site)
            yield datapackage.path(dataset), datapackage.MEDIA_TYPE, dataset.name, text
    if settings.site.url:
        yield "sitemap.xml", "application/xml", None, sitemap.text(datasets, settings.site.languages, settings.site.url)
    yield "robots.txt", "text/plain", None, sitemap.robots(settings.site.url)


def _written(stage: Path, path: str, media_type: str, dataset: str | None, text: str) -> Artifact:
    content = text.encode()
    target = stage / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    return Artifact(path=path, bytes=len(content), sha256=digest, media_type=media_type, dataset=dataset)
