"""What the role of a session may do, proven by doing it in a schema of its own."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import suppress

import pymysql
from pymysql.constants import ER

from parom.adapters.databases.mariadb.catalogue import Catalogue
from parom.adapters.databases.mariadb.names import pattern_of, scratch_of
from parom.adapters.databases.mariadb.opening import Session, code_of, quoted
from parom.errors import ParomError
from parom.errors import mariadb as errors

_WANTED = frozenset(
    {"SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "ALTER", "INDEX", "REFERENCES",
     "LOCK TABLES", "TRIGGER"}
)  # fmt: skip
_HELD = """
WITH who AS (SELECT concat(quote(substring_index(current_user(), '@', 1)), '@',
 quote(substring_index(current_user(), '@', -1))) AS grantee)
SELECT privilege_type FROM information_schema.user_privileges JOIN who USING (grantee)
UNION SELECT privilege_type FROM information_schema.schema_privileges JOIN who USING (grantee)
 WHERE %s LIKE table_schema
"""
_NEEDS_SUPER = 1419
_ENDING = frozenset({"SUPER", "CONNECTION ADMIN"})


def missing_rights(catalogue: Catalogue) -> tuple[ParomError, ...]:
    """Nothing of what is tried stays."""
    session, app = catalogue.session, catalogue.app
    role = str(session.one("SELECT current_user()"))
    found = list[ParomError]()
    lacking = sorted(_WANTED - held(session, app))
    if lacking and not session.one("SELECT current_role()"):
        grant = f"GRANT {', '.join(lacking)} ON {quoted(app)}.* TO {_shown(role)}"
        found.append(errors.no_right(role, app, ", ".join(lacking), grant))
    try:
        _try(session, scratch_of(catalogue.prefix, secrets.token_hex(4)))
    except pymysql.Error as problem:
        if code_of(problem) == _NEEDS_SUPER:
            found.append(errors.no_triggers(role))
        elif code_of(problem) in (ER.DBACCESS_DENIED_ERROR, ER.TABLEACCESS_DENIED_ERROR):
            pattern = pattern_of(catalogue.prefix)
            grant = f"GRANT ALL ON {quoted(pattern)}.* TO {_shown(role)}"
            found.append(errors.no_right(role, pattern, "ALL", grant))
        else:
            raise
    return tuple(found)


def held(session: Session, schema: str) -> frozenset[str]:
    """Global rights and those for a schema."""
    return frozenset(name for (name,) in session.ask(_HELD, schema))


def ends_sessions(session: Session) -> bool:
    """Whether sessions of other roles are seen, and may be ended."""
    rights = held(session, "")
    return "PROCESS" in rights and bool(_ENDING & rights)


def _try(session: Session, schema: str) -> None:
    table = quoted(schema, "tried")
    steps: Sequence[str] = (
        f"CREATE DATABASE {quoted(schema)}",
        f"CREATE TABLE {table} (id int PRIMARY KEY) ENGINE=InnoDB",
        f"CREATE TRIGGER {quoted(schema, 'tried')} AFTER INSERT ON {table} FOR EACH ROW SET @p = 1",
        f"LOCK TABLES {table} READ",
        "UNLOCK TABLES",
    )
    try:
        for step in steps:
            session.ask(step)
    finally:
        with suppress(pymysql.Error):
            session.ask(f"DROP DATABASE IF EXISTS {quoted(schema)}")


def _shown(role: str) -> str:
    name, _, host = role.rpartition("@")
    return f"'{name}'@'{host}'"
