"""When an endpoint is slower for certain."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parom.verdict.alarm import Alarm
from parom.verdict.baseline import Baseline, Missing, response_baseline
from parom.verdict.latency import LatencyLane, latency_lane
from parom.verdict.limit import LimitLane
from parom.verdict.parameters import FULL, SHORT, Parameters
from parom.verdict.samples import Answer


def noisy(seed: int, count: int, factor: float = 1.0, start: float = 0.0) -> list[Answer]:
    """Response times around 50 ms as they are: lognormal, with an outlier here and there."""
    chance = random.Random(seed)
    times = (
        0.05 * factor * chance.lognormvariate(0, 0.25) * (20 if chance.random() < 0.01 else 1)
        for _ in range(count)
    )
    return [Answer(start + second, 200, time) for second, time in enumerate(times)]


EXACT = Baseline(0.05, 0.075, 0.05, 0.07, 0.0, 0.0)
"""50 ms, with one of twenty above 75 ms."""


def baseline(answers: list[Answer] | None = None) -> Baseline | Missing:
    """As the product measures it before a cutover; by default of five minutes that are usual."""
    given = noisy(1, 300) if answers is None else answers
    return response_baseline(given, 1e9, FULL.baseline, FULL.latency)


def judged(answers: list[Answer], before: Baseline | Missing) -> Alarm | None:
    """The first alarm of a watch that begins with `answers`, its grace included."""
    lane = latency_lane("/a/", before, answers[0].at, FULL)
    for answer in answers:
        lane = lane.after(answer)
    return lane.alarm


def test_too_few_answers_are_no_baseline() -> None:
    """Nothing to compare with is inconclusive, never a pass by default."""
    enough = FULL.baseline.least_answers
    assert isinstance(baseline(noisy(1, enough)), Baseline)
    assert baseline(noisy(1, enough - 1)) == Missing(
        f"{enough - 1} answers before, {enough} are needed"
    )
    assert isinstance(baseline([Answer(0.0, 500, 0.01)] * 1000), Missing)


def test_failed_probes_do_not_count_as_quick_ones() -> None:
    """An error page in a millisecond must not make the baseline faster than it is."""
    good = noisy(2, 200)
    found = baseline([*good, *[Answer(0.0, 500, 0.001)] * 40])
    assert isinstance(found, Baseline)
    assert found.share_failed == pytest.approx(1 / 6)
    assert replace(found, share_failed=0.0) == baseline(good)


@pytest.mark.parametrize("seed", range(30))
def test_the_same_speed_passes_a_whole_watch(seed: int) -> None:
    """Outliers and noise are no reason to go back."""
    assert judged(noisy(seed + 100, 1800), baseline()) is None


@pytest.mark.parametrize("seed", range(10))
def test_twice_as_slow_is_found_within_six_minutes(seed: int) -> None:
    """R-7.1's criterion; `python -m bench.verdict` has the median."""
    alarm = judged(noisy(seed, 1800, 2.0), baseline())
    assert alarm is not None
    assert alarm.criterion == "performance degraded"
    assert alarm.at < 360


@pytest.mark.parametrize("seed", range(10))
def test_ten_times_as_slow_is_found_within_two_minutes(seed: int) -> None:
    """The fast lane, or the walk, whichever is first."""
    alarm = judged(noisy(seed, 1800, 10.0), baseline())
    assert alarm is not None
    assert alarm.at < 120


def test_the_fact_names_both_medians() -> None:
    """A person who reads it must be able to judge it."""
    alarm = judged(noisy(3, 600, 3.0), EXACT)
    assert alarm is not None
    assert "against 50 ms before" in alarm.fact


def fed(
    times: list[float], baseline: Baseline | Missing = EXACT, parameters: Parameters = FULL
) -> LatencyLane:
    """A lane after one answer a second, the first at opening."""
    lane = latency_lane("/a/", baseline, 0.0, parameters)
    for second, seconds in enumerate(times):
        lane = lane.after(Answer(float(second), 200, seconds))
    return lane


def test_nothing_counts_within_the_grace() -> None:
    """A release that has just started is slow, and that says nothing."""
    lane = fed([10.0] * 30)
    assert lane == fed([0.05] * 30)
    assert lane.limit.seen == 0


def test_the_walk_needs_ninety_slow_answers() -> None:
    """DESIGN's limit: 89.5 times what a slow answer adds."""
    quick = [0.05] * 30
    assert fed([*quick, *[0.1] * 89]).alarm is None
    assert fed([*quick, *[0.1] * 90]).alarm is not None


def test_four_times_slower_is_found_in_four_blocks() -> None:
    """Before the fourth block is over, its majority is certain."""
    quick = [0.05] * 30
    assert fed([*quick, *[0.2] * 35]).alarm is None
    alarm = fed([*quick, *[0.2] * 36]).alarm
    assert alarm is not None
    assert alarm.at == 65.0
    assert "4.0 times as long, in 4 blocks in a row" in alarm.fact


