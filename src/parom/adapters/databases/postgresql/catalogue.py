"""Which databases of an installation are on its server."""

from __future__ import annotations

import itertools

from psycopg import sql

from parom.adapters.databases.postgresql.names import PARTIAL, Version, name_of, parted, prefix_of
from parom.adapters.databases.postgresql.opening import Connection
from parom.errors.release import no_snapshot

_CUT_OFF = -2
"""The connection limit of a database whose DROP did not come to its end."""
_LISTED = """
SELECT d.datname, d.oid::bigint, coalesce(shobj_description(d.oid, 'pg_database'), ''),
 d.datconnlimit FROM pg_database d WHERE d.datname = %s OR starts_with(d.datname, %s) ORDER BY 1
"""
_COLLATIONS = (
    (17, "datlocprovider::text, datlocale, daticurules"),
    (16, "datlocprovider::text, daticulocale, daticurules"),
    (15, "datlocprovider::text, daticulocale, NULL"),
    (13, "NULL, NULL, NULL"),
)
"""Who compares texts (from 15 on not always the C library), how, and what was added to that."""
_OWN = ("UTF8", "C", "C", None, None, None)
_PROVIDERS = {
    "c": ("libc", "LOCALE"),
    "i": ("icu", "ICU_LOCALE"),
    "b": ("builtin", "BUILTIN_LOCALE"),
}


class Catalogue:
    """What is there now, as one connection sees it."""

    def __init__(self, connection: Connection, app: str) -> None:
        self.connection, self._app = connection, app

    def live(self) -> Version | None:
        return self.named(self._app)

    def named(self, name: str) -> Version | None:
        return next((one for one in self._all() if one.name == name), None)

    def find(self, database_id: str) -> Version | None:
        """A finished version, live or not."""
        live = self.live()
        if live and live.id == database_id:
            return live
        found = self.named(name_of(self._app, database_id))
        return found if found and found.is_valid else None

    def known(self, snapshot_id: str) -> Version:
        """Raises `database.no-snapshot`."""
        found = self.find(snapshot_id)
        if found is None:
            raise no_snapshot(snapshot_id)
        return found

    def beside(self) -> dict[str, list[Version]]:
        """By id what is not live, unfinished ones among them; nothing that others made."""
        found, prefix = dict[str, list[Version]](), prefix_of(self._app)
        for one in self._all():
            if one.name != self._app and (one.mark or one.name.endswith(PARTIAL)):
                found.setdefault(one.name.removeprefix(prefix).removesuffix(PARTIAL), []).append(
                    one
                )
        return found

    def fresh_id(self, snapshot_id: str) -> str:
        """An id for a copy of a snapshot: the same until that copy is complete."""
        numbered = (f"{snapshot_id}-again-{number}" for number in itertools.count(1))
        return next(one for one in numbered if self.find(one) is None)

    def collation(self, name: str) -> dict[str, str]:
        """With what a database was made, as CREATE DATABASE is told it: its encoding, and who
        compares texts in it, and how; PostgreSQL's own where it is not there."""
        server = self.connection.info.server_version // 10_000
        shown = next(columns for since, columns in _COLLATIONS if server >= since)
        asking = sql.SQL(
            "SELECT pg_encoding_to_char(encoding), datcollate, datctype, {} FROM pg_database"
            " WHERE datname = %s"
        ).format(sql.SQL(shown))
        found = self.connection.execute(asking, (name,)).fetchone()
        encoding, collate, ctype, provider, locale, rules = found or _OWN
        named, how = _PROVIDERS.get(provider, (None, "LOCALE"))
        told = {"ENCODING": encoding, "LC_COLLATE": collate, "LC_CTYPE": ctype}
        told |= {"LOCALE_PROVIDER": named, how: locale, "ICU_RULES": rules}
        return {option: value for option, value in told.items() if value}

    def size_of(self, version: Version) -> int:
        found = self.connection.execute("SELECT pg_database_size(%s::oid)", (version.oid,))
        return int((found.fetchone() or (0,))[0])

    def _all(self) -> list[Version]:
        found = self.connection.execute(_LISTED, (self._app, prefix_of(self._app))).fetchall()
        return [
            Version(name, oid, *parted(comment, self._app, oid), limit != _CUT_OFF)
            for name, oid, comment, limit in found
        ]
