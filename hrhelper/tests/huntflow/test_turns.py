"""The law of the pace: within no second more requests arrive than are allowed.

It holds for any number of requests, however long each is under way, however late a process wakes
up; by a clock of the tests' own. test_processes.py counts real ones.
"""

import heapq
from contextlib import ExitStack
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from apps.huntflow.models import SharedAccess
from logic.huntflow import turns
from logic.huntflow.errors import HuntflowBusyError
from logic.huntflow.pace import EPOCH, Pace
from logic.huntflow.turns import SECOND, Turns

START = 1_790_000_000 * SECOND
LAW = hypothesis_settings(deadline=None, max_examples=200)
LAW_IN_THE_DATABASE = hypothesis_settings(deadline=None, max_examples=25)
moments = st.integers(0, 3 * SECOND)
latencies = st.one_of(st.integers(0, 5000), st.integers(0, 3 * SECOND))
# When it is wanted, how long it is under way, when of that it arrives, and how late one wakes up.
requests = st.lists(
    st.tuples(moments, latencies, st.floats(0, 1), st.integers(0, 200_000)), max_size=60
)


def most_in_a_second(arrivals):
    """The most within [t, t + 1 s), whatever t is."""
    return max((sum(at <= one < at + SECOND for one in arrivals) for at in arrivals), default=0)


def arrivals_of(wanted, per_second):
    """When each request arrives: each is a process of its own, and all look at the same turns."""
    state, arrivals = Turns(), []
    events = [(START + at, "wants", number, None) for number, (at, *_) in enumerate(wanted)]
    heapq.heapify(events)
    while events:
        now, what, number, place = heapq.heappop(events)
        _, latency, fraction, late = wanted[number]
        if what == "answered":
            state = turns.answered(state, place, now)
            continue
        at = turns.opens_at(state, now, per_second)
        if at > now:
            heapq.heappush(events, (at + late, "wants", number, None))
            continue
        state, place = turns.taken(state, now, per_second)
        arrivals.append(now + int(latency * fraction))
        heapq.heappush(events, (now + latency, "answered", number, place))
    return arrivals


@LAW
@given(requests, st.integers(1, 10))
def test_within_no_second_more_arrive_than_are_allowed(wanted, per_second):
    """By the clock of who receives them; and each of them gets its turn."""
    arrivals = arrivals_of(wanted, per_second)
    assert len(arrivals) == len(wanted)
    assert most_in_a_second(arrivals) <= per_second


@hypothesis_settings(deadline=None, max_examples=40)
@given(st.integers(1, 200), st.integers(1, 10))
def test_what_is_allowed_is_used(count, per_second):
    """Answered at once, only the hundredth is lost: a sync of hours must not take twice as long."""
    arrivals = arrivals_of([(0, 0, 0.0, 0)] * count, per_second)
    assert max(arrivals) - START <= count / per_second * 1.01 * SECOND


@LAW
@given(requests, st.integers(1, 10))
def test_turns_are_spread_over_the_second(wanted, per_second):
    """Never a burst at its beginning."""
    sent = sorted(arrivals_of([(at, took, 0.0, late) for at, took, _, late in wanted], per_second))
    assert all(later - one >= SECOND / per_second for one, later in pairwise(sent))


def test_request_that_is_never_answered_keeps_its_place_only_so_long():
    """Its process was killed; the other places are used meanwhile."""
    state, _lost = turns.taken(Turns(), START, 1)
    assert turns.opens_at(state, START + 119 * SECOND, 1) > START + 119 * SECOND
    assert turns.opens_at(state, START + 120 * SECOND, 1) == START + 120 * SECOND
    assert turns.opens_at(state, START + SECOND, 2) == START + SECOND


def test_moments_of_a_clock_that_was_wrong_count_for_nothing():
    """It was put right, and nobody waits until the year 2100."""
    ahead = START + 10 * turns.LONGEST_HOLD
    state = Turns(ahead, (ahead,) * 8)
    assert turns.opens_at(state, START, 8) == START
    changed, place = turns.taken(state, START, 8)
    assert changed.kept == (place,)


class Clock:
    """Time passes while somebody waits; meanwhile requests that are under way are answered."""

    def __init__(self):
        self.now, self.under_way = START, []

    def read(self):
        return EPOCH + timedelta(microseconds=self.now)

    def wait(self, seconds):
        self.pass_until(self.now + round(seconds * SECOND))

    def pass_until(self, end):
        while self.under_way and self.under_way[0][0] <= end:
            at, _, open_turn = heapq.heappop(self.under_way)
            self.now = max(self.now, at)
            open_turn.close()
        self.now = max(self.now, end)


@pytest.mark.django_db
@LAW_IN_THE_DATABASE
@given(requests, st.integers(1, 10))
def test_law_holds_for_the_row_that_processes_share(wanted, per_second):
    """Several processes, with many requests under way at once, and the row as it is stored."""
    SharedAccess.objects.all().delete()
    clock, arrivals = Clock(), []
    paces = [Pace("law", per_second, clock.wait, clock.read) for _ in range(3)]
    for number, (at, latency, fraction, _late) in enumerate(sorted(wanted)):
        clock.pass_until(START + at)
        turn = ExitStack()
        turn.enter_context(paces[number % 3].turn(patience_s=10_000))
        arrivals.append(clock.now + int(latency * fraction))
        heapq.heappush(clock.under_way, (clock.now + latency, number, turn))
    clock.pass_until(clock.now + 10 * SECOND)
    assert most_in_a_second(arrivals) <= per_second
    for row in SharedAccess.objects.all():
        assert len(row.kept_places.split()) <= per_second


@pytest.mark.django_db
def test_pause_is_kept_by_all_and_patience_has_an_end():
    """Whoever would have to wait longer is told for how long."""
    clock = Clock()
    one, other = (Pace("law", 8, clock.wait, clock.read) for _ in range(2))
    with one.turn(0):
        pass
    one.hold(20)
    with pytest.raises(HuntflowBusyError) as caught, other.turn(19):
        raise AssertionError("the turn came too soon")
    assert caught.value.retry_after_s == 20
    with other.turn(20):
        assert clock.now == START + 20 * SECOND


@pytest.mark.django_db
def test_patience_counts_all_waits_together():
    """Eight stalled requests keep every place: whoever waits is told so, sooner or later."""
    clock = Clock()
    pace = Pace("law", 8, clock.wait, clock.read)
    with ExitStack() as stalled:
        for _ in range(8):
            stalled.enter_context(pace.turn(patience_s=10))
        before = clock.now
        with pytest.raises(HuntflowBusyError), pace.turn(patience_s=5):
            raise AssertionError("there is no place")
        assert clock.now - before <= 5 * SECOND
