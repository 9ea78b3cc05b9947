"""What a descriptor says of views: how a table is drawn or laid out beside its rows (``gazette.views``).

A view that cannot be meant is a finding here, because it is a matter of the descriptor alone; whether the rows can
be drawn legibly is seen where they are drawn.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from gazette.model import Fact, Field, Language, Resource, Schema, Text, View

_NUMBERS = frozenset({"integer", "number"})
_NEAR = 0.6
_TITLE = re.compile(r"title(?:_[a-z]{2,3})?", re.ASCII)

Fault: TypeAlias = tuple[str, str, dict[str, Fact]]
"""Code, place and facts of a finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """What a view may be told: the form of it, whether it must be, and the types of the fields it names."""

    form: str
    required: bool = False
    types: frozenset[str] = frozenset()


_FIELD = Parameter(form="field")
_NAMED = Parameter(form="field", required=True)
_NAMED_MANY = Parameter(form="fields", required=True)
_NUMBER = Parameter(form="field", types=_NUMBERS)
_NUMBER_NEEDED = Parameter(form="field", required=True, types=_NUMBERS)
_NUMBERS_STATED = Parameter(form="fields", types=_NUMBERS)
_NUMBERS_NEEDED = Parameter(form="fields", required=True, types=_NUMBERS)
_SHARED = {"where": Parameter(form="where"), "n": Parameter(form="n")}
_ORDER = Parameter(form="order")

VIEWS: Mapping[str, Mapping[str, Parameter]] = {
    "bar": {"label": _NAMED, "value": _NUMBER, "order": _ORDER},
    "grouped-bar": {"label": _NAMED, "series": _FIELD, "value": _NUMBERS_STATED, "order": _ORDER},
    "stacked-bar": {"label": _NAMED, "series": _FIELD, "value": _NUMBERS_STATED, "order": _ORDER},
    "line": {"period": _NAMED, "series": _FIELD, "value": _NUMBERS_NEEDED},
    "slope": {"label": _NAMED, "value": _NUMBER_NEEDED, "period": _FIELD, "change": _NUMBER, "order": _ORDER},
    "dot": {"label": _NAMED, "value": _NUMBERS_NEEDED, "order": _ORDER},
    "timeline": {"label": _NAMED, "from": _NAMED_MANY, "to": Parameter(form="fields"), "group": _FIELD},
    "matrix": {"rows": _NAMED, "columns": _NAMED, "mark": _FIELD},
    "form": {"rows": _NAMED, "columns": _FIELD, "value": _NUMBERS_NEEDED, "by": _NAMED},
    "ranking": {
        "label": _NAMED,
        "rank": _NUMBER_NEEDED,
        "score": _NUMBER_NEEDED,
        "change": _NUMBER,
        "by": Parameter(form="fields"),
    },
    "status": {"label": _NAMED, "status": _NAMED, "facts": Parameter(form="fields")},
}
"""The views there are and their parameters; all of them also know ``title``, ``where`` and ``n``."""


_EITHER = {
    "slope": ("change", "period"),
    "grouped-bar": ("series", "value"),
    "stacked-bar": ("series", "value"),
}


def read(own: Mapping[str, Any], pointer: str, languages: Sequence[Language]) -> tuple[View, ...]:
    """The entries of ``gazette.views`` of a resource at ``pointer``; ``own`` is its ``gazette``."""
    stated = own.get("views")
    entries = stated if isinstance(stated, list) else [] if stated is None else [stated]
    return tuple(
        _view(entry if isinstance(entry, dict) else {}, f"{pointer}/gazette/views/{number}", languages)
        for number, entry in enumerate(entries)
    )


def _view(entry: Mapping[str, Any], pointer: str, languages: Sequence[Language]) -> View:
    titles = [(tag, entry.get(f"title_{tag}" if number else "title")) for number, tag in enumerate(languages)]
    return View(
        view=str(entry.get("view") or ""),
        title=Text(values=tuple((tag, value) for tag, value in titles if isinstance(value, str) and value.strip())),
        parameters={name: value for name, value in entry.items() if name != "view" and not _TITLE.fullmatch(name)},
        pointer=pointer,
    )


