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
from gazette.model import BuildError, Finding, Government, Policy, Settings, Severity, Site, Text, Translation

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

_app = typer.Typer(
    help="Checks published datasets and turns them into a bilingual static site with downloads.",
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Language = Literal["en", "zh"]
Format = Literal["text", "json", "github"]
DiffFormat = Literal["text", "markdown", "json", "html"]

_AsOf = Annotated[str | None, typer.Option(metavar="DATE", help="The day the site speaks of, such as 2026-01-31.")]
_Datasets = Annotated[Path, typer.Option(metavar="FOLDER", help="Where the data packages are.")]
_Output = Annotated[Path, typer.Option(metavar="FOLDER", help="Where the site goes.")]
_Config = Annotated[Path, typer.Option(metavar="FILE", help="The site's settings.")]
_PolicyName = Annotated[
    str | None, typer.Option("--policy", metavar="NAME", help="How strict to be: strict, open, or a file of your own.")
]
_Format = Annotated[Format, typer.Option(help="How findings are written; github prints workflow annotations.")]
_Lang = Annotated[Language | None, typer.Option(help="Language of the messages; by default that of the locale.")]
_Workers = Annotated[
    str, typer.Option(metavar="NUMBER|ADDRESS", help="Processes to work with, or the scheduler of a Dask cluster.")
]
_Room = Annotated[
    str | None,
    typer.Option(metavar="PLACE", help="Where the data is copied to first; workers elsewhere must have access to it."),
]
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
    workers: _Workers = "1",
    room: _Room = None,
) -> Settings:
    """Check the datasets and build the site; nothing is published if the data has errors."""
    return _settings(
        "build", config, policy, format, lang,
        as_of=_day(as_of), datasets=datasets, output=output, **_crew(workers, room),
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
    workers: _Workers = "1",
    room: _Room = None,
) -> Settings:
    """Check the datasets and report; nothing is written."""
    return _settings(
        "check", config, policy, format, lang,
        as_of=_day(as_of), datasets=datasets, only=tuple(dataset or ()), **_crew(workers, room),
    )  # fmt: skip


@_app.command("verify")
def _verify(
    site: Annotated[str, typer.Argument(metavar="SITE", help="A built site, or the address of a published one.")],
    since: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A manifest.json of the site kept from before.")
    ] = None,
    history: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Also prove that the repository still holds every release since that day."),
    ] = None,
    config: _Config = _CONFIG,
    format: _Format = "text",  # noqa: A002 - the option's name
    lang: _Lang = None,
) -> Settings:
    """Prove a site against its manifest: nothing missing, added or altered, and not taken back to an older state.

    \b
    python build.py verify site                          a folder
    python build.py verify https://example.org/gazette/  a published site; needs nothing but its address
    python build.py verify site --since manifest.json    also that it is newer than the one this manifest is of
    python build.py verify site --history 2026-01-01     also that no release since then is gone from the repository
    """  # noqa: D301 - typer's mark for lines that stay as they are
    place: dict[str, Any] = {"remote": site} if "://" in site else {"target": Path(site)}
    return _settings("verify", config, None, format, lang, since=since, unbroken=_day(history), **place)


@_app.command("release")
def _release(
    output: _Output = _OUTPUT,
    config: _Config = _CONFIG,
    lang: _Lang = None,
) -> Settings:
    """Add the built site to releases.csv, the list of all releases, which is then to be committed."""
    return _settings("release", config, None, "text", lang, output=output)


@_app.command("serve")
def _serve(
    as_of: _AsOf = None,
    datasets: _Datasets = _DATASETS,
    output: _Output = _OUTPUT,
    config: _Config = _CONFIG,
    policy: _PolicyName = None,
    format: _Format = "text",  # noqa: A002 - the option's name
    lang: _Lang = None,
    workers: _Workers = "1",
    room: _Room = None,
    port: Annotated[int, typer.Option(min=0, max=65535, metavar="NUMBER", help="Port of the preview.")] = 8000,
) -> Settings:
    """Build, show a preview on this machine, and build again on each change."""
    return _settings(
        "serve", config, policy, format, lang,
        as_of=_day(as_of), datasets=datasets, output=output, **_crew(workers, room), address=(_HOST, port),
    )  # fmt: skip


