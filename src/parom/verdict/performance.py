"""Evidence on response times, page loads, memory and CPU."""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import median

from parom.verdict.baseline import Missing
from parom.verdict.evidence import Evidence
from parom.verdict.limit import LimitLane
from parom.verdict.observed import Observed
from parom.verdict.outcome import Outcome
from parom.verdict.proven import proven
from parom.verdict.series import PAGE, PROBE, RESOURCES, Series


def slower_evidence(watch: Observed) -> Iterator[Evidence]:
    """Each endpoint against its baseline (R-7.1)."""
    for name in watch.expected.endpoints:
        baseline, lane = watch.before.response_of(name), watch.latency.get(name)
        if isinstance(baseline, Missing):
            yield Evidence(name, Outcome.INCONCLUSIVE, f"{name}: no baseline: {baseline.why}")
        elif lane is None or lane.slower is None or not lane.slower.seen:
            yield Evidence(name, Outcome.INCONCLUSIVE, f"{name}: no response time yet")
        elif lane.alarm:
            yield Evidence(name, Outcome.FAIL, lane.alarm.fact, lane.alarm.at)
        else:
            now = _ms(median(lane.slower.recent))
            fact = f"{name}: {now} against {_ms(baseline.median_s)} before"
            yield proven(watch, Series(PROBE, name), fact)


def within_limit_evidence(watch: Observed) -> Iterator[Evidence]:
    """Each endpoint against the absolute limit (R-5.3, R-6)."""
    for name in watch.expected.endpoints:
        lane = watch.latency.get(name)
        if lane is None or not lane.limit.seen:
            yield Evidence(name, Outcome.INCONCLUSIVE, f"{name}: no response time yet")
            continue
        limit = lane.limit
        fact = f"{name}: {_ms(median(limit.recent))} of {_ms(limit.limit)}"
        if limit.alarmed_at is None:
            yield proven(watch, Series(PROBE, name), fact)
        else:
            yield Evidence(name, Outcome.FAIL, fact + _as_before(limit), limit.alarmed_at)


def page_evidence(watch: Observed) -> Iterator[Evidence]:
    """Each page against its limit."""
    for name in watch.expected.pages:
        pages = watch.pages.get(name)
        if pages is None:
            yield Evidence(name, Outcome.INCONCLUSIVE, f"{name}: never loaded in a browser")
            continue
        typical = median(pages.lane.recent)
        took = "never" if math.isinf(typical) else f"{typical:.1f} s"
        fact = f"{name}: loaded in {took} of {pages.lane.limit:.1f} s"
        yield _of_limit(watch, Series(PAGE, name), pages.lane, fact)


def resource_evidence(watch: Observed) -> Iterator[Evidence]:
    """Memory and CPU against their limits."""
    if not watch.expected.resources:
        return
    memory, cpu = watch.resources.memory, watch.resources.cpu
    if not memory.seen:
        yield proven(watch, RESOURCES, "")
        return
    used, most = median(memory.recent) / 1e6, memory.limit / 1e6
    yield _of_limit(watch, RESOURCES, memory, f"memory: {used:.0f} MB of {most:.0f} MB")
    share = median(cpu.recent)
    yield _of_limit(watch, RESOURCES, cpu, f"CPU: {share:.0%} of {cpu.limit:.0%}")


def _of_limit(watch: Observed, series: Series, lane: LimitLane, fact: str) -> Evidence:
    """A limit that was not kept before either is told, and is no reason to go back."""
    if lane.alarmed_at is not None and lane.kept_before:
        return Evidence(series.name or series.kind, Outcome.FAIL, fact, lane.alarmed_at)
    return proven(watch, series, fact + (_as_before(lane) if lane.alarmed_at else ""))


def _as_before(lane: LimitLane) -> str:
    return "" if lane.kept_before else ", and it was above that before as well"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"
