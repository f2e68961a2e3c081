"""The statements that let a table note which of its rows are written. Pure.

A table with a key notes the key and the first operation on it; one without notes whole rows,
and whether they were put in (1) or taken out (-1).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from psycopg import sql

from parom.adapters.databases.postgresql.opening import Statement, quoted
from parom.adapters.databases.postgresql.tables import CAPTURE, Table

TRIGGERS = {"i": "INSERT", "u": "UPDATE", "d": "DELETE", "t": "TRUNCATE"}
"""What ends a trigger's name, and when it runs. One with transition tables serves one event."""
_SEEN = {
    "i": "AFTER INSERT ON {} REFERENCING NEW TABLE AS parom_new",
    "u": "AFTER UPDATE ON {} REFERENCING OLD TABLE AS parom_old NEW TABLE AS parom_new",
    "d": "AFTER DELETE ON {} REFERENCING OLD TABLE AS parom_old",
    "t": "BEFORE TRUNCATE ON {}",
}


@dataclass(frozen=True)
class _Source:
    """Rows of one statement, as they are or as they were."""

    name: sql.SQL
    is_new: bool


_NEW, _OLD = _Source(sql.SQL("parom_new"), is_new=True), _Source(sql.SQL("parom_old"), is_new=False)


def trigger_name(letter: str) -> str:
    return f"parom_capture_{letter}"


def notes_name(number: int) -> str:
    return f"notes_{number}"


def function_name(number: int, letter: str) -> str:
    return f"note_{number}_{letter}"


def statements(number: int, table: Table, partitions: Sequence[Table]) -> Iterator[Statement]:
    """What is made for one table: its notes, a function for each event, the triggers.

    Who writes to a partition by its own name fires that one's triggers and not the root's.
    """
    yield _notes(number, table)
    for letter in TRIGGERS:
        yield _function(number, letter, table)
    for one in (table, *partitions):
        for letter in TRIGGERS:
            yield from _trigger(number, letter, one)


def _notes(number: int, table: Table) -> Statement:
    """With the types and collations of the table, and with none of its constraints."""
    kept = [quoted(name) for name in table.key or table.names]
    is_keyed = bool(table.key)
    what = sql.SQL("'x'::\"char\" AS parom_op" if is_keyed else "1 AS parom_op")
    made = sql.SQL("CREATE TABLE {} AS SELECT {} FROM {} WITH NO DATA").format(
        _place(number), _joined([*kept, what]), quoted(table.schema, table.name)
    )
    if not is_keyed:
        return made
    key = sql.SQL("ALTER TABLE {} ADD PRIMARY KEY ({})").format(_place(number), _joined(kept))
    return sql.SQL("; ").join([made, key])


def _function(number: int, letter: str, table: Table) -> Statement:
    """It runs with the rights of whoever made it, so that every writer may note. Nothing in it
    is looked up by a search path, and a column may be called as PL/pgSQL calls its own."""
    body = {
        "i": _note(number, table, _NEW),
        # One statement for both takes half as long as two. The old keys come first: an update
        # that keeps its key is no insert.
        "u": _note(number, table, _OLD, _NEW),
        "d": _note(number, table, _OLD),
        "t": _note_all(number, table),
    }[letter]
    text = sql.SQL("BEGIN {}; RETURN NULL; END").format(body)
    return sql.SQL(
        "CREATE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS {}"
    ).format(_function_place(number, letter), sql.Literal(text.as_string(None)))


def _note(number: int, table: Table, *sources: _Source) -> Statement:
    """What was there and is written is an update, unless it is gone afterwards."""
    kept = [quoted("parom_row", name) for name in table.key or table.names]
    is_update = len(sources) > 1
    rows = [
        sql.SQL("SELECT {} FROM {} parom_row").format(
            _joined([*kept, _operation(table, source, is_update=is_update)]), source.name
        )
        for source in sources
    ]
    again = sql.SQL(" ON CONFLICT DO NOTHING" if table.key else "")
    return sql.SQL("INSERT INTO {} {}{}").format(
        _place(number), sql.SQL(" UNION ALL ").join(rows), again
    )


def _operation(table: Table, source: _Source, *, is_update: bool) -> Statement:
    if not table.key:
        return sql.SQL("1" if source.is_new else "-1")
    letter = "i" if source.is_new else "u" if is_update else "d"
    return sql.SQL('{}::pg_catalog."char"').format(sql.Literal(letter))


def _note_all(number: int, table: Table) -> Statement:
    """Of the very table or partition that is emptied: each of them fires its own trigger."""
    note = _note(number, table, _Source(sql.SQL("ONLY %I.%I"), is_new=False)).as_string(None)
    # The names were written for SQL; `format` reads them once more.
    pattern = note.replace("%", "%%").replace("%%I.%%I", "%I.%I")
    return sql.SQL("EXECUTE pg_catalog.format({}, TG_TABLE_SCHEMA, TG_TABLE_NAME)").format(
        sql.Literal(pattern)
    )


def _trigger(number: int, letter: str, table: Table) -> Iterator[Statement]:
    place = quoted(table.schema, table.name)
    name = quoted(trigger_name(letter))
    seen = sql.SQL(_SEEN[letter]).format(place)
    yield sql.SQL("CREATE TRIGGER {} {} FOR EACH STATEMENT EXECUTE FUNCTION {}()").format(
        name, seen, _function_place(number, letter)
    )
    # Also where a session plays a replica: there ordinary triggers are silent.
    yield sql.SQL("ALTER TABLE {} ENABLE ALWAYS TRIGGER {}").format(place, name)


def _place(number: int) -> sql.Identifier:
    return quoted(CAPTURE, notes_name(number))


def _function_place(number: int, letter: str) -> sql.Identifier:
    return quoted(CAPTURE, function_name(number, letter))


def _joined(parts: Sequence[sql.Composable]) -> Statement:
    return sql.SQL(", ").join(parts)
