"""The journal itself."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parom.cli.spoken import words

if TYPE_CHECKING:
    from parom.journal.anchor import Anchor


@click.group()
def journal() -> None:
    """Look at the journal."""


@journal.command()
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    metavar="NUMBER:DIGEST",
    help="What a report or a notice says of the journal; may be given again.",
)
@click.option("--json", "as_json", is_flag=True, help="JSON.")
@click.pass_obj
def verify(config_path: Path, anchors: Sequence[str], as_json: bool) -> int:
    """Find the first event that was altered, removed or inserted."""
    from parom.config.reading import read
    from parom.journal.opening import open_existing

    given, state = _read_all(anchors), read(config_path).state
    open_existing(state)
    from parom.errors import engine as errors
    from parom.journal import chain
    from parom.journal.anchor import anchor_text, short
    from parom.journal.run_rows import altered_run
    from parom.report.anchors import anchors_in

    broken = chain.verify([*given, *anchors_in(state)]) or altered_run()
    if broken is not None:
        raise errors.journal_altered(broken.number, broken.why)
    end = chain.end()
    last = anchor_text(end.number, end.digest)
    whole = words().count("{number} event: whole", "{number} events: whole", end.number)
    if as_json:
        click.echo(json.dumps({"events": end.number, "whole": True, "anchor": last}))
    else:
        click.echo(whole)
        click.echo(words().say("Journal up to here: {anchor}", anchor=short(last)))
    return 0


def _read_all(texts: Sequence[str]) -> list[Anchor]:
    """Raises `journal.no-anchor`."""
    from parom.errors import engine as errors
    from parom.journal.anchor import anchor_of

    found = []
    for text in texts:
        anchor = anchor_of(text)
        if anchor is None:
            raise errors.no_anchor(text)
        found.append(anchor)
    return found
