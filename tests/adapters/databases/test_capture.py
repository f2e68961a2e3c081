"""Whatever an application writes after opening is noted: compared with an independent reader."""

from __future__ import annotations

import base64
import contextlib
import math
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parom.adapters.databases import capture
from parom.errors import ParomError
from parom.facts import CapturedRow

SCHEMA = """
CREATE TABLE whole (id INTEGER PRIMARY KEY, v, u UNIQUE);
CREATE TABLE "te""xt 'and' more" ("k""ey" TEXT NOT NULL PRIMARY KEY, "v a l" BLOB);
CREATE TABLE pair (a TEXT NOT NULL, b INTEGER NOT NULL, v, PRIMARY KEY (a, b));
CREATE TABLE keyless (x, y);
CREATE TABLE nullable (k TEXT PRIMARY KEY, v);
CREATE TABLE bare (k TEXT PRIMARY KEY, v) WITHOUT ROWID;
CREATE TABLE folded (k TEXT COLLATE NOCASE NOT NULL PRIMARY KEY, v);
CREATE TABLE made (id INTEGER PRIMARY KEY, v,
    twice GENERATED ALWAYS AS (v || v) VIRTUAL, kept GENERATED ALWAYS AS (v || '!') STORED);
CREATE TABLE log (id INTEGER PRIMARY KEY AUTOINCREMENT, said);
CREATE TRIGGER tells AFTER INSERT ON whole BEGIN INSERT INTO log (said) VALUES (NEW.v); END;
CREATE TRIGGER carries AFTER UPDATE ON pair BEGIN UPDATE whole SET v = NEW.v WHERE id = 1; END;
INSERT INTO whole VALUES (1, 'a', 1), (2, 'b', 2), (-1, 'c', 3);
INSERT INTO "te""xt 'and' more" VALUES ('a', x'00'), ('b', NULL);
INSERT INTO pair VALUES ('a', 1, 0.5), ('a', 2, 1e999), ('b', 1, NULL);
INSERT INTO keyless VALUES (1, 1), (1, 1), (NULL, NULL);
INSERT INTO nullable VALUES ('a', 1), (NULL, 2), (NULL, 3);
INSERT INTO bare VALUES ('a', 1), ('b', 2);
INSERT INTO folded VALUES ('a', 1), ('b', 2);
INSERT INTO made (id, v) VALUES (1, 'a'), (2, NULL);
"""


@dataclass(frozen=True)
class Shape:
    """How a table is written to: name, key columns, value column, as SQL."""

    table: str
    keys: tuple[str, ...]
    value: str
    names: tuple[str, ...]
    """What the rows are named by, unquoted."""


SHAPES = (
    Shape("whole", ("id",), "v", ("id",)),
    Shape("whole", ("u",), "v", ("id",)),
    Shape('"te""xt \'and\' more"', ('"k""ey"',), '"v a l"', ('k"ey',)),
    Shape("pair", ("a", "b"), "v", ("a", "b")),
    Shape("keyless", ("x",), "y", ("rowid",)),
    Shape("nullable", ("k",), "v", ("rowid",)),
    Shape("bare", ("k",), "v", ("k",)),
    Shape("folded", ("k",), "v", ("k",)),
    Shape("made", ("id",), "v", ("id",)),
)
KEYS = st.sampled_from([1, 2, 3, -1, "a", "A", "b", "c", None])
VALUES = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    st.text(max_size=5).filter(lambda text: "\0" not in text),
    st.binary(max_size=5),
)
FORMS = (
    "INSERT INTO {table} ({keys}, {value}) VALUES ({marks}, :v)",
    "INSERT OR REPLACE INTO {table} ({keys}, {value}) VALUES ({marks}, :v)",
    "INSERT OR IGNORE INTO {table} ({keys}, {value}) VALUES ({marks}, :v)",
    "INSERT INTO {table} ({keys}, {value}) VALUES ({marks}, :v) "
    "ON CONFLICT DO UPDATE SET {value} = :v",
    "INSERT INTO {table} ({value}) VALUES (:v)",
    "INSERT INTO {table} ({keys}, {value}) VALUES ({marks}, CAST(x'ff41' AS TEXT))",
    "UPDATE {table} SET {value} = :v WHERE {first} IS :k0",
    "UPDATE {table} SET {first} = :new WHERE {first} IS :k0",
    "UPDATE OR REPLACE {table} SET {first} = :new WHERE {first} IS :k0",
    "UPDATE OR REPLACE {table} SET {first} = :new",
    "UPDATE OR IGNORE {table} SET {first} = :new",
    "DELETE FROM {table} WHERE {first} IS :k0",
    "DELETE FROM {table}",
)


