"""What hangs on tables and cannot move with them: triggers, views, routines, events.

Before a swap it is noted in a table of the version, as the server writes it, and dropped; a
version that becomes live again gets it back. Only a release that a return takes back can have any:
a database that has some is refused (see `obstacles`). The capture's own triggers are made anew from
its notes.
"""

from __future__ import annotations

import pymysql

from parom.adapters.databases.mariadb.opening import Session, literal, quoted, reason_of
from parom.adapters.databases.mariadb.tables import ATTACHED, RUN, all_names
from parom.adapters.databases.mariadb.triggers import make_triggers
from parom.errors import postgresql as errors

_LISTED = """
SELECT 'VIEW', table_name FROM information_schema.views WHERE table_schema = %s
UNION ALL SELECT 'TRIGGER', trigger_name FROM information_schema.triggers
 WHERE trigger_schema = %s AND trigger_name NOT REGEXP '^parom_capture_[0-9]+_[iud]$'
UNION ALL SELECT routine_type, routine_name FROM information_schema.routines
 WHERE routine_schema = %s
UNION ALL SELECT 'EVENT', event_name FROM information_schema.events WHERE event_schema = %s
"""
_OURS = """
SELECT trigger_name FROM information_schema.triggers
WHERE trigger_schema = %s AND trigger_name REGEXP '^parom_capture_[0-9]+_[iud]$'
"""
_STATEMENT = {"VIEW": 1, "EVENT": 3}
"""Where SHOW CREATE has the statement; third for the others."""


def attached(session: Session, schema: str) -> list[tuple[str, str]]:
    """Kind and name of each, without the capture's."""
    return [(kind, name) for kind, name in session.ask(_LISTED, *([schema] * 4))]


def put_away(session: Session, schema: str) -> None:
    """Note and drop all of it. Repeated after a crash it notes what is left."""
    found = attached(session, schema)
    if found:
        place = quoted(schema, ATTACHED)
        session.ask(
            f"CREATE TABLE IF NOT EXISTS {place} (kind varchar(20), name varchar(64),"
            " sql_mode text, statement longtext, PRIMARY KEY (kind, name))"
            " ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
        )
        for kind, name in found:
            row = session.ask(f"SHOW CREATE {kind} {quoted(schema, name)}")[0]
            statement = str(row[_STATEMENT.get(kind, 2)] or "")
            mode = "" if kind == "VIEW" else str(row[1])
            told = ", ".join(map(literal, (kind, name, mode, statement)))
            session.ask(f"REPLACE INTO {place} VALUES ({told})")  # noqa: S608
    for kind, name in found:
        session.ask(f"DROP {kind} IF EXISTS {quoted(schema, name)}")
    for (name,) in session.ask(_OURS, schema):
        session.ask(f"DROP TRIGGER IF EXISTS {quoted(schema, name)}")


def bring_back(session: Session, schema: str) -> None:
    """Make it again in a version that has become live; absent is fine. Raises `database.refused`
    where the server makes something not again: the notes stay."""
    names = all_names(session, schema)
    session.use(schema)
    if RUN in names:
        make_triggers(session, schema)
    if ATTACHED not in names:
        return
    place = quoted(schema, ATTACHED)
    there = set(attached(session, schema))
    noted = session.ask(f"SELECT kind, name, sql_mode, statement FROM {place}")  # noqa: S608
    for kind, name, mode, statement in noted:
        if (kind, name) in there:
            continue
        try:
            # Part of what it is.
            session.ask("SET SESSION sql_mode = %s", mode)
            session.send(statement.encode())
        except pymysql.Error as problem:
            raise errors.refused(schema, f"{kind} {name}: {reason_of(problem)}") from None
    session.ask(f"DROP TABLE {place}")
