"""Which rows were written: every way of writing, every kind of table."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parom.adapters.databases.postgresql import since
from parom.facts import CapturedRow
from tests.adapters.databases.conftest import Stood, stood_in_postgresql
from tests.adapters.databases.postgresql.server import Server, running

Seen = tuple[str, str, dict[str, object], dict[str, object] | None]

SCHEMA = """
CREATE SCHEMA other;
CREATE TABLE other."Odd name" ("my key" text, "tg_op" text, PRIMARY KEY ("my key", "tg_op"), v int);
CREATE TABLE keyless (a int, b text);
CREATE TABLE named_by_unique (code text NOT NULL UNIQUE, v int);
CREATE TABLE parent (id int PRIMARY KEY, v int);
CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent ON DELETE CASCADE);
CREATE TABLE measured (day int, id int, v int, PRIMARY KEY (day, id)) PARTITION BY RANGE (day);
CREATE TABLE measured_low PARTITION OF measured FOR VALUES FROM (0) TO (10);
CREATE TABLE measured_high PARTITION OF measured FOR VALUES FROM (10) TO (20)
 PARTITION BY LIST (id);
CREATE TABLE measured_high_all PARTITION OF measured_high DEFAULT;
CREATE TABLE computed (
 id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v int,
 twice int GENERATED ALWAYS AS (v * 2) STORED
);
CREATE TABLE stamped (id int PRIMARY KEY, v int, by_trigger int);
CREATE TABLE swapped (id int PRIMARY KEY DEFERRABLE, v int);
CREATE TABLE logged (id serial PRIMARY KEY, v int);
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.by_trigger := NEW.v + 1; INSERT INTO logged (v) VALUES (NEW.v); RETURN NEW; END $$;
CREATE FUNCTION again(day int, id int) RETURNS int LANGUAGE plpgsql AS $$
BEGIN INSERT INTO measured VALUES (day, id, 77); RETURN 1; END $$;
CREATE FUNCTION note_again(id bigint) RETURNS int LANGUAGE plpgsql AS $$
BEGIN INSERT INTO note VALUES (id, 'again'); RETURN 1; END $$;
CREATE TRIGGER stamping BEFORE INSERT OR UPDATE ON stamped FOR EACH ROW EXECUTE FUNCTION stamp();
"""
ROWS = """
TRUNCATE note, other."Odd name", keyless, named_by_unique, parent, child, measured, computed,
 stamped, swapped, logged RESTART IDENTITY;
