"""Hands letters over: one at a time for each place, all places side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import DatabaseError

from parom.courier.attempt import Attempt
from parom.courier.pace import STANDARD, Pace
from parom.errors import notices as errors
from parom.errors.notices import NotDeliveredError
from parom.journal import outbox
from parom.journal.models import Letter
from parom.message import Receipt
from parom.notices.retry import GIVEN_UP_AFTER, delay_s
from parom.ports import Clock, Notifier
from parom.words.said import said


@dataclass
class Delivery:
    """The outbox at work. `step` never waits for anybody."""

    notifiers: Mapping[str, Notifier]
    clock: Clock
    pace: Pace = STANDARD
    under_way: dict[str, tuple[Letter, Attempt]] = field(default_factory=dict)
    arrived: set[str] = field(default_factory=set)
    """Runs of which notices were delivered; whoever takes note of it takes them out."""
    _free_from: dict[str, float] = field(default_factory=dict)

    def step(self, *, may_begin: bool = True) -> None:
        """Write down what became of attempts, and begin those that are due."""
        for place in list(self.under_way):
            self._settle(place)
        if not may_begin:
            return
        outbox.give_up(self.clock.now() - GIVEN_UP_AFTER)
        for place in self.notifiers:
            self._begin(place)

    def _begin(self, place: str) -> None:
        now = self.clock.monotonic()
        if place in self.under_way or now < self._free_from.get(place, 0.0):
            return
        letter = outbox.first_due(place, self.clock.now())
        if letter is None:
            return
        attempt = Attempt(self.notifiers[place], outbox.message_of(letter), now)
        self.under_way[place] = (letter, attempt)
        attempt.begin()

    def _settle(self, place: str) -> None:
        letter, attempt = self.under_way[place]
        result = attempt.result
        if not attempt.done.is_set():
            if self.clock.monotonic() < attempt.began + self.pace.limit_s:
                return
            result = errors.unreachable(
                place, said("no answer within {limit:g} s", limit=self.pace.limit_s)
            )
        try:
            self._note(letter, result)
        except DatabaseError:
            # The disk is full, the journal is held: written down next time. Until then nothing
            # goes to this place, or it would get the same again and again.
            attempt.result = result
            attempt.done.set()
            return
        del self.under_way[place]
        self._free_from[place] = self.clock.monotonic() + self.pace.gap_s

    def _note(self, letter: Letter, result: Receipt | NotDeliveredError | None) -> None:
        now = self.clock.now()
        if isinstance(result, NotDeliveredError):
            again_s = delay_s(letter.attempts + 1, result.after_s, can_retry=result.can_retry)
            outbox.note_failed(letter, result, now, again_s)
        else:
            outbox.note_delivered(letter, result or Receipt(), now)
            if letter.topic not in (outbox.BOARD, outbox.STEPS):
                self.arrived.add(letter.run_id)
