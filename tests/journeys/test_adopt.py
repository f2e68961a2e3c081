"""From one folder to releases, with a running application in it."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.seen import get, write_note
from tests.journeys.test_in_place import dump, tree
from tests.support.ferry import Ferry, make_ferry, write_project

_KILLED = """
import os, signal, sys
from parom.adapters.layouts import adoption
config, moment = sys.argv[1:]
begin = adoption.begin

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def begin_and_die(plan):
    begin(plan)
    die()

if moment == "before the moves":
    adoption.begin = begin_and_die
else:
    adoption.finish = die
from parom.cli.main import main
sys.argv = ["parom", "--config", config, "adopt"]
main()
"""


@pytest.fixture
def ferry(tmp_path: Path) -> Iterator[Ferry]:
    """Version 1, installed and started by hand."""
    made = make_ferry(tmp_path, layout="in-place")
    made.install_by_hand()
    yield made
    made.layout = "releases"
    made.shut_down()


def notes(sql: list[str]) -> list[str]:
    return [line for line in sql if line.startswith('INSERT INTO "notes_note"')]


@pytest.mark.long
def test_adopted_it_is_deployed_returned_and_put_back(ferry: Ferry) -> None:
    """The way to releases must be as safe to try as a deployment."""
    before, data = tree(ferry.root), dump(ferry.live_database)
    toml = ferry.config.read_text()
    adopted = ferry.parom("adopt")
    assert adopted.returncode == 0, adopted.stdout + adopted.stderr
    assert get(ferry, "/notes/")["version"] == 1
    assert (ferry.root / "current" / "manage.py").exists()
    assert (ferry.root / "db.sqlite3").resolve() == (ferry.root / "shared/db.sqlite3").resolve()
    assert ferry.parom("adopt").returncode == 0  # once more changes nothing
    written = write_note(ferry, "after the adoption")
    kept = [*notes(data), f"INSERT INTO \"notes_note\" VALUES({written},'after the adoption');"]

    write_project(ferry.source, 2)
    deployed = ferry.parom("deploy")
    assert deployed.returncode == 0, deployed.stdout + deployed.stderr
    assert get(ferry, "/notes/")["version"] == 2
    over = ferry.parom("adopt", "--back")
    assert (over.returncode, "layout.adoption-over" in over.stderr) == (10, True)
    assert get(ferry, "/notes/")["version"] == 2
    returned = ferry.parom("rollback")
    assert returned.returncode == 0, returned.stdout + returned.stderr
    assert get(ferry, "/notes/")["version"] == 1

    back = ferry.parom("adopt", "--back")
    assert back.returncode == 0, back.stdout + back.stderr
    assert get(ferry, "/notes/")["version"] == 1
    assert ferry.config.read_text() == toml
    assert tree(ferry.root) == before
    assert notes(dump(ferry.live_database)) == kept
    again = ferry.parom("adopt", "--back")
    assert (again.returncode, "adopt.not-in-place" in again.stderr) == (10, True)


@pytest.mark.long
def test_what_parom_carried_in_place_is_adopted_with_its_database(ferry: Ferry) -> None:
    """Its database lies behind a link by then: no old path may lead to a stale one."""
    write_project(ferry.source, 2)
    assert ferry.parom("deploy").returncode == 0
    before = dump(ferry.live_database)
    adopted = ferry.parom("adopt")
    assert adopted.returncode == 0, adopted.stdout + adopted.stderr
    assert get(ferry, "/notes/")["version"] == 2
    shared = ferry.root / "shared" / "db.sqlite3"
    assert ferry.live_database.resolve() == shared.resolve()
    assert ferry.live_database.readlink() == Path("shared/db.sqlite3")
    assert dump(shared) == before
    refused = ferry.parom("rollback")
    assert (refused.returncode, "run.nothing-to-roll-back" in refused.stderr) == (10, True)
    assert get(ferry, "/notes/")["version"] == 2
    back = ferry.parom("adopt", "--back")
    assert back.returncode == 0, back.stdout + back.stderr
    assert get(ferry, "/notes/")["version"] == 2
    assert dump(ferry.live_database) == before
    returned = ferry.parom("rollback")
    assert returned.returncode == 0, returned.stdout + returned.stderr
    assert get(ferry, "/notes/")["version"] == 1


@pytest.mark.parametrize(
    ("moment", "way"),
    [("before the moves", "back"), pytest.param("after the moves", "on", marks=pytest.mark.long)],
)
def test_killed_it_goes_either_way(ferry: Ferry, moment: str, way: str) -> None:
    """R-13.1; nothing else is begun meanwhile. Every single move is a case of the layouts'."""
    before, data = tree(ferry.root), dump(ferry.live_database)
    toml = ferry.config.read_text()
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, str(ferry.config), moment],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stdout + killed.stderr
    assert (ferry.root / "current").is_symlink() == (moment == "after the moves")
    if ferry.config.read_text() == toml:
        refused = ferry.parom("deploy")
        assert (refused.returncode, "adopt.under-way" in refused.stderr) == (30, True)
    if way == "on":
        ran = ferry.parom("adopt")
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert (ferry.root / "current").is_symlink()
        assert dump(ferry.root / "shared" / "db.sqlite3") == data
    else:
        ran = ferry.parom("adopt", "--back")
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert tree(ferry.root) == before
        assert dump(ferry.live_database) == data
        assert ferry.config.read_text() == toml
    assert get(ferry, "/notes/")["version"] == 1


def test_an_application_that_is_not_healthy_there_is_put_back(ferry: Ferry) -> None:
    """It expects something of its folder that nobody told Parom of."""
    settings = ferry.root / "site1" / "settings.py"
    settings.write_text(settings.read_text() + "assert BASE_DIR.name == 'installation'\n")
    before = tree(ferry.root)
    ran = ferry.parom("adopt")
    assert (ran.returncode, "adopt.unhealthy" in ran.stderr) == (20, True), ran.stderr
    assert tree(ferry.root) == before
    assert get(ferry, "/notes/")["version"] == 1
