"""How often a login may go wrong: for one name, and from one address, wherever it is tried.

django-allauth counts, in Django's cache, by the rates of ACCOUNT_RATE_LIMITS.
"""

import math
import time

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core.cache import cache
from django.dispatch import receiver
from django.http import HttpRequest
from django.shortcuts import render

APP = "allauth.account"
LOGIN, TOKEN = "login_failed", "token_failed"


class LimitedAttempts:
    """The first authentication backend. It lets nobody in, and stops who tries too often.

    Each attempt counts until it has succeeded, so that many at once are no way around.
    """

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None
    ) -> None:
        """Raises ImmediateHttpResponse, which allauth's middleware makes a 429 (or 503)."""
        if request is None or username is None:
            return
        name = username.casefold()
        try:
            attempt = ratelimit.consume(request, app=APP, action=LOGIN, key=name)
            wait_s = 0 if attempt else seconds_to_wait(request, LOGIN, name)
        except _cache_failures():
            # Uncounted attempts would be as many as somebody likes.
            raise ImmediateHttpResponse(render(request, "503.html", status=503)) from None
        if attempt is None:
            request.wait_s = wait_s
            raise ImmediateHttpResponse(ratelimit.respond_429(request))
        request.login_attempt = attempt


@receiver(user_logged_in)
def take_back(sender: object, request: HttpRequest, **more: object) -> None:
    """One that succeeded does not count; those before it still do."""
    attempt = getattr(request, "login_attempt", None)
    if attempt is not None:
        attempt.rollback()


def seconds_of_pause_after_wrong_token(request: HttpRequest) -> int:
    """Count a wrong token of the API; 0, or how long this address is not listened to."""
    try:
        if ratelimit.consume(request, app=APP, action=TOKEN, limit_get=True):
            return 0
        return seconds_to_wait(request, TOKEN)
    except _cache_failures():
        return 0  # It is refused anyway; nobody guesses 160 bits.


def seconds_to_wait(request: HttpRequest, action: str, key: str | None = None) -> int:
    """Until the next attempt is free: when the oldest that counts is over. At least 1."""
    now, waits = time.time(), [1.0]
    for rate in ratelimit.get_rates(app=APP, action=action):
        place = ratelimit.get_cache_key(request, app=APP, action=action, rate=rate, key=key)
        counted = cache.get(place, [])  # the newest first
        if len(counted) >= rate.amount:
            waits.append(counted[rate.amount - 1] + rate.duration - now)
    return math.ceil(max(waits))


def _cache_failures() -> tuple[type[Exception], ...]:
    if not settings.CACHE_URL:
        return ()
    from redis import RedisError  # not for the start of the web

    return (RedisError,)
