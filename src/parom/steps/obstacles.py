"""Whether the database can be copied and swapped, asked before anything is built for it."""

from __future__ import annotations

from parom.errors.postgresql import not_ready
from parom.ports import Database


def refuse_obstacles(database: Database) -> None:
    """Raises what stands in the way: without snapshot and backup there would be no way back.

    One obstacle as it is (`database.rights`, ...), several together as `database.not-ready`.
    """
    found = database.obstacles()
    if found:
        raise not_ready(found)