@dataclass(frozen=True)
class Statement:
    shape: Shape
    form: str
    keys: tuple[object, object]
    new: object
    value: object

    def run(self, connection: sqlite3.Connection) -> None:
        sql = self.form.format(
            table=self.shape.table,
            keys=", ".join(self.shape.keys),
            first=self.shape.keys[0],
            value=self.shape.value,
            marks=", ".join(f":k{place}" for place in range(len(self.shape.keys))),
        )
        given = {"k0": self.keys[0], "k1": self.keys[1], "new": self.new, "v": self.value}
        # What the database refuses was not written: IntegrityError, and a text for a rowid.
        with contextlib.suppress(sqlite3.IntegrityError):
            connection.execute(sql, given)


STATEMENTS = st.builds(
    Statement, st.sampled_from(SHAPES), st.sampled_from(FORMS), st.tuples(KEYS, KEYS), KEYS, VALUES
)
Key = tuple[object, ...]
Rows = dict[tuple[str, Key], dict[str, object]]


def plain(value: object) -> object:
    if isinstance(value, bytes):
        return {"$bytes": base64.b64encode(value).decode()}
    if isinstance(value, float) and math.isinf(value):
        return {"$float": repr(value)}
    return value


def typed(value: object) -> str:
    return f"{type(value).__name__} {value!r}"


def read(connection: sqlite3.Connection) -> Rows:
    """All rows by table and key, without a thought about captures."""
    found: Rows = {}
    names = {shape.table: shape.names for shape in SHAPES} | {"log": ("id",)}
    connection.text_factory = lambda data: _decoded(data)
    for table, key in names.items():
        quoted = ", ".join(
            "rowid" if n == "rowid" else '"' + n.replace('"', '""') + '"' for n in key
        )
        cursor = connection.execute(f"SELECT {quoted}, * FROM {table}")
        columns = [one[0] for one in cursor.description][len(key) :]
        bare = table.strip('"').replace('""', '"')
        for row in cursor:
            values = dict(zip(columns, map(plain, row[len(key) :]), strict=True))
            found[bare, tuple(typed(plain(one)) for one in row[: len(key)])] = values
    return found


def _decoded(data: bytes) -> str | bytes:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


@contextlib.contextmanager
def captured() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection.executescript(SCHEMA)
        capture.install(connection, "run")
        yield connection
    finally:
        connection.close()


def statement(table: int, form: int, key: object, new: object = None) -> Statement:
    return Statement(SHAPES[table], FORMS[form], (key, 1), new, "x")


@settings(max_examples=150, deadline=None)
@given(st.lists(STATEMENTS, max_size=12))
@example([statement(0, 1, 1), statement(0, 11, 1)])  # replaced, then deleted
@example([statement(1, 1, 2)])  # a REPLACE deletes another row through a unique column
@example([statement(5, 1, None)])  # a NULL in a primary key
@example([statement(7, 7, "a", "A")])  # the same key to a collation
@example([statement(3, 9, "a", "b"), statement(3, 12, "a")])
def test_what_is_noted_is_what_was_written(statements: list[Statement]) -> None:
    """R-13.2: every difference between before and after is listed, in its last state; what is
    listed beyond that is as it was before."""
    with captured() as connection:
        before = read(connection)
        for one in statements:
            one.run(connection)
        after = read(connection)
        noted = {
            (row.table, tuple(typed(one) for one in row.key.values())): row
            for row in capture.rows(connection)
        }
        for place in before.keys() | after.keys():
            was, now = before.get(place), after.get(place)
            row = noted.pop((place[0], tuple(map(str, place[1]))), None)
            if repr(was) != repr(now):
                assert row is not None, place
            if row is not None:
                assert repr(row.row) == repr(now)
                wanted = "insert" if was is None else "delete" if now is None else "update"
                assert row.operation == wanted
        assert noted == {}


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    with captured() as opened:
        yield opened