def faults(own: Mapping[str, Any], resource: Resource, resources: Sequence[Resource]) -> Iterator[Fault]:
    """What is wrong with the views of ``resource``; ``resources`` are all tables of its package."""
    for name in own:
        if name != "views" and difflib.get_close_matches(name, ["views"], 1, _NEAR):
            yield "view-unknown", f"{resource.pointer}/gazette/{name}", {"variant": "property", "stated": name}
    for each in resource.views:
        known = VIEWS.get(each.view)
        if known is None:
            yield "view-unknown", each.pointer, _near(each.view, VIEWS)
        else:
            yield from _parameters(each, {**known, **_SHARED}, resource, resources)


def _parameters(
    each: View, known: Mapping[str, Parameter], resource: Resource, resources: Sequence[Resource]
) -> Iterator[Fault]:
    for name, value in each.parameters.items():
        place = f"{each.pointer}/{name}"
        if name not in known:
            yield "view-parameter", place, {"view": each.view, "stated": name, "known": sorted({*known, "title"})}
        elif not _FORMS[known[name].form](value):
            form = known[name].form
            yield "view-parameter", place, {"view": each.view, "variant": "form", "stated": name, "form": form}
        else:
            for field, schema in _fields(known[name].form, value, resource, resources):
                yield from (("view-field", place, facts) for facts in _field(each, field, schema, known[name].types))
    for name in sorted(_absent(each, known)):
        yield "view-parameter", each.pointer, {"view": each.view, "variant": "missing", "stated": name}


def _absent(each: View, known: Mapping[str, Parameter]) -> Iterator[str]:
    """Parameters a view cannot do without: those marked so, a title, and one of each pair of which it needs either."""
    if not each.title:
        yield "title"
    yield from (name for name, parameter in known.items() if parameter.required and name not in each.parameters)
    either = _EITHER.get(each.view, ())
    if either and not set(either) & set(each.parameters):
        yield " | ".join(either)


def _fields(
    form: str, value: Any, resource: Resource, resources: Sequence[Resource]
) -> Iterator[tuple[str, Schema | None]]:
    """The fields a parameter names, each with the schema that must have it."""
    if form == "where":
        yield from ((name, resource.schema) for name in value)
    elif form == "n" and isinstance(value, Mapping):
        other = next((entry for entry in resources if entry.name == value["resource"]), None)
        yield value["field"], other.schema if other else None
    elif form in {"field", "fields", "n"}:
        yield from ((name, resource.schema) for name in listed(value))


def listed(value: Any) -> list[str]:
    """One field or several, as a list."""
    return [str(each) for each in value] if isinstance(value, list) else [] if value is None else [str(value)]


def _field(each: View, name: str, schema: Schema | None, types: frozenset[str]) -> Iterator[dict[str, Fact]]:
    fields: dict[str, Field] = {field.name: field for field in schema.fields} if schema else {}
    # A text pair is named by what both columns have in common: `label` for `label_zh` and `label_en`.
    pairs = {known.rpartition("_")[0] for known in fields if re.fullmatch(r"\w+_[a-z]{2,3}", known)}
    if name not in fields and (types or name not in pairs):
        yield {"view": each.view, **_near(name, fields)}
    elif types and fields[name].type not in types:
        facts: dict[str, Fact] = {"type": fields[name].type, "known": sorted(types)}
        yield {"view": each.view, "variant": "type", "stated": name, **facts}


def _near(stated: str, known: Mapping[str, object]) -> dict[str, Fact]:
    near = difflib.get_close_matches(stated, sorted(known), 3, _NEAR)
    return {"stated": stated, "near": near} if near else {"stated": stated, "variant": "unlike"}


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_names(value: Any) -> bool:
    return _is_name(value) or (isinstance(value, list) and bool(value) and all(map(_is_name, value)))


def _is_where(value: Any) -> bool:
    def fit(each: Any) -> bool:
        return isinstance(each, str | int | float) or (isinstance(each, list) and all(map(fit, each)))

    return isinstance(value, Mapping) and bool(value) and all(map(fit, value.values()))


def _is_n(value: Any) -> bool:
    return _is_name(value) or (
        isinstance(value, Mapping) and set(value) == {"resource", "field"} and all(map(_is_name, value.values()))
    )


_FORMS: Mapping[str, Callable[[Any], bool]] = {
    "field": _is_name,
    "fields": _is_names,
    "where": _is_where,
    "n": _is_n,
    "order": lambda value: value in ("ascending", "descending"),
}
