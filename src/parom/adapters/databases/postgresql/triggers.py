"""The statements that let a table note which of its rows are written. Pure.

A table with a key notes the key and what happened to it (`notes.NEW_ONES`); one without notes whole
rows, and whether they were put in (1) or taken out (-1). Where versions of rows tell what is new
(`since`), each row that was there is noted once, and by conditions that the server itself looks at
before it calls anything: most writes to a row that is noted cost next to nothing. A table that is
looked through notes no row that stays where it is. Elsewhere every write is noted, and an index
keeps the first note of a key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from psycopg import sql

from parom.adapters.databases.postgresql.conditions import always_when, joined, when
from parom.adapters.databases.postgresql.notes import index_name, notes_of
from parom.adapters.databases.postgresql.noting import looks, noting
from parom.adapters.databases.postgresql.opening import Statement, quoted
from parom.adapters.databases.postgresql.since import Since
from parom.adapters.databases.postgresql.tables import CAPTURE, Table

TRIGGERS = {"i": "INSERT", "u": "UPDATE", "d": "DELETE", "t": "TRUNCATE"}
"""What ends a trigger's name, and when it runs."""
_BY_INDEX = " SET enable_seqscan = off"
"""A session keeps its plan: what was made while there were no notes would read all of them, once
for each row that a statement deletes."""


def trigger_name(letter: str) -> str:
    return f"parom_capture_{letter}"


def function_name(number: int, letter: str) -> str:
    return f"note_{number}_{letter}"


def statements(
    number: int, table: Table, partitions: Sequence[Table], since: Since | None
) -> Iterator[Statement]:
    """What is made for one table: its notes, a function for each event, the triggers.

    Row triggers of a partitioned table come to its partitions by themselves, also to those that are
    made later. Who empties a partition by its own name fires that one's trigger, not the root's.
    """
    yield _notes(number, table, since)
    yield from anew(number, table, since)
    for one in partitions:
        yield _trigger(number, "t", one, None)
        for letter in TRIGGERS:
            yield _always(letter, one)


def anew(number: int, table: Table, since: Since | None) -> Iterator[Statement]:
    """The functions and triggers of a table, also in place of those that it has."""
    for letter in TRIGGERS:
        yield _function(number, letter, table, since)
    for letter in TRIGGERS:
        yield _trigger(number, letter, table, since)
        yield _always(letter, table)


def _notes(number: int, table: Table, since: Since | None) -> Statement:
    """With the types and collations of the table, and with none of its constraints."""
    kept = [quoted(name) for name in table.key or table.names]
    what = sql.SQL("'x'::\"char\" AS parom_op" if table.key else "1 AS parom_op")
    made = sql.SQL("CREATE TABLE {} AS SELECT {} FROM {} WITH NO DATA").format(
        notes_of(number), joined([*kept, what]), quoted(table.schema, table.name)
    )
    if table.key and not since:
        key = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} PRIMARY KEY ({})").format(
            notes_of(number), quoted(index_name(number)), joined(kept)
        )
        return sql.SQL("; ").join([made, key])
    done = [made, identified(notes_of(number))]
    if since and since.looked is not None:
        done.append(sql.SQL("CREATE INDEX ON {} ({})").format(notes_of(number), joined(kept)))
    return sql.SQL("; ").join(done)


def identified(place: sql.Identifier) -> Statement:
    """A table that is published (FOR ALL TABLES), and has no key, refuses to be changed."""
    return sql.SQL("ALTER TABLE {} REPLICA IDENTITY FULL").format(place)


def _function(number: int, letter: str, table: Table, since: Since | None) -> Statement:
    """It runs with the rights of whoever made it, so that every writer may note."""
    body = noting(number, letter, table, since)
    text = sql.SQL("BEGIN {}; RETURN NULL; END").format(body)
    return sql.SQL(
        "CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER{} AS {}"
    ).format(
        _function_place(number, letter),
        sql.SQL(_BY_INDEX if looks(letter, since) else ""),
        sql.Literal(text.as_string(None)),
    )


def _trigger(number: int, letter: str, table: Table, since: Since | None) -> Statement:
    moment: Statement = sql.SQL("BEFORE TRUNCATE" if letter == "t" else f"AFTER {TRIGGERS[letter]}")
    if letter == "u" and since and since.looked is not None:
        # Where a statement names no column of the key, the server looks no further.
        moment += sql.SQL(" OF {}").format(quoted(table.key[0]))
    each = "STATEMENT" if letter == "t" else "ROW"
    return sql.SQL("CREATE {}TRIGGER {} {} ON {} FOR EACH {} {}EXECUTE FUNCTION {}()").format(
        sql.SQL("OR REPLACE " if since else ""),
        quoted(trigger_name(letter)),
        moment,
        quoted(table.schema, table.name),
        sql.SQL(each),
        when(letter, table, since) if since else always_when(letter, table),
        _function_place(number, letter),
    )


def _always(letter: str, table: Table) -> Statement:
    """Also where a session plays a replica: there ordinary triggers are silent."""
    return sql.SQL("ALTER TABLE {} ENABLE ALWAYS TRIGGER {}").format(
        quoted(table.schema, table.name), quoted(trigger_name(letter))
    )


def _function_place(number: int, letter: str) -> sql.Identifier:
    return quoted(CAPTURE, function_name(number, letter))
