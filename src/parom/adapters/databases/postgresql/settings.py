"""What belongs to a database and not to its files: a template copy loses it.

Owner, grants, connection limit, security labels, and what is set for it and for roles in it.
The comment is written with the mark: see `versions`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from psycopg import sql

from parom.adapters.databases.postgresql.opening import Connection, Statement, quoted

_LISTS = frozenset(
    {"local_preload_libraries", "search_path", "session_preload_libraries", "temp_tablespaces"}
    | {"unix_socket_directories", "shared_preload_libraries"}
)
"""Settings whose value is a list of names, each of them quoted by itself (GUC_LIST_QUOTE)."""
_PUBLIC = 0


def settings_of(connection: Connection, source: str, target: str) -> list[Statement]:
    """The statements that give `target` what `source` has."""
    return [
        *_owner(connection, source, target),
        *_grants(connection, source, target),
        *_labels(connection, source, target),
        *_set(connection, source, target),
    ]


def _owner(connection: Connection, source: str, target: str) -> Iterator[Statement]:
    found = connection.execute(
        "SELECT pg_get_userbyid(datdba), datconnlimit FROM pg_database WHERE datname = %s",
        (source,),
    )
    for owner, limit in found.fetchall():
        yield sql.SQL("ALTER DATABASE {} OWNER TO {}").format(quoted(target), quoted(owner))
        yield sql.SQL("ALTER DATABASE {} CONNECTION LIMIT {}").format(
            quoted(target), sql.Literal(limit)
        )


def _grants(connection: Connection, source: str, target: str) -> Iterator[Statement]:
    """Who granted is not kept: the owner is the one for all."""
    is_default = connection.execute(
        "SELECT datacl IS NULL, pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s",
        (source,),
    ).fetchone()
    if is_default is None or is_default[0]:
        return
    for everybody in (sql.SQL("PUBLIC"), quoted(is_default[1])):
        yield sql.SQL("REVOKE ALL ON DATABASE {} FROM {}").format(quoted(target), everybody)
    found = connection.execute(
        "SELECT a.grantee, pg_get_userbyid(a.grantee), a.privilege_type, a.is_grantable"
        " FROM pg_database d, aclexplode(d.datacl) a WHERE d.datname = %s"
        " ORDER BY a.grantee, a.privilege_type",
        (source,),
    )
    for oid, name, privilege, is_grantable in found.fetchall():
        yield sql.SQL("GRANT {} ON DATABASE {} TO {}{}").format(
            sql.SQL(privilege),
            quoted(target),
            sql.SQL("PUBLIC") if oid == _PUBLIC else quoted(name),
            sql.SQL(" WITH GRANT OPTION") if is_grantable else sql.SQL(""),
        )


def _labels(connection: Connection, source: str, target: str) -> Iterator[Statement]:
    found = connection.execute(
        "SELECT l.provider, l.label FROM pg_shseclabel l JOIN pg_database d ON d.oid = l.objoid"
        " WHERE l.classoid = 'pg_database'::regclass AND d.datname = %s",
        (source,),
    )
    for provider, label in found.fetchall():
        yield sql.SQL("SECURITY LABEL FOR {} ON DATABASE {} IS {}").format(
            quoted(provider), quoted(target), sql.Literal(label)
        )


def _set(connection: Connection, source: str, target: str) -> Iterator[Statement]:
    found = connection.execute(
        "SELECT r.rolname, one.setting FROM pg_db_role_setting s"
        " JOIN pg_database d ON d.oid = s.setdatabase"
        " LEFT JOIN pg_roles r ON r.oid = s.setrole,"
        " unnest(s.setconfig) WITH ORDINALITY one(setting, place)"
        " WHERE d.datname = %s ORDER BY r.rolname, one.place",
        (source,),
    )
    for role, setting in found.fetchall():
        name, _, value = setting.partition("=")
        where = sql.SQL("DATABASE {}").format(quoted(target))
        if role is not None:
            where = sql.SQL("ROLE {} IN DATABASE {}").format(quoted(role), quoted(target))
        yield sql.SQL("ALTER {} SET {} TO {}").format(
            where, quoted(*name.split(".")), _value(name, value)
        )


def _value(name: str, value: str) -> sql.Composable:
    if name.lower() not in _LISTS:
        return sql.Literal(value)
    parts = listed(value)
    return sql.SQL(", ").join(map(sql.Literal, parts)) if parts else sql.Literal("")


def listed(value: str) -> Sequence[str]:
    """The names of a list as PostgreSQL keeps it: `"$user", public`."""
    found, name, is_quoted, was_quoted = list[str](), "", False, False
    place = 0
    while place < len(value):
        letter = value[place]
        if letter == '"' and is_quoted and value[place + 1 : place + 2] == '"':
            name, place = name + '"', place + 1
        elif letter == '"':
            is_quoted, was_quoted = not is_quoted, True
        elif letter == "," and not is_quoted:
            found.append(name if was_quoted else name.strip())
            name, was_quoted = "", False
        elif is_quoted or not letter.isspace():
            name += letter
        place += 1
    return [*found, name] if name or was_quoted or found else []