INSERT INTO note (text) VALUES ('one'), ('two');
INSERT INTO swapped VALUES (1, 1), (2, 2), (3, 3);
INSERT INTO keyless VALUES (1, 'same'), (1, 'same'), (2, NULL);
INSERT INTO parent VALUES (1, 1), (2, 2); INSERT INTO child VALUES (10, 1), (11, 1), (20, 2);
INSERT INTO measured VALUES (1, 1, 1), (2, 2, 2), (11, 3, 3);
INSERT INTO named_by_unique VALUES ('a', 1), ('b', 2);
INSERT INTO other."Odd name" VALUES ('k', 'x', 1)
"""


GONE = ("measured", "delete", {"day": 1, "id": 1})


@pytest.fixture(scope="module", params=["looked through", "noted once", "always noted"])
def holder(request: pytest.FixtureRequest, server: Server) -> Iterator[Server]:
    """A server whose versions of rows tell which are new, with small tables and with large ones,
    and one where they tell nothing."""
    if request.param != "always noted":
        with pytest.MonkeyPatch.context() as patched:
            if request.param == "noted once":
                patched.setattr(since, "LOOKED_THROUGH", -1)
            yield server
        return
    with running() as old:
        old.grow_old()
        yield old


@pytest.fixture(scope="module")
def once(holder: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stood]:
    """One database for all tests of this file: they change nothing but rows."""
    with stood_in_postgresql(holder, tmp_path_factory.mktemp("capture")) as made:
        holder.script(SCHEMA)
        made.database.install_capture("run")
        assert made.database.capture_gaps() == ()
        yield made


@pytest.fixture
def watched(once: Stood, holder: Server) -> Stood:
    holder.script(ROWS)
    once.database.clear_capture()
    return once


def written(stood: Stood) -> list[Seen]:
    rows = stood.database.captured_rows()
    return sorted(((r.table, r.operation, r.key, r.row) for r in rows), key=repr)


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        ("INSERT INTO note VALUES (7, 'x')", [("note", "insert", {"id": 7})]),
        (
            "COPY note FROM PROGRAM 'printf \"7\\tx\\n8\\ty\\n\"'",
            [("note", "insert", {"id": 7}), ("note", "insert", {"id": 8})],
        ),
        ("UPDATE note SET text = 'x' WHERE id = 1", [("note", "update", {"id": 1})]),
        (
            "UPDATE swapped SET id = 3 - id WHERE id < 3",
            [("swapped", "update", {"id": 1}), ("swapped", "update", {"id": 2})],
        ),
        (
            "UPDATE note SET id = 9 WHERE id = 1",
            [("note", "delete", {"id": 1}), ("note", "insert", {"id": 9})],
        ),
        (
            "INSERT INTO note VALUES (1, 'x'), (7, 'y') ON CONFLICT (id) DO UPDATE SET text = 'z'",
            [("note", "insert", {"id": 7}), ("note", "update", {"id": 1})],
        ),
        (
            "WITH gone AS (DELETE FROM note WHERE id = 1 RETURNING text)"
            " INSERT INTO note (id, text) SELECT 7, text FROM gone",
            [("note", "delete", {"id": 1}), ("note", "insert", {"id": 7})],
        ),
        ("TRUNCATE note", [("note", "delete", {"id": 1}), ("note", "delete", {"id": 2})]),
        (
            "TRUNCATE note; INSERT INTO note VALUES (2, 'again')",
            [("note", "delete", {"id": 1}), ("note", "update", {"id": 2})],
        ),
        ("BEGIN; DELETE FROM note; ROLLBACK", []),
        (
            "SET session_replication_role = replica; DELETE FROM note WHERE id = 1",
            [("note", "delete", {"id": 1})],
        ),
        (
            "DELETE FROM parent WHERE id = 1",
            [
                ("child", "delete", {"id": 10}),
                ("child", "delete", {"id": 11}),
                ("parent", "delete", {"id": 1}),
            ],
        ),
        (
            "TRUNCATE parent CASCADE",
            [
                *(("child", "delete", {"id": one}) for one in (10, 11, 20)),
                *(("parent", "delete", {"id": one}) for one in (1, 2)),
            ],
        ),
        (
            "UPDATE named_by_unique SET v = 7 WHERE code = 'b'",
            [("named_by_unique", "update", {"code": "b"})],
        ),
        (
            'UPDATE other."Odd name" SET v = 2',
            [("other.Odd name", "update", {"my key": "k", "tg_op": "x"})],
        ),
        (
            'TRUNCATE other."Odd name"',
            [("other.Odd name", "delete", {"my key": "k", "tg_op": "x"})],
        ),
        ("INSERT INTO computed (v) VALUES (4)", [("computed", "insert", {"id": 1})]),
        (
            "INSERT INTO stamped VALUES (1, 1)",
            [("logged", "insert", {"id": 1}), ("stamped", "insert", {"id": 1})],
        ),
        (
            "UPDATE measured SET v = 9 WHERE day > 1",
            [
                ("measured", "update", {"day": 11, "id": 3}),
                ("measured", "update", {"day": 2, "id": 2}),
            ],
        ),
        (
            "UPDATE measured_high_all SET v = 9",
            [("measured", "update", {"day": 11, "id": 3})],
        ),
        (
            "UPDATE measured SET day = 12 WHERE day = 1",
            [
                ("measured", "delete", {"day": 1, "id": 1}),
                ("measured", "insert", {"day": 12, "id": 1}),
            ],
        ),
        (
            "TRUNCATE measured_low",
            [
                ("measured", "delete", {"day": 1, "id": 1}),
                ("measured", "delete", {"day": 2, "id": 2}),
            ],
        ),
        (
            "INSERT INTO measured_low VALUES (3, 3, 3); DELETE FROM measured_low WHERE day = 3",
            [],
        ),
        ("UPDATE measured SET id = 9 WHERE day = 1; DELETE FROM measured WHERE id = 9", [GONE]),
        (
            "WITH gone AS (DELETE FROM measured WHERE day = 1 RETURNING *)"
            " SELECT again(day, id) FROM gone; DELETE FROM measured WHERE day = 1",
            [GONE],
        ),
        (
            "WITH gone AS (UPDATE measured SET id = 9 WHERE day = 1 RETURNING *)"
            " SELECT again(1, 1) FROM gone; DELETE FROM measured WHERE day = 1",
            [GONE],
        ),
        (
            "UPDATE note SET text = 'x' WHERE id = 1; COMMIT; BEGIN; WITH gone AS (DELETE FROM note"
            " WHERE id = 1 RETURNING *) SELECT note_again(id) FROM gone; DELETE FROM note"
            " WHERE id = 1",
            [("note", "delete", {"id": 1})],
        ),
        (
            "UPDATE note SET text = 'x' WHERE id = 1; WITH gone AS (DELETE FROM note WHERE id = 1"
            " RETURNING *) SELECT note_again(id) FROM gone; COMMIT; BEGIN; DELETE FROM note"
            " WHERE id = 1; COMMIT; BEGIN; INSERT INTO note VALUES (1, 'y'); COMMIT; BEGIN;"
            " DELETE FROM note WHERE id = 1",
            [("note", "delete", {"id": 1})],
        ),
        (
            "INSERT INTO note VALUES (-1, 'x'); COMMIT; BEGIN; UPDATE note SET text = 'y' WHERE"
            " id = -1; COMMIT; BEGIN; DELETE FROM note WHERE id = -1",
            [],
        ),
        (
            "SET CONSTRAINTS ALL DEFERRED; INSERT INTO swapped VALUES (1, 9);"
            " DELETE FROM swapped WHERE v = 1; COMMIT; BEGIN; DELETE FROM swapped WHERE id = 1",
            [("swapped", "delete", {"id": 1})],
        ),
        (
            "SET CONSTRAINTS ALL DEFERRED; INSERT INTO swapped VALUES (1, 9);"
            " UPDATE swapped SET v = 5 WHERE v = 1; DELETE FROM swapped WHERE id = 1",
            [("swapped", "delete", {"id": 1})],
        ),
    ],
)
def test_every_way_of_writing_is_noted(
    watched: Stood, holder: Server, statement: str, wanted: list[Any]
) -> None:
    """R-13.2: what a late return cannot keep is listed, however it came about."""
    holder.script(statement)
    assert [seen[:3] for seen in written(watched)] == sorted(wanted, key=repr)


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        ("INSERT INTO keyless VALUES (1, 'same')", [("insert", {"a": 1, "b": "same"})]),
        ("INSERT INTO keyless VALUES (3, 'x'); DELETE FROM keyless WHERE a = 3", []),
        ("UPDATE keyless SET a = a", []),
        ("DELETE FROM keyless WHERE a = 1", [("delete", {"a": 1, "b": "same"})] * 2),
        (
            "TRUNCATE keyless; INSERT INTO keyless VALUES (2)",
            [("delete", {"a": 1, "b": "same"})] * 2,
        ),
        (
            "UPDATE keyless SET b = 'y' WHERE a = 2",
            [("delete", {"a": 2, "b": None}), ("insert", {"a": 2, "b": "y"})],
        ),
    ],
)
def test_rows_without_a_name_are_kept_whole(
    watched: Stood, holder: Server, statement: str, wanted: list[Any]
) -> None:
    """Nothing says which of two equal rows it was; how many there are more or fewer is known."""
    holder.script(statement)
    assert [(operation, key) for _, operation, key, _ in written(watched)] == wanted


def test_whoever_may_write_can_be_noted(watched: Stood, holder: Server) -> None:
    """The notes are closed to the application's role, and its writes must not fail of it."""
    holder.script(
        "CREATE ROLE clerk LOGIN PASSWORD 'x'; GRANT SELECT, UPDATE, TRUNCATE ON note TO clerk"
    )
    with holder.connect("app", user="clerk", password="x") as connection:
        connection.execute("UPDATE note SET text = 'theirs' WHERE id = 1")
        connection.execute("TRUNCATE note")
    assert len(written(watched)) == 2


