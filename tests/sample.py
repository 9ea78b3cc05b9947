"""A small edition made by hand: what colleagues' modules would give ``pages.render``.

Five datasets that differ in what a page must cope with: one complete in both languages, one it points to, one
with invented rows, and two strangers (English without schema, publisher or licence; Chinese with Chinese column
names).
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from gazette.model import (
    Artifact,
    Category,
    Dataset,
    Field,
    Finding,
    ForeignKey,
    History,
    License,
    Measure,
    Party,
    Policy,
    Report,
    Resource,
    Schema,
    Settings,
    Site,
    Source,
    Text,
    Version,
)

CONFIG = Path(__file__).parent.parent / "mkdocs.yml"


def both(en: str, zh: str) -> Text:
    """A text in both languages."""
    return Text(values=(("en", en), ("zh", zh)))


def english(text: str) -> Text:
    """A text nobody has translated."""
    return Text(values=(("en", text),))


def column(name: str, title: Text, kind: str = "string", description: Text | None = None, **more: Any) -> Field:
    """A field; ``more`` are its other attributes."""
    more = {"constraints": {}, **more}
    return Field(name=name, type=kind, format="default", title=title, description=description or Text(), **more)


_LEVELS = (
    Category(value="municipal", label=both("Municipal", "市级")),
    Category(value="district", label=both("District", "区级")),
)
_OUTCOMES = tuple(
    Category(value=value, label=both(en, zh))
    for value, en, zh in (
        ("received", "Requests received", "本年新收政府信息公开申请数量"),
        ("carried-in", "Carried forward from last year", "上年结转政府信息公开申请数量"),
        ("disclosed", "Disclosed", "予以公开"),
        ("partly-disclosed", "Partly disclosed", "部分公开"),
        ("exempt", "Exempt from disclosure", "不予公开"),
        ("unable", "Unable to provide", "无法提供"),
        ("not-processed", "Not processed", "不予处理"),
        ("carried-out", "Carried forward to next year", "结转下年度继续办理"),
    )
)

DEPARTMENTS = Dataset(
    name="departments",
    folder="departments",
    path="departments/datapackage.yaml",
    title=both("Government departments and units", "政府部门与单位名录"),
    description=both(
        "Every unit that another dataset names, with its level and the unit it belongs to.",
        "其他数据集涉及的全部单位，及其级别和所属单位。",
    ),
    languages=("en", "zh"),
    parties=(Party(title=both("Example editors", "示例编辑组"), roles=("publisher",), path="https://example.org/"),),
    licenses=(
        License(
            name="CC-BY-4.0",
            title=both("Creative Commons Attribution 4.0", "知识共享署名 4.0"),
            path="https://creativecommons.org/licenses/by/4.0/",
        ),
    ),
    created=date(2026, 10, 3),
    topic="reference",
    frequency="irregular",
    resources=(
        Resource(
            name="departments",
            slug="departments",
            dataset="departments",
            title=both("Departments", "部门"),
            description=Text(),
            paths=("data/departments.csv",),
            schema=Schema(
                fields=(
                    column("department_id", both("Unit ID", "单位编号"), constraints={"required": True}),
                    column("name_zh", both("Name in Chinese", "中文名称"), constraints={"required": True}),
                    column("name_en", both("Name in English", "英文名称")),
                    column("level", both("Level", "级别"), categories=_LEVELS),
                    column("parent_id", both("Belongs to", "所属单位")),
                ),
                primary_key=("department_id",),
                foreign_keys=(ForeignKey(fields=("parent_id",), resource="", reference_fields=("department_id",)),),
            ),
        ),
    ),
)

ANNUAL_REPORTS = Dataset(
    name="annual-reports",
    folder="annual-reports",
    path="annual-reports/datapackage.yaml",
    title=both("Annual reports on open government information", "政府信息公开工作年度报告"),
    description=both(
        "What governments report each year about requests for information: how many came in, and how they ended.\n\n"
        "The tables follow the *standard form of 2021*. Figures are those of the "
        "[published reports](https://example.org/reports); a blank cell in the report is blank here.",
        "各级政府每年公布的政府信息公开申请办理情况：收到多少申请，如何办理。\n\n"
        "数据表依照 *2021 年标准格式*编制。数字取自[已公布的年度报告](https://example.org/reports)；"
        "报告中的空白，此处亦为空白。",
    ),
    languages=("en", "zh"),
    parties=(
        Party(title=both("Example editors", "示例编辑组"), roles=("publisher",), path="https://example.org/"),
        Party(title=both("Suqian Municipal Government Office", "宿迁市人民政府办公室"), roles=("author",)),
    ),
    sources=(
        Source(
            title=both("Suqian: annual report 2023", "宿迁市2023年政府信息公开工作年度报告"),
            path="https://example.org/2023",
        ),
        Source(title=english("Suqian: annual report 2024"), version="2"),
    ),
    licenses=DEPARTMENTS.licenses,
    keywords=("open government information", "政府信息公开"),
    version="1.2.0",
    created=date(2026, 9, 1),
    homepage="https://example.org/",
    topic="disclosure",
    frequency="annual",
    resources=(
        Resource(
            name="reports",
            slug="reports",
            dataset="annual-reports",
            title=both("Reports", "报告"),
            description=both("One row for each report.", "每份报告一行。"),
            paths=("data/reports.csv",),
            schema=Schema(
                fields=(
                    column("report_id", both("Report ID", "报告编号"), constraints={"required": True}),
                    column("department_id", both("Published by", "发布单位"), constraints={"required": True}),
                    column(
                        "year",
                        both("Year", "年度"),
                        "integer",
                        both("The calendar year reported on.", "报告所属的公历年度。"),
                        constraints={"minimum": 2008, "maximum": 2030},
                    ),
                    column("published_on", both("Published on", "公布日期"), "date"),
                ),
                primary_key=("report_id",),
                foreign_keys=(
                    ForeignKey(
                        fields=("department_id",),
                        resource="departments",
                        reference_fields=("department_id",),
                        dataset="departments",
                    ),
                ),
            ),
        ),
        Resource(
            name="requests",
            slug="requests",
            dataset="annual-reports",
            title=both("Requests for information", "依申请公开"),
            description=Text(),
            paths=("data/requests.csv",),
            schema=Schema(
                fields=(
                    column("report_id", both("Report ID", "报告编号"), constraints={"required": True}),
                    column("line", both("Line of the form", "表格行次"), categories=_OUTCOMES),
                    column(
                        "applicant",
                        english("Kind of applicant"),
                        constraints={"enum": ["natural", "commercial"], "pattern": "[a-z]+"},
                    ),
                    column(
                        "count",
                        both("Number of requests", "件数"),
                        "integer",
                        english("Blank where the report leaves it blank; **not** zero."),
                        constraints={"minimum": 0},
                        unit=both("requests", "件"),
                    ),
                    column("note_zh", both("Note in Chinese", "备注（中文）")),
                    column("note_en", both("Note in English", "备注（英文）")),
                ),
                primary_key=("report_id", "line", "applicant"),
                foreign_keys=(ForeignKey(fields=("report_id",), resource="reports", reference_fields=("report_id",)),),
            ),
        ),
        Resource(
            name="appendix",
            slug="appendix",
            dataset="annual-reports",
            title=both("Scanned appendix", "附件扫描件"),
            description=Text(),
            paths=(),
            omitted="resource-remote",
        ),
    ),
)

HONOURS = replace(
    DEPARTMENTS,
    name="honour-roll",
    folder="honour-roll",
    path="honour-roll/datapackage.yaml",
    title=both("Honour roll", "光荣榜"),
    description=both("How an honour roll would be kept.", "说明光荣榜应当如何编制。"),
    topic="honours",
    illustrative=True,
    created=None,
    resources=(
        Resource(
            name="rounds",
            slug="rounds",
            dataset="honour-roll",
            title=both("Rounds", "评选批次"),
            description=Text(),
            paths=("data/rounds.csv",),
            schema=Schema(fields=(column("round_id", both("Round", "批次")),)),
        ),
    ),
)

STRANGER = Dataset(
    name="gdp",
    folder="gdp",
    path="gdp/datapackage.json",
    title=english("Country & regional GDP <annual>"),
    description=Text(),
    resources=(
        Resource(
            name="gdp",
            slug="gdp",
            dataset="gdp",
            title=Text(),
            description=Text(),
            paths=("data/gdp.csv",),
        ),
    ),
)

CHINESE_STRANGER = Dataset(
    name="park",
    folder="park",
    path="park/datapackage.json",
    title=Text(values=(("zh", "公园名录"),)),
    description=Text(values=(("zh", "全市公园的名称与面积。"),)),
    languages=("zh",),
    topic="parks-and-gardens",
    frequency="decennial",
    resources=(
        Resource(
            name="park",
            slug="park",
            dataset="park",
            title=Text(),
            description=Text(),
            paths=("park.csv",),
            schema=Schema(
                fields=(column("名称", Text()), column("面积", Text(), "number", constraints={"enum": [1, 2.5]})),
                primary_key=("名称",),
            ),
        ),
    ),
)

OF_THE_SITE = ("manifest.json", "catalog-gbt21063.csv", "api/v1/catalog.json", "api/v1/openapi.json")
"""Files other rooms make, to which pages written by hand lead."""

DATASETS = (ANNUAL_REPORTS, DEPARTMENTS, STRANGER, HONOURS, CHINESE_STRANGER)

ROWS: Mapping[tuple[str, str], tuple[tuple[str, ...], ...]] = {
    ("annual-reports", "reports"): (
        ("report_id", "department_id", "year", "published_on"),
        ("suqian-2023", "suqian-government", "2023", "2024-01-30"),
        ("suqian-2024", "suqian-government", "2024", ""),
    ),
    ("annual-reports", "requests"): (
        ("report_id", "line", "applicant", "count", "note_zh", "note_en"),
        *(
            (
                f"suqian-{2000 + number}",
                _OUTCOMES[number % 8].value,
                "natural",
                str(number * 137),
                "该数与报告正文不一致，以表格为准。" if number == 3 else "",
                "The prose of the report differs; the table is followed." if number == 3 else "",
            )
            for number in range(25)
        ),
    ),
    ("departments", "departments"): (
        ("department_id", "name_zh", "name_en", "level", "parent_id"),
        ("suqian-government", "宿迁市人民政府", "Suqian Municipal People's Government", "municipal", ""),
        ("sucheng-government", "宿城区人民政府", "", "district", "suqian-government"),
    ),
    ("gdp", "gdp"): (
        ("Country Name", "Value", "Remark"),
        ("Arab World", "25760683041.0857", "<script>alert(1)</script>"),
        ("China (中国)", "18743803170827.2", "=1+1"),
    ),
    ("honour-roll", "rounds"): (("round_id",),),
    ("park", "park"): (("名称", "面积"), ("人民公园", "12.5"), ("Century Park 世纪公园", "140.3")),
}

FINDINGS = (
    Finding(
        code="personal-email",
        severity="warning",
        source="gazette",
        dataset="gdp",
        path="gdp/data/gdp.csv",
        resource="gdp",
        row=3,
        field="Remark",
        facts={"hits": 1},
    ),
)


def settings(config: Path = CONFIG, **site: Any) -> Settings:
    """Settings of a site in two languages; ``site`` changes what it says of itself."""
    return Settings(
        command="build",
        config=config,
        datasets=config.parent / "datasets",
        output=config.parent / "site",
        language="en",
        format="text",
        policy=Policy(name="strict", strict=True),
        site=replace(
            Site(
                name=both("Gazette", "公信数据"),
                description=both("Open records of government.", "政府公开记录。"),
                operator=both("Example editors", "示例编辑组"),
                languages=("en", "zh"),
                issues="https://example.org/issues",
                topics=(
                    ("disclosure", both("Disclosure of information", "政府信息公开")),
                    ("opinion", both("Public opinion", "民意调查")),
                    ("honours", both("Honour roll and exposure board", "光荣榜与曝光台")),
                    ("reference", english("Reference lists")),
                ),
            ),
            **site,
        ),
    )


def artifacts(stage: Path, datasets: tuple[Dataset, ...] = DATASETS) -> tuple[Artifact, ...]:
    """Write the downloads of ``datasets`` below ``stage``."""
    found = []
    for dataset in datasets:
        for resource in dataset.resources:
            if resource.omitted is None:
                rows = ROWS[dataset.name, resource.name]
                table = io.StringIO()
                csv.writer(table).writerows(rows)
                path = f"data/{dataset.name}/{resource.slug}.csv"
                found.append(_file(stage, path, table.getvalue(), "text/csv", dataset, resource))
        path = f"data/{dataset.name}/datapackage.json"
        found.append(_file(stage, path, "{}\n", "application/vnd.datapackage+json", dataset, None))
    for path in OF_THE_SITE:
        (stage / path).parent.mkdir(parents=True, exist_ok=True)
        (stage / path).write_text("{}\n", encoding="utf-8")
    return tuple(found)


def _file(stage: Path, path: str, text: str, media_type: str, dataset: Dataset, resource: Resource | None) -> Artifact:
    content = text.encode()
    (stage / path).parent.mkdir(parents=True, exist_ok=True)
    (stage / path).write_bytes(content)
    return Artifact(
        path=path,
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        media_type=media_type,
        dataset=dataset.name,
        resource=resource.name if resource else None,
        rows=len(ROWS[dataset.name, resource.name]) - 1 if resource else None,
        columns=tuple(_measures(dataset, resource)) if resource else (),
    )


def _measures(dataset: Dataset, resource: Resource) -> Iterator[Measure]:
    header, *rows = ROWS[dataset.name, resource.name]
    types = {field.name: field.type for field in resource.schema.fields} if resource.schema else {}
    for place, name in enumerate(header):
        values = {row[place] for row in rows} - {""}
        kind = types.get(name)
        ends = {"integer": int, "number": float, "date": str}
        order = sorted(values, key=ends[kind]) if kind in ends else []
        yield Measure(
            column=name,
            blank=sum(not row[place] for row in rows),
            distinct=len(values),
            least=order[0] if order else None,
            greatest=order[-1] if order else None,
            years=tuple(sorted({value[:4] for value in values})) if kind == "date" else (),
        )


def report(datasets: tuple[Dataset, ...] = DATASETS, findings: tuple[Finding, ...] = FINDINGS) -> Report:
    """What the checks would say."""
    names = {dataset.name for dataset in datasets}
    return Report(
        findings=findings,
        counts={"warning": len(findings)},
        codes={},
        rows={key: len(rows) - 1 for key, rows in ROWS.items() if key[0] in names},
    )


def history() -> History:
    """Two datasets with versions; the others never committed."""
    return History(
        commit="0" * 40,
        serial=2,
        versions={
            "annual-reports": (Version(commit="0" * 40, published=date(2026, 11, 20), subject="Add 2024"),),
            "departments": (Version(commit="1" * 40, published=date(2026, 10, 5), subject="Add districts"),),
        },
    )
