"""Who is in the database: named, spared while at work before a snapshot, never in the way back."""

from __future__ import annotations

import os
from collections.abc import Callable

import psycopg
import pytest

from parom.adapters.databases.postgresql import sessions
from parom.adapters.databases.postgresql.database import PostgreSQLDatabase
from parom.adapters.databases.postgresql.opening import opened
from parom.errors import ParomError
from tests.adapters.databases.conftest import Stood
from tests.adapters.databases.postgresql.server import Server
from tests.support.waiting import wait_until


def database_of(stood: Stood) -> PostgreSQLDatabase:
    assert isinstance(stood.database, PostgreSQLDatabase)
    return stood.database


def test_a_stranger_is_named_without_what_it_said(postgresql: Stood, server: Server) -> None:
    """A statement holds people's data, and stays in the server's view after it ended."""
    with server.connect("app", application_name="psql") as stranger:
        stranger.execute("SELECT 'canary'")
        (found,) = postgresql.database.holders(frozenset())
        assert found.pid == stranger.info.backend_pid
        assert (found.name, "psql" in found.command, "idle" in found.command) == (
            "postgres",
            True,
            True,
        )
        assert found.started > 0
        assert "canary" not in found.command


def test_services_are_no_strangers(postgresql: Stood, server: Server) -> None:
    """They are known by their processes, as Parom started these."""
    with server.connect("app"):
        assert postgresql.database.holders(frozenset({os.getpid()})) == ()
        assert len(postgresql.database.holders(frozenset({1}))) == 1


def test_a_service_that_leaves_meanwhile_is_no_stranger(
    postgresql: Stood, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its health page opens a connection for each answer: one of them has often just gone."""
    leaving = server.connect("app")
    pid = leaving.info.backend_pid

    def no_ports(_pids: object) -> set[int]:
        leaving.close()
        asking = "SELECT 1 FROM pg_stat_activity WHERE pid = %s"
        wait_until(lambda: not server.admin.execute(asking, (pid,)).fetchall(), "its leaving")
        return set()

    monkeypatch.setattr(sessions, "_own_ports", no_ports)
    with server.connect("app") as stranger:
        (found,) = postgresql.database.holders(frozenset({os.getpid()}))
        assert found.pid == stranger.info.backend_pid


def test_an_idle_stranger_is_ended_and_named(postgresql: Stood, server: Server) -> None:
    """A forgotten psql must not put a deployment off, nor write while it is copied."""
    with server.connect("app", application_name="psql") as stranger:
        postgresql.database.snapshot("run")
        with pytest.raises(psycopg.OperationalError):
            stranger.execute("SELECT 1")
    (ended,) = database_of(postgresql).ended
    assert "psql" in ended.command


def transaction(stranger: psycopg.Connection) -> None:
    stranger.execute("BEGIN")
    stranger.execute("UPDATE note SET text = 'never committed'")


def prepared(stranger: psycopg.Connection) -> None:
    stranger.execute("BEGIN")
    stranger.execute("UPDATE note SET text = 'prepared'")
    stranger.execute("PREPARE TRANSACTION 'held'")


@pytest.mark.parametrize("begin", [transaction, prepared])
def test_work_of_a_stranger_is_a_refusal_before_a_snapshot(
    postgresql: Stood, server: Server, begin: Callable[[psycopg.Connection], None]
) -> None:
    """Nothing has changed yet, so that nobody's transaction has to be cut off."""
    with server.connect("app", application_name="psql") as stranger:
        begin(stranger)
        with pytest.raises(ParomError, match=r"database\.held.*postgres"):
            postgresql.database.snapshot("run")
        assert postgresql.database.find_snapshot("run") is None
    if begin is prepared:
        server.ask("ROLLBACK PREPARED 'held'")
    postgresql.database.snapshot("run")


def test_the_way_back_waits_for_no_stranger(postgresql: Stood, server: Server) -> None:
    """R-7.2: what was not committed was acknowledged to nobody."""
    postgresql.database.snapshot("run")
    with server.connect("app", application_name="psql") as stranger:
        transaction(stranger)
        postgresql.database.swap_in("run")
        with pytest.raises(psycopg.OperationalError):
            stranger.execute("COMMIT")
    assert postgresql.notes() == {1: "one", 2: "two"}
    (ended,) = database_of(postgresql).ended
    assert "idle in transaction" in ended.command


def test_who_may_not_be_ended_is_named(postgresql: Stood, server: Server) -> None:
    """A superuser's session is only a superuser's to end; what it does cannot be seen either."""
    server.script(
        "CREATE ROLE keeper LOGIN CREATEDB PASSWORD 'x'; ALTER DATABASE app OWNER TO keeper"
    )
    database = server.database(user="keeper", password="x")
    with (
        server.connect("app", application_name="psql"),
        pytest.raises(ParomError, match=r"database\.held.*psql"),
    ):
        database.snapshot("run")
    database.snapshot("run")


def test_whoever_slipped_into_a_snapshot_does_not_hold_the_return_up(
    postgresql: Stood, server: Server
) -> None:
    """It is opened for a moment while Parom looks into it."""
    postgresql.database.snapshot("run")
    server.script("ALTER DATABASE app_parom_run ALLOW_CONNECTIONS true", "postgres")
    with server.connect("app_parom_run"):
        postgresql.database.swap_in("run")
    assert postgresql.database.live_id() == "run"


def test_limits_of_the_application_are_not_those_of_parom(
    postgresql: Stood, server: Server
) -> None:
    """A team that ends its own slow statements has not meant the copy of a database."""
    server.script("CREATE SCHEMA own; CREATE TABLE own.django_migrations (id int)")
    server.script(
        "ALTER DATABASE app SET statement_timeout TO 50;"
        "ALTER DATABASE app SET default_transaction_read_only TO on;"
        "ALTER DATABASE app SET search_path TO own;"
        "ALTER ROLE postgres SET statement_timeout TO 50",
        "postgres",
    )
    with server.connect("app") as connection, pytest.raises(psycopg.errors.QueryCanceled):
        connection.execute("SELECT pg_sleep(10)")
    try:
        database = postgresql.database
        for name in ("app", "postgres"):
            with opened(server.access(), name) as connection:
                connection.execute("SELECT pg_sleep(0.1)")
        database.snapshot("run")
        database.install_capture("run")
        assert database.applied_count() == 0
        database.copy_online(postgresql.top / "copy")
        database.check_copy(postgresql.top / "copy", thorough=True)
        database.swap_in("run")
        database.put_away()
        database.put_back(postgresql.top / "copy")
    finally:
        with server.connect(options="-c statement_timeout=0") as connection:
            connection.execute("ALTER ROLE postgres RESET statement_timeout")
