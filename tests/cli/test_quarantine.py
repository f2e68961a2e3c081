"""An operator looks into the quarantine of a real return, and puts rows back."""

from __future__ import annotations

import fcntl
import json
import signal
import sqlite3
import subprocess
import sys
import threading
import urllib.error
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.seen import get, quarantine, write_note
from tests.support.ferry import Ferry, make_ferry, write_project

_LONG = "word " * 2000
_TAG = """
class Tag(models.Model):
    name = models.TextField()
"""
_TAG_MIGRATION = """
        migrations.CreateModel("Tag", [
            ("id", models.BigAutoField(primary_key=True, serialize=False, auto_created=True,
                                       verbose_name="ID")),
            ("name", models.TextField())]),
"""
_LENGTH = "    length = models.IntegerField(default=0)\n"
_LENGTH_MIGRATION = (
    '        migrations.AddField("Note", "length", models.IntegerField(default=0)),\n'
)
_BULK = range(1000, 1300)


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ferry]:
    """Version 2, of which a migration cannot be turned back, was taken back by hand."""
    ferry = make_ferry(tmp_path_factory.mktemp("returned"), worker="")
    try:
        write_project(ferry.source, 1)
        done(ferry, "deploy")
        ferry.add_notes(40)
        write_version_2(ferry)
        done(ferry, "deploy")
        with writing(ferry) as live:
            live.execute("UPDATE notes_note SET body = 'changed ' || id WHERE id < 10")
            live.execute("DELETE FROM notes_note WHERE id BETWEEN 20 AND 25")
            live.execute("INSERT INTO notes_tag VALUES (1, 'red')")
            live.execute("INSERT INTO notes_note VALUES (900, ?)", (_LONG,))
            live.executemany(
                "INSERT INTO notes_note VALUES (?, ?)", [(n, f"bulk {n}") for n in _BULK]
            )
        for number in range(100, 130):
            write_note(ferry, f"note {number}")
        ran = ferry.parom("rollback")
        assert ran.returncode == 21, ran.stdout + ran.stderr
        yield ferry
    finally:
        ferry.shut_down()


def write_version_2(ferry: Ferry) -> None:
    """With a new table, a renamed column and a data migration that has no reverse."""
    write_project(ferry.source, 2)
    migration = ferry.source / "notes/migrations/0002_length.py"
    text = migration.read_text().replace("fill, migrations.RunPython.noop", "fill")
    text = text.replace("note.length = len(note.body)", "pass").replace(_LENGTH_MIGRATION, "")
    migration.write_text(text.replace("operations = [", "operations = [" + _TAG_MIGRATION))
    models = ferry.source / "notes/models.py"
    models.write_text(models.read_text().replace(_LENGTH, "") + _TAG)


def done(ferry: Ferry, *arguments: str) -> str:
    ran = ferry.parom(*arguments)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@contextmanager
def writing(ferry: Ferry) -> Iterator[sqlite3.Connection]:
    """What the application's users do, without the application."""
    with closing(sqlite3.connect(ferry.live_database, timeout=60)) as connection, connection:
        yield connection


def live(ferry: Ferry) -> dict[int, str]:
    """The notes by their ids, as somebody with sqlite3 sees them."""
    with closing(sqlite3.connect(ferry.live_database, timeout=60)) as connection:
        return dict(connection.execute("SELECT id, text FROM notes_note"))


def run_of(ferry: Ferry) -> str:
    folders = (ferry.root / ".parom" / "quarantine").glob("*/came-back.jsonl")
    return next(folders).parent.name


def apply(ferry: Ferry, *ids: int, flags: tuple[str, ...] = ()) -> tuple[int, dict[str, Any]]:
    """The exit code, and what the command says."""
    keys = [one for n in ids for one in ("--key", f"notes_note:{n}")]
    ran = ferry.parom(
        "quarantine", "apply", run_of(ferry), "--as-they-are", "--json", *keys, *flags
    )
    assert ran.returncode in (0, 10, 30), ran.stdout + ran.stderr
    return ran.returncode, json.loads(ran.stdout)


def staying(told: dict[str, Any]) -> dict[str, int]:
    return {one["why"]: one["rows"] for one in told["stayed"]}


def test_the_list_says_which_return_left_which_rows(returned: Ferry) -> None:
    """Before anything is done, somebody must know what there is."""
    (found,) = json.loads(done(returned, "quarantine", "list", "--json"))
    rows = quarantine(returned)
    assert found["rows"] == len(rows) == sum(found["tables"].values())
    assert found["tables"]["notes_tag"] == 1
    assert found["reasons"] == {"refused": len(rows)}
    newest, oldest = (f.name for f in sorted((returned.root / "releases").iterdir())[::-1])
    assert (found["from"], found["back_to"]) == (newest, oldest)
    shown = done(returned, "quarantine", "list")
    assert f"{len(rows)} rows, " in shown
    assert "a migration stands in the way" in shown


