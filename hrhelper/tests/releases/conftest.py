"""Releases as they are built, and their commands run by processes of their own."""

import http.client
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from releases import build

DEADLINE_S = 180  # generous: it is used up only where something is broken


@dataclass
class Release:
    """A built tree; `variables` are all that it knows of its environment."""

    tree: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self):
        foreign = ("HRHELPER_", "DJANGO_")
        return {k: v for k, v in os.environ.items() if not k.startswith(foreign)} | self.variables

    def run(self, *command):
        return subprocess.run(
            command,
            cwd=self.tree,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
        ).stdout

    def manage(self, *arguments):
        return self.run(sys.executable, "manage.py", *arguments)


@pytest.fixture(scope="session")
def trees(tmp_path_factory):
    """The three releases, each in a folder of its own."""
    top = tmp_path_factory.mktemp("releases")
    for name in ("r1", "r2", "r3"):
        build(name, top / name)
    return {name: top / name for name in ("r1", "r2", "r3")}


@pytest.fixture(scope="session")
def databases(trees, tmp_path_factory):
    """A database of r1 with example rows, made once, and the same after r2's migration."""
    top = tmp_path_factory.mktemp("databases")
    made = {name: top / f"{name}.sqlite3" for name in ("r1", "r2")}
    first = Release(trees["r1"], variables(top, made["r1"]))
    first.manage("migrate", "-v0")
    first.manage("seed", "--rows", "300")
    shutil.copy(made["r1"], made["r2"])
    Release(trees["r2"], variables(top, made["r2"])).manage("migrate", "-v0")
    return made


@pytest.fixture
def release_on(trees, tmp_path):
    """A release by its name, on the database of this test."""
    shared = variables(tmp_path, tmp_path / "db.sqlite3")
    return lambda name, **more: Release(trees[name], shared | more)


@pytest.fixture
def database(databases, tmp_path):
    """The database of this test, still to be filled: `database("r1")` is its path."""

    def placed(name):
        return Path(shutil.copy(databases[name], tmp_path / "db.sqlite3"))

    return placed


def variables(folder, database):
    """All that a release needs to know, with its files in a folder."""
    return {
        "HRHELPER_SECRET_KEY": secrets.token_urlsafe(60),
        "HRHELPER_SSL_REDIRECT": "false",
        "HRHELPER_DATABASE": str(database),
        "HRHELPER_LOG": str(folder / "django.log"),
        "HRHELPER_PYTHON": sys.executable,
    }


def free_port():
    """Of those that the system gives to nobody who does not ask for one by its number.

    Else a connection of another test may have it by the time that a server asks for it.
    """
    while True:
        number = 15_000 + secrets.randbelow(15_000)
        with socket.socket() as one, suppress(OSError):
            one.bind(("127.0.0.1", number))
            return number


def wait_until(condition, what):
    """Ask again and again until it holds; fail with `what` after a generous limit."""
    end = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end, f"{what} did not happen"
        time.sleep(0.05)


def status_of(port, path):
    """The HTTP status, or None where nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=DEADLINE_S)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()
