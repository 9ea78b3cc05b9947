"""What search engines read on a page: valid by the shapes of Science on schema.org, one thing in two languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from rdflib import RDF, Graph, Namespace

from tests.metadata.conftest import Made

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib about itself

SHAPES = Path(__file__).parents[3] / "shared/shapes/soso"
SO = Namespace("http://schema.org/")
SH = Namespace("http://www.w3.org/ns/shacl#")
CONTEXT: dict[str, Any] = {
    "@vocab": "http://schema.org/",
    **{name: {"@type": "@id"} for name in ("url", "license", "contentUrl", "isBasedOn")},
}
"""The part of schema.org's context that the block uses; the remote one is never fetched, and its namespace is http."""


def card(made: Made, name: str, language: str) -> dict[str, Any]:
    """The block of one page."""
    found: dict[str, Any] = json.loads(made.cards[name, language])
    return found


def graph(document: dict[str, Any]) -> Graph:
    assert document["@context"] == "https://schema.org/"
    return Graph().parse(data=json.dumps(document | {"@context": CONTEXT}), format="json-ld")


def violations(document: dict[str, Any]) -> list[str]:
    """The properties that the required shape misses."""
    if not SHAPES.is_dir():
        pytest.skip(f"the shapes of Science on schema.org are not at {SHAPES}; the blocks were not held against them")
    found = graph(document)
    assert len(set(found.subjects(RDF.type, SO.Dataset))) == 1
    _, results, _ = pyshacl.validate(found, shacl_graph=Graph().parse(SHAPES / "googleRequired.ttl"))
    return sorted(str(path).rpartition("/")[2] for path in results.objects(None, SH.resultPath))


def test_every_dataset_has_a_block_in_every_language(made: Made, nameless: Made) -> None:
    """Without an address of the site there is nothing a search engine could be told."""
    assert set(made.cards) == {(name, language) for name in ("halls", "rooms", "grades") for language in ("en", "zh")}
    assert nameless.cards == {}


@pytest.mark.parametrize("name", ["halls", "rooms", "grades"])
def test_both_languages_speak_of_one_thing(made: Made, name: str) -> None:
    """The same identifier and files; name and description in the language of the page."""
    en, zh = (card(made, name, language) for language in ("en", "zh"))
    assert en["@id"] == zh["@id"] == f"https://example.org/data/{name}/datapackage.json"
    assert en["distribution"] == zh["distribution"]
    assert (en["name"], zh["alternateName"]) == (zh["alternateName"][0], [en["name"]])
    assert (zh["name"], en["alternateName"]) == (en["alternateName"][0], [zh["name"]])
    assert en["description"] != zh["description"]
    assert (en["url"], zh["url"]) == tuple(f"https://example.org/{tag}/datasets/{name}/" for tag in ("en", "zh"))


def test_only_files_with_data_are_distributions(made: Made) -> None:
    """Not those that speak of it."""
    files = [each["contentUrl"].rpartition("/")[2] for each in card(made, "halls", "en")["distribution"]]
    assert files == [
        "halls.xlsx", "halls.csv", "halls.en.csv", "halls.zh.csv", "halls.json", "halls.jsonl", "halls.parquet",
        "halls.zip",
    ]  # fmt: skip
    for each in card(made, "halls", "en")["distribution"]:
        file = made.files[each["contentUrl"].removeprefix("https://example.org/")]
        assert (each["sha256"], each["contentSize"]) == (file.sha256, f"{file.bytes} B")


@pytest.mark.parametrize("name", ["halls", "rooms", "grades"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_block_conforms(made: Made, name: str, language: str) -> None:
    """To what Google requires of a dataset."""
    assert violations(card(made, name, language)) == []


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        ({"name": None}, ["name"]),
        ({"description": None}, ["description"]),
        ({"description": "Short."}, ["description"]),
    ],
)
def test_what_is_missing_is_found(made: Made, change: dict[str, Any], missed: list[str]) -> None:
    """The shapes do look."""
    document = {key: value for key, value in (card(made, "halls", "en") | change).items() if value is not None}
    assert violations(document) == missed


def test_a_block_cannot_end_its_element(made: Made) -> None:
    """Whatever a title holds."""
    assert not any("<" in text for text in made.cards.values())


def test_illustrative_data_says_so(made: Made) -> None:
    """In the language of the page."""
    assert card(made, "grades", "zh")["creativeWorkStatus"] == "示例数据"
    assert "creativeWorkStatus" not in card(made, "halls", "zh")
