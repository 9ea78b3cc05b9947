"""Where the translations of a package or a table come from (``gazette.translation``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

from gazette.model import Language, Text, Translation

ORIGINS: tuple[Literal["official", "editor", "machine"], ...] = ("official", "editor", "machine")

Fault: TypeAlias = tuple[str, str, str]
"""The variant of the finding, the language it is about and the origin as stated."""


def read(stated: Any, languages: tuple[Language, ...]) -> Iterator[Translation | Fault]:
    """What ``stated`` says of each language: ``{en: editor}``, ``{en: {origin: official, source: …, source_zh: …}}``.

    A source is the title of the document or its address, in the first of ``languages``; beside it, with their suffix,
    in the others.
    """
    for language, value in stated.items() if isinstance(stated, Mapping) else ():
        node = value if isinstance(value, Mapping) else {"origin": value}
        origin = next((known for known in ORIGINS if known == node.get("origin")), None)
        source = _source(node, languages)
        if origin is None or language not in languages:
            yield "unknown", str(language), str(node.get("origin"))
        elif origin == "official" and not source:
            yield "unsourced", str(language), origin
        else:
            yield Translation(language=str(language), origin=origin, source=source)


def _source(node: Mapping[str, Any], languages: tuple[Language, ...]) -> Text:
    stated = [(tag, node.get("source" if number == 0 else f"source_{tag}")) for number, tag in enumerate(languages)]
    return Text(values=tuple((tag, value) for tag, value in stated if isinstance(value, str) and value))
