"""A copy of the snapshot with the rows in it that users wrote since: a whole one, or none."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace

import psycopg

from parom.adapters.databases.postgresql import statements, versions
from parom.adapters.databases.postgresql.access import Access
from parom.adapters.databases.postgresql.administration import Administration
from parom.adapters.databases.postgresql.carrying import carry
from parom.adapters.databases.postgresql.catching_up import Then, carry_ahead, catch_up
from parom.adapters.databases.postgresql.names import Mark, Version, name_of, partial_of
from parom.adapters.databases.postgresql.opening import Connection, opened, reason_of
from parom.errors import ParomError
from parom.errors import database as errors
from parom.replay.apart import NO_LONGER_FITS, Carried
from parom.replay.changes import Changes

_DISK_FULL = "53100"


def carried_copy(
    administration: Administration,
    access: Access,
    snapshot_id: str,
    carried_id: str,
    changes: Changes,
    ahead_id: str,
    applied: tuple[str, Then] | None,
) -> Carried:
    """Make it anew, whatever is there, of the copy `applied` and what it has in it, or of another.
    Raises what `Database.carry` raises."""
    app = access.name
    with _named(access), administration.changing() as (connection, catalogue):
        snapshot, live = catalogue.known(snapshot_id), catalogue.live()
        if live and live.id == carried_id:
            message = f"database {carried_id} is live and is not made anew"
            raise ValueError(message)
        connection.execute(statements.drop(name_of(app, carried_id)))
        with _unfinished(connection, partial_of(app, carried_id)) as partial:
            before = catalogue.find(applied[0]) if applied else None
            carried, missed = None, ""
            if applied and before:
                _take(connection, before, partial)
                carried, missed = _caught_up(access, partial, changes, applied[1])
            if carried is None:
                ahead = catalogue.find(ahead_id) if ahead_id else None
                if ahead:
                    _take(connection, ahead, partial)
                else:
                    versions.begin(
                        administration, connection, snapshot.name, carried_id, spare_busy=False
                    )
                    connection.execute(statements.doors(partial, is_open=True))
                with opened(access) as newer, opened(access, partial) as copy, _named(access):
                    carried = carry(newer, copy, changes)
            versions.finish(connection, app, snapshot.name, partial, Mark(app, carried_id, 0))
    return replace(carried, missed=missed)


def applied_ahead(
    administration: Administration,
    access: Access,
    snapshot_id: str,
    applied_id: str,
    changes: Changes,
    ahead_id: str,
) -> Then | None:
    """Carry onto the copy `ahead_id`, which is `applied_id` then. Raises what
    `Database.carry_ahead` raises."""
    app = access.name
    with _named(access), administration.changing() as (connection, catalogue):
        snapshot, ahead = catalogue.known(snapshot_id), catalogue.find(ahead_id)
        connection.execute(statements.drop(name_of(app, applied_id)))
        if ahead is None:
            return None
        with _unfinished(connection, partial_of(app, applied_id)) as partial:
            _take(connection, ahead, partial)
            with opened(access) as newer, opened(access, partial) as copy, _named(access):
                found = carry_ahead(newer, copy, changes)
            if found:
                versions.finish(connection, app, snapshot.name, partial, Mark(app, applied_id, 0))
    return found


def _take(connection: Connection, version: Version, partial: str) -> None:
    """Used up, and open to be entered."""
    connection.execute(statements.drop(partial))
    connection.execute(statements.rename(version.name, partial))
    connection.execute(statements.doors(partial, is_open=True))


def _caught_up(
    access: Access, partial: str, changes: Changes, then: Then
) -> tuple[Carried | None, str]:
    """What was carried, or why not. Whatever is in the way: a copy of the snapshot is made under
    the stop then, and what is carried onto that finds it too, where it lasts."""
    try:
        with _named(access), opened(access) as newer, opened(access, partial) as copy:
            found = catch_up(newer, copy, changes, then)
    except ParomError as problem:
        return None, problem.fact
    return found, "" if found else NO_LONGER_FITS


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
