"""Evaluation schemes: weights, scores and ranks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias, cast

from gazette.checks.rules.catalogue import Domain, domain
from gazette.checks.rules.generic import grouped, half_unit, misranked
from gazette.checks.rules.reading import Breach, Table, Value, World, decimals, said, unjudged

_Key: TypeAlias = tuple[Value, Value, Value]
"""Scheme, period, unit."""

OF_PARENT = frozenset({"parent", "of_parent"})
"""Names for a weight in percent of the indicator above."""


def weights(table: Table, _world: World) -> Iterator[Breach]:
    """The weights of a level add to 100; those below an indicator to its own weight, or to 100 of it.

    ``weight_basis`` says which: ``absolute`` (also where there is no such column) or ``parent``.
    """
    for (scheme,), records in grouped(table, ("scheme_id",), "indicator_id", "parent_id", "weight", "weight_basis"):
        own = {indicator: weight for _, (indicator, _, weight, _) in records}
        levels: dict[Value, list[tuple[int, Decimal, Value]]] = {}
        for row, (_, parent, weight, basis) in records:
            if isinstance(weight, Decimal):
                levels.setdefault(parent, []).append((row, weight, basis))
        for parent, members in levels.items():
            share = members[0][2] in OF_PARENT
            total = own.get(parent) if parent is not None and not share else Decimal(100)
            found = sum((weight for _, weight, _ in members), Decimal(0))
            if total is not None and found != total:
                facts = {
                    "group": said(parent if parent is not None else scheme),
                    "sum": said(found),
                    "total": said(total),
                }
                yield Breach(row=members[-1][0], field="weight", facts=facts)


def totals(table: Table, world: World) -> Iterator[Breach]:
    """The published score is 100 × Σ (weight ÷ 100 × score ÷ maximum), within half a unit of its last decimal."""
    found: dict[_Key, Fraction] = {}
    leaves: dict[Value, Mapping[Value, tuple[Fraction, Value]]] = {}
    for indicators in world.of_kind("evaluation-indicators"):
        leaves |= _leaves(indicators)
    for scores in world.of_kind("evaluation-scores"):
        found |= _totals(scores, leaves)
    for row, (scheme, period, unit, score) in table.cells("scheme_id", "period", _unit(table), "score"):
        total = found.get((scheme, period, unit))
        if not isinstance(score, Decimal):
            continue
        if total is None:
            yield unjudged(row, "counterpart")
        elif abs(Fraction(score) - total) > Fraction(half_unit(decimals(score))):
            computed = Decimal(total.numerator) / Decimal(total.denominator)
            places = Decimal(1).scaleb(-decimals(score) - 2)
            facts = {"stated": said(score), "computed": said(computed.quantize(places))}
            yield Breach(row=row, field="score", facts=facts)


_MAXIMUM = "max_score"


def _totals(scores: Table, leaves: Mapping[Value, Mapping[Value, tuple[Fraction, Value]]]) -> Mapping[_Key, Fraction]:
    """The total of every unit that has a score for each leaf of its scheme."""
    found: dict[_Key, Fraction] = {}
    names = ("indicator_id", "score", _MAXIMUM)
    for key, records in grouped(scores, ("scheme_id", "period", _unit(scores)), *names):
        wanted = leaves.get(key[0], {})
        total, seen = Fraction(0), set()
        for _, (indicator, score, own) in records:
            if indicator in wanted and isinstance(score, Decimal):
                weight, maximum = wanted[indicator]
                most = own if isinstance(own, Decimal) else maximum
                if isinstance(most, Decimal) and most:
                    total += weight * Fraction(score) / Fraction(most)
                    seen.add(indicator)
        if wanted and seen == set(wanted):
            found[cast("_Key", key)] = total
    return found


def _leaves(indicators: Table) -> Mapping[Value, Mapping[Value, tuple[Fraction, Value]]]:
    """Per scheme the indicators nothing is below, with their weight of the whole and their maximum."""
    schemes: dict[Value, dict[Value, tuple[Value, Value, Value, Value]]] = {}
    names = ("scheme_id", "indicator_id", "parent_id", "weight", "weight_basis", _MAXIMUM)
    for _, (scheme, indicator, *values) in indicators.cells(*names):
        schemes.setdefault(scheme, {})[indicator] = cast("tuple[Value, Value, Value, Value]", tuple(values))
    found = {}
    for scheme, members in schemes.items():
        parents = {parent for parent, *_ in members.values()}
        found[scheme] = {
            indicator: (_share(indicator, members), members[indicator][3])
            for indicator in members
            if indicator not in parents
        }
    return found


def _share(indicator: Value, members: Mapping[Value, tuple[Value, Value, Value, Value]]) -> Fraction:
    """The weight of an indicator in percent of the whole scheme."""
    parent, weight, basis, _ = members[indicator]
    own = Fraction(weight) if isinstance(weight, Decimal) else Fraction(0)
    if basis in OF_PARENT and parent in members and parent != indicator:
        return own * _share(parent, members) / 100
    return own


def ranks(table: Table, _world: World) -> Iterator[Breach]:
    """Ranks follow scores within a scheme, period and group; a unit that was not evaluated is a row with a reason."""
    by = ["scheme_id", "period", *(["group"] if table.has("group") else [])]
    reason = next((name for name in REASONS if table.has(name)), REASONS[0])
    for _, records in grouped(table, by, "score", "rank", reason):
        ranked = []
        for row, (score, rank, why) in records:
            if isinstance(score, Decimal) and isinstance(rank, Decimal):
                ranked.append((-score, rank, row, score))
            elif score is not None or rank is not None or why is None:
                yield Breach(row=row, field="rank", facts={"variant": "blank"})
        yield from misranked(sorted(ranked), "rank")


REASONS = (
    "not_evaluated",
    "not_evaluated_zh",
    "not_evaluated_reason_zh",
    "not_evaluated_reason",
    "reason_zh",
    "note_zh",
)
"""Where a row says why the unit was not evaluated."""


def _unit(table: Table) -> str:
    return next((name for name in ("unit_id", "dept_id") if table.has(name)), "unit_id")


DOMAINS: tuple[Domain, ...] = (
    domain("evaluation-weights", weights, "evaluation-indicators", "scheme_id indicator_id parent_id weight", "house"),
    domain("evaluation-totals", totals, "rankings", "scheme_id period unit_id|dept_id score", "house"),
    domain("evaluation-ranks", ranks, "rankings", "scheme_id period score rank", "house"),
)
"""Rules for evaluations."""
