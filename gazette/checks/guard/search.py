"""Searches one text, or the cells of one column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    chunked = values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values], pa.string())
    return iter(columns([(chunked, field)])[0])


def columns(described: Sequence[tuple[pa.ChunkedArray, Field | None]]) -> list[list[tuple[int, Hit]]]:
    """The same of several columns, each with its field."""
    return table([], described)[1]


def texts(stated: Sequence[tuple[str, kinds.Context]]) -> list[tuple[Hit, ...]]:
    """What must not be published in each of several texts."""
    return table(stated, [])[0]


def table(
    stated: Sequence[tuple[str, kinds.Context]], described: Sequence[tuple[pa.ChunkedArray, Field | None]]
) -> tuple[list[tuple[Hit, ...]], list[list[tuple[int, Hit]]]]:
    """What must not be published in several texts and several columns, all of them sifted together."""
    members: dict[kinds.Context, list[int]] = {}
    for place, (_, context) in enumerate(stated):
        members.setdefault(context, []).append(place)
    contexts = [context_of(field) for _, field in described]
    groups = [
        (pa.chunked_array([[stated[place][0] for place in places]], pa.string()), context)
        for context, places in members.items()
    ]
    groups += [(values, context) for (values, _), context in zip(described, contexts, strict=True)]
    sifted = sieve.sift(groups)
    found: list[tuple[Hit, ...]] = [()] * len(stated)
    for (context, places), (rows, kept) in zip(members.items(), sifted, strict=False):
        for row, text in zip(rows.to_pylist(), kept.to_pylist(), strict=True):
            found[places[row]] = find(text, context)
    cells = zip(sifted[len(members) :], contexts, described, strict=True)
    return found, [_hits(rows, kept, context, _declared(field)) for (rows, kept), context, (_, field) in cells]


def _hits(rows: pa.Array, texts: pa.Array, context: kinds.Context, declared: frozenset[str]) -> list[tuple[int, Hit]]:
    if not len(rows):
        return []
    encoded = texts.dictionary_encode()
    found = [() if text in declared else find(text, context) for text in encoded.dictionary.to_pylist()]
    numbered = zip(rows.to_pylist(), encoded.indices.to_pylist(), strict=True)
    return [(row, hit) for row, number in numbered for hit in found[number]]


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
