"""Past runs."""

from __future__ import annotations

import json
from pathlib import Path

import click

as_json = click.option("--json", "as_json", is_flag=True, help="JSON.")


@click.command()
@click.option(
    "--last", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many."
)
@as_json
@click.pass_obj
def history(config_path: Path, last: int, as_json: bool) -> None:
    """List runs, the newest first."""
    from parom.config.reading import read
    from parom.journal.opening import open_existing

    config = read(config_path)
    open_existing(config.state)
    from parom.journal.models import Run

    runs = [
        {
            "run": run.id,
            "kind": run.kind,
            "asked": run.asked,
            "who": run.who,
            "started": run.started.isoformat(timespec="seconds"),
            "release": run.plan["release_id"],
            "outcome": run.outcome or run.state,
            "exit_code": run.exit_code,
        }
        for run in Run.objects.order_by("-started")[:last]
    ]
    if as_json:
        click.echo(json.dumps(runs, ensure_ascii=False))
        return
    for one in runs:
        click.echo(f"{one['started'][:19]}  {one['run']}  {one['kind']:9} {one['outcome']}")
        click.echo(f"    {one['asked']} by {one['who']}, release {one['release']}")


@click.command()
@click.argument("run_id", default="")
@as_json
@click.pass_obj
def report(config_path: Path, run_id: str, as_json: bool) -> None:
    """Show one run (the last by default), step by step, from the journal."""
    from parom.cli.ending import ending_of, told_events, words_of
    from parom.cli.lines import line_of
    from parom.config.reading import read
    from parom.errors import engine as errors
    from parom.journal.opening import open_existing

    config = read(config_path)
    open_existing(config.state)
    from parom.journal.models import Event, Run
    from parom.plan.plan import Plan

    runs = Run.objects.order_by("-started")
    run = (runs.filter(id=run_id) if run_id else runs).first()
    if run is None:
        raise errors.unknown_run(run_id, tuple(runs.values_list("id", flat=True)[:3]))
    events = told_events(Event.objects.filter(run_id=run.id).order_by("number"))
    for told in events:
        if as_json:
            click.echo(json.dumps(told.__dict__, ensure_ascii=False))
        elif line := line_of(told):
            click.echo(line)
    if run.exit_code is not None and not as_json:
        plan = Plan.from_record(run.plan)
        click.echo(words_of(ending_of(plan, run.outcome, run.exit_code, events)))
