"""One round of a replay: rows are taken out, put in, and looked at; taken back where any failed.

See `parom.adapters.databases.rounds`, which does it for SQLite.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import psycopg
from psycopg import sql

from parom.adapters.databases.postgresql.each import refused
from parom.adapters.databases.postgresql.foreign_keys import ForeignKey, dangling
from parom.adapters.databases.postgresql.opening import Connection, Statement, quoted
from parom.adapters.databases.postgresql.staging import EXACT, Work, leave_out, places_of
from parom.adapters.databases.postgresql.values import text_of
from parom.replay.apart import Apart, Why


def tried(
    connection: Connection,
    works: Sequence[Work],
    keys: Sequence[ForeignKey],
    apart: Mapping[str, Apart],
) -> dict[str, Apart]:
    """Carry what is not apart; where it cannot stay so, take all back and say what to leave."""
    works = [one for one in works if one.left(apart)]
    for work in works:
        leave_out(connection, work, apart)
    with connection.transaction() as one_round:
        more = _put_over(connection, works) or dangling(connection, works, keys)
        if not more:
            for work in works:
                more |= _named(work, places_of(connection, _differing(work)), Why.DIFFERS)
        if more:
            raise psycopg.Rollback(one_round)
    return more


def _put_over(connection: Connection, works: Sequence[Work]) -> dict[str, Apart]:
    """All are taken out before the first is put in: unique values may have been swapped. Rows
    that the tables do not take."""
    for work in works:
        connection.execute(
            sql.SQL("DELETE FROM {} t USING {} k WHERE {}").format(
                work.before.place, work.keys, work.same("t")
            )
        )
    more: dict[str, Apart] = {}
    for work in works:
        there = sql.SQL("SELECT parom_place FROM {} WHERE is_there ORDER BY 1").format(work.keys)
        places = refused(connection, _insertion(work), there)
        more |= _named(work, places, Why.DOES_NOT_FIT)
    return more


def _insertion(work: Work) -> Statement:
    """Reads the texts as the older columns do, without their limits: of these the assignment
    tells, where a cast would cut. For `refused`."""
    columns, values = list[sql.Composable](), list[sql.Composable]()
    for place, one in enumerate(work.found.columns):
        columns.append(quoted(one.before))
        kind = work.before.type_of(one.before)
        values.append(sql.SQL("r.{}::{}").format(quoted(f"v{place}"), kind))
    for place, removed in enumerate(work.found.removed):
        columns.append(quoted(removed.name))
        values.append(
            sql.SQL("CASE WHEN o.parom_place IS NULL THEN {}::{} ELSE o.{} END").format(
                sql.Literal(text_of(removed.default)),
                work.before.type_of(removed.name),
                quoted(f"o{place}"),
            )
        )
    return sql.SQL(
        "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {} r"
        " JOIN {} k USING (parom_place) LEFT JOIN {} o USING (parom_place) WHERE k.is_there"
    ).format(
        work.before.place,
        sql.SQL(", ").join(columns),
        sql.SQL(", ").join(values),
        work.rows,
        work.keys,
        work.older,
    )


def _differing(work: Work) -> Statement:
    """Rows that the server does not write as the newer database wrote them."""
    # A row of which every part is NULL counts as NULL itself to IS NULL, and not to this.
    other = sql.SQL(" OR ").join(
        sql.SQL("CASE WHEN {value} IS DISTINCT FROM NULL THEN {text} END IS DISTINCT FROM r.{told}")
        .format(
            value=quoted("b", one.before),
            text=EXACT.format(quoted("b", one.before)),
            told=quoted(f"v{place}"),
        )
        for place, one in enumerate(work.pairs)
    )  # fmt: skip
    first = quoted("b", work.found.key[0].before)
    return sql.SQL(
        "SELECT k.parom_place FROM {} k JOIN {} r USING (parom_place) LEFT JOIN {} b ON {}"
        " WHERE CASE WHEN k.is_there THEN {} IS NOT DISTINCT FROM NULL OR {}"
        " ELSE {} IS DISTINCT FROM NULL END"
    ).format(work.keys, work.rows, work.before.place, work.same("b"), first, other, first)


def _named(work: Work, places: Sequence[int], why: Why) -> dict[str, Apart]:
    return {work.names[place]: Apart(why) for place in places}
