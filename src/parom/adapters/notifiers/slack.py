"""A channel of Slack, by Slack's own client.

The methods are chat.postMessage and chat.update; the token needs the scope chat:write, and the
app must be a member of the channel. A channel may be named when a message is posted; to edit
it or to answer in its thread its id is needed, which the answer to the post tells.
"""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parom.adapters.notifiers.secret_file import secret_lines
from parom.errors import notices as errors
from parom.errors.notices import NotDeliveredError
from parom.message import Message, Receipt, Tone
from parom.words.said import said

if TYPE_CHECKING:
    from slack_sdk import WebClient

_LIMIT_S = 10
"""For each wait on the socket; the courier bounds the whole attempt."""
_LONGEST = 3500
"""Slack asks for at most 4,000 characters a text (chat.postMessage)."""
_CODE = re.compile(r"[a-z][a-z0-9_]{1,60}")
_TEMPORARY = frozenset(
    {"ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable",
     "request_timeout", "team_added_to_org", "message_limit_exceeded"}
)  # fmt: skip
_GONE = frozenset(
    {"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found"}
)
_MARKS = {Tone.INFO: "🔷", Tone.SUCCESS: "✅", Tone.WARNING: "⚠️", Tone.FAILURE: "🔴"}
_BUSY, _SERVER_ERROR = 429, 500


@dataclass(frozen=True)
class SlackChannel:
    """One channel. The token is read at each attempt: it may be put right meanwhile."""

    channel: str
    token_file: Path
    api: str
    can_edit: bool = True

    def deliver(self, message: Message) -> Receipt:
        token = secret_lines(self.token_file)[0]
        client = self._client(token)
        if message.replaces:
            with contextlib.suppress(_GoneError):  # somebody deleted it
                return self._call(client, token, "chat.update", self._edit(message))
        if message.under:
            with contextlib.suppress(_GoneError):
                return self._call(client, token, "chat.postMessage", self._answer(message))
        return self._call(client, token, "chat.postMessage", self._post(message))

    def _edit(self, message: Message) -> dict[str, Any]:
        known = message.replaces
        return {"channel": known.channel, "ts": known.id, "text": text_of(message)}

    def _post(self, message: Message) -> dict[str, Any]:
        return {
            "channel": self.channel,
            "text": text_of(message),
            "unfurl_links": False,
            "unfurl_media": False,
        }

    def _answer(self, message: Message) -> dict[str, Any]:
        parent = message.under
        return {
            **self._post(message),
            "channel": parent.channel,
            "thread_ts": parent.id,
            "reply_broadcast": message.is_loud,
        }

    def _call(self, client: WebClient, token: str, method: str, sent: Mapping[str, Any]) -> Receipt:
        """Raises only what says nothing of the token, whatever the other side answered."""
        from slack_sdk.errors import SlackApiError, SlackClientError

        try:
            answer = client.api_call(method, json=dict(sent))
        except SlackApiError as refused:
            raise self._explained(refused.response, token) from None
        except TimeoutError:
            raise errors.unreachable(
                self._name, said("no answer within {limit:g} s", limit=_LIMIT_S)
            ) from None
        except (OSError, HTTPException, SlackClientError) as problem:
            raise errors.unreachable(self._name, _why(problem)) from None
        except (ValueError, LookupError, AttributeError, TypeError):  # no JSON, no text, no table
            raise errors.unexpected(self._name, said("it cannot be read")) from None
        return self._receipt(answer.data)

    def _receipt(self, data: object) -> Receipt:
        """Success counts only with what Slack tells of each message that it took."""
        if isinstance(data, dict):
            channel, moment = data.get("channel"), data.get("ts")
            if isinstance(channel, str) and isinstance(moment, str) and moment:
                return Receipt(channel[:40], moment[:40])
        raise errors.unexpected(self._name, said("it names no message"))

    def _explained(self, answer: Any, token: str) -> Exception:
        status, data = int(answer.status_code), answer.data
        if status == _BUSY or status >= _SERVER_ERROR:
            return errors.busy(self._name, status, _seconds(answer.headers))
        code = data.get("error") if isinstance(data, dict) else None
        if not isinstance(code, str) or not _CODE.fullmatch(code) or token in code:
            what = said("status {status}, no reason of Slack's", status=status)
            return errors.unexpected(self._name, what)
        if code in _GONE:
            return _GoneError()
        if code in _TEMPORARY:
            return errors.busy(self._name, status, _seconds(answer.headers))
        return errors.refused(self._name, code)

    def _client(self, token: str) -> WebClient:
        """Without its own repetitions: the courier has those, and knows what was asked for."""
        from slack_sdk import WebClient

        if not token.isascii() or not token.isprintable():
            raise errors.secret_file(self.token_file, said("its first line is no token"))
        return WebClient(
            token=token, base_url=self.api, timeout=_LIMIT_S, retry_handlers=[], logger=self._quiet
        )

    @cached_property
    def _quiet(self) -> logging.Logger:
        """The client would log answers, and an answer may repeat the token."""
        logger = logging.Logger("parom.slack", logging.CRITICAL)
        logger.addHandler(logging.NullHandler())
        return logger

    @property
    def _name(self) -> str:
        return f"Slack ({self.channel})"


class _GoneError(NotDeliveredError):
    """The message that was to be edited is not there."""

    def __init__(self) -> None:
        super().__init__(
            "notice.gone",
            "Slack says that a message is gone.",
            "It is tried again.",
            can_retry=True,
        )


def text_of(message: Message) -> str:
    """Slack's text: the title bold, and nothing in it that Slack would take for its own.

    `&`, `<` and `>` begin mentions and links in Slack's markup; a commit's message that holds
    `<!channel>` must not call everybody.
    """
    title = _escaped(message.title).replace("*", "∗")
    head = [f"{_MARKS[message.tone]} *{title}*"] if title else []
    text = "\n".join([*head, *map(_escaped, message.lines)])
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _why(problem: Exception) -> str:
    """What the system says of a connection that failed; never what the other side says."""
    reason = getattr(problem, "reason", problem)
    said = getattr(reason, "strerror", None)
    return said if isinstance(said, str) else type(reason).__name__


def _seconds(headers: Mapping[str, Any]) -> float | None:
    """Retry-After in seconds; None where there is none, or a date."""
    for name, value in headers.items():
        if name.lower() == "retry-after":
            text = value[0] if isinstance(value, list) and value else value
            return float(text) if isinstance(text, str) and text.isdecimal() else None
    return None
