"""The way back: by itself after opening, by hand, and in part."""

from __future__ import annotations

import json
import subprocess
import threading
import urllib.error
from pathlib import Path

import pytest

from tests.journeys.conftest import Start
from tests.journeys.seen import begun, columns, get, quarantine, rows, tables, write_note
from tests.support.ferry import Ferry, write_project
from tests.support.waiting import wait_until

_LONG = "seconds = 60\nbaseline_s = 0.5\ngrace_s = 0\nprobe_every_s = 0.1\nshort = true"


def written_while_it_opens(ferry: Ferry, stop: threading.Event) -> list[tuple[int, str]]:
    """Notes that the application acknowledged, written as fast as it answers."""
    kept = []
    number = 0
    while not stop.is_set():
        number += 1
        text = f"from a visitor {number}"
        try:
            kept.append((write_note(ferry, text), text))
        except (urllib.error.URLError, OSError, ValueError):
            continue  # not acknowledged: nothing was promised
        stop.wait(0.02)
    return kept


def test_errors_after_opening_bring_the_old_release_back_with_every_write(
    start: Start,
) -> None:
    """An acknowledged write is in the database that came back."""
    ferry = start(watch=_LONG)
    write_project(
        ferry.source,
        2,
        # Fine until a visitor has written: so never before it is open to them.
        notes=(
            "import pathlib\n"
            "    mark = pathlib.Path(__file__).parent / 'written'\n"
            "    if request.method == 'POST': mark.touch()\n"
            "    else: assert not mark.exists(), 'broken after a while'"
        ),
    )
    stop = threading.Event()
    kept: list[tuple[int, str]] = []
    writer = threading.Thread(target=lambda: kept.extend(written_while_it_opens(ferry, stop)))
    writer.start()
    try:
        ran = ferry.parom("deploy")
    finally:
        stop.set()
        writer.join()
    assert ran.returncode == 20, ran.stdout + ran.stderr
    assert "endpoints unreachable" in ran.stdout
    assert get(ferry, "/health/")["version"] == 1
    live = set(rows(ferry, "text"))
    assert [text for _, text in kept if (text,) not in live] == []
    assert quarantine(ferry) == []
    assert "rows written after opening were carried over: notes_note" in ran.stdout


@pytest.mark.long
def test_rows_that_the_old_release_does_not_stand_are_listed_instead(
    start: Start, tmp_path: Path
) -> None:
    """A return by itself does not wait for a person because of what it wanted to keep."""
    ferry = start()
    poisoned = "assert not Note.objects.filter(pk__gt=20).exists(), 'not to be understood'"
    write_project(ferry.source, 1, notes=poisoned)
    assert ferry.parom("deploy").returncode == 0
    seen = tmp_path / "seen"
    write_project(
        ferry.source,
        2,
        notes=(
            "import os, pathlib\n"
            f"    seen = pathlib.Path({str(seen)!r})\n"
            "    trial = 'PAROM_TRIAL_DATABASE' in os.environ\n"
            "    assert trial or request.method == 'POST' or not seen.exists()"
        ),
    )
    text = ferry.config.read_text("utf-8")
    assert "seconds = 1\n" in text
    ferry.config.write_text(text.replace("seconds = 1\n", "seconds = 60\n"), "utf-8")
    deploying = threading.Thread(target=lambda: ran.append(ferry.parom("deploy")))
    ran: list[subprocess.CompletedProcess[str]] = []
    before = begun(ferry, "watch.run")
    deploying.start()
    wait_until(lambda: begun(ferry, "watch.run") > before, "the watch begins", 120)
    written = write_note(ferry, "of the newer release")
    seen.touch()
    deploying.join()
    assert ran[0].returncode == 21, ran[0].stdout + ran[0].stderr
    assert "not to be understood" in ran[0].stdout or "HTTP 500" in ran[0].stdout
    assert get(ferry, "/notes/")["version"] == 1
    assert len(rows(ferry, "id")) == 20
    assert [one["key"]["id"] for one in quarantine(ferry)] == [written]
    (listed,) = json.loads(ferry.parom("quarantine", "list", "--json").stdout)
    assert listed["back_to"] == max(one.name for one in (ferry.root / "releases").iterdir())
    assert ferry.parom("quarantine", "apply", listed["run"]).returncode == 0
    assert rows(ferry, "id, text")[-1] == (written, "of the newer release")


