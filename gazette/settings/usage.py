"""What the command line says of itself: its help, and mistakes in using it, in the language of who reads.

The texts stand in ``words/usage.toml`` and are looked up when they are shown, so a run that needs no help reads none.
The context of click carries the language (``obj``); of click's own words none is shown.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any
from unicodedata import east_asian_width

import click

from gazette import words
from gazette.model import Fact, Language

HELP = ("-h", "--help")
"""What asks for help; no other option goes without a value."""

_WIDEST, _NARROWEST = 78, 60
"""Columns a line of help takes, whatever the terminal has."""

_LEFT = 30
"""Columns for the names in a list; what is longer has a line of its own."""

_HAN, _OPENING, _CLOSING = "\u2e80-\u2fff\u3040-\u9fff", "（“《", "，。；：、！？）”》"
_PIECE = rf"\s*(?:\[[^]]+\]|[{_OPENING}]*(?:[{_HAN}]|[^\s{_HAN}{_OPENING}{_CLOSING}]*)[{_CLOSING}]*)"
"""What stays in one line: a note, a word, or a Chinese character, with the punctuation that holds on to it.

It is compiled where it is used: few runs show help.
"""


class Mistake(click.BadParameter):
    """A value or an argument that no command can take: ``mistake.<code>`` of the catalogue, filled with ``facts``."""

    def __init__(self, code: str, *, context: click.Context | None = None, **facts: Fact) -> None:
        super().__init__(code, ctx=context)
        self.facts = facts


class Choice(click.Choice[str]):
    """One of a few words."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word; raises :class:`Mistake` for any other."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as fault:
            raise Mistake("choice", value=str(value), known=list(self.choices)) from fault


class Range(click.IntRange):
    """A whole number between two others."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number; raises :class:`Mistake` where it is none or lies outside."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter as fault:
            raise Mistake("range", value=str(value), least=str(self.min), most=str(self.max)) from fault


class Command(click.Command):
    """A command that speaks the language of its context."""

    def get_help(self, ctx: click.Context) -> str:
        """All that is said where somebody asks for help."""
        return _page(ctx)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does; arguments left over are a mistake that knows them."""
        ctx.allow_extra_args = True
        if extra := super().parse_args(ctx, args):
            raise Mistake("extra", context=ctx, arguments=extra)
        return extra


