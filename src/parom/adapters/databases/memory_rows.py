"""Single rows of a database that exists in memory alone. It has no constraints to break."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence

from parom.ports.live_rows import Results
from parom.quarantine.aim import Aim, Values
from parom.quarantine.staying import Stay
from parom.quarantine.was import Wanted, is_there, why_not
from parom.replay.mapping import Table

Tables = dict[str, dict[int, dict[str, object]]]
Write = Callable[[str, int, dict[str, object] | None], None]


class MemoryRows:
    """`LiveRows` of tables; `marks` has those of all databases, this one's by `place`. Without
    `write` the tables themselves are written to."""

    def __init__(
        self,
        tables: Tables,
        schema: Mapping[str, Table],
        marks: dict[str, dict[str, str]],
        place: str,
        write: Write | None = None,
    ) -> None:
        self._tables, self._schema, self._write = tables, schema, write
        self._marks, self._place = marks, place

    def schema(self) -> Mapping[str, Table]:
        return self._schema

    def applied(self) -> frozenset[str]:
        noted = self._tables.get("django_migrations", {}).values()
        return frozenset(f"{one.get('app', '')}.{one.get('name', '')}" for one in noted)

    def row(self, table: str, key: Values) -> Values | None:
        return _row(self._tables, table, key)

    def marks(self) -> Mapping[str, str] | None:
        return self._marks.get(self._place)

    def make_ready(self) -> None:
        self._marks.setdefault(self._place, {})

    def put(self, batch: str, wanted: Sequence[Wanted], mark: Callable[[Results], str]) -> Results:
        staged = copy.deepcopy(self._tables)
        results = {one.number: _tried(staged, one) for one in wanted}
        told = mark(results)
        for one in wanted:
            if results[one.number] is None:
                table, key = one.aim.table, _id(one.aim.key)
                self._put(table, key, staged[table].get(key))
        self._marks[self._place][batch] = told
        return results

    def clear_marks(self) -> None:
        self._marks.pop(self._place, None)

    def _put(self, table: str, key: int, row: dict[str, object] | None) -> None:
        if self._write:
            self._write(table, key, row)
        elif row is None:
            self._tables[table].pop(key, None)
        else:
            self._tables[table][key] = row


def _tried(tables: Tables, one: Wanted) -> Stay | None:
    now = _row(tables, one.aim.table, one.aim.key)
    if is_there(now, one.aim.values):
        return None
    stay = why_not(one, now)
    if stay is None:
        _set(tables, one.aim, now or one.aim.fillings)
    return stay


def _set(tables: Tables, aim: Aim, now: Values) -> None:
    rows, key = tables[aim.table], _id(aim.key)
    if aim.values is None:
        del rows[key]
    else:
        rows[key] = {name: one for name, one in {**now, **aim.values}.items() if name != "id"}


def _row(tables: Tables, table: str, key: Values) -> Values | None:
    found = tables[table].get(_id(key))
    return None if found is None else {"id": _id(key), **found}


def _id(key: Values) -> int:
    return int(str(key["id"]))
