"""Who is connected to a database, and how it comes to be empty.

Statements' texts are not shown: they hold data.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import psycopg

from parom.adapters.databases.postgresql.access import APPLICATION_NAME
from parom.adapters.databases.postgresql.opening import Connection, Statement
from parom.errors import postgresql as errors
from parom.facts import Process
from parom.words.said import said

_AT_ONCE_S = 0.01
"""A rename in which nobody is in the way takes less."""
_EVERY_S, _PATIENCE_S = 0.02, 2.0
"""How long whoever is in the middle of something gets to come to an end. PostgreSQL gives up
after five seconds by itself."""
_SOCKET = -1
"""What the server gives for the port of a client without one."""
_LISTED = """
SELECT pid, coalesce(usename, ''), coalesce(application_name, ''), coalesce(client_addr::text, ''),
 coalesce(client_port, 0), coalesce(state, ''), xact_start IS NOT NULL OR state IS NULL,
 coalesce(extract(epoch FROM backend_start)::float8, 0), coalesce(backend_type, 'client backend')
FROM pg_stat_activity
WHERE datname = %s AND pid <> pg_backend_pid() AND usesysid IS NOT NULL
 AND backend_type IS DISTINCT FROM 'parallel worker' ORDER BY pid
"""
"""Workers of autovacuum have no user; the server ends them itself. Who may not see more is told
NULL for most of it."""


@dataclass(frozen=True)
class Session:
    """One that is connected to a database."""

    pid: int
    """Of the server's process; not of the client's."""
    role: str
    application: str
    address: str
    """The client's; empty for a socket of the server's machine, or where it may not be seen."""
    port: int
    state: str
    is_busy: bool
    """Whether it has a transaction open, as far as this may be seen; if not, it counts so."""
    started: float
    kind: str

    @property
    def is_own(self) -> bool:
        return self.application == APPLICATION_NAME

    def as_process(self) -> Process:
        who = self.application or self.kind
        if not self.state:
            described = said("{who}; what it does may not be seen", who=who)
        else:
            place = self.address or said("the server's machine")
            described = said("{who} from {place}, {state}", who=who, place=place, state=self.state)
        return Process(self.pid, self.role or self.kind, described, self.started)


def sessions(connection: Connection, database: str) -> list[Session]:
    """All but this one; those of Parom itself among them."""
    return [Session(*row) for row in connection.execute(_LISTED, (database,)).fetchall()]


def strangers(connection: Connection, database: str, own: Collection[int]) -> list[Session]:
    """All that neither Parom nor one of the processes `own` has opened.

    Theirs are known by the ports of their connections. A socket of the machine has none: there,
    whoever came since the first of `own` was started counts as one of them.
    """
    found = [one for one in sessions(connection, database) if not one.is_own]
    if not found or not own:
        return found
    ports, began = _own_ports(own), _began(own)
    left = [
        one
        for one in found
        if one.port not in ports and not (one.port == _SOCKET and one.started >= began)
    ]
    return left and _still_there(connection, database, left)


def _still_there(connection: Connection, database: str, found: list[Session]) -> list[Session]:
    """Whoever left between the two looks had no port any more, and would be a stranger."""
    there = {(one.pid, one.started) for one in sessions(connection, database)}
    return [one for one in found if (one.pid, one.started) in there]


def end_idle(connection: Connection, database: str, own: Collection[int]) -> tuple[Process, ...]:
    """End the strangers that have no transaction open; who was ended."""
    idle = [one for one in strangers(connection, database, own) if not one.is_busy]
    return tuple(one.as_process() for one in idle if _ended(connection, one.pid))


def prepared(connection: Connection, database: str) -> list[Process]:
    """Prepared transactions: they hold a database without a session."""
    found = connection.execute(
        "SELECT transaction::text::bigint, owner, extract(epoch FROM prepared)::float8"
        " FROM pg_prepared_xacts WHERE database = %s",
        (database,),
    ).fetchall()
    return [
        Process(int(xid) % 2**31, owner, "prepared transaction", at) for xid, owner, at in found
    ]


class Alone:
    """Runs statements that need a database without sessions, on `admin`.

    The statement itself keeps newcomers waiting; who is in is ended meanwhile through a second
    connection, and named in `ended`. `watching` opens that one, for as long as this is entered:
    where nobody is in, there is none. Both are to another database.
    """

    def __init__(
        self, admin: Connection, watching: Callable[[], AbstractContextManager[Connection]]
    ) -> None:
        self.admin, self._watching, self._open = admin, watching, ExitStack()
        self.ended: list[Process] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    @cached_property
    def _watcher(self) -> Connection:
        return self._open.enter_context(self._watching())

    def run(self, statement: Statement, database: str, *, spare_busy: bool) -> None:
        """With `spare_busy` whoever has a transaction open is not ended but a refusal.

        A prepared transaction is one either way. Raises `database.held`.
        """
        undecided = prepared(self.admin, database)
        if undecided:
            raise errors.held(database, undecided)
        with ThreadPoolExecutor(max_workers=1) as pool:
            running = pool.submit(lambda: self.admin.execute(statement))
            try:
                self._empty(running, database, spare_busy=spare_busy)
            finally:
                if not running.done():
                    self.admin.cancel_safe()
        try:
            running.result()
        except psycopg.errors.ObjectInUse:
            left = [one.as_process() for one in sessions(self._watcher, database)]
            raise errors.held(database, left) from None

    def empty(self, database: str) -> None:
        """End all sessions of a database that lets nobody in. Not in a transaction, which would
        see those that were there at its beginning."""
        self._end(self.admin, sessions(self.admin, database), set())

    def _empty(self, running: Future[Any], database: str, *, spare_busy: bool) -> None:
        ended, deadline = set[int](), time.monotonic() + _PATIENCE_S
        wait([running], _AT_ONCE_S)
        while not running.done():
            found = sessions(self._watcher, database)
            busy = [one for one in found if one.is_busy and spare_busy and not one.is_own]
            if busy and time.monotonic() > deadline:
                raise errors.held(database, [one.as_process() for one in busy])
            idle = [one for one in found if one.pid not in ended and one not in busy]
            self._end(self._watcher, idle, ended)
            wait([running], _EVERY_S)

    def _end(self, connection: Connection, found: Iterable[Session], ended: set[int]) -> None:
        for one in found:
            ended.add(one.pid)
            if _ended(connection, one.pid) and not one.is_own:
                self.ended.append(one.as_process())


def opened_by(connection: Connection, database: str, pids: Collection[int]) -> tuple[int, ...]:
    """Which of these processes of this machine have sessions in the database."""
    ports = {one.port for one in sessions(connection, database)}
    return tuple(pid for pid in pids if ports & _own_ports([pid]))


def _own_ports(pids: Collection[int]) -> set[int]:
    """Local ports of the TCP connections of these processes."""
    import psutil

    found = set[int]()
    for pid in pids:
        try:
            connections = psutil.Process(pid).net_connections("tcp")
        except psutil.Error:  # it ended, or is closed to us
            continue
        found |= {one.laddr.port for one in connections if one.laddr}
    return found


def _began(pids: Collection[int]) -> float:
    """When the first of these processes was started; infinite where all have ended."""
    import psutil

    found = [math.inf]
    for pid in pids:
        try:
            found.append(psutil.Process(pid).create_time())
        except psutil.Error:  # it ended
            continue
    return min(found)


def _ended(connection: Connection, pid: int) -> bool:
    """False where it may not be ended; PostgreSQL names it once more when it stays."""
    try:
        (was_there,) = connection.execute("SELECT pg_terminate_backend(%s)", (pid,)).fetchone() or (
            False,
        )
    except psycopg.errors.InsufficientPrivilege:
        return False
    return bool(was_there)
