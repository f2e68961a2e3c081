"""Whether a run keeps to the time that was planned for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from parom.errors import rules as errors
from parom.journal.record import RunRecord, steps_of
from parom.plan.budgets import Budgets, overruns
from parom.plan.plan import AFTER, CUTOVER, Kind, phase_of
from parom.ports import Clock

_MIGRATES = "database.migrate"
_BEFORE_THE_DATABASE = CUTOVER[: CUTOVER.index(_MIGRATES) + 1]
_KINDS = (Kind.DEPLOY, Kind.PARTIAL)
"""A way back takes the time that it takes."""


class BudgetKeeper:
    """Looks at the clock before each step of one run that goes forward."""

    def __init__(self, record: RunRecord, kind: Kind, budgets: Budgets, clock: Clock) -> None:
        self._record, self._kind = record, kind
        self._budgets, self._clock = budgets, clock
        self._told = {str(one["phase"]) for one in record.told("budget-overrun")}
        steps = steps_of(record.run.id)
        self._may_have_migrated = _MIGRATES in steps
        self._began = {
            name: datetime.fromisoformat(step.began).timestamp() for name, step in steps.items()
        }
        crossed = steps.get(CUTOVER[-1])
        if crossed is not None and crossed.ended:
            # An engine that died afterwards kept nobody waiting.
            over = datetime.fromisoformat(crossed.ended).timestamp()
            self._began[AFTER[0]] = min(over, self._began.get(AFTER[0], over))

    def check(self, step: str, results: Mapping[str, Mapping[str, Any]]) -> dict[str, Any] | None:
        """What ends the run before `step` begins; None where it goes on.

        What is over its budget is told, once. Only a cutover that has not changed the database
        yet is ended by it: afterwards going back takes longer than going on.
        """
        if self._kind not in _KINDS:
            return None
        now = self._clock.now().timestamp()
        began = {**self._began, step: self._began.get(step, now)}
        self._began = began
        waited = float(results.get("cutover.await", {}).get("waited_s", 0.0))
        for one in overruns(self._budgets, began, now, waited):
            if one.phase not in self._told:
                self._told.add(one.phase)
                self._record.tell("budget-overrun", step, one.as_record())
            is_early = step in _BEFORE_THE_DATABASE and not self._may_have_migrated
            if one.phase == "cutover" == phase_of(step) and is_early:
                return errors.cutover_late(one.spent_s, one.budget_s).as_record()
        return None
