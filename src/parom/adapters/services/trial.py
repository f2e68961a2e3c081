"""A release beside the production, on a copy of its data."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from parom.adapters.services.listening import Address, listeners
from parom.adapters.services.place import is_copy, settle
from parom.adapters.services.processes import alive, answers, end_all, marked, tail_of
from parom.appside.envfile import read_env_file
from parom.birth import living, read_birth, write_birth
from parom.environment import clean_environment
from parom.errors import ParomError
from parom.errors import services as errors
from parom.facts import PrivateInstance
from parom.words.said import said

MODULE = "parom_trial_settings"
_START_LIMIT_S, _EVERY_S = 60.0, 0.05
_MARK = "PAROM_TRIAL"
_REHEARSED = Path(__file__).parents[2] / "appside" / "rehearsed"
_NOWHERE = "memory://"
"""A broker of Celery's in the process itself: what is sent there is gone with it."""


class WebTrial:
    """`command` is the web service's, with `{python}` and `{bind}`; `production` the database
    that no process of the trial may open, by its name in the settings, and `opened_by` who of
    some processes has; `media` the names of what is restored.

    What a rehearsal is kept away from, and how: `docs/explanation/rehearsal.md`.
    """

    def __init__(
        self,
        *,
        command: tuple[str, ...],
        state: Path,
        settings_module: str,
        project_folder: str,
        root: Path,
        production: str,
        opened_by: Callable[[frozenset[int]], Sequence[int]],
        media: Sequence[str],
        env_file: Path | None,
    ) -> None:
        self._command, self._folder = command, state / "trial"
        self._root, self._media = root, tuple(media)
        self._settings, self._project_folder = settings_module, project_folder
        self._production, self._opened_by = production, opened_by
        self._env_file = env_file
        self._is_file = False
        """Whether the database is a file: of others the guard does not see who opens them."""

    def settings_env(self, release: Path, database: str, media: Path) -> Mapping[str, str]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        settle(self._folder, ("process.json",))
        if self._notes.exists():
            shutil.rmtree(self._notes)
        self._notes.mkdir(mode=0o700)
        self._is_file = bool(_place(database))
        guard = {
            "production": self._production,
            "root": os.path.realpath(self._root),
            "free": [
                os.path.realpath(one) for one in (*_place(database), media, self._folder, release)
            ],
            "media": {
                os.path.realpath(self._root / name): str(media / _archived(self._root, name))
                for name in self._media
            },
        }
        return {
            "DJANGO_SETTINGS_MODULE": MODULE,
            "PYTHONPATH": f"{_REHEARSED}:{release / self._project_folder}",
            "PAROM_TRIAL_ORIGINAL": self._settings,
            "PAROM_TRIAL_DATABASE": database,
            "PAROM_TRIAL_MEDIA": str(media),
            "PAROM_TRIAL_GUARD": json.dumps(guard),
            "PAROM_TRIAL_NOTES": str(self._notes),
            # Celery takes these before any settings.
            "CELERY_BROKER_URL": _NOWHERE,
            "CELERY_BROKER_READ_URL": _NOWHERE,
            "CELERY_BROKER_WRITE_URL": _NOWHERE,
            "CELERY_RESULT_BACKEND": f"cache+{_NOWHERE}",
        }

    def start(self, release: Path, database: str, media: Path) -> PrivateInstance:
        self.stop()
        port = _free_port()
        bind = f"127.0.0.1:{port}"
        python = str(release / ".venv" / "bin" / "python")
        argv = [
            one.replace("{python}", python).replace("{bind}", bind).replace("{port}", str(port))
            for one in self._command
        ]
        kept = read_env_file(self._env_file) if self._env_file and self._env_file.exists() else {}
        env = clean_environment(
            {**kept, **self.settings_env(release, database, media), _MARK: self._mark}
        )
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
                raise errors.not_started(said("the rehearsal"), str(problem), "") from None
        write_birth(self._folder / "process.json", process.pid)
        with self.kept_apart():
            self._wait(process, port, log)
        return PrivateInstance(f"http://{bind}", tuple(one.pid for one in self._tree()), log)

    def openings(self) -> int | None:
        return len(self._noted("opened")) if self._is_file else None

    def stop(self) -> None:
        tree = self._tree()
        for one in tree[:1]:
            _terminate(one)
        # Also what a killed Parom started and could not write down.
        left = end_all([one for one in (*tree, *marked(_MARK, self._mark)) if alive(one)], 5)
        if left:
            raise errors.still_running(left)
        (self._folder / "process.json").unlink(missing_ok=True)

    @contextmanager
    def kept_apart(self) -> Iterator[None]:
        try:
            yield
        except ParomError:
            self._tell_refused()  # this may be why
            raise
        self._tell_refused()
        pids = {one.pid for one in self._tree()}
        took = {one["pid"] for one in self._noted("settings")}
        if not (took & pids if pids else took):
            self.stop()
            raise errors.other_settings(self._settings)
        self._refuse_production(pids)

    def _wait(self, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
        deadline = time.monotonic() + _START_LIMIT_S
        while not (answers(port) and self._listens(port)):
            ended = process.poll() is not None
            if ended or time.monotonic() > deadline:
                self.stop()
                why = (
                    said("its process ended")
                    if ended
                    else said("no answer in {limit:g} s", limit=_START_LIMIT_S)
                )
                raise errors.not_started(
                    said("the release, in the rehearsal,"), why, tail_of(log, self._env_file)
                )
            time.sleep(_EVERY_S)

    def _listens(self, port: int) -> bool:
        """Whether it is the release that answers there: a free port is free for anybody."""
        pids = {one.pid for one in self._tree()}
        return bool(pids & {one.pid for one in listeners(Address("127.0.0.1", port))})

    def _tree(self) -> list[psutil.Process]:
        process = living(read_birth(self._folder / "process.json"))
        if process is None or is_copy(self._folder):
            return []
        try:
            return [process, *process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    @property
    def _mark(self) -> str:
        return str(self._folder.resolve())

    @property
    def _notes(self) -> Path:
        """What the guard and the settings in the release's processes leave."""
        return self._folder / "notes"

    def _noted(self, name: str) -> list[dict[str, Any]]:
        try:
            lines = (self._notes / name).read_text("utf-8").splitlines()
        except FileNotFoundError:
            return []
        return [json.loads(line) for line in lines]

    def _tell_refused(self) -> None:
        refused = self._noted("refused")
        if refused:
            self.stop()
            raise errors.reached_production(refused[0]["pid"], refused[0]["file"])

    def _refuse_production(self, pids: Iterable[int]) -> None:
        for pid in self._opened_by(frozenset(pids)):
            self.stop()
            raise errors.holds_production(pid, self._production)


def _archived(root: Path, name: str) -> str:
    """Where a backup keeps what `vault.media` names; see `steps/backup_contents.py`."""
    path = root / name
    return str(path.relative_to(root)) if path.is_relative_to(root) else f"outside{path}"


def _place(database: str) -> list[Path]:
    """The folder of a file; a database on a server has none."""
    return [Path(database).parent] if Path(database).is_absolute() else []


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
