"""Schemas as databases have them that were not made by Django alone, carried over or apart."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest

from parom.adapters.databases import rounds
from parom.adapters.databases.rounds import Work
from parom.adapters.databases.sqlite import SQLiteDatabase
from parom.errors import ParomError
from parom.replay.apart import Apart, Why
from parom.replay.changes import Changes, TableChange
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
            connection.create_function("own", 1, bool, deterministic=True)
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


def test_a_reference_without_columns_leads_to_the_primary_key(tmp_path: Path) -> None:
    """Also to one that may hold NULL, by which no row is named for good."""
    done = Returned(
        tmp_path,
        "CREATE TABLE p (k TEXT PRIMARY KEY);"
        "CREATE TABLE c (id INTEGER PRIMARY KEY, p REFERENCES p)",
        "",
    )
    done.write("INSERT INTO p VALUES ('x'); INSERT INTO c VALUES (1, 'x')")
    assert done.carried() == ({}, {"p 1": Why.NO_KEY, "c 1": Why.REFERS})


def test_what_sqlite_finds_broken_is_not_carried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own look is the last, whatever was thought before; what was broken already is not it."""
    done = Returned(
        tmp_path,
        "CREATE TABLE p (id INTEGER PRIMARY KEY);"
        "CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES p (id));"
        "INSERT INTO c VALUES (1, 77)",
        "",
    )
    monkeypatch.setattr(rounds, "dangling", lambda *_: {})
    done.write("INSERT INTO p VALUES (1)")
    assert done.carried() == ({"p": 1}, {})
    done.write("INSERT INTO c VALUES (2, 78)")
    with pytest.raises(ParomError, match=r"database\.not-carried.*c would refer to nothing"):
        done.carried()


@pytest.mark.parametrize("columns", [300, 600, 1900])
def test_however_many_columns_a_table_has(tmp_path: Path, columns: int) -> None:
    """SQLite's expressions nest a thousand deep, and each column is compared."""
    names = ", ".join(f"c{number} INT" for number in range(columns))
    done = Returned(
        tmp_path,
        f"CREATE TABLE t (id INTEGER PRIMARY KEY, {names}); INSERT INTO t (id) VALUES (1)",
        "",
    )
    done.write("UPDATE t SET c5 = 1")
    assert done.carried() == ({"t": 1}, {})
    assert done.database.changed_rows("snap", SAME) == {"t": 1}
    assert [one.key for one in done.database.differing_rows("t", "snap")] == [{"id": 1}]


def test_a_row_that_only_the_application_could_judge_is_apart(tmp_path: Path) -> None:
    """A check by a function of its own, and a document that is none: the others come along."""
    done = Returned(
        tmp_path,
        "CREATE TABLE checked (id INTEGER PRIMARY KEY, t TEXT CHECK (own(t)));"
        "CREATE TABLE told (id INTEGER PRIMARY KEY, j TEXT, a AS (json_extract(j, '$.a')) STORED);"
        "CREATE TABLE plain (id INTEGER PRIMARY KEY)",
        made_anew("checked", "id INTEGER PRIMARY KEY, t TEXT")
        + "DROP TABLE told; CREATE TABLE told (id INTEGER PRIMARY KEY, j TEXT, a TEXT)",
    )
    done.write(
        "INSERT INTO checked VALUES (1, 'x'); INSERT INTO plain VALUES (1);"
        """INSERT INTO told (id, j, a) VALUES (1, 'none', NULL), (2, '{"a":"b"}', 'b')"""
    )
    assert done.carried() == (
        {"plain": 1, "told": 1},
        {"checked 1": Why.DOES_NOT_FIT, "told 1": Why.DOES_NOT_FIT},
    )
    assert done.rows("told") == [(2, '{"a":"b"}', "b")]


