"""The return that left a quarantine, as the journal has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from parom.errors import engine as errors
from parom.journal.models import Run
from parom.journal.record import steps_of
from parom.plan.plan import Kind, Plan
from parom.replay.changes import Changes
from parom.steps.replay import known_changes
from parom.steps.step import Data


@dataclass(frozen=True)
class Origin:
    """From which release a run came back to which, over which migrations."""

    when: str
    """ISO 8601."""
    newer: str
    older: str
    migrations: frozenset[str]
    """Those that the return took back, as `app.name`."""
    changes: Changes
    """What they make of the older schema."""


def origin_of(run_id: str) -> Origin | None:
    """None of a run that this journal does not know. Raises `run.newer-plan`."""
    run = Run.objects.filter(id=run_id).first()
    if run is None:
        return None
    try:
        plan = Plan.from_record(run.plan)
    except ValueError as problem:
        raise errors.newer_plan(run.id, str(problem)) from None
    when = (run.finished or run.started).isoformat()
    by_hand = plan.kind is Kind.ROLLBACK
    results = _results(plan.of_run if by_hand else run.id)
    gates = results.get("gates.code", {})
    changes = known_changes(gates, results.get("rehearsal.run", {}))
    if by_hand:
        newer, older = plan.from_release, plan.release_id
    else:
        newer, older = (
            plan.release_id,
            plan.from_release or str(results.get("installation.adopt", {}).get("release", "")),
        )
    migrations = frozenset(map(str, gates.get("pending", ())))
    return Origin(when, newer, older, migrations, changes)


def _results(run_id: str) -> Mapping[str, Data]:
    return {name: one.result for name, one in steps_of(run_id).items()}
