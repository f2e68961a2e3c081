"""Tables that the capture did not see are found, and compared with the snapshot."""

from __future__ import annotations

import pytest

from parom.errors import ParomError
from parom.replay.changes import Changes
from tests.adapters.databases.conftest import Stood
from tests.adapters.databases.postgresql.server import Server

SCHEMA = """
CREATE TABLE plain (id int PRIMARY KEY, v text);
CREATE TABLE keyless (a int, b text);
CREATE TABLE days (day int, v int) PARTITION BY RANGE (day);
CREATE TABLE days_low PARTITION OF days FOR VALUES FROM (0) TO (10);
CREATE TABLE ancestor (id int PRIMARY KEY); CREATE TABLE heir (v int) INHERITS (ancestor);
CREATE TABLE one (id int PRIMARY KEY); CREATE TABLE two (id int PRIMARY KEY);
CREATE TABLE three (id int PRIMARY KEY); CREATE TABLE four (id int PRIMARY KEY);
CREATE TABLE hours (day int, v int) PARTITION BY RANGE (day);
CREATE TABLE hours_low PARTITION OF hours FOR VALUES FROM (0) TO (10);
CREATE TABLE weeks (day int PRIMARY KEY, v int) PARTITION BY RANGE (day);
CREATE TABLE weeks_low PARTITION OF weeks FOR VALUES FROM (0) TO (10);
CREATE TABLE years (day int PRIMARY KEY, v int) PARTITION BY RANGE (day);
CREATE TABLE years_low PARTITION OF years FOR VALUES FROM (0) TO (10);
CREATE TABLE five (id int PRIMARY KEY); CREATE TABLE six (id int PRIMARY KEY, v int);
CREATE TABLE seven (id int PRIMARY KEY, v int);
CREATE TABLE eight (id int PRIMARY KEY, v int, w int);
INSERT INTO weeks VALUES (1, 1), (2, 2);
INSERT INTO plain SELECT n, 'v' || n FROM generate_series(1, 30) n;
INSERT INTO keyless VALUES (1, 'x'), (1, 'x'), (2, NULL);
INSERT INTO heir VALUES (7, 7)
"""


@pytest.fixture
def snapped(postgresql: Stood, server: Server) -> Stood:
    server.script(SCHEMA)
    postgresql.database.snapshot("run")
    postgresql.database.install_capture("run")
    return postgresql


def test_what_is_not_covered_is_known(snapped: Stood, server: Server) -> None:
    """Missing evidence is never counted as good: no trigger, no "nothing was written"."""
    known = {"ancestor", "heir"}
    for statement, gap in [
        ("CREATE TABLE made_later (id int)", "made_later"),
        ("DROP TABLE one", "one"),
        ("ALTER TABLE two DISABLE TRIGGER ALL", "two"),
        ("DROP TRIGGER parom_capture_u ON three", "three"),
        ("DROP TABLE four; CREATE TABLE four (id int PRIMARY KEY)", "four"),
        ("ALTER TABLE plain RENAME TO renamed", ""),
        ("ALTER TABLE renamed ADD w int DEFAULT 1", ""),
        ("ALTER TABLE keyless ADD w int", "keyless"),
        ("CREATE TABLE days_high PARTITION OF days FOR VALUES FROM (10) TO (20)", "days"),
        ("ALTER TABLE hours DETACH PARTITION hours_low", "hours hours_low"),
        ("DROP TABLE weeks_low", "weeks"),
        (
            "ALTER TABLE years DETACH PARTITION years_low; UPDATE years_low SET v = 7;"
            " ALTER TABLE years ATTACH PARTITION years_low FOR VALUES FROM (0) TO (10)",
            "years",
        ),
        ("CREATE TABLE heir_of_five () INHERITS (five)", "five heir_of_five"),
        ("ALTER TABLE six DROP v; ALTER TABLE six ADD v int DEFAULT 7", "six"),
        ("ALTER TABLE seven ALTER v TYPE text USING 'x' || v", "seven"),
        (
            "ALTER TABLE eight RENAME v TO x; ALTER TABLE eight RENAME w TO v;"
            " ALTER TABLE eight RENAME x TO w",
            "eight",
        ),
        ("SELECT lo_from_bytea(0, 'x')", "pg_largeobject"),
    ]:
        assert set(snapped.database.capture_gaps()) == known
        server.script(statement)
        known |= set(gap.split())
    assert set(snapped.database.capture_gaps()) == known


def differing(stood: Stood, table: str) -> list[tuple[str, dict[str, object]]]:
    rows = stood.database.differing_rows(table, "run")
    return sorted(((row.operation, row.key) for row in rows), key=repr)


def test_a_deletion_is_told_by_the_name_that_the_key_has_now(
    snapped: Stood, server: Server
) -> None:
    """Rows are listed whole then, of which those that are gone are none."""
    server.script("DELETE FROM plain WHERE id = 3; ALTER TABLE plain RENAME id TO number")
    rows = [(one.operation, one.key) for one in snapped.database.captured_rows()]
    assert rows == [("delete", {"number": 3})]
    assert "plain" in snapped.database.capture_gaps()


