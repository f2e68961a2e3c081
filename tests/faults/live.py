"""What the live database holds, asked of SQLite and of PostgreSQL themselves; part of the
independent checker."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import psycopg

from tests.faults.server import APP, connected


class Live(Protocol):
    """The notes of the small project, and what is around them."""

    def broken(self) -> str:
        """What is wrong with the database as such; empty where nothing is."""
        ...

    def columns(self) -> list[str]: ...

    def migrations(self) -> set[str]: ...

    def capture_objects(self) -> int: ...

    def texts(self, column: str) -> list[str]: ...

    def counter(self) -> int:
        """The highest id that was given out."""
        ...

    def wrong_lengths(self) -> int: ...


_MIGRATIONS = "SELECT name FROM django_migrations WHERE app='notes'"
_WRONG_LENGTHS = "SELECT count(*) FROM notes_note WHERE length NOT IN (0, length(body))"


class LiveSQLite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def broken(self) -> str:
        told = str(self._one("PRAGMA integrity_check"))
        return "" if told == "ok" else told

    def columns(self) -> list[str]:
        return [row[1] for row in self._connection.execute("PRAGMA table_info(notes_note)")]

    def migrations(self) -> set[str]:
        return {name for (name,) in self._connection.execute(_MIGRATIONS)}

    def capture_objects(self) -> int:
        asking = "SELECT count(*) FROM sqlite_master WHERE name LIKE 'parom_capture%'"
        return int(self._one(asking))

    def texts(self, column: str) -> list[str]:
        return [text for (text,) in self._connection.execute(f"SELECT {column} FROM notes_note")]

    def counter(self) -> int:
        asking = "SELECT max(seq) FROM sqlite_sequence WHERE name = 'notes_note'"
        return int(self._one(asking) or 0)

    def wrong_lengths(self) -> int:
        return int(self._one(_WRONG_LENGTHS))

    def _one(self, asking: str) -> Any:
        return self._connection.execute(asking).fetchone()[0]


class LivePostgreSQL:
    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def broken(self) -> str:
        invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid OR NOT indisready"
        return "indexes are not valid" if self._rows(invalid)[0][0] else ""

    def columns(self) -> list[str]:
        asking = (
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND table_name = 'notes_note' ORDER BY ordinal_position"
        )
        return [name for (name,) in self._rows(asking)]

    def migrations(self) -> set[str]:
        return {name for (name,) in self._rows(_MIGRATIONS)}

    def capture_objects(self) -> int:
        asking = (
            "SELECT (SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'parom%')"
            " + (SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'parom%')"
        )
        return int(self._rows(asking)[0][0])

    def texts(self, column: str) -> list[str]:
        return [text for (text,) in self._rows(f"SELECT {column} FROM notes_note")]

    def counter(self) -> int:
        asking = "SELECT last_value FROM notes_note_id_seq"
        return int(self._rows(asking)[0][0])

    def wrong_lengths(self) -> int:
        return int(self._rows(_WRONG_LENGTHS)[0][0])

    def _rows(self, asking: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(asking).fetchall()


UNREADABLE = (sqlite3.DatabaseError, psycopg.Error)


@contextlib.contextmanager
def live_sqlite(file: Path) -> Iterator[Live]:
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=10)
    with contextlib.closing(connection):
        yield LiveSQLite(connection)


@contextlib.contextmanager
def live_postgresql(port: int) -> Iterator[Live]:
    with connected(port, APP) as connection:
        yield LivePostgreSQL(connection)
