"""Descriptors: what is read, what is refused, and that no input is too strange to be refused politely."""

from __future__ import annotations

import json
import socket
import tempfile
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gazette import descriptor, snapshot
from gazette.descriptor import document, paths
from gazette.model import Dataset, Finding, Policy
from gazette.settings import POLICIES
from tests import broken

OPEN, STRICT = POLICIES["open"], POLICIES["strict"]
LOOSE = Policy(name="loose", strict=True)
"""Strict about what is stated, and content with little."""


def load(folder: Path, policy: Policy, **files: Any) -> tuple[tuple[Dataset, ...], tuple[Finding, ...]]:
    """Load the descriptors of a folder with these files, named by path; a mapping is written as JSON."""
    for name, content in files.items():
        path = folder / "datasets" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        written = json.dumps(content) if isinstance(content, dict) else content
        path.write_bytes(written if isinstance(written, bytes) else written.encode())
    taken, _ = snapshot.take(folder / "datasets", Path(tempfile.mkdtemp(dir=folder)))
    return descriptor.load(taken, policy, broken.SITE)


def one(folder: Path, policy: Policy = LOOSE, rows: str = "a\n1\n", **stated: Any) -> tuple[Dataset, list[str]]:
    """The dataset of a descriptor with these properties, and the codes of what was found."""
    table = {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "a", "type": "string"}]}}
    package = {"name": "d", "resources": [table], **stated}
    (dataset,), findings = load(folder, policy, **{"d/datapackage.json": package, "d/t.csv": rows})
    return dataset, [finding.code for finding in findings]


# --- documents --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("0755", "0755"),
        ("1:30", "1:30"),
        ("2024-01-01", "2024-01-01"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("=", "="),
        ("'12'", "12"),
        ("12", 12),
        ("-0.5", -0.5),
        ("true", True),
        ("~", None),
        (".inf", ".inf"),
    ],
)
def test_a_plain_yaml_scalar_is_json_or_a_string(text: str, value: object) -> None:
    """What YAML 1.1 makes of countries, modes and times of day is not what the editor wrote."""
    assert document.read(f"a: {text}\n".encode(), is_json=False).value == {"a": value}


def test_every_part_has_its_line() -> None:
    """In YAML and in JSON, with tabs and escaped surrogates."""
    content = '{\n\t"a": [\n\t\t{"b~/": "\\ud83d\\ude00"}\n\t]\n}'
    found = document.read(content.encode(), is_json=True)
    assert found.value == {"a": [{"b~/": "😀"}]}
    assert found.lines == {"": 1, "/a": 2, "/a/0": 3, "/a/0/b~0~1": 3}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("{a: 1", "descriptor-syntax"),
        ("a: 1\n--- \nb: 2", "descriptor-syntax"),
        ("? [a]\n: 1", "descriptor-syntax"),
        ("!!int a: 1", "descriptor-syntax"),
        ("a: &x 1\nb: *x", "yaml-alias"),
        ("a: !!python/object/apply:os.system [id]", "yaml-tag"),
        ("a: !!timestamp 2024-01-01", "yaml-tag"),
        ("\ufeffa: 1", "descriptor-bom"),
        ("# nothing", "descriptor-type"),
        ("a: " + "[" * 5000 + "]" * 5000, "descriptor-too-deep"),
    ],
)
def test_a_document_that_cannot_be_trusted_is_refused(content: str, code: str) -> None:
    """What a reviewer reads must be what the tool sees."""
    with pytest.raises(document.Fault) as raised:
        document.read(content.encode(), is_json=False)
    assert raised.value.code == code
    assert raised.value.line


@pytest.mark.parametrize(
    "content",
    ["{'a': 1}", "{a: 1}", '{"a": NaN}', '{"a": "\\ud800"}', '{"a": 1,}', '{"a": ' + "9" * 5000 + "}", "[" * 100_000],
)
def test_what_calls_itself_json_is_json(content: str) -> None:
    """Not the YAML that a lenient reader would accept."""
    with pytest.raises(document.Fault) as raised:
        document.read(content.encode(), is_json=True)
    assert raised.value.code in {"descriptor-syntax", "descriptor-too-deep"}


