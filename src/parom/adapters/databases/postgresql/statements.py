"""The statements by which databases are copied, renamed, opened and closed. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from psycopg import sql

from parom.adapters.databases.postgresql.names import Mark, Version, name_of
from parom.adapters.databases.postgresql.opening import Statement, quoted


def swap(app: str, live: Version | None, wanted: Version, before: str) -> list[Statement]:
    """For one transaction; the first waits until nobody is in the database that it renames.

    What is live gets its version's name and is closed; `wanted` gets the application's and is
    opened. Both are marked: the new one with the id of what it came after.
    """
    mark = Mark(app, wanted.id, wanted.oid, before, wanted.mark.archive if wanted.mark else "")
    return [
        *(away(app, live) if live else ()),
        rename(wanted.name, app),
        doors(app, is_open=True),
        comment(app, mark.written_after(wanted.comment)),
    ]


def away(app: str, live: Version) -> Iterator[Statement]:
    """For one transaction: the live database is kept under its version's name."""
    name = name_of(app, live.id)
    yield rename(live.name, name)
    yield doors(name, is_open=False)
    yield comment(name, (live.mark or Mark(app, live.id, live.oid)).written_after(live.comment))


def create(source: str, target: str, server_version: int) -> Statement:
    """A copy of a database that nobody is in, closed. Not in a transaction."""
    # Otherwise the server would write every page to its log, which takes several times as long.
    strategy = sql.SQL(" STRATEGY file_copy" if server_version >= 15_00_00 else "")
    return sql.SQL("CREATE DATABASE {} TEMPLATE {} ALLOW_CONNECTIONS false{}").format(
        quoted(target), quoted(source), strategy
    )


def create_empty(name: str, collation: Mapping[str, str]) -> Statement:
    """With what `Catalogue.collation` gives. Not in a transaction."""
    told = [
        sql.SQL(" {} {}").format(sql.SQL(option), sql.Literal(value))
        for option, value in collation.items()
    ]
    return sql.SQL("CREATE DATABASE {} TEMPLATE template0{}").format(
        quoted(name), sql.Composed(told)
    )


def drop(name: str) -> Statement:
    """Not in a transaction."""
    return sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(quoted(name))


def rename(name: str, other: str) -> Statement:
    return sql.SQL("ALTER DATABASE {} RENAME TO {}").format(quoted(name), quoted(other))


def doors(name: str, *, is_open: bool) -> Statement:
    """Whether anybody may connect; closed ones let superusers in no more than others."""
    return sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(
        quoted(name), sql.Literal(is_open)
    )


def comment(name: str, text: str) -> Statement:
    return sql.SQL("COMMENT ON DATABASE {} IS {}").format(quoted(name), sql.Literal(text))
