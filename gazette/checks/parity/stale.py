"""Translations older than what they translate: the Chinese has changed since, the English has not.

A row is known by its primary key, a text of a descriptor by the names around it. Whatever else was edited between, the
English is held against the Chinese as it was when the English was last touched; who restores the Chinese mends it.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from gazette.checks.parity import texts
from gazette.descriptor import document
from gazette.model import Dataset, Language, Resource

Contents: TypeAlias = Mapping[str, Sequence[tuple[date | None, bytes]]]
"""Per file, what it has held, oldest first and the present last, with the day of its commit."""

_FORMATS = {"csv": ",", "tsv": "\t"}
_MARKS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """One such translation. ``pointer`` is its place in the descriptor; a cell has a table, a row and a column."""

    dataset: str
    path: str
    zh: str
    en: str
    changed: date | None
    """The day of the commit since which they differ; ``None`` where it is not committed."""
    pointer: str | None = None
    resource: str | None = None
    row: int | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spot:
    """One text and its translation in one state of a file, and where they stand in it."""

    zh: str
    en: str
    place: str | int


_State: TypeAlias = Mapping[tuple[str, ...], _Spot]


def watched(dataset: Dataset) -> Iterator[str]:
    """The files of ``dataset`` whose past tells which translations are stale."""
    yield dataset.path
    for resource in dataset.resources:
        if _columns(resource) and resource.schema and resource.schema.primary_key and len(resource.paths) == 1:
            yield f"{dataset.folder}/{resource.paths[0]}".removeprefix("/")


def find(dataset: Dataset, contents: Contents) -> Iterator[Stale]:
    """The stale translations of ``dataset``: first those of its descriptor, then those of its rows."""
    # What has but one state has never changed.
    if len(former := contents.get(dataset.path, ())) > 1:
        for _, spot, day in _outdated(_descriptors(dataset, former)):
            pointer = str(spot.place)
            name = next((each.name for each in dataset.resources if pointer.startswith(f"{each.pointer}/")), None)
            yield Stale(
                dataset=dataset.name, path=dataset.path, zh=spot.zh, en=spot.en, changed=day, pointer=pointer,
                resource=name,
            )  # fmt: skip
    for resource in dataset.resources:
        path = f"{dataset.folder}/{resource.paths[0]}".removeprefix("/") if resource.paths else ""
        if len(former := contents.get(path, ())) > 1 and _columns(resource):
            for key, spot, day in _outdated((day, _rows(content, resource)) for day, content in former):
                yield Stale(
                    dataset=dataset.name, path=path, zh=spot.zh, en=spot.en, changed=day, resource=resource.name,
                    row=int(spot.place), field=f"{key[0]}_en",
                )  # fmt: skip


def _outdated(states: Iterator[tuple[date | None, _State]]) -> Iterator[tuple[tuple[str, ...], _Spot, date | None]]:
    """What is out of date in the last of ``states``, with the day since which it is."""
    settled: dict[tuple[str, ...], tuple[str, str]] = {}
    since: dict[tuple[str, ...], date | None] = {}
    last: _State = {}
    for day, state in states:
        last = state
        for key, spot in state.items():
            zh, en = _told(spot.zh), _told(spot.en)
            if key not in settled or settled[key][1] != en or settled[key][0] == zh or not en:
                settled[key] = zh, en
                since.pop(key, None)
            else:
                since.setdefault(key, day)
    yield from ((key, spot, since[key]) for key, spot in last.items() if key in since)


def _told(text: str) -> str:
    """``text`` without what can change and tell the same: marks, spaces, widths."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text))


# --- rows -------------------------------------------------------------------------------------------------


def _columns(resource: Resource) -> list[texts.Pair]:
    if resource.schema is None or resource.format not in _FORMATS:
        return []
    names = [field.name for field in resource.schema.fields]
    return [pair for pair in texts.pairs(resource, names) if pair.zh and pair.en]


def _rows(content: bytes, resource: Resource) -> _State:
    """The pairs of every row; a content that is no table with these columns has none."""
    pairs = _columns(resource)
    keys = resource.schema.primary_key if resource.schema else ()
    try:
        text = content.decode(resource.encoding).removeprefix("\ufeff")
        delimiter = str(resource.dialect.get("delimiter", _FORMATS[resource.format]))
        header, *records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except (ValueError, csv.Error):
        return {}
    place = {name: number for number, name in enumerate(header)}
    known = [pair for pair in pairs if pair.zh in place and pair.en in place]
    if not set(keys) <= set(place):
        return {}
    return {
        (pair.name, *(record[place[key]] for key in keys)): _Spot(
            zh=record[place[pair.zh or ""]], en=record[place[pair.en or ""]], place=number + 2
        )
        for number, record in enumerate(records)
        if len(record) == len(header)
        for pair in known
    }


# --- descriptors ------------------------------------------------------------------------------------------


def _descriptors(dataset: Dataset, former: Sequence[tuple[date | None, bytes]]) -> Iterator[tuple[date | None, _State]]:
    """The texts of every state, if one differs; the last is that of ``dataset`` itself."""
    *before, (today, present) = former
    if not any(_differs(content, present) for _, content in before):
        return
    for day, content in before:
        yield day, _read(content, dataset)
    yield today, dict(_told_by(dataset.descriptor, dataset.languages))


def _differs(former: bytes, present: bytes) -> bool:
    """Whether a line that is gone can have been Chinese: to parse a descriptor takes far longer."""
    gone = set(former.splitlines()) - set(present.splitlines())
    return any(not line.isascii() or b"\\u" in line for line in gone)


def _read(content: bytes, dataset: Dataset) -> _State:
    try:
        value = document.read(content, is_json=dataset.path.endswith(".json")).value
    except document.Fault:
        return {}
    stated = tuple(item for item in value.get("languages") or () if isinstance(item, str))
    return dict(_told_by(value, stated or dataset.languages))


def _told_by(
    node: Any, languages: Sequence[Language], key: tuple[str, ...] = (), pointer: str = ""
) -> Iterator[tuple[tuple[str, ...], _Spot]]:
    """Every property that stands beside its translation, by the names around it."""
    if isinstance(node, list):
        for number, item in enumerate(node):
            name = (
                next((str(item[each]) for each in ("name", "value") if each in item), "")
                if isinstance(item, dict)
                else ""
            )
            yield from _told_by(item, languages, (*key, name or str(number)), f"{pointer}/{number}")
    elif isinstance(node, Mapping):
        for name, value in node.items():
            for other in languages[1:]:
                told = {languages[0]: value, other: node.get(f"{name}_{other}")}
                zh, en = told.get("zh"), told.get("en")
                if isinstance(zh, str) and isinstance(en, str):
                    yield (*key, name), _Spot(zh=zh, en=en, place=f"{pointer}/{document.escape(name)}")
            yield from _told_by(value, languages, (*key, str(name)), f"{pointer}/{document.escape(str(name))}")
