"""Rows that are carried in two parts, the first while users write: the same as all at once."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from parom.adapters.databases.postgresql import carried_copy, since
from parom.adapters.databases.postgresql.carrying import Sorted
from parom.adapters.databases.postgresql.database import PostgreSQLDatabase
from parom.errors import ParomError
from parom.replay.apart import Apart, Carried, Why
from parom.replay.changes import Changes, Filled, TableChange
from tests.adapters.databases.postgresql.returned import ROLE, as_keeper
from tests.adapters.databases.postgresql.server import Server
from tests.adapters.databases.postgresql.test_any_writes import (
    MIGRATIONS,
    ROWS,
    SCHEMA,
    States,
    random_statement,
    states,
    wrong,
)

SAME = Changes()
KEYS = (
    "CREATE TABLE word (code varchar(40) PRIMARY KEY, v int);"
    "CREATE TABLE high (id bigint PRIMARY KEY, v text, old text DEFAULT 'd');"
    "INSERT INTO word SELECT 'k' || n, n FROM generate_series(1, 5) n;"
    "INSERT INTO high SELECT n, 'v' || n FROM generate_series(1, 5) n"
)
WITHOUT_OLD = Changes((TableChange("high", "high", removed=(Filled("old", True, "d"),)),))


@pytest.fixture(autouse=True)
def clean(server: Server) -> Iterator[None]:
    yield
    server.forget()


class Return:
    """A database that was migrated and is written to."""

    def __init__(self, server: Server, before: str, migration: str, changes: Changes) -> None:
        self.server, self.changes = server, changes
        server.make_app(ROLE)
        as_keeper(server, before)
        self.database: PostgreSQLDatabase = server.database(user="keeper", password="x")
        self.database.snapshot("snap")
        as_keeper(server, migration)
        self.database.install_capture("run")

    def write(self, *statements: str) -> None:
        as_keeper(self.server, *statements)

    def ahead(self) -> bool:
        self.database.copy_ahead("snap", "ahead")
        return self.database.carry_ahead("snap", "applied", self.changes, "ahead")

    def carry(self) -> Carried:
        return self.database.carry("snap", "carried", self.changes, "ahead", "applied")

    def apart(self, carried: Carried) -> set[str]:
        return {
            f"{row.table} {next(iter(row.key.values()))}"
            for row in self.database.captured_rows()
            if carried.apart_of(row)
        }

    def three(self) -> list[States]:
        """What came back, what users left, and what was there before."""
        live = self.database.live_id()
        found = []
        for one in ("carried", live, "snap"):
            self.database.swap_in(one)
            found.append(states(self.server))
        self.database.swap_in(live)
        return found

    def is_the_same_as_all_at_once(self, carried: Carried, tables: tuple[str, ...] = ()) -> None:
        """In the database and in what is said of it."""
        whole = self.database.carry("snap", "whole", self.changes)
        assert carried == whole
        found = []
        live = self.database.live_id()
        for one in ("carried", "whole"):
            self.database.swap_in(one)
            found.append(states(self.server) if not tables else self._rows(tables))
        self.database.swap_in(live)
        assert found[0] == found[1]

    def _rows(self, tables: tuple[str, ...]) -> list[list[tuple[object, ...]]]:
        return [self.server.ask(f"SELECT t::text FROM {one} t ORDER BY 1") for one in tables]


def ways(patched: pytest.MonkeyPatch) -> list[str]:
    """How copies came about."""
    told: list[str] = []
    caught_up = carried_copy._caught_up

    def noted(*given: object) -> tuple[Carried | None, str]:
        found = caught_up(*given)  # type: ignore[arg-type]
        told.append("carried anew" if found[1] else "caught up")
        return found

    patched.setattr(carried_copy, "_caught_up", noted)
    return told


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(chance=st.randoms(use_true_random=False))
def test_it_is_the_same_as_all_at_once(server: Server, chance: random.Random) -> None:
    """Whatever was written before the one and before the other."""

    def some() -> str:
        return "".join(
            f"DO $$ BEGIN {random_statement(chance)}; SET CONSTRAINTS ALL IMMEDIATE;"
            " EXCEPTION WHEN OTHERS THEN NULL; END $$;"
            for _ in range(chance.randrange(12))
        )

    try:
        with pytest.MonkeyPatch.context() as patched:
            told = ways(patched)
            if chance.random() < 0.5:  # as if the tables were large
                patched.setattr(since, "LOOKED_THROUGH", -1)
            migration = chance.choice(MIGRATIONS)
            done = Return(server, f"{SCHEMA};{ROWS}", migration, SAME)
            done.write(some())
            event("ahead" if done.ahead() else "not ahead")
            done.write(some())
            carried = done.carry()
            event(" ".join(told))
            assert not wrong(migration, done.apart(carried), *done.three())
            # Which of several rows gets a value that must be unique, is a matter of their order.
            if "a_v_key" not in migration:
                done.is_the_same_as_all_at_once(carried)
    finally:
        server.forget()


CASES = [
    ("INSERT INTO high VALUES (9, 'n')", "UPDATE high SET v = 'm' WHERE id = 9"),
    ("INSERT INTO high VALUES (9, 'n'), (10, 'n')", "DELETE FROM high WHERE id = 9"),
    ("INSERT INTO high VALUES (-9, 'n'), (-8, 'n')", "DELETE FROM high WHERE id = -9"),
    ("INSERT INTO high VALUES (9, 'n')", "UPDATE high SET id = -9 WHERE id = 9"),
    ("UPDATE high SET v = 'x'", "UPDATE high SET v = 'v' || id WHERE id < 4"),
    ("DELETE FROM high WHERE id = 3", "DELETE FROM high WHERE id = 4"),
    ("DELETE FROM high WHERE id = 3", "INSERT INTO high VALUES (3, 'again')"),
    ("INSERT INTO word VALUES ('n', 1), ('m', 2)", "DELETE FROM word WHERE code = 'n'"),
    ("UPDATE word SET v = 9", "UPDATE word SET code = 'z' WHERE code = 'k1'"),
    ("DELETE FROM word WHERE code = 'k1'", "INSERT INTO word VALUES ('k1', 7)"),
]


@pytest.mark.parametrize(("first", "second"), CASES)
def test_only_what_was_written_since_is_written_under_the_stop(
    server: Server, monkeypatch: pytest.MonkeyPatch, first: str, second: str
) -> None:
    """What everything is done ahead for."""
    done = Return(server, KEYS, "", SAME)
    done.write("INSERT INTO high SELECT n, 'many' FROM generate_series(100, 149) n", first)
    assert done.ahead()
    done.write(second)
    told, written = ways(monkeypatch), list[int]()
    write = Sorted.write

    def counted(found: Sorted) -> None:
        written.extend(len(one.names) for one in found.works)
        write(found)

    with monkeypatch.context() as patched:
        patched.setattr(Sorted, "write", counted)
        carried = done.carry()
    assert told == ["caught up"]
    assert sum(written) < 20
    done.is_the_same_as_all_at_once(carried, ("word", "high"))


@pytest.mark.parametrize(
    ("first", "second", "way"),
    [
        ("INSERT INTO high VALUES (9, 'n')", "UPDATE high SET v = 'm' WHERE id < 4", "caught up"),
        (
            "DELETE FROM high WHERE id = 3",
            "INSERT INTO high VALUES (3, 'what the older one had is gone')",
            "carried anew",
        ),
    ],
)
def test_a_column_that_only_the_older_one_has_keeps_its_values(
    server: Server, monkeypatch: pytest.MonkeyPatch, first: str, second: str, way: str
) -> None:
    """The snapshot has them, and the copy may have lost one."""
    before = f"{KEYS}; UPDATE high SET old = 'own of ' || id"
    done = Return(server, before, "ALTER TABLE high DROP old", WITHOUT_OLD)
    done.write(first)
    assert done.ahead()
    done.write(second)
    told = ways(monkeypatch)
    done.is_the_same_as_all_at_once(done.carry(), ("word", "high"))
    assert told == [way]


def test_a_row_that_the_migration_had_deleted_is_there_again(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody used its key for a while, which is no deletion of what the snapshot has."""
    done = Return(server, KEYS, "DELETE FROM high WHERE id > 4; DELETE FROM word", SAME)
    done.write("INSERT INTO high VALUES (5, 'n'); INSERT INTO word VALUES ('k1', 9)")
    assert done.ahead()
    done.write("DELETE FROM high WHERE id = 5; DELETE FROM word")
    told = ways(monkeypatch)
    done.is_the_same_as_all_at_once(done.carry(), ("word", "high"))
    assert told == ["carried anew"]


