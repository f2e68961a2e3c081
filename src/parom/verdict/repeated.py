"""Checks that answer yes or no, again and again: one no may be an accident, several are not."""

from __future__ import annotations

from dataclasses import dataclass

from parom.verdict.outcome import Outcome
from parom.verdict.parameters import CheckRule
from parom.verdict.samples import Checked, CheckKind


@dataclass(frozen=True)
class RepeatedCheck:
    """One check so far."""

    needed: int
    """Failures in a row that are no accident."""
    runs: int = 0
    in_a_row: int = 0
    failed_at: float | None = None
    """When it had failed so often in a row; that stays."""
    fact: str = ""
    """Of the last failure."""

    def after(self, checked: Checked) -> RepeatedCheck:
        """The check one run later."""
        if self.failed_at is not None:
            return self
        in_a_row = 0 if checked.passed else self.in_a_row + 1
        return RepeatedCheck(
            self.needed,
            self.runs + 1,
            in_a_row,
            checked.at if in_a_row >= self.needed else None,
            self.fact if checked.passed else checked.fact,
        )

    @property
    def outcome(self) -> Outcome:
        """Between the first failure and the one that decides nothing is certain."""
        if self.failed_at is not None:
            return Outcome.FAIL
        return Outcome.PASS if self.runs and not self.in_a_row else Outcome.INCONCLUSIVE


def repeated_check(kind: CheckKind, rule: CheckRule) -> RepeatedCheck:
    """A check that has not run yet."""
    needed: int = getattr(rule, kind.value)
    return RepeatedCheck(needed)
