"""What becomes of copies: archives are written, proven, rehearsed on, put back."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from parom.adapters.databases.mariadb import archives, script, versions
from parom.adapters.databases.mariadb.access import Access
from parom.adapters.databases.mariadb.administration import Administration
from parom.adapters.databases.mariadb.catalogue import Catalogue, Mark
from parom.adapters.databases.mariadb.counting import counted
from parom.adapters.databases.mariadb.names import (
    is_of_rehearsal,
    is_scratch,
    name_of,
    rehearsal_of,
    scratch_of,
)
from parom.adapters.databases.mariadb.obstacles import check_movable, obstacles
from parom.adapters.databases.mariadb.opening import quoted
from parom.adapters.databases.mariadb.programs import Programs
from parom.adapters.databases.mariadb.rights import ends_sessions
from parom.adapters.databases.mariadb.tables import all_names, names_of
from parom.errors import ParomError
from parom.errors import mariadb as errors
from parom.errors import postgresql as server_errors
from parom.facts import DatabaseCopy, DatabaseSettings, ServerFacts, TableCount
from parom.ports import Progress

if TYPE_CHECKING:
    from parom.adapters.databases.mariadb.database import MariaDBDatabase

_COPIES_AT_ONCE = 3
"""On the server: the snapshot, a fresh copy for a migration that begins again, a backup's proof."""
_HERE = frozenset({"", "localhost", "127.0.0.1", "::1"})


class MariaDBCopies:
    """`access` may be found out later, once it is needed."""

    copy_name = "database.sql"
    carries_rows = False
    lies_on_disk = False
    copies_on_disk = 1
    """The archive; everything else is on the server."""

    def __init__(
        self, access: Access | Callable[[], Access], programs: Programs | None = None
    ) -> None:
        self._given, self._programs = access, programs or Programs()

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
        same_host = settings.host == mine.host or {settings.host, mine.host} <= _HERE
        told = (settings.engine.rpartition(".")[2], settings.name, settings.port or "3306")
        return same_host and told == ("mysql", mine.name, str(mine.port))

    def obstacles(self) -> tuple[ParomError, ...]:
        with self._administration.looking() as catalogue:
            return obstacles(catalogue, self._programs)

    def server(self) -> ServerFacts:
        with self._administration.looking() as catalogue:
            return ServerFacts(
                self._access.location,
                str(catalogue.session.one("SELECT current_user()")),
                catalogue.size_of(self._access.name),
                _COPIES_AT_ONCE,
                ends_sessions(catalogue.session),
                by_socket=False,
                kind="mariadb",
            )

    def copy_online(
        self, destination: Path, progress: Progress | None = None
    ) -> tuple[TableCount, ...]:
        with self._administration.looking() as catalogue:
            if catalogue.live() is None:
                raise server_errors.unreachable(self._access.location, "it is empty")
            check_movable(catalogue.session, self._access.name)
            return self._archived(catalogue, self._access.name, destination, progress)

    def copy_of(
        self, snapshot_id: str, folder: Path, progress: Progress | None = None
    ) -> DatabaseCopy:
        target = folder / self.copy_name
        with self._administration.looking() as catalogue:
            schema = catalogue.known(snapshot_id).schema
            return DatabaseCopy(target, self._archived(catalogue, schema, target, progress))

    def check_copy(self, copy: Path, *, thorough: bool = False) -> tuple[TableCount, ...]:  # noqa: ARG002
        """Indexes and constraints are made either way."""
        tail = script.tail_of(copy)
        with self._administration.looking() as catalogue:
            schema = scratch_of(catalogue.prefix, secrets.token_hex(4))
            try:
                catalogue.make_empty(schema, tail.charset, tail.collation)
                archives.restore(self._access, copy, schema)
                counts = counted(catalogue.session, schema)
            finally:
                catalogue.session.ask(f"DROP DATABASE IF EXISTS {quoted(schema)}")
        if counts != tail.tables:
            raise errors.damaged(copy, "other rows than it says are in it")
        return counts

    def checking(
        self, copy: Path, *, thorough: bool = False
    ) -> AbstractContextManager[Callable[[], tuple[TableCount, ...]]]:
        return nullcontext(partial(self.check_copy, copy, thorough=thorough))

    def rehearsed_on(self, copy: Path) -> MariaDBDatabase:
        from parom.adapters.databases.mariadb.database import MariaDBDatabase

        self.end_rehearsal()
        tail = script.tail_of(copy)
        with self._administration.changing() as (_, catalogue):
            name = rehearsal_of(catalogue.prefix)
            catalogue.make_empty(name, tail.charset, tail.collation)
            archives.restore(self._access, copy, name)
        return MariaDBDatabase(replace(self._access, name=name, prefix=name + "_"), self._programs)

    def end_rehearsal(self) -> None:
        with self._administration.changing() as (session, catalogue):
            for name in catalogue.schemas():
                # One run or one backup at a time proves: what is there was left by a killed one.
                if is_of_rehearsal(catalogue.prefix, name) or is_scratch(catalogue.prefix, name):
                    session.ask(f"DROP DATABASE IF EXISTS {quoted(name)}")

    def put_back(self, restored: Path) -> None:
        """The live one appears complete, at one instant; the archive is removed at the end."""
        if not restored.exists():
            with self._administration.looking() as catalogue:
                if catalogue.live() is None:
                    raise errors.damaged(restored, "it is gone")
            return
        made = self._restored(restored, archives.digest_of(restored))
        if made:
            versions.make_live(self._administration, self._access, made, before="")
        restored.unlink()

    def _restored(self, archive: Path, digest: str) -> str:
        """The id of a version that is not live yet; empty where it is live already."""
        tail, made = script.tail_of(archive), f"restored-{digest[:12]}"
        with self._administration.changing() as (session, catalogue):
            live = catalogue.live()
            if live and live.mark.archive == digest:
                return ""
            if names_of(session, self._access.name):
                raise server_errors.in_the_way(self._access.name)
            if self._access.name not in catalogue.schemas():
                session.ask(
                    f"CREATE DATABASE {quoted(self._access.name)} CHARACTER SET {tail.charset}"
                    f" COLLATE {tail.collation}"
                )
            if catalogue.find(made) is None:
                schema = name_of(catalogue.prefix, made)
                catalogue.make_empty(schema, tail.charset, tail.collation)
                archives.restore(self._access, archive, schema)
                mark = Mark(made, tail.charset, tail.collation, archive=digest)
                catalogue.mark(schema, mark)
        return made

    def _archived(
        self, catalogue: Catalogue, schema: str, destination: Path, progress: Progress | None
    ) -> tuple[TableCount, ...]:
        names = all_names(catalogue.session, schema)
        told = (*catalogue.defaults(schema), catalogue.size_of(schema))
        return archives.write(
            self._access, self._programs, destination, schema, names, told, progress
        )
