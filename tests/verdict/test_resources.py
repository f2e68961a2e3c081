"""Memory and CPU: sustained, not a single look."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parom.verdict.baseline import Missing, UsageBaseline, usage_baseline
from parom.verdict.parameters import FULL
from parom.verdict.resources import ResourceLane, resource_lane
from parom.verdict.samples import Used

BEFORE = UsageBaseline(200e6, 0.2, 0.0, 0.0)
LIMITS = (FULL.resources.memory_bytes, FULL.resources.cpu_share)


def used(
    memory: list[int], cpu: list[float], baseline: UsageBaseline | Missing = BEFORE
) -> ResourceLane:
    """A lane after one look a second, the first at the end of the grace."""
    lane = resource_lane(baseline, 0.0, FULL)
    for second, (one, other) in enumerate(zip(memory, cpu, strict=True), start=30):
        lane = lane.after(Used(float(second), one, other))
    return lane


def test_a_minute_above_the_limit_alarms() -> None:
    """And not a second less."""
    too_much = LIMITS[0] + 1
    assert used([too_much] * 59, [0.1] * 59).memory.alarmed_at is None
    assert used([too_much] * 60, [0.1] * 60).memory.alarmed_at == 89.0


def test_the_limit_itself_is_kept() -> None:
    """512 MB are allowed, more are not."""
    assert used([LIMITS[0]] * 300, [LIMITS[1]] * 300).memory.alarmed_at is None


def test_bursts_of_cpu_are_borne() -> None:
    """Half a minute of every minute and a half: a report, a backup, an import."""
    assert used([0] * 1800, ([1.0] * 30 + [0.1] * 60) * 20).cpu.alarmed_at is None


def test_two_busy_seconds_of_three_alarm() -> None:
    """That is more than half, whatever lies between."""
    assert used([0] * 300, [1.0, 1.0, 0.1] * 100).cpu.alarmed_at is not None


def test_starting_up_does_not_count() -> None:
    """Loading an application takes a processor."""
    lane = resource_lane(BEFORE, 0.0, FULL)
    for second in range(30):
        lane = lane.after(Used(float(second), 10**10, 1.0))
    assert lane.memory.seen == 0


@pytest.mark.parametrize(("share", "kept"), [(0.0, True), (0.35, True), (0.4, False)])
def test_what_was_above_before_is_known(share: float, kept: bool) -> None:
    """Then going back cures nothing."""
    assert used([], [], UsageBaseline(6e8, 0.2, share, 0.0)).memory.kept_before is kept


@given(st.lists(st.booleans(), max_size=200))
def test_it_counts_looks_above_less_looks_below(above: list[bool]) -> None:
    """The law that makes "sustained" explainable: never below zero, alarmed at sixty."""
    lane = used([0] * len(above), [1.0 if one else 0.0 for one in above])
    count, alarmed = 0, False
    for one in above:
        count = max(0, count + (1 if one else -1))
        alarmed = alarmed or count >= 60
    assert (lane.cpu.alarmed_at is not None) is alarmed


def test_too_few_looks_are_no_baseline() -> None:
    """And those after the cutover are none at all."""
    looks = [Used(float(second), 1, 0.1) for second in range(100)]
    assert usage_baseline(looks, 20.0, FULL.baseline, LIMITS) == Missing(
        "20 looks before, 30 are needed"
    )
    assert usage_baseline(looks, 50.0, FULL.baseline, LIMITS) == UsageBaseline(1, 0.1, 0, 0)
