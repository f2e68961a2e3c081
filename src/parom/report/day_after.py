"""The day after a deployment, as its events have it; a part of the report's record."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from parom.report.story import Story
from parom.words.said import recorded, recorded_all


class DayState(enum.StrEnum):
    UNDER_WAY = "under way"
    OVER = "over"
    """It came to its end."""
    ENDED = "ended"
    """Before its time: something else came, or somebody ended it."""


@dataclass(frozen=True)
class DayAlarm:
    at: str
    criterion: str
    fact: str


@dataclass(frozen=True)
class EndpointDay:
    """One endpoint; seconds, None where nothing was answered."""

    name: str
    requests: int
    failed: int
    median_s: float | None
    p90_s: float | None
    median_before_s: float | None
    p90_before_s: float | None


@dataclass(frozen=True)
class DayDigest:
    """What was seen up to `at` (epoch seconds). None: not measured, which is not good."""

    began: float
    at: float
    watched_s: float
    requests: int
    failed: int
    availability: float | None
    endpoints: tuple[EndpointDay, ...]
    errors: int | None
    new_signatures: int | None
    new_errors: tuple[tuple[str, int], ...]
    """Those that no log had before the cutover, and how often."""
    restarts: tuple[tuple[str, int], ...]
    memory_most_bytes: int | None
    memory_before_bytes: int | None
    missing: tuple[str, ...]

    @property
    def is_quiet(self) -> bool:
        """Whether all was measured, and nothing of it is to be remarked."""
        silent = not self.endpoints or any(one.median_s is None for one in self.endpoints)
        unmeasured = silent or self.new_signatures is None
        restarted = any(times for _, times in self.restarts)
        return not (unmeasured or self.missing or self.new_signatures or restarted)


@dataclass(frozen=True)
class Day:
    state: DayState
    until: float | None
    """When it is over, in epoch seconds."""
    why_ended: str
    alarms: tuple[DayAlarm, ...]
    digest: DayDigest | None
    """None while it goes on."""

    @property
    def is_quiet(self) -> bool:
        return not self.alarms and self.digest is not None and self.digest.is_quiet


def day_of(story: Story) -> Day | None:
    """None where no day was watched."""
    ordered, over, ended = (story.last(f"day-{one}") for one in ("ordered", "over", "ended"))
    told = over or ended
    if ordered is None and told is None:
        return None
    data: Mapping[str, Any] = told.data if told else {}
    until = data.get("until", ordered.data.get("until") if ordered else None)
    state = DayState.OVER if over else DayState.ENDED if ended else DayState.UNDER_WAY
    return Day(
        state=state,
        until=None if until is None else float(until),
        why_ended=recorded(data, "why"),
        alarms=tuple(_alarms(story)),
        digest=_digest(data) if data else None,
    )


def _alarms(story: Story) -> Iterator[DayAlarm]:
    """In the order in which they were told: what goes on is told once an hour."""
    for one in story.all("day-alarm"):
        yield DayAlarm(one.at, str(one.data["criterion"]), recorded(one.data, "fact"))


def _digest(data: Mapping[str, Any]) -> DayDigest:
    return DayDigest(
        began=float(data["began"]),
        at=float(data["at"]),
        watched_s=float(data["watched_s"]),
        requests=int(data["requests"]),
        failed=int(data["failed"]),
        availability=data["availability"],
        endpoints=tuple(EndpointDay(**one) for one in data["endpoints"]),
        errors=data["errors"],
        new_signatures=data["new_signatures"],
        new_errors=tuple((str(text), int(times)) for text, times in data["new_errors"]),
        restarts=tuple((str(name), int(times)) for name, times in data["restarts"]),
        memory_most_bytes=data["memory_most_bytes"],
        memory_before_bytes=data["memory_before_bytes"],
        missing=recorded_all(data, "missing"),
    )
