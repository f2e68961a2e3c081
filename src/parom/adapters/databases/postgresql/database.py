"""PostgreSQL behind the `Database` port."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

import psycopg

from parom.adapters.databases.postgresql import capture, scratch, statements, uncovered, versions
from parom.adapters.databases.postgresql.access import Access
from parom.adapters.databases.postgresql.administration import Administration
from parom.adapters.databases.postgresql.archives import Archives, check_head
from parom.adapters.databases.postgresql.counters import count_on, counters
from parom.adapters.databases.postgresql.counting import counted, has_tables
from parom.adapters.databases.postgresql.opening import Connection, opened, reason_of
from parom.adapters.databases.postgresql.programs import Programs
from parom.adapters.databases.postgresql.rights import check_copyable, check_rights
from parom.adapters.databases.postgresql.sessions import own_ports, strangers
from parom.adapters.databases.postgresql.tables import tables_of
from parom.errors import database as errors
from parom.errors.postgresql import unreachable
from parom.facts import CapturedRow, DatabaseFacts, Process, Snapshot, TableCount
from parom.ports import Progress
from parom.replay.apart import Carried
from parom.replay.changes import Changes
from parom.words.said import said

_IMPATIENT = {"lock_timeout": "1s", "statement_timeout": "20s"}
_NOT_YET = said("with PostgreSQL this is not built yet")


class PostgreSQLDatabase:
    """`programs` are PostgreSQL's own, for archives; the rest is asked of the server."""

    kind = "postgresql"

    def __init__(self, access: Access, programs: Programs | None = None) -> None:
        self._access, self._programs = access, programs or Programs()
        self._administration = Administration(access)

    @property
    def ended(self) -> tuple[Process, ...]:
        """Sessions of others that were ended for a snapshot or a swap."""
        return tuple(self._administration.ended)

    def facts(self) -> DatabaseFacts:
        with self._connected() as connection:
            (version, size) = connection.execute(
                "SELECT current_setting('server_version'), pg_database_size(current_database())"
            ).fetchone() or ("", 0)
            tables = len(tables_of(connection))
        return DatabaseFacts("postgresql", version, int(size), self._access.location, tables)

    def exists(self) -> bool:
        with self._administration.looking() as catalogue:
            if catalogue.live() is None:
                return False
        with self._connected() as connection:
            return has_tables(connection)

    def applied_count(self) -> int:
        with opened(self._access, **_IMPATIENT) as connection:
            connection.execute("RESET search_path")
            try:
                found = connection.execute("SELECT count(*) FROM django_migrations").fetchone()
            except psycopg.Error as problem:
                raise unreachable(self._access.location, reason_of(problem)) from None
        return int((found or (0,))[0])

    def holders(self, own: frozenset[int]) -> tuple[Process, ...]:
        """Sessions of others, whose pid is that of the server's process. Those of `own` are
        known by the ports of their connections, so not where these are sockets of the machine."""
        with self._administration.looking() as catalogue:
            found = strangers(catalogue.connection, self._access.name)
        ports = own_ports(own) if found else set[int]()
        return tuple(one.as_process() for one in found if one.port not in ports)

    def counts(self) -> tuple[TableCount, ...]:
        with self._connected() as connection:
            return counted(connection)

    def copy_online(self, destination: Path, progress: Progress | None = None) -> None:
        partial = destination.with_name(destination.name + ".partial")
        try:
            self._archives().write(partial, self.facts().size_bytes, progress)
            partial.replace(destination)
        finally:
            partial.unlink(missing_ok=True)

    def check_copy(self, copy: Path, *, thorough: bool = False) -> tuple[TableCount, ...]:
        check_head(copy)
        return scratch.proven(self._access, self._archives(), copy, thorough=thorough)

    def put_back(self, restored: Path) -> None:
        scratch.put_back(self._administration, self._access, self._archives(), restored)

    def make_ready(self) -> None:
        """Nothing has to be brought into another form; what would refuse the swap does it now."""
        with self._administration.looking() as catalogue:
            check_rights(catalogue.connection, self._access.name)
            check_copyable(catalogue.connection, self._access.name)

    def prepare_snapshot(
        self,
        snapshot_id: str,
        progress: Progress | None = None,  # noqa: ARG002 - nothing takes time
    ) -> None:
        """Nothing is quicker afterwards: the server copies whole files. Refused before the stop
        is what could not be done after it."""
        if self.find_snapshot(snapshot_id) is None:
            self.make_ready()

    def snapshot(self, snapshot_id: str) -> Snapshot:
        with self._administration.changing() as (connection, catalogue):
            if catalogue.find(snapshot_id) is None:
                name = self._access.name
                check_rights(connection, name)
                check_copyable(connection, name)
                versions.copy(self._administration, connection, name, snapshot_id, spare_busy=True)
            made = catalogue.known(snapshot_id)
            return Snapshot(snapshot_id, made.name, catalogue.size_of(made))

    def find_snapshot(self, snapshot_id: str) -> Snapshot | None:
        with self._administration.looking() as catalogue:
            found = catalogue.find(snapshot_id)
            if found is None:
                return None
            return Snapshot(snapshot_id, found.name, catalogue.size_of(found))

    def keep_ids(self, snapshot_id: str, *, renamed: bool = False) -> Mapping[str, int]:  # noqa: ARG002
        """A sequence keeps its name when its table gets another."""
        with self._administration.changing() as (connection, catalogue):
            snapshot, live = catalogue.known(snapshot_id), catalogue.live()
            if live is None or live.oid == snapshot.oid:
                return {}
            with self._connected() as newer:
                given = counters(newer)
            with self._administration.let_in(connection, snapshot) as inside:
                try:
                    return count_on(inside, given)
                except psycopg.Error as problem:
                    raise errors.ids_not_kept(reason_of(problem)) from None

    def swap_in(self, snapshot_id: str) -> None:
        versions.make_live(self._administration, snapshot_id)

    def swap_back(self, snapshot_id: str) -> None:
        with self._administration.looking() as catalogue:
            live = catalogue.live()
        if live and live.mark and live.id == snapshot_id and live.mark.before:
            versions.make_live(self._administration, live.mark.before)

    def start_over(self, snapshot_id: str) -> None:
        with self._administration.changing() as (connection, catalogue):
            source, fresh = catalogue.known(snapshot_id), catalogue.fresh_id(snapshot_id)
            versions.copy(self._administration, connection, source.name, fresh, spare_busy=False)
        versions.make_live(self._administration, fresh)

    def put_away(self) -> None:
        versions.put_away(self._administration)

    def live_id(self) -> str:
        with self._administration.looking() as catalogue:
            live = catalogue.live()
            return live.id if live else ""

    def stale(self, keep: frozenset[str]) -> tuple[str, ...]:
        with self._administration.looking() as catalogue:
            return tuple(sorted(catalogue.beside().keys() - keep))

    def discard(self, database_id: str) -> None:
        with self._administration.changing() as (connection, catalogue):
            live = catalogue.live()
            if live and live.id == database_id:
                message = f"database {database_id} is live and is not deleted"
                raise ValueError(message)
            for one in catalogue.beside().get(database_id, ()):
                connection.execute(statements.drop(one.name))

    def install_capture(self, run_id: str) -> None:
        with self._connected() as connection:
            if capture.installed_for(connection) != run_id:
                capture.install(connection, run_id)

    def clear_capture(self) -> None:
        with self._connected() as connection:
            capture.clear(connection)

    def capture_installed(self) -> bool:
        with self._connected() as connection:
            return capture.installed_for(connection) is not None

    def captured_rows(self) -> Iterator[CapturedRow]:
        with self._connected() as connection:
            if capture.installed_for(connection) is not None:
                yield from capture.rows(connection)

    def capture_gaps(self) -> tuple[str, ...]:
        with self._connected() as connection:
            return uncovered.gaps(connection)

    def differing_rows(self, table: str, snapshot_id: str) -> Iterator[CapturedRow]:
        with self._administration.changing() as (connection, catalogue):
            snapshot = catalogue.known(snapshot_id)
            with (
                self._connected() as now,
                self._administration.let_in(connection, snapshot) as before,
            ):
                try:
                    yield from uncovered.differing(now, before, table)
                except psycopg.Error as problem:
                    raise errors.not_comparable(table, reason_of(problem)) from None

    def held_still(self) -> AbstractContextManager[None]:
        """Not built yet: nothing is carried, so that all is read but once."""
        return nullcontext()

    def carry(self, snapshot_id: str, carried_id: str, changes: Changes) -> Carried:  # noqa: ARG002
        """Not built yet: every row goes into quarantine."""
        with self._administration.looking() as catalogue:
            catalogue.known(snapshot_id)
        raise errors.not_carried(_NOT_YET)

    def changed_rows(self, snapshot_id: str, changes: Changes) -> Mapping[str, int]:  # noqa: ARG002
        """Not built yet: nobody knows, so that nothing is carried."""
        with self._administration.looking() as catalogue:
            catalogue.known(snapshot_id)
        raise errors.not_comparable("*", _NOT_YET)

    def remove_capture(self) -> None:
        with self._connected() as connection:
            capture.remove(connection)

    def _connected(self) -> AbstractContextManager[Connection]:
        return opened(self._access)

    def _archives(self) -> Archives:
        with self._administration.looking() as catalogue:
            server = catalogue.connection.info.server_version // 10_000
        return Archives(self._access, self._programs, server)
