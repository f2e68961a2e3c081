"""Whatever is in quarantine and whatever was written since: the rows are divided without rest."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from parom.quarantine.folder import totals_of
from parom.quarantine.lines import Line, key_text, lines_of
from tests.adapters.databases.postgresql.server import Server
from tests.quarantine.scene import (
    DANGLING,
    Scene,
    author,
    book,
    in_postgresql,
    in_sqlite,
    scene_with,
)

_IDS = st.integers(1, 6)
_OPERATIONS = st.sampled_from(["insert", "update", "delete"])
_AUTHORS = st.builds(author, _IDS, _OPERATIONS, st.sampled_from("abcxyz"))
_BOOKS = st.builds(
    book,
    _IDS,
    _OPERATIONS,
    heading=st.sampled_from(["one", "new"]),
    stock=st.integers(-1, 2),
    author_id=st.one_of(st.none(), _IDS),
    pages=st.integers(0, 1),
)
_LINES = st.lists(
    st.one_of(_AUTHORS, _BOOKS), max_size=8, unique_by=lambda one: (one["table"], one["key"]["id"])
)
_WRITES = st.lists(
    st.sampled_from(
        [
            "UPDATE book SET title = 'newer' WHERE id = 1",
            "DELETE FROM book WHERE id = 2",
            "UPDATE author SET name = 'newer' WHERE id = 3",
            "INSERT INTO author VALUES (4, 'x') ON CONFLICT DO NOTHING",
            "INSERT INTO book VALUES (5, 'newer', 1, NULL, 1) ON CONFLICT DO NOTHING",
        ]
    ),
    max_size=3,
)
_CHOSEN = st.sets(st.sampled_from([f"{t}:{n}" for t in ("author", "book") for n in range(1, 7)]))


_ANY = given(lines=_LINES, writes=_WRITES, chosen=_CHOSEN, as_they_come=st.booleans())


@settings(max_examples=60, deadline=None)
@_ANY
def test_each_row_is_back_as_it_was_or_still_in_quarantine(
    lines: list[dict[str, Any]], writes: list[str], chosen: set[str], as_they_come: bool
) -> None:
    """An independent reader compares the tables: what is not back was not touched."""
    with tempfile.TemporaryDirectory() as top:
        scene = scene_with(in_sqlite(Path(top)), Path(top), *lines)
        divided_without_rest(scene, lines, writes, chosen, as_they_come)


@settings(max_examples=20, deadline=None)
@_ANY
def test_so_is_each_row_of_postgresql(
    emptied: Server,
    lines: list[dict[str, Any]],
    writes: list[str],
    chosen: set[str],
    as_they_come: bool,
) -> None:
    """The same law."""
    with tempfile.TemporaryDirectory() as top:
        scene = scene_with(in_postgresql(emptied), Path(top), *lines)
        divided_without_rest(scene, lines, writes, chosen, as_they_come)


def divided_without_rest(
    scene: Scene,
    lines: list[dict[str, Any]],
    writes: list[str],
    chosen: set[str],
    as_they_come: bool,
) -> None:
    came_back = tables(scene)
    scene.sql(";".join(writes))
    before = tables(scene)
    names = {key_text(one.row) for one in read(scene)} & (chosen or {""})
    if not lines or not (as_they_come or names):
        return
    tally = scene.put(*(() if as_they_come else names))
    asked = [one for one in lines if as_they_come or name(one) in names]
    assert tally.number == len(asked)
    record = scene.folder.put_back()
    expected = {table: dict(rows) for table, rows in before.items()}
    for number, one in enumerate(lines, start=1):
        if record.is_back(number) or number in record.in_part:
            assert one in asked
            row = row_of(expected, one)
            take(expected, one)
            stood = None if one["operation"] == "insert" else row_of(came_back, one)
            # Nobody's newer work: it stood as it came back, or as it is to be.
            assert row in (stood, row_of(expected, one))
    assert tables(scene) == expected
    assert scene.rows(DANGLING) == []
    assert len(record.back) == tally.back.total()
    assert len(record.in_part) == tally.in_part.total()
    listed = totals_of(scene.folder)
    assert (listed.rows, listed.back) == (len(lines), tally.back.total())
    again = scene.put(*(() if as_they_come else names))
    assert (again.back.total(), again.before) == (0, tally.back.total())
    assert tables(scene) == expected


def name(one: dict[str, Any]) -> str:
    return f"{one['table']}:{one['key']['id']}"


def read(scene: Scene) -> list[Line]:
    return [one for one in lines_of(scene.folder.rows) if isinstance(one, Line)]


def tables(scene: Scene) -> dict[str, dict[int, tuple[Any, ...]]]:
    return {
        table: {row[0]: row for row in scene.rows(f"SELECT * FROM {table}")}
        for table in ("author", "book")
    }


def row_of(
    found: dict[str, dict[int, tuple[Any, ...]]], one: dict[str, Any]
) -> tuple[Any, ...] | None:
    return found[one["table"]].get(one["key"]["id"])


def take(found: dict[str, dict[int, tuple[Any, ...]]], one: dict[str, Any]) -> None:
    """What the row is to the older release, said once more and otherwise."""
    table, number, row = found[one["table"]], one["key"]["id"], one["row"]
    if row is None:
        table.pop(number, None)
    elif one["table"] == "author":
        table[number] = (number, row["name"])
    else:
        cover = json.loads(json.dumps(row["cover"]))
        table[number] = (number, row["heading"], row["stock"], cover, row["author_id"])
