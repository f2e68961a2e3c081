"""When a notice that did not arrive is tried again."""

from __future__ import annotations

from datetime import timedelta

FIRST_S, LONGEST_S = 2.0, 300.0
_LONGEST_ASKED_S = 3600.0
"""A Retry-After beyond an hour is a mistake, or somebody who wants silence."""
GIVEN_UP_AFTER = timedelta(days=3)
"""Older news is none. The journal has it."""


def delay_s(attempts: int, asked_s: float | None, *, can_retry: bool) -> float:
    """Seconds until the next attempt, after so many that failed (at least one).

    They double. Never earlier than the other side asks for; where a person must correct
    something first, the longest at once.
    """
    grown = min(FIRST_S * 2 ** min(attempts - 1, 20), LONGEST_S) if can_retry else LONGEST_S
    return max(grown, min(asked_s or 0.0, _LONGEST_ASKED_S))
