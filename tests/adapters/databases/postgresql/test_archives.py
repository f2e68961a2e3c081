"""Archives: whole, proven, put back with all that belongs to a database; no secret beside them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from parom.adapters.databases.postgresql import programs, versions
from parom.adapters.databases.postgresql.database import PostgreSQLDatabase
from parom.adapters.databases.postgresql.programs import Programs
from parom.errors import ParomError
from tests.adapters.databases.conftest import Stood
from tests.adapters.databases.postgresql.server import Server
from tests.adapters.databases.postgresql.test_capture import SCHEMA
from tests.adapters.databases.postgresql.test_swap import properties


def test_the_password_is_no_argument_and_in_no_environment(
    postgresql: Stood, server: Server, tmp_path: Path
) -> None:
    """Both are seen by others, and written down by whatever reports a crash."""
    folder, seen = tmp_path / "bin", tmp_path / "seen"
    folder.mkdir()
    script = folder / "pg_dump"
    script.write_text(
        "#!/bin/sh\n"
        f'if [ "$1" != --version ]; then (echo "$@"; env; stat -c %a "$PGPASSFILE") > {seen}; fi\n'
        f'exec {server.programs}/pg_dump "$@"\n'
    )
    script.chmod(0o755)
    database = PostgreSQLDatabase(server.access(), Programs(folder))
    database.copy_online(tmp_path / "copy")
    told = seen.read_text()
    assert "canary" not in told
    assert "PGHOST=127.0.0.1" in told
    assert told.endswith("600\n")
    (passed,) = [line for line in told.splitlines() if line.startswith("PGPASSFILE=")]
    assert not Path(passed.partition("=")[2]).exists()
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600
    assert "canary" not in repr(server.access())


def test_half_an_archive_is_damaged(postgresql: Stood, tmp_path: Path) -> None:
    """A disk that was full, a download that broke off."""
    postgresql.database.copy_online(tmp_path / "copy")
    whole = (tmp_path / "copy").read_bytes()
    for kept in (0.3, 0.6, 0.95):
        (tmp_path / "copy").write_bytes(whole[: int(len(whole) * kept)])
        with pytest.raises(ParomError, match=r"database\.damaged"):
            postgresql.database.check_copy(tmp_path / "copy")
    assert postgresql.database.stale(frozenset()) == ()


def test_thorough_finds_what_constraints_forbid(
    postgresql: Stood, server: Server, tmp_path: Path
) -> None:
    """Such an archive cannot be restored on the day on which it is needed."""
    server.script("CREATE TABLE child (id int PRIMARY KEY, note bigint REFERENCES note)")
    server.script("SET session_replication_role = replica; INSERT INTO child VALUES (1, 99)")
    postgresql.database.copy_online(tmp_path / "copy")
    counts = postgresql.database.counts()
    assert postgresql.database.check_copy(tmp_path / "copy") == counts
    with pytest.raises(ParomError, match=r"database\.not-restored.*foreign key") as found:
        postgresql.database.check_copy(tmp_path / "copy", thorough=True)
    assert "99" not in str(found.value)
    assert postgresql.database.stale(frozenset()) == ()


def test_an_archive_with_a_capture_in_it_can_be_restored(
    postgresql: Stood, server: Server, tmp_path: Path
) -> None:
    """The capture of a deployment before is in the backup of the next one. What its conditions
    compare is found there too: also keys of types that an extension made."""
    server.script(SCHEMA)
    server.script(
        "CREATE EXTENSION citext; CREATE TABLE tag (name citext PRIMARY KEY, v int);"
        "CREATE DOMAIN number AS int; CREATE TABLE counted (id number PRIMARY KEY, v int);"
        "CREATE TABLE kinds (a varchar(9), b uuid, c date, d numeric, e bytea, f char(3), g bool,"
        " PRIMARY KEY (a, b, c, d, e, f, g));"
        "CREATE TABLE small (id smallint PRIMARY KEY); INSERT INTO tag VALUES ('Abc', 1)"
    )
    postgresql.database.install_capture("run")
    server.script("UPDATE tag SET name = 'ABC'; INSERT INTO counted VALUES (1, 1)")
    counts = postgresql.database.copy_online(tmp_path / "copy")
    assert postgresql.database.check_copy(tmp_path / "copy", thorough=True) == counts


def test_who_gives_a_dump_up_leaves_nothing(postgresql: Stood, tmp_path: Path) -> None:
    """An abort during the backup."""

    def gives_up(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        postgresql.database.copy_online(tmp_path / "copy", gives_up)
    assert list(tmp_path.iterdir()) == []


OWNED = """
CREATE ROLE keeper; CREATE ROLE reader;
ALTER DATABASE app OWNER TO keeper;
GRANT CONNECT ON DATABASE app TO reader;
ALTER DATABASE app SET work_mem TO '7MB';
COMMENT ON DATABASE app IS 'of the team';
ALTER TABLE note OWNER TO keeper; GRANT SELECT ON note TO reader
"""
TABLE = "SELECT relowner::regrole::text, relacl::text FROM pg_class WHERE relname = 'note'"


def test_a_database_that_is_gone_comes_back_with_all_that_was_its_own(
    postgresql: Stood, server: Server, tmp_path: Path
) -> None:
    """After a disaster: owner, grants, settings, comment, and statistics for the planner."""
    server.script(OWNED)
    before, table = properties(server), server.ask(TABLE)
    postgresql.database.copy_online(tmp_path / "copy")
    server.script("DROP DATABASE app", "postgres")
    postgresql.database.put_back(tmp_path / "copy")
    assert (properties(server), server.ask(TABLE)) == (before, table)
    assert postgresql.notes() == {1: "one", 2: "two"}
    assert server.ask("SELECT count(*) FROM pg_stats WHERE tablename = 'note'") == [(2,)]


def test_an_empty_database_that_was_made_ready_keeps_its_settings(
    postgresql: Stood, server: Server, tmp_path: Path
) -> None:
    """On a new machine somebody makes role and database first, as they are to be there."""
    postgresql.database.copy_online(tmp_path / "copy")
    server.script("DROP DATABASE app", "postgres")
    server.script("CREATE ROLE keeper", "postgres")
    server.script("CREATE DATABASE app OWNER keeper CONNECTION LIMIT 9", "postgres")
    before = properties(server)
    postgresql.database.put_back(tmp_path / "copy")
    assert properties(server)[:5] == before[:5]
    assert postgresql.notes() == {1: "one", 2: "two"}


def test_a_restore_that_was_cut_off_is_done_again(
    postgresql: Stood, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before the restored one is live, and after it is: there is one, and whole."""
    copy = tmp_path / "copy"
    postgresql.database.copy_online(copy)
    server.script("DROP DATABASE app", "postgres")
    with monkeypatch.context() as patched:
        patched.setattr(versions, "make_live", _cut_off)
        with pytest.raises(KeyboardInterrupt):
            postgresql.database.put_back(copy)
    assert not postgresql.database.exists()
    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", _cut_off)
        with pytest.raises(KeyboardInterrupt):
            postgresql.database.put_back(copy)
    assert copy.exists()
    postgresql.write(3, "let in already")
    postgresql.database.put_back(copy)
    assert not copy.exists()
    assert postgresql.notes() == {1: "one", 2: "two", 3: "let in already"}


