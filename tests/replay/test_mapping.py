"""Which row of the older database a row of the newer one is, and what of it is lost."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parom.facts import CapturedRow
from parom.replay.apart import Apart, Why
from parom.replay.changes import Changes, Filled, Limit, Refusal, TableChange
from parom.replay.deciding import decide
from parom.replay.mapping import Column, Pair, Table, TableMap, map_tables

NOTE = Table("note", (Column("id", null=False), Column("text", null=False)), ("id",))
NAMES = [f"c{number}" for number in range(6)]


def mapped(before: Table, after: Table, *changes: TableChange) -> TableMap | Why:
    return map_tables({before.name: before}, {after.name: after}, Changes(changes))[after.name]


def the_map(before: Table, after: Table, *changes: TableChange) -> TableMap:
    found = mapped(before, after, *changes)
    assert isinstance(found, TableMap)
    return found


@dataclass(frozen=True)
class Case:
    """Two tables, what leads from one to the other, and a row of the newer one."""

    before: Table
    after: Table
    change: TableChange
    row: CapturedRow


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Columns are numbered: the newer one may call them anything, drop some and add some."""
    kept = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=4))
    names = draw(st.permutations([*NAMES, "x", "y"]))
    new_name = dict(zip(kept, names, strict=False))
    spare = [one for one in names if one not in new_name.values()]
    added = draw(st.lists(st.sampled_from(spare), unique=True, max_size=2))
    removed = draw(st.lists(st.sampled_from([n for n in NAMES if n not in kept]), unique=True))
    fill = st.builds(Filled, st.just(""), st.booleans(), st.sampled_from([None, 0, "", 7]))
    change = TableChange(
        "old", "new",
        renamed=tuple((old, new) for old, new in new_name.items() if old != new),
        added=tuple(Filled(one, f.has_default, f.default) for one in added for f in [draw(fill)]),
        removed=tuple(Filled(one, f.has_default, f.default) for one in removed
                      for f in [draw(fill)]),
    )  # fmt: skip
    key = Column("id", null=False)
    before = Table(
        "old", (key, *(Column(one, draw(st.booleans())) for one in (*kept, *removed))), ("id",)
    )
    after = Table("new", (key, *(Column(one) for one in (*new_name.values(), *added))), ("id",))
    values = {one.name: draw(st.sampled_from([None, 0, "", 7, 9])) for one in after.columns}
    operation = draw(st.sampled_from(["insert", "update"]))
    row = CapturedRow("new", operation, {"id": 1}, {**values, "id": 1})
    return Case(before, after, change, row)


@given(cases())
def test_each_column_of_a_row_is_carried_or_apart(case: Case) -> None:
    """The law: nothing of what was written is neither here nor there."""
    found = the_map(case.before, case.after, case.change)
    apart = decide(case.row, found)
    assert case.row.row is not None
    if apart is not None and not apart.columns:
        return
    carried = {one.after for one in found.columns}
    left = set(apart.columns) if apart else set()
    defaults = {one.name: one for one in case.change.added}
    for name, value in case.row.row.items():
        if name in carried or name in left:
            continue
        fill = defaults[name]
        assert fill.has_default
        assert value == fill.default
    assert not carried & left


@given(cases())
def test_each_column_of_the_older_table_gets_a_value(case: Case) -> None:
    """A row that is carried is one that the older release could have written."""
    found = the_map(case.before, case.after, case.change)
    apart = decide(case.row, found)
    assert case.row.row is not None
    if apart is not None and not apart.columns:
        return
    values = {one.before: case.row.row[one.after] for one in found.columns}
    values |= {one.name: one.default for one in found.removed}
    assert set(values) == {one.name for one in case.before.columns}
    if case.row.operation == "insert":
        assert all(one.null or values[one.name] is not None for one in case.before.columns)


@given(cases())
def test_a_column_keeps_its_rows(case: Case) -> None:
    """By their numbers, whatever they are called: never by a name that was given anew."""
    found = the_map(case.before, case.after, case.change)
    older = {newer: older for older, newer in case.change.renamed}
    made, gone = ({one.name for one in some} for some in (case.change.added, case.change.removed))
    for pair in found.columns:
        assert pair.before == older.get(pair.after, pair.after)
        assert pair.after not in made
        assert pair.before not in gone


@pytest.mark.parametrize(
    ("before", "after", "changes", "why"),
    [
        (NOTE, Table("tag", NOTE.columns, ("id",)), (), Why.NO_TABLE),
        (NOTE, Table("note", NOTE.columns, ("id",)), (TableChange("", "note"),), Why.NO_TABLE),
        (NOTE, Table("note", NOTE.columns, ()), (), Why.NO_KEY),
        (NOTE, Table("note", NOTE.columns, ("text",)), (), Why.NO_KEY),
        (NOTE, Table("note", NOTE.columns, ("id", "text")), (), Why.NO_KEY),
        (
            Table("django_migrations", NOTE.columns, ("id",)),
            Table("django_migrations", NOTE.columns, ("id",)),
            (),
            Why.NEVER,
        ),
    ],
)
def test_a_table_whose_rows_cannot_be_carried(
    before: Table, after: Table, changes: tuple[TableChange, ...], why: Why
) -> None:
    """A row that is put where another one belongs is worse than one in quarantine."""
    assert mapped(before, after, *changes) is why
    assert decide(CapturedRow(after.name, "delete", {"id": 1}, None), why) == Apart(why)


