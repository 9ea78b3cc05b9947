"""Rows before and after: the difference is exact, and enough to make the one from the other."""

from __future__ import annotations

import random
from collections import Counter

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from gazette.changes import rows
from gazette.changes.rows import Column, Delta

CELLS = st.one_of(st.none(), st.text(st.sampled_from("ab, \n\x1f0一"), max_size=2))
"""A ragged row has no cell in its last columns, which is not an empty one."""


def table(names: list[str], cells: list[tuple[str | None, ...]]) -> pa.Table:
    columns = list(zip(*cells, strict=True)) if cells else [()] * len(names)
    return pa.Table.from_arrays([pa.array(list(column), pa.string()) for column in columns], names=names)


def found(table_: pa.Table) -> list[tuple[str | None, ...]]:
    return [tuple(row.values()) for row in table_.to_pylist()]


@st.composite
def keyed(draw: st.DrawFn, names: tuple[str, ...] = ("k", "l", "x", "y")) -> pa.Table:
    """A table whose first two columns are its key."""
    keys = draw(st.lists(st.tuples(CELLS, CELLS), unique=True, max_size=8))
    others = [tuple(draw(CELLS) for _ in names[2:]) for _ in keys]
    return table(list(names), [(*key, *other) for key, other in zip(keys, others, strict=True)])


def applied(old: pa.Table, delta: Delta) -> Counter[tuple[str | None, ...]]:
    """The new table, made of the old one and the difference alone, with no code of the project."""
    names = [str(each.new) for each in delta.columns if each.new]
    former = {each.new: each.old for each in delta.columns if each.new}
    rest = Counter(found(delta.removed))
    kept = []
    for row in old.to_pylist():
        if rest[tuple(row.values())]:
            rest[tuple(row.values())] -= 1
        else:
            kept.append({name: row[str(former[name])] if former[name] else None for name in names})
    if delta.key:
        key = {tuple(row[name] for name in delta.key): row for row in kept}
        for own, field, cell in zip(
            delta.cells.keys.to_pylist(), delta.cells.field.to_pylist(), delta.cells.new.to_pylist(), strict=True
        ):
            key[tuple(own.values())][field] = cell
        for filled in delta.filled.to_pylist():
            key[tuple(filled[name] for name in delta.key)].update(filled)
    return Counter([*(tuple(row.values()) for row in kept), *found(delta.added)])


@given(keyed(), keyed())
def test_a_difference_makes_the_new_table_from_the_old(old: pa.Table, new: pa.Table) -> None:
    """By key: cells, rows that went and rows that came are all there is to it."""
    delta = rows.between(old, new, ["k", "l"])
    assert delta.key == ("k", "l")
    assert applied(old, delta) == Counter(found(new))


@given(keyed(), keyed(("k", "l", "x", "z")))
def test_columns_that_come_and_go_are_part_of_it(old: pa.Table, new: pa.Table) -> None:
    """The cells of a new column come with it, whether it is one renamed or not."""
    delta = rows.between(old, new, ["k", "l"])
    assert applied(old, delta) == Counter(found(new))


@given(st.lists(st.tuples(CELLS, CELLS), max_size=8), st.lists(st.tuples(CELLS, CELLS), max_size=8))
def test_without_a_key_rows_are_compared_as_wholes(
    old: list[tuple[str | None, ...]], new: list[tuple[str | None, ...]]
) -> None:
    """Equal rows are paired one by one, and the rest are removed or added."""
    delta = rows.between(table(["x", "y"], old), table(["x", "y"], new))
    assert (delta.key, delta.changed) == ((), 0)
    assert Counter(found(delta.removed)) == Counter(old) - Counter(new)
    assert Counter(found(delta.added)) == Counter(new) - Counter(old)


@given(keyed(), st.sampled_from([(), ("k", "l")]))
def test_a_table_does_not_differ_from_itself(each: pa.Table, key: tuple[str, ...]) -> None:
    """With a key or without."""
    delta = rows.between(each, each, key)
    assert not delta
    assert (delta.before, delta.after) == (each.num_rows, each.num_rows)


@given(keyed(), keyed(), st.randoms(use_true_random=False), st.sampled_from([(), ("k", "l")]))
def test_the_order_of_rows_does_not_matter(
    old: pa.Table, new: pa.Table, chance: random.Random, key: tuple[str, ...]
) -> None:
    """Nor does it without a key: a sorted file is the same table."""
    shuffled = old.take(pa.array(chance.sample(range(old.num_rows), old.num_rows), pa.int64()))
    assert not rows.between(old, shuffled, key)
    one, other = rows.between(old, new, key), rows.between(shuffled, new, key)
    assert (one.changed, found(one.added)) == (other.changed, found(other.added))
    assert Counter(found(one.removed)) == Counter(found(other.removed))
    assert one.cells.old.to_pylist() == other.cells.old.to_pylist()


@settings(max_examples=25)
@given(st.lists(st.text("ab", max_size=3), min_size=1, max_size=6, unique=True), st.integers(0, 3))
def test_tables_in_many_pieces_compare_as_in_one(keys: list[str], cut: int) -> None:
    """However a file was read."""
    old = table(["k", "x"], [(key, key) for key in keys])
    new = table(["k", "x"], [(key, key + "!") for key in reversed(keys)])
    pieces = pa.concat_tables([new.slice(0, cut), new.slice(cut)])
    assert rows.between(old, pieces, ["k"]).changed == len(keys)


def test_a_renamed_column_is_not_one_that_went_and_one_that_came() -> None:
    """Its cells tell; a few of them may have changed at the same time."""
    old = table(["id", "rank"], [(str(number), str(number * number)) for number in range(20)])
    new = table(["id", "place"], [(str(number), str(number * number) if number else "7") for number in range(20)])
    delta = rows.between(old, new, ["id"])
    assert delta.columns == (Column(old="id", new="id"), Column(old="rank", new="place"))
    assert (delta.changed, delta.cells.field.to_pylist(), delta.cells.new.to_pylist()) == (1, ["place"], ["7"])


def test_a_key_may_be_renamed_and_still_names_rows() -> None:
    """It is found by the texts both have."""
    old = table(["id", "x"], [(f"r{number}", "a") for number in range(10)])
    new = table(["code", "x"], [(f"r{number}", "a" if number else "b") for number in range(10)])
    delta = rows.between(old, new, ["code"])
    assert (delta.key, delta.renamed, delta.changed) == (("code",), {"id": "code"}, 1)


def test_a_key_that_names_two_rows_is_none() -> None:
    """What cannot be told apart is compared as a whole, and the difference says so."""
    old = table(["id", "x"], [("a", "1"), ("b", "2")])
    new = table(["id", "x"], [("a", "1"), ("a", "2")])
    delta = rows.between(old, new, ["id"])
    assert (delta.key, found(delta.removed), found(delta.added)) == ((), [("b", "2")], [("a", "2")])


def test_keys_whose_parts_run_together_stay_apart() -> None:
    """``a`` and ``bc`` are not ``ab`` and ``c``, whatever stands between."""
    old = table(["k", "l"], [("a", "bc"), ("a\x1f", "b")])
    new = table(["k", "l"], [("ab", "c"), ("a", "\x1fb")])
    delta = rows.between(old, new, ["k", "l"])
    assert (delta.removed.num_rows, delta.added.num_rows) == (2, 2)
