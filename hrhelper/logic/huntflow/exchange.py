"""Records of one exchange with Huntflow, and what follows from them. Pure: no clock, no network."""

import json
from dataclasses import dataclass, field
from typing import Any

from logic.huntflow.errors import (
    HuntflowAuthorizationError,
    HuntflowBusyError,
    HuntflowRefusedError,
    HuntflowUnreachableError,
    UnexpectedAnswerError,
)

TOO_MANY = 429
UNAUTHORIZED = 401
SERVER_ERROR = 500
FIRST_PAUSE_S = 0.2
# What Huntflow says of a reason is passed on to who asked; so much of it.
LONGEST_REASON = 200


@dataclass(frozen=True)
class Call:
    """A request without its token. `repeatable`: doing it twice is the same as once."""

    method: str
    path: str
    query: dict[str, Any] = field(default_factory=dict, repr=False)
    body: Any = field(default=None, repr=False)
    repeatable: bool = True


@dataclass(frozen=True)
class Answer:
    """What came back. Without a status: nothing did, and `sent` says whether the call got there."""

    status: int | None
    content: bytes = field(default=b"", repr=False)
    retry_after_s: float | None = None
    sent: bool = True

    @property
    def says_token_expired(self) -> bool:
        """As Huntflow's description has it: by type and detail, not by the status alone."""
        return self.status == UNAUTHORIZED and any(
            one.get("type") == "authorization_error" and one.get("detail") == "token_expired"
            for one in self.errors()
        )

    def errors(self) -> list[dict[str, Any]]:
        """The list of errors in the body; empty where it is none."""
        try:
            found = json.loads(self.content)["errors"]
        except (ValueError, TypeError, KeyError, RecursionError):
            return []
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def pause_before_repeating(call: Call, answer: Answer, attempt: int) -> float | None:
    """Seconds to wait before the call is made again after attempt 1, 2, …; None: do not.

    A call that was not carried out (429, or it never got there) may always be repeated; one
    whose fate is unknown only where repeating is safe.
    """
    doubling = FIRST_PAUSE_S * 2.0 ** (attempt - 1)
    if answer.status == TOO_MANY:
        return doubling if answer.retry_after_s is None else answer.retry_after_s
    if answer.status is None and not answer.sent:
        return doubling
    if answer.status is None or answer.status >= SERVER_ERROR:
        return doubling if call.repeatable else None
    return None


def content_of(call: Call, answer: Answer) -> Any:
    """The decoded answer, or the error that it is. Raises those of logic.huntflow.errors."""
    what = f"{call.method} {call.path}"
    if answer.status is None:
        raise HuntflowUnreachableError(f"Huntflow did not answer in time ({what}).")
    if answer.status == TOO_MANY:
        wait_s = answer.retry_after_s or 1.0
        raise HuntflowBusyError("Huntflow asks for a pause; try again later.", wait_s)
    if answer.status >= SERVER_ERROR:
        raise HuntflowUnreachableError(f"Huntflow failed with {answer.status} ({what}).")
    if answer.status == UNAUTHORIZED:
        raise HuntflowAuthorizationError("Huntflow does not accept the token; connect it anew.")
    if not 200 <= answer.status < 300:
        raise HuntflowRefusedError(_refusal(answer), answer.status)
    return _decoded(what, answer)


def _decoded(what: str, answer: Answer) -> Any:
    try:
        return json.loads(answer.content) if answer.content else None
    except (ValueError, RecursionError):
        raise UnexpectedAnswerError(f"The answer is not JSON ({what}).") from None


def _refusal(answer: Answer) -> str:
    reasons = [str(one.get("detail") or one.get("title") or "") for one in answer.errors()]
    said = "; ".join(filter(None, reasons))[:LONGEST_REASON]
    return f"Huntflow refused it ({answer.status}): {said or 'no reason given'}"
