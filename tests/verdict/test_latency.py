"""When an endpoint is slower for certain."""

from __future__ import annotations

import random

import pytest

from parom.verdict.errors import Answer
from parom.verdict.latency import LEAST_BASELINE, Baseline, baseline_of, judge_latency


def noisy(seed: int, count: int, factor: float = 1.0, start: float = 0.0) -> list[Answer]:
    """Response times around 50 ms as they are: lognormal, with an outlier here and there."""
    chance = random.Random(seed)
    times = (
        0.05 * factor * chance.lognormvariate(0, 0.25) * (20 if chance.random() < 0.01 else 1)
        for _ in range(count)
    )
    return [Answer(start + second, 200, time) for second, time in enumerate(times)]


def baseline(seed: int = 1) -> Baseline:
    found = baseline_of(noisy(seed, 300))
    assert found is not None
    return found


def test_too_few_answers_are_no_baseline() -> None:
    """Nothing to compare with is inconclusive, never a pass by default."""
    assert baseline_of(noisy(1, LEAST_BASELINE - 1)) is None
    failed = [Answer(0.0, 500, 0.01)] * 100
    assert baseline_of(failed) is None


def test_failed_probes_do_not_count_as_quick_ones() -> None:
    """An error page in a millisecond must not make the baseline faster than it is."""
    good = noisy(2, 50)
    assert baseline_of([*good, *[Answer(0.0, 500, 0.001)] * 50]) == baseline_of(good)


@pytest.mark.parametrize("seed", range(30))
def test_the_same_speed_passes_a_whole_watch(seed: int) -> None:
    """Outliers and noise are no reason to go back."""
    assert judge_latency("/a/", baseline(), noisy(seed + 100, 1800)) is None


@pytest.mark.parametrize("seed", range(10))
def test_twice_as_slow_is_found_within_six_minutes(seed: int) -> None:
    """R-7.1's criterion, with room above the median of DESIGN's simulation."""
    alarm = judge_latency("/a/", baseline(), noisy(seed, 1800, 2.0))
    assert alarm is not None
    assert alarm.criterion == "performance degraded"
    assert alarm.at < 360


@pytest.mark.parametrize("seed", range(10))
def test_ten_times_as_slow_is_found_within_two_minutes(seed: int) -> None:
    """The fast lane, or the walk, whichever is first."""
    alarm = judge_latency("/a/", baseline(), noisy(seed, 1800, 10.0))
    assert alarm is not None
    assert alarm.at < 120


def test_the_fact_names_both_medians() -> None:
    """A person who reads it must be able to judge it."""
    alarm = judge_latency("/a/", Baseline(0.05, 0.075, 0.05), noisy(3, 600, 3.0))
    assert alarm is not None
    assert "against 50 ms before" in alarm.fact
