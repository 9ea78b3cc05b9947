"""The values that travel between the rooms of the house.

Every value is frozen, keyword-only and slotted, so what one room was given no other room can change, and
each can be sent to another process. Only the standard library is imported here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as _field
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeAlias

Language: TypeAlias = str
"""A BCP 47 primary language subtag: ``en``, ``zh``."""

Severity: TypeAlias = Literal["error", "warning"]
"""An ``error`` stops the build; a ``warning`` is published with the data."""

Fact: TypeAlias = str | int | float | bool | list[str] | None
"""What a finding knows, as JSON would say it."""

Descriptor: TypeAlias = Mapping[str, Any]
"""A JSON object of the Data Package standard, as read."""


class BuildError(Exception):
    """What stops the build and is not a fault of the data: for the operator, in one sentence.

    ``code`` names the sentence in the catalogue of messages, ``facts`` fill it. ``exit`` is 2 where the
    command cannot run (usage, configuration) and 3 where the machine is at fault (disk, memory, lock).
    """

    def __init__(self, code: str, *, exit: Literal[2, 3] = 2, **facts: Fact) -> None:
        super().__init__(code, facts)
        self.code = code
        self.exit = exit
        self.facts = facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One text in several languages, in the order in which the document states them."""

    values: tuple[tuple[Language, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.values)

    def get(self, language: Language) -> str | None:
        """The text in ``language``; ``None`` where nobody has written it."""
        return dict(self.values).get(language)

    def nearest(self, language: Language) -> tuple[Language, str] | None:
        """The text in ``language``, else in the first language that has one, with the language it is in."""
        return next(
            ((tag, value) for tag, value in self.values if tag == language),
            self.values[0] if self.values else None,
        )


# --- what the operator asked for -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How strict the gate is.

    ``required`` lists what a package must state beyond the standard (``licenses``, ``publisher``, ``sources``,
    ``translations``, …); ``severities`` overrides the severity of single finding codes. What is unsafe is
    refused under every policy.
    """

    name: str
    strict: bool
    required: frozenset[str] = frozenset()
    severities: Mapping[str, Severity] = _field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Who publishes, under which name and where: ``mkdocs.yml`` and its ``extra.gazette``."""

    name: Text
    description: Text
    operator: Text
    """Who runs this site; shown in the footer of every page."""
    languages: tuple[Language, ...]
    profile: Literal["independent", "cn-gov"] = "independent"
    url: str | None = None
    """Absolute address of the published site, with a slash at its end; without it no canonical links."""
    issues: str | None = None
    """Address at which a reader reports an error: ``https:`` or ``mailto:``."""
    topics: tuple[tuple[str, Text], ...] = ()
    """Topic codes with their labels, in the order in which the catalogue shows them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the command line and ``mkdocs.yml`` say."""

    command: Literal["build", "check", "verify", "serve"]
    config: Path
    datasets: Path
    output: Path
    language: Language
    format: Literal["text", "json", "github"]
    policy: Policy
    site: Site
    as_of: date | None = None
    workers: int = 1
    only: tuple[str, ...] = ()
    """``check``: the datasets to report on; empty means all."""
    target: Path | None = None
    """``verify``: the site to prove."""
    address: tuple[str, int] = ("127.0.0.1", 8000)
    """``serve``: host and port."""


# --- what lies on the disk --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One regular file of the snapshot."""

    path: str
    """POSIX path below the datasets folder."""
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The one private copy of the inputs that every later stage reads."""

    root: Path
    source: Path
    """The folder it was taken from."""
    files: tuple[File, ...]
    refused: frozenset[str] = frozenset()
    """Paths that were not copied: links, devices."""

    def __iter__(self) -> Iterator[File]:
        return iter(self.files)


# --- what the descriptors say -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """One permitted value of a field and its label (Table Schema v2, ``categories``)."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column, as the Table Schema describes it."""

    name: str
    type: str
    format: str
    title: Text
    description: Text
    constraints: Descriptor
    categories: tuple[Category, ...] = ()
    unit: Text = _field(default_factory=Text)
    descriptor: Descriptor = _field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """``fields`` of this table name rows of ``resource``, which may lie in another dataset of the site."""

    fields: tuple[str, ...]
    resource: str
    """Name of the referenced resource; empty for the table itself."""
    reference_fields: tuple[str, ...]
    dataset: str | None = None
    """Name of the referenced dataset; ``None`` for the own one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """A Table Schema; ``descriptor`` is the document frictionless is given, all references resolved."""

    fields: tuple[Field, ...]
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    missing_values: tuple[str, ...] = ("",)
    descriptor: Descriptor = _field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One table of a dataset.

    ``paths`` are the files below the dataset's folder in the snapshot, several for a multipart table, none
    for inline ``data`` and for a table left out. ``slug`` names the published files. ``schema`` is ``None``
    where the descriptor states none.
    """

    name: str
    slug: str
    dataset: str
    title: Text
    description: Text
    paths: tuple[str, ...]
    data: Any = None
    schema: Schema | None = None
    format: str = "csv"
    encoding: str = "utf-8"
    dialect: Descriptor = _field(default_factory=dict)
    pointer: str = ""
    omitted: str | None = None
    """Why the table is not published, as a finding code; ``None`` where it is."""
    descriptor: Descriptor = _field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A contributor of the package: an organisation or an office. Electronic mail addresses are not kept."""

    title: Text
    roles: tuple[str, ...] = ()
    path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document the data comes from."""

    title: Text
    path: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class License:
    """A licence the data is under; ``name`` is its Open Definition or SPDX identifier."""

    name: str | None
    title: Text
    path: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One data package: a folder with a descriptor."""

    name: str
    """Unique on the site, safe in an address and as a folder name."""
    folder: str
    """POSIX path of the package below the datasets folder; empty for a package that is that folder."""
    path: str
    """POSIX path of the descriptor below the datasets folder."""
    title: Text
    description: Text
    resources: tuple[Resource, ...]
    languages: tuple[Language, ...] = ("en",)
    parties: tuple[Party, ...] = ()
    sources: tuple[Source, ...] = ()
    licenses: tuple[License, ...] = ()
    keywords: tuple[str, ...] = ()
    version: str | None = None
    created: date | None = None
    homepage: str | None = None
    topic: str | None = None
    frequency: str | None = None
    """How often it is updated, in the words of the DCAT frequency list: ``annual``, ``monthly``, ``never`` …"""
    kind: str | None = None
    illustrative: bool = False
    """Invented rows that show a schema at work; said on every page and in every file."""
    descriptor: Descriptor = _field(default_factory=dict)
    lines: Mapping[str, int] = _field(default_factory=dict)
    """Line in the descriptor's file per JSON pointer."""

    def line(self, pointer: str) -> int | None:
        """The line of ``pointer``, or of the nearest thing around it that the document states."""
        while pointer and pointer not in self.lines:
            pointer = pointer.rpartition("/")[0]
        return self.lines.get(pointer)

    @property
    def publisher(self) -> Party | None:
        """The party that publishes: the first with the role ``publisher``, else the first of all."""
        ranked = sorted(self.parties, key=lambda party: "publisher" not in party.roles)
        return ranked[0] if ranked else None


# --- where and what is wrong ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A fault in the data, with its address and its facts; the words are chosen later, per language.

    ``row`` is the record a spreadsheet shows (the header is 1), ``line`` and ``column`` the place in the
    file, ``pointer`` the place in a descriptor (RFC 6901). ``count`` is how many times it occurs there.
    """

    code: str
    severity: Severity
    source: Literal["frictionless", "gazette"]
    dataset: str | None = None
    path: str | None = None
    """POSIX path of the file below the datasets folder."""
    pointer: str | None = None
    resource: str | None = None
    row: int | None = None
    line: int | None = None
    column: int | None = None
    field: str | None = None
    count: int = 1
    facts: Mapping[str, Fact] = _field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """The address of some rows: small, picklable, good in any process that sees the snapshot."""

    root: Path
    """The snapshot's folder."""
    dataset: Dataset
    resource: Resource
    others: tuple[Dataset, ...] = ()
    """Datasets that foreign keys of this table point into."""
    start: int = 0
    """First byte."""
    end: int | None = None
    """Byte after the last; ``None`` for the end of the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the checks of one slice found."""

    dataset: str
    resource: str
    rows: int
    findings: tuple[Finding, ...]
    counts: Mapping[str, int] = _field(default_factory=dict)
    """Exact totals per finding code; ``findings`` may list fewer."""
    newest: date | None = None
    """Newest calendar date in a field of type ``date``."""
    part: object | None = None
    """For one slice of several: what the check of the whole table needs of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Every finding of the run, in order, with exact totals however many are listed."""

    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    """Exact totals per severity."""
    codes: Mapping[tuple[str, str], int]
    """Exact totals per dataset (empty where there is none) and code."""
    rows: Mapping[tuple[str, str], int]
    """Rows per dataset and resource."""

    @property
    def blocks(self) -> bool:
        """Whether anything stops the build."""
        return self.counts.get("error", 0) > 0


# --- when it changed --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One commit that touched a dataset."""

    commit: str
    published: date
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What git knows of the datasets; empty outside git."""

    commit: str | None = None
    """The commit the working tree stands on."""
    serial: int | None = None
    """Number of first-parent commits up to it; ``None`` where git cannot tell."""
    versions: Mapping[str, tuple[Version, ...]] = _field(default_factory=dict)
    """Per dataset name, newest first."""


# --- what is published ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """One file to download."""

    path: str
    """POSIX path below the site."""
    bytes: int
    sha256: str
    media_type: str
    dataset: str | None = None
    resource: str | None = None
    rows: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """One finished page of the theme, cut at its slots: text, slot name, text, slot name, …, text."""

    depth: int
    """How many folders below the site's root the page lies; its relative links are right only there."""
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shells:
    """The shells per kind and language, and the folder that holds the theme's and the hand-written pages."""

    stage: Path
    shells: Mapping[tuple[str, Language], Shell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One finished page."""

    path: str
    """POSIX path below the site: ``en/datasets/annual-reports/index.html``."""
    language: Language | None
    html: str
