"""What a page states for the script that explores a table: where its rows are, what its columns are, what to say.

The script itself holds no word and no address. Both are in blocks of JSON, which run nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

from markupsafe import Markup

from gazette import citation, words
from gazette.model import Artifact, Dataset, Field, Language, Resource
from gazette.pages import frame, prose
from gazette.pages.edition import Edition

SCRIPT = "assets/explorer.js"
_PARQUET = "application/vnd.apache.parquet"
_WHOLE = 8_000_000
"""A Parquet file up to this many bytes, about 200,000 rows, is fetched whole; of a larger one, what is looked at."""
_NUMBERS = frozenset({"integer", "number", "year"})
_DAYS = {"date": "2026-01-31", "datetime": "2026-01-31T09:00:00", "yearmonth": "2026-01"}
"""The types whose texts stand in the order of time, and what a reader may type."""
_ESCAPED = re.compile(r"[\s~%]")
_SAID = {
    "heading": (),
    "loading": (),
    "failed": (),
    "search": (),
    "filters": (),
    "columns": (),
    "any": (),
    "blank": (),
    "from": (),
    "to": (),
    "clear": (),
    "download": (),
    "cite": (),
    "copied": (),
    "select": (),
    "none": (),
    "link": (),
    "first": (),
    "previous": (),
    "next": (),
    "last": (),
    "size": (),
    "pages": (),
    "and": (),
    "page": ("page", "pages"),
    "some": ("from", "to", "total", "all"),
    "every": ("from", "to", "total"),
    "downloaded": ("rows", "name"),
    "citation": ("cite", "rows", "all", "filter", "address"),
    "citationWhole": ("cite", "all", "address"),
}
"""What the script says, ``explore.<name>`` of the catalogue, and the facts it puts into it."""


def said(language: Language, longest: int) -> Markup:
    """The words of the script, for one block on each page; ``longest`` is how many characters of a cell are shown."""
    texts: dict[str, object] = {
        name: words.label(f"explore.{name}", language, **{fact: f"{{{fact}}}" for fact in facts})
        for name, facts in _SAID.items()
    }
    return block(texts | {"longest": longest})


def plan(
    source: Edition, dataset: Dataset, resource: Resource, looks: Mapping[str, str], language: Language, root: str
) -> Markup | None:
    """What the script needs to explore a table; ``None`` without two rows to compare, its files, or the script.

    ``looks`` are its columns, each with its class; ``root`` leads from the page to the top of the site.
    """
    files = {file.media_type: file for file in source.files(dataset, resource)}
    total = source.rows(resource)
    if not (source.has(SCRIPT) and _PARQUET in files and "text/csv" in files and total > 1):
        return None
    parquet, text = files[_PARQUET], _canonical(source.files(dataset, resource))
    size = prose.size(parquet.bytes, language)
    ranged = parquet.bytes > _WHOLE
    fields = {field.name: field for field in resource.schema.fields} if resource.schema else {}
    facts = {"rows": words.number(total, language), "size": size}
    changed = source.changed(dataset) or dataset.created or source.as_of
    title = prose.phrase(resource.title, language)
    known = {
        "dataset": dataset.name,
        "table": resource.slug,
        "title": title.text if title else resource.name,
        "parquet": root + parquet.path,
        "bytes": parquet.bytes,
        "ranged": ranged,
        "csv": root + text.path,
        "sha256": text.sha256,
        "version": changed.isoformat() if changed else "",
        "key": resource.schema.primary_key if resource.schema else (),
        "cite": _citation(source, dataset, language),
        "open": words.label("explore.browse" if ranged else "explore.open", language, **facts),
        "whole": words.label("explore.whole", language, **facts),
        "columns": [_column(source, name, look, fields.get(name), language) for name, look in looks.items()],
    }
    return block(known)


def anchors(resource: Resource, header: Sequence[str], records: Sequence[Sequence[str]]) -> Iterator[str]:
    """The anchor of each row: the table and the values of its primary key; none without a key."""
    key = resource.schema.primary_key if resource.schema else ()
    if key and set(key) <= set(header):
        places = [header.index(name) for name in key]
        yield from (anchor(resource.slug, [record[place] for place in places]) for record in records)


def anchor(slug: str, values: Sequence[str]) -> str:
    """The anchor of a row, the same in every language; what no anchor may hold is escaped."""
    return f"r-{slug}." + "~".join(_ESCAPED.sub(_escape, value) for value in values)


def _escape(match: re.Match[str]) -> str:
    return "%7E" if match.group() == "~" else quote(match.group())


def block(content: object) -> Markup:
    """JSON for an element whose end nothing in it can be."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - escaped as JSON


def _canonical(files: Sequence[Artifact]) -> Artifact:
    """The CSV file as it was checked; those with labels have a language before their suffix."""
    return next(
        file for file in files if file.media_type == "text/csv" and file.path.rpartition("/")[2].count(".") == 1
    )


def _citation(source: Edition, dataset: Dataset, language: Language) -> str:
    day = source.as_of or source.changed(dataset) or dataset.created
    if day is None:
        return frame.plain(dataset.title, language) or dataset.name
    style = "gbt7714" if language == "zh" else "apa"
    return citation.cite(dataset, source.settings.site, language, source.newest(dataset), day)[style]


def _column(source: Edition, name: str, look: str, field: Field | None, language: Language) -> dict[str, object]:
    title = prose.phrase(field.title, language) if field else None
    column: dict[str, object] = {"name": name, "title": title.text if title else "", "look": look, "type": "text"}
    if field and field.type in _NUMBERS:
        column["type"] = "number"
    elif field and field.type in _DAYS:
        column |= {"type": "date", "example": _DAYS[field.type]}
    others = [other for other in source.settings.site.languages if other != language]
    labels = {
        each.value: list(
            dict.fromkeys(text for tag in (language, *others) if (text := dict(each.label.values).get(tag)))
        )
        for each in (field.categories if field else ())
    }
    if labels := {value: texts for value, texts in labels.items() if texts}:
        column["labels"] = labels
    if spoken := prose.spoken("", name, language, ()):
        column["lang"] = spoken
    return column
