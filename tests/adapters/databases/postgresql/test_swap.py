"""The swap: one of two states at every instant, and nothing of a database lost by it."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg import sql

from parom.adapters.databases.postgresql import statements, versions
from parom.adapters.databases.postgresql.database import PostgreSQLDatabase
from parom.adapters.databases.postgresql.settings import settings_of
from parom.errors import ParomError
from tests.adapters.databases.conftest import Stood
from tests.adapters.databases.postgresql.proxy import between
from tests.adapters.databases.postgresql.server import APP, Server

OLD, NEW = {1: "one", 2: "two"}, {1: "new", 2: "two"}
DIE = sql.SQL("SELECT pg_terminate_backend(pg_backend_pid())")
PROPERTIES = """
SELECT pg_get_userbyid(datdba), datconnlimit, datallowconn,
 (SELECT array_agg((grantee::regrole::text, privilege_type, is_grantable)::text
   ORDER BY grantee::regrole::text, privilege_type)
  FROM aclexplode(datacl)),
 (SELECT array_agg((coalesce(r.rolname, '-'), s.setconfig)::text ORDER BY r.rolname)
  FROM pg_db_role_setting s LEFT JOIN pg_roles r ON r.oid = s.setrole WHERE setdatabase = d.oid),
 split_part(shobj_description(d.oid, 'pg_database'), E'\\n[parom', 1)
FROM pg_database d WHERE datname = 'app'
"""
_ICU = "SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu'"


@pytest.fixture
def changed(postgresql: Stood) -> Stood:
    """What the newer release wrote is live, and a snapshot of before is there."""
    postgresql.database.make_ready()
    postgresql.database.snapshot("run")
    postgresql.write(1, "new")
    return postgresql


def properties(server: Server) -> tuple[Any, ...]:
    (found,) = server.ask(PROPERTIES, name="postgres")
    return found


def test_owner_grants_settings_and_comment_come_back(postgresql: Stood, server: Server) -> None:
    """They are the server's and not the files': a template copy has none of them."""
    server.script(
        """
        CREATE ROLE "An owner"; CREATE ROLE reader; CREATE ROLE lender;
        ALTER DATABASE app OWNER TO "An owner";
        ALTER DATABASE app CONNECTION LIMIT 17;
        REVOKE CONNECT ON DATABASE app FROM PUBLIC;
        GRANT CONNECT ON DATABASE app TO reader;
        GRANT CREATE, CONNECT ON DATABASE app TO lender WITH GRANT OPTION;
        ALTER DATABASE app SET search_path TO "$user", public, "odd ""name, of one";
        ALTER DATABASE app SET application_name TO 'it''s, one';
        ALTER DATABASE app SET my.setting TO 'x';
        ALTER ROLE reader IN DATABASE app SET work_mem TO '5MB';
        COMMENT ON DATABASE app IS E'of two\nlines';
        """
    )
    before = properties(server)
    assert before[3] is not None
    assert before[5] == "of two\nlines"
    database = postgresql.database
    database.snapshot("run")
    server.script("ALTER DATABASE app RESET ALL; COMMENT ON DATABASE app IS 'another'")
    replaced = database.live_id()
    database.swap_in("run")
    assert properties(server) == before
    database.swap_back("run")
    assert (database.live_id(), properties(server)[5]) == (replaced, "another")
    database.swap_in("run")
    assert properties(server) == before


def test_the_planner_knows_the_tables_at_once(postgresql: Stood, server: Server) -> None:
    """A return must not begin with minutes of slow queries."""
    server.script("ANALYZE")
    postgresql.database.snapshot("run")
    postgresql.database.swap_in("run")
    assert server.ask("SELECT count(*) FROM pg_stats WHERE tablename = 'note'") == [(2,)]


def test_nobody_gets_into_what_is_not_live(changed: Stood, server: Server) -> None:
    """By its name an old service would write where nobody looks any more."""
    replaced = changed.database.live_id()
    changed.database.swap_in("run")
    with pytest.raises(psycopg.OperationalError, match="not currently accepting"):
        server.connect(f"app_parom_{replaced}")
    changed.database.swap_back("run")
    with pytest.raises(psycopg.OperationalError, match="not currently accepting"):
        server.connect("app_parom_run")
    assert changed.notes() == NEW


def test_what_was_live_says_so_to_an_operator(changed: Stood, server: Server) -> None:
    """At three in the morning there is `psql -l` and its comments."""
    before = changed.database.live_id()
    changed.database.swap_in("run")
    asking = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'app'"
    ((comment,),) = server.ask(asking, name="postgres")
    assert '"id": "run"' in comment
    assert before in comment


STATEMENTS = 6
"""So many has a swap; each of them is tried."""


def killed_at(place: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let the server's process be ended right before the statement of this number; how many
    statements there were is added to what is returned."""
    whole, seen = statements.swap, list[int]()

    def cut_short(*given: Any) -> list[Any]:
        told = list(whole(*given))
        seen.append(len(told))
        return [*told[:place], DIE, *told[place:]]

    monkeypatch.setattr(statements, "swap", cut_short)
    return seen


