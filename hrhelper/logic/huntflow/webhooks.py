"""Huntflow's webhooks: who sent it, and what it says. The body is never kept."""

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from logic.base.errors import DomainError

APPLICANT = "APPLICANT"
VACANCY = "VACANCY"
PING = "PING"
LONGEST_WORD = 40


class MalformedEventError(DomainError):
    """Signed well, and yet not what Huntflow describes."""

    code = "malformed_event"


@dataclass(frozen=True)
class Event:
    """Something that happened to an object of an account; ids are Huntflow's."""

    type: str
    action: str
    event_id: str
    account: int
    object_id: int | None

    @property
    def key(self) -> str:
        """The same for each delivery of the event, the first and the repeated ones."""
        return f"{self.account}/{self.type}/{self.action}/{self.event_id}"


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether the signature is the hexadecimal HMAC-SHA256 of the body by the secret."""
    right = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(right.encode(), signature.strip().lower().encode())


def is_ping(body: bytes, header: str) -> bool:
    """Whether only an answer is wanted; the header is not signed, and a ping changes nothing."""
    try:
        return header == PING or json.loads(body)["meta"]["event_type"] == PING
    except (ValueError, TypeError, KeyError, RecursionError):
        return False


def event_of(body: bytes) -> Event:
    """The event of a signed body. Raises MalformedEventError."""
    try:
        said = json.loads(body)
        meta = said["meta"]
        return Event(
            type=_word(meta["event_type"]),
            action=_word(meta.get("webhook_action") or ""),
            event_id=_word(meta["event_id"]),
            account=_number(meta["account"]["id"]),
            object_id=_object_id(said, str(meta["event_type"])),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise MalformedEventError("The body is no event of Huntflow.") from None


def _object_id(said: dict[str, Any], event_type: str) -> int | None:
    if event_type not in (APPLICANT, VACANCY):
        return None
    return _number(said["event"][event_type.lower()]["id"])


def _number(value: Any) -> int:
    if isinstance(value, bool) or not 0 < int(value) < 2**63:
        raise ValueError
    return int(value)


def _word(value: Any) -> str:
    if len(str(value)) > LONGEST_WORD:
        raise ValueError
    return str(value)
