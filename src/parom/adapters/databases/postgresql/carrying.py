"""Writes captured rows onto a copy of the snapshot, in one transaction.

In rounds, as with SQLite (`parom.adapters.databases.carrying`): what the copy does not take, or
what would refer to nothing, goes apart, and the next round tries without.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from psycopg import sql

from parom.adapters.databases.postgresql import each, noted_rows, rounds, staging, uncovered
from parom.adapters.databases.postgresql.defaults import as_written_in
from parom.adapters.databases.postgresql.foreign_keys import ForeignKey, foreign_keys
from parom.adapters.databases.postgresql.loosened import event_triggers, loosened
from parom.adapters.databases.postgresql.noted_rows import Seen
from parom.adapters.databases.postgresql.opening import Connection
from parom.adapters.databases.postgresql.schemas import Known, mapped, schema_of
from parom.adapters.databases.postgresql.staging import Work
from parom.adapters.databases.postgresql.tables import Table
from parom.adapters.databases.postgresql.values import as_text
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
    if _was_migrated_since(newer):
        return Carried({}, {}, Apart(Why.REFUSED))
    meddling = event_triggers(copy)
    if meddling:
        named = ", ".join(meddling)
        raise errors.not_carried(said("event triggers may write meanwhile: {named}", named=named))
    with copy.transaction():
        # Functions in constraints find what they name as the application's sessions do.
        (usual,) = newer.execute(_USUAL_PATH).fetchone() or ("",)
        copy.execute(_PATH, (usual,))
        copy.execute("SELECT set_config('idle_in_transaction_session_timeout', '0', true)")
        keys = foreign_keys(copy)
        works, apart = _sorted_out(newer, copy, changes, keys)
        oids = [oid for work in works for oid in work.before.oids]
        with loosened(copy, oids, keys):
            apart |= settled(
                [work.names for work in works], apart, partial(rounds.tried, copy, works, keys)
            )
    carried = Counter(
        work.found.after for work in works for name in work.names if is_carried(apart.get(name))
    )
    return Carried(dict(sorted(carried.items())), apart)


def _was_migrated_since(newer: Connection) -> bool:
    """Whether somebody ran `migrate` by hand after the opening, or may have: then `changes` no
    longer tell how the two differ."""
    touched = (*noted_rows.written_tables(newer), *uncovered.gaps(newer))
    return any(name.rpartition(".")[2] in NEVER for name in touched)


def _sorted_out(
    newer: Connection, copy: Connection, changes: Changes, keys: Sequence[ForeignKey]
) -> tuple[list[Work], dict[str, Apart]]:
    """The rows to carry, by table, and those that cannot be."""
    before = schema_of(copy)
    after = schema_of(newer)
    maps = {
        name: as_written_in(newer, after[name], found)
        for name, found in mapped(before, after, changes).items()
    }
    maps |= dict.fromkeys(uncovered.gaps(newer), Why.UNSEEN)
    each.make_room(copy)
    works: list[Work] = []
    apart: dict[str, Apart] = {}
    with noted_rows.reading(newer) as tables:
        for noted, table in tables:
            found = maps.get(table.shown)
            if (noted.shown, noted.columns) != (table.shown, table.names):
                # By hand after the opening: a value would come back under another name.
                found = Why.UNSEEN
            work = None
            if isinstance(found, TableMap):
                work = _work(len(works), found, before[found.before], keys)
            bare = isinstance(found, TableMap) and found.asks_nothing
            seen = noted_rows.rows_of(newer, noted, table, bare=bare)
            rows = _wanted(seen, table, found, work, apart)
            first = next(rows, None)
            if first is not None and work is not None:
                staging.make(copy, work)
                staging.fill(copy, work, itertools.chain([first], rows))
                apart |= _keyed(copy, work)
                works.append(work)
    return works, apart


def _work(number: int, found: TableMap, before: Known, keys: Sequence[ForeignKey]) -> Work:
    led_to = {name for one in keys if one.parent_oid in before.oids for name in one.targets}
    return Work(number, found, before, tuple(sorted(led_to)))


def _wanted(
    seen: Iterator[Seen],
    table: Table,
    found: TableMap | Why | None,
    work: Work | None,
    apart: dict[str, Apart],
) -> Iterator[Row]:
    """What is to be written, each named in `work`; the rest is put into `apart`."""
    by_name = {one.name: place for place, one in enumerate(table.columns)}
    for one in seen:
        name = name_of(one.captured)
        verdict = decide(one.captured, found)
        if verdict is not None:
            apart[name] = verdict
        if work is not None and is_carried(verdict):
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
