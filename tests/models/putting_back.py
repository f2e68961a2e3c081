"""Rows in quarantine are put back: what is asked of Parom, and the law of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parom.engine.batches import Batches, settle
from parom.engine.origin import Origin
from parom.engine.putting_back import Choice, known_of, put_back
from parom.errors import ParomError
from parom.quarantine.folder import Folder
from parom.quarantine.lines import Line, key_text, lines_of
from tests.models.bed import Bed, State
from tests.models.deployment import Deployment
from tests.models.law import Listed, Name
from tests.models.schema import Schema


@dataclass(frozen=True)
class Left:
    """A quarantine, and what the reader saw when it was left."""

    deployment: Deployment
    before: Schema
    after: Schema
    last: State
    """The newer database."""
    returned: State
    listed: Mapping[Name, Listed]

    @property
    def migrations(self) -> Sequence[tuple[str, Sequence[str]]]:
        return self.deployment.migrations

    @property
    def folder(self) -> Folder:
        return Folder(self.deployment.state / "quarantine" / self.deployment.run_id)


def put(bed: Bed, known: Sequence[Left], one: Left, chosen: int, *, values_looked_at: bool) -> str:
    """What `parom quarantine apply` does; all rows where `chosen` is none of them."""
    lines = [each for each in lines_of(one.folder.rows) if isinstance(each, Line)]
    keys = {key_text(lines[chosen].row)} if chosen < len(lines) and chosen < 3 else set[str]()
    choice = Choice(keys=frozenset(keys), values_looked_at=values_looked_at)
    database = bed.database()
    applied = frozenset(f"lib.{name}" for name, _ in one.migrations)
    origin = Origin("", "newer", "older", applied, one.deployment.changes)
    with database.single_rows() as rows:
        settle([each.folder for each in known], rows, database.live_id(), "olga")
        try:
            wanted = known_of(origin, one.folder.run_id, rows, choice)
        except ParomError as problem:
            return problem.id
        batches = Batches(one.folder, rows, database.live_id(), "olga", lambda _point: None)
        tally = put_back(one.folder, wanted, choice, one.folder.put_back(), batches.put)
        if rows.marks() is not None:
            rows.clear_marks()
    return f"{sorted(keys)} {tally}"


def broken(bed: Bed, left: Left, schema: Schema, before: State, after: State) -> list[object]:
    """Rows that were written though nobody asked for it, or over somebody's work."""
    by_name = left.listed
    found: list[object] = []
    record = left.folder.put_back()
    for number, shape in schema.tables.items():
        for key in {*before.get(number, {}), *after[number]}:
            was, now = before[number].get(key), after[number].get(key)
            line = by_name.get((number, key))
            if was == now:
                continue
            if line is None or not _is_back(record, line):
                found.append(("nobody asked for it", shape.name, was, now))
                continue
            last = left.last.get(number, {}).get(key)
            if now is None or last is None:
                right = now is None and last is None
            else:
                wanted = set(line.values or ()) if line.is_part else None
                names = {each: c.name for each, c in left.after.tables[number].columns.items()}
                right = all(
                    now[each] == last[each]
                    for each in shape.columns
                    if each in last and (wanted is None or names[each] in wanted)
                )
            came = left.returned.get(number, {}).get(key)
            is_as_it_came = (was is None) == (came is None) and (
                was is None
                or came is None
                or all(was[each] == came[each] for each in was if each in came)
            )
            if not right or not (is_as_it_came or _was_put(left, line)):
                found.append(("put back", shape.name, came, was, now, last, line))
    return found


def _is_back(record: object, line: Listed) -> bool:
    return line.number in record.back or line.number in record.in_part  # type: ignore[attr-defined]


def _was_put(left: Left, line: Listed) -> bool:
    """Whether a part of it was put back before, and the rest follows now."""
    return line.number in left.folder.put_back().in_part or line.is_part