class Commands(click.Group):
    """The commands in the order in which they were added: from what everybody needs to what few do."""

    command_class = Command

    def get_help(self, ctx: click.Context) -> str:
        """All that is said where somebody asks for help and names no command."""
        return _page(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click passes it
        """The names of the commands."""
        return list(self.commands)


# --- mistakes -------------------------------------------------------------------------------------------------


def explain(fault: click.ClickException, language: Language) -> str:
    """What was mistaken on the command line, after the synopsis of the command if it is known which one it was."""
    said = words.usage("mistake", language, what=_what(fault, language)) + "\n"
    context = fault.ctx if isinstance(fault, click.UsageError) else None
    if context is None:
        return said
    return f"{_synopsis(context)}\n{words.usage('mistake.help', language, command=context.command_path)}\n\n{said}"


def _what(fault: click.ClickException, language: Language) -> str:
    code, facts = _cause(fault, language)
    said = words.usage(f"mistake.{code}", language, **facts)
    nearest = getattr(fault, "possibilities", None)
    return words.usage("mistake.nearest", language, what=said, names=nearest) if nearest else said


def _cause(fault: click.ClickException, language: Language) -> tuple[str, dict[str, Fact]]:
    """The code of a mistake and its facts; click tells mistakes apart by their types."""
    match fault:
        case Mistake():
            return fault.message, ({"name": fault.param.opts[-1]} if fault.param else {}) | fault.facts
        case click.MissingParameter(param=click.Argument() as argument):
            code, name = "argument-missing", _value(argument, language)
        case click.MissingParameter(param=click.Option() as option):
            code, name = "option-missing", option.opts[-1]
        case click.NoSuchOption(option_name=name):
            code = "option-unknown"
        case click.NoSuchCommand(command_name=name):
            code = "command-unknown"
        case click.BadOptionUsage(option_name=name):
            code = "option-flag" if name in HELP else "option-empty"
        case _:
            return "other", {"message": fault.format_message()}
    return code, {"name": name}


# --- help -----------------------------------------------------------------------------------------------------


def _page(context: click.Context) -> str:
    language: Language = context.obj
    width = max(min(shutil.get_terminal_size().columns - 2, _WIDEST), _NARROWEST)
    lists = {"arguments": _arguments(context), "options": _options(context), "commands": _commands(context)}
    parts = [_synopsis(context), *_text(_about(context.command, language), width)]
    for name, rows in lists.items():
        if rows:
            parts += ["", words.usage(f"heading.{name}", language), *_list(rows, width)]
    return "\n".join(parts)


def _synopsis(context: click.Context) -> str:
    language: Language = context.obj
    named = [_named(item, language) for item in context.command.params if isinstance(item, click.Argument)]
    if isinstance(context.command, click.Group):
        named = [words.usage("synopsis.command", language)]
    return words.usage("synopsis", language, command=context.command_path, arguments=" ".join(named)).rstrip()


def _about(command: click.Command, language: Language) -> str:
    key = "program" if isinstance(command, click.Group) else f"command.{command.name}"
    return words.usage(key, language).strip("\n")


def _arguments(context: click.Context) -> list[tuple[str, str]]:
    return [
        (_named(item, context.obj), words.usage(f"argument.{context.command.name}.{item.name}", context.obj))
        for item in context.command.params
        if isinstance(item, click.Argument)
    ]


def _options(context: click.Context) -> list[tuple[str, str]]:
    known = context.command.get_params(context)
    return [_option(item, context) for item in known if isinstance(item, click.Option)]


def _option(option: click.Option, context: click.Context) -> tuple[str, str]:
    """The names of an option with what stands for its value, and its text with what it is by default."""
    language: Language = context.obj
    name = option.opts[-1].removeprefix("--")
    said = words.usage(f"option.{name}", language)
    with suppress(KeyError):  # most say the same in every command
        said = words.usage(f"option.{context.command.name}.{name}", language)
    stated = option.get_help_extra(context)
    facts = {"default": stated.get("default"), "range": stated.get("range")}
    for note in ("required", "range", "default"):
        if note in stated:
            said = words.usage("note", language, text=said, note=words.usage(f"note.{note}", language, **facts))
            break
    return f"{', '.join(option.opts)} {_value(option, language)}".rstrip(), said


def _commands(context: click.Context) -> list[tuple[str, str]]:
    known = context.command.commands if isinstance(context.command, click.Group) else {}
    return [(name, _about(command, context.obj).partition("\n")[0]) for name, command in known.items()]


def _named(argument: click.Argument, language: Language) -> str:
    name = _value(argument, language)
    return (name if argument.required else f"[{name}]") + ("..." if argument.nargs != 1 else "")


def _value(parameter: click.Parameter, language: Language) -> str:
    """What stands for a value: the words to choose from, or those for the kinds it can be of."""
    if isinstance(parameter.type, click.Choice):
        return f"[{'|'.join(parameter.type.choices)}]"
    kinds = parameter.metavar.split("|") if parameter.metavar else ()
    return "|".join(words.usage(f"value.{kind}", language) for kind in kinds)


# --- lines ----------------------------------------------------------------------------------------------------


def _text(text: str, width: int) -> Iterator[str]:
    """The paragraphs of a text, each a line of its own in the catalogue; examples stay as they are."""
    for line in ("", *text.split("\n")):
        if not line or line.startswith("  "):
            yield line
        else:
            yield from (f"  {piece}" for piece in _wrap(line, width - 2))


def _list(rows: Sequence[tuple[str, str]], width: int) -> Iterator[str]:
    """Names on the left, what they are on the right."""
    left = min(max(_columns(name) for name, _ in rows), _LEFT) + 2
    for name, said in rows:
        short = _columns(name) <= left - 2
        if not short:
            yield f"  {name}"
        head = f"  {name}" + " " * (left - _columns(name)) if short else " " * (left + 2)
        for line in _wrap(said, width - left - 2):
            yield head + line
            head = " " * (left + 2)


def _wrap(text: str, width: int) -> list[str]:
    """Lines of at most so many columns, of which a Chinese character takes two."""
    lines = [""]
    for piece in re.findall(_PIECE, text):
        if lines[-1] and _columns(lines[-1] + piece) > width:
            lines.append(piece.lstrip())
        else:
            lines[-1] += piece
    return lines


def _columns(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
