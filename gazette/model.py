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


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """Where the texts of a dataset or a table in one language come from; a language without one is the original.

    ``official``: published by the body itself; ``editor``: written by editors; ``machine``: read by nobody yet.
    """

    language: Language
    origin: Literal["official", "editor", "machine"]
    source: Text = _field(default_factory=Text)
    """The document an official translation is taken from: its title or its address."""


# --- what the operator asked for -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How strict the gate is.

    ``required`` lists what a package must state beyond the standard (``licenses``, ``publisher``, ``sources``,
    ``translations``, …); ``severities`` overrides the severity of single finding codes. What is unsafe is
    refused under every policy. ``abridged`` says how unusual in length a translation must be to be doubted.
    """

    name: str
    strict: bool
    required: frozenset[str] = frozenset()
    severities: Mapping[str, Severity] = _field(default_factory=dict)
    abridged: float = 3.0
    """In standard deviations, estimated by the median absolute deviation, from the usual ratio of the site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Government:
    """What the foot of a government website must state (国办发〔2017〕47号, annex on page design), as configured."""

    sponsor: Text
    """主办单位."""
    contact: Text
    """How to reach it: a telephone number of the office or an address."""
    site_code: str
    """政府网站标识码."""
    icp: str
    """ICP 备案号."""
    police: str
    """公安机关备案号."""
    mark: str
    """Where 党政机关网站标识 leads: the address its issuer assigned."""
    errors: str
    """Where 我为政府网站找错 leads."""


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
    mail: str | None = None
    """Electronic mail address of the office that takes reports of errors."""
    topics: tuple[tuple[str, Text], ...] = ()
    """Topic codes with their labels, in the order in which the catalogue shows them."""
    translations: tuple[Translation, ...] = ()
    """Where translations come from, for datasets that do not say."""
    government: Government | None = None
    """Stated with the profile ``cn-gov`` and with no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything the command line and ``mkdocs.yml`` say."""

    command: Literal["build", "check", "verify", "release", "serve", "diff", "new", "convert"]
    config: Path
    datasets: Path
    output: Path
    language: Language
    format: Literal["text", "json", "github", "markdown", "html"]
    policy: Policy
    site: Site
    as_of: date | None = None
    workers: int | str = 1
    """Processes of this machine, or the address of a Dask scheduler: ``tcp://scheduler:8786``."""
    room: str | None = None
    """Where the snapshot is put: a folder, or an address of object storage from which a cluster fetches it."""
    only: tuple[str, ...] = ()
    """``check``: the datasets to report on; empty means all."""
    target: Path | None = None
    """``verify``: the site to prove."""
    remote: str | None = None
    """``verify``: the address of a published site to prove, instead of a folder."""
    since: Path | None = None
    """``verify``: a manifest of the site kept from before."""
    address: tuple[str, int] = ("127.0.0.1", 8000)
    """``serve``: host and port."""
    unbroken: date | None = None
    """``verify``: the day since which every release must still be part of the repository's history."""
    revisions: tuple[str, ...] = ()
    """``diff``: the commit compared with, and the one compared, where that is not the folder as it lies."""
    source: Path | None = None
    """``new`` and ``convert``: the file the rows come from."""
    name: str = ""
    """``new``: what the dataset is to be called."""


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
class Declaration:
    """A generic rule a table says it keeps (``gazette.rules``), with its parameters as read."""

    rule: str
    """Its name as written: ``sum-of-parts``; empty where none is stated."""
    parameters: Descriptor
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A drawing or a form a table is shown as (``gazette.views``), with its parameters as read."""

    view: str
    """Its name as written: ``stacked-bar``."""
    title: Text
    parameters: Descriptor
    pointer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """Findings of one rule that are published because somebody answers for it (``gazette.waivers``), as read.

    ``rows`` are primary keys; none means every row of the table.
    """

    rule: str
    resource: str
    rows: tuple[tuple[str, ...], ...]
    reason: Text
    owner: Text
    expires: date | None
    pointer: str


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
    kind: str | None = None
    """What the table is (``gazette.kind``); the rules for its kind are held against it."""
    rules: tuple[Declaration, ...] = ()
    views: tuple[View, ...] = ()
    """What its page shows of it beside its rows."""
    translations: tuple[Translation, ...] = ()
    """Those of the table itself where it states any, else those of its dataset."""
    descriptor: Descriptor = _field(default_factory=dict)

    def naming(self, language: Language) -> str | None:
        """The field that names a row in ``language``: ``name_en``, ``title_en`` or ``label_en``."""
        known = {field.name for field in self.schema.fields} if self.schema else set()
        return next((name for word in ("name", "title", "label") if (name := f"{word}_{language}") in known), None)


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
    waivers: tuple[Waiver, ...] = ()
    translations: tuple[Translation, ...] = ()
    """Those the dataset states, else those the site states for all."""
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
    """Datasets that foreign keys of this table point into, and the glossary its texts are held against."""
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
    texts: object | None = None
    """What was seen of the translations in the whole table."""


TRANSLATION_STATUS = "translation-status"
"""Name of the dataset the build makes of the :class:`Coverage` of all others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How many texts of a dataset exist in one language; each is counted under exactly one state."""

    dataset: str
    language: Language
    origin: Literal["original", "official", "editor", "machine", "mixed", "unstated"] | None
    """Who wrote the texts; ``mixed`` where the tables differ, ``None`` where there are no texts."""
    texts: int
    """Texts that exist in any language: the sum of the states below."""
    in_rows: int
    """Of these, those that stand in rows; the others stand in the descriptor."""
    complete: int
    abridged: int
    """Much shorter than such texts usually are beside the other language."""
    identical: int
    """The same words as in the other language."""
    foreign: int
    """In the script of another language."""
    stale: int
    """Older than the text they translate."""
    missing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a rule rests on.

    ``law``: a law or regulation; ``form``: the rules printed on an official form; ``source``: a document the data is
    taken from; ``house``: this site's own sense of good data; ``unconfirmed``: a text nobody here has read.
    """

    kind: Literal["law", "form", "source", "house", "unconfirmed"]
    document: Text
    clause: Text = _field(default_factory=Text)
    """Article, part or passage."""
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What tables are held to, beyond the form of their cells.

    ``id`` is the code of its findings; ``message`` and ``fix`` are their sentences, with ``…`` for what they name.
    ``kinds`` are the tables it applies to; without any it is generic, and a table declares it. ``columns`` are those
    it needs: ``a|b`` means either. ``valid_from`` and ``valid_to`` are the first and the last day it holds for.
    """

    id: str
    severity: Severity
    basis: Basis
    title: Text
    message: Text
    fix: Text
    kinds: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one rule on one table."""

    rule: str
    """The id of the rule."""
    resource: str
    status: Literal["passed", "failed", "waived", "unjudged"]
    count: int = 0
    """Findings, waived ones included."""
    unjudged: int = 0
    """Rows that could not be judged."""
    waivers: tuple[Waiver, ...] = ()
    """Those that cover some of the findings."""


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
    rules: Mapping[str, tuple[Outcome, ...]] = _field(default_factory=dict)
    """What became of the rules held against a dataset, by its name."""
    coverage: tuple[Coverage, ...] = ()
    """How far each dataset is translated, per language, in the order of the datasets."""

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
    serial: int = 0
    """Its place among the commits that touched the datasets, from 1: several may bear one date."""

    @property
    def order(self) -> tuple[date, int, str]:
        """What versions are sorted by: day, then place in history."""
        return self.published, self.serial, self.commit


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What git knows of the datasets; empty outside git."""

    commit: str | None = None
    """The commit the working tree stands on."""
    serial: int | None = None
    """Number of first-parent commits up to it; ``None`` where git cannot tell."""
    versions: Mapping[str, tuple[Version, ...]] = _field(default_factory=dict)
    """Per dataset name, newest first."""


# --- what is said of a unit -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """The rows of one table that name a unit in one field."""

    dataset: str
    resource: str
    field: str
    header: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    total: int
    """How many there are; ``rows`` may be fewer."""
    names: Mapping[str, Mapping[str, Text]] = _field(default_factory=dict)
    """Per field that is a key into another table, what the keys in ``rows`` are called there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A department, district or other unit of a register, with everything that points to it."""

    dataset: str
    resource: str
    id: str
    name: Text
    row: Mapping[str, str | None]
    """Its own row in the register."""
    illustrative: bool
    mentions: tuple[Mention, ...] = ()


# --- what is published ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What the cells of one column of a published table are, counted over all of them."""

    column: str
    blank: int
    distinct: int
    """Different values among those that are not blank."""
    least: str | None = None
    """As the file has it; ``None`` for texts, codes, and where every cell is blank."""
    greatest: str | None = None
    years: tuple[str, ...] = ()
    """The calendar years among its dates, in order."""


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
    table: str | None = None
    """Fingerprint of its canonical cells, the same in every format of a table."""
    columns: tuple[Measure, ...] = ()
    """The profile of the table, on its canonical CSV."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Omission:
    """A file that is not offered for a table."""

    dataset: str
    resource: str
    form: str
    """What stands behind the table's name: ``xlsx``, ``en.csv``."""
    reason: str
    """``rows``, ``columns``, ``cell``, ``formula``: why the format cannot hold the table, or must not."""


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
