"""The snapshot and the way back to it."""

from __future__ import annotations

from parom.errors import ParomError
from parom.errors import release as errors
from parom.steps.images import keep_images_of
from parom.steps.replay import known_of, may_rename, returns_to
from parom.steps.set_aside import set_aside
from parom.steps.step import Context, Data, Plain, Seen


class PrecopyDatabase(Plain):
    name = "database.precopy"

    def run(self, context: Context) -> Data:
        database = context.installation.database
        database.prepare_snapshot(
            context.plan.snapshot_id, lambda done, total: context.progress(done, total, "B")
        )
        return {}

    def undo(self, context: Context) -> Data:
        database, snapshot_id = context.installation.database, context.plan.snapshot_id
        if database.live_id() == snapshot_id:
            return {"kept": snapshot_id}
        database.discard(snapshot_id)
        return {"discarded": snapshot_id}


class SnapshotDatabase:
    name = "database.snapshot"

    def run(self, context: Context) -> Data:
        database = context.installation.database
        database.make_ready()
        context.checkpoint()
        snapshot = database.snapshot(context.plan.snapshot_id)
        return {
            "snapshot": snapshot.id,
            "size_bytes": snapshot.size_bytes,
            "live": database.live_id(),
        }

    def look(self, context: Context) -> tuple[Seen, Data]:
        return Seen.UNCLEAR, {}

    def undo(self, context: Context) -> Data:
        """Swap the snapshot in, unless what is live holds writes that no migration touched."""
        if "database.migrate" not in context.begun:
            return {"swapped": False, "why": "the database was not touched"}
        if somebody_could_write(context) and not migrates(context):
            return {"swapped": False, "why": "no migration ran: what users wrote stays"}
        return swap(context, written=somebody_could_write(context))


class ReturnDatabase:
    """For a rollback by hand: the snapshot of the deployment that is taken back."""

    name = "database.return"

    def run(self, context: Context) -> Data:
        if not context.plan.snapshot_id:
            return {"swapped": False, "why": "no migration ran: what users wrote stays"}
        return swap(context, written=True)

    def look(self, context: Context) -> tuple[Seen, Data]:
        return Seen.UNCLEAR, {}

    def undo(self, context: Context) -> Data:
        if not context.plan.snapshot_id:
            return {}
        database = context.installation.database
        database.swap_back(returns_to(context))
        return {"live": database.live_id()}


def swap(context: Context, *, written: bool) -> Data:
    """Make the run's snapshot live, or its copy with what users wrote; what was live stays on
    disk until retention.

    Where somebody could have `written` to the newer one, no id that it gave out is given out
    again: whoever kept one must not meet another row under it.

    Raises `database.no-snapshot`: a live path that leads nowhere would be filled with an
    empty database by whoever opens it first.
    """
    database, wanted = context.installation.database, returns_to(context)
    if database.find_snapshot(wanted) is None:
        raise errors.no_snapshot(wanted)
    # A file that somebody put over the link becomes a version first, which can be kept.
    database.make_ready()
    replaced = database.live_id()
    if replaced != wanted:
        if written:
            keep_images_of(context, wanted)
            keep_ids(context, wanted)
        set_aside(context, replaced)
        database.swap_in(wanted)
    return {"swapped": True, "live": database.live_id()}


def keep_ids(context: Context, database_id: str) -> None:
    """Where it cannot be done, that does not keep the old release from coming back. It is told
    at once, not with the result: after a crash the swap is done and nobody tries again."""
    try:
        kept = context.installation.database.keep_ids(
            database_id, renamed=may_rename(known_of(context))
        )
    except ParomError as problem:
        context.tell("ids-not-kept", {"error": problem.id, "fact": problem.fact})
    else:
        context.tell("ids-kept", {"highest": dict(kept)})


def migrates(context: Context) -> bool:
    """Whether this run's release brings migrations, as the gates saw."""
    return bool(context.results.get("gates.code", {}).get("pending"))


def somebody_could_write(context: Context) -> bool:
    """Whether workers or the public came in during this run."""
    return bool({"services.background", "gateway.open"} & context.begun)
