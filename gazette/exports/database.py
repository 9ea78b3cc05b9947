"""Everything in one SQLite file: a table per table, and two that say what they and their columns are.

SQLite has but one implementation, so its own integrity check and a second reading stand in for another reader.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from gazette.exports import digest
from gazette.exports.cells import Cells, Column, numbers
from gazette.exports.labels import unique
from gazette.model import Artifact, BuildError

PATH = "data/all.sqlite"
_BLOCK = 10_000
_WIDEST = 18
"""Decimal digits that any 64-bit integer holds."""
MOST_COLUMNS = 2_000
"""SQLITE_MAX_COLUMN, as it is compiled by default ("Limits In SQLite")."""
_START = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA encoding = 'UTF-8';
CREATE TABLE _tables (name TEXT, dataset TEXT, resource TEXT, language TEXT, title TEXT,
    illustrative INTEGER, rows INTEGER, fingerprint TEXT, PRIMARY KEY (name, language)) WITHOUT ROWID;
CREATE TABLE _columns (name TEXT, position INTEGER, "column" TEXT, field TEXT, language TEXT, title TEXT,
    description TEXT, PRIMARY KEY (name, position, language)) WITHOUT ROWID;
"""


class Database:
    """The file while it is filled, table by table."""

    def __init__(self, stage: Path) -> None:
        self._path = stage / PATH
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # One transaction for all: with the journal off, every commit would only cost time.
        self._connection = sqlite3.connect(self._path)
        self._connection.executescript(_START)
        self._known: dict[str, Cells] = {}

    def add(self, cells: Cells) -> None:
        """Write one table; it must not have more than :data:`MOST_COLUMNS` columns."""
        name = unique([*self._known, _name(cells)])[-1]
        columns = unique(cells.names)
        self._describe(name, columns, cells)
        fields = ", ".join(
            f"{_quoted(title)} {_type(column)}" for title, column in zip(columns, cells.columns, strict=True)
        )
        self._connection.execute(f"CREATE TABLE {_quoted(name)} ({fields})")
        insert = f"INSERT INTO {_quoted(name)} VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - quoted
        for batch in cells.batches:
            values = [_values(each, column) for each, column in zip(batch.columns, cells.columns, strict=True)]
            self._connection.executemany(insert, zip(*values, strict=True))
        # The proof needs what the rows are to be, not the rows.
        self._known[name] = replace(cells, raw=(), batches=())

    def close(self) -> Artifact:
        """Finish the file; raises BuildError where what is read back is not what was to be written."""
        self._connection.commit()
        self._connection.close()
        self._prove()
        with self._path.open("rb") as content:
            sha256 = hashlib.file_digest(content, "sha256").hexdigest()
        rows = sum(cells.rows for cells in self._known.values())
        size = self._path.stat().st_size
        return Artifact(path=PATH, bytes=size, sha256=sha256, media_type="application/vnd.sqlite3", rows=rows)

    def _prove(self) -> None:
        with closing(sqlite3.connect(f"{self._path.as_uri()}?mode=ro", uri=True)) as connection:
            sound = connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            same = (
                digest.of(each.names, _read(connection, name, each)) == each.table for name, each in self._known.items()
            )
            if not sound or not all(same):
                raise BuildError("export-mismatch", exit=3, path=PATH)

    def _describe(self, name: str, columns: Sequence[str], cells: Cells) -> None:
        for language in cells.dataset.languages:
            title = cells.resource.title.get(language)
            about = (name, cells.dataset.name, cells.resource.name, language, title)
            facts = (int(cells.dataset.illustrative), cells.rows, cells.table)
            self._connection.execute("INSERT INTO _tables VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (*about, *facts))
            fields = [column.field for column in cells.columns]
            self._connection.executemany(
                "INSERT INTO _columns VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    (name, place, column, each.name, language, each.title.get(language), each.description.get(language))
                    for place, (column, each) in enumerate(zip(columns, fields, strict=True))
                ),
            )


def _name(cells: Cells) -> str:
    """The table's name: ``departments`` in its dataset ``departments``, ``key_areas__measures`` elsewhere."""
    dataset, table = cells.dataset.name.replace("-", "_"), cells.resource.slug.replace("-", "_")
    return dataset if dataset == table else f"{dataset}__{table}"


def _type(column: Column) -> str:
    if column.kind in {"integer", "boolean"}:
        return "INTEGER" if column.digits <= _WIDEST else "TEXT"
    return "REAL" if column.kind == "number" and column.exact else "TEXT"


def _values(values: pa.Array, column: Column) -> list[int | float | str | None]:
    if column.kind == "boolean":
        return list(values.cast(pa.bool_()).cast(pa.int8()).to_pylist())
    wanted = {"INTEGER": pa.int64(), "REAL": pa.float64(), "TEXT": pa.string()}[_type(column)]
    return list(values.cast(wanted).to_pylist())


def _read(connection: sqlite3.Connection, name: str, cells: Cells) -> Iterator[pa.RecordBatch]:
    found = connection.execute(f"SELECT * FROM {_quoted(name)} ORDER BY rowid")  # noqa: S608 - quoted
    while block := found.fetchmany(_BLOCK):
        columns = [
            _canonical(values, column) for values, column in zip(zip(*block, strict=True), cells.columns, strict=True)
        ]
        yield pa.record_batch(columns, names=cells.names)


def _canonical(values: Sequence[int | float | str | None], column: Column) -> pa.Array:
    if column.kind == "boolean":
        return pa.array(values, pa.int8()).cast(pa.bool_()).cast(pa.string())
    kind = {"INTEGER": pa.int64(), "REAL": pa.float64(), "TEXT": pa.string()}[_type(column)]
    found = pa.array(values, kind).cast(pa.string())
    return numbers(found) if kind == pa.float64() else found


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
