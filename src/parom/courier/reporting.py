"""A report says who was told, and is there before anybody is told that it is over."""

from __future__ import annotations

from dataclasses import dataclass

from parom.config.model import Config
from parom.journal.lease import lock_is_taken
from parom.journal.models import Lease, Run
from parom.report.leaving import leave_report


@dataclass(frozen=True)
class Reports:
    """Writes reports anew when notices have arrived."""

    config: Config

    def tell(self, arrived: set[str]) -> None:
        """`arrived` are the runs of which notices were delivered since their reports were
        written; those whose report now says so are taken out. One that still runs stays in."""
        for run_id in self._over(arrived):
            if not self._engine_is_there(run_id):
                leave_report(self.config, run_id)
                arrived.discard(run_id)

    def waits_for_engine(self, arrived: set[str]) -> bool:
        """Whether a run is over and its engine is about to leave."""
        return bool(self._over(arrived))

    def _over(self, arrived: set[str]) -> list[str]:
        if not arrived:
            return []
        over = Run.objects.filter(id__in=arrived).exclude(state="running")
        return list(over.values_list("id", flat=True))

    def _engine_is_there(self, run_id: str) -> bool:
        """What it writes at its end would lack what is known now."""
        return lock_is_taken(self.config.state) and Lease.objects.filter(run_id=run_id).exists()
