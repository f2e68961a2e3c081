"""The hash chain of events: appending a link, and finding the first altered one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from parom.journal.anchor import Anchor
from parom.journal.models import Event, Head
from parom.words.said import Said, said, with_parts

_START = "0" * 64


@dataclass(frozen=True)
class Broken:
    """The first event that is not what was written."""

    number: int
    why: str


def canonical(data: Mapping[str, Any]) -> str:
    """The one JSON text of a mapping: sorted keys, no spaces, UTF-8 as it is."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def append(run_id: str, kind: str, step: str, data: Mapping[str, Any]) -> int:
    """Add an event; on return it is on disk. Returns its number.

    Texts that were `said` are kept with what they were made from, for readers of any language.
    """
    text = canonical(with_parts(data))
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    with transaction.atomic():
        head = end()
        number, previous = head.number + 1, head.digest
        digest = _digest(previous, number, run_id, at, kind, step, text)
        Event.objects.create(
            number=number, run_id=run_id, at=at, kind=kind, step=step, data=text, digest=digest
        )
        Head.objects.update_or_create(id=1, defaults={"number": number, "digest": digest})
    return number


def verify(anchors: Iterable[Anchor] = ()) -> Broken | None:
    """The first event that was altered, removed or inserted; None if the chain holds.

    A chain that was cut off or written anew, its end included, holds in itself: that is found by
    `anchors`, which were noted elsewhere. Whoever appends meanwhile disturbs nothing.
    """
    noted: dict[int, list[Anchor]] = {}
    for one in anchors:
        noted.setdefault(one.number, []).append(one)
    before, (last, broken) = end(), _walk(noted)
    if broken is not None:
        return broken
    after = end()
    if last < before.number or last > after.number:
        number = before.number if last < before.number else after.number
        why = said("the chain ends at {last}, not {number}", last=last, number=number)
        return Broken(min(last, number) + 1, why)
    cut = min((one for one in noted if one > last), default=None)
    if cut is not None:
        return Broken(last + 1, _missing(last, noted[cut][0]))
    return None


def _walk(noted: Mapping[int, Sequence[Anchor]]) -> tuple[int, Broken | None]:
    """The number of the last event, and what is wrong up to there."""
    head, previous, expected = end(), _START, 1
    for event in Event.objects.order_by("number").iterator(chunk_size=2000):
        number = event.number
        if number != expected:
            why = said("event {number} is missing; {next} follows", number=expected, next=number)
            return number, Broken(expected, why)
        digest = _digest(
            previous, number, event.run_id, event.at, event.kind, event.step, event.data
        )
        if digest != event.digest:
            return number, Broken(number, said("its content does not match its digest"))
        if number == head.number and digest != head.digest:
            why = said("the last event is not the one that was written last")
            return number, Broken(number, why)
        for one in noted.get(number, ()):
            if not digest.startswith(one.digest):
                return number, Broken(number, _another(one))
        previous, expected = digest, expected + 1
    return expected - 1, None


def _missing(last: int, anchor: Anchor) -> Said:
    if anchor.kept_in:
        return said(
            "the chain ends at {last}, but {place} was written when there was event {number}",
            last=last, place=anchor.kept_in, number=anchor.number,
        )  # fmt: skip
    return said(
        "the chain ends at {last}, but once there was event {number}",
        last=last, number=anchor.number,
    )  # fmt: skip


def _another(anchor: Anchor) -> Said:
    if anchor.kept_in:
        return said("it is not the one that {place} was written after", place=anchor.kept_in)
    return said("it is not the one that was noted")


def end() -> Head:
    """Where the chain ends; at 0 while there is no event."""
    return Head.objects.filter(id=1).first() or Head(number=0, digest=_START)


def _digest(previous: str, number: int, *fields: str) -> str:
    return hashlib.sha256(json.dumps([previous, number, *fields]).encode()).hexdigest()
