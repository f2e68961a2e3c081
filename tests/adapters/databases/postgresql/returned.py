"""A database that was migrated, written to, and whose rows were carried onto its snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from parom.adapters.databases.postgresql.database import PostgreSQLDatabase
from parom.replay.apart import Carried, Why
from parom.replay.changes import Changes
from tests.adapters.databases.postgresql.server import Server

ROLE = """
CREATE ROLE keeper LOGIN CREATEDB PASSWORD 'x'; ALTER DATABASE app OWNER TO keeper;
CREATE EXTENSION citext; CREATE SCHEMA other AUTHORIZATION keeper
"""


@dataclass
class Returned:
    """What there is afterwards; the carried copy is live."""

    server: Server
    database: PostgreSQLDatabase
    newer: str
    """The id of the database that users wrote to."""
    carried: Carried
    why: dict[str, Why]
    """Of every captured row that is apart, by table and first value of its key."""

    @contextmanager
    def live(self, database_id: str) -> Iterator[None]:
        """Another version for a moment."""
        self.database.swap_in(database_id)
        yield
        self.database.swap_in("carried")

    def rows(self, table: str) -> str:
        """All of a table that came back, as the server writes them."""
        found = self.server.ask(f"SELECT t::text FROM {table} t ORDER BY 1")
        return " ".join(str(row) for (row,) in found)


def as_keeper(server: Server, *scripts: str) -> None:
    for script in scripts:
        if script:
            server.script(f"SET ROLE keeper; {script}")


def returned(
    server: Server, before: str, migration: str, written: str, changes: Changes
) -> Returned:
    """Everything is done by a role that owns what it needs to, and is no superuser."""
    server.make_app(ROLE)
    as_keeper(server, before)
    database = server.database(user="keeper", password="x")
    database.snapshot("snap")
    newer = database.live_id()
    as_keeper(server, migration)
    database.install_capture("run")
    as_keeper(server, written)
    carried = database.carry("snap", "carried", changes)
    why = {
        f"{row.table} {next(iter(row.key.values()))}": apart.why
        for row in database.captured_rows()
        if (apart := carried.apart_of(row))
    }
    database.swap_in("carried")
    return Returned(server, database, newer, carried, why)
