"""What a report is derived from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from parom.journal.told import Told
from parom.plan.budgets import Budgets
from parom.plan.plan import Plan
from parom.report.figures import Limits
from parom.verdict.parameters import FULL, Parameters
from parom.verdict.samples import Sample


@dataclass(frozen=True)
class Sources:
    """One run as the journal has it, and what it is compared with."""

    project: str
    plan: Plan
    who: str
    asked: str
    started: str
    state: str
    outcome: str
    exit_code: int | None
    events: tuple[Told, ...]
    before: tuple[Sample, ...] = ()
    """Of the baseline."""
    after: tuple[Sample, ...] = ()
    """Of the watch."""
    budgets: Budgets | None = None
    watch_s: float | None = None
    limits: Limits | None = None
    usual: Mapping[str, float] = field(default_factory=dict)
    """Seconds by step: the medians of earlier runs of the same kind."""
    taken_back: tuple[Told, ...] = ()
    """For a rollback by hand: the events of the deployment that it takes back."""
    attempts: int = 0
    """Earlier runs that tried the same revision and did not end with it running."""
    abort_asked_by: str = ""
    taken_back_at: str = ""
    """When a rollback by hand took this deployment back; empty where none did."""


def limits_of(parameters: Parameters = FULL) -> Limits:
    """The limits of a set of the verdict's parameters."""
    return Limits(
        response_s=parameters.latency.limit_s,
        slower=parameters.latency.slower,
        page_s=parameters.pages.limit_s,
        memory_bytes=parameters.resources.memory_bytes,
        cpu_share=parameters.resources.cpu_share,
    )
