"""Both databases behind one description, so that one suite runs over both."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from parom.adapters.databases.memory import MemoryDatabase
from parom.adapters.databases.sqlite import SQLiteDatabase
from parom.ports import Database


@contextlib.contextmanager
def opened(file: Path) -> Iterator[sqlite3.Connection]:
    """As an application opens it: write-ahead log, autocommit."""
    connection = sqlite3.connect(file, isolation_level=None, timeout=20)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        yield connection
    finally:
        connection.close()


@dataclass
class Stood:
    """A database with a table `note` (id, text), and how an application writes to it."""

    database: Database
    live: Path
    top: Path

    def write(self, key: int, text: str | None) -> None:
        """Insert, update or (None) delete one note."""
        if isinstance(self.database, MemoryDatabase):
            self.database.write("note", key, None if text is None else {"text": text})
            return
        with opened(self.live) as connection:
            if text is None:
                connection.execute("DELETE FROM note WHERE id = ?", (key,))
            else:
                connection.execute(
                    "INSERT INTO note VALUES (?, ?) ON CONFLICT DO UPDATE SET text = ?",
                    (key, text, text),
                )

    def add(self, text: str) -> int:
        """Insert a note and let the database choose its id."""
        if isinstance(self.database, MemoryDatabase):
            return self.database.add("note", {"text": text})
        with opened(self.live) as connection:
            found = connection.execute("INSERT INTO note (text) VALUES (?) RETURNING id", (text,))
            return int(found.fetchone()[0])

    def note_migrations(self, count: int) -> None:
        """As Django notes them."""
        if isinstance(self.database, MemoryDatabase):
            for number in range(1, count + 1):
                self.database.write("django_migrations", number, {"name": f"{number:04d}"})
            return
        with opened(self.live) as connection:
            connection.execute("CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, name TEXT)")
            connection.executemany(
                "INSERT INTO django_migrations (name) VALUES (?)",
                [(f"{number:04d}",) for number in range(1, count + 1)],
            )

    def notes(self) -> dict[int, str]:
        if isinstance(self.database, MemoryDatabase):
            return {key: str(row["text"]) for key, row in self.database.rows("note").items()}
        with opened(self.live) as connection:
            return dict(connection.execute("SELECT id, text FROM note"))


def stood_in_sqlite(top: Path) -> Stood:
    live = top / "site" / "db.sqlite3"
    live.parent.mkdir()
    with opened(live) as connection:
        connection.execute("CREATE TABLE note (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT)")
        connection.execute("INSERT INTO note VALUES (1, 'one'), (2, 'two')")
    return Stood(SQLiteDatabase(live, top / "store", busy_timeout_s=1), live, top)


@pytest.fixture(params=["sqlite", "memory"])
def stood(request: pytest.FixtureRequest, tmp_path: Path) -> Stood:
    if request.param == "sqlite":
        return stood_in_sqlite(tmp_path)
    notes: dict[int, dict[str, object]] = {1: {"text": "one"}, 2: {"text": "two"}}
    return Stood(MemoryDatabase({"note": notes}), tmp_path / "none", tmp_path)


@pytest.fixture
def sqlite(tmp_path: Path) -> Stood:
    return stood_in_sqlite(tmp_path)
