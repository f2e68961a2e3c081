"""Health tells what is wrong, and probes get their answer soon."""

import sqlite3
from collections import namedtuple

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder

from apps.core import health

HEALTH = "/api/v1/health/"


@pytest.fixture
def other_database(transactional_db, tmp_path):
    """The application looks at a database of this test.

    A file of SQLite; a PostgreSQL that is away is in tests/releases/test_large_installation.py.
    """
    if connection.vendor != "sqlite":
        pytest.skip("it is of files of SQLite")
    connections.close_all()
    before = django_settings.DATABASES["default"]["NAME"]
    path = tmp_path / "db.sqlite3"
    connection.settings_dict["NAME"] = str(path)
    yield path
    connections.close_all()
    connection.settings_dict["NAME"] = before


@pytest.mark.django_db
def test_all_is_well(anonymous):
    """Open to probes, with each part by name."""
    answer = anonymous.get(HEALTH)
    assert answer.status_code == 200
    assert answer.json() == {
        "healthy": True,
        "parts": {"database": "ok", "migrations": "ok", "disk": "ok"},
    }
    assert anonymous.get("/readyz").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_pending_migration_is_503(anonymous):
    """New code on an old database must not get traffic."""
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("finance", "0003_amounts_location_index")
    try:
        answer = anonymous.get(HEALTH)
    finally:
        recorder.record_applied("finance", "0003_amounts_location_index")
    assert answer.status_code == 503
    assert answer.json()["parts"]["migrations"] == "1 pending"


def test_missing_database_is_503_and_stays_missing(anonymous, other_database):
    """An empty database in its place would hide the loss, and get in the way of the real one."""
    answer = anonymous.get(HEALTH)
    assert answer.status_code == 503
    assert answer.json()["parts"]["database"] == "missing"
    assert anonymous.get("/readyz").status_code == 503
    assert not other_database.exists()


def test_locked_database_is_503(anonymous, other_database, monkeypatch):
    """Somebody who keeps all others out, as a restore in place does."""
    monkeypatch.setattr(health, "LONGEST_WAIT_S", 0.05)
    with sqlite3.connect(other_database) as stranger:
        stranger.execute("PRAGMA journal_mode=WAL")
        stranger.execute("PRAGMA locking_mode=EXCLUSIVE")
        stranger.execute("CREATE TABLE taken (id)")
        stranger.commit()
        answer = anonymous.get(HEALTH)
    stranger.close()
    assert answer.status_code == 503
    assert answer.json()["parts"] == {
        "database": "OperationalError",
        "migrations": "unknown",
        "disk": "ok",
    }


def test_damaged_database_is_503(anonymous, other_database):
    """A file that is there is not yet a database."""
    other_database.write_bytes(b"no database at all" * 100)
    answer = anonymous.get(HEALTH)
    assert answer.status_code == 503
    assert answer.json()["parts"]["database"] == "DatabaseError"


@pytest.mark.django_db
def test_full_disk_is_503(anonymous, monkeypatch):
    """SQLite cannot write without space for its log."""
    usage = namedtuple("usage", "free")
    monkeypatch.setattr(health.shutil, "disk_usage", lambda path: usage(1000))
    answer = anonymous.get(HEALTH)
    assert answer.status_code == 503
    assert answer.json()["parts"]["disk"] == "1000 bytes free"


@pytest.mark.django_db
def test_a_broker_within_the_process_is_well(anonymous, settings):
    """Parom's rehearsal gives the application one, so that it reaches no real broker."""
    settings.BROKER_URL = "memory://"
    assert anonymous.get(HEALTH).json()["parts"]["broker"] == "ok"


def test_living_needs_no_database(anonymous, other_database):
    """A restart does not mend a database, so liveness must not ask for one."""
    assert anonymous.get("/livez").json() == {"alive": True}
    assert not other_database.exists()