def test_rows_are_compared_by_their_key(snapped: Stood, server: Server) -> None:
    """Whatever order the server's language sorts in."""
    server.script("UPDATE plain SET v = 'V2' WHERE id = 2; DELETE FROM plain WHERE id = 10")
    server.script("INSERT INTO plain VALUES (100, NULL), (-1, 'é'); UPDATE plain SET v = v")
    assert differing(snapped, "plain") == [
        ("delete", {"id": 10}),
        ("insert", {"id": -1}),
        ("insert", {"id": 100}),
        ("update", {"id": 2}),
    ]


def test_rows_without_a_name_are_counted(snapped: Stood, server: Server) -> None:
    """Of two equal ones one may be gone."""
    server.script("DELETE FROM keyless WHERE ctid = (SELECT min(ctid) FROM keyless)")
    server.script("INSERT INTO keyless VALUES (2, NULL), (3, '')")
    assert differing(snapped, "keyless") == [
        ("delete", {"a": 1, "b": "x"}),
        ("insert", {"a": 2, "b": None}),
        ("insert", {"a": 3, "b": ""}),
    ]


def test_tables_that_inherit_are_told_apart(snapped: Stood, server: Server) -> None:
    """An ancestor's name stands for the rows of all; each row is listed once."""
    server.script("UPDATE ancestor SET id = 8; INSERT INTO ancestor VALUES (1)")
    assert differing(snapped, "ancestor") == [("insert", {"id": 1})]
    assert differing(snapped, "heir") == [
        ("delete", {"id": 7, "v": 7}),
        ("insert", {"id": 8, "v": 7}),
    ]


def test_rows_that_went_with_their_partition_are_told(snapped: Stood, server: Server) -> None:
    """What a retention drops is gone as if it had been deleted."""
    server.script("DROP TABLE weeks_low")
    assert differing(snapped, "weeks") == [("delete", {"day": 1}), ("delete", {"day": 2})]


def test_a_column_that_triggers_do_not_see_is_compared(postgresql: Stood, server: Server) -> None:
    if server.admin.info.server_version < 18_00_00:
        pytest.skip("columns are computed when they are written")
    server.script("CREATE TABLE bare (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL)")
    postgresql.database.snapshot("run")
    postgresql.database.install_capture("run")
    assert postgresql.database.capture_gaps() == ("bare",)
    server.script("INSERT INTO bare VALUES (3)")
    assert differing(postgresql, "bare") == [("insert", {"a": 3, "b": 6})]


def test_what_the_snapshot_cannot_say_is_listed(snapped: Stood, server: Server) -> None:
    """Too many rows rather than too few."""
    for statement, table, count in [
        ("CREATE TABLE fresh AS SELECT 1 AS id", "fresh", 1),
        ("ALTER TABLE plain DROP v", "plain", 0),
        ("ALTER TABLE plain ADD w int DEFAULT 1", "plain", 30),
        ("ALTER TABLE plain RENAME id TO number", "plain", 30),
    ]:
        server.script(statement)
        assert len(differing(snapped, table)) == count, statement


def test_what_cannot_be_compared_is_said(snapped: Stood) -> None:
    for table in ("gone", "pg_largeobject"):
        with pytest.raises(ParomError, match=r"database\.not-comparable"):
            differing(snapped, table)


def test_the_snapshot_is_closed_again(snapped: Stood, server: Server) -> None:
    """It was opened for the comparison; what is written to it would come back."""
    list(snapped.database.differing_rows("plain", "run"))
    next(snapped.database.differing_rows("ancestor", "run"), None)
    asking = "SELECT datallowconn FROM pg_database WHERE datname = 'app_parom_run'"
    assert server.ask(asking, name="postgres") == [(False,)]


def test_what_an_extension_made_is_compared(postgresql: Stood, server: Server) -> None:
    """The swap takes it back too: jobs of a scheduler, say, that somebody entered meanwhile."""
    server.script(
        "CREATE EXTENSION citext; CREATE TABLE job (id int PRIMARY KEY, v text);"
        "ALTER EXTENSION citext ADD TABLE job; INSERT INTO job VALUES (1, 'kept'), (2, 'old')"
    )
    database = postgresql.database
    database.snapshot("run")
    database.install_capture("run")
    server.script("UPDATE job SET v = 'new' WHERE id = 2; INSERT INTO job VALUES (3, 'new')")
    postgresql.write(3, "new")
    assert database.capture_gaps() == ("job",)
    found = [(one.operation, one.key) for one in database.differing_rows("job", "run")]
    assert found == [("update", {"id": 2}), ("insert", {"id": 3})]
    assert database.carry("run", "carried", Changes()).tables == {"note": 1}
