"""What the planner goes by, for a database that was filled just now."""

from __future__ import annotations

from psycopg import sql

from parom.adapters.databases.postgresql.opening import Connection

_OWN = """
SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm') AND NOT c.relispartition AND c.relpersistence <> 't'
 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 AND pg_has_role(c.relowner, 'USAGE')
ORDER BY n.nspname, c.relname
"""


def analyze(connection: Connection) -> None:
    """ANALYZE what the role owns, partitions included.

    By name: the bare statement has the server write a warning into its log for each of its own
    tables that the role may not look at, some sixty each time.
    """
    found = [sql.Identifier(*row) for row in connection.execute(_OWN).fetchall()]
    if found:
        connection.execute(sql.SQL("ANALYZE {}").format(sql.SQL(", ").join(found)))
