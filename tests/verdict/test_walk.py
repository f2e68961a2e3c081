"""Page's walk: what raises it, what lowers it, and that it forgets good times."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from parom.verdict.walk import Walk

START = Walk(0.01, 0.2, math.log(1e6))


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
