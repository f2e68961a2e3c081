"""Every number that a verdict rests on, in two named sets.

`FULL` is for production: DESIGN, "Verdict"; `python -m bench.verdict` shows what it finds and how
often it is wrong. `SHORT` is for demonstrations and rehearsals that have a minute: it decides
on less, is wrong more often, and every verdict names the set that it was made with.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class BaselineRule:
    """What measurements before the cutover need, to be compared with."""

    least_answers: int = 150
    """Answered probes; half of what 300 s at one a second give."""
    most_failed: float = 0.2
    """Share of failed probes: a release that fails so often has no normal response time."""
    least_uses: int = 30
    """Looks at memory and CPU."""
    least_log_s: float = 150
    """Seconds in which each log was followed, or which its older lines cover."""


@dataclass(frozen=True)
class LatencyRule:
    """Response times. The walk counts answers above `slower` times the baseline's median."""

    slower: float = 1.5
    """R-7.1: more than 50 % above what was measured before."""
    least_normal: float = 0.05
    most_normal: float = 0.35
    fault: float = 0.65
    alarm_steps: float = 89.5
    """Slow answers in a row that alarm."""
    fast_factor: float = 4.0
    fast_blocks: int = 4
    fast_block_s: float = 10.0
    limit_s: float = 0.5
    """R-5.3: absolute, by the same walk."""


@dataclass(frozen=True)
class PageRule:
    """Page loads, R-5.3. Far apart, so that one burst seldom slows two: fewer steps do."""

    limit_s: float = 2.0
    least_normal: float = 0.05
    most_normal: float = 0.35
    fault: float = 0.65
    alarm_nats: float = math.log(1e6)


@dataclass(frozen=True)
class ErrorRule:
    """Failed probes. Five in a row alarm."""

    normal: float = 0.01
    fault: float = 0.2
    alarm_nats: float = math.log(1e6)


@dataclass(frozen=True)
class LogRule:
    """Tracebacks and critical lines by signature."""

    suspect_at: int = 2
    """A new signature seen so often is suspect."""
    workers: int = 2
    """A new one from so many workers fails."""
    least_normal: float = 1 / 300
    most_normal: float = 0.35
    rate_factor: float = 4.0
    """A known one fails at this many times its share of seconds, by the walk."""
    most_fault: float = 0.65
    alarm_nats: float = math.log(1e6)
    ignored: frozenset[str] = frozenset()
    """Exception types that are no critical errors of this application, as logged."""


@dataclass(frozen=True)
class ResourceRule:
    """R-5.3, sustained: alarmed when so many more looks were above a limit than below."""

    memory_bytes: int = 512_000_000
    cpu_share: float = 0.5
    alarm_looks: float = 60.0
    most_normal: float = 0.35
    fault: float = 0.65
    """Mirrors `most_normal`, so that a look above weighs as much as one below."""


@dataclass(frozen=True)
class CheckRule:
    """How often in a row a check must fail: what runs each second, and what runs now and then."""

    start: int = 5
    database: int = 5
    endpoint: int = 2
    function: int = 2
    django: int = 1


@dataclass(frozen=True)
class Parameters:
    """One set. Durations are seconds."""

    name: str
    watch_s: float = 1800
    grace_s: float = 30
    """How long response times and resources do not count after opening."""
    probe_every_s: float = 1.0
    enough: float = 0.9
    """The share of a watch that must have been looked at."""
    longest_gap_s: float = 10.0
    """Between two looks, this much counts as watched at most."""
    tail_slower: float = 1.5
    """A p90 above so many times the baseline's is warned of."""
    baseline: BaselineRule = BaselineRule()
    latency: LatencyRule = LatencyRule()
    pages: PageRule = PageRule()
    errors: ErrorRule = ErrorRule()
    logs: LogRule = LogRule()
    resources: ResourceRule = ResourceRule()
    checks: CheckRule = CheckRule()


FULL = Parameters("full")

SHORT = Parameters(
    "short",
    watch_s=60,
    longest_gap_s=3,
    grace_s=5,
    baseline=BaselineRule(least_answers=10, least_uses=5, least_log_s=5),
    latency=LatencyRule(alarm_steps=30, fast_blocks=3, fast_block_s=5),
    resources=ResourceRule(alarm_looks=10),
)
"""For a demonstration of a minute with a baseline of 20 s. Not for production."""
