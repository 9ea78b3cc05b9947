"""What became of the descriptors: every property that differs, and what of it breaks the programs of others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from gazette.changes.rows import Column
from gazette.changes.values import Step
from gazette.model import Dataset, Resource

_NAMES = ("name", "value", "path", "title")
"""What tells the members of a list apart, so that one put in front does not change all behind it."""

_STRUCTURE: tuple[tuple[str, re.Pattern[str], bool], ...] = (
    ("type", re.compile(r"/schema/fields/([^/]+)/type"), True),
    ("format", re.compile(r"/schema/fields/([^/]+)/format"), True),
    ("unit", re.compile(r"/schema/fields/([^/]+)/gazette/unit(?:_\w+)?"), True),
    ("constraint", re.compile(r"/schema/fields/([^/]+/constraints/.*)"), False),
)
"""Kind, pointer below the table, and whether it breaks what reads the table; the group is the column."""

_CODE = re.compile(r"/schema/fields/([^/]+)/categories/([^/]+)(?:/value)?")
_FIELD = re.compile(r"/schema/fields/([^/]+)/name")
_APART = re.compile(
    r"/(?:bytes|hash|rows|profile|\$schema|schema/primaryKey|schema/missingValues|schema/\$schema)(?:/|$)"
)
"""What is measured, or compared as a whole."""


def package(old: Dataset | None, new: Dataset | None) -> tuple[Step, ...]:
    """What differs between two descriptors outside their tables."""
    sides = [{**each.descriptor, "resources": None} if each else {} for each in (old, new)]
    pairs = _pairs(dict(_flat(sides[0], "")), dict(_flat(sides[1], "")))
    return tuple(Step(kind="text", place=place, old=one, new=other) for place, one, other in pairs) if old else ()


def table(old: Resource, new: Resource, columns: tuple[Column, ...]) -> tuple[Step, ...]:
    """What differs between two descriptions of a table whose ``columns`` became what they say."""
    renamed = {each.old: each.new for each in columns if each.old and each.new and each.old != each.new}
    renamed |= _reworded(old, new) if not columns else {}
    # A column renamed in the file alone keeps its description.
    known = {field.name for field in new.schema.fields} if new.schema else set()
    renamed = {before: after for before, after in renamed.items() if after in known and before not in known}
    pairs = _pairs(_described(old, renamed), _described(new, {}))
    listed = columns or tuple(_fields(old, new, renamed))
    return (*_moved(listed), *_wholes(old, new, renamed), *(step for each in pairs if (step := _step(*each, listed))))


def _wholes(old: Resource, new: Resource, renamed: Mapping[str, str]) -> Iterator[Step]:
    """What changes as a whole: the primary key, and the texts that mean that nothing is known."""
    if old.schema and new.schema:
        key = tuple(renamed.get(name, name) for name in old.schema.primary_key)
        for kind, before, after in (
            ("key", key, new.schema.primary_key),
            ("blanks", old.schema.missing_values, new.schema.missing_values),
        ):
            if before != after:
                yield Step(kind=kind, place="", old=_listing(before), new=_listing(after), breaking=True)


def _listing(names: tuple[str, ...]) -> str | None:
    return ", ".join(name or '""' for name in names) or None


def _described(resource: Resource, renamed: Mapping[str, str]) -> dict[str, str]:
    schema = {"schema": resource.schema.descriptor} if resource.schema else {}
    found = dict(_flat({**resource.descriptor, **schema}, ""))
    for before, after in renamed.items():
        start, other = f"/schema/fields/{_token(before)}/", f"/schema/fields/{_token(after)}/"
        found = {(other + place[len(start) :] if place.startswith(start) else place): text
                 for place, text in found.items()}  # fmt: skip
    return found


def _moved(columns: tuple[Column, ...]) -> Iterator[Step]:
    for each in columns:
        if each.old is None:
            yield Step(kind="column-added", place=each.new or "", old=None, new=each.new)
        elif each.new is None:
            yield Step(kind="column-removed", place=each.old, old=each.old, new=None, breaking=True)
        elif each.old != each.new:
            yield Step(kind="column-renamed", place=each.new, old=each.old, new=each.new, breaking=True)


def _fields(old: Resource, new: Resource, renamed: Mapping[str, str]) -> Iterator[Column]:
    """The columns as the descriptors have them, where the files could not be compared."""
    before, after = ([field.name for field in each.schema.fields] if each.schema else [] for each in (old, new))
    former = {there: here for here, there in renamed.items()}
    yield from (Column(old=former.get(name, name if name in before else None), new=name) for name in after)
    yield from (Column(old=name, new=None) for name in before if name not in after and name not in renamed)


def _reworded(old: Resource, new: Resource) -> dict[str, str]:
    """Fields that went and came with the same titles: one renamed."""
    sides = [{field.name: field.title for field in each.schema.fields} if each.schema else {} for each in (old, new)]
    went = {title: name for name, title in sides[0].items() if name not in sides[1] and title}
    return {went[title]: name for name, title in sides[1].items() if name not in sides[0] and title in went}


def _step(place: str, old: str | None, new: str | None, columns: tuple[Column, ...]) -> Step | None:
    came = {each.new for each in columns if each.old is None} | {each.old for each in columns if each.new is None}
    match = re.match(r"/schema/fields/([^/]+)/", place)
    if match and (_plain(match[1]) in came or _FIELD.fullmatch(place)):
        return None  # the column as a whole is what was added, removed or renamed
    if match := _CODE.fullmatch(place):
        field, value = _plain(match[1]), _plain(match[2])
        kind = "code-added" if old is None else "code-removed"
        return Step(kind=kind, place=field, old=old and value, new=new and value, breaking=new is None)
    for kind, pattern, breaking in _STRUCTURE:
        if match := pattern.fullmatch(place):
            named = _plain(match[1].replace("/constraints/", " "))
            return Step(kind=kind, place=named, old=old, new=new, breaking=breaking and old is not None)
    return None if _APART.match(place) else Step(kind="text", place=place, old=old, new=new)


def _pairs(old: Mapping[str, str], new: Mapping[str, str]) -> list[tuple[str, str | None, str | None]]:
    places = [*new, *(place for place in old if place not in new)]
    return [(place, old.get(place), new.get(place)) for place in places if old.get(place) != new.get(place)]


def _flat(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    """Every text and number of a document by its pointer; members of lists by what names them."""
    if isinstance(value, Mapping):
        for name, member in value.items():
            yield from _flat(member, f"{pointer}/{_token(str(name))}")
    elif isinstance(value, list | tuple):
        for number, member in enumerate(value):
            yield from _flat(member, f"{pointer}/{_token(_named(member, number))}")
    elif value is not None:
        yield pointer, str(value)


def _named(member: Any, number: int) -> str:
    if isinstance(member, str):
        return member
    stated = member if isinstance(member, Mapping) else {}
    return next((str(stated[name]) for name in _NAMES if stated.get(name)), str(number))


def _token(name: str) -> str:
    """One part of a pointer (RFC 6901, 3)."""
    return name.replace("~", "~0").replace("/", "~1")


def _plain(token: str) -> str:
    return token.replace("~1", "/").replace("~0", "~")
