"""The reference says what the code says."""

from __future__ import annotations

import re
from pathlib import Path

from parom.cli.main import parom
from parom.errors import ExitCode

TEXT = (Path(__file__).parents[1] / "docs/reference/README.md").read_text("utf-8")


def test_every_command_is_in_the_reference_and_exists() -> None:
    """A command that nobody can find is not there; one that is not there must not be told of."""
    named = set(re.findall(r"`parom ([a-z]+)", TEXT))
    known = set(parom.list_commands(None))  # type: ignore[arg-type]  # it needs no context
    assert known == named - {"COMMAND"}


def test_every_command_loads() -> None:
    """Commands are imported when they are used: a broken one would hide until then."""
    for name in parom.list_commands(None):  # type: ignore[arg-type]
        assert parom.get_command(None, name)  # type: ignore[arg-type]


def test_exit_codes_are_those_of_the_table() -> None:
    """Scripts rest on them."""
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE)}
    assert told == {int(code) for code in ExitCode}
