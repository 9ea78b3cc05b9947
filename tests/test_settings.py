"""The command line and the configuration."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gazette import settings
from gazette.model import BuildError
from tests import broken


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder to stand in."""
    (tmp_path / "mkdocs.yml").write_text(broken.CONFIG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(*arguments: str) -> BuildError:
    """What the arguments are refused with."""
    with pytest.raises(BuildError) as raised:
        settings.read(arguments)
    assert raised.value.exit == 2
    return raised.value


def configure(folder: Path, old: str, new: str) -> None:
    """Change the configuration."""
    assert old in broken.CONFIG
    (folder / "mkdocs.yml").write_text(broken.CONFIG.replace(old, new), encoding="utf-8")


def test_nothing_stated_builds_the_datasets_strictly() -> None:
    """The defaults are those of the documentation."""
    found = settings.read([])
    assert (found.command, found.format, found.language, found.workers) == ("build", "text", "en", 1)
    assert (found.datasets, found.output, found.config) == (Path("datasets"), Path("site"), Path("mkdocs.yml"))
    assert (found.policy, found.as_of, found.only) == (settings.POLICIES["strict"], None, ())
    assert found.site == broken.SITE.__class__(
        name=found.site.name,
        description=found.site.description,
        operator=broken.SITE.operator,
        languages=("en", "zh"),
        url="https://example.org/",
        topics=broken.SITE.topics,
        translations=broken.SITE.translations,
    )


def test_options_without_a_command_build() -> None:
    """``python build.py --lang zh`` is a build."""
    found = settings.read(["--lang", "zh", "--output", "out"])
    assert (found.command, found.language, found.output) == ("build", "zh", Path("out"))


def test_check_takes_names_and_no_output() -> None:
    """Only the datasets named are reported on."""
    found = settings.read(["check", "rooms", "halls", "--format", "json", "--as-of", "2026-01-31", "--workers", "3"])
    assert (found.command, found.only, found.format) == ("check", ("rooms", "halls"), "json")
    assert (found.as_of, found.workers) == (date(2026, 1, 31), 3)


@pytest.mark.parametrize("command", ["build", "check", "serve"])
def test_the_work_can_be_done_by_a_cluster(command: str) -> None:
    """Its scheduler is named by address, and where its workers find the data."""
    found = settings.read([command, "--workers", "tcp://scheduler:8786", "--room", "s3://bucket/folder"])
    assert (found.workers, found.room) == ("tcp://scheduler:8786", "s3://bucket/folder")
    assert settings.read([command, "--workers", "2", "--room", "shared"]).room == "shared"


@pytest.mark.parametrize(
    "stated",
    [("--workers", "many"), ("--workers", "foo://scheduler"), ("--workers", "-1"), ("--room", "s3://bucket")],
)
def test_workers_are_a_number_or_a_scheduler(stated: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """Object storage is for a cluster alone."""
    with pytest.raises(SystemExit) as raised:
        settings.read(["check", *stated])
    assert raised.value.code == 2
    assert stated[0] in capsys.readouterr().err


def test_verify_needs_no_configuration(folder: Path) -> None:
    """A reader who fetched a site has no mkdocs.yml."""
    (folder / "mkdocs.yml").unlink()
    assert settings.read(["verify", "site"]).target == Path("site")


def test_serve_stays_on_this_machine() -> None:
    """No option opens the preview to a network."""
    assert settings.read(["serve", "--port", "0"]).address == ("127.0.0.1", 0)


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--output", "out"],
        ["--as-of", "31/01/2026"],
        ["--as-of", "2026-02-30"],
        ["--format", "xml"],
        ["--lang", "de"],
        ["--workers", "0"],
        ["serve", "--port", "70000"],
        ["verify"],
        ["--no-such-option"],
    ],
)
def test_usage_errors_end_with_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """And say what is wrong."""
    with pytest.raises(SystemExit) as raised:
        settings.read(arguments)
    assert raised.value.code == 2
    assert "Error" in capsys.readouterr().err


