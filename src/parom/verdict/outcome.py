"""The three outcomes, and how many of them become one."""

from __future__ import annotations

import enum
from collections.abc import Iterable


class Outcome(enum.StrEnum):
    """What evidence amounts to."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"


def together(outcomes: Iterable[Outcome]) -> Outcome:
    """One failure fails; else one that is inconclusive, or nothing at all, is inconclusive."""
    found = set(outcomes)
    if Outcome.FAIL in found:
        return Outcome.FAIL
    return Outcome.PASS if found == {Outcome.PASS} else Outcome.INCONCLUSIVE
