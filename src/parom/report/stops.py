"""How long the public was not let in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from parom.journal.told import Told
from parom.report.story import at

_CLOSED = frozenset({("ok", "gateway.hold"), ("ok", "gateway.close"),
                     ("undo-intent", "gateway.open")})  # fmt: skip
_OPENED = frozenset({("ok", "gateway.open"), ("undone", "gateway.hold"),
                     ("undone", "gateway.close")})  # fmt: skip


@dataclass(frozen=True)
class Stop:
    """From the moment in which the gateway was closed; epoch seconds."""

    began: float
    ended: float | None
    """None where the public is still kept out."""


def stops_of(events: Iterable[Told]) -> tuple[Stop, ...]:
    """The stops of a run, in order."""
    stops: list[Stop] = []
    for one in events:
        closed = bool(stops) and stops[-1].ended is None
        if (one.kind, one.step) in _CLOSED and not closed:
            stops.append(Stop(at(one), None))
        elif (one.kind, one.step) in _OPENED and closed:
            stops[-1] = Stop(stops[-1].began, at(one))
    return tuple(stops)


def stopped_s(events: Iterable[Told]) -> float | None:
    """All finished stops together; None where there was none at all."""
    stops = stops_of(events)
    if not stops:
        return None
    return round(sum(one.ended - one.began for one in stops if one.ended is not None), 2)
