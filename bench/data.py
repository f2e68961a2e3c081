"""The data of the benchmark: made once, kept under a name that says what it is.

Release r1 of HR Helper writes it with its own seed command, so that both plans migrate
exactly the same file.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from parom.adapters.hosts.local import LocalHost
from parom.build.environment import build_environment

TEXT_BYTES = 8_000
"""The length of a note: a page or two of a recruiter's or a model's text."""
_BYTES_A_ROW = 4_990
"""Measured: bytes of the database by row asked for, at `TEXT_BYTES`."""


@dataclass(frozen=True)
class Shape:
    """How much data: parameters of HR Helper's seed command."""

    rows: int
    text_bytes: int = TEXT_BYTES

    @staticmethod
    def of_size(size: int) -> Shape:
        """About `size` bytes of database."""
        return Shape(rows=max(1000, size // _BYTES_A_ROW))

    @property
    def ids(self) -> int:
        """Ids that vacancies and salary ranges have for certain: 1 to this."""
        return max(1, self.rows // 5)


@dataclass(frozen=True)
class Dataset:
    """A database of r1 with its rows, and headers that let a client in."""

    shape: Shape
    database: Path
    headers: Path
    size: int

    def copy_to(self, file: Path) -> None:
        """A copy that is on disk: later syncs by the application do not pay for it."""
        shutil.copyfile(self.database, file)
        descriptor = os.open(file, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def dataset(cache: Path, hrhelper: Path, shape: Shape) -> Dataset:
    """The database of that shape, made where there is none yet."""
    folder = cache / f"{shape.rows}-{shape.text_bytes}-{_version(hrhelper)}"
    database, headers = folder / "db.sqlite3", folder / "headers"
    if not headers.exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        _make(folder, hrhelper, shape)
    return Dataset(shape, database, headers, database.stat().st_size)


def tree(hrhelper: Path, release: str, destination: Path) -> None:
    """Write a release's tree."""
    script = str(hrhelper / "releases.py")
    subprocess.run([sys.executable, script, "build", release, str(destination)], check=True)


def place(hrhelper: Path, release: str, destination: Path) -> None:
    """A release's tree with its environment."""
    tree(hrhelper, release, destination)
    build_environment(
        destination,
        python=sys.executable,
        dependencies="requirements.txt",
        host=LocalHost(),
        log=destination / "build.log",
    )


def settings(hrhelper: Path, file: Path, *lines: str) -> None:
    """Write HR Helper's environment file with a fresh key."""
    subprocess.run([sys.executable, str(hrhelper / "make_env.py"), str(file), *lines], check=True)


def _make(folder: Path, hrhelper: Path, shape: Shape) -> None:
    app = folder / "r1"
    place(hrhelper, "r1", app)
    settings(hrhelper, app / ".env", "HRHELPER_SSL_REDIRECT=false")
    for arguments in (
        ("migrate", "--verbosity=0"),
        ("seed", f"--rows={shape.rows}", f"--text-bytes={shape.text_bytes}"),
        ("ensure_api_token", "--username=bench", f"--file={folder / 'headers.made'}"),
    ):
        python = str(app / ".venv" / "bin" / "python")
        subprocess.run([python, "manage.py", *arguments], cwd=app, check=True)
    with sqlite3.connect(app / "db.sqlite3") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    (app / "db.sqlite3").rename(folder / "db.sqlite3")
    shutil.rmtree(app)
    # Last: it says that the rest is whole.
    (folder / "headers.made").rename(folder / "headers")


def _version(hrhelper: Path) -> str:
    """Changes with whatever decides how r1's database looks."""
    digest = hashlib.sha256()
    overlay = hrhelper / "overlays" / "r1"
    files = [
        *hrhelper.glob("apps/*/migrations/*.py"),
        *overlay.rglob("*.py"),
        hrhelper / "apps" / "core" / "seeding.py",
        hrhelper / "releases.py",
    ]
    for file in sorted(files):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:10]
