"""A database that was restored is as quick as the one that was lost."""

from __future__ import annotations

from parom.adapters.databases.postgresql.opening import opened
from parom.adapters.databases.postgresql.statistics import analyze
from tests.adapters.databases.conftest import Stood
from tests.adapters.databases.postgresql.server import Server


def test_what_the_role_owns_is_analyzed_and_nothing_is_logged(
    postgresql: Stood, server: Server
) -> None:
    """A warning for each table that is not the role's would fill the log of somebody's server."""
    assert postgresql.server is server
    server.script(
        "CREATE ROLE owner LOGIN PASSWORD 'secret'; GRANT CREATE ON SCHEMA public TO owner;"
        "CREATE TABLE part (id int) PARTITION BY RANGE (id);"
        "CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (9);"
        "INSERT INTO part VALUES (1), (2), (3); ALTER TABLE part OWNER TO owner;"
        "ALTER TABLE part_1 OWNER TO owner"
    )
    said: list[str] = []
    with opened(server.access(user="owner", password="secret")) as connection:
        connection.add_notice_handler(lambda one: said.append(str(one.message_primary)))
        analyze(connection)
    assert said == []
    known = server.ask(
        "SELECT tablename, n_distinct FROM pg_stats WHERE tablename ~ '^part' ORDER BY 1"
    )
    assert known == [("part", -1.0), ("part_1", -1.0)]
