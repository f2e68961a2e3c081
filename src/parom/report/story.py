"""The events of one run, by what they are about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from parom.journal.told import Told

_NOTHING: Mapping[str, Any] = {}


class Story:
    """Looks events up; the later one of a kind and step counts, as a step may run twice."""

    def __init__(self, events: Iterable[Told]) -> None:
        self.events = tuple(events)
        self._last = {(one.kind, one.step): one for one in self.events}

    def last(self, kind: str, step: str = "") -> Told | None:
        return self._last.get((kind, step))

    def first(self, kind: str) -> Told | None:
        return next((one for one in self.events if one.kind == kind), None)

    def all(self, kind: str) -> tuple[Told, ...]:
        return tuple(one for one in self.events if one.kind == kind)

    def result(self, step: str) -> Mapping[str, Any]:
        """What a step returned; nothing where it did not end well."""
        told = self.last("ok", step)
        return told.data if told else _NOTHING

    def undone(self, step: str) -> Mapping[str, Any]:
        told = self.last("undone", step)
        return told.data if told else _NOTHING

    def is_undone(self, step: str) -> bool:
        """Whether the step was taken back, or that was begun."""
        return self.last("undo-intent", step) is not None

    def began(self, step: str) -> float | None:
        """When it first was begun, in epoch seconds."""
        return next(
            (at(one) for one in self.events if one.kind == "intent" and one.step == step), None
        )

    @property
    def end(self) -> Told | None:
        """The last word on how the run ended, or was halted; what was added later is not."""
        told = [one for one in self.events if one.kind in ("finished", "held")]
        return told[-1] if told else None

    @property
    def turned(self) -> Told | None:
        """When and why it turned back; a rehearsal that takes its traces back did not."""
        told = self.first("turned-back")
        return told if told and "error" in told.data else None


def at(told: Told) -> float:
    """When it was told, in epoch seconds."""
    return datetime.fromisoformat(told.at).timestamp()
