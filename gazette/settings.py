"""The command line and ``mkdocs.yml`` → :class:`Settings`."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import typer
import typer.exceptions
import yaml

from gazette import words
from gazette.model import BuildError, Finding, Policy, Settings, Severity, Site, Text

REQUIRED = frozenset({"title", "description", "licenses", "publisher", "sources", "frequency", "topic", "translations"})
"""What this repository's own policy wants of a package beyond the standard."""

POLICIES = {
    "strict": Policy(name="strict", strict=True, required=REQUIRED),
    "open": Policy(name="open", strict=False),
}
"""The policies that come with Gazette."""

_FIRM = re.compile("path-|personal-|secre(?:cy|t)-|(?:encoding|source|scheme|format|compression)-error|table-unjudged")
"""Findings no policy makes mere warnings: what is unsafe, and what leaves nothing that could be published."""

_HOST = "127.0.0.1"

_app = typer.Typer(
    help="Checks published datasets and turns them into a bilingual static site with downloads.",
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Language = Literal["en", "zh"]
Format = Literal["text", "json", "github"]

_AsOf = Annotated[str | None, typer.Option(metavar="DATE", help="The day the site speaks of, such as 2026-01-31.")]
_Datasets = Annotated[Path, typer.Option(metavar="FOLDER", help="Where the data packages are.")]
_Output = Annotated[Path, typer.Option(metavar="FOLDER", help="Where the site goes.")]
_Config = Annotated[Path, typer.Option(metavar="FILE", help="The site's settings.")]
_PolicyName = Annotated[
    str | None, typer.Option("--policy", metavar="NAME", help="How strict to be: strict, open, or a file of your own.")
]
_Format = Annotated[Format, typer.Option(help="How findings are written; github prints workflow annotations.")]
_Lang = Annotated[Language | None, typer.Option(help="Language of the messages; by default that of the locale.")]
_Workers = Annotated[int, typer.Option(min=1, metavar="NUMBER", help="Processes to work with.")]
_DATASETS, _OUTPUT, _CONFIG = Path("datasets"), Path("site"), Path("mkdocs.yml")


def read(arguments: Sequence[str]) -> Settings:
    """Understand the command line and read the configuration it names.

    Raises :class:`BuildError` (exit 2) for a configuration that cannot be used; usage errors and ``--help``
    end the program with 2 and 0.
    """
    stated = list(arguments)
    first = next((word for word in stated if not word.startswith("-")), None)
    names = {command.name for command in _app.registered_commands}
    if first not in names and not {"-h", "--help"} & set(stated):
        stated.insert(0, "build")  # `python build.py --lang zh` builds
    try:
        found = _app(stated, prog_name="build.py", standalone_mode=False)
    except typer.exceptions.TyperException as fault:
        cast("typer.BadParameter", fault).show()  # every fault of usage can show itself
        sys.exit(2)
    if not isinstance(found, Settings):  # --help was shown
        sys.exit(0)
    return found


def language(arguments: Sequence[str]) -> Language:
    """The language to speak in before, or without, settings: that of ``--lang`` or of the locale."""
    for word, after in pairwise([*arguments, ""]):
        stated = after if word == "--lang" else word.removeprefix("--lang=")
        if stated in words.LANGUAGES and word.startswith("--lang"):
            return cast("Language", stated)
    return _locale()


def judge(site: Site) -> tuple[Finding, ...]:
    """What is not wrong with the configuration and makes a poorer site."""
    if site.url:
        return ()
    return (Finding(code="site-url-missing", severity="warning", source="gazette"),)


@_app.command("build")
def _build(
    as_of: _AsOf = None,
    datasets: _Datasets = _DATASETS,
    output: _Output = _OUTPUT,
    config: _Config = _CONFIG,
    policy: _PolicyName = None,
    format: _Format = "text",  # noqa: A002 - the option's name
    lang: _Lang = None,
    workers: _Workers = 1,
) -> Settings:
    """Check the datasets and build the site; nothing is published if the data has errors."""
    return _settings(
        "build", config, policy, format, lang,
        as_of=_day(as_of), datasets=datasets, output=output, workers=workers,
    )  # fmt: skip


@_app.command("check")
def _check(
    dataset: Annotated[list[str] | None, typer.Argument(help="Names of datasets; all if none is given.")] = None,
    as_of: _AsOf = None,
    datasets: _Datasets = _DATASETS,
    config: _Config = _CONFIG,
    policy: _PolicyName = None,
    format: _Format = "text",  # noqa: A002 - the option's name
    lang: _Lang = None,
    workers: _Workers = 1,
) -> Settings:
    """Check the datasets and report; nothing is written."""
    return _settings(
        "check", config, policy, format, lang,
        as_of=_day(as_of), datasets=datasets, only=tuple(dataset or ()), workers=workers,
    )  # fmt: skip


@_app.command("verify")
def _verify(
    site: Annotated[Path, typer.Argument(help="A built site.")],
    config: _Config = _CONFIG,
    format: _Format = "text",  # noqa: A002 - the option's name
    lang: _Lang = None,
) -> Settings:
    """Prove a built site against its manifest: nothing missing, added or altered."""
    return _settings("verify", config, None, format, lang, target=site)


@_app.command("serve")
def _serve(
    as_of: _AsOf = None,
    datasets: _Datasets = _DATASETS,
    output: _Output = _OUTPUT,
    config: _Config = _CONFIG,
    policy: _PolicyName = None,
    format: _Format = "text",  # noqa: A002 - the option's name
    lang: _Lang = None,
    workers: _Workers = 1,
    port: Annotated[int, typer.Option(min=0, max=65535, metavar="NUMBER", help="Port of the preview.")] = 8000,
) -> Settings:
    """Build, show a preview on this machine, and build again on each change."""
    return _settings(
        "serve", config, policy, format, lang,
        as_of=_day(as_of), datasets=datasets, output=output, workers=workers, address=(_HOST, port),
    )  # fmt: skip


def _settings(
    command: Literal["build", "check", "verify", "serve"],
    config: Path,
    policy: str | None,
    format_: Format,
    language_: Language | None,
    **stated: Any,
) -> Settings:
    document = _load(config) if command != "verify" else {}
    own = _mapping(_mapping(document.get("extra"), config, "extra").get("gazette"), config, "extra.gazette")
    return Settings(
        command=command,
        config=config,
        language=language_ or _locale(),
        format=format_,
        policy=_policy(policy or str(own.get("policy", "strict")), None if policy else config.parent),
        site=_site(document, own, config),
        **({"datasets": _DATASETS, "output": _OUTPUT} | stated),
    )


def _site(document: Mapping[str, Any], own: Mapping[str, Any], config: Path) -> Site:
    languages = tuple(str(item) for item in own.get("languages") or words.LANGUAGES)
    unknown = sorted(set(languages) - set(words.LANGUAGES))
    if unknown or not languages:
        raise BuildError("config-languages", path=str(config), unknown=unknown, known=list(words.LANGUAGES))
    profile = own.get("profile", "independent")
    if profile not in {"independent", "cn-gov"}:
        raise BuildError("config-value", path=str(config), name="extra.gazette.profile", value=str(profile))
    url = document.get("site_url")
    issues = own.get("issues")
    for name, value, schemes in (("site_url", url, ("https://", "http://")), ("issues", issues, ("https:", "mailto:"))):
        if value and not str(value).startswith(schemes):
            raise BuildError("config-value", path=str(config), name=name, value=str(value))
    return Site(
        name=_text(document, own, "site_name", languages),
        description=_text(document, own, "site_description", languages),
        operator=_text(own, own, "operator", languages),
        languages=languages,
        profile=cast("Literal['independent', 'cn-gov']", profile),
        url=str(url).rstrip("/") + "/" if url else None,
        issues=str(issues) if issues else None,
        topics=tuple(
            (str(item.get("code")), _text(item, item, "label", languages))
            for item in own.get("topics") or ()
            if isinstance(item, dict)
        ),
    )


def _text(first: Mapping[str, Any], other: Mapping[str, Any], name: str, languages: Sequence[str]) -> Text:
    """``site_name`` is in the first language of the site, ``site_name_zh`` beside it in another."""
    stated = [(languages[0], first.get(name))]
    stated += [(language, other.get(f"{name}_{language}")) for language in languages[1:]]
    return Text(values=tuple((language, str(value)) for language, value in stated if value))


def _policy(name: str, folder: Path | None) -> Policy:
    """A policy by name, or the file that holds one, named in the configuration from its own folder."""
    if name in POLICIES:
        return POLICIES[name]
    path = (folder or Path()) / name
    document = _load(path)
    severities = _mapping(document.get("severities"), path, "severities")
    wrong = sorted({str(value) for value in severities.values()} - {"error", "warning"})
    unknown = sorted(set(severities) - set(words.findings()))
    unsafe = sorted(code for code, severity in severities.items() if severity != "error" and _FIRM.match(str(code)))
    if wrong or unknown or unsafe:
        raise BuildError("config-value", path=str(path), name="severities", value=", ".join(wrong + unknown + unsafe))
    return Policy(
        name=path.name,
        strict=bool(document.get("strict", True)),
        required=frozenset(str(item) for item in document.get("required", REQUIRED)),
        severities=cast("Mapping[str, Severity]", severities),
    )


class _Loader(yaml.SafeLoader):
    """Reads what MkDocs reads; the tags that name code or the environment are left to MkDocs."""


_Loader.add_multi_constructor("", lambda _loader, _tag, _node: None)


def _load(path: Path) -> dict[str, Any]:
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except OSError as fault:
        raise BuildError("config-unreadable", path=str(path), reason=fault.strerror) from fault
    except (yaml.YAMLError, UnicodeDecodeError) as fault:
        raise BuildError("config-unreadable", path=str(path), reason=str(fault)) from fault
    return _mapping(document, path, "")


def _mapping(value: Any, path: Path, name: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BuildError("config-value", path=str(path), name=name or path.name, value=str(value))
    return value


def _day(stated: str | None) -> date | None:
    try:
        return date.fromisoformat(stated) if stated else None
    except ValueError as fault:
        message = f"{stated!r} is not a calendar date such as 2026-01-31."
        raise typer.BadParameter(message, param_hint="--as-of") from fault


def _locale() -> Language:
    stated = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh" if stated.lower().startswith("zh") else "en"
