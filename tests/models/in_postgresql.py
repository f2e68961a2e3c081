"""The model test's database where it is PostgreSQL: a real server."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

import psycopg
from psycopg import sql

from parom.adapters.databases.postgresql.database import PostgreSQLDatabase
from tests.adapters.databases.postgresql.server import APP, Server
from tests.models.bed import Release, Run, State, Stored, expected_columns, seeds
from tests.models.schema import Schema
from tests.support.waiting import wait_until

_FIRST = "first"
_COLUMNS = """
SELECT table_name::text, column_name::text FROM information_schema.columns
WHERE table_schema = 'public' AND table_name LIKE 'lib\\_%%'
"""


class PostgreSQLBed:
    """A database that is copied for each example."""

    engine: ClassVar[int] = 1
    error: ClassVar[type[Exception]] = psycopg.Error
    mark: ClassVar[str] = "%s"
    name = APP

    def __init__(self, server: Server) -> None:
        self._server = server
        self.release = Release(
            {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": _FIRST,
                "HOST": "127.0.0.1",
                "PORT": server.port,
                "USER": "postgres",
                "PASSWORD": server.password,
            }
        )
        server.admin.execute(f"CREATE DATABASE {_FIRST}")
        self.release.make_first(_FIRST)
        with server.connect(_FIRST) as connection:
            connection.execute("; ".join(seeds()))
            for table in ("author", "book", "book_tags", "loan"):
                connection.execute(f"SELECT setval('lib_{table}_id_seq', 3)")
        self._wait_for_leaving(_FIRST)

    def begin(self, top: Path) -> None:
        self.end()
        self._server.make_copy(_FIRST)

    def end(self) -> None:
        found = self._server.admin.execute(
            "SELECT datname FROM pg_database WHERE datname ~ '^app'"
        ).fetchall()
        for (name,) in found:
            self._server.admin.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def database(self) -> PostgreSQLDatabase:
        return self._server.database()

    @contextmanager
    def writing(self) -> Iterator[Run]:
        with self._connected() as connection, connection.transaction():

            def run(statement: str, *values: object) -> Sequence[tuple[Any, ...]]:
                done = connection.execute(statement, values)
                return done.fetchall() if done.description else []

            yield run

    def state(self, schema: Schema) -> State:
        with self._connected() as connection:
            found: dict[str, set[str]] = {}
            for table, column in connection.execute(_COLUMNS).fetchall():
                found.setdefault(table, set()).add(column)
            assert found == expected_columns(schema)
            return {
                number: {
                    row[shape.key]: row for row in _rows(connection, shape.name, shape.columns)
                }
                for number, shape in schema.tables.items()
            }

    def unsound(self) -> Sequence[object]:
        """The server looks at what it is told to trust: a constraint that is checked anew."""
        with self._connected() as connection:
            broken = []
            for child, columns, parent, targets in connection.execute(_REFERENCES).fetchall():
                same = " AND ".join(
                    f'p."{target}" = c."{column}"'
                    for column, target in zip(columns, targets, strict=True)
                )
                filled = " AND ".join(f'c."{one}" IS NOT NULL' for one in columns)
                broken += connection.execute(
                    f"SELECT '{child}', c::text FROM {child} c WHERE {filled}"
                    f" AND NOT EXISTS (SELECT FROM {parent} p WHERE {same})"
                ).fetchall()
            broken += connection.execute(
                "SELECT conname, 'not valid' FROM pg_constraint WHERE NOT convalidated"
            ).fetchall()
        return broken

    def stored(self, value: object) -> Stored:
        return None if value is None else str(value)

    def says(self, told: object, stored: Stored) -> bool:
        if told is None or stored is None:
            return told is None and stored is None
        if isinstance(told, bool):
            return bool(stored == str(told).lower())
        if isinstance(told, float):
            return repr(told) == repr(float(stored))
        if isinstance(told, dict):
            ((kind, value),) = told.items()
            if kind == "$bytes":
                return bool(stored == "\\x" + base64.b64decode(value).hex())
            return bool(
                repr(float(value)) == repr(float(stored)) if kind == "$float" else value == stored
            )
        return bool(stored == str(told))

    def cut_off(self) -> None:
        """By a connection of its own: this may be another process."""
        with self._server.connect() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'parom' AND pid <> pg_backend_pid()"
            )

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection[Any]]:
        """As an application; it has left when this is over."""
        with self._server.connect(APP, options="-c timezone=UTC") as connection:
            yield connection
        self._wait_for_leaving(APP)

    def _wait_for_leaving(self, name: str) -> None:
        asking = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND application_name <> 'parom'"
        wait_until(lambda: not self._server.admin.execute(asking, (name,)).fetchall(), "leaving")


_REFERENCES = """
SELECT f.conrelid::regclass::text,
 ARRAY(SELECT a.attname::text FROM unnest(f.conkey) WITH ORDINALITY k(number, place)
  JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.number ORDER BY k.place),
 f.confrelid::regclass::text,
 ARRAY(SELECT a.attname::text FROM unnest(f.confkey) WITH ORDINALITY k(number, place)
  JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.number ORDER BY k.place)
FROM pg_constraint f WHERE f.contype = 'f'
"""


def _rows(
    connection: psycopg.Connection[Any], table: str, columns: Any
) -> Iterator[dict[Any, Any]]:
    listed = ", ".join(f'"{one.name}"::text' for one in columns.values())
    for values in connection.execute(f'SELECT {listed} FROM "{table}"').fetchall():
        yield dict(zip(columns, values, strict=True))
