"""Judges a day hour by hour, with the lanes of the watch and its baseline."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from parom.verdict.judging import judge
from parom.verdict.observed import Observed
from parom.verdict.outcome import Outcome
from parom.verdict.samples import Sample

HOUR_S = 3600.0


@dataclass(frozen=True)
class DayAlarm:
    """One criterion that is met, by one source."""

    criterion: str
    source: str
    fact: str


@dataclass
class Hours:
    """Each hour begins with lanes that have seen nothing.

    A lane that has alarmed stays alarmed: over a day it would be silent about whatever comes
    later. So what goes on is told again each hour, and what is new is told at once.
    """

    began: float
    """Epoch seconds, from which the hours count."""
    fresh: Callable[[float], Observed]
    """A watch that begins at a moment (epoch seconds) and has seen nothing."""
    told: set[tuple[int, str, str]] = field(default_factory=set)
    """Hour, criterion and source of what was told already."""
    hour_s: float = HOUR_S
    _hour: int = -1
    _watch: Observed | None = None

    def hour_of(self, at: float) -> int:
        return max(0, int((at - self.began) // self.hour_s))

    def begins_at(self, at: float) -> float:
        """When the hour of a moment began."""
        return self.began + self.hour_of(at) * self.hour_s

    def after(self, samples: Iterable[Sample], now: float) -> Iterator[DayAlarm]:
        """The alarms that samples lead to, each once an hour; `now` is in epoch seconds."""
        hour = self.hour_of(now)
        watch = self._watch
        if watch is None or hour != self._hour:
            watch, self._hour = self.fresh(self.begins_at(now)), hour
        self._watch = watch = watch.after_all(samples)
        for criterion in judge(watch, now).rollback:
            for one in criterion.of(Outcome.FAIL):
                name = criterion.criterion.value
                if (hour, name, one.source) not in self.told:
                    self.told.add((hour, name, one.source))
                    yield DayAlarm(name, one.source, one.fact)
