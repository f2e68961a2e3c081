"""What was measured around a crossing, as data: response times, pages, resources, logs, checks.

Part of the record (`report/record.py`), and in its units.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """Several probes of an endpoint together. Response times are of those that answered."""

    seen: int
    failed: int
    median_s: float | None
    p90_s: float | None
    worst_s: float | None


@dataclass(frozen=True)
class Moment:
    """The probes of a short span, for the chart."""

    at: float
    spread: Spread


@dataclass(frozen=True)
class Latency:
    """One endpoint before and after."""

    name: str
    before: Spread
    after: Spread
    series_before: tuple[Moment, ...]
    series_after: tuple[Moment, ...]


@dataclass(frozen=True)
class Limits:
    """What is too much."""

    response_s: float
    slower: float
    """Times the baseline's median."""
    page_s: float
    memory_bytes: int
    cpu_share: float


@dataclass(frozen=True)
class Page:
    """Loads of one page in a browser."""

    name: str
    loads: int
    never: int
    """Loads whose end never came."""
    median_s: float | None


@dataclass(frozen=True)
class Usage:
    """Memory and CPU of the services; one (time, bytes, share) a look."""

    median_bytes: float
    most_bytes: int
    median_share: float
    most_share: float
    series: tuple[tuple[float, int, float], ...]


@dataclass(frozen=True)
class Signature:
    """One kind of traceback or critical line, and how often it was there."""

    text: str
    before: int
    after: int


@dataclass(frozen=True)
class Logs:
    looks: int
    signatures: tuple[Signature, ...]
    unread: tuple[str, ...]


@dataclass(frozen=True)
class Check:
    """A check that was repeated during the watch."""

    kind: str
    name: str
    runs: int
    failed: int
    last_fact: str


@dataclass(frozen=True)
class Measured:
    """What was measured. What is None was not."""

    limits: Limits
    latency: tuple[Latency, ...]
    pages: tuple[Page, ...]
    usage_before: Usage | None
    usage_after: Usage | None
    logs: Logs | None
    checks: tuple[Check, ...]
    missing: tuple[str, ...]
    """What the watch said that it could not judge."""
    verdict: str
    """pass, fail, inconclusive; empty where nothing was watched."""
