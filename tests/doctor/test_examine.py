"""What the doctor finds, before the first deployment."""

from __future__ import annotations

import socket
import sqlite3
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from parom.config.reading import read
from parom.doctor.examine import EXAMINATIONS, examine
from parom.doctor.machine import space
from parom.doctor.observation import Health, Observation
from parom.doctor.patient import Patient
from parom.errors.postgresql import unreachable
from parom.steps.room import needs_of
from tests.support.ferry import Ferry, make_ferry, write_project
from tests.watch.browsers import ENDING, ONCE, fake

Change = Callable[[Ferry], object]


@pytest.fixture
def ferry(tmp_path: Path) -> Ferry:
    """A configuration and a source; nothing was deployed."""
    made = make_ferry(tmp_path, worker="")
    write_project(made.source, 1)
    return made


def _found(ferry: Ferry) -> list[Observation]:
    return [one for _, one in examine(read(ferry.config))]


def _edit(before: str, after: str) -> Change:
    def edit(ferry: Ferry) -> None:
        text = ferry.config.read_text("utf-8")
        assert before in text
        ferry.config.write_text(text.replace(before, after), "utf-8")

    return edit


def _headers_for_all(ferry: Ferry) -> None:
    _edit('functional = "checks"', 'functional = "checks"\nheaders_file = "headers"')(ferry)
    (ferry.root / "headers").write_text("Authorization: x\n")
    (ferry.root / "headers").chmod(0o644)


def _environment_for_all(ferry: Ferry) -> None:
    _edit("collect_static = false", 'collect_static = false\nenvironment_file = ".env"')(ferry)
    (ferry.root / ".env").write_text("SECRET=1\n")
    (ferry.root / ".env").chmod(0o644)


def _no_folder(ferry: Ferry) -> None:
    ferry.root.rmdir()
    ferry.root.write_text("a file")


def _data(ferry: Ferry) -> None:
    (ferry.root / "shared").mkdir()
    connection = sqlite3.connect(ferry.live_database)
    connection.execute("CREATE TABLE of_somebody (id INTEGER)")
    connection.close()


def _leftover(ferry: Ferry) -> None:
    (ferry.top / "vault").mkdir()
    (ferry.top / "vault" / ".partial-x").mkdir()


def test_a_sound_configuration_is_ready(ferry: Ferry) -> None:
    """No false alarm: whoever sees one every day stops reading."""
    wrong = [one for one in _found(ferry) if one.health is Health.WRONG]
    assert wrong == []


