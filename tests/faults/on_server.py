"""What is left on a PostgreSQL server, asked of the server itself; part of the independent
checker."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

import psycopg

from tests.faults.server import APP, ROLE, connected

_DATABASES = """
SELECT datname, datallowconn, datconnlimit, pg_get_userbyid(datdba)
FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1
"""
_SESSIONS = """
SELECT pid, datname, usename, application_name, state, left(query, 60) FROM pg_stat_activity
WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'
 AND (application_name LIKE 'parom%' OR application_name LIKE 'pg\\_%'
  OR state LIKE 'idle in transaction%' OR datname IS DISTINCT FROM 'app')
"""
_LOCKS = "SELECT pid, classid, objid FROM pg_locks WHERE locktype = 'advisory'"


def left_on_server(port: int, kept: Set[str]) -> Iterator[str]:
    """Everything that no run at rest needs; `kept` are ids of versions that may be there."""
    try:
        with connected(port, "postgres") as server:
            yield from _databases(server, kept)
            for row in server.execute(_SESSIONS):
                yield f"a session is left on the server: {row}"
            for row in server.execute(_LOCKS):
                yield f"an advisory lock is left on the server: {row}"
            for row in server.execute("SELECT gid FROM pg_prepared_xacts"):
                yield f"a prepared transaction is left on the server: {row}"
    except psycopg.Error as problem:
        yield f"the server cannot be asked: {problem}"


def _databases(server: psycopg.Connection[tuple[object, ...]], kept: Set[str]) -> Iterator[str]:
    found = {str(row[0]): row[1:] for row in server.execute(_DATABASES)}
    if APP not in found:
        yield "the application has no database"
    for name, (is_open, limit, owner) in found.items():
        if name == APP:
            if (is_open, limit, owner) != (True, -1, ROLE):
                yield f"the live database: open {is_open}, limit {limit}, of {owner}"
            continue
        version = re.fullmatch(rf"{APP}_parom_(.+)", name)
        if version is None or version[1] not in kept:
            yield f"a database that nothing refers to: {name}"
        elif is_open or limit == -2 or owner != ROLE:
            yield f"the version {name}: open {is_open}, limit {limit}, of {owner}"
