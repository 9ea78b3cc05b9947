"""What became of the rows of a table: added, removed, changed cell by cell.

Rows are paired by the primary key, exactly: two keys are the same where all their texts are. Where a table has no
key, or one that names two rows, its rows are compared as wholes: a changed row is one removed and one added. The
order of rows is no content.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Positions: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"

SAME = 0.9
"""Share of equal cells from which a column that went and one that came are one column under another name."""

_SPARSE = 8
"""Codes are made dense again once there could be so many times more of them than rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column by its former and its present name; ``None`` where it did not or does not exist."""

    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Changed cells, in the order of the new table: the keys of their rows, and three texts each."""

    keys: pa.Table
    field: pa.Array
    old: pa.Array
    new: pa.Array

    def __len__(self) -> int:
        return len(self.field)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """The difference of two tables; with a key it makes the new table from the old one."""

    key: tuple[str, ...]
    """The present names of the columns rows were paired by; empty where they were compared as wholes."""
    columns: tuple[Column, ...]
    """Those of the new table, then those that went."""
    before: int
    after: int
    added: pa.Table
    """Whole rows, with the columns of the new table."""
    removed: pa.Table
    """Whole rows, with the columns of the old table."""
    cells: Cells
    """Of rows and columns that both tables have."""
    filled: pa.Table
    """The cells of columns that came, for the rows that stayed, beside their keys; no columns where none came."""
    changed: int
    """Rows with a changed cell."""

    @property
    def renamed(self) -> dict[str, str]:
        """Former to present name, where these differ."""
        return {each.old: each.new for each in self.columns if each.old and each.new and each.old != each.new}

    def __bool__(self) -> bool:
        moved = any(each.old != each.new for each in self.columns)
        return moved or bool(self.added.num_rows or self.removed.num_rows or self.changed)


def between(old: pa.Table, new: pa.Table, key: Sequence[str] = ()) -> Delta:
    """The difference of two tables of text with unique column names; ``key`` names columns of either."""
    keys = _keys(old, new, key)
    if keys:
        left, right = _codes([old[each.old] for each in keys], [new[each.new] for each in keys])
        if _unique(left) and _unique(right):
            return _keyed(old, new, keys, _partners(left, right))
    return _whole(old, new)


# --- with a key -------------------------------------------------------------------------------------------


def _keyed(old: pa.Table, new: pa.Table, keys: tuple[Column, ...], partner: Positions) -> Delta:
    kept = np.flatnonzero(partner >= 0)
    theirs = partner[kept]
    order = np.argsort(theirs, kind="stable")
    kept, theirs = kept[order], theirs[order]
    ours, own = _picked(old, kept), _picked(new, theirs)
    columns = _columns(old, new, keys, lambda one, other: _equal_share(ours[one], own[other]))
    names = [str(each.new) for each in keys]
    came = [str(each.new) for each in columns if each.old is None]
    cells, changed = _compare(ours, own, columns, names)
    fresh = np.ones(new.num_rows, bool)
    fresh[theirs] = False
    return Delta(
        key=tuple(names),
        columns=columns,
        before=old.num_rows,
        after=new.num_rows,
        added=new.take(np.flatnonzero(fresh)),
        removed=old.take(np.flatnonzero(partner < 0)),
        cells=cells,
        filled=own.select([*names, *came]) if came else pa.table({}),
        changed=changed,
    )


