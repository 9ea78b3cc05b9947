"""The glossary: which English words stand for a Chinese term.

Low noise comes before completeness. The longest term wins where terms overlap, what stands in quotation marks is not
looked at, and an English text keeps to the glossary if it has half the words of one rendering, in any order and form.
A glossary with a column ``binding`` says itself which terms are looked for; of these every word is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from gazette import tables
from gazette.checks.parity import quotations
from gazette.model import Dataset, Slice

Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"

KIND = "glossary"
"""What a dataset calls itself whose terms the texts of every table are held against."""

_ZH, _RENDERINGS, _BINDING = "term_zh", ("term_en", "also_en"), "binding"
"""Columns of a glossary: the term, its renderings separated by semicolons, and whether texts are held to it."""

_WORD = re.compile(r"[a-z0-9]+")
_SMALL = frozenset("a an and as at by for from in into its of on or the their to under with".split())
_CERTAIN = 3
"""Characters from which on a term is no ordinary word as well (维持, 区)."""
_MANY = 500
"""Texts from which on it pays to have them searched all at once: the pattern is made anew for each search."""
_SENTENCE = 30
"""Characters from which on a Chinese text is more than a label."""
_STEM = 5
"""Letters after which forms of a word may differ: disclosure, disclosed; licence, licensing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One Chinese term and what it is called in English."""

    zh: str
    en: tuple[str, ...]
    firm: bool = False
    """Whether the glossary itself says that texts are held to it; then every word of a rendering is asked for."""

    def kept(self, words: str) -> bool:
        """Whether one rendering is among ``words``, each with a space before it."""
        return any(self._has(_stems(rendering), words) for rendering in self.en)

    def _has(self, stems: tuple[str, ...], words: str) -> bool:
        """Half of the words will do: an English text need not repeat what its heading says (年度报告: report)."""
        found = sum(f" {stem}" in words for stem in stems)
        return found == len(stems) if self.firm else 2 * found >= len(stems)


@dataclass(frozen=True, kw_only=True)
class Glossary:
    """The terms of the site; without any, nothing departs from them."""

    terms: tuple[Term, ...] = ()

    @cached_property
    def known(self) -> Mapping[str, Term]:
        """The terms by their Chinese."""
        return {term.zh: term for term in self.terms}

    @cached_property
    def _pattern(self) -> str:
        return "|".join(re.escape(zh) for zh in sorted(self.known, key=lambda zh: (-len(zh), zh)))

    def departures(self, zh: pa.Array, en: pa.Array, rows: Array) -> Iterator[tuple[str, Array]]:
        """The terms that the English of some of the marked ``rows`` does not render, with these rows."""
        if not self.terms or not rows.any():
            return
        if len(rows) > _MANY:
            rows = rows & tables.numbers(pc.match_substring_regex(zh, self._pattern))
        named = np.flatnonzero(rows)
        pairs = zip(tables.keep(zh, named).to_pylist(), tables.keep(en, named).to_pylist(), strict=True)
        seen: dict[tuple[str, str], tuple[str, ...]] = {}
        found: dict[str, list[int]] = {}
        for row, pair in zip(named.tolist(), pairs, strict=True):
            if pair not in seen:
                seen[pair] = tuple(self._departs(*pair))
            for term in seen[pair]:
                found.setdefault(term, []).append(row)
        yield from ((term, np.array(places)) for term, places in found.items())

    def _departs(self, zh: str, en: str) -> Iterator[str]:
        text = quotations.bare(zh)
        words = "".join(f" {word}" for word in _WORD.findall(en.lower()))
        for term in dict.fromkeys(re.findall(self._pattern, text)):
            if _matters(term, text) and not self.known[term].kept(words):
                yield term


def read(root: Path, datasets: Iterable[Dataset]) -> Glossary:
    """The glossary among ``datasets``, whose files lie below ``root``; empty where there is none that can be read."""
    for dataset in datasets:
        for resource in dataset.resources:
            names = {field.name for field in resource.schema.fields} if resource.schema else set()
            if dataset.kind == KIND and {_ZH, _RENDERINGS[0]} <= names and resource.paths:
                piece = Slice(root=root, dataset=dataset, resource=resource)
                return _read(_Source(key=(str(root), dataset.path, *resource.paths), piece=piece))
    return Glossary()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """The table of a glossary, known by where it lies."""

    key: tuple[str, ...]
    piece: Slice = field(compare=False)


@lru_cache(maxsize=4)
def _read(source: _Source) -> Glossary:
    """Read once in each process. A file that is no table has findings of its own, and no terms."""
    try:
        rows = tables.read(source.piece).to_pylist()
    except (tables.Irregular, tables.Unclosed):
        return Glossary()
    return Glossary(terms=tuple(_term(row) for row in rows if _binds(row)))


def _term(row: Mapping[str, str | None]) -> Term:
    stated = (part.strip() for name in _RENDERINGS for part in (row.get(name) or "").split(";"))
    return Term(zh=row[_ZH] or "", en=tuple(part for part in stated if part), firm=row.get(_BINDING) is not None)


def _binds(row: Mapping[str, str | None]) -> bool:
    """Whether a row says so; where no row says anything, terms long enough to mean one thing only."""
    stated = row.get(_BINDING)
    term = (row.get(_ZH) or "").strip()
    return bool(term and row.get(_RENDERINGS[0])) and (
        len(term) >= _CERTAIN if stated is None else stated.strip().lower() == "true"
    )


def _matters(term: str, text: str) -> bool:
    """Whether an English text must say ``term``: a label may leave out what its heading says, a sentence may not."""
    return len(text) >= _SENTENCE or 2 * len(term) >= len(text)


@lru_cache(maxsize=4096)
def _stems(rendering: str) -> tuple[str, ...]:
    words = [word for word in _WORD.findall(rendering.lower()) if word not in _SMALL]
    return tuple(word[:_STEM] for word in words) or (rendering.lower(),)
