"""The DCAT-AP catalogue: valid by the shapes of SEMIC, complete, the same in both forms and on every run."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyshacl
import pytest
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, FOAF, SKOS

from gazette.metadata import catalogue, dcat
from gazette.model import License, Text
from tests import broken
from tests.metadata.conftest import HISTORY, Made

pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib about itself

ROOT = Path(__file__).parents[2]
SHAPES = ROOT.parent / "shared/shapes"
SPDX, SH = Namespace("http://spdx.org/rdf/terms#"), Namespace("http://www.w3.org/ns/shacl#")
MANDATORY = ("dcatap-3.0.1/shapes.ttl", "dcatap-3.0.1/range.ttl", "dcatap-3.0.0/dcat-ap-SHACL.ttl")
WAIVED = {
    "http://purl.org/dc/terms/spatial": "a dataset does not say in a form of its own what area it is about",
    "http://purl.org/dc/terms/temporal": "nor which years",
    "http://purl.org/dc/terms/type": "the lists of kinds of publishers and licences are the EU's own",
    "http://purl.org/dc/terms/issued": "a site has no first day",
    "http://purl.org/dc/terms/license": "each dataset has its licence, the list of them has none",
    "http://purl.org/dc/terms/format": "the EU's list of file types has no JSON Lines and no Parquet",
}
"""Properties DCAT-AP 3.0.1 recommends that are not stated, each with the reason; reviewed 2026-11-22."""


@pytest.fixture(scope="module")
def graph(made: Made) -> Graph:
    """The catalogue as a reader of Turtle sees it."""
    return Graph().parse(made.stage / "catalog.ttl")


def subjects(graph: Graph, kind: URIRef) -> set[Any]:
    return set(graph.subjects(RDF.type, kind))


def judged(graph: Graph, shapes: str) -> tuple[bool, Counter[tuple[str, str]]]:
    """Whether ``graph`` conforms, and how often each severity and path of a result occurs."""
    if not SHAPES.is_dir():
        pytest.skip(f"the shapes of DCAT-AP are not at {SHAPES}; the catalogue was not held against them")
    conforms, results, _ = pyshacl.validate(graph, shacl_graph=Graph().parse(SHAPES / shapes), advanced=True)
    found = Counter(
        (str(results.value(each, SH.resultSeverity)).rpartition("#")[2], str(results.value(each, SH.resultPath)))
        for each in subjects(results, SH.ValidationResult)
    )
    return conforms, found


def test_everything_published_is_in_the_catalogue(made: Made, graph: Graph) -> None:
    """An empty graph would conform to any shape."""
    (catalogue,) = subjects(graph, DCAT.Catalog)
    assert subjects(graph, DCAT.Dataset) == set(graph.objects(catalogue, DCAT.dataset))
    assert len(subjects(graph, DCAT.Dataset)) == 3
    files = {f"https://example.org/{path}" for path, file in made.files.items() if file.dataset and (
        file.resource or path.endswith(".zip"))}  # fmt: skip
    assert {str(each) for each in subjects(graph, DCAT.Distribution)} == files
    assert len(files) == 3 * 8
    assert files == {str(each) for each in graph.objects(None, DCAT.distribution)}


def test_every_text_is_there_in_both_languages(graph: Graph) -> None:
    """Tagged as BCP 47 has them."""
    for node in [*subjects(graph, DCAT.Catalog), *subjects(graph, DCAT.Dataset)]:
        for predicate in (DCTERMS.title, DCTERMS.description):
            tags = [value.language for value in graph.objects(node, predicate) if isinstance(value, Literal)]
            assert sorted(map(str, tags)) == ["en", "zh-Hans"]
    words = {(str(word), word.language) for word in graph.objects(None, DCAT.keyword) if isinstance(word, Literal)}
    assert words == {("halls", "en"), ("rooms", "en"), ("grades", "en"), ("公开", "zh-Hans")}


def test_every_file_has_its_checksum_and_licence(made: Made, graph: Graph) -> None:
    """Those of the file on the disk."""
    for node in subjects(graph, DCAT.Distribution):
        content = (made.stage / str(node).removeprefix("https://example.org/")).read_bytes()
        checksum = graph.value(node, SPDX.checksum)
        assert str(graph.value(checksum, SPDX.checksumValue)) == hashlib.sha256(content).hexdigest()
        assert int(str(graph.value(node, DCAT.byteSize))) == len(content)
        assert graph.value(node, DCTERMS.license) == URIRef("https://creativecommons.org/licenses/by/4.0/")


def test_illustrative_data_is_told_apart(graph: Graph) -> None:
    """By its access rights, and by nothing else."""
    found = set(graph.subjects(DCTERMS.accessRights, None))
    assert found == {URIRef("https://example.org/data/grades/datapackage.json")}


@pytest.mark.parametrize("shapes", MANDATORY)
def test_the_catalogue_conforms(graph: Graph, shapes: str) -> None:
    """To what DCAT-AP 3 demands, and to the ranges of its properties."""
    conforms, found = judged(graph, shapes)
    assert conforms, found


DROPPED = (
    ("dcatap-3.0.1/shapes.ttl", DCAT.Catalog, DCTERMS.title),
    ("dcatap-3.0.1/shapes.ttl", DCAT.Catalog, DCTERMS.description),
    ("dcatap-3.0.1/shapes.ttl", DCAT.Catalog, DCTERMS.publisher),
    ("dcatap-3.0.1/shapes.ttl", DCAT.Dataset, DCTERMS.title),
    ("dcatap-3.0.1/shapes.ttl", DCAT.Dataset, DCTERMS.description),
    ("dcatap-3.0.1/shapes.ttl", DCAT.Distribution, DCAT.accessURL),
    ("dcatap-3.0.1/shapes.ttl", FOAF.Agent, FOAF.name),
    ("dcatap-3.0.1/shapes.ttl", SPDX.Checksum, SPDX.checksumValue),
    ("dcatap-3.0.1/shapes.ttl", SPDX.Checksum, SPDX.algorithm),
    ("dcatap-3.0.1/shapes.ttl", SKOS.Concept, SKOS.prefLabel),
    ("dcatap-3.0.1/range.ttl", DCTERMS.LicenseDocument, RDF.type),
    ("dcatap-3.0.1/range.ttl", DCTERMS.Frequency, RDF.type),
    ("dcatap-3.0.0/dcat-ap-SHACL.ttl", DCAT.Dataset, DCTERMS.title),
)


@pytest.mark.parametrize(("shapes", "kind", "predicate"), DROPPED)
def test_what_is_missing_is_found(graph: Graph, shapes: str, kind: URIRef, predicate: URIRef) -> None:
    """The shapes do look at what they are said to look at."""
    less = Graph() + graph
    for node in subjects(less, kind):
        less.remove((node, predicate, None))
    conforms, _ = judged(less, shapes)
    assert not conforms


def test_what_is_only_recommended_is_missing_for_a_reason(graph: Graph) -> None:
    """Each of the warnings stands in the reviewed list."""
    _, found = judged(graph, "dcatap-3.0.1/shapes_recommended.ttl")
    assert {severity for severity, _ in found} <= {"Warning"}
    assert {path for _, path in found} <= set(WAIVED)


def test_the_list_of_reasons_is_not_longer_than_needed(graph: Graph) -> None:
    """A reason for what is no longer missing would hide the next fault."""
    _, found = judged(graph, "dcatap-3.0.1/shapes_recommended.ttl")
    assert {path for _, path in found} == set(WAIVED)


def test_both_forms_are_one_graph(made: Made, graph: Graph) -> None:
    """Turtle and JSON-LD, the latter with a context of its own: nothing is fetched to read it."""
    assert isomorphic(graph, Graph().parse(data=made.text("catalog.jsonld"), format="json-ld"))
    assert len(graph) > 300


def test_addresses_no_iri_can_hold_are_written_all_the_same(made: Made) -> None:
    """A stranger's licence may lie at ``{id}|a``; one such address must not stop a site."""
    odd = tuple(
        replace(
            each,
            languages=("en_US", "zh"),
            title=Text(values=(("en_US", "A"), ("zh", "甲"))),
            licenses=(License(name=None, title=Text(), path="https://example.org/{id}|a`^"),),
        )
        for each in made.datasets
    )
    known = catalogue.gather(odd, tuple(made.files.values()), broken.SITE, HISTORY, date(2026, 1, 31))
    found = Graph().parse(data=dcat.turtle(dcat.graph(known)), format="turtle")
    licences = {str(each) for each in found.objects(None, DCTERMS.license)}
    assert licences == {"https://example.org/%7Bid%7D%7Ca%60%5E"}


PROGRAM = """
import sys
from pathlib import Path
from tests.metadata.conftest import make
made = make(Path(sys.argv[1]))
print([(path, file.sha256) for path, file in sorted(made.files.items())], sorted(made.cards.items()))
"""


def test_nothing_depends_on_the_order_of_sets(tmp_path: Path) -> None:
    """Every file of every vocabulary is the same under another seed of Python's hashes and another time zone."""

    def run(seed: str, zone: str) -> str:
        folder = tmp_path / seed
        folder.mkdir()
        variables = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        command = [sys.executable, "-c", PROGRAM, str(folder)]
        return subprocess.run(command, cwd=ROOT, env=variables, check=True, capture_output=True, text=True).stdout

    assert run("1", "UTC") == run("2", "Asia/Shanghai")
