"""The heart: each step's intent is on disk before it acts, its outcome after.

States and transitions are described in `docs/explanation/engine.md`. The machine knows
nothing of what steps do. It goes forward until the last step or the first failure, then
back through every step that had begun, in reverse. A crash at any point leaves a journal
from which a new machine goes on in the same direction.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from parom.appside.masked import error_without_secrets
from parom.engine.outcome import Outcome, outcome_after_return
from parom.errors import ParomError
from parom.errors import engine as errors
from parom.journal.record import RunRecord, StepRecord, StepState, steps_of
from parom.plan.plan import Kind
from parom.steps.database import somebody_could_write
from parom.steps.known_secrets import secrets_of
from parom.steps.step import Context, Seen, Step
from parom.words.said import parts_of_all, said

_LONGEST_BUG = 500
Probe = Callable[[str], None]
"""Called at every point where a crash is worth trying; does nothing in production."""

Budget = Callable[[str, Mapping[str, Mapping[str, Any]]], Mapping[str, Any] | None]
"""Asked before a step, with what earlier ones returned: the error for which it does not begin."""

HOLDS_ON_FAILURE = frozenset({"backup.final"})
"""Steps after opening whose failure is a person's decision, not a reason to go back."""


class Machine:
    """Executes the steps of one run."""

    def __init__(
        self,
        record: RunRecord,
        steps: Sequence[Step],
        *,
        probe: Probe = lambda _point: None,
        budget: Budget = lambda _step, _results: None,
    ) -> None:
        self._record = record
        self._steps = steps
        self._probe = probe
        self._budget = budget
        self.context: Context
        """Set before `execute`; its functions ask `current` of the machine."""
        self.current = ""
        """The name of the step that runs."""

    def execute(self) -> Outcome:
        """Go on in the run's direction until it is finished or held."""
        known = steps_of(self._record.run.id)
        self._remember(known)
        if self._record.run.direction == "forward":
            failure = self._forward(known)
            if failure is None:
                return Outcome("finished", "deployed", 0, {})
            step, error = failure
            if self._to_be_held(step, error):
                return Outcome("held", "needs a person", 30, {"step": step, "error": error})
            self._probe("run:before-turn-back")
            self._record.turn_back({"step": step, "error": error})
            self._probe("run:after-turn-back")
            known = steps_of(self._record.run.id)
        return self._back(known)

    def _remember(self, known: Mapping[str, StepRecord]) -> None:
        self.context.begun.update(known)
        for name, record in known.items():
            if record.state is StepState.OK or record.result:
                self.context.results[name] = record.result
            if record.state is StepState.UNDONE:
                self.context.undone[name] = record.undo_result

    def _forward(self, known: Mapping[str, StepRecord]) -> tuple[str, Mapping[str, Any]] | None:
        for step in self._steps:
            record = known.get(step.name, StepRecord())
            if record.state is StepState.OK:
                continue
            who = self.context.abort_asked()
            if who:
                return step.name, errors.aborted(who).as_record()
            error = self._budget(step.name, self.context.results) or self._run(step, record)
            if error is not None:
                return step.name, error
        return None

    def _run(self, step: Step, record: StepRecord) -> dict[str, Any] | None:
        self.current = step.name
        try:
            if record.state is StepState.IN_DOUBT:
                seen, result = step.look(self.context)
                self._record.tell("looked", step.name, {"seen": seen.value})
                if seen is Seen.DONE:
                    self._succeed(step, result)
                    return None
            else:
                self._probe(f"{step.name}:before-intent")
                self._record.tell("intent", step.name, {})
                self.context.begun.add(step.name)
            self._probe(f"{step.name}:after-intent")
            self.context.checkpoint()
            result = step.run(self.context)
            self._probe(f"{step.name}:before-outcome")
            self._succeed(step, result)
        except ParomError as problem:
            if problem.id == "lease.lost":
                raise
            return self._fail("failed", step, problem.as_record())
        except Exception as bug:  # noqa: BLE001 - a bug in a step must still lead to the return
            return self._fail("failed", step, _bug(bug))
        return None

    def _succeed(self, step: Step, result: Mapping[str, Any]) -> None:
        self.context.results[step.name] = dict(result)
        self._record.tell("ok", step.name, dict(result))

    def _fail(self, kind: str, step: Step, error: Mapping[str, Any]) -> dict[str, Any]:
        config = self.context.installation.config
        named = config.release.environment_file
        file = config.project.root / named if named else None
        error = error_without_secrets(error, file, secrets_of(config))
        self._record.tell(kind, step.name, error)
        return error

    def _to_be_held(self, step: str, error: Mapping[str, Any]) -> bool:
        if step in HOLDS_ON_FAILURE and error["id"] != "watch.alarm":
            return True
        if self.context.plan.kind is Kind.ROLLBACK and somebody_could_write(self.context):
            # Workers or users wrote to what came back; going forth again would lose it.
            return True
        return (
            self.context.installation.config.policy.on_failure == "hold"
            and "gateway.hold" in self.context.results
        )

    def _back(self, known: Mapping[str, StepRecord]) -> Outcome:
        for step in reversed(self._steps):
            record = known.get(step.name)
            if record is None or record.state in (StepState.PENDING, StepState.UNDONE):
                continue
            error = self._undo(step, record)
            if error is not None:
                data = {"step": step.name, "error": error}
                return Outcome("held", "could not go back by itself", 30, data)
        return outcome_after_return(steps_of(self._record.run.id), self._record.why_turned_back())

    def _undo(self, step: Step, record: StepRecord) -> dict[str, Any] | None:
        self.current = step.name
        try:
            if record.state is not StepState.UNDOING:
                self._probe(f"{step.name}:undo-before-intent")
                self._record.tell("undo-intent", step.name, {})
            self._probe(f"{step.name}:undo-after-intent")
            self.context.checkpoint()
            result = dict(step.undo(self.context))
            self._probe(f"{step.name}:undo-before-outcome")
            self._record.tell("undone", step.name, result)
            self.context.undone[step.name] = result
        except ParomError as problem:
            if problem.id == "lease.lost":
                raise
            return self._fail("undo-failed", step, problem.as_record())
        except Exception as bug:  # noqa: BLE001 - recorded, and a person is asked
            return self._fail("undo-failed", step, _bug(bug))
        return None


def _bug(bug: Exception) -> dict[str, Any]:
    what = f"{type(bug).__name__}: {bug}"[:_LONGEST_BUG]
    told = {
        "fact": said("Parom itself failed: {what}", what=what),
        "cure": said("Please report it; the traceback is in `parom report --json`."),
    }
    return {
        "id": "parom.bug",
        **told,
        **parts_of_all(told),
        "traceback": "".join(traceback.format_exception(bug))[-8000:],
    }
