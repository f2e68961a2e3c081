"""Tokens of people's grants: stored, handed out, and refreshed exactly once.

A refresh asks Google, and nobody must wait for the database meanwhile. So whoever finds a
token used up takes the grant's lease by one UPDATE, and the others wait for the next tokens.
"""

import json
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from apps.accounts import credentials
from apps.accounts.models import Credential
from apps.google_oauth.models import Grant, credential_of
from logic.google import oauth
from logic.google.errors import ConsentNeededError, GoogleTimeoutError

# Longer than Google is waited for; a process that died with the lease holds up no longer.
LEASE_S = 60
LOOK_EVERY_S = 0.05
# A token that ends while a request is on its way is as good as none.
SPARE_S = 60


@dataclass(frozen=True)
class Held:
    """What is stored for a person; `generation` is that of the grant when it was."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime
    generation: int


def client() -> oauth.Client:
    return oauth.Client(
        id=settings.GOOGLE_CLIENT_ID,
        secret=settings.GOOGLE_CLIENT_SECRET,
        accounts_url=settings.GOOGLE_ACCOUNTS_URL,
        oauth_url=settings.GOOGLE_OAUTH_URL,
    )


@transaction.atomic
def agree(user: User, tokens: oauth.Tokens) -> Grant:
    """Keep the tokens of a new agreement, in place of those of an old one."""
    grant, _made = Grant.objects.select_for_update().get_or_create(user=user)
    grant.is_over, grant.refreshing_until = False, None
    grant.generation += 1
    grant.save()
    _store(user, tokens, str(tokens.refresh), grant.generation)
    return grant


def held(user: User) -> Held:
    """What is stored. Raises ConsentNeededError."""
    if not Grant.objects.filter(user=user, is_over=False).exists():
        raise ConsentNeededError("Agree first that your Google calendar and Drive are used.")
    kept = json.loads(credentials.read(credential_of(user.pk)))
    return Held(**kept | {"expires_at": datetime.fromisoformat(kept["expires_at"])})


def usable(user: User) -> Held:
    """Tokens that are not about to end. Raises ConsentNeededError, GoogleError."""
    found = held(user)
    if found.expires_at - timedelta(seconds=SPARE_S) <= timezone.now():
        return renewed(user, found)
    return found


def renewed(user: User, seen: Held) -> Held:
    """The tokens after those that were `seen` used up; of all who ask, one asks Google.

    Raises ConsentNeededError, GoogleError.
    """
    end = time.monotonic() + LEASE_S
    while time.monotonic() < end:
        found = held(user)
        if found.generation != seen.generation:
            return found
        if _take_lease(user, seen.generation):
            return _renew(user, found)
        time.sleep(LOOK_EVERY_S)
    raise GoogleTimeoutError("Google did not give new tokens in time.")


def give_back(user: User) -> None:
    """Revoke the agreement at Google, and forget it here. Raises GoogleError.

    Where Google does not answer nothing is forgotten: it would stay in force unseen.
    """
    with suppress(ConsentNeededError):
        oauth.revoke(client(), held(user).refresh)
    Grant.objects.filter(user=user).delete()


def _take_lease(user: User, generation: int) -> bool:
    now = timezone.now()
    free = Q(refreshing_until=None) | Q(refreshing_until__lt=now)
    waiting = Grant.objects.filter(free, user=user, generation=generation, is_over=False)
    return waiting.update(refreshing_until=now + timedelta(seconds=LEASE_S)) == 1


def _renew(user: User, found: Held) -> Held:
    mine = Grant.objects.filter(user=user, generation=found.generation)
    try:
        tokens = oauth.refreshed(client(), found.refresh)
    except ConsentNeededError:
        mine.update(is_over=True, refreshing_until=None)
        raise
    except BaseException:
        mine.update(refreshing_until=None)
        raise
    with transaction.atomic():
        # Where the person agreed anew meanwhile, those tokens count.
        if mine.update(generation=F("generation") + 1, refreshing_until=None):
            _store(user, tokens, tokens.refresh or found.refresh, found.generation + 1)
    return held(user)


def _store(user: User, tokens: oauth.Tokens, refresh: str, generation: int) -> None:
    kept = {
        "access": tokens.access,
        "refresh": refresh,
        "expires_at": tokens.expires_at.isoformat(),
        "generation": generation,
    }
    credentials.store(
        credential_of(user.pk),
        json.dumps(kept),
        kind=Credential.Kind.GOOGLE,
        expires_at=tokens.expires_at,
    )
