"""Google's own client for calendar and Drive. Import it at the first use: it takes its time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from typing import Any

import httplib2
from google.api_core.client_options import ClientOptions
from google.auth.credentials import Credentials
from google_auth_httplib2 import AuthorizedHttp
from googleapiclient.discovery import build
from googleapiclient.errors import Error, HttpError

from logic.google.errors import GoogleRefusedError, GoogleTimeoutError, GoogleUnreachableError

WAIT_S = 20
VERSIONS = {"calendar": "v3", "drive": "v3"}


class GrantedCredentials(Credentials):
    """A person's access token; where Google refuses it, `renew` gives the next one, once."""

    def __init__(self, token: str, renew: Callable[[], str]) -> None:
        super().__init__()
        self.token, self._renew = token, renew

    def refresh(self, request: Any) -> None:
        self.token = self._renew()


@contextmanager
def service(name: str, url: str, credentials: Credentials) -> Iterator[Any]:
    """Google's service by name, at `url`; its failures become GoogleError.

    The description of the API is that of the installed package: nothing is fetched. Errors
    keep no cause: Google's hold the answer's body.
    """
    version = VERSIONS[name]
    http = httplib2.Http(timeout=WAIT_S)
    # A redirect would carry the token to whatever host it names.
    http.follow_redirects = False
    try:
        with build(
            name,
            version,
            http=AuthorizedHttp(credentials, http, max_refresh_attempts=1),
            client_options=ClientOptions(api_endpoint=f"{url}/{name}/{version}/"),
            static_discovery=True,
            cache_discovery=False,
        ) as built:
            yield built
    except HttpError as problem:
        raise GoogleRefusedError(problem.status_code, _retry_after(problem.resp)) from None
    except TimeoutError:
        raise GoogleTimeoutError(f"Google did not answer within {WAIT_S} s.") from None
    except (OSError, httplib2.HttpLib2Error, HTTPException) as problem:
        raise GoogleUnreachableError(
            f"There was no whole answer of Google: {type(problem).__name__}."
        ) from None
    except (ValueError, KeyError, Error):
        raise GoogleUnreachableError("Google's answer is not what its API promises.") from None


def answer_to(request: Any) -> dict[str, Any]:
    """What Google answers. ValueError where that is not JSON: its client then returns text."""
    answer = request.execute()
    if not isinstance(answer, dict):
        raise ValueError("not JSON")
    return answer


def _retry_after(response: Any) -> int | None:
    said = response.get("retry-after", "")
    return int(said) if said.isdecimal() else None