def test_the_note_of_a_row_that_somebody_writes_to_is_not_forgotten(
    watched: Stood, holder: Server
) -> None:
    """He found it there, and left none of his own."""
    checked = "UPDATE {0} SET v = 8 WHERE id = 1; DELETE FROM {0} WHERE id = 2"
    holder.script(";".join(checked.format(table) for table in ("measured", "swapped")))
    with holder.connect("app") as writer:
        writer.execute("BEGIN; UPDATE measured SET v = 9 WHERE id = 1")
        writer.execute("INSERT INTO measured VALUES (2, 2, 9)")
        writer.execute("UPDATE swapped SET v = 9 WHERE id = 1; INSERT INTO swapped VALUES (2, 9)")
        watched.database.clear_capture()
        writer.execute("COMMIT")
    assert [seen[:3] for seen in written(watched)] == [
        ("measured", "update", {"day": 1, "id": 1}),
        ("measured", "update", {"day": 2, "id": 2}),
        ("swapped", "update", {"id": 1}),
        ("swapped", "update", {"id": 2}),
    ]


def test_the_application_sees_nothing_of_it(watched: Stood, holder: Server) -> None:
    """How many rows a statement wrote is what Django decides by."""
    with holder.connect("app") as connection:
        assert connection.execute("UPDATE note SET text = 'x'").rowcount == 2
        done = connection.execute("INSERT INTO note (text) VALUES ('y') RETURNING id")
        assert done.fetchall() == [(3,)]


