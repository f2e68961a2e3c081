"""Follows a run, composes letters, delivers them, and knows when to leave."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.db import DatabaseError

from parom.courier.composing import Composer
from parom.courier.delivering import Delivery
from parom.courier.pace import STANDARD, Pace
from parom.courier.reporting import Reports
from parom.journal import chain, outbox
from parom.journal.lease import lock_is_taken
from parom.journal.models import Event, Followed, Run
from parom.ports import Clock


@dataclass
class Courier:
    """Carries the news of one run, and what earlier couriers left."""

    run_id: str
    epoch: int
    state: Path
    composer: Composer
    delivery: Delivery
    reports: Reports
    clock: Clock
    pace: Pace = STANDARD
    _over_since: float | None = None

    def carry(self) -> None:
        """Until all is delivered, the time is over, or a newer courier has come."""
        while not self._has_left():
            self.clock.wait(self.pace.every_s)

    def _has_left(self) -> bool:
        """One round. What the journal cannot take now is done in the next."""
        try:
            is_last = self._run_is_over()
            self._compose()
            replaced = outbox.newest_epoch() > self.epoch
            self.delivery.step(may_begin=not replaced)
            self.reports.tell(self.delivery.arrived)
            return self._may_leave(is_last=is_last, replaced=replaced)
        except DatabaseError:
            return False

    def _compose(self) -> None:
        for run_id in Followed.objects.filter(is_over=False).values_list("run_id", flat=True):
            self.composer.compose(run_id, self.clock.now())
            if run_id != self.run_id:
                self._close_earlier(run_id)

    def _close_earlier(self, run_id: str) -> None:
        """Another run of this installation that is at rest: its courier was killed."""
        Followed.objects.filter(run_id=run_id).update(is_over=True)

    def _run_is_over(self) -> bool:
        """Whether nothing more will happen in this run. An engine that is gone is told of."""
        state = Run.objects.values_list("state", flat=True).get(id=self.run_id)
        if state != "running":
            return True
        if lock_is_taken(self.state):
            return False
        # It may have ended in between; only what is still so counts.
        state = Run.objects.values_list("state", flat=True).get(id=self.run_id)
        if state == "running" and not lock_is_taken(self.state):
            self._tell_interrupted()
        return True

    def _tell_interrupted(self) -> None:
        rows = Event.objects.filter(run_id=self.run_id).exclude(kind__startswith="notice-")
        last = rows.order_by("-number").first()
        if last is not None and last.kind != "engine-gone":
            chain.append(self.run_id, "engine-gone", "", {})

    def _may_leave(self, *, is_last: bool, replaced: bool) -> bool:
        if self.delivery.under_way or self.reports.waits_for_engine(self.delivery.arrived):
            return False
        if replaced:
            return True
        if not is_last:
            self._over_since = None
            return False
        now = self.clock.monotonic()
        if self._over_since is None:
            self._over_since = now
        places = list(self.delivery.notifiers)
        left = outbox.waiting().filter(place__in=places).count()
        if left and now < self._over_since + self.pace.linger_s:
            return False
        Followed.objects.filter(run_id=self.run_id).update(is_over=True)
        if left:
            chain.append(self.run_id, "notice-left", "", {"letters": left})
        return True
