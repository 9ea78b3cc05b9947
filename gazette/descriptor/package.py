"""One descriptor document → one :class:`Dataset`, rule by rule."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from gazette.descriptor import declared, document, origins, paths, standard, views
from gazette.descriptor.document import Document
from gazette.model import (
    Category,
    Dataset,
    Fact,
    Field,
    Finding,
    ForeignKey,
    Language,
    License,
    Party,
    Policy,
    Resource,
    Schema,
    Severity,
    Site,
    Snapshot,
    Source,
    Text,
    Translation,
)

_DELIMITED = ("csv", "tsv")
FORMATS = (*_DELIMITED, "xlsx", "json", "jsonl", "ndjson")
"""Formats of files that are read as tables."""

_MEDIA_TYPES = {
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/json": "json",
    "application/jsonl": "jsonl",
    "application/x-ndjson": "ndjson",
}
"""What a media type (IANA) says of a file whose name says nothing."""

_BINARY = {"xls": "binary", "xlsb": "binary", "xlsm": "macros", "xltm": "macros"}
"""Formats of workbooks that are not read, by the variant of the finding that says what to do."""

FREQUENCIES = frozenset(
    "continuous daily weekly biweekly monthly bimonthly quarterly semiannual annual biennial irregular never".split()
)
"""Words for how often a dataset is updated: the EU frequency list (DCAT-AP 3, ``dct:accrualPeriodicity``)."""

DESCRIBED = range(50, 5001)
"""Characters of a description that Google Dataset Search takes ("Dataset structured data", ``description``)."""

# Data Package v2: https://datapackage.org/standard/ (properties of each object), and our own.
_KNOWN: dict[str, frozenset[str]] = {
    "package": frozenset(
        "$schema name id title description homepage version created keywords contributors sources licenses image "
        "resources languages gazette".split()
    ),
    "resource": frozenset(
        "name path data type title description format mediatype encoding bytes hash sources licenses dialect schema "
        "gazette".split()
    ),
    "schema": frozenset(
        "$schema fields missingValues primaryKey uniqueKeys foreignKeys fieldsMatch title description gazette".split()
    ),
    "field": frozenset(
        "name type format title description example constraints categories categoriesOrdered missingValues rdfType "
        "trueValues falseValues decimalChar groupChar bareNumber delimiter itemType gazette".split()
    ),
    "constraints": frozenset(
        "required unique minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum jsonSchema pattern "
        "enum".split()
    ),
}
_TRANSLATED = re.compile(r"(?:title|description|label)_[a-z]{2,3}", re.ASCII)
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_LOOKS_LIKE_TYPO = 0.8

ILLUSTRATIVE = "illustrative"
"""What the name of every published file says where the rows are invented: a file travels without its page."""


@dataclass(kw_only=True)
class Reading:
    """The reading of one descriptor: builds the dataset and collects what is wrong on the way."""

    folder: str
    path: str
    document: Document
    snapshot: Snapshot
    policy: Policy
    site: Site
    findings: list[Finding] = field(default_factory=list)
    name: str = ""
    languages: tuple[Language, ...] = ()
    translations: tuple[Translation, ...] = ()

    @property
    def illustrative(self) -> bool:
        """Whether the document calls its rows invented."""
        return bool(_mapping(self.document.value.get("gazette")).get("status") == "illustrative")

    @property
    def blocks(self) -> bool:
        """Whether what was found so far keeps the dataset from being published."""
        return any(finding.severity == "error" for finding in self.findings)

    def dataset(self) -> Dataset:
        """The dataset; everything the document leaves out is empty."""
        node: dict[str, Any] = self.document.value
        self.name = self._dataset_name(node)
        self.languages = self._languages(node)
        self._check_unknown(node, "package", "")
        own = _mapping(node.get("gazette"))
        general = tuple(each for each in self.site.translations if each.language in self.languages)
        self.translations = self._translations(own, "", general)
        if "translations" in self.policy.required and len(self.languages) > 1 and not self.translations:
            self._add("translation-origin", "error", "/gazette", language=self.languages[-1], origin="")
        dataset = Dataset(
            name=self.name,
            folder=self.folder,
            path=self.path,
            title=self._text(node, "title") or Text(values=((self.languages[0], str(node.get("name") or self.name)),)),
            description=self._text(node, "description"),
            resources=self._resources(node),
            languages=self.languages,
            parties=tuple(self._party(item) for item in _mappings(node.get("contributors"))),
            sources=tuple(self._source(item) for item in _mappings(node.get("sources"))),
            licenses=tuple(self._license(item) for item in _mappings(node.get("licenses"))),
            keywords=tuple(item for item in _list(node.get("keywords")) if isinstance(item, str)),
            version=_string(node.get("version")),
            created=self._created(node),
            homepage=self._address(node.get("homepage"), "/homepage"),
            topic=_string(own.get("topic")),
            frequency=_string(own.get("frequency")),
            kind=_string(own.get("kind")),
            illustrative=self.illustrative,
            waivers=declared.waivers(own, self.languages),
            translations=self.translations,
            descriptor=node,
            lines=self.document.lines,
        )
        self._check_required(dataset, node, own)
        return dataset

    # --- names and languages ------------------------------------------------------------------------------

    def _dataset_name(self, node: Mapping[str, Any]) -> str:
        folder = PurePosixPath(self.folder).name
        stated = _string(node.get("name")) or folder
        self.name = paths.slug(stated) or paths.slug(folder) or "dataset"
        if _NAME.fullmatch(stated):
            if self.policy.strict and folder and stated != folder:
                self._add("name-folder", "error", "/name", name=stated, folder=folder)
            return stated
        self._add("name-slugged" if not self.policy.strict else "name-invalid", self._unusual, "/name", name=stated)
        return self.name

    def _languages(self, node: Mapping[str, Any]) -> tuple[Language, ...]:
        stated = tuple(dict.fromkeys(item for item in _list(node.get("languages")) if isinstance(item, str)))
        if not stated:
            words = f"{node.get('title') or ''}{node.get('description') or ''}"
            stated = ("zh",) if _HAN.search(words) else ("en",)
        if "translations" not in self.policy.required:
            return stated
        return (*stated, *(language for language in self.site.languages if language not in stated))

    def _text(self, node: Mapping[str, Any], name: str) -> Text:
        values = []
        for number, language in enumerate(self.languages):
            value = node.get(name if number == 0 else f"{name}_{language}")
            if isinstance(value, str) and value.strip():
                values.append((language, value.strip()))
        return Text(values=tuple(values))

    def _translations(
        self, own: Mapping[str, Any], pointer: str, inherited: tuple[Translation, ...]
    ) -> tuple[Translation, ...]:
        """Those a package or a table states, with those it leaves to what is around it."""
        found = dict.fromkeys(origins.read(own.get("translation"), self.languages))
        stated = tuple(item for item in found if isinstance(item, Translation))
        for item in found:
            if not isinstance(item, Translation):
                variant, language, origin = item
                below = f"{pointer}/gazette/translation/{document.escape(language)}"
                self._add("translation-origin", "error", below, variant=variant, language=language, origin=origin)
        return (*stated, *(each for each in inherited if each.language not in {item.language for item in stated}))

    # --- the package --------------------------------------------------------------------------------------

    def _party(self, node: Mapping[str, Any]) -> Party:
        roles = [item for item in _list(node.get("roles")) if isinstance(item, str)]
        if isinstance(node.get("role"), str):  # version 1 of the standard
            roles.append(node["role"])
        return Party(title=self._text(node, "title"), roles=tuple(roles), path=self._address(node.get("path")))

    def _source(self, node: Mapping[str, Any]) -> Source:
        return Source(
            title=self._text(node, "title"),
            path=self._address(node.get("path")),
            version=_string(node.get("version")),
        )

    def _license(self, node: Mapping[str, Any]) -> License:
        return License(
            name=_string(node.get("name")), title=self._text(node, "title"), path=self._address(node.get("path"))
        )

    def _address(self, value: Any, pointer: str = "") -> str | None:
        """A link to follow: ``http`` or ``https`` without credentials; anything else is dropped and reported."""
        if not isinstance(value, str) or not value:
            return None
        if re.fullmatch(r"https?://[^\s/@\\\"'<>]+(?:/[^\s\"'<>\\]*)?", value):
            return value
        self._add("address-refused", self._unusual, pointer, address=value)
        return None

    def _created(self, node: Mapping[str, Any]) -> date | None:
        value = node.get("created")
        if not isinstance(value, str):
            return None
        try:
            return date.fromisoformat(value[:10])
        except ValueError:
            self._add("date-invalid", "error" if self.policy.strict else "warning", "/created", value=value)
            return None

    def _check_required(self, dataset: Dataset, node: Mapping[str, Any], own: Mapping[str, Any]) -> None:
        stated: dict[str, object] = {
            "title": node.get("title"),
            "description": dataset.description,
            "licenses": dataset.licenses,
            "publisher": any("publisher" in party.roles for party in dataset.parties),
            "sources": dataset.sources,
            "frequency": dataset.frequency,
            "topic": dataset.topic,
        }
        for name, value in stated.items():
            if name in self.policy.required and not value:
                self._add("property-missing", "error", "", property=name)
        for language, text in dataset.description.values:
            self._check_length(text, language)
        if dataset.frequency and dataset.frequency not in FREQUENCIES:
            self._add("frequency-unknown", "error", "/gazette/frequency", value=dataset.frequency)
        topics = [code for code, _ in self.site.topics]
        if self.policy.strict and dataset.topic and dataset.topic not in topics:
            self._add("topic-unknown", "error", "/gazette/topic", value=dataset.topic, known=topics)
        if own.get("status") not in (None, "real", "illustrative"):  # it may be a list, which no set takes
            self._add("status-unknown", "error", "/gazette/status", value=str(own.get("status")))

    def _check_length(self, text: str, language: Language) -> None:
        """A description is what search engines find a dataset by."""
        length = len(" ".join(text.split()))
        if length in DESCRIBED:
            return
        pointer = "/description" if language == self.languages[0] else f"/description_{language}"
        facts: dict[str, Fact] = {"language": language, "length": length}
        facts |= {"variant": "long"} if length >= DESCRIBED.stop else {}
        self._add("description-short", "warning", pointer, least=DESCRIBED.start, most=DESCRIBED.stop - 1, **facts)

    # --- resources ----------------------------------------------------------------------------------------

    def _resources(self, node: Mapping[str, Any]) -> tuple[Resource, ...]:
        slugs: set[str] = set()
        resources = []
        stated = node.get("resources")
        if not isinstance(stated, list) or not stated:
            self._add("resources-missing", "error", "/resources")
            return ()
        for number, item in enumerate(stated):
            pointer = f"/resources/{number}"
            if not isinstance(item, Mapping):
                self._add("resources-missing", "error", pointer)
                continue
            resource = self._resource(item, pointer, number)
            if resource.slug in slugs:
                self._add("resource-duplicate", "error", f"{pointer}/name", resource=resource.name, name=resource.name)
            slugs.add(resource.slug)
            resources.append(resource)
        for resource in resources:
            self._check_views(resource, resources)
        if self.policy.strict:
            self._check_unlisted(resources)
        return tuple(resources)

    def _resource(self, node: Mapping[str, Any], pointer: str, number: int) -> Resource:
        self._check_unknown(node, "resource", pointer)
        own = _mapping(node.get("gazette"))
        name = _string(node.get("name")) or f"table-{number + 1}"
        slug = self._slug(name, pointer, number)
        parts, omitted = self._paths(node, pointer, name)
        form = _format(node, parts)
        if not omitted and parts and form not in FORMATS:
            omitted = "format-unsupported"
            facts: dict[str, Fact] = {"variant": _BINARY[form]} if form in _BINARY else {}
            facts |= {"resource": name, "format": form, "known": list(FORMATS)}
            self._add(omitted, self._unusual, f"{pointer}/path", **facts)
        dialect: Mapping[str, Any] = self._reference(node.get("dialect"), f"{pointer}/dialect", name) or {}
        if form == "tsv":
            dialect = {"delimiter": "\t", **dialect}
        resource = Resource(
            name=name,
            slug=slug,
            dataset=self.name,
            title=self._text(node, "title"),
            description=self._text(node, "description"),
            paths=parts,
            data=node.get("data") if not parts else None,
            schema=self._schema(node, pointer, name),
            format=form,
            encoding=self._encoding(node, pointer, name),
            dialect=_plain_dialect(dialect),
            pointer=pointer,
            omitted=omitted,
            kind=_string(own.get("kind")),
            rules=declared.rules(own, pointer),
            views=views.read(own, pointer, self.languages),
            translations=self._translations(own, pointer, self.translations),
            descriptor=node,
        )
        return resource if self.policy.strict else self._detected(resource)

    def _slug(self, name: str, pointer: str, number: int) -> str:
        """What the files of a table are called."""
        slug = name
        if not _NAME.fullmatch(name):
            code = "name-invalid" if self.policy.strict else "name-slugged"
            self._add(code, self._unusual, f"{pointer}/name", resource=name, name=name)
            slug = paths.slug(name) or f"table-{number + 1}"
        return f"{slug}-{ILLUSTRATIVE}" if self.illustrative and ILLUSTRATIVE not in slug else slug

    def _detected(self, resource: Resource) -> Resource:
        """The table, with what its file shows where nobody stated its dialect or its columns."""
        stated = bool(resource.dialect or _mapping(resource.descriptor.get("dialect")))
        if not resource.paths or resource.omitted or resource.format not in _DELIMITED or (resource.schema and stated):
            return resource
        detected = standard.detect(self.snapshot.root / self.folder / resource.paths[0], resource.encoding)
        if detected is None:
            return resource
        if detected.dialect and not stated:
            dialect = _plain_dialect(detected.dialect)
            self._add("dialect-detected", "warning", resource.pointer, resource=resource.name, dialect=str(dialect))
            resource = replace(resource, dialect=dialect)
        return resource if resource.schema else replace(resource, schema=self._undescribed(detected.labels))

    def _check_views(self, resource: Resource, resources: list[Resource]) -> None:
        own = _mapping(resource.descriptor.get("gazette"))
        for code, place, facts in views.faults(own, resource, resources):
            self._add(code, "error", place, resource=resource.name, **facts)

    def _paths(self, node: Mapping[str, Any], pointer: str, name: str) -> tuple[tuple[str, ...], str | None]:
        """The files of a table, and why it is left out, if it is."""
        stated = node.get("path")
        if stated is None and node.get("data") is not None:
            if self.policy.strict:
                self._add("data-inline", "error", f"{pointer}/data", resource=name)
            return (), None
        parts: list[Any] = stated if isinstance(stated, list) else [stated]
        if not parts or not all(isinstance(part, str) for part in parts):
            self._add("path-missing", "error", pointer, resource=name)
            return (), "path-missing"
        if len(parts) > 1:
            # The standard has chunks "simply concatenated"; frictionless drops the first row of every further file
            # as a header. Where the two differ a row would vanish, so neither reading is published.
            self._add("path-multipart", self._unusual, f"{pointer}/path", resource=name, files=len(parts))
            return (), "path-multipart"
        for part in parts:
            if code := self._path_refusal(part, f"{pointer}/path", name):
                return (), code
        return tuple(str(PurePosixPath(part)) for part in parts), None

    def _path_refusal(self, path: str, pointer: str, name: str) -> str | None:
        """Report a path that is not read, or only under a slug; the code where it is not read."""
        code = paths.refusal(path)
        if code is not None:
            tolerated = code == "path-remote" and paths.is_fetchable(path)
            self._add(code, self._unusual if tolerated else "error", pointer, resource=name, stated=path)
            return code
        if not paths.is_plain(path):
            code = "path-characters" if self.policy.strict else "path-slugged"
            self._add(code, self._unusual, pointer, resource=name, stated=path)
            if self.policy.strict:
                return code
        full = str(PurePosixPath(self.folder) / path)
        if full in self.snapshot.refused:  # reported as what it is, a link or a device
            return "path-symlink"
        if not (self.snapshot.root / full).is_file():
            self._add("file-missing", "error", pointer, resource=name, stated=path)
            return "file-missing"
        return None

    def _encoding(self, node: Mapping[str, Any], pointer: str, name: str) -> str:
        stated = str(node.get("encoding") or "utf-8").lower()
        if stated in {"utf-8", "utf8", "utf-8-sig"}:
            return "utf-8"
        # UTF-7 and the like smuggle markup past every filter; only encodings of real files are read.
        known = stated in {
            "gb18030",
            "gbk",
            "gb2312",
            "big5",
            "utf-16",
            "latin1",
            "iso-8859-1",
            "windows-1252",
            "ascii",
        }
        if self.policy.strict or not known:
            self._add("encoding-declared", "error", f"{pointer}/encoding", resource=name, encoding=stated)
        return stated if known else "utf-8"

    def _check_unlisted(self, resources: Iterable[Resource]) -> None:
        listed = {part for resource in resources for part in resource.paths} | {"README.md"}
        listed |= {PurePosixPath(self.path).name}
        listed |= set(self._documents)
        for file in self.snapshot:
            below = file.path.removeprefix(f"{self.folder}/") if self.folder else file.path
            if (not self.folder or file.path.startswith(f"{self.folder}/")) and below not in listed:
                original = paths.original(below)
                if original in listed:
                    self._add("file-unlisted", "error", None, path=file.path, variant="copy", original=original)
                else:
                    self._add("file-unlisted", "error", None, path=file.path)

    @property
    def _documents(self) -> list[str]:
        """Schemas and dialects kept in files of their own."""
        nodes = _mappings(self.document.value.get("resources"))
        stated = [node.get(name) for node in nodes for name in ("schema", "dialect")]
        return [value for value in stated if isinstance(value, str)]

    # --- schemas ------------------------------------------------------------------------------------------

    def _reference(self, value: Any, pointer: str, name: str) -> dict[str, Any] | None:
        """An object of the descriptor, or the document in the same folder that holds it."""
        if isinstance(value, dict):
            return value
        if not isinstance(value, str) or self._path_refusal(value, pointer, name):
            return None
        content = (self.snapshot.root / self.folder / value).read_bytes()
        try:
            return document.read(content, is_json=not value.endswith((".yaml", ".yml"))).value
        except document.Fault as fault:
            self.findings.append(
                Finding(
                    code=fault.code,
                    severity="error",
                    source="gazette",
                    dataset=self.name,
                    path=str(PurePosixPath(self.folder) / value),
                    resource=name,
                    line=fault.line,
                    column=fault.column,
                    facts=fault.facts,
                )
            )
            return None

    def _schema(self, node: Mapping[str, Any], pointer: str, name: str) -> Schema | None:
        below = f"{pointer}/schema"
        schema = self._reference(node.get("schema"), below, name)
        if not schema:
            if node.get("schema") in (None, {}):
                self._add("schema-missing", self._unusual, pointer, resource=name)
            return None
        self._check_unknown(schema, "schema", below)
        schema = _listed(schema)
        fields = []
        for number, item in enumerate(_mappings(schema.get("fields"))):
            self._check_unknown(item, "field", f"{below}/fields/{number}")
            self._check_unknown(
                _mapping(item.get("constraints")), "constraints", f"{below}/fields/{number}/constraints"
            )
            fields.append(self._field(item))
        return Schema(
            fields=tuple(fields),
            primary_key=_strings(schema.get("primaryKey")),
            foreign_keys=tuple(self._foreign_key(item) for item in _mappings(schema.get("foreignKeys"))),
            missing_values=tuple(
                str(item.get("value")) if isinstance(item, Mapping) else str(item)
                for item in _list(schema.get("missingValues", [""]))
            ),
            descriptor=schema,
        )

    def _undescribed(self, labels: tuple[str, ...]) -> Schema:
        """A table nobody described: its labels, and any value."""
        fields = tuple(
            Field(name=label, type="any", format="default", title=Text(), description=Text(), constraints={})
            for label in labels
        )
        return Schema(fields=fields, descriptor={"fields": [{"name": label, "type": "any"} for label in labels]})

    def _field(self, node: Mapping[str, Any]) -> Field:
        own = _mapping(node.get("gazette"))
        return Field(
            name=str(node.get("name")),
            type=str(node.get("type", "string")),
            format=str(node.get("format", "default")),
            title=self._text(node, "title"),
            description=self._text(node, "description"),
            constraints=_mapping(node.get("constraints")),
            categories=tuple(self._category(item) for item in _list(node.get("categories"))),
            unit=self._text(own, "unit"),
            descriptor=node,
        )

    def _category(self, node: Any) -> Category:
        if not isinstance(node, Mapping):
            return Category(value=str(node), label=Text())
        return Category(value=str(node.get("value")), label=self._text(node, "label"))

    def _foreign_key(self, node: Mapping[str, Any]) -> ForeignKey:
        reference = _mapping(node.get("reference"))
        package = reference.get("package")
        return ForeignKey(
            fields=_strings(node.get("fields")),
            resource=str(reference.get("resource") or ""),
            reference_fields=_strings(reference.get("fields")),
            dataset=_normal(self.folder, package) if isinstance(package, str) else None,
        )

    # --- findings -----------------------------------------------------------------------------------------

    @property
    def _unusual(self) -> Severity:
        """What is merely unusual is refused under ``strict`` and mentioned under ``open``."""
        return "error" if self.policy.strict else "warning"

    def _check_unknown(self, node: Mapping[str, Any], level: str, pointer: str) -> None:
        """A misspelt property is ignored by every tool; strangers' own properties are theirs to use."""
        for name in node:
            if name in _KNOWN[level] or (level != "constraints" and _TRANSLATED.fullmatch(name)):
                continue
            near = difflib.get_close_matches(name, sorted(_KNOWN[level]), 1, _LOOKS_LIKE_TYPO)
            if self.policy.strict or near:
                self._add(
                    "property-unknown",
                    self._unusual,
                    f"{pointer}/{document.escape(name)}",
                    property=name,
                    near=near[0] if near else None,
                    variant=None if near else "unlike",
                )

    def _add(self, code: str, severity: Severity, pointer: str | None, **facts: Fact) -> None:
        resource = facts.pop("resource", None)
        path = facts.pop("path", self.path)
        self.findings.append(
            Finding(
                code=code,
                severity=severity,
                source="gazette",
                dataset=self.name,
                path=str(path),
                pointer=pointer,
                resource=str(resource) if resource is not None else None,
                line=self._line(pointer) if pointer is not None else None,
                facts=facts,
            )
        )

    def _line(self, pointer: str) -> int | None:
        while pointer and pointer not in self.document.lines:
            pointer = pointer.rpartition("/")[0]
        return self.document.lines.get(pointer)


