"""Load the migration process ahead of the stop, and let it run once all is ready."""

from __future__ import annotations

from parom.appside.application import Application
from parom.appside.migrator import Migrator
from parom.errors import ParomError
from parom.steps.database import migrates
from parom.steps.step import Context, Data, Plain, Seen


class LoadMigration(Plain):
    name = "migration.load"

    def run(self, context: Context) -> Data:
        """Start the process that will migrate; it touches nothing until it is told to go.

        Should Parom die before that, the process sees the end of its input and leaves.
        """
        return {"loaded": True} if loaded(context) else {"loaded": False}

    def undo(self, context: Context) -> Data:
        if context.migrator is not None:
            context.migrator.abandon()
            context.migrator = None
        _wait_for_stray(context)
        return {}


class MigrateDatabase:
    name = "database.migrate"

    def run(self, context: Context) -> Data:
        if context.plan.from_release and migrates(context):
            # Without a migration the capture of the deployment before stays in force: it is
            # still the evidence for taking that one back.
            context.installation.database.remove_capture()
            context.checkpoint()
        run = loaded(context).go()
        context.migrator = None
        return {
            "seconds": run.seconds,
            "applied": [
                {"migration": str(migration), "seconds": seconds}
                for migration, seconds in run.applied
            ],
        }

    def look(self, context: Context) -> tuple[Seen, Data]:
        """A migration whose Parom died goes on to its end: wait for it, then read the graph."""
        _wait_for_stray(context)
        if _application(context).migrations().pending:
            return Seen.NOT_DONE, {}
        return Seen.DONE, {"seconds": None, "applied": []}

    def undo(self, context: Context) -> Data:
        """Nothing but to make sure that no process still migrates: the snapshot is the return."""
        if context.migrator is not None:
            context.migrator.abandon()
            context.migrator = None
        _wait_for_stray(context)
        return {}


def loaded(context: Context) -> Migrator:
    """The migration process, started where there is none yet."""
    if context.migrator is None:
        migrator = _application(context).migrator(
            context.folder / "migrator.json", context.folder / "migrate.log"
        )
        try:
            migrator.start()
            migrator.wait_until_ready(timeout_s=120)
        except ParomError:
            migrator.abandon()
            raise
        context.migrator = migrator
    return context.migrator


def _wait_for_stray(context: Context) -> None:
    """Until a migration that a killed engine released has ended; nobody reads its answer."""
    record = context.folder / "migrator.json"
    _application(context).wait_for_stray(record)
    record.with_suffix(".answer").unlink(missing_ok=True)


def _application(context: Context) -> Application:
    installation = context.installation
    return installation.application(installation.layout.path_of(context.plan.release_id), {})
