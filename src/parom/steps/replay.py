"""What a return carries over of what users wrote, and what the plan knows of it beforehand."""

from __future__ import annotations

from dataclasses import asdict

from parom.appside.application import Application
from parom.errors import ParomError
from parom.errors import release as errors
from parom.facts import Finding, Level, MigrationFacts
from parom.gates import replay
from parom.plan.plan import Kind
from parom.ports import Database
from parom.replay.apart import Apart, Carried, Why
from parom.replay.changes import Changes, unknown
from parom.steps.step import Context, Data

_NOTHING = Carried({}, {})
_AHEAD = "-ahead"
_MANY = 5_000
"""So many rows are carried under the stop; that takes some tenths of a second."""


def asked(application: Application, graph: MigrationFacts) -> Changes:
    """What the pending migrations change; where the application cannot tell, nothing is carried."""
    if not graph.pending or not graph.applied or graph.conflicts:
        return Changes()
    try:
        return application.table_changes()
    except ParomError as problem:
        return unknown(problem.fact)


def judged(context: Context, changes: Changes) -> tuple[Finding, ...]:
    """What the gate says, as parom.toml wants it."""
    checks, database = context.installation.config.checks, context.installation.database
    fail_on, silenced = frozenset(checks.fail_on), frozenset(checks.silenced)
    if not database.carries_rows:
        return replay.judge_none(fail_on, silenced)
    return replay.judge(changes, fail_on, silenced)


def rehearsed(context: Context, copy: Database, snapshot_id: str) -> Data:
    """Whether the migrations left the values alone that both releases have, on the copy.

    What it finds is told as findings. Raises `gates.failed` where parom.toml wants to be asked.
    """
    changes = stored(context.results.get("gates.code", {}))
    if changes is None or not changes.data:
        return {"changed": {}}
    try:
        changed = dict(copy.changed_rows(snapshot_id, changes))
    except ParomError as problem:
        context.tell("not-compared", {"error": problem.id, "fact": problem.fact})
        changed = None
    _tell_new(context, changes, changes.seen(changed))
    return {"changed": changed}


def _tell_new(context: Context, before: Changes, now: Changes) -> None:
    known = judged(context, before)
    found = [one for one in judged(context, now) if one not in known]
    for one in found:
        context.tell("finding", asdict(one))
    stopping = [one for one in found if one.level is Level.ERROR]
    if stopping:
        raise errors.gates_failed(stopping)


def stored(gates: Data) -> Changes | None:
    """What the gates wrote down; None of a deployment that an older Parom began."""
    return Changes.from_record(gates["replay"]) if "replay" in gates else None


def known_changes(gates: Data, rehearsal: Data) -> Changes:
    """All that is known of a deployment, from what its steps returned."""
    changes = stored(gates)
    if changes is None:
        return unknown()
    return changes.seen(rehearsal.get("changed"))


def carried_id(context: Context) -> str:
    """The copy of the snapshot that gets the rows."""
    return f"{context.plan.snapshot_id}-carried"


def ahead_id(context: Context) -> str:
    """A copy of the snapshot that was made ahead, for the one that gets the rows."""
    return f"{context.plan.snapshot_id}{_AHEAD}"


def spare_copies(database: Database) -> tuple[str, ...]:
    """Those that were made ahead, of whatever run: without them a return takes longer."""
    if not database.lies_on_disk or not database.exists():
        return ()
    return tuple(one for one in database.stale(frozenset()) if one.endswith(_AHEAD))


def applied_id(context: Context) -> str:
    """That copy, once the rows are in it that were written by then."""
    return f"{context.plan.snapshot_id}-applied"


def carry_ahead(context: Context) -> bool:
    """Carry what is written by now, before anybody is held; the rest follows under the stop.

    Only where there is so much of it that the public would notice. Where it cannot be done, why is
    told, and the return carries everything itself.
    """
    database, changes = context.installation.database, known_of(context)
    if changes.refuses_all or database.find_snapshot(ahead_id(context)) is None:
        return False
    try:
        if database.carriable(context.plan.snapshot_id, changes) <= _MANY:
            return False
        return database.carry_ahead(
            context.plan.snapshot_id, applied_id(context), changes, ahead_id(context)
        )
    except ParomError as problem:
        context.tell("not-prepared", {"error": problem.id, "fact": problem.fact})
        return False


def discard_ahead(context: Context) -> None:
    """Let go of what was made ahead; absent is fine."""
    for one in (ahead_id(context), applied_id(context)):
        context.installation.database.discard(one)


def carry(context: Context) -> Carried:
    """Carry what was written onto a copy of the snapshot.

    Where that cannot be done, the old release comes back all the same, and everything that was
    written is in quarantine; why is told at once.
    """
    database, copy_id = context.installation.database, carried_id(context)
    changes = known_of(context)
    if changes.refuses_all:
        return Carried({}, {}, Apart(Why.REFUSED))
    if next(iter(database.captured_rows()), None) is None:
        return _NOTHING
    try:
        carried = database.carry(
            context.plan.snapshot_id, copy_id, changes, ahead_id(context), applied_id(context)
        )
    except ParomError as problem:
        context.tell("not-carried", {"error": problem.id, "fact": problem.fact})
        _let_go(context, copy_id)
        return Carried({}, {}, Apart(Why.NO_REPLAY))
    if carried.missed:
        context.tell("not-prepared", {"error": "database.not-carried", "fact": carried.missed})
    if not carried.tables:
        database.discard(copy_id)
    return carried


def _let_go(context: Context, copy_id: str) -> None:
    """The copy may be finished all the same: a connection can be lost with the server's answer.
    Where it cannot be looked for now, the next acceptance lets it go."""
    try:
        context.installation.database.discard(copy_id)
    except ParomError as problem:
        context.tell("not-discarded", {"error": problem.id, "fact": problem.fact})


def returns_to(context: Context) -> str:
    """The database that a return swaps in: the carried copy, or the snapshot itself."""
    by_hand = context.plan.kind is Kind.ROLLBACK
    kept = context.results if by_hand else context.undone
    done = kept.get("capture.collect" if by_hand else "capture.install", {})
    return str(done.get("database") or context.plan.snapshot_id)


def may_rename(changes: Changes) -> bool:
    """Whether a table's name may be that of another in the newer database: the models say so,
    or an operation says nothing of what it does to tables. One in Python works on rows."""
    untold = any(
        not one.table and one.operation.partition(":")[0] != "RunPython" for one in changes.refusals
    )
    return untold or any(one.before and one.before != one.after for one in changes.tables)


def known_of(context: Context) -> Changes:
    """What the deployment that is taken back changed."""
    if context.plan.kind is Kind.ROLLBACK:
        return Changes.from_record(context.plan.replay) if context.plan.replay else unknown()
    results = context.results
    return known_changes(results.get("gates.code", {}), results.get("rehearsal.run", {}))
