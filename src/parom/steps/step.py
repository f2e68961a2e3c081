"""What a step is, and what it is given."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from parom.appside.application import Application
from parom.appside.migrator import Migrator
from parom.checks.functional import FunctionalChecks
from parom.config.model import Config
from parom.facts import PrivateInstance, Row
from parom.plan.plan import Plan
from parom.ports import (
    Clock,
    Database,
    Gateway,
    Host,
    Layout,
    Services,
    Source,
    Trial,
    Vault,
)

Data = Mapping[str, Any]
"""Plain data that goes into the journal and comes back from it."""


class Seen(enum.StrEnum):
    """What a look at the world says about a step that had begun."""

    DONE = "done"
    NOT_DONE = "not done"
    UNCLEAR = "unclear"
    """Begun or half done: repeating it is right, since every effect looks first."""


@dataclass(frozen=True)
class Installation:
    """One installation with everything that Parom needs of the world."""

    config: Config
    host: Host
    layout: Layout
    database: Database
    services: Services
    gateway: Gateway
    vault: Vault
    source: Source
    trial: Trial
    clock: Clock
    application: Callable[[Path, Mapping[str, str]], Application]
    """The application of a release: the path of its tree, and additions to its environment."""

    @property
    def state(self) -> Path:
        return self.config.state


class Measurements(Protocol):
    """Where samples are kept, apart from the events."""

    def add(self, phase: str, rows: Sequence[Row]) -> None:
        """Keep them, all or none."""
        ...

    def rows(self, phase: str) -> list[Row]:
        """All of a phase, oldest first."""
        ...


@dataclass
class Context:
    """What a step works with during one run."""

    installation: Installation
    plan: Plan
    results: dict[str, Data]
    """What earlier steps of this run returned, by step name."""
    tell: Callable[[str, Data], None]
    """Puts an observation or decision of the running step into the journal."""
    checkpoint: Callable[[], None]
    """Called between two effects of a step: raises where this engine was fenced out."""
    progress: Callable[[int, int, str], None]
    """(done, total, unit) of long work, for the screen only."""
    abort_asked: Callable[[], str]
    """Who asked to abort; empty if nobody."""
    measurements: Measurements
    approvals: Callable[[], Sequence[str]] = tuple
    """Who has approved the run so far."""
    begun: set[str] = field(default_factory=set)
    """Steps of this run with an intent, in whatever state."""
    instance: PrivateInstance | None = None
    started_ahead: bool = False
    """Whether a private instance was begun during the migration, and is proven to be as good as
    one begun after it: see `starting_ahead.py`."""
    migrator: Migrator | None = None
    functional: FunctionalChecks | None = None
    """Functional checks whose process was started ahead."""
    undone: dict[str, Data] = field(default_factory=dict)
    """What undoing returned, by step name."""

    @property
    def folder(self) -> Path:
        """This run's own folder for logs, scratch files and results."""
        path = self.installation.state / "runs" / self.plan.run_id
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path


class Step(Protocol):
    """The smallest unit that is journalled. Every method may be called twice."""

    name: str

    def run(self, context: Context) -> Data:
        """Do it; what it found out goes into the journal. Raises `ParomError`."""
        ...

    def look(self, context: Context) -> tuple[Seen, Data]:
        """After a crash in the middle: what happened, and the result where it is done."""
        ...

    def undo(self, context: Context) -> Data:
        """Take it back, also when it never finished."""
        ...


class Plain:
    """A step without lasting effect: repeated when in doubt, nothing to take back."""

    name = ""

    def look(self, context: Context) -> tuple[Seen, Data]:
        return Seen.UNCLEAR, {}

    def undo(self, context: Context) -> Data:
        return {}
