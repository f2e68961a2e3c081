"""The independent checker: looks at files, databases, processes and the port by itself.

It shares no code with Parom and asks it nothing. What it expects is written down here a
second time, on purpose.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import sqlite3
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.live import UNREADABLE, Live, live_postgresql, live_sqlite
from tests.faults.on_server import left_on_server
from tests.faults.processes import belonging, can_lock, is_child_of_gunicorn
from tests.faults.writer import Written

_DEBRIS = re.compile(
    r"(\.partial(-.*)?$|^\.partial-|\.parom-new$|\.removing$|^scratch$|^copy$|^staging$"
    r"|^switching\.json$|\.process$|^migrator\.(json|answer)$|^\.env\.maintenance|^opening$|^parom-)"
)
_SETTLE_S = 60.0
_MOMENT_S = 5.0


@dataclass
class Expected:
    """What must be true of an installation at rest."""

    top: Path
    root: Path
    layout: str
    port: int
    versions: frozenset[int]
    """Of the application: 1 has the old data, 2 and above the new."""
    base: tuple[str, ...]
    """Notes that were there before the run."""
    acknowledged: Sequence[Written] = ()
    attempted: Sequence[str] = ()
    server_port: int = 0
    """Of the PostgreSQL server with its database; 0 where that is a file of SQLite."""
    found: list[str] = field(default_factory=list)

    @property
    def state(self) -> Path:
        return self.root / ".parom"

    @property
    def live(self) -> Path:
        return self.root / ("db.sqlite3" if self.layout == "in-place" else "shared/db.sqlite3")

    def miss(self, *words: object) -> None:
        self.found.append(" ".join(str(word) for word in words))


def check(expected: Expected) -> list[str]:
    """All that is not as it must be; empty where everything is."""
    version = _answer(expected)
    if version is None:
        return expected.found
    _code(expected, version)
    _data(expected, version)
    _gateway(expected)
    _settled(expected, _processes)
    _debris(expected)
    if expected.server_port:
        _settled(expected, _server)
    else:
        _databases(expected)
    _journal(expected)
    return expected.found


def _settled(expected: Expected, look: object) -> None:
    """Processes take a moment to end: only what stays is a finding."""
    assert callable(look)
    before = list(expected.found)
    deadline = time.monotonic() + _SETTLE_S
    while True:
        expected.found[:] = before
        look(expected)
        if expected.found == before or time.monotonic() > deadline:
            return
        threading.Event().wait(0.1)


def _answer(expected: Expected) -> int | None:
    status, body = get(expected.port, "/health/")
    if status != 200:
        expected.miss("the public port does not answer /health/ with 200 but", status, body[:200])
        return None
    version = int(json.loads(body)["version"])
    if version not in expected.versions:
        expected.miss("version", version, "answers, not one of", sorted(expected.versions))
    status, body = get(expected.port, "/notes/")
    if status != 200 or json.loads(body)["version"] != version:
        expected.miss("/notes/ answers", status, body[:200])
    return version


def get(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=15)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as problem:
        return 0, str(problem)
    finally:
        connection.close()


def _code(expected: Expected, version: int) -> None:
    """The files by which services start are those of the version that answers."""
    running = expected.root if expected.layout == "in-place" else expected.root / "current"
    text = (running / "notes" / "views.py").read_text()
    if f"VERSION = {version}\n" not in text:
        expected.miss(running, "does not hold the version that answers,", version)
    second = (running / "notes/migrations/0002_length.py").exists()
    if second != (version > 1):
        expected.miss("the migrations in", running, "are not those of version", version)
    top = expected.state if expected.layout == "in-place" else expected.root
    for one in (top / "releases").glob("*"):
        if not (one / ".parom-release.json").exists():
            expected.miss("an incomplete release was left behind:", one.name)


def _data(expected: Expected, version: int) -> None:
    if not expected.server_port and not expected.live.exists():
        expected.miss("the live path leads nowhere:", expected.live)
        return
    opened = (
        live_postgresql(expected.server_port)
        if expected.server_port
        else live_sqlite(expected.live)
    )
    try:
        with opened as live:
            if broken := live.broken():
                expected.miss("the live database:", broken)
            _schema(expected, live, version)
            _notes(expected, live, version)
    except UNREADABLE as problem:
        expected.miss("the live database cannot be read:", problem)


def _schema(expected: Expected, live: Live, version: int) -> None:
    columns = live.columns()
    wanted = ["id", "text"] if version == 1 else ["id", "body", "length"]
    if columns != wanted:
        expected.miss("version", version, "has the columns", columns)
    applied = live.migrations()
    if applied != ({"0001_initial"} if version == 1 else {"0001_initial", "0002_length"}):
        expected.miss("version", version, "has the migrations", sorted(applied))
    capture = live.capture_objects()
    if bool(capture) != (version > 1):
        expected.miss("version", version, "has", capture, "objects of the capture")


def _notes(expected: Expected, live: Live, version: int) -> None:
    there = live.texts("text" if version == 1 else "body")
    listed = _quarantined(expected)
    for text in expected.base:
        if there.count(text) != 1:
            expected.miss("the note", repr(text), "is there", there.count(text), "times")
    # Version 2 is the one that may have been taken back; the others' writes are never listed.
    lost = [
        one.text
        for one in expected.acknowledged
        if one.text not in there and not (one.version == 2 and one.text in listed)
    ]
    if lost:
        expected.miss("LOST:", len(lost), "acknowledged notes, neither there nor listed:", lost[:5])
    twice = {str(row.get("body")) for row in _listed(expected)} & set(there)
    if twice:
        expected.miss("notes that are there and in quarantine:", sorted(twice)[:5])
    strange = set(there) - set(expected.base) - set(expected.attempted)
    if strange or len(there) != len(set(there)):
        expected.miss("notes that nobody wrote, or twice:", sorted(strange)[:5], len(there))
    given, counter = [row["id"] for row in _listed(expected) if "id" in row], live.counter()
    if given and max(given) > counter:
        expected.miss("id", max(given), "of a listed note would be given out again after", counter)
    if version > 1 and (wrong := live.wrong_lengths()):
        expected.miss(wrong, "notes have another length than the migration gives")


def _quarantined(expected: Expected) -> set[str]:
    return {str(row.get("body", row.get("text"))) for row in _listed(expected)}


def _listed(expected: Expected) -> list[dict[str, Any]]:
    """Rows in quarantine, of all runs; of a deleted one nothing is left."""
    return [
        json.loads(line)["row"] or {}
        for file in (expected.state / "quarantine").glob("*/rows.jsonl")
        for line in file.read_text().splitlines()
    ]


def _gateway(expected: Expected) -> None:
    door = expected.state / "supervisor" / "door.json"
    if door.exists():
        wish = json.loads(door.read_text())["mode"]
        if wish not in ("serve", "hand-over"):
            expected.miss("the gateway is left at", wish)


def _processes(expected: Expected) -> None:
    """One web service and one worker of the running release, and nothing else but what keeps
    them."""
    counted = {"web": 0, "worker": 0}
    for pid, command in belonging(expected.top):
        if "gunicorn" in command:
            if not is_child_of_gunicorn(pid):
                counted["web"] += 1
        elif "worker.py" in command:
            counted["worker"] += 1
        elif not any(name in command for name in ("circus", "doorman")):
            expected.miss("a stray process:", pid, command)
    for name, count in counted.items():
        if count != 1:
            expected.miss(count, "processes of the service", name)
    if not can_lock(expected.state / "lock"):
        expected.miss("somebody still holds the lock")


def _debris(expected: Expected) -> None:
    for folder, names, files in os.walk(expected.top):
        names[:] = [name for name in names if name not in (".venv", "source", "logs")]
        for name in (*names, *files):
            if _DEBRIS.search(name) and _stays(Path(folder, name)):
                expected.miss("left behind:", Path(folder, name).relative_to(expected.top))
    trial = expected.state / "trial" / "process.json"
    if trial.exists():
        expected.miss("a trial is still on record")


def _stays(path: Path) -> bool:
    """A doorman that lives writes its answers anew: such a file is there for a moment."""
    deadline = time.monotonic() + _MOMENT_S
    while path.exists() and not _is_empty_staging(path):
        if time.monotonic() > deadline:
            return True
        time.sleep(0.02)
    return False


def _is_empty_staging(path: Path) -> bool:
    return path.name == "staging" and not any(path.iterdir())


def _databases(expected: Expected) -> None:
    """Each version of the database is live, the way back, or a replaced one within retention."""
    store, kept = expected.state / "databases", _kept(expected)
    live = expected.live.readlink().name if expected.live.is_symlink() else ""
    for file in store.glob("*.sqlite3") if store.exists() else ():
        # A second name of the live file, from an attempt to put it behind a link, is no copy.
        is_live = file.samefile(expected.live)
        if not is_live and file.name != live and file.stem not in kept:
            expected.miss("a copy of the database that nothing refers to:", file.name)


def _server(expected: Expected) -> None:
    for one in left_on_server(expected.server_port, _kept(expected)):
        expected.miss(one)


def _kept(expected: Expected) -> set[str]:
    """Ids of versions that are a way back, or were replaced and are within retention."""
    aside = expected.state / "set-aside"
    kept = {one.name for one in aside.iterdir()} if aside.exists() else set()
    with sqlite3.connect(f"file:{expected.state / 'journal.sqlite3'}?mode=ro", uri=True) as journal:
        good = "SELECT id FROM journal_run WHERE exit_code=0 AND kind<>'rehearsal'"
        runs = [row[0] for row in journal.execute(good + " ORDER BY started")]
    journal.close()
    # Of the last that was accepted, a file, a copy for a return that is to come.
    ahead = set() if expected.server_port else {f"{one}-ahead" for one in runs[-1:]}
    return kept | {*runs} | ahead


def _journal(expected: Expected) -> None:
    """No run waits, and the chain of events holds, reckoned anew."""
    journal = sqlite3.connect(f"file:{expected.state / 'journal.sqlite3'}?mode=ro", uri=True)
    try:
        for run, state in journal.execute("SELECT id, state FROM journal_run"):
            if state != "finished":
                expected.miss("run", run, "is", state)
        digest, number = "0" * 64, 0
        for row in journal.execute(
            "SELECT number, run_id, at, kind, step, data, digest FROM journal_event ORDER BY number"
        ):
            number += 1
            content = json.dumps([digest, *row[:6]]).encode()
            digest = hashlib.sha256(content).hexdigest()
            if row[0] != number or row[6] != digest:
                expected.miss("the chain of events breaks at", number)
                return
        head = journal.execute("SELECT number, digest FROM journal_head").fetchone()
        # Nothing was ever told where the first engine died before it made its run.
        if head != ((number, digest) if number else None):
            expected.miss("the chain's head is", head, "not", number)
    finally:
        journal.close()
