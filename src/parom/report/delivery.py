"""Four figures of how an installation is delivered to, from its runs alone. Pure.

Their definitions are in `docs/reference/report.md`; they follow DORA's, as far as a journal
can know them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from parom.plan.plan import Kind

_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class PastRun:
    """A run as far as the figures need it. All moments are aware; None: it never came to it."""

    id: str
    kind: Kind
    revision: str
    of_run: str
    """For a rollback: the deployment that it takes back."""
    started: datetime
    opened: datetime | None
    """When the public was let in to the new release."""
    turned: datetime | None
    """When it was decided that it goes back."""
    restored: datetime | None
    """When the public was in to the release that came back."""
    stays: bool
    """Whether what it brought was accepted."""


@dataclass(frozen=True)
class Delivery:
    """The figures of a span. Durations are medians in seconds; None: nothing to measure."""

    days: float
    """How long the span is; shorter than asked for where the journal is younger."""
    deployments: int
    per_week: float
    failed: int
    change_failure_rate: float | None
    lead_time_s: float | None
    time_to_restore_s: float | None
    exposed_s: float | None
    """How long the public had the failed releases."""
    caught: int
    """Attempts that ended before the public saw them."""

    def as_record(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class _Failure:
    opened: datetime
    decided: datetime
    restored: datetime | None


def delivery_of(runs: Sequence[PastRun], now: datetime, days: float) -> Delivery:
    """The figures of the `days` before `now`; `runs` are all runs, in any order."""
    ordered = sorted(runs, key=lambda one: one.started)
    since = max(now - timedelta(days=days), ordered[0].started) if ordered else now
    tried = [one for one in ordered if one.kind in (Kind.DEPLOY, Kind.INSTALL)]
    recent = [one for one in tried if (one.opened or one.started) >= since]
    reached = [one for one in recent if one.opened is not None]
    failures = [found for one in reached if (found := _failure(one, ordered))]
    good = [one for one in reached if _failure(one, ordered) is None and one.stays]
    restored = [(it.restored - it.decided) for it in failures if it.restored]
    exposed = [(it.restored - it.opened) for it in failures if it.restored]
    span = now - since
    return Delivery(
        days=round(span / timedelta(days=1), 2),
        deployments=len(reached),
        # Of a day of history nobody knows what a week brings: at least a week is counted.
        per_week=round(len(reached) / max(span / _WEEK, 1.0), 2),
        failed=len(failures),
        change_failure_rate=round(len(failures) / len(reached), 4) if reached else None,
        lead_time_s=_median([_lead(one, ordered) for one in good]),
        time_to_restore_s=_median(restored),
        exposed_s=_median(exposed),
        caught=sum(1 for one in recent if one.opened is None and not one.stays),
    )


def _failure(run: PastRun, runs: Sequence[PastRun]) -> _Failure | None:
    """Why a deployment that the public saw does not count as good; None where it does."""
    if run.opened is None:
        return None
    if run.turned is not None and not run.stays:
        return _Failure(run.opened, run.turned, run.restored)
    for one in runs:
        by_hand = one.kind is Kind.ROLLBACK and one.of_run == run.id
        in_part = one.kind is Kind.PARTIAL and _last_before(one, runs) == run.id
        if (by_hand or in_part) and one.stays:
            return _Failure(run.opened, one.started, one.opened)
    return None


def _last_before(partial: PastRun, runs: Sequence[PastRun]) -> str:
    """The deployment of which a part was taken back: the last one that stayed."""
    earlier = [
        one.id
        for one in runs
        if one.kind in (Kind.DEPLOY, Kind.INSTALL) and one.stays and one.started < partial.started
    ]
    return earlier[-1] if earlier else ""


def _lead(run: PastRun, runs: Sequence[PastRun]) -> timedelta:
    """From the first time that its revision was brought here, be it to try it out, until the
    public had it."""
    same = [
        one.started
        for one in runs
        if run.revision and one.revision == run.revision and one.started <= run.started
    ]
    assert run.opened is not None  # noqa: S101 - only those that opened are asked
    return run.opened - min([*same, run.started])


def _median(spans: Sequence[timedelta]) -> float | None:
    return round(median(one.total_seconds() for one in spans), 2) if spans else None
