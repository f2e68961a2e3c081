"""The crossing and the return on a copy of the real data, before production is touched."""

from __future__ import annotations

import shutil
from pathlib import Path

from parom.appside.migration_run import MigrationRun, told_each, told_locks
from parom.errors import release as errors
from parom.facts import Snapshot
from parom.ports import Database
from parom.steps.adopt import way_back
from parom.steps.backup import rehearsed_file_of, scratch_of
from parom.steps.checking import verify_instance
from parom.steps.replay import rehearsed
from parom.steps.step import Context, Data, Plain

STOP_S, START_MARGIN_S = 1.0, 0.5
"""For the prediction: a graceful stop, and what starting adds."""

_BEFORE = "before"
_OPENED_LOADING = 1
"""To read which migrations were applied, before it is told to go."""
_LONGEST_IDLE_S = 10.0


class RunRehearsal(Plain):
    name = "rehearsal.run"

    def run(self, context: Context) -> Data:
        installation, plan = context.installation, context.plan
        file, media = self._pristine(context)
        copy = installation.database.rehearsed_on(file)
        copy.make_ready()
        before, snapshot_s = self._snapshot(context, copy)
        counted = copy.counts()
        new = installation.layout.path_of(plan.release_id)
        name = copy.settings_name
        try:
            copy.remove_capture()
            migrated, opens_once = self._migrate(context, new, name, media)
            replay = rehearsed(context, copy, before.id)
            context.checkpoint()
            idle_s = min(migrated.seconds, _LONGEST_IDLE_S)
            start_s, opens, checked = self._try(
                context, plan.release_id, name, media, "in the rehearsal", idle_s=idle_s
            )
            context.checkpoint()
            return_s = self._return(context, copy, before.id)
            _, _, returned = self._try(
                context, way_back(context), name, media, "after the rehearsed return"
            )
        finally:
            installation.trial.stop()
        if copy.counts() != counted:
            raise errors.rehearsed_return_differs()
        installation.database.end_rehearsal()
        shutil.rmtree(scratch_of(context))
        predicted = STOP_S + snapshot_s + migrated.seconds + start_s + START_MARGIN_S
        return {
            "migration_s": round(migrated.seconds, 3),
            "start_s": round(start_s, 3),
            "opens_at_start": opens,
            "migration_opens_once": opens_once,
            "return_s": round(return_s, 4),
            "predicted_stop_s": round(predicted, 2),
            "checked": checked,
            "returned": returned,
            "applied": told_each(migrated),
            **told_locks(migrated),
            **replay,
        }

    def undo(self, context: Context) -> Data:
        installation = context.installation
        installation.trial.stop()
        old = installation.layout.path_of(way_back(context))
        installation.application(old, {}).wait_for_stray(_process_of(context))
        for half in (".answer", ".answer.partial"):
            _process_of(context).with_suffix(half).unlink(missing_ok=True)
        if scratch_of(context).exists():
            installation.database.end_rehearsal()
            shutil.rmtree(scratch_of(context))
        return {}

    def _pristine(self, context: Context) -> tuple[Path, Path]:
        """The copy of which the backup was made, and the media that were restored of that; copied
        anew where an earlier try began to use it."""
        installation = context.installation
        file, media = rehearsed_file_of(context), scratch_of(context) / "media"
        media.mkdir(parents=True, exist_ok=True)
        installation.trial.stop()
        old = installation.layout.path_of(way_back(context))
        installation.application(old, {}).wait_for_stray(_process_of(context))
        # `make_ready` leaves a link: then a migration may have been at it.
        if file.is_symlink() or not file.exists():
            if file.parent.exists():
                shutil.rmtree(file.parent)
            file.parent.mkdir(mode=0o700)
            installation.database.copy_online(file)
        return file, media

    def _snapshot(self, context: Context, copy: Database) -> tuple[Snapshot, float]:
        """It, and how long it takes once what can be done ahead is done: as in the stop."""
        clock = context.installation.clock
        copy.prepare_snapshot(_BEFORE)
        began = clock.monotonic()
        made = copy.snapshot(_BEFORE)
        return made, clock.monotonic() - began

    def _migrate(
        self, context: Context, new: Path, name: str, media: Path
    ) -> tuple[MigrationRun, bool]:
        """What the migrations themselves took; loading Django does not count. And whether they
        opened the database once, beside the once when they were loaded."""
        installation = context.installation
        env = installation.trial.settings_env(new, name, media)
        with installation.trial.kept_apart():
            log = _process_of(context).with_suffix(".log")
            run = installation.application(new, env).migrate(log, note_locks=True)
        return run, installation.trial.openings() == _OPENED_LOADING + 1

    def _try(
        self,
        context: Context,
        release_id: str,
        name: str,
        media: Path,
        where: str,
        *,
        idle_s: float = 0.0,
    ) -> tuple[float, bool, list[str]]:
        """How long it took; whether it opened its database though nobody asked it anything, at its
        start and for `idle_s` after it, which do not count; and what it showed."""
        clock, trial = context.installation.clock, context.installation.trial
        began = clock.monotonic()
        release = context.installation.layout.path_of(release_id)
        instance = trial.start(release, name, media)
        started = clock.monotonic()
        clock.wait(idle_s)
        opens = trial.openings() != 0
        began += clock.monotonic() - started
        with trial.kept_apart():
            shown = verify_instance(context, instance, where, release_id, anew=True)
        took = clock.monotonic() - began
        trial.stop()
        return took, opens, list(shown.passed)

    def _return(self, context: Context, copy: Database, snapshot_id: str) -> float:
        began = context.installation.clock.monotonic()
        copy.swap_in(snapshot_id)
        return context.installation.clock.monotonic() - began


def _process_of(context: Context) -> Path:
    """Where the rehearsed migration's process is on record."""
    return context.folder / "rehearsal-migrate.process"
