"""A cutover that takes too long before it changed anything goes back by itself."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from parom.engine.budget import BudgetKeeper
from parom.journal.models import Event
from parom.journal.record import RunRecord, create_run
from parom.plan.budgets import Budgets
from parom.plan.plan import Kind

BUDGETS = Budgets(preparation_s=1800, cutover_s=900, total_s=4500)
LATE_S = 1000.0
"""After the cutover's budget, whenever the events of a test are written by the real clock."""


@dataclass
class Hourglass:
    time: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()

    def wait(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass
class Late:
    """A run with a clock of its own."""

    kind: Kind = Kind.DEPLOY
    clock: Hourglass = field(default_factory=Hourglass)

    def __post_init__(self) -> None:
        run_id = secrets.token_hex(6)
        run = create_run(run_id, self.kind, "production", "tester", "a test", {})
        self.record = RunRecord(run)
        self.keeper = self.new_engine()

    def new_engine(self) -> BudgetKeeper:
        return BudgetKeeper(self.record, self.kind, BUDGETS, self.clock)

    def told(self) -> list[str]:
        found = Event.objects.filter(run_id=self.record.run.id, kind="budget-overrun")
        return [one.step for one in found.order_by("number")]


def test_a_slow_stop_ends_the_run_before_the_migration() -> None:
    late = Late()
    assert late.keeper.check("gateway.hold", {}) is None
    late.clock.wait(LATE_S)
    error = late.keeper.check("database.migrate", {})
    assert error is not None
    assert error["id"] == "budget.cutover"


def test_afterwards_it_is_told_once_and_goes_on() -> None:
    """Going back would take longer than going on."""
    late = Late()
    for step in ("gateway.hold", "database.migrate"):
        assert late.keeper.check(step, {}) is None
    late.clock.wait(LATE_S)
    for step in ("capture.install", "services.private"):
        assert late.keeper.check(step, {}) is None
    assert late.told() == ["capture.install"]


def test_an_engine_that_took_over_knows_when_it_began() -> None:
    """The public has been waiting since the first one."""
    late = Late()
    late.record.tell("intent", "gateway.hold", {})
    late.clock.wait(LATE_S)
    error = late.new_engine().check("services.stop", {})
    assert error is not None


def test_waiting_for_a_window_is_not_late() -> None:
    late = Late()
    assert late.keeper.check("release.fetch", {}) is None
    late.clock.wait(8 * 3600)
    waited = {"cutover.await": {"waited_s": 7.9 * 3600}}
    assert late.keeper.check("baseline.measure", waited) is None
    assert late.told() == []


def test_a_way_back_takes_the_time_that_it_takes() -> None:
    late = Late(Kind.ROLLBACK)
    assert late.keeper.check("gateway.hold", {}) is None
    late.clock.wait(10_000)
    assert late.keeper.check("database.return", {}) is None
    assert late.told() == []


def test_a_cutover_is_over_when_the_public_is_in() -> None:
    """An engine that died in the watch, and was carried on the next day, is no long cutover."""
    late = Late()
    for kind in ("intent", "ok"):
        late.record.tell(kind, "gateway.hold", {})
        late.record.tell(kind, "services.web", {})
    late.clock.wait(8 * 3600)
    assert late.new_engine().check("backup.final", {}) is None
    told = Event.objects.filter(run_id=late.record.run.id, kind="budget-overrun")
    assert ['"phase":"cutover"' in one.data for one in told] == [False]


def test_a_migration_that_had_begun_is_carried_on() -> None:
    """Nobody knows whether it changed the database; what is over its budget then is told, once
    for all engines."""
    late = Late()
    for step in ("gateway.hold", "database.migrate"):
        late.record.tell("intent", step, {})
    late.clock.wait(LATE_S)
    for _ in range(2):
        assert late.new_engine().check("database.migrate", {}) is None
    assert late.told() == ["database.migrate"]
