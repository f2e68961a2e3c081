"""A sequential test of "how often does it happen": Page's cumulative sum of log-likelihoods.

E. S. Page, "Continuous inspection schemes", Biometrika 41 (1954). Each observation adds
ln(p1/p0) where the event happened and ln((1-p1)/(1-p0)) where not; the sum never falls
below 0; it alarms at a limit in nats.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Walk:
    """`p0` is the share that is normal, `p1` the share that is a fault; `limit` in nats."""

    p0: float
    p1: float
    limit: float
    height: float = 0.0

    def after(self, happened: bool) -> Walk:
        """The walk one observation later."""
        ratio = self.p1 / self.p0 if happened else (1 - self.p1) / (1 - self.p0)
        step = math.log(ratio)
        return Walk(self.p0, self.p1, self.limit, max(0.0, self.height + step))

    @property
    def alarmed(self) -> bool:
        return self.height >= self.limit
