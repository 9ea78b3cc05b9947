"""Searches one text, or the cells of one column."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from gazette.checks.guard import kinds, plain, sieve
from gazette.model import Field

Hit = kinds.Hit


def scan(text: str) -> tuple[Hit, ...]:
    """What must not be published in ``text``; the places are those of the text as it was given."""
    return find(text, kinds.Context())


def redact(text: str) -> str:
    """``text`` with a black bar over every hit, for messages that quote data."""
    for hit in reversed(scan(text)):
        text = f"{text[: hit.start]}███{text[hit.end :]}"
    return text


def column(values: pa.StringArray | pa.ChunkedArray, field: Field | None) -> Iterator[tuple[int, Hit]]:
    """What must not be published in a column: number of the row, from 0, and the place in the cell.

    ``field`` says what the column holds: quantities are judged by check digits alone, declared categories
    are not judged again in every row, and a header can announce numbers that have no form of their own.
    """
    context = context_of(field)
    declared = _declared(field)
    chunked = values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values], pa.string())
    rows, texts = sieve.sift(chunked, context)
    encoded = texts.dictionary_encode()
    found = [() if text in declared else find(text, context) for text in encoded.dictionary.to_pylist()]
    for row, number in zip(rows.to_pylist(), encoded.indices.to_pylist(), strict=True):
        for hit in found[number]:
            yield row, hit


def find(text: str, context: kinds.Context) -> tuple[Hit, ...]:
    """What must not be published in a text of which it is known where it stands."""
    bare = plain.undisguise(text)
    hits = kinds.find(bare.text, context)
    return tuple(Hit(hit.code, hit.severity, *bare.span(hit.start, hit.end)) for hit in hits)


def context_of(field: Field | None) -> kinds.Context:
    """Where the cells of a field stand."""
    if field is None:
        return kinds.Context(column=True)
    header = " ".join([field.name.replace("_", " ").replace("-", " "), *(title for _, title in field.title.values)])
    return kinds.Context(
        header=header,
        measure=field.type in {"integer", "number", "year"} and not kinds.says_what_it_holds(header),
        column=True,
    )


def _declared(field: Field | None) -> frozenset[str]:
    """The values the schema lists: they stand in the descriptor and are judged there, once."""
    if field is None:
        return frozenset()
    listed = field.constraints.get("enum") or ()
    return frozenset([*(str(value) for value in listed), *(category.value for category in field.categories)])
