"""What a migration did to values, told by both databases."""

from __future__ import annotations

import pytest

from parom.errors import ParomError
from parom.replay.changes import Changes, TableChange
from tests.adapters.databases.conftest import Stood
from tests.adapters.databases.postgresql.server import Server

BEFORE = """
CREATE TABLE t (id int, kind text, a text, n int, PRIMARY KEY (id, kind));
INSERT INTO t SELECT n, 'k', nullif('v' || n, 'v3'), n FROM generate_series(1, 1200) n;
CREATE TABLE same (id int PRIMARY KEY, v json); INSERT INTO same VALUES (1, '{}'), (2, NULL);
CREATE TABLE keyless (v int); INSERT INTO keyless VALUES (1)
"""
MIGRATION = """
ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME a TO b; ALTER TABLE u ALTER id TYPE bigint;
ALTER TABLE u ADD more int; UPDATE u SET more = 1;
UPDATE u SET b = '' WHERE id = 3; UPDATE u SET n = NULL WHERE id = 900;
DELETE FROM u WHERE id = 10; INSERT INTO u VALUES (10, 'other', 'x', 1), (0, 'k', 'x', 1);
DELETE FROM same; INSERT INTO same VALUES (2, NULL), (1, '{}'); UPDATE keyless SET v = 2
"""
CHANGES = Changes((TableChange("t", "u", renamed=(("a", "b"),)),))


def test_rows_are_compared_by_key_in_columns_that_both_have(
    postgresql: Stood, server: Server
) -> None:
    """Whatever the table and its columns are called now, and wherever its rows lie."""
    server.script(BEFORE)
    postgresql.database.snapshot("snap")
    assert postgresql.database.changed_rows("snap", Changes()) == {}
    server.script(MIGRATION)
    assert postgresql.database.changed_rows("snap", CHANGES) == {"u": 2}


def test_what_cannot_be_read_is_not_called_unchanged(postgresql: Stood, server: Server) -> None:
    """Missing evidence is never counted as good."""
    server.script(
        "CREATE ROLE reader LOGIN CREATEDB PASSWORD 'x'; ALTER DATABASE app OWNER TO reader"
    )
    postgresql.database.snapshot("snap")
    database = server.database(user="reader", password="x")
    with pytest.raises(ParomError, match=r"database\.not-comparable"):
        database.changed_rows("snap", Changes())
