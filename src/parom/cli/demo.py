"""The demonstration."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from parom.cli.spoken import words

if TYPE_CHECKING:
    from parom.demo.stage import DatabaseKind


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("var/demo"),
    show_default=True,
    help="Where everything of the demonstration goes; what was there is replaced.",
)
@click.option(
    "--hrhelper",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("hrhelper"),
    show_default=True,
    help="HR Helper's source tree.",
)
@click.option(
    "--database",
    type=click.Choice(["sqlite", "postgresql"]),
    default="sqlite",
    show_default=True,
    help="What the production runs on; postgresql starts a server of its own.",
)
@click.option("--json", "as_json", is_flag=True, help="Only the summary, as JSON.")
def demo(folder: Path, hrhelper: Path, database: DatabaseKind, as_json: bool) -> None:
    """Show it: HR Helper in production under load goes to r2, and comes back from r3."""
    from parom.demo.play import play

    # So that all that was started ends also where this is ended.
    for one in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, _end)
    with _told_on_stderr() if as_json else nullcontext():
        play(folder.absolute(), hrhelper.absolute(), database, words())
    if as_json:
        click.echo((folder / "summary.json").read_text("utf-8"))


def _end(number: int, _frame: object) -> NoReturn:
    sys.exit(128 + number)


@contextmanager
def _told_on_stderr() -> Iterator[None]:
    """What this process and those that it starts say goes to standard error."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)
