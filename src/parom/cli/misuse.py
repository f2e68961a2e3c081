"""What click found wrong with a command, as a text that can be said in any language."""

from __future__ import annotations

import re
from collections.abc import Iterable

import click

from parom.words.said import either, joined, said

_IN_BRACKETS = re.compile(r"\((?P<arguments>.*)\)")


def told(wrong: click.ClickException) -> str:
    """Without a full stop."""
    match wrong:
        case click.NoSuchOption(option_name=name, possibilities=near):
            return _with(said("No such option: {name}", name=name), near)
        case click.NoSuchCommand(command_name=name, possibilities=near):
            return _with(said("No such command: {name}", name=name), near)
        case click.MissingParameter():
            return said("{name} is missing", name=_named(wrong))
        case click.BadParameter():
            return _bad_value(wrong)
        case click.BadOptionUsage(option_name=name):
            return said("{name} lacks its value, or was given one that it does not take", name=name)
        case click.UsageError(ctx=click.Context() as context):
            is_group = isinstance(context.command, click.Group)
            return said("A command is missing") if is_group else _too_many(wrong)
    return wrong.format_message().rstrip(".")


def _bad_value(wrong: click.BadParameter) -> str:
    name, kind = _named(wrong), wrong.param.type if wrong.param else None
    match kind:
        case click.Choice():
            choices = either([str(one) for one in kind.choices])
            return said("{name} must be {choices}", name=name, choices=choices)
        case click.IntRange():
            return said(
                "{name} must be a whole number from {least} to {most}",
                name=name,
                least=kind.min,
                most=kind.max,
            )
        case click.FloatRange():
            return said(
                "{name} must be a number from {least} to {most}",
                name=name,
                least=kind.min,
                most=kind.max,
            )
        case click.Path(file_okay=False):
            return said("{name} must be a folder that you may read", name=name)
        case click.Path():
            return said("{name} must be a file that you may read", name=name)
    return said("{name} has a value that it cannot have", name=name)


def _named(wrong: click.BadParameter) -> str:
    """The option or the argument, as the help page writes it."""
    parameter = wrong.param
    if parameter is None:
        return str(wrong.param_hint or "")
    if isinstance(parameter, click.Option):
        return " / ".join(parameter.opts)
    return parameter.human_readable_name


def _too_many(wrong: click.ClickException) -> str:
    found = _IN_BRACKETS.search(wrong.message)
    arguments = found["arguments"] if found else wrong.message
    return said("Got more arguments than it takes: {arguments}", arguments=arguments)


def _with(problem: str, near: Iterable[str] | None) -> str:
    names = either(sorted(near or ()))
    return (
        joined([problem, said(" (did you mean {names}?)", names=names)], "") if names else problem
    )
