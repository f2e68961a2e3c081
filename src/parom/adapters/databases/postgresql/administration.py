"""The connection from which databases are changed: one at a time for an application."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager

from parom.adapters.databases.postgresql import statements
from parom.adapters.databases.postgresql.access import Access
from parom.adapters.databases.postgresql.catalogue import Catalogue
from parom.adapters.databases.postgresql.names import Version
from parom.adapters.databases.postgresql.opening import Connection, opened
from parom.adapters.databases.postgresql.rights import check_direct
from parom.adapters.databases.postgresql.sessions import Alone
from parom.facts import Process

_LOCK = 0x7061726F
"""The first of the two numbers of Parom's advisory locks; the second is the application's."""
_PROOFS = _LOCK + 1
"""The same for those who prove archives: any number of them, or one who clears up."""
_PATIENCE, _OTHERWISE = "1h", "20s"
"""A copy that the server still makes for an earlier Parom may come to its end."""


class Administration:
    """`ended` names the sessions of others that were ended so far."""

    def __init__(self, access: Access) -> None:
        self._access, self.app = access, access.name
        self.ended: list[Process] = []

    @contextmanager
    def looking(self) -> Iterator[Catalogue]:
        """What is there, without waiting for whoever changes it."""
        with opened(self._access, self._access.maintenance) as connection:
            yield Catalogue(connection, self.app)

    @contextmanager
    def changing(self) -> Iterator[tuple[Connection, Catalogue]]:
        """Nobody else changes anything meanwhile. The lock is the session's: who was killed
        while the server still worked for it keeps it until that is done.

        Raises `database.pooled`, `database.locked`.
        """
        patient = {"lock_timeout": _PATIENCE}
        with opened(self._access, self._access.maintenance, **patient) as connection:
            check_direct(connection, self._access.location)
            if connection.info.server_version >= 14_00_00:
                connection.execute(
                    "SELECT set_config('client_connection_check_interval', '5s', false)"
                )
            connection.execute("SELECT pg_advisory_lock(%s, %s)", (_LOCK, self._number()))
            connection.execute("SELECT set_config('lock_timeout', %s, false)", (_OTHERWISE,))
            yield connection, Catalogue(connection, self.app)

    @contextmanager
    def proving(self) -> Iterator[tuple[Connection, Catalogue]]:
        """Nobody clears up meanwhile; others may prove too. As with `changing`, who was killed
        keeps this until the server has done what it was told last."""
        with opened(self._access, self._access.maintenance) as connection:
            told = (_PROOFS, self._number())
            connection.execute("SELECT pg_advisory_lock_shared(%s, %s)", told)
            yield connection, Catalogue(connection, self.app)

    @contextmanager
    def clearing(self) -> Iterator[tuple[Connection, Catalogue]]:
        """Nobody proves meanwhile. Raises `database.locked` where somebody still does."""
        with opened(self._access, self._access.maintenance) as connection:
            connection.execute("SELECT pg_advisory_lock(%s, %s)", (_PROOFS, self._number()))
            yield connection, Catalogue(connection, self.app)

    @contextmanager
    def alone(self, connection: Connection) -> Iterator[Alone]:
        """For statements that need a database without sessions."""
        with Alone(connection, lambda: opened(self._access, self._access.maintenance)) as alone:
            try:
                yield alone
            finally:
                self.ended += alone.ended

    @contextmanager
    def let_in(self, connection: Connection, version: Version) -> Iterator[Connection]:
        """A connection to a version that is closed; it is closed again behind it."""
        if version.name == self.app:
            with opened(self._access) as inside:
                yield inside
            return
        try:
            connection.execute(statements.doors(version.name, is_open=True))
            with opened(self._access, version.name) as inside:
                connection.execute(statements.doors(version.name, is_open=False))
                yield inside
        finally:
            if not connection.closed:
                connection.execute(statements.doors(version.name, is_open=False))

    @contextmanager
    def open_to_programs(self, connection: Connection, version: Version) -> Iterator[Connection]:
        """The same, and programs get in too, as long as this lasts."""
        try:
            connection.execute(statements.doors(version.name, is_open=True))
            with opened(self._access, version.name) as inside:
                yield inside
        finally:
            if not connection.closed and version.name != self.app:
                connection.execute(statements.doors(version.name, is_open=False))

    def _number(self) -> int:
        digest = hashlib.sha256(self.app.encode()).digest()
        return int.from_bytes(digest[:4], "big", signed=True)
