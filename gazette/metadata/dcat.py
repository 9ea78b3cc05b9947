"""The catalogue for other portals: DCAT-AP 3.0.1 (SEMIC), as Turtle and JSON-LD.

Every node has an address, so that the same catalogue is the same graph and the same bytes.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

from rdflib import RDF, RDFS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, SKOS

from gazette import words
from gazette.metadata.catalogue import FREQUENCIES, Catalogue
from gazette.model import Artifact, Dataset, Language, Party, Resource, Text

_SPDX = Namespace("http://spdx.org/rdf/terms#")
_VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_VERSION = URIRef(f"{DCAT}version")  # of DCAT 3, which rdflib's closed namespace lacks
_DCATAP = Namespace("http://data.europa.eu/r5r/")
_EU = "http://publications.europa.eu/resource/authority/"
_LANGUAGES = {"en": "ENG", "zh": "ZHO"}
"""EU Named Authority List "Language"."""
_FORMATS = {
    "text/csv": "CSV",
    "application/json": "JSON",
    "application/zip": "ZIP",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "XLSX",
}
"""EU Named Authority List "File type"; it has no code for the others."""
_MEDIA = "http://www.iana.org/assignments/media-types/"
_REGISTERED = frozenset(
    {
        "text/csv",
        "application/json",
        "application/zip",
        "application/vnd.apache.parquet",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
"""Media types the IANA registry has."""

_FORBIDDEN = re.compile(r"""[\x00-\x20"<>\\^`{|}]""")
"""What no IRI has (RFC 3987, 2.2); an address a stranger states may."""
_HAN = re.compile("[\u3400-\u9fff]")
_TAG = re.compile("[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
"""A language tag as RDF has it (RDF 1.1 Turtle, LANGTAG)."""


def graph(catalogue: Catalogue) -> Graph:
    """The whole catalogue; the site must have an address."""
    found = _Graph(catalogue)
    found.catalogue()
    for dataset in catalogue.datasets:
        found.dataset(dataset)
    return found.graph


def turtle(found: Graph) -> str:
    """The graph as Turtle; rdflib sorts it."""
    return found.serialize(format="turtle")


def json_ld(found: Graph) -> str:
    """The graph as JSON-LD, sorted."""
    context = {prefix: str(namespace) for prefix, namespace in found.namespaces() if prefix in _PREFIXES}
    document = json.loads(found.serialize(format="json-ld", context=context, auto_compact=False))
    return json.dumps(_ordered(document), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


_PREFIXES = {
    "dcat": DCAT, "dcatap": _DCATAP, "dct": DCTERMS, "foaf": FOAF, "rdfs": RDFS, "skos": SKOS, "spdx": _SPDX,
    "vcard": _VCARD, "xsd": XSD,
}  # fmt: skip


class _Graph:
    def __init__(self, catalogue: Catalogue) -> None:
        self._known = catalogue
        self._top = URIRef(f"{catalogue.base}catalog")
        self.graph = Graph(bind_namespaces="none")
        for prefix, namespace in _PREFIXES.items():
            self.graph.bind(prefix, namespace)

    def _add(self, node: URIRef, *facts: tuple[URIRef, Any]) -> URIRef:
        for predicate, value in facts:
            self.graph.add((node, predicate, value))
        return node

    def _texts(self, node: URIRef, predicate: URIRef, text: Text) -> None:
        for language, value in text.values:
            self._add(node, (predicate, Literal(value, lang=_tag(language))))

    def _words(self, node: URIRef, predicate: URIRef, key: str) -> None:
        values = tuple((language, words.label(key, language)) for language in self._known.site.languages)
        self._texts(node, predicate, Text(values=values))

    def catalogue(self) -> None:
        """The site itself, its publisher and its topics."""
        site = self._known.site
        publisher = self._add(URIRef(f"{self._known.base}catalog#operator"), (RDF.type, FOAF.Agent))
        self._texts(publisher, FOAF.name, site.operator)
        home = self._typed(self._known.base, FOAF.Document)
        scheme = self._typed(f"{self._top}#topics", SKOS.ConceptScheme)
        self._texts(scheme, DCTERMS.title, site.name)
        self._add(
            self._top,
            (RDF.type, DCAT.Catalog),
            (DCTERMS.publisher, publisher),
            (FOAF.homepage, home),
            (DCAT.themeTaxonomy, scheme),
            (DCTERMS.modified, Literal(self._known.issued)),
            *((DCTERMS.language, self._language(language)) for language in site.languages),
            *((DCAT.dataset, URIRef(self._known.address(dataset))) for dataset in self._known.datasets),
        )
        self._texts(self._top, DCTERMS.title, site.name)
        self._texts(self._top, DCTERMS.description, site.description)
        for code, label in site.topics:
            self._add(self._topic(code), (RDF.type, SKOS.Concept), (SKOS.inScheme, scheme))
            self._texts(self._topic(code), SKOS.prefLabel, label)

    def dataset(self, dataset: Dataset) -> None:
        """One dataset with all of its files."""
        node = URIRef(self._known.address(dataset))
        self._add(node, (RDF.type, DCAT.Dataset), (DCTERMS.identifier, Literal(dataset.name)))
        self._texts(node, DCTERMS.title, dataset.title)
        # An empty description is not one; the standard asks for the property.
        self._texts(node, DCTERMS.description, dataset.description or dataset.title)
        for language in dataset.languages:
            self._add(node, (DCTERMS.language, self._language(language)))
        for language in self._known.site.languages:
            self._add(node, (DCAT.landingPage, self._typed(self._known.page(dataset, language), FOAF.Document)))
        self._about(node, dataset)
        for table, files in self._known.tables(dataset):
            for file in files:
                self._distribution(node, dataset, file, table)
        for file in self._known.downloads(dataset):
            if file.resource is None:
                self._distribution(node, dataset, file, None)

    def _about(self, node: URIRef, dataset: Dataset) -> None:
        for word in dataset.keywords:
            # One list for all languages: the script tells.
            language = "zh" if _HAN.search(word) else "en" if word.isascii() else dataset.languages[0]
            self._add(node, (DCAT.keyword, Literal(word, lang=_tag(language))))
        for topic in [code for code, _ in self._known.site.topics if code == dataset.topic]:
            self._add(node, (DCAT.theme, self._topic(topic)))
        if dataset.publisher:
            self._add(node, (DCTERMS.publisher, self._party(node, dataset.publisher)))
        self._add(node, (DCAT.contactPoint, self._contact()))
        if code := FREQUENCIES.get(dataset.frequency or ""):
            frequency = self._typed(f"{_EU}frequency/{code}", DCTERMS.Frequency)
            self._add(node, (DCTERMS.accrualPeriodicity, frequency))
        if dataset.version:
            self._add(node, (_VERSION, Literal(dataset.version)))
        if dataset.created:
            self._add(node, (DCTERMS.issued, Literal(dataset.created)))
        if changed := self._known.changed(dataset):
            self._add(node, (DCTERMS.modified, Literal(changed)))
        if dataset.illustrative:
            rights = self._typed(f"{self._top}#illustrative", DCTERMS.RightsStatement)
            self._words(rights, RDFS.label, "illustrative.title")
            self._add(node, (DCTERMS.accessRights, rights))

    def _distribution(self, node: URIRef, dataset: Dataset, file: Artifact, table: Resource | None) -> None:
        found = URIRef(self._known.base + quote(file.path))
        self._add(node, (DCAT.distribution, found))
        self._add(
            found,
            (RDF.type, DCAT.Distribution),
            (DCAT.accessURL, found),
            (DCAT.downloadURL, found),
            (DCAT.byteSize, Literal(file.bytes, datatype=XSD.nonNegativeInteger)),
            (_SPDX.checksum, self._checksum(found, file)),
            (_DCATAP.availability, self._available()),
            # DCAT-AP's shapes ask for the class by name.
            (RDF.type, RDFS.Resource),
        )
        self._texts(found, DCTERMS.title, table.title if table else dataset.title)
        self._words(found, DCTERMS.description, f"format.{file.path.rpartition('/')[2].partition('.')[2]}")
        if form := _FORMATS.get(file.media_type):
            self._add(found, (DCTERMS.format, self._typed(f"{_EU}file-type/{form}", DCTERMS.MediaTypeOrExtent)))
        if file.media_type in _REGISTERED:
            self._add(found, (DCAT.mediaType, self._typed(_MEDIA + file.media_type, DCTERMS.MediaType)))
        for licence in [each.path for each in dataset.licenses if each.path]:
            self._add(found, (DCTERMS.license, self._typed(licence, DCTERMS.LicenseDocument)))

    def _checksum(self, found: URIRef, file: Artifact) -> URIRef:
        return self._add(
            URIRef(f"{found}#sha256"),
            (RDF.type, _SPDX.Checksum),
            (_SPDX.algorithm, self._typed(_SPDX.checksumAlgorithm_sha256, _SPDX.ChecksumAlgorithm)),
            (_SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary)),
        )

    def _available(self) -> URIRef:
        found = self._typed(f"{_EU}planned-availability/AVAILABLE", SKOS.Concept)
        self._words(found, SKOS.prefLabel, "metadata.available")
        return found

    def _contact(self) -> URIRef:
        """Who answers questions: the operator of the site, where it says how it is reached."""
        found = self._typed(f"{self._top}#contact", _VCARD.Organization)
        self._add(found, (RDF.type, _VCARD.Kind))
        self._texts(found, _VCARD.fn, self._known.site.operator)
        if address := self._known.site.issues:
            kind = _VCARD.hasEmail if address.startswith("mailto:") else _VCARD.hasURL
            self._add(found, (kind, _iri(address)))
        return found

    def _party(self, node: URIRef, party: Party) -> URIRef:
        found = self._typed(f"{node}#publisher", FOAF.Agent)
        self._texts(found, FOAF.name, party.title)
        if party.path:
            self._add(found, (FOAF.homepage, self._typed(party.path, FOAF.Document)))
        return found

    def _typed(self, address: str, kind: URIRef) -> URIRef:
        return self._add(_iri(address), (RDF.type, kind))

    def _language(self, language: Language) -> URIRef:
        code = _LANGUAGES.get(language, "MUL")
        return self._typed(f"{_EU}language/{code}", DCTERMS.LinguisticSystem)

    def _topic(self, code: str) -> URIRef:
        return URIRef(f"{self._top}#topic-{quote(code)}")


def _iri(address: str) -> URIRef:
    return URIRef(_FORBIDDEN.sub(lambda found: quote(found[0]), address))


def _tag(language: Language) -> str | None:
    tag = words.BCP47.get(language, language)
    return tag if _TAG.fullmatch(tag) else None


def _ordered(value: Any) -> Any:
    """JSON with its lists in one order: to JSON-LD they are sets."""
    if isinstance(value, dict):
        return {name: _ordered(item) for name, item in value.items()}
    if isinstance(value, list):
        return sorted(map(_ordered, value), key=lambda item: json.dumps(item, ensure_ascii=False, sort_keys=True))
    return value
