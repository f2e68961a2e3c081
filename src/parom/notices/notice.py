"""One thing that people are told."""

from __future__ import annotations

from dataclasses import dataclass

from parom.message import Message, Tone, Topic

TONES = {
    Topic.SUCCESS: Tone.SUCCESS,
    Topic.ROLLED_BACK: Tone.WARNING,
    Topic.RECOVERED: Tone.SUCCESS,
    Topic.CLOSING: Tone.SUCCESS,
    Topic.FAILURE: Tone.FAILURE,
    Topic.ROLLBACK_FAILED: Tone.FAILURE,
    Topic.HELD: Tone.FAILURE,
    Topic.ALARM: Tone.FAILURE,
    Topic.INTERRUPTED: Tone.FAILURE,
    Topic.INCONCLUSIVE: Tone.WARNING,
    Topic.REFUSED: Tone.WARNING,
    Topic.ROLLBACK: Tone.WARNING,
    Topic.APPROVAL: Tone.WARNING,
    Topic.LATE: Tone.WARNING,
}
"""The others are information."""


@dataclass(frozen=True)
class Notice:
    """What is told once, wherever it goes."""

    key: str
    """The same for the same thing, whoever works it out and how often."""
    topic: Topic
    title: str
    """The first line; for the four of the plan (R-8.1) to the letter."""
    lines: tuple[str, ...]
    number: int
    """Which of the run's events it follows from, counted from 0."""

    def as_message(self) -> Message:
        return Message(self.title, self.lines, TONES.get(self.topic, Tone.INFO))
