"""Lays the demonstration's production out: folders, keys, configuration, example data."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from parom.adapters.vaults import identity
from parom.errors import demo as errors

ROWS = 50_000
FAULT_AFTER_S = 10
_ENDPOINTS = (
    "/api/v1/finance/grades/",
    "/api/v1/finance/salary-ranges/stats/",
    "/api/v1/vacancies/stats/",
)


@dataclass(frozen=True)
class Stage:
    """The folders of a demonstration; `hrhelper` is HR Helper's source tree."""

    top: Path
    hrhelper: Path
    port: int

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


def make_stage(top: Path, hrhelper: Path) -> Stage:
    """Fresh folders with keys and settings; a stage of before at the same place goes.

    Raises `demo.no-hrhelper`.
    """
    if not (hrhelper / "releases.py").exists():
        raise errors.no_hrhelper(hrhelper)
    if top.exists():
        shutil.rmtree(top)
    stage = Stage(top, hrhelper, _free_port())
    shared = stage.root / "shared"
    shared.mkdir(parents=True)
    subprocess.run(
        [sys.executable, str(hrhelper / "make_env.py"), str(shared / ".env"),
         "HRHELPER_SSL_REDIRECT=false", f"HRHELPER_FAULT_AFTER_SECONDS={FAULT_AFTER_S}"],
        check=True,
    )  # fmt: skip
    write_config(stage, identity.create(top / "identity.txt"), checks=False)
    return stage


def write_config(stage: Stage, recipient: str, *, checks: bool) -> None:
    """parom.toml; with `checks` once there is a token that they can use."""
    listed = ", ".join(f'"{path}"' for path in _ENDPOINTS)
    more = f"""
endpoints = [{listed}]
openapi = "/api/v1/schema/"
functional = "checks"
headers_file = "shared/check-headers"
"""
    text = f"""# The demonstration's installation. `parom init` writes such a file for your project.
[project]
name = "hrhelper"
root = "installation"
settings = "config.settings"

[source]
type = "directory"
location = "source"

[release]
dependencies = "requirements.txt"
environment_file = "shared/.env"
shared = ["db.sqlite3", ".env", "media/", "logs/"]

[database]
path = "shared/db.sqlite3"

[services]
web = ["{{python}}", "-m", "gunicorn", "--no-control-socket", "--bind", "{{bind}}",
       "--workers", "2", "config.wsgi"]
worker = ["{{python}}", "manage.py", "run_worker"]
scheduler = ["{{python}}", "manage.py", "run_scheduler"]
bind = "127.0.0.1:{stage.port}"
graceful_s = 10

[checks]
health = "/api/v1/health/"
imports = ["from logic.base.api_client import BaseAPIClient"]
{more if checks else ""}
[vault]
path = "vault"
recipients = ["{recipient}"]
media = ["shared/media"]

# Short, so that the demonstration is; in production 300 and 1800 are the defaults.
[watch]
baseline_s = 10
short = true
seconds = 20
day_s = 0
grace_s = 5
logs = ["shared/logs/django.log"]
"""
    stage.config.write_text(text, "utf-8")


def recipient_of(stage: Stage) -> str:
    first = (stage.top / "identity.txt").read_text("ascii").splitlines()[0]
    return first.removeprefix("# public key: ")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def load_process(stage: Stage, out: Path) -> subprocess.Popen[bytes]:
    """Readers and writers against the public address, until ended by SIGTERM."""
    return subprocess.Popen(
        [sys.executable, "-m", "parom.demo.load", stage.url, str(stage.headers), str(out)],
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        start_new_session=True,
    )
