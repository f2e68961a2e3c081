"""An installation that Parom has never seen: one folder, scripts, running since long."""

from __future__ import annotations

import hashlib
import os
import signal
import socket
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.journeys.seen import get, rows, write_note
from tests.support.ferry import Ferry, make_ferry, write_project
from tests.support.waiting import wait_until

_NOT_COMPARED = (".parom", ".venv", "run", "__pycache__")


@pytest.fixture
def ferry(tmp_path: Path) -> Iterator[Ferry]:
    """Version 1, installed and started by hand; version 2 is ready to be deployed."""
    made = make_ferry(tmp_path, layout="in-place")
    made.install_by_hand()
    write_project(made.source, 2)
    yield made
    made.shut_down()


def tree(top: Path) -> dict[str, str]:
    """Name, kind, mode and content of everything, through links; the database's rows apart.

    Left out is what the running application writes: its pid files and logs, and what SQLite
    keeps beside the database while somebody has it open, which can go at any moment.
    """
    found = {}
    for folder, folders, files in os.walk(top):
        folders[:] = [
            one for one in folders if one not in (".parom", ".venv", "run", "__pycache__")
        ]
        for name in [*folders, *files]:
            if name.startswith("db.sqlite3-"):
                continue
            path = Path(folder, name)
            status = path.stat()
            mode = stat.S_IMODE(status.st_mode)
            if path.is_dir():
                found[str(path.relative_to(top))] = f"folder {mode:o}"
            elif name != "db.sqlite3":
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                found[str(path.relative_to(top))] = f"{mode:o} {content}"
    return found


def dump(database: Path) -> list[str]:
    """The whole database as SQL, without the capture's own tables and the counters of ids,
    which go on: what a visitor has seen is not given out again."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60)
    try:
        left_out = ("parom_capture", 'INTO "sqlite_sequence"')
        return [line for line in connection.iterdump() if not any(one in line for one in left_out)]
    finally:
        connection.close()


def services(ferry: Ferry) -> list[dict[str, Any]]:
    listed: Any = ferry.events("services", "list")[0]
    return [dict(one) for one in listed]


def test_its_first_deployment_and_the_return_leave_every_byte_and_what_users_wrote(
    ferry: Ferry,
) -> None:
    """R-13.1, for the installation as the team has it today."""
    before, data = tree(ferry.root), dump(ferry.live_database)
    deployed = ferry.parom("deploy")
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    assert get(ferry, "/notes/")["version"] == 2
    assert rows(ferry, "body, length")[0] == ("note 0", 6)
    assert {one["state"] for one in services(ferry)} == {"running"}
    written = write_note(ferry, "after opening")
    returned = ferry.parom("rollback")
    assert returned.returncode == 0, returned.stdout + returned.stderr
    assert get(ferry, "/notes/")["version"] == 1
    assert tree(ferry.root) == before
    carried = f"INSERT INTO \"notes_note\" VALUES({written},'after opening');"
    assert [line for line in dump(ferry.live_database) if line != carried] == data
    assert carried in dump(ferry.live_database)
    assert write_note(ferry, "after the return") > written
    assert {one["name"]: one["state"] for one in services(ferry)} == {
        "web": "running",
        "background": "running",
    }
    # The team's own scripts go on working, as if nothing had been.
    subprocess.run(["./stop_services.sh"], cwd=ferry.root, check=True)
    ferry.start_by_hand()
    assert get(ferry, "/notes/")["version"] == 1


@pytest.mark.long
def test_a_bad_release_comes_back_by_itself(ferry: Ferry) -> None:
    """The checks see it while the public still sees the page; nobody has written."""
    before, data = tree(ferry.root), dump(ferry.live_database)
    # Fine in the rehearsal, which runs somewhere else; not in the installation's folder.
    fault = "import os; assert '.parom' in os.getcwd()"
    write_project(ferry.source, 2, notes=fault)
    ran = ferry.parom("deploy")
    assert ran.returncode == 20, ran.stdout + ran.stderr
    assert "/notes/" in ran.stdout
    assert get(ferry, "/notes/")["version"] == 1
    assert tree(ferry.root) == before
    assert dump(ferry.live_database) == data
    assert not list(ferry.root.glob(".env.maintenance*"))


@pytest.mark.long
@pytest.mark.parametrize(("command", "version"), [("resume", 2), ("rollback", 1)])
def test_killed_while_it_is_closed_it_goes_either_way(
    ferry: Ferry, command: str, version: int
) -> None:
    """Visitors see the page meanwhile, never a refused connection."""
    reached, go_on = ferry.top / "reached", ferry.top / "go-on"
    # Only at the real database: the rehearsal's copy lies elsewhere.
    fill = f"""import pathlib, time
    while "scratch" not in str(editor.connection.settings_dict["NAME"]):
        pathlib.Path("{reached}").touch()
        if pathlib.Path("{go_on}").exists(): break
        time.sleep(0.02)"""
    write_project(ferry.source, 2, fill=fill)
    ferry.parom("deploy", "--detach")
    wait_until(reached.exists, "the migration of the real database runs")
    assert _status(ferry) == b"503"
    os.kill(_engine(ferry), signal.SIGKILL)
    go_on.touch()
    wait_until(lambda: "interrupted" in ferry.parom("status").stdout, "the engine is gone")
    assert _status(ferry) == b"503"
    ran = ferry.parom(command)
    assert ran.returncode == (0 if version == 2 else 20), ran.stdout + ran.stderr
    assert get(ferry, "/notes/")["version"] == version
    assert len(rows(ferry, "id")) == 100
    assert not list(ferry.root.glob(".env.maintenance*"))


def test_maintenance_by_hand(ferry: Ferry) -> None:
    """R-4.1, without any deployment; the services go on, and come back to the public."""
    first = services(ferry)
    assert ferry.parom("maintenance", "on").returncode == 0
    assert _status(ferry) == b"503"
    assert services(ferry) == first
    assert ferry.parom("maintenance", "off").returncode == 0
    assert _status(ferry) == b"200"
    assert services(ferry) == first
    (stopped,) = ferry.events("services", "stop")
    assert stopped["gateway"] == "closed"
    assert {one["state"] for one in stopped["services"]} == {"stopped"}
    assert _status(ferry) == b"503"
    assert {one["state"] for one in services(ferry)} == {"stopped"}
    # Without the middleware nobody reads the flag: that must be said, not believed.
    settings = ferry.root / "site1" / "settings.py"
    settings.write_text(settings.read_text() + "MIDDLEWARE = []\n")
    assert ferry.parom("services", "start").returncode == 0
    assert _status(ferry) == b"200"
    unread = ferry.parom("maintenance", "on")
    assert unread.returncode == 30
    assert "gateway.flag-not-read" in unread.stderr


def _status(ferry: Ferry) -> bytes:
    with socket.create_connection(("127.0.0.1", ferry.port), timeout=120) as one:
        one.sendall(b"GET /notes/ HTTP/1.0\r\n\r\n")
        return one.recv(12)[9:]


def _engine(ferry: Ferry) -> int:
    """The pid of the engine's process."""
    for one in psutil.process_iter():
        try:
            found = one.name() == "parom-engine" and str(ferry.config) in one.cmdline()
        except psutil.Error:
            continue
        if found:
            return one.pid
    message = "no engine runs"
    raise AssertionError(message)
