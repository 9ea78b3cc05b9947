"""Whether what a descriptor says of rules can be meant: every rule, parameter and field it names exists."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from gazette.checks.rules import calendar, generic
from gazette.checks.rules.catalogue import Domain
from gazette.checks.rules.generic import DATES, NUMBERS, Parameter
from gazette.model import Dataset, Declaration, Fact, Field, Finding, Resource

_NEAR = 0.6
_OWN = ("kind", "rules")
_ORDERS = ("ascending", "descending")


def faults(dataset: Dataset, resource: Resource, known: Sequence[Domain], kinds: Iterable[str]) -> Iterator[Finding]:
    """What is wrong with what ``resource`` says: unknown kinds, rules, parameters and fields, and missing columns."""
    pointer = f"{resource.pointer}/gazette"

    def finding(code: str, place: str, **facts: Fact) -> Finding:
        return Finding(
            code=code,
            severity="error",
            source="gazette",
            dataset=dataset.name,
            path=dataset.path,
            pointer=place,
            resource=resource.name,
            facts=facts,
        )

    own = resource.descriptor.get("gazette")
    for name in own if isinstance(own, Mapping) else ():
        if name not in _OWN and (near := difflib.get_close_matches(name, _OWN, 1, _NEAR)):
            facts: dict[str, Fact] = {"variant": "property", "stated": name, "near": near[0]}
            yield finding("rule-unknown", f"{pointer}/{name}", **facts)
    if resource.kind is not None and resource.kind not in kinds:
        yield finding("rule-kind-unknown", f"{pointer}/kind", **_near(resource.kind, kinds))
    for each in known:
        if resource.kind in each.kinds:
            for facts in _columns(resource, each):
                yield finding("rule-columns", f"{pointer}/kind", **facts)
    for declaration in resource.rules:
        for code, place, facts in _declaration(declaration, resource):
            yield finding(code, place, **facts)


def _near(stated: str, known: Iterable[str]) -> dict[str, Fact]:
    near = difflib.get_close_matches(stated, sorted(known), 3, _NEAR)
    return {"stated": stated, "near": near} if near else {"stated": stated, "variant": "unlike"}


def _columns(resource: Resource, each: Domain) -> Iterator[dict[str, Fact]]:
    fields = {field.name: field for field in resource.schema.fields} if resource.schema else {}
    facts: dict[str, Fact] = {"rule": each.id, "kind": resource.kind}
    missing = [name for name in each.columns if not set(name.split("|")) & set(fields)]
    if missing and not each.optional:
        yield {**facts, "missing": missing}
    for name, value in each.values:
        if name in fields and (permitted := _permitted(fields[name])) and value not in permitted:
            yield {**facts, "variant": "value", "column_name": name, "value": value}


def _permitted(field: Field) -> set[str]:
    return {str(value) for value in field.constraints.get("enum") or ()} or {each.value for each in field.categories}


# --- one declaration --------------------------------------------------------------------------------------


def _declaration(stated: Declaration, resource: Resource) -> Iterator[tuple[str, str, dict[str, Fact]]]:
    known = generic.PARAMETERS.get(stated.rule)
    if known is None:
        yield "rule-unknown", f"{stated.pointer}/rule", _near(stated.rule, generic.PARAMETERS)
        return
    fields = {field.name: field for field in resource.schema.fields} if resource.schema else {}
    for name, value in stated.parameters.items():
        place = f"{stated.pointer}/{name}"
        if name not in known:
            facts: dict[str, Fact] = {"rule": stated.rule, "stated": name, "known": sorted(known)}
            yield "rule-parameter", place, facts
        else:
            yield from ((code, place, facts) for code, facts in _value(stated.rule, name, value, known[name], fields))
    for name in _absent(stated, known):
        facts = {"rule": stated.rule, "variant": "missing", "stated": name}
        yield "rule-parameter", stated.pointer, facts
    if stated.rule == "not-above":
        yield from _comparable(stated, fields)


def _absent(stated: Declaration, known: Mapping[str, Parameter]) -> Iterator[str]:
    yield from (name for name, each in known.items() if each.required and name not in stated.parameters)
    if stated.rule == "deadline" and len(set(generic.LIMITS) & set(stated.parameters)) != 1:
        yield " | ".join(generic.LIMITS)


def _comparable(stated: Declaration, fields: Mapping[str, Field]) -> Iterator[tuple[str, str, dict[str, Fact]]]:
    """Two numbers, or two dates; anything else has no order that all would agree on."""
    found = [fields.get(str(stated.parameters.get(name))) for name in ("lower", "upper")]
    for field, other in itertools.permutations([each for each in found if each], 2):
        family = NUMBERS if other.type in NUMBERS else DATES
        if field.type not in family:
            facts: dict[str, Fact] = {"rule": stated.rule, "variant": "type", "stated": field.name}
            yield "rule-field", stated.pointer, {**facts, "type": field.type, "known": sorted(family)}
            return


def _value(
    rule: str, name: str, value: Any, each: Parameter, fields: Mapping[str, Field]
) -> Iterator[tuple[str, dict[str, Fact]]]:
    if not _formed(value, each.form):
        yield "rule-parameter", {"rule": rule, "variant": "form", "stated": name, "form": each.form}
        return
    for field in _named(value, each.form):
        if field not in fields:
            yield "rule-field", {"rule": rule, **_near(field, fields)}
        elif each.types and fields[field].type not in each.types:
            facts: dict[str, Fact] = {"type": fields[field].type, "known": sorted(each.types)}
            yield "rule-field", {"rule": rule, "variant": "type", "stated": field, **facts}


def _named(value: Any, form: str) -> list[str]:
    """The fields a parameter names."""
    if form in {"fields", "group"}:
        return list(value or ())
    if form == "when":
        return [value["field"]]
    return [value] if form == "field" or (form == "field-or-count" and isinstance(value, str)) else []


def _formed(value: Any, form: str) -> bool:
    """Whether ``value`` is of the form of a parameter."""
    return _FORMS[form](value)


def _is_value(value: Any) -> bool:
    return isinstance(value, str | int | float)


def _is_field(value: Any) -> bool:
    return isinstance(value, str)


def _is_fields(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_field, value))


def _is_values(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_value, value))


def _is_count(value: Any) -> bool:
    return type(value) is int and value > 0


def _is_when(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and set(value) == {"field", "in"}
        and _is_field(value["field"])
        and _is_values(value["in"])
    )


def _is_units(value: Any) -> bool:
    names = {"resource", "field"}
    return (
        isinstance(value, Mapping)
        and names <= set(value) <= {*names, "package"}
        and all(map(_is_field, value.values()))
    )


def _is_periods(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(map(calendar.period, value))
    return (
        isinstance(value, Mapping)
        and set(value) == {"from", "to", "every"}
        and value["every"] in generic.EVERY
        and all(calendar.period(value[name]) for name in ("from", "to"))
    )


def _is_number(value: Any) -> bool:
    try:
        return not isinstance(value, bool) and Decimal(str(value)) >= 0
    except InvalidOperation:
        return False


_FORMS: Mapping[str, Callable[[Any], bool]] = {
    "field": _is_field,
    "fields": _is_fields,
    "group": lambda value: value in (None, []) or _is_fields(value),
    "value": _is_value,
    "values": _is_values,
    "number": _is_number,
    "count": _is_count,
    "field-or-count": lambda value: _is_field(value) or _is_count(value),
    "flag": lambda value: isinstance(value, bool),
    "order": lambda value: value in _ORDERS,
    "when": _is_when,
    "units": _is_units,
    "periods": _is_periods,
}
