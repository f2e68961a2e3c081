"""Every database behind one description, so that one suite runs over all of them."""

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
from tests.adapters.databases.mariadb.server import Server as MariaDBServer
from tests.adapters.databases.postgresql.server import APP, Server

INSERT = "INSERT INTO note (id, text) VALUES (%s, %s)"


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
    server: Server | None = None
    """Where the database is one of a PostgreSQL server, under the name `app`."""
    mariadb: MariaDBServer | None = None
    """Where it is one of a MariaDB server."""

    def write(self, key: int, text: str | None) -> None:
        """Insert, update or (None) delete one note."""
        if isinstance(self.database, MemoryDatabase):
            self.database.write("note", key, None if text is None else {"text": text})
            return
        if self.mariadb:
            if text is None:
                self.mariadb.ask("DELETE FROM note WHERE id = %s", key)
            else:
                self.mariadb.ask(f"{INSERT} ON DUPLICATE KEY UPDATE text = %s", key, text, text)
            return
        if self.server:
            if text is None:
                self.server.ask("DELETE FROM note WHERE id = %s", key)
            else:
                self.server.ask(
                    f"{INSERT} ON CONFLICT (id) DO UPDATE SET text = %s", key, text, text
                )
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
        if self.mariadb:
            asking = "INSERT INTO note (text) VALUES (%s) RETURNING id"
            return int(self.mariadb.ask(asking, text)[0][0])
        if self.server:
            added = self.server.ask("INSERT INTO note (text) VALUES (%s) RETURNING id", text)
            return int(added[0][0])
        with opened(self.live) as connection:
            found = connection.execute("INSERT INTO note (text) VALUES (?) RETURNING id", (text,))
            return int(found.fetchone()[0])

    def lose(self) -> None:
        """What a disaster does; a server goes on without it."""
        if self.mariadb:
            self.mariadb.ask(f"DROP DATABASE {APP}")
            return
        if self.server:
            self.server.admin.execute(f"DROP DATABASE {APP} WITH (FORCE)")
            return
        self.database.put_away()

    def note_migrations(self, count: int) -> None:
        """As Django notes them."""
        if isinstance(self.database, MemoryDatabase):
            for number in range(1, count + 1):
                self.database.write("django_migrations", number, {"name": f"{number:04d}"})
            return
        if self.mariadb:
            self.mariadb.ask("CREATE TABLE django_migrations (name varchar(9) PRIMARY KEY)")
            for number in range(count):
                self.mariadb.ask("INSERT INTO django_migrations VALUES (%s)", str(number))
            return
        if self.server:
            self.server.ask("CREATE TABLE django_migrations (id serial PRIMARY KEY, name text)")
            self.server.ask(
                "INSERT INTO django_migrations (name) SELECT 'x' FROM generate_series(1, %s)", count
            )
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
        if self.mariadb:
            return dict(self.mariadb.ask("SELECT id, text FROM note"))
        if self.server:
            return dict(self.server.ask("SELECT id, text FROM note"))
        with opened(self.live) as connection:
            return dict(connection.execute("SELECT id, text FROM note"))


def stood_in_sqlite(top: Path) -> Stood:
    live = top / "site" / "db.sqlite3"
    live.parent.mkdir()
    with opened(live) as connection:
        connection.execute("CREATE TABLE note (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT)")
        connection.execute("INSERT INTO note VALUES (1, 'one'), (2, 'two')")
    return Stood(SQLiteDatabase(live, top / "store", busy_timeout_s=1), live, top)


@contextlib.contextmanager
def stood_in_postgresql(server: Server, top: Path) -> Iterator[Stood]:
    server.make_app(
        "CREATE TABLE note (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, text text)",
        "INSERT INTO note (text) VALUES ('one'), ('two')",
    )
    try:
        yield Stood(server.database(), top / "none", top, server)
    finally:
        server.forget()


@pytest.fixture
def postgresql(server: Server, tmp_path: Path) -> Iterator[Stood]:
    with stood_in_postgresql(server, tmp_path) as made:
        yield made


@contextlib.contextmanager
def stood_in_mariadb(server: MariaDBServer, top: Path) -> Iterator[Stood]:
    server.make_app(
        "CREATE TABLE note (id bigint AUTO_INCREMENT PRIMARY KEY, text longtext)",
        "INSERT INTO note (text) VALUES ('one'), ('two')",
    )
    try:
        yield Stood(server.database(), top / "none", top, mariadb=server)
    finally:
        server.forget()


@pytest.fixture
def mariadb(mariadb_server: MariaDBServer, tmp_path: Path) -> Iterator[Stood]:
    with stood_in_mariadb(mariadb_server, tmp_path) as made:
        yield made


@pytest.fixture(params=["sqlite", "memory", "postgresql", "mariadb"])
def stood(request: pytest.FixtureRequest, tmp_path: Path) -> Stood:
    if request.param == "sqlite":
        return stood_in_sqlite(tmp_path)
    if request.param in ("postgresql", "mariadb"):
        made: Stood = request.getfixturevalue(request.param)
        return made
    notes: dict[int, dict[str, object]] = {1: {"text": "one"}, 2: {"text": "two"}}
    return Stood(MemoryDatabase({"note": notes}), tmp_path / "none", tmp_path)


@pytest.fixture
def sqlite(tmp_path: Path) -> Stood:
    return stood_in_sqlite(tmp_path)
