"""Publishing: the stage, the manifest, the second gate, the switch, the proof."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import stat
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from gazette import publish
from gazette.model import Artifact, BuildError, Finding, History, Page, Policy, Settings, Site, Text
from gazette.publish import exchange, manifest

PAGE = (
    '<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title></head>'
    "<body>{body}</body></html>"
)
HISTORY = History(commit="c" * 40, serial=7)


def html(body: str = "", lang: str = "en", title: str = "A page") -> str:
    """A page without fault around ``body``."""
    return PAGE.format(lang=lang, title=title, body=body)


def settings(tmp_path: Path, url: str | None = None) -> Settings:
    """The settings of a site in two languages."""
    name = Text(values=(("en", "Site"), ("zh", "网站")))
    return Settings(
        command="build",
        config=tmp_path / "mkdocs.yml",
        datasets=tmp_path / "datasets",
        output=tmp_path / "site",
        language="en",
        format="text",
        policy=Policy(name="strict", strict=True),
        site=Site(name=name, description=name, operator=name, languages=("en", "zh"), url=url),
    )


def build(tmp_path: Path, word: str = "first") -> Path:
    """Publish a small site that says ``word`` everywhere."""
    output = tmp_path / "site"
    with publish.open(output, tmp_path / "datasets") as stage:
        csv = stage.path / "data/reports/reports.csv"
        csv.parent.mkdir(parents=True)
        content = f"id\r\n{word}\r\n".encode()
        csv.write_bytes(content)
        artifact = Artifact(
            path="data/reports/reports.csv",
            bytes=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            media_type="text/csv",
            dataset="reports",
            resource="reports",
            rows=1,
        )
        pages = publish.write(stage, [Page(path="en/index.html", language="en", html=html(word))])
        publish.seal(stage, [artifact, *pages], date(2024, 5, 6), HISTORY)
        assert publish.inspect(stage, settings(tmp_path)) == ()
        publish.switch(stage)
    return output


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder`` with its content."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def siblings(tmp_path: Path) -> list[str]:
    """The stages that lie beside the site."""
    return sorted(path.name for path in tmp_path.iterdir() if "-build-" in path.name)


def judged(
    tmp_path: Path, files: dict[str, str | bytes], *, url: str | None = None, **gate: object
) -> list[tuple[str, str | None, object]]:
    """What the second gate says of a site with these files, beside two plain pages."""
    texts = {"en/index.html": html(), "zh/index.html": html(lang="zh-Hans"), **files}
    with publish.open(tmp_path / "site", tmp_path / "datasets") as stage:
        for path, text in texts.items():
            target = stage.path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text if isinstance(text, bytes) else text.encode())
        publish.seal(stage, [], date(2024, 5, 6), History())
        found = publish.inspect(stage, settings(tmp_path, url), **gate)  # type: ignore[arg-type]
    return [(finding.code, finding.path, finding.facts.get("detail")) for finding in found]


# --- the stage -------------------------------------------------------------------------------------------


def test_the_first_build_makes_the_site(tmp_path: Path) -> None:
    """A published site holds the files and the manifest, and nothing is left beside it but the lock."""
    output = build(tmp_path)
    assert sorted(tree(output)) == ["SHA256SUMS", "data/reports/reports.csv", "en/index.html", "manifest.json"]
    assert publish.verify(output) == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == [".site-build.lock", "site"]


def test_a_second_build_replaces_the_first(tmp_path: Path) -> None:
    """The new site is there as a whole, the old one is gone."""
    build(tmp_path)
    output = build(tmp_path, "second")
    assert b"second" in tree(output)["en/index.html"]
    assert publish.verify(output) == ()
    assert siblings(tmp_path) == []


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    """Neither the place nor the time of a build is found in what it publishes."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert tree(build(tmp_path / "a")) == tree(build(tmp_path / "b"))


def test_modes_do_not_depend_on_the_umask(tmp_path: Path) -> None:
    """Every file is readable by the server, every folder too, under any umask."""
    before = os.umask(0o077)
    try:
        output = build(tmp_path)
    finally:
        os.umask(before)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in output.rglob("*") if path.is_file()}
    folders = {stat.S_IMODE(path.stat().st_mode) for path in [output, *output.rglob("*")] if path.is_dir()}
    assert (modes, folders) == ({0o644}, {0o755})


