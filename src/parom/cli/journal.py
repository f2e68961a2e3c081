"""The journal itself."""

from __future__ import annotations

import json
from pathlib import Path

import click

from parom.cli.spoken import words


@click.group()
def journal() -> None:
    """Look at the journal."""


@journal.command()
@click.option("--json", "as_json", is_flag=True, help="JSON.")
@click.pass_obj
def verify(config_path: Path, as_json: bool) -> int:
    """Find the first event that was altered, removed or inserted."""
    from parom.config.reading import read
    from parom.journal.opening import open_existing

    open_existing(read(config_path).state)
    from parom.errors import engine as errors
    from parom.journal import chain
    from parom.journal.models import Event

    broken = chain.verify()
    if broken is not None:
        raise errors.journal_altered(broken.number, broken.why)
    count = Event.objects.count()
    whole = words().count("{number} event: whole", "{number} events: whole", count)
    click.echo(json.dumps({"events": count, "whole": True}) if as_json else whole)
    return 0