def test_a_disk_that_is_full_is_not_the_rows_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All would be called unfit; nothing is carried instead, and it is said why."""
    done = Returned(tmp_path, "CREATE TABLE t (id INTEGER PRIMARY KEY, x)", "")
    done.write("INSERT INTO t VALUES (1, zeroblob(100000))")
    listed = rounds._list_keys

    def on_a_full_disk(
        connection: sqlite3.Connection, work: Work, apart: Mapping[str, Apart]
    ) -> None:
        connection.execute("PRAGMA main.max_page_count = 1")
        listed(connection, work, apart)

    monkeypatch.setattr(rounds, "_list_keys", on_a_full_disk)
    with pytest.raises(ParomError, match=r"database\.not-carried.*full"):
        done.carried()


def test_a_chain_that_gives_way_row_by_row_ends(tmp_path: Path) -> None:
    """Each row refers to the one before, and the first does not fit: what else there is comes."""
    done = Returned(
        tmp_path,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, up INTEGER REFERENCES t (id), x CHECK (x < 9));"
        "CREATE TABLE other (id INTEGER PRIMARY KEY)",
        made_anew("t", "id INTEGER PRIMARY KEY, up INTEGER REFERENCES t (id), x"),
    )
    done.write(
        "INSERT INTO other VALUES (1); INSERT INTO t VALUES (1, NULL, 10);"
        + "".join(f"INSERT INTO t VALUES ({one}, {one - 1}, 0);" for one in range(2, 60))
    )
    tables, apart = done.carried()
    assert tables == {"other": 1}
    assert set(apart.values()) == {Why.DOES_NOT_FIT, Why.REFERS, Why.NO_REPLAY}
    assert len(apart) == 59
    assert done.rows("t") == []


MIGRATIONS = "CREATE TABLE django_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT);"


@pytest.mark.parametrize(
    "by_hand",
    [
        "INSERT INTO django_migrations (name) VALUES ('0003')",
        "INSERT INTO django_migrations (name) VALUES ('0003'); DELETE FROM django_migrations",
        "DROP TABLE django_migrations",
    ],
)
def test_after_a_migration_by_hand_nothing_is_carried(tmp_path: Path, by_hand: str) -> None:
    """What the release's migrations change is then not what the database differs by."""
    done = Returned(tmp_path, MIGRATIONS + "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT)", "")
    done.write("INSERT INTO t VALUES (1, 1);" + by_hand)
    tables, apart = done.carried()
    assert tables == {}
    assert apart["t 1"] is Why.REFUSED
    assert done.rows("t") == []


@pytest.mark.parametrize(
    "by_hand",
    [
        "ALTER TABLE t RENAME COLUMN a TO b; ALTER TABLE t ADD COLUMN a INT",
        "ALTER TABLE t RENAME COLUMN a TO c",
        "ALTER TABLE t ADD COLUMN c INT",
        "ALTER TABLE t DROP COLUMN a",
    ],
)
def test_a_table_whose_columns_were_changed_by_hand_is_apart(tmp_path: Path, by_hand: str) -> None:
    """Its triggers are still there, and the values would come back under another name."""
    done = Returned(
        tmp_path,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT, z INT);"
        "CREATE TABLE u (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1, 1, 1)",
        "",
    )
    done.write(f"{by_hand}; UPDATE t SET z = 500; INSERT INTO u VALUES (1)")
    assert done.carried() == ({"u": 1}, {"t 1": Why.UNSEEN})
    assert done.database.capture_gaps() == ("t",)
    assert done.rows("t") == [(1, 1, 1)]


def test_of_a_capture_that_does_not_know_its_columns_nothing_is_carried(tmp_path: Path) -> None:
    """An older Parom did not note them, and may have opened the release."""
    done = Returned(tmp_path, "CREATE TABLE t (id INTEGER PRIMARY KEY)", "")
    done.write("INSERT INTO t VALUES (1); ALTER TABLE parom_capture_tables DROP COLUMN columns")
    assert done.carried() == ({}, {"t 1": Why.UNSEEN})


def test_rows_that_a_trigger_tells_a_full_text_index_are_apart(tmp_path: Path) -> None:
    """Carried without it they would not be found, and the index would be broken for good."""
    done = Returned(
        tmp_path,
        "CREATE TABLE Doc (id INTEGER PRIMARY KEY, t TEXT);"
        "CREATE TABLE plain (id INTEGER PRIMARY KEY);"
        """CREATE VIRTUAL TABLE "the ""words" USING fts5(t, content='Doc', content_rowid='id');"""
        "CREATE TRIGGER tells AFTER INSERT ON doc BEGIN "
        """INSERT INTO "the ""words" (rowid, t) VALUES (new.id, new.t); END;"""
        "CREATE TRIGGER other AFTER INSERT ON plain BEGIN SELECT 'words'; END;"
        "INSERT INTO doc VALUES (1, 'alpha')",
        "ALTER TABLE doc RENAME TO paper",
        Changes((TableChange("Doc", "paper"),)),
    )
    done.write("INSERT INTO paper VALUES (2, 'beta'); INSERT INTO plain VALUES (1)")
    assert done.carried() == ({"plain": 1}, {"paper 2": Why.UNSEEN})
    assert done.rows("Doc") == [(1, "alpha")]
    with closing(sqlite3.connect(done.store / "carried.sqlite3")) as connection:
        connection.execute(
            """INSERT INTO "the ""words" ("the ""words") VALUES ('integrity-check')"""
        )


def test_rows_that_an_index_finds_in_their_table_are_apart(tmp_path: Path) -> None:
    """The application writes both; what it wrote into the index cannot come along."""
    done = Returned(
        tmp_path,
        "CREATE TABLE doc (id INTEGER PRIMARY KEY, t TEXT);"
        "CREATE VIRTUAL TABLE words USING fts5(t, content = doc , content_rowid=id)",
        "",
    )
    done.write(
        "INSERT INTO doc VALUES (2, 'beta'); INSERT INTO words (rowid, t) VALUES (2, 'beta')"
    )
    assert done.carried() == ({}, {"doc 2": Why.UNSEEN})
