"""Connections to a server, and what MariaDB says when there is none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pymysql
from pymysql.constants import CR, ER, FIELD_TYPE
from pymysql.converters import encoders
from pymysql.cursors import SSCursor

from parom.adapters.databases.mariadb.access import Access
from parom.errors import postgresql as server_errors
from parom.errors.mariadb import busy

_CONNECT_S, _BATCH = 10, 500
_WHOLE = (FIELD_TYPE.TINY, FIELD_TYPE.SHORT, FIELD_TYPE.INT24, FIELD_TYPE.LONG,
          FIELD_TYPE.LONGLONG, FIELD_TYPE.YEAR)  # fmt: skip
_READ: Mapping[Any, Any] = {
    **encoders,
    **dict.fromkeys(_WHOLE, int),
    FIELD_TYPE.FLOAT: float,
    FIELD_TYPE.DOUBLE: float,
}
"""Everything else is the text that the server writes, or bytes."""
_SETTINGS = {
    "sql_mode": "'NO_AUTO_VALUE_ON_ZERO,STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'",
    "time_zone": "'+00:00'",
    "tx_isolation": "'REPEATABLE-READ'",
    "lock_wait_timeout": "20",
    "innodb_lock_wait_timeout": "20",
    "wait_timeout": "86400",
    "net_read_timeout": "600",
    "net_write_timeout": "600",
    "max_statement_time": "0",
    "sql_quote_show_create": "1",
    "innodb_strict_mode": "OFF",
    "foreign_key_checks": "1",
    "unique_checks": "1",
}
"""What a server sets for everybody is not meant for Parom's sessions."""
_LOST = frozenset({CR.CR_SERVER_LOST, CR.CR_SERVER_GONE_ERROR, CR.CR_CONN_HOST_ERROR,
                   ER.SERVER_SHUTDOWN, 1927})  # fmt: skip
"""1927: the connection was killed."""
_WAITED = frozenset({ER.LOCK_WAIT_TIMEOUT, ER.LOCK_DEADLOCK})
_FORBIDDEN = frozenset({ER.DBACCESS_DENIED_ERROR, ER.TABLEACCESS_DENIED_ERROR,
                        ER.SPECIFIC_ACCESS_DENIED_ERROR, ER.DISK_FULL,
                        ER.RECORD_FILE_FULL, 1419})  # fmt: skip
"""1419: triggers need SUPER where the server writes a binary log."""


class Session:
    """One connection in autocommit mode. Identifiers come `quoted`, values as arguments; a
    statement with values must not hold names that others chose."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Run it; its rows, if any."""
        with self._connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return list(cursor.fetchall())

    def one(self, statement: str, *values: object) -> Any:
        """The first value of the first row; None where there is no row."""
        found = self.ask(statement, *values)
        return found[0][0] if found else None

    def streamed(self, statement: str) -> Iterator[Sequence[Any]]:
        """Rows as they come; nothing else can be asked meanwhile."""
        cursor = SSCursor(self._connection)
        try:
            cursor.execute(statement)
            while rows := cursor.fetchmany(_BATCH):
                yield from rows
        finally:
            cursor.close()

    def send(self, statement: bytes) -> None:
        """A statement as it is, in UTF-8."""
        self._connection.query(statement)

    def use(self, name: str) -> None:
        """Let names without a schema mean this one."""
        self._connection.select_db(name)

    @contextmanager
    def transaction(self, *, reads: bool = False) -> Iterator[None]:
        """Rows only: a statement that changes a schema ends it. `reads`: one instant."""
        self.ask("START TRANSACTION" + (" WITH CONSISTENT SNAPSHOT, READ ONLY" if reads else ""))
        try:
            yield
        except BaseException:
            self._connection.rollback()
            raise
        self._connection.commit()

    @property
    def id(self) -> int:
        return int(self._connection.thread_id())

    def close(self) -> None:
        if self._connection.open:
            self._connection.close()


@contextmanager
def opened(access: Access, name: str | None = "", **settings: str) -> Iterator[Session]:
    """To a schema: the application's if none is named, no schema for None.

    Raises `database.unreachable`, and what `translated` does.
    """
    schema = access.name if name == "" else name
    try:
        connection = pymysql.connect(
            host=access.host,
            port=access.port,
            user=access.user,
            password=access.password,
            database=schema,
            charset="utf8mb4",
            autocommit=True,
            connect_timeout=_CONNECT_S,
            conv=dict(_READ),
        )
    except (pymysql.Error, OSError) as problem:
        raise server_errors.unreachable(access.location, reason_of(problem)) from None
    session = Session(connection)
    try:
        with translated(access):
            told = {**_SETTINGS, **settings}
            session.ask("SET SESSION " + ", ".join(f"{key} = {told[key]}" for key in told))
            yield session
    finally:
        session.close()


@contextmanager
def translated(access: Access) -> Iterator[None]:
    """Raises `database.unreachable` where a connection is lost, `database.locked` where somebody
    does not let go, `database.refused` where a right or room is missing; other errors pass."""
    try:
        yield
    except pymysql.Error as problem:
        code = code_of(problem)
        if code in _WAITED:
            raise busy(access.name, reason_of(problem)) from None
        if is_loss(problem):
            raise server_errors.unreachable(access.location, reason_of(problem)) from None
        if code in _FORBIDDEN:
            raise server_errors.refused(access.name, reason_of(problem)) from None
        raise


def is_loss(problem: pymysql.Error) -> bool:
    return code_of(problem) in _LOST or isinstance(problem, pymysql.InterfaceError)


def code_of(problem: BaseException) -> int:
    """MariaDB's number for it; zero where it has none."""
    first = problem.args[0] if problem.args else 0
    return first if isinstance(first, int) else 0


def reason_of(problem: BaseException) -> str:
    """What MariaDB says, in one line, without what it quotes of a row."""
    if code_of(problem) in (ER.DUP_ENTRY, ER.TRUNCATED_WRONG_VALUE, ER.DATA_TOO_LONG):
        return f"error {code_of(problem)}"
    text = str(problem.args[1]) if len(problem.args) > 1 else str(problem)
    return "; ".join(one.strip().rstrip(".") for one in text.splitlines() if one.strip())


def quoted(*names: str) -> str:
    """A name, or names that qualify each other."""
    return ".".join("`" + name.replace("`", "``") + "`" for name in names)


def literal(text: str) -> str:
    """A text as a value within a statement, whatever the sql_mode of backslashes."""
    return f"CONVERT(x'{text.encode().hex()}' USING utf8mb4)" if text else "''"
