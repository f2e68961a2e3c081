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
from parom.words.said import joined, said


def slower_evidence(watch: Observed) -> Iterator[Evidence]:
    """Each endpoint against its baseline (R-7.1)."""
    for name in watch.expected.endpoints:
        baseline, lane = watch.before.response_of(name), watch.latency.get(name)
        if isinstance(baseline, Missing):
            fact = said("{name}: no baseline: {why}", name=name, why=baseline.why)
            yield Evidence(name, Outcome.INCONCLUSIVE, fact)
        elif lane is None or lane.slower is None or not lane.slower.seen:
            yield Evidence(name, Outcome.INCONCLUSIVE, _no_time(name))
        elif lane.alarm:
            yield Evidence(name, Outcome.FAIL, lane.alarm.fact, lane.alarm.at)
        else:
            fact = said(
                "{name}: {now:.0f} ms against {before:.0f} ms before",
                name=name,
                now=median(lane.slower.recent) * 1000,
                before=baseline.median_s * 1000,
            )
            yield proven(watch, Series(PROBE, name), fact)


def within_limit_evidence(watch: Observed) -> Iterator[Evidence]:
    """Each endpoint against the absolute limit (R-5.3, R-6)."""
    for name in watch.expected.endpoints:
        lane = watch.latency.get(name)
        if lane is None or not lane.limit.seen:
            yield Evidence(name, Outcome.INCONCLUSIVE, _no_time(name))
            continue
        limit = lane.limit
        fact = said(
            "{name}: {now:.0f} ms of {limit:.0f} ms",
            name=name,
            now=median(limit.recent) * 1000,
            limit=limit.limit * 1000,
        )
        if limit.alarmed_at is None:
            yield proven(watch, Series(PROBE, name), fact)
        else:
            yield Evidence(name, Outcome.FAIL, _as_before(limit, fact), limit.alarmed_at)


def page_evidence(watch: Observed) -> Iterator[Evidence]:
    """Each page against its limit."""
    for name in watch.expected.pages:
        pages = watch.pages.get(name)
        if pages is None:
            fact = said("{name}: never loaded in a browser", name=name)
            yield Evidence(name, Outcome.INCONCLUSIVE, fact)
            continue
        typical, limit = median(pages.lane.recent), pages.lane.limit
        fact = (
            said("{name}: does not load, in {limit:.1f} s", name=name, limit=limit)
            if math.isinf(typical)
            else said(
                "{name}: loaded in {took:.1f} s of {limit:.1f} s",
                name=name,
                took=typical,
                limit=limit,
            )
        )
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
    fact = said("memory: {used:.0f} MB of {most:.0f} MB", used=used, most=most)
    yield _of_limit(watch, RESOURCES, memory, fact)
    fact = said("CPU: {share:.0%} of {limit:.0%}", share=median(cpu.recent), limit=cpu.limit)
    yield _of_limit(watch, RESOURCES, cpu, fact)


def _of_limit(watch: Observed, series: Series, lane: LimitLane, fact: str) -> Evidence:
    """A limit that was not kept before either is told, and is no reason to go back."""
    if lane.alarmed_at is not None and lane.kept_before:
        return Evidence(series.name or series.kind, Outcome.FAIL, fact, lane.alarmed_at)
    return proven(watch, series, _as_before(lane, fact) if lane.alarmed_at else fact)


def _as_before(lane: LimitLane, fact: str) -> str:
    if lane.kept_before:
        return fact
    return joined([fact, said(", and it was above that before as well")], "")


def _no_time(name: str) -> str:
    return said("{name}: no response time yet", name=name)
