"""What the role of a connection may do, and what stands in the way of a swap."""

from __future__ import annotations

from dataclasses import dataclass

from parom.adapters.databases.postgresql.opening import Connection
from parom.errors import ParomError
from parom.errors import postgresql as errors
from parom.words.said import said

_OLDEST = 13_00_00
"""`DROP DATABASE ... WITH (FORCE)`, and trusted extensions."""
_TELLS_SET = 16_00_00
"""From here on there are members of a role who may not become it, and so give it nothing."""


@dataclass(frozen=True)
class Rights:
    """Of one role, for one database."""

    role: str
    is_superuser: bool
    makes_databases: bool
    owns_database: bool
    """Or is a member of the role that does, and may give it to that role; true where the database
    is not there."""
    ends_sessions: bool
    """Those of other roles that are no superusers."""

    def missing(self, database: str) -> tuple[tuple[str, str], ...]:
        """What a swap needs and the role has not, each with the statement that grants it."""
        if self.is_superuser:
            return ()
        role, named = _shown(self.role), _shown(database)
        wanted = [
            (self.makes_databases, "CREATEDB", f"ALTER ROLE {role} CREATEDB"),
            (self.owns_database, said("ownership"), f"ALTER DATABASE {named} OWNER TO {role}"),
        ]
        return tuple((what, grant) for has, what, grant in wanted if not has)


def rights(connection: Connection, database: str) -> Rights:
    found = connection.execute(
        "SELECT r.rolname, r.rolsuper, r.rolcreatedb,"
        " coalesce((SELECT pg_has_role(d.datdba, 'USAGE') AND pg_has_role(d.datdba, %s)"
        "  FROM pg_database d WHERE d.datname = %s), true),"
        " pg_has_role('pg_signal_backend', 'USAGE')"
        " FROM pg_roles r WHERE r.rolname = current_user",
        ("SET" if connection.info.server_version >= _TELLS_SET else "MEMBER", database),
    ).fetchone()
    assert found is not None  # noqa: S101 - whoever is connected has a role
    return Rights(*found)


def too_small_rights(connection: Connection, database: str) -> tuple[ParomError, ...]:
    """What a swap cannot do without and the role has not, each as `database.rights`."""
    held = rights(connection, database)
    return tuple(
        errors.no_right(held.role, database, what, grant) for what, grant in held.missing(database)
    )


def check_rights(connection: Connection, database: str) -> None:
    """Raises the first of them."""
    for problem in too_small_rights(connection, database):
        raise problem


def check_there(connection: Connection, database: str) -> None:
    """Raises `database.absent`."""
    found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,))
    if found.fetchone() is None:
        (role,) = connection.execute("SELECT current_user").fetchone() or ("",)
        raise errors.absent(database, f"CREATE DATABASE {_shown(database)} OWNER {_shown(role)}")


def check_direct(connection: Connection, location: str) -> None:
    """Raises `database.pooled` where something between answers for the server: a pooler gives
    out numbers of its own for cancelling."""
    (pid,) = connection.execute("SELECT pg_backend_pid()").fetchone() or (0,)
    if pid != connection.info.backend_pid:
        raise errors.through_pooler(location)


def check_copyable(connection: Connection, database: str) -> None:
    """Raises `database.too-old`, `database.encoding`, `database.replicated`,
    `database.collation`."""
    check_version(connection.info.server_version)
    (encoding,) = connection.execute(
        "SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = %s", (database,)
    ).fetchone() or ("",)
    if encoding == "SQL_ASCII":
        raise errors.no_encoding(database)
    slots = connection.execute(
        "SELECT slot_name FROM pg_replication_slots WHERE database = %s ORDER BY 1", (database,)
    ).fetchall()
    subscriptions = connection.execute(
        "SELECT s.subname FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid"
        " WHERE d.datname = %s ORDER BY 1",
        (database,),
    ).fetchall()
    names = [name for (name,) in (*slots, *subscriptions)]
    if names:
        raise errors.replicated(database, names)
    if connection.info.server_version >= 15_00_00:
        _check_collation(connection, database)


def check_version(server: int) -> None:
    """`server` as libpq numbers it: 13.4 is 130004. Raises `database.too-old`."""
    if server < _OLDEST:
        raise errors.too_old(server // 10_000, _OLDEST // 10_000)


def _check_collation(connection: Connection, database: str) -> None:
    found = connection.execute(
        "SELECT datcollversion, pg_database_collation_actual_version(oid)"
        " FROM pg_database WHERE datname = %s",
        (database,),
    ).fetchone()
    if found and found[0] is not None and found[0] != found[1]:
        raise errors.other_collation(database, found[0], str(found[1]))


def _shown(name: str) -> str:
    """An identifier as somebody can paste it."""
    return name if name.isidentifier() and name.islower() else '"' + name.replace('"', '""') + '"'
