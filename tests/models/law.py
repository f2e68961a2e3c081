"""The law of a return, told by what a reader of the databases saw; nothing of Parom is asked.

Every row that somebody wrote is in the database that came back, or listed as it was; what nobody
wrote is as the snapshot has it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.models.bed import Bed, Row, State, Stored
from tests.models.kinds import UNKNOWN
from tests.models.schema import Column, Number, Schema, Shape

Name = tuple[Number, Stored]
"""A row: the number of its table, and its key."""


@dataclass(frozen=True)
class Listed:
    """A line of `rows.jsonl`."""

    number: int
    table: str
    values: Mapping[str, Any] | None
    is_part: bool
    """Whether the row itself came along, and only these columns did not."""


@dataclass
class Crossing:
    """One deployment as the reader saw it."""

    before: Schema
    after: Schema
    snapshot: State
    opening: State = field(default_factory=dict)
    touched: set[Name] = field(default_factory=set)
    """What somebody wrote to since, if only for a moment."""
    has_data: bool = False
    """Whether an operation works on rows: then no value of an added column goes without saying."""
    by_hand: Schema | None = None
    """What somebody made of `after` since, who migrated without Parom."""

    @property
    def last(self) -> Schema:
        """The schema that is left."""
        return self.by_hand or self.after


def differing(before: State, after: State) -> set[Name]:
    return {
        (number, key)
        for number in {*before, *after}
        for key in {*before.get(number, {}), *after.get(number, {})}
        if before.get(number, {}).get(key) != after.get(number, {}).get(key)
    }


def not_kept(
    bed: Bed,
    crossing: Crossing,
    live: State,
    returned: State,
    listed: Mapping[Name, Listed],
    not_covered: Sequence[str],
) -> list[object]:
    """What is neither here nor there, or is there without having been written."""
    judged = broken if crossing.by_hand is None else _all_apart(not_covered)
    return judged(bed, crossing, live, returned, listed)


def _all_apart(not_covered: Sequence[str]) -> Callable[..., list[object]]:
    """Where somebody migrated by hand nothing is carried; and of tables that nobody can compare,
    the names are told."""

    def judged(
        bed: Bed, crossing: Crossing, live: State, returned: State, listed: Mapping[Name, Listed]
    ) -> list[object]:
        found: list[object] = list(differing(crossing.snapshot, returned))
        for number, key in crossing.touched:
            shapes = [one.tables.get(number) for one in (crossing.after, crossing.last)]
            if any(one and one.name in not_covered for one in shapes):
                continue
            opening, last = (one.get(number, {}).get(key) for one in (crossing.opening, live))
            if last is None and not _is_compared(crossing, number):
                continue
            same = {each for each in opening or () if each in (last or ())}
            is_other = opening is None or last is None or any(opening[x] != last[x] for x in same)
            line = listed.get((number, key))
            if (opening or last) and is_other and (line is None or line.is_part):
                found.append(("not listed", shapes, key, opening, last))
        return found + list(_otherwise(bed, crossing, live, listed))

    return judged


def _is_compared(crossing: Crossing, number: Number) -> bool:
    """Whether a table that somebody made anew can be compared with the snapshot's, by its name
    and its key's: only then is it known which rows are gone."""
    was, now = crossing.before.tables.get(number), crossing.last.tables.get(number)
    if was is None or now is None:
        return False
    return (was.name, was.key_name) == (now.name, now.key_name)


def listed_in(bed: Bed, file: Path, after: Schema) -> dict[Name, Listed]:
    """By the row that each line is about."""
    found: dict[Name, Listed] = {}
    for place, text in enumerate(file.read_text("utf-8").splitlines(), start=1):
        line = json.loads(text)
        if line["table"] == "django_migrations":
            continue  # who migrated by hand wrote there too
        number = after.named(line["table"])
        assert number is not None, f"a line of no table: {line}"
        ((name, key),) = line["key"].items()
        assert name == after.tables[number].key_name, line
        row = number, bed.stored(key)
        assert row not in found, f"listed twice: {line}"
        found[row] = Listed(place, line["table"], line["row"], line["carried"])
    return found


