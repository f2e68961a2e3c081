"""Page's walk: what raises it, what lowers it, and that it forgets good times."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from parom.verdict.walk import Question, Walk, in_steps

START = Walk(Question(0.01, 0.2, math.log(1e6)))


def walked(observations: list[bool]) -> Walk:
    walk = START
    for one in observations:
        walk = walk.after(one)
    return walk


def test_good_observations_never_raise_it_above_the_floor() -> None:
    """A long good time must not be a credit that a later fault has to use up."""
    assert walked([False] * 10_000).height == 0.0


@given(st.lists(st.booleans(), max_size=60))
def test_a_failure_more_never_lowers_it(observations: list[bool]) -> None:
    """Otherwise a worse release could pass where a better one fails."""
    better = walked(observations).height
    for number, failed in enumerate(observations):
        if not failed:
            worse = [*observations[:number], True, *observations[number + 1 :]]
            assert walked(worse).height >= better


def test_each_step_is_the_log_likelihood_ratio() -> None:
    """The formula of the paper, by its numbers."""
    up = START.after(True).height
    assert math.isclose(up, math.log(0.2 / 0.01))
    assert math.isclose(START.after(True).after(False).height, up + math.log(0.8 / 0.99))


@given(st.lists(st.booleans(), max_size=60), st.integers(0, 60))
def test_a_quiet_time_at_once_is_the_same_as_look_by_look(
    observations: list[bool], quiet: int
) -> None:
    """Signatures of a log are silent most seconds, and are not visited in each."""
    walk = walked(observations)
    by_looks = walk
    for _ in range(quiet):
        by_looks = by_looks.after(False)
    assert math.isclose(walk.after_quiet(quiet).height, by_looks.height, abs_tol=1e-9)


@given(st.floats(0.01, 0.35), st.floats(0.4, 0.9), st.floats(1, 200), st.lists(st.booleans()))
def test_no_fault_is_found_in_fewer_events_than_the_limit(
    p0: float, p1: float, events: float, observations: list[bool]
) -> None:
    """ "alarm at n u" is a promise: no alarm before n events, and one at n in a row."""
    walk = Walk(in_steps(p0, p1, events))
    for one in observations:
        walk = walk.after(one)
        assert not walk.alarmed or sum(observations) >= events - 1e-6
    fresh = Walk(in_steps(p0, p1, events))
    for _ in range(math.ceil(events)):
        fresh = fresh.after(True)
    assert fresh.alarmed
