"""The one moment at which the production database changes: real processes, real kills."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from parom.appside.migrator import Migrator
from parom.appside.stray import end_stray, note, wait_for_stray
from parom.birth import birth_of
from parom.errors import ParomError
from parom.facts import Migration
from tests.appside.project import WIDEN, Project
from tests.support.living import has_ended
from tests.support.waiting import PATIENCE_S, wait_until

WAITING = """
    from pathlib import Path
    from threading import Event
    Path("begun").touch()
    while not Path("continue").exists():
        Event().wait(0.02)
"""


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "migrator.json"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "migrate.log"


@contextmanager
def killed_parom(
    project: Project, record: Path, log: Path, *go: str
) -> Iterator[Callable[[], None]]:
    """A Parom in a process of its own, and the means to kill it."""
    arguments = [str(project.top), str(record), str(log), *go]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.appside.orphan", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    ) as parom:
        assert parom.stdout is not None
        assert parom.stdout.readline() == b"ready\n"

        def kill() -> None:
            parom.kill()
            parom.wait()

        try:
            yield kill
        finally:
            kill()


def test_a_loaded_migrator_touches_nothing_before_go(
    project: Project, record: Path, log: Path
) -> None:
    """It is loaded while the old release still serves."""
    with project.application().migrator(record, log) as migrator:
        migrator.start()
        migrator.wait_until_ready(PATIENCE_S)
        assert Migrator.running(record)
        assert not project.database.exists()
        run = migrator.go()
    assert "shop_item" in project.tables()
    assert Migration("shop", "0002_second") in [migration for migration, _ in run.applied]
    assert "Applying shop.0002_second" in log.read_text()
    assert not record.exists()


def test_what_was_loaded_before_go_is_not_looked_through_at_the_end(
    project: Project, record: Path, log: Path
) -> None:
    """The public waits until the process has ended, not only until it has migrated."""
    project.second("migrations.RunPython(fill)", fill="import gc; assert gc.get_freeze_count()")
    with project.application().migrator(record, log) as migrator:
        migrator.start()
        migrator.wait_until_ready(PATIENCE_S)
        run = migrator.go()
    assert Migration("shop", "0002_second") in [migration for migration, _ in run.applied]


def test_an_abandoned_migrator_leaves_no_trace(project: Project, record: Path, log: Path) -> None:
    """A cutover that is called off must not leave a loaded migration behind."""
    migrator = project.application().migrator(record, log)
    migrator.start()
    process = psutil.Process(json.loads(record.read_text())["pid"])
    migrator.wait_until_ready(PATIENCE_S)
    migrator.abandon()
    migrator.abandon()
    assert not process.is_running()
    assert not record.exists()
    assert not project.database.exists()


def test_starting_twice_is_starting_once(project: Project, record: Path, log: Path) -> None:
    """Steps may run twice; two migrations at once may not."""
    with project.application().migrator(record, log) as migrator:
        migrator.start()
        first = record.read_text()
        migrator.start()
        assert record.read_text() == first


def test_a_parom_that_dies_before_go_leaves_the_database_untouched(
    project: Project, record: Path, log: Path
) -> None:
    """The journal has no intent yet, so nothing may happen (R-13.1)."""
    with killed_parom(project, record, log) as kill:
        assert Migrator.running(record)
        kill()
        wait_for_stray(record, PATIENCE_S)
    assert not Migrator.running(record)
    assert not project.database.exists()


def test_a_parom_that_dies_after_go_leaves_a_migration_that_finishes(
    project: Project, record: Path, log: Path
) -> None:
    """Who comes next waits for it; its output must not break with the pipe to the dead."""
    project.second("migrations.RunPython(fill)", fill=WAITING.strip())
    project.write(
        "shop/migrations/0003_third.py",
        "from django.db import migrations, models\nclass Migration(migrations.Migration):\n"
        f"    dependencies = [('shop', '0002_second')]\n    operations = [{WIDEN}]\n",
    )
    with killed_parom(project, record, log, "go") as kill:
        wait_until((project.top / "begun").exists, "the migration runs")
        kill()
        assert Migrator.running(record)
        with pytest.raises(ParomError) as caught:
            wait_for_stray(record, 0.1)
        assert caught.value.id == "application.migration-still-runs"
        project.write("continue", "")
        wait_for_stray(record, PATIENCE_S)
    assert project.application().migrations().pending == ()


def test_a_new_migrator_waits_for_the_one_of_a_dead_parom(
    project: Project, record: Path, log: Path
) -> None:
    """Two migrations of one database must never run at once."""
    with killed_parom(project, record, log) as kill:
        orphan = psutil.Process(json.loads(record.read_text())["pid"])
        kill()
        with project.application().migrator(record, log) as migrator:
            migrator.start()
            assert has_ended(orphan)
            migrator.wait_until_ready(PATIENCE_S)
            migrator.go()
    assert "shop_item" in project.tables()


def test_a_failing_migration_is_named_and_its_traceback_kept(
    project: Project, record: Path, log: Path
) -> None:
    """The operator must not have to run it again to learn why."""
    project.second("migrations.RunPython(fill)", fill='raise ValueError("no such grade")')
    with project.application().migrator(record, log) as migrator:
        migrator.start()
        migrator.wait_until_ready(PATIENCE_S)
        with pytest.raises(ParomError) as caught:
            migrator.go()
    assert caught.value.id == "application.migration-failed"
    assert "shop.0002_second failed: ValueError: no such grade" in caught.value.fact
    assert "shop/migrations/0002_second.py:4" in caught.value.fact
    assert "3 before it had been applied" in caught.value.fact
    assert "Traceback" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0, "a message may quote personal data"


def test_a_killed_migration_is_not_taken_for_a_finished_one(
    project: Project, record: Path, log: Path
) -> None:
    """The out-of-memory killer leaves no result."""
    project.second(
        "migrations.RunPython(fill)", fill="import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    )
    with project.application().migrator(record, log) as migrator:
        migrator.start()
        migrator.wait_until_ready(PATIENCE_S)
        with pytest.raises(ParomError) as caught:
            migrator.go()
    assert caught.value.id == "application.migration-died"
    assert "by signal 9" in caught.value.fact


def test_a_migrator_killed_while_it_waits_is_found_dead_at_go(
    project: Project, record: Path, log: Path
) -> None:
    """Between loading and the stop minutes may pass."""
    with project.application().migrator(record, log) as migrator:
        migrator.start()
        migrator.wait_until_ready(PATIENCE_S)
        os.kill(json.loads(record.read_text())["pid"], signal.SIGKILL)
        wait_until(lambda: not Migrator.running(record), "it has ended")
        with pytest.raises(ParomError) as caught:
            migrator.go()
    assert caught.value.id == "application.migration-died"


def test_what_cannot_be_loaded_is_known_before_the_stop(
    project: Project, record: Path, log: Path
) -> None:
    """The reason is the exception, not that a process ended."""
    project.write("shop/models.py", "import not_installed\n")
    with project.application().migrator(record, log) as migrator:
        migrator.start()
        with pytest.raises(ParomError) as caught:
            migrator.wait_until_ready(PATIENCE_S)
    assert caught.value.id == "application.does-not-load"
    assert "not_installed" in caught.value.fact


def test_a_load_that_hangs_is_ended_at_the_limit(project: Project, record: Path, log: Path) -> None:
    """An application that waits for a dead service must not hold the deployment."""
    project.at_start("import threading; threading.Event().wait()")
    with project.application().migrator(record, log) as migrator:
        migrator.start()
        process = psutil.Process(json.loads(record.read_text())["pid"])
        with pytest.raises(ParomError) as caught:
            migrator.wait_until_ready(0.2)
    assert caught.value.id == "application.too-slow"
    assert not process.is_running()


def test_an_application_that_speaks_and_reads_disturbs_nothing(
    project: Project, record: Path, log: Path
) -> None:
    """The line that releases is not the application's to read, nor its words a signal."""
    project.at_start(
        "import sys; print('ready'); assert sys.stdin.read() == ''; print('x' * 10**6)"
    )
    with project.application().migrator(record, log) as migrator:
        migrator.start()
        migrator.wait_until_ready(PATIENCE_S)
        assert migrator.go().applied


