"""Everything about one dataset in one ZIP file, laid out as a bag (BagIt 1.0, RFC 8493).

The same files give the same bytes: every entry has one date, one mode and its place in the order of names.
"""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from gazette import citation, words
from gazette.exports import file
from gazette.model import Artifact, Dataset, History, Language, Site, Text

_LEVEL = 1
"""Of deflate: most of what is in it is there in several forms, and some of them are compressed already."""
_BLOCK = 1 << 20
MEDIA_TYPE = "application/zip"


def write(
    dataset: Dataset, files: Iterable[Artifact], site: Site, history: History, day: date, stage: Path
) -> Artifact:
    """Write the bag of ``dataset``, dated ``day``, from its finished ``files`` below ``stage``."""
    path = f"data/{dataset.name}/{dataset.name}{'-illustrative' if dataset.illustrative else ''}.zip"
    target = stage / path
    listed = {f"data/{Path(each.path).name}": each for each in files}
    texts = dict(_documents(dataset, site, history, day))
    sums = {name: each.sha256 for name, each in listed.items()} | _digests(texts)
    size = sum(each.bytes for each in listed.values()) + sum(map(len, texts.values()))
    texts |= _tags(dataset, sums, size, day)
    with zipfile.ZipFile(target, "x") as archive:
        for name in sorted({*listed, *texts}):
            with archive.open(file.entry(f"{dataset.name}/{name}", _LEVEL), "w", force_zip64=True) as out:
                if name in texts:
                    out.write(texts[name])
                else:
                    with (stage / listed[name].path).open("rb") as content:
                        shutil.copyfileobj(content, out, _BLOCK)
    with target.open("rb") as whole:
        sha256 = hashlib.file_digest(whole, "sha256").hexdigest()
    return Artifact(path=path, bytes=target.stat().st_size, sha256=sha256, media_type=MEDIA_TYPE, dataset=dataset.name)


def _tags(dataset: Dataset, sums: Mapping[str, str], size: int, day: date) -> Mapping[str, bytes]:
    """The files that make a folder a bag; ``sums`` are those of its payload, ``size`` its bytes."""
    info = {
        "External-Identifier": dataset.name,
        "External-Description": dataset.title.values[0][1] if dataset.title else dataset.name,
        "Bagging-Date": day.isoformat(),
        "Payload-Oxum": f"{size}.{len(sums)}",
    }
    tags = {
        "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": "".join(f"{name}: {' '.join(value.split())}\n" for name, value in info.items()),
        "manifest-sha256.txt": _sums(sums),
        # The same list under the name that everybody tries first.
        "SHA256SUMS": _sums(sums),
    }
    encoded = {name: text.encode() for name, text in tags.items()}
    return encoded | {"tagmanifest-sha256.txt": _sums(_digests(encoded)).encode()}


def _digests(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def _sums(digests: Mapping[str, str]) -> str:
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))


def _documents(dataset: Dataset, site: Site, history: History, day: date) -> Iterator[tuple[str, bytes]]:
    for language in site.languages:
        yield f"data/README.{language}.md", _readme(dataset, site, history, language, day).encode()


def _readme(dataset: Dataset, site: Site, history: History, language: Language, day: date) -> str:
    def text(key: str, **facts: str) -> str:
        return words.label(f"readme.{key}", language, **facts)

    title = dataset.title.nearest(language)
    description = dataset.description.nearest(language)
    parts = [f"# {title[1] if title else dataset.name}"]
    if dataset.illustrative:
        parts.append(f"**{words.label('illustrative.title', language)}** {words.label('illustrative.text', language)}")
    parts += [description[1]] if description else []
    parts += [f"## {text('files')}", text("files.text")]
    for resource in [each for each in dataset.resources if not each.omitted]:
        name = resource.title.nearest(language)
        parts.append(f"- `{resource.slug}`: {name[1]}" if name else f"- `{resource.slug}`")
    newest = next(iter(history.versions.get(dataset.name, ())), None)
    citations = citation.cite(dataset, site, language, newest, day)
    parts += [f"## {text('cite')}", citations["gbt7714"], citations["apa"]]
    parts += _list("export.source", [(each.title, each.version, each.path) for each in dataset.sources], language)
    parts += _list("export.licence", [(each.title, each.name, each.path) for each in dataset.licenses], language)
    parts += [f"## {text('changes')}"]
    parts += [f"- {each.published}: {each.subject}" for each in history.versions.get(dataset.name, ())] or [
        text("changes.none")
    ]
    parts += [f"## {text('proof')}", text("proof.text")]
    return "\n\n".join(parts) + "\n"


def _list(key: str, entries: Iterable[tuple[Text, str | None, str | None]], language: Language) -> list[str]:
    """A section that lists titles, each with what is stated beside it."""
    stated = [((title.nearest(language) or ("", ""))[1], *others) for title, *others in entries]
    lines = [f"- {' · '.join(part for part in parts if part)}" for parts in stated]
    return [f"## {words.label(key, language)}", *lines] if lines else []
