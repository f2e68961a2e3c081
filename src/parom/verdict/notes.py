"""What a person should know, and what decides nothing."""

from __future__ import annotations

from collections.abc import Iterator

from parom.verdict.baseline import Missing
from parom.verdict.observed import Observed
from parom.words.said import said


def warnings(watch: Observed) -> Iterator[str]:
    """One sentence each."""
    for name, lane in watch.latency.items():
        if lane.tail and lane.tail.is_longer:
            yield said(
                "{name}: more than a tenth of the answers took longer than {than:.0f} ms",
                name=name,
                than=lane.tail.threshold_s * 1000,
            )
    memory, cpu = watch.resources.memory, watch.resources.cpu
    if memory.alarmed_at is not None and not memory.kept_before:
        yield said("memory is above its limit, as it was before")
    if cpu.alarmed_at is not None and not cpu.kept_before:
        yield said("CPU is above its limit, as it was before")
    for name, page in watch.pages.items():
        if page.lane.alarmed_at is not None and not page.lane.kept_before:
            yield said("{name}: loads longer than its limit, as it did before", name=name)
    if not isinstance(watch.logs.baseline, Missing):
        for signature, one in watch.logs.sightings.items():
            if not one.known and one.entries < watch.parameters.logs.suspect_at:
                yield said("new in the logs, once: {signature}", signature=signature)
