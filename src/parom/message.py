"""What is told to people outside: topics, and a message as a notifier gets it."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


class Topic(enum.StrEnum):
    """What a notice is about. The values are those of parom.toml: a stored format."""

    BEFORE = "before"
    """Said before the cutover: when it will be."""
    START = "start"
    SUCCESS = "success"
    FAILURE = "failure"
    """It failed and goes back now."""
    ROLLBACK = "rollback"
    """A person has it go back."""
    ROLLED_BACK = "rolled-back"
    ROLLBACK_FAILED = "rollback-failed"
    REFUSED = "refused"
    """Production was not touched."""
    APPROVAL = "approval"
    """It waits for a second person."""
    INCONCLUSIVE = "inconclusive"
    HELD = "held"
    """It waits for a person to decide."""
    INTERRUPTED = "interrupted"
    """The engine is gone in the middle of it."""
    LATE = "late"
    """A budget is spent."""
    RECOVERED = "recovered"
    """An empty place became the installation, from a backup."""
    ALARM = "alarm"
    """The day's watch has seen something; nothing is rolled back by itself."""
    DIGEST = "digest"
    """What a day's watch has seen so far."""
    CLOSING = "closing"
    """The last word: the day's watch is over."""


class Tone(enum.StrEnum):
    """How a message is marked where the place can show it."""

    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True)
class Receipt:
    """By what a place knows a message again; empty where it does not."""

    channel: str = ""
    id: str = ""

    def __bool__(self) -> bool:
        return bool(self.id)


@dataclass(frozen=True)
class Message:
    """One text for one place. Plain text, no markup; the title may be empty."""

    title: str
    lines: tuple[str, ...] = ()
    tone: Tone = Tone.INFO
    replaces: Receipt = field(default=Receipt())
    """The message whose text this one is now; the place must be able to edit."""
    under: Receipt = field(default=Receipt())
    """The message in whose thread it goes, where there are threads."""
    is_loud: bool = False
    """Whether what goes into a thread is shown to the whole channel too."""
