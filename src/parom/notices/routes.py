"""Which topics go where."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from parom.message import Topic

EVERYTHING = "*"


@dataclass(frozen=True)
class Place:
    """One place for notices, by the name under which the outbox keeps it."""

    name: str
    takes: frozenset[Topic]
    has_board: bool = False
    """Whether it shows one message a run that is edited, with the rest in its thread."""
    loud: frozenset[Topic] = frozenset()
    """What is shown outside the thread too."""


def topics_named(names: Collection[str]) -> frozenset[Topic]:
    """`*` is every topic."""
    if EVERYTHING in names:
        return frozenset(Topic)
    return frozenset(map(Topic, names))
