"""Huntflow over HTTP: in its turn, in time, with a token that is renewed, repeated where safe.

Imported at the first use, never at the start of the web: httpx would slow that down.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self

import httpx

from logic.huntflow.errors import UnexpectedAnswerError
from logic.huntflow.exchange import (
    TOO_MANY,
    UNAUTHORIZED,
    Answer,
    Call,
    content_of,
    pause_before_repeating,
)
from logic.huntflow.pace import Pace
from logic.huntflow.tokens import Renewed, TokenPair, Tokens

log = logging.getLogger(__name__)
LARGEST_ANSWER = 8 * 1024 * 1024
# A refresh that was carried out and whose answer got lost must not be repeated blindly.
REFRESH = "/token/refresh"


@dataclass(frozen=True)
class Limits:
    """`timeout_s` bounds each wait for the network, `answer_s` a whole answer; in seconds."""

    timeout_s: float = 15
    answer_s: float = 60
    attempts: int = 4
    longest_pause_s: float = 30


class HuntflowClient:
    """Makes calls one after the other; a context, which closes its connections at the end."""

    def __init__(self, url: str, tokens: Tokens, pace: Pace, limits: Limits) -> None:
        self._tokens, self._pace, self._limits = tokens, pace, limits
        self._http = httpx.Client(
            base_url=url.rstrip("/"),
            timeout=limits.timeout_s,
            headers={"Accept": "application/json", "User-Agent": "HRHelper/2.0"},
            # Neither a proxy nor a .netrc of the environment gets to see the token.
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def ask(self, call: Call) -> Any:
        """The decoded answer; an expired token is renewed first.

        Raises the errors of logic.huntflow.errors, and those of apps.accounts.credentials.
        """
        pair = self._tokens.current()
        answer = self._exchange(call, pair.access)
        if answer.status == UNAUTHORIZED:
            fresh = self._pair_after(pair, answer)
            if fresh != pair:
                answer = self._exchange(call, fresh.access)
        return content_of(call, answer)

    def _pair_after(self, refused: TokenPair, answer: Answer) -> TokenPair:
        """The pair to try after a 401; the same where none can help."""
        if answer.says_token_expired:
            return self._tokens.renew(refused, self._renewed)
        # Somebody may have renewed or replaced it while the request was under way.
        return self._tokens.current()

    def _renewed(self, refresh_token: str) -> Renewed:
        call = Call("POST", REFRESH, body={"refresh_token": refresh_token}, repeatable=False)
        found = content_of(call, self._exchange(call, None))
        try:
            pair = TokenPair(str(found["access_token"]), str(found["refresh_token"]))
            return Renewed(pair, int(found["refresh_token_expires_in"]))
        except (KeyError, TypeError, ValueError):
            raise UnexpectedAnswerError("Huntflow's new tokens are incomplete.") from None

    def _exchange(self, call: Call, access_token: str | None) -> Answer:
        """The last answer to a call that is repeated as often as is allowed and safe."""
        for attempt in range(1, self._limits.attempts + 1):
            with self._pace.turn(self._limits.longest_pause_s):
                answer = self._once(call, access_token)
            pause_s = pause_before_repeating(call, answer, attempt)
            if pause_s is None:
                break
            if answer.status == TOO_MANY:
                # The pause is everybody's: other processes would run into the same wall. The
                # next turn comes after it.
                self._pace.hold(pause_s)
            if attempt == self._limits.attempts or pause_s > self._limits.longest_pause_s:
                break
            if answer.status != TOO_MANY:
                time.sleep(pause_s)
        return answer

    def _once(self, call: Call, access_token: str | None) -> Answer:
        headers = {"Authorization": f"Bearer {access_token}"} if access_token else {}
        request = self._http.build_request(
            call.method, call.path, params=call.query, json=call.body, headers=headers
        )
        began = time.monotonic()
        try:
            answer = self._received(request, began + self._limits.answer_s)
        except (httpx.ConnectError, httpx.ConnectTimeout):
            answer = Answer(None, sent=False)
        except (httpx.HTTPError, _AnswerTooLongError):
            answer = Answer(None)
        took_ms = (time.monotonic() - began) * 1000
        # Neither query nor body: both may hold a candidate's data.
        log.info("Huntflow: %s %s -> %s, %d ms", call.method, call.path, answer.status, took_ms)
        return answer

    def _received(self, request: httpx.Request, end: float) -> Answer:
        response = self._http.send(request, stream=True)
        try:
            content = bytearray()
            for part in response.iter_bytes():
                content += part
                if len(content) > LARGEST_ANSWER or time.monotonic() > end:
                    raise _AnswerTooLongError
            retry_after_s = seconds_of(response.headers.get("Retry-After"), _now)
            return Answer(response.status_code, bytes(content), retry_after_s)
        finally:
            response.close()


class _AnswerTooLongError(Exception):
    """Too many bytes, or too slowly."""


def seconds_of(retry_after: str | None, now: Callable[[], datetime]) -> float | None:
    """Seconds of a Retry-After, which is a number or a date; None where it is neither."""
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, (moment - now()).total_seconds()) if moment.tzinfo else None


def _now() -> datetime:
    return datetime.now(UTC)