def test_what_was_open_meanwhile_is_not_taken_for_what_was_read(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also behind a savepoint, whose number no snapshot of the server lists."""
    done = Return(server, KEYS, "", SAME)
    told = ways(monkeypatch)
    with server.connect("app") as other:
        other.execute("BEGIN; UPDATE word SET v = 50 WHERE code = 'k1'")
        other.execute("SAVEPOINT a; UPDATE high SET v = 'within' WHERE id = 1; RELEASE a")
        other.execute("SAVEPOINT b; INSERT INTO high VALUES (77, 'within'); RELEASE b")
        done.write("UPDATE high SET v = 'before' WHERE id = 2")
        assert done.ahead()
        other.execute("SAVEPOINT c; DELETE FROM high WHERE id = 3; RELEASE c; COMMIT")
        pid = other.info.backend_pid
    server._wait_for_leaving(pid)
    carried = done.carry()
    assert told == ["caught up"]
    assert dict(carried.tables) == {"high": 4, "word": 1}
    done.is_the_same_as_all_at_once(carried, ("word", "high"))


def test_what_was_apart_for_another_row_is_tried_again(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It refers to one that had no place; later it has."""
    before = (
        "CREATE TABLE one (id int PRIMARY KEY, v int CHECK (v < 10));"
        "CREATE TABLE two (id int PRIMARY KEY, one int REFERENCES one)"
    )
    done = Return(server, before, "ALTER TABLE one DROP CONSTRAINT one_v_check", SAME)
    done.write("INSERT INTO one VALUES (1, 99); INSERT INTO two VALUES (1, 1)")
    assert done.ahead()
    done.write("UPDATE one SET v = 1")
    told = ways(monkeypatch)
    carried = done.carry()
    assert told == ["caught up"]
    assert (dict(carried.tables), carried.apart) == ({"one": 1, "two": 1}, {})
    done.is_the_same_as_all_at_once(carried, ("one", "two"))


@pytest.mark.parametrize(
    ("before", "meanwhile"),
    [
        ("CREATE TABLE t (id citext PRIMARY KEY)", "INSERT INTO t VALUES ('A')"),
        ("CREATE TABLE t (id numeric PRIMARY KEY)", "INSERT INTO t VALUES (1.0)"),
        ("CREATE TABLE t (id int PRIMARY KEY)", "ALTER TABLE t ADD v int"),
    ],
)
def test_where_a_row_may_be_told_otherwise_later_nothing_is_carried_ahead(
    server: Server, before: str, meanwhile: str
) -> None:
    """What is apart is found by what it is called. The return carries all of it."""
    done = Return(server, before, "", SAME)
    done.write(meanwhile)
    assert not done.ahead()
    assert done.database.find_snapshot("applied") is None
    done.carry()
    assert done.database.stale(frozenset({"snap", "carried"})) == ()


def test_what_was_altered_by_hand_since_then_is_carried_anew(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows that were carried were read as the table was before."""
    done = Return(server, KEYS, "", SAME)
    done.write("UPDATE high SET v = 'x'")
    assert done.ahead()
    done.write("ALTER TABLE high ADD more int DEFAULT 3")
    told = ways(monkeypatch)
    done.is_the_same_as_all_at_once(done.carry(), ("word", "high"))
    assert told == ["carried anew"]


def test_of_an_attempt_that_fails_nothing_is_left(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The return makes its own copy then."""
    done = Return(server, KEYS, "", SAME)
    done.write("UPDATE high SET v = 'x'")

    def fails(*_: object) -> None:
        raise ParomError("database.not-carried", "a test", "none")

    with monkeypatch.context() as patched:
        patched.setattr(Sorted, "write", fails)
        with pytest.raises(ParomError, match="a test"):
            done.ahead()
    assert done.database.stale(frozenset({"snap"})) == ()
    assert dict(done.carry().tables) == {"high": 5}


def test_a_table_that_the_older_release_has_not_is_apart_as_a_whole(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether its rows were written before the one, before the other, or are gone again."""
    made = (
        "CREATE TABLE early (id int PRIMARY KEY); CREATE TABLE late (id int PRIMARY KEY);"
        "CREATE TABLE passing (id int PRIMARY KEY)"
    )
    done = Return(server, KEYS, made, SAME)
    done.write("INSERT INTO early VALUES (1), (2); INSERT INTO passing VALUES (1)")
    done.write("UPDATE word SET v = 50 WHERE code = 'k1'")
    assert done.ahead()
    done.write("INSERT INTO late VALUES (1); DELETE FROM passing")
    told = ways(monkeypatch)
    carried = done.carry()
    assert told == ["caught up"]
    assert (dict(carried.tables), carried.apart) == ({"word": 1}, {})
    assert carried.apart_tables == dict.fromkeys(("early", "late"), Apart(Why.NO_TABLE))
    assert done.apart(carried) == {"early 1", "early 2", "late 1"}
    done.is_the_same_as_all_at_once(carried, ("word",))
