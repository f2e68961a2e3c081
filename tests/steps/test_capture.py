"""What goes into the quarantine on a late return."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from parom.adapters.databases.sqlite import SQLiteDatabase
from parom.config.reading import read
from parom.errors import database as errors
from parom.facts import CapturedRow, Process
from parom.plan.plan import Kind, Plan
from parom.replay.apart import Carried
from parom.replay.changes import Changes, Filled, Refusal, TableChange
from parom.steps.capture import CollectCapture, collect
from parom.steps.database import ReturnDatabase, swap
from parom.steps.replay import carry
from parom.steps.step import Context
from parom.wiring import installation_of
from tests.steps.test_lookout import Kept
from tests.support.ferry import Ferry, make_ferry

SAME = Changes()
"""Both schemas are the same."""


@pytest.fixture
def ferry(tmp_path: Path) -> Ferry:
    made = make_ferry(tmp_path)
    made.live_database.parent.mkdir()
    by_hand(made, "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)")
    by_hand(made, "INSERT INTO note VALUES (1, 'one'), (2, 'two')")
    return made


def by_hand(ferry: Ferry, script: str) -> None:
    with closing(sqlite3.connect(ferry.live_database)) as connection:
        connection.executescript(script)


def after_opening(
    ferry: Ferry, told: list[str], changes: Changes = SAME, kind: Kind = Kind.DEPLOY
) -> Context:
    """A run whose snapshot and capture are there."""
    context = Context(
        installation=installation_of(read(ferry.config)),
        plan=Plan(
            kind,
            "run",
            "production",
            (),
            "release",
            "a test",
            snapshot_id="snap",
            replay=changes.as_record(),
        ),
        results={"gates.code": {"replay": changes.as_record()}},
        tell=lambda kind, data: told.append(f"{kind} {data.get('table', data.get('error'))}"),
        checkpoint=lambda: None,
        progress=lambda _done, _total, _unit: None,
        abort_asked=lambda: "",
        measurements=Kept(),
    )
    database = context.installation.database
    database.make_ready()
    database.snapshot("snap")
    database.install_capture("run")
    return context


def notes(file: Path) -> list[tuple[int, str]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT id, text FROM note ORDER BY id").fetchall()


def rows_in(file: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(file).read_text("utf-8").splitlines()]


def test_a_table_that_was_made_anew_by_hand_is_in_quarantine_all_the_same(ferry: Ferry) -> None:
    """The triggers go with the old table: what came after would be lost without being listed."""
    context = after_opening(ferry, [])
    by_hand(ferry, "INSERT INTO note VALUES (3, 'while it was watched')")
    by_hand(
        ferry,
        "CREATE TABLE new__note AS SELECT * FROM note; DROP TABLE note;"
        "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT);"
        "INSERT INTO note SELECT * FROM new__note; DROP TABLE new__note",
    )
    by_hand(
        ferry, "INSERT INTO note VALUES (4, 'when nobody watched'); DELETE FROM note WHERE id=1"
    )
    data = collect(context)
    assert (data["quarantined"], data["compared"], data["not_covered"]) == (3, ["note"], [])
    found = [(one["operation"], one["key"]["id"]) for one in rows_in(data["file"])]
    assert found == [("insert", 3), ("insert", 4), ("delete", 1)]


def test_what_can_only_be_named_is_named(ferry: Ferry) -> None:
    """Missing evidence is never counted as good."""
    told: list[str] = []
    context = after_opening(ferry, told)
    by_hand(ferry, "DROP TABLE note")
    data = collect(context)
    assert (data["quarantined"], data["compared"], data["not_covered"]) == (0, [], ["note"])
    assert told == ["not-covered note"]


def test_what_users_wrote_comes_along(ferry: Ferry) -> None:
    """The database that is swapped in is a copy of the snapshot with their rows."""
    context = after_opening(ferry, [])
    by_hand(ferry, "INSERT INTO note VALUES (3, 'new'); DELETE FROM note WHERE id = 1")
    data = collect(context)
    assert (data["carried"], data["quarantined"], data["database"]) == (2, 0, "snap-carried")
    assert rows_in(data["file"]) == []
    context.undone["capture.install"] = data
    swap(context, written=True)
    assert notes(ferry.live_database) == [(2, "two"), (3, "new")]
    assert notes(ferry.root / ".parom/databases/snap.sqlite3") == [(1, "one"), (2, "two")]


def test_rows_that_all_came_along_are_not_read_again(
    ferry: Ferry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The public waits meanwhile."""
    asked: list[str] = []
    real = SQLiteDatabase.captured_rows

    def counted(database: SQLiteDatabase) -> Iterator[CapturedRow]:
        asked.append("rows")
        return real(database)

    monkeypatch.setattr(SQLiteDatabase, "captured_rows", counted)
    context = after_opening(ferry, [])
    by_hand(ferry, "INSERT INTO note VALUES (3, 'new')")
    assert collect(context)["carried"] == 1
    assert len(asked) == 1  # whether there is any
    by_hand(ferry, "CREATE TABLE added (id INTEGER PRIMARY KEY); INSERT INTO added VALUES (1)")
    data = collect(context)
    assert (data["carried"], data["tables"]) == (1, {"added": 1})
    assert len(asked) == 3


