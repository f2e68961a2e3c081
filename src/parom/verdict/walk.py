"""A sequential test of "how often does it happen": Page's cumulative sum of log-likelihoods.

E. S. Page, "Continuous inspection schemes", Biometrika 41 (1954). Each observation adds
ln(p1/p0) where the event happened and ln((1-p1)/(1-p0)) where not; the sum never falls
below 0; it alarms at a limit in nats.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Question:
    """`p0` is the share that is normal, `p1` the share that is a fault; `limit` in nats."""

    p0: float
    p1: float
    limit: float

    @cached_property
    def up(self) -> float:
        """What an event adds, in nats: above 0."""
        return math.log(self.p1 / self.p0)

    @cached_property
    def down(self) -> float:
        """What a quiet observation adds, in nats: below 0."""
        return math.log((1 - self.p1) / (1 - self.p0))


def in_steps(p0: float, p1: float, events: float) -> Question:
    """The question whose limit is so many events in a row."""
    return Question(p0, p1, events * math.log(p1 / p0))


@dataclass(frozen=True)
class Walk:
    """How far the evidence for a fault has come."""

    question: Question
    height: float = 0.0

    def after(self, happened: bool) -> Walk:
        """The walk one observation later."""
        question = self.question
        height = self.height + (question.up if happened else question.down)
        return Walk(question, height if height > 0.0 else 0.0)

    def after_quiet(self, observations: int) -> Walk:
        """The walk after so many observations in which nothing happened."""
        return Walk(self.question, max(0.0, self.height + observations * self.question.down))

    @property
    def alarmed(self) -> bool:
        # A limit of n events in a row must be reached by n events, whatever rounding does.
        return self.height >= self.question.limit - 1e-9
