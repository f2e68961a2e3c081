"""The maintenance page by hand, and the services after a reboot."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parom.cli.spoken import words
from parom.words.said import said

if TYPE_CHECKING:
    from parom.facts import ServiceStatus
    from parom.steps.step import Installation


as_json = click.option("--json", "as_json", is_flag=True, help="JSON.")


@click.group()
def maintenance() -> None:
    """Show or take away the maintenance page."""


@maintenance.command("on")
@as_json
@click.pass_obj
def maintenance_on(config_path: Path, as_json: bool) -> None:
    """The public sees 503 with Retry-After; workers and schedulers go on."""
    installation = _alone(config_path)
    installation.gateway.close()
    _refuse_unread_flag(installation)
    _say(installation, words().say("The public sees the maintenance page."), as_json=as_json)


@maintenance.command("off")
@as_json
@click.pass_obj
def maintenance_off(config_path: Path, as_json: bool) -> None:
    """The public is let in again."""
    installation = _alone(config_path)
    installation.gateway.open(None)
    installation.services.start_web()
    installation.gateway.settle()
    _say(installation, words().say("The public is let in."), as_json=as_json)


def _refuse_unread_flag(installation: Installation) -> None:
    """A flag that nobody looks at keeps nobody out. A proxy in front is not to be seen from
    here: where it shows the page, there is no stand-in."""
    from parom.checks.probe import probe
    from parom.errors import gateway as errors

    gateway = installation.config.gateway
    if gateway.type != "flag" or not gateway.stand_in:
        return
    answer = probe(installation.gateway.public_url(), headers={}, limit_s=10)
    if answer.status is not None and answer.status != 503:
        raise errors.flag_not_read(str(installation.config.flag_path), answer.url, answer.status)


@click.group()
def services() -> None:
    """The application's services."""


@services.command()
@as_json
@click.pass_obj
def start(config_path: Path, as_json: bool) -> None:
    """Start all services of the release that is current, as after a reboot.

    A run that waits after its opening is still to be carried on: `parom resume`.
    """
    installation = _alone(config_path, also_after_opening=True)
    installation.services.start_background()
    installation.gateway.open(None)
    installation.services.start_web()
    installation.gateway.settle()
    _say(installation, words().say("All services run."), as_json=as_json)


@services.command()
@as_json
@click.pass_obj
def stop(config_path: Path, as_json: bool) -> None:
    """Stop all services; the public sees the maintenance page."""
    installation = _alone(config_path)
    installation.gateway.close()
    installation.services.stop()
    _say(installation, words().say("All services are stopped."), as_json=as_json)


@services.command()
@as_json
@click.pass_obj
def end(config_path: Path, as_json: bool) -> None:
    """Stop all services and what Parom itself runs for them; nobody listens any more."""
    from parom.wiring import end_everything

    installation = _alone(config_path)
    # The journal's tables can be imported only once it is open.
    from parom.day.keeping import end as end_day
    from parom.environment import proxies_here

    why = said("`parom services end` ended everything")
    end_day(installation.config, why, proxies_here())
    end_everything(installation.config)
    told = words().say(
        "Nothing of this installation runs any more; `parom services start` starts it."
    )
    _say(installation, told, as_json=as_json)


@services.command("list")
@as_json
@click.pass_obj
def list_services(config_path: Path, as_json: bool) -> None:
    """Each service now, judged by its processes."""
    from parom.config.reading import read
    from parom.wiring import installation_of

    found = installation_of(read(config_path)).services.status()
    if as_json:
        click.echo(json.dumps(_plain(found)))
        return
    for one in found:
        told = one.detail or ", ".join(map(str, one.pids))
        click.echo(f"{one.name:12} {words().say(one.state):8} {told}".rstrip())


def _plain(found: Iterable[ServiceStatus]) -> list[dict[str, Any]]:
    return [{"name": one.name, "state": one.state, "pids": one.pids} for one in found]


def _say(installation: Installation, told: str, *, as_json: bool) -> None:
    """What was done: in words, or as the state in which it left everything. What a reboot has
    ended of the day's watch goes on."""
    from parom.day.keeping import settle
    from parom.environment import proxies_here

    settle(installation.config, proxies_here())
    if not as_json:
        click.echo(told)
        return
    state = installation.gateway.state().value
    record = {"gateway": state, "services": _plain(installation.services.status())}
    click.echo(json.dumps(record))


def _alone(config_path: Path, *, also_after_opening: bool = False) -> Installation:
    """The installation, under its lock and with no run that waits.

    A run that died before it touched production is taken back.
    """
    from parom.config.reading import read
    from parom.journal.opening import open_existing, open_journal

    config = read(config_path)
    in_place = config.project.layout == "in-place"
    if in_place and (config.project.root / config.project.manage).is_file():
        # It is somebody's installation already, also before Parom has deployed anything to it.
        open_journal(config.state)
    else:
        open_existing(config.state)
    from parom.cli.deploy import refuse_other_environment
    from parom.engine.authorise import authorise
    from parom.engine.requests import (
        clear_unfinished_preparation,
        refuse_unfinished,
        waits_after_opening,
    )
    from parom.journal.lease import begin_epoch, take_lock
    from parom.wiring import installation_of

    refuse_other_environment(config)
    who = authorise(config, "change what runs")
    take_lock(config.state, config.project.environment)
    begin_epoch(config.project.environment, "by hand", who, os.getpid())
    installation = installation_of(config)
    clear_unfinished_preparation(installation)
    if not (also_after_opening and waits_after_opening(config)):
        refuse_unfinished(config)
    return installation
