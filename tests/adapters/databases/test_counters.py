"""Ids after a return, in what SQLite has for them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from parom.adapters.databases.counters import count_on, highest_ids


@pytest.fixture
def snapshot() -> Iterator[sqlite3.Connection]:
    """Three tables: one counted to 5, one has never had a row, one does not count."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for name in ("note", "empty"):
            connection.execute(f"CREATE TABLE {name} (id integer primary key autoincrement, t)")
        connection.execute("CREATE TABLE plain (id INTEGER PRIMARY KEY, t)")
        connection.execute("INSERT INTO note VALUES (5, 'x')")
        yield connection


def next_id(connection: sqlite3.Connection, table: str) -> int:
    found = connection.execute(f"INSERT INTO {table} (t) VALUES ('y') RETURNING id")
    return int(found.fetchone()[0])


def test_what_was_given_out_is_known(snapshot: sqlite3.Connection) -> None:
    """Also of a table without a row, and of one whose rows were deleted."""
    snapshot.execute("DELETE FROM note")
    assert highest_ids(snapshot) == {"note": 5, "empty": 0}


def test_an_empty_table_counts_on_too(snapshot: sqlite3.Connection) -> None:
    """It has no line in `sqlite_sequence` that could be changed."""
    assert count_on(snapshot, {"note": 9, "empty": 3}) == {"note": 9, "empty": 3}
    assert (next_id(snapshot, "note"), next_id(snapshot, "empty")) == (10, 4)


def test_a_counter_never_goes_back(snapshot: sqlite3.Connection) -> None:
    """A table that was made anew counts from its highest row, which may be lower."""
    assert count_on(snapshot, {"note": 2, "empty": 0}) == {}
    assert next_id(snapshot, "note") == 6


def test_a_renamed_table_counts_on_from_its_new_name(snapshot: sqlite3.Connection) -> None:
    """Which of the new names it is nobody says here: the highest is right for each."""
    assert count_on(snapshot, {"remark": 40, "other": 7, "empty": 1}) == {
        "note": 40,
        "empty": 1,
    }
    assert next_id(snapshot, "note") == 41


def test_where_tables_were_renamed_a_name_says_nothing(snapshot: sqlite3.Connection) -> None:
    """`note` became `remark`, and what is called `note` now was made since."""
    newer = {"note": 6, "remark": 107, "empty": 0}
    assert count_on(snapshot, newer, renamed=True) == {"note": 107, "empty": 107}
    assert next_id(snapshot, "note") == 108
    assert count_on(snapshot, newer, renamed=True) == {}


def test_case_does_not_make_another_table(snapshot: sqlite3.Connection) -> None:
    """SQLite's names do not care for it."""
    assert count_on(snapshot, {"NOTE": 8, "empty": 0}) == {"note": 8}


def test_a_database_without_counters_is_left_alone() -> None:
    """It has no `sqlite_sequence` at all."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE plain (id INTEGER PRIMARY KEY)")
        assert highest_ids(connection) == {}
        assert count_on(connection, {"note": 4}) == {}


def test_a_name_does_not_make_a_counter() -> None:
    """Nothing counts here, and SQLite has no table for it."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("CREATE TABLE autoincrement_log (id INTEGER PRIMARY KEY)")
        assert highest_ids(connection) == {}


def test_what_cannot_be_written_is_said_by_its_cause(snapshot: sqlite3.Connection) -> None:
    """SQLite had taken it back by itself, and a second taking back hid why."""
    snapshot.execute("PRAGMA query_only = 1")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        count_on(snapshot, {"note": 9})
    assert not snapshot.in_transaction
