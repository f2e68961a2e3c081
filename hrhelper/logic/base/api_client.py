"""The client from which those of outside services are made."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import urlencode, urljoin

from logic.base.errors import OutsideError

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_ANSWER = 16 * 1024 * 1024
SERVER_ERROR = 500


class ApiError(OutsideError):
    """An outside service answered with an error; its status stays what it is."""

    code = "api_error"

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class ApiUnreachableError(OutsideError):
    """There was no answer in time."""

    code = "api_unreachable"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect would carry the token in the headers to whatever host it names."""

    def redirect_request(self, *args: Any) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


@dataclass(frozen=True)
class BaseAPIClient:
    """Asks one service over HTTP and JSON.

    `timeout_s` bounds each wait; a safe method is tried `attempts` times where there was no
    answer or a 5xx, any other exactly once, since repeating it might do it twice. A redirect
    is an ApiError.
    """

    base_url: str
    timeout_s: float = 30
    attempts: int = 3

    def headers(self) -> dict[str, str]:
        """Headers of every request; a client with a token adds it here."""
        return {"Accept": "application/json"}

    def request(
        self, method: str, path: str, *, query: dict[str, Any] | None = None, body: Any = None
    ) -> Any:
        """The decoded answer. Raises ApiError or ApiUnreachableError."""
        tries = self.attempts if method in SAFE_METHODS else 1
        for left in reversed(range(tries)):
            try:
                return self._once(method, path, query, body)
            except ApiError as problem:
                if problem.status < SERVER_ERROR or not left:
                    raise
            except ApiUnreachableError:
                if not left:
                    raise
        raise AssertionError("a request is tried at least once")

    def _once(self, method: str, path: str, query: dict[str, Any] | None, body: Any) -> Any:
        url = urljoin(self.base_url, path) + (f"?{urlencode(query)}" if query else "")
        if not url.startswith(("http://", "https://")):
            raise ValueError(f"not an HTTP address: {url}")
        data = None if body is None else json.dumps(body).encode()
        headers = self.headers() | ({"Content-Type": "application/json"} if data else {})
        request = urllib.request.Request(url, data=data, headers=headers, method=method)  # noqa: S310
        try:
            with _opener.open(request, timeout=self.timeout_s) as answer:
                content = answer.read(LARGEST_ANSWER + 1)
        except urllib.error.HTTPError as problem:
            with problem:
                raise ApiError(f"{method} {path} answered {problem.code}", problem.code) from None
        except (OSError, HTTPException) as problem:
            raise ApiUnreachableError(f"{method} {path}: {problem}") from None
        if len(content) > LARGEST_ANSWER:
            raise ApiUnreachableError(f"{method} {path}: the answer is too large")
        try:
            return json.loads(content) if content else None
        except ValueError:
            raise ApiUnreachableError(f"{method} {path}: the answer is not JSON") from None
