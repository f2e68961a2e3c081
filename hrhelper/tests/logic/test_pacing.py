from hypothesis import given
from hypothesis import strategies as st

from logic.base.pacing import (
    LONGEST_DELAY_S,
    REST_PER_WORK,
    SHORTEST_REST_S,
    delay_after_failures,
    rest_after,
)


@given(st.floats(0, 1000))
def test_rest_is_in_proportion_to_work(worked):
    """On a slow machine batches take longer, and people's requests need longer gaps."""
    assert rest_after(worked) >= REST_PER_WORK * worked
    assert rest_after(worked) >= SHORTEST_REST_S


def test_failures_are_tried_again_later_and_later():
    """A missing rate at night must not fill the log with tens of thousands of lines."""
    assert [delay_after_failures(n, 2.0) for n in (1, 2, 3, 4)] == [2, 4, 8, 16]
    assert delay_after_failures(10_000, 2.0) == LONGEST_DELAY_S
