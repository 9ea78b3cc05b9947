"""What the personal-data guard finds, what it finds by mistake, and how fast.

``python bench/guard.py [folder of CSV files …]``: recall on disguised synthetic numbers, false alarms and
speed on generated tables of codes, counts, amounts and instants, and on the files given.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from gazette.checks import guard
from gazette.checks.guard import numbers
from gazette.model import Dataset, Field, Resource, Schema, Slice, Text

RECALL = 100_000
ROWS = 1_000_000
PLACES = sorted(numbers._PREFECTURES)  # noqa: SLF001 - the table the guard itself goes by
CHOOSE = random.Random(20261101)


def digits(length: int) -> str:
    """So many random digits."""
    return str(CHOOSE.randrange(10**length)).zfill(length)


def resident_id() -> str:
    """A made-up identity number whose place, date and check character are right, worked out apart from the guard."""
    born = date(1930, 1, 1) + timedelta(days=CHOOSE.randrange(34_000))
    start = f"{CHOOSE.choice(PLACES)}{CHOOSE.randrange(1, 90):02}{born:%Y%m%d}{digits(3)}"
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(start))
    return start + "10X98765432"[total % 11]


def card() -> str:
    """A made-up UnionPay, Visa or Mastercard number."""
    start = CHOOSE.choice(["62" + digits(16), "62" + digits(13), "4" + digits(14), "52" + digits(13)])
    return next(start + check for check in "0123456789" if numbers.passes_luhn(start + check))


def hong_kong() -> str:
    """A made-up Hong Kong identity card number."""
    letter, number = CHOOSE.choice("ABCDEFGHKMNPRSTVYZ"), digits(6)
    check = next(check for check in "0123456789A" if numbers.is_hong_kong_identity(letter, number, check))
    return f"{letter}{number}({check})"


def mobile() -> str:
    """A made-up mobile number."""
    return f"1{CHOOSE.randrange(3, 10)}{digits(9)}"


KINDS: dict[str, tuple[Callable[[], str], str, tuple[int, ...]]] = {
    "resident identity number": (resident_id, "personal-id", (6, 14)),
    "bank card": (card, "personal-card", (4, 8, 12, 16)),
    "Hong Kong identity card": (hong_kong, "personal-document", (1, 7)),
    "mobile number": (mobile, "personal-mobile", (3, 7)),
}


def grouped(value: str, groups: tuple[int, ...], separator: str) -> str:
    """The value as people write it, in groups."""
    edges = [0, *(place for place in groups if place < len(value)), len(value)]
    return separator.join(value[start:end] for start, end in pairwise(edges))


def other_digits(value: str, zero: int) -> str:
    """The value with the digits of another script."""
    return "".join(chr(zero + int(character)) if character.isdigit() else character for character in value)


def scattered(value: str, mark: str) -> str:
    """The value with a mark nobody sees after every third character."""
    return mark.join(value[start : start + 3] for start in range(0, len(value), 3))


DISGUISES: tuple[Callable[[str, tuple[int, ...]], str], ...] = (
    lambda value, _: value,
    lambda value, _: other_digits(value, 0xFF10),
    lambda value, groups: grouped(value, groups, " "),
    lambda value, groups: grouped(value, groups, "-"),
    lambda value, groups: grouped(value, groups, "\N{IDEOGRAPHIC SPACE}"),
    lambda value, groups: grouped(value, groups, "\N{EN DASH}"),
    lambda value, _: scattered(value, "\N{ZERO WIDTH SPACE}"),
    lambda value, _: scattered(value, "\N{RIGHT-TO-LEFT MARK}"),
    lambda value, _: scattered(value, "\N{SOFT HYPHEN}"),
    lambda value, _: other_digits(value, 0x0660),
    lambda value, _: other_digits(value, 0x1D7CE),
    lambda value, _: f"申请人张某，号码{value}，已核对。",
)


def recall() -> None:
    """How many of the disguised numbers are found, through the column that finds them."""
    for name, (make, code, groups) in KINDS.items():
        cells = [DISGUISES[number % len(DISGUISES)](make(), groups) for number in range(RECALL)]
        found = {row for row, hit in guard.column(pa.array(cells), None) if hit.code == code}
        missed = Counter(row % len(DISGUISES) for row in range(RECALL) if row not in found)
        print(f"recall {name:<26} {len(found) / RECALL:9.4%}  missed by disguise: {dict(missed) or 'none'}")


def unified_code() -> str:
    """A made-up unified social credit code."""
    start = f"9144030{CHOOSE.randrange(10)}{''.join(CHOOSE.choices('0123456789ABCDEFGHJKLMNPQRTUWXY', k=9))}"
    return next(start + check for check in "0123456789ABCDEFGHJKLMNPQRTUWXY" if numbers.is_unified_code(start + check))


def day() -> date:
    """A day of this century."""
    return date(2004, 1, 1) + timedelta(days=CHOOSE.randrange(8_000))


# Type the schema declares, maker of one cell.
ORDINARY: dict[str, tuple[str, Callable[[], str]]] = {
    "count": ("integer", lambda: str(int(10 ** CHOOSE.uniform(0, 6)))),
    "amount_yuan": ("number", lambda: f"{10 ** CHOOSE.uniform(0, 12):.2f}"),
    "amount_int": ("integer", lambda: str(int(10 ** CHOOSE.uniform(0, 19)))),
    "share": ("number", lambda: repr(CHOOSE.random())),
    "division_code": ("string", lambda: CHOOSE.choice(PLACES) + digits(2)),
    "town_code": ("string", lambda: CHOOSE.choice(PLACES) + digits(8)),
    "uscc": ("string", unified_code),
    "organisation": ("string", lambda: CHOOSE.choice(["市教育局", "市财政局", "区税务局", "市场监督管理局"])),
    "outcome": ("string", lambda: CHOOSE.choice(["granted", "refused", "partly-granted", "not-processed"])),
    "date": ("date", lambda: day().isoformat()),
    "instant": ("string", lambda: f"{day().isoformat()} {CHOOSE.randrange(24):02}:{digits(2)}:{digits(2)}"),
    "stamp14": ("string", lambda: f"{day():%Y%m%d}{digits(6)}"),
    "stamp18": ("string", lambda: f"{day():%Y%m%d}{digits(10)}"),
    "epoch_ms": ("string", lambda: str(CHOOSE.randrange(10**12, 2 * 10**12))),
    "snowflake": ("string", lambda: str(CHOOSE.randrange(10**18, 2 * 10**18))),
    "ean": ("string", lambda: f"69{digits(11)}"),
    "isbn": ("string", lambda: f"9787{digits(9)}"),
    "landline": ("string", lambda: f"0755-8{digits(7)}"),
    "phone": ("string", lambda: f"0755-8{digits(7)}"),  # its header announces telephone numbers
    "card_no": ("string", lambda: f"LIB-{digits(6)}"),
    "geo": ("string", lambda: f"{CHOOSE.uniform(20, 40):.6f},{CHOOSE.uniform(100, 120):.6f}"),
    "doc_no": ("string", lambda: f"深府规〔{CHOOSE.randrange(2004, 2027)}〕{CHOOSE.randrange(1, 200)}号"),
    "uuid": ("string", lambda: f"{CHOOSE.getrandbits(128):032x}"),
}

# Numbers that no look at the value tells from personal ones: reported one by one, as a column.
TREACHEROUS: dict[str, tuple[str, Callable[[], str]]] = {
    "random 11 digits": ("string", lambda: str(CHOOSE.randrange(10**10, 10**11))),
    "random 16-19 digits": ("string", lambda: str(CHOOSE.randrange(10**15, 10**19))),
    "random 18 digits": ("string", lambda: str(CHOOSE.randrange(10**17, 10**18))),
    "62 + 16 digits": ("string", lambda: f"62{digits(16)}"),
    "division+day+4 digits": ("string", lambda: f"440308{day():%Y%m%d}{digits(4)}"),
    "log-uniform, type any": ("any", lambda: str(int(10 ** CHOOSE.uniform(0, 14)))),
}


def piece(fields: tuple[Field, ...]) -> Slice:
    """The address of a table that is in memory only."""
    resource = Resource(
        name="t",
        slug="t",
        dataset="d",
        title=Text(),
        description=Text(),
        paths=("t.csv",),
        schema=Schema(fields=fields),
    )
    dataset = Dataset(name="d", folder="d", path="d/datapackage.yaml", title=Text(), description=Text(), resources=())
    return Slice(root=Path(), dataset=dataset, resource=resource)


def field(name: str, kind: str) -> Field:
    """A field of a type, without constraints."""
    return Field(name=name, type=kind, format="default", title=Text(), description=Text(), constraints={})


def measured(label: str, table: pa.Table, fields: tuple[Field, ...]) -> None:
    """Findings and speed on one table."""
    start = time.process_time()
    findings = guard.judge(table, piece(fields))
    taken = time.process_time() - start
    cells = table.num_rows * table.num_columns
    found = ", ".join(f"{finding.code} {finding.severity} ×{finding.count}" for finding in findings[:4]) or "nothing"
    print(f"{label:<26} {cells:>12,} cells {cells / taken / 1e6:7.2f} M cells per CPU second  {found}")


def generated() -> None:
    """Tables nobody is named in."""
    columns: dict[str, list[str]] = {}
    for name, (kind, make) in ORDINARY.items():
        columns[name] = [make() for _ in range(ROWS)]
        measured(name, pa.table({name: columns[name]}), (field(name, kind),))
    fields = tuple(field(name, kind) for name, (kind, _) in ORDINARY.items())
    measured("all of them", pa.table(columns), fields)
    typical = ["count", "amount_yuan", "division_code", "organisation", "outcome", "date"]
    measured(
        "codes and counts",
        pa.table({name: columns[name] for name in typical}),
        tuple(field(name, ORDINARY[name][0]) for name in typical),
    )
    print("-- numbers that chance makes personal")
    for name, (kind, make) in TREACHEROUS.items():
        measured(name, pa.table({"code": [make() for _ in range(ROWS)]}), (field("code", kind),))


def files(paths: list[Path]) -> Iterator[Path]:
    """Every CSV file below the paths."""
    for path in paths:
        yield from sorted(path.rglob("*.csv"))


def real(paths: list[Path]) -> None:
    """Real tables, every column read as text of no declared type."""
    cells = 0
    for path in files(paths):
        text = csv.read_csv(path, parse_options=csv.ParseOptions(newlines_in_values=True))
        table = csv.read_csv(
            path,
            parse_options=csv.ParseOptions(newlines_in_values=True),
            convert_options=csv.ConvertOptions(column_types=dict.fromkeys(text.column_names, pa.string())),
        )
        cells += table.num_rows * table.num_columns
        for finding in guard.judge(table, piece(())):
            print(f"{path.name}: {finding.code} {finding.severity} row {finding.row} {finding.field} ×{finding.count}")
    print(f"real tables: {cells:,} cells")


if __name__ == "__main__":
    recall()
    generated()
    real([Path(argument) for argument in sys.argv[1:]])