WORDS = st.sampled_from(
    "name title resources path data schema fields type constraints primaryKey foreignKeys reference package resource "
    "missingValues dialect gazette languages contributors sources licenses created homepage encoding format categories "
    "string integer date a.csv ../a https://x/y d zh en allow rule pattern $schema bytes hash".split()
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | WORDS | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=12,
)
RESOURCES = st.lists(st.dictionaries(WORDS, VALUES, max_size=6) | VALUES, max_size=3)
PACKAGES = st.builds(lambda package, resources: {**package, "resources": resources},
                     st.dictionaries(WORDS, VALUES, max_size=6), RESOURCES)  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(content=st.binary(max_size=60) | PACKAGES.map(lambda package: json.dumps(package).encode()))
@example(content=b'{"name": "d", "resources": [{"name": "t", "path": "a.csv", "schema": {"foreignKeys": [{}]}}]}')
@example(content=b'{"resources": [{"path": "a.csv", "dialect": {"csv": 1}, "schema": {"fields": [{"name": 5}]}}]}')
@example(content=b'{"gazette": {"allow": 5}, "languages": ["zh", "zh"], "resources": [{"path": ["a.csv", "a.csv"]}]}')
def test_no_descriptor_crashes_the_reader(content: bytes) -> None:
    """Whatever the bytes, under either policy, there is a dataset or a finding, and no exception."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, policy in enumerate((STRICT, OPEN)):
            for form in ("json", "yaml"):
                files = {f"d/datapackage.{form}": content, "d/a.csv": "a,b\n1,2\n"}
                datasets, findings = load(folder / f"{number}{form}", policy, **files)
                assert datasets or findings


# --- paths ------------------------------------------------------------------------------------------------


@settings(max_examples=200, deadline=None)
@given(path=st.text(st.sampled_from("ab./\\~:%$ *\x00\u202e\n-C阅") | st.characters(), max_size=12))
@example(path="a/../../b")
@example(path="file:/etc/passwd")
@example(path="a" * 300)
@example(path="ab/" * 2000 + "c")
@example(path="//host/share")
def test_a_path_is_refused_or_stays_below_the_folder(path: str) -> None:
    """Whatever is written there."""
    if paths.refusal(path) is None:
        parts = PurePosixPath(path).parts
        assert parts
        assert not path.startswith("/")
        assert not {"..", "~"} & set(parts)
        assert not any(part.startswith(".") for part in parts)
        assert ":" not in path
        assert "\\" not in path
        assert not any(ord(character) < 32 for character in path)
        assert not (Path("/folder") / path).is_file()  # no path is too long for the system to be asked
    if paths.is_plain(path):
        assert path.isascii()


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("../a.csv", "path-parent"),
        ("a/../b.csv", "path-parent"),
        ("/etc/passwd", "path-absolute"),
        ("~/a.csv", "path-absolute"),
        ("C:\\a.csv", "path-absolute"),
        ("\\\\host\\a.csv", "path-absolute"),
        ("https://example.org/a.csv", "path-remote"),
        ("FILE:///etc/passwd", "path-remote"),
        ("s3://bucket/a.csv", "path-remote"),
        ("zip:a.zip", "path-remote"),
        ("", "path-characters"),
        ("a*.csv", "path-characters"),
        ("$HOME/a.csv", "path-characters"),
        ("a\u202ecsv", "path-characters"),
        (" a.csv", "path-characters"),
        (".env", "path-reserved"),
        ("a/./b.csv", "path-reserved"),
        ("nul", "path-reserved"),
        ("LPT1.csv", "path-reserved"),
        ("a./b.csv", "path-reserved"),
        ("a" * 256, "path-reserved"),
        ("data/a.csv", None),
        ("数据/年报.csv", None),
    ],
)
def test_why_a_path_is_refused(path: str, code: str | None) -> None:
    """Under every policy."""
    assert paths.refusal(path) == code


def test_nothing_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No address anywhere in a descriptor is opened, under the policy for strangers' packages either."""

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a connection was opened")

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    url = "https://example.org/x.json"
    table = {"name": "t", "path": "t.csv", "profile": url, "$schema": url}
    fields = {"fields": [{"name": "a"}], "$schema": url, "profile": url}
    package = {
        "name": "d",
        "$schema": url,
        "profile": url,
        "image": url,
        "resources": [
            table | {"schema": fields, "dialect": url},
            table | {"name": "u", "schema": url, "dialect": {"$schema": url}},
            table | {"name": "v", "path": url, "schema": fields},
        ],
    }
    (dataset,), findings = load(tmp_path, OPEN, **{"d/datapackage.json": package, "d/t.csv": "a\n1\n"})
    assert [resource.name for resource in dataset.resources] == ["t", "u", "v"]
    assert {finding.code for finding in findings if finding.severity == "error"} <= {"package-error"}


