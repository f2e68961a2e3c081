"""Requests to Huntflow take turns, over all processes of the installation.

Huntflow allows 10 requests a second and token. A turn is given when it has come, and not
ahead: between two turns lies at least the interval, however late a process wakes up.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from apps.huntflow.models import SharedAccess
from logic.huntflow.errors import HuntflowBusyError

# A turn further ahead than any pause that is asked for comes from a clock that was wrong.
LONGEST_HOLD = timedelta(hours=1)


class Pace:
    """At most `per_second` requests a second under one name."""

    def __init__(
        self, name: str, per_second: float, wait: Callable[[float], None] = time.sleep
    ) -> None:
        self._row = SharedAccess.objects.filter(name=name)
        self._name, self._wait = name, wait
        self._interval = timedelta(seconds=1 / per_second)

    def wait_for_turn(self, patience_s: float) -> None:
        """Return when a request may be sent; each return is one request.

        Raises HuntflowBusyError where the turn comes only after `patience_s` seconds.
        """
        while True:
            now = timezone.now()
            at = self._next()
            if at is None or at <= now or at > now + LONGEST_HOLD:
                if self._take(at, now):
                    return
                continue
            ahead_s = (at - now).total_seconds()
            if ahead_s > patience_s:
                raise HuntflowBusyError("Huntflow asked for a pause; try again later.", ahead_s)
            self._wait(ahead_s)

    def hold(self, pause_s: float) -> None:
        """No request within so many seconds, for anybody."""
        until = timezone.now() + min(timedelta(seconds=pause_s), LONGEST_HOLD)
        self._row.filter(Q(next_request_at=None) | Q(next_request_at__lt=until)).update(
            next_request_at=until
        )

    def _next(self) -> datetime | None:
        row, _made = SharedAccess.objects.get_or_create(name=self._name)
        return row.next_request_at

    def _take(self, seen: datetime | None, now: datetime) -> bool:
        """Whether the turn is ours: nobody has taken it since it was looked at."""
        taken = self._row.filter(next_request_at=seen)
        return taken.update(next_request_at=now + self._interval) == 1
