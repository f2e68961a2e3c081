"""Any writes over any migrations: each is in the database that came back or in quarantine."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parom.adapters.databases.sqlite import SQLiteDatabase
from parom.facts import CapturedRow
from parom.replay.apart import Carried, Why
from parom.replay.changes import Changes
from tests.replay.library import (
    BEFORE,
    MIGRATIONS,
    Lineage,
    Rows,
    as_before,
    changes_of,
    lineages,
    migrate,
    objects_of,
    opened,
    plain,
    rows_of,
    unsound,
)

Statement = tuple[str, str, int, int, object]
"""Verb, newer table by its older name, key, another key, a value."""
TABLES = ("author", "book", "tag", "book_tag", "loan", "log", "review", "keyless")
VERBS = ("insert", "replace", "update", "update all", "swap", "move", "delete", "delete deep")
TEXTS = ("a", "b", "c", "i1", "i3", "new", "", "ü")
STATEMENTS = st.tuples(
    st.sampled_from(VERBS),
    st.sampled_from(TABLES),
    st.integers(1, 5),
    st.integers(1, 5),
    st.one_of(st.sampled_from(TEXTS), st.integers(-1, 3), st.none(), st.just(b"\xff")),
)
"""An application's transactions: what fails is taken back and was never acknowledged."""
WRITES = st.lists(st.lists(STATEMENTS, min_size=1, max_size=3), max_size=8)
NAMES = st.lists(st.sampled_from(sorted(MIGRATIONS)), unique=True)
DEEP = {"book": (("book_tag", "book_id"), ("loan", "book_id"), ("review", "book_id"))}


