"""Tables that the capture does not watch, because somebody made them anew or later."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from parom.adapters.databases.sqlite import SQLiteDatabase
from parom.errors import ParomError

_SCHEMA = """
    CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT COLLATE NOCASE);
    CREATE TABLE other (id INTEGER PRIMARY KEY, text TEXT);
    CREATE TABLE pair (a TEXT NOT NULL, b INTEGER NOT NULL, x, PRIMARY KEY (a, b)) WITHOUT ROWID;
    INSERT INTO note VALUES (1, 'one'), (2, 'two'), (3, 'three');
    INSERT INTO other VALUES (1, 'one');
    INSERT INTO pair VALUES ('p', 1, 1.5), ('p', 2, NULL);
"""
# As Django changes a table on SQLite: the triggers go with the old one.
_REMAKE = """
    CREATE TABLE new__note (id INTEGER PRIMARY KEY, text TEXT COLLATE NOCASE{more});
    INSERT INTO new__note (id, text) SELECT id, text FROM note;
    DROP TABLE note;
    ALTER TABLE new__note RENAME TO note;
"""


@pytest.fixture
def live(tmp_path: Path) -> Path:
    return tmp_path / "db.sqlite3"


@pytest.fixture
def database(tmp_path: Path, live: Path) -> SQLiteDatabase:
    """Snapshot taken, capture installed, nothing written yet."""
    with closing(sqlite3.connect(live)) as connection:
        connection.executescript(_SCHEMA)
    made = SQLiteDatabase(live, tmp_path / "store")
    made.make_ready()
    made.snapshot("snapshot")
    made.install_capture("run")
    assert made.capture_gaps() == ()
    return made


def write(live: Path, script: str) -> None:
    with closing(sqlite3.connect(live)) as connection:
        connection.executescript(script)


def listed(database: SQLiteDatabase, table: str) -> set[tuple[object, ...]]:
    return {
        (row.operation, *row.key.values(), row.row and row.row.get("text"))
        for row in database.differing_rows(table, "snapshot")
    }


def test_a_table_that_was_made_anew_is_compared_with_the_snapshot(
    live: Path, database: SQLiteDatabase
) -> None:
    """`manage.py migrate` by hand dropped the triggers, and what came after was never listed."""
    write(live, _REMAKE.format(more=""))
    write(live, "INSERT INTO note VALUES (4, 'four')")
    write(live, "UPDATE note SET text = 'TWO' WHERE id = 2; DELETE FROM note WHERE id = 3")
    assert list(database.captured_rows()) == []
    assert database.capture_gaps() == ("note",)
    assert listed(database, "note") == {
        ("insert", 4, "four"),
        ("update", 2, "TWO"),
        ("delete", 3, None),
    }


def test_rows_with_columns_that_the_snapshot_lacks_are_all_listed(
    live: Path, database: SQLiteDatabase
) -> None:
    """Nobody can say which of them were written to."""
    write(live, _REMAKE.format(more=", length INTEGER DEFAULT 0"))
    write(live, "UPDATE note SET length = 3 WHERE id = 1; DELETE FROM note WHERE id = 3")
    assert listed(database, "note") == {
        ("update", 1, "one"),
        ("update", 2, "two"),
        ("delete", 3, None),
    }


@pytest.mark.parametrize(
    ("change", "gaps"),
    [
        ("CREATE TABLE later (id INTEGER PRIMARY KEY, text TEXT)", ("later",)),
        ("ALTER TABLE other RENAME TO later", ("later", "other")),
        ("DROP TRIGGER parom_capture_1_d", ("other",)),
        ("CREATE UNIQUE INDEX one_text ON other (text)", ("other",)),
        ("DROP TABLE other", ("other",)),
        ("CREATE VIRTUAL TABLE words USING fts5(text)", ("words",)),
        ("ALTER TABLE other ADD COLUMN more TEXT", ("other",)),
        ("ALTER TABLE other RENAME COLUMN id TO number", ("other",)),
        ("CREATE INDEX quick ON other (text)", ()),
        (
            "DROP TABLE other; CREATE TABLE other (a TEXT, b TEXT, PRIMARY KEY (a, b)) "
            "WITHOUT ROWID; INSERT INTO other VALUES ('x', 'y')",
            ("other",),
        ),
    ],
)
def test_every_table_that_is_not_covered_is_named(
    live: Path, database: SQLiteDatabase, change: str, gaps: tuple[str, ...]
) -> None:
    """And none that is, since comparing a large table takes its time under the stop."""
    write(live, change)
    assert database.capture_gaps() == gaps
    list(database.captured_rows())


def test_a_deletion_is_told_under_the_name_that_the_table_has_now(
    live: Path, database: SQLiteDatabase
) -> None:
    """Another one may have taken its name by then: nobody would know of the deletion."""
    write(live, "CREATE TABLE later (id INTEGER PRIMARY KEY, text TEXT)")
    database.install_capture("another run")
    write(live, "INSERT INTO later VALUES (7, 'seven')")
    write(live, "DELETE FROM other; ALTER TABLE other RENAME TO former")
    write(live, "ALTER TABLE later RENAME TO other")
    rows = [(one.table, one.operation, *one.key.values()) for one in database.captured_rows()]
    assert ("former", "delete", 1) in rows
    assert ("other", "insert", 7) in rows
    assert database.capture_gaps() == ("former", "later", "other")


def test_a_new_table_and_a_full_text_table_are_listed_whole(
    live: Path, database: SQLiteDatabase
) -> None:
    """Neither is in the snapshot; a virtual table can have no trigger at all."""
    write(live, "CREATE VIRTUAL TABLE words USING fts5(text); INSERT INTO words VALUES ('w')")
    write(live, "CREATE TABLE later (id INTEGER PRIMARY KEY, text TEXT)")
    write(live, "INSERT INTO later VALUES (7, 'seven')")
    assert listed(database, "words") == {("insert", 1, "w")}
    assert listed(database, "later") == {("insert", 7, "seven")}


def test_keys_of_several_columns_are_compared(live: Path, database: SQLiteDatabase) -> None:
    """Also in a table without rowid."""
    write(live, "DROP TRIGGER parom_capture_2_i; UPDATE pair SET x = 2 WHERE b = 2")
    write(live, "DELETE FROM pair WHERE b = 1; INSERT INTO pair VALUES ('q', 1, x'00')")
    rows = list(database.differing_rows("pair", "snapshot"))
    assert {(row.operation, *row.key.values()) for row in rows} == {
        ("update", "p", 2),
        ("delete", "p", 1),
        ("insert", "q", 1),
    }


def test_a_table_that_is_gone_is_no_table_without_differences(
    live: Path, database: SQLiteDatabase
) -> None:
    """Missing evidence is never counted as good."""
    write(live, "DROP TABLE other")
    with pytest.raises(ParomError, match=r"database\.not-comparable"):
        list(database.differing_rows("other", "snapshot"))
