"""The private instance beside services that scripts start."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from parom.adapters.services.outliving import Outliving
from parom.adapters.services.processes import answers, marked, tail_of
from parom.adapters.services.scripts_ending import end_gently
from parom.adapters.services.scripts_found import with_children
from parom.adapters.services.scripts_installation import ScriptedInstallation
from parom.adapters.services.scripts_mark import MARK, mark_for
from parom.errors import services as errors
from parom.facts import PrivateInstance
from parom.words.said import said

_START_LIMIT_S, _EVERY_S = 60.0, 0.05


@dataclass(frozen=True)
class Begun:
    """One that was started and has not answered yet."""

    process: subprocess.Popen[bytes]
    port: int


@dataclass(frozen=True)
class PrivateWeb:
    """`command` is the web service's, with `{python}` and `{bind}` or `{port}`."""

    installation: ScriptedInstallation
    command: tuple[str, ...]

    def begin(self) -> Begun:
        """Start it from the running path on a free loopback port.

        One that runs is ended first: it may be of a release that is current no more.
        """
        self.stop()
        port = _free_port()
        return Begun(self._started(port), port)

    def wait(self, begun: Begun) -> PrivateInstance:
        """Until it accepts; one that does not is ended."""
        process, port = begun.process, begun.port
        limit = max(_START_LIMIT_S, self.installation.graceful_s)
        deadline = time.monotonic() + limit
        while not answers(port):
            ended = process.poll() is not None
            if ended or time.monotonic() > deadline:
                self.stop()
                why = (
                    said("its process ended")
                    if ended
                    else said("no answer in {limit:g} s", limit=limit)
                )
                log = tail_of(self._log, self.installation.env_file)
                raise errors.not_started(said("web, in private,"), why, log)
            time.sleep(_EVERY_S)
        pids = tuple(one.pid for one in self.processes())
        return PrivateInstance(f"http://127.0.0.1:{port}", pids, self._log)

    def stop(self) -> None:
        """End it, also one that a killed Parom started; absent is fine."""
        left = end_gently(self.processes(), self.installation.graceful_s)
        if left:
            raise errors.still_running(left)

    def processes(self) -> tuple[psutil.Process, ...]:
        found = marked(MARK, mark_for(self.installation.state, "private"))
        return tuple(sorted(with_children(found), key=lambda one: one.pid))

    def _started(self, port: int) -> subprocess.Popen[bytes]:
        installation, log = self.installation, self._log
        environment = installation.running_path.resolve() / ".venv"
        bind = f"127.0.0.1:{port}"
        filled = {"{python}": str(environment / "bin" / "python"), "{bind}": bind}
        argv = [_filled(one, {**filled, "{port}": str(port)}) for one in self.command]
        env = installation.environment("private")
        env["VIRTUAL_ENV"] = str(environment)
        env["PATH"] = f"{environment / 'bin'}:{env.get('PATH', os.defpath)}"
        log.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        log.unlink(missing_ok=True)
        with log.open("ab") as out:
            try:
                return Outliving(
                    argv,
                    cwd=installation.folder,
                    env=env,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                    start_new_session=True,
                )
            except OSError as problem:
                raise errors.not_started(said("web, in private,"), str(problem), "") from None

    @property
    def _log(self) -> Path:
        return self.installation.logs / "web-private.log"


def _filled(text: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(name, value)
    return text


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