def test_rollback_by_hand_carries_what_was_written_since(start: Start) -> None:
    """One command, at any time; the older release has its schema, and the users' rows."""
    ferry = start()
    write_project(ferry.source, 2)
    assert ferry.parom("deploy").returncode == 0
    written = write_note(ferry, "after opening")
    (kept,) = (ferry.root / ".parom" / "databases").glob("*-ahead.sqlite3")
    inode = kept.stat().st_ino
    ran = ferry.parom("rollback", "--reason", "a colleague asked")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ferry.live_database.stat().st_ino == inode, "the copy that was kept was not used"
    assert "along: 1 row written after opening was carried over: notes_note 1" in ran.stdout
    assert get(ferry, "/health/")["version"] == 1
    assert columns(ferry) == {"id", "text"}
    assert len(rows(ferry, "id")) == 21
    assert rows(ferry, "id, text")[-1] == (written, "after opening")
    assert write_note(ferry, "after the return") > written
    assert quarantine(ferry) == []
    assert not [name for name in tables(ferry) if name.startswith("parom_")]
    again = ferry.parom("rollback")
    assert again.returncode == 10
    assert "run.nothing-to-roll-back" in again.stderr


def test_rollback_over_a_migration_that_cannot_be_turned_back_lists_what_was_written(
    start: Start,
) -> None:
    """Said at plan time; exit 21 says that there is something in quarantine."""
    ferry = start()
    write_project(ferry.source, 2)
    migration = ferry.source / "notes/migrations/0002_length.py"
    text = migration.read_text()
    migration.write_text(
        text.replace("RunPython(fill, migrations.RunPython.noop)", "RunPython(fill)")
    )
    deployed = ferry.parom("deploy")
    assert deployed.returncode == 0
    assert "replay.refused: notes.0002_length (RunPython: " in deployed.stdout
    written = write_note(ferry, "after opening")
    ran = ferry.parom("rollback")
    assert ran.returncode == 21, ran.stdout + ran.stderr
    assert "1: a migration stands in the way" in ran.stdout
    assert len(rows(ferry, "id")) == 20
    assert write_note(ferry, "after the return") > written  # who kept that id meets nobody
    (row,) = quarantine(ferry)
    assert row["row"] == {"id": written, "body": "after opening", "length": 0}
    assert (row["why"], row["carried"]) == ("refused", False)


def test_a_rehearsal_finds_what_a_data_migration_changes(start: Start) -> None:
    """Its author says that nothing needs turning back; the copy of the real data says otherwise."""
    ferry = start()
    write_project(ferry.source, 2, fill="apps.get_model('notes', 'Note').objects.update(body='x')")
    planned = ferry.parom("plan")
    assert planned.returncode == 0, planned.stdout + planned.stderr
    assert "replay.table: notes.0002_length changed 20 rows of it" in planned.stdout


@pytest.mark.long
def test_rollback_without_a_migration_keeps_what_was_written(start: Start) -> None:
    """Where the database did not change, taking the data back would lose writes for nothing."""
    ferry = start()
    write_project(ferry.source, 1, health="pass  # another revision")
    assert ferry.parom("deploy").returncode == 0
    write_note(ferry, "stays")
    assert ferry.parom("rollback").returncode == 0
    assert rows(ferry, "text")[-1] == ("stays",)
    assert quarantine(ferry) == []


def test_one_file_comes_back_from_an_earlier_release(start: Start) -> None:
    """R-7.3: the rest of the release stays, and the result passes the same gates."""
    ferry = start()
    write_project(ferry.source, 1, notes="return JsonResponse({'broken': True})")
    assert ferry.parom("deploy").returncode == 0
    assert get(ferry, "/notes/") == {"broken": True}
    earlier = sorted((ferry.root / "releases").iterdir())[0].name
    ran = ferry.parom("rollback", "--only", "notes/views.py", "--to", earlier)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert get(ferry, "/notes/")["version"] == 1