def test_a_record_of_another_process_is_not_the_migration(record: Path) -> None:
    """A pid is given anew; only with its start does it name a process."""
    mine = birth_of(os.getpid())
    record.write_text(json.dumps({**mine, "ticks": mine["ticks"] - 6000}))
    assert not Migrator.running(record)
    wait_for_stray(record, 0)
    assert not record.exists()


def test_a_clock_that_is_set_does_not_end_the_wait(
    record: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who took a migration for ended that goes on would bring the old data back under it."""
    with subprocess.Popen(["sleep", "600"]) as process:
        note(process.pid, record)
        told = psutil.Process.create_time
        monkeypatch.setattr(psutil.Process, "create_time", lambda one: told(one) + 3600.0)
        try:
            assert Migrator.running(record)
        finally:
            process.kill()
    assert not Migrator.running(record)


def test_a_copy_of_an_installation_ends_nothing_of_the_original(
    record: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record of a migration was copied with everything else."""
    monkeypatch.setattr("parom.appside.stray._KILLED_S", 0.0)
    copy = tmp_path / "copy.process"
    with subprocess.Popen(["sleep", "600"], start_new_session=True) as process:
        note(process.pid, record)
        copy.write_bytes(record.read_bytes())
        try:
            with pytest.raises(ParomError, match="migration-still-runs"):
                end_stray(copy)
            assert process.poll() is None
        finally:
            process.kill()


def test_migrations_are_taken_back_to_the_given_targets(project: Project, tmp_path: Path) -> None:
    """The way back by Django's own reverse, where there is one."""
    application = project.application()
    application.migrate(tmp_path / "migrate.log")
    first = Migration("shop", "0001_initial")
    run = application.unmigrate([first], tmp_path / "back.log")
    assert [migration for migration, _ in run.applied] == [Migration("shop", "0002_second")]
    application.unmigrate([Migration("shop", "zero")], tmp_path / "back.log")
    assert "shop_item" not in project.tables()
    assert set(application.migrations().pending) == {first, Migration("shop", "0002_second")}


def test_a_migration_without_a_reverse_is_not_taken_back(project: Project, tmp_path: Path) -> None:
    """Django refuses it before it touches anything."""
    project.second("migrations.RunPython(fill)")
    application = project.application()
    application.migrate(tmp_path / "migrate.log")
    with pytest.raises(ParomError) as caught:
        application.unmigrate([Migration("shop", "zero")], tmp_path / "back.log")
    assert caught.value.id == "application.migration-failed"
    assert "IrreversibleError" in caught.value.fact
    assert "shop_item" in project.tables()
