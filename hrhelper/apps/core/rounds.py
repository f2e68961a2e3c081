"""The rounds of a worker without a broker. One that fails holds up none of the others."""

import time
from collections.abc import Callable, Mapping

from apps.core.loop import log_failure
from logic.base.pacing import delay_after_failures

FIRST_DELAY_S = 2.0


class Rounds:
    """Parts of work by name, each of which says how much it did."""

    def __init__(
        self,
        parts: Mapping[str, Callable[[], int]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._parts, self._clock = parts, clock
        self._failures = dict.fromkeys(parts, 0)
        self._again_at = dict.fromkeys(parts, clock())

    def work(self) -> int:
        """One round of each part that is not resting after a failure; how much was done."""
        return sum(
            self._round(name) for name in self._parts if self._again_at[name] <= self._clock()
        )

    def _round(self, name: str) -> int:
        try:
            done = self._parts[name]()
        except Exception as problem:  # noqa: BLE001 - it comes again, later and later
            self._failures[name] += 1
            delay_s = delay_after_failures(self._failures[name], FIRST_DELAY_S)
            self._again_at[name] = self._clock() + delay_s
            log_failure(name, problem)
            return 0
        self._failures[name] = 0
        return done
