"""Bytes of a descriptor → a JSON value with the line of everything in it.

YAML is read as JSON with fewer quotes: a plain scalar is ``null``, ``true``, ``false``, a JSON number or a
string, so ``NO``, ``0755``, ``1:30`` and ``2024-01-01`` stay what the editor wrote. Anchors and tags are
refused: what a reviewer reads must be what the tool sees.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from gazette.model import Fact

MAX_DEPTH = 32
"""Deeper nesting than any descriptor of the standard needs."""

MAX_BYTES = 4 << 20
"""A hundred times what a long descriptor in two languages has; a list of values longer than this is a table."""

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:(\.[0-9]+)?([eE][-+]?[0-9]{1,3})?)", re.ASCII)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_CONSTANTS = {"null": None, "~": None, "": None, "true": True, "false": False}
_PLAIN_TAGS = {None, "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}


class Fault(Exception):
    """A document that cannot be read; becomes a finding with this code, place and facts."""

    def __init__(self, code: str, line: int | None = None, column: int | None = None, **facts: Fact) -> None:
        super().__init__(code)
        self.code = code
        self.line = line
        self.column = column
        self.facts = facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A JSON object and the line of each of its parts, by JSON pointer."""

    value: dict[str, Any]
    lines: Mapping[str, int]


def read(content: bytes, *, is_json: bool) -> Document:
    """Read a JSON or YAML document that holds an object; raises :class:`Fault`."""
    text = _decode(content)
    if not is_json:
        value, lines = _yaml(text)
        return Document(value=_object(value), lines=lines)
    value = _object(_json(text))
    # Read once more as YAML, for the lines. Outside strings a tab is white space in JSON and an error in YAML
    # (inside strings JSON forbids it); YAML knows no surrogate pairs.
    _, lines = _yaml(_SURROGATE.sub(" ", text.replace("\t", " ")))
    return Document(value=value, lines=lines)


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Fault("descriptor-type", 1, 1)
    return value


def _decode(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise Fault("descriptor-too-large", limit=MAX_BYTES >> 20)
    if content.startswith(b"\xef\xbb\xbf"):
        raise Fault("descriptor-bom", 1, 1)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise Fault("descriptor-encoding", content.count(b"\n", 0, fault.start) + 1, byte=fault.start) from fault
    if not text.strip():
        raise Fault("descriptor-type", 1, 1)
    return text


def _json(text: str) -> Any:
    """YAML accepts more than JSON and joins no surrogate pairs; what calls itself JSON is read as JSON."""

    def refuse(constant: str) -> None:
        raise Fault("descriptor-syntax", _line_of(text, constant), reason=f"{constant} is not JSON")

    try:
        value = json.loads(text, parse_constant=refuse)
        json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as fault:
        raise Fault("descriptor-syntax", fault.lineno, fault.colno, reason=fault.msg) from fault
    except RecursionError as fault:
        raise Fault("descriptor-too-deep", limit=MAX_DEPTH) from fault
    except ValueError as fault:  # half of a surrogate pair, an integer of thousands of digits
        raise Fault("descriptor-syntax", reason=str(fault)) from fault
    return value


def _line_of(text: str, part: str) -> int:
    return text.count("\n", 0, text.find(part)) + 1


def _yaml(text: str) -> tuple[Any, Mapping[str, int]]:
    """The value of a YAML text and the lines of its parts."""
    reader = _Reader(text)
    try:
        return reader.document(), reader.lines
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (None, None)
        raise Fault("descriptor-syntax", *place, reason=fault.problem or "not YAML") from fault
    except yaml.YAMLError as fault:
        raise Fault("descriptor-syntax", reason=str(fault).splitlines()[0]) from fault


class _Reader:
    """Builds the value of a document from the events of the C library, in one pass, and remembers the lines.

    Its own composer recurses in C and would exhaust the stack of a document nested deep enough.
    """

    def __init__(self, text: str) -> None:
        self.lines: dict[str, int] = {}
        self._next: Callable[[], Any] = yaml.CBaseLoader(text).get_event

    def document(self) -> Any:
        self._next()  # the stream begins
        if type(self._next()) is yaml.StreamEndEvent:
            raise Fault("descriptor-type", 1, 1)
        value = self._value(self._next(), "", 0)
        self._next()  # the document ends
        after = self._next()
        if type(after) is not yaml.StreamEndEvent:
            raise Fault("descriptor-syntax", *_place(after), reason="there is a second document")
        return value

    def _value(self, event: Any, pointer: str, depth: int) -> Any:
        """The value that begins with ``event``, ``depth`` collections being open around it."""
        kind = type(event)
        if kind is yaml.AliasEvent:
            raise Fault("yaml-alias", *_place(event), anchor=event.anchor)
        if event.tag not in _PLAIN_TAGS:
            raise Fault("yaml-tag", *_place(event), tag=event.tag)
        self.lines.setdefault(pointer, event.start_mark.line + 1)
        if kind is yaml.ScalarEvent:
            return event.value if event.style else _plain(event.value)
        if depth == MAX_DEPTH:
            raise Fault("descriptor-too-deep", *_place(event), limit=MAX_DEPTH)
        return (self._mapping if kind is yaml.MappingStartEvent else self._sequence)(pointer, depth + 1)

    def _sequence(self, pointer: str, depth: int) -> list[Any]:
        result: list[Any] = []
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            result.append(self._value(event, f"{pointer}/{len(result)}", depth))
        return result

    def _mapping(self, pointer: str, depth: int) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while type(key := self._next()) is not yaml.MappingEndEvent:
            if type(key) is yaml.AliasEvent:
                raise Fault("yaml-alias", *_place(key), anchor=key.anchor)
            if type(key) is not yaml.ScalarEvent or key.tag not in _PLAIN_TAGS:
                raise Fault("descriptor-syntax", *_place(key), reason="a key must be a string")
            if key.value in result:
                raise Fault("descriptor-duplicate-key", *_place(key), key=key.value)
            below = f"{pointer}/{escape(key.value)}"
            self.lines[below], _ = _place(key)
            result[key.value] = self._value(self._next(), below, depth)
        return result


def _place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


@lru_cache(maxsize=4096)
def escape(token: str) -> str:
    """A reference token of a JSON pointer (RFC 6901, section 3)."""
    return token.replace("~", "~0").replace("/", "~1")


def _plain(text: str) -> Any:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if match := _NUMBER.fullmatch(text):
        return float(text) if match[1] or match[2] else int(text)
    return text
