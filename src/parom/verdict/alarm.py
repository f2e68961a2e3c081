"""What a lane says when it is certain."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Alarm:
    """The first moment at which something is no accident, with the evidence."""

    criterion: str
    fact: str
    at: float
    """Seconds since the epoch."""
