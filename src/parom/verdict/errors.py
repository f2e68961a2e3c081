"""The lane of failed requests: no answer, or a 5xx."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from parom.verdict.walk import Walk

NORMAL_SHARE, FAULTY_SHARE, LIMIT = 0.01, 0.2, math.log(1e6)
"""DESIGN, "Verdict": five failures in a row alarm."""
_SERVER_ERROR = 500


@dataclass(frozen=True)
class Answer:
    """One probe: when (seconds since the epoch), its HTTP status (None: no answer), how long."""

    at: float
    status: int | None
    seconds: float

    @property
    def failed(self) -> bool:
        return self.status is None or self.status >= _SERVER_ERROR


@dataclass(frozen=True)
class Alarm:
    """What the answers amount to, with the evidence."""

    criterion: str
    fact: str
    at: float


def judge_errors(name: str, answers: Iterable[Answer]) -> Alarm | None:
    """The first moment at which the failures of one endpoint are no accident; None if never."""
    walk = Walk(NORMAL_SHARE, FAULTY_SHARE, LIMIT)
    failed = 0
    for seen, answer in enumerate(answers, start=1):
        failed += answer.failed
        walk = walk.after(answer.failed)
        if walk.alarmed:
            last = "no answer" if answer.status is None else f"HTTP {answer.status}"
            fact = f"{name}: {failed} of {seen} probes failed, the last with {last}"
            return Alarm("endpoints unreachable", fact, answer.at)
    return None
