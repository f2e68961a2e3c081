"""Interviews in a calendar: each has an id that we choose, so a repeat makes no second one."""

import hashlib
from base64 import b32hexencode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from googleapiclient.errors import HttpError

from logic.google.errors import EventDiffersError
from logic.google.service import answer_to

CONFLICT, GONE = 409, (404, 410)


@dataclass(frozen=True)
class Interview:
    """`start` is aware; `guests` are e-mail addresses, who get Google's invitation."""

    title: str
    text: str
    start: datetime
    minutes: int
    guests: tuple[str, ...]


@dataclass(frozen=True)
class Placed:
    """An event as it is in the calendar; `is_new` where this call made it."""

    id: str
    link: str
    is_new: bool


def event_id(owner: str, key: str) -> str:
    """An id of Google's alphabet (a to v, 0 to 9) for a key, which counts for its owner."""
    digest = hashlib.sha256(f"{owner}\n{key}".encode()).digest()
    return b32hexencode(digest).decode().rstrip("=").lower()


def place(calendar: Any, identity: str, interview: Interview) -> Placed:
    """Put it into the person's calendar, or find it there.

    Raises EventDiffersError where another one has the id, and GoogleError.
    """
    body = {"id": identity, **_described(interview)}
    try:
        with_invitations = {"calendarId": "primary", "sendUpdates": "all"}
        made = answer_to(calendar.events().insert(body=body, **with_invitations))
    except HttpError as problem:
        if problem.status_code != CONFLICT:
            raise
        found = answer_to(calendar.events().get(calendarId="primary", eventId=identity))
        if not _is_same(found, interview):
            raise EventDiffersError("Under this key there is another event.") from None
        return Placed(identity, found.get("htmlLink", ""), is_new=False)
    return Placed(identity, made.get("htmlLink", ""), is_new=True)


def remove(calendar: Any, identity: str) -> None:
    """Take it out; one that is gone is out. Raises GoogleError."""
    deleting = calendar.events().delete(calendarId="primary", eventId=identity, sendUpdates="all")
    try:
        deleting.execute()
    except HttpError as problem:
        if problem.status_code not in GONE:
            raise


def _described(interview: Interview) -> dict[str, Any]:
    end = interview.start + timedelta(minutes=interview.minutes)
    return {
        "summary": interview.title,
        "description": interview.text,
        "start": {"dateTime": interview.start.isoformat()},
        "end": {"dateTime": end.isoformat()},
        "attendees": [{"email": guest} for guest in interview.guests],
    }


def _is_same(found: dict[str, Any], interview: Interview) -> bool:
    """Google gives times in the calendar's own zone, and guests with their answers."""
    if found.get("status") == "cancelled":
        return False
    end = interview.start + timedelta(minutes=interview.minutes)
    return (
        found.get("summary", "") == interview.title
        and found.get("description", "") == interview.text
        and _moment(found, "start") == interview.start
        and _moment(found, "end") == end
        and {one.get("email") for one in found.get("attendees", [])} == set(interview.guests)
    )


def _moment(found: dict[str, Any], name: str) -> datetime | None:
    text = found.get(name, {}).get("dateTime")
    return datetime.fromisoformat(text) if text else None
