"""The statements that let a table note which of its rows are written. Pure.

A table with a key notes the key and what happened to it (`NEW_ONES`); one without notes whole
rows, and whether they were put in (1) or taken out (-1). Where versions of rows tell what is new
(`since`), each row that was there is noted once, and by conditions that the server itself looks at
before it calls anything: most writes to a row that is noted cost next to nothing. A table that is
looked through notes no row that stays where it is. Elsewhere every write is noted, and an index
keeps the first note of a key.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from psycopg import sql

from parom.adapters.databases.postgresql.opening import Statement, quoted
from parom.adapters.databases.postgresql.since import Since
from parom.adapters.databases.postgresql.tables import CAPTURE, Table

WATCHED = quoted(CAPTURE, "watched")
"""What was watched from when on."""
UNSEEN = quoted(CAPTURE, "unseen")
"""Numbers of tables that somebody emptied who did not see all that was in them."""
TRIGGERS = {"i": "INSERT", "u": "UPDATE", "d": "DELETE", "t": "TRUNCATE"}
"""What ends a trigger's name, and when it runs."""
NEW_ONES = ("i", "m")
"""Letters of a note that say nothing of a row that was there before: put in, and moved to.

The others: `u`, `d` of one that was there and was changed or deleted, `w` of one that was there
as far as anybody knows. A key of which there are only notes of new ones was not there."""

_BY_INDEX = " SET enable_seqscan = off"
"""A session keeps its plan: what was made while there were no notes would read all of them, once
for each row that a statement deletes."""
_SEES_ONE_INSTANT = (
    "pg_catalog.current_setting('transaction_isolation') OPERATOR(pg_catalog.=)"
    " ANY ('{repeatable read,serializable}'::pg_catalog.text[])"
)
"""Whether a transaction may see notes that were forgotten after it began. In a serializable one who
reads what others write beside him could also be refused."""
_NUMBERS = frozenset({20, 21, 23, 700, 701})
"""Oids of bigint, smallint, integer, real and double precision."""


def trigger_name(letter: str) -> str:
    return f"parom_capture_{letter}"


def notes_name(number: int) -> str:
    return f"notes_{number}"


def _index_name(number: int) -> str:
    return f"{notes_name(number)}_key"


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
        _place(number), _joined([*kept, what]), quoted(table.schema, table.name)
    )
    if table.key and not since:
        key = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} PRIMARY KEY ({})").format(
            _place(number), quoted(_index_name(number)), _joined(kept)
        )
        return sql.SQL("; ").join([made, key])
    done = [made, identified(_place(number))]
    if since and since.looked is not None:
        done.append(sql.SQL("CREATE INDEX ON {} ({})").format(_place(number), _joined(kept)))
    return sql.SQL("; ").join(done)


def identified(place: sql.Identifier) -> Statement:
    """A table that is published (FOR ALL TABLES), and has no key, refuses to be changed."""
    return sql.SQL("ALTER TABLE {} REPLICA IDENTITY FULL").format(place)


def _function(number: int, letter: str, table: Table, since: Since | None) -> Statement:
    """It runs with the rights of whoever made it, so that every writer may note. Nothing in it
    is looked up by a search path, and a column may be called as PL/pgSQL calls its own."""
    if letter == "t":
        body = _note_all(number, table, since)
    elif table.key:
        body = _note_key(number, letter, table, since)
    else:
        body = _note_whole(number, letter, table)
    text = sql.SQL("BEGIN {}; RETURN NULL; END").format(body)
    return sql.SQL(
        "CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER{} AS {}"
    ).format(
        _function_place(number, letter),
        sql.SQL(_BY_INDEX if _looks(letter, since) else ""),
        sql.Literal(text.as_string(None)),
    )


def _looks(letter: str, since: Since | None) -> bool:
    """Whether the function reads notes."""
    return letter == "d" and since is not None and since.looked is not None


