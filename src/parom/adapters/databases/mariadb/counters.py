"""Ids are given out once: after a return a snapshot counts on from where the newer one stopped.

See `parom.adapters.databases.counters`, which does it for SQLite.
"""

from __future__ import annotations

from collections.abc import Mapping

from parom.adapters.databases.mariadb.opening import Session, quoted
from parom.adapters.databases.mariadb.tables import is_own

_NEXT = """
SELECT table_name, auto_increment FROM information_schema.tables
WHERE table_schema = %s AND auto_increment IS NOT NULL
"""


def highest_ids(session: Session, schema: str) -> dict[str, int]:
    """The highest id that each table that counts gave out."""
    return {
        name: int(following) - 1
        for name, following in session.ask(_NEXT, schema)
        if not is_own(name)
    }


def count_on(
    session: Session, schema: str, newer: Mapping[str, int], *, renamed: bool
) -> dict[str, int]:
    """Let no table give out an id that `newer` gave out; what was raised.

    A table that is not in `newer` was dropped or renamed there: it counts on from the highest of
    those that are only there; where tables may have been `renamed`, all do from the highest of all.
    Ids that are left out harm nobody. Raises pymysql.Error.
    """
    own = highest_ids(session, schema)
    strangers = max((newer[name] for name in newer.keys() - own.keys()), default=0)
    least = max(newer.values(), default=0) if renamed else 0
    raised = {
        name: highest
        for name, before in own.items()
        if (highest := max(least, newer.get(name, strangers))) > before
    }
    for name, highest in raised.items():
        session.ask(f"ALTER TABLE {quoted(schema, name)} AUTO_INCREMENT = {highest + 1:d}")
    return raised
