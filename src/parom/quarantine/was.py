"""What a live row has to be, so that putting another state over it overwrites nobody's work.

It must stand as it came back with the return: whoever changed it since knew what they did. How
it came back is known by the run's own images of the rows in quarantine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from parom.quarantine.aim import Aim, Known, Side, Values, change_of
from parom.quarantine.lines import Line
from parom.quarantine.staying import Stay


@dataclass(frozen=True)
class Was:
    """The row as the live database must have it; None: it must not be there."""

    row: Values | None


@dataclass(frozen=True)
class Image:
    """A row as it came back with the return, by the older release's names."""

    table: str
    key: Values
    was: Was


@dataclass(frozen=True)
class Wanted:
    """One row to be put back."""

    number: int
    """Of its line."""
    aim: Aim
    was: Was | None
    """None where nobody knows: then it is put back only if it stands there already."""


def is_there(now: Values | None, values: Values | None) -> bool:
    """Whether a row has these values in the columns that they name; None: whether it is gone."""
    if now is None or values is None:
        return now is None and values is None
    return all(_same(now.get(name), one) for name, one in values.items())


def why_not(wanted: Wanted, now: Values | None) -> Stay | None:
    """Why the row that is there now must not be written over; None where it may be."""
    if wanted.was is None:
        return Stay.NOT_KNOWN
    if is_there(now, wanted.was.row):
        return None
    return Stay.TAKEN if wanted.was.row is None else Stay.CHANGED


def wanted_of(line: Line, aim: Aim, known: Known, image: Image | None) -> Wanted:
    """Without an image it is not known how the row came back."""
    return Wanted(line.number, aim, _was(line, aim, known, image))


def rest_of(line: Line, columns: tuple[str, ...], known: Known) -> Wanted:
    """Columns that had no place when the rest of the row was put back: that rest still stands,
    and what the migrations give to every row stands in them."""
    values = line.row.row or {}
    rest = {name: one for name, one in values.items() if name not in columns}
    given = _given(line.row.table, known)
    is_known = set(columns) <= given.keys()
    was = Was({**rest, **{name: given[name] for name in columns}}) if is_known else None
    wanted = {name: values[name] for name in columns}
    return Wanted(line.number, Aim(line.row.table, line.row.key, wanted, {}), was)


def _was(line: Line, aim: Aim, known: Known, image: Image | None) -> Was | None:
    if line.row.operation == "insert" and not line.carried:
        return Was(None)
    if image is None:
        return None
    if known.side is Side.OLDER:
        is_of_it = (image.table, image.key) == (aim.table, aim.key)
        return image.was if is_of_it else None
    if image.table != change_of(line.row.table, known.changes).before:
        return None
    return image.was if image.was.row is None else _newer(line.row.table, known, image.was.row)


def _same(one: object, other: object) -> bool:
    """By value and kind: 1 is not 1.0, and 0.0 is not -0.0."""
    return type(one) is type(other) and repr(one) == repr(other)


def _newer(table: str, known: Known, image: Values) -> Was | None:
    """The image as the migrations make it, as far as that is certain."""
    change, given = change_of(table, known.changes), _given(table, known)
    older = {newer: name for name, newer in change.renamed}
    added, row = {one.name for one in change.added}, dict[str, object]()
    for column in known.live[table].columns:
        name = older.get(column.name, column.name)
        if column.name in added and column.name in given:
            row[column.name] = given[column.name]
        elif column.name not in added and name in image:
            row[column.name] = image[name]
        elif not column.is_generated:
            return None
    return Was(row)


def _given(table: str, known: Known) -> Mapping[str, object]:
    """What the migrations give to every row in the columns that they add, where it is one value."""
    added = change_of(table, known.changes).added
    return {one.name: one.default for one in added if one.has_default}
