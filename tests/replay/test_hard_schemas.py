"""Schemas as databases have them that were not made by Django alone, carried over or apart."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from parom.adapters.databases.sqlite import SQLiteDatabase
from parom.replay.apart import Why
from parom.replay.changes import Changes
from tests.replay.library import opened

SAME = Changes()


class Returned:
    """A database that was migrated by SQL, written to, and carried onto its snapshot."""

    def __init__(self, top: Path, before: str, migration: str, changes: Changes = SAME) -> None:
        self.changes, self.live, self.store = changes, top / "db.sqlite3", top / "store"
        self.database = SQLiteDatabase(self.live, self.store)
        self.write(before)
        self.database.make_ready()
        self.database.snapshot("snap")
        self.write(migration)
        self.database.install_capture("run")
        self.database.clear_capture()

    def write(self, script: str) -> None:
        with opened(self.live) as connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            connection.executescript(script)

    def carried(self) -> tuple[dict[str, int], dict[str, Why]]:
        """Rows by table, and why each of the others is apart, by table and first value of its
        key."""
        carried = self.database.carry("snap", "carried", self.changes)
        apart = {}
        for row in self.database.captured_rows():
            found = carried.apart_of(row)
            if found is not None:
                apart[f"{row.table} {next(iter(row.key.values()))}"] = found.why
        return dict(carried.tables), apart

    def rows(self, table: str, database_id: str = "carried") -> list[tuple[object, ...]]:
        file = self.store / f"{database_id}.sqlite3"
        with closing(sqlite3.connect(file)) as connection:
            return connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()


def made_anew(table: str, columns: str) -> str:
    return (
        f"CREATE TABLE anew ({columns}); INSERT INTO anew SELECT * FROM {table};"
        f"DROP TABLE {table}; ALTER TABLE anew RENAME TO {table};"
    )


def test_a_key_that_the_older_column_takes_for_another_takes_no_row_out(tmp_path: Path) -> None:
    """Nobody wrote 'a': were it gone, nothing would list it."""
    done = Returned(
        tmp_path,
        "CREATE TABLE t (k TEXT COLLATE NOCASE NOT NULL PRIMARY KEY, n INT);"
        "INSERT INTO t VALUES ('a', 1), ('b', 2)",
        made_anew("t", "k TEXT NOT NULL PRIMARY KEY, n INT"),
    )
    done.write("INSERT INTO t VALUES ('A', 9); UPDATE t SET n = 3 WHERE k = 'b'")
    assert done.carried() == ({"t": 1}, {"t A": Why.DOES_NOT_FIT})
    assert done.rows("t") == [("a", 1), ("b", 3)]


def test_one_column_of_a_key_is_not_the_key(tmp_path: Path) -> None:
    """The same for a key of two."""
    done = Returned(
        tmp_path,
        "CREATE TABLE t (a TEXT COLLATE NOCASE NOT NULL, b INT NOT NULL, n INT, "
        "PRIMARY KEY (a, b));"
        "INSERT INTO t VALUES ('x', 1, 1), ('y', 1, 2)",
        made_anew("t", "a TEXT NOT NULL, b INT NOT NULL, n INT, PRIMARY KEY (a, b)"),
    )
    done.write("INSERT INTO t VALUES ('X', 1, 9); UPDATE t SET n = 5 WHERE a = 'y'")
    assert done.carried() == ({"t": 1}, {"t X": Why.DOES_NOT_FIT})
    assert done.rows("t") == [("x", 1, 1), ("y", 1, 5)]


def test_a_key_of_another_type_deletes_nothing_and_does_not_say_so(tmp_path: Path) -> None:
    """'01' would be 1 to the older column, and '1' is not it either."""
    done = Returned(
        tmp_path,
        "CREATE TABLE t (k INTEGER PRIMARY KEY, n INT); INSERT INTO t VALUES (1, 1), (2, 2)",
        made_anew("t", "k TEXT NOT NULL PRIMARY KEY, n INT"),
    )
    done.write("INSERT INTO t VALUES ('01', 9); DELETE FROM t WHERE k = '2'")
    assert done.carried() == ({}, {"t 01": Why.DOES_NOT_FIT, "t 2": Why.DIFFERS})
    assert done.rows("t") == [(1, 1), (2, 2)]


def test_a_reference_is_followed_as_the_parent_compares(tmp_path: Path) -> None:
    """SQLite does, so that 'A' refers to 'a'."""
    done = Returned(
        tmp_path,
        "CREATE TABLE p (k TEXT COLLATE NOCASE NOT NULL PRIMARY KEY, n INT);"
        "CREATE TABLE c (id INTEGER PRIMARY KEY, p TEXT REFERENCES p (k));"
        "INSERT INTO p VALUES ('a', 1); INSERT INTO c VALUES (1, 'A')",
        "DROP TABLE c",
    )
    done.write("DELETE FROM p")
    assert done.carried() == ({}, {"p a": Why.REFERRED})
    assert done.rows("p") == [("a", 1)]
