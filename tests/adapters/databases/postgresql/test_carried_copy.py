"""A carried copy is whole or not there, and nobody writes while it is made."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from parom.adapters.databases.postgresql import opening, rounds, still
from parom.errors import ParomError
from parom.replay.apart import Apart
from parom.replay.changes import Changes
from tests.adapters.databases.conftest import Stood
from tests.adapters.databases.postgresql.server import Server
from tests.support.waiting import wait_until

SAME = Changes()


@pytest.fixture
def opened(postgresql: Stood) -> Stood:
    """After the opening, with a row that was written since."""
    postgresql.database.snapshot("snap")
    postgresql.database.install_capture("run")
    postgresql.write(3, "new")
    return postgresql


def parts(server: Server) -> list[str]:
    found = server.admin.execute("SELECT datname FROM pg_database WHERE datname ~ 'carried'")
    return [name for (name,) in found.fetchall()]


def test_of_a_session_that_is_ended_in_the_middle_nothing_is_left(
    opened: Stood, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An administrator, or the server's own end: what is half is never found."""
    database, tried = opened.database, rounds.tried

    def ended(*given: Any) -> dict[str, Apart]:
        found = tried(*given)
        server.admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = 'app_parom_carried.part'"
        )
        return found

    monkeypatch.setattr(rounds, "tried", ended)
    with pytest.raises(ParomError, match=r"database\.not-carried"):
        database.carry("snap", "carried", SAME)
    assert database.find_snapshot("carried") is None
    assert parts(server) == []
    monkeypatch.undo()
    assert database.carry("snap", "carried", SAME).tables == {"note": 1}


def test_what_a_killed_parom_left_is_not_found_and_not_in_the_way(
    opened: Stood, server: Server
) -> None:
    """Whatever is in it: it has not got the name of what is whole."""
    server.admin.execute('CREATE DATABASE "app_parom_carried.part" TEMPLATE app_parom_snap')
    assert opened.database.find_snapshot("carried") is None
    assert opened.database.carry("snap", "carried", SAME).tables == {"note": 1}
    assert parts(server) == ["app_parom_carried"]


def test_a_copy_from_before_does_not_outlive_an_attempt_that_fails(
    opened: Stood, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It lacks what was written since, and would be taken for what was asked for."""
    database = opened.database
    database.carry("snap", "carried", SAME)

    def fails(*_: object) -> object:
        raise psycopg.errors.DiskFull

    monkeypatch.setattr(rounds, "tried", fails)
    with pytest.raises(ParomError, match=r"database\.disk-full"):
        database.carry("snap", "carried", SAME)
    assert database.find_snapshot("carried") is None
    assert parts(server) == []


def test_what_is_live_is_not_made_anew(opened: Stood) -> None:
    """Its users' rows would be gone."""
    opened.database.carry("snap", "carried", SAME)
    opened.database.swap_in("carried")
    with pytest.raises(ValueError, match="live"):
        opened.database.carry("snap", "carried", SAME)
    assert opened.notes() == {1: "one", 2: "two", 3: "new"}


def test_what_an_event_trigger_would_write_is_not_risked(postgresql: Stood, server: Server) -> None:
    """It is a superuser's, and runs when a trigger is put aside."""
    meddling = (
        "CREATE FUNCTION meddle() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;"
        "CREATE EVENT TRIGGER meddles ON ddl_command_end EXECUTE FUNCTION meddle()"
    )
    server.script(meddling)
    database = postgresql.database
    database.snapshot("snap")
    database.install_capture("run")
    postgresql.write(3, "new")
    with pytest.raises(ParomError, match=r"database\.not-carried.*meddles"):
        database.carry("snap", "carried", SAME)
    assert parts(server) == []


def test_after_a_migration_by_hand_nothing_is_carried(postgresql: Stood, server: Server) -> None:
    """What the release's migrations change is then not what the database differs by."""
    postgresql.note_migrations(1)
    database = postgresql.database
    database.snapshot("snap")
    database.install_capture("run")
    postgresql.write(3, "new")
    server.script(
        "INSERT INTO django_migrations (name) VALUES ('y'); DELETE FROM django_migrations"
    )
    carried = database.carry("snap", "carried", SAME)
    assert (carried.tables, carried.otherwise is None) == ({}, False)
    database.swap_in("carried")
    assert postgresql.notes() == {1: "one", 2: "two"}


def test_the_deployment_before_can_still_be_taken_back(postgresql: Stood) -> None:
    """Its capture is in the snapshot: rows that are carried were written after its opening too."""
    database = postgresql.database
    database.install_capture("the one before")
    database.snapshot("snap")
    database.install_capture("run")
    postgresql.write(1, "written")
    database.carry("snap", "carried", SAME)
    database.swap_in("carried")
    assert [(one.operation, one.key) for one in database.captured_rows()] == [("update", {"id": 1})]


def test_nobody_writes_while_it_is_held_still(postgresql: Stood, server: Server) -> None:
    """Whoever outlived the stop would write between two looks. Reading goes on."""
    server.script(
        "CREATE TABLE parted (id int) PARTITION BY LIST (id);"
        "CREATE TABLE parted_1 PARTITION OF parted DEFAULT"
    )
    with server.connect("app", options="-c lock_timeout=50ms") as other:
        with postgresql.database.held_still():
            for table in ("note (id)", "parted", "parted_1"):
                with pytest.raises(psycopg.errors.LockNotAvailable):
                    other.execute(f"INSERT INTO {table} VALUES (7)")
            assert postgresql.notes() == {1: "one", 2: "two"}
        other.execute("INSERT INTO note (id) VALUES (7)")


def test_a_hold_outlasts_what_ends_idle_transactions(
    postgresql: Stood, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does nothing but hold, for as long as carrying takes."""
    monkeypatch.setitem(opening._SETTINGS, "idle_in_transaction_session_timeout", "50ms")
    asking = "SELECT FROM pg_stat_activity WHERE pid = %s"
    with postgresql.database.held_still():
        with opening.opened(server.access()) as other:
            other.execute("BEGIN")
            pid = other.info.backend_pid
            wait_until(lambda: not server.admin.execute(asking, (pid,)).fetchall(), "its end")
        with (
            server.connect("app", options="-c lock_timeout=50ms") as other,
            pytest.raises(psycopg.errors.LockNotAvailable),
        ):
            other.execute("DELETE FROM note")


def test_who_is_writing_keeps_it_from_being_held_still(
    postgresql: Stood, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is being written would be neither carried nor listed."""
    monkeypatch.setattr(still, "_WAIT", "50ms")
    with server.connect("app") as other, other.transaction():
        other.execute("DELETE FROM note WHERE id = 1")
        with (
            pytest.raises(ParomError, match=r"database\.locked"),
            postgresql.database.held_still(),
        ):
            pass


def test_a_hold_that_was_lost_is_told(postgresql: Stood, server: Server) -> None:
    """Somebody may have written since, and nobody would know."""
    ended = (
        "SELECT pg_terminate_backend(pid) FROM pg_locks"
        " WHERE relation = 'note'::regclass AND mode = 'ShareLock'"
    )
    with (
        pytest.raises(ParomError, match=r"database\.unreachable"),
        postgresql.database.held_still(),
    ):
        server.ask(ended)
