"""The verdict: all criteria together."""

from __future__ import annotations

from dataclasses import dataclass

from parom.verdict.evidence import Evidence, Judged
from parom.verdict.outcome import Outcome, together


@dataclass(frozen=True)
class Verdict:
    """What a watch amounts to at a moment."""

    at: float
    """Seconds since the epoch."""
    parameters: str
    """The name of the set of parameters: `short` ones are wrong more often."""
    rollback: tuple[Judged, ...]
    """R-7.1: of each criterion, whether it is met (`fail`)."""
    success: tuple[Judged, ...]
    """R-6."""
    warnings: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """Fail where a rollback criterion is met; pass where all is proven good; else
        inconclusive: also where success is missed without a reason to go back."""
        if any(one.outcome is Outcome.FAIL for one in self.rollback):
            return Outcome.FAIL
        whole = together(one.outcome for one in (*self.rollback, *self.success))
        return Outcome.INCONCLUSIVE if whole is Outcome.FAIL else whole

    @property
    def reasons(self) -> tuple[tuple[Judged, Evidence], ...]:
        """What led to this outcome, most telling first; empty for a pass."""
        if self.outcome is Outcome.FAIL:
            return _with(self.rollback, Outcome.FAIL)
        return _with(self.success, Outcome.FAIL) + _with(
            (*self.rollback, *self.success), Outcome.INCONCLUSIVE
        )

    @property
    def unproven(self) -> tuple[Judged, ...]:
        """Criteria that rest on nothing, or on something that is missing."""
        every = (*self.rollback, *self.success)
        return tuple(one for one in every if one.outcome is Outcome.INCONCLUSIVE)


def _with(criteria: tuple[Judged, ...], outcome: Outcome) -> tuple[tuple[Judged, Evidence], ...]:
    return tuple((one, evidence) for one in criteria for evidence in one.of(outcome))
