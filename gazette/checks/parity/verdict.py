"""What was seen of all texts of the site → findings, and how far each dataset is translated."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias, cast

from gazette import tables
from gazette.checks.parity import terms, texts
from gazette.checks.parity.compare import LISTED, STEPS, Columns, Key, Trace, Traces, compare
from gazette.checks.parity.sight import Sight
from gazette.checks.parity.stale import Contents, Stale, find
from gazette.model import Coverage, Dataset, Evidence, Fact, Finding, Language, Policy

LANGUAGES: tuple[Language, ...] = ("en", "zh")

_SAMPLE = 30
"""Texts a site must have before it can be said how long a translation usually is."""
_LEAST = STEPS // 2
"""However uniform a site is, a translation within 0.7 to 1.4 times the usual length is not doubted."""
_NORMAL = 1.4826
"""Standard deviations per median absolute deviation of a normal distribution."""

Origin: TypeAlias = Literal["original", "official", "editor", "machine", "mixed", "unstated"]
State: TypeAlias = Literal["abridged", "identical", "foreign", "stale", "missing"]

_STATES: Mapping[Key, tuple[Language, State]] = {
    ("missing", "en"): ("en", "missing"),
    ("missing", "zh"): ("zh", "missing"),
    ("identical", "en"): ("en", "identical"),
    ("identical", "zh"): ("zh", "identical"),
    ("script", "han"): ("en", "foreign"),
    ("script", "latin"): ("zh", "foreign"),
    ("script", "hant"): ("zh", "foreign"),
    ("script", "hans"): ("zh", "foreign"),
}
_ELSEWHERE: tuple[Key, ...] = (("texts", ""), ("missing", "en"), ("missing", "zh"))
_CODES = {
    "missing": "translation-blank",
    "identical": "translation-identical",
    "script": "translation-script",
    "typography": "translation-typography",
    "term": "translation-term",
}


_CHINESE = frozenset({"zh", "latin", "hant", "hans"})
"""Variants of findings that are about the Chinese text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Usual:
    """Between which steps the ratio of lengths lies; where nobody can say, everything does."""

    median: int = 0
    low: float = float("-inf")
    high: float = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """The traces of one pair of columns, or of all texts of one descriptor."""

    dataset: Dataset
    columns: Columns | None = None
    traces: Traces = field(default_factory=dict)
    sight: Sight | None = None
    pair: texts.Pair | None = None
    places: tuple[texts.Place, ...] = ()


def judge(
    datasets: Sequence[Dataset], evidence: Iterable[Evidence], policy: Policy, contents: Contents
) -> tuple[tuple[Finding, ...], tuple[Coverage, ...]]:
    """What is wrong with the texts of all ``datasets``, and how far they exist in English and in Chinese.

    ``evidence`` is that of their tables; ``policy`` says whether descriptors must be translated and which length
    is doubted; ``contents`` is what the files of :func:`watched` have held.
    """
    known = {dataset.name: dataset for dataset in datasets}
    sights = [cast("Sight", item.texts) for item in evidence if item.texts is not None and item.dataset in known]
    glossary = terms.read(sights[0].piece.root, datasets) if sights else terms.Glossary()
    seen = _compared(
        [*map(_descriptor, datasets), *(text for sight in sights for text in _rows(sight, known))], glossary
    )
    stale = [item for dataset in datasets for item in find(dataset, contents)]
    usual = _usual((text.traces for text in seen), policy.abridged)
    found = [finding for text in seen for finding in _missing(text, policy)]
    found += [finding for text in seen for finding in _findings(text, usual, glossary)]
    found += _stale(stale, known)
    return tuple(found), tuple(_coverage(datasets, seen, stale, usual))


def _descriptor(dataset: Dataset) -> _Text:
    places = tuple(texts.places(dataset))
    zh, en = (tables.texts([(place.text.get(tag) or "").strip() for place in places]) for tag in ("zh", "en"))
    return _Text(dataset=dataset, columns=Columns(zh=zh, en=en), places=places)


def _rows(sight: Sight, known: Mapping[str, Dataset]) -> Iterator[_Text]:
    dataset = known[sight.piece.dataset.name]
    for number, pair in enumerate(sight.pairs):
        columns = sight.cells[number] if sight.cells else None
        traces = sight.traces[number] if sight.traces else {}
        yield _Text(dataset=dataset, columns=columns, traces=traces, sight=sight, pair=pair)


def _compared(seen: Sequence[_Text], glossary: terms.Glossary) -> list[_Text]:
    """``seen`` with the traces of those not compared yet; texts in a third language alone are missing in both."""
    waiting = [number for number, text in enumerate(seen) if text.columns is not None]
    found = list(seen)
    for number, traces in zip(
        waiting, compare([cast("Columns", seen[n].columns) for n in waiting], glossary), strict=True
    ):
        found[number] = replace(seen[number], traces=traces)
    for text in found:
        others = sum(1 for each in text.places if each.text and not (each.text.get("zh") or each.text.get("en")))
        for key in _ELSEWHERE if others else ():
            text.traces.setdefault(key, Trace()).count += others
    return found