def test_what_was_live_once_survives_another_restore(
    postgresql: Stood, server: Server, tmp_path: Path
) -> None:
    """Of the same archive, after somebody had put the first one away: users wrote to it."""
    copy = tmp_path / "copy"
    for text in ("first", "second"):
        if not copy.exists():
            postgresql.database.copy_online(copy)
        kept = copy.read_bytes()
        postgresql.database.put_away()
        postgresql.database.put_back(copy)
        postgresql.write(1, text)
        copy.write_bytes(kept)
    before = {one for one in postgresql.database.stale(frozenset()) if "restored" in one}
    assert len(before) == 1
    postgresql.database.swap_in(before.pop())
    assert postgresql.notes() == {1: "first", 2: "two"}


def _cut_off(*_given: object, **_named: object) -> None:
    raise KeyboardInterrupt


def stand_in(folder: Path, version: str) -> None:
    folder.mkdir(parents=True)
    script = folder / "pg_dump"
    script.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n")
    script.chmod(0o755)


def test_the_program_next_to_the_server_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer one writes settings that an older server refuses; an older one is refused by it."""
    for version in ("14.2", "17.1", "16.3"):
        stand_in(tmp_path / version / "bin", version)
    monkeypatch.setenv("PATH", str(tmp_path / "17.1" / "bin"))
    monkeypatch.setattr(programs, "_USUAL", (str(tmp_path / "*" / "bin"),))
    assert Programs().path_of("pg_dump", 14).parts[-3] == "14.2"
    assert Programs().path_of("pg_dump", 15).parts[-3] == "16.3"
    assert Programs().path_of("pg_dump", 17).parts[-3] == "17.1"


def test_a_program_that_is_missing_or_too_old_is_said(tmp_path: Path) -> None:
    """With what was found, so that nobody has to guess."""
    with pytest.raises(ParomError, match=r"database\.no-program.*found: none"):
        Programs(tmp_path / "nowhere").path_of("pg_dump", 15)
    stand_in(tmp_path / "old", "12.9")
    with pytest.raises(ParomError, match=r"database\.no-program.*old/pg_dump \(12\)"):
        Programs(tmp_path / "old").path_of("pg_dump", 15)
