"""Nothing that was written is missing from what is listed: by notes, or by comparing."""

from __future__ import annotations

import pytest

from parom.adapters.databases.mariadb.database import MariaDBDatabase
from parom.errors import ParomError
from parom.facts import CapturedRow
from parom.replay.changes import Changes
from tests.adapters.databases.conftest import Stood
from tests.adapters.databases.mariadb.server import Server


def _opened(stood: Stood, *statements: str) -> tuple[Server, MariaDBDatabase]:
    """A database after the opening: its snapshot is `run`."""
    assert stood.mariadb
    assert isinstance(stood.database, MariaDBDatabase)
    for statement in statements:
        stood.mariadb.ask(statement)
    stood.database.make_ready()
    stood.database.snapshot("run")
    stood.database.install_capture("run")
    stood.database.clear_capture()
    return stood.mariadb, stood.database


def _differing(database: MariaDBDatabase, table: str) -> list[CapturedRow]:
    return sorted(database.differing_rows(table, "run"), key=lambda row: str(row.key))


def test_every_value_is_listed_as_it_is(mariadb: Stood) -> None:
    """A person, or another program, puts them back from there."""
    server, database = _opened(
        mariadb,
        "CREATE TABLE v (a varchar(9), b int, d decimal(30,10), g double, t timestamp(6)"
        " NULL, j json, raw blob, bits bit(9), e enum('x', 'y'), y year, u bigint unsigned,"
        " m time(3), PRIMARY KEY (b, a))",
    )
    server.ask("ALTER TABLE v ADD COLUMN f float")
    server.ask(
        "INSERT INTO v VALUES ('ä', -1, '12345678901234567890.0123456789', 0.1,"
        " '2026-01-02 03:04:05.678901', '{\"b\": 1.0}', x'00ff', b'101', 'y', 2026,"
        " 18446744073709551615, '-99:00:00.123', 16777217)"
    )
    (row,) = database.captured_rows()
    assert row.key == {"b": -1, "a": "ä"}
    assert row.row == {
        "a": "ä",
        "b": -1,
        "d": "12345678901234567890.0123456789",
        "f": 16777216.0,
        "g": 0.1,
        "t": "2026-01-01 22:04:05.678901",  # in UTC; the server's own time is another
        "j": '{"b": 1.0}',
        "raw": {"$bytes": "AP8="},
        "bits": {"$bytes": "AAU="},
        "e": "y",
        "y": 2026,
        "u": 18446744073709551615,
        "m": "-99:00:00.123",
    }


def test_a_key_that_changes_is_a_row_gone_and_a_new_one(mariadb: Stood) -> None:
    """And so is one that is replaced; one by other letters that are the same is not."""
    server, database = _opened(mariadb)
    server.ask("UPDATE note SET id = 7 WHERE id = 1")
    server.ask("REPLACE INTO note VALUES (2, 'TWO')")
    assert sorted(database.captured_rows(), key=lambda row: str(row.key)) == [
        CapturedRow("note", "delete", {"id": 1}, None),
        CapturedRow("note", "update", {"id": 2}, {"id": 2, "text": "TWO"}),
        CapturedRow("note", "insert", {"id": 7}, {"id": 7, "text": "one"}),
    ]
    assert database.capture_gaps() == ()


def test_what_fires_no_trigger_is_found_by_comparing(mariadb: Stood) -> None:
    """TRUNCATE, what foreign keys do, tables made anew or without a key."""
    server, database = _opened(
        mariadb,
        "CREATE TABLE child (id int PRIMARY KEY, note_id bigint,"
        " FOREIGN KEY (note_id) REFERENCES note (id) ON DELETE CASCADE)",
        "CREATE TABLE loose (a varchar(9), b int)",
        "CREATE TABLE emptied (id int PRIMARY KEY)",
        "CREATE TABLE dropped (id int PRIMARY KEY)",
        "CREATE TABLE quiet (id int PRIMARY KEY)",
        "INSERT INTO child VALUES (1, 1), (2, 2)",
        "INSERT INTO loose VALUES ('a', 1), ('a', 1), ('A', NULL)",
        "INSERT INTO emptied VALUES (1), (2)",
    )
    assert database.capture_gaps() == ("child", "loose")
    server.ask("DELETE FROM note WHERE id = 1")
    server.ask("DELETE FROM loose WHERE b = 1 LIMIT 1")
    server.ask("INSERT INTO loose VALUES ('a', NULL)")
    server.ask("TRUNCATE TABLE emptied")
    server.ask("INSERT INTO emptied VALUES (2)")
    server.ask("DROP TABLE dropped")
    server.ask("CREATE TABLE fresh (id int PRIMARY KEY)")
    server.ask("INSERT INTO fresh VALUES (5)")
    assert database.capture_gaps() == ("child", "dropped", "emptied", "fresh", "loose")
    assert _differing(database, "child") == [CapturedRow("child", "delete", {"id": 1}, None)]
    assert _differing(database, "emptied") == [CapturedRow("emptied", "delete", {"id": 1}, None)]
    assert _differing(database, "fresh") == [CapturedRow("fresh", "insert", {"id": 5}, {"id": 5})]
    gone: dict[str, object] = {"a": "a", "b": 1}
    new: dict[str, object] = {"a": "a", "b": None}
    assert _differing(database, "loose") == [
        CapturedRow("loose", "delete", gone, None),
        CapturedRow("loose", "insert", new, new),
    ]
    with pytest.raises(ParomError, match=r"database\.not-comparable"):
        _differing(database, "dropped")


def test_letters_that_are_the_same_to_the_server_are_not_to_the_list(mariadb: Stood) -> None:
    """A collation takes 'one' and 'ONE' for equal; a person does not."""
    server, database = _opened(mariadb)
    server.ask("UPDATE note SET text = 'ONE' WHERE id = 1")
    assert [row.row for row in _differing(database, "note")] == [{"id": 1, "text": "ONE"}]
    assert database.changed_rows("run", Changes()) == {"note": 1}


def test_nothing_is_carried_and_that_is_said(mariadb: Stood) -> None:
    """A return goes on without: everything is in quarantine."""
    _, database = _opened(mariadb)
    assert not database.carries_rows
    for refused in (
        lambda: database.carry("run", "carried", Changes()),
        lambda: database.copy_ahead("run", "ahead"),
    ):
        with pytest.raises(ParomError, match=r"database\.not-carried"):
            refused()
    with pytest.raises(ParomError, match=r"database\.no-single-rows"):
        database.single_rows()
