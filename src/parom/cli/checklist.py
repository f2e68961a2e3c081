"""The checklists of a run, and a person's word for what nothing measured."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parom.cli.spoken import words

if TYPE_CHECKING:
    from parom.config.model import Config
    from parom.journal.models import Run

as_json = click.option("--json", "as_json", is_flag=True, help="JSON.")
_LONGEST_NOTE = 500
_SIGNS = {
    "done": "✓", "vouched for": "✓", "not needed": "–", "failed": "✗", "taken back": "↩",
    "not reached": "·",
}  # fmt: skip


@click.group(invoke_without_command=True)
@click.pass_context
def checklist(context: click.Context) -> None:
    """The checklists of a run: preparation, cutover, after."""
    if context.invoked_subcommand is None:
        context.invoke(show)


@checklist.command()
@click.argument("run_id", default="")
@as_json
@click.pass_obj
def show(config_path: Path, run_id: str = "", as_json: bool = False) -> None:
    """Show each item with what it rests on (of the last run by default)."""
    run, config = _opened(config_path, run_id)
    _show(run, config, as_json=as_json)


@checklist.command()
@click.argument("item")
@click.option("--run", "run_id", default="", help="The run; the last by default.")
@click.option("--note", default="", help="What you looked at.")
@as_json
@click.pass_obj
def vouch(config_path: Path, item: str, run_id: str, note: str, as_json: bool) -> None:
    """Vouch for ITEM with your name: for what nothing measured and you have looked at."""
    run, config = _opened(config_path, run_id)
    from parom.engine import vouching

    vouching.vouch(config, run, item, note.strip()[:_LONGEST_NOTE])
    _show(run, config, as_json=as_json)


def _opened(config_path: Path, run_id: str) -> tuple[Run, Config]:
    from parom.cli.report import run_named
    from parom.config.reading import read
    from parom.journal.opening import open_existing

    config = read(config_path)
    open_existing(config.state)
    return run_named(run_id), config


def _show(run: Run, config: Config, *, as_json: bool) -> None:
    from parom.cli.report import derived
    from parom.report.pages.checklists import detail_of, item_title, list_title, mark_said
    from parom.report.pages.reader import Reader
    from parom.report.reading import zone_of

    lists = derived(run, config).checklists
    if as_json:
        told = {"run": run.id, "checklists": [asdict(one) for one in lists]}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    reader = Reader(words(), zone_of(config))
    click.echo(run.id)
    for one in lists:
        click.echo(f"\n{list_title(one.id, reader)}")
        for item in one.items:
            sign = _SIGNS.get(item.mark.value, "?")
            said = f"{item_title(item.id, reader)}: {mark_said(item.mark, reader)}"
            detail = detail_of(item, reader)
            click.echo(f"  {sign} {said}" + (f"\n      {detail}" if detail else ""))
