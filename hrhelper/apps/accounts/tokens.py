"""Tokens of the API, of which an address may not try many wrong ones."""

from typing import Any

from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from apps.accounts.attempts import seconds_of_pause_after_wrong_token


class LimitedTokenAuthentication(TokenAuthentication):
    """A right token is never held up, whatever else comes from its address."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """Raises AuthenticationFailed, and Throttled where there were too many of those."""
        try:
            return super().authenticate(request)
        except AuthenticationFailed:
            pause_s = seconds_of_pause_after_wrong_token(request._request)
            if pause_s:
                raise Throttled(pause_s) from None
            raise