# --- how long a translation usually is --------------------------------------------------------------------


def _usual(seen: Iterable[Traces], spread: float) -> _Usual:
    """Median and spread of all ratios, both of which a tenth of wrong texts cannot move (Hampel 1974)."""
    steps: Counter[int] = Counter()
    for traces in seen:
        for (name, step), trace in traces.items():
            if name == "ratio":
                steps[int(step)] += trace.count
    if steps.total() < _SAMPLE:
        return _Usual()
    median = _median(steps)
    away: Counter[int] = Counter()
    for step, count in steps.items():
        away[abs(step - median)] += count
    width = max(_median(away) * _NORMAL * spread, _LEAST)
    return _Usual(median=median, low=median - width, high=median + width)


def _median(steps: Counter[int]) -> int:
    middle, passed = steps.total() / 2, 0
    for step, count in sorted(steps.items()):
        passed += count
        if passed >= middle:
            return step
    return 0


def _state(key: Key, usual: _Usual) -> tuple[Language, State] | None:
    """The state of the texts with this trace, and the language it is a state in; ``None`` where they are complete."""
    name, step = key
    if name == "ratio":
        if int(step) < usual.low:
            return "en", "abridged"
        return ("zh", "abridged") if int(step) > usual.high else None
    return _STATES.get(key)


# --- findings ---------------------------------------------------------------------------------------------


def _missing(text: _Text, policy: Policy) -> Iterator[Finding]:
    """One finding per text of a descriptor that is not there in one of the languages of the dataset."""
    if "translations" not in policy.required:
        return
    dataset = text.dataset
    for place in text.places:
        for language in dataset.languages:
            if place.text.get(language) is None:
                facts = {"language": language, "property": place.pointer.rpartition("/")[2]}
                yield Finding(
                    code="translation-missing",
                    severity="error",
                    source="gazette",
                    dataset=dataset.name,
                    path=dataset.path,
                    pointer=place.pointer,
                    line=dataset.line(place.pointer),
                    resource=place.resource,
                    facts=facts,
                )


def _findings(text: _Text, usual: _Usual, glossary: terms.Glossary) -> Iterator[Finding]:
    if text.pair and text.pair.en is None:
        if text.traces:
            yield _lone(text)
        return
    for code, count, rows in _faults(text, usual, glossary):
        shown = rows[:1] if count > LISTED else rows
        lines = tables.lines(text.sight.piece, {row + 2 for row, _ in shown}) if text.sight else {}
        for row, facts in shown:
            hits = count if count > LISTED else 1
            finding = Finding(
                code=code, severity="warning", source="gazette", count=hits, facts={**facts, "hits": hits}
            )
            yield _placed(finding, text, row, lines)


def _faults(
    text: _Text, usual: _Usual, glossary: terms.Glossary
) -> Iterator[tuple[str, int, list[tuple[int, Mapping[str, Fact]]]]]:
    """Codes with how often each is to be said, and of the first rows with which facts; in a fixed order."""
    short: dict[str, list[tuple[Trace, int]]] = defaultdict(list)
    for (name, detail), trace in sorted(text.traces.items(), key=lambda item: (item[0][0], str(item[0][1]))):
        facts: Mapping[str, Fact] = {"variant": str(detail)}
        if name == "ratio":
            if state := _state((name, detail), usual):
                short[state[0]].append((trace, _percent(int(detail), usual)))
            continue
        if name == "term":
            facts = {"term": str(detail), "renderings": list(glossary.known[str(detail)].en)}
        if name in _CODES and not (name == "missing" and text.pair is None):  # _missing speaks of descriptors
            yield _CODES[name], trace.count, [(row, facts) for row in trace.rows]
    for language, parts in sorted(short.items()):
        rows = sorted((row, percent) for trace, percent in parts for row in trace.rows)[: LISTED + 1]
        told: list[tuple[int, Mapping[str, Fact]]] = [
            (row, {"variant": language, "percent": percent}) for row, percent in rows
        ]
        yield "translation-abridged", sum(trace.count for trace, _ in parts), told


def _percent(step: int, usual: _Usual) -> int:
    """The length of the shorter text in percent of what it usually is."""
    return round(100 * 2 ** (-abs(step - usual.median) / STEPS))