@pytest.mark.parametrize(
    ("id_", "health", "change"),
    [
        ("source.no-folder", Health.WRONG, _edit('location = "source"', 'location = "nowhere"')),
        ("source.is-installation", Health.WRONG, _edit('"source"\n', '"installation"\n')),
        ("source.no-manage", Health.WRONG,
         lambda ferry: (ferry.source / "manage.py").unlink()),
        ("build.no-dependencies", Health.WRONG,
         _edit("dependencies = ", "dependencies = 'uv.lock' #")),
        ("checks.functional-missing", Health.WRONG,
         lambda ferry: (ferry.source / "checks/test_notes.py").unlink()),
        ("checks.headers-file", Health.WRONG, _headers_for_all),
        ("release.open-environment-file", Health.WARNING, _environment_for_all),
        ("release.no-environment-file", Health.WRONG,
         _edit("collect_static = false", 'collect_static = false\nenvironment_file = "x"')),
        ("root.no-folder", Health.WRONG, _no_folder),
        ("root.no-parent", Health.WRONG, _edit('root = "installation"', 'root = "a/b"')),
        ("vault.inside", Health.WRONG, _edit('path = "vault"', 'path = "installation/shared/v"')),
        ("installation.data-without-release", Health.WRONG, _data),
        ("leftovers.found", Health.WARNING, _leftover),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_cure(
    ferry: Ferry, id_: str, health: Health, change: Change
) -> None:
    """Each by the id that a deployment would stop with, where it would."""
    change(ferry)
    (found,) = [one for one in _found(ferry) if one.id == id_]
    assert found.health is health
    assert found.cure


def test_a_port_that_somebody_has_is_named_with_who(ferry: Ferry) -> None:
    """The stop would be the worst moment to learn it."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", ferry.port))
        other.listen()
        (found,) = [one for one in _found(ferry) if one.id == "services.port-taken"]
    assert "pid" in found.fact


def test_a_source_that_brings_the_data_along_is_found(ferry: Ferry) -> None:
    """A database in git stops every release; better said beforehand."""
    (ferry.source / "db.sqlite3").write_text("data")
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.org")
    for command in (("init", "-q", "-b", "main"), ("add", "-A"), ("commit", "-qm", "one")):
        subprocess.run([*git, *command], cwd=ferry.source, check=True)
    _edit('type = "directory"', 'type = "git"')(ferry)
    (found,) = [one for one in _found(ferry) if one.id == "source.shared-in-code"]
    assert "git rm" in found.cure


@dataclass
class Disk:
    free: int

    def free_bytes(self, path: Path) -> int:
        return self.free


def test_a_copy_that_makes_room_is_named_where_there_is_none_beside_it(
    ferry: Ferry, tmp_path: Path
) -> None:
    """No false alarm: a deployment goes through, which lets go of it first."""
    _data(ferry)
    patient, disk = Patient(read(ferry.config), tmp_path), Disk(0)
    patient.installation = replace(patient.installation, host=disk)  # type: ignore[arg-type]
    database = patient.installation.database
    database.make_ready()
    database.snapshot("run")
    (need,) = needs_of(patient.installation, None)
    disk.free = need.needed + need.needed // 10 - 1  # the spare tenth is short of a byte
    assert [one.id for one in space(patient)] == ["capacity"]
    assert next(iter(space(patient))).health is Health.WRONG
    database.copy_ahead("run", "run-ahead")
    assert [one.id for one in space(patient)] == ["capacity.spare"]


def test_looking_changes_nothing(ferry: Ferry) -> None:
    """Neither a folder, nor a journal, nor a mirror of the source."""
    before = {str(one): one.stat().st_mtime_ns for one in ferry.top.rglob("*")}
    _found(ferry)
    assert {str(one): one.stat().st_mtime_ns for one in ferry.top.rglob("*")} == before


def test_one_look_that_fails_does_not_end_the_others(
    ferry: Ferry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk with errors is no reason to hide the rest, and is not good either."""

    def failing(_patient: object) -> object:
        raise PermissionError(13, "Permission denied", "/x")

    patched = (("machine", failing), *EXAMINATIONS[1:])
    monkeypatch.setattr("parom.doctor.examine.EXAMINATIONS", patched)
    found = _found(ferry)
    assert found[0].id == "machine.unseen"
    assert found[0].health is Health.WRONG
    assert len(found) > 5


def test_one_thing_in_the_way_of_several_looks_is_told_once(
    ferry: Ferry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that does not answer is not two problems."""

    def failing(_patient: object) -> object:
        raise unreachable("postgresql://db:5432/app", "refused")

    patched = (("database", failing), ("machine", failing))
    monkeypatch.setattr("parom.doctor.examine.EXAMINATIONS", patched)
    assert [one.id for one in _found(ferry)] == ["database.unreachable"]


@pytest.mark.parametrize(
    ("program", "id_", "health"),
    [
        (None, "pages.no-browser", Health.WARNING),
        (ENDING, "pages.browser-broken", Health.WARNING),
        (ONCE, "pages.browser", Health.GOOD),
    ],
)
def test_a_browser_that_is_missing_or_broken_is_found(
    ferry: Ferry,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    program: str | None,
    id_: str,
    health: Health,
) -> None:
    """R-5.3: else it is known after the deployment, when page loads are missing."""
    _edit("[watch]", '[watch]\npages = ["/notes/"]')(ferry)
    found = fake(tmp_path, program) if program else None
    monkeypatch.setattr("parom.doctor.browser.find_browser", lambda: found)
    told = {one.id: one for one in _found(ferry)}
    assert told[id_].health is health
    assert bool(told[id_].cure) is (health is Health.WARNING)
