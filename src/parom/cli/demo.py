"""The demonstration."""

from __future__ import annotations

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
def demo(folder: Path, hrhelper: Path) -> None:
    """Show it: HR Helper in production under load goes to r2, and comes back from r3."""
    from parom.demo.play import play

    play(folder.absolute(), hrhelper.absolute())