def test_a_failing_build_leaves_the_old_site(tmp_path: Path) -> None:
    """Whatever the build raises, the old site stays as it was and the stage is gone."""
    before = tree(build(tmp_path))

    def fail() -> None:
        with publish.open(tmp_path / "site", tmp_path / "datasets") as stage:
            (stage.path / "half.html").write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert tree(tmp_path / "site") == before
    assert siblings(tmp_path) == []


def test_an_empty_output_is_taken(tmp_path: Path) -> None:
    """A folder someone made beforehand is no obstacle."""
    (tmp_path / "site").mkdir()
    assert publish.verify(build(tmp_path)) == ()


def _file(output: Path) -> None:
    output.write_text("mine")


def _foreign(output: Path) -> None:
    output.mkdir()
    (output / "notes.txt").write_text("mine")


def _other_manifest(output: Path) -> None:
    output.mkdir()
    (output / "manifest.json").write_text('{"name": "A web application"}')


def _link(output: Path) -> None:
    (output.parent / "elsewhere").mkdir()
    output.symlink_to("elsewhere")


def _dangling(output: Path) -> None:
    output.symlink_to("nowhere")


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (_file, "output-not-folder"),
        (_foreign, "output-foreign"),
        (_other_manifest, "output-foreign"),
        (_link, "output-link"),
        (_dangling, "output-link"),
    ],
)
def test_what_gazette_did_not_make_is_not_replaced(tmp_path: Path, prepare: Callable[[Path], None], code: str) -> None:
    """An output that is someone else's is refused before anything is written."""
    prepare(tmp_path / "site")
    names = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(BuildError) as refused, publish.open(tmp_path / "site", tmp_path / "datasets"):
        pass
    assert (refused.value.code, refused.value.exit) == (code, 2)
    assert sorted(path.name for path in tmp_path.iterdir()) == names


@pytest.mark.parametrize("output", ["datasets", "datasets/site", ".", "door/datasets", "door/datasets/site"])
def test_the_output_is_apart_from_the_datasets(tmp_path: Path, output: str) -> None:
    """A site is published neither into the datasets nor over them, also by way of a link."""
    (tmp_path / "datasets").mkdir()
    (tmp_path / "door").symlink_to(".")
    with pytest.raises(BuildError) as refused, publish.open(tmp_path / output, tmp_path / "datasets"):
        pass
    assert (refused.value.code, refused.value.exit) == ("output-overlaps", 2)


def test_two_builds_do_not_run_at_once(tmp_path: Path) -> None:
    """The second is told that another one is running, and the first is not disturbed."""
    with publish.open(tmp_path / "site", tmp_path / "datasets") as stage:
        with pytest.raises(BuildError) as refused, publish.open(tmp_path / "site", tmp_path / "datasets"):
            pass
        assert stage.path.is_dir()
    assert (refused.value.code, refused.value.exit) == ("build-running", 3)


def test_what_dead_builds_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    """Only names a build of this output makes are removed; a link is removed, not followed."""
    kept = [
        ".site-build-notes",
        ".site-build-abcdefghi",
        ".site-build-other-build-abcdefgh",
        ".sites-build-abcdefgh",
        "site-build-abcdefgh",
    ]
    for name in [*kept, ".site-build-abcdefgh", "precious"]:
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("x")
    (tmp_path / ".site-build-12345678").symlink_to("precious")
    (tmp_path / ".site-build-12345678.link").symlink_to("precious")
    build(tmp_path)
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == sorted([*kept, "precious", "site", ".site-build.lock"])
    assert (tmp_path / "precious/file").exists()


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (OSError(errno.ENOSPC, "full", "x"), "disk-full"),
        (OSError(errno.EDQUOT, "full", "x"), "disk-full"),
        (OSError(errno.EROFS, "read-only", "x"), "read-only"),
        (OSError(errno.EACCES, "denied", "x"), "read-only"),
        (OSError(errno.EIO, "broken", "x"), "io-error"),
        (OSError(errno.EMFILE, "many", "x"), "too-many-files"),
        (OSError(errno.EFBIG, "big", "x"), "file-too-large"),
        (MemoryError(), "out-of-memory"),
    ],
)
def test_a_fault_of_the_machine_ends_with_three(tmp_path: Path, fault: BaseException, code: str) -> None:
    """What the machine refuses is told as such; it is neither the data's fault nor ours."""
    with pytest.raises(BuildError) as refused, publish.open(tmp_path / "site", tmp_path / "datasets"):
        raise fault
    assert (refused.value.code, refused.value.exit) == (code, 3)


