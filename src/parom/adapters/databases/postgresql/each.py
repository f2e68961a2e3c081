"""A statement over many rows of which some may be at fault: which ones."""

from __future__ import annotations

import psycopg
from psycopg import sql

from parom.adapters.databases.postgresql.opening import Connection, Statement, quoted
from parom.adapters.databases.postgresql.staging import places_of

_REFUSED = quoted("pg_temp", "parom_refused")
_OF_A_ROW = ("22", "23", "2F", "38", "39", "42", "44", "54", "P0")
"""Classes of errors that a value may be at fault for: what a type, a constraint, an index, or a
function in one of these says. What is missing on the server is none: see `_NO_RIGHT`."""
_NO_RIGHT = "42501"


def make_room(connection: Connection) -> None:
    """Where places are noted for as long as the open transaction lasts."""
    connection.execute(
        sql.SQL("CREATE TEMPORARY TABLE {} (parom_place int) ON COMMIT DROP").format(_REFUSED)
    )


def refused(connection: Connection, statement: Statement, places: Statement) -> list[int]:
    """Run a statement for all rows; where some are at fault, for each of the others.

    `statement` ends in a condition on the row `r`, which has a `parom_place`; `places` asks for
    these. All at once takes a tenth of the time.
    """
    try:
        with connection.transaction():
            connection.execute(statement)
    except psycopg.Error as problem:
        state = problem.diag.sqlstate or ""
        if state[:2] not in _OF_A_ROW or state == _NO_RIGHT:
            raise
    else:
        return []
    connection.execute(_one_by_one(statement, places))
    return places_of(connection, sql.SQL("DELETE FROM {} RETURNING parom_place").format(_REFUSED))


def _one_by_one(statement: Statement, places: Statement) -> Statement:
    """On the server, so that it takes no round trip for each."""
    body = sql.SQL(
        """
        #variable_conflict use_column
        DECLARE parom_one record;
        BEGIN
          FOR parom_one IN {places} LOOP
            BEGIN
              {statement} AND r.parom_place = parom_one.parom_place;
            EXCEPTION WHEN OTHERS THEN
              IF SQLSTATE = {no_right} OR NOT pg_catalog.left(SQLSTATE, 2) = ANY ({classes}) THEN
                RAISE;
              END IF;
              INSERT INTO {refused} VALUES (parom_one.parom_place);
            END;
          END LOOP;
        END
        """
    ).format(
        places=places,
        statement=statement,
        no_right=sql.Literal(_NO_RIGHT),
        classes=sql.Literal(list(_OF_A_ROW)),
        refused=_REFUSED,
    )
    return sql.SQL("DO {}").format(sql.Literal(body.as_string(None)))
