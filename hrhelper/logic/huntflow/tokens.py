"""The pair of tokens, which all processes share and exactly one of them renews.

An access token lives 7 days. Renewing it makes the refresh token useless, too: of two
processes that renewed at the same time the second would find the door shut.
"""

import hashlib
import json
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from apps.accounts import credentials
from apps.accounts.models import Credential
from apps.huntflow.models import SharedAccess
from logic.huntflow.errors import (
    HuntflowAuthorizationError,
    HuntflowRefusedError,
    HuntflowUnreachableError,
)

# Longer than a refresh with all its attempts can take; only a killed process uses it up.
RENEWER_KEEPS = timedelta(seconds=150)
LOOK_AGAIN_S = 0.05
REFRESH_TOKEN_LIVES_S = 14 * 24 * 3600


@dataclass(frozen=True)
class TokenPair:
    """What Huntflow's settings give to whoever connects it."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.refresh.encode()).hexdigest()


@dataclass(frozen=True)
class Renewed:
    """A new pair; the refresh token in it is good for `lives_s` seconds."""

    pair: TokenPair
    lives_s: int


class Tokens:
    """The tokens under a name, in the credentials."""

    def __init__(self, name: str, patience_s: float = 60) -> None:
        self._name, self._patience_s = name, patience_s
        self._row = SharedAccess.objects.filter(name=name)

    def connect(self, pair: TokenPair, lives_s: int = REFRESH_TOKEN_LIVES_S) -> None:
        """Keep a pair in place of the one of before. Raises CredentialKeyError."""
        secret = json.dumps({"access": pair.access, "refresh": pair.refresh})
        expires_at = timezone.now() + timedelta(seconds=lives_s)
        credentials.store(self._name, secret, kind=Credential.Kind.HUNTFLOW, expires_at=expires_at)

    def current(self) -> TokenPair:
        """Raises MissingCredentialError, CredentialKeyError."""
        found = json.loads(credentials.read(self._name))
        return TokenPair(found["access"], found["refresh"])

    def renew(self, expired: TokenPair, ask: Callable[[str], Renewed]) -> TokenPair:
        """The pair after `expired`, renewed here by `ask`, or by somebody else meanwhile.

        Raises HuntflowAuthorizationError where Huntflow does not renew it,
        HuntflowUnreachableError where another process does not come to an end.
        """
        SharedAccess.objects.get_or_create(name=self._name)
        end = time.monotonic() + self._patience_s
        while time.monotonic() < end:
            pair = self.current()
            if pair.access != expired.access:
                return pair
            if self._row.filter(refused_pair=pair.fingerprint).exists():
                raise _refused()
            renewer = uuid.uuid4().hex
            if self._is_taken_by(renewer):
                try:
                    return self._renewed(expired, ask)
                finally:
                    self._row.filter(renewer=renewer).update(renewer="", renewer_until=None)
            time.sleep(LOOK_AGAIN_S)
        raise HuntflowUnreachableError("Another process is still renewing Huntflow's token.")

    def _is_taken_by(self, renewer: str) -> bool:
        now = timezone.now()
        free = self._row.filter(Q(renewer="") | Q(renewer_until__lt=now))
        return free.update(renewer=renewer, renewer_until=now + RENEWER_KEEPS) == 1

    def _renewed(self, expired: TokenPair, ask: Callable[[str], Renewed]) -> TokenPair:
        # Who renewed before may have come to an end between the look and the taking.
        pair = self.current()
        if pair.access != expired.access:
            return pair
        try:
            new = ask(pair.refresh)
        except (HuntflowRefusedError, HuntflowAuthorizationError):
            self._row.update(refused_pair=pair.fingerprint)
            raise _refused() from None
        self.connect(new.pair, new.lives_s)
        return new.pair


def _refused() -> HuntflowAuthorizationError:
    return HuntflowAuthorizationError("Huntflow does not renew the token; connect it anew.")