def test_three_bursts_are_not_four_blocks_in_a_row() -> None:
    """A backup that slows everything for half a minute is no reason to go back."""
    times = ([0.05] * 10 + [0.5] * 30) * 3 + [0.05] * 300
    assert fed([0.05] * 30 + times).alarm is None


def test_a_silence_ends_the_row_of_blocks() -> None:
    """Blocks in which nobody looked are not slow blocks."""
    lane = latency_lane("/a/", EXACT, 0.0, FULL)
    for second in [*range(30, 50), *range(70, 90)]:
        lane = lane.after(Answer(float(second), 200, 1.0))
    assert lane.alarm is None


def test_without_a_baseline_only_the_limit_is_judged() -> None:
    """There is nothing to be slower than; 500 ms stays 500 ms."""
    lane = fed([0.05] * 30 + [0.6] * 90, Missing("nothing ran"))
    assert lane.alarm is None
    assert lane.limit.alarmed_at == 119.0


def test_the_limit_alarms_only_for_what_kept_it_before() -> None:
    """Going back to a release that was as slow cures nothing; a person is told."""
    was_slow = replace(EXACT, median_s=0.6, threshold_s=0.9, share_over_limit=0.9)
    lane = fed([0.6] * 300, was_slow)
    assert lane.limit.alarmed_at is not None
    assert not lane.limit.kept_before
    assert lane.alarm is None


def test_a_longer_tail_is_told_and_alarms_nobody() -> None:
    """One request in eight that takes twice as long: worth a look, not a rollback."""
    lane = fed(([0.05] * 7 + [0.11]) * 200)
    assert lane.tail is not None
    assert lane.tail.is_longer
    assert lane.alarm is None


@pytest.mark.parametrize(
    ("share", "normal"), [(0.0, 0.05), (0.05, 0.05), (0.2, 0.2), (0.35, 0.35), (0.9, 0.35)]
)
def test_what_is_normal_has_bounds(share: float, normal: float) -> None:
    """A baseline without any slow answer proves no share of 0; one of many hides no fault."""
    lane = latency_lane("/a/", replace(EXACT, share_above=share), 0.0, FULL)
    assert lane.slower is not None
    question = lane.slower.walk.question
    assert (question.p0, question.p1) == (normal, 0.65)
    assert question.limit == pytest.approx(89.5 * question.up)


@given(st.lists(st.floats(0.001, 2.0), max_size=150))
def test_a_slower_answer_never_lowers_the_walk(times: list[float]) -> None:
    """Otherwise a worse release could pass where a better one fails."""

    def height(lane: LatencyLane) -> float:
        assert isinstance(lane.slower, LimitLane)
        return float("inf") if lane.alarm else lane.slower.walk.height

    assert height(fed([one + 0.5 for one in times])) >= height(fed(times))


@given(st.lists(st.floats(0.001, 2.0), max_size=300), st.integers(0, 300))
def test_a_restart_changes_nothing(times: list[float], at: int) -> None:
    """A lane is a value: what was judged before a restart is judged the same after it."""
    answers = [Answer(float(second), 200, one) for second, one in enumerate(times)]
    whole = latency_lane("/a/", EXACT, 0.0, SHORT)
    for one in answers:
        whole = whole.after(one)
    part = latency_lane("/a/", EXACT, 0.0, SHORT)
    for one in answers[:at]:
        part = part.after(one)
    for one in answers[at:]:
        part = part.after(one)
    assert part == whole


def measured(times: list[float], *, until: float = 1e9) -> Baseline | Missing:
    answers = [Answer(float(second), 200, one) for second, one in enumerate(times)]
    return response_baseline(answers, until, FULL.baseline, FULL.latency)


def test_what_came_after_the_cutover_is_no_baseline() -> None:
    """R-7.1: measured before. A slow release must not be its own measure."""
    times = [0.05] * 200 + [5.0] * 1000
    assert measured(times, until=200) == measured(times[:200])
    assert isinstance(measured(times, until=100), Missing)
    assert measured(times, until=0) == Missing("nothing was measured before the cutover")


def test_an_endpoint_that_failed_before_has_no_baseline() -> None:
    """Its few answers are not what is normal."""
    answers = [Answer(float(n), 500 if n % 3 == 0 else 200, 0.05) for n in range(600)]
    found = response_baseline(answers, 1e9, FULL.baseline, FULL.latency)
    assert found == Missing("200 of 600 probes failed before")


@given(st.lists(st.floats(0.001, 10), min_size=150, max_size=400), st.randoms())
def test_a_baseline_does_not_depend_on_order(times: list[float], chance: random.Random) -> None:
    """Probes run side by side and may end in any order."""
    shuffled = times[:]
    chance.shuffle(shuffled)
    assert measured(shuffled) == measured(times)