TABLES = {
    "note": ("id", "SELECT id::text, note::text FROM note"),
    "keyless": ("", "SELECT '', keyless::text FROM keyless"),
    "parent": ("id", "SELECT id::text, parent::text FROM parent"),
    "child": ("id", "SELECT id::text, child::text FROM child"),
    "measured": ("day,id", "SELECT day || ',' || id, measured::text FROM measured"),
}


def random_statement(chance: random.Random) -> str:
    one, other = chance.randrange(6), chance.randrange(6)
    return chance.choice(
        [
            f"INSERT INTO note VALUES ({one}, 'n{other}') ON CONFLICT DO NOTHING",
            f"INSERT INTO note VALUES ({one}, 'u')"
            f" ON CONFLICT (id) DO UPDATE SET text = 'c{other}'",
            f"UPDATE note SET id = id + 10 WHERE id = {one} AND NOT EXISTS"
            f" (SELECT FROM note WHERE id = {one + 10})",
            f"DELETE FROM note WHERE id % 3 = {one % 3}",
            f"INSERT INTO keyless VALUES ({one % 3}, 'k'), ({one % 3}, 'k')",
            f"UPDATE keyless SET a = {other % 3} WHERE a = {one % 3}",
            f"DELETE FROM keyless WHERE a = {one % 3}",
            f"INSERT INTO parent VALUES ({one}, 0) ON CONFLICT DO NOTHING",
            f"INSERT INTO child SELECT {other}, id FROM parent WHERE id = {one}"
            " ON CONFLICT DO NOTHING",
            f"DELETE FROM parent WHERE id = {one}",
            f"INSERT INTO measured VALUES ({one * 3}, {other}, 0) ON CONFLICT DO NOTHING",
            f"UPDATE measured SET day = 19 - day WHERE id = {one} AND NOT EXISTS"
            " (SELECT FROM measured o WHERE o.day = 19 - measured.day AND o.id = measured.id)",
            f"UPDATE measured_low SET v = {other}",
            f"DELETE FROM measured_high WHERE id = {one}",
            chance.choice(["TRUNCATE keyless", "TRUNCATE measured_low", "TRUNCATE child"]),
        ]
    )


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(chance=st.randoms(use_true_random=False))
def test_what_was_noted_makes_the_old_rows_the_new_ones(
    watched: Stood, holder: Server, chance: random.Random
) -> None:
    """The listed rows, put onto what was there, give what is there: none is missing."""
    watched.database.clear_capture()
    before = {table: holder.ask(asking) for table, (_, asking) in TABLES.items()}
    holder.script(";".join(random_statement(chance) for _ in range(12)))
    rows = list(watched.database.captured_rows())
    for table, (key, asking) in TABLES.items():
        noted = [row for row in rows if row.table == table]
        after = Counter(holder.ask(asking))
        found = Counter(before[table])
        if key:
            apply_by_key(found, noted, key, after)
        else:
            for row in noted:
                text = f"({row.key['a']},{row.key['b'] or ''})"
                found[("", text)] += 1 if row.operation == "insert" else -1
        assert +found == after


def apply_by_key(
    found: Counter[Any], noted: list[CapturedRow], key: str, after: Counter[Any]
) -> None:
    now = dict(after.keys())
    for row in noted:
        named = ",".join(str(row.key[name]) for name in key.split(","))
        for old in [one for one in found if one[0] == named]:
            del found[old]
        assert (row.row is not None) == (named in now)
        if row.row is not None:
            found[(named, now[named])] += 1