def test_rows_are_shown_as_a_person_reads_them(returned: Ferry) -> None:
    """Long values are cut, and whoever wants all of them takes JSON."""
    run = run_of(returned)
    shown = done(returned, "quarantine", "show", run, "--limit", "400")
    assert "notes_note:900  inserted; a migration stands in the way" in shown
    assert _LONG[:300] not in shown
    assert "…" in shown
    few = done(returned, "quarantine", "show", run, "--limit", "2", "--table", "notes_note")
    assert few.count("notes_note:") == 2
    assert "more rows: --limit shows more" in few
    tags = done(returned, "quarantine", "show", run, "--table", "notes_tag")
    assert "notes_tag:1" in tags
    assert "red" in tags
    assert "notes_note" not in tags


def test_programs_get_every_row_as_it_was_written(returned: Ferry) -> None:
    """Nothing is cut for them."""
    told = done(returned, "quarantine", "show", run_of(returned), "--json").splitlines()
    rows = [json.loads(line) for line in told]
    assert [
        {**one, **stored} for one, stored in zip(rows, quarantine(returned), strict=True)
    ] == rows


def test_a_damaged_file_shows_what_can_be_read(returned: Ferry) -> None:
    """A disk that failed, or a file that was cut off, is no reason for a traceback."""
    good = (
        '{"table": "t", "operation": "insert", "key": {"id": 1}, "row": {"id": 1}, "why": "refers"}'
    )
    folder = returned.root / ".parom" / "quarantine" / "20000101T000000-damage"
    folder.mkdir()
    try:
        lines = [
            good,
            "\x00\xff",
            "[]",
            '{"table": "t"}',
            good.replace("insert", "drop"),
            good[:40],
        ]
        (folder / "rows.jsonl").write_text("\n".join(lines), "utf-8")
        ran = returned.parom("quarantine", "show", folder.name)
        assert ran.returncode == 10
        assert "t:1  inserted; it refers to a row that is not there" in ran.stdout
        assert "quarantine.damaged" in ran.stderr
        assert "5 lines" in ran.stderr
        assert "5 lines cannot be read" in done(returned, "quarantine", "list")
        refused = returned.parom("quarantine", "apply", folder.name)
        assert (refused.returncode, "unknown-origin" in refused.stderr) == (10, True)
        (folder / "rows.jsonl").rename(folder / "rows.partial")
        assert "not complete" in done(returned, "quarantine", "list")
        half = returned.parom("quarantine", "show", folder.name)
        assert (half.returncode, "quarantine.incomplete" in half.stderr) == (10, True)
    finally:
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()


def test_without_a_persons_look_values_of_a_data_migration_stay(returned: Ferry) -> None:
    """What the newer release's values mean to the older one, only a person can say."""
    before = live(returned)
    ran = returned.parom("quarantine", "apply", run_of(returned))
    assert ran.returncode == 10
    assert "a migration may have changed what its values mean" in ran.stdout
    assert live(returned) == before


def test_a_row_goes_back_once_while_the_application_runs(returned: Ferry) -> None:
    """And the application sees it under its name of the column."""
    code, told = apply(returned, 1000)
    assert (code, told["put_back"], told["stayed"]) == (0, {"notes_note": 1}, [])
    assert live(returned)[1000] == "bulk 1000"
    assert get(returned, "/health/")["version"] == 1
    code, told = apply(returned, 1000)
    assert (code, told["put_back"], told["before"]) == (0, {}, 1)
    shown = done(returned, "quarantine", "show", run_of(returned), "--json").splitlines()
    assert [r["put_back"] for r in map(json.loads, shown) if r["key"] == {"id": 1000}] == [True]


def test_nobodys_newer_work_is_overwritten(returned: Ferry) -> None:
    """A row that stands as it came back is changed or deleted; one that somebody changed stays."""
    with writing(returned) as users:
        users.execute("UPDATE notes_note SET text = 'newer work' WHERE id IN (1, 20)")
        users.execute("DELETE FROM notes_note WHERE id = 2")
        users.execute("INSERT INTO notes_note VALUES (1001, 'somebody else')")
    before = live(returned)
    code, told = apply(returned, 1, 2, 3, 20, 21, 1001)
    assert code == 30
    assert told["put_back"] == {"notes_note": 2}
    assert staying(told) == {"changed": 3, "taken": 1}
    expected = before | {3: "changed 3"}
    del expected[21]
    assert live(returned) == expected
    code, told = apply(returned, 1, 2, 20, 1001)
    assert (code, live(returned)) == (10, expected)


def test_what_the_older_release_has_no_place_for_stays(returned: Ferry) -> None:
    """A table that only the newer release has."""
    ran = returned.parom(
        "quarantine", "apply", run_of(returned), "--as-they-are", "--table", "notes_tag"
    )
    assert ran.returncode == 10
    assert "notes_tag 1: the live database has no such table" in ran.stdout


