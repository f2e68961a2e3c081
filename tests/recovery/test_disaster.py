"""From the vault and the key alone to the running installation."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from parom.config.reading import read
from parom.wiring import end_everything
from tests.support.ferry import Ferry, write_project

_KILLED = """
import os, signal
from parom.adapters.vaults.directory import DirectoryVault
from parom.cli.main import main
open_part = DirectoryVault._open

def open_or_die(vault, manifest, part, *more):
    if part.name == "media":
        os.kill(os.getpid(), signal.SIGKILL)
    return open_part(vault, manifest, part, *more)

DirectoryVault._open = open_or_die
main()
"""


class Elsewhere:
    """What another machine has: the vault and the key."""

    def __init__(self, ferry: Ferry, top: Path) -> None:
        top.mkdir()
        self.vault, self.key, self.root = top / "vault", top / "key.txt", top / "site"
        shutil.copytree(ferry.top / "vault", self.vault)
        shutil.copy(ferry.top / "identity.txt", self.key)
        self.config = self.root / "parom.toml"
        self.url = ferry.url

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-m", "parom.cli.main", *self.arguments]

    @property
    def arguments(self) -> list[str]:
        return [
            *("backup", "restore", "--json"),
            *("--vault", str(self.vault), "--identity", str(self.key), "--to", str(self.root)),
        ]

    def recover(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command, capture_output=True, text=True, timeout=600, check=False
        )

    def parom(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, "-m", "parom.cli.main", "--config", str(self.config), *arguments]
        return subprocess.run(argv, capture_output=True, text=True, timeout=600, check=False)

    def health(self) -> dict[str, int]:
        with urllib.request.urlopen(f"{self.url}/health/", timeout=120) as answer:
            found: dict[str, int] = json.load(answer)
            return found

    def end(self) -> None:
        if self.config.exists():
            end_everything(read(self.config))


def gone(ferry: Ferry) -> None:
    """The first machine burns down: nothing of it is left but what lies elsewhere."""
    ferry.shut_down()
    shutil.rmtree(ferry.root)
    ferry.root.mkdir()  # `shut_down` of the fixture still finds a configuration


@pytest.mark.parametrize(
    "ferry", ["releases", pytest.param("in-place", marks=pytest.mark.long)], indirect=True
)
def test_the_vault_and_the_key_alone_become_the_running_installation(
    ferry: Ferry, tmp_path: Path
) -> None:
    """R-2, R-13: a backup is worth what can be rebuilt from it when all else is lost."""
    made = ferry.parom("backup", "create", "--json")
    assert made.returncode == 0, made.stdout + made.stderr
    assert json.loads(made.stdout)["verified"] is True
    elsewhere = Elsewhere(ferry, tmp_path / "new")
    gone(ferry)
    try:
        recovered = elsewhere.recover()
        assert recovered.returncode == 0, recovered.stdout + recovered.stderr
        assert elsewhere.health() == {"version": 1, "notes": 100}
        home = elsewhere.root if ferry.layout == "in-place" else elsewhere.root / "shared"
        assert (home / "media" / "photo.jpg").read_bytes() == b"pixels"
        assert not (elsewhere.root / ".parom" / "recovery").exists()

        again = elsewhere.recover()
        assert again.returncode == 10, again.stdout
        assert "recovery.not-empty" in again.stdout

        write_project(ferry.source, 2)
        deployed = elsewhere.parom("deploy")
        assert deployed.returncode == 0, deployed.stdout + deployed.stderr
        assert elsewhere.health() == {"version": 2, "notes": 100}
        rolled_back = elsewhere.parom("rollback")
        assert rolled_back.returncode == 0, rolled_back.stdout + rolled_back.stderr
        assert elsewhere.health() == {"version": 1, "notes": 100}
    finally:
        elsewhere.end()


@pytest.mark.parametrize(
    ("ferry", "step"),
    [
        pytest.param("releases", "unpacking", marks=pytest.mark.long),
        pytest.param("releases", "services.private", marks=pytest.mark.long),
        ("in-place", "recovery.database"),
    ],
    indirect=["ferry"],
)
def test_a_recovery_killed_half_way_is_repeated(ferry: Ferry, tmp_path: Path, step: str) -> None:
    """Whoever recovers is in a hurry, and a closed laptop must not mean to begin anew."""
    assert ferry.parom("backup", "create").returncode == 0
    elsewhere = Elsewhere(ferry, tmp_path / "new")
    gone(ferry)
    try:
        if step == "unpacking":
            kill_while_unpacking(elsewhere)
        else:
            kill_engine_at(elsewhere, step)
        recovered = elsewhere.recover()
        assert recovered.returncode == 0, recovered.stdout + recovered.stderr
        assert elsewhere.health() == {"version": 1, "notes": 100}
    finally:
        elsewhere.end()


def kill_while_unpacking(elsewhere: Elsewhere) -> None:
    """When the media are to be opened: what comes before them is there."""
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED, *elsewhere.arguments],
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stdout + killed.stderr
    folder = elsewhere.root / ".parom" / "recovery"
    assert (folder / "configuration").exists()
    assert not (folder / "media").exists()
    assert not (folder / "unpacked.json").exists()


def kill_engine_at(elsewhere: Elsewhere, step: str) -> None:
    """The engine is killed at the intent of a step, as soon as the journal has it."""
    with subprocess.Popen(elsewhere.command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        pid = 0
        for line in process.stdout:
            event = json.loads(line)
            if event["kind"] == "engine":
                pid = event["data"]["pid"]
            if event["kind"] == "intent" and event["step"] == step:
                os.kill(pid, signal.SIGKILL)
                break
        process.stdout.read()
