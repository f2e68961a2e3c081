"""Starts the courier beside an engine. Whatever goes wrong here, the run does not notice."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

from parom.detached import detach

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


def start_courier(config: Path, run_id: str, folder: Path) -> None:
    """Fork a courier, which nobody waits for; its output goes to the run's folder.

    The caller holds neither the lock nor a connection to the journal: a courier that inherited
    the lock would look like an engine at work. It is a grandchild, so that whoever follows the
    run need not collect it. It keeps its priority: one that waits for the processor while it
    writes to the journal would keep the engine waiting.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    with contextlib.suppress(OSError):  # no process to be had: notices wait for the next run
        child = os.fork()
        if child == 0:
            _be_courier(config, run_id, folder)
        os.waitpid(child, 0)


def _be_courier(config: Path, run_id: str, folder: Path) -> NoReturn:
    code = 70
    try:
        if os.fork():
            os._exit(0)
        with _log_in(folder) as log:
            detach("parom-courier", log, _proxies(os.environ))
        from parom.courier.process import main

        code = main(config, run_id)
    except BaseException:  # noqa: BLE001 - here for whoever reads the log; nobody else is there
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


@contextlib.contextmanager
def _log_in(folder: Path) -> Iterator[int]:
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
    log = os.open(folder / "courier.log", flags, 0o600)
    try:
        yield log
    finally:
        os.close(log)


def _proxies(environment: Mapping[str, str]) -> dict[str, str]:
    """Slack may be reachable through a proxy alone; the courier starts no other programs."""
    return {name: value for name, value in environment.items() if name.upper() in _PROXIES}
