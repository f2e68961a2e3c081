"""A trial message to every place: before the night in which it matters."""

from __future__ import annotations

import threading

from parom.config.model import Config
from parom.courier.attempt import Attempt
from parom.courier.pace import STANDARD
from parom.errors import notices as errors
from parom.errors.notices import NotDeliveredError
from parom.message import Message
from parom.wiring import SystemClock, notifiers_of
from parom.words.language import Language, Words
from parom.words.said import said

_LIMIT_S = STANDARD.limit_s


def try_all(config: Config) -> dict[str, NotDeliveredError | None]:
    """What went wrong at each place; None where the message was taken. Nothing is kept."""
    words, clock = Words(Language(config.project.language)), SystemClock()
    message = Message(
        words.say("This is a trial of notices: nothing has happened"),
        (f"{config.project.name}, {config.project.environment}",),
    )
    attempts = {
        place: Attempt(notifier, message, clock.monotonic())
        for place, notifier in notifiers_of(config).items()
    }
    for attempt in attempts.values():
        attempt.begin()
    return {place: _result(place, attempt.done, attempt) for place, attempt in attempts.items()}


def _result(place: str, done: threading.Event, attempt: Attempt) -> NotDeliveredError | None:
    left = attempt.began + _LIMIT_S - SystemClock().monotonic()
    if not done.wait(max(0.0, left)):
        return errors.unreachable(place, said("no answer within {limit:g} s", limit=_LIMIT_S))
    return attempt.result if isinstance(attempt.result, NotDeliveredError) else None