# --- datasets ---------------------------------------------------------------------------------------------


def test_a_minimal_package_is_read(tmp_path: Path) -> None:
    """A name and a table with a schema, and nothing is found."""
    dataset, codes = one(tmp_path)
    assert codes == []
    assert (dataset.name, dataset.folder, dataset.path) == ("d", "d", "d/datapackage.json")
    assert [(table.name, table.slug, table.paths, table.omitted) for table in dataset.resources] == [
        ("t", "t", ("t.csv",), None)
    ]


def test_the_package_of_version_1_is_read(tmp_path: Path) -> None:
    """Single names where version 2 has lists, a role where it has roles, a nested dialect."""
    schema = {
        "fields": [{"name": "a", "type": "string"}, {"name": "b", "type": "string"}],
        "primaryKey": "a",
        "foreignKeys": [{"fields": "b", "reference": {"resource": "", "fields": "a"}}],
    }
    table = {"name": "t", "path": "t.csv", "schema": schema, "dialect": {"csv": {"delimiter": ";"}}}
    dataset, codes = one(
        tmp_path, OPEN, "a;b\n1;\n", resources=[table], contributors=[{"title": "X", "role": "publisher"}]
    )
    assert codes == []
    assert dataset.resources[0].dialect == {"delimiter": ";"}
    assert dataset.resources[0].schema is not None
    assert dataset.resources[0].schema.primary_key == ("a",)
    assert dataset.resources[0].schema.foreign_keys[0].fields == ("b",)
    assert dataset.publisher is not None
    assert dataset.publisher.title.get("en") == "X"


def test_texts_are_read_in_the_languages_of_the_package(tmp_path: Path) -> None:
    """The first one has the plain name."""
    dataset, _ = one(tmp_path, languages=["zh", "en"], title="阅览室", title_en="Rooms", description=" ")
    assert dataset.title.values == (("zh", "阅览室"), ("en", "Rooms"))
    assert not dataset.description
    dataset, _ = one(tmp_path, title="阅览室")
    assert dataset.languages == ("zh",)


def test_every_language_of_the_site_is_required_of_a_package_in_one(tmp_path: Path) -> None:
    """To leave a language out of ``languages`` is no way around its translation."""
    policy = Policy(name="house", strict=True, required=frozenset({"translations"}))
    assert one(tmp_path, policy, languages=["zh"], title="阅览室")[0].languages == ("zh", "en")


def test_strangers_names_become_slugs(tmp_path: Path) -> None:
    """With a warning, under the policy for strangers' packages."""
    fields = {"fields": [{"name": "a", "type": "string"}]}
    files = {"d/数据 1.csv": "a\n1\n", "d/datapackage.json": {
        "name": "年报 2024", "resources": [{"name": "Annual Report", "path": "数据 1.csv", "schema": fields,
                                            "dialect": {"delimiter": ","}}]}}  # fmt: skip
    (dataset,), findings = load(tmp_path, OPEN, **files)
    assert [(finding.code, finding.severity) for finding in findings] == [
        ("name-slugged", "warning"),
        ("name-slugged", "warning"),
        ("path-slugged", "warning"),
    ]
    assert dataset.name == "nian-bao-2024"
    assert dataset.resources[0].slug == "annual-report"
    assert {finding.dataset for finding in findings} == {dataset.name}


