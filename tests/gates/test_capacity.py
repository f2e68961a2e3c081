"""A disk that fills during the cutover is the worst moment to learn its size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parom.facts import Level
from parom.gates.capacity import Need, judge

MIB, GIB = 1 << 20, 1 << 30


@pytest.mark.parametrize(
    ("needed", "free", "fits"),
    [(0, 0, True), (100, 110, True), (100, 109, False), (GIB, GIB, False), (GIB, 2 * GIB, True)],
)
def test_a_tenth_is_kept_to_spare(needed: int, free: int, fits: bool) -> None:
    """Logs and the application go on writing while the plan does."""
    assert (judge([Need("/srv", "copies", needed, free)]) == ()) is fits


def test_each_file_system_that_is_too_small_is_told_with_what_to_free() -> None:
    """The numbers are those that the reader has to act on."""
    found = judge(
        [
            Need("/srv", "snapshot", 2 * GIB, GIB),
            Need("/vault", "two backups", 100 * MIB, GIB),
            Need("/var", "logs", 100 * MIB, 109 * MIB),
        ]
    )
    assert [one.level for one in found] == [Level.ERROR, Level.ERROR]
    assert "/srv has 1.0 GiB free; the plan needs 2.3 GiB there" in found[0].fact
    assert found[0].cure.startswith("Free 1.3 GiB there")
    assert found[1].cure.startswith("Free 1 MiB there")


@given(st.integers(0, 10**15), st.integers(0, 10**15))
def test_nobody_is_told_to_free_nothing(needed: int, free: int) -> None:
    """Rounding must not print a need that is met."""
    for one in judge([Need("/srv", "copies", needed, free)]):
        assert "Free 0 " not in one.cure
