"""Hundreds of the tables that ``make fuzz`` draws by the ten thousand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from gazette.descriptor import profile
from tests import fuzz, parity

TALLY = parity.Tally()


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=fuzz.cases())
def test_any_table_under_any_schema_has_frictionless_verdict(
    tmp_path_factory: pytest.TempPathFactory, case: dict[str, Any]
) -> None:
    """However it is cut, and whichever way it is judged."""
    fuzz.judge(tmp_path_factory.getbasetemp(), case, TALLY)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=fuzz.cases())
def test_what_the_profile_calls_sound_frictionless_accepts(case: dict[str, Any]) -> None:
    """The short way past frictionless' own metadata check lets nothing pass that frictionless refuses."""
    table = {"name": "table", "path": "table.csv", "schema": case["descriptor"]}
    if profile.table(table):
        assert _refusals(table) == []


def _refusals(table: dict[str, Any]) -> list[str]:
    import frictionless

    package = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json", "resources": [table]}
    return [error.note for error in frictionless.Package.metadata_validate(package)]
