"""From what a person asked for to a run with a plan; nothing is changed but the journal."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from parom.config.model import Config
from parom.engine.place import place_of
from parom.engine.work import work
from parom.errors import ExitCode, ParomError
from parom.errors import engine as errors
from parom.errors import release as release_errors
from parom.errors import rules as rules_errors
from parom.facts import SourceRevision
from parom.journal.models import Run
from parom.journal.record import (
    RunRecord,
    StepState,
    create_run,
    last_accepted,
    steps_of,
    unfinished,
)
from parom.plan.plan import PREPARE, STEPS_OF, Kind, Plan
from parom.plan.windows import Permission
from parom.replay.changes import Changes
from parom.steps.awaiting import NEXT_WINDOW
from parom.steps.compose import checked, refuse_other_migrations
from parom.steps.replay import known_changes
from parom.steps.rules import opening_for, refuse_hours
from parom.steps.step import Installation
from parom.words.said import said


def new_run_id(now: datetime) -> str:
    return f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def refuse_unfinished(config: Config) -> None:
    """Raises `run.interrupted` where an earlier run waits to be carried on or taken back."""
    run = unfinished(config.project.environment)
    if run is None:
        return
    records = steps_of(run.id)
    raise errors.interrupted(run.id, next(reversed(records), ""))


def waits_after_opening(config: Config) -> bool:
    """Whether the run that waits had let the public in: its release may be started again."""
    run = unfinished(config.project.environment)
    if run is None or run.direction != "forward":
        return False
    opened = steps_of(run.id).get("services.web")
    return opened is not None and opened.state is StepState.OK


def clear_unfinished_preparation(installation: Installation) -> None:
    """Take back a run that died before it touched production; nobody needs to be asked."""
    run = unfinished(installation.config.project.environment)
    if run is None or not set(steps_of(run.id)) <= set(PREPARE):
        return
    record = RunRecord(run)
    if run.direction == "forward":
        record.turn_back({"why": "it was interrupted before production was touched"})
    work(run, installation)


def turn_back_unfinished(installation: Installation, who: str, reason: str) -> Run | None:
    """The interrupted or held run, now going back; None where there is none."""
    run = unfinished(installation.config.project.environment)
    if run is None:
        return None
    if run.kind != Kind.ROLLBACK and run.direction == "forward":
        asked = {
            "id": "run.rollback-asked",
            "fact": said("{who} asked to roll back.", who=who),
            "cure": reason,
            "exit_code": int(ExitCode.ROLLED_BACK),
            "can_retry": False,
        }
        RunRecord(run).turn_back({"step": "", "error": asked})
    return run


@dataclass(frozen=True)
class Wish:
    """How a deployment is wanted, besides what is to be deployed."""

    reason: str = ""
    override: bool = False
    at: str = ""


def request_deploy(installation: Installation, ref: str, who: str, wish: Wish = Wish()) -> Run:
    """A run that takes `ref` over. Raises `source.unknown-ref` and the like; `window.reserve`,
    `window.avoided`, `window.none` where its hours do not allow it."""
    kind, config = _kind_of(installation), installation.config
    permission, now = Permission(wish.reason, wish.override), installation.clock.now()
    if wish.at == NEXT_WINDOW:
        if opening_for(config, permission, now) is None:
            raise rules_errors.no_window()
    else:
        refuse_hours(config, kind, permission, now)
    revision = installation.source.resolve(ref)
    return _create(installation, kind, revision, who, ref, wish=wish)


def request_rehearsal(installation: Installation, ref: str, who: str) -> Run:
    """A run that tries `ref` out and takes everything back (`parom plan`)."""
    revision = installation.source.resolve(ref)
    return _create(installation, Kind.REHEARSAL, revision, who, ref)


def request_partial(
    installation: Installation, paths: tuple[str, ...], earlier: str, who: str
) -> Run:
    """A run that takes some paths back from an earlier release."""
    named = [checked(path) for path in paths]
    current = installation.layout.current()
    known = {release.id: release for release in installation.layout.releases()}
    if current is None or current not in known:
        raise errors.nothing_to_roll_back(said("no release of Parom is current"))
    earlier = earlier or _way_back_of_last(installation)
    if earlier not in known:
        raise release_errors.unknown(earlier, tuple(known))
    layout = installation.layout
    for name in named:
        refuse_other_migrations(layout.path_of(current), layout.path_of(earlier), name)
    asked = f"{', '.join(paths)} <- {earlier}"
    revision = SourceRevision(
        f"{current}, {asked}", f"{known[current].revision}+{known[earlier].revision}", "partial"
    )
    return _create(installation, Kind.PARTIAL, revision, who, asked, only=paths, of_release=earlier)


def request_recovery(
    installation: Installation, backup_id: str, release: Mapping[str, str], who: str
) -> Run:
    """A run that makes an unpacked backup the installation; one that was begun goes on."""
    begun = unfinished(installation.config.project.environment)
    if begun is not None:
        return begun
    run_id = new_run_id(installation.clock.now())
    plan = Plan(
        kind=Kind.RECOVERY,
        run_id=run_id,
        environment=installation.config.project.environment,
        place=place_of(installation.config),
        steps=STEPS_OF[Kind.RECOVERY],
        release_id=release["id"],
        described=release["source"],
        revision=release["revision"],
        label=backup_id,
    )
    return create_run(
        run_id, plan.kind, plan.environment, who, f"backup {backup_id}", plan.as_record()
    )


def request_rollback(
    installation: Installation, to: str, who: str, reason: str, *, replay: bool = True
) -> Run:
    """A run that takes the last deployment back. Raises `run.nothing-to-roll-back`.

    Without `replay` what users wrote since goes into quarantine as a whole.
    """
    last = last_accepted(installation.config.project.environment)
    if last is None:
        raise errors.nothing_to_roll_back(said("no deployment was accepted yet"))
    if last.kind == Kind.ROLLBACK:
        raise errors.nothing_to_roll_back(said("the last run was a rollback already"))
    taken = Plan.from_record(last.plan)
    results = {name: record.result for name, record in steps_of(last.id).items()}
    earlier = str(results.get("installation.adopt", {}).get("release", ""))
    if not earlier:
        raise errors.nothing_to_roll_back(said("the last run installed the first release"))
    if earlier not in {release.id for release in installation.layout.releases()}:
        raise errors.nothing_to_roll_back(
            said(
                "{earlier}, which ran before, is not among the releases of this "
                "installation; after `parom adopt` only what was deployed since can be taken "
                "back",
                earlier=earlier,
            )
        )
    if to and to != earlier:
        known = tuple(release.id for release in installation.layout.releases())
        if to not in known:
            raise release_errors.unknown(to, known)
        raise errors.nothing_to_roll_back(
            said(
                "only {earlier}, which ran before, can come back with its data; deploy {to} anew",
                earlier=earlier,
                to=to,
            )
        )
    migrated = bool(results.get("gates.code", {}).get("pending"))
    if migrated:
        _refuse_loss(installation, taken.snapshot_id)
    run_id = new_run_id(installation.clock.now())
    plan = Plan(
        kind=Kind.ROLLBACK,
        run_id=run_id,
        environment=installation.config.project.environment,
        place=place_of(installation.config),
        steps=STEPS_OF[Kind.ROLLBACK],
        release_id=earlier,
        described=earlier,
        from_release=taken.release_id,
        snapshot_id=taken.snapshot_id if migrated else "",
        of_run=last.id,
        replay=_changes(results).as_record() if migrated and replay else None,
        reason=reason,
    )
    return create_run(run_id, plan.kind, plan.environment, who, earlier, plan.as_record())


def _changes(results: Mapping[str, Mapping[str, Any]]) -> Changes:
    return known_changes(results.get("gates.code", {}), results.get("rehearsal.run", {}))


def _refuse_loss(installation: Installation, snapshot_id: str) -> None:
    """Raises `database.no-snapshot` or `capture.missing`, before anything is stopped."""
    if installation.database.find_snapshot(snapshot_id) is None:
        raise release_errors.no_snapshot(snapshot_id)
    if not installation.database.capture_installed():
        raise release_errors.capture_missing()


def _create(
    installation: Installation,
    kind: Kind,
    revision: SourceRevision,
    who: str,
    asked: str,
    only: tuple[str, ...] = (),
    of_release: str = "",
    wish: Wish = Wish(),
) -> Run:
    run_id = new_run_id(installation.clock.now())
    plan = Plan(
        kind=kind,
        run_id=run_id,
        environment=installation.config.project.environment,
        place=place_of(installation.config),
        steps=STEPS_OF[kind],
        release_id=f"{run_id}-{revision.label}",
        described=revision.described,
        revision=revision.revision,
        label=revision.label,
        from_release=installation.layout.current() or "",
        snapshot_id=run_id,
        only=only,
        of_release=of_release,
        reason=wish.reason,
        override=wish.override,
        at=wish.at,
    )
    return create_run(run_id, kind, plan.environment, who, asked, plan.as_record())


def _kind_of(installation: Installation) -> Kind:
    """A first installation only where there is nothing that it could spoil.

    Raises `installation.nothing-current`, `installation.data-without-release`.
    """
    if installation.layout.current() is not None or _something_runs(installation):
        return Kind.DEPLOY
    releases = installation.layout.releases()
    if releases:
        raise errors.nothing_current(releases[-1].id)
    if installation.database.exists():
        raise errors.data_without_release(installation.database.facts().location)
    return Kind.INSTALL


def _something_runs(installation: Installation) -> bool:
    try:
        installation.layout.adopt_running(installation.clock.now())
    except ParomError as problem:
        if problem.id == "layout.no-application":
            return False
        raise
    return True


def _way_back_of_last(installation: Installation) -> str:
    last = last_accepted(installation.config.project.environment)
    if last is None:
        raise errors.nothing_to_roll_back(said("no deployment was accepted yet"))
    adopted = steps_of(last.id).get("installation.adopt")
    if adopted is None:
        raise errors.nothing_to_roll_back(said("the last run did not replace a release"))
    return str(adopted.result["release"])
