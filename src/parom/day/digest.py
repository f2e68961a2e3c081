"""What a day amounts to: a pure function of what was seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from parom.report.measured import spread_of
from parom.verdict.samples import (
    Answer,
    Checked,
    CheckKind,
    LogLooked,
    Probed,
    Sample,
    Used,
)
from parom.words.said import joined, said

_MOST_SHOWN = 20
_LONGEST = 300


@dataclass(frozen=True)
class EndpointDay:
    """One endpoint; times in seconds, None where there was no answer to measure."""

    name: str
    requests: int
    failed: int
    median_s: float | None
    p90_s: float | None
    median_before_s: float | None
    p90_before_s: float | None


@dataclass(frozen=True)
class Digest:
    """A stored format: it is an event of the journal. None: not measured, which is not good."""

    release: str
    began: float
    until: float
    at: float
    """Up to when it looked: epoch seconds, as the two before."""
    watched_s: float
    """In longer gaps than is usual between two looks nobody looked."""
    requests: int
    failed: int
    availability: float | None
    median_s: float | None
    """Of the slowest endpoint, by how many times it is slower than before."""
    median_before_s: float | None
    endpoints: tuple[EndpointDay, ...]
    errors: int | None
    """Tracebacks and critical lines in the logs."""
    new_errors: tuple[tuple[str, int], ...]
    """Those that no log had before the cutover, and how often; the first twenty."""
    new_signatures: int | None
    restarts: tuple[tuple[str, int], ...]
    """By service, as often as its supervisor started it anew."""
    memory_most_bytes: int | None
    memory_before_bytes: int | None
    """The most before the cutover."""
    alarms: tuple[str, ...]
    missing: tuple[str, ...]

    def as_record(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Seen:
    """All samples of a run, and what the day's own alarms said."""

    before: Sequence[Sample]
    """Of the baseline."""
    day: Sequence[Sample]
    alarms: tuple[str, ...]
    logs: tuple[str, ...]
    """The logs that are to be followed."""


@dataclass(frozen=True)
class Span:
    """What was to be watched, in epoch seconds, and how far two looks may lie apart."""

    began: float
    until: float
    at: float
    longest_gap_s: float
    enough: float
    """The share of the span that must have been looked at."""


def digest_of(release: str, span: Span, seen: Seen) -> Digest:
    """What was seen from the beginning up to `span.at`."""
    endpoints = tuple(_endpoints(seen))
    requests = sum(one.requests for one in endpoints)
    failed = sum(one.failed for one in endpoints)
    slowest = max(endpoints, key=_times_slower, default=None)
    looks = sorted({one.at for one in seen.day if isinstance(one, Probed)})
    watched_s = sum(min(later - earlier, span.longest_gap_s) for earlier, later in pairwise(looks))
    signatures, known = _signatures(seen.day), _signatures(seen.before)
    new = [(text, times) for text, times in signatures.most_common() if text not in known]
    were_read = {one.name for one in seen.day if isinstance(one, LogLooked) and not one.unread}
    has_logs = bool(seen.logs) and set(seen.logs) <= were_read
    memory = [one.memory_bytes for one in seen.day if isinstance(one, Used)]
    before = [one.memory_bytes for one in seen.before if isinstance(one, Used)]
    return Digest(
        release=release,
        began=span.began,
        until=span.until,
        at=span.at,
        watched_s=round(watched_s, 1),
        requests=requests,
        failed=failed,
        availability=round(1 - failed / requests, 6) if requests else None,
        median_s=slowest.median_s if slowest else None,
        median_before_s=slowest.median_before_s if slowest else None,
        endpoints=endpoints,
        errors=sum(signatures.values()) if has_logs else None,
        new_errors=tuple((text[:_LONGEST], times) for text, times in new[:_MOST_SHOWN]),
        new_signatures=len(new) if has_logs else None,
        restarts=tuple(_restarts(seen.day)),
        memory_most_bytes=max(memory, default=None),
        memory_before_bytes=max(before, default=None),
        alarms=seen.alarms,
        missing=tuple(_missing(seen, span, watched_s, has_memory=bool(memory))),
    )


def _endpoints(seen: Seen) -> Iterable[EndpointDay]:
    before, after = _answers(seen.before), _answers(seen.day)
    for name, answers in sorted(after.items()):
        then, now = spread_of(before.get(name, [])), spread_of(answers)
        yield EndpointDay(
            name, len(answers), sum(one.failed for one in answers),
            now.median_s, now.p90_s, then.median_s, then.p90_s,
        )  # fmt: skip


def _answers(samples: Iterable[Sample]) -> dict[str, list[Answer]]:
    found: dict[str, list[Answer]] = {}
    for one in samples:
        if isinstance(one, Probed):
            found.setdefault(one.name, []).append(one.answer)
    return found


def _times_slower(endpoint: EndpointDay) -> float:
    if endpoint.median_s is None or not endpoint.median_before_s:
        return 0.0
    return endpoint.median_s / endpoint.median_before_s


def _signatures(samples: Iterable[Sample]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for look in samples:
        if isinstance(look, LogLooked):
            for entry in look.entries:
                counts[str(entry.signature)] += entry.times
    return counts


def _restarts(samples: Iterable[Sample]) -> Iterable[tuple[str, int]]:
    """A count that has gone down was begun anew: somebody started the service on purpose."""
    counts: dict[str, list[int]] = {}
    for one in samples:
        if isinstance(one, Checked) and one.kind is CheckKind.START:
            counts.setdefault(one.name, []).append(one.restarts)
    for name, seen in counts.items():
        yield (
            name,
            sum(
                later - earlier if later >= earlier else later for earlier, later in pairwise(seen)
            ),
        )


def _missing(seen: Seen, span: Span, watched_s: float, *, has_memory: bool) -> Iterable[str]:
    whole = span.at - span.began
    # What lies before the first look and after the last is a gap like any other.
    if watched_s + 2 * span.longest_gap_s < span.enough * whole:
        yield said(
            "looked at for {hours:.1f} of {whole:.1f} hours",
            hours=watched_s / 3600,
            whole=whole / 3600,
        )
    if not has_memory:
        yield said("memory and CPU")
    unread = dict.fromkeys(
        joined([one.name, one.unread], ": ")
        for one in seen.day
        if isinstance(one, LogLooked) and one.unread
    )
    yield from list(unread)[:_MOST_SHOWN]