def test_a_table_by_the_name_of_a_renamed_one_is_another() -> None:
    """Somebody made it by hand after the opening."""
    found = map_tables(
        {"note": NOTE},
        {"memo": Table("memo", NOTE.columns, ("id",)), "note": NOTE},
        Changes((TableChange("note", "memo"),)),
    )
    assert isinstance(found["memo"], TableMap)
    assert found["note"] is Why.NO_TABLE


def test_a_refusal_is_of_its_table_or_of_all() -> None:
    """Nobody knows which tables an operation on data works on."""
    other = Table("other", NOTE.columns, ("id",))
    schema = {"note": NOTE, "other": other}
    one = Changes(refusals=(Refusal("a.1", "AlterField", "changes its type", "note"),))
    assert map_tables(schema, schema, one)["note"] is Why.REFUSED
    assert isinstance(map_tables(schema, schema, one)["other"], TableMap)
    whole = Changes(refusals=(Refusal("a.1", "RunPython", "has no reverse"),))
    assert set(map_tables(schema, schema, whole).values()) == {Why.REFUSED}


def test_an_operation_on_data_needs_the_rehearsals_word() -> None:
    """Missing evidence is never counted as good."""
    changes = Changes(data=(Refusal("a.2", "RunPython", "works on data"),))
    assert changes.seen(None).refuses_all
    assert changes.seen({}) == changes
    (found,) = changes.seen({"note": 3}).refusals
    assert (found.table, found.migration) == ("note", "a.2")


@pytest.mark.parametrize(
    ("value", "apart"),
    [("long enough", True), ("short", False), (-1, True), (0, False), (9, False), (10, True)],
)
def test_a_value_beyond_what_the_older_column_takes_is_apart(value: object, apart: bool) -> None:
    """SQLite would take it; the older release would not."""
    change = TableChange("note", "note", limits=(Limit("text", 5, 0, 9),))
    row = CapturedRow("note", "update", {"id": 1}, {"id": 1, "text": value})
    found = decide(row, the_map(NOTE, NOTE, change))
    assert found == (Apart(Why.DOES_NOT_FIT) if apart else None)


@pytest.mark.parametrize(
    ("value", "default", "columns"),
    [(0, "0.00", ()), (1.5, "1.50", ()), (2, "1.50", ("more",)), ("0", "0.00", ("more",)),
     (1, True, ()), (None, 0, ("more",)), ("", "", ()),
     (9007199254740992, "9007199254740993", ("more",)), (-0.0, 0.0, ("more",)), (-1.0, -1, ()),
     (2, "2.00", ()), (1, "one", ("more",)), (-1.5, "-1.50", ())],
)  # fmt: skip
def test_what_an_added_column_holds_is_apart_unless_the_migration_gave_it(
    value: object, default: object, columns: tuple[str, ...]
) -> None:
    """A default that nobody wrote is no loss; NULL where there is a default was written."""
    after = Table("note", (*NOTE.columns, Column("more")), ("id",))
    found = the_map(
        NOTE, after, TableChange("note", "note", added=(Filled("more", True, default),))
    )
    row = CapturedRow("note", "insert", {"id": 1}, {"id": 1, "text": "", "more": value})
    assert decide(row, found) == (Apart(Why.COLUMNS, columns) if columns else None)


@pytest.mark.parametrize("value", [None, "", 0])
def test_where_nobody_knows_what_the_migration_gave_each_value_is_apart(value: object) -> None:
    """NULL too: it may stand where the migration had put something else."""
    after = Table("note", (*NOTE.columns, Column("more")), ("id",))
    found = the_map(NOTE, after, TableChange("note", "note", added=(Filled("more"),)))
    row = CapturedRow("note", "update", {"id": 1}, {"id": 1, "text": "", "more": value})
    assert decide(row, found) == Apart(Why.COLUMNS, ("more",))


def test_what_the_older_database_computes_is_not_written() -> None:
    """It is compared instead, since the newer one may have let users write it."""
    before = Table("note", (*NOTE.columns, Column("size", is_generated=True)), ("id",))
    after = Table("note", (*NOTE.columns, Column("size")), ("id",))
    found = the_map(before, after)
    assert found.computed == (Pair("size", "size"),)
    assert "size" not in {one.after for one in found.columns}


def test_changes_come_back_from_the_journal_as_they_were() -> None:
    """The newer code may not start any more when they are needed."""
    import json

    changes = Changes(
        (TableChange("a", "b", (("x", "y"),), (Filled("n", True, 0),), (Filled("o"),),
                     (Limit("y", 5),)),),
        (Refusal("a.1", "RunSQL", "has no reverse"),),
        (Refusal("a.2", "RunPython", "works on data"),),
    )  # fmt: skip
    assert Changes.from_record(json.loads(json.dumps(changes.as_record()))) == changes


@pytest.mark.parametrize(
    ("operation", "value", "columns"),
    [("insert", 0, ()), ("insert", 7, ("more",)), ("insert", None, ("more",)),
     ("update", 0, ("more",)), ("update", 7, ())],
)  # fmt: skip
def test_a_new_row_is_held_to_what_new_rows_get(
    operation: str, value: object, columns: tuple[str, ...]
) -> None:
    """A migration filled the rows that were there with 7; a later one knows nothing of that."""
    after = Table("note", (*NOTE.columns, Column("more")), ("id",))
    filled = Filled("more", True, 7, new_has_default=True, new_default=0)
    found = the_map(NOTE, after, TableChange("note", "note", added=(filled,)))
    row = CapturedRow("note", operation, {"id": 1}, {"id": 1, "text": "", "more": value})
    assert decide(row, found) == (Apart(Why.COLUMNS, columns) if columns else None)
