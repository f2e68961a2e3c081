"""What a criterion rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from parom.verdict.criteria import Rollback, Success
from parom.verdict.outcome import Outcome, together


@dataclass(frozen=True)
class Evidence:
    """One thing that was looked at, and what was seen."""

    source: str
    """An endpoint, a log, a check, a service."""
    outcome: Outcome
    fact: str
    at: float | None = None
    """When it was decided, in seconds since the epoch; None where nothing was decided."""


@dataclass(frozen=True)
class Judged:
    """A criterion with its evidence. Without any it is inconclusive."""

    criterion: Rollback | Success
    evidence: tuple[Evidence, ...]

    @property
    def outcome(self) -> Outcome:
        return together(one.outcome for one in self.evidence)

    def of(self, outcome: Outcome) -> tuple[Evidence, ...]:
        """The evidence with this outcome."""
        return tuple(one for one in self.evidence if one.outcome is outcome)


def judged(criterion: Rollback | Success, *evidence: Iterable[Evidence]) -> Judged:
    """A criterion that rests on all of these."""
    return Judged(criterion, tuple(one for part in evidence for one in part))
