"""The schedule where there is no broker: calls are made here, one after the other."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.module_loading import import_string

from config.schedule import SCHEDULE, Entry

log = logging.getLogger(__name__)


class Clock:
    """Remembers when it looked last at each entry of the schedule."""

    def __init__(
        self,
        schedule: Mapping[str, Entry] = SCHEDULE,
        now: Callable[[], datetime] = timezone.localtime,
    ) -> None:
        self._schedule, self._now = schedule, now
        self._called: dict[str, datetime] = {}
        self._began = now()

    def call_what_is_due(self) -> list[str]:
        """Make the calls; their names. One that fails is logged, and called when it is due again.

        A moment of the day counts from the making of this clock.
        """
        now = self._now()
        due = [name for name, entry in self._schedule.items() if self._is_due(name, entry, now)]
        for name in due:
            self._called[name] = now
            _call(name, self._schedule[name])
        return due

    def _is_due(self, name: str, entry: Entry, now: datetime) -> bool:
        return entry.when.is_due(self._called.get(name), self._began, now)


def _call(name: str, entry: Entry) -> None:
    try:
        import_string(entry.call)()
    except Exception as problem:  # noqa: BLE001 - the other entries come to their turn
        log.error("%s failed", name, exc_info=problem)
