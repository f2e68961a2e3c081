"""The person's way to Google and back, which begins and ends in the same browser session."""

import secrets
import time

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse

from apps.google_oauth.grants import agree, client
from apps.google_oauth.models import Grant
from logic.google import oauth
from logic.google.errors import ConsentRefusedError

BEGUN = "google_consent"
LONGEST_S = 600
LONGEST_CODE = 2048


def begin(request: HttpRequest) -> str:
    """The address at Google to send the person to."""
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
    request.session[BEGUN] = {"state": state, "verifier": verifier, "at": time.time()}
    return oauth.consent_address(client(), _redirect_uri(request), state, verifier)


def complete(request: HttpRequest, user: User) -> Grant:
    """The agreement, once: with what the person came back with. Raises ConsentRefusedError."""
    begun = request.session.pop(BEGUN, None)
    if not begun or time.time() - begun["at"] > LONGEST_S:
        raise ConsentRefusedError("Nothing was begun in this browser lately; begin again.")
    if not secrets.compare_digest(begun["state"], request.GET.get("state", "")):
        raise ConsentRefusedError("This answer belongs to another beginning; begin again.")
    code = request.GET.get("code", "")
    if "error" in request.GET or not 0 < len(code) <= LONGEST_CODE:
        raise ConsentRefusedError("It was not agreed to.")
    return agree(user, oauth.exchange(client(), _redirect_uri(request), code, begun["verifier"]))


def _redirect_uri(request: HttpRequest) -> str:
    """Google knows this address, and compares it."""
    return request.build_absolute_uri(reverse("google-callback"))