def test_nothing_is_noted_before_anything_is_written(connection: sqlite3.Connection) -> None:
    """Reading is no writing, and what was cleared is forgotten."""
    assert list(capture.rows(connection)) == []
    connection.execute("DELETE FROM pair")
    assert len(list(capture.rows(connection))) == 3
    capture.clear(connection)
    assert list(capture.rows(connection)) == []


def test_the_application_sees_nothing_of_it(connection: sqlite3.Connection) -> None:
    """Django asks for the last id and for the number of rows after its writes."""
    cursor = connection.execute("INSERT INTO made (v) VALUES ('x')")
    assert cursor.lastrowid == 3
    assert connection.execute("UPDATE made SET v = 'y'").rowcount == 3
    returned = connection.execute("INSERT INTO whole (v) VALUES ('x') RETURNING id, v")
    assert returned.fetchall() == [(3, "x")]


def test_it_is_taken_out_without_a_trace(connection: sqlite3.Connection) -> None:
    """The schema of a database is compared by people and by tools."""
    plain_one = sqlite3.connect(":memory:")
    plain_one.executescript(SCHEMA)
    capture.remove(connection)
    capture.remove(connection)
    assert capture.installed_for(connection) is None
    assert list(connection.iterdump()) == list(plain_one.iterdump())
    plain_one.close()


def test_it_is_installed_whole_or_not_at_all() -> None:
    """A table of which no row can be named is refused by name, before the first trigger."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE a (id INTEGER PRIMARY KEY)")
    connection.execute("CREATE TABLE b (rowid TEXT, oid TEXT, _ROWID_ TEXT)")
    with pytest.raises(ParomError, match=r'database\.no-row-name.*"b"'):
        capture.install(connection, "run")
    found = connection.execute("SELECT name FROM sqlite_master ORDER BY name").fetchall()
    assert found == [("a",), ("b",)]
    connection.close()


def test_a_column_called_rowid_is_no_row_s_name() -> None:
    """The word means the column then."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE a (rowid TEXT)")
    connection.execute("INSERT INTO a VALUES ('same'), ('same')")
    capture.install(connection, "run")
    connection.execute("DELETE FROM a WHERE oid = 2")
    assert list(capture.rows(connection)) == [CapturedRow("a", "delete", {"_rowid_": 2}, None)]
    connection.close()


def test_what_was_noted_is_read_by_the_keys_alone(connection: sqlite3.Connection) -> None:
    """The stop must not wait for a gigabyte to be read because three rows were written."""
    seen: list[str] = []
    connection.set_trace_callback(seen.append)
    list(capture.rows(connection))
    connection.set_trace_callback(None)
    for sql in (one for one in seen if "LEFT JOIN" in one):
        plan = connection.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall()
        steps = [str(step[3]) for step in plan]
        assert any(step.startswith("SCAN c") for step in steps), steps
        assert any(step.startswith("SEARCH s") for step in steps), steps
        assert not any("AUTOMATIC" in step for step in steps), (sql, steps)


@pytest.mark.parametrize("key", ["INTEGER", "TEXT", "REAL", "NUMERIC", "BLOB"])
def test_a_write_costs_the_same_however_many_were_noted(key: str) -> None:
    """Else an application becomes slower from write to write, from its opening on."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute(f"CREATE TABLE a (k {key} NOT NULL PRIMARY KEY, u {key} UNIQUE, v)")
    capture.install(connection, "run")

    def steps(number: int) -> int:
        """Of SQLite's machine: to insert a row, change it and delete another one."""
        taken = [0]

        def step() -> int:
            taken[0] += 1
            return 0

        connection.set_progress_handler(step, 1)
        connection.execute("INSERT INTO a VALUES (?, ?, 0)", (number, number))
        connection.execute("UPDATE a SET v = 1 WHERE k = ?", (number,))
        connection.execute("DELETE FROM a WHERE k = ?", (number - 1,))
        connection.set_progress_handler(None, 0)
        return taken[0]

    connection.execute("INSERT INTO a VALUES (0, 0, 0)")
    early = [steps(number) for number in range(1, 30)]
    late = [steps(number) for number in range(30, 600)]
    assert max(late) <= 1.5 * max(early)
    connection.close()
