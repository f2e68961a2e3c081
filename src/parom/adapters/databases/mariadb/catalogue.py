"""Which schemas of an installation are on its server, and which version each is.

A version's table `parom_version` says what it is, and moves with the others: by it the live one
is known. A schema without one is not finished, or empty.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from parom.adapters.databases.mariadb.names import is_of_rehearsal, name_of
from parom.adapters.databases.mariadb.opening import Session, literal, quoted
from parom.adapters.databases.mariadb.tables import VERSION, all_names, names_of
from parom.errors.release import no_snapshot

_LISTED = "SELECT schema_name FROM information_schema.schemata ORDER BY schema_name"
_SIZE = """
SELECT coalesce(sum(data_length + index_length), 0) FROM information_schema.tables
WHERE table_schema = %s
"""


@dataclass(frozen=True)
class Mark:
    """What Parom notes in a version."""

    id: str
    charset: str
    collation: str
    """What the schema gives to tables that say none themselves."""
    before: str = ""
    """The id of what was live until this one was swapped in."""
    archive: str = ""
    """The SHA-256 of the archive from which this one was restored."""


@dataclass(frozen=True)
class Version:
    schema: str
    mark: Mark

    @property
    def id(self) -> str:
        return self.mark.id


class Catalogue:
    """What is there now, as one session sees it."""

    def __init__(self, session: Session, app: str, prefix: str) -> None:
        self.session, self.app, self.prefix = session, app, prefix

    def live(self) -> Version | None:
        """None where the application's schema is not there, or has no tables."""
        found = self.version_in(self.app)
        if found or not names_of(self.session, self.app):
            return found
        charset, collation = self.defaults(self.app)
        return Version(self.app, Mark(self._first_id(), charset, collation))

    def find(self, database_id: str) -> Version | None:
        """A finished version, live or not."""
        live = self.live()
        if live and live.id == database_id:
            return live
        return self.version_in(name_of(self.prefix, database_id))

    def known(self, database_id: str) -> Version:
        """Raises `database.no-snapshot`."""
        found = self.find(database_id)
        if found is None:
            raise no_snapshot(database_id)
        return found

    def beside(self) -> list[str]:
        """Ids of what is not live, unfinished ones among them; nothing of a rehearsal."""
        live = self.live()
        return [
            found
            for name in self.schemas()
            if name.startswith(self.prefix) and not is_of_rehearsal(self.prefix, name)
            if (found := name.removeprefix(self.prefix)) != (live.id if live else "")
        ]

    def schemas(self) -> list[str]:
        return [name for (name,) in self.session.ask(_LISTED)]

    def fresh_id(self, snapshot_id: str) -> str:
        """An id for a copy of a snapshot: the same until that copy is complete."""
        numbered = (f"{snapshot_id}-again-{number}" for number in itertools.count(1))
        return next(one for one in numbered if self.find(one) is None)

    def version_in(self, schema: str) -> Version | None:
        if VERSION not in all_names(self.session, schema):
            return None
        found = self.session.ask(
            f"SELECT id, charset, collation, before_id, archive FROM {quoted(schema, VERSION)}"  # noqa: S608
        )
        return Version(schema, Mark(*found[0])) if found else None

    def defaults(self, schema: str) -> tuple[str, str]:
        """The character set and collation of a schema; of the server, where it is not there."""
        found = self.session.ask(
            "SELECT default_character_set_name, default_collation_name"
            " FROM information_schema.schemata WHERE schema_name = %s",
            schema,
        )
        if found:
            return str(found[0][0]), str(found[0][1])
        return tuple(self.session.ask("SELECT @@character_set_server, @@collation_server")[0])

    def size_of(self, schema: str) -> int:
        return int(self.session.one(_SIZE, schema))

    def mark(self, schema: str, mark: Mark) -> None:
        """Write it: from now on the schema is this version. At once, or not at all."""
        place, part = quoted(schema, VERSION), quoted(schema, "parom_version_part")
        if self.version_in(schema):
            told = f"before_id = {literal(mark.before)}, archive = {literal(mark.archive)}"
            self.session.ask(f"UPDATE {place} SET {told}")  # noqa: S608
            return
        self.session.ask(f"DROP TABLE IF EXISTS {part}, {place}")
        self.session.ask(
            f"CREATE TABLE {part} (id varchar(64) PRIMARY KEY, charset varchar(64) NOT NULL,"
            " collation varchar(64) NOT NULL, before_id varchar(64) NOT NULL,"
            " archive varchar(64) NOT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"
        )
        values = (mark.id, mark.charset, mark.collation, mark.before, mark.archive)
        self.session.ask(f"INSERT INTO {part} VALUES ({', '.join(map(literal, values))})")  # noqa: S608
        self.session.ask(f"RENAME TABLE {part} TO {place}")

    def make_empty(self, schema: str, charset: str, collation: str) -> None:
        """A schema that is there and has nothing in it; one that is a version stays."""
        if self.version_in(schema):
            message = f"{schema} is a finished version"
            raise ValueError(message)
        self.drop(schema)
        self.session.ask(
            f"CREATE DATABASE {quoted(schema)} CHARACTER SET {charset} COLLATE {collation}"
        )

    def drop(self, schema: str) -> None:
        """Absent is fine. Its mark goes first: half of a version is never taken for a whole one."""
        if VERSION in all_names(self.session, schema):
            self.session.ask(f"DROP TABLE {quoted(schema, VERSION)}")
        self.session.ask(f"DROP DATABASE IF EXISTS {quoted(schema)}")

    def _first_id(self) -> str:
        """Of a live one that has no mark yet; the same until it gets one."""
        taken = set(self.schemas())
        named = itertools.chain(["original"], (f"original-{n}" for n in itertools.count(2)))
        return next(one for one in named if name_of(self.prefix, one) not in taken)
