"""The demonstration's production: its folders, and what is done with it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from parom.demo.server import Server
from parom.words.language import Language

DatabaseKind = Literal["sqlite", "postgresql"]


@dataclass(frozen=True)
class Stage:
    """The folders of a demonstration; `hrhelper` is HR Helper's source tree."""

    top: Path
    hrhelper: Path
    port: int
    server: Server | None = None
    """PostgreSQL; without one the database is a file."""
    language: Language = Language.ENGLISH

    @property
    def kind(self) -> DatabaseKind:
        return "postgresql" if self.server else "sqlite"

    @property
    def root(self) -> Path:
        return self.top / "installation"

    @property
    def config(self) -> Path:
        return self.top / "parom.toml"

    @property
    def source(self) -> Path:
        return self.top / "source"

    @property
    def headers(self) -> Path:
        return self.root / "shared" / "check-headers"

    @property
    def database(self) -> Path:
        """Where there is no server."""
        return self.root / "shared" / "db.sqlite3"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def build(self, release: str) -> None:
        """Put a release of HR Helper where Parom takes it from."""
        script = self.hrhelper / "releases.py"
        subprocess.run(
            [sys.executable, str(script), "build", release, str(self.source)], check=True
        )

    def manage(self, *arguments: str) -> None:
        """Run a command of the application that is installed."""
        current = self.root / "current"
        subprocess.run(
            [str(current / ".venv" / "bin" / "python"), "manage.py", *arguments],
            cwd=current,
            check=True,
        )


def load_process(stage: Stage, out: Path) -> subprocess.Popen[bytes]:
    """Readers and writers against the public address, until ended by SIGTERM or with this
    process."""
    given = (str(os.getpid()), stage.url, str(stage.headers), str(out))
    return subprocess.Popen(
        [sys.executable, "-m", "parom.demo.load", *given],
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        start_new_session=True,
    )
