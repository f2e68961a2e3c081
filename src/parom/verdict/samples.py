"""What is observed of a running release, one record a look. `at` is seconds since the epoch.

A collector makes them and keeps them as rows; the lanes take them one by one, in the order of
`at` within a series. All of a watch is judged anew from its rows after a restart.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from parom.verdict.signature import Signature

_SERVER_ERROR = 500


@dataclass(frozen=True)
class Answer:
    """One probe: when, its HTTP status (None: no answer), how long in seconds."""

    at: float
    status: int | None
    seconds: float

    @property
    def failed(self) -> bool:
        return self.status is None or self.status >= _SERVER_ERROR


@dataclass(frozen=True)
class Probed:
    """One probe of one endpoint."""

    name: str
    answer: Answer

    @property
    def at(self) -> float:
        return self.answer.at


@dataclass(frozen=True)
class PageLoaded:
    """One page in a real browser: seconds to its load event; None where it never came."""

    name: str
    at: float
    seconds: float | None
    fact: str = ""
    """Why it never came."""


@dataclass(frozen=True)
class Used:
    """What the services' process trees use together."""

    at: float
    memory_bytes: int
    cpu_share: float
    """Of all processors of the machine: 0.5 is one of two."""


@dataclass(frozen=True)
class LogEntry:
    """One traceback, or one critical line, of a log."""

    signature: Signature
    worker: str
    """Process id or name as the log tells it; empty where it does not."""
    times: int = 1
    """How often it was there."""


@dataclass(frozen=True)
class LogLooked:
    """One look at one log: what was new in it since the look before."""

    name: str
    at: float
    entries: tuple[LogEntry, ...] = ()
    unread: str = ""
    """What could not be read, as a sentence; empty where nothing was missed."""


class CheckKind(enum.StrEnum):
    """What a check that answers yes or no looked at."""

    START = "start"
    """A service runs: the same processes, no restart loop."""
    DJANGO = "django"
    """`manage.py check --deploy` of the release."""
    ENDPOINT = "endpoint"
    """The right answer of one endpoint, listed or from the OpenAPI document."""
    FUNCTION = "function"
    """One functional check."""
    DATABASE = "database"
    """`SELECT COUNT(*) FROM django_migrations` answered."""


@dataclass(frozen=True)
class Checked:
    """One check and how it went."""

    kind: CheckKind
    name: str
    at: float
    passed: bool
    fact: str = ""
    """What was seen, as a person would say it; must be there where it did not pass."""
    restarts: int = 0
    """Of a service, how often it was started anew since it was last started on purpose."""


Sample = Probed | PageLoaded | Used | LogLooked | Checked
