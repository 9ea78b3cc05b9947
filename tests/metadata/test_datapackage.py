"""The published Data Package is valid on its own and says what is published."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import frictionless
import pytest

from gazette import metadata
from gazette.model import (
    Artifact,
    Dataset,
    Field,
    ForeignKey,
    History,
    License,
    Party,
    Policy,
    Resource,
    Schema,
    Settings,
    Site,
    Source,
    Text,
)
from tests.metadata.conftest import Made

URL = "https://example.org/data/"
DAY = date(2026, 1, 31)
NONE = Text()
CONTENT = b"code,department,parent,amount\r\na,d1,,1.10\r\nb,d2,a,\r\n"


def words(en: str, zh: str) -> Text:
    """A text in two languages."""
    return Text(values=(("en", en), ("zh", zh)))


def settings(url: str | None = URL) -> Settings:
    """The settings of a site in two languages."""
    name = words("Site", "网站")
    return Settings(
        command="build",
        config=Path("mkdocs.yml"),
        datasets=Path("datasets"),
        output=Path("site"),
        language="en",
        format="text",
        policy=Policy(name="strict", strict=True),
        site=Site(name=name, description=name, operator=name, languages=("en", "zh"), url=url),
    )


def field(name: str, kind: str = "string") -> Field:
    """A column of a type."""
    return Field(name=name, type=kind, format="default", title=NONE, description=NONE, constraints={})


SCHEMA = Schema(
    fields=(field("code"), field("department"), field("parent"), field("amount", "number")),
    primary_key=("code",),
    foreign_keys=(
        ForeignKey(fields=("department",), resource="All.Departments", reference_fields=("id",), dataset="departments"),
        ForeignKey(fields=("parent",), resource="", reference_fields=("code",)),
        ForeignKey(fields=("code",), resource="Left.Out", reference_fields=("code",)),
    ),
    descriptor={
        "fields": [
            {"name": "code", "type": "string", "title": "Code", "title_zh": "代码"},
            {"name": "department", "type": "string", "title": "Department", "title_zh": "部门"},
            {"name": "parent", "type": "string"},
            {"name": "amount", "type": "number", "gazette": {"unit": "CNY 10,000", "unit_zh": "万元"}},
        ],
        "primaryKey": ["code"],
        "foreignKeys": [
            {
                "fields": ["department"],
                "reference": {
                    "package": "../departments/datapackage.yaml",
                    "resource": "All.Departments",
                    "fields": ["id"],
                },
            }
        ],
        "missingValues": ["", "-"],
    },
)


def table(name: str, slug: str, dataset: str, schema: Schema | None = SCHEMA, **more: Any) -> Resource:
    """One table."""
    return Resource(
        name=name,
        slug=slug,
        dataset=dataset,
        title=words("Rows", "行"),
        description=NONE,
        paths=("data/x.csv",),
        schema=schema,
        **more,
    )


REPORTS = Dataset(
    name="reports",
    folder="reports",
    path="reports/datapackage.yaml",
    title=words("Reports", "报告"),
    description=words("All reports", "全部报告"),
    resources=(
        table(
            "Reports.2024",
            "reports-2024",
            "reports",
            descriptor={
                "path": "data/x.csv",
                "encoding": "gb18030",
                "dialect": {"delimiter": ";"},
                "hash": "md5:0",
                "bytes": 7,
                "scheme": "http",
                "gazette": {"rules": ["a"]},
                "note": "kept",
                "sources": [
                    {"title": "A law", "title_zh": "法律", "path": "law.pdf", "email": "someone@example.org"},
                    {"title": "A page", "path": "https://example.org/a"},
                ],
            },
        ),
        table("Left.Out", "left-out", "reports", omitted="path-remote"),
    ),
    languages=("zh", "en"),
    parties=(Party(title=words("Office", "办公室"), roles=("publisher",), path="https://example.org/"),),
    sources=(Source(title=words("A law", "法律"), path="https://example.org/law", version="2024"),),
    licenses=(License(name="CC-BY-4.0", title=NONE, path="https://creativecommons.org/licenses/by/4.0/"),),
    keywords=("report", "报告"),
    version="1.2.0",
    created=date(2024, 1, 2),
    descriptor={
        "title": "报告",
        "profile": "tabular-data-package",
        "image": "logo.png",
        "homepage": "javascript:alert(1)",
        "contributors": [{"title": "办公室", "email": "someone@example.org"}],
        "gazette": {"kind": "reports", "status": "real"},
        "maintainer": {"name": "Office", "email": "someone@example.org"},
        "weight": float("nan"),
        "started": date(2020, 1, 1),
    },
)
DEPARTMENTS = Dataset(
    name="departments",
    folder="departments",
    path="departments/datapackage.yaml",
    title=words("Departments", "部门"),
    description=NONE,
    resources=(table("All.Departments", "all-departments", "departments", None),),
)


def file(stage: Path, dataset: str, resource: str, slug: str, content: bytes = CONTENT) -> Artifact:
    """A published table."""
    path = f"data/{dataset}/{slug}.csv"
    (stage / path).parent.mkdir(parents=True, exist_ok=True)
    (stage / path).write_bytes(content)
    return Artifact(
        path=path,
        bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        media_type="text/csv",
        dataset=dataset,
        resource=resource,
        rows=2,
    )


def described(stage: Path, url: str | None = URL, reports: Dataset = REPORTS) -> dict[str, Artifact]:
    """The metadata of a site with two datasets, by path."""
    artifacts = [
        file(stage, "reports", "Reports.2024", "reports-2024"),
        file(stage, "departments", "All.Departments", "all-departments", b"id\r\nd1\r\nd2\r\n"),
    ]
    found = metadata.describe((reports, DEPARTMENTS), artifacts, settings(url), History(), DAY, stage)
    return {artifact.path: artifact for artifact in found}


def package(stage: Path, **more: Any) -> dict[str, Any]:
    """The published descriptor of the reports."""
    described(stage, **more)
    document: dict[str, Any] = json.loads((stage / "data/reports/datapackage.json").read_bytes())
    return document


def test_the_published_package_states_what_is_known_in_both_languages(tmp_path: Path) -> None:
    """The first language of the dataset stands in the properties of the standard, the other beside it."""
    document = package(tmp_path)
    resources = document.pop("resources")
    assert document == {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "reports",
        "id": "https://example.org/data/data/reports/datapackage.json",
        "title_en": "Reports",
        "title": "报告",
        "description_en": "All reports",
        "description": "全部报告",
        "homepage": "https://example.org/data/en/datasets/reports/",
        "version": "1.2.0",
        "created": "2024-01-02T00:00:00Z",
        "languages": ["zh", "en"],
        "keywords": ["report", "报告"],
        "licenses": [{"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "sources": [
            {"title_en": "A law", "title": "法律", "path": "https://example.org/law", "version": "2024"},
        ],
        "contributors": [
            {"title_en": "Office", "title": "办公室", "path": "https://example.org/", "roles": ["publisher"]},
        ],
        "gazette": {"kind": "reports", "status": "real"},
        "maintainer": {"name": "Office"},
    }
    assert [resource["name"] for resource in resources] == ["reports-2024"]


def test_a_table_is_described_as_it_is_published(tmp_path: Path) -> None:
    """Path, size, digest, dialect and encoding are those of the file beside it, not of the contributed one."""
    (resource,) = package(tmp_path)["resources"]
    schema, own = resource.pop("schema"), resource.pop("gazette")
    assert resource == {
        "name": "reports-2024",
        "type": "table",
        "path": "reports-2024.csv",
        "title_en": "Rows",
        "title": "行",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(CONTENT),
        "hash": f"sha256:{hashlib.sha256(CONTENT).hexdigest()}",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "sources": [{"title": "A law", "title_zh": "法律"}, {"title": "A page", "path": "https://example.org/a"}],
        "note": "kept",
    }
    assert schema["fields"] == SCHEMA.descriptor["fields"]
    assert (schema["primaryKey"], schema["missingValues"]) == (["code"], ["", "-"])
    assert own["rules"] == ["a"]


def test_keys_into_what_the_package_lacks_are_told_apart(tmp_path: Path) -> None:
    """A foreign key is kept where the package can prove it alone; the others become references."""
    (resource,) = package(tmp_path)["resources"]
    assert resource["schema"]["foreignKeys"] == [
        {"fields": ["parent"], "reference": {"resource": "", "fields": ["code"]}},
    ]
    assert resource["gazette"]["references"] == [
        {
            "fields": ["department"],
            "reference": {
                "package": "../departments/datapackage.json",
                "resource": "all-departments",
                "fields": ["id"],
            },
        },
        {"fields": ["code"], "reference": {"resource": "left-out", "fields": ["code"]}},
    ]


def test_the_published_package_is_valid_on_its_own(tmp_path: Path) -> None:
    """Frictionless validates descriptor, size, digest, types and keys from the published files alone."""
    described(tmp_path)
    for name in ("reports", "departments"):
        report = frictionless.validate(str(tmp_path / f"data/{name}/datapackage.json"))
        assert report.valid, report.to_summary()
        assert report.stats["tasks"] == 1


@pytest.mark.parametrize(
    ("good", "bad", "error"),
    [
        (b"1.10", b"x.10", "type-error"),
        (b"a,d1", b"b,d1", "primary-key"),
        (b",a,", b",c,", "foreign-key"),
        (b"d1", b"d3", "hash-count"),
        (b"d1", b"d10", "byte-count"),
    ],
)
def test_the_published_package_proves_something(tmp_path: Path, good: bytes, bad: bytes, error: str) -> None:
    """A published table that was changed afterwards is no longer valid."""
    described(tmp_path)
    path = tmp_path / "data/reports/reports-2024.csv"
    path.write_bytes(path.read_bytes().replace(good, bad, 1))
    report = frictionless.validate(str(tmp_path / "data/reports/datapackage.json"))
    assert error in {kind for (kind,) in report.flatten(["type"])}


def test_without_an_address_nothing_absolute_is_claimed(tmp_path: Path) -> None:
    """No id, no homepage but the one the dataset states, and nothing that cannot do without an address."""
    found = described(tmp_path, url=None)
    assert "data/reports/croissant.json" not in found
    document = json.loads((tmp_path / "data/reports/datapackage.json").read_bytes())
    assert not {"id", "homepage"} & document.keys()
    assert package(tmp_path, url=None, reports=replace(REPORTS, homepage="https://a.example/"))["homepage"] == (
        "https://a.example/"
    )


def test_a_dataset_without_published_tables_has_no_package(tmp_path: Path) -> None:
    """A package needs a resource, and there is none."""
    assert metadata.describe((REPORTS,), (), settings(), History(), DAY, tmp_path) == ()


def test_every_package_of_a_site_is_valid(made: Made) -> None:
    """As frictionless reads it from the published files, in either order of languages."""
    for dataset in made.datasets:
        report = frictionless.validate(str(made.stage / f"data/{dataset.name}/datapackage.json"))
        assert report.valid, report.to_summary()
        assert report.stats["tasks"] == len(dataset.resources)