def _compare(old: pa.Table, new: pa.Table, columns: Sequence[Column], key: list[str]) -> tuple[Cells, int]:
    """The cells that differ between paired rows, and how many rows have one."""
    rows: list[Positions] = []
    places: list[Positions] = []
    texts: list[tuple[pa.Array, pa.Array]] = []
    names = [each for each in columns if each.old and each.new and each.new not in key]
    for number, each in enumerate(names):
        left, right = old[each.old], new[each.new]
        found = np.flatnonzero(_differ(left, right))
        if len(found):
            rows.append(found)
            places.append(np.full(len(found), number))
            texts.append((_flat(left.take(found)), _flat(right.take(found))))
    if not rows:
        blank = pa.array([], pa.string())
        return Cells(keys=new.select(key).slice(0, 0), field=blank, old=blank, new=blank), 0
    row, place = np.concatenate(rows), np.concatenate(places)
    order = np.lexsort((place, row))
    labels = pa.array([str(each.new) for each in names], pa.string())
    cells = Cells(
        keys=new.select(key).take(row[order]),
        field=labels.take(pa.array(place[order])),
        old=pa.concat_arrays([left for left, _ in texts]).take(pa.array(order)),
        new=pa.concat_arrays([right for _, right in texts]).take(pa.array(order)),
    )
    return cells, len(np.unique(row))


def _differ(left: pa.ChunkedArray, right: pa.ChunkedArray) -> Any:
    differ = pc.not_equal(left, right)
    if differ.null_count:  # a ragged row has no cell there, which is not an empty one
        differ = pc.fill_null(differ, False).combine_chunks()  # noqa: FBT003 - the value
        one_is_missing = pc.not_equal(pc.is_null(left), pc.is_null(right))
        differ = pc.or_(differ, _flat(one_is_missing))
    return differ.to_numpy(zero_copy_only=False)


def _picked(table: pa.Table, rows: Positions) -> pa.Table:
    """The rows at these positions; the table itself where they are all of it, which spares a copy."""
    if len(rows) == table.num_rows and np.array_equal(rows, np.arange(len(rows))):
        return table
    return table.combine_chunks().take(rows)


# --- without ----------------------------------------------------------------------------------------------


def _whole(old: pa.Table, new: pa.Table) -> Delta:
    columns = _columns(old, new, (), lambda one, other: _likeness(old[one], new[other]))
    shared = [each for each in columns if each.old and each.new]
    partner = np.full(old.num_rows, -1)
    if shared:
        left, right = _codes([old[each.old] for each in shared], [new[each.new] for each in shared])
        partner = _partners(*_numbered(left, right))
    fresh = np.ones(new.num_rows, bool)
    fresh[partner[partner >= 0]] = False
    blank = pa.array([], pa.string())
    return Delta(
        key=(),
        columns=columns,
        before=old.num_rows,
        after=new.num_rows,
        added=new.take(np.flatnonzero(fresh)),
        removed=old.take(np.flatnonzero(partner < 0)),
        cells=Cells(keys=pa.table({}), field=blank, old=blank, new=blank),
        filled=pa.table({}),
        changed=0,
    )


def _numbered(left: Positions, right: Positions) -> tuple[Positions, Positions]:
    """The codes with the number of each occurrence, so that equal rows are paired one by one."""
    count = max(len(left), len(right)) + 1
    _, dense = np.unique(np.concatenate((left * count + _occurrence(left), right * count + _occurrence(right))),
                         return_inverse=True)  # fmt: skip
    return dense[: len(left)], dense[len(left) :]


def _occurrence(codes: Positions) -> Positions:
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    begins = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1]))) if len(codes) else order
    lengths = np.diff(np.append(begins, len(codes)))
    found = np.empty(len(codes), np.int64)
    found[order] = np.arange(len(codes)) - np.repeat(begins, lengths)
    return found


# --- columns ----------------------------------------------------------------------------------------------


def _keys(old: pa.Table, new: pa.Table, key: Sequence[str]) -> tuple[Column, ...]:
    """The columns of the key in both tables, one renamed among them; empty where one of them is in neither."""
    found = []
    for name in key:
        here, there = name in old.column_names, name in new.column_names
        if here and there:
            found.append(Column(old=name, new=name))
        elif here or there:
            known = old[name] if here else new[name]
            fresh = _missing(new, old) if here else _missing(old, new)
            other = next((each for each in fresh if _likeness(known, (new if here else old)[each]) >= SAME), None)
            if other is None:
                return ()
            found.append(Column(old=name, new=other) if here else Column(old=other, new=name))
        else:
            return ()
    return tuple(found)


