"""Attempts grow apart, and keep to what the other side asks for."""

from __future__ import annotations

from parom.notices.retry import delay_s


def test_delays_double_up_to_a_limit() -> None:
    delays = [delay_s(n, None, can_retry=True) for n in range(1, 12)]
    assert delays[:4] == [2.0, 4.0, 8.0, 16.0]
    assert delays == sorted(delays)
    assert delays[-1] == 300.0
    assert delay_s(10_000, None, can_retry=True) == 300.0


def test_nobody_is_asked_earlier_than_they_wish() -> None:
    """Retry-After; what would be longer than an hour is not believed."""
    assert delay_s(1, 30, can_retry=True) == 30
    assert delay_s(9, 30, can_retry=True) == 300
    assert delay_s(1, 1e9, can_retry=True) == 3600


def test_what_a_person_must_correct_is_not_tried_every_second() -> None:
    assert delay_s(1, None, can_retry=False) == 300
