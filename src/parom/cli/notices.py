"""Notices: what waits, what was delivered, and whether the places can be reached."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parom.cli.spoken import words
from parom.errors import notices as errors
from parom.words.said import in_words, recorded, without_parts

if TYPE_CHECKING:
    from parom.config.model import Config

_LATEST = 20

as_json = click.option("--json", "as_json", is_flag=True, help="JSON.")


@click.group()
def notices() -> None:
    """What people are told about runs."""


@notices.command("list")
@click.option(
    "--last",
    type=click.IntRange(1, 10_000),
    metavar="N",
    default=_LATEST,
    show_default=True,
    help="How many.",
)
@as_json
@click.pass_obj
def list_(config_path: Path, last: int, as_json: bool) -> None:
    """List what waits to be delivered, and what was delivered last."""
    from parom.config.reading import read
    from parom.journal.opening import open_existing

    open_existing(read(config_path).state)
    from parom.journal import outbox

    letters = [_described(one) for one in outbox.latest(last)]
    if as_json:
        click.echo(json.dumps(letters, ensure_ascii=False))
        return
    if not letters:
        click.echo(words().say("Nobody was told anything yet."))
    for one in letters:
        state = words().say(one["state"])
        click.echo(f"{one['since'][:19]}  {state:9}  {one['place']}: {one['title']}")
        if one["problem"]:
            attempts = words().count("({number} attempt)", "({number} attempts)", one["attempts"])
            click.echo(f"    {in_words(one['problem'], words())} {attempts}")


@notices.command()
@as_json
@click.pass_obj
def send(config_path: Path, as_json: bool) -> int:
    """Deliver now what waits, without waiting for its hour."""
    config = _with_places(config_path)
    from parom.journal.opening import open_existing

    open_existing(config.state)
    from parom.courier.sending import send_now

    left = send_now(config)
    if left:
        raise errors.not_all_delivered(left)
    click.echo(json.dumps({"waiting": 0}) if as_json else words().say("Nothing waits any more."))
    return 0


@notices.command()
@as_json
@click.pass_obj
def test(config_path: Path, as_json: bool) -> int:
    """Send a trial message to every place, and say which it reached."""
    config = _with_places(config_path)
    from parom.courier.trial import try_all

    results = try_all(config)
    told = [
        {"place": place, "error": without_parts(problem.as_record()) if problem else None}
        for place, problem in results.items()
    ]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        for place, problem in results.items():
            fact = in_words(problem.fact, words()) if problem else ""
            click.echo(f"✗ {place}: {fact}" if problem else f"✓ {place}")
    failed = [place for place, problem in results.items() if problem]
    if failed and not as_json:
        raise errors.trial_failed(failed)
    return 10 if failed else 0


def _with_places(config_path: Path) -> Config:
    """Raises `notices.nowhere` where parom.toml names none."""
    from parom.config.reading import read

    config = read(config_path)
    if not config.notices.go_somewhere:
        raise errors.nothing_configured()
    return config


def _described(letter: Any) -> dict[str, Any]:
    state = "waiting"
    if letter.is_given_up:
        state = "given up"
    elif letter.delivered_revision == letter.revision:
        state = "delivered"
    return {
        "run": letter.run_id,
        "topic": letter.topic,
        "place": letter.place,
        "title": letter.message["title"] or ", ".join(letter.message["lines"][:1]),
        "state": state,
        "since": letter.queued.isoformat(timespec="seconds"),
        "delivered": letter.delivered.isoformat(timespec="seconds") if letter.delivered else None,
        "next": letter.due.isoformat(timespec="seconds") if state == "waiting" else None,
        "attempts": letter.attempts,
        "problem": _problem(letter) if letter.problem else "",
    }


def _problem(letter: Any) -> str:
    """Of the last attempt, as the journal can say it in any language."""
    from parom.journal.models import Event

    failed = Event.objects.filter(run_id=letter.run_id, kind="notice-failed").order_by("-number")
    for event in failed[:_LATEST]:
        data = json.loads(event.data)
        if (data["topic"], data["place"]) == (letter.topic, letter.place):
            return recorded(data["error"], "fact")
    return str(letter.problem)