def test_a_missing_file_of_ours_stays_a_bug(tmp_path: Path) -> None:
    """An error that no machine causes is not passed off as one."""
    with pytest.raises(FileNotFoundError), publish.open(tmp_path / "site", tmp_path / "datasets") as stage:
        (stage.path / "nothing").read_bytes()


# --- the manifest ----------------------------------------------------------------------------------------


def test_anybody_can_check_the_files_with_a_tool_of_their_own(tmp_path: Path) -> None:
    """``sha256sum -c SHA256SUMS`` finds a single altered byte."""
    output = build(tmp_path)
    command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(command, cwd=output, check=False).returncode == 0
    (output / "en/index.html").write_bytes(b"other")
    assert subprocess.run(command, cwd=output, check=False, capture_output=True).returncode == 1


def test_the_manifest_lists_every_file_but_itself(tmp_path: Path) -> None:
    """Each with its path, size and SHA-256, and what is known of the table."""
    output = build(tmp_path)
    document = json.loads((output / "manifest.json").read_bytes())
    files = document.pop("files")
    assert document == {
        "schema": "gazette-manifest-1",
        "gazette": "0.1.0",
        "as_of": "2024-05-06",
        "commit": "c" * 40,
        "serial": 7,
        "previous": None,
        "datasets": [],
    }
    sums, *files = files
    assert sums["path"] == "SHA256SUMS"
    assert [file["path"] for file in files] == ["data/reports/reports.csv", "en/index.html"]
    content = (output / "data/reports/reports.csv").read_bytes()
    assert files[0] == {
        "path": "data/reports/reports.csv",
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "media_type": "text/csv",
        "dataset": "reports",
        "resource": "reports",
        "rows": 1,
    }


def test_the_manifest_is_as_its_schema_says(tmp_path: Path) -> None:
    """And the schema knows every member there is."""
    schema = json.loads((Path(__file__).parent.parent / "docs/manifest.schema.json").read_bytes())
    document = json.loads((build(tmp_path) / "manifest.json").read_bytes())
    jsonschema.validate(document, schema)
    assert set(document) == set(schema["properties"])
    for name in document:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({key: value for key, value in document.items() if key != name}, schema)
    page = (Path(__file__).parent.parent / "docs/manifest.md").read_text("utf-8")
    assert all(
        f"`{name}`" in page for name in [*schema["properties"], *schema["properties"]["files"]["items"]["properties"]]
    )


def test_verify_names_what_is_altered_missing_and_added(tmp_path: Path) -> None:
    """One byte changed, one file gone, one file dropped in: each is found and named."""
    output = build(tmp_path)
    page = output / "en/index.html"
    page.write_bytes(page.read_bytes().replace(b"first", b"First"))
    (output / "data/reports/reports.csv").unlink()
    (output / "en/extra.html").write_text("x")
    (output / ".htaccess").write_text("x")
    assert [(finding.code, finding.path) for finding in publish.verify(output)] == [
        ("site-file-extra", ".htaccess"),
        ("site-file-missing", "data/reports/reports.csv"),
        ("site-file-extra", "en/extra.html"),
        ("file-altered", "en/index.html"),
    ]


