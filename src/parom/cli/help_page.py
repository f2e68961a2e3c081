"""Help pages in the reader's language. They are written in English, where the commands are."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator

import click

from parom.cli.spoken import words

_COMMANDS = "Commands"
_OF_CLICK = re.compile(r"(?P<meaning>.*?)(?:(?:  |^)\[default: (?P<default>.*)\])?", re.DOTALL)
_PARAGRAPHS = re.compile(r"\n\s*\n")
_PLACES = ("[OPTIONS]", "COMMAND [ARGS]...")


class Page(click.HelpFormatter):
    """Translates what the command and click have to say, before it is broken into lines."""

    _heading = ""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        said = words()
        for place in _PLACES:
            args = args.replace(place, said.say(place))
        super().write_usage(prog, args, prefix or said.say("Usage: "))

    def write_heading(self, heading: str) -> None:
        self._heading = heading
        super().write_heading(words().say(heading))

    def write_text(self, text: str) -> None:
        said = words()
        super().write_text("\n\n".join(said.say(one) for one in paragraphs_of(text)))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        told = _shortly if self._heading == _COMMANDS else _meaning
        super().write_dl([(name, told(text)) for name, text in rows], col_max, col_spacing)


class Speaking(click.Context):
    """A command's context, with such pages."""

    formatter_class = Page


def speaking(command: click.Command) -> click.Command:
    """The command, and all below it, with such pages."""
    command.context_class = Speaking
    # Click would cut the English text to the width of the screen.
    command.short_help = next(paragraphs_of(command.help or ""), "")
    if isinstance(command, click.Group):
        for one in command.commands.values():
            speaking(one)
    return command


def paragraphs_of(text: str) -> Iterator[str]:
    """What is translated as a whole, on one line each."""
    for one in _PARAGRAPHS.split(inspect.cleandoc(text)):
        if one.strip():
            yield " ".join(one.split())


def meaning_of(text: str) -> tuple[str, str]:
    """An option's meaning, and the default that click adds; empty where it does not."""
    found = _OF_CLICK.fullmatch(text)
    return (found["meaning"], found["default"] or "") if found else (text, "")


def _meaning(text: str) -> str:
    said = words()
    meaning, default = meaning_of(text)
    shown = said.say("[default: {value}]", value=default) if default else ""
    return "  ".join(one for one in (said.say(meaning), shown) if one)


def _shortly(text: str) -> str:
    """The first sentence: what comes after it is on the command's own page."""
    return words().say(text).partition(". ")[0].rstrip(".")
