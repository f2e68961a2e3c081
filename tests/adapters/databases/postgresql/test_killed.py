"""Parom is killed while the server works for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from parom.adapters.databases.postgresql import opening
from tests.adapters.databases.conftest import Stood
from tests.adapters.databases.postgresql.apart import doing
from tests.adapters.databases.postgresql.server import Server
from tests.support.waiting import wait_until


def is_running(server: Server, pattern: str) -> bool:
    asking = "SELECT 1 FROM pg_stat_activity WHERE query LIKE %s AND state = 'active'"
    return bool(server.admin.execute(asking, (f"{pattern}%",)).fetchall())


def test_a_copy_that_outlives_its_parom_is_waited_for(postgresql: Stood, server: Server) -> None:
    """The server goes on with CREATE DATABASE, and what it makes then must not be counted."""
    with server.connect() as stranger:
        stranger.execute("BEGIN; COMMENT ON DATABASE app IS 'held up'")
        with doing(server, "snapshot", "run") as parom:
            wait_until(lambda: is_running(server, "CREATE DATABASE"), "the copy")
            parom.kill()
            parom.wait()
        stranger.execute("ROLLBACK")
    taken = postgresql.database.snapshot("run")
    assert postgresql.database.find_snapshot("run") == taken
    assert postgresql.database.stale(frozenset({"run"})) == ()
    names = server.ask("SELECT datname FROM pg_database WHERE datname ~ 'part'", name="postgres")
    assert names == []


def test_what_a_proof_left_is_gone_with_the_next_clearing(
    postgresql: Stood, server: Server, tmp_path: Path
) -> None:
    """It is as large as the production, and was killed before there was anything to see."""
    database, archive = postgresql.database, tmp_path / "copy"
    database.copy_online(archive)
    left = "SELECT datname FROM pg_database WHERE datname ~ 'scratch'"
    with server.connect() as stranger:
        stranger.execute("BEGIN; COMMENT ON DATABASE template0 IS 'held up'")
        with doing(server, "check_copy", str(archive)) as parom:
            wait_until(lambda: is_running(server, "CREATE DATABASE"), "the proof")
            parom.kill()
            parom.wait()
        assert server.admin.execute(left).fetchall() == []
        stranger.execute("ROLLBACK")
    database.end_rehearsal()
    assert server.admin.execute(left).fetchall() == []


def test_a_proof_under_way_is_left_alone(
    postgresql: Stood, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody verifies a backup by hand while a deployment goes back."""
    database, archive = postgresql.database, tmp_path / "copy"
    database.copy_online(archive)
    monkeypatch.setitem(opening._SETTINGS, "lock_timeout", "100ms")
    with server.connect() as stranger:
        stranger.execute("BEGIN; COMMENT ON DATABASE template0 IS 'held up'")
        with doing(server, "check_copy", str(archive)) as parom:
            wait_until(lambda: is_running(server, "CREATE DATABASE"), "the proof")
            database.end_rehearsal()
            stranger.execute("ROLLBACK")
            assert parom.wait() == 0


def test_a_swap_is_gone_with_its_parom(postgresql: Stood, server: Server) -> None:
    """In its middle, with one of the two renamed: what keeps everybody out meanwhile is held by
    a session, and by nothing that stays."""
    database, before = postgresql.database, postgresql.database.live_id()
    database.snapshot("run")
    with server.connect() as stranger:
        stranger.execute("BEGIN; COMMENT ON DATABASE app_parom_run IS NULL")
        with doing(server, "swap_in", "run") as parom:
            renaming = 'ALTER DATABASE "app_parom_run" RENAME'
            wait_until(lambda: is_running(server, renaming), "the second rename")
            parom.kill()
            parom.wait()
        stranger.execute("ROLLBACK")
    postgresql.write(1, "everybody gets in")
    assert database.live_id() == before
    database.swap_in("run")
    assert (database.live_id(), postgresql.notes()) == ("run", {1: "one", 2: "two"})


def test_a_dump_ends_with_its_parom(postgresql: Stood, server: Server, tmp_path: Path) -> None:
    """It would keep its locks, and the next migration waiting."""
    dumping = "SELECT 1 FROM pg_stat_activity WHERE application_name = 'parom' AND datname = 'app'"
    with server.connect("app") as stranger:
        stranger.execute("BEGIN; LOCK TABLE note")
        with doing(server, "copy_online", str(tmp_path / "copy")) as parom:
            wait_until(lambda: is_running(server, "LOCK TABLE"), "the dump")
            parom.kill()
            parom.wait()
            stranger.execute("COMMIT")
            wait_until(lambda: not server.admin.execute(dumping).fetchall(), "its end")
    assert not (tmp_path / "copy").exists()
    postgresql.database.snapshot("run")
