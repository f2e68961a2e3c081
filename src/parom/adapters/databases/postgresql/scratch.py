"""Databases that are there only to prove an archive, and those that are made of one."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg import sql

from parom.adapters.databases.postgresql import statements, versions
from parom.adapters.databases.postgresql.access import Access
from parom.adapters.databases.postgresql.administration import Administration
from parom.adapters.databases.postgresql.archives import Archives, digest_of
from parom.adapters.databases.postgresql.counting import counted, has_tables
from parom.adapters.databases.postgresql.names import Mark, partial_of
from parom.adapters.databases.postgresql.opening import Connection, opened, quoted
from parom.adapters.databases.postgresql.statistics import analyze
from parom.errors import ParomError
from parom.errors import postgresql as errors
from parom.facts import TableCount

_RESTORED, _SCRATCH = "restored", "scratch-"


def proven(
    administration: Administration,
    access: Access,
    archives: Archives,
    archive: Path,
    *,
    thorough: bool,
) -> tuple[TableCount, ...]:
    """The counts of an archive, restored into a database that is dropped again."""
    with _scratch(administration) as name:
        archives.restore_for_proof(archive, name, thorough=thorough)
        with opened(access, name) as connection:
            return counted(connection)


def put_back(
    administration: Administration, access: Access, archives: Archives, archive: Path
) -> None:
    """Make an archive the live database of an application that has none, or an empty one.

    The live one appears complete, in one transaction. An empty one gives it its owner, grants
    and settings, and is kept; without one they are the archive's. The archive is removed at
    the end.
    """
    if not archive.exists():
        with administration.looking() as catalogue:
            if catalogue.live() is None:
                raise errors.damaged(archive, "it is gone")
        return
    digest = digest_of(archive)
    made = _restored(administration, access, archives, archive, digest)
    if made:
        versions.make_live(administration, made, before="")
    archive.unlink()


def _restored(
    administration: Administration, access: Access, archives: Archives, archive: Path, digest: str
) -> str:
    """The id of a version that is not live yet; empty where it is live already."""
    app, partial = access.name, partial_of(access.name, _RESTORED)
    with administration.changing() as (connection, catalogue):
        live = catalogue.live()
        if live and live.mark and live.mark.archive == digest:
            return ""
        if live is None:
            _make_empty(connection, access, archives, archive)
        with opened(access) as inside:
            if has_tables(inside):
                raise errors.in_the_way(app)
        connection.execute(statements.drop(partial))
        with administration.alone(connection) as alone:
            told = statements.create(app, partial, connection.info.server_version)
            alone.run(told, app, spare_busy=False)
        connection.execute(statements.doors(partial, is_open=True))
        archives.restore(archive, partial)
        with opened(access, partial) as inside:
            analyze(inside)
        made = catalogue.named(partial)
        assert made is not None  # noqa: S101 - it was filled just now
        mark = Mark(app, f"{_RESTORED}-{made.oid}", made.oid, archive=digest)
        versions.finish(connection, app, app, partial, mark)
        return mark.id


def _make_empty(connection: Connection, access: Access, archives: Archives, archive: Path) -> None:
    """Under the application's name, which may be another than the archive's."""
    if archives.name_in(archive) == access.name:
        archives.make_database(archive)
        return
    connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(quoted(access.name)))


def cleared(administration: Administration) -> None:
    """Drop what proofs left that were killed; nothing while somebody still proves."""
    try:
        with administration.clearing() as (connection, catalogue):
            for database_id, found in catalogue.beside().items():
                for one in found if database_id.startswith(_SCRATCH) else ():
                    connection.execute(statements.drop(one.name))
    except ParomError as problem:
        if problem.id != "database.locked":
            raise


@contextmanager
def _scratch(administration: Administration) -> Iterator[str]:
    """A database of its own, with the live one's encoding where there is a live one."""
    app = administration.app
    name = partial_of(app, f"{_SCRATCH}{secrets.token_hex(4)}")
    with administration.proving() as (connection, catalogue):
        try:
            connection.execute(statements.create_empty(name, catalogue.collation(app)))
            yield name
        finally:
            connection.execute(statements.drop(name))
