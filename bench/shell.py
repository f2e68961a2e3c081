"""The team's shell plan, run as it is, under load."""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bench.data import Dataset, settings, tree
from bench.seen import Seen
from bench.traffic import traffic
from bench.writes import where

_HERE = Path(__file__).parent
_HEALTH = "/api/v1/health/"


@dataclass(frozen=True)
class Ran:
    """A script's steps in seconds, in its order."""

    steps: dict[str, float]

    @property
    def seconds(self) -> float:
        return sum(self.steps.values())


def run_shell_plan(top: Path, hrhelper: Path, data: Dataset, rate: float) -> dict[str, Any]:
    """Over to r2 by the script, then back by the script."""
    shutil.rmtree(top, ignore_errors=True)
    top.mkdir(parents=True)
    app, new, copy = top / "app", top / "new", top / "copy"
    address = f"127.0.0.1:{free_port()}"
    environment = {**os.environ, "HRHELPER_BIND": address}
    url = f"http://{address}{_HEALTH}"
    _install(app, hrhelper, data)
    tree(hrhelper, "r2", new)
    _script([str(app / "start_services.sh")], environment)
    try:
        with traffic(data, address, top, rate) as load:
            with load.crossing("over"):
                over = _script([_HERE / "shell_plan.sh", app, new, copy, url], environment)
            _refuse_overload(load.seen("over"), rate)
            over_writes = where(load.keys(), app / "db.sqlite3")
            with load.crossing("back"):
                back = _script([_HERE / "shell_return.sh", app, copy, url], environment)
    finally:
        subprocess.run(["./stop_services.sh"], cwd=app, check=True)
    found = {
        "over": {**asdict(load.seen("over")), "steps": over.steps, "seconds": over.seconds},
        "back": {**asdict(load.seen("back")), "steps": back.steps, "seconds": back.seconds},
        "writes_over": asdict(over_writes),
        "writes": asdict(where(load.keys(), app / "db.sqlite3")),
    }
    shutil.rmtree(top / "app")
    shutil.rmtree(top / "copy")
    return found


def _refuse_overload(before: Seen, rate: float) -> None:
    if not before.kept_up_before:
        message = (
            f"This machine does not serve {rate:g} requests/s: half of them waited for "
            f"{before.median_before_s:.2f} s or more before anything was deployed. "
            "Nothing can be compared so; choose fewer with --rate."
        )
        raise SystemExit(message)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _install(app: Path, hrhelper: Path, data: Dataset) -> None:
    """One folder with everything in it, as such a team has it."""
    tree(hrhelper, "r1", app)
    subprocess.run([sys.executable, "-m", "venv", str(app / ".venv")], check=True)
    subprocess.run(
        [str(app / ".venv" / "bin" / "python"), "-m", "pip", "install", "--quiet",
         "--disable-pip-version-check", "--require-hashes", "-r", str(app / "requirements.txt")],
        check=True,
    )  # fmt: skip
    settings(hrhelper, app / ".env", "HRHELPER_SSL_REDIRECT=false")
    data.copy_to(app / "db.sqlite3")


def _script(argv: list[Any], environment: dict[str, str]) -> Ran:
    ran = subprocess.run(
        [str(one) for one in argv], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    said = [line.split(" ", 1) for line in ran.stdout.splitlines() if line[:1].isdigit()]
    moments = [(name, float(at)) for at, name in said]
    return Ran(
        {name: round(later - at, 3) for (name, at), (_, later) in itertools.pairwise(moments)}
    )
