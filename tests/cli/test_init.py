"""`parom init` as a person runs it."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from parom.config.reading import read
from tests.support.ferry import write_project

KEY = "age1xqwnsdk4zwx4xmhcqjh3ze2ly7mrtg4x4x66d5vzyq5wpr3f356s6j7hp4"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Without the scripts, which would make an installation in place of it."""
    folder = tmp_path / "notes"
    write_project(folder, 1)
    for script in folder.glob("*.sh"):
        script.unlink()
    (folder / "requirements.txt").write_text("django\ngunicorn\n")
    return folder


def _init(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "parom.cli.main", "init", str(folder), *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=folder.parent,
        env={k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "PAROM_CONFIG")},
    )


def _data(ran: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert ran.stderr == ""
    data: dict[str, Any] = json.loads(ran.stdout)
    return data


def _snapshot(folder: Path) -> dict[str, bytes]:
    return {str(one): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_a_project_becomes_a_configuration_that_is_valid(project: Path) -> None:
    """What init writes, check accepts."""
    ran = _init(project, "--recipient", KEY, "--json")
    data = _data(ran)
    assert ran.returncode == 0
    config = read(Path(data["config"]))
    assert config.project.root == project.parent / "notes-production"
    assert config.vault.recipients == (KEY,)
    assert config.checks.health == "/health/"
    assert config.checks.functional == "checks"
    assert data["decide"] == []
    assert not config.project.root.exists()


def test_an_interpreter_at_hand_is_asked(project: Path) -> None:
    """The application knows best which database it opens."""
    data = _data(_init(project, "--recipient", KEY, "--python", sys.executable, "--json"))
    (how,) = [one["how"] for one in data["found"] if one["key"] == "database.path"]
    assert how == ["the application says so"]
    assert data["asked"] == sys.executable
    assert not (project / "db.sqlite3").exists()


def test_nothing_is_run_where_only_reading_is_wanted(project: Path) -> None:
    """The code may be somebody's whom nobody trusts yet."""
    (project / "site1/settings.py").write_text("open('/proc/self/trapped', 'w')\n")
    ran = _init(project, "--recipient", KEY, "--python", sys.executable, "--only-read", "--json")
    assert _data(ran)["asked"] is None


def test_a_new_key_is_for_its_owner_only_and_is_not_repeated(project: Path) -> None:
    """Whoever reads the terminal's history must not have it."""
    key = project.parent / "key.txt"
    ran = _init(project, "--new-key", str(key))
    assert ran.returncode == 0
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    secret = key.read_text("ascii").splitlines()[1]
    assert secret.startswith("AGE-SECRET-KEY-")
    assert secret not in ran.stdout + (project / "parom.toml").read_text("utf-8")
    assert "not on this machine" in ran.stdout
    public = read(project / "parom.toml").vault.recipients
    assert f"# public key: {public[0]}" in key.read_text("ascii")


def test_a_file_that_is_there_is_replaced_only_by_force(project: Path) -> None:
    """Somebody's decisions are in it."""
    (project / "parom.toml").write_text("mine")
    ran = _init(project, "--recipient", KEY)
    assert ran.returncode == 2
    assert "[init.exists]" in ran.stderr
    assert (project / "parom.toml").read_text() == "mine"
    assert _init(project, "--recipient", KEY, "--force").returncode == 0
    assert read(project / "parom.toml").project.name == "notes"


def test_given_values_win(project: Path) -> None:
    """One command, without an editor in between."""
    ran = _init(
        project, "--recipient", KEY, "--set", "services.bind=127.0.0.1:9009",
        "--set", "watch.seconds=5", "--set", 'checks.endpoints=["/notes/"]',
        "--set", "release.collect_static=false",
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    config = read(project / "parom.toml")
    assert config.services.bind == "127.0.0.1:9009"
    assert config.watch.seconds == 5
    assert config.checks.endpoints == ("/notes/",)
    assert config.release.collect_static is False


@pytest.mark.parametrize(
    ("arguments", "id_"),
    [
        ((), "init.no-recipient"),
        (("--new-key", "notes/key.txt"), "init.key-in-project"),
        (("--new-key", "nowhere/key.txt"), "vault.identity-unwritable"),
        (("--new-key", "taken"), "vault.identity-exists"),
        (("--recipient", "age1nonsense"), "config.invalid"),
        (("--recipient", KEY, "--set", "watch.secods=5"), "init.bad-setting"),
        (("--recipient", KEY, "--set", "watch"), "init.bad-setting"),
        (("--recipient", KEY, "--set", "watch.seconds=soon"), "config.invalid"),
        (("--recipient", KEY, "--layout", "floating"), "usage"),
    ],
)
def test_wrong_wishes_are_refused_with_nothing_written(
    project: Path, arguments: tuple[str, ...], id_: str
) -> None:
    """Neither half a configuration nor a key that nobody knows of."""
    (project.parent / "taken").write_text("somebody's")
    before = _snapshot(project.parent)
    ran = _init(project, *arguments)
    assert ran.returncode == 2
    assert f"[{id_}]" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert _snapshot(project.parent) == before


def test_what_is_no_django_project_is_refused(tmp_path: Path) -> None:
    """Before anything is written."""
    for arguments in ((), ("--new-key", "key.txt")):
        ran = _init(tmp_path, *arguments)
        assert ran.returncode == 2
        assert "[inspect.not-django]" in ran.stderr
    assert list(tmp_path.iterdir()) == []