def _listed(schema: dict[str, Any]) -> dict[str, Any]:
    """Version 1 of the standard permits a single name where version 2 has a list of them."""
    result = dict(schema)
    if isinstance(schema.get("primaryKey"), str):
        result["primaryKey"] = [schema["primaryKey"]]
    if isinstance(schema.get("foreignKeys"), list):
        result["foreignKeys"] = [_listed_key(key) if isinstance(key, dict) else key for key in schema["foreignKeys"]]
    return result


def _listed_key(key: dict[str, Any]) -> dict[str, Any]:
    reference = _mapping(key.get("reference"))
    listed = {name: list(_strings(node.get("fields"))) for name, node in (("own", key), ("other", reference))}
    return {**key, "fields": listed["own"], "reference": {**reference, "fields": listed["other"]}}


def _format(node: Mapping[str, Any], parts: tuple[str, ...]) -> str:
    """The format stated, else that of the file's name, else that of the media type stated."""
    if not parts:
        return str(node.get("format") or "inline").lower()
    suffix = PurePosixPath(parts[0]).suffix[1:].lower()
    media = str(node.get("mediatype") or "").partition(";")[0].strip().lower()
    stated = node.get("format") or (suffix if suffix in FORMATS else _MEDIA_TYPES.get(media, suffix))
    return str(stated).lower()


def _plain_dialect(dialect: Mapping[str, Any]) -> dict[str, Any]:
    """The dialect of version 2; frictionless nests the properties of CSV under ``csv``."""
    flat = {name: value for name, value in dialect.items() if name not in {"csv", "$schema"}}
    return flat | _mapping(dialect.get("csv"))


def _normal(folder: str, package: str) -> str:
    """``../departments/datapackage.yaml`` as a path below the datasets folder."""
    parts: list[str] = []
    for part in (PurePosixPath(folder) / package).parts:
        if part == ".." and parts:
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mappings(value: Any) -> list[dict[str, Any]]:
    return [item for item in _list(value) if isinstance(item, dict)]


def _string(value: Any) -> str | None:
    return str(value) if isinstance(value, str | int | float) and str(value) else None


def _strings(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(str(item) for item in _list(value))
