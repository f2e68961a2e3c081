"""Google's OAuth 2.0 for calendar and Drive: agreeing, getting tokens, giving them back.

https://developers.google.com/identity/protocols/oauth2/web-server
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from logic.google.errors import (
    ConsentNeededError,
    ConsentRefusedError,
    GoogleRefusedError,
    GoogleTimeoutError,
    GoogleUnreachableError,
)

SCOPES = (
    "https://www.googleapis.com/auth/calendar.events",
    "https://www.googleapis.com/auth/drive.metadata.readonly",
)
WAIT_S = 10


@dataclass(frozen=True)
class Client:
    """This application as Google knows it; `oauth_url` is where tokens are got."""

    id: str
    secret: str = field(repr=False)
    accounts_url: str
    oauth_url: str


@dataclass(frozen=True)
class Tokens:
    """`refresh` is None where Google leaves the one of before in force."""

    access: str = field(repr=False)
    refresh: str | None = field(repr=False)
    expires_at: datetime
    scopes: frozenset[str]


def consent_address(client: Client, redirect_uri: str, state: str, verifier: str) -> str:
    """Where the person agrees. Google gives a refresh token only to `offline` and `consent`."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    query = {
        "client_id": client.id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": " ".join(SCOPES),
        "state": state,
        "code_challenge": challenge.decode().rstrip("="),
        "code_challenge_method": "S256",
        "access_type": "offline",
        "prompt": "consent",
    }
    return f"{client.accounts_url}/o/oauth2/v2/auth?{urlencode(query)}"


def exchange(client: Client, redirect_uri: str, code: str, verifier: str) -> Tokens:
    """The tokens for a code. Raises ConsentRefusedError, GoogleError."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "code_verifier": verifier,
        "redirect_uri": redirect_uri,
    }
    status, answer = _post(client, "token", form)
    if status == 400 and answer.get("error") == "invalid_grant":
        raise ConsentRefusedError("Google does not know this agreement; begin again.")
    tokens = _tokens(status, answer)
    if tokens.refresh is None or not tokens.scopes.issuperset(SCOPES):
        raise ConsentRefusedError("Calendar and Drive were not both agreed to; begin again.")
    return tokens


def refreshed(client: Client, refresh_token: str) -> Tokens:
    """New tokens. Raises ConsentNeededError where the old one is void, else GoogleError."""
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    status, answer = _post(client, "token", form)
    if status == 400 and answer.get("error") == "invalid_grant":
        raise ConsentNeededError("The agreement with Google is over; agree again.")
    return _tokens(status, answer)


def revoke(client: Client, refresh_token: str) -> None:
    """Give the agreement back; one that is over already is given back. Raises GoogleError."""
    status, _ = _post(client, "revoke", {"token": refresh_token})
    if status not in (200, 400):
        raise GoogleRefusedError(status)


def _post(client: Client, path: str, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
    import httpx  # not for the start of the web

    whole = {"client_id": client.id, "client_secret": client.secret, **form}
    try:
        answer = httpx.post(f"{client.oauth_url}/{path}", data=whole, timeout=WAIT_S)
    except httpx.TimeoutException:
        raise GoogleTimeoutError(f"Google did not answer within {WAIT_S} s.") from None
    except httpx.HTTPError as problem:
        raise GoogleUnreachableError(
            f"There was no whole answer of Google: {type(problem).__name__}."
        ) from None
    try:
        said = answer.json()
    except ValueError:
        said = {}
    return answer.status_code, said if isinstance(said, dict) else {}


def _tokens(status: int, answer: Mapping[str, Any]) -> Tokens:
    if status != 200:
        raise GoogleRefusedError(status)
    try:
        return Tokens(
            access=str(answer["access_token"]),
            refresh=answer.get("refresh_token"),
            expires_at=datetime.now(UTC) + timedelta(seconds=int(answer["expires_in"])),
            scopes=frozenset(str(answer.get("scope", "")).split()),
        )
    except (KeyError, TypeError, ValueError):
        raise GoogleUnreachableError("Google's answer holds no tokens.") from None
