"""A day is judged hour by hour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from parom.day.alarms import HOUR_S, DayAlarm, Hours
from parom.verdict.expected import Expected
from parom.verdict.observed import Observed, observed
from parom.verdict.parameters import FULL
from parom.verdict.samples import Answer, Probed, Sample
from tests.verdict.watches import before

BEGAN, EVERY_S = 2_000.0, 10.0
PARAMETERS = replace(
    FULL,
    watch_s=HOUR_S,
    probe_every_s=EVERY_S,
    longest_gap_s=30,
    latency=replace(FULL.latency, fast_block_s=60),
)
BEFORE = before()


def fresh(at: float) -> Observed:
    return observed(PARAMETERS, Expected(endpoints=("/a/", "/b/")), BEFORE, at)


def probes(at: float, status: int = 200, seconds: float = 0.05) -> list[Sample]:
    good = Probed("/b/", Answer(at, 200, 0.05))
    return [Probed("/a/", Answer(at, status, seconds)), good]


def day(
    hours: float, *faults: tuple[float, float], told: Hours | None = None, seconds: float = 0.05
) -> Iterator[tuple[float, DayAlarm]]:
    """(hour, alarm) of a day in which /a/ fails between the hours of each fault; where answers
    take longer than usual, it is slow instead."""
    judged = told or Hours(BEGAN, fresh)
    for step in range(int(hours * HOUR_S / EVERY_S)):
        hour = step * EVERY_S / HOUR_S
        is_bad = any(begin <= hour < end for begin, end in faults)
        status = 500 if is_bad and seconds == 0.05 else 200
        at = BEGAN + step * EVERY_S
        seen = probes(at, status, seconds if is_bad else 0.05)
        for one in judged.after(seen, at + 1):
            yield hour, one


def test_a_good_day_has_no_alarm() -> None:
    assert list(day(24)) == []


def test_an_outage_is_told_within_a_minute_and_each_later_one_too() -> None:
    """A lane that stays alarmed would be silent about the second."""
    found = list(day(24, (1.5, 1.6), (20.2, 20.3)))
    assert [one.source for _, one in found] == ["/a/", "/a/"]
    assert {one.criterion for _, one in found} == {"endpoints unreachable"}
    assert [round(hour, 1) for hour, _ in found] == [1.5, 20.2]


def test_what_goes_on_is_told_again_each_hour_and_not_more_often() -> None:
    found = list(day(5, (1.5, 4.5)))
    assert [int(hour) for hour, _ in found] == [1, 2, 3, 4]


def test_a_slow_release_is_told() -> None:
    """Twice as slow, from the baseline before the cutover; ten times as slow sooner."""
    ((twice, one),) = day(2, (1.01, 2), seconds=0.1)
    assert one.criterion == "performance degraded"
    ((ten, _),) = day(2, (1.01, 2), seconds=0.5)
    assert ten < twice < 1.5


def test_a_restart_in_the_middle_tells_nothing_twice() -> None:
    """The rows of the hour are judged again by the next process."""
    first = list(day(1.7, (1.5, 1.7)))
    assert len(first) == 1
    again = Hours(BEGAN, fresh, told={(1, "endpoints unreachable", "/a/")})
    assert list(day(1.7, (1.5, 1.7), told=again)) == []
