"""Samples of a run: rows of their own, not events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parom.facts import Row
from parom.journal.models import Sample

_LONGEST = 200
_AT_A_TIME = 5000


@dataclass(frozen=True)
class RunSamples:
    """The measurements of one run."""

    run_id: str

    def add(self, phase: str, rows: Sequence[Row]) -> None:
        Sample.objects.bulk_create(
            Sample(
                run_id=self.run_id,
                phase=phase,
                at=one.at,
                kind=one.kind,
                name=one.name[:_LONGEST],
                status=one.status,
                seconds=one.seconds,
                error=one.error[:_LONGEST],
                data=one.data,
            )
            for one in rows
        )

    def drop(self) -> int:
        """Let go of all of them; how many. A few thousand at a time: whoever has something to
        write down meanwhile does not wait for all."""
        of_run, dropped = Sample.objects.filter(run_id=self.run_id), 0
        while ids := list(of_run.values_list("id", flat=True)[:_AT_A_TIME]):
            dropped += Sample.objects.filter(id__in=ids).delete()[0]
        return dropped

    def rows(self, phase: str) -> list[Row]:
        found = Sample.objects.filter(run_id=self.run_id, phase=phase).order_by("at", "id")
        values = found.values_list("at", "kind", "name", "status", "seconds", "error", "data")
        return [Row(*one) for one in values]
