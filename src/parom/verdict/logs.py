"""The lane of the logs: which errors are new, and which have become frequent.

A new signature seen twice is suspect; from two workers it fails. A known one, and a new one whose
workers the log does not name, is judged by its rate: the share of seconds in which it was seen.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from parom.verdict.alarm import Alarm
from parom.verdict.baseline import Missing
from parom.verdict.criteria import Rollback
from parom.verdict.parameters import BaselineRule, LogRule
from parom.verdict.samples import LogEntry, LogLooked
from parom.verdict.signature import Signature, bounded
from parom.verdict.walk import Question, Walk
from parom.words.said import joined, said

_MOST_WORKERS = 16


@dataclass(frozen=True)
class LogBaseline:
    """The errors before: of how many seconds, and in how many of them each was seen."""

    seconds: float
    seen: Mapping[Signature, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Sighting:
    """One signature since opening."""

    known: bool
    walk: Walk
    entries: int
    seconds: int
    """Looks in which it was seen; there is one a second."""
    last_second: int
    workers: frozenset[str]


@dataclass(frozen=True)
class LogLane:
    """All logs of an installation since opening. Counts without grace: what a release logs while
    it starts is what it is."""

    baseline: LogBaseline | Missing
    opened_at: float
    rule: LogRule
    sightings: Mapping[Signature, Sighting] = field(default_factory=dict)
    alarm: Alarm | None = None

    def after(self, look: LogLooked) -> LogLane:
        """The lane one look later. An alarm stays; what is seen is still counted."""
        counted = [one for one in look.entries if one.signature.exception not in self.rule.ignored]
        if not counted or look.at < self.opened_at:
            return self
        sightings, second = dict(self.sightings), int(look.at - self.opened_at)
        for entry in counted:
            signature = bounded(entry.signature, sightings)
            before = sightings.get(signature) or self._first(signature)
            sightings[signature] = _seen(before, entry, look.name, second)
        alarm = self.alarm or self._alarm(sightings, look.at)
        return LogLane(self.baseline, self.opened_at, self.rule, sightings, alarm)

    @property
    def suspects(self) -> tuple[Signature, ...]:
        """Signatures that a person should look at: new ones seen twice, and where nothing is
        known of before, all that were."""
        return tuple(
            signature
            for signature, one in self.sightings.items()
            if not one.known and one.entries >= self.rule.suspect_at
        )

    def _first(self, signature: Signature) -> Sighting:
        if isinstance(self.baseline, Missing):
            normal, known = self.rule.most_normal, False
        else:
            before = self.baseline.seen.get(signature, 0)
            normal = (before + 1) / (self.baseline.seconds + 1)  # rather too many than too few
            known = before > 0
        normal = min(max(normal, self.rule.least_normal), self.rule.most_normal)
        fault = min(self.rule.rate_factor * normal, self.rule.most_fault)
        walk = Walk(Question(normal, fault, self.rule.alarm_nats))
        return Sighting(known, walk, 0, 0, -1, frozenset())

    def _alarm(self, sightings: Mapping[Signature, Sighting], at: float) -> Alarm | None:
        if isinstance(self.baseline, Missing):
            return None  # nobody knows that the release before did not log the same
        for signature, one in sightings.items():
            fact = self._failed(signature, one)
            if fact:
                return Alarm(Rollback.LOGS, fact, at)
        return None

    def _failed(self, signature: Signature, one: Sighting) -> str:
        if not one.known and len(one.workers) >= self.rule.workers:
            return said(
                "new: {signature} ({n} times, from {workers} workers)",
                signature=signature,
                n=one.entries,
                workers=len(one.workers),
            )
        if one.walk.alarmed:
            return said(
                "{signature} ({n} times in {seconds} seconds, far more often than before)"
                if one.known
                else "new: {signature} ({n} times in {seconds} seconds)",
                signature=signature,
                n=one.entries,
                seconds=one.seconds,
            )
        return ""


def log_baseline(
    looks: Iterable[LogLooked],
    cutover_at: float,
    needs: BaselineRule,
    names: Iterable[str],
    covered_s: float,
) -> LogBaseline | Missing:
    """What the logs `names` held before `cutover_at` (epoch seconds), in `covered_s` seconds.

    The first look at a log may bring the lines of days; nobody knows in how many seconds they
    were written, so each of its entries counts as one.
    """
    seen: dict[Signature, float] = {}
    looked: dict[str, float] = {}
    for look in looks:
        if look.at >= cutover_at:
            continue
        span = max(1.0, look.at - looked[look.name]) if look.name in looked else math.inf
        looked[look.name] = look.at
        times: Counter[Signature] = Counter()
        for entry in look.entries:
            times[entry.signature] += entry.times
        for signature, entries in times.items():
            kept = bounded(signature, seen)
            seen[kept] = seen.get(kept, 0) + min(entries, span)
    unread = [name for name in names if name not in looked]
    if unread:
        return Missing(said("nothing was read before of {logs}", logs=joined(unread, ", ")))
    if covered_s < needs.least_log_s:
        why = said(
            "{n:.0f} s of logs before, {needed:.0f} s are needed",
            n=covered_s,
            needed=needs.least_log_s,
        )
        return Missing(why)
    return LogBaseline(covered_s, seen)


def _seen(before: Sighting, entry: LogEntry, log: str, second: int) -> Sighting:
    workers = before.workers
    if entry.worker and len(workers) < _MOST_WORKERS:
        workers |= {f"{log}:{entry.worker}"}
    entries = before.entries + entry.times
    if second == before.last_second:
        return replace(before, entries=entries, workers=workers)
    quiet = second - before.last_second - 1
    walk = before.walk.after_quiet(quiet).after(True)
    return Sighting(before.known, walk, entries, before.seconds + 1, second, workers)
