"""What an examination found."""

from __future__ import annotations

import enum
from dataclasses import asdict, dataclass
from typing import Any

from parom.errors import ParomError


class Health(enum.StrEnum):
    GOOD = "good"
    NOTE = "note"
    """Worth knowing; nothing to do."""
    WARNING = "warning"
    """A deployment would go through, and something about it would not be right."""
    WRONG = "wrong"
    """A deployment would be refused or fail."""


@dataclass(frozen=True)
class Observation:
    """One finding, with a stable id; the cure is empty where nothing is to be done."""

    id: str
    health: Health
    fact: str
    cure: str = ""

    def as_record(self) -> dict[str, Any]:
        return asdict(self)


def good(id_: str, fact: str) -> Observation:
    return Observation(id_, Health.GOOD, fact)


def note(id_: str, fact: str, cure: str = "") -> Observation:
    return Observation(id_, Health.NOTE, fact, cure)


def warning(id_: str, fact: str, cure: str) -> Observation:
    return Observation(id_, Health.WARNING, fact, cure)


def wrong(id_: str, fact: str, cure: str) -> Observation:
    return Observation(id_, Health.WRONG, fact, cure)


def of_problem(problem: ParomError) -> Observation:
    """What would stop a deployment with this error, said beforehand."""
    return wrong(problem.id, problem.fact, problem.cure)
