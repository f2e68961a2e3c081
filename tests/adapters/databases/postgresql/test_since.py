"""A row is noted once, and never too seldom: what its versions tell is not trusted too far."""

from __future__ import annotations

import psycopg
import pytest

from parom.adapters.databases.postgresql import since
from tests.adapters.databases.conftest import Stood
from tests.adapters.databases.postgresql.server import Server
from tests.adapters.databases.postgresql.test_capture import written

PARTED = """
CREATE TABLE parted (day int, id int, text text, PRIMARY KEY (day, id)) PARTITION BY RANGE (day);
CREATE TABLE parted_low PARTITION OF parted FOR VALUES FROM (0) TO (10);
INSERT INTO parted VALUES (1, 1, 'one'), (1, 2, 'two')
"""
"""Of such a table each write is noted, whatever versions tell on the server."""


@pytest.fixture(params=[True, False], ids=["looked-through", "noted-once"], autouse=True)
def is_looked(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether tables are looked through, as small ones are."""
    if not request.param:
        monkeypatch.setattr(since, "LOOKED_THROUGH", -1)
    return bool(request.param)


@pytest.fixture
def begun(postgresql: Stood, server: Server) -> Stood:
    """`note` with the rows 1, 2 and 5 when the capture begins."""
    server.script("INSERT INTO note VALUES (5, 'five'); CREATE TABLE word (name text PRIMARY KEY)")
    server.script("INSERT INTO word VALUES ('a')")
    postgresql.database.install_capture("run")
    return postgresql


def noted(server: Server, table: str = "note") -> int:
    asking = f"SELECT number FROM parom_capture.watched WHERE shown = '{table}'"
    ((number,),) = server.ask(asking)
    ((count,),) = server.ask(f"SELECT count(*) FROM parom_capture.notes_{number}")
    return int(count)


def versions_tell(server: Server) -> bool:
    """Before version 14 every write is noted, and each key once."""
    return server.admin.info.server_version >= 14_00_00


def changes(stood: Stood) -> list[tuple[object, ...]]:
    return [(operation, *key.values()) for _, operation, key, _ in written(stood)]


def test_a_row_is_noted_once(begun: Stood, server: Server) -> None:
    for text in "abc":
        server.ask("UPDATE note SET text = %s WHERE id = 1", text)
    server.script("DELETE FROM note WHERE id = 1; INSERT INTO word VALUES ('b')")
    server.script("UPDATE word SET name = name; DELETE FROM word WHERE name = 'b'")
    assert changes(begun) == [("delete", 1), ("update", "a")]
    assert (noted(server), noted(server, "word")) == (1, 2)


def test_a_row_above_all_others_needs_no_note(
    begun: Stood, server: Server, is_looked: bool
) -> None:
    server.script("INSERT INTO note VALUES (6, 'x'), (7, 'y'); UPDATE note SET text = 'z'")
    server.script("DELETE FROM note WHERE id = 7; INSERT INTO note VALUES (4, 'between')")
    assert changes(begun) == [
        ("insert", 4),
        ("insert", 6),
        ("update", 1),
        ("update", 2),
        ("update", 5),
    ]
    once = 1 if is_looked else 4
    assert noted(server) == (once if versions_tell(server) else 6)


def test_a_new_row_that_comes_down_is_noted(begun: Stood, server: Server) -> None:
    server.script("INSERT INTO note VALUES (9, 'x'); UPDATE note SET id = -3 WHERE id = 9")
    server.script("UPDATE note SET id = 8 WHERE id = 5")
    assert changes(begun) == [("delete", 5), ("insert", -3), ("insert", 8)]


@pytest.mark.parametrize(
    "rewriting",
    [
        "VACUUM FULL note",
        "ALTER TABLE note ALTER text TYPE varchar(50)",
        "ALTER TABLE note ADD added text DEFAULT gen_random_uuid()::text",
        "ALTER TABLE note SET UNLOGGED",
        "CLUSTER note USING note_pkey",
    ],
)
def test_versions_that_were_written_anew_tell_nothing(
    begun: Stood, server: Server, rewriting: str
) -> None:
    """They look like those of rows that were noted."""
    server.ask(rewriting)
    server.script("UPDATE note SET text = 'x' WHERE id = 1; DELETE FROM note WHERE id = 2")
    server.script("UPDATE note SET id = 3 WHERE id = 5")
    found = changes(begun)
    assert found == [("delete", 2), ("delete", 5), ("insert", 3), ("update", 1)]


def test_an_emptied_table_forgets_no_row(begun: Stood, server: Server) -> None:
    server.script("UPDATE note SET text = 'x' WHERE id = 1; TRUNCATE note")
    server.script("INSERT INTO note VALUES (2, 'again'), (3, 'new'); UPDATE note SET text = 'y'")
    server.script("DELETE FROM note WHERE id = 3; TRUNCATE note")
    assert [one for one in changes(begun) if one != ("delete", 3)] == [
        ("delete", 1),
        ("delete", 2),
        ("delete", 5),
    ]


def test_what_is_forgotten_is_noted_again(begun: Stood, server: Server) -> None:
    """What the checks wrote before opening is as good as what was always there."""
    server.script("UPDATE note SET text = 'by a check' WHERE id < 3; INSERT INTO word VALUES ('c')")
    server.script("INSERT INTO note VALUES (6, 'by a check'), (7, 'by a check')")
    begun.database.clear_capture()
    assert changes(begun) == []
    server.script("UPDATE note SET text = 'x' WHERE id IN (1, 6); DELETE FROM word")
    server.script("DELETE FROM note WHERE id IN (2, 7); INSERT INTO note VALUES (8, 'new')")
    assert changes(begun) == [
        ("delete", 2),
        ("delete", 7),
        ("insert", 8),
        ("update", 1),
        ("update", 6),
        ("delete", "a"),
        ("delete", "c"),
    ]


def test_a_table_that_somebody_writes_to_is_not_waited_for(begun: Stood, server: Server) -> None:
    """The public waits; what is not forgotten is listed, and what comes is noted."""
    server.script("UPDATE note SET text = 'by a check' WHERE id = 1; DELETE FROM word")
    with server.connect("app") as writer:
        writer.execute("BEGIN; UPDATE note SET text = 'x' WHERE id = 2")
        begun.database.clear_capture()
        writer.execute("COMMIT")
    assert changes(begun) == [("update", 1), ("update", 2)]


def test_who_writes_a_row_of_the_checks_meanwhile_is_not_forgotten(
    postgresql: Stood, server: Server
) -> None:
    """Where each write is noted there is one note for both: of what the check did."""
    server.script(PARTED)
    postgresql.database.install_capture("run")
    server.script("UPDATE parted SET text = 'by a check' WHERE id = 1")
    with server.connect("app") as writer:
        writer.execute("BEGIN; UPDATE parted SET text = 'x' WHERE id = 1")
        postgresql.database.clear_capture()
        writer.execute("COMMIT")
    assert changes(postgresql) == [("update", 1, 1)]
    postgresql.database.clear_capture()
    assert changes(postgresql) == []


def test_a_transaction_that_is_older_than_the_capture_is_noted(
    postgresql: Stood, server: Server
) -> None:
    """Its number is lower than those that count as new."""
    with server.connect("app") as older:
        older.execute("BEGIN")
        older.execute("SELECT pg_current_xact_id()")
        postgresql.database.install_capture("run")
        older.execute("UPDATE note SET text = 'x' WHERE id = 1")
        older.execute("INSERT INTO note VALUES (0, 'y'), (9, 'z')")
        older.execute("COMMIT")
    server.ask("DELETE FROM note WHERE id IN (0, 1)")
    assert changes(postgresql) == [("delete", 1), ("insert", 9)]


def test_a_writer_who_gave_up_leaves_the_row_to_the_next(begun: Stood, server: Server) -> None:
    server.script("BEGIN; UPDATE note SET text = 'x' WHERE id = 1; ROLLBACK")
    server.script(
        "BEGIN; SAVEPOINT a; UPDATE note SET text = 'x' WHERE id = 2; ROLLBACK TO a;"
        " UPDATE note SET text = 'y' WHERE id = 2; COMMIT"
    )
    assert changes(begun) == [("update", 2)]
    server.script("UPDATE note SET text = 'z' WHERE id = 1")
    assert changes(begun) == [("update", 1), ("update", 2)]


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("float8", "1", "1.00000000000001"),
        ("float8[]", "{1}", "{1.00000000000001}"),
        # Twice the same hour: the clocks were put back.
        ("timestamptz", "2014-10-25 21:30:00+00", "2014-10-25 22:30:00+00"),
    ],
)
def test_a_key_that_moves_by_less_than_a_session_sees_is_noted(
    postgresql: Stood, server: Server, kind: str, old: str, new: str
) -> None:
    server.script(f"CREATE TABLE measured (at {kind} PRIMARY KEY, v int)")
    server.script(f"INSERT INTO measured VALUES ('{old}')")
    postgresql.database.install_capture("run")
    server.script(
        "SET extra_float_digits = -10; SET DateStyle = 'SQL'; SET TimeZone = 'Europe/Moscow';"
        f" UPDATE measured SET v = 1; COMMIT; UPDATE measured SET at = '{new}'"
    )
    found = [(operation, str(*key.values())) for _, operation, key, _ in written(postgresql)]
    assert found == [("delete", old if kind != "float8" else "1.0"), ("insert", new)]


def test_an_empty_table_is_noted_from_its_first_row(postgresql: Stood, server: Server) -> None:
    server.script("DELETE FROM note")
    postgresql.database.install_capture("run")
    server.script("INSERT INTO note VALUES (1, 'x'), (-9223372036854775808, 'the lowest')")
    server.script("UPDATE note SET text = 'y'")
    assert changes(postgresql) == [("insert", -9223372036854775808), ("insert", 1)]


def test_that_somebody_migrated_is_noted_always(postgresql: Stood, server: Server) -> None:
    """Forth and back leaves nothing behind; the tables may be others all the same."""
    postgresql.note_migrations(2)
    postgresql.database.install_capture("run")
    server.script("INSERT INTO django_migrations (name) VALUES ('y')")
    server.script("DELETE FROM django_migrations WHERE name = 'y'")
    assert changes(postgresql) == []
    assert noted(server, "django_migrations") == 1


def test_another_type_of_a_key_is_refused_by_the_server(begun: Stood, server: Server) -> None:
    """The conditions of the triggers stand in its way; the notes are whole."""
    with pytest.raises(psycopg.errors.FeatureNotSupported, match="parom_capture"):
        server.ask("ALTER TABLE note ALTER id TYPE int")
    assert begun.database.capture_gaps() == ()


def test_nor_is_it_given_where_each_write_is_noted(postgresql: Stood, server: Server) -> None:
    """The public's writes would be refused, and nobody could compare the notes with the rows."""
    server.script(PARTED)
    postgresql.database.install_capture("run")
    with pytest.raises(psycopg.errors.FeatureNotSupported, match="parom_capture"):
        server.ask("ALTER TABLE parted ALTER id TYPE bigint")


def test_a_key_whose_value_has_an_empty_part_is_noted(postgresql: Stood, server: Server) -> None:
    server.script(
        "CREATE TYPE pair AS (a int, b int); CREATE TABLE paired (id pair PRIMARY KEY, day int)"
        " PARTITION BY RANGE (id); CREATE TABLE paired_all PARTITION OF paired DEFAULT;"
        " INSERT INTO paired VALUES ('(1,)', 1)"
    )
    postgresql.database.install_capture("run")
    server.script("DELETE FROM paired")
    assert changes(postgresql) == [("delete", "(1,)")]


@pytest.mark.parametrize("change", ["DROP TABLE {}", "ALTER TABLE {} DROP looked"])
def test_what_another_parom_noted_is_not_read(begun: Stood, server: Server, change: str) -> None:
    """All is compared with the snapshot then."""
    server.script(change.format("parom_capture.watched"))
    assert begun.database.capture_installed()
    assert set(begun.database.capture_gaps()) == {"note", "word"}
    assert list(begun.database.captured_rows()) == []
    begun.database.install_capture("the next")
    assert begun.database.capture_gaps() == ()


def test_who_still_sees_notes_that_are_forgotten_notes_what_he_deletes(
    begun: Stood, server: Server
) -> None:
    """By those the row would be new, and its deletion nothing."""
    server.script("INSERT INTO note VALUES (3, 'by a check')")
    with server.connect("app") as older:
        older.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM pg_class")
        begun.database.clear_capture()
        assert changes(begun) == []
        older.execute("DELETE FROM note WHERE id = 3; COMMIT")
    assert changes(begun) == [("delete", 3)]


EMPTIED = """
CREATE TABLE keyless (v int); CREATE TABLE parted (id int PRIMARY KEY) PARTITION BY RANGE (id);
CREATE TABLE parted_low PARTITION OF parted FOR VALUES FROM (0) TO (10)
"""


def test_who_empties_a_table_and_does_not_see_all_of_it_leaves_a_gap(
    postgresql: Stood, server: Server
) -> None:
    """TRUNCATE takes rows out that came after its transaction's instant."""
    server.script(EMPTIED)
    with server.connect("app") as older:
        older.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM pg_class")
        server.script("INSERT INTO note VALUES (9, 'x'); INSERT INTO parted VALUES (1)")
        server.script("INSERT INTO keyless VALUES (1)")
        postgresql.database.install_capture("run")
        assert postgresql.database.capture_gaps() == ()
        older.execute("TRUNCATE note, parted, keyless; COMMIT")
    assert postgresql.database.capture_gaps() == ("keyless", "note", "parted")
    postgresql.database.clear_capture()
    assert "note" not in postgresql.database.capture_gaps()


def test_who_empties_a_table_and_sees_its_beginning_leaves_none(
    begun: Stood, server: Server
) -> None:
    server.script("BEGIN ISOLATION LEVEL REPEATABLE READ; TRUNCATE note; COMMIT")
    assert begun.database.capture_gaps() == (() if versions_tell(server) else ("note",))
    assert changes(begun) == [("delete", 1), ("delete", 2), ("delete", 5)]


def test_notes_are_found_by_their_index_also_by_a_plan_from_when_there_were_none(
    begun: Stood, server: Server
) -> None:
    """Otherwise a statement that deletes many rows would read all notes for each of them."""
    server.script("INSERT INTO note SELECT n, 'x' FROM generate_series(10, 3000) n")
    begun.database.clear_capture()
    ((number,),) = server.ask("SELECT number FROM parom_capture.watched WHERE shown = 'note'")
    place = f"parom_capture.notes_{number}"
    server.ask(f"VACUUM ANALYZE {place}")
    with server.connect("app") as session:
        session.execute("BEGIN; DELETE FROM note")
        asking = "SELECT seq_tup_read FROM pg_stat_xact_all_tables WHERE relid = %s::regclass"
        assert session.execute(asking, (place,)).fetchall() == [(0,)]


def test_who_deletes_other_rows_at_the_same_time_is_not_refused(
    begun: Stood, server: Server
) -> None:
    """Whoever reads notes would seem to depend on those that others write."""
    server.script("INSERT INTO note SELECT n, 'x' FROM generate_series(10, 9000) n; ANALYZE note")
    begun.database.clear_capture()
    with server.connect("app") as one, server.connect("app") as other:
        one.execute("BEGIN ISOLATION LEVEL SERIALIZABLE; DELETE FROM note WHERE id = 10")
        other.execute("BEGIN ISOLATION LEVEL SERIALIZABLE; DELETE FROM note WHERE id = 8000")
        one.execute("DELETE FROM note WHERE id = 11; COMMIT")
        other.execute("COMMIT")
    assert changes(begun) == [("delete", 10), ("delete", 11), ("delete", 8000)]


def test_tables_of_a_publication_can_be_forgotten(postgresql: Stood, server: Server) -> None:
    """The capture's own are published too, and have no key."""
    server.script("CREATE PUBLICATION every FOR ALL TABLES; CREATE TABLE keyless (v int)")
    server.script("ALTER TABLE keyless REPLICA IDENTITY FULL")
    postgresql.database.install_capture("run")
    server.script("DELETE FROM note WHERE id = 1; INSERT INTO keyless VALUES (1)")
    postgresql.database.clear_capture()
    assert written(postgresql) == []


def test_who_sees_what_the_checks_wrote_may_delete_it_later(begun: Stood, server: Server) -> None:
    """Their notes are forgotten, also where a transaction still sees them."""
    server.script("DELETE FROM note WHERE id = 2; INSERT INTO note VALUES (2, 'by a check')")
    with server.connect("app") as older:
        older.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM note")
        begun.database.clear_capture()
        assert changes(begun) == []
        older.execute("DELETE FROM note WHERE id = 2; COMMIT")
    assert changes(begun) == [("delete", 2)]


def test_whoever_writes_runs_no_operator_with_the_rights_of_the_notes(
    begun: Stood, server: Server
) -> None:
    """The triggers' functions may do what an owner may."""
    server.script(
        "CREATE ROLE guest LOGIN PASSWORD 'x'; CREATE SCHEMA guests AUTHORIZATION guest;"
        " GRANT SELECT, INSERT, UPDATE, DELETE ON note TO guest; SET ROLE guest;"
        " CREATE TABLE guests.who (name text); GRANT ALL ON guests.who TO public"
    )
    for kind in ('"char"', "integer", "bigint", "xid", "oid", "text"):
        server.script(
            f"SET ROLE guest; CREATE FUNCTION guests.is_so({kind}, {kind}) RETURNS bool LANGUAGE"
            " plpgsql AS $$ BEGIN INSERT INTO guests.who VALUES (current_user); RETURN true; END $$"
        )
        for sign in ("=", "<>", "<=", "<"):
            server.script(
                f"SET ROLE guest; CREATE OPERATOR guests.{sign} (LEFTARG = {kind},"
                f" RIGHTARG = {kind}, FUNCTION = guests.is_so)"
            )
    with server.connect("app", user="guest", password="x") as guest:
        guest.execute("SET search_path = guests, public, pg_catalog")
        guest.execute("INSERT INTO note VALUES (3, 'x')")
        guest.execute("UPDATE note SET id = id + 10")
        guest.execute("DELETE FROM note")
    assert server.ask("SELECT name FROM guests.who") == []
    server.script("DROP OWNED BY guest; DROP ROLE guest")


MOVING = """
CREATE FUNCTION moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN NEW.id := NEW.id + 20; RETURN NEW; END $$;
CREATE TRIGGER moving BEFORE UPDATE ON note FOR EACH ROW EXECUTE FUNCTION moves()
"""


def test_a_key_that_a_trigger_moves_is_noted(postgresql: Stood, server: Server) -> None:
    """The statement names other columns."""
    server.script(MOVING)
    postgresql.database.install_capture("run")
    server.script("UPDATE note SET text = 'x' WHERE id = 1")
    assert postgresql.database.capture_gaps() == ()
    assert changes(postgresql) == [("delete", 1), ("insert", 21)]


def test_a_table_that_gets_such_a_trigger_meanwhile_is_compared(
    begun: Stood, server: Server, is_looked: bool
) -> None:
    server.script(MOVING)
    server.script("UPDATE note SET text = 'x' WHERE id = 1")
    looked = is_looked and versions_tell(server)
    assert begun.database.capture_gaps() == (("note",) if looked else ())


def test_a_key_that_is_generated_is_noted_when_it_moves(postgresql: Stood, server: Server) -> None:
    server.script(
        "CREATE TABLE made (v int, id int GENERATED ALWAYS AS (v * 2) STORED PRIMARY KEY)"
    )
    server.script("INSERT INTO made VALUES (1), (5)")
    postgresql.database.install_capture("run")
    server.script("UPDATE made SET v = 3 WHERE v = 1")
    assert changes(postgresql) == [("delete", 2), ("insert", 6)]
