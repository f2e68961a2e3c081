"""How much of a span was really looked at: what nobody saw is never counted as good."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

LONGEST_GAP_S = 10.0
"""Between two probes, this much counts as watched at most; in a longer gap nobody looked."""


def watched_s(times: Iterable[float]) -> float:
    """Seconds that are covered by probes at these times (seconds since any moment)."""
    return sum(min(later - earlier, LONGEST_GAP_S) for earlier, later in pairwise(sorted(times)))


@dataclass(frozen=True)
class Coverage:
    """The same, look by look. A gap counts as watched for `longest_gap_s` at most."""

    longest_gap_s: float
    first_at: float | None = None
    last_at: float | None = None
    looks: int = 0
    seconds: float = 0.0
    """Between the first look and the last."""

    def after(self, at: float) -> Coverage:
        """The coverage with a look at `at`, which is later than all before."""
        gap = 0.0 if self.last_at is None else min(at - self.last_at, self.longest_gap_s)
        first = at if self.first_at is None else self.first_at
        return Coverage(self.longest_gap_s, first, at, self.looks + 1, self.seconds + gap)

    def has(self, at: float) -> bool:
        """Whether a look at `at` was counted, or came too late to be."""
        return self.last_at is not None and at <= self.last_at

    def is_enough(self, begin: float, end: float, share: float) -> bool:
        """Whether so large a share of a span was watched. What lies before the first look and
        after the last is a gap like any other."""
        if self.first_at is None or self.last_at is None:
            return False
        ends = (self.first_at - begin, end - self.last_at)
        outside = sum(min(max(gap, 0.0), self.longest_gap_s) for gap in ends)
        return self.seconds + outside >= share * (end - begin)
