"""What a migration did to values of columns that both schemas have."""

from __future__ import annotations

from collections.abc import Mapping

from parom.adapters.databases.mariadb.opening import Session, quoted
from parom.adapters.databases.mariadb.tables import Table, tables_of
from parom.adapters.databases.mariadb.values import same
from parom.replay import mapping
from parom.replay.changes import Changes
from parom.replay.mapping import TableMap, map_tables


def changed_rows(session: Session, now: str, before: str, changes: Changes) -> Mapping[str, int]:
    """By table, rows that are not as in the snapshot; rows that only one of them has say
    nothing. Raises pymysql.Error."""
    newer = {one.name: one for one in tables_of(session, now)}
    older = {one.name: one for one in tables_of(session, before)}
    counted = dict[str, int]()
    for name, found in map_tables(_mapped(older), _mapped(newer), changes).items():
        if not isinstance(found, TableMap) or not found.key:
            continue
        after, was = newer[name], older[found.before]
        pairs = (*found.columns, *found.computed)
        if not pairs:
            continue
        equal = [same("s", after.by_name[o.after], "b", was.by_name[o.before]) for o in pairs]
        joined = [f"{quoted('s', one.after)} = {quoted('b', one.before)}" for one in found.key]
        counted[name] = int(
            session.one(
                f"SELECT count(*) FROM {quoted(now, name)} s JOIN {quoted(before, was.name)} b"  # noqa: S608
                f" ON {' AND '.join(joined)} WHERE NOT ({' AND '.join(equal)})"
            )
        )
    return {name: number for name, number in counted.items() if number}


def _mapped(tables: Mapping[str, Table]) -> dict[str, mapping.Table]:
    return {
        name: mapping.Table(
            name,
            tuple(
                mapping.Column(one.name, not one.is_full, one.is_generated) for one in table.columns
            ),
            table.key,
            is_exact=True,
        )
        for name, table in tables.items()
    }
