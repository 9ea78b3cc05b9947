"""The search: what can be found, the files its script reads, and the page that works without one.

The first file of a language holds what people look for most: titles, units with the names they have had, codes and
the names of columns. Descriptions and the rows that have a name lie in shards by the first sign of their words; the
script fetches those in which a word of the query can stand, and no others.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from gazette import words
from gazette.model import Artifact, Dataset, Language, Resource, Text, Unit
from gazette.pages import edition, explorer, listing, pinyin, prose, units
from gazette.pages.edition import Edition

SCRIPT = "assets/search.js"
FIRST = "titles.json"

_ROWS = 10_000
"""Rows of a table that can be found; of one with more, none: its own explorer finds them."""
_SHARD = 60_000
"""Characters that a shard has on average."""
_MOST = 255
"""Shards of a language, at most."""
_PLACES = 3
"""Tables named for a column that many have."""
_LONGEST = 160
"""Characters of the name of a row."""
_NUMBERS = re.compile(r"(^|_)(no|number|code)$")
"""Names of columns that hold the number of a document or a code."""
_NAMES = ("name", "title", "label", "term", "subject")
"""What a column is called that names its rows, before ``_en`` or ``_zh``."""
_OTHER_NAMES = re.compile(r"^(name|former|short|alias|abbreviation)(_|$)")
"""Names of columns that hold what else a unit is or was called."""
_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_RUN = re.compile(f"[{_HAN}]+|[^\\W_{_HAN}]+")
_HAN_SIGN = re.compile(f"[{_HAN}]")
_SAID = {
    "dataset": (),
    "table": (),
    "unit": (),
    "field": (),
    "row": (),
    "text": (),
    "searching": (),
    "failed": (),
    "none": ("query",),
    "found": ("count", "query"),
    "one": ("query",),
    "more": (),
    "illustrative": (),
}
"""What the script says, ``search.<name>`` of the catalogue, and the facts it puts into it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the index."""

    href: str
    title: prose.Phrase
    kind: str
    within: prose.Phrase | None
    """The dataset it belongs to."""


def view(source: Edition, language: Language, root: str) -> Mapping[str, object]:
    """What the search page shows; ``root`` leads from it to the top of the site."""
    letters: dict[str, list[Entry]] = defaultdict(list)
    for entry in sorted(_entries(source, language, root), key=lambda entry: (_order(entry, language), entry.href)):
        letters[_letter(entry, language)].append(entry)
    said = {
        name: words.label(f"search.{name}", language, **{fact: f"{{{fact}}}" for fact in facts})
        for name, facts in _SAID.items()
    }
    return {
        "letters": tuple(
            (letter, f"letter-{letter if letter != '#' else '0'}", found) for letter, found in letters.items()
        ),
        "said": explorer.block(said),
        "first": FIRST,
        "root": root,
    }


def _order(entry: Entry, language: Language) -> tuple[str, ...]:
    return pinyin.key(entry.title.text) if language == "zh" else (entry.title.text.casefold(),)


def _letter(entry: Entry, language: Language) -> str:
    if language == "zh":
        return pinyin.initial(entry.title.text)
    first = next((sign for sign in unicodedata.normalize("NFKD", entry.title.text) if sign.isalnum()), "#").upper()
    return first if "A" <= first <= "Z" else "#"


def _entries(source: Edition, language: Language, root: str) -> Iterator[Entry]:
    def said(kind: str) -> str:
        return words.label(f"search.{kind}", language)

    for dataset in source.datasets:
        title = listing.name_of(dataset, language)
        href = f"{root}{language}/datasets/{dataset.name}/"
        yield Entry(href=href, title=title, kind=said("dataset"), within=None)
        for table in edition.published(dataset):
            shown = prose.phrase(table.title, language)
            if shown and shown.text != title.text:
                anchor = f"{href}#table-{table.slug}"
                yield Entry(href=anchor, title=shown, kind=said("table"), within=title)
    for unit in source.units:
        name = prose.phrase(unit.name, language) or prose.literal(unit.id, language)
        yield Entry(href=f"{root}{language}/{units.place(unit)}", title=name, kind=said("unit"), within=None)


# --- what the script reads --------------------------------------------------------------------------------


def write(source: Edition) -> Iterator[Artifact]:
    """Write the files of the search, ``<language>/search/*.json`` below the stage; none where no script reads them."""
    if source.has(SCRIPT):
        for language in source.settings.site.languages:
            yield from _Index(source, language).write()


_Text: TypeAlias = tuple[str, int, dict[int, set[str]]]
"""Kind and place of what a text is about, and the words of the text by their first sign."""
_Row: TypeAlias = tuple[int, str, str, str, frozenset[int]]
"""Place of a table; anchor, name and further names of a row of it; the first signs of their words."""


class _Index:
    """Everything that can be found on the pages of one language."""

    def __init__(self, source: Edition, language: Language) -> None:
        self._source, self._language = source, language
        self._tables = [
            (place, table)
            for place, dataset in enumerate(source.datasets)
            for table in dataset.resources
            if table.omitted is None
        ]

    def write(self) -> Iterator[Artifact]:
        texts, rows = list(self._texts()), list(self._rows())
        count = self._count(texts, rows)
        first = {
            "datasets": [
                [dataset.name, self._nearest(dataset.title), int(dataset.illustrative)]
                for dataset in self._source.datasets
            ],
            "tables": [[place, table.slug, self._nearest(table.title)] for place, table in self._tables],
            "units": [self._unit(unit) for unit in self._source.units],
            "fields": self._fields(),
            "shards": count,
        }
        yield self._file(FIRST, first)
        for place, shard in enumerate(self._shards(texts, rows, count)):
            yield self._file(f"words-{place}.json", shard)

    def _pair(self, text: Text) -> tuple[str, str]:
        """The text in the language of the page, and what it says in the others."""
        return dict(text.values).get(self._language, ""), "\n".join(self._others(text))

    def _others(self, text: Text) -> list[str]:
        return list(dict.fromkeys(value for tag, value in text.values if tag != self._language))

    def _unit(self, unit: Unit) -> list[object]:
        known = {text for pair in unit.name.values for text in pair[1:]}
        more = [value for name, value in unit.row.items() if value and _OTHER_NAMES.match(name) and value not in known]
        codes = [value for name, value in unit.row.items() if value and _NUMBERS.search(name)]
        return [
            unit.id,
            units.place(unit),
            *self._pair(unit.name),
            "\n".join(dict.fromkeys([*more, *codes])),
            int(unit.illustrative),
        ]

    def _fields(self) -> list[list[object]]:
        """Every column once per name and title, with some of the tables that have it and how many there are."""
        places: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, (_, table) in enumerate(self._tables):
            for field in table.schema.fields if table.schema else ():
                places[field.name, self._nearest(field.title)].append(place)
        return [[*names, found[:_PLACES], len(found)] for names, found in sorted(places.items())]

    def _texts(self) -> Iterator[_Text]:
        """Kind, place and words of every description, and of the titles in the other languages."""
        for place, dataset in enumerate(self._source.datasets):
            parts = [
                dataset.description,
                *(source.title for source in dataset.sources),
                *(party.title for party in dataset.parties),
            ]
            texts = [*map(self._nearest, parts), *self._others(dataset.title), *dataset.keywords]
            yield "d", place, _by_sign(texts)
        for place, (_, table) in enumerate(self._tables):
            parts, others = [table.description], [*self._others(table.title)]
            for field in table.schema.fields if table.schema else ():
                parts += [field.description, field.unit, *(each.label for each in field.categories)]
                others += self._others(field.title)
            yield "t", place, _by_sign([*map(self._nearest, parts), *others])

    def _nearest(self, text: Text) -> str:
        found = text.nearest(self._language)
        return found[1] if found else ""

    def _rows(self) -> Iterator[_Row]:
        """Table, anchor, name and further names of every row that has one, but for units, which have pages."""
        registers = {(unit.dataset, unit.resource) for unit in self._source.units}
        for place, (dataset, table) in enumerate(self._tables):
            own = self._source.datasets[dataset]
            if (own.name, table.name) not in registers:
                for anchor, name, more in _named(self._source, own, table, self._language):
                    yield place, anchor, name, more, frozenset(_by_sign([name, more]))

    @staticmethod
    def _count(texts: list[_Text], rows: list[_Row]) -> int:
        size = sum(len(word) for *_, found in texts for group in found.values() for word in group)
        # A row stands in every shard in which one of its words is looked for.
        size += sum(len(signs) * (len(anchor) + len(name) + len(more)) for _, anchor, name, more, signs in rows)
        return max(1, min(_MOST, size // _SHARD))

    @staticmethod
    def _shards(texts: list[_Text], rows: list[_Row], count: int) -> list[dict[str, list[list[object]]]]:
        shards: list[dict[str, list[list[object]]]] = [{"texts": [], "rows": []} for _ in range(count)]
        for kind, place, found in texts:
            parts: dict[int, list[str]] = defaultdict(list)
            for sign, group in found.items():
                parts[sign % count] += group
            for shard, part in parts.items():
                shards[shard]["texts"].append([kind, place, " ".join(sorted(part))])
        for table, anchor, name, more, signs in rows:
            for shard in {sign % count for sign in signs}:
                shards[shard]["rows"].append([table, anchor, name, more])
        return shards

    def _file(self, name: str, content: object) -> Artifact:
        path = f"{self._language}/search/{name}"
        written = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
        target = self._source.stage / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(written)
        digest = hashlib.sha256(written).hexdigest()
        return Artifact(path=path, bytes=len(written), sha256=digest, media_type="application/json")


def _named(source: Edition, dataset: Dataset, table: Resource, language: Language) -> Iterator[tuple[str, str, str]]:
    """Anchor, name and further names of the rows of a table; none where no column names them."""
    path = next(
        (
            file.path
            for file in source.files(dataset, table)
            if file.media_type == "text/csv" and file.path.rpartition("/")[2].count(".") == 1
        ),
        None,
    )
    key = table.schema.primary_key if table.schema else ()
    fields = [field.name for field in table.schema.fields] if table.schema else []
    tags = dict.fromkeys((language, *source.settings.site.languages))
    own = [name for tag in tags for word in _NAMES if (name := f"{word}_{tag}") in fields]
    more = [
        name
        for name in fields
        if _NUMBERS.search(name) or _OTHER_NAMES.match(name) or name.removesuffix("_source") in {"name", "title"}
    ]
    if path is None or not key or not (own or more) or source.rows(table) > _ROWS:
        return
    if len(key) == 1:
        more.append(key[0])
    for record in _records(source.stage / path):
        names = [text for name in own if (text := record.get(name, ""))]
        others = [text for name in dict.fromkeys(more) if (text := record.get(name, "")) and text not in names]
        # What has neither name nor number is found by its table.
        if names or any(_NUMBERS.search(name) and record.get(name) for name in more):
            shown, *rest = dict.fromkeys([*names, *others])
            anchor = explorer.anchor(table.slug, [record[name] for name in key])
            yield anchor, shown[:_LONGEST], "\n".join(text[:_LONGEST] for text in rest)


def _records(path: Path) -> Iterator[dict[str, str]]:
    csv.field_size_limit(sys.maxsize)  # as where the first rows are read
    with path.open(encoding="utf-8", newline="") as file:
        yield from islice(csv.DictReader(file), _ROWS)


def _by_sign(texts: Iterable[str]) -> dict[int, set[str]]:
    """The words of ``texts`` by their first sign, which says in which shard the script looks for them."""
    found: dict[int, set[str]] = defaultdict(set)
    for text in texts:
        for word in _words(text):
            found[ord(word[0])].add(word)
    return found


def _words(text: str) -> Iterable[str]:
    """The words of a text: of a run of Han characters every pair and the last, of all else what stands together."""
    for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if _HAN_SIGN.match(run):
            yield from (run[place : place + 2] for place in range(len(run)))
        else:
            yield run
