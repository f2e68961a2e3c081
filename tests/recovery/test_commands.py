"""`parom backup create|list|verify|restore`, on an installation that runs."""

from __future__ import annotations

import fcntl
import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.ferry import Ferry, make_ferry, write_project


@pytest.fixture(scope="module")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ferry]:
    """An installation with an environment file, a shared file deep in the code, and media."""
    made = make_ferry(
        tmp_path_factory.mktemp("commands"),
        shared='"db.sqlite3", "media/", "notes/data/local.json"',
    )
    text = made.config.read_text()
    made.config.write_text(
        text.replace("[release]", '[release]\nenvironment_file = "production.env"')
    )
    (made.root / "production.env").write_text("TOKEN=secret\n")
    write_project(made.source, 1)
    try:
        deployed = made.parom("deploy")
        assert deployed.returncode == 0, deployed.stdout + deployed.stderr
        made.add_notes(10)
        (made.root / "shared" / "media" / "photo.jpg").write_bytes(b"pixels")
        (made.root / "shared" / "notes" / "data" / "local.json").write_text("{}")
        yield made
    finally:
        made.shut_down()


@pytest.fixture(scope="module")
def backup_id(ferry: Ferry) -> str:
    made = ferry.parom("backup", "create", "--json")
    assert made.returncode == 0, made.stdout + made.stderr
    return str(json.loads(made.stdout)["id"])


def test_it_is_listed_with_what_one_chooses_by(ferry: Ferry, backup_id: str) -> None:
    """When, of which release, how large, how many rows, and whether it was verified."""
    listed = json.loads(ferry.parom("backup", "list", "--json").stdout)
    one = next(one for one in listed if one["id"] == backup_id)
    assert one["verified"] is True
    assert one["rows"] >= 10
    assert one["bytes"] == sum(one["parts"].values()) > 0
    assert set(one["parts"]) == {"database", "code", "configuration", "media"}
    words = ferry.parom("backup", "list").stdout
    assert backup_id in words
    assert "verified" in words


def test_nothing_of_it_is_left_in_the_clear(ferry: Ferry, backup_id: str) -> None:
    """R-2.2, R-10.3: what was restored to compare it is deleted, secrets are nowhere else."""
    assert not (ferry.root / ".parom" / "backup").exists()
    for path in (ferry.top / "vault").rglob("*"):
        if path.is_file():
            assert b"secret" not in path.read_bytes(), path
    assert backup_id in {path.name for path in (ferry.top / "vault").iterdir()}


def test_each_part_is_restored_on_its_own(ferry: Ferry, backup_id: str, tmp_path: Path) -> None:
    """R-1.1, R-2.1: everything that makes the installation, and what of it one wants."""
    identity = str(ferry.top / "identity.txt")
    restored = ferry.parom(
        *("backup", "restore", backup_id, "--identity", identity, "--into", str(tmp_path / "all"))
    )
    assert restored.returncode == 0, restored.stderr
    found = tmp_path / "all"
    assert (found / "configuration" / "parom.toml").read_text() == ferry.config.read_text()
    assert (found / "configuration" / "production.env").read_text() == "TOKEN=secret\n"
    deep = found / "configuration" / "shared" / "notes" / "data" / "local.json"
    assert deep.read_text() == "{}"
    assert (found / "media" / "shared" / "media" / "photo.jpg").read_bytes() == b"pixels"
    assert (found / "code" / "notes" / "models.py").exists()
    assert not (found / "code" / "notes" / "data" / "local.json").is_symlink()
    assert not (found / "code" / ".venv").exists()
    with sqlite3.connect(found / "database" / "database.sqlite3") as connection:
        assert connection.execute("SELECT count(*) FROM notes_note").fetchone() == (10,)
    connection.close()
    only = ferry.parom(
        *("backup", "restore", backup_id, "--identity", identity, "--part", "database"),
        *("--into", str(tmp_path / "one"), "--json"),
    )
    assert json.loads(only.stdout)["parts"] == ["database"]
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["database"]


def test_all_are_verified_with_and_without_the_key(ferry: Ferry, backup_id: str) -> None:
    """By night on the server, and now and then where the key is."""
    for arguments in ((), ("--identity", str(ferry.top / "identity.txt"))):
        verified = ferry.parom("backup", "verify", *arguments)
        assert verified.returncode == 0, verified.stderr
        assert f"✓ {backup_id}" in verified.stdout


WRONG = {
    "no key": (("restore", "ID"), 2, "--identity"),
    "a key that is not there": (("restore", "ID", "--identity", "nowhere"), 10, "identity-missing"),
    "an unknown backup": (("verify", "never"), 10, "vault.unknown-backup"),
    "an unknown part": (
        ("restore", "ID", "--identity", "KEY", "--part", "databse", "--into", "x"),
        2,
        "vault.unknown-part",
    ),
    "no backup named": (("restore", "--identity", "KEY"), 2, "parom backup list"),
    "a root with something in it": (
        ("restore", "--identity", "KEY", "--to", "ROOT"),
        10,
        "recovery.not-empty",
    ),
    "a vault with nothing in it": (
        ("restore", "--identity", "KEY", "--vault", "ROOT", "--to", "x"),
        10,
        "recovery.no-backup",
    ),
    "both ways at once": (
        ("restore", "ID", "--identity", "KEY", "--to", "x", "--into", "y"),
        2,
        "--into",
    ),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_said_and_nothing_is_written(
    ferry: Ferry, backup_id: str, wrong: str, tmp_path: Path
) -> None:
    """Whoever restores is under stress."""
    arguments, code, said = WRONG[wrong]
    meant = {
        "ID": backup_id,
        "KEY": str(ferry.top / "identity.txt"),
        "ROOT": str(ferry.root),
        "x": str(tmp_path / "x"),
        "y": str(tmp_path / "y"),
    }
    ran = ferry.parom("backup", *(meant.get(one, one) for one in arguments))
    assert ran.returncode == code, ran.stdout + ran.stderr
    assert said in ran.stderr
    assert "Traceback" not in ran.stderr
    assert list(tmp_path.rglob("*")) in ([], [tmp_path / "x"])


_KILLED = """
import os, signal
from parom.adapters.vaults import directory
from parom.cli.main import main
seal = directory.seal

def seal_or_die(part, *more):
    if part == "media":
        os.kill(os.getpid(), signal.SIGKILL)
    return seal(part, *more)

directory.seal = seal_or_die
main()
"""


def test_what_a_killed_backup_left_goes_with_the_next(ferry: Ferry) -> None:
    """Copies in the clear and half an archive: neither may lie about for good."""
    argv = [sys.executable, "-c", _KILLED, "--config", str(ferry.config), "backup", "create"]
    killed = subprocess.run(argv, capture_output=True, text=True, timeout=600, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stdout + killed.stderr
    vault = ferry.top / "vault"
    assert list(vault.glob(".partial-*"))
    assert (ferry.root / ".parom" / "backup").exists()
    made = ferry.parom("backup", "create")
    assert made.returncode == 0, made.stderr
    assert not (ferry.root / ".parom" / "backup").exists()
    assert list(vault.glob(".partial-*")) == []


def test_a_backup_waits_for_nobody_s_deployment(ferry: Ferry) -> None:
    """R-13.3: under the lock, so that it never sees an installation half switched."""
    with (ferry.root / ".parom" / "lock").open("rb+") as lock:
        fcntl.flock(lock.fileno(), fcntl.LOCK_EX)
        refused = ferry.parom("backup", "create")
    assert refused.returncode == 10
    assert "lease.held" in refused.stderr
