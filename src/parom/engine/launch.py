"""Starts the engine's process, detached from the terminal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from parom.environment import clean_environment
from parom.journal.lease import LockFile


def launch(
    config: Path, run_id: str, state: Path, lock: LockFile, module: str = "parom.engine.run"
) -> subprocess.Popen[bytes]:
    """Hand the lock over to a new engine process and let it work.

    Its output goes to the run's folder. Ending the caller, or its terminal, does not end it.
    """
    folder = state / "runs" / run_id
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "engine.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", module, str(config), run_id, str(lock.descriptor)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=clean_environment(),
            pass_fds=(lock.descriptor,),
            start_new_session=True,
        )
    lock.let_go()
    return process
