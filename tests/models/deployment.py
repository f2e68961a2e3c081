"""Deployments and returns by Parom's own steps, without the services around them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from parom.errors import ParomError
from parom.plan.plan import Kind, Plan
from parom.replay.changes import Changes
from parom.steps.capture import CollectCapture, InstallCapture
from parom.steps.database import ReturnDatabase, SnapshotDatabase
from parom.steps.giving_up import can_give_up, finish_giving_up, give_up
from parom.steps.replay import ahead_id, carry_ahead, known_changes
from parom.steps.step import Context, Data, Installation, Measurements
from tests.models.bed import Bed, Named
from tests.models.crashing import killed_at

Crash = tuple[str, int]
"""How (killed, or its connections are cut off), and before which effect."""


class _Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        import time

        return time.monotonic()

    def wait(self, seconds: float) -> None:
        import time

        time.sleep(min(seconds, 0.02))


@dataclass
class Deployment:
    """One of a run, and what its steps wrote into the journal."""

    bed: Bed
    state: Path
    """Parom's folder."""
    run_id: str
    migrations: Named
    """Those of this release, after those of before."""
    replay: dict[str, Any]
    """The record of `Changes`."""
    changed: dict[str, int] | None = field(default_factory=dict)

    @property
    def changes(self) -> Changes:
        return known_changes({"replay": self.replay}, {"changed": self.changed})

    def begin(self, crashes: Sequence[Crash]) -> None:
        self._done(SnapshotDatabase().run, self.context(by_hand=False), crashes)

    def look_at_data(self) -> None:
        """What the rehearsal does, on the very database."""
        if self.changes.data:
            found = self.bed.database().changed_rows(self.run_id, self.changes)
            self.changed = dict(found)

    def watch(self, crashes: Sequence[Crash]) -> None:
        self._done(InstallCapture().run, self.context(by_hand=False), crashes)

    def come_back_unseen(self, crashes: Sequence[Crash]) -> None:
        """Before anybody was let in."""
        context = self.context(by_hand=False)
        context.begun.add("database.migrate")
        context.undone["capture.install"] = self._done(InstallCapture().undo, context, crashes)
        self._done(SnapshotDatabase().undo, context, crashes)

    def prepare(self, *, by_hand: bool) -> Context:
        """Carry what is written by now while users go on."""
        context = self.context(by_hand=by_hand)
        database = context.installation.database
        database.copy_ahead(self.run_id, ahead_id(context))
        carry_ahead(context)
        return context

    def collect(
        self, crashes: Sequence[Crash], prepared: Context | None = None, *, by_hand: bool
    ) -> tuple[Context, Data]:
        context = prepared or self.context(by_hand=by_hand)
        if by_hand:
            listed = self._done(CollectCapture().run, context, crashes)
            context.results["capture.collect"] = listed
        else:
            context.begun |= {"database.migrate", "gateway.open"}
            listed = self._done(InstallCapture().undo, context, crashes)
            context.undone["capture.install"] = listed
        return context, listed

    def swap(self, context: Context, crashes: Sequence[Crash]) -> None:
        if context.plan.kind is Kind.ROLLBACK:
            self._done(ReturnDatabase().run, context, crashes)
        else:
            self._done(SnapshotDatabase().undo, context, crashes)

    def give_up(self, context: Context, crashes: Sequence[Crash]) -> Data | None:
        """The older release does not stand what was carried; None where nothing was."""
        if not can_give_up(context):
            return None
        give_up(context, ParomError("checks.failed", "it answers 500", "look"))
        return self._done(finish_giving_up, context, crashes)

    def turn_forth(self, context: Context, crashes: Sequence[Crash]) -> None:
        """A return by hand is given up: the newer release goes on."""
        self._done(ReturnDatabase().undo, context, crashes)
        self._done(CollectCapture().undo, context, crashes)

    def context(self, *, by_hand: bool) -> Context:
        gates = {"replay": self.replay, "pending": [["lib", n] for n, _ in self.migrations]}
        plan = Plan(
            Kind.ROLLBACK if by_hand else Kind.DEPLOY, self.run_id, "model", (), "release", "model",
            snapshot_id=self.run_id, replay=self.changes.as_record() if by_hand else None,
        )  # fmt: skip
        return Context(
            installation=self._installation(),
            plan=plan,
            results={"gates.code": gates, "rehearsal.run": {"changed": self.changed}},
            tell=lambda _kind, _data: None,
            checkpoint=lambda: None,
            progress=lambda _done, _total, _unit: None,
            abort_asked=lambda: "",
            measurements=cast(Measurements, None),
        )

    def _installation(self) -> Installation:
        services = SimpleNamespace(processes=frozenset)
        made = SimpleNamespace(
            database=self.bed.database(), state=self.state, services=services, clock=_Clock()
        )
        return cast(Installation, made)

    def _done(
        self, step: Callable[[Context], Data], context: Context, crashes: Sequence[Crash]
    ) -> Data:
        """As the engine does it: after a crash it is begun again, by a new process."""
        for how, effect in crashes:
            instead = self.bed.cut_off if how == "cut off" else None
            done = killed_at(effect, lambda: step(context), instead)
            if done is not None:
                return done
        context.installation = self._installation()
        return step(context)