def test_a_session_that_dies_in_the_swap_leaves_the_old_state(
    changed: Stood, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R-13.1: before each of its statements, and after the last one."""
    database, before = changed.database, changed.database.live_id()
    for place in range(STATEMENTS + 1):
        with monkeypatch.context() as patched:
            seen = killed_at(place, patched)
            with pytest.raises(ParomError, match=r"database\.unreachable"):
                database.swap_in("run")
        assert seen == [STATEMENTS]
        assert (database.live_id(), changed.notes()) == (before, NEW), place
        assert database.find_snapshot("run") is not None
    database.swap_in("run")
    assert (database.live_id(), changed.notes()) == ("run", OLD)
    database.swap_back("run")
    assert (database.live_id(), changed.notes()) == (before, NEW)


@pytest.mark.parametrize("statement", [b"RENAME TO", b"COMMENT ON", b"COMMIT"])
def test_a_lost_connection_is_followed_by_a_look(
    changed: Stood, server: Server, statement: bytes
) -> None:
    """Where the answer to COMMIT is lost, it is done; the name, the oid and the mark tell."""
    before = changed.database.live_id()
    with between(server.port) as proxy:
        database = PostgreSQLDatabase(server.access(port=proxy.port))
        proxy.cut_after = statement
        if statement == b"COMMIT":
            database.swap_in("run")
        else:
            with pytest.raises(ParomError, match=r"database\.unreachable"):
                database.swap_in("run")
        assert proxy.cut_after is None
    is_done = statement == b"COMMIT"
    assert changed.database.live_id() == ("run" if is_done else before)
    assert changed.notes() == (OLD if is_done else NEW)


def test_a_snapshot_counts_only_with_its_settings(
    postgresql: Stood, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a copy under the name of a whole one would be swapped in one day."""
    whole, database = settings_of, postgresql.database
    for place in (0, 1, 2):

        def cut_short(*given: Any, place: int = place) -> list[Any]:
            told = list(whole(*given))
            return [*told[:place], DIE, *told[place:]]

        with monkeypatch.context() as patched:
            patched.setattr(versions, "settings_of", cut_short)
            with pytest.raises(ParomError, match=r"database\.unreachable"):
                database.snapshot("run")
        assert database.find_snapshot("run") is None
        assert database.stale(frozenset()) == ("run",)
    postgresql.write(1, "later, before it is repeated")
    database.snapshot("run")
    assert database.stale(frozenset({"run"})) == ()
    postgresql.write(1, "after")
    database.swap_in("run")
    assert postgresql.notes() == {1: "later, before it is repeated", 2: "two"}


def test_a_drop_that_was_cut_off_is_done_again(changed: Stood, server: Server) -> None:
    """The server leaves such a database there, invalid: it is no snapshot."""
    server.script(
        "UPDATE pg_database SET datconnlimit = -2 WHERE datname = 'app_parom_run'", "postgres"
    )
    assert changed.database.find_snapshot("run") is None
    assert changed.database.stale(frozenset()) == ("run",)
    changed.database.discard("run")
    assert changed.database.stale(frozenset()) == ()


def test_databases_of_others_are_never_stale(changed: Stood, server: Server) -> None:
    """Retention drops what is stale: a name alone proves nothing."""
    server.script("CREATE DATABASE app_parom_mine", "postgres")
    server.script("""COMMENT ON DATABASE app_parom_mine IS '[parom {"id": 1}]'""", "postgres")
    assert changed.database.stale(frozenset()) == ("run",)
    changed.database.discard("mine")
    assert server.ask("SELECT 1", name="app_parom_mine") == [(1,)]


@pytest.mark.parametrize(
    ("provider", "locale", "since"),
    [("icu", "ICU_LOCALE 'en'", 15), ("builtin", "BUILTIN_LOCALE 'C.UTF-8'", 17)],
)
def test_an_emptied_database_sorts_as_it_did(
    server: Server, provider: str, locale: str, since: int
) -> None:
    """Who compares texts in a database is chosen when it is made."""
    if server.admin.info.server_version < since * 10_000:
        pytest.skip(f"the server has no other than the C library's before version {since}")
    if provider == "icu" and not server.ask(_ICU, name="postgres"):
        pytest.skip("the server was built without ICU")
    made = f"CREATE DATABASE {APP} TEMPLATE template0 LOCALE_PROVIDER {provider} {locale}"
    server.admin.execute(made)
    try:
        before = sorting(server)
        server.database().put_away()
        assert sorting(server) == before
    finally:
        server.forget()


def sorting(server: Server) -> dict[str, object]:
    asking = f"SELECT to_jsonb(d) FROM pg_database d WHERE datname = '{APP}'"
    ((found,),) = server.ask(asking, name="postgres")
    return {
        name: found[name] for name in found if "loc" in name or "coll" in name or "ctype" in name
    }
