"""Datasets the build makes itself, from what it found out about the others.

They are written as anybody's package is, read back, checked and published in the same way. They speak of the report,
so they come after it; the check of a contributor's data never waits for them.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from importlib import resources
from pathlib import Path
from typing import Any

from gazette import checks, descriptor, snapshot, tables, words
from gazette.model import TRANSLATION_STATUS, Coverage, Dataset, Policy, Report, Settings, Slice

_COUNTS = ("texts", "in_rows", "complete", "abridged", "identical", "foreign", "stale", "missing")

_POLICY = Policy(name="computed", strict=True, required=frozenset({"title", "description", "translations"}))
"""A dataset of ours passes whatever is asked of the others; the shelves are the site's own affair."""


def add(
    datasets: Sequence[Dataset], pieces: Sequence[Slice], report: Report, settings: Settings, room: Path, as_of: date
) -> tuple[tuple[Dataset, ...], tuple[Slice, ...], Report]:
    """``datasets``, their ``pieces`` and their ``report`` with the datasets made from them; ``room`` holds the files.

    A site in one language has nothing to compare, and one that has a dataset of that name keeps it. Raises
    ``RuntimeError`` where a dataset made here is refused.
    """
    names = {dataset.name for dataset in datasets}
    if not names or TRANSLATION_STATUS in names or len(settings.site.languages) < len(words.LANGUAGES):
        return tuple(datasets), tuple(pieces), report
    source = room / ".computed" / "source"
    _write(source, datasets, report.coverage, settings, as_of)
    inputs, found = snapshot.take(source, room / ".computed" / "copy")
    made, faults = descriptor.load(inputs, _POLICY, settings.site)
    own = tables.cut(made, inputs)
    evidence = checks.inspect(own)
    verdict = checks.settle(made, evidence, (*found, *faults), _POLICY, as_of, pieces=own)
    if verdict.blocks:
        raise RuntimeError([finding.code for finding in verdict.findings])
    return (
        tuple(sorted((*datasets, *made), key=lambda dataset: dataset.name)),
        (*pieces, *own),
        replace(
            report,
            rows={**report.rows, **verdict.rows},
            rules={**report.rules, **verdict.rules},
            findings=(*report.findings, *verdict.findings),
        ),
    )


def _write(
    source: Path, datasets: Sequence[Dataset], coverage: Iterable[Coverage], settings: Settings, as_of: date
) -> None:
    """The package, in a folder of its own."""
    folder = source / TRANSLATION_STATUS
    folder.mkdir(parents=True)
    document = json.loads(resources.files(__name__).joinpath("translation-status.json").read_text(encoding="utf-8"))
    known = {dataset.name: dataset for dataset in datasets}
    rows = [_row(known[each.dataset], each) for each in coverage if each.language in settings.site.languages]
    names = [field["name"] for field in document["resources"][0]["schema"]["fields"]]
    text = io.StringIO(newline="")
    table = csv.DictWriter(text, names, lineterminator="\r\n")
    table.writeheader()
    table.writerows(rows)
    (folder / document["resources"][0]["path"]).write_text(text.getvalue(), encoding="utf-8", newline="")
    stated = json.dumps(document | _dated(document, settings, as_of), ensure_ascii=False, indent=2)
    (folder / "datapackage.json").write_text(stated, encoding="utf-8")


def _dated(document: Mapping[str, Any], settings: Settings, as_of: date) -> dict[str, Any]:
    """What differs from site to site: the day, who publishes, and the shelf where the site has it."""
    operator = settings.site.operator
    own = dict(document["gazette"])
    if own["topic"] not in {code for code, _ in settings.site.topics}:
        del own["topic"]
    stated = {"created": f"{as_of.isoformat()}T00:00:00Z", "gazette": own}
    if en_zh := (operator.nearest("en"), operator.nearest("zh")) if operator else None:
        titles = [each[1] for each in en_zh if each]
        stated["contributors"] = [{"title": titles[0], "title_zh": titles[-1], "roles": ["publisher"]}]
    return stated


def _row(dataset: Dataset, each: Coverage) -> dict[str, Any]:
    share = Decimal(100 * each.complete) / each.texts if each.texts else None
    return {
        "dataset": dataset.name,
        "language": each.language,
        "status": "illustrative" if dataset.illustrative else "real",
        "version": "none" if each.missing == each.texts else "full" if each.complete == each.texts else "partial",
        "origin": each.origin or "",
        **{name: getattr(each, name) for name in _COUNTS},
        "completeness": "" if share is None else share.quantize(Decimal("0.1"), ROUND_HALF_UP),
    }