@pytest.mark.parametrize(
    ("status", "name", "slug"),
    [
        ("illustrative", "rankings", "rankings-illustrative"),
        ("illustrative", "illustrative-units", "illustrative-units"),
        ("real", "rankings", "rankings"),
        (None, "rankings", "rankings"),
    ],
)
def test_files_of_invented_rows_carry_it_in_their_names(
    tmp_path: Path, status: str | None, name: str, slug: str
) -> None:
    """Once, and only where the document says that its rows are invented."""
    table = {"name": name, "path": "t.csv", "schema": {"fields": [{"name": "a", "type": "string"}]}}
    stated: dict[str, Any] = {} if status is None else {"gazette": {"status": status}}
    dataset, codes = one(tmp_path, resources=[table], **stated)
    assert codes == []
    assert (dataset.illustrative, dataset.resources[0].name, dataset.resources[0].slug) == (
        status == "illustrative",
        name,
        slug,
    )


def test_a_schema_in_a_file_of_its_own_is_read(tmp_path: Path) -> None:
    """And what is wrong in it is found there."""
    table = {"name": "t", "path": "t.csv", "schema": "schema.json"}
    files = {"d/datapackage.json": {"name": "d", "resources": [table]}, "d/t.csv": "a\n1\n"}
    (dataset,), findings = load(tmp_path, LOOSE, **files, **{"d/schema.json": {"fields": [{"name": "a"}]}})
    assert findings == ()
    assert dataset.resources[0].schema is not None
    assert [field.name for field in dataset.resources[0].schema.fields] == ["a"]
    _, findings = load(tmp_path, LOOSE, **files, **{"d/schema.json": "{\n"})
    assert [(finding.code, finding.path, finding.line) for finding in findings] == [
        ("descriptor-syntax", "d/schema.json", 2)
    ]


def test_one_bad_table_does_not_hide_another(tmp_path: Path) -> None:
    """Frictionless judges each by itself, and only the one it refuses is left out."""
    fields = {"fields": [{"name": "a", "type": "string"}]}
    tables = [
        {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "a", "type": "whole"}]}},
        {"name": "u", "path": "t.csv", "schema": fields},
        {"name": "v", "path": "t.csv", "schema": fields, "bytes": "many"},
    ]
    dataset, codes = one(tmp_path, resources=tables)
    assert codes == ["field-error", "resource-error"]
    assert [table.omitted for table in dataset.resources] == ["field-error", None, "resource-error"]


def test_a_foreign_key_to_a_table_that_is_left_out_is_left_out(tmp_path: Path) -> None:
    """What keeps that table from being read is said once."""
    key = {"fields": ["a"], "reference": {"resource": "u", "fields": ["a"]}}
    fields = [{"name": "a", "type": "string"}]
    tables = [
        {"name": "t", "path": "t.csv", "schema": {"fields": fields, "foreignKeys": [key]}},
        {"name": "u", "path": "u.csv", "schema": {"fields": fields}},
    ]
    dataset, codes = one(tmp_path, resources=tables)
    assert codes == ["file-missing"]
    assert dataset.resources[0].schema is not None
    assert dataset.resources[0].schema.foreign_keys == ()


def test_an_address_with_a_password_is_not_linked_to(tmp_path: Path) -> None:
    """Nor one that runs a script."""
    for address in ("https://user:word@example.org/", "javascript:alert(1)", "//example.org", "https://a b"):
        dataset, codes = one(tmp_path, OPEN, homepage=address, resources=[])
        assert sorted(codes) == ["address-refused", "resources-missing"]
        assert dataset.homepage is None
    assert one(tmp_path, homepage="https://example.org/a?b=c#d")[0].homepage == "https://example.org/a?b=c#d"
