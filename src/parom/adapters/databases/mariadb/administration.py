"""The session from which schemas are changed: one at a time for an application."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from parom.adapters.databases.mariadb.access import Access
from parom.adapters.databases.mariadb.catalogue import Catalogue
from parom.adapters.databases.mariadb.names import prefix_of
from parom.adapters.databases.mariadb.opening import Session, opened
from parom.errors import mariadb as errors
from parom.words.said import said

_PATIENCE_S = 600
"""What the server still does for an earlier Parom may come to its end."""


class Administration:
    def __init__(self, access: Access) -> None:
        self._access, self.app = access, access.name
        self.prefix = access.prefix or prefix_of(access.name)

    @contextmanager
    def looking(self) -> Iterator[Catalogue]:
        """What is there, without waiting for whoever changes it."""
        with opened(self._access, None) as session:
            yield Catalogue(session, self.app, self.prefix)

    @contextmanager
    def changing(self) -> Iterator[tuple[Session, Catalogue]]:
        """Nobody else changes anything meanwhile: the lock is the session's. What is live has
        its mark from here on. Raises `database.locked`."""
        with opened(self._access, None) as session:
            if session.one("SELECT GET_LOCK(%s, %s)", self._lock(), _PATIENCE_S) != 1:
                raise errors.busy(self.app, said("another Parom is at work in it"))
            catalogue = Catalogue(session, self.app, self.prefix)
            live = catalogue.live()
            if live and catalogue.version_in(self.app) is None:
                catalogue.mark(self.app, live.mark)
            yield session, catalogue

    def _lock(self) -> str:
        """Locks are the server's, and their names no longer than 64 characters."""
        return "parom-" + hashlib.sha256(self.app.encode()).hexdigest()[:32]
