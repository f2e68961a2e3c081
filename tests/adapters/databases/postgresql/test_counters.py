"""Ids are given out once, by whatever numbers them."""

from __future__ import annotations

import pytest

from parom.errors import ParomError
from tests.adapters.databases.conftest import Stood
from tests.adapters.databases.postgresql.server import Server

SCHEMA = """
CREATE SCHEMA other;
CREATE TABLE numbered (id serial PRIMARY KEY);
CREATE TABLE other.numbered (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
CREATE SEQUENCE by_itself; CREATE SEQUENCE falling INCREMENT BY -1;
CREATE TABLE untouched (id serial PRIMARY KEY)
"""
GIVEN = """
INSERT INTO numbered SELECT FROM generate_series(1, 5);
INSERT INTO other.numbered SELECT FROM generate_series(1, 6);
SELECT nextval('by_itself'), nextval('falling'), nextval('falling');
DELETE FROM numbered; DELETE FROM other.numbered
"""


@pytest.fixture
def returned(postgresql: Stood, server: Server) -> Stood:
    server.script(SCHEMA)
    postgresql.database.snapshot("run")
    return postgresql


def test_every_sequence_counts_on(returned: Stood, server: Server) -> None:
    """Of columns, of columns in other schemas, by itself, downwards."""
    server.script(GIVEN)
    assert returned.database.keep_ids("run") == {
        "numbered": 5,
        "other.numbered": 6,
        "by_itself": 1,
        "falling": -2,
    }
    assert returned.database.keep_ids("run") == {}
    returned.database.swap_in("run")
    assert server.ask("INSERT INTO numbered DEFAULT VALUES RETURNING id") == [(6,)]
    assert server.ask("INSERT INTO other.numbered DEFAULT VALUES RETURNING id") == [(7,)]
    assert server.ask("SELECT nextval('by_itself'), nextval('falling')") == [(2, -3)]
    assert server.ask("INSERT INTO untouched DEFAULT VALUES RETURNING id") == [(1,)]


def test_a_renamed_sequence_is_not_lost(returned: Stood, server: Server) -> None:
    """Nobody knows which one it was: the furthest of the new names is far enough."""
    server.script("ALTER TABLE numbered RENAME TO counted")
    server.script("ALTER SEQUENCE numbered_id_seq RENAME TO counted_id_seq")
    server.script("INSERT INTO counted SELECT FROM generate_series(1, 9)")
    assert returned.database.keep_ids("run") == {"numbered": 9}


def test_a_snapshot_that_is_further_stays_so(returned: Stood, server: Server) -> None:
    """Counting back would give out what the older one gave out."""
    server.script("SELECT setval('numbered_id_seq', 50)")
    returned.database.snapshot("further")
    server.script("ALTER SEQUENCE numbered_id_seq RESTART")
    assert returned.database.keep_ids("further") == {}


def test_an_id_that_the_older_sequence_cannot_have_is_said(returned: Stood, server: Server) -> None:
    """The return goes on, and a person is told."""
    server.script("ALTER SEQUENCE numbered_id_seq AS bigint MAXVALUE 3000000000")
    server.script("SELECT setval('numbered_id_seq', 3000000000)")
    with pytest.raises(ParomError, match=r"database\.ids-not-kept"):
        returned.database.keep_ids("run")
