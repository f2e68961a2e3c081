"""What is over its budget, and that waiting is no work."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parom.plan.budgets import TOTAL, Budgets, overruns, spent_s

BUDGETS = Budgets(preparation_s=100, cutover_s=50, total_s=300)
PREPARED = {"release.fetch": 0.0, "rehearsal.run": 60.0}
CROSSING = {**PREPARED, "gateway.hold": 90.0}
WATCHED = {**CROSSING, "watch.run": 120.0}


@pytest.mark.parametrize(
    ("began", "now", "waited", "late"),
    [
        ({}, 1000.0, 0.0, []),
        (PREPARED, 99.0, 0.0, []),
        (PREPARED, 101.0, 0.0, ["prepare"]),
        (PREPARED, 900.0, 850.0, []),
        (CROSSING, 139.0, 0.0, []),
        (CROSSING, 141.0, 0.0, ["cutover"]),
        (WATCHED, 299.0, 0.0, []),
        (WATCHED, 301.0, 0.0, [TOTAL]),
        (WATCHED, 1200.0, 910.0, []),
        ({"release.fetch": 0.0, "gateway.hold": 200.0}, 260.0, 0.0, ["prepare", "cutover"]),
    ],
)
def test_each_part_has_its_own(
    began: dict[str, float], now: float, waited: float, late: list[str]
) -> None:
    assert [one.phase for one in overruns(BUDGETS, began, now, waited)] == late


def test_a_part_that_is_over_stays_as_long_as_it_was() -> None:
    """The watch must not be told of as a longer cutover."""
    late = overruns(BUDGETS, {"gateway.hold": 0.0, "watch.run": 60.0}, 100.0)
    assert [(one.phase, one.spent_s) for one in late] == [("cutover", 60.0)]


STEPS = ("release.fetch", "rehearsal.run", "gateway.hold", "services.stop", "watch.run")


@given(
    st.lists(st.floats(0, 10_000), min_size=1, max_size=len(STEPS)),
    st.floats(0, 10_000),
    st.floats(0, 1),
)
def test_the_parts_are_the_whole(times: list[float], more: float, share: float) -> None:
    """No second is counted twice or not at all, wherever a run is; waiting is in none of them."""
    began = dict(zip(STEPS, sorted(times), strict=False))
    now = max(times) + more
    prepared = min([at for step, at in began.items() if step in STEPS[2:]], default=now)
    waited = share * (prepared - min(times))
    spent = spent_s(began, now, waited)
    whole = spent.pop(TOTAL)
    assert all(one >= -1e-6 for one in spent.values())
    assert whole == pytest.approx(sum(spent.values()))
    assert whole == pytest.approx(now - min(times) - waited)


@given(st.floats(0, 1000), st.floats(0, 1000))
def test_what_is_late_stays_late(at: float, more: float) -> None:
    """Time does not take an overrun back."""
    late = {one.phase for one in overruns(BUDGETS, PREPARED, at)}
    assert late <= {one.phase for one in overruns(BUDGETS, PREPARED, at + more)}