def test_a_link_is_not_the_file_it_leads_to(tmp_path: Path) -> None:
    """A symbolic link in the place of a file, with the same content, is an altered file."""
    output = build(tmp_path)
    (output / "en/index.html").rename(tmp_path / "page.html")
    (output / "en/index.html").symlink_to(tmp_path / "page.html")
    assert [(finding.code, finding.path) for finding in publish.verify(output)] == [("file-altered", "en/index.html")]


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    """It is named itself, not what lies behind it."""
    output = build(tmp_path)
    (output / "door").symlink_to(output / "en")
    assert [(finding.code, finding.path) for finding in publish.verify(output)] == [("site-file-extra", "door")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"schema": "gazette-manifest-1"}',
        '{"schema": "gazette-manifest-2", "files": []}',
        '{"schema": "gazette-manifest-1", "files": [{"path": "a"}]}',
        '{"schema": "gazette-manifest-1", "files": 3}',
        "[" * 100_000,
        '{"schema": "gazette-manifest-1", "files": [%s, %s]}' % (('{"path": "a", "bytes": 1, "sha256": ""}',) * 2),
        "\xff\xfe",
    ],
)
def test_an_unreadable_manifest_is_a_finding(tmp_path: Path, text: str) -> None:
    """Whatever stands in it, the proof ends with a finding."""
    output = build(tmp_path)
    (output / "manifest.json").write_bytes(text.encode("latin-1"))
    assert [finding.code for finding in publish.verify(output)] == ["manifest-unreadable"]


def test_verify_needs_a_site(tmp_path: Path) -> None:
    """A folder that is not there is the operator's mistake."""
    with pytest.raises(BuildError) as refused:
        publish.verify(tmp_path / "site")
    assert (refused.value.code, refused.value.exit) == ("site-missing", 2)


# --- the switch ------------------------------------------------------------------------------------------


def test_a_stage_altered_after_sealing_is_not_published(tmp_path: Path) -> None:
    """What was put into the stage after the manifest was written never reaches the site."""
    before = tree(build(tmp_path))
    with publish.open(tmp_path / "site", tmp_path / "datasets") as stage:
        pages = publish.write(stage, [Page(path="en/index.html", language="en", html=html("second"))])
        publish.seal(stage, pages, date(2024, 5, 6), HISTORY)
        (stage.path / "dropped.html").write_text("x")
        with pytest.raises(BuildError) as refused:
            publish.switch(stage)
    assert (refused.value.code, refused.value.exit) == ("stage-altered", 3)
    assert tree(tmp_path / "site") == before


def test_a_stage_that_was_not_sealed_is_not_published(tmp_path: Path) -> None:
    """Without a manifest there is nothing to prove."""
    with pytest.raises(BuildError) as refused, publish.open(tmp_path / "site", tmp_path / "datasets") as stage:
        publish.switch(stage)
    assert refused.value.code == "stage-altered"
    assert not (tmp_path / "site").exists()


def test_what_the_makers_meant_is_held_against_the_disk(tmp_path: Path) -> None:
    """A download that lost a byte on its way to the disk is found by the second gate."""
    with publish.open(tmp_path / "site", tmp_path / "datasets") as stage:
        (page,) = publish.write(stage, [Page(path="en/index.html", language="en", html=html("second"))])
        lost = Artifact(path="data/lost.csv", bytes=1, sha256="0" * 64, media_type="text/csv")
        (stage.path / "en/index.html").write_bytes(html("Second").encode())
        publish.seal(stage, [page, lost], date(2024, 5, 6), HISTORY)
        found = publish.inspect(stage, settings(tmp_path))
    assert [(finding.code, finding.path) for finding in found] == [
        ("site-file-missing", "data/lost.csv"),
        ("file-altered", "en/index.html"),
    ]


def test_without_exchange_the_output_is_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where folders cannot change places, a symbolic link is replaced, and the old tree removed."""
    monkeypatch.setattr(exchange, "possible", lambda _: False)
    for word in ("first", "second", "third"):
        output = build(tmp_path, word)
        assert output.is_symlink()
        assert publish.verify(output) == ()
        assert siblings(tmp_path) == [str(output.readlink())]
        assert word.encode() in tree(output)["en/index.html"]


def test_a_link_of_ours_is_exchanged_where_that_is_possible(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A site made where folders cannot change places can be taken over where they can."""
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(exchange, "possible", lambda _: False)
        build(tmp_path)
    output = build(tmp_path, "second")
    assert not output.is_symlink()
    assert publish.verify(output) == ()
    assert siblings(tmp_path) == []


