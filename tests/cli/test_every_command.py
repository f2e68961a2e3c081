"""What holds for all commands."""

from __future__ import annotations

import click
import pytest

from parom.cli.main import parom


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> dict[str, click.Command]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        found: dict[str, click.Command] = {}
        for name in command.list_commands(context):
            one = command.get_command(context, name)
            assert one is not None
            found |= leaves(one, (*path, name))
        return found
    return {" ".join(path): command}


COMMANDS = leaves(parom)


@pytest.mark.parametrize("name", COMMANDS)
def test_it_speaks_to_scripts_as_well(name: str) -> None:
    """A script need not read sentences."""
    assert any("--json" in one.opts for one in COMMANDS[name].params)


@pytest.mark.parametrize("name", COMMANDS)
def test_it_says_what_it_is_for(name: str) -> None:
    """`--help` is read before the manual is."""
    assert COMMANDS[name].help
