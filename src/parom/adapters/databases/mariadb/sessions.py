"""Who is connected to a schema. A role without PROCESS is told of its own sessions alone.

Statements' texts are not shown: they hold data.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass

import psutil
import pymysql

from parom.adapters.databases.mariadb.opening import Session
from parom.facts import Process
from parom.words.said import said

_LISTED = """
SELECT id, user, host, command, coalesce(time, 0) FROM information_schema.processlist
WHERE db = %s AND id <> connection_id() AND command NOT IN ('Daemon', 'Binlog Dump', 'Killed')
ORDER BY id
"""
_IDLE = "Sleep"
_LEAVES_S, _EVERY_S = 5.0, 0.02


@dataclass(frozen=True)
class Seen:
    id: int
    role: str
    host: str
    command: str
    since_s: float
    """How long it has been doing that."""

    @property
    def port(self) -> int:
        """Of the client's connection; zero for a socket of the server's machine."""
        port = self.host.rpartition(":")[2]
        return int(port) if port.isdecimal() else 0

    def as_process(self) -> Process:
        described = said(
            "{who} from {place}, {state}", who=self.role, place=self.host, state=self.command
        )
        return Process(self.id, self.role, described, time.time() - self.since_s)


def seen(session: Session, schema: str) -> list[Seen]:
    """All but this one and Parom's own."""
    own = ports_of([os.getpid()])
    found = [Seen(*row) for row in session.ask(_LISTED, schema)]
    return [one for one in found if one.port not in own]


def strangers(session: Session, schema: str, own: Collection[int] = ()) -> list[Process]:
    """All that neither Parom nor one of the processes `own` has opened, by the ports of their
    connections. Sockets have none: while one of `own` lives, they count as theirs."""
    return [one.as_process() for one in _strangers(session, schema, own)]


def end_idle(session: Session, schema: str, own: Collection[int]) -> tuple[Process, ...]:
    """End the strangers that do nothing; who was ended."""
    return _end(session, (o for o in _strangers(session, schema, own) if o.command == _IDLE))


def end_all(session: Session, schema: str) -> tuple[Process, ...]:
    """End everybody, and wait until they are gone; who was ended."""
    ended = _end(session, seen(session, schema))
    deadline = time.monotonic() + _LEAVES_S
    while ended and time.monotonic() < deadline:
        left = {one.id for one in seen(session, schema)}
        if not left & {one.pid for one in ended}:
            break
        time.sleep(_EVERY_S)
    return ended


def opened_by(session: Session, schema: str, pids: Collection[int]) -> tuple[int, ...]:
    ports = {one.port for one in seen(session, schema)}
    return tuple(pid for pid in pids if ports & ports_of([pid]))


def ports_of(pids: Collection[int]) -> set[int]:
    """Local ports of the TCP connections of these processes."""
    found = set[int]()
    for pid in pids:
        with suppress(psutil.Error):  # it ended, or is closed to us
            connections = psutil.Process(pid).net_connections("tcp")
            found |= {one.laddr.port for one in connections if one.laddr}
    return found


def _strangers(session: Session, schema: str, own: Collection[int]) -> list[Seen]:
    ports = ports_of(own)
    is_alive = any(psutil.pid_exists(pid) for pid in own)
    return [
        one
        for one in seen(session, schema)
        if one.port not in ports and not (is_alive and not one.port)
    ]


def _end(session: Session, found: Iterable[Seen]) -> tuple[Process, ...]:
    ended = list[Process]()
    for one in found:
        try:
            session.ask(f"KILL CONNECTION {one.id:d}")
        except pymysql.Error:  # it is gone, or may not be ended
            continue
        ended.append(one.as_process())
    return tuple(ended)
