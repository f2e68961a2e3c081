"""A release beside the production, on a copy of its data."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import psutil

from parom.adapters.services.processes import alive, answers, end_all, tail_of
from parom.appside.envfile import read_env_file
from parom.durable import write_atomically
from parom.environment import clean_environment
from parom.errors import services as errors
from parom.facts import PrivateInstance

MODULE = "parom_trial_settings"
_START_LIMIT_S, _EVERY_S = 60.0, 0.05
_SETTINGS = '''\
"""Made by Parom for a rehearsal: the application's settings on a copy of its data."""

import os
from importlib import import_module

_original = import_module(os.environ["PAROM_TRIAL_ORIGINAL"])
for _name in dir(_original):
    if _name.isupper():
        globals()[_name] = getattr(_original, _name)
_default = {**DATABASES["default"], "NAME": os.environ["PAROM_TRIAL_DATABASE"]}
DATABASES = {**DATABASES, "default": _default}
MEDIA_ROOT = os.environ["PAROM_TRIAL_MEDIA"]
'''


class WebTrial:
    """`command` is the web service's, with `{python}` and `{bind}`; `production` the database
    file that no process of the trial may open."""

    def __init__(
        self,
        *,
        command: tuple[str, ...],
        state: Path,
        settings_module: str,
        project_folder: str,
        production: Path,
        env_file: Path | None,
    ) -> None:
        self._command, self._folder = command, state / "trial"
        self._settings, self._project_folder = settings_module, project_folder
        self._production, self._env_file = production, env_file

    def settings_env(self, release: Path, database: Path, media: Path) -> Mapping[str, str]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(self._folder / f"{MODULE}.py", _SETTINGS.encode(), 0o600)
        return {
            "DJANGO_SETTINGS_MODULE": MODULE,
            "PYTHONPATH": f"{self._folder}:{release / self._project_folder}",
            "PAROM_TRIAL_ORIGINAL": self._settings,
            "PAROM_TRIAL_DATABASE": str(database),
            "PAROM_TRIAL_MEDIA": str(media),
        }

    def start(self, release: Path, database: Path, media: Path) -> PrivateInstance:
        self.stop()
        port = _free_port()
        bind = f"127.0.0.1:{port}"
        python = str(release / ".venv" / "bin" / "python")
        argv = [
            one.replace("{python}", python).replace("{bind}", bind).replace("{port}", str(port))
            for one in self._command
        ]
        kept = read_env_file(self._env_file) if self._env_file and self._env_file.exists() else {}
        env = clean_environment({**kept, **self.settings_env(release, database, media)})
        log = self._folder / "trial.log"
        log.unlink(missing_ok=True)
        with log.open("ab") as out:
            try:
                process = subprocess.Popen(
                    argv,
                    cwd=release / self._project_folder,
                    env=env,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                    start_new_session=True,
                )
            except OSError as problem:
                raise errors.not_started("the rehearsal", str(problem), "") from None
        started = psutil.Process(process.pid).create_time()
        mark = json.dumps({"pid": process.pid, "started": started})
        write_atomically(self._folder / "process.json", mark.encode(), 0o600)
        self._wait(process, port, log)
        pids = tuple(one.pid for one in self._tree())
        self._refuse_production(pids)
        return PrivateInstance(f"http://{bind}", pids, log)

    def stop(self) -> None:
        tree = self._tree()
        if tree:
            for one in tree[:1]:
                _terminate(one)
            left = end_all([one for one in tree if alive(one)], graceful_s=5)
            if left:
                raise errors.still_running(left)
        (self._folder / "process.json").unlink(missing_ok=True)

    def _wait(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        deadline = time.monotonic() + _START_LIMIT_S
        while not answers(port):
            ended = process.poll() is not None
            if ended or time.monotonic() > deadline:
                self.stop()
                why = "its process ended" if ended else f"no answer in {_START_LIMIT_S:g} s"
                raise errors.not_started("the release, in the rehearsal,", why, tail_of(log))
            time.sleep(_EVERY_S)

    def _tree(self) -> list[psutil.Process]:
        try:
            mark = json.loads((self._folder / "process.json").read_text("utf-8"))
            process = psutil.Process(mark["pid"])
            if process.create_time() != mark["started"]:
                return []
            return [process, *process.children(recursive=True)]
        except (FileNotFoundError, psutil.NoSuchProcess):
            return []

    def _refuse_production(self, pids: tuple[int, ...]) -> None:
        if not self._production.exists():
            return
        wanted = self._production.stat()
        for pid in pids:
            for name in _descriptors(pid):
                try:
                    status = Path(name).stat()
                except OSError:  # closed meanwhile
                    continue
                if os.path.samestat(status, wanted):
                    self.stop()
                    raise errors.holds_production(pid, str(self._production))


def _descriptors(pid: int) -> list[str]:
    try:
        return [f"/proc/{pid}/fd/{name}" for name in os.listdir(f"/proc/{pid}/fd")]  # noqa: PTH208
    except OSError:  # it ended
        return []


def _terminate(process: psutil.Process) -> None:
    try:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=10)
    except (psutil.NoSuchProcess, psutil.TimeoutExpired):
        return  # gone, or to be killed next


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
