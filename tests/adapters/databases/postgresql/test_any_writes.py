"""Any writes to any tables: each is in the database that came back, or apart."""

from __future__ import annotations

import random
from collections.abc import Container

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parom.replay.changes import Changes
from tests.adapters.databases.postgresql.returned import returned
from tests.adapters.databases.postgresql.server import Server

SCHEMA = """
CREATE TABLE a (id int PRIMARY KEY, v text UNIQUE, up int REFERENCES a DEFERRABLE);
CREATE TABLE b (id int PRIMARY KEY, a int NOT NULL REFERENCES a ON DELETE CASCADE);
CREATE TABLE c (id int PRIMARY KEY, a int REFERENCES a ON DELETE SET NULL, b int REFERENCES b
 DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE p (id int PRIMARY KEY, v int REFERENCES a CHECK (v <> 2)) PARTITION BY HASH (id);
CREATE TABLE p_0 PARTITION OF p FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE p_1 PARTITION OF p FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE q (id int PRIMARY KEY, p int REFERENCES p ON DELETE CASCADE)
"""
ROWS = """
INSERT INTO a SELECT n, 'v' || n, nullif(n - 1, 0) FROM generate_series(1, 5) n;
INSERT INTO b SELECT n, n FROM generate_series(1, 4) n;
INSERT INTO c SELECT n, n, n FROM generate_series(1, 4) n;
INSERT INTO p SELECT n, nullif(nullif(n, 6), 2) FROM generate_series(1, 6) n;
INSERT INTO q SELECT n, n FROM generate_series(1, 3) n
"""
TABLES = ("a", "b", "c", "p", "q")


def random_statement(chance: random.Random) -> str:
    one, other = chance.randrange(1, 8), chance.randrange(1, 8)
    return chance.choice(
        [
            f"INSERT INTO a VALUES ({one}, 'w{other}', {other})",
            f"UPDATE a SET v = 'v{other}' WHERE id = {one}",
            f"UPDATE a SET id = {other} WHERE id = {one}",
            f"UPDATE a SET up = {other} WHERE id = {one}",
            f"UPDATE a SET v = 'v{other}' WHERE id <= {one}",
            "UPDATE a SET v = 'x' || v; UPDATE a SET v = 'v' || 8 - id",
            f"DELETE FROM a WHERE id = {one}",
            f"INSERT INTO b VALUES ({one}, {other})",
            f"INSERT INTO b (id) VALUES ({one})",
            f"UPDATE b SET a = {other} WHERE id = {one}",
            f"DELETE FROM b WHERE a = {one}",
            f"INSERT INTO c VALUES ({one}, {other}, {one})",
            f"INSERT INTO c SELECT {one}, NULL, max(id) FROM b",
            f"UPDATE c SET b = {other}",
            f"INSERT INTO p VALUES ({one}, {other})",
            f"UPDATE p SET id = {other} WHERE id = {one}",
            f"UPDATE p SET v = {other} WHERE id = {one}",
            f"UPDATE p SET v = {other}",
            f"DELETE FROM p WHERE id = {one}",
            f"INSERT INTO q VALUES ({one}, {other})",
            chance.choice(["TRUNCATE p_1", "TRUNCATE c", "TRUNCATE a CASCADE"]),
        ]
    )


MIGRATIONS = [
    "",
    "ALTER TABLE a DROP CONSTRAINT a_v_key",
    "ALTER TABLE p DROP CONSTRAINT p_v_check",
    "DROP TABLE c",
    "ALTER TABLE b DROP a",
]


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(chance=st.randoms(use_true_random=False))
def test_a_write_is_in_the_database_that_came_back_or_apart(
    server: Server, chance: random.Random
) -> None:
    """And nothing else is: told by a reader that knows neither notes nor rounds."""
    migration = chance.choice(MIGRATIONS)
    written = "".join(
        f"DO $$ BEGIN {random_statement(chance)}; SET CONSTRAINTS ALL IMMEDIATE;"
        " EXCEPTION WHEN OTHERS THEN NULL; END $$;"
        for _ in range(14)
    )
    try:
        found = returned(server, f"{SCHEMA};{ROWS}", migration, written, Changes())
        carried = states(server)
        with found.live(found.newer):
            final = states(server)
        with found.live("snap"):
            snapshot = states(server)
    finally:
        server.forget()
    assert not wrong(migration, found.why, carried, final, snapshot)


States = dict[tuple[str, int], str]


def wrong(
    migration: str, apart: Container[str], carried: States, final: States, snapshot: States
) -> list[tuple[str, int]]:
    """Rows that are not what they have to be; those `apart` by table and key."""
    found = []
    for place in {*carried, *final, *snapshot}:
        table, key = place
        was, now, is_now = (one.get(place) for one in (snapshot, final, carried))
        if f"{table} {key}" in apart or (table, migration) == ("c", "DROP TABLE c"):
            is_right = is_now == was
        elif (table, migration) == ("b", "ALTER TABLE b DROP a"):
            is_right = (is_now is None) == (now is None) and is_now in (None, was)
        else:
            is_right = is_now == now
        if not is_right:
            found.append(place)
    return found


def states(server: Server) -> States:
    """Every row by table and key."""
    asked = " UNION ALL ".join(
        f"SELECT '{one}', id, t::text FROM {one} t"
        for one in TABLES
        if server.ask(f"SELECT to_regclass('{one}') IS NOT NULL") == [(True,)]
    )
    return {(table, key): row for table, key, row in server.ask(asked)}
