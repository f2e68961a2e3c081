"""Which event of a run is worth telling, and what it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from parom.errors import ExitCode
from parom.journal.told import Told
from parom.message import Topic
from parom.notices.about import About, Setting, in_cutover
from parom.plan.plan import Kind

_FIRST_OF_CUTOVER = ("gateway.hold", "gateway.close")
_ASKED = ("run.rollback-asked", "run.aborted")
"""A person had it go back: nothing failed."""
_MOVED = timedelta(minutes=5)
"""By how much a time must have changed to be told again."""


@dataclass
class _Known:
    """What was told so far of a run."""

    stop_at: datetime | None = None
    has_begun: bool = False
    late: set[str] = field(default_factory=set)


def topics_of(
    about: About, events: Sequence[Told], setting: Setting
) -> Iterator[tuple[int, Topic, datetime | None]]:
    """(number of the event, topic, when the cutover will be) in the order of events.

    The last is set for `Topic.BEFORE` alone.
    """
    known = _Known()
    for number, event in enumerate(events):
        stop_at = _stop_at(about, event, setting)
        if stop_at is not None:
            if known.stop_at is None or abs(stop_at - known.stop_at) > _MOVED:
                yield number, Topic.BEFORE, stop_at
            known.stop_at = stop_at
            continue
        topic = _topic_of(about, events[: number + 1], known)
        if topic is not None:
            yield number, topic, None


def _stop_at(about: About, event: Told, setting: Setting) -> datetime | None:
    """When the services will be stopped, where the event says it."""
    if about.kind not in (Kind.DEPLOY, Kind.PARTIAL):
        return None
    if event.kind == "waits-for-window":
        return datetime.fromisoformat(event.data["until"])
    if (event.kind, event.step) == ("ok", "cutover.await"):
        return datetime.fromisoformat(event.at) + timedelta(seconds=setting.baseline_s)
    return None


def _topic_of(about: About, events: Sequence[Told], known: _Known) -> Topic | None:
    """What the last of the events is about."""
    event = events[-1]
    match event.kind:
        case "intent" if event.step in _FIRST_OF_CUTOVER and not known.has_begun:
            known.has_begun = True
            return _begin(about.kind)
        case "waits-for-approval":
            return Topic.APPROVAL
        case "turned-back" if "error" in event.data and in_cutover(events):
            return _turn(about.kind, str(event.data["error"].get("id", "")))
        case "budget-overrun" if event.data["phase"] not in known.late:
            known.late.add(event.data["phase"])
            return Topic.LATE
        case "day-alarm":
            return Topic.ALARM
        case "day-over":
            return Topic.CLOSING
        case "day-ended":
            return Topic.DIGEST
        case "engine-gone":
            return Topic.INTERRUPTED
        case "held":
            return Topic.HELD
        case "finished":
            return _end(about.kind, int(event.data["exit_code"]), str(event.data["outcome"]))
    return None


def _begin(kind: Kind) -> Topic | None:
    if kind is Kind.ROLLBACK:
        return Topic.ROLLBACK
    return None if kind is Kind.RECOVERY else Topic.START


def _turn(kind: Kind, error: str) -> Topic | None:
    if kind is Kind.ROLLBACK:
        return Topic.ROLLBACK_FAILED
    return Topic.ROLLBACK if error in _ASKED else Topic.FAILURE


def _end(kind: Kind, code: int, outcome: str) -> Topic | None:
    """A rollback that failed was told when it turned."""
    match code:
        case ExitCode.DONE if kind is Kind.RECOVERY:
            return Topic.RECOVERED
        case ExitCode.DONE:
            return Topic.ROLLED_BACK if kind is Kind.ROLLBACK else Topic.SUCCESS
        case ExitCode.REFUSED:
            return Topic.REFUSED
        case ExitCode.ROLLED_BACK if kind is Kind.ROLLBACK:
            return None
        case ExitCode.ROLLED_BACK | ExitCode.ROLLED_BACK_WITH_QUARANTINE:
            return Topic.ROLLED_BACK
        case ExitCode.NEEDS_PERSON if outcome.startswith("deployed"):
            return Topic.INCONCLUSIVE
    return Topic.HELD