class Writer:
    """Statements in the words of the newer library."""

    def __init__(self, connection: sqlite3.Connection, names: list[str]) -> None:
        self._connection = connection
        self._lineages = {one.before or name: (name, one) for name, one in lineages(names).items()}

    def write(self, statements: Sequence[Statement]) -> bool:
        """Whether they were acknowledged."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            for one in statements:
                self._one(*one)
            self._connection.execute("COMMIT")
        except sqlite3.Error:
            self._connection.execute("ROLLBACK")
            return False
        return True

    def _one(self, verb: str, table: str, one: int, two: int, value: object) -> None:
        run = self._connection.execute
        if table == "keyless":
            run("INSERT INTO keyless VALUES (?, ?)", (one, value))
            return
        if table not in self._lineages:
            return
        name, lineage = self._lineages[table]
        columns = [*lineage.columns, *lineage.added]
        key, *others = columns
        first, second = (f"t{one}", f"t{two}") if table == "tag" else (one, two)
        chosen = others[(one + two) % len(others)] if others else key
        match verb:
            case "insert" | "replace":
                values = [first, *(_value_for(one, second, value) for one in others)]
                marks = ", ".join("?" * len(values))
                words = "INSERT OR REPLACE" if verb == "replace" else "INSERT"
                run(f"{words} INTO {name} ({', '.join(columns)}) VALUES ({marks})", values)
            case "update":
                filled = _value_for(chosen, second, value)
                run(f"UPDATE {name} SET {chosen} = ? WHERE {key} = ?", (filled, first))
            case "update all":
                filled = _value_for(chosen, second, value)
                run(f"UPDATE {name} SET {chosen} = ?", (filled,))
            case "swap":
                self._swap(name, key, chosen, first, second)
            case "move":
                run(f"UPDATE {name} SET {key} = ? WHERE {key} = ?", (second, first))
            case "delete":
                run(f"DELETE FROM {name} WHERE {key} = ?", (first,))
            case _:
                for child, column in DEEP.get(table, ()):
                    if child in self._lineages:
                        run(f"DELETE FROM {child} WHERE {column} = ?", (first,))
                run(f"DELETE FROM {name} WHERE {key} = ?", (first,))

    def _swap(self, name: str, key: str, column: str, first: object, second: object) -> None:
        run = self._connection.execute
        of = f"SELECT {column} FROM {name} WHERE {key} = ?"
        one, two = run(of, (first,)).fetchone(), run(of, (second,)).fetchone()
        if not one or not two:
            return
        change = f"UPDATE {name} SET {column} = ? WHERE {key} = ?"
        run(change, ("between" if isinstance(one[0], str) else one[0], first))
        run(change, (one[0], second))
        run(change, (two[0], first))


def _value_for(column: str, number: object, value: object) -> object:
    if column.endswith("_id"):
        return f"t{number}" if column == "tag_id" else number
    if column in ("cover", "said", "at", "bio", "isbn"):
        return value
    if column in ("stock", "pages"):
        return value if isinstance(value, int) else 1
    return value if isinstance(value, str) else f"made {number}"


class Return:
    """A library that was migrated, written to, and is taken back."""

    def __init__(self, top: Path, names: list[str]) -> None:
        self.names, self.live, self.store = names, top / "db.sqlite3", top / "store"
        self.database = SQLiteDatabase(self.live, self.store)
        with opened(self.live) as connection:
            connection.executescript(BEFORE)
        self.database.make_ready()
        self.database.snapshot("snap")
        with opened(self.live) as connection:
            migrate(connection, names)
        self.opening = top / "opening.sqlite3"
        self.database.install_capture("run")
        self.database.clear_capture()
        with closing(sqlite3.connect(self.live)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(self.live, self.opening)

    @property
    def snapshot(self) -> Path:
        return self.store / "snap.sqlite3"

    @property
    def returned(self) -> Path:
        return self.store / "carried.sqlite3"

    def write(self, writes: Sequence[Sequence[Statement]]) -> int:
        with opened(self.live) as connection:
            writer = Writer(connection, self.names)
            return sum(writer.write(one) for one in writes)

    def carry(self, changes: Changes | None = None) -> Carried:
        return self.database.carry("snap", "carried", changes or changes_of(self.names))


def missed(done: Return, carried: Carried) -> list[object]:
    """What is neither here nor there, or here without having been written."""
    found: list[object] = list(unsound(done.returned))
    if objects_of(done.returned) != objects_of(done.snapshot):
        found.append("another schema")
    for table, lineage in lineages(done.names).items():
        if lineage.before:
            found += _missed_in(done, carried, table, lineage)
    if "drop a table" in done.names:
        before, after = (rows_of(one, "loan", "id") for one in (done.snapshot, done.returned))
        found += [] if before == after else ["the dropped table is another"]
    return found


def _missed_in(done: Return, carried: Carried, table: str, lineage: Lineage) -> list[object]:
    key = lineage.columns[lineage.key]
    snapshot, returned = (
        rows_of(one, lineage.before, key) for one in (done.snapshot, done.returned)
    )
    opening, final = (rows_of(one, table, lineage.key) for one in (done.opening, done.live))
    found: list[object] = []
    for name in {*snapshot, *returned, *opening, *final}:
        spoken = name.decode() if isinstance(name, bytes) else name
        apart = carried.apart_of(CapturedRow(table, "update", {lineage.key: spoken}, None))
        was, now, is_now = snapshot.get(name), final.get(name), returned.get(name)
        if apart is not None and not apart.columns:
            right = is_now == was
        elif now == opening.get(name):
            wanted = None if now is None else as_before(lineage, now, was)
            right = is_now in (was, wanted)
        elif now is None:
            right = is_now is None
        else:
            listed = set(apart.columns) if apart else set()
            right = is_now == as_before(lineage, now, was) and all(
                one in listed or now[one] == plain(default)
                for one, default in lineage.added.items()
            )
        if not right:
            found.append((table, spoken, was, now, is_now, apart))
    return found


def changed(done: Return, table: str, lineage: Lineage) -> Rows:
    opening, final = (rows_of(one, table, lineage.key) for one in (done.opening, done.live))
    return {key: row for key, row in final.items() if opening.get(key) != row}


@settings(max_examples=60, deadline=None)
@given(NAMES, WRITES)
@example([], [[("swap", "author", 1, 2, None)]])
@example(["drop a table"], [[("delete deep", "book", 1, 1, None)]])
@example(["drop a unique"], [[("update all", "book", 1, 2, "same")]])
@example(["remove a reference"], [[("delete", "author", 2, 1, None)]])
def test_a_write_is_in_the_database_that_came_back_or_apart_and_nothing_else_is(
    names: list[str], writes: list[list[Statement]]
) -> None:
    """Whatever was migrated and written: told by a reader that only knows SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        done = Return(Path(folder), names)
        done.write(writes)
        before = done.snapshot.read_bytes()
        carried = done.carry()
        assert sorted(one.name for one in done.store.iterdir()) == sorted(
            {done.live.resolve().name, "snap.sqlite3", "carried.sqlite3"}
        )
        assert missed(done, carried) == []
        assert done.snapshot.read_bytes() == before


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from(["rename a column", "rename a key", "rename a table"]), unique=True),
    WRITES,
)
def test_nothing_is_apart_where_names_alone_changed(
    names: list[str], writes: list[list[Statement]]
) -> None:
    """Putting all into quarantine would be safe, and no replay."""
    with tempfile.TemporaryDirectory() as folder:
        done = Return(Path(folder), names)
        done.write(writes)
        carried = done.carry()
        assert (carried.apart, {*carried.apart_tables} <= {"keyless"}) == ({}, True)
        for table, lineage in lineages(names).items():
            returned = rows_of(done.returned, lineage.before, lineage.columns[lineage.key])
            assert len(returned) == len(rows_of(done.live, table, lineage.key))


