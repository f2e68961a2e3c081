"""What a trigger's function notes of a written row. Pure.

It runs with the rights of whoever installed it: nothing in it is found by a search path, and a
column may be called as PL/pgSQL calls its own.
"""

from __future__ import annotations

from psycopg import sql

from parom.adapters.databases.postgresql.conditions import (
    is_another_file,
    is_below,
    is_moved,
    joined,
    of,
    was_there,
)
from parom.adapters.databases.postgresql.notes import (
    NEW_ONES,
    UNSEEN,
    WATCHED,
    index_name,
    notes_name,
    notes_of,
)
from parom.adapters.databases.postgresql.opening import Statement, quoted
from parom.adapters.databases.postgresql.since import Since
from parom.adapters.databases.postgresql.tables import Table

_SEES_ONE_INSTANT = (
    "pg_catalog.current_setting('transaction_isolation') OPERATOR(pg_catalog.=)"
    " ANY ('{repeatable read,serializable}'::pg_catalog.text[])"
)
"""Whether a transaction may see notes that were forgotten after it began. In a serializable one who
reads what others write beside him could also be refused."""


def noting(number: int, letter: str, table: Table, since: Since | None) -> Statement:
    """PL/pgSQL statements; `letter` is one of `TRIGGERS`."""
    if letter == "t":
        return _note_all(number, table, since)
    if table.key:
        return _note_key(number, letter, table, since)
    return _note_whole(number, letter, table)


def looks(letter: str, since: Since | None) -> bool:
    """Whether the function reads notes."""
    return letter == "d" and since is not None and since.looked is not None


def _note_key(number: int, letter: str, table: Table, since: Since | None) -> Statement:
    if since is None:
        return _note_first(number, letter, table)
    if letter == "i":
        return _note(number, table, ("NEW", "i"))
    if looks(letter, since):
        gone = _note(number, table, ("OLD", "w"))
        return sql.SQL("IF {} THEN {}; ELSIF NOT {} THEN {}; END IF").format(
            sql.SQL(_SEES_ONE_INSTANT), gone, _is_new(number, table), gone
        )
    if letter == "u" and since.looked is not None:
        return _note(number, table, ("OLD", "w"), ("NEW", "m"))
    doubtful = sql.SQL("{} THEN {}; ELSE {}; END IF").format(
        is_another_file(since, sql.SQL("TG_RELID")),
        _note(number, table, ("OLD", "w")),
        _note(number, table, ("OLD", letter)),
    )
    if letter == "d":
        return sql.SQL("IF {}").format(doubtful)
    return sql.SQL("IF {} THEN {}; ELSIF {}").format(
        is_moved(table), _note(number, table, ("OLD", "w"), ("NEW", "m")), doubtful
    )


def _note_first(number: int, letter: str, table: Table) -> Statement:
    """The first note of a key stays, but for one of a new row that came too soon: see `_doubted`.

    Where no two rows have the same key at any time, a row that stays where it is came too soon
    for nobody.
    """
    first, doubted = sql.SQL(" ON CONFLICT DO NOTHING"), _doubted(number)
    old, new = (_note(number, table, one) for one in (("OLD", letter), ("NEW", "i")))
    if letter == "i":
        return new + first
    if letter == "d":
        return old + doubted
    return sql.SQL("IF {} THEN {}{}; {}{}; ELSE {}{}; END IF").format(
        is_moved(table),
        _note(number, table, ("OLD", "w")),
        doubted,
        _note(number, table, ("NEW", "m")),
        first,
        old,
        doubted if table.is_late else first,
    )


def _doubted(number: int) -> Statement:
    """Triggers do not run in the order of the writes: those of a function that a statement
    calls run before the statement's own. So a key that a row had until it was deleted or moved
    may be noted as a new one's first. Then the note is of this transaction (its age is not above
    0), and the row is older."""
    return sql.SQL(
        " ON CONFLICT ON CONSTRAINT {index} DO UPDATE SET parom_op = 'w'"
        " WHERE pg_catalog.age({notes}.xmin) OPERATOR(pg_catalog.<=) 0"
        " AND {notes}.xmin OPERATOR(pg_catalog.<>) OLD.xmin"
    ).format(index=quoted(index_name(number)), notes=quoted(notes_name(number)))


