"""What the command line says of itself, in both languages."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from pathlib import Path

import click
import pytest

from gazette import settings, words
from gazette.model import Fact, Language
from gazette.settings import usage
from tests import broken

COMMANDS = "build check verify release serve diff new convert".split()
KNOWN = tomllib.loads(resources.files("gazette.words").joinpath("usage.toml").read_text(encoding="utf-8"))

MISTAKES = {
    "check --output out": ("No such option '--output'.", "没有名为“--output”的选项。"),
    "check --formt json": ("Did you mean: --format, --room?", "是否为：--format、--room？"),
    "chek --help": ("No such command 'chek'. Did you mean: check?", "没有名为“chek”的命令。是否为：check？"),
    "verify": ("Missing argument 'SITE'.", "缺少参数“站点”。"),
    "new x": ("Missing option '--from'.", "缺少选项“--from”。"),
    "--as-of": ("Option '--as-of' requires an argument.", "选项“--as-of”缺少取值。"),
    "--lang": ("Option '--lang' requires an argument.", "选项“--lang”缺少取值。"),
    "check --help=3": ("Option '--help' does not take a value.", "选项“--help”不带取值。"),
    "diff a b c d": ("Got more arguments than expected: c, d.", "参数过多：c、d。"),
    "--workers=1 check": ("Got more arguments than expected: check.", "参数过多：check。"),
    "--format xml": (
        "'xml' is not one of: text, json, github.",
        "“--format”的取值“xml”无效；可选：text、json、github。",
    ),
    "--lang de": ("'de' is not one of: en, zh.", "“--lang”的取值“de”无效；可选：en、zh。"),
    "serve --port x": ("'x' is not a whole number from 0 to 65535.", "“x”无效；应为 0 至 65535 的整数。"),
    "serve --port 70000": ("'70000' is not a whole number", "“70000”无效；应为 0 至 65535 的整数。"),
    "--as-of 31/01/2026": ("'--as-of': '31/01/2026' is not a calendar date", "“--as-of”的取值“31/01/2026”无效"),
    "verify s --history 2026-02-30": (
        "'--history': '2026-02-30' is not a calendar",
        "“2026-02-30”无效；应为实际存在的日期",
    ),
    "--workers 0": ("'--workers': '0' is neither a number", "“--workers”的取值“0”无效；应为进程数"),
    "--room s3://b": ("'--room': 's3://b' is not a folder;", "“--room”的取值“s3://b”不是文件夹；"),
}
"""What is mistaken, and what is said of it."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder to stand in, seen on a terminal of 80 columns."""
    (tmp_path / "mkdocs.yml").write_text(broken.CONFIG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


def said(
    arguments: str, language: Language, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    """What is printed in a locale of that language; help ends with 0 and stands in the output, mistakes with 2."""
    monkeypatch.setenv("LANG", {"en": "en_GB.UTF-8", "zh": "zh_CN.UTF-8"}[language])
    with pytest.raises(SystemExit) as raised:
        settings.read(arguments.split())
    printed = capsys.readouterr()
    assert (bool(printed.out), bool(printed.err)) == ((True, False) if raised.value.code == 0 else (False, True))
    assert raised.value.code in {0, 2}
    return printed.out + printed.err


def test_every_command_argument_and_option_is_explained_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its text stands beside its name; whatever the catalogue holds is said somewhere, and of the rest nothing."""
    spoken = set[str]()
    speak = words.usage

    def listen(key: str, language: Language, **facts: Fact) -> str:
        text = speak(key, language, **facts)
        spoken.add(key)
        return text

    monkeypatch.setattr(words, "usage", listen)
    assert list(settings._app.commands) == COMMANDS
    for language in words.LANGUAGES:
        for name in COMMANDS:
            page = said(f"{name} --help", language, monkeypatch, capsys)
            for parameter in settings._app.commands[name].params:
                own = "argument" if isinstance(parameter, click.Argument) else "option"
                place = parameter.name if own == "argument" else parameter.opts[-1].removeprefix("--")
                texts = KNOWN.get(f"{own}.{name}.{place}") or KNOWN[f"{own}.{place}"]
                assert "".join(texts[language].split()) in "".join(page.split()), (name, place)
        said("--help", language, monkeypatch, capsys)
        for mistake in MISTAKES:
            said(mistake, language, monkeypatch, capsys)
        usage.explain(click.FileError("f"), language)
    assert spoken == set(KNOWN)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_chinese_help_holds_no_english(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """But for names, and commands as they are typed."""
    page = said(f"{command} --help", "zh", monkeypatch, capsys)
    names = r"build\.py [a-z]+|^  python build\.py .*?(?:  |$)|UTF-\d+|GB18030|[CT]SV|XLSX|TODO"
    prose = re.sub(names, "", page, flags=re.MULTILINE)
    assert re.findall(r"[A-Za-z]{2,} +[A-Za-z]{2,}|[A-Z]{2,}", prose) == []
    assert page.startswith("用法：")


@pytest.mark.parametrize("columns", [30, 57, 80, 200])
@pytest.mark.parametrize("language", words.LANGUAGES)
def test_lines_are_as_long_as_a_terminal_is_wide(
    columns: int, language: Language, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From 60 to 78 columns, of which a Chinese character takes two; none begins with what closes a clause."""
    monkeypatch.setenv("COLUMNS", str(columns))
    for command in ("", *COMMANDS):
        for line in said(f"{command} --help", language, monkeypatch, capsys).splitlines():
            if "python build.py" in line:
                continue
            assert usage._columns(line) <= max(60, min(columns - 2, 78)), line
            assert not line.lstrip()[:1] or line.lstrip()[0] not in "，。；：、）”"


def test_a_chinese_list_is_aligned(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """By columns, not by characters."""
    page = said("new --help", "zh", monkeypatch, capsys)
    assert "  --from 文件        源表格：" in page
    assert "  --datasets 文件夹  数据包" in page
    assert "[必填]" in page
    assert "[默认：datasets]" in page


@pytest.mark.parametrize(
    "arguments",
    ["--help --lang zh", "--lang zh --help", "--lang=zh -h", "check --help --lang zh", "check --lang zh --help",
     "--lang zh check --help", "--lang en check --lang zh --help"],
)  # fmt: skip
def test_help_is_in_the_language_asked_for(
    arguments: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wherever the option stands, whatever the locale; of two the last counts."""
    assert said(arguments, "en", monkeypatch, capsys).startswith("用法：")
    assert said(arguments.replace("zh", "en"), "zh", monkeypatch, capsys).startswith("Usage: ")


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_said_in_both_languages(
    mistake: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With what was mistaken, after how the command is used."""
    english, chinese = MISTAKES[mistake]
    last = said(mistake, "en", monkeypatch, capsys).splitlines()[-1]
    assert last.startswith("Error: ")
    assert english in last
    page = said(mistake, "zh", monkeypatch, capsys)
    assert page.splitlines()[-1].startswith("错误：")
    assert chinese in page.splitlines()[-1]
    assert not re.search(r"Usage|Try|Error|OPTIONS", page)


def test_a_mistake_is_said_after_the_synopsis(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And with the way to help."""
    page = said("diff", "zh", monkeypatch, capsys)
    assert page == "用法：build.py diff [选项] 基准 [对象]\n详见：build.py diff --help\n\n错误：缺少参数“基准”。\n"
    page = said("check --no-such", "en", monkeypatch, capsys)
    assert page.startswith("Usage: build.py check [OPTIONS] [dataset]...\nTry 'build.py check --help' for help.\n\nErr")


def test_the_language_may_stand_before_the_command(folder: Path) -> None:
    """A folder may have the name of a command."""
    found = settings.read(["--lang", "zh", "check", "rooms"])
    assert (found.command, found.language, found.only) == ("check", "zh", ("rooms",))
    assert settings.read(["--lang=zh", "--output", "check"]).command == "build"
    assert settings.read(["--lang", "en", "--lang=zh"]).language == "zh"


def test_a_run_that_needs_no_help_reads_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogue is opened when it is needed."""
    monkeypatch.setattr(words, "usage", None)
    assert settings.read(["check", "rooms", "--lang", "zh", "--format", "json"]).command == "check"
