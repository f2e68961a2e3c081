"""What becomes of copies: archives are written, proven, rehearsed on, put back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from parom.adapters.databases.postgresql import rehearsed, scratch
from parom.adapters.databases.postgresql.access import Access
from parom.adapters.databases.postgresql.administration import Administration
from parom.adapters.databases.postgresql.archives import Archives, check_head
from parom.adapters.databases.postgresql.catching_up import Then
from parom.adapters.databases.postgresql.counting import counted_within, one_instant
from parom.adapters.databases.postgresql.opening import Connection, opened
from parom.adapters.databases.postgresql.programs import Programs
from parom.adapters.databases.postgresql.rights import (
    check_copyable,
    check_direct,
    check_there,
    rights,
    too_small_rights,
)
from parom.errors import ParomError
from parom.errors.postgresql import no_maintenance
from parom.facts import DatabaseCopy, DatabaseSettings, ServerFacts, TableCount
from parom.ports import Progress

if TYPE_CHECKING:
    from parom.adapters.databases.postgresql.database import PostgreSQLDatabase

_COPIES_AT_ONCE = 3
"""On the server, after the opening: the snapshot, its copy for a return, and a backup's proof."""
_HERE = frozenset({"", "localhost", "127.0.0.1", "::1"})
_ENGINES = frozenset({"postgresql", "postgresql_psycopg2", "postgis"})


def _problem_of(look: Callable[[], object]) -> ParomError | None:
    try:
        look()
    except ParomError as problem:
        return problem
    return None


class PostgreSQLCopies:
    """`access` may be found out later, once it is needed. `programs` are PostgreSQL's own, for
    archives; the rest is asked of the server."""

    copy_name = "database.pgdump"
    carries_rows = True
    lies_on_disk = False
    copies_on_disk = 1
    """The archive; everything else is on the server."""

    def __init__(
        self, access: Access | Callable[[], Access], programs: Programs | None = None
    ) -> None:
        self._given, self._programs = access, programs or Programs()
        self._applied: tuple[str, Then] | None = None
        """The copy that has rows in it already, and which: of nobody else's is that known."""

    @cached_property
    def _access(self) -> Access:
        return self._given if isinstance(self._given, Access) else self._given()

    @cached_property
    def _administration(self) -> Administration:
        return Administration(self._access)

    @property
    def settings_name(self) -> str:
        return self._access.name

    def is_named_by(
        self,
        settings: DatabaseSettings,
        folder: Path,  # noqa: ARG002 - nothing counts from there
    ) -> bool:
        mine = self._access
        is_postgresql = settings.engine.rpartition(".")[2] in _ENGINES
        same_host = settings.host == mine.host or {settings.host, mine.host} <= _HERE
        port = settings.port or "5432"
        return is_postgresql and same_host and (settings.name, port) == (mine.name, str(mine.port))

    def obstacles(self) -> tuple[ParomError, ...]:
        try:
            return self._obstacles()
        except ParomError as problem:
            if problem.id != "database.unreachable" or _problem_of(self._answers):
                raise
            return (no_maintenance(self._access.maintenance, problem.fact),)

    def _answers(self) -> None:
        """Raises `database.unreachable` where the application's own database does not either."""
        with self._connected():
            pass

    def _obstacles(self) -> tuple[ParomError, ...]:
        name = self._access.name
        with self._administration.looking() as catalogue:
            connection = catalogue.connection
            server = connection.info.server_version // 10_000
            looks: list[Callable[[], object]] = [
                lambda: check_direct(connection, self._access.location),
                lambda: check_there(connection, name),
                lambda: check_copyable(connection, name),
                lambda: self._programs.path_of("pg_dump", server),
                lambda: self._programs.path_of("pg_restore", server),
            ]
            found = filter(None, map(_problem_of, looks))
            return (*too_small_rights(connection, name), *found)

    def server(self) -> ServerFacts:
        name = self._access.name
        with self._administration.looking() as catalogue:
            held = rights(catalogue.connection, name)
            (size,) = catalogue.connection.execute(
                "SELECT pg_database_size(oid) FROM pg_database WHERE datname = %s", (name,)
            ).fetchone() or (0,)
        return ServerFacts(
            self._access.location,
            held.role,
            int(size),
            _COPIES_AT_ONCE,
            held.ends_sessions,
            self._access.by_socket,
        )

    def copy_online(
        self, destination: Path, progress: Progress | None = None
    ) -> tuple[TableCount, ...]:
        with self._connected() as connection:
            return self._archived(connection, destination, progress)

    def copy_of(
        self, snapshot_id: str, folder: Path, progress: Progress | None = None
    ) -> DatabaseCopy:
        target = folder / self.copy_name
        with self._administration.changing() as (connection, catalogue):
            snapshot = catalogue.known(snapshot_id)
            with self._administration.open_to_programs(connection, snapshot) as inside:
                return DatabaseCopy(target, self._archived(inside, target, progress))

    def check_copy(self, copy: Path, *, thorough: bool = False) -> tuple[TableCount, ...]:
        check_head(copy)
        return scratch.proven(
            self._administration, self._access, self._archives(), copy, thorough=thorough
        )

    def checking(
        self, copy: Path, *, thorough: bool = False
    ) -> AbstractContextManager[Callable[[], tuple[TableCount, ...]]]:
        return nullcontext(partial(self.check_copy, copy, thorough=thorough))

    def rehearsed_on(self, copy: Path) -> PostgreSQLDatabase:
        from parom.adapters.databases.postgresql.database import PostgreSQLDatabase

        self.end_rehearsal()
        made = rehearsed.made(self._administration, self._access, self._archives(), copy)
        return PostgreSQLDatabase(made, self._programs)

    def end_rehearsal(self) -> None:
        rehearsed.dropped(self._administration, self._access)
        scratch.cleared(self._administration)

    def put_back(self, restored: Path) -> None:
        scratch.put_back(self._administration, self._access, self._archives(), restored)

    def _archived(
        self, connection: Connection, destination: Path, progress: Progress | None
    ) -> tuple[TableCount, ...]:
        """What is counted is what the archive holds: both see the same instant."""
        partial = destination.with_name(destination.name + ".partial")
        database = connection.info.dbname
        (size,) = connection.execute("SELECT pg_database_size(current_database())").fetchone() or (
            0,
        )
        try:
            with one_instant(connection) as instant:
                self._archives().write(partial, database, instant, int(size), progress)
                counts = counted_within(connection)
            partial.replace(destination)
        finally:
            partial.unlink(missing_ok=True)
        return counts

    def _connected(self) -> AbstractContextManager[Connection]:
        return opened(self._access)

    def _archives(self) -> Archives:
        with self._administration.looking() as catalogue:
            server = catalogue.connection.info.server_version // 10_000
        return Archives(self._access, self._programs, server)
