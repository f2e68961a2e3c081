"""What runs now, and what the last run came to. Reads the journal and nothing else."""

from __future__ import annotations

import json
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from parom.cli.spoken import words as spoken_words
from parom.config.file import text_of
from parom.errors import config as config_errors
from parom.errors import engine as errors
from parom.words.language import Words


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option("--follow", "-f", "following", is_flag=True, help="Follow the run that is at work.")
@click.pass_obj
def status(config_path: Path, as_json: bool, following: bool) -> int:
    """Say what is installed, what runs, and what waits for a person."""
    root, environment = _where(config_path)
    state = root / ".parom"
    from parom.journal.opening import open_existing

    open_existing(state)
    from parom.journal.lease import lock_is_taken
    from parom.journal.record import environments, last_accepted, steps_of, unfinished

    known = environments()
    if known and environment not in known:
        raise errors.other_environment(environment, known, str(root))
    run, accepted = unfinished(environment), last_accepted(environment)
    at_work = lock_is_taken(state)
    if following and run is not None and at_work:
        from parom.cli.follow import follow

        return follow(run.id, state, None, as_json=as_json)
    now: dict[str, Any] = {
        "environment": environment,
        "release": accepted.plan["release_id"] if accepted else None,
        "since": accepted.started.isoformat() if accepted else None,
        "state": "idle",
    }
    if run is not None:
        begun = list(steps_of(run.id))
        now |= {
            "state": "at work" if at_work else ("held" if run.state == "held" else "interrupted"),
            "run": run.id,
            "who": run.who,
            "started": run.started.isoformat(),
            "direction": run.direction,
            "step": begun[-1] if begun else "",
        }
    now["day"] = _day(state)
    click.echo(json.dumps(now) if as_json else _said(now, spoken_words()))
    return 0


def _day(state: Path) -> dict[str, Any] | None:
    """The watch of the day; None where there is none."""
    from parom.day.order import open_order
    from parom.day.watcher import watcher_of

    order = open_order(state)
    if order is None:
        return None
    until = datetime.fromtimestamp(order.until, UTC).isoformat(timespec="seconds")
    return {"run": order.run_id, "until": until, "at_work": watcher_of(state) is not None}


def _where(config_path: Path) -> tuple[Path, str]:
    """Root and environment, without the cost of checking the whole configuration."""
    text = text_of(config_path)
    try:
        project = tomllib.loads(text)["project"]
        root = Path(project["root"]).expanduser()
        return (config_path.parent / root).resolve(), project.get("environment", "production")
    except tomllib.TOMLDecodeError as problem:
        raise config_errors.syntax(config_path, problem) from None
    except (KeyError, TypeError):
        raise config_errors.invalid(config_path, [config_errors.required("project.root")]) from None


def _said(now: dict[str, Any], words: Words) -> str:
    release = now["release"] or words.say("no release accepted yet")
    lines = [f"{now['environment']}: {release}"]
    match now["state"]:
        case "idle":
            lines.append(words.say("nothing is at work"))
        case "at work":
            lines.append(
                words.say(
                    "{who} is at work since {since}: {run}, {step} ({direction}). "
                    "`parom status -f` follows it.",
                    who=now["who"],
                    since=now["started"][:19],
                    run=now["run"],
                    step=now["step"],
                    direction=_way(now["direction"], words),
                )
            )
        case _:
            state = words.say("held") if now["state"] == "held" else words.say("interrupted")
            lines.append(
                words.say(
                    "run {run} is {state} in {step}. "
                    "`parom resume` carries it on, `parom rollback` takes it back.",
                    run=now["run"],
                    state=state,
                    step=now["step"],
                )
            )
    if now["day"] is not None:
        lines.append(_of_day(now["day"], words, at_work=now["state"] == "at work"))
    return "\n".join(lines)


def _way(direction: str, words: Words) -> str:
    match direction:
        case "forward":
            return words.say("forward")
        case "back":
            return words.say("back")
    return direction


def _of_day(day: dict[str, Any], words: Words, *, at_work: bool) -> str:
    until = f"{datetime.fromisoformat(day['until']).astimezone():%d.%m. %H:%M}"
    if day["at_work"]:
        return words.say(
            "watched until {time}, after the deployment {run}", time=until, run=day["run"]
        )
    if at_work:
        return words.say("to be watched until {time}; the run goes first", time=until)
    return words.say(
        "to be watched until {time}, and nobody does: `parom services start` begins it again",
        time=until,
    )