def _is_new(number: int, table: Table) -> Statement:
    """Whether the row that goes was put in since, by a transaction that is over: a row that was
    there may be changed without a note. For one of this transaction see `_doubted`."""
    return sql.SQL(
        "EXISTS (SELECT FROM {} n WHERE {} OPERATOR(pg_catalog.=) {}"
        ' AND n.parom_op OPERATOR(pg_catalog.=) ANY ({}::pg_catalog."char"[])'
        " AND pg_catalog.age(n.xmin) OPERATOR(pg_catalog.>) 0)"
    ).format(
        notes_of(number),
        of("n", table.key[0]),
        of("OLD", table.key[0]),
        sql.Literal(f"{{{','.join(NEW_ONES)}}}"),
    )


def _note(number: int, table: Table, *noted: tuple[str, str]) -> sql.Composed:
    rows = [
        sql.SQL("({})").format(
            joined([*(of(version, name) for name in table.key), sql.Literal(letter)])
        )
        for version, letter in noted
    ]
    return sql.SQL("INSERT INTO {} VALUES {}").format(notes_of(number), joined(rows))


def _note_whole(number: int, letter: str, table: Table) -> Statement:
    versions = {"i": [("NEW", 1)], "u": [("OLD", -1), ("NEW", 1)], "d": [("OLD", -1)]}[letter]
    rows = [
        sql.SQL("({})").format(
            joined([*(of(version, name) for name in table.names), sql.Literal(count)])
        )
        for version, count in versions
    ]
    return sql.SQL("INSERT INTO {} VALUES {}").format(notes_of(number), joined(rows))


def _note_all(number: int, table: Table, since: Since | None) -> Statement:
    """Of the very table or partition that is emptied: each of them fires its own trigger."""
    kept = [quoted("parom_row", name) for name in table.key or table.names]
    letter: Statement = sql.SQL("-1")
    wanted: Statement = sql.SQL("")
    if table.key:
        letter = sql.SQL("'d'::pg_catalog.\"char\"")
    if since and since.looked is not None:
        letter = sql.SQL("'w'::pg_catalog.\"char\"")
        wanted = sql.SQL(" WHERE {}").format(is_below(since, table, "parom_row"))
    elif since:
        another = is_another_file(since, sql.SQL("parom_row.tableoid"))
        letter = sql.SQL("CASE WHEN {} THEN 'w' ELSE 'd' END::pg_catalog.\"char\"").format(another)
        wanted = sql.SQL(" WHERE {} OR {}").format(was_there(since, "parom_row"), another)
    again = sql.SQL(" ON CONFLICT DO NOTHING" if table.key and not since else "")
    note = sql.SQL("INSERT INTO {} SELECT {} FROM {} parom_row{}{}").format(
        notes_of(number), joined([*kept, letter]), sql.SQL("ONLY %I.%I"), wanted, again
    )
    # The names were written for SQL; `format` reads them once more.
    pattern = note.as_string(None).replace("%", "%%").replace("%%I.%%I", "%I.%I")
    return sql.SQL(
        "EXECUTE pg_catalog.format({}, TG_TABLE_SCHEMA, TG_TABLE_NAME);"
        " IF {} THEN INSERT INTO {} VALUES ({}); END IF"
    ).format(
        sql.Literal(pattern),
        _may_see_too_little(number, table, since),
        UNSEEN,
        sql.Literal(number),
    )


def _may_see_too_little(number: int, table: Table, since: Since | None) -> Statement:
    """Whether who empties the table may not see all of its rows, or rows that are gone. Those that
    he does not see are noted by others, but for what was there when the capture began: unless he
    sees that it did. Rows without a key are counted, and have to be seen."""
    if since is None or not table.key:
        return sql.SQL(_SEES_ONE_INSTANT)
    return sql.SQL(
        "{} AND NOT EXISTS (SELECT FROM {} w WHERE w.number OPERATOR(pg_catalog.=) {}"
        " AND w.since OPERATOR(pg_catalog.=) {}::pg_catalog.int8)"
    ).format(sql.SQL(_SEES_ONE_INSTANT), WATCHED, sql.Literal(number), sql.Literal(str(since.xid)))
