"""The catalogue in the elements of GB/T 21063.3—2007 (government information resource catalogue, core metadata).

Six elements are mandatory there, six optional; their names are the column names of one CSV file with a row for each
dataset, so that it can be taken into a Chinese catalogue as it is. The standard's text is not published openly: the
mapping follows descriptions of it and nobody has proved it against the text.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from gazette import words
from gazette.metadata.catalogue import FREQUENCIES, Catalogue
from gazette.model import Dataset, Text

PATH = "catalog-gbt21063.csv"
_MARK = "\ufeff"
"""Who takes this into another system opens it in a spreadsheet first."""


def text(catalogue: Catalogue) -> str:
    """The table of all datasets, in Chinese where there is a Chinese text."""
    out = io.StringIO(newline="")
    rows = [dict(_elements(dataset, catalogue)) for dataset in catalogue.datasets]
    writer = csv.DictWriter(out, rows[0] if rows else [], lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return _MARK + out.getvalue()


def _elements(dataset: Dataset, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    topics = dict(catalogue.site.topics)
    changed = catalogue.changed(dataset)
    formats = {file.path.rpartition(".")[2].upper() for file in catalogue.downloads(dataset)}
    # mandatory
    yield "信息资源名称", _in(dataset.title) or dataset.name
    yield "信息资源摘要", " ".join(_in(dataset.description).split())
    yield "信息资源提供方", _in(dataset.publisher.title if dataset.publisher else catalogue.site.operator)
    yield "信息资源分类", _in(topics.get(dataset.topic or "", Text()))
    yield "信息资源标识符", dataset.name
    yield "元数据标识符", catalogue.address(dataset)
    # optional
    yield "信息资源发布日期", str(changed or "")
    yield "关键字说明", "；".join(dataset.keywords)
    yield "更新周期", words.label(f"frequency.{dataset.frequency}", "zh") if dataset.frequency in FREQUENCIES else ""
    yield "在线资源链接地址", catalogue.page(dataset, "zh") if catalogue.base else ""
    yield "信息资源格式", "；".join(sorted(formats))
    yield "使用许可", "；".join(_in(each.title) or each.name or "" for each in dataset.licenses)


def _in(text_: Text) -> str:
    found = text_.nearest("zh")
    return found[1] if found else ""
