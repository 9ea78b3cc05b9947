"""Mutation run over the guard and the rules, and what of it survives: ``python -m tests.mutate`` (docs/mutation.md).

The same module is a plugin of pytest (``-p tests.mutate``, in pyproject.toml): it chooses the tests for a mutant.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, settings

ROOT = Path("mutants")
"""Where mutmut works, on a copy."""

CHILDREN = "2"
FEW = 25
"""Examples of a property that are tried for a mutant."""

LEAST = 4
"""Mutants of the smallest module."""

_EXAMPLE = re.compile(r"has_exactly_its_fault\[(?:rule-|waiver-|personal-|secrecy-|file-unlisted--personal)")
_ELSEWHERE = re.compile(r"tests/test_findings\.py|test_the_files_of_this_project_pass")
"""Examples of other faults; and what needs the repository, which is not in the copy."""

_APART, _SURVIVED = 34, 0
"""What mutmut notes of a mutant that it shall not try, and of one that no test noticed."""

_GENERATE = """
from mutmut import __main__ as run
run.Path("mutants").mkdir(exist_ok=True)
run.copy_src_dir(); run.copy_also_copy_files(); run.setup_source_paths(); run.create_mutants(2)
"""

_PHASES = [Phase.explicit, Phase.generate]
settings.register_profile("mutate", database=None, deadline=None, derandomize=True, phases=_PHASES)


# --- the tests of one mutant ------------------------------------------------------------------------------


def pytest_configure() -> None:
    """The same examples every time, and none made smaller."""
    settings.load_profile("mutate")


def pytest_runtest_setup() -> None:
    """Nothing is remembered from the test before: an answer kept from the sound code would hide the mutant."""
    for name, module in list(sys.modules.items()):
        if name.startswith("gazette.checks."):
            for each in vars(module).values():
                if callable(forget := getattr(each, "cache_clear", None)):
                    forget()


def pytest_collection_modifyitems(items: list[pytest.Item], config: pytest.Config) -> None:
    """Only tests that concern the mutant, the quick ones first."""
    mutant = os.environ.get("MUTANT_UNDER_TEST", "")
    kept = [item for item in items if _concerns(item, mutant)]
    if mutant.startswith("gazette."):
        times = json.loads(Path("mutmut-stats.json").read_text(encoding="utf-8"))["duration_by_test"]
        kept.sort(key=lambda item: float(times.get(item.nodeid, 0)))
    for item in kept:
        _fewer(item)
    chosen = set(kept)
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = kept


def _concerns(item: pytest.Item, mutant: str) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    if "desk" in fixtures and "inside" not in fixtures:
        return False  # a hook that git runs is another process, in which nothing is mutated
    if mutant.startswith("gazette.checks.guard.") and ("[rule-" in item.nodeid or "checks/rules/" in item.nodeid):
        return False
    return bool(_EXAMPLE.search(item.nodeid)) or not _ELSEWHERE.search(item.nodeid)


def _fewer(item: pytest.Item) -> None:
    test = getattr(item, "obj", None)
    stated = getattr(test, "_hypothesis_internal_use_settings", None)
    if stated and stated.max_examples > FEW:
        test._hypothesis_internal_use_settings = settings(stated, max_examples=FEW)  # type: ignore[union-attr]


# --- the sample -------------------------------------------------------------------------------------------


def draw(each: int, seed: int) -> None:
    """Leave out all but a random sample of the mutants: by the size of the module, ``each`` on average.

    What was killed is not tried again.
    """
    modules = {path: json.loads(path.read_text(encoding="utf-8")) for path in _known()}
    sizes = [len(known["exit_code_by_key"]) for known in modules.values()]
    for path, known in modules.items():
        codes = known["exit_code_by_key"]
        wanted = max(LEAST, round(each * sum(map(bool, sizes)) * len(codes) / sum(sizes)))
        drawn = random.Random(f"{seed} {path.stem}").sample(sorted(codes), min(wanted, len(codes)))
        known["exit_code_by_key"] = {
            name: (None if code in {_APART, _SURVIVED} else code) if name in drawn else _APART
            for name, code in codes.items()
        }
        path.write_text(json.dumps(known, indent=4), encoding="utf-8")


def _known() -> list[Path]:
    return sorted(ROOT.glob("gazette/checks/*/*.py.meta"))


def interval(killed: int, tried: int) -> tuple[float, float]:
    """Wilson's interval, which holds the share of the killed in all mutants with 95 %."""
    if not tried:
        return 0.0, 1.0
    z, share = 1.96, killed / tried
    middle, half = share + z * z / (2 * tried), z * math.sqrt((share * (1 - share) + z * z / (4 * tried)) / tried)
    return max(0.0, (middle - half) / (1 + z * z / tried)), min(1.0, (middle + half) / (1 + z * z / tried))


def report() -> Iterator[str]:
    """What became of the mutants as a table, the share killed of all that could be tried, and the survivors."""
    from mutmut.stats import status_by_exit_code

    yield "| Module | Mutants | Tried | Killed | Timeout | Survived | No test | Killed, 95 % interval |"
    yield "|:--|--:|--:|--:|--:|--:|--:|:--|"
    total: Counter[str] = Counter()
    size = dead = spread = 0.0
    left = []
    for path in _known():
        codes = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
        found = Counter(status_by_exit_code[code] for code in codes.values() if code not in {_APART, None})
        if not found:
            continue
        left += [name for name, code in codes.items() if status_by_exit_code[code] in {"survived", "no tests"}]
        tried, killed = found.total(), found["killed"] + found["timeout"]
        low, high = interval(killed, tried)
        counts = " | ".join(str(found[name]) for name in ("killed", "timeout", "survived", "no tests"))
        name = "/".join(path.with_suffix("").parts[-2:])
        yield f"| {name} | {len(codes)} | {tried} | {counts} | {killed / tried:.0%}, {low:.0%}–{high:.0%} |"
        total += found
        size += len(codes)
        dead += len(codes) * killed / tried
        share = (killed + 1) / (tried + 2)  # of a stratum in which all or none were killed the spread is not nothing
        spread += len(codes) ** 2 * share * (1 - share) / tried * (1 - tried / len(codes))
    yield f"\n{dict(total)}; of {size:.0f}, weighted: {dead / size:.1%} ± {1.96 * math.sqrt(spread) / size:.1%}\n"
    for name in left:
        yield f"- {name}\n{_changed(name)}"


def _changed(name: str) -> str:
    """The lines in which a mutant differs."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    lines = get_diff_for_mutant(name).splitlines()
    return "\n".join(f"      {line}" for line in lines if line[:1] in {"-", "+"} and line[:3] not in {"---", "+++"})


def main() -> None:
    """Draw, try, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=12, help="mutants of a module, on average")
    parser.add_argument("--seed", type=int, default=2)
    given = parser.parse_args()
    subprocess.run([sys.executable, "-c", _GENERATE], check=True, stdout=subprocess.DEVNULL)
    draw(given.each, given.seed)
    mutmut = Path(sys.executable).with_name("mutmut")
    subprocess.run([sys.executable, mutmut, "run", "--max-children", CHILDREN], check=True)
    print("\n".join(report()))


if __name__ == "__main__":
    main()
