"""Which rows were written after opening, and what becomes of them on a late return."""

from __future__ import annotations

import shutil
from contextlib import ExitStack

from parom.errors import ParomError
from parom.errors import release as errors
from parom.replay.apart import Apart, Carried, Why
from parom.steps.database import migrates, somebody_could_write
from parom.steps.quarantine import folder_of, quarantine
from parom.steps.replay import carried_id, carry, discard_ahead
from parom.steps.step import Context, Data, Seen
from parom.steps.strangers import PATIENCE_S, refuse_strangers

_MOST_ATTEMPTS = 3


class InstallCapture:
    name = "capture.install"

    def run(self, context: Context) -> Data:
        if not migrates(context):
            return {"installed": False, "why": "no migration: a return keeps what is written"}
        context.installation.database.install_capture(context.plan.run_id)
        return {"installed": True}

    def look(self, context: Context) -> tuple[Seen, Data]:
        return Seen.UNCLEAR, {}

    def undo(self, context: Context) -> Data:
        if not migrates(context):
            return {"quarantined": 0, "why": "no migration ran: what users wrote stays"}
        if not somebody_could_write(context):
            return {"quarantined": 0, "why": "nobody had written"}
        return collect(context)


class CollectCapture:
    """For a rollback by hand: before the newer database is put aside."""

    name = "capture.collect"

    def run(self, context: Context) -> Data:
        if not context.plan.snapshot_id:
            return {"quarantined": 0, "why": "no migration ran: what users wrote stays"}
        return collect(context)

    def look(self, context: Context) -> tuple[Seen, Data]:
        return Seen.UNCLEAR, {}

    def undo(self, context: Context) -> Data:
        """The rows are live again: their listing would claim a loss that did not happen, and
        the copy that they were carried onto is of no use to the next rollback."""
        folder = folder_of(context)
        if folder.exists():
            shutil.rmtree(folder)
        if context.plan.snapshot_id:
            context.installation.database.discard(carried_id(context))
            discard_ahead(context)
        return {"quarantined": 0}


def collect(context: Context) -> Data:
    """Carry what users wrote onto a copy of the snapshot, and list in full what could not be.

    Nothing here changes the newer database or the snapshot, so that all of it may be repeated.
    Raises `capture.missing`: without the capture nobody knows what was written; `database.held`
    where somebody has the database open and does not leave.
    """
    if not context.installation.database.capture_installed():
        raise errors.capture_missing()
    for _ in range(_MOST_ATTEMPTS - 1):
        try:
            return _tidied(context, _collected(context))
        except ParomError as problem:
            if problem.id != "database.held":
                raise
        # What it writes now is not in the listing: once it is gone, all is looked at again.
        refuse_strangers(context, PATIENCE_S)
    return _tidied(context, _collected(context))


def _tidied(context: Context, collected: Data) -> Data:
    """Without a copy that was made ahead, where nothing had to be carried onto it."""
    discard_ahead(context)
    return collected


def _collected(context: Context) -> Data:
    """What was carried and listed while nobody could write. Raises `database.held` where
    somebody waits to."""
    with ExitStack() as still:
        carried = _carried(context, still)
        context.checkpoint()
        listed = quarantine(context, carried)
        refuse_strangers(context)
    return {
        **listed,
        "carried": sum(carried.tables.values()),
        "carried_tables": dict(carried.tables),
        "database": carried_id(context) if carried.tables else "",
    }


def _carried(context: Context, still: ExitStack) -> Carried:
    """Where somebody is writing who does not end, nothing is carried; what it writes is listed
    once it is gone."""
    try:
        still.enter_context(context.installation.database.held_still())
    except ParomError as problem:
        context.tell("not-carried", {"error": problem.id, "fact": problem.fact})
        return Carried({}, {}, Apart(Why.NO_REPLAY))
    return carry(context)
