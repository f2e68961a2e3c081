"""PostgreSQL behind the `Database` port."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext

import psycopg

from parom.adapters.databases.postgresql import capture, noted_rows, statements, uncovered, versions
from parom.adapters.databases.postgresql.carried_copy import (
    applied_ahead,
    carried_copy,
    copied_ahead,
)
from parom.adapters.databases.postgresql.catching_up import carriable
from parom.adapters.databases.postgresql.changed import changed_rows
from parom.adapters.databases.postgresql.copies import PostgreSQLCopies
from parom.adapters.databases.postgresql.counters import count_on, counters
from parom.adapters.databases.postgresql.counting import counted, has_tables
from parom.adapters.databases.postgresql.live_rows import live_rows, rows_of_version, trial_rows
from parom.adapters.databases.postgresql.opening import opened, reason_of
from parom.adapters.databases.postgresql.rights import check_copyable, check_rights
from parom.adapters.databases.postgresql.sessions import end_idle, opened_by, strangers
from parom.adapters.databases.postgresql.still import held_still
from parom.adapters.databases.postgresql.tables import tables_of
from parom.errors import database as errors
from parom.errors.postgresql import unreachable
from parom.facts import CapturedRow, DatabaseFacts, Process, Snapshot, TableCount
from parom.ports import LiveRows, Progress
from parom.replay.apart import Carried
from parom.replay.changes import Changes

_IMPATIENT = {"lock_timeout": "1s", "statement_timeout": "20s"}


class PostgreSQLDatabase(PostgreSQLCopies):
    """See `PostgreSQLCopies` for what it is given."""

    kind = "postgresql"

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
        """Sessions of others, whose pid is that of the server's process."""
        with self._administration.looking() as catalogue:
            found = strangers(catalogue.connection, self._access.name, own)
        return tuple(one.as_process() for one in found)

    def openings(self) -> AbstractContextManager[None]:
        """The server does not tell without being asked again and again."""
        return nullcontext()

    def opened_by(self, pids: frozenset[int]) -> tuple[int, ...]:
        """By the ports of their connections: what comes by a socket of the machine is not seen."""
        with self._administration.looking() as catalogue:
            return opened_by(catalogue.connection, self._access.name, pids)

    def end_idle(self, own: frozenset[int]) -> tuple[Process, ...]:
        with self._administration.looking() as catalogue:
            return end_idle(catalogue.connection, self._access.name, own)

    def counts(self) -> tuple[TableCount, ...]:
        with self._connected() as connection:
            return counted(connection)

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
                yield from noted_rows.rows(connection)

    def capture_gaps(self) -> tuple[str, ...]:
        with self._connected() as connection:
            return tuple(sorted({*uncovered.gaps(connection), *uncovered.unwatched(connection)}))

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
        return held_still(self._access)

    def copy_ahead(
        self,
        snapshot_id: str,
        ahead_id: str,
        progress: Progress | None = None,  # noqa: ARG002 - the server tells of none
    ) -> None:
        """How much room is left on the server, it does not say."""
        copied_ahead(self._administration, snapshot_id, ahead_id)

    def carriable(self, snapshot_id: str, changes: Changes) -> int:
        with self._administration.changing() as (connection, catalogue):
            snapshot = catalogue.known(snapshot_id)
            with (
                self._connected() as now,
                self._administration.let_in(connection, snapshot) as before,
            ):
                try:
                    return carriable(now, before, changes)
                except psycopg.Error as problem:
                    raise errors.not_carried(reason_of(problem)) from None

    def carry_ahead(
        self, snapshot_id: str, applied_id: str, changes: Changes, ahead_id: str
    ) -> bool:
        self._applied = None
        found = applied_ahead(
            self._administration, self._access, snapshot_id, applied_id, changes, ahead_id
        )
        self._applied = (applied_id, found) if found else None
        return found is not None

    def carry(
        self,
        snapshot_id: str,
        carried_id: str,
        changes: Changes,
        ahead_id: str = "",
        applied_id: str = "",
    ) -> Carried:
        applied, self._applied = self._applied, None
        return carried_copy(
            self._administration,
            self._access,
            snapshot_id,
            carried_id,
            changes,
            ahead_id,
            applied if applied and applied[0] == applied_id else None,
        )

    def changed_rows(self, snapshot_id: str, changes: Changes) -> Mapping[str, int]:
        with self._administration.changing() as (connection, catalogue):
            snapshot = catalogue.known(snapshot_id)
            with (
                self._connected() as now,
                self._administration.let_in(connection, snapshot) as before,
            ):
                try:
                    return changed_rows(now, before, changes)
                except psycopg.Error as problem:
                    raise errors.not_comparable("*", reason_of(problem)) from None

    def single_rows(self, database_id: str = "") -> AbstractContextManager[LiveRows]:
        if database_id:
            return rows_of_version(self._administration, self._access, database_id)
        return live_rows(self._access)

    def trial_rows(self) -> AbstractContextManager[LiveRows]:
        return trial_rows(self._access)

    def remove_capture(self) -> None:
        with self._connected() as connection:
            capture.remove(connection)
