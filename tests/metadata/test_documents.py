"""The other documents for machines: each follows its standard and speaks of what is there."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import subprocess
import sys
from datetime import date, datetime
from typing import Any
from unittest import mock
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from gazette.metadata import crosswalk, discovery, sitemap
from tests import broken
from tests.metadata.conftest import CHANGED, PAGES, Made

URL = "https://example.org/"
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def xml(text: str) -> ET.Element:
    return ET.fromstring(text.encode())  # noqa: S314 - our own document


def test_every_document_is_an_artifact(made: Made) -> None:
    """With its size and digest, so that the manifest can hold it against the disk; and nothing else was written."""
    for path, file in made.files.items():
        content = (made.stage / path).read_bytes()
        assert (file.bytes, file.sha256) == (len(content), hashlib.sha256(content).hexdigest()), path
    found = {path.relative_to(made.stage).as_posix() for path in made.stage.rglob("*") if path.is_file()}
    assert found == set(made.files)


def test_without_an_address_nothing_absolute_is_claimed(nameless: Made) -> None:
    """No feed, no sitemap, no catalogue of identifiers; what there is names files by where they lie beside it."""
    kinds = {path.partition("/")[0] for path in nameless.files}
    assert kinds == {"api", "data", "robots.txt", "catalog-gbt21063.csv"}
    assert nameless.text("robots.txt") == "User-agent: *\nAllow: /\n"
    for path in nameless.files:
        if path.endswith(("datapackage.json", "csv-metadata.json", "CITATION.cff")):
            assert "None" not in nameless.text(path)


# --- the sitemap ------------------------------------------------------------------------------------------


def entries(text: str) -> dict[str, dict[str, str]]:
    """Per address of a sitemap, the addresses of its languages."""
    return {
        str(entry.findtext("s:loc", namespaces=MAP)): {
            link.attrib["hreflang"]: link.attrib["href"] for link in entry.findall("x:link", MAP)
        }
        for entry in xml(text).findall("s:url", MAP)
    }


def test_the_sitemap_lists_the_pages_that_are_published(made: Made) -> None:
    """All of them, also those of other rooms of the house, and not the one for missing pages."""
    assert set(entries(made.text("sitemap.xml"))) == {
        URL + page.removesuffix("index.html") for page in PAGES if page != "404.html"
    }


def test_every_page_of_the_sitemap_confirms_its_languages(made: Made) -> None:
    """Each page names itself and its other language, each is named back, and only the home has a default."""
    found = entries(made.text("sitemap.xml"))
    assert found[f"{URL}en/rules/coverage/"] == {
        "en": f"{URL}en/rules/coverage/",
        "zh-Hans": f"{URL}zh/rules/coverage/",
    }
    assert found[URL] == {"en": f"{URL}en/", "zh-Hans": f"{URL}zh/", "x-default": URL}
    for address, versions in found.items():
        assert address in versions.values()
        assert all(found[version] == versions for version in versions.values())


def test_a_page_in_one_language_has_no_other() -> None:
    """It names itself alone."""
    ((_, _, _), (_, _, text)) = sitemap.documents(["zh/only/index.html"], ("en", "zh"), URL)
    assert entries(text) == {f"{URL}zh/only/": {"zh-Hans": f"{URL}zh/only/"}}


def test_a_large_sitemap_is_split() -> None:
    """A file lists 50,000 addresses at most; an index lists the files."""
    assert sitemap._MOST == 50_000
    pages = [f"{language}/{number}/index.html" for number in range(5) for language in ("en", "zh")]
    with mock.patch.object(sitemap, "_MOST", 4):
        found = {path: text for path, _, text in sitemap.documents(pages, ("en", "zh"), URL)}
    assert sorted(found) == ["robots.txt", "sitemap-1.xml", "sitemap-2.xml", "sitemap-3.xml", "sitemap.xml"]
    listed = [each.text for each in xml(found["sitemap.xml"]).findall("s:sitemap/s:loc", MAP)]
    assert listed == [f"{URL}sitemap-{number}.xml" for number in (1, 2, 3)]
    parts = [entries(found[f"sitemap-{number}.xml"]) for number in (1, 2, 3)]
    assert [len(part) for part in parts] == [4, 4, 2]
    assert len({address for part in parts for address in part}) == 10


def test_robots_may_read_everything(made: Made) -> None:
    """The sitemap is named with its whole address, as robots.txt needs."""
    assert made.text("robots.txt") == f"User-agent: *\nAllow: /\n\nSitemap: {URL}sitemap.xml\n"


# --- feeds ------------------------------------------------------------------------------------------------


FEEDS = tuple(
    f"feeds/{language}/{name}"
    for language in ("en", "zh")
    for name in (
        "all",
        "topics/records",
        "units/007",
        "units/008",
        "datasets/halls",
        "datasets/rooms",
        "datasets/grades",
    )
)


def test_there_is_a_feed_for_the_site_each_topic_unit_and_dataset(made: Made) -> None:
    """In each language and both forms."""
    found = {path for path in made.files if path.startswith("feeds/")}
    assert found == {f"{feed}{ending}" for feed in FEEDS for ending in (".atom", ".feed.json")}


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_is_atom(made: Made, name: str) -> None:
    """What RFC 4287, 4.1, demands of a feed and its entries; identifiers are unique and moments are moments."""
    root = xml(made.text(f"{name}.atom"))
    assert root.tag == f"{{{ATOM['a']}}}feed"
    assert root.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == ("en" if "/en/" in name else "zh-Hans")
    links = {link.attrib["rel"]: link.attrib["href"] for link in root.findall("a:link", ATOM)}
    assert links["self"] == root.findtext("a:id", namespaces=ATOM) == f"{URL}{name}.atom"
    assert root.findtext("a:author/a:name", namespaces=ATOM) in {"City Archives", "市档案馆"}
    found = root.findall("a:entry", ATOM)
    for part in (root, *found):
        assert all(len(part.findall(f"a:{tag}", ATOM)) == 1 for tag in ("id", "title", "updated"))
        assert part.findtext("a:title", namespaces=ATOM)
        assert datetime.fromisoformat(str(part.findtext("a:updated", namespaces=ATOM))).tzinfo
    assert len({entry.findtext("a:id", namespaces=ATOM) for entry in found}) == len(found)
    moments = [str(entry.findtext("a:updated", namespaces=ATOM)) for entry in found]
    assert moments == sorted(moments, reverse=True)


@pytest.mark.parametrize("name", FEEDS)
def test_both_forms_of_a_feed_say_the_same(made: Made, name: str) -> None:
    """JSON Feed 1.1 demands a version, a title and an identifier for each item."""
    root, document = xml(made.text(f"{name}.atom")), made.json(f"{name}.feed.json")
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["feed_url"] == f"{URL}{name}.feed.json"
    assert [
        (item["id"], item["title"], item["url"], item["content_text"], item["date_published"])
        for item in document["items"]
    ] == [
        (
            entry.findtext("a:id", namespaces=ATOM),
            entry.findtext("a:title", namespaces=ATOM),
            entry.find("a:link", ATOM).attrib["href"],  # type: ignore[union-attr]
            entry.findtext("a:summary", namespaces=ATOM),
            entry.findtext("a:updated", namespaces=ATOM),
        )
        for entry in root.findall("a:entry", ATOM)
    ]


def test_a_feed_tells_every_version(made: Made) -> None:
    """One entry for each, with its subject whole: markup is text, and an ideographic space is one."""
    items = made.json("feeds/zh/datasets/halls.feed.json")["items"]
    assert [item["content_text"] for item in items] == ["Add <halls> & rooms\u3000二", "Begin"]
    assert items[0]["title"] == "全市名录（halls）：2026年1月20日版"
    assert len(made.json("feeds/en/all.feed.json")["items"]) == 3
    (item,) = made.json("feeds/en/units/007.feed.json")["items"]
    assert item["url"] == f"{URL}en/datasets/rooms/changes/#v-{'a' * 12}"
    assert made.json("feeds/en/datasets/grades.feed.json")["items"] == []
    assert {item["id"] for item in items} == {
        item["id"] for item in made.json("feeds/en/datasets/halls.feed.json")["items"]
    }


# --- the static interface ---------------------------------------------------------------------------------


def schema(made: Made, name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}", "components": made.json("api/v1/openapi.json")["components"]}


def test_every_answer_is_as_the_openapi_document_says(made: Made, nameless: Made) -> None:
    """By the schemas in it, which forbid nothing to be missing."""
    for site in (made, nameless):
        jsonschema.validate(site.json("api/v1/catalog.json"), schema(site, "Catalog"))
        for name in ("halls", "rooms", "grades"):
            answer = site.json(f"api/v1/datasets/{name}.json")
            jsonschema.validate(answer, schema(site, "Dataset"))
            for member in answer:
                less = {key: value for key, value in answer.items() if key != member}
                with pytest.raises(jsonschema.ValidationError):
                    jsonschema.validate(less, schema(site, "Dataset"))


def test_the_openapi_document_names_every_kind_of_answer(made: Made) -> None:
    """And nothing that is not there."""
    document = made.json("api/v1/openapi.json")
    assert document["openapi"].startswith("3.1.")
    patterns = [re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)) for path in document["paths"]]
    answers = [f"/{path}" for path in made.files if path.startswith("api/") and not path.endswith("openapi.json")]
    for answer in answers:
        assert any(re.fullmatch(pattern, answer) for pattern in patterns), answer
    for pattern in patterns:
        assert any(re.fullmatch(pattern, answer) for answer in answers), pattern


def test_a_unit_is_answered_with_every_row_that_names_it(made: Made) -> None:
    """Its own row, and that of the table that points to it, as the file has it."""
    answer = made.json("api/v1/units/007.json")
    jsonschema.validate(answer, schema(made, "Unit"))
    assert answer["name"] == {"en": "Old Hall", "zh": "老厅"}
    assert answer["register"] == {
        "dataset": "halls",
        "table": "halls",
        "row": {"hall_id": "007", "name_en": "Old Hall", "name_zh": "老厅", "level": "m"},
    }
    (mention,) = answer["mentions"]
    assert (mention["dataset"], mention["column"], mention["total"]) == ("rooms", "hall_id", 1)
    with (made.stage / mention["file"].removeprefix(URL)).open(encoding="utf-8", newline="") as file:
        assert [mention["header"], *mention["rows"]] == list(csv.reader(file))[:2]


@pytest.mark.parametrize("address", [URL, ""])
def test_every_address_in_an_answer_leads_to_the_file(made: Made, nameless: Made, address: str) -> None:
    """Absolute where the site has an address; else counted from the document it stands in."""
    site = made if address else nameless
    base = f"{URL}api/v1/datasets/rooms.json"
    answer = site.json("api/v1/datasets/rooms.json")
    files = [*answer["files"], *(file for table in answer["tables"] for file in table["files"])]
    assert len(files) >= 10
    for file in files:
        path = urljoin(base, file["url"]).removeprefix(URL)
        content = (site.stage / path).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    listed = [
        urljoin(f"{URL}api/v1/catalog.json", each["api"]) for each in site.json("api/v1/catalog.json")["datasets"]
    ]
    assert listed == [f"{URL}api/v1/datasets/{name}.json" for name in ("grades", "halls", "rooms")]


# --- CSVW and Croissant -----------------------------------------------------------------------------------


def test_csvw_has_the_titles_of_both_languages(made: Made) -> None:
    """And the header of the file in none, keys by the names CSVW has for columns, types a reader can trust."""
    document = made.json("data/rooms/rooms.csv-metadata.json")
    columns = {column["name"]: column for column in document["tableSchema"]["columns"]}
    header = (made.stage / "data/rooms/rooms.csv").read_text("utf-8").splitlines()[0].split(",")
    assert [column["titles"]["und"][0] for column in columns.values()] == header
    assert columns["seats"]["titles"] == {"und": ["seats"], "zh-Hans": ["座位"], "en": ["Seats"]}
    assert document["tableSchema"]["primaryKey"] == ["room_id"]
    assert [columns[name]["datatype"] for name in header] == [
        "string", "string", "integer", "decimal", {"base": "boolean", "format": "yes|no"}, "date", "gYear",
    ]  # fmt: skip
    assert document["@context"] == ["http://www.w3.org/ns/csvw", {"@language": "zh-Hans"}]


def test_croissant_has_a_record_set_for_each_table(made: Made) -> None:
    """Whose fields come from the columns of the file it names."""
    document = made.json("data/rooms/croissant.json")
    (file,) = document["distribution"]
    assert file["sha256"] == made.files["data/rooms/rooms.csv"].sha256
    (records,) = document["recordSet"]
    assert {field["source"]["fileObject"]["@id"] for field in records["field"]} == {file["@id"]}
    assert [field["source"]["extract"]["column"] for field in records["field"]][:2] == ["room_id", "hall_id"]


# --- finding one's way ------------------------------------------------------------------------------------


def test_search_is_described_where_there_is_a_page_to_search_on(made: Made) -> None:
    """OpenSearch 1.1, in each language that has one."""
    space = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    root = xml(made.text("zh/opensearch.xml"))
    address = root.find("o:Url", space)
    assert address is not None
    assert address.attrib == {"type": "text/html", "template": f"{URL}zh/search/?q={{searchTerms}}"}
    assert 0 < len(str(root.findtext("o:ShortName", namespaces=space))) <= 16
    assert list(discovery.documents(["index.html"], broken.SITE, date(2026, 1, 31))) == []


@pytest.mark.parametrize("day", [date(2026, 1, 31), date(2024, 2, 29), date(2025, 12, 31), date(2026, 1, 1)])
def test_security_txt_says_whom_to_tell(made: Made, day: date) -> None:
    """The fields RFC 9116 demands; it expires within a year."""
    from dataclasses import replace

    ((path, _, text),) = discovery.documents([], replace(broken.SITE, issues="mailto:a@example.org"), day)
    fields = dict(line.split(": ", 1) for line in text.splitlines())
    assert path == ".well-known/security.txt"
    assert fields["Contact"] == "mailto:a@example.org"
    assert fields["Canonical"] == f"{URL}.well-known/security.txt"
    assert 300 < (datetime.fromisoformat(fields["Expires"]).date() - day).days < 366


def test_the_crosswalk_has_the_elements_of_the_chinese_catalogue(made: Made) -> None:
    """A row for each dataset; the six mandatory elements are never empty."""
    text = made.text(crosswalk.PATH)
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))
    assert [row["信息资源标识符"] for row in rows] == ["grades", "halls", "rooms"]
    assert all(list(row.values())[:6] and all(list(row.values())[:6]) for row in rows)
    assert rows[1]["更新周期"] == "每年"
    assert rows[1]["信息资源发布日期"] == str(CHANGED)
    assert rows[1]["信息资源格式"] == "CSV；JSON；JSONL；PARQUET；XLSX；ZIP"


# --- citation files ---------------------------------------------------------------------------------------


def test_the_citation_files_are_valid(made: Made) -> None:
    """By the schema of CFF 1.2.0, which check-jsonschema holds."""
    files = [str(made.stage / path) for path in made.files if path.endswith("CITATION.cff")]
    assert len(files) == 3
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema"]
    done = subprocess.run(
        [*command, "vendor.citation-file-format", "--force-filetype", "yaml", *files], check=False, capture_output=True
    )
    assert done.returncode == 0, done.stdout
    bad = made.stage.parent / "CITATION.cff"
    bad.write_text(json.dumps({**made.json("data/halls/CITATION.cff"), "license": "no such licence"}))
    done = subprocess.run(
        [*command, "vendor.citation-file-format", "--force-filetype", "yaml", str(bad)], check=False,
        capture_output=True,
    )  # fmt: skip
    assert done.returncode == 1