@_app.command("diff")
def _diff(
    base: Annotated[str, typer.Argument(help="What to compare with: a commit, branch or tag of the repository.")],
    head: Annotated[str | None, typer.Argument(help="What to compare; the folder as it lies if left out.")] = None,
    as_of: _AsOf = None,
    datasets: _Datasets = _DATASETS,
    config: _Config = _CONFIG,
    policy: _PolicyName = None,
    format: Annotated[  # noqa: A002 - the option's name
        DiffFormat, typer.Option(help="markdown is a summary of at most 24 lines, html one page with every row.")
    ] = "text",
    lang: _Lang = None,
    workers: _Workers = "1",
    room: _Room = None,
) -> Settings:
    """Say what changed since a commit: rows, cells, columns, findings, translations, pages.

    \b
    python build.py diff HEAD                  what you changed and have not committed
    python build.py diff main --lang zh        what your branch has that main has not
    python build.py diff v1.0 v1.1             what one release changed
    python build.py diff main --format html > changes.html

    Rows are paired by the primary key of their table. Ends with 1 where the changed datasets would be refused.
    """  # noqa: D301 - typer's mark for lines that stay as they are
    return _settings(
        "diff", config, policy, format, lang,
        as_of=_day(as_of), datasets=datasets, revisions=tuple(filter(None, (base, head))), **_crew(workers, room),
    )  # fmt: skip


@_app.command("new")
def _new(
    name: Annotated[str, typer.Argument(help="Name of the dataset: lower-case letters, digits and hyphens.")],
    source: Annotated[Path, typer.Option("--from", metavar="FILE", help="The table: CSV or XLSX, in any encoding.")],
    datasets: _Datasets = _DATASETS,
    config: _Config = _CONFIG,
    lang: _Lang = None,
) -> Settings:
    """Start a dataset from a table: a folder with its data and a description to be filled in.

    \b
    python build.py new lake-water --from readings.xlsx
    python build.py check lake-water           lists what is still to be filled in

    Types are inferred from the cells. A column with leading zeros or long numbers is text, because it holds codes.
    What only you can say is marked TODO in English and 待填 in Chinese; nothing is published until it is filled in.
    """  # noqa: D301 - typer's mark for lines that stay as they are
    return _settings("new", config, None, "text", lang, datasets=datasets, name=name, source=source)


@_app.command("convert")
def _convert(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="A table: CSV, TSV or XLSX, in any encoding.")],
    to: Annotated[
        Path | None, typer.Option("--to", metavar="FILE", help="Where to write; FILE itself, with .csv, if left out.")
    ] = None,
    lang: _Lang = None,
) -> Settings:
    """Make a table canonical CSV (UTF-8, commas, one header row) and say what that changed.

    \b
    python build.py convert datasets/rooms/data/rooms.csv      GB18030 or UTF-16 becomes UTF-8, in place
    python build.py convert rooms.xlsx --to datasets/rooms/data/rooms.csv

    Only the form is changed. Cells that a spreadsheet seems to have spoiled are named, and left as they are.
    """  # noqa: D301 - typer's mark for lines that stay as they are
    return _settings("convert", _CONFIG, None, "text", lang, source=source, target=to)


def _settings(
    command: Literal["build", "check", "verify", "release", "serve", "diff", "new", "convert"],
    config: Path,
    policy: str | None,
    format_: Format | DiffFormat,
    language_: Language | None,
    **stated: Any,
) -> Settings:
    document = _load(config) if command not in {"verify", "release", "convert"} else {}
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


def _day(stated: str | None) -> date | None:
    try:
        return date.fromisoformat(stated) if stated else None
    except ValueError as fault:
        message = f"{stated!r} is not a calendar date such as 2026-01-31."
        raise typer.BadParameter(message, param_hint="--as-of") from fault


def _crew(workers: str, room: str | None) -> dict[str, Any]:
    """Who does the work, and where they find it."""
    address = re.fullmatch(r"(?:tcp|tls|wss?)://\S+", workers)
    if not (address or re.fullmatch("[1-9][0-9]{0,3}", workers)):
        message = f"{workers!r} is neither a number of processes nor an address such as tcp://scheduler:8786."
        raise typer.BadParameter(message, param_hint="--workers")
    if room and "://" in room and not address:
        message = f"{room!r} is not a folder; object storage is for the workers of a cluster."
        raise typer.BadParameter(message, param_hint="--room")
    return {"workers": workers if address else int(workers), "room": room}


def _locale() -> Language:
    stated = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh" if stated.lower().startswith("zh") else "en"
