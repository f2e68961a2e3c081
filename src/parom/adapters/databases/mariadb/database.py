"""MariaDB behind the `Database` port."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext

import pymysql

from parom.adapters.databases.mariadb import capture, uncovered, versions
from parom.adapters.databases.mariadb.changed import changed_rows
from parom.adapters.databases.mariadb.copies import MariaDBCopies
from parom.adapters.databases.mariadb.counters import count_on, highest_ids
from parom.adapters.databases.mariadb.counting import counted
from parom.adapters.databases.mariadb.names import name_of
from parom.adapters.databases.mariadb.obstacles import check_movable, other_server
from parom.adapters.databases.mariadb.opening import opened, reason_of
from parom.adapters.databases.mariadb.sessions import end_idle, opened_by, strangers
from parom.adapters.databases.mariadb.still import held_still
from parom.adapters.databases.mariadb.tables import names_of
from parom.errors import database as errors
from parom.errors import mariadb as own_errors
from parom.errors.postgresql import unreachable
from parom.facts import CapturedRow, DatabaseFacts, Process, Snapshot, TableCount
from parom.ports import LiveRows, Progress
from parom.replay.apart import Carried
from parom.replay.changes import Changes
from parom.words.said import said

_IMPATIENT = {"lock_wait_timeout": "1", "max_statement_time": "20"}
_NO_REPLAY = said("nothing is carried over on MariaDB")


class MariaDBDatabase(MariaDBCopies):
    """See `MariaDBCopies` for what it is given."""

    kind = "mariadb"

    def facts(self) -> DatabaseFacts:
        name = self._access.name
        with opened(self._access) as session:
            version = str(session.one("SELECT version()"))
            tables = len(names_of(session, name))
            size = session.one(
                "SELECT coalesce(sum(data_length + index_length), 0) FROM information_schema.tables"
                " WHERE table_schema = %s",
                name,
            )
        return DatabaseFacts("mariadb", version, int(size), self._access.location, tables)

    def exists(self) -> bool:
        with self._administration.looking() as catalogue:
            return bool(names_of(catalogue.session, self._access.name))

    def applied_count(self) -> int:
        with opened(self._access, **_IMPATIENT) as session:
            try:
                return int(session.one("SELECT count(*) FROM django_migrations"))
            except pymysql.Error as problem:
                raise unreachable(self._access.location, reason_of(problem)) from None

    def holders(self, own: frozenset[int]) -> tuple[Process, ...]:
        with self._administration.looking() as catalogue:
            return tuple(strangers(catalogue.session, self._access.name, own))

    def openings(self) -> AbstractContextManager[None]:
        """The server does not tell without being asked again and again."""
        return nullcontext()

    def opened_by(self, pids: frozenset[int]) -> tuple[int, ...]:
        """By the ports of their connections: what comes by a socket is not seen."""
        with self._administration.looking() as catalogue:
            return opened_by(catalogue.session, self._access.name, pids)

    def end_idle(self, own: frozenset[int]) -> tuple[Process, ...]:
        with self._administration.looking() as catalogue:
            return end_idle(catalogue.session, self._access.name, own)

    def counts(self) -> tuple[TableCount, ...]:
        with opened(self._access) as session:
            return counted(session, self._access.name)

    def make_ready(self) -> None:
        """What is live gets its mark; what would refuse the swap does it now."""
        with self._administration.looking() as catalogue:
            other = other_server(catalogue.session)
        if other:
            raise other
        with self._administration.changing():
            pass

    def prepare_snapshot(
        self,
        snapshot_id: str,
        progress: Progress | None = None,  # noqa: ARG002 - nothing is done ahead
    ) -> None:
        """Nothing is quicker afterwards. Refused before the stop is what could not be done
        after it."""
        if self.find_snapshot(snapshot_id) is None:
            with self._administration.looking() as catalogue:
                check_movable(catalogue.session, self._access.name)

    def snapshot(self, snapshot_id: str) -> Snapshot:
        with self._administration.changing() as (session, catalogue):
            if catalogue.find(snapshot_id) is None:
                check_movable(session, self._access.name)
                live = catalogue.live()
                if live is None:
                    raise unreachable(self._access.location, said("there is nothing in it"))
                versions.copy(self._access, catalogue, live, snapshot_id)
            made = catalogue.known(snapshot_id)
            return Snapshot(snapshot_id, made.schema, catalogue.size_of(made.schema))

    def find_snapshot(self, snapshot_id: str) -> Snapshot | None:
        with self._administration.looking() as catalogue:
            found = catalogue.find(snapshot_id)
            if found is None:
                return None
            return Snapshot(snapshot_id, found.schema, catalogue.size_of(found.schema))

    def keep_ids(self, snapshot_id: str, *, renamed: bool = False) -> Mapping[str, int]:
        with self._administration.changing() as (session, catalogue):
            snapshot, live = catalogue.known(snapshot_id), catalogue.live()
            if live is None or live.id == snapshot_id:
                return {}
            try:
                given = highest_ids(session, live.schema)
                return count_on(session, snapshot.schema, given, renamed=renamed)
            except pymysql.Error as problem:
                raise errors.ids_not_kept(reason_of(problem)) from None

    def swap_in(self, snapshot_id: str) -> None:
        versions.make_live(self._administration, self._access, snapshot_id)

    def swap_back(self, snapshot_id: str) -> None:
        with self._administration.looking() as catalogue:
            live = catalogue.live()
        if live and live.id == snapshot_id and live.mark.before:
            self.swap_in(live.mark.before)
        elif live:
            # It may have been cut off before everything was as it was.
            self.swap_in(live.id)

    def start_over(self, snapshot_id: str) -> None:
        with self._administration.changing() as (_, catalogue):
            source, fresh = catalogue.known(snapshot_id), catalogue.fresh_id(snapshot_id)
            versions.copy(self._access, catalogue, source, fresh)
        self.swap_in(fresh)

    def put_away(self) -> None:
        versions.put_away(self._administration, self._access)

    def live_id(self) -> str:
        with self._administration.looking() as catalogue:
            live = catalogue.live()
            return live.id if live else ""

    def stale(self, keep: frozenset[str]) -> tuple[str, ...]:
        with self._administration.looking() as catalogue:
            return tuple(sorted(set(catalogue.beside()) - keep))

    def discard(self, database_id: str) -> None:
        with self._administration.changing() as (_, catalogue):
            live = catalogue.live()
            if live and live.id == database_id:
                message = f"database {database_id} is live and is not deleted"
                raise ValueError(message)
            catalogue.drop(name_of(catalogue.prefix, database_id))

    def install_capture(self, run_id: str) -> None:
        with opened(self._access) as session:
            if capture.installed_for(session, self._access.name) != run_id:
                capture.install(session, self._access.name, run_id)

    def clear_capture(self) -> None:
        with opened(self._access) as session:
            capture.clear(session, self._access.name)

    def capture_installed(self) -> bool:
        with opened(self._access) as session:
            return capture.installed_for(session, self._access.name) is not None

    def captured_rows(self) -> Iterator[CapturedRow]:
        with opened(self._access) as session:
            if capture.installed_for(session, self._access.name) is not None:
                yield from capture.rows(session, self._access.name)

    def capture_gaps(self) -> tuple[str, ...]:
        with opened(self._access) as session:
            return uncovered.gaps(session, self._access.name)

    def differing_rows(self, table: str, snapshot_id: str) -> Iterator[CapturedRow]:
        with self._administration.looking() as catalogue:
            before = catalogue.known(snapshot_id).schema
            try:
                yield from uncovered.differing(catalogue.session, self._access.name, before, table)
            except pymysql.Error as problem:
                raise errors.not_comparable(table, reason_of(problem)) from None

    def held_still(self) -> AbstractContextManager[None]:
        return held_still(self._access)

    def copy_ahead(
        self,
        snapshot_id: str,
        ahead_id: str,  # noqa: ARG002
        progress: Progress | None = None,  # noqa: ARG002
    ) -> None:
        """Nothing would use it up. Raises `database.no-snapshot`, `database.not-carried`."""
        self._refuse_carrying(snapshot_id)

    def carriable(self, snapshot_id: str, changes: Changes) -> int:  # noqa: ARG002
        """None. Raises as above."""
        self._refuse_carrying(snapshot_id)
        return 0

    def carry_ahead(
        self,
        snapshot_id: str,
        applied_id: str,  # noqa: ARG002
        changes: Changes,  # noqa: ARG002
        ahead_id: str,  # noqa: ARG002
    ) -> bool:
        """Never. Raises as above."""
        self._refuse_carrying(snapshot_id)
        return False

    def carry(
        self,
        snapshot_id: str,
        carried_id: str,  # noqa: ARG002
        changes: Changes,  # noqa: ARG002
        ahead_id: str = "",  # noqa: ARG002
        applied_id: str = "",  # noqa: ARG002
    ) -> Carried:
        """Never: all that was written is in quarantine. Raises as above."""
        self._refuse_carrying(snapshot_id)
        return Carried({}, {})

    def changed_rows(self, snapshot_id: str, changes: Changes) -> Mapping[str, int]:
        with self._administration.looking() as catalogue:
            before = catalogue.known(snapshot_id).schema
            try:
                return changed_rows(catalogue.session, self._access.name, before, changes)
            except pymysql.Error as problem:
                raise errors.not_comparable("*", reason_of(problem)) from None

    def single_rows(
        self,
        database_id: str = "",  # noqa: ARG002
    ) -> AbstractContextManager[LiveRows]:
        """Not built. Raises `database.no-single-rows`."""
        raise own_errors.no_single_rows()

    def trial_rows(self) -> AbstractContextManager[LiveRows]:
        raise own_errors.no_single_rows()

    def remove_capture(self) -> None:
        with opened(self._access) as session:
            capture.remove(session, self._access.name)

    def _refuse_carrying(self, snapshot_id: str) -> None:
        with self._administration.looking() as catalogue:
            catalogue.known(snapshot_id)
        raise errors.not_carried(_NO_REPLAY)
