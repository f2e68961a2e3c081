"""Any writes: what an application's transactions may be, over any schema."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.models.bed import Bed, Run, Stored
from tests.models.kinds import KINDS
from tests.models.schema import Column, Number, Schema, Shape

Drawn = tuple[str, int, int, int]
"""What is to be done; the table, the row and the column or value are chosen by numbers."""
VERBS = (
    "insert", "insert", "insert as", "update", "update", "update all", "swap", "move", "delete",
    "delete with", "replace", "again", "empty",
)  # fmt: skip
STATEMENTS = st.tuples(
    st.sampled_from(VERBS), st.integers(0, 9), st.integers(0, 5), st.integers(0, 30)
)
TRANSACTIONS = st.lists(st.lists(STATEMENTS, min_size=1, max_size=3), min_size=1, max_size=4)
_KEYS = ("t1", "t2", "new", "T1", "ü")


@dataclass
class Writer:
    """One transaction. `told` is what it did; `ids` are those that the database gave out;
    `written` are rows that it wrote to, if only what stood there already."""

    bed: Bed
    schema: Schema
    run: Run
    told: list[str] = field(default_factory=list)
    ids: list[tuple[Number, int]] = field(default_factory=list)
    written: set[tuple[Number, Stored]] = field(default_factory=set)

    def write(self, drawn: Drawn) -> None:
        verb, first, second, third = drawn
        if not self.schema.tables:
            return
        number = list(self.schema.tables)[first % len(self.schema.tables)]
        shape = self.schema.tables[number]
        keys = self._keys(shape)
        one = keys[second % len(keys)] if keys else None
        wide = verb in ("update all", "swap", "empty")
        self.written |= {(number, self.bed.stored(each)) for each in (keys if wide else [one])}
        match verb:
            case "insert":
                self._insert(number, shape, None if shape.counts else _KEYS[second % 5], third)
            case "insert as" | "replace" | "again":
                self._insert_as(verb, number, shape, one, second, third)
            case "empty" if self.bed.engine:
                self._told(f"TRUNCATE {shape.name} CASCADE")
            case "empty":
                self._told(f"DELETE FROM {shape.name}")
            case _ if one is None:
                pass
            case "update" | "update all":
                column, value = self._change(shape, third)
                where = "" if verb == "update all" else f" WHERE {_q(shape.key_name)} = "
                set_to = f"UPDATE {shape.name} SET {_q(column)} = "
                self._told(set_to, value, where, *([one] if where else []))
            case "swap":
                self._swap(shape, keys, second, third)
            case "move":
                moved = 60 + third if shape.counts else _KEYS[third % 5]
                key = _q(shape.key_name)
                self._told(f"UPDATE {shape.name} SET {key} = ", moved, f" WHERE {key} = ", one)
            case _:
                if verb == "delete with":
                    self._delete_what_leads_to(number, one)
                self._told(f"DELETE FROM {shape.name} WHERE {_q(shape.key_name)} = ", one)

    def _keys(self, shape: Shape) -> list[object]:
        key = _q(shape.key_name)
        return [one for (one,) in self.run(f"SELECT {key} FROM {shape.name} ORDER BY {key}")]

    def _values(self, shape: Shape, third: int) -> dict[str, object]:
        return {
            column.name: self._value(column, third + place)
            for place, (number, column) in enumerate(shape.columns.items())
            if number != shape.key
        }

    def _value(self, column: Column, third: int) -> object:
        if column.kind in KINDS:
            values = KINDS[column.kind].values[self.bed.engine]
            return values[third % len(values)]
        keys = self._keys(self.schema.tables[column.target])
        wanted: list[object] = [*keys, *([None] if column.kind == "link" else [])]
        return wanted[third % len(wanted)] if wanted else 99

    def _insert(self, number: Number, shape: Shape, key: object, third: int) -> None:
        values = self._values(shape, third)
        if key is not None:
            values[shape.key_name] = key
        found = self._put("INSERT INTO", shape, values, f" RETURNING {_q(shape.key_name)}")
        if key is None:
            # SQLite 3.40 returns 3.0 for 3 where the table's first column is REAL.
            self.ids.append((number, int(float(str(found[0][0])))))

    def _insert_as(
        self, verb: str, number: Number, shape: Shape, one: object, second: int, third: int
    ) -> None:
        """With a key that is there, or one that nobody gave out."""
        key = (70 + third if shape.counts else _KEYS[third % 5]) if verb == "insert as" else one
        if key is None:
            self._insert(number, shape, None if shape.counts else _KEYS[second % 5], third)
            return
        self.written.add((number, self.bed.stored(key)))
        values = {shape.key_name: key, **self._values(shape, third)}
        if verb == "again":
            setting = ", ".join(f"{_q(name)} = EXCLUDED.{_q(name)}" for name in values)
            clause = f" ON CONFLICT ({_q(shape.key_name)}) DO UPDATE SET {setting}"
            self._put("INSERT INTO", shape, values, clause)
        elif verb == "replace" and self.bed.engine == 0:
            self._put("INSERT OR REPLACE INTO", shape, values, "")
        else:
            self._told(f"DELETE FROM {shape.name} WHERE {_q(shape.key_name)} = ", key)
            self._put("INSERT INTO", shape, values, "")

    def _put(
        self, words: str, shape: Shape, values: dict[str, object], clause: str
    ) -> Sequence[tuple[object, ...]]:
        parts: list[object] = [f"{words} {shape.name} ({', '.join(map(_q, values))}) VALUES ("]
        for place, value in enumerate(values.values()):
            parts += [value, ", " if place < len(values) - 1 else ")" + clause]
        if not values:
            parts = [f"{words} {shape.name} DEFAULT VALUES{clause}"]
        return self._told(*parts)

    def _change(self, shape: Shape, third: int) -> tuple[str, object]:
        columns = list(shape.columns.values())[1:]
        if not columns:
            return shape.key_name, _KEYS[third % 5]
        chosen = columns[third % len(columns)]
        return chosen.name, self._value(chosen, third // len(columns))

    def _swap(self, shape: Shape, keys: list[object], second: int, third: int) -> None:
        """The values of one column, between two rows."""
        columns = [one for one in shape.columns.values() if one.kind in ("uniq", "need", "char")]
        if not columns or len(keys) < 2:
            return
        column, key = _q(columns[third % len(columns)].name), _q(shape.key_name)
        one, two = keys[second % len(keys)], keys[(second + 1) % len(keys)]
        asking = f"SELECT {column} FROM {shape.name} WHERE {key} = {self.bed.mark}"
        first, other = (self.run(asking, each)[0][0] for each in (one, two))
        change = f"UPDATE {shape.name} SET {column} = "
        for value, each in (("between", one), (first, two), (other, one)):
            self._told(change, value, f" WHERE {key} = ", each)

    def _delete_what_leads_to(self, number: Number, key: object) -> None:
        for shape in self.schema.tables.values():
            for column in shape.columns.values():
                if column.kind in ("link", "must") and column.target == number:
                    self._told(f"DELETE FROM {shape.name} WHERE {_q(column.name)} = ", key)

    def _told(self, *parts: object) -> Sequence[tuple[object, ...]]:
        """Run a statement of texts and values in turn."""
        texts, values = [*parts[::2], *([""] * (1 - len(parts) % 2))], parts[1::2]
        self.told.append("".join(_shown(parts)))
        return self.run(self.bed.mark.join(map(str, texts)), *values)


def _shown(parts: Sequence[object]) -> list[str]:
    return [str(part) if place % 2 == 0 else repr(part) for place, part in enumerate(parts)]


def _q(name: str) -> str:
    return f'"{name}"'
