"""Samples of a run: rows of their own, not events."""

from __future__ import annotations

from dataclasses import dataclass

from parom.journal.models import Sample


@dataclass(frozen=True)
class RunSamples:
    """The measurements of one run."""

    run_id: str

    def add(
        self, phase: str, at: float, name: str, status: int | None, seconds: float, error: str
    ) -> None:
        Sample.objects.create(
            run_id=self.run_id,
            phase=phase,
            at=at,
            name=name[:200],
            status=status,
            seconds=seconds,
            error=error[:200],
        )

    def series(self, phase: str, name: str) -> list[tuple[float, int | None, float]]:
        rows = Sample.objects.filter(run_id=self.run_id, phase=phase, name=name[:200])
        return list(rows.order_by("at").values_list("at", "status", "seconds"))
