"""What was prepared waits for its hour and for a second person."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from parom.config.reading import read
from parom.errors import ParomError
from parom.plan.plan import Kind, Plan
from parom.steps.awaiting import AwaitCutover
from parom.steps.gateway import HoldGateway
from parom.steps.step import Context
from parom.wiring import installation_of
from tests.steps.test_lookout import Kept
from tests.support.ferry import make_ferry

RULES = """
[windows]
timezone = "{zone}"
{windows}
[access]
roles = {{ devops = ["olga"], lead = ["ivan"] }}
{access}
"""
NOON = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)  # 12:00 in Minsk
EVENING = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)  # 20:00


@dataclass
class Hourglass:
    """A clock that runs only where it is waited for."""

    time: datetime
    waits: int = 0

    def now(self) -> datetime:
        return self.time

    def monotonic(self) -> float:
        return self.time.timestamp()

    def wait(self, seconds: float) -> None:
        self.waits += 1
        self.time += timedelta(seconds=seconds)


@dataclass
class Waiting:
    """A run that has come to the step, with what it told."""

    top: Path
    clock: Hourglass
    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    approvals: list[str] = field(default_factory=list)
    aborted_by: str = ""

    def context(
        self, *, windows: str = "", access: str = "", zone: str = "Europe/Minsk", **plan: Any
    ) -> Context:
        ferry = make_ferry(self.top)
        with ferry.config.open("a") as out:
            out.write(RULES.format(windows=windows, access=access, zone=zone))
        installation = replace(installation_of(read(ferry.config)), clock=self.clock)
        kind = plan.pop("kind", Kind.DEPLOY)
        return Context(
            installation=installation,
            plan=Plan(kind, "run", "production", (), "release", "a test", **plan),
            results={},
            tell=lambda kind, data: self.told.append((kind, dict(data))),
            checkpoint=lambda: None,
            progress=lambda _done, _total, _unit: None,
            abort_asked=lambda: self.aborted_by,
            measurements=Kept(),
            approvals=lambda: tuple(self.approvals),
        )


@pytest.fixture
def waiting(tmp_path: Path) -> Waiting:
    return Waiting(tmp_path / "ferry", Hourglass(EVENING))


def test_nothing_to_wait_for_is_no_wait(waiting: Waiting) -> None:
    found = AwaitCutover().run(waiting.context())
    assert found["hours"] == "ordinary"
    assert waiting.clock.waits == 0


def test_it_goes_on_when_the_window_opens(waiting: Waiting) -> None:
    """So early that the baseline is measured by then, and not later than that."""
    found = AwaitCutover().run(waiting.context(at="next-window"))
    opens = datetime(2026, 11, 26, 23, 0, tzinfo=UTC)  # 02:00 in Minsk
    assert found["hours"] == "recommended"
    assert (
        timedelta(0)
        <= waiting.clock.time - (opens - timedelta(seconds=0.5))
        <= timedelta(seconds=1)
    )
    assert waiting.told[0][0] == "waits-for-window"


def test_the_reserve_is_a_window_for_whoever_says_why(waiting: Waiting) -> None:
    waiting.clock.time = NOON
    found = AwaitCutover().run(waiting.context(at="next-window", reason="a security fix"))
    assert found["hours"] == "reserve"
    assert waiting.clock.time.hour == 11  # 14:00 in Minsk


def test_a_window_that_passes_unapproved_is_waited_for_again(waiting: Waiting) -> None:
    """`--at next-window` is no wish for whatever hour the approval comes in, even an ordinary
    one; the team is told the new time."""
    context = waiting.context(access='approve = { production = ["lead"] }', at="next-window")
    morning = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)  # 06:00 in Minsk: nobody minds, nobody asked
    waits = waiting.clock.wait

    def wait(seconds: float) -> None:
        waits(60 * seconds)
        if waiting.clock.time >= morning and not waiting.approvals:
            waiting.approvals.append("ivan")

    waiting.clock.wait = wait  # type: ignore[method-assign]
    found = AwaitCutover().run(context)
    assert found["hours"] == "recommended"
    assert waiting.clock.time.astimezone(UTC).date() == morning.date()
    assert waiting.clock.time >= datetime(2026, 11, 27, 22, 59, tzinfo=UTC)
    windows = [data["until"][:16] for kind, data in waiting.told if kind == "waits-for-window"]
    assert windows == ["2026-11-27T02:00", "2026-11-28T02:00"]


def test_an_engine_that_was_killed_waits_for_the_next_window(waiting: Waiting) -> None:
    """Carried on in the evening after: the window of the night before is over."""
    context = waiting.context(at="next-window")
    waiting.aborted_by = "a crash"
    with pytest.raises(ParomError):
        AwaitCutover().run(context)
    waiting.aborted_by = ""
    waiting.clock.time += timedelta(days=1)
    found = AwaitCutover().run(context)
    assert found["hours"] == "recommended"
    assert waiting.clock.time.date() == EVENING.date() + timedelta(days=1)


@pytest.mark.parametrize(
    ("now", "stops"),
    [
        # Berlin, 02:00-04:00: on 29 March the clock goes from 02:00 to 03:00.
        (datetime(2026, 3, 28, 21, 0, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        # On 25 October it goes from 03:00 back to 02:00: the window is three hours long.
        (datetime(2026, 10, 24, 21, 0, tzinfo=UTC), datetime(2026, 10, 25, 0, 0, tzinfo=UTC)),
    ],
)
def test_the_night_in_which_the_clock_is_set_has_its_window(
    waiting: Waiting, now: datetime, stops: datetime
) -> None:
    """In time that passes, not in hands of a clock."""
    waiting.clock.time = now
    context = waiting.context(at="next-window", zone="Europe/Berlin")
    found = AwaitCutover().run(context)
    assert found["hours"] == "recommended"
    assert (
        timedelta(0)
        <= waiting.clock.time - (stops - timedelta(seconds=0.5))
        <= timedelta(seconds=1)
    )


def test_a_preparation_that_ended_in_avoided_hours_does_not_go_over(waiting: Waiting) -> None:
    """What was allowed when it was asked for may not be any more."""
    waiting.clock.time = NOON
    with pytest.raises(ParomError, match=r"window\.avoided.*02:00 on 27\.11"):
        AwaitCutover().run(waiting.context())


def test_the_last_look_is_right_before_the_stop(waiting: Waiting) -> None:
    """A run that was interrupted overnight must not stop the services at noon."""
    waiting.clock.time = NOON
    with pytest.raises(ParomError, match=r"window\.avoided"):
        HoldGateway().run(waiting.context())


@pytest.mark.parametrize("kind", [Kind.ROLLBACK, Kind.PARTIAL, Kind.INSTALL])
def test_a_way_back_asks_for_no_hour(waiting: Waiting, kind: Kind) -> None:
    waiting.clock.time = NOON
    found = AwaitCutover().run(waiting.context(kind=kind))
    assert found == {"waited_s": 0.0}


def test_a_second_person_is_waited_for(waiting: Waiting) -> None:
    context = waiting.context(access='approve = { production = ["lead"] }')
    waiting.clock.wait = lambda _seconds: waiting.approvals.append("ivan")  # type: ignore[assignment, method-assign]
    found = AwaitCutover().run(context)
    assert found["approved_by"] == ["ivan"]
    assert waiting.told == [("waits-for-approval", {"roles": ["lead"]})]


def test_an_approval_that_does_not_come_ends_it(waiting: Waiting) -> None:
    """The limit counts from the first attempt, also of an engine that was killed since."""
    context = waiting.context(access='approve = { production = ["lead"] }\napproval_limit_s = 60')
    waiting.aborted_by = "olga"
    with pytest.raises(ParomError, match=r"run\.aborted"):
        AwaitCutover().run(context)
    waiting.aborted_by = ""
    waiting.clock.time += timedelta(seconds=59)
    with pytest.raises(ParomError, match=r"run\.not-approved"):
        AwaitCutover().run(context)
    assert waiting.clock.waits == 1