def _note_key(number: int, letter: str, table: Table, since: Since | None) -> Statement:
    if since is None:
        return _note_first(number, letter, table)
    if letter == "i":
        return _note(number, table, ("NEW", "i"))
    if _looks(letter, since):
        gone = _note(number, table, ("OLD", "w"))
        return sql.SQL("IF {} THEN {}; ELSIF NOT {} THEN {}; END IF").format(
            sql.SQL(_SEES_ONE_INSTANT), gone, _is_new(number, table), gone
        )
    if letter == "u" and since.looked is not None:
        return _note(number, table, ("OLD", "w"), ("NEW", "m"))
    doubtful = sql.SQL("{} THEN {}; ELSE {}; END IF").format(
        _is_another_file(since, sql.SQL("TG_RELID")),
        _note(number, table, ("OLD", "w")),
        _note(number, table, ("OLD", letter)),
    )
    if letter == "d":
        return sql.SQL("IF {}").format(doubtful)
    return sql.SQL("IF {} THEN {}; ELSIF {}").format(
        _moved(table), _note(number, table, ("OLD", "w"), ("NEW", "m")), doubtful
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
        _moved(table),
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
    ).format(index=quoted(_index_name(number)), notes=quoted(notes_name(number)))


def _is_new(number: int, table: Table) -> Statement:
    """Whether the row that goes was put in since, by a transaction that is over: a row that was
    there may be changed without a note. For one of this transaction see `_doubted`."""
    return sql.SQL(
        "EXISTS (SELECT FROM {} n WHERE {} OPERATOR(pg_catalog.=) {}"
        ' AND n.parom_op OPERATOR(pg_catalog.=) ANY ({}::pg_catalog."char"[])'
        " AND pg_catalog.age(n.xmin) OPERATOR(pg_catalog.>) 0)"
    ).format(
        _place(number),
        _of("n", table.key[0]),
        _of("OLD", table.key[0]),
        sql.Literal(f"{{{','.join(NEW_ONES)}}}"),
    )


def _note(number: int, table: Table, *noted: tuple[str, str]) -> sql.Composed:
    rows = [
        sql.SQL("({})").format(
            _joined([*(_of(version, name) for name in table.key), sql.Literal(letter)])
        )
        for version, letter in noted
    ]
    return sql.SQL("INSERT INTO {} VALUES {}").format(_place(number), _joined(rows))


def _note_whole(number: int, letter: str, table: Table) -> Statement:
    versions = {"i": [("NEW", 1)], "u": [("OLD", -1), ("NEW", 1)], "d": [("OLD", -1)]}[letter]
    rows = [
        sql.SQL("({})").format(
            _joined([*(_of(version, name) for name in table.names), sql.Literal(count)])
        )
        for version, count in versions
    ]
    return sql.SQL("INSERT INTO {} VALUES {}").format(_place(number), _joined(rows))


