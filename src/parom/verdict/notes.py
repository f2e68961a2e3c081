"""What a person should know, and what decides nothing."""

from __future__ import annotations

from collections.abc import Iterator

from parom.verdict.baseline import Missing
from parom.verdict.observed import Observed


def warnings(watch: Observed) -> Iterator[str]:
    """One sentence each."""
    for name, lane in watch.latency.items():
        if lane.tail and lane.tail.is_longer:
            than = lane.tail.threshold_s * 1000
            yield f"{name}: more than a tenth of the answers took longer than {than:.0f} ms"
    for limit, what in ((watch.resources.memory, "memory"), (watch.resources.cpu, "CPU")):
        if limit.alarmed_at is not None and not limit.kept_before:
            yield f"{what} is above its limit, as it was before"
    for name, page in watch.pages.items():
        if page.lane.alarmed_at is not None and not page.lane.kept_before:
            yield f"{name}: loads longer than its limit, as it did before"
    if not isinstance(watch.logs.baseline, Missing):
        for signature, one in watch.logs.sightings.items():
            if not one.known and one.entries < watch.parameters.logs.suspect_at:
                yield f"new in the logs, once: {signature}"
