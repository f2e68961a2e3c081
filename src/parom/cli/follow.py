"""Follows a run through the journal: the same events for the live view, lines and JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parom.cli.ending import ending_of, told_events, words_of
from parom.cli.spoken import words
from parom.errors import ExitCode
from parom.errors import engine as errors
from parom.journal.lease import lock_is_taken
from parom.journal.models import Event, Run
from parom.journal.record import steps_of
from parom.journal.told import Told
from parom.plan.plan import Plan
from parom.words.said import in_words, without_parts

if TYPE_CHECKING:
    from parom.engine.launch import Engine

_EVERY_S = 0.1


def events_of(run_id: str, state: Path, process: Engine | None) -> Iterator[Told]:
    """Events of a run as they come, until it is finished, held, or its engine is gone."""
    last = 0
    while True:
        ended = process.poll() is not None if process else not lock_is_taken(state)
        for event in Event.objects.filter(run_id=run_id, number__gt=last).order_by("number"):
            last = event.number
            yield Told(event.at, event.kind, event.step, json.loads(event.data))
        if ended:
            return
        time.sleep(_EVERY_S)


def follow(run_id: str, state: Path, process: Engine | None, *, as_json: bool) -> int:
    """Show a run until its end; its exit code. Ctrl-C stops following, not the run."""
    try:
        if as_json:
            for told in events_of(run_id, state, process):
                click.echo(as_json_line(told))
        elif sys.stdout.isatty():
            from parom.cli.live import show_live

            show_live(run_id, state, events_of(run_id, state, process))
        else:
            from parom.cli.lines import line_of

            said = words()
            for told in events_of(run_id, state, process):
                line = line_of(told, said)
                if line:
                    click.echo(line)
    except KeyboardInterrupt:
        click.echo(
            words().say(
                "\nNo longer followed; the run goes on. "
                "`parom status -f` follows, `parom abort` ends it."
            )
        )
        return 130
    return _ended(run_id, state, as_json=as_json)


def as_json_line(told: Told) -> str:
    """An event for programs, on one line."""
    return json.dumps({**told.__dict__, "data": without_parts(told.data)}, ensure_ascii=False)


def _ended(run_id: str, state: Path, *, as_json: bool) -> int:
    """Say how the run ended; its exit code."""
    run = Run.objects.get(id=run_id)
    if run.exit_code is None:
        _say_interrupted(run_id, as_json=as_json)
        return ExitCode.NEEDS_PERSON
    events = told_events(Event.objects.filter(run_id=run_id).order_by("number"))
    plan = Plan.from_record(run.plan)
    if as_json:
        _tell_ending(ending_of(plan, run.outcome, run.exit_code, events).as_record())
    else:
        said = words()
        click.echo(words_of(ending_of(plan, run.outcome, run.exit_code, events, said), said))
        left = state / "runs" / run_id / "report.html"
        if left.exists():
            click.echo(said.say("  read:  {file}", file=left))
    return run.exit_code


def _say_interrupted(run_id: str, *, as_json: bool) -> None:
    step = next(reversed(steps_of(run_id)), "")
    problem = errors.interrupted(run_id, step)
    if as_json:
        _tell_ending({"error": problem.as_record()})
    else:
        said = words()
        click.secho(f"✗ {in_words(problem.fact, said)}", fg="red", err=True)
        click.echo(f"  {in_words(problem.cure, said)}", err=True)


def _tell_ending(data: dict[str, Any]) -> None:
    """In the shape of an event, though the journal does not have it: it is made of the others."""
    told = Told(datetime.now(UTC).isoformat(), "ending", "", data)
    click.echo(as_json_line(told))
