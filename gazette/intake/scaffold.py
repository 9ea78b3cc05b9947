"""A dataset to be filled in: what the cells tell is inferred, what only its editor can say is marked as missing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from gazette.intake.reading import Sheet

LONGEST = 12
"""Digits from which a number is a code: nobody counts so far, and a spreadsheet keeps no more than 15."""

_INTEGER = re.compile(r"-?(?:0|[1-9]\d*)")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_YEARLY = re.compile("year|年", re.IGNORECASE)
_CODED = re.compile(
    r"(?:^|[_\W])(?:id|code|no|number|zip|phone|tel)(?:$|[_\W])|编号|代码|编码|号码|文号|电话|邮编|索引号",
    re.IGNORECASE,
)
_HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What is known of a column."""

    name: str
    label: str
    """Its header in the file."""
    type: str
    required: bool
    unique: bool


def columns(sheet: Sheet) -> tuple[Column, ...]:
    """Every column with the narrowest type that all its cells are of."""
    names = list(_names(sheet.names))
    found = []
    for place, label in enumerate(sheet.names):
        cells = sheet.column(place)
        stated = [cell for cell in cells if cell]
        found.append(
            Column(
                name=names[place],
                label=label.strip(),
                type=_type(label, stated),
                required=bool(cells) and len(stated) == len(cells),
                unique=bool(stated) and len(set(stated)) == len(stated) == len(cells),
            )
        )
    return tuple(found)


def text(name: str, found: Sequence[Column]) -> str:
    """The descriptor of the dataset ``name`` with one table of these columns."""
    lines = [
        "# What begins with TODO or 待填 is for you to fill in; nothing is published before.",
        "# 凡以 TODO 或“待填”开头的内容请自行填写；填写之前不予发布。",
        "$schema: https://datapackage.org/profiles/2.0/datapackage.json",
        f"name: {name}",
        "languages: [en, zh]",
        *_pair("", "title", "title of the dataset", "数据集名称"),
        *_pair(
            "",
            "description",
            "what it holds, from when to when, and what it leaves out",
            "内容、起止时间和未包括的部分",
        ),
        "contributors:",
        *_pair("  - ", "title", "the office that publishes it", "发布单位"),
        "    roles: [publisher]",
        "licenses:",
        "  - name: TODO",
        *_pair(
            "    ", "title", "the licence, such as Creative Commons Attribution 4.0", "许可协议，例如 知识共享署名4.0"
        ),
        "sources:",
        *_pair(
            "  - ", "title", "the document the rows come from, with its date and number", "数据来源文件及其日期、文号"
        ),
        "gazette:",
        "  status: TODO  # real (真实) | illustrative (示例)",
        "  topic: TODO  # mkdocs.yml: extra.gazette.topics",
        "  frequency: TODO  # annual | quarterly | monthly | weekly | daily | irregular | never",
        "resources:",
        f"  - name: {name}",
        *_pair("    ", "title", "title of the table", "数据表名称"),
        *_pair("    ", "description", "what one row is", "每一行代表什么"),
        f"    path: data/{name}.csv",
        "    schema:",
        "      fields:",
        *(line for column in found for line in _field(column)),
    ]
    key = next((column.name for column in found if column.unique), None)
    lines.append(f"      primaryKey: [{key}]" if key else "      # primaryKey: [TODO]  # the columns that name a row")
    return "\n".join(lines) + "\n"


def _field(column: Column) -> Iterator[str]:
    chinese = bool(_HAN.search(column.label))
    yield f"        - name: {column.name}"
    yield f"          type: {column.type}"
    titles = {
        "title": None if chinese else column.label,
        "title_zh": column.label if chinese else None,
    }
    quoted = f"“{column.label}”"
    yield f"          title: {_scalar(titles['title'] or f'TODO: {quoted} in English')}"
    yield f"          title_zh: {_scalar(titles['title_zh'] or f'待填：{quoted}的中文名称')}"
    if column.required:
        yield "          constraints: {required: true}"


def _pair(indent: str, key: str, en: str, zh: str) -> Iterator[str]:
    """A text in both languages, to be filled in."""
    yield f"{indent}{key}: {_scalar(f'TODO: {en}')}"
    yield f"{' ' * len(indent)}{key}_zh: {_scalar(f'待填：{zh}')}"


def _scalar(value: str) -> str:
    """A text as YAML: every JSON string is one."""
    return json.dumps(value, ensure_ascii=False)


def _names(labels: Sequence[str]) -> Iterator[str]:
    """Names for programs: the header in snake case; a number where nothing of it can be written so, or is free."""
    taken: set[str] = set()
    for number, label in enumerate(labels, 1):
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", label.strip()) if label.isascii() else ""
        name = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")
        if not name or not name[0].isalpha() or name in taken:
            name = f"column_{number}"
        taken.add(name)
        yield name


def _type(label: str, cells: Sequence[str]) -> str:
    """Codes are text: what begins with a nought, is long, or is called a code must not be counted with."""
    long = any(len(cell.lstrip("-").partition(".")[0]) >= LONGEST for cell in cells)
    fitting = {
        "date": all(map(_is_day, cells)),
        "boolean": {"true", "false"} >= set(cells),
        "string": bool(_CODED.search(label)) or long,
        "year": bool(_YEARLY.search(label)) and all(map(_YEAR.fullmatch, cells)),
        "integer": all(map(_INTEGER.fullmatch, cells)),
        "number": all(map(_NUMBER.fullmatch, cells)),
    }
    return next((kind for kind, fits in fitting.items() if fits and cells), "string")


def _is_day(cell: str) -> bool:
    if not _DATE.fullmatch(cell):
        return False
    try:
        date.fromisoformat(cell)
    except ValueError:
        return False
    return True