def _note_all(number: int, table: Table, since: Since | None) -> Statement:
    """Of the very table or partition that is emptied: each of them fires its own trigger."""
    kept = [quoted("parom_row", name) for name in table.key or table.names]
    letter: Statement = sql.SQL("-1")
    wanted: Statement = sql.SQL("")
    if table.key:
        letter = sql.SQL("'d'::pg_catalog.\"char\"")
    if since and since.looked is not None:
        letter = sql.SQL("'w'::pg_catalog.\"char\"")
        wanted = sql.SQL(" WHERE {}").format(_is_below(since, table, "parom_row"))
    elif since:
        another = _is_another_file(since, sql.SQL("parom_row.tableoid"))
        letter = sql.SQL("CASE WHEN {} THEN 'w' ELSE 'd' END::pg_catalog.\"char\"").format(another)
        wanted = sql.SQL(" WHERE {} OR {}").format(_was_there(since, "parom_row"), another)
    again = sql.SQL(" ON CONFLICT DO NOTHING" if table.key and not since else "")
    note = sql.SQL("INSERT INTO {} SELECT {} FROM {} parom_row{}{}").format(
        _place(number), _joined([*kept, letter]), sql.SQL("ONLY %I.%I"), wanted, again
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


def _trigger(number: int, letter: str, table: Table, since: Since | None) -> Statement:
    moment = "BEFORE TRUNCATE" if letter == "t" else f"AFTER {TRIGGERS[letter]}"
    each = "STATEMENT" if letter == "t" else "ROW"
    return sql.SQL("CREATE {}TRIGGER {} {} ON {} FOR EACH {} {}EXECUTE FUNCTION {}()").format(
        sql.SQL("OR REPLACE " if since else ""),
        quoted(trigger_name(letter)),
        sql.SQL(moment),
        quoted(table.schema, table.name),
        sql.SQL(each),
        _when(letter, table, since) if since else _always_when(letter, table),
        _function_place(number, letter),
    )


def _when(letter: str, table: Table, since: Since) -> Statement:
    """The server reads this again for each statement: the shorter the better."""
    if letter == "i" and since.floor is not None:
        is_wanted = _is_below(since, table, "NEW")
    elif letter == "d" and since.looked is not None:
        is_wanted = _is_below(since, table, "OLD")
    elif letter == "u" and since.looked is not None:
        is_wanted = _moved(table)
    elif letter in ("u", "d"):
        is_wanted = sql.SQL("{} OR {}").format(
            _was_there(since, "OLD"), _is_another_file(since, sql.SQL("OLD.tableoid"))
        )
        if letter == "u":
            is_wanted = sql.SQL("{} OR {}").format(is_wanted, _moved(table))
    else:
        return sql.SQL("")
    return sql.SQL("WHEN ({}) ").format(is_wanted)


def _always_when(letter: str, table: Table) -> Statement:
    """It holds for each row, since no key is NULL. But the server gives no other type to a column
    that a condition names: neither the notes nor what reads them would be right."""
    if letter != "d" or not table.key:
        return sql.SQL("")
    # Of a composite value IS NOT NULL would ask whether all of its parts are there.
    each = [sql.SQL("{} IS DISTINCT FROM NULL").format(_of("OLD", name)) for name in table.key]
    return sql.SQL("WHEN ({}) ").format(sql.SQL(" AND ").join(each))


def _is_below(since: Since, table: Table, version: str) -> Statement:
    """Rows above the highest key are new, and are found without a note."""
    return sql.SQL("{} OPERATOR(pg_catalog.<=) {}::pg_catalog.int8").format(
        _of(version, table.key[0]), sql.Literal(str(since.floor))
    )


def _was_there(since: Since, version: str) -> Statement:
    return sql.SQL(
        "{}.xmin::pg_catalog.text::pg_catalog.int8 OPERATOR(pg_catalog.<) {}::pg_catalog.int8"
    ).format(sql.SQL(version), sql.Literal(str(since.xid)))


def _is_another_file(since: Since, table: sql.SQL) -> Statement:
    return sql.SQL(
        "pg_catalog.pg_relation_filenode({}) OPERATOR(pg_catalog.<>) {}::pg_catalog.oid"
    ).format(table, sql.Literal(str(since.file)))


def _moved(table: Table) -> Statement:
    """Numbers as such, everything else by its bytes: no operator of an extension's type need be
    found, also when an archive with this in it is restored, and a session sees of texts what it
    is set to."""
    types = {one.name: one.type_oid for one in table.columns}
    others = [name for name in table.key if types[name] not in _NUMBERS]
    moved = [
        sql.SQL("{} OPERATOR(pg_catalog.<>) {}").format(_of("OLD", name), _of("NEW", name))
        for name in table.key
        if name not in others
    ]
    if others:
        rows = [_joined([_of(version, name) for name in others]) for version in ("OLD", "NEW")]
        image = sql.SQL("pg_catalog.record_image_ne(ROW({}), ROW({}))").format(*rows)
        moved.append(image)
    return sql.SQL(" OR ").join(moved)


def _of(version: str, name: str) -> Statement:
    return sql.SQL("{}.{}").format(sql.SQL(version), quoted(name))


def _always(letter: str, table: Table) -> Statement:
    """Also where a session plays a replica: there ordinary triggers are silent."""
    return sql.SQL("ALTER TABLE {} ENABLE ALWAYS TRIGGER {}").format(
        quoted(table.schema, table.name), quoted(trigger_name(letter))
    )


def _place(number: int) -> sql.Identifier:
    return quoted(CAPTURE, notes_name(number))


def _function_place(number: int, letter: str) -> sql.Identifier:
    return quoted(CAPTURE, function_name(number, letter))


def _joined(parts: Sequence[sql.Composable]) -> Statement:
    return sql.SQL(", ").join(parts)