def _lone(text: _Text) -> Finding:
    """A Chinese column that has no English one beside it."""
    sight, pair, dataset = cast("Sight", text.sight), cast("texts.Pair", text.pair), text.dataset
    schema = sight.piece.resource.schema
    names = [each.name for each in schema.fields] if schema else []
    pointer = f"{sight.piece.resource.pointer}/schema/fields/{names.index(pair.zh)}" if pair.zh in names else ""
    return Finding(
        code="translation-column", severity="warning", source="gazette", dataset=dataset.name, path=dataset.path,
        pointer=pointer, line=dataset.line(pointer), resource=sight.piece.resource.name, field=pair.zh,
    )  # fmt: skip


def _placed(finding: Finding, text: _Text, row: int, lines: Mapping[int, int]) -> Finding:
    """``finding`` at a row of a table, or at the text of that number of a descriptor."""
    dataset = text.dataset
    if text.sight is None or text.pair is None:
        place = text.places[row]
        return replace(
            finding, dataset=dataset.name, path=dataset.path, pointer=place.pointer, resource=place.resource,
            line=dataset.line(place.pointer),
        )  # fmt: skip
    resource = text.sight.piece.resource
    name = (text.pair.zh if finding.facts.get("variant") in _CHINESE else text.pair.en) or ""
    paths = [f"{dataset.folder}/{path}".removeprefix("/") for path in resource.paths]
    return replace(
        finding, dataset=dataset.name, path=paths[0] if len(paths) == 1 else None, resource=resource.name,
        row=row + 2, line=lines.get(row + 2), field=name, column=text.sight.columns.index(name) + 1,
    )  # fmt: skip


def _stale(stale: Iterable[Stale], known: Mapping[str, Dataset]) -> Iterator[Finding]:
    groups: dict[tuple[str, str | None, str | None], list[Stale]] = defaultdict(list)
    for item in stale:
        groups[item.dataset, item.resource, item.field].append(item)
    for (name, resource, column), items in groups.items():
        dataset = known[name]
        shown = items[:1] if len(items) > LISTED else items
        for item in shown:
            count = len(items) if len(items) > LISTED else 1
            finding = Finding(
                code="translation-stale",
                severity="warning",
                source="gazette",
                dataset=name,
                path=item.path,
                pointer=item.pointer,
                line=None if item.row else dataset.line(item.pointer or ""),
                resource=resource,
                row=item.row,
                field=column,
                count=count,
                facts={
                    "changed": item.changed.isoformat() if item.changed else None,
                    "variant": None if item.changed else "uncommitted",
                    "hits": count,
                },
            )
            yield finding


# --- coverage ---------------------------------------------------------------------------------------------


def _coverage(
    datasets: Iterable[Dataset], seen: Iterable[_Text], stale: Iterable[Stale], usual: _Usual
) -> Iterator[Coverage]:
    totals: Counter[tuple[str, bool]] = Counter()
    states: Counter[tuple[str, Language, State]] = Counter()
    for text in seen:
        name = text.dataset.name
        for key, trace in text.traces.items():
            if key[0] == "texts":
                totals[name, text.sight is not None] += trace.count
            elif state := _state(key, usual):
                states[name, *state] += trace.count
    for item in stale:
        for state in _states(item, usual):
            states[item.dataset, *state] -= 1
        states[item.dataset, "en", "stale"] += 1
    for dataset in datasets:
        for language in LANGUAGES:
            yield _counted(dataset, language, totals, states)


def _states(item: Stale, usual: _Usual) -> Iterator[tuple[Language, State]]:
    """What the English of a stale pair was counted as."""
    columns = Columns(zh=tables.texts([item.zh.strip()]), en=tables.texts([item.en.strip()]))
    (traces,) = compare([columns], terms.Glossary())
    for key in traces:
        state = _state(key, usual)
        if state and state[0] == "en":
            yield state


def _origin(dataset: Dataset, language: Language) -> Origin:
    """Who wrote the texts of ``dataset`` in ``language``: nobody stated is nobody known."""
    stated = {each.translations for each in dataset.resources} or {dataset.translations}
    origins = {next((item.origin for item in each if item.language == language), None) for each in stated}
    if len(origins) > 1:
        return "mixed"
    translated = any(stated) or len(dataset.languages) == 1
    return origins.pop() or ("original" if translated else "unstated")


def _counted(
    dataset: Dataset,
    language: Language,
    totals: Mapping[tuple[str, bool], int],
    states: Mapping[tuple[str, Language, State], int],
) -> Coverage:
    name = dataset.name
    in_rows, stated = totals[name, True], totals[name, False]
    flawed: dict[State, int] = {
        "abridged": states[name, language, "abridged"],
        "identical": states[name, language, "identical"],
        "foreign": states[name, language, "foreign"],
        "stale": states[name, language, "stale"],
        "missing": states[name, language, "missing"],
    }
    texts_ = in_rows + stated
    return Coverage(
        dataset=name,
        language=language,
        origin=_origin(dataset, language) if flawed["missing"] < texts_ else None,
        texts=texts_,
        in_rows=in_rows,
        complete=texts_ - sum(flawed.values()),
        **flawed,
    )
