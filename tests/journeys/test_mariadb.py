"""The way with a database on a MariaDB server: over, back by hand with what was written listed,
and a release that is refused."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest

from tests.adapters.databases.mariadb.server import APP, ROLE, Server
from tests.journeys.seen import begun, get, quarantine, write_note
from tests.journeys.test_half_done import engine_of, migration_at_work
from tests.journeys.test_return import written_while_it_opens
from tests.support.ferry import Ferry, make_ferry, write_project
from tests.support.living import has_ended
from tests.support.waiting import wait_until

_SETTINGS = """
import os
from urllib.parse import unquote, urlsplit
import pymysql
pymysql.install_as_MySQLdb()
_address = urlsplit(os.environ["DATABASE_URL"])
DATABASES = {"default": {"ENGINE": "django.db.backends.mysql", "NAME": _address.path[1:],
    "USER": _address.username, "PASSWORD": unquote(_address.password), "HOST": _address.hostname,
    "PORT": _address.port, "CONN_MAX_AGE": 60}}
"""
_DATABASE = """
type = "mariadb"
url_variable = "DATABASE_URL"
"""


@dataclass
class Journey:
    """An installation whose role may do what the how-to says, and its server."""

    ferry: Ferry
    server: Server

    def write(self, version: int, **faults: str) -> None:
        write_project(self.ferry.source, version, settings=_SETTINGS, **faults)

    def notes(self, column: str = "text") -> list[str]:
        return [text for (text,) in self.server.ask(f"SELECT {column} FROM notes_note ORDER BY id")]

    def columns(self) -> set[str]:
        return {name for name, *_ in self.server.ask("SHOW COLUMNS FROM notes_note")}


@pytest.fixture
def journey(mariadb_server: Server, tmp_path: Path) -> Iterator[Journey]:
    server = mariadb_server
    server.forget()
    server.make_app()
    ferry = make_ferry(
        tmp_path,
        database=_DATABASE,
        release='environment_file = "shared/.env"',
        shared='"media/"',
    )
    (ferry.root / "shared").mkdir()
    password = quote(server.password, safe="")
    address = f"mysql://{ROLE}:{password}@127.0.0.1:{server.port}/{APP}"
    env = ferry.root / "shared" / ".env"
    env.write_text(f"DATABASE_URL={address}\n", encoding="utf-8")
    env.chmod(0o600)
    made = Journey(ferry, server)
    made.write(1)
    try:
        ran = ferry.parom("deploy")
        assert ran.returncode == 0, ran.stdout + ran.stderr
        for number in range(5):
            write_note(ferry, f"note {number}")
        yield made
    finally:
        ferry.shut_down()
        server.forget()


@pytest.mark.long
def test_it_goes_over_and_back_by_hand(journey: Journey) -> None:
    """A release that fails its checks never meets the public, a good one does; what was written
    to it is listed when it is taken back, whole."""
    ferry, before = journey.ferry, journey.notes()
    assert "mariadb-dump is there" in ferry.parom("doctor").stdout
    journey.write(2, fill="raise RuntimeError('in the middle')", atomic="False")
    ran = ferry.parom("deploy")
    assert ran.returncode == 10, ran.stdout + ran.stderr  # the rehearsal meets it first
    assert get(ferry, "/health/")["version"] == 1
    assert (journey.notes(), journey.columns()) == (before, {"id", "text"})
    journey.write(2)
    ran = ferry.parom("deploy")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "nothing is carried over on this kind of database" in ran.stdout
    assert get(ferry, "/health/") == {"version": 2, "notes": 5}
    assert journey.columns() == {"id", "body", "length"}
    write_note(ferry, "to the newer release")
    ran = ferry.parom("rollback")
    assert ran.returncode == 21, ran.stdout + ran.stderr  # nothing is carried over
    assert get(ferry, "/health/")["version"] == 1
    assert (journey.notes(), journey.columns()) == (before, {"id", "text"})
    assert [row["row"]["body"] for row in quarantine(ferry)] == ["to the newer release"]
    run = next((ferry.root / ".parom" / "quarantine").iterdir()).name
    refused = ferry.parom("quarantine", "apply", run)
    assert "database.no-single-rows" in refused.stdout + refused.stderr
    assert journey.server.schemas() >= {APP}
    assert not [one for one in journey.server.schemas() if "rehearsal" in one or "scratch" in one]


@pytest.mark.long
def test_a_release_that_breaks_after_opening_comes_back(journey: Journey) -> None:
    """By itself; every acknowledged write is in the database or listed."""
    ferry = journey.ferry
    text = ferry.config.read_text()
    ferry.config.write_text(text.replace("seconds = 1\n", "seconds = 60\n"))
    journey.write(
        2,
        notes=(
            "import pathlib\n"
            "    mark = pathlib.Path(__file__).parent / 'written'\n"
            "    if request.method == 'POST': mark.touch()\n"
            "    else: assert not mark.exists(), 'broken after a while'"
        ),
    )
    stop, kept = threading.Event(), list[tuple[int, str]]()
    writer = threading.Thread(target=lambda: kept.extend(written_while_it_opens(ferry, stop)))
    writer.start()
    try:
        ran = ferry.parom("deploy")
    finally:
        stop.set()
        writer.join()
    assert ran.returncode in (20, 21), ran.stdout + ran.stderr
    assert get(ferry, "/health/")["version"] == 1
    there, listed = set(journey.notes()), {row["row"]["body"] for row in quarantine(ferry)}
    assert listed
    assert [text for _, text in kept if text not in there | listed] == []
    assert there & listed == set()


@pytest.mark.long
def test_what_is_cut_off_is_carried_on(journey: Journey) -> None:
    """A migration half-way, which nothing but the snapshot takes back, and a return."""
    ferry, before = journey.ferry, journey.notes()
    half = (
        "import os, pathlib, time\n"
        "    if 'PAROM_TRIAL_DATABASE' not in os.environ:\n"
        "        first = pathlib.Path(os.getcwd()).parents[1] / 'first'\n"
        "        once = not first.exists()\n"
        "        for number, note in enumerate(apps.get_model('notes', 'Note').objects.all()):\n"
        "            if once and number == 2:\n"
        "                first.touch()\n"
        "                time.sleep(600)\n"
        "            note.body += '+'\n"
        "            note.save()"
    )
    journey.write(2, fill=half, atomic="False")
    assert ferry.parom("deploy", "--detach").returncode == 0
    wait_until(lambda: (ferry.root / "first").exists(), "half of the rows are migrated")
    _kill(engine_of(ferry), migration_at_work(ferry))
    resumed = ferry.parom("resume")
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    assert journey.notes("body") == [f"{text}+" for text in before]
    assert ferry.parom("rollback", "--detach").returncode == 0
    wait_until(lambda: begun(ferry, "database.return") > 0, "the return has begun")
    _kill(engine_of(ferry))
    resumed = ferry.parom("resume")
    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    assert get(ferry, "/health/") == {"version": 1, "notes": 5}
    assert (journey.notes(), journey.columns()) == (before, {"id", "text"})


def _kill(*pids: int) -> None:
    for one in map(psutil.Process, pids):
        one.kill()
        wait_until(lambda gone=one: has_ended(gone), "it is gone")  # type: ignore[misc]
