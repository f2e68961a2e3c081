"""Copies and swaps of whole databases, each of them complete or not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import psycopg

from parom.adapters.databases.postgresql import statements
from parom.adapters.databases.postgresql.administration import Administration
from parom.adapters.databases.postgresql.catalogue import Catalogue
from parom.adapters.databases.postgresql.names import Mark, name_of, partial_of
from parom.adapters.databases.postgresql.opening import Connection, Statement, is_passing, reason_of
from parom.adapters.databases.postgresql.sessions import Alone
from parom.adapters.databases.postgresql.settings import settings_of
from parom.errors import ParomError
from parom.errors import postgresql as errors

_CLONES = 18_00_00


def copy(
    administration: Administration,
    connection: Connection,
    source: str,
    database_id: str,
    *,
    spare_busy: bool,
) -> None:
    """Make a version of a database in which nobody is, with its settings.

    Raises `database.held`, `database.not-copied`, `database.settings-not-kept`.
    """
    app = administration.app
    partial = begin(administration, connection, source, database_id, spare_busy=spare_busy)
    finish(connection, app, source, partial, Mark(app, database_id, 0))


def begin(
    administration: Administration,
    connection: Connection,
    source: str,
    database_id: str,
    *,
    spare_busy: bool,
) -> str:
    """The name of a copy that does not count yet, and that nobody may enter. Raises as above."""
    partial = partial_of(administration.app, database_id)
    connection.execute(statements.drop(partial))
    _copy_files(administration, connection, source, partial, spare_busy=spare_busy)
    return partial


def finish(connection: Connection, app: str, source: str, partial: str, mark: Mark) -> None:
    """Give a database what `source` has beside its files, a mark and its name: it counts now.

    Raises `database.settings-not-kept`.
    """
    catalogue = Catalogue(connection, app)
    original, made = catalogue.named(source), catalogue.named(partial)
    assert original is not None  # noqa: S101 - nobody else changes anything meanwhile
    assert made is not None  # noqa: S101 - it was made just now
    marked = replace(mark, oid=made.oid).written_after(original.comment)
    try:
        with connection.transaction():
            for statement in settings_of(connection, source, partial):
                connection.execute(statement)
            connection.execute(statements.comment(partial, marked))
            connection.execute(statements.doors(partial, is_open=False))
            connection.execute(statements.rename(partial, name_of(app, mark.id)))
    except psycopg.errors.InsufficientPrivilege as problem:
        connection.execute(statements.drop(partial))
        raise errors.settings_not_kept(app, reason_of(problem)) from None


def make_live(administration: Administration, database_id: str, before: str | None = None) -> None:
    """The swap. It came after what is live, or after `before`. Nothing is lost by repeating it.

    Where the connection is lost on the way, the server is asked what became of it. Raises
    `database.no-snapshot`, `database.held`.
    """
    try:
        _make_live(administration, database_id, before)
    except ParomError as problem:
        if problem.id != "database.unreachable":
            raise
        with administration.changing() as (_, catalogue):
            live = catalogue.live()
        if live is None or live.id != database_id:
            raise


def put_away(administration: Administration) -> None:
    """Let an empty database have the application's name, with all that belongs to it."""
    app = administration.app
    with administration.changing() as (connection, catalogue):
        live = catalogue.live()
        if live is None:
            return
        fresh = f"empty-{live.oid}"
        if catalogue.find(fresh) is None:
            partial = partial_of(app, fresh)
            connection.execute(statements.drop(partial))
            connection.execute(statements.create_empty(partial, catalogue.collation(app)))
            finish(connection, app, app, partial, Mark(app, fresh, 0))
    make_live(administration, fresh)


def _make_live(administration: Administration, database_id: str, before: str | None) -> None:
    app = administration.app
    with administration.changing() as (connection, catalogue):
        live, wanted = catalogue.live(), catalogue.known(database_id)
        if live and live.oid == wanted.oid:
            return
        came_after = before if before is not None else live.id if live else ""
        told = statements.swap(app, live, wanted, came_after)
        with administration.alone(connection) as alone:
            alone.empty(wanted.name)
            _run(alone, connection, told, live.name if live else wanted.name)


def _run(alone: Alone, connection: Connection, told: Sequence[Statement], database: str) -> None:
    """In one transaction, of which the first statement needs `database` for itself."""
    with connection.transaction():
        alone.run(told[0], database, spare_busy=False)
        for statement in told[1:]:
            connection.execute(statement)


def _copy_files(
    administration: Administration,
    connection: Connection,
    source: str,
    target: str,
    *,
    spare_busy: bool,
) -> None:
    version = connection.info.server_version
    told = statements.create(source, target, version)
    with administration.alone(connection) as alone:
        for clone in (True, False) if version >= _CLONES and _may_clone(connection) else (False,):
            if version >= _CLONES:
                _set_method(connection, "clone" if clone else "copy")
            try:
                alone.run(told, source, spare_busy=spare_busy)
            except psycopg.Error as problem:
                if is_passing(problem):
                    raise
                # What was begun is gone with the statement. A file system that shares no
                # blocks says so in many ways.
                if not clone:
                    raise errors.not_copied(administration.app, reason_of(problem)) from None
            else:
                return


def _may_clone(connection: Connection) -> bool:
    """Whether the server's system knows a way to share blocks at all."""
    found = connection.execute(
        "SELECT 'clone' = ANY (enumvals) FROM pg_settings WHERE name = 'file_copy_method'"
    ).fetchone()
    return bool(found and found[0])


def _set_method(connection: Connection, method: str) -> None:
    connection.execute("SELECT set_config('file_copy_method', %s, false)", (method,))
