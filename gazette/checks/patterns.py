"""Whether a ``pattern`` means the same to every reader of the descriptor, and can be tried at all.

Frictionless sets a pattern between ``^`` and ``$`` without a group, and tries it with a matcher that goes back:
where a text can be read in two ways at each turn of a loop, every further character doubles the work.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from re import _constants as op  # type: ignore[attr-defined]  # the parser has no public name since Python 3.11
from re import _parser  # type: ignore[attr-defined]
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from gazette import tables

_MANY = 10
"""A loop that may turn so often is taken for one without end."""

_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:[=!]|<[=!]|P=|>|\()|[()|]", re.DOTALL)
_REFERENCE = re.compile(r"\\[1-9]|\(\?P=")
_SAMPLE = "09aAzZ_ \n-.,，。一龥\u3000éß"

Set: TypeAlias = "frozenset[str]"


def splits(pattern: str) -> bool:
    """Whether a ``|`` outside every group leaves a branch that frictionless' anchors do not reach."""
    depth, start = 0, 0
    branches = []
    for token in _TOKEN.finditer(pattern):
        if token[0].startswith("("):
            depth += 1
        elif token[0] == ")":
            depth -= 1
        elif token[0] == "|" and not depth:
            branches.append(pattern[start : token.start()])
            start = token.end()
    if not branches:
        return False
    branches.append(pattern[start:])
    return not all(branch.startswith("^") for branch in branches[1:]) or not all(
        branch.endswith("$") for branch in branches[:-1]
    )


@lru_cache(maxsize=1024)
def unportable(pattern: str) -> str | None:
    """What in ``pattern`` RE2 refuses (https://github.com/google/re2/wiki/Syntax); ``None`` where it takes all."""
    try:
        pc.match_substring_regex(tables.texts([""]), pattern)
    except pa.ArrowInvalid:
        found = (token[0] for token in _TOKEN.finditer(pattern))
        special = (text for text in found if text.startswith("(?") or _REFERENCE.match(text))
        return next(special, pattern)
    return None


@lru_cache(maxsize=1024)
def explodes(pattern: str) -> bool:
    """Whether the work of trying ``pattern`` can double with every character (exponential ambiguity).

    The test of Weber and Seidl (1991) on the automaton of Glushkov (1961), whose states are the characters of
    the pattern: a state that can return to itself over one text by two ways. ``False`` for what does not compile.
    """
    try:
        tree = _parser.parse(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    automaton = _Automaton(sample=frozenset(_SAMPLE) | frozenset(pattern))
    automaton.add(tree)
    return automaton.is_ambiguous()


@dataclass(slots=True)
class _Ends:
    """Where a part of the pattern begins and ends, and whether it may be empty."""

    first: list[int]
    last: list[int]
    empty: bool


@dataclass(slots=True)
class _Automaton:
    """The positions of a pattern with the characters each accepts, and how often one may follow another."""

    sample: Set
    accepts: list[Set] = field(default_factory=list)
    follows: Counter[tuple[int, int]] = field(default_factory=Counter)

    def add(self, tree: Iterable[tuple[Any, Any]]) -> _Ends:
        """A sequence of parts."""
        whole = _Ends([], [], empty=True)
        for code, value in tree:
            part = self._part(code, value)
            self._join(whole.last, part.first)
            whole.first = whole.first + part.first if whole.empty else whole.first
            whole.last = part.last + whole.last if part.empty else part.last
            whole.empty = whole.empty and part.empty
        return whole

    def _part(self, code: Any, value: Any) -> _Ends:
        if code in {op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN, op.RANGE, op.CATEGORY}:
            self.accepts.append(_characters(code, value, self.sample))
            here = len(self.accepts) - 1
            return _Ends([here], [here], empty=False)
        if code in {op.MAX_REPEAT, op.MIN_REPEAT}:
            least, most, body = value
            ends = self.add(body)
            if most >= _MANY:
                self._join(ends.last, ends.first)
            ends.empty = ends.empty or least == 0
            return ends
        if code is op.SUBPATTERN:
            return self.add(value[-1])
        if code is op.BRANCH:
            branches = [self.add(branch) for branch in value[1]]
            return _Ends(
                [place for ends in branches for place in ends.first],
                [place for ends in branches for place in ends.last],
                empty=any(ends.empty for ends in branches),
            )
        if code in {op.ASSERT, op.ASSERT_NOT}:
            self.add(value[1])  # tried apart: it takes part in no loop around it
        return _Ends([], [], empty=True)

    def _join(self, last: Sequence[int], first: Sequence[int]) -> None:
        self.follows.update((one, other) for one in last for other in first)

    def is_ambiguous(self) -> bool:
        """Whether a state returns to itself over one text by two ways."""
        after: dict[int, list[int]] = {}
        for one, other in self.follows:
            after.setdefault(one, []).append(other)
        reach = {state: _reached({state: after.get(state, []) for state in after}, state) for state in after}
        looping = [state for state in after if state in reach[state]]
        if any(self.follows[one, other] > 1 and one in reach.get(other, ()) for one, other in self.follows):
            return True
        kept = {state: [other for other in after[state] if other in looping] for state in looping}
        pairs = {(one, other): self._pairs(kept, one, other) for one in looping for other in looping}
        for state in looping:
            ways = [pair for pair in _reached(pairs, (state, state)) if pair[0] != pair[1]]
            if any((state, state) in _reached(pairs, pair) for pair in ways):
                return True
        return False

    def _pairs(self, after: Mapping[int, list[int]], one: int, other: int) -> list[tuple[int, int]]:
        """The pairs of states that may follow a pair over the same character."""
        return [
            (left, right) for left in after[one] for right in after[other] if self.accepts[left] & self.accepts[right]
        ]


def _reached(after: Mapping[Any, list[Any]], start: Any) -> set[Any]:
    """Everything that comes after ``start``."""
    found: set[Any] = set()
    waiting = deque([start])
    while waiting:
        for other in after.get(waiting.popleft(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def _characters(code: Any, value: Any, sample: Set) -> Set:
    """The characters of ``sample`` that one element of a pattern accepts."""
    if code is op.LITERAL:
        return frozenset(chr(value))
    if code is op.NOT_LITERAL:
        return sample - {chr(value)}
    if code is op.RANGE:
        ends = frozenset((chr(value[0]), chr(value[1])))
        return ends | {character for character in sample if value[0] <= ord(character) <= value[1]}
    if code is op.CATEGORY:
        letter = _CATEGORIES[value]
        return frozenset(character for character in sample if re.match(letter, character))
    if code is op.IN:
        parts = [(each, given) for each, given in value if each is not op.NEGATE]
        joined: Set = frozenset().union(*(_characters(each, given, sample) for each, given in parts))
        return joined if len(parts) == len(value) else sample - joined
    return sample


_CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d",
    op.CATEGORY_NOT_DIGIT: r"\D",
    op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w",
    op.CATEGORY_NOT_WORD: r"\W",
}
