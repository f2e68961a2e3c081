"""Requests to Huntflow take turns, over all processes of the installation.

Huntflow allows 10 requests a second and token; logic.huntflow.turns says when one may be sent, and
here the turns are shared by compare-and-set on a row.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

from django.db import DatabaseError
from django.db.models import Q
from django.utils import timezone

from apps.huntflow.models import SharedAccess
from logic.huntflow.errors import HuntflowBusyError
from logic.huntflow.turns import LONGEST_HOLD, SECOND, Turns, answered, opens_at, taken

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Pace:
    """At most `per_second` requests within any second under one name."""

    def __init__(
        self,
        name: str,
        per_second: int,
        wait: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = timezone.now,
    ) -> None:
        self._row = SharedAccess.objects.filter(name=name)
        self._name, self._per_second = name, max(1, int(per_second))
        self._wait, self._now = wait, now

    @contextmanager
    def turn(self, patience_s: float) -> Iterator[None]:
        """One request may be sent within the block, which ends when it has been answered.

        Raises HuntflowBusyError where the turn does not come within `patience_s` seconds.
        """
        place = self._wait_for_place(patience_s)
        try:
            yield
        finally:
            # The place ends by itself; the answer must not get lost over it.
            with suppress(DatabaseError):
                self._give_back(place)

    def hold(self, pause_s: float) -> None:
        """No request within so many seconds, for anybody."""
        until = self._now() + min(timedelta(seconds=pause_s), LONGEST_HOLD * MICROSECOND)
        self._row.filter(Q(next_request_at=None) | Q(next_request_at__lt=until)).update(
            next_request_at=until
        )

    def _wait_for_place(self, patience_s: float) -> int:
        waited_s = 0.0
        while True:
            row, turns, now = self._look()
            at = opens_at(turns, now, self._per_second)
            if at <= now:
                changed, place = taken(turns, now, self._per_second)
                if self._is_changed(row, changed):
                    return place
                continue
            ahead_s = (at - now) / SECOND
            if waited_s + ahead_s > patience_s:
                raise HuntflowBusyError("Huntflow asked for a pause; try again later.", ahead_s)
            self._wait(ahead_s)
            waited_s += ahead_s

    def _give_back(self, place: int) -> None:
        while True:
            row, turns, now = self._look()
            if self._is_changed(row, answered(turns, place, now)):
                return

    def _look(self) -> tuple[SharedAccess, Turns, int]:
        row, _made = SharedAccess.objects.get_or_create(name=self._name)
        next_at = 0 if row.next_request_at is None else _microseconds(row.next_request_at)
        kept = tuple(int(one) for one in row.kept_places.split())
        return row, Turns(next_at, kept), _microseconds(self._now())

    def _is_changed(self, seen: SharedAccess, turns: Turns) -> bool:
        """Whether it is done: nobody has changed the row since it was looked at."""
        row = self._row.filter(next_request_at=seen.next_request_at, kept_places=seen.kept_places)
        return row.update(
            next_request_at=EPOCH + turns.next_at * MICROSECOND,
            kept_places=" ".join(map(str, turns.kept)),
        ) == 1  # fmt: skip


def _microseconds(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND
