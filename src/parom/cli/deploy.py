"""Commands that start, carry on, take back or end a run."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from parom.cli.spoken import words
from parom.errors import engine as errors
from parom.errors import source as source_errors

if TYPE_CHECKING:
    from parom.config.model import Config
    from parom.steps.step import Installation

_LONGEST_REASON = 500

as_json = click.option("--json", "as_json", is_flag=True, help="Events as JSON, one a line.")
detach = click.option("--detach", is_flag=True, help="Start it and return at once.")


@click.command()
@click.argument("ref", default="")
@click.option(
    "--at",
    type=click.Choice(["next-window"]),
    help="Prepare now, and stop the services when the next window opens.",
)
@click.option("--reason", default="", help="Why now: the reserve and an override need it.")
@click.option("--override", is_flag=True, help="Also in the hours to avoid, if you may.")
@detach
@as_json
@click.pass_obj
def deploy(
    config_path: Path,
    ref: str,
    at: str | None,
    reason: str,
    override: bool,
    detach: bool,
    as_json: bool,
) -> int:
    """Take REF (a branch, tag or commit; the default is source.ref) to this installation."""

    def request(installation: Installation) -> str:
        from parom.engine.authorise import authorise_override
        from parom.engine.identity import person
        from parom.engine.requests import Wish, request_deploy

        who, wish = person(), Wish(reason.strip()[:_LONGEST_REASON], override, at or "")
        if override:
            authorise_override(installation.config, who, wish.reason)
        return request_deploy(installation, _wanted(installation, ref), who, wish).id

    return _start(config_path, request, action="deploy", detach=detach, as_json=as_json)


@click.command()
@click.argument("ref", default="")
@as_json
@click.pass_obj
def plan(config_path: Path, ref: str, as_json: bool) -> int:
    """Try REF out on a copy of the real data and say what a deployment would do.

    Builds the release, runs the gates, backs up, rehearses the crossing and the return, and
    takes everything back.
    """

    def request(installation: Installation) -> str:
        from parom.engine.identity import person
        from parom.engine.requests import request_rehearsal

        return request_rehearsal(installation, _wanted(installation, ref), person()).id

    return _start(
        config_path, request, action="rehearse a deployment", detach=False, as_json=as_json
    )


@click.command()
@click.option("--to", default="", help="The release to go back to; the one before by default.")
@click.option("--only", multiple=True, help="Take only this file or folder back.")
@click.option("--reason", default="", help="Why; it is written into the journal.")
@click.option(
    "--without-replay",
    is_flag=True,
    help="Put what was written since into quarantine, instead of carrying it over.",
)
@detach
@as_json
@click.pass_obj
def rollback(
    config_path: Path,
    to: str,
    only: tuple[str, ...],
    reason: str,
    without_replay: bool,
    detach: bool,
    as_json: bool,
) -> int:
    """Bring the old release back with its data; an interrupted run is taken back."""

    def request(installation: Installation) -> str:
        from parom.engine.identity import person
        from parom.engine.requests import (
            request_partial,
            request_rollback,
            turn_back_unfinished,
        )

        interrupted = turn_back_unfinished(installation, person(), reason)
        if interrupted is not None:
            return interrupted.id
        if only:
            return request_partial(installation, only, to, person()).id
        replay = not without_replay
        return request_rollback(installation, to, person(), reason, replay=replay).id

    return _start(
        config_path,
        request,
        action="roll back",
        detach=detach,
        as_json=as_json,
        carries_on=True,
    )


@click.command()
@detach
@as_json
@click.pass_obj
def resume(config_path: Path, detach: bool, as_json: bool) -> int:
    """Carry an interrupted or held run on, in the direction that it had."""

    def request(installation: Installation) -> str:
        from parom.day.keeping import settle
        from parom.environment import proxies_here
        from parom.journal.record import unfinished

        run = unfinished(installation.config.project.environment)
        if run is None:
            settle(installation.config, proxies_here())
            raise errors.nothing_to_resume()
        return run.id

    return _start(
        config_path,
        request,
        action="carry a run on",
        detach=detach,
        as_json=as_json,
        carries_on=True,
    )


@click.command()
@as_json
@click.pass_obj
def approve(config_path: Path, as_json: bool) -> int:
    """Approve the deployment that waits for a second person, and follow it."""
    from parom.config.reading import read
    from parom.journal.opening import open_existing

    config = read(config_path)
    open_existing(config.state)
    from parom.cli.follow import follow
    from parom.engine import authorise
    from parom.errors import rules as rules_errors
    from parom.journal.lease import lock_is_taken
    from parom.journal.record import unfinished
    from parom.plan.plan import Kind
    from parom.steps.rules import access_of

    run = unfinished(config.project.environment)
    if run is None or run.kind != Kind.DEPLOY or not lock_is_taken(config.state):
        raise rules_errors.nothing_to_approve()
    if not access_of(config).approvers(config.project.environment):
        raise rules_errors.nothing_to_approve()
    authorise.approve(config, run)
    return follow(run.id, config.state, None, as_json=as_json)


@click.command()
@as_json
@click.pass_obj
def abort(config_path: Path, as_json: bool) -> int:
    """End the run that is at work: it goes back before its next step."""
    from parom.config.reading import read
    from parom.journal.opening import open_existing

    config = read(config_path)
    open_existing(config.state)
    from parom.cli.follow import follow
    from parom.engine.authorise import authorise
    from parom.journal.lease import lock_is_taken
    from parom.journal.models import Run
    from parom.journal.record import unfinished

    run = unfinished(config.project.environment)
    if run is None or not lock_is_taken(config.state):
        raise errors.nothing_to_abort()
    who = authorise(config, "abort a run")
    Run.objects.filter(id=run.id).update(abort_asked=who)
    return follow(run.id, config.state, None, as_json=as_json)


def _start(
    config_path: Path,
    request: Callable[[Installation], str],
    *,
    action: str,
    detach: bool,
    as_json: bool,
    carries_on: bool = False,
) -> int:
    """Ask who it is, lock, write the run down, hand the lock to a detached engine, follow it."""
    from parom.config.reading import read
    from parom.journal.opening import open_existing, open_journal

    config = read(config_path)
    if carries_on:
        open_existing(config.state)
    else:
        _refuse_vanished(config)
        open_journal(config.state)
    # The journal's tables can be imported only once it is open.
    from parom.cli.follow import follow
    from parom.day.watcher import end_watcher
    from parom.engine.authorise import authorise
    from parom.engine.launch import launch
    from parom.engine.requests import clear_unfinished_preparation, refuse_unfinished
    from parom.journal.lease import begin_epoch, take_lock
    from parom.journal.models import Run
    from parom.wiring import installation_of

    environment = config.project.environment
    refuse_other_environment(config)
    who = authorise(config, action)
    lock = take_lock(config.state, environment)
    begin_epoch(environment, "starting", who, os.getpid())
    installation = installation_of(config)
    if not carries_on:
        clear_unfinished_preparation(installation)
        refuse_unfinished(config)
    run_id = request(installation)
    Run.objects.filter(id=run_id).update(state="running", abort_asked="", exit_code=None)
    # It looks at what the run is about to stop, and has its database open.
    end_watcher(config.state)
    process = launch(
        config_path, run_id, config.state, lock, with_courier=config.notices.go_somewhere
    )
    if detach:
        click.echo(words().say("{run} started; `parom status` follows it.", run=run_id))
        return 0
    return follow(run_id, config.state, process, as_json=as_json)


def _wanted(installation: Installation, ref: str) -> str:
    """What is to be deployed. Raises `source.no-refs`: a folder has nothing to choose from."""
    source = installation.config.source
    if ref and source.type == "directory":
        raise source_errors.no_refs(ref, source.location)
    return ref or source.ref


def refuse_other_environment(config: Config) -> None:
    """Raises `config.other-environment` where the journal is another environment's."""
    from parom.journal.record import environments

    known = environments()
    if known and config.project.environment not in known:
        raise errors.other_environment(config.project.environment, known, str(config.project.root))


def _refuse_vanished(config: Config) -> None:
    """Raises `installation.vanished` where backups are all that there is of an installation.

    Most likely its disk is not mounted, and what is deployed now would be a new one beside it.
    """
    root, environment = config.project.root, config.project.environment
    if root.is_dir() and any(root.iterdir()):
        return
    from parom.adapters.vaults.directory import DirectoryVault

    kept = DirectoryVault(config.vault.path, config.vault.recipients).list()
    ours = [one.id for one in kept if one.environment == environment]
    if ours:
        raise errors.vanished(str(root), str(config.vault.path), len(ours), ours[-1])
