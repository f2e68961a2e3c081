"""The whole way with a database on a PostgreSQL server: over, back by itself, back by hand."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.adapters.databases.postgresql.server import APP, Server, running
from tests.journeys.seen import get, quarantine, write_note
from tests.journeys.test_return import written_while_it_opens
from tests.recovery.test_disaster import Elsewhere
from tests.support import on_postgresql
from tests.support.ferry import Ferry, make_ferry, write_project

_ROLE = "notes_owner"


@dataclass
class Journey:
    """An installation whose role is no superuser, and its server."""

    ferry: Ferry
    server: Server

    def write(self, version: int, **faults: str) -> None:
        settings = on_postgresql.SETTINGS + faults.pop("settings", "")
        write_project(self.ferry.source, version, settings=settings, **faults)

    def notes(self, column: str = "text") -> list[str]:
        return [text for (text,) in self.server.ask(f"SELECT {column} FROM notes_note ORDER BY id")]

    def columns(self) -> set[str]:
        found = self.server.ask(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'notes_note'"
        )
        return {name for (name,) in found}

    def databases(self) -> set[str]:
        found = self.server.ask("SELECT datname FROM pg_database", name="postgres")
        return {name for (name,) in found}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as one:
        yield one


@pytest.fixture
def journey(server: Server, tmp_path: Path) -> Iterator[Journey]:
    server.forget()
    server.admin.execute(f"CREATE ROLE {_ROLE} LOGIN CREATEDB PASSWORD 'p@ss:word/%'")
    server.admin.execute(f"CREATE DATABASE {APP} OWNER {_ROLE}")
    ferry = make_ferry(tmp_path, **on_postgresql.tables(server.programs))
    password = quote("p@ss:word/%", safe="")
    on_postgresql.write_address(
        ferry.root, f"postgresql://{_ROLE}:{password}@127.0.0.1:{server.port}/{APP}"
    )
    made = Journey(ferry, server)
    made.write(1)
    try:
        ran = ferry.parom("deploy")
        assert ran.returncode == 0, ran.stdout + ran.stderr
        for number in range(20):
            write_note(ferry, f"note {number}")
        yield made
    finally:
        ferry.shut_down()


def test_it_goes_over_and_back_by_hand(journey: Journey) -> None:
    """A full equal of SQLite: the same commands, the same promises."""
    ferry, before = journey.ferry, journey.notes()
    journey.write(2)
    events = ferry.events("deploy")
    done = {one["step"]: one["data"] for one in events if one["kind"] == "ok"}
    assert get(ferry, "/health/") == {"version": 2, "notes": 20}
    locked = {(one["table"], one["mode"]) for one in done["rehearsal.run"]["locks"]}
    assert ("notes_note", "ACCESS EXCLUSIVE") in locked
    assert done["return.prepare"] == {"prepared": True}
    assert journey.columns() == {"id", "body", "length"}
    write_note(ferry, "to the newer release")
    ran = ferry.parom("rollback")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert get(ferry, "/health/")["version"] == 1
    assert journey.columns() == {"id", "text"}
    assert journey.notes() == [*before, "to the newer release"]
    assert quarantine(ferry) == []
    assert not [name for name in journey.databases() if name.endswith(".part")]


@pytest.mark.long
def test_a_release_that_fails_its_checks_never_meets_the_public(journey: Journey) -> None:
    """Before opening nothing was written: exactly the old data come back."""
    ferry, before = journey.ferry, journey.notes()
    journey.write(2, fill="raise RuntimeError('in the middle')", atomic="False")
    ran = ferry.parom("deploy")
    assert ran.returncode == 10, ran.stdout + ran.stderr  # the rehearsal meets it first
    assert get(ferry, "/health/")["version"] == 1
    assert (journey.notes(), journey.columns()) == (before, {"id", "text"})
    assert "rehearsal" not in " ".join(journey.databases())


@pytest.mark.long
def test_the_vault_and_the_key_become_it_again(journey: Journey, tmp_path: Path) -> None:
    """The machine burns down, and with it the server's data; roles are the new server's affair."""
    ferry, before = journey.ferry, journey.notes()
    assert ferry.parom("backup", "create").returncode == 0
    ferry.shut_down()
    shutil.rmtree(ferry.root)
    ferry.root.mkdir()
    journey.server.admin.execute(f"DROP DATABASE {APP} WITH (FORCE)")
    there = Elsewhere(ferry, tmp_path / "elsewhere")
    try:
        done = there.recover()
        assert done.returncode == 0, done.stdout + done.stderr
        assert there.health() == {"version": 1, "notes": 20}
        assert journey.notes() == before
    finally:
        there.end()


@pytest.mark.long
def test_a_release_that_breaks_after_opening_comes_back(journey: Journey) -> None:
    """By itself, and no acknowledged write is missing that is not listed."""
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
    assert ran.returncode == 20, ran.stdout + ran.stderr
    assert get(ferry, "/health/")["version"] == 1
    there = set(journey.notes())
    assert [text for _, text in kept if text not in there] == []
    assert quarantine(ferry) == []
