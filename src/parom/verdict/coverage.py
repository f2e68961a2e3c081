"""How much of a span was really looked at: what nobody saw is never counted as good."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

LONGEST_GAP_S = 10.0
"""Between two probes, this much counts as watched at most; in a longer gap nobody looked."""
ENOUGH = 0.9
"""The share of a watch that must have been watched, for a verdict."""


def watched_s(times: Iterable[float]) -> float:
    """Seconds that are covered by probes at these times (seconds since any moment)."""
    return sum(min(later - earlier, LONGEST_GAP_S) for earlier, later in pairwise(sorted(times)))