CASES: list[tuple[list[str], list[Statement], dict[str, Why]]] = [
    (["add a column"], [("insert", "book", 9, 1, 0)], {}),
    (["add a column"], [("insert", "book", 9, 1, 7)], {"book": Why.COLUMNS}),
    (["remove a column"], [("insert", "author", 9, 1, "n")], {}),
    (["remove one with a default"], [("insert", "book", 9, 1, "n")], {}),
    (["remove one without"], [("insert", "tag", 9, 1, "n")], {"tag": Why.NEEDS_VALUE}),
    (["make a table"], [("insert", "review", 9, 1, None)], {"review": Why.NO_TABLE}),
    (["drop a table"], [("delete deep", "book", 1, 1, None)], {"book": Why.REFERRED}),
    ([], [("insert", "keyless", 1, 1, 1)], {"keyless": Why.NO_KEY}),
    ([], [("swap", "author", 1, 2, None)], {}),
    (
        ["remove one without"],
        [("insert", "tag", 3, 1, "n"), ("insert", "book_tag", 9, 3, "n")],
        {"tag": Why.NEEDS_VALUE, "book_tag": Why.REFERS},
    ),
]


@pytest.mark.parametrize(("names", "writes", "why"), CASES)
def test_a_row_is_apart_for_its_reason(
    tmp_path: Path, names: list[str], writes: list[Statement], why: dict[str, Why]
) -> None:
    """The reason is what a person goes by who puts rows back."""
    done = Return(tmp_path, names)
    assert done.write([writes]) == 1
    carried = done.carry()
    found = {json.loads(name)[0]: one.why for name, one in carried.apart.items()}
    assert found | {name: one.why for name, one in carried.apart_tables.items()} == why
    assert missed(done, carried) == []


def test_a_copy_is_made_anew_however_often(tmp_path: Path) -> None:
    """After a crash nobody knows how far the one before got."""
    done = Return(tmp_path, ["rename a column"])
    done.write([[("insert", "book", 9, 1, "first")]])
    first = done.carry()
    done.write([[("delete", "book", 9, 1, None)]])
    (done.store / "carried.partial-wal").write_bytes(b"of a killed attempt")
    second = done.carry()
    assert (first.tables, second.tables) == ({"book": 1}, {})
    assert missed(done, second) == []


def test_what_only_the_application_can_compute_stays_out(tmp_path: Path) -> None:
    """An index over a function of its own: of that table nothing can be written or taken out."""
    done = Return(tmp_path, [])
    done.write([[("update", "author", 1, 1, "x"), ("update", "book", 2, 1, "y")]])
    with closing(sqlite3.connect(done.snapshot)) as connection:
        connection.create_function("own", 1, lambda _: 1, deterministic=True)
        connection.execute("CREATE INDEX by_own ON author (own(name))")
        connection.commit()
    carried = done.carry()
    assert carried.tables == {"book": 1}
    assert [one.why for one in carried.apart.values()] == [Why.DOES_NOT_FIT]


def test_the_deployment_before_can_still_be_taken_back(tmp_path: Path) -> None:
    """Its capture is in the snapshot: rows that are carried were written after its opening too."""
    done = Return(tmp_path, [])
    snapshot = SQLiteDatabase(done.snapshot, tmp_path / "other")
    snapshot.install_capture("the one before")
    done.write([[("update", "author", 1, 1, "x")]])
    done.carry()
    rows = list(SQLiteDatabase(done.returned, tmp_path / "other").captured_rows())
    assert [(one.table, one.operation, one.key) for one in rows] == [
        ("author", "update", {"id": 1})
    ]
