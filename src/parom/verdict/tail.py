"""The tail of response times: warns, and decides nothing."""

from __future__ import annotations

from dataclasses import dataclass

_TENTH = 0.1
_LEAST = 60


@dataclass(frozen=True)
class Tail:
    """Whether the p90 is above `threshold_s`: whether more than a tenth of all answers is."""

    threshold_s: float
    above: int = 0
    total: int = 0

    def after(self, seconds: float) -> Tail:
        return Tail(self.threshold_s, self.above + (seconds > self.threshold_s), self.total + 1)

    @property
    def is_longer(self) -> bool:
        return self.total >= _LEAST and self.above > _TENTH * self.total