def test_a_dry_run_says_what_would_happen_and_changes_nothing(returned: Ferry) -> None:
    """Row by row, on a copy: the same answer, and the database as it was."""
    before = live(returned)
    with writing(returned) as users:
        users.execute("INSERT INTO notes_note VALUES (1002, 'taken')")
    code, tried = apply(returned, 4, 22, 1002, 1003, flags=("--dry-run",))
    assert live(returned) == before | {1002: "taken"}
    assert (code, tried["put_back"], staying(tried)) == (30, {"notes_note": 3}, {"taken": 1})
    code, told = apply(returned, 4, 22, 1002, 1003)
    assert {**told, "dry_run": True} == tried


def test_it_is_refused_while_an_engine_is_at_work(returned: Ferry) -> None:
    """A database that is about to be swapped is no place for rows."""
    before = live(returned)
    with (returned.root / ".parom" / "lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ran = returned.parom("quarantine", "apply", run_of(returned), "--key", "notes_note:1004")
    assert (ran.returncode, "lease.held" in ran.stderr) == (10, True)
    assert live(returned) == before


def test_it_is_refused_to_whoever_may_not_roll_back(returned: Ferry, tmp_path: Path) -> None:
    """The same rule as for a rollback."""
    config = returned.top / "others.toml"
    rules = '[access.roles]\nlead = ["nobody-here"]\n[access.deploy]\nproduction = ["lead"]\n'
    config.write_text(returned.config.read_text() + rules)
    ran = returned.parom("--config", str(config), "quarantine", "apply", run_of(returned))
    assert (ran.returncode, "access.refused" in ran.stderr) == (10, True), ran.stderr


@pytest.mark.parametrize("wrong", ["--key notes_note:77777", "--table nowhere"])
def test_rows_that_are_not_there_are_a_mistake(returned: Ferry, wrong: str) -> None:
    """A misspelt key must not look like success."""
    ran = returned.parom("quarantine", "apply", run_of(returned), *wrong.split())
    assert (ran.returncode, "quarantine.no-such-row" in ran.stderr) == (2, True)


def test_the_journal_has_who_and_which_rows_and_no_values(returned: Ferry) -> None:
    """It is copied into reports and kept for good; what users wrote is not its business."""
    apply(returned, 1005)
    journal = returned.root / ".parom" / "journal.sqlite3"
    with closing(sqlite3.connect(f"file:{journal}?mode=ro", uri=True, timeout=60)) as connection:
        found = connection.execute(
            "SELECT kind, data FROM journal_event WHERE kind LIKE 'quarantine%'"
        ).fetchall()
    texts = [data for _, data in found if "notes_note:1005" in data]
    assert texts
    assert json.loads(texts[0])["who"]
    assert not [data for _, data in found if "bulk" in data]
    assert "whole" in done(returned, "journal", "verify")


@pytest.mark.parametrize(
    ("point", "first"), [("begun", 1010), ("written", 1020), ("committed", 1030), ("told", 1040)]
)
def test_killed_in_the_middle_nothing_goes_back_twice_and_nothing_is_lost(
    returned: Ferry, point: str, first: int
) -> None:
    """What it did is found out by the mark that the batch's own transaction left."""
    ids = range(first, first + 3)
    keys = [f"notes_note:{n}" for n in ids]
    putter = [sys.executable, "-m", "tests.cli.putter", str(returned.config), run_of(returned)]
    killed = subprocess.run([*putter, point, *keys], check=False)
    assert killed.returncode == -signal.SIGKILL
    is_written = point in ("committed", "told")
    assert (set(ids) <= live(returned).keys()) == is_written
    with writing(returned) as users:  # who goes on working: were they put back again, it were lost
        users.execute("DELETE FROM notes_note WHERE id = ?", (first,))
        users.execute("UPDATE notes_note SET text = 'newer' WHERE id = ?", (first + 1,))
    tried = apply(returned, *ids, flags=("--dry-run",))
    code, told = apply(returned, *ids)
    assert tried == (code, {**told, "dry_run": True})
    found = {n: live(returned).get(n) for n in ids}
    if is_written:
        assert (code, told["before"], told["put_back"]) == (0, 3, {})
        assert found == {first: None, first + 1: "newer", first + 2: f"bulk {first + 2}"}
    else:
        assert (code, told["before"], told["put_back"]) == (0, 0, {"notes_note": 3})
        assert found == {n: f"bulk {n}" for n in ids}
    with closing(sqlite3.connect(returned.live_database, timeout=60)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]
    assert not [name for name in names if name.startswith("parom")]


def test_users_write_while_rows_go_back(returned: Ferry) -> None:
    """Every acknowledged write is there, and every row."""
    stop, kept = threading.Event(), dict[int, str]()

    def write() -> None:
        while not stop.is_set():
            text = f"meanwhile {len(kept)}"
            try:
                kept[write_note(returned, text)] = text
            except (urllib.error.URLError, OSError, ValueError):
                continue  # not acknowledged: nothing was promised

    writer = threading.Thread(target=write)
    writer.start()
    try:
        code, told = apply(returned, *range(1100, 1300))
    finally:
        stop.set()
        writer.join()
    assert (code, told["put_back"]) == (0, {"notes_note": 200})
    now = live(returned)
    assert kept
    assert kept.items() <= now.items()
    assert {n: f"bulk {n}" for n in range(1100, 1300)}.items() <= now.items()
