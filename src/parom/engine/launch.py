"""Starts the engine's process, detached from the terminal.

It is a fork of the command, which has loaded all that an engine needs: a second Python would
take as long to start as a good part of a rollback, while whoever asked for it waits.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import NoReturn

import zmq
from django.db import connections

from parom.courier.start import start_courier
from parom.detached import detach
from parom.environment import proxies_here
from parom.errors import ExitCode
from parom.journal.lease import LockFile


class Engine:
    """The process of an engine, as its parent sees it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._exit_code: int | None = None

    def poll(self) -> int | None:
        """Its exit code once it has ended, by a signal its negative number; None before."""
        if self._exit_code is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            if ended:
                self._exit_code = os.waitstatus_to_exitcode(status)
        return self._exit_code


def launch(
    config: Path, run_id: str, state: Path, lock: LockFile, *, with_courier: bool = False
) -> Engine:
    """Hand the lock over to an engine of its own process and let it work.

    Its output goes to the run's folder. Ending the caller, or its terminal, does not end it.
    `with_courier`: whether a second process tells people how it goes.
    """
    folder = state / "runs" / run_id
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = os.open(folder / "engine.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC)
    # Two processes must not share a connection of SQLite, nor the threads of a zmq context.
    connections.close_all()
    zmq.Context.instance().destroy(linger=0)
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        _be_engine(config, run_id, log)
    os.close(log)
    lock.let_go()
    if with_courier:
        start_courier(config, run_id, folder)
    return Engine(pid)


def _be_engine(config: Path, run_id: str, log: int) -> NoReturn:
    """Never returns to what the command was about to do, nor to what it does at its end."""
    code = int(ExitCode.BUG)
    proxies = proxies_here()
    try:
        detach("parom-engine", log)
        from parom.engine.run import main

        code = main(config, run_id, proxies)
    except BaseException:  # noqa: BLE001 - it is in the journal; here for whoever reads the log
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