def test_the_option_that_holds_no_day_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Two of them take one."""
    with pytest.raises(SystemExit):
        settings.read(["verify", "site", "--history", "2026-02-30"])
    assert "--history" in capsys.readouterr().err


def shown(*arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What help says, in one line."""
    with pytest.raises(SystemExit) as raised:
        settings.read(arguments)
    assert raised.value.code == 0
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_ends_with_0(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    """And lists the commands, what everybody needs first."""
    said = shown(option, capsys=capsys)
    places = [said.index(f" {name} ") for name in "build check verify release serve diff new convert".split()]
    assert places == sorted(places)


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    """Choices, defaults, what names mean, and examples as they are typed."""
    said = shown("check", "--help", capsys=capsys)
    for taught in ("text|json|github", "[default: datasets]", "[dataset]... Names of datasets; all if none is given."):
        assert taught in said
    assert "--output" not in said
    assert "[required]" in shown("new", "-h", capsys=capsys)
    said = shown("diff", "--help", capsys=capsys)
    assert "text|markdown|json|html" in said
    assert "what you changed and have not committed python build.py diff main --lang zh" in said


def test_the_language_is_that_of_the_option_then_of_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is known before the configuration is read."""
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert settings.language([]) == "en"
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert settings.language([]) == "zh"
    assert settings.language(["check", "--lang", "en"]) == "en"
    assert settings.language(["--lang=en"]) == "en"
    assert settings.language(["--lang"]) == "zh"
    assert settings.read(["check"]).language == "zh"


def test_a_configuration_that_cannot_be_read_is_named(folder: Path) -> None:
    """Missing, not UTF-8, not YAML, not a mapping."""
    assert refused("--config", "other.yml").facts["path"] == "other.yml"
    for content in (b"\xff", b"a: [", b"\x00"):
        (folder / "mkdocs.yml").write_bytes(content)
        assert refused().code == "config-unreadable"
    (folder / "mkdocs.yml").write_text("- a list")
    assert refused().code == "config-value"


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("site_url: https://example.org/", "site_url: javascript:alert(1)", "site_url"),
        ("    operator: C", "    issues: http://example.org\n    operator: C", "issues"),
        ("    operator: C", "    profile: official\n    operator: C", "extra.gazette.profile"),
        ("extra:\n  gazette:", "extra: x\nother:\n  gazette:", "extra"),
    ],
)
def test_a_setting_with_a_wrong_value_is_named(folder: Path, old: str, new: str, name: str) -> None:
    """With the file it stands in."""
    configure(folder, old, new)
    fault = refused()
    assert (fault.code, fault.facts["name"], fault.facts["path"]) == ("config-value", name, "mkdocs.yml")


def test_a_language_the_catalogue_does_not_speak_is_refused(folder: Path) -> None:
    """A site of half its words would be published otherwise."""
    configure(folder, "    operator: C", "    languages: [en, fr]\n    operator: C")
    assert refused().facts["unknown"] == ["fr"]


def test_tags_for_mkdocs_are_left_to_mkdocs(folder: Path) -> None:
    """``!ENV`` and ``!!python/name`` are neither run nor refused."""
    configure(folder, "extra:", "copyright: !ENV HOME\nemoji: !!python/name:os.system\nextra:")
    assert settings.read([]).site.url == "https://example.org/"


def test_the_address_ends_with_a_slash(folder: Path) -> None:
    """However it was written; without one there is none."""
    configure(folder, "https://example.org/", "https://example.org/records")
    assert settings.read([]).site.url == "https://example.org/records/"
    assert settings.judge(settings.read([]).site) == ()
    configure(folder, "site_url: https://example.org/\n", "")
    site = settings.read([]).site
    assert site.url is None
    (finding,) = settings.judge(site)
    assert (finding.code, finding.severity, finding.dataset) == ("site-url-missing", "warning", None)


def test_a_policy_of_your_own(folder: Path) -> None:
    """Named on the command line from where one stands, in the configuration from where that is."""
    (folder / "conf").mkdir()
    (folder / "conf/house.yml").write_text("strict: false\nrequired: [title]\nseverities: {schema-missing: error}\n")
    found = settings.read(["--policy", "conf/house.yml"]).policy
    assert (found.name, found.strict, found.required) == ("house.yml", False, frozenset({"title"}))
    assert found.severities == {"schema-missing": "error"}
    text = broken.CONFIG.replace("    operator: C", "    policy: house.yml\n    operator: C")
    (folder / "conf/mkdocs.yml").write_text(text, encoding="utf-8")
    assert settings.read(["--config", "conf/mkdocs.yml"]).policy == found
    assert settings.read(["--policy", "open"]).policy == settings.POLICIES["open"]


@pytest.mark.parametrize(
    "severities",
    [
        "{type-error: ignore}",
        "{no-such-code: error}",
        "{personal-id: warning}",
        "{path-parent: warning}",
        "{encoding-error: warning}",
        "{secret-key: warning}",
    ],
)
def test_a_policy_cannot_state_what_does_not_exist_or_is_unsafe(folder: Path, severities: str) -> None:
    """What is unsafe is refused under every policy."""
    (folder / "house.yml").write_text(f"severities: {severities}\n")
    fault = refused("--policy", "house.yml")
    assert (fault.code, fault.facts["name"]) == ("config-value", "severities")


GOVERNMENT = """
    profile: cn-gov
    government:
      sponsor: Example Office
      sponsor_zh: 示例办公室
      contact: 12345
      site_code: "0000000000"
      icp: 示ICP备00000000号
      police: 示公网安备00000000000000号
      mark: https://example.org/mark
      errors: https://example.org/errors
"""


def with_government(folder: Path, text: str) -> None:
    """Add to ``extra.gazette``."""
    configure(folder, "  gazette:\n", f"  gazette:\n{text.strip(chr(10))}\n")


def test_a_government_website_states_all_of_its_foot(folder: Path) -> None:
    """国办发〔2017〕47号: sponsor and contact, code, filings, mark, and where errors are reported."""
    with_government(folder, GOVERNMENT)
    stated = settings.read([]).site.government
    assert stated is not None
    assert (stated.sponsor.get("zh"), stated.contact.get("en")) == ("示例办公室", "12345")
    assert (stated.site_code, stated.mark) == ("0000000000", "https://example.org/mark")


@pytest.mark.parametrize("name", ["sponsor", "contact", "site_code", "icp", "police", "mark", "errors"])
def test_what_a_government_website_lacks_is_named(folder: Path, name: str) -> None:
    """Each of them, also where nothing is stated at all."""
    lines = [line for line in GOVERNMENT.splitlines() if not line.strip().startswith(f"{name}:")]
    with_government(folder, "\n".join(lines))
    fault = refused()
    assert (fault.code, fault.facts["missing"]) == ("config-government-missing", [name])
    with_government(folder, "    profile: cn-gov")
    assert len(refused().facts["missing"] or ()) == 7  # type: ignore[arg-type]


def test_no_other_site_may_look_like_one_of_the_state(folder: Path) -> None:
    """An independent site with state marks is refused."""
    with_government(folder, GOVERNMENT.replace("profile: cn-gov", "profile: independent"))
    assert refused().code == "config-government-independent"


def test_the_address_for_mail_is_one(folder: Path) -> None:
    """It goes into a link."""
    with_government(folder, "    mail: data@example.org")
    assert settings.read([]).site.mail == "data@example.org"
    with_government(folder, '    mail: "data@example.org?bcc=x@example.org"')
    assert refused().facts["name"] == "extra.gazette.mail"
