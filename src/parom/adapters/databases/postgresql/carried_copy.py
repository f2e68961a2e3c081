"""A copy of the snapshot with the rows in it that users wrote since: a whole one, or none."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import psycopg

from parom.adapters.databases.postgresql import statements, versions
from parom.adapters.databases.postgresql.access import Access
from parom.adapters.databases.postgresql.administration import Administration
from parom.adapters.databases.postgresql.carrying import carry
from parom.adapters.databases.postgresql.names import Mark, name_of, partial_of
from parom.adapters.databases.postgresql.opening import Connection, opened, reason_of
from parom.errors import database as errors
from parom.replay.apart import Carried
from parom.replay.changes import Changes

_DISK_FULL = "53100"


def carried_copy(
    administration: Administration,
    access: Access,
    snapshot_id: str,
    carried_id: str,
    changes: Changes,
    ahead_id: str,
) -> Carried:
    """Make it anew, whatever is there. Raises what `Database.carry` raises."""
    app = access.name
    with _named(access), administration.changing() as (connection, catalogue):
        snapshot, live = catalogue.known(snapshot_id), catalogue.live()
        if live and live.id == carried_id:
            message = f"database {carried_id} is live and is not made anew"
            raise ValueError(message)
        connection.execute(statements.drop(name_of(app, carried_id)))
        with _unfinished(connection, partial_of(app, carried_id)) as partial:
            ahead = catalogue.find(ahead_id) if ahead_id else None
            if ahead:
                connection.execute(statements.drop(partial))
                connection.execute(statements.rename(ahead.name, partial))
            else:
                versions.begin(
                    administration, connection, snapshot.name, carried_id, spare_busy=False
                )
            connection.execute(statements.doors(partial, is_open=True))
            with opened(access) as newer, opened(access, partial) as copy, _named(access):
                carried = carry(newer, copy, changes)
            versions.finish(connection, app, snapshot.name, partial, Mark(app, carried_id, 0))
    return carried


def copied_ahead(administration: Administration, snapshot_id: str, ahead_id: str) -> None:
    """A copy of the snapshot that nobody has written to. Raises what `Database.copy_ahead`
    raises."""
    with administration.changing() as (connection, catalogue):
        snapshot = catalogue.known(snapshot_id)
        if catalogue.find(ahead_id) is None:
            versions.copy(administration, connection, snapshot.name, ahead_id, spare_busy=False)


@contextlib.contextmanager
def _unfinished(connection: Connection, partial: str) -> Iterator[str]:
    """What has this name is gone afterwards; a lost connection leaves it, where it never counts."""
    try:
        yield partial
    finally:
        with contextlib.suppress(psycopg.Error):
            connection.execute(statements.drop(partial))


@contextlib.contextmanager
def _named(access: Access) -> Iterator[None]:
    """Whatever the server says is a reason not to carry: the return goes on without."""
    try:
        yield
    except psycopg.Error as problem:
        reason = reason_of(problem)
        if problem.sqlstate == _DISK_FULL:
            raise errors.disk_full(access.location, reason) from None
        raise errors.not_carried(reason) from None
