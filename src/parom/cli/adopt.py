"""From an installation in one folder to one with releases."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from parom.cli.spoken import words
from parom.words.said import said


@click.command()
@click.option("--back", is_flag=True, help="Put everything back to where it was.")
@click.option("--json", "as_json", is_flag=True, help="JSON.")
@click.pass_obj
def adopt(config_path: Path, back: bool, as_json: bool) -> None:
    """Move an in-place installation into releases/, shared/ and current.

    The services are stopped meanwhile and the public sees the maintenance page. parom.toml
    is changed to match. Interrupted, it is carried on by calling it again.
    """
    from parom.adapters.layouts.adopt import LEFT
    from parom.config.reading import read
    from parom.journal.opening import open_journal

    config = read(config_path)
    open_journal(config.state)
    from parom.cli.deploy import refuse_other_environment
    from parom.day.keeping import end as end_day
    from parom.engine.adopting import come_back, go_over
    from parom.engine.authorise import authorise
    from parom.engine.requests import refuse_unfinished
    from parom.environment import proxies_here
    from parom.journal.lease import begin_epoch, take_lock

    refuse_other_environment(config)
    who = authorise(config, "change the layout")
    take_lock(config.state, config.project.environment)
    begin_epoch(config.project.environment, "adopt", who, os.getpid())
    refuse_unfinished(config)
    end_day(config, said("`parom adopt` moved the installation"), proxies_here())
    if back:
        come_back(config_path)
        left = config.state / LEFT
        if as_json:
            kept = str(left) if left.exists() else None
            click.echo(json.dumps({"layout": "in-place", "release": None, "left": kept}))
            return
        click.echo(
            words().say(
                "{root} is as it was, and {config} too.",
                root=config.project.root,
                config=config_path,
            )
        )
        if left.exists():
            click.echo(words().say("What was deployed in between lies in {folder}.", folder=left))
        return
    release = go_over(config_path)
    if as_json:
        click.echo(json.dumps({"layout": "releases", "release": release, "left": None}))
        return
    click.echo(
        words().say(
            "{root} has releases now; {release} runs.\n"
            "{config} was changed to match. Whatever starts the services at boot, calls "
            "manage.py or backs up by path must use {root}/current and /shared.\n"
            "`parom adopt --back` undoes it, unless another release runs.",
            root=config.project.root,
            release=release,
            config=config_path,
        )
    )
