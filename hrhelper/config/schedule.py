"""What is done by the clock, and what without end: one table for both ways of running.

With a broker Celery beat hands these calls to the workers; without one run_scheduler makes
them itself, and run_worker makes the rounds. A call is named by its dotted path and is
imported when it is due. A moment that passes while nothing runs is not made up for.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

WEEKDAYS = (0, 1, 2, 3, 4)  # as datetime.weekday() counts: Monday is 0
EVERY_DAY = (*WEEKDAYS, 5, 6)
# With a broker each round is asked for so often; a round which finds nothing costs a query.
ROUND_EVERY_S = 5.0


@dataclass(frozen=True)
class Every:
    """Again and again, the first time at once."""

    seconds: float

    def is_due(self, last: datetime | None, began: datetime, now: datetime) -> bool:
        """`last` is the call of before, `began` the start of the scheduler."""
        return last is None or now >= last + timedelta(seconds=self.seconds)


@dataclass(frozen=True)
class At:
    """At full hours of the application's time zone, on some days of the week."""

    hours: tuple[int, ...]
    weekdays: tuple[int, ...] = EVERY_DAY

    def is_due(self, last: datetime | None, began: datetime, now: datetime) -> bool:
        """Whether the newest moment is after the last call; all are aware, in that zone."""
        return (last or began) < self._newest(now)

    def _newest(self, now: datetime) -> datetime:
        """The last moment up to now; at most a week lies in between."""
        days = [now - timedelta(days=back) for back in range(8)]
        return max(
            moment
            for day in days
            if day.weekday() in self.weekdays
            for hour in self.hours
            if (moment := day.replace(hour=hour, minute=0, second=0, microsecond=0)) <= now
        )


@dataclass(frozen=True)
class Entry:
    """`call` is the dotted path of a function, or of a Celery task, without arguments."""

    call: str
    when: Every | At


SCHEDULE = {
    "read-huntflow": Entry("apps.huntflow.syncs.nightly", At((3,))),
    "clear-sessions": Entry("apps.core.sessions.clear_expired", Every(600)),
    "update-rates": Entry("logic.finance.rates.update_rates", At((11, 16), WEEKDAYS)),
}

# Each does a part of what waits and says how much that was: 0 where nothing does.
ROUNDS = {
    "derive-finance": "apps.finance.derived.background_work",
    "read-huntflow": "apps.huntflow.background.background_work",
}