def broken(
    bed: Bed, crossing: Crossing, live: State, returned: State, listed: Mapping[Name, Listed]
) -> list[object]:
    """What is neither here nor there, or is there without having been written."""
    found: list[object] = []
    for number, shape in crossing.before.tables.items():
        newer = crossing.after.tables.get(number)
        snapshot = crossing.snapshot[number]
        opening, last = crossing.opening.get(number, {}), live.get(number, {})
        for key in {*snapshot, *returned[number], *opening, *last}:
            one = _Row(
                bed, shape, newer, snapshot.get(key), opening.get(key), last.get(key),
                returned[number].get(key), listed.get((number, key)),
                (number, key) in crossing.touched, crossing.has_data,
            )  # fmt: skip
            if not one.is_right():
                found.append(one)
    found += _unlisted(bed, crossing, live, listed)
    return found


def _unlisted(
    bed: Bed, crossing: Crossing, live: State, listed: Mapping[Name, Listed]
) -> Iterator[object]:
    """Rows of tables that only the newer schema has, and lines that say what is not so."""
    for number, shape in crossing.after.tables.items():
        opening, last = crossing.opening[number], live[number]
        for key in {*opening, *last}:
            line = listed.get((number, key))
            is_new = number not in crossing.before.tables
            if is_new and last.get(key) != opening.get(key) and (line is None or line.is_part):
                yield "not listed", shape.name, key, last.get(key)
    yield from _otherwise(bed, crossing, live, listed)


def _otherwise(
    bed: Bed, crossing: Crossing, live: State, listed: Mapping[Name, Listed]
) -> Iterator[object]:
    """Lines that say what is not so."""
    for (number, key), line in listed.items():
        if not says(bed, crossing.last.tables[number], line, live[number].get(key)):
            yield "listed otherwise", line, live[number].get(key)


def says(bed: Bed, shape: Shape, line: Listed, last: Row | None) -> bool:
    """Whether a line tells the row as it was."""
    if line.values is None or last is None:
        return line.values is None and last is None
    names = {column.name: number for number, column in shape.columns.items()}
    if not line.is_part and set(line.values) != set(names):
        return False
    return all(bed.says(value, last[names[name]]) for name, value in line.values.items())


@dataclass(frozen=True)
class _Row:
    """All that is known of one row."""

    bed: Bed
    shape: Shape
    newer: Shape | None
    snapshot: Row | None
    opening: Row | None
    last: Row | None
    returned: Row | None
    line: Listed | None
    is_touched: bool
    has_data: bool

    def is_right(self) -> bool:
        if self.newer is None or (self.line and not self.line.is_part):
            return self.returned == self.snapshot
        if not self.is_touched:
            return self.returned == self.snapshot and self.line is None
        if self.last == self.opening and self.line is None and self.returned == self.snapshot:
            return True
        if self.last is None:
            return self.returned is None and self.line is None
        return self.returned is not None and self._is_as_before() and self._added_is_kept()

    def _is_as_before(self) -> bool:
        """Whether what came back is what the older schema has of the row."""
        assert self.last is not None
        assert self.returned is not None
        for number, column in self.shape.columns.items():
            if number in self.last:
                wanted = self.last[number]
            elif self.snapshot is not None:
                wanted = self.snapshot[number]
            elif (default := column.stored_default(self.bed.engine)) is not UNKNOWN:
                wanted = self.bed.stored(default)
            else:
                return False
            if self.returned[number] != wanted:
                return False
        return True

    def _added_is_kept(self) -> bool:
        """Whether each value that the older schema has no column for is listed, or goes without
        saying."""
        assert self.newer is not None
        assert self.last is not None
        named = set(self.line.values or ()) if self.line else set()
        return all(
            column.name in named or self._goes_without_saying(column, self.last[number])
            for number, column in self.newer.columns.items()
            if number not in self.shape.columns
        )

    def _goes_without_saying(self, column: Column, stored: Stored) -> bool:
        engine = self.bed.engine
        known = [] if self.has_data else [column.stored_filling(engine)]
        if self.opening is None:
            known.append(column.stored_default(engine))
        return any(one is not UNKNOWN and self.bed.stored(one) == stored for one in known)
