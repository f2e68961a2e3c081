"""The demonstration."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click


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
@click.option("--json", "as_json", is_flag=True, help="Only the summary, as JSON.")
def demo(folder: Path, hrhelper: Path, as_json: bool) -> None:
    """Show it: HR Helper in production under load goes to r2, and comes back from r3."""
    from parom.demo.play import play

    if not as_json:
        play(folder.absolute(), hrhelper.absolute())
        return
    with _told_on_stderr():
        play(folder.absolute(), hrhelper.absolute())
    click.echo((folder / "summary.json").read_text("utf-8"))


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
