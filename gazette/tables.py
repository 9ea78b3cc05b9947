"""Files as columns of text: owns bytes, dialect, ragged rows and the numbers of rows.

A file is read in blocks that begin and end on the border of a record. Each block is tokenised by pyarrow in one
piece: its tokeniser agrees with Python's ``csv.reader`` (frictionless' reader) cell by cell, and a quoted CRLF
across the border of two of *its* blocks would lose its LF (apache/arrow#51368).
"""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.csv

from gazette.model import Dataset, ForeignKey, Resource, Slice, Snapshot

if TYPE_CHECKING:
    from frictionless.resources import TableResource

Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"

BLOCK = 2 << 20
"""Bytes tokenised at once."""

SLICE = 32 << 20
"""Bytes of a table that are one unit of work."""

_LONGEST = 64 << 20
"""A record longer than this is not read column by column."""

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"

_DIALECT = {
    "header": True,
    "headerRows": [1],
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "skipInitialSpace": False,
}
"""The defaults of Table Dialect v2, written out: whatever is not declared, frictionless would guess."""


class Irregular(Exception):
    """The file cannot be read column by column with frictionless' result; frictionless must read it itself."""


class Unclosed(Exception):
    """The last cell before ``end`` is still open, so ``end`` is not the border of a record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What the tokeniser must know of a CSV file."""

    path: Path
    delimiter: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Some whole records of a file.

    ``cells`` holds the records that have as many cells as there are labels; ``ragged`` the others, by their index
    among the ``records``. The header, where the block begins the file, is the first record of both.
    """

    start: int
    end: int
    records: int
    cells: pa.RecordBatch
    ragged: Mapping[int, list[str]]

    @property
    def index(self) -> Array:
        """Index among the records of each row of ``cells``."""
        every = np.arange(self.records)
        return np.delete(every, list(self.ragged)) if self.ragged else every


# --- the public reader ------------------------------------------------------------------------------------


def cut(datasets: Iterable[Dataset], snapshot: Snapshot) -> tuple[Slice, ...]:
    """The tables of ``datasets`` as units of work, in order; a large CSV file gives several.

    A slice ends after a line feed. That may lie inside a quoted cell, which only reading tells: who reads a slice
    learns it from :class:`Unclosed` and reads it together with the next.
    """
    known = {dataset.name: dataset for dataset in datasets}
    slices: list[Slice] = []
    for dataset in known.values():
        for resource in dataset.resources:
            if resource.omitted is None:
                keys = resource.schema.foreign_keys if resource.schema else ()
                names = sorted({key.dataset for key in keys if key.dataset and key.dataset != dataset.name})
                others = tuple(known[name] for name in names if name in known)
                whole = Slice(root=snapshot.root, dataset=dataset, resource=resource, others=others)
                slices += divide(whole)
    return tuple(slices)


def batches(piece: Slice) -> Iterator[pa.RecordBatch]:
    """The rows of ``piece`` as text: columns named by the labels, null where a ragged row has no cell.

    Raises :class:`Irregular` for a file that is not a table at all.
    """
    from frictionless import FrictionlessException

    try:
        layout = _layout(piece)
        if layout is None:
            with source(unbound(piece)) as resource:
                yield from _converted(resource, list(resource.labels))
            return
    except FrictionlessException as fault:
        raise Irregular from fault
    for block in blocks(layout, piece):
        yield _whole(block, list(layout.labels))


def read(piece: Slice) -> pa.Table:
    """All rows of ``piece`` as one table of text; see :func:`batches`."""
    found = list(batches(piece))
    if found:
        return pa.Table.from_batches(found)
    with source(unbound(piece)) as resource:
        return pa.Table.from_arrays([texts([])] * len(resource.labels), names=list(resource.labels))


# --- frictionless' view of the same table -----------------------------------------------------------------


def source(piece: Slice, *, alone: bool = False) -> TableResource:
    """The table as frictionless is to read it, in a package with every table its foreign keys name.

    ``alone`` leaves those tables out, for whoever knows their keys. Raises frictionless' ``FrictionlessException``
    where it does not accept the metadata.
    """
    from frictionless import Package  # half a second: only a table that is read pays it

    own = _descriptor(piece.dataset, piece.resource)
    mounted = {own["name"]: own}
    keys = piece.resource.schema.foreign_keys if piece.resource.schema else ()
    for key in keys:
        target = _target(piece, key)
        name = mount(piece, *target) if target else key.resource
        if target and not alone:
            mounted.setdefault(name, _descriptor(*target) | {"name": name})
        reference = {"resource": name, "fields": list(key.reference_fields)}
        own["schema"].setdefault("foreignKeys", []).append({"fields": list(key.fields), "reference": reference})
    # Version 2 takes all that version 1 takes; whether a descriptor keeps to its own was asked when it was loaded.
    document = {"$schema": _PROFILE, "resources": list(mounted.values())}
    package = Package.from_descriptor(document, basepath=str(piece.root))
    return package.get_table_resource(own["name"])


def unbound(piece: Slice) -> Slice:
    """The table without its foreign keys, for whoever asks about its own cells."""
    schema = piece.resource.schema
    if not schema or not schema.foreign_keys:
        return piece
    return replace(piece, resource=replace(piece.resource, schema=replace(schema, foreign_keys=())))


def mount(piece: Slice, dataset: Dataset, resource: Resource) -> str:
    """The name of a table in the package that is made for ``piece``."""
    return resource.slug if dataset.name == piece.dataset.name else f"{dataset.name}.{resource.slug}"


def _target(piece: Slice, key: ForeignKey) -> tuple[Dataset, Resource] | None:
    """The table a foreign key of ``piece`` names; ``None`` where it is the table itself, or none that can be read."""
    for dataset in (piece.dataset, *piece.others):
        for resource in dataset.resources:
            if (dataset.name, resource.name) == (key.dataset or piece.dataset.name, key.resource):
                return (dataset, resource) if resource.omitted is None else None
    return None


def _descriptor(dataset: Dataset, resource: Resource) -> dict[str, Any]:
    """What frictionless is told of a table; nothing is left for it to guess."""
    kept = {key: value for key, value in resource.descriptor.items() if key in ("hash", "bytes", "fields", "rows")}
    kept |= {"name": resource.slug, "type": "table", "format": resource.format, "encoding": resource.encoding}
    if resource.paths:
        paths = [f"{dataset.folder}/{path}" if dataset.folder else path for path in resource.paths]
        kept["path"] = paths[0]
        if paths[1:]:
            kept["extrapaths"] = paths[1:]
    else:
        kept |= {"data": resource.data, "format": "inline"}
        kept.pop("encoding")
    csv_only = {} if resource.format == "csv" else {"delimiter": "\t"} if resource.format == "tsv" else None
    if csv_only is None:
        kept["dialect"] = {"header": True, "headerRows": [1]} | dict(resource.dialect)
    else:
        kept["dialect"] = _DIALECT | csv_only | dict(resource.dialect)
    if resource.schema:
        # Foreign keys are for source() to state; those of a table that is merely referred to are not asked about.
        kept["schema"] = {name: value for name, value in resource.schema.descriptor.items() if name != "foreignKeys"}
    return kept


def location(piece: Slice) -> Path:
    """The one file of the table."""
    return piece.root / piece.dataset.folder / piece.resource.paths[0]


def describe(piece: Slice, resource: TableResource, labels: Sequence[str]) -> Layout | None:
    """How to tokenise the table frictionless sees as ``resource`` with ``labels``; ``None`` if frictionless must."""
    from frictionless.formats import CsvControl

    dialect = resource.dialect
    control = CsvControl.from_dialect(dialect)
    plain = (
        resource.format == "csv"
        and len(piece.resource.paths) == 1
        and not resource.compression
        and codecs.lookup(resource.encoding or "utf-8").name in ("utf-8", "utf-8-sig", "ascii")
        and dialect.header
        and dialect.header_rows == [1]
        and dialect.header_case
        and not (dialect.comment_char or dialect.comment_rows or dialect.skip_blank_rows)
        and len(control.delimiter.encode()) == 1
        and control.delimiter not in '"\r\n\0'
        and control.quote_char == '"'
        and not control.escape_char
        and not control.skip_initial_space
    )
    if not plain or not labels:
        return None
    return Layout(path=location(piece), delimiter=control.delimiter, labels=tuple(labels))


def _layout(piece: Slice) -> Layout | None:
    """The same for rows nobody holds against a schema: to read one takes longer than to read a small file."""
    from frictionless import system
    from frictionless.resources import TableResource

    if piece.resource.format != "csv" or len(piece.resource.paths) != 1:
        return None
    descriptor = _descriptor(piece.dataset, replace(piece.resource, schema=None))
    resource = TableResource.from_descriptor(descriptor, basepath=str(piece.root))
    with system.create_parser(resource) as parser:
        return describe(piece, resource, resource.dialect.read_labels(parser.sample))


# --- arrays -----------------------------------------------------------------------------------------------


class _NoPandas(MetaPathFinder):
    """Says that there is no pandas."""

    def find_spec(self, fullname: str, _path: object, _target: object = None) -> None:
        """Raises for pandas alone; everything else is for the other finders."""
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)


def _decline_pandas() -> None:
    """Have pyarrow look for pandas now, in vain, and not at the first value it converts.

    The import takes half a second, and no value here is one of pandas'. Who asks for pandas still gets it.
    """
    sys.meta_path.insert(0, finder := _NoPandas())
    pa.scalar(0)
    sys.meta_path.remove(finder)


_decline_pandas()


def texts(values: Sequence[str | None]) -> pa.StringArray:
    """``values`` as a column."""
    return pa.array(values, pa.string())


def constant(value: str, kind: pa.DataType) -> pa.Scalar:
    """One value, read from its text as Arrow casts it."""
    return texts([value]).cast(kind)[0]


def numbers(values: pa.Array) -> Array:
    """``values``, fixed in width and without nulls, as numpy sees them."""
    buffer = values.buffers()[1]
    if pa.types.is_boolean(values.type):
        bits = np.unpackbits(np.frombuffer(buffer, np.uint8), bitorder="little")
        return bits[values.offset : values.offset + len(values)].view(bool)
    kind = np.dtype(values.type.to_pandas_dtype())
    return np.frombuffer(buffer, kind)[values.offset : values.offset + len(values)]


def keep(cells: pa.Array, rows: Array) -> pa.Array:
    """The cells at the ascending positions ``rows``."""
    return cells.take(pa.array(rows))


# --- blocks of a CSV file ---------------------------------------------------------------------------------


def blocks(layout: Layout, piece: Slice, nulls: Sequence[str] = ()) -> Iterator[Block]:
    """The records of ``piece``, block by block; cells whose whole text is one of ``nulls`` are null.

    While a block is looked at, the next one is read: pyarrow tokenises without holding Python's lock. Raises
    :class:`Irregular` where only frictionless can tell what the cells are, and :class:`Unclosed` where the piece
    ends inside a quoted cell.
    """
    found = _blocks(layout, piece.start, piece.end, nulls)
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, found, None)
        while block := coming.result():
            coming = pool.submit(next, found, None)
            yield block


def _blocks(layout: Layout, start: int, end: int | None, nulls: Sequence[str]) -> Iterator[Block]:
    size = layout.path.stat().st_size
    end = size if end is None else end
    length = BLOCK
    with layout.path.open("rb") as file:
        while start < end:
            file.seek(start)
            data = file.read(min(length, end - start))
            stop = len(data) if start + len(data) == end else data.rfind(b"\n") + 1
            try:
                block = _tokenise(layout, data, start, stop, nulls)
            except Unclosed:
                if start + len(data) == end:
                    # A quote nobody closes swallows the rest of the file: frictionless says how it reads that.
                    raise Irregular if end == size else Unclosed from None
                if length >= _LONGEST:
                    raise Irregular from None
                length *= 2
                continue
            yield block
            start, length = block.end, BLOCK


def pick(layout: Layout, block: tuple[int, int, int], wanted: Sequence[int]) -> list[list[str]]:
    """The records at the ascending indices ``wanted`` of a block (start, end, number of records)."""
    start, end, records = block
    with layout.path.open("rb") as file:
        file.seek(start)
        data = file.read(end - start)
    newlines = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))
    ends = newlines + 1 if data.endswith(b"\n") else np.append(newlines + 1, len(data))
    # One line, one record: then a quoted line break is impossible, unless a lone CR makes up for it.
    if len(ends) == records and (b"\r" not in data or data.count(b"\r") == data.count(b"\r\n")):
        begins = np.concatenate(([0], ends))
        data = b"".join(data[begins[index] : ends[index]] for index in wanted)
        return _parse(layout, data, len(wanted))
    rows = _parse(layout, data if start else data.removeprefix(codecs.BOM_UTF8), records)
    return [rows[index] for index in wanted]


def divide(whole: Slice) -> Iterator[Slice]:
    """``whole`` as slices of about :data:`SLICE` bytes, each ending after a line feed."""
    if whole.resource.format != "csv" or len(whole.resource.paths) != 1:
        yield whole
        return
    path = location(whole)
    size = path.stat().st_size
    start = 0
    with path.open("rb") as file:
        while size - start > SLICE:
            file.seek(start + SLICE)
            file.readline()
            if file.tell() >= size:
                break
            yield replace(whole, start=start, end=file.tell())
            start = file.tell()
    yield replace(whole, start=start)


def lines(piece: Slice, rows: set[int]) -> dict[int, int]:
    """The first line of each of the records ``rows``, both counted from 1."""
    if len(piece.resource.paths) != 1 or not rows:
        return {}
    found: dict[int, int] = {}
    with location(piece).open(encoding=piece.resource.encoding, newline="") as file:
        reader = csv.reader(file, delimiter=str(piece.resource.dialect.get("delimiter", ",")))
        before = 0
        for number in range(1, max(rows) + 1):
            if next(reader, None) is None:
                break
            if number in rows:
                found[number] = before + 1
            before = reader.line_num
    return found


def _tokenise(layout: Layout, data: bytes, start: int, stop: int, nulls: Sequence[str]) -> Block:
    if not stop:
        raise Unclosed  # not one line feed
    if start and data.startswith(codecs.BOM_UTF8):
        raise Irregular  # pyarrow would drop it, csv.reader keeps it
    broken: dict[int, str] = {}

    def note(row: pyarrow.csv.InvalidRow) -> str:
        broken[row.number - 1] = row.text
        return "skip"

    names = [str(number) for number in range(len(layout.labels))]
    try:
        table = pyarrow.csv.read_csv(
            pa.py_buffer(data).slice(0, stop),
            # One thread: with more, rows have no number (InvalidRow.number is None).
            read_options=pyarrow.csv.ReadOptions(use_threads=False, block_size=stop + 1, column_names=names),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=layout.delimiter, ignore_empty_lines=False, invalid_row_handler=note
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), null_values=nulls, strings_can_be_null=bool(nulls)
            ),
        )
    except (pa.ArrowInvalid, UnicodeDecodeError) as fault:
        raise Irregular from fault  # bytes that are not UTF-8
    ragged = {index: _parse(layout, (text + "\n").encode(), 1)[0] for index, text in broken.items()}
    records = table.num_rows + len(ragged)
    (cells,) = table.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], table.schema)]
    last = ragged.get(records - 1, [cells[-1][-1].as_py()] if cells.num_rows else [""])
    # Only a quoted cell can end in a line break; whether its quote is closed, the next block shows.
    if last and (last[-1] or "").endswith("\n"):
        raise Unclosed
    return Block(start=start, end=start + stop, records=records, cells=cells, ragged=ragged)


def _parse(layout: Layout, data: bytes, expected: int) -> list[list[str]]:
    """The records of ``data`` as ``csv.reader`` reads them, told what frictionless tells it."""
    rows = list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=layout.delimiter))
    if len(rows) != expected:
        raise Irregular
    return rows


def _whole(block: Block, labels: list[str]) -> pa.RecordBatch:
    """The rows of a block under their labels, ragged ones in their place, the header left out."""
    columns = block.cells.columns
    if block.ragged:
        order = np.argsort(np.concatenate((block.index, list(block.ragged))), kind="stable")
        odd = [texts([row[place] if place < len(row) else None for row in block.ragged.values()])
               for place in range(len(labels))]  # fmt: skip
        columns = [keep(pa.concat_arrays(pair), order) for pair in zip(columns, odd, strict=True)]
    batch = pa.RecordBatch.from_arrays(columns, names=labels)
    return batch if block.start else batch.slice(1)


def _converted(resource: TableResource, labels: list[str]) -> Iterator[pa.RecordBatch]:
    """The rows frictionless reads, as text: what the file holds as text, else as the field writes its value."""
    rows = iter(resource.row_stream)
    while chunk := list(itertools.islice(rows, 10_000)):
        table = [_written(row, len(labels)) for row in chunk]
        yield pa.RecordBatch.from_arrays([texts(column) for column in zip(*table, strict=True)], names=labels)


def _written(row: Any, width: int) -> list[str | None]:
    """The cells of a row: ``None`` beyond its end, empty where the file has no value (XLSX, JSON)."""
    written: list[str | None] = []
    for place, (cell, value) in enumerate(zip(row.cells[:width], row.values(), strict=False)):
        if cell is None or isinstance(cell, str):
            written.append(cell or "")
        else:
            text, _ = row.fields[place].write_cell(value, ignore_missing=True)
            written.append(str(cell) if text is None else str(text))
    return written + [None] * (width - len(written))
