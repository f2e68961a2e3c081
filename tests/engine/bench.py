"""A workbench for the machine: steps that note what they do, and a run of them."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from parom.config.reading import read
from parom.engine.machine import Machine
from parom.engine.outcome import Outcome
from parom.errors import ParomError
from parom.journal.models import Event, Run
from parom.journal.record import RunRecord, StepState, create_run, steps_of
from parom.journal.samples import RunSamples
from parom.plan.plan import Kind, Plan
from parom.steps.step import Context, Data, Seen
from parom.wiring import installation_of
from tests.support.ferry import make_ferry


class Crash(BaseException):
    """The process is gone: nothing after it is executed."""


def failure() -> ParomError:
    return ParomError("test.failed", "It failed.", "Nothing.")


@dataclass
class Noted:
    """A step with one effect. `fails` and `undo_fails` count down."""

    name: str
    world: list[str]
    fails: int = 0
    undo_fails: int = 0
    seen: Seen = Seen.UNCLEAR
    states: list[StepState] = field(default_factory=list)
    before: Callable[[Context], None] = lambda _context: None

    def run(self, context: Context) -> Data:
        self.states.append(steps_of(context.plan.run_id)[self.name].state)
        self.before(context)
        if self.fails:
            self.fails -= 1
            raise failure()
        if self.name not in self.world:
            self.world.append(self.name)
        return {"did": self.name}

    def look(self, context: Context) -> tuple[Seen, Data]:
        return self.seen, {"did": self.name}

    def undo(self, context: Context) -> Data:
        if self.undo_fails:
            self.undo_fails -= 1
            raise failure()
        if self.name in self.world:
            self.world.remove(self.name)
        return {}


@dataclass
class Bench:
    """One run and its steps."""

    top: Path
    steps: list[Noted]
    kind: Kind = Kind.DEPLOY
    policy: str = ""
    run: Run = field(init=False)

    def __post_init__(self) -> None:
        self.top.mkdir()
        ferry = make_ferry(self.top, policy=self.policy)
        self.installation = installation_of(read(ferry.config))
        run_id = secrets.token_hex(6)
        names = tuple(step.name for step in self.steps)
        self.plan = Plan(self.kind, run_id, run_id, names, "release", "a test")
        record = self.plan.as_record()
        self.run = create_run(run_id, self.kind, run_id, "tester", "a test", record)

    def engine(self, dies_at: str = "") -> Outcome:
        """A new engine carries the run on; at the point `dies_at` it is gone."""

        def probe(point: str) -> None:
            if point == dies_at:
                raise Crash

        self.run.refresh_from_db()
        record = RunRecord(self.run)
        machine = Machine(record, self.steps, probe=probe)
        machine.context = Context(
            installation=self.installation,
            plan=self.plan,
            results={},
            tell=lambda _kind, _data: None,
            checkpoint=lambda: None,
            progress=lambda _done, _total, _unit: None,
            abort_asked=record.abort_asked,
            measurements=RunSamples(self.plan.run_id),
        )
        return machine.execute()

    def events(self) -> list[tuple[str, str]]:
        found = Event.objects.filter(run_id=self.plan.run_id).order_by("number")
        return list(found.values_list("kind", "step"))
