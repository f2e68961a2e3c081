"""The database of a rehearsal: what is in an archive, under a name of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from parom.adapters.databases.postgresql import statements
from parom.adapters.databases.postgresql.access import Access
from parom.adapters.databases.postgresql.administration import Administration
from parom.adapters.databases.postgresql.archives import Archives
from parom.adapters.databases.postgresql.names import name_of, prefix_of
from parom.adapters.databases.postgresql.opening import opened
from parom.adapters.databases.postgresql.settings import settings_of
from parom.adapters.databases.postgresql.statistics import analyze

_ID = "rehearsal"


def made(
    administration: Administration, access: Access, archives: Archives, archive: Path
) -> Access:
    """With owners, grants and settings, so that the migrations meet what they will meet."""
    name = name_of(access.name, _ID)
    with administration.changing() as (connection, catalogue):
        connection.execute(statements.create_empty(name, catalogue.collation(access.name)))
        archives.restore(archive, name)
        for statement in settings_of(connection, access.name, name):
            connection.execute(statement)
    with opened(access, name) as inside:
        analyze(inside)
    return replace(access, name=name)


def dropped(administration: Administration, access: Access) -> None:
    """With its snapshots, and what a killed Parom left of them."""
    name = name_of(access.name, _ID)
    with administration.changing() as (connection, _):
        found = connection.execute(
            "SELECT datname FROM pg_database WHERE datname = %s OR starts_with(datname, %s)",
            (name, prefix_of(name)),
        ).fetchall()
        for (one,) in found:
            connection.execute(statements.drop(one))
