"""Points at the statements of the engine that change something on a PostgreSQL server.

Two for each: before it is sent, and once it is sent: then the engine is gone and the server goes
on with it. A transaction's COMMIT is named by the last statement in it.
"""

from __future__ import annotations

import os
import re
import select
import socket
from collections.abc import Callable
from types import TracebackType
from typing import Any
from weakref import WeakKeyDictionary

import psycopg

_CHANGING = re.compile(r"\s*(CREATE|ALTER|DROP|COMMENT|INSERT|UPDATE|DELETE|TRUNCATE|LOCK)\b")
_SHOWN = 60
Connection = psycopg.Connection[Any]
Pass = Callable[[str, Callable[[], None], Callable[[], None]], None]
"""Told what is to be sent, what sends it without waiting for an answer, and what cuts the
connection off."""


def watch_statements(reach: Pass) -> None:
    """Have `reach` called before each; psycopg is changed for the rest of this process."""
    last = WeakKeyDictionary[Connection, str]()
    execute, leave = psycopg.Cursor.execute, psycopg.Transaction.__exit__

    def executing(cursor: psycopg.Cursor[Any], query: Any, params: Any = None, **more: Any) -> Any:
        connection = cursor.connection
        text = query if isinstance(query, str) else psycopg.sql.as_string(query, connection)
        if isinstance(text, str) and _CHANGING.match(text):
            name = " ".join(text.split())[:_SHOWN]
            whole = psycopg.ClientCursor(connection).mogrify(query, params) if params else text
            reach(name, lambda: _send(connection, whole), lambda: _cut(connection))
            last[connection] = name
        return execute(cursor, query, params, **more)

    def leaving(
        transaction: psycopg.Transaction,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        connection = transaction.connection
        if kind is None and not transaction.savepoint_name and connection in last:
            reach(
                f"COMMIT of {last.pop(connection)}",
                lambda: _send(connection, "COMMIT"),
                lambda: _cut(connection),
            )
        return leave(transaction, kind, problem, trace)

    psycopg.Cursor.execute = executing  # type: ignore[method-assign,assignment]
    psycopg.Transaction.__exit__ = leaving  # type: ignore[method-assign]


def _send(connection: Connection, text: str) -> None:
    protocol = connection.pgconn
    protocol.send_query(text.encode())
    while protocol.flush():
        select.select([], [protocol.socket], [])


def _cut(connection: Connection) -> None:
    """As if the network between were gone, once what was sent has arrived."""
    with socket.socket(fileno=os.dup(connection.pgconn.socket)) as there:
        there.shutdown(socket.SHUT_RDWR)
