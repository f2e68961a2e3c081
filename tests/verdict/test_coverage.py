"""How much of a watch was looked at."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parom.verdict.coverage import Coverage, watched_s

TIMES = st.lists(st.integers(0, 1000), unique=True).map(sorted)


def covered(times: list[int], longest_gap_s: float = 10.0) -> Coverage:
    coverage = Coverage(longest_gap_s)
    for at in times:
        coverage = coverage.after(float(at))
    return coverage


@given(TIMES)
def test_look_by_look_is_the_same_as_at_once(times: list[int]) -> None:
    """A restart must not change how long was watched."""
    assert covered(times).seconds == watched_s(float(one) for one in times)


@given(TIMES)
def test_no_more_than_the_span_is_watched(times: list[int]) -> None:
    """Nor more than ten seconds a look."""
    seconds = covered(times).seconds
    assert seconds <= 10 * len(times)
    assert not times or seconds <= times[-1] - times[0]


@given(TIMES, st.integers(0, 1000))
def test_a_look_more_never_means_less(times: list[int], more: int) -> None:
    """Else looking closer could make a verdict inconclusive."""
    every = sorted({*times, more})
    assert covered(every).seconds >= covered(times).seconds


def test_nobody_s_looks_are_never_enough() -> None:
    """Missing evidence is never counted as good."""
    assert not covered([]).is_enough(0, 1, 0.0)


def test_rare_looks_must_go_on_to_the_end() -> None:
    """A functional check runs every 300 s; three of six runs are half a watch."""
    assert covered([0, 300, 600, 900, 1200, 1500], 450).is_enough(0, 1800, 0.9)
    assert not covered([0, 300, 600], 450).is_enough(0, 1800, 0.9)
    assert not covered([1200, 1500], 450).is_enough(0, 1800, 0.9)