def test_a_folder_cannot_be_replaced_without_exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rather than leave a moment without a site, the build says so before it starts."""
    before = tree(build(tmp_path))
    monkeypatch.setattr(exchange, "possible", lambda _: False)
    with pytest.raises(BuildError) as refused:
        build(tmp_path, "second")
    assert (refused.value.code, refused.value.exit) == ("switch-impossible", 2)
    assert tree(tmp_path / "site") == before
    assert siblings(tmp_path) == []


@pytest.mark.parametrize("swaps", [True, False])
def test_a_switch_that_is_not_sure_is_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, swaps: bool) -> None:  # noqa: FBT001
    """Where the disk cannot confirm the switch, the build fails and the old site is there, also if there was none."""
    monkeypatch.setattr(exchange, "possible", lambda _: swaps)
    sync = publish._sync

    def failing(path: Path) -> None:
        if path == tmp_path:
            raise OSError(errno.EIO, "broken", str(path))
        sync(path)

    with monkeypatch.context() as broken:
        broken.setattr(publish, "_sync", failing)
        with pytest.raises(BuildError, match="io-error"):
            build(tmp_path)
    assert not os.path.lexists(tmp_path / "site")
    before = tree(build(tmp_path))
    monkeypatch.setattr(publish, "_sync", failing)
    with pytest.raises(BuildError, match="io-error"):
        build(tmp_path, "second")
    assert tree(tmp_path / "site") == before


def test_the_file_system_is_asked_whether_it_can_exchange(tmp_path: Path) -> None:
    """Two folders change places, and the trial leaves nothing behind."""
    assert exchange.possible(tmp_path) is True
    assert list(tmp_path.iterdir()) == []


def test_a_missing_name_cannot_be_exchanged(tmp_path: Path) -> None:
    """The error of the system reaches the caller."""
    (tmp_path / "a").mkdir()
    with pytest.raises(FileNotFoundError):
        exchange.swap(tmp_path / "a", tmp_path / "b")


# --- the second gate: pages ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<script>alert(1)</script>", "html-script"),
        ('<script type="module">import "./x.js"</script>', "html-script"),
        ('<script type="application/ld+json">{"a": </script>', "html-script"),
        ("<svg><script href='x.js'></script></svg>", "html-script"),
        ("<img src='' onerror=alert(1)>", "html-handler"),
        ("<svg/onload=alert(1)>", "html-handler"),
        ("<details open ontoggle=alert(1)></details>", "html-handler"),
        ("<a href='https://a.example/' ping='https://b.example/'>a</a>", "html-handler"),
        ("<a href='javascript:alert(1)'>a</a>", "html-url"),
        ("<a href='java&#10;script:alert(1)'>a</a>", "html-url"),
        ("<a href=' &#1;JaVaScRiPt:alert(1)'>a</a>", "html-url"),
        ("<a href='data:text/html,<script>alert(1)</script>'>a</a>", "html-url"),
        ("<a href='vbscript:x'>a</a>", "html-url"),
        ("<a href='file:///etc/passwd'>a</a>", "html-url"),
        ("<a href='https://known.example@other.example/'>a</a>", "html-url"),
        ("<a href='https:\\\\other.example'>a</a>", "html-url"),
        ("<a href='/\\other.example'>a</a>", "html-url"),
        ("<svg><a xlink:href='javascript:alert(1)'><text>a</text></a></svg>", "html-url"),
        ("<img src='data:image/svg+xml,x' alt=''>", "html-url"),
        ("<iframe src='index.html'></iframe>", "html-element"),
        ("<object data='x'></object>", "html-element"),
        ("<embed src='index.html'>", "html-element"),
        ("<base href='https://other.example/'>", "html-element"),
        ("<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>", "html-element"),
        ("<template><script>alert(1)</script></template>", "html-element"),
        ("<math><mtext></mtext></math>", "html-element"),
        ("<svg><foreignObject><p>a</p></foreignObject></svg>", "html-element"),
        ("<svg><animate attributeName='href' to='javascript:alert(1)'/></svg>", "html-element"),
        ("<x-widget></x-widget>", "html-element"),
        ("<meta http-equiv='refresh' content='0;url=https://other.example/'>", "html-header"),
        ("<meta http-equiv=' Refresh ' content='0'>", "html-header"),
        ("<meta http-equiv='set-cookie' content='a=b'>", "html-header"),
        ("<form action='https://other.example/'></form>", "html-origin"),
        ("<button formaction='//other.example/'>a</button>", "html-origin"),
        ("<img src='https://other.example/a.png' alt=''>", "html-origin"),
        ("<img srcset='index.html 1x, https://other.example/a.png 2x' alt=''>", "html-origin"),
        ("<script src='//other.example/a.js'></script>", "html-origin"),
        ("<link rel='stylesheet' href='https://other.example/a.css'>", "html-origin"),
        ("<link rel='alternate stylesheet' href='https://other.example/a.css'>", "html-origin"),
        ("<link rel='dns-prefetch' href='//other.example'>", "html-origin"),
        ("<video poster='https://other.example/a.png'></video>", "html-origin"),
        ("<svg><use href='https://other.example/a.svg#b'/></svg>", "html-origin"),
        ("<p style='background:url(https://other.example/a.png)'>a</p>", "html-origin"),
        ("<p style='background:u\\72l(https://other.example/a.png)'>a</p>", "html-origin"),
        ("<svg><path fill='url(https://other.example/a.svg#b)'/></svg>", "html-origin"),
        ("<style>@import 'https://other.example/a.css';</style>", "html-origin"),
        ("<style>@import/**/url(//other.example/a.css)</style>", "html-origin"),
        ("<p id='a'></p><p id='a'></p>", "html-id"),
        ("<p>@@TITLE@@</p>", "html-slot"),
        ("<!--@@FIELDS@@-->", "html-slot"),
        ("<title>Another</title>", "html-title"),
        ("<a href='missing.html'>a</a>", "link-broken"),
        ("<a href='missing/'>a</a>", "link-broken"),
        ("<a href='../../en/'>a</a>", "link-broken"),
        ("<a href='/en/'>a</a>", "link-broken"),
        ("<a href='index.html/'>a</a>", "link-broken"),
        ("<a href='#missing'>a</a>", "link-broken"),
        ("<a href='../zh/#missing'>a</a>", "link-broken"),
        ("<img src='missing.png' alt=''>", "link-broken"),
    ],
)
def test_a_page_with_a_fault_stops_the_build(tmp_path: Path, body: str, code: str) -> None:
    """Each of these reaches no reader, whatever let it through before."""
    assert code in {found for found, _, _ in judged(tmp_path, {"en/index.html": html(body)})}


@pytest.mark.parametrize(
    "body",
    [
        "<a href='https://other.example/?q=a@b'>a</a>",
        "<a href='http://www.gov.example/'>a</a>",
        "<a href='mailto:office@example.org'>a</a>",
        "<a href='tel:+8675512345'>a</a>",
        "<a href=''>a</a><a href='#'>a</a><a href='#top'>a</a>",
        "<a href='?q=1'>a</a><a href='?q=1#b'>a</a><p id=b></p>",
        "<a href='../zh/'>a</a><a href='../zh'>a</a><a href='../zh/index.html'>a</a>",
        "<a href='./'>a</a><a href='.'>a</a>",
        "<p id='%E4%B8%AD'></p><p id='中'></p><a href='#%E4%B8%AD'>a</a><a href='#中'>a</a>",
        "<link rel='alternate ' hreflang='zh-Hans' href='https://example.org/zh/'>",
        "<link rel='license' href='https://creativecommons.org/licenses/by/4.0/'>",
        "<svg role='img'><title>A drawing</title><path d='M0 0' fill='url(#b)'/></svg>",
        '<script type=\'application/ld+json\'>{"name": "\\u003c/script>"}</script>',
        "<p style='color:red;background:url(\"data:image/png;base64,AAAA\")'>a</p>",
        "<pre>&lt;script&gt;alert(1)&lt;/script&gt; {{ 7*7 }} onclick=x</pre>",
        "<form action='../zh/'><input name='q'></form>",
    ],
)
def test_a_page_without_fault_passes(tmp_path: Path, body: str) -> None:
    """What a reader may be shown is not refused."""
    assert judged(tmp_path, {"en/index.html": html(body)}) == []


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ('<!doctype html><html><head><meta charset="utf-8"><title>a</title></head></html>', "html-lang"),
        ('<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>a</title></head></html>', "html-lang"),
        ('<!doctype html><html lang="en"><head><meta charset="utf-8"></head></html>', "html-title"),
        ('<!doctype html><html lang="en"><head><meta charset="utf-8"><title> </title></head></html>', "html-title"),
        ('<!doctype html><html lang="en"><head><title>a</title></head></html>', "html-encoding"),
        (html().encode() + b"\xff", "html-encoding"),
    ],
)
def test_a_page_states_title_language_and_encoding(tmp_path: Path, page: str | bytes, code: str) -> None:
    """Exactly one title, the language of its folder, UTF-8."""
    assert [(found, path) for found, path, _ in judged(tmp_path, {"en/index.html": page})] == [(code, "en/index.html")]


def test_a_title_that_breaks_out_is_caught(tmp_path: Path) -> None:
    """Text that closes the title early shows as what it makes of the page."""
    page = html(title="x</title><script>alert(1)</script>")
    assert "html-script" in {code for code, _, _ in judged(tmp_path, {"en/index.html": page})}


def test_a_script_the_site_vouches_for_passes(tmp_path: Path) -> None:
    """An inline script is allowed by its digest alone; this is the example of CSP Level 3, section 2.3.1."""
    pages: dict[str, str | bytes] = {"en/index.html": html("<script>alert('Hello, world.');</script>")}
    ((code, _, digest),) = judged(tmp_path, pages)
    assert (code, digest) == ("html-script", "sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=")
    assert judged(tmp_path, pages, scripts=frozenset({digest})) == []


def test_the_same_fault_on_many_pages_is_one_finding(tmp_path: Path) -> None:
    """A fault of the theme is told once, with the number of pages."""
    with publish.open(tmp_path / "site", tmp_path / "datasets") as stage:
        publish.write(stage, [Page(path=f"en/{n}.html", language="en", html=html("@@X@@")) for n in range(30)])
        publish.seal(stage, [], date(2024, 5, 6), History())
        (found,) = publish.inspect(stage, settings(tmp_path))
    assert (found.code, found.path, found.count, found.facts) == ("html-slot", "en/0.html", 30, {"detail": "@@X@@"})


def test_links_to_the_sites_own_address_are_held_to_it(tmp_path: Path) -> None:
    """With an address of its own, absolute links into the site must lead to a page, and may load."""
    url = "https://example.org/data/"
    good = f"<a href='{url}zh/'>a</a><img src='{url}a.png' alt=''>"
    assert judged(tmp_path, {"en/index.html": html(good), "a.png": b""}, url=url) == []
    bad = f"<a href='{url}de/'>a</a>"
    assert judged(tmp_path, {"en/index.html": html(bad)}, url=url) == [("link-broken", "en/index.html", f"{url}de/")]


def test_only_the_page_for_missing_pages_may_start_at_the_root(tmp_path: Path) -> None:
    """It is served at any depth, so relative links would lead nowhere there."""
    page = html("<a href='/data/en/'>a</a>")
    assert judged(tmp_path, {"404.html": page}, url="https://example.org/data/") == []
    assert judged(tmp_path, {"404.html": page}) == [("link-broken", "404.html", "/data/en/")]


# --- the second gate: other files ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        ("a{background:url(https://other.example/a.png)}", ["html-origin"]),
        ("a{background:URL( '//other.example/a.png' )}", ["html-origin"]),
        ("@import 'https://other.example/a.css';", ["html-origin"]),
        ("a{background:url(missing.png)}", ["link-broken"]),
        ("a{background:url(data:text/html,x)}", ["html-url"]),
        ("a{background:url(a b'c)}", ["link-broken"]),
        ("a{background:image-set('https://other.example/a.png' 1x)}", ["link-broken"]),
        ("/* url(https://other.example/a.png) */", []),
        ("a{background:url(\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>\")}", []),
        ("a{background:url(../en/index.html)}", []),
    ],
)
def test_a_style_sheet_loads_from_the_site_alone(tmp_path: Path, sheet: str, expected: list[str]) -> None:
    """Images within the sheet are fine; everything else must be a file of the site."""
    assert [code for code, _, _ in judged(tmp_path, {"assets/a.css": sheet})] == expected


@pytest.mark.parametrize(
    ("drawing", "expected"),
    [
        ("<svg xmlns='http://www.w3.org/2000/svg'><title>a</title><path d='M0 0'/></svg>", set()),
        ("<svg onload='alert(1)'/>", {"html-handler"}),
        ("<svg><script>alert(1)</script></svg>", {"html-script"}),
        ("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>", {"html-element"}),
        ("<?xml-stylesheet href='https://other.example/a.css'?><svg/>", {"html-element"}),
        ("<svg><use href='https://other.example/a.svg#b'/></svg>", {"html-origin"}),
    ],
)
def test_a_drawing_is_judged_like_a_page(tmp_path: Path, drawing: str, expected: set[str]) -> None:
    """A browser opens an SVG file as a document, with its scripts."""
    assert {code for code, _, _ in judged(tmp_path, {"assets/a.svg": drawing})} == expected


def test_the_sitemap_names_pages_that_exist(tmp_path: Path) -> None:
    """A page listed but not published is found."""
    url = "https://example.org/"
    entry = f'<url><loc>{url}en/</loc><xhtml:link rel="alternate" hreflang="de" href="{url}de/"/></url>'
    assert judged(tmp_path, {"sitemap.xml": entry}, url=url) == [("link-broken", "sitemap.xml", f"{url}de/")]


def test_finished_texts_are_scanned(tmp_path: Path) -> None:
    """Pages and tables are looked through to their last line, and the finding carries the path alone."""

    def scan(text: str) -> list[Finding]:
        hit = Finding(code="personal-data", severity="error", source="gazette")
        return [hit for _ in range(text.count("13800138000"))]

    table = "a,b\r\n" * 500_000 + "13800138000,x"
    found = judged(tmp_path, {"data/a.csv": table, "en/index.html": html("13800138000")}, scan=scan)
    assert found == [("personal-data", "data/a.csv", None), ("personal-data", "en/index.html", None)]


def test_a_number_is_not_cut_by_the_size_of_a_piece(tmp_path: Path) -> None:
    """Wherever in a large table a number stands, it is scanned as a whole."""

    def scan(text: str) -> list[Finding]:
        return [Finding(code="personal-data", severity="error", source="gazette")] * text.count("13800138000")

    number = "13800138000\r\n"
    table = number * (3 * 2**20 // len(number))
    with publish.open(tmp_path / "site", tmp_path / "datasets") as stage:
        (stage.path / "a.csv").write_bytes(table.encode())
        publish.seal(stage, [], date(2024, 5, 6), History())
        (found,) = publish.inspect(stage, settings(tmp_path), scan=scan)
    assert (found.path, found.count) == ("a.csv", table.count("13800138000"))


def test_digests_are_no_personal_data(tmp_path: Path) -> None:
    """The SHA-256 of a download can hold eleven digits in a row; it is not scanned."""
    seen: list[str] = []

    def scan(text: str) -> list[Finding]:
        seen.append(text)
        return []

    digest = "a13800138000b" + "0" * 51
    judged(
        tmp_path,
        {"en/index.html": html(f"<code>{digest}</code> 13800138000")},
        scan=scan,
    )
    assert not any(digest in text for text in seen)
    assert any("13800138000" in text for text in seen)


def test_licences_name_whom_they_must_name(tmp_path: Path) -> None:
    """Those of the scripts are not scanned; any other text is."""
    seen: list[str] = []

    def scan(text: str) -> list[Finding]:
        seen.append(text)
        return []

    judged(tmp_path, {"assets/licences.txt": "Copyright its author", "assets/a.txt": "Somebody"}, scan=scan)
    assert (any("author" in text for text in seen), any("Somebody" in text for text in seen)) == (False, True)


def test_the_manifest_schema_is_named() -> None:
    """A reader of a manifest can tell which format it is."""
    assert manifest.SCHEMA == "gazette-manifest-1"
