"""A role that is no superuser gets along; what it lacks is said before anything is stopped."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from parom.adapters.databases.postgresql.database import PostgreSQLDatabase
from parom.adapters.databases.postgresql.programs import Programs
from parom.adapters.databases.postgresql.rights import check_version
from parom.errors import ParomError
from parom.errors.postgresql import not_ready
from parom.facts import DatabaseSettings
from parom.steps.named_database import refuse_other_database
from tests.adapters.databases.conftest import Stood
from tests.adapters.databases.postgresql.proxy import between
from tests.adapters.databases.postgresql.server import APP, Server

ROLE = """
CREATE ROLE keeper LOGIN CREATEDB PASSWORD 'x';
ALTER DATABASE app OWNER TO keeper; ALTER TABLE note OWNER TO keeper;
GRANT ALL ON SCHEMA public TO keeper
"""


def test_an_owner_who_may_make_databases_can_do_everything(
    postgresql: Stood, server: Server, tmp_path: Path
) -> None:
    """No superuser is needed, at a hosted server there is none."""
    server.script(ROLE)
    database = server.database(user="keeper", password="x")
    database.prepare_snapshot("run")
    database.copy_online(tmp_path / "copy")
    assert database.check_copy(tmp_path / "copy", thorough=True) == database.counts()
    before = database.live_id()
    database.snapshot("run")
    database.install_capture("run")
    postgresql.write(3, "new")
    assert [row.key for row in database.captured_rows()] == [{"id": 3}]
    assert [row.key for row in database.differing_rows("note", "run")] == [{"id": 3}]
    assert database.capture_gaps() == ()
    database.keep_ids("run")
    database.swap_in("run")
    database.swap_back("run")
    assert database.live_id() == before
    database.discard("run")
    database.put_away()
    database.put_back(tmp_path / "copy")
    assert postgresql.notes() == {1: "one", 2: "two"}


@pytest.mark.parametrize(
    ("statement", "grant"),
    [
        ("ALTER ROLE keeper NOCREATEDB", "ALTER ROLE keeper CREATEDB"),
        ("ALTER DATABASE app OWNER TO postgres", "ALTER DATABASE app OWNER TO keeper"),
    ],
)
def test_a_right_that_is_missing_is_said_with_its_grant(
    postgresql: Stood, server: Server, statement: str, grant: str
) -> None:
    """Before the stop: afterwards there would be no way back."""
    server.script(ROLE)
    server.script(statement)
    database = server.database(user="keeper", password="x")
    for refused in (database.prepare_snapshot, database.snapshot):
        with pytest.raises(ParomError, match=rf"database\.rights.*{grant}"):
            refused("run")
    server.script(grant)
    database.prepare_snapshot("run")


def test_a_member_who_may_not_become_the_owner_is_refused(
    postgresql: Stood, server: Server
) -> None:
    """The server refuses him too, but only when he gives the copy its owner, under the stop."""
    if server.admin.info.server_version < 16_00_00:
        pytest.skip("the server knows no such members before version 16")
    server.script(ROLE)
    server.script("CREATE ROLE boss; ALTER DATABASE app OWNER TO boss; GRANT boss TO keeper")
    database = server.database(user="keeper", password="x")
    database.prepare_snapshot("run")
    server.script("GRANT boss TO keeper WITH SET FALSE")
    with pytest.raises(ParomError, match=r"database\.rights.*ALTER DATABASE app OWNER TO keeper"):
        database.prepare_snapshot("run")


def test_settings_that_cannot_be_given_to_a_copy_are_a_refusal(
    postgresql: Stood, server: Server
) -> None:
    """A return would change what a role finds set; nothing is left of the attempt."""
    server.script(ROLE)
    server.script("CREATE ROLE other; ALTER ROLE other IN DATABASE app SET work_mem TO '5MB'")
    database = server.database(user="keeper", password="x")
    with pytest.raises(ParomError, match=r"database\.settings-not-kept"):
        database.snapshot("run")
    assert database.stale(frozenset()) == ()
    assert postgresql.notes() == {1: "one", 2: "two"}


def test_logical_replication_is_a_refusal_by_name(postgresql: Stood, server: Server) -> None:
    """A slot belongs to one database by its number, and would go on with the wrong one."""
    server.ask("SELECT pg_create_logical_replication_slot('feed', 'test_decoding')")
    try:
        with pytest.raises(ParomError, match=r"database\.replicated.*feed"):
            postgresql.database.prepare_snapshot("run")
    finally:
        server.ask("SELECT pg_drop_replication_slot('feed')")
    postgresql.database.prepare_snapshot("run")


def test_a_collation_of_another_version_is_a_refusal(postgresql: Stood, server: Server) -> None:
    """The server refuses it too, but only under the stop."""
    if server.admin.info.server_version < 15_00_00:
        pytest.skip("the server does not look at it before version 15")
    server.script("UPDATE pg_database SET datcollversion = '0' WHERE datname = 'app'", "postgres")
    with pytest.raises(ParomError, match=r"database\.collation"):
        postgresql.database.prepare_snapshot("run")


def test_a_database_without_an_encoding_is_a_refusal(server: Server) -> None:
    """Django asks for UTF8 and works without; what a text says could not be listed."""
    server.forget()
    server.admin.execute(f"CREATE DATABASE {APP} TEMPLATE template0 ENCODING SQL_ASCII")
    try:
        with pytest.raises(ParomError, match=r"database\.encoding"):
            server.database().prepare_snapshot("run")
        assert [one.id for one in server.database().obstacles()] == ["database.encoding"]
    finally:
        server.forget()


def test_a_pooler_in_front_is_found_out(postgresql: Stood, server: Server) -> None:
    """It gives out numbers of its own, and would go on using connections to what was renamed."""

    def pooled(data: bytes) -> bytes:
        place = data.find(b"K\x00\x00\x00\x0c")
        return data if place < 0 else data[: place + 5] + b"\x7f\x00\x00\x01" + data[place + 9 :]

    with between(server.port) as proxy:
        proxy.alter = pooled
        database = PostgreSQLDatabase(server.access(port=proxy.port))
        with pytest.raises(ParomError, match=r"database\.pooled"):
            database.snapshot("run")
        assert database.counts() == postgresql.database.counts()


def test_a_server_that_is_not_there_is_said(server: Server) -> None:
    """Without the password, which libpq does not repeat either."""
    with pytest.raises(ParomError, match=r"database\.unreachable") as caught:
        PostgreSQLDatabase(server.access(port=1)).facts()
    assert "canary" not in str(caught.value)
    with pytest.raises(ParomError, match=r"database\.unreachable"):
        PostgreSQLDatabase(server.access(password="wrong")).exists()


def test_everything_in_the_way_is_listed_at_once(postgresql: Stood, server: Server) -> None:
    """Whoever has to ask an administrator asks once."""
    server.script(ROLE)
    server.script("ALTER ROLE keeper NOCREATEDB; ALTER DATABASE app OWNER TO postgres")
    database = PostgreSQLDatabase(
        server.access(user="keeper", password="x"), Programs(server.folder / "nowhere")
    )
    found = [one.id for one in database.obstacles()]
    assert found == ["database.rights"] * 2 + ["database.no-program"] * 2
    refusal = not_ready(database.obstacles())
    assert refusal.id == "database.not-ready"
    assert "ALTER ROLE keeper CREATEDB" in refusal.fact
    assert "ALTER DATABASE app OWNER TO keeper" in refusal.fact
    assert postgresql.database.obstacles() == ()


def test_a_database_that_is_not_there_is_said_with_how_to_make_it(server: Server) -> None:
    """Not as a server that does not answer."""
    server.forget()
    (found,) = server.database().obstacles()
    assert found.id == "database.absent"
    assert "CREATE DATABASE app OWNER postgres" in found.cure


def test_what_is_known_of_the_server_is_what_its_role_may(
    postgresql: Stood, server: Server
) -> None:
    """The gates judge it."""
    server.script(ROLE)
    known = server.database(user="keeper", password="x").server()
    assert (known.role, known.ends_sessions, known.by_socket) == ("keeper", False, False)
    assert known.size_bytes > 0
    assert replace(server.access(), host="/run/postgresql").by_socket
    assert replace(server.access(), host="").by_socket
    own = postgresql.database.server()
    assert own is not None
    assert own.ends_sessions


def test_a_server_that_is_too_old_is_refused() -> None:
    """Before anything is tried that it does not know."""
    check_version(13_00_00)
    with pytest.raises(ParomError, match=r"database\.too-old.*PostgreSQL 12;"):
        check_version(12_00_22)


def test_a_maintenance_database_that_is_closed_is_not_a_server_that_is_down(
    postgresql: Stood, server: Server
) -> None:
    """Its cure is another one: a right, or another database to rename from."""
    server.script(ROLE)
    server.admin.execute("REVOKE CONNECT ON DATABASE postgres FROM PUBLIC")
    try:
        (found,) = server.database(user="keeper", password="x").obstacles()
        assert found.id == "database.no-maintenance"
        own = server.database(user="keeper", password="x", maintenance="template1")
        assert "database.no-maintenance" not in [one.id for one in own.obstacles()]
    finally:
        server.admin.execute("GRANT CONNECT ON DATABASE postgres TO PUBLIC")
    with pytest.raises(ParomError, match=r"database\.unreachable"):
        server.database(user="keeper", password="wrong").obstacles()


def test_who_may_not_see_others_is_told_so(postgresql: Stood, server: Server) -> None:
    """Their address is hidden as well: nobody is said to come from the server's machine."""
    server.script(ROLE)
    with server.connect("app", application_name="psql"):
        (found,) = server.database(user="keeper", password="x").holders(frozenset())
        assert found.command == "psql; what it does may not be seen"


def test_settings_that_mean_another_server_are_told_with_both(
    postgresql: Stood, server: Server
) -> None:
    """The databases' names alone would be the same."""
    here = DatabaseSettings("django.db.backends.postgresql", "app", "localhost", str(server.port))
    refuse_other_database(postgresql.database, here, Path())
    with pytest.raises(ParomError, match=r"release\.other-database") as caught:
        refuse_other_database(postgresql.database, replace(here, host="elsewhere"), Path())
    assert f"elsewhere:{server.port}" in caught.value.fact
    assert f"127.0.0.1:{server.port}/app" in caught.value.fact
