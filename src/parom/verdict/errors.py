"""The lane of failed requests: no answer, or a 5xx."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from parom.verdict.alarm import Alarm
from parom.verdict.criteria import Rollback
from parom.verdict.parameters import FULL, ErrorRule
from parom.verdict.samples import Answer
from parom.verdict.walk import Question, Walk
from parom.words.said import said

__all__ = ["Alarm", "Answer", "ErrorLane", "error_lane", "judge_errors"]


@dataclass(frozen=True)
class ErrorLane:
    """One endpoint's failures so far. Counts from the moment of opening, without grace."""

    name: str
    walk: Walk
    seen: int = 0
    failed: int = 0
    alarm: Alarm | None = None

    def after(self, answer: Answer) -> ErrorLane:
        """The lane one probe later. An alarm stays."""
        if self.alarm is not None:
            return self
        walk = self.walk.after(answer.failed)
        seen, failed = self.seen + 1, self.failed + answer.failed
        alarm = self._alarm(answer, seen, failed) if walk.alarmed else None
        return ErrorLane(self.name, walk, seen, failed, alarm)

    def _alarm(self, answer: Answer, seen: int, failed: int) -> Alarm:
        last = said("no answer") if answer.status is None else f"HTTP {answer.status}"
        fact = said(
            "{name}: {failed} of {seen} probes failed, the last with {last}",
            name=self.name,
            failed=failed,
            seen=seen,
            last=last,
        )
        return Alarm(Rollback.ENDPOINTS, fact, answer.at)


def error_lane(name: str, rule: ErrorRule) -> ErrorLane:
    """A lane that has seen nothing."""
    return ErrorLane(name, Walk(Question(rule.normal, rule.fault, rule.alarm_nats)))


def judge_errors(name: str, answers: Iterable[Answer]) -> Alarm | None:
    """The first moment at which the failures of one endpoint are no accident; None if never."""
    lane = error_lane(name, FULL.errors)
    for answer in answers:
        lane = lane.after(answer)
        if lane.alarm is not None:
            break
    return lane.alarm
