"""The hash chain of events: appending a link, and finding the first altered one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from parom.journal.models import Event, Head

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
    """Add an event; on return it is on disk. Returns its number."""
    text = canonical(data)
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    with transaction.atomic():
        head = Head.objects.filter(id=1).first()
        number = (head.number if head else 0) + 1
        previous = head.digest if head else _START
        digest = _digest(previous, number, run_id, at, kind, step, text)
        Event.objects.create(
            number=number, run_id=run_id, at=at, kind=kind, step=step, data=text, digest=digest
        )
        Head.objects.update_or_create(id=1, defaults={"number": number, "digest": digest})
    return number


def verify() -> Broken | None:
    """The first event that was altered, removed or inserted; None if the chain holds."""
    previous, expected = _START, 1
    for event in Event.objects.order_by("number").iterator(chunk_size=2000):
        if event.number != expected:
            return Broken(expected, f"event {expected} is missing; {event.number} follows")
        digest = _digest(
            previous, event.number, event.run_id, event.at, event.kind, event.step, event.data
        )
        if digest != event.digest:
            return Broken(event.number, "its content does not match its digest")
        previous, expected = digest, expected + 1
    head = Head.objects.filter(id=1).first()
    number = head.number if head else 0
    if number != expected - 1:
        return Broken(min(number + 1, expected), f"the chain ends at {expected - 1}, not {number}")
    if head and head.digest != previous:
        return Broken(number, "the last event is not the one that was written last")
    return None


def _digest(previous: str, number: int, *fields: str) -> str:
    return hashlib.sha256(json.dumps([previous, number, *fields]).encode()).hexdigest()
