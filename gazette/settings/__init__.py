"""The command line and ``mkdocs.yml`` → :class:`Settings`."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

import click
import yaml

from gazette import words
from gazette.model import BuildError, Finding, Government, Language, Policy, Settings, Severity, Site, Text, Translation
from gazette.settings import usage

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

_GOVERNMENT = ("sponsor", "contact", "site_code", "icp", "police", "mark", "errors")
"""What the foot of a government website states, beside the site map (国办发〔2017〕47号)."""

Format = Literal["text", "json", "github"]
DiffFormat = Literal["text", "markdown", "json", "html"]

_Command = TypeVar("_Command", bound=Callable[..., Settings])

_DATASETS, _OUTPUT, _CONFIG = Path("datasets"), Path("site"), Path("mkdocs.yml")
_PATH = click.Path(path_type=Path)


def _day(_context: click.Context, _option: click.Parameter, stated: str | None) -> date | None:
    try:
        return date.fromisoformat(stated) if stated else None
    except ValueError as fault:
        raise usage.Mistake("day", value=str(stated)) from fault


def _formats(*known: str) -> Callable[[_Command], _Command]:
    return click.option("--format", type=usage.Choice(known), default=known[0])


_as_of = click.option("--as-of", metavar="DATE", callback=_day)
_datasets = click.option("--datasets", type=_PATH, metavar="FOLDER", default=_DATASETS)
_output = click.option("--output", type=_PATH, metavar="FOLDER", default=_OUTPUT)
_config = click.option("--config", type=_PATH, metavar="FILE", default=_CONFIG)
_policy_name = click.option("--policy", metavar="NAME")
_format = _formats("text", "json", "github")
_lang = click.option("--lang", type=usage.Choice(words.LANGUAGES), expose_value=False)
_workers = click.option("--workers", metavar="NUMBER|ADDRESS", default="1")
_room = click.option("--room", metavar="PLACE")


def _judging(command: _Command) -> _Command:
    """The options of every command that checks the datasets."""
    for option in (_room, _workers, _lang, _policy_name, _config, _datasets, _as_of):  # click puts the last first
        command = option(command)
    return command


def read(arguments: Sequence[str]) -> Settings:
    """Understand the command line and read the configuration it names.

    Raises :class:`BuildError` (exit 2) for a configuration that cannot be used; mistakes in usage and ``--help``
    end the program with 2 and 0.
    """
    spoken = language(arguments)
    try:
        with _app.make_context("build.py", _commanded(arguments), obj=spoken) as context:
            return cast("Settings", _app.invoke(context))
    except click.ClickException as fault:
        sys.stderr.write(usage.explain(fault, spoken))
        sys.exit(2)
    except click.exceptions.Exit as end:  # --help was shown
        sys.exit(end.exit_code)


def language(arguments: Sequence[str]) -> Language:
    """The language to speak in, before there are settings and in them: that of ``--lang`` or of the locale."""
    for word, after in reversed([*pairwise([*arguments, ""])]):  # of an option stated twice the last counts
        stated = after if word == "--lang" else word.removeprefix("--lang=")
        if stated in words.LANGUAGES and word.startswith("--lang"):
            return stated
    return _locale()


def _commanded(arguments: Sequence[str]) -> list[str]:
    """The arguments with their command: options without one are those of ``build``."""
    stated, place = list(arguments), 0
    while (word := "".join(stated[place : place + 1])) == "--lang" or word.startswith("--lang="):
        place += 1 if "=" in word else 2
    if (not word or word.startswith("-")) and word not in usage.HELP and place <= len(stated):
        stated.insert(place, "build")
    return stated


def judge(site: Site) -> tuple[Finding, ...]:
    """What is not wrong with the configuration and makes a poorer site."""
    if site.url:
        return ()
    return (Finding(code="site-url-missing", severity="warning", source="gazette"),)


@click.group(cls=usage.Commands, context_settings={"help_option_names": usage.HELP, "show_default": True})
@_lang
def _app() -> None:
    pass


@_app.command("build")
@_judging
@_output
@_format
def _build(**stated: Any) -> Settings:
    return _settings("build", **stated)


@_app.command("check")
@click.argument("only", metavar="dataset", nargs=-1)
@_judging
@_format
def _check(**stated: Any) -> Settings:
    return _settings("check", **stated)


@_app.command("verify")
@click.argument("site", metavar="SITE")
@click.option("--since", type=_PATH, metavar="FILE")
@click.option("--history", "unbroken", metavar="DATE", callback=_day)
@_config
@_format
@_lang
def _verify(site: str, **stated: Any) -> Settings:
    place: dict[str, Any] = {"remote": site} if "://" in site else {"target": Path(site)}
    return _settings("verify", **place, **stated)


@_app.command("release")
@_output
@_config
@_lang
def _release(**stated: Any) -> Settings:
    return _settings("release", **stated)


@_app.command("serve")
@_judging
@_output
@_format
@click.option("--port", type=usage.Range(0, 65535), metavar="NUMBER", default=8000)
def _serve(port: int, **stated: Any) -> Settings:
    return _settings("serve", address=(_HOST, port), **stated)


@_app.command("diff")
@click.argument("base", metavar="base")
@click.argument("head", metavar="head", required=False)
@_judging
@_formats("text", "markdown", "json", "html")
def _diff(base: str, head: str | None, **stated: Any) -> Settings:
    return _settings("diff", revisions=tuple(filter(None, (base, head))), **stated)


@_app.command("new")
@click.argument("name", metavar="name")
@click.option("--from", "source", type=_PATH, metavar="FILE", required=True)
@_datasets
@_config
@_lang
def _new(**stated: Any) -> Settings:
    return _settings("new", **stated)


@_app.command("convert")
@click.argument("source", type=_PATH, metavar="FILE")
@click.option("--to", "target", type=_PATH, metavar="FILE")
@_lang
def _convert(**stated: Any) -> Settings:
    return _settings("convert", **stated)


def _settings(
    command: Literal["build", "check", "verify", "release", "serve", "diff", "new", "convert"],
    *,
    config: Path = _CONFIG,
    policy: str | None = None,
    format: Format | DiffFormat = "text",  # noqa: A002 - the option's name
    workers: str = "1",
    room: str | None = None,
    **stated: Any,
) -> Settings:
    document = _load(config) if command not in {"verify", "release", "convert"} else {}
    own = _mapping(_mapping(document.get("extra"), config, "extra").get("gazette"), config, "extra.gazette")
    return Settings(
        command=command,
        config=config,
        language=click.get_current_context().obj,
        format=format,
        policy=_policy(policy or str(own.get("policy", "strict")), None if policy else config.parent),
        site=_site(document, own, config),
        **({"datasets": _DATASETS, "output": _OUTPUT} | _crew(workers, room) | stated),
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
        mail=_mail(own.get("mail"), config),
        government=_government(own, str(profile), languages, config),
        topics=tuple(
            (str(item.get("code")), _text(item, item, "label", languages))
            for item in own.get("topics") or ()
            if isinstance(item, dict)
        ),
        translations=_translations(_mapping(own.get("translation"), config, "extra.gazette.translation"), config),
    )


def _mail(stated: Any, path: Path) -> str | None:
    if stated is None or re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", str(stated), re.ASCII):
        return None if stated is None else str(stated)
    raise BuildError("config-value", path=str(path), name="extra.gazette.mail", value=str(stated))


def _government(own: Mapping[str, Any], profile: str, languages: Sequence[str], path: Path) -> Government | None:
    """The items of the foot of a government website: all of them with the profile ``cn-gov``, else none.

    Raises :class:`BuildError` that names those missing; and where another site states any, because it must not look
    like one of the state's.
    """
    stated = _mapping(own.get("government"), path, "extra.gazette.government")
    if profile != "cn-gov":
        if stated:
            raise BuildError("config-government-independent", path=str(path), profile=profile)
        return None
    missing = [name for name in _GOVERNMENT if not stated.get(name)]
    if missing:
        raise BuildError("config-government-missing", path=str(path), missing=missing)
    for name in ("mark", "errors"):
        if not str(stated[name]).startswith(("https://", "http://")):
            raise BuildError(
                "config-value", path=str(path), name=f"extra.gazette.government.{name}", value=str(stated[name])
            )
    return Government(
        sponsor=_text(stated, stated, "sponsor", languages),
        contact=_text(stated, stated, "contact", languages),
        **{name: str(stated[name]) for name in ("site_code", "icp", "police", "mark", "errors")},
    )


def _translations(stated: Mapping[str, Any], config: Path) -> tuple[Translation, ...]:
    """Where translations come from that do not say so themselves; one that is official names its own source."""
    wrong = {str(language): str(origin) for language, origin in stated.items() if origin not in {"editor", "machine"}}
    for language, origin in wrong.items():
        raise BuildError("config-value", path=str(config), name=f"extra.gazette.translation.{language}", value=origin)
    return tuple(Translation(language=str(language), origin=origin) for language, origin in stated.items())


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
        abridged=_spread(document.get("abridged", POLICIES["strict"].abridged), path),
    )


def _spread(stated: Any, path: Path) -> float:
    if isinstance(stated, int | float) and stated > 0:
        return float(stated)
    raise BuildError("config-value", path=str(path), name="abridged", value=str(stated))


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


def _crew(workers: str, room: str | None) -> dict[str, Any]:
    """Who does the work, and where they find it."""
    address = re.fullmatch(r"(?:tcp|tls|wss?)://\S+", workers)
    if not (address or re.fullmatch("[1-9][0-9]{0,3}", workers)):
        raise usage.Mistake("workers", name="--workers", value=workers)
    if room and "://" in room and not address:
        raise usage.Mistake("room", name="--room", value=room)
    return {"workers": workers if address else int(workers), "room": room}


def _locale() -> Language:
    stated = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh" if stated.lower().startswith("zh") else "en"
