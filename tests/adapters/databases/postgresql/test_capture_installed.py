"""The capture comes and goes, and changes nothing of what is the application's."""

from __future__ import annotations

from parom.facts import CapturedRow
from tests.adapters.databases.conftest import Stood
from tests.adapters.databases.postgresql.server import Server
from tests.adapters.databases.postgresql.test_capture import SCHEMA


def test_taking_it_out_leaves_the_schema_as_it_was(postgresql: Stood, server: Server) -> None:
    """A migration that meets what Parom left would fail, or copy it."""
    asking = "SELECT count(*) FROM pg_depend UNION ALL SELECT count(*) FROM pg_trigger"
    server.script(SCHEMA)
    before = server.ask(asking)
    postgresql.database.install_capture("run")
    assert server.ask(asking) != before
    postgresql.database.remove_capture()
    assert server.ask(asking) == before


def test_a_key_is_the_same_by_its_own_type(postgresql: Stood, server: Server) -> None:
    """A case-changing update is no deletion where the case does not matter."""
    server.script("CREATE EXTENSION citext; CREATE TABLE tag (name citext PRIMARY KEY, v int)")
    server.script("INSERT INTO tag VALUES ('Abc', 1)")
    postgresql.database.install_capture("run")
    server.script("UPDATE tag SET name = 'ABC'")
    assert list(postgresql.database.captured_rows()) == [
        CapturedRow("tag", "update", {"name": "Abc"}, {"name": "ABC", "v": 1})
    ]


def test_a_key_of_which_a_part_is_missing_names_a_row(postgresql: Stood, server: Server) -> None:
    server.script("CREATE TYPE pair AS (a int, b int); CREATE TABLE t (at pair PRIMARY KEY, v int)")
    server.script("INSERT INTO t VALUES ((1, NULL), 1)")
    postgresql.database.install_capture("run")
    server.script("UPDATE t SET v = 2")
    assert list(postgresql.database.captured_rows()) == [
        CapturedRow("t", "update", {"at": "(1,)"}, {"at": "(1,)", "v": 2})
    ]
