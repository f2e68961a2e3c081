"""How long steps usually take: the medians of the last runs of the same kind."""

from __future__ import annotations

from datetime import datetime
from statistics import median

from parom.journal.models import Run
from parom.journal.record import StepState, steps_of

_LAST = 5


def usual_durations(kind: str, without: str) -> dict[str, float]:
    """Seconds by step, from at most the last five finished runs; empty where there is none."""
    times: dict[str, list[float]] = {}
    runs = Run.objects.filter(kind=kind, state="finished").exclude(id=without)
    for run in runs.order_by("-started")[:_LAST]:
        for name, record in steps_of(run.id).items():
            if record.state is StepState.OK and record.began and record.ended:
                took = datetime.fromisoformat(record.ended) - datetime.fromisoformat(record.began)
                times.setdefault(name, []).append(took.total_seconds())
    return {name: median(values) for name, values in times.items()}
