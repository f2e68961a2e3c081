"""Letters on their way to places: put in, changed, delivered, failed, given up.

A letter and the event that says what became of it are one transaction: what the journal knows
as delivered is never delivered again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Max, QuerySet

from parom.errors.notices import NotDeliveredError
from parom.journal import chain
from parom.journal.models import Followed, Letter
from parom.message import Message, Receipt, Tone

BOARD, STEPS = "board", "steps"
"""Topics of letters that are no notices: how far a run is."""
_MOST_LINES = 40


def put(
    place: str,
    key: str,
    run_id: str,
    topic: str,
    message: Message,
    now: datetime,
    under: str = "",
) -> None:
    """Put a letter in; one that is in already, or was delivered long ago, stays as it is."""
    given = {
        "run_id": run_id,
        "topic": topic,
        "message": _as_record(message),
        "under": under,
        "queued": now,
        "due": now,
    }
    Letter.objects.get_or_create(key=key, place=place, defaults=given)


def rewrite(place: str, key: str, run_id: str, topic: str, message: Message, now: datetime) -> None:
    """The same for a letter whose text changes: what was delivered is to be edited."""
    letter = Letter.objects.filter(key=key, place=place).first()
    if letter is None:
        put(place, key, run_id, topic, message, now)
        return
    record = _as_record(message)
    if letter.message == record:
        return
    if letter.delivered_revision == letter.revision:
        letter.queued = letter.due = now
    letter.message = record
    letter.revision += 1
    letter.is_given_up = False
    letter.save()


def append_lines(
    place: str, key: str, run_id: str, lines: Sequence[str], now: datetime, under: str
) -> None:
    """Lines of a run's steps: added to the letter before where nobody tried to deliver it yet."""
    last = Letter.objects.filter(place=place, run_id=run_id).exclude(topic=BOARD)
    letter = last.order_by("-queued", "-id").first()
    if (
        letter is not None
        and letter.topic == STEPS
        and not letter.attempts
        and not letter.delivered_revision
        and len(letter.message["lines"]) + len(lines) <= _MOST_LINES
    ):
        # It may be under way at this moment: then the longer text replaces it.
        letter.message = {**letter.message, "lines": [*letter.message["lines"], *lines]}
        letter.revision += 1
        letter.save()
        return
    put(place, key, run_id, STEPS, Message("", tuple(lines)), now, under)


def waiting() -> QuerySet[Letter]:
    """Letters, or newer texts of letters, that have not arrived; the oldest first."""
    undelivered = Letter.objects.filter(delivered_revision__lt=F("revision"), is_given_up=False)
    return undelivered.order_by("queued", "id")


def first_due(place: str, now: datetime) -> Letter | None:
    """What is to be tried now: the order of news is kept, so one that fails keeps the others."""
    first = waiting().filter(place=place).first()
    return first if first is not None and first.due <= now else None


def message_of(letter: Letter) -> Message:
    """As a notifier gets it: with what it replaces, and in which thread it goes."""
    parent = None
    if letter.under:
        parent = Letter.objects.filter(key=letter.under, place=letter.place).first()
    given = letter.message
    return Message(
        title=given["title"],
        lines=tuple(given["lines"]),
        tone=Tone(given["tone"]),
        is_loud=given["is_loud"],
        replaces=Receipt(letter.channel, letter.receipt),
        under=Receipt(parent.channel, parent.receipt) if parent else Receipt(),
    )


def note_delivered(letter: Letter, receipt: Receipt, now: datetime) -> None:
    """`letter` as it was when it was sent: a text that changed meanwhile still waits."""
    with transaction.atomic():
        Letter.objects.filter(id=letter.id).update(
            delivered_revision=letter.revision,
            channel=receipt.channel,
            receipt=receipt.id,
            delivered=now,
            attempts=0,
            problem="",
            due=now,
        )
        if letter.topic not in (BOARD, STEPS):
            told = {"topic": letter.topic, "place": letter.place, "attempt": letter.attempts + 1}
            chain.append(letter.run_id, "notice-delivered", "", told)


def note_failed(letter: Letter, problem: NotDeliveredError, now: datetime, again_s: float) -> None:
    """Tried again after `again_s`."""
    told = {
        "topic": letter.topic,
        "place": letter.place,
        "attempt": letter.attempts + 1,
        "again_s": again_s,
        "error": problem.as_record(),
    }
    with transaction.atomic():
        Letter.objects.filter(id=letter.id).update(
            attempts=letter.attempts + 1,
            problem=problem.fact[:300],
            due=now + timedelta(seconds=again_s),
        )
        chain.append(letter.run_id, "notice-failed", "", told)


def give_up(before: datetime) -> int:
    """What waits since before that is not news any more; how many letters."""
    old = list(waiting().filter(queued__lt=before))
    if not old:  # asked several times a second: it must not hold the journal for that
        return 0
    with transaction.atomic():
        for letter in old:
            Letter.objects.filter(id=letter.id).update(is_given_up=True)
            told = {"topic": letter.topic, "place": letter.place, "attempts": letter.attempts}
            chain.append(letter.run_id, "notice-given-up", "", told)
    return len(old)


def make_due(now: datetime) -> None:
    """Let everything that waits be tried at once."""
    waiting().update(due=now)


def follow(run_id: str) -> int:
    """From now on the run's events become letters; the epoch of who follows it."""
    with transaction.atomic():
        epoch = newest_epoch() + 1
        Followed.objects.update_or_create(
            run_id=run_id, defaults={"epoch": epoch, "is_over": False}
        )
    return epoch


def newest_epoch() -> int:
    return Followed.objects.aggregate(Max("epoch"))["epoch__max"] or 0


def latest(count: int) -> list[Letter]:
    """What waits, and so many of the others; the newest first."""
    others = Letter.objects.exclude(id__in=waiting().values("id")).order_by("-queued", "-id")
    found = [*waiting(), *others[:count]]
    return sorted(found, key=lambda one: (one.queued, one.id), reverse=True)


def _as_record(message: Message) -> dict[str, object]:
    return {
        "title": message.title,
        "lines": list(message.lines),
        "tone": message.tone.value,
        "is_loud": message.is_loud,
    }
