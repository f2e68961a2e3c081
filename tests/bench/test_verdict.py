"""The simulation of watches: seeded, and judged by the code of production."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import islice

import pytest

from bench.cells import CELLS
from bench.noise import USUAL, answers, weather
from bench.verdict import promises, result_of, watches_of
from parom.verdict.before import measured_before
from parom.verdict.criteria import Rollback
from parom.verdict.expected import Expected
from parom.verdict.judging import judge
from parom.verdict.latency import latency_lane
from parom.verdict.observed import observed
from parom.verdict.outcome import Outcome
from parom.verdict.parameters import FULL
from parom.verdict.samples import Probed

BY_NAME = {cell.name: cell for cell in CELLS}


def test_the_same_seeds_give_the_same_watches() -> None:
    """Figures that nobody can repeat are none."""
    cell = BY_NAME["2 times slower"]
    assert watches_of(cell, 3, 6) == watches_of(cell, 0, 6)[3:]


@pytest.mark.parametrize("name", ["2 times slower", "10 times slower", "every probe fails"])
def test_what_is_wrong_is_found(name: str) -> None:
    """Twenty watches of two thousand: all of them, on the usual machine."""
    assert result_of(BY_NAME[name], watches_of(BY_NAME[name], 0, 20)).found == 1.0


def test_a_missed_promise_is_told() -> None:
    """The bench must be able to fail."""
    cell = replace(BY_NAME["unchanged"], factor=1.5)
    results = {
        name: result_of(BY_NAME[name], watches_of(BY_NAME[name], 0, 5))
        for name in ("2 times slower", "10 times slower", "every probe fails")
    }
    wrong = result_of(cell, watches_of(cell, 0, 5))
    assert promises({**results, "unchanged": wrong})[0].reached is False


@pytest.mark.parametrize("seed", range(3))
def test_a_whole_watch_decides_when_the_lanes_do(seed: int) -> None:
    """What is simulated is a lane; production asks the verdict each second."""
    chance = random.Random(seed)
    sky = weather(chance, USUAL, -300, 1800)
    coming = answers(chance, USUAL, sky, (-300, 1800), 2.0)
    before = [Probed("/a/", one) for one in islice(coming, 300)]
    known = measured_before(before, 0.0, FULL)
    lane = latency_lane("/a/", known.response_of("/a/"), 0.0, FULL)
    whole = observed(FULL, Expected(endpoints=("/a/",)), known, 0.0)
    for answer in coming:
        lane, whole = lane.after(answer), whole.after(Probed("/a/", answer))
        found = judge(whole, answer.at)
        assert (found.outcome is Outcome.FAIL) is (lane.alarm is not None)
        if lane.alarm is not None:
            assert found.reasons[0][0].criterion is Rollback.PERFORMANCE
            return
    pytest.fail("twice as slow was not found")


def test_cells_are_named_once() -> None:
    """Promises are found by name."""
    assert len(BY_NAME) == len(CELLS)