def _missing(table: pa.Table, other: pa.Table) -> list[str]:
    return [name for name in table.column_names if name not in other.column_names]


def _columns(old: pa.Table, new: pa.Table, keys: Sequence[Column], likeness: Any) -> tuple[Column, ...]:
    """Every column of both tables; of one that went and one that came, those with the same cells are one."""
    former = {str(each.new): each.old for each in keys}
    went = [name for name in _missing(old, new) if name not in former.values()]
    came = [name for name in _missing(new, old) if name not in former]
    for one, other in product(went, came):
        if one not in former.values() and other not in former and likeness(one, other) >= SAME:
            former[other] = one
    named = {name: former.get(name, name if name in old.column_names else None) for name in new.column_names}
    gone = [name for name in old.column_names if name not in named.values()]
    return (*(Column(old=before, new=name) for name, before in named.items()), *(Column(old=n, new=None) for n in gone))


def _equal_share(left: pa.ChunkedArray, right: pa.ChunkedArray) -> float:
    """How many of the paired cells that are not blank in both are equal."""
    told = len(left) - pc.sum(pc.and_(_blank(left), _blank(right))).as_py() if len(left) else 0
    return 1 - float(_differ(left, right).sum()) / told if told else 0.0


def _likeness(left: pa.ChunkedArray, right: pa.ChunkedArray) -> float:
    """How many cells that are not blank the two columns share, wherever they stand."""
    ours, theirs = _codes([left.filter(pc.invert(_blank(left)))], [right.filter(pc.invert(_blank(right)))])
    most = max(len(ours), len(theirs))
    if not most:
        return 0.0
    size = int(max(ours.max(initial=0), theirs.max(initial=0))) + 1
    shared = np.minimum(np.bincount(ours, minlength=size), np.bincount(theirs, minlength=size)).sum()
    return float(shared) / most


def _blank(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.equal(pc.fill_null(cells, ""), "")


# --- equal texts, equal numbers ---------------------------------------------------------------------------


def _codes(left: Sequence[pa.ChunkedArray], right: Sequence[pa.ChunkedArray]) -> tuple[Positions, Positions]:
    """One number per row of each side, the same exactly where the texts in all columns are."""
    length = len(left[0])
    total = np.zeros(length + len(right[0]), np.int64)
    bound = 1
    for one, other in zip(left, right, strict=True):
        codes, count = _encoded(pa.chunked_array([*one.chunks, *other.chunks], pa.string()))
        total, bound = total * count + codes, bound * count
        if bound > _SPARSE * (len(total) + 1):
            distinct, total = np.unique(total, return_inverse=True)
            bound = len(distinct)
    return total[:length], total[length:]


def _encoded(cells: pa.ChunkedArray) -> tuple[Positions, int]:
    """Nought for a missing cell, and a number for every distinct text; and how many numbers there can be."""
    # In one piece, however large: dictionaries of many pieces are long to unify.
    encoded = cells.cast(pa.large_string()).combine_chunks().dictionary_encode()
    codes = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes + 1, len(encoded.dictionary) + 1


def _unique(codes: Positions) -> bool:
    return not len(codes) or int(np.bincount(codes).max()) == 1


def _partners(left: Positions, right: Positions) -> Positions:
    """The position on the right of every code on the left; -1 where there is none. Codes are unique on each side."""
    place = np.full(int(max(left.max(initial=-1), right.max(initial=-1))) + 1, -1, np.int64)
    place[right] = np.arange(len(right))
    return place[left]


def _flat(cells: Any) -> pa.Array:
    return cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells


def records(table: pa.Table) -> Iterator[dict[str, str | None]]:
    """The rows of a table as values, one by one."""
    for batch in table.to_batches():
        yield from batch.to_pylist()
