"""Writes captured rows onto a copy of the snapshot, in one transaction.

In rounds, as with SQLite (`parom.adapters.databases.carrying`): what the copy does not take, or
what would refer to nothing, goes apart, and the next round tries without.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

from psycopg import sql

from parom.adapters.databases.postgresql import each, noted_rows, rounds, staging, uncovered
from parom.adapters.databases.postgresql.defaults import as_written_in
from parom.adapters.databases.postgresql.foreign_keys import ForeignKey, foreign_keys
from parom.adapters.databases.postgresql.loosened import event_triggers, loosened
from parom.adapters.databases.postgresql.noted_rows import Seen
from parom.adapters.databases.postgresql.opening import Connection
from parom.adapters.databases.postgresql.schemas import mapped, schema_of
from parom.adapters.databases.postgresql.staging import Work
from parom.adapters.databases.postgresql.tables import Table
from parom.adapters.databases.postgresql.values import as_text
from parom.adapters.databases.postgresql.watched import Noted
from parom.errors import database as errors
from parom.replay.apart import Apart, Carried, Why, is_carried, name_of
from parom.replay.changes import Changes
from parom.replay.deciding import decide
from parom.replay.mapping import NEVER, TableMap
from parom.replay.settling import settled
from parom.words.said import said

_USUAL_PATH = "SELECT reset_val FROM pg_settings WHERE name = 'search_path'"
_PATH = """
SELECT set_config('search_path', concat_ws(', ', 'pg_catalog', nullif(%s, ''), string_agg(DISTINCT
 quote_ident(n.nspname), ', ')), true)
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
"""
Row = tuple[bool, Sequence[str | None]]
"""Whether it is there, and its texts: see `staging.fill`."""


def carry(newer: Connection, copy: Connection, changes: Changes) -> Carried:
    """Carry the rows that `newer` captured onto `copy`, a copy of the snapshot; or none of them.

    Raises `database.not-carried`, psycopg.Error.
    """
    if was_migrated_since(newer):
        return Carried({}, {}, Apart(Why.REFUSED))
    with begun(newer, copy) as keys:
        found = Sorted(newer, copy, changes, keys)
        with noted_rows.reading(newer) as tables:
            for noted, table in tables:
                bare = found.asks_nothing_of(table)
                found.stage(noted, table, noted_rows.rows_of(newer, noted, table, bare=bare))
        found.write()
    carried = Counter(found.carried.values())
    return Carried(dict(sorted(carried.items())), found.apart, apart_tables=found.apart_tables)


def was_migrated_since(newer: Connection) -> bool:
    """Whether somebody ran `migrate` by hand after the opening, or may have: then the changes no
    longer tell how the two differ."""
    gaps = uncovered.gaps(newer)
    unseen = any(name.rpartition(".")[2] in NEVER for name in gaps)
    return unseen or noted_rows.are_noted(newer, NEVER)


@contextmanager
def begun(newer: Connection, copy: Connection) -> Iterator[Sequence[ForeignKey]]:
    """The transaction on `copy`, and its foreign keys. Raises `database.not-carried`."""
    meddling = event_triggers(copy)
    if meddling:
        named = ", ".join(meddling)
        raise errors.not_carried(said("event triggers may write meanwhile: {named}", named=named))
    with copy.transaction():
        # Functions in constraints find what they name as the application's sessions do.
        (usual,) = newer.execute(_USUAL_PATH).fetchone() or ("",)
        copy.execute(_PATH, (usual,))
        copy.execute("SELECT set_config('idle_in_transaction_session_timeout', '0', true)")
        yield foreign_keys(copy)


class Sorted:
    """Captured rows: what is to be written of them, by table, and what becomes of them."""

    def __init__(
        self, newer: Connection, copy: Connection, changes: Changes, keys: Sequence[ForeignKey]
    ) -> None:
        self._copy, self._keys, self._before = copy, keys, schema_of(copy)
        after = schema_of(newer)
        self._maps = {
            name: as_written_in(newer, after[name], found)
            for name, found in mapped(self._before, after, changes).items()
        }
        self._maps |= dict.fromkeys(uncovered.gaps(newer), Why.UNSEEN)
        each.make_room(copy)
        self.works: list[Work] = []
        self.apart: dict[str, Apart] = {}
        self.apart_tables: dict[str, Apart] = {}

    @property
    def carried(self) -> dict[str, str]:
        """The table of each row that was to be written and is carried, by its name."""
        return {
            name: work.found.after
            for work in self.works
            for name in work.names
            if is_carried(self.apart.get(name))
        }

    def asks_nothing_of(self, table: Table) -> bool:
        found = self._maps.get(table.shown)
        return isinstance(found, TableMap) and found.asks_nothing

    def carries(self, table: Table) -> bool:
        """Whether anything of a table may be carried, as far as the migrations say."""
        return isinstance(self._maps.get(table.shown), TableMap)

    def stage(self, noted: Noted, table: Table, seen: Iterator[Seen]) -> Work | None:
        """Put rows of one table where `write` takes them from, if any are to be written."""
        found = self._maps.get(table.shown)
        if (noted.shown, noted.columns) != (table.shown, table.names):
            # By hand after the opening: a value would come back under another name.
            found = Why.UNSEEN
        if not isinstance(found, TableMap):
            if next(seen, None) is not None:
                self.apart_tables[table.shown] = Apart(found or Why.NO_TABLE)
            return None
        work = self._work(found)
        rows = _wanted(seen, table, found, work, self.apart)
        first = next(rows, None)
        if first is None:
            return None
        staging.make(self._copy, work)
        staging.fill(self._copy, work, itertools.chain([first], rows))
        self.apart |= _keyed(self._copy, work)
        self.works.append(work)
        return work

    def write(self) -> None:
        """Carry them. What the copy does not take, or would refer to nothing, is apart then."""
        oids = [oid for work in self.works for oid in work.before.oids]
        with loosened(self._copy, oids, self._keys):
            tried = partial(rounds.tried, self._copy, self.works, self._keys)
            self.apart |= settled([work.names for work in self.works], self.apart, tried)

    def _work(self, found: TableMap) -> Work:
        before = self._before[found.before]
        led_to = {name for k in self._keys if k.parent_oid in before.oids for name in k.targets}
        return Work(len(self.works), found, before, tuple(sorted(led_to)))


def _wanted(
    seen: Iterator[Seen],
    table: Table,
    found: TableMap,
    work: Work,
    apart: dict[str, Apart],
) -> Iterator[Row]:
    """What is to be written, each named in `work`; the rest is put into `apart`."""
    by_name = {one.name: place for place, one in enumerate(table.columns)}
    for one in seen:
        name = name_of(one.captured)
        verdict = decide(one.captured, found)
        if verdict is not None:
            apart[name] = verdict
        if is_carried(verdict):
            work.names.append(name)
            texts = [as_text(value) for value in one.key]
            if one.row:
                texts += [as_text(one.row[by_name[pair.after]]) for pair in work.pairs]
            else:
                texts += [None] * len(work.pairs)
            yield bool(one.row), texts


def _keyed(copy: Connection, work: Work) -> Mapping[str, Apart]:
    """Read the keys, and note what the snapshot has under them; rows without such a key."""
    places = sql.SQL("SELECT parom_place FROM {}").format(work.rows)
    refused = each.refused(copy, staging.keying(work), places)
    other = staging.other_keys(copy, work)
    staging.keep_older(copy, work)
    return {work.names[place]: Apart(Why.DOES_NOT_FIT) for place in refused} | {
        work.names[place]: Apart(Why.DIFFERS) for place in other
    }
