"""Names that models and databases spell differently: one table, as SQLite sees it."""

from __future__ import annotations

import pytest

from parom.facts import CapturedRow
from parom.replay.apart import Apart, Why
from parom.replay.changes import Changes, Filled, Limit, Refusal, TableChange
from parom.replay.deciding import decide
from parom.replay.mapping import Column, Pair, Table, TableMap, map_tables

BEFORE = Table("Note", (Column("Id", null=False), Column("A"), Column("B"), Column("Old")), ("Id",))
AFTER = Table("NOTE", (Column("ID", null=False), Column("A"), Column("B"), Column("New")), ("ID",))


def mapped(changes: Changes) -> TableMap | Why:
    return map_tables({"Note": BEFORE}, {"NOTE": AFTER}, changes)["NOTE"]


def test_what_the_models_tell_is_found_however_the_database_spells_it() -> None:
    """Columns that swapped their names would have been carried into each other."""
    told = TableChange(
        "note", "note", (("a", "b"), ("b", "a")), (Filled("new", True, 7),),
        (Filled("old", True, 8),), (Limit("a", 3),),
    )  # fmt: skip
    found = mapped(Changes((told,)))
    assert isinstance(found, TableMap)
    assert (found.before, found.after) == ("Note", "NOTE")
    assert found.key == (Pair("Id", "ID"),)
    assert set(found.columns) == {*found.key, Pair("B", "A"), Pair("A", "B")}
    assert found.added == (Filled("New", True, 7),)
    assert found.removed == (Filled("Old", True, 8),)
    row = {"ID": 1, "A": "long", "B": "b", "New": 7}
    told_of = CapturedRow("NOTE", "update", {"ID": 1}, row)
    assert decide(told_of, found) == Apart(Why.DOES_NOT_FIT)
    assert decide(CapturedRow("NOTE", "update", {"ID": 1}, {**row, "A": "a"}), found) is None


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        (Changes(refusals=(Refusal("a.1", "AlterField", "type", "note"),)), Why.REFUSED),
        (Changes((TableChange("note", "memo"),)), Why.NO_TABLE),
        (Changes((TableChange("", "note"),)), Why.NO_TABLE),
    ],
)
def test_what_keeps_rows_apart_does_so_in_any_spelling(changes: Changes, why: Why) -> None:
    """A refusal of `note` that `NOTE` slips past would be none."""
    assert mapped(changes) is why


def test_what_is_applied_is_never_carried_in_any_spelling() -> None:
    """It is the snapshot's own story."""
    table = Table("Django_Migrations", AFTER.columns, ("ID",))
    found = map_tables({table.name: table}, {table.name: table}, Changes())
    assert found == {table.name: Why.NEVER}


def test_a_table_renamed_in_its_letters_alone_is_the_same() -> None:
    """Neither SQLite nor the user sees a difference."""
    found = mapped(Changes((TableChange("Note", "note", removed=(Filled("old"),)),)))
    assert isinstance(found, TableMap)
    assert found.before == "Note"


def test_only_ascii_letters_have_no_case() -> None:
    """To SQLite these are two tables."""
    one, two = Table("Ü", BEFORE.columns, ("Id",)), Table("ü", BEFORE.columns, ("Id",))
    schema = {one.name: one, two.name: two}
    found = map_tables(schema, schema, Changes(refusals=(Refusal("a.1", "b", "type", "ü"),)))
    assert found["ü"] is Why.REFUSED
    assert isinstance(found["Ü"], TableMap)
    assert found["Ü"].before == "Ü"


def test_where_letter_case_tells_names_apart_they_are_two() -> None:
    """PostgreSQL: what is said of one is not said of the other, table or column."""
    columns = (Column("id", null=False), Column("A"), Column("a"))
    before, other, after = (
        Table(name, columns, ("id",), is_exact=True) for name in ("note", "Memo", "Note")
    )
    told = TableChange("note", "Note", (("a", "A"),), removed=(Filled("A"),))
    found = map_tables(
        {"note": before, "Memo": other},
        {"Note": after, "Memo": other},
        Changes((told,), (Refusal("a.1", "AlterField", "type", "memo"),)),
    )
    renamed, kept = found["Note"], found["Memo"]
    assert isinstance(renamed, TableMap)
    assert isinstance(kept, TableMap)
    assert renamed.before == "note"
    assert set(renamed.columns) == {Pair("id", "id"), Pair("a", "A")}
    assert set(kept.columns) == {Pair(one.name, one.name) for one in columns}
