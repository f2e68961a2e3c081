"""All tables of a schema once more in another one, while nobody writes to them.

There is nothing quicker that an ordinary role may do over the network: exported tablespaces are
files on the server's machine. It takes as long as writing all rows and building all indexes.
"""

from __future__ import annotations

from collections.abc import Sequence

import pymysql

from parom.adapters.databases.mariadb.access import Access
from parom.adapters.databases.mariadb.opening import Session, opened, quoted, reason_of
from parom.adapters.databases.mariadb.tables import ATTACHED, VERSION, all_names
from parom.errors import postgresql as errors
from parom.ports import Progress

_NOT_COPIED = frozenset({VERSION, ATTACHED, "parom_version_part"})
"""What a version says of itself."""
_SETTINGS = {"foreign_key_checks": "0", "unique_checks": "0", "tx_isolation": "'READ-COMMITTED'"}
"""What was checked when it was written is not checked again."""
_WRITTEN = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = %s AND table_name = %s AND is_generated <> 'ALWAYS'
ORDER BY ordinal_position
"""


def held_names(holder: Session, schema: str) -> list[str]:
    """The tables of a schema, which nobody writes to as long as `holder` lives or until it says
    UNLOCK TABLES. Those that were made while it waited are held too."""
    names = all_names(holder, schema)
    while names:
        each = ", ".join(f"{quoted(schema, name)} READ" for name in names)
        holder.ask(f"LOCK TABLES {each}")
        now = all_names(holder, schema)
        if now == names:
            break
        holder.ask("UNLOCK TABLES")
        names = now
    return names


def copy_tables(
    access: Access, source: str, target: str, names: Sequence[str], progress: Progress | None
) -> None:
    """Into an empty schema, with keys, foreign keys, counters and generated columns.

    Raises `database.not-copied`, and what opening does.
    """
    wanted = [name for name in names if name not in _NOT_COPIED]
    with opened(access, target, **_SETTINGS) as session:
        try:
            for number, name in enumerate(wanted):
                _copy(session, source, target, name)
                if progress:
                    progress(number + 1, len(wanted))
        except pymysql.Error as problem:
            raise errors.not_copied(source, reason_of(problem)) from None


def _copy(session: Session, source: str, target: str, name: str) -> None:
    """References name no schema, so that they lead to tables of the same one."""
    ((_, created),) = session.ask(f"SHOW CREATE TABLE {quoted(source, name)}")
    session.use(target)
    session.send(created.encode())
    columns = ", ".join(quoted(one) for (one,) in session.ask(_WRITTEN, source, name))
    session.ask(
        f"INSERT INTO {quoted(target, name)} ({columns})"  # noqa: S608
        f" SELECT {columns} FROM {quoted(source, name)}"
    )
