"""One round of a replay: rows are taken out, put in, and looked at; taken back where any failed.

Values go from file to file by SQL alone, so that they stay what they are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from parom.adapters.databases.references import dangling
from parom.adapters.databases.schemas import Reference
from parom.adapters.databases.tables import any_of, quoted, same_key
from parom.adapters.databases.values import raw
from parom.errors import database as errors
from parom.replay.apart import Apart, Why
from parom.replay.mapping import TableMap

OLDER, NEWER = "parom_older", "parom_newer"
"""The snapshot and the newer database, attached to the copy."""


@dataclass(frozen=True)
class Wanted:
    """A captured row that is to be carried."""

    name: str
    key: tuple[object, ...]
    is_there: bool
    """False for one that was deleted."""


@dataclass
class Work:
    """The rows of one table that are to be carried."""

    number: int
    found: TableMap
    rows: list[Wanted] = field(default_factory=list)

    @property
    def keys(self) -> str:
        """The table of their keys while they are carried."""
        return f"temp.parom_keys_{self.number:d}"

    def same(self, row: str, *, older: bool) -> str:
        """That `row` of the older or the newer table has exactly the key in the row `k` of
        `keys`."""
        names = [one.before if older else one.after for one in self.found.key]
        return same_key(row, names, [f"k.k{place}" for place in range(len(names))])


def tried(
    connection: sqlite3.Connection,
    works: Sequence[Work],
    references: Sequence[Reference],
    apart: Mapping[str, Apart],
) -> dict[str, Apart]:
    """Carry what is not apart; where it cannot stay so, take all back and say what to leave."""
    connection.execute("SAVEPOINT parom_round")
    works = [one for one in works if left(one, apart)]
    for work in works:
        _list_keys(connection, work, apart)
    more: dict[str, Apart] = {}
    for work in works:
        more |= _or_all(connection, work, apart, _take_out)
    if not more:
        for work in works:
            more |= _put_in(connection, work, apart)
    more = more or dangling(connection, works, references)
    if not more:
        for work in works:
            more |= _or_all(connection, work, apart, _differing)
    if more:
        connection.execute("ROLLBACK TO parom_round")
    connection.execute("RELEASE parom_round")
    return more


def _or_all(
    connection: sqlite3.Connection,
    work: Work,
    apart: Mapping[str, Apart],
    done: Callable[[sqlite3.Connection, Work], dict[str, Apart]],
) -> dict[str, Apart]:
    """What `done` finds; all rows of the table where it cannot be asked for."""
    try:
        return done(connection, work)
    except sqlite3.OperationalError as problem:
        if not _is_of_the_schema(problem):
            raise
        return {one.name: Apart(Why.DOES_NOT_FIT) for one in left(work, apart)}


def _is_of_the_schema(problem: sqlite3.OperationalError) -> bool:
    """Whether a table is at fault: a function that only the application has, a JSON document
    that is none. A disk that is full or fails and a database that is busy are no such thing."""
    return problem.sqlite_errorcode & 0xFF == sqlite3.SQLITE_ERROR


def _list_keys(connection: sqlite3.Connection, work: Work, apart: Mapping[str, Apart]) -> None:
    columns = [f"k{place}" for place in range(len(work.found.key))]
    table = work.keys.removeprefix("temp.")
    connection.execute(f"DROP TABLE IF EXISTS {work.keys}")
    connection.execute(f"CREATE TEMP TABLE {table} (name, is_there, {', '.join(columns)})")
    connection.execute(f"CREATE INDEX {work.keys}_key ON {table} ({', '.join(columns)})")
    connection.executemany(
        f"INSERT INTO {work.keys} VALUES (?, ?{', ?' * len(columns)})",  # noqa: S608
        [(one.name, one.is_there, *one.key) for one in left(work, apart)],
    )


def _take_out(connection: sqlite3.Connection, work: Work) -> dict[str, Apart]:
    """All of them before the first is put in: unique values may have been swapped.

    By an index as the column compares, and of these no other than those of the very keys.
    """
    key = [f"t.{quoted(one.before)}" for one in work.found.key]
    listed = ", ".join(f"k{place}" for place in range(len(key)))
    exactly = " AND ".join(f"+{name} = k.k{place} COLLATE BINARY" for place, name in enumerate(key))
    (meant,) = connection.execute(
        f"SELECT count(*) FROM {work.keys} k WHERE EXISTS (SELECT 1 FROM "  # noqa: S608
        f"main.{quoted(work.found.before)} b WHERE {work.same('b', older=True)})"
    ).fetchone()
    done = connection.execute(
        f"DELETE FROM main.{quoted(work.found.before)} AS t "  # noqa: S608
        f"WHERE ({', '.join(key)}) IN (SELECT {listed} FROM {work.keys}) "
        f"AND EXISTS (SELECT 1 FROM {work.keys} k WHERE {exactly})"
    )
    if done.rowcount != meant:
        raise errors.not_carried(
            f"{done.rowcount} rows of {work.found.before} were taken out instead of {meant}"
        )
    return {}


def _put_in(
    connection: sqlite3.Connection, work: Work, apart: Mapping[str, Apart]
) -> dict[str, Apart]:
    """Insert each; those that the table does not take. All at once where it takes all."""
    wanted = [one for one in left(work, apart) if one.is_there]
    if _put_in_all(connection, work, len(wanted)):
        return {}
    places = [f"?{place + len(work.found.removed) + 1}" for place in range(len(work.found.key))]
    statement, defaults = _insertion(work.found, places, "")
    refused: dict[str, Apart] = {}
    for one in wanted:
        try:
            done = connection.execute(statement, (*defaults, *one.key))
        except sqlite3.IntegrityError:
            refused[one.name] = Apart(Why.DOES_NOT_FIT)
        except sqlite3.OperationalError as problem:
            if not _is_of_the_schema(problem):
                raise
            refused[one.name] = Apart(Why.DOES_NOT_FIT)
        else:
            if done.rowcount != 1:
                refused[one.name] = Apart(Why.DIFFERS)
    return refused


def _put_in_all(connection: sqlite3.Connection, work: Work, number: int) -> bool:
    """In one statement, which is taken back as a whole where any row is at fault."""
    places = [f"k.k{place}" for place in range(len(work.found.key))]
    # CROSS: in the order of the keys, so that of two rows in each other's way the same one wins.
    statement, defaults = _insertion(work.found, places, f"{work.keys} k CROSS JOIN ")
    connection.execute("SAVEPOINT parom_all")
    try:
        is_done = connection.execute(f"{statement} AND k.is_there", defaults).rowcount == number
    except sqlite3.IntegrityError:
        is_done = False
    except sqlite3.OperationalError as problem:
        if not _is_of_the_schema(problem):
            raise
        is_done = False
    if not is_done:
        connection.execute("ROLLBACK TO parom_all")
    connection.execute("RELEASE parom_all")
    return is_done


def _insertion(found: TableMap, places: Sequence[str], keys: str) -> tuple[str, list[object]]:
    """A statement for the rows whose keys are at `places`, read of the table `keys` if there is
    one, and the values of columns that are not there, which are its first parameters."""
    names = [quoted(one.before) for one in (*found.columns,)]
    values = [f"n.{quoted(one.after)}" for one in found.columns]
    first = quoted(found.key[0].before)
    for place, one in enumerate(found.removed, start=1):
        names.append(quoted(one.name))
        values.append(f"CASE WHEN o.{first} IS NULL THEN ?{place} ELSE o.{quoted(one.name)} END")
    older = ""
    if found.removed:
        same = same_key(
            "o", [one.before for one in found.key], [f"n.{quoted(one.after)}" for one in found.key]
        )
        older = f" LEFT JOIN {OLDER}.{quoted(found.before)} o ON {same}"
    fitting = same_key("n", [one.after for one in found.key], places)
    # ABORT: a clause of the table's own (ON CONFLICT REPLACE) would take another row out.
    statement = (
        f"INSERT OR ABORT INTO main.{quoted(found.before)} ({', '.join(names)}) "  # noqa: S608
        f"SELECT {', '.join(values)} FROM {keys}{NEWER}.{quoted(found.after)} n{older} "
        f"WHERE {fitting}"
    )
    return statement, [raw(one.default) for one in found.removed]


def _differing(connection: sqlite3.Connection, work: Work) -> dict[str, Apart]:
    """Rows that are not as the newer database has them, by value and storage class."""
    other = differs(work.found, "b", "n")
    first = quoted(work.found.key[0].before)
    names = connection.execute(
        f"SELECT k.name FROM {work.keys} k "  # noqa: S608
        f"LEFT JOIN main.{quoted(work.found.before)} b ON {work.same('b', older=True)} "
        f"LEFT JOIN {NEWER}.{quoted(work.found.after)} n ON {work.same('n', older=False)} "
        f"WHERE CASE WHEN k.is_there THEN b.{first} IS NULL OR {other} "
        f"ELSE EXISTS (SELECT 1 FROM main.{quoted(work.found.before)} g WHERE {_alike(work)}) "
        "END"
    )
    return {name: Apart(Why.DIFFERS) for (name,) in names}


def differs(found: TableMap, older: str, newer: str) -> str:
    """A condition that two rows are not the same in what both tables have."""
    return any_of(
        [
            f"{older}.{quoted(one.before)} IS NOT {newer}.{quoted(one.after)} COLLATE BINARY "
            f"OR typeof({older}.{quoted(one.before)}) <> typeof({newer}.{quoted(one.after)})"
            for one in (*found.columns, *found.computed)
        ]
    )


def _alike(work: Work) -> str:
    """That a row has the key as the older column would take it: 1 for '1', though not 'A' for
    'a'."""
    return " AND ".join(
        f"g.{quoted(one.before)} = k.k{place} AND g.{quoted(one.before)} = k.k{place} "
        "COLLATE BINARY"
        for place, one in enumerate(work.found.key)
    )


def left(work: Work, apart: Mapping[str, Apart]) -> list[Wanted]:
    """Those that are not apart as a whole."""
    return [one for one in work.rows if (found := apart.get(one.name)) is None or found.columns]
