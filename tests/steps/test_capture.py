"""What goes into the quarantine on a late return."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from parom.config.reading import read
from parom.plan.plan import Kind, Plan
from parom.steps.capture import quarantine
from parom.steps.step import Context
from parom.wiring import installation_of
from tests.steps.test_lookout import Kept
from tests.support.ferry import Ferry, make_ferry


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


def after_opening(ferry: Ferry, told: list[str]) -> Context:
    """A run whose snapshot and capture are there."""
    context = Context(
        installation=installation_of(read(ferry.config)),
        plan=Plan(Kind.DEPLOY, "run", "production", (), "release", "a test", snapshot_id="snap"),
        results={},
        tell=lambda kind, data: told.append(f"{kind} {data['table']}"),
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
    data = quarantine(context)
    assert (data["quarantined"], data["compared"], data["not_covered"]) == (3, ["note"], [])
    found = [(one["operation"], one["key"]["id"]) for one in rows_in(data["file"])]
    assert found == [("insert", 3), ("insert", 4), ("delete", 1)]


def test_what_can_only_be_named_is_named(ferry: Ferry) -> None:
    """Missing evidence is never counted as good."""
    told: list[str] = []
    context = after_opening(ferry, told)
    by_hand(ferry, "DROP TABLE note")
    data = quarantine(context)
    assert (data["quarantined"], data["compared"], data["not_covered"]) == (0, [], ["note"])
    assert told == ["not-covered note"]
