"""How long the courier tries, and how often. Seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    every_s: float = 0.3
    """Between two looks at the journal."""
    gap_s: float = 1.0
    """Between two attempts at one place: Slack takes one message a second and channel."""
    limit_s: float = 30.0
    """For one attempt as a whole; libraries bound each wait on a socket, not the sum."""
    linger_s: float = 900.0
    """How long after its run's end it still tries; the rest is the next run's."""


STANDARD = Pace()
