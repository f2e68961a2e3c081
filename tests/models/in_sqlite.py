"""The model test's database where it is SQLite."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, ClassVar

from parom.adapters.databases.sqlite import SQLiteDatabase
from parom.facts import Process
from tests.models.bed import Release, Run, State, Stored, expected_columns, seeds
from tests.models.schema import Schema

_KINDS = {"integer": int, "real": float, "text": str}


class _AloneDatabase(SQLiteDatabase):
    """Looking at all processes of the machine would take a third of the time."""

    def holders(self, own: frozenset[int]) -> tuple[Process, ...]:
        return ()


class SQLiteBed:
    """A file that is copied for each example; `top` keeps the first one."""

    engine: ClassVar[int] = 0
    error: ClassVar[type[Exception]] = sqlite3.Error
    mark: ClassVar[str] = "?"

    def __init__(self, top: Path) -> None:
        self._first, self._live, self._store = top / "first.sqlite3", top, top
        self.release = Release({"ENGINE": "django.db.backends.sqlite3", "NAME": str(self._first)})
        self.release.make_first(str(self._first))
        with closing(sqlite3.connect(self._first)) as connection:
            connection.executescript("PRAGMA journal_mode = WAL;" + ";".join(seeds()))

    @property
    def name(self) -> str:
        return str(self._live)

    def begin(self, top: Path) -> None:
        self._live, self._store = top / "db.sqlite3", top / "store"
        shutil.copyfile(self._first, self._live)

    def end(self) -> None:
        """The folder is the example's."""

    def database(self) -> SQLiteDatabase:
        return _AloneDatabase(self._live, self._store, busy_timeout_s=1)

    @contextmanager
    def writing(self) -> Iterator[Run]:
        with closing(sqlite3.connect(self._live, isolation_level=None)) as connection:
            connection.execute("PRAGMA foreign_keys = ON")

            def run(statement: str, *values: object) -> Sequence[tuple[Any, ...]]:
                return connection.execute(statement, values).fetchall()

            run("BEGIN IMMEDIATE")
            yield run
            run("COMMIT")

    def state(self, schema: Schema) -> State:
        with closing(sqlite3.connect(f"file:{self._live}?mode=ro", uri=True)) as connection:
            connection.text_factory = bytes
            self._check_columns(connection, schema)
            return {
                number: {
                    row[shape.key]: row for row in _rows(connection, shape.name, shape.columns)
                }
                for number, shape in schema.tables.items()
            }

    def unsound(self) -> Sequence[object]:
        with closing(sqlite3.connect(f"file:{self._live}?mode=ro", uri=True)) as connection:
            broken = connection.execute("PRAGMA foreign_key_check").fetchall()
            whole = connection.execute("PRAGMA integrity_check").fetchall()
        return broken if whole == [("ok",)] else [*broken, *whole]

    def stored(self, value: object) -> Stored:
        if value is None:
            return "null", "None"
        if isinstance(value, str):
            return "text", repr(value.encode())
        kind = {int: "integer", float: "real", bytes: "blob"}[type(value)]
        return kind, repr(value)

    def says(self, told: object, stored: Stored) -> bool:
        if isinstance(told, dict):
            import base64

            told = base64.b64decode(told["$bytes"])
        return bool(self.stored(told) == stored)

    def cut_off(self) -> None:
        """It has no connections that somebody else could end."""

    def _check_columns(self, connection: sqlite3.Connection, schema: Schema) -> None:
        """That this test knows the schema."""
        found = {
            table: {
                name.decode()
                for (name,) in connection.execute(
                    "SELECT CAST(name AS BLOB) FROM pragma_table_info(?)", (table,)
                )
            }
            for table in expected_columns(schema)
        }
        assert found == expected_columns(schema)


def _rows(connection: sqlite3.Connection, table: str, columns: Any) -> Iterator[dict[Any, Any]]:
    listed = ", ".join(f'typeof("{one.name}"), "{one.name}"' for one in columns.values())
    for values in connection.execute(f'SELECT {listed} FROM "{table}"'):
        kinds, contents = values[::2], values[1::2]
        yield {
            number: (kind.decode(), repr(content))
            for number, kind, content in zip(columns, kinds, contents, strict=True)
        }
