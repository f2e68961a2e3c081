"""Where notes of written rows lie, and what their letters mean. Pure."""

from __future__ import annotations

from psycopg import sql

from parom.adapters.databases.postgresql.opening import quoted
from parom.adapters.databases.postgresql.tables import CAPTURE

WATCHED = quoted(CAPTURE, "watched")
"""What was watched from when on."""
UNSEEN = quoted(CAPTURE, "unseen")
"""Numbers of tables that somebody emptied who did not see all that was in them."""
NEW_ONES = ("i", "m")
"""Letters of a note that say nothing of a row that was there before: put in, and moved to.

The others: `u`, `d` of one that was there and was changed or deleted, `w` of one that was there
as far as anybody knows. A key of which there are only notes of new ones was not there."""


def notes_name(number: int) -> str:
    return f"notes_{number}"


def index_name(number: int) -> str:
    return f"{notes_name(number)}_key"


def notes_of(number: int) -> sql.Identifier:
    return quoted(CAPTURE, notes_name(number))
