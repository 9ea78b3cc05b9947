"""A site of three datasets, with every file of it but its pages: what the vocabularies speak of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import build
from gazette import exports, metadata, units
from gazette.model import Artifact, Dataset, History, Language, Settings, Version
from tests import broken

NAMES = ("halls", "rooms", "grades")
PLACES = ("", "about/", "search/", "rules/coverage/", *(f"datasets/{name}/" for name in NAMES))
PAGES = ("index.html", "404.html", *(f"{language}/{place}index.html" for language in ("en", "zh") for place in PLACES))
CHANGED = date(2026, 1, 20)


def package(name: str, languages: tuple[str, str], **more: Any) -> dict[str, Any]:
    """A descriptor that passes the strict policy; texts are given in English and Chinese."""
    first, other = languages
    texts = {
        "title": {"en": f"The {name} of the city", "zh": f"全市名录（{name}）"},
        "description": {
            "en": f"Every one of the {name} that the city keeps, with the day each opened and what it holds.",
            "zh": "市政府管理的全部场所名录，列明各场所的启用日期、座位数、面积和隶属关系；"
            "数据每年更新一次，空白表示来源未载明。",
        },
    }
    stated = {key: text[first] for key, text in texts.items()}
    stated |= {f"{key}_{other}": text[other] for key, text in texts.items()}
    title = {"title": "City Archives", "title_zh": "市档案馆"} if first == "en" else {
        "title": "市档案馆", "title_en": "City Archives"
    }  # fmt: skip
    return stated | {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": name,
        "languages": list(languages),
        "version": "1.2.0",
        "created": "2026-01-02T00:00:00Z",
        "keywords": [name, "公开"],
        "contributors": [title | {"path": "https://example.org/archives", "roles": ["publisher"]}],
        "licenses": [title | {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}],
        "sources": [title | {"path": f"https://example.org/{name}/{{id}}|a"}],
        "gazette": {"status": "real", "topic": "records", "frequency": "annual"},
        **more,
    }


def table(
    name: str, languages: tuple[str, str], fields: list[dict[str, Any]], kind: str | None = None, **schema: Any
) -> dict[str, Any]:
    first, other = languages
    titles = {"en": "List", "zh": "名单"}
    return ({"gazette": {"kind": kind}} if kind else {}) | {
        "name": name,
        "path": f"data/{name}.csv",
        "title": titles[first],
        f"title_{other}": titles[other],
        "schema": {"fields": fields, **schema},
    }


def column(name: str, kind: str, title: str, other: tuple[str, str], **more: Any) -> dict[str, Any]:
    return {"name": name, "type": kind, "title": title, f"title_{other[0]}": other[1], **more}


EN, ZH = ("en", "zh"), ("zh", "en")
LEVEL = {
    "categories": [
        {"value": "m", "label": "Municipal", "label_zh": "市级"},
        {"value": "d", "label": "District", "label_zh": "区级"},
    ]
}
SITE: Mapping[str, tuple[dict[str, Any], dict[str, str]]] = {
    "halls": (
        package("halls", EN, resources=[
            table("halls", EN, [
                column("hall_id", "string", "Hall", ("zh", "编号"), constraints={"required": True}),
                column("name_en", "string", "Name in English", ("zh", "英文名称")),
                column("name_zh", "string", "Name in Chinese", ("zh", "中文名称")),
                column("level", "string", "Level", ("zh", "级别"), **LEVEL),
            ], kind="units", primaryKey=["hall_id"]),
        ]),
        {"halls": "hall_id,name_en,name_zh,level\r\n007,Old Hall,老厅,m\r\n008,New Hall,新厅,d\r\n"},
    ),
    "rooms": (
        package("rooms", ZH, resources=[
            table("rooms", ZH, [
                column("room_id", "string", "房间", ("en", "Room"), constraints={"required": True}),
                column("hall_id", "string", "所属", ("en", "Hall")),
                column("seats", "integer", "座位", ("en", "Seats"), gazette={"unit": "个", "unit_en": "seats"}),
                column("area", "number", "面积", ("en", "Area")),
                column("open", "boolean", "开放", ("en", "Open"), trueValues=["yes"], falseValues=["no"]),
                column("opened", "date", "启用日期", ("en", "Opened")),
                column("year", "year", "年度", ("en", "Year")),
            ], primaryKey=["room_id"], foreignKeys=[
                {"fields": ["hall_id"], "reference": {
                    "package": "../halls/datapackage.json", "resource": "halls", "fields": ["hall_id"]}},
            ]),
        ]),
        {"rooms": "room_id,hall_id,seats,area,open,opened,year\r\n"
                  'r-1,007,120,80.50,yes,2024-02-29,2024\r\n"r-2，“二”",008,,12345678901.25,no,,2023\r\n'},
    ),
    "grades": (
        package("grades", EN, gazette={"status": "illustrative", "topic": "records", "frequency": "never"}, resources=[
            table("grades", EN, [column("grade_id", "string", "Grade", ("zh", "等级"), constraints={"required": True})],
                  primaryKey=["grade_id"]),
        ]),
        {"grades": "grade_id\r\na\r\nb\r\n"},
    ),
}  # fmt: skip
HISTORY = History(
    commit="c" * 40,
    serial=9,
    versions={
        "halls": (
            Version(commit="a" * 40, published=CHANGED, subject="Add <halls> & rooms\u3000二"),
            Version(commit="b" * 40, published=date(2026, 1, 3), subject="Begin"),
        ),
        "rooms": (Version(commit="a" * 40, published=CHANGED, subject="Add <halls> & rooms\u3000二"),),
    },
)


@dataclass(frozen=True, kw_only=True)
class Made:
    """The finished files."""

    stage: Path
    datasets: tuple[Dataset, ...]
    files: Mapping[str, Artifact]
    cards: Mapping[tuple[str, Language], str]

    def json(self, path: str) -> Any:
        """A JSON file of the site."""
        return json.loads((self.stage / path).read_text("utf-8"))

    def text(self, path: str) -> str:
        """A text of the site."""
        return (self.stage / path).read_text("utf-8")


def make(folder: Path, **site: Any) -> Made:
    """Check the datasets and write everything about them below ``folder``; ``site`` is what it says of itself."""
    for name, (descriptor, rows) in SITE.items():
        place = folder / "datasets" / name
        (place / "data").mkdir(parents=True)
        (place / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False), encoding="utf-8")
        for each, text in rows.items():
            (place / "data" / f"{each}.csv").write_bytes(text.encode())
    plain = broken.wanted(folder)
    wanted = replace(plain, site=replace(plain.site, **({"issues": "https://example.org/issues"} | site)))
    room, stage = folder / "room", folder / "stage"
    room.mkdir()
    stage.mkdir()
    datasets, pieces, _, today, verdict = build.judge(wanted, room)
    assert not verdict.blocks, verdict.findings
    return Made(stage=stage, datasets=datasets, **_files(datasets, pieces, wanted, stage, today))


def _files(datasets: Any, pieces: Any, wanted: Settings, stage: Path, today: date) -> dict[str, Any]:
    artifacts, _ = exports.write(pieces, wanted, stage, HISTORY, today)
    artifacts = (*artifacts, *metadata.describe(datasets, artifacts, wanted, HISTORY, today, stage))
    artifacts = (*artifacts, *exports.pack(datasets, artifacts, wanted, HISTORY, today, stage))
    halls = units.gather(datasets, pieces)
    artifacts = (*artifacts, *metadata.announce(datasets, artifacts, wanted, HISTORY, today, stage, halls))
    cards = metadata.structured(datasets, artifacts, wanted, HISTORY, today)
    pages = [Artifact(path=path, bytes=0, sha256="", media_type="text/html") for path in PAGES]
    artifacts = (*artifacts, *metadata.index(pages, wanted, today, stage))
    return {"files": {file.path: file for file in artifacts}, "cards": cards}


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The site under an address."""
    return make(tmp_path_factory.mktemp("made"))


@pytest.fixture(scope="session")
def nameless(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The same without one."""
    return make(tmp_path_factory.mktemp("nameless"), url=None)
