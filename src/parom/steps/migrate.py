"""Load the migration process ahead of the stop, and let it run once all is ready."""

from __future__ import annotations

from pathlib import Path

from parom.appside.application import Application
from parom.appside.migration_run import MigrationRun, told_each, told_retries
from parom.appside.migrator import Migrator, finished_run, forget_answer
from parom.appside.stray import end_stray
from parom.durable import write_atomically
from parom.errors import ParomError
from parom.plan.plan import Kind
from parom.steps.checking import abandon_checks, loaded_checks
from parom.steps.database import migrates
from parom.steps.set_aside import set_aside
from parom.steps.starting_ahead import end_started, is_started, starting_ahead
from parom.steps.step import Context, Data, Plain, Seen

_IMPORT_LIMIT_S = 30.0
"""What takes longer to be imported is so while the public waits."""


class LoadMigration(Plain):
    name = "migration.load"

    def run(self, context: Context) -> Data:
        """Start the process that will migrate; it touches nothing until it is told to go.

        The one for the functional checks likewise, and the public is served until it has imported
        what it imports ahead. Should Parom die before that, they see the end of their input and
        leave.
        """
        release = context.installation.layout.path_of(context.plan.release_id)
        checks = loaded_checks(context, release)
        loaded(context)
        if checks is not None:
            checks.wait_until_loaded(_IMPORT_LIMIT_S)
        return {"loaded": True}

    def undo(self, context: Context) -> Data:
        abandon_checks(context)
        _end_migration(context)
        return {}


class MigrateDatabase:
    name = "database.migrate"

    def run(self, context: Context) -> Data:
        """Migrate what the stop left, and nothing else.

        Where a migration began before, and was cut off or failed, a part of it may be in the
        database: then it begins again on a fresh copy of the snapshot.
        """
        begun = context.folder / "migration-begun"
        end_started(context)
        if begun.exists():
            _start_over(context)
            context.checkpoint()
        write_atomically(begun, b"", 0o600)
        if context.plan.from_release and migrates(context):
            # Without a migration the capture of the deployment before stays in force: it is
            # still the evidence for taking that one back.
            context.installation.database.remove_capture()
            context.checkpoint()
        migrator = loaded(context)
        with starting_ahead(context) as ahead:
            run = migrator.go(give_up=context.abort_asked, meanwhile=ahead.begin)
            context.migrator = None
            is_alone = ahead.conclude()
        if not is_alone:
            context.checkpoint()
            _start_over(context)
            run = loaded(context).go(give_up=context.abort_asked)
            context.migrator = None
        return _told(run)

    def look(self, context: Context) -> tuple[Seen, Data]:
        """A migration whose Parom died goes on to its end: only its own word counts as done.

        What it left without one, or with an error, is not told apart from a half; nor is what it
        made while somebody may have been beside it.
        """
        _application(context).wait_for_stray(_record(context))
        if is_started(context):
            end_started(context)
            return Seen.NOT_DONE, {}
        run = finished_run(_record(context))
        if run is None or _application(context).migrations().pending:
            return Seen.NOT_DONE, {}
        return Seen.DONE, _told(run)

    def undo(self, context: Context) -> Data:
        """Make sure that no process still migrates: the snapshot is the return.

        A first installation has no snapshot: what it made is put away.
        """
        _end_migration(context)
        context.started_ahead = False
        end_started(context)
        if context.plan.kind is not Kind.INSTALL:
            return {}
        return {"put_away": _put_away(context)}


def forget_migration(context: Context) -> None:
    """Once a run is settled, nobody asks any more how its migration ended."""
    forget_answer(_record(context))


def _start_over(context: Context) -> None:
    database, snapshot_id = context.installation.database, context.plan.snapshot_id
    if context.plan.kind is Kind.INSTALL:
        _put_away(context)
    elif database.live_id() != snapshot_id:
        set_aside(context, database.live_id())
        database.start_over(snapshot_id)


def _put_away(context: Context) -> str:
    database = context.installation.database
    if not database.exists():
        return ""
    database.make_ready()
    kept = database.live_id()
    set_aside(context, kept)
    database.put_away()
    return kept


def _told(run: MigrationRun) -> Data:
    return {
        "seconds": run.seconds,
        "applied": told_each(run),
        **told_retries(run),
    }


def loaded(context: Context) -> Migrator:
    """The migration process, started where there is none yet."""
    if context.migrator is None:
        migrator = _application(context).migrator(_record(context), context.folder / "migrate.log")
        try:
            migrator.start()
            migrator.wait_until_ready(timeout_s=120)
        except ParomError:
            migrator.abandon()
            raise
        context.migrator = migrator
    return context.migrator


def _end_migration(context: Context) -> None:
    """Its database is about to be replaced, so nobody waits for what it would still do."""
    if context.migrator is not None:
        context.migrator.abandon()
        context.migrator = None
    end_stray(_record(context))


def _record(context: Context) -> Path:
    return context.folder / "migrator.json"


def _application(context: Context) -> Application:
    installation = context.installation
    return installation.application(installation.layout.path_of(context.plan.release_id), {})
