"""Connections to a server, and what PostgreSQL says when there is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

from parom.adapters.databases.postgresql.access import Access
from parom.errors import postgresql as errors

Connection = psycopg.Connection[tuple[Any, ...]]
Statement = sql.SQL | sql.Composed

_SETTINGS = {
    "lock_timeout": "20s",
    "statement_timeout": "0",
    "default_transaction_read_only": "off",
    "idle_in_transaction_session_timeout": "10s",
    "DateStyle": "ISO",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "lc_monetary": "C",
    "search_path": "pg_catalog",
    "row_security": "off",
}
_SINCE = {14: {"idle_session_timeout": "0"}, 17: {"transaction_timeout": "0"}}
"""What a role or a database has set for the application's sessions is not meant for Parom's.

How values are written as text must not depend on it; names are looked up nowhere but where they
are said to be; and a row that a policy hides is an error."""


@contextmanager
def opened(access: Access, name: str = "", **settings: str) -> Iterator[Connection]:
    """A connection in autocommit mode to a database of the server; to the application's, if no
    `name` is given. Raises `database.unreachable`, and what `translated` does.
    """
    location = access.location
    parameters = access.parameters(name or access.name)
    try:
        # What is prepared on a server's connection is not there on the next one of a pooler.
        connection: Connection = psycopg.connect(
            **parameters,  # type: ignore[arg-type]
            autocommit=True,
            prepare_threshold=None,
        )
    except psycopg.Error as problem:
        raise errors.unreachable(location, reason_of(problem)) from None
    try:
        with translated(access):
            told = {**_SETTINGS, **_of_its_own(connection), **settings}
            setting = sql.SQL(", ").join([sql.SQL("set_config(%s, %s, false)")] * len(told))
            values = [part for pair in told.items() for part in pair]
            connection.execute(sql.SQL("SELECT {}").format(setting), values)
            yield connection
    finally:
        connection.close()


@contextmanager
def translated(access: Access) -> Iterator[None]:
    """Raises `database.unreachable` where a connection is lost, `database.locked` where somebody
    does not let go, `database.refused` where a right or room is missing or
    somebody is in the way; other errors pass."""
    try:
        yield
    except psycopg.Error as problem:
        state = problem.diag.sqlstate or ""
        if isinstance(problem, psycopg.errors.LockNotAvailable):
            raise errors.busy(access.name, reason_of(problem)) from None
        if is_loss(problem):
            raise errors.unreachable(access.location, reason_of(problem)) from None
        if state in ("42501", "55006") or state.startswith("53"):
            raise errors.refused(access.name, reason_of(problem)) from None
        raise


def _of_its_own(connection: Connection) -> dict[str, str]:
    """Settings that only servers from some major version on have; and letters as the database
    has them, so that all can be read, whatever a role or the environment is set to."""
    server = connection.info.server_version // 10_000
    encoding = connection.info.parameter_status("server_encoding")
    return {
        **({"client_encoding": encoding} if encoding else {}),
        **{
            key: one for since, new in _SINCE.items() if server >= since for key, one in new.items()
        },
    }


def is_passing(problem: psycopg.Error) -> bool:
    """Whether it says nothing about what was asked for: a lost connection, a lock, a cancel."""
    return is_loss(problem) or (problem.diag.sqlstate or "")[:3] in ("55P", "570")


def reason_of(problem: psycopg.Error) -> str:
    """What PostgreSQL says, in one line: without the statement, and without the detail, which
    may hold a row."""
    lines = (problem.diag.message_primary or str(problem)).split("\n")
    return "; ".join(line.strip().rstrip(".") for line in lines if line.strip())


def quoted(*names: str) -> sql.Identifier:
    """A name, or names that qualify each other."""
    return sql.Identifier(*names)


def is_loss(problem: psycopg.Error) -> bool:
    """Class 08 is a connection's failure; 57P is a server that ends or ended this session;
    what has no code comes from the client's side of a connection."""
    state = problem.diag.sqlstate or ""
    if not state:
        return isinstance(problem, psycopg.OperationalError | psycopg.InterfaceError)
    return state.startswith("08") or state in ("57P01", "57P02", "57P03", "57P05", "25P03")
