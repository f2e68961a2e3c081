"""One run as the journal has it: its steps' states, derived from events and nothing else."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import models, transaction

from parom.journal import chain
from parom.journal.lease import check_epoch
from parom.journal.models import Event, Run


class StepState(enum.StrEnum):
    PENDING = "pending"
    IN_DOUBT = "in doubt"
    """An intent without an outcome."""
    OK = "ok"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"


LONGEST_ASKED = 200
"""Of what was asked for, so much is in a run's row; its event has all of it."""
_AFTER = {
    "intent": StepState.IN_DOUBT,
    "ok": StepState.OK,
    "failed": StepState.FAILED,
    "undo-intent": StepState.UNDOING,
    "undo-failed": StepState.UNDOING,
    "undone": StepState.UNDONE,
}


@dataclass
class StepRecord:
    """One step of a run, as far as it got."""

    state: StepState = StepState.PENDING
    result: dict[str, Any] = field(default_factory=dict)
    undo_result: dict[str, Any] = field(default_factory=dict)
    error: dict[str, Any] = field(default_factory=dict)
    began: str = ""
    ended: str = ""


def steps_of(run_id: str) -> dict[str, StepRecord]:
    """The steps of a run that have begun, by name."""
    records: dict[str, StepRecord] = {}
    for event in Event.objects.filter(run_id=run_id, kind__in=_AFTER).order_by("number"):
        record = records.setdefault(event.step, StepRecord())
        record.state = _AFTER[event.kind]
        data = json.loads(event.data)
        if event.kind in ("intent", "undo-intent"):
            record.began, record.ended = event.at, ""
        else:
            record.ended = event.at
        if event.kind == "ok":
            record.result = data
        elif event.kind == "undone":
            record.undo_result = data
        elif event.kind in ("failed", "undo-failed"):
            record.error = data
    return records


class RunRecord:
    """Writes one run's events and keeps its row true.

    With an `epoch` every event is fenced: an engine that another one replaced can write
    nothing any more, not even that it meant to act. Raises `lease.lost` then.
    """

    def __init__(self, run: Run, epoch: int | None = None) -> None:
        self.run = run
        self._epoch = epoch

    def tell(self, kind: str, step: str, data: dict[str, Any]) -> None:
        with transaction.atomic():
            if self._epoch is not None:
                check_epoch(self.run.environment, self._epoch)
            chain.append(self.run.id, kind, step, data)

    def turn_back(self, reason: dict[str, Any]) -> None:
        """From now on the run takes its steps back, also after a crash."""
        with transaction.atomic():
            self.tell("turned-back", "", reason)
            Run.objects.filter(id=self.run.id).update(direction="back")
        self.run.direction = "back"

    def finish(self, state: str, outcome: str, exit_code: int, data: dict[str, Any]) -> None:
        """The run's end (or its halt, where `state` is held)."""
        kind = "finished" if state == "finished" else state
        with transaction.atomic():
            self.tell(kind, "", {"outcome": outcome, "exit_code": exit_code, **data})
            Run.objects.filter(id=self.run.id).update(
                state=state,
                outcome=outcome,
                exit_code=exit_code,
                finished=datetime.now(UTC) if state == "finished" else None,
            )
        self.run.refresh_from_db()

    def why_turned_back(self) -> dict[str, Any]:
        """What was written down when the run first turned; empty where it did not."""
        return next(iter(self.told("turned-back")), {})

    def told(self, kind: str) -> list[dict[str, Any]]:
        """What the run's events of one kind say, in order."""
        found = Event.objects.filter(run_id=self.run.id, kind=kind).order_by("number")
        return [dict(json.loads(one.data)) for one in found]

    def approvals(self) -> tuple[str, ...]:
        """Who approved the run, in order."""
        return tuple(str(one["who"]) for one in self.told("approved"))

    def abort_asked(self) -> str:
        return Run.objects.values_list("abort_asked", flat=True).get(id=self.run.id)


def create_run(
    run_id: str, kind: str, environment: str, who: str, asked: str, plan: dict[str, Any]
) -> Run:
    """A new run, written down before anything is done."""
    with transaction.atomic():
        run = Run.objects.create(
            id=run_id,
            kind=kind,
            environment=environment,
            who=who,
            asked=asked[:LONGEST_ASKED],
            state="running",
            direction="forward",
            plan=plan,
            started=datetime.now(UTC),
        )
        told = {"kind": kind, "who": who, "asked": asked, "plan": plan}
        chain.append(run_id, "started", "", told)
    return run


def environments() -> tuple[str, ...]:
    """Those that this journal has runs of; an installation is of one."""
    return tuple(
        Run.objects.order_by("environment").values_list("environment", flat=True).distinct()
    )


def unfinished(environment: str) -> Run | None:
    """The run that is neither finished nor taken back; there is at most one."""
    return (
        Run.objects.filter(environment=environment, state__in=("running", "held"))
        .order_by("-started")
        .first()
    )


def last_accepted(environment: str) -> Run | None:
    """The last run that changed what is installed and was accepted (a return by hand too)."""
    return (
        Run.objects.filter(environment=environment, state="finished")
        .filter(
            models.Q(exit_code=0)
            | models.Q(kind="rollback", exit_code=21)
            | models.Q(exit_code=30, outcome__startswith="deployed")
        )
        .exclude(kind="rehearsal")
        .order_by("-started")
        .first()
    )