def test_a_copy_of_which_nobody_knows_that_it_is_finished_is_let_go(
    ferry: Ferry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A connection that is lost with the answer to COMMIT leaves one as large as the data."""
    told: list[str] = []
    context = after_opening(ferry, told)
    real = SQLiteDatabase.carry

    def cut_off(database: SQLiteDatabase, *given: Any) -> Carried:
        real(database, *given)
        raise errors.not_carried("the connection was lost")

    monkeypatch.setattr(SQLiteDatabase, "carry", cut_off)
    by_hand(ferry, "INSERT INTO note VALUES (3, 'new')")
    data = collect(context)
    assert (data["carried"], data["quarantined"], data["database"]) == (0, 1, "")
    assert told == ["not-carried database.not-carried"]
    assert list(ferry.root.glob(".parom/databases/*carried*")) == []

    def out_of_reach(_database: SQLiteDatabase, _id: str) -> None:
        raise errors.not_carried("nobody answers")

    with monkeypatch.context() as patched:
        patched.setattr(SQLiteDatabase, "discard", out_of_reach)
        assert carry(context).tables == {}
    assert told[-1] == "not-discarded database.not-carried"


def test_of_a_row_that_came_along_the_other_columns_are_listed(ferry: Ferry) -> None:
    """A value that the older release has no column for is no less a user's."""
    added = TableChange("note", "note", added=(Filled("stars", True, 0),))
    context = after_opening(ferry, [], Changes((added,)))
    by_hand(
        ferry,
        "ALTER TABLE note ADD COLUMN stars INTEGER NOT NULL DEFAULT 0;"
        "INSERT INTO note VALUES (3, 'new', 5), (4, 'plain', 0)",
    )
    context.installation.database.install_capture("another")
    by_hand(ferry, "UPDATE note SET text = text || '!' WHERE id > 2")
    data = collect(context)
    assert (data["carried"], data["quarantined"], data["reasons"]) == (2, 1, {"columns": 1})
    (line,) = rows_in(data["file"])
    assert (line["key"], line["row"], line["carried"]) == ({"id": 3}, {"stars": 5}, True)


def test_where_it_cannot_be_done_the_old_data_comes_back_and_all_is_listed(
    ferry: Ferry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A return never fails because of what it wants to keep."""
    told: list[str] = []
    context = after_opening(ferry, told)
    by_hand(ferry, "INSERT INTO note VALUES (3, 'new')")

    def fails(*_: object) -> None:
        raise errors.not_carried("there is no such function")

    monkeypatch.setattr(context.installation.database, "carry", fails)
    data = collect(context)
    assert told == ["not-carried database.not-carried"]
    assert (data["quarantined"], data["reasons"], data["database"]) == (1, {"no-replay": 1}, "")
    context.undone["capture.install"] = data
    swap(context, written=True)
    assert notes(ferry.live_database) == [(1, "one"), (2, "two")]


@pytest.mark.parametrize(
    "changes",
    [
        Changes(refusals=(Refusal("a.1", "RunPython", "no-reverse"),)),
        Changes(data=(Refusal("a.1", "RunPython", "data"),)),
    ],
)
def test_what_was_refused_beforehand_is_not_tried(ferry: Ferry, changes: Changes) -> None:
    """Neither is what no rehearsal has looked at."""
    context = after_opening(ferry, [], changes)
    by_hand(ferry, "INSERT INTO note VALUES (3, 'new')")
    data = collect(context)
    assert (data["quarantined"], data["reasons"], data["database"]) == (1, {"refused": 1}, "")
    assert not list((ferry.root / ".parom/databases").glob("*carried*"))


def test_the_rehearsals_look_lets_rows_come_along(ferry: Ferry) -> None:
    """It found that the operation on data left alone what both releases have."""
    context = after_opening(ferry, [], Changes(data=(Refusal("a.1", "RunPython", "data"),)))
    context.results["rehearsal.run"] = {"changed": {}}
    by_hand(ferry, "INSERT INTO note VALUES (3, 'new')")
    assert collect(context)["carried"] == 1


def test_a_rollback_that_is_taken_back_leaves_neither_listing_nor_copy(ferry: Ferry) -> None:
    """What is live again has all rows, and users go on writing to it."""
    context = after_opening(ferry, [], kind=Kind.ROLLBACK)
    by_hand(ferry, "INSERT INTO note VALUES (3, 'new')")
    step = CollectCapture()
    context.results[step.name] = step.run(context)
    swapped = ReturnDatabase()
    swapped.run(context)
    assert notes(ferry.live_database) == [(1, "one"), (2, "two"), (3, "new")]
    swapped.undo(context)
    step.undo(context)
    assert not list((ferry.root / ".parom").glob("**/*carried*"))
    assert not list((ferry.root / ".parom").glob("quarantine/*"))


@pytest.mark.parametrize("journal", ["WAL", "DELETE"])
def test_between_the_looks_nobody_can_write(ferry: Ferry, journal: str) -> None:
    """A process that outlived the stop would have its write neither carried nor listed."""
    by_hand(ferry, f"PRAGMA journal_mode = {journal}")
    context, refused = after_opening(ferry, []), list[str]()

    def straggler() -> None:
        with closing(sqlite3.connect(ferry.live_database, timeout=0)) as connection:
            try:
                connection.execute("UPDATE note SET text = 'late' WHERE id = 1")
                connection.commit()
            except sqlite3.OperationalError as problem:
                refused.append(str(problem))

    context.checkpoint = straggler
    by_hand(ferry, "INSERT INTO note VALUES (3, 'new')")
    data = collect(context)
    assert refused == ["database is locked"]
    assert (data["carried"], data["quarantined"]) == (1, 0)


def test_who_came_meanwhile_is_waited_for_and_what_he_wrote_is_looked_at(
    ferry: Ferry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """He could not write before the listing was done, and does so after it."""
    context = after_opening(ferry, [])
    by_hand(ferry, "INSERT INTO note VALUES (3, 'new')")
    asked = list[int]()

    def holders(_own: object) -> tuple[Process, ...]:
        asked.append(1)
        if len(asked) == 1:
            return (Process(77, "psql", "a straggler", 0.0),)
        if len(asked) == 2:
            by_hand(ferry, "INSERT INTO note VALUES (4, 'late')")
        return ()

    monkeypatch.setattr(context.installation.database, "holders", holders)
    data = collect(context)
    assert (data["carried"], data["quarantined"]) == (2, 0)
    assert notes(ferry.root / ".parom/databases/snap-carried.sqlite3")[2:] == [
        (3, "new"),
        (4, "late"),
    ]


def test_where_somebody_does_not_end_his_write_all_is_listed(
    ferry: Ferry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A return goes on without replay."""
    told: list[str] = []
    context = after_opening(ferry, told)
    by_hand(ferry, "INSERT INTO note VALUES (3, 'new')")
    monkeypatch.setattr(context.installation.database, "_timeout", 0)
    with closing(sqlite3.connect(ferry.live_database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        data = collect(context)
    assert told == ["not-carried database.locked"]
    assert (data["carried"], data["reasons"], data["database"]) == (0, {"no-replay": 1}, "")


@pytest.mark.parametrize(
    ("changes", "counted"),
    [
        (SAME, 3),
        (Changes((TableChange("", "note"), TableChange("note", "remark"))), 107),
        (Changes(refusals=(Refusal("a.1", "RunSQL: Raw SQL operation", "reverse"),)), 107),
        (Changes(refusals=(Refusal("a.1", "RunPython: Raw Python operation", "reverse"),)), 3),
    ],
)
def test_ids_are_kept_whatever_the_tables_are_called_now(
    ferry: Ferry, changes: Changes, counted: int
) -> None:
    """A name that another table has taken does not say what was given out."""
    by_hand(
        ferry,
        "DROP TABLE note; CREATE TABLE note (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT)",
    )
    context = after_opening(ferry, [], changes, kind=Kind.ROLLBACK)
    by_hand(
        ferry,
        "CREATE TABLE remark (id INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT);"
        "INSERT INTO note VALUES (3, 'of another'); INSERT INTO remark VALUES (107, 'gone');"
        "DELETE FROM remark",
    )
    swap(context, written=True)
    with closing(sqlite3.connect(ferry.live_database)) as connection:
        found = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'note'")
        assert found.fetchall() == [(counted,)]
