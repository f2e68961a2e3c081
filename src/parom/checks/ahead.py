"""Collects functional checks before it is known where they are to run.

What a team's files import (data frames, a browser's driver) takes longer than most checks, and
the public need not wait for it. It may be done ahead only as far as it could not go otherwise
later. So collecting stops, and goes on once the run has been told where, as soon as it

- looks for what only the run is told (its address, its headers), or at the whole environment;
- speaks to anybody: a connection, a name that is looked up, a process, a database of SQLite.

What is not seen: a library in C that connects by itself while a file is imported.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest

from parom.checks.result import BASE_URL_VARIABLE, HEADERS_VARIABLE

_SPEAKS = frozenset({
    "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.system", "pty.spawn",
    "socket.connect", "socket.getaddrinfo", "socket.gethostbyaddr", "socket.gethostbyname",
    "socket.sendmsg", "socket.sendto", "sqlite3.connect", "subprocess.Popen",
})  # fmt: skip
"""Audit events of CPython (docs.python.org/3/library/audit_events.html)."""
_looks: Callable[[], None] | None = None


class Ahead:
    """A plugin for one run of pytest, which waits as late as it may, and before anything runs.

    `told` waits for what the run is told, and gives it as variables.
    """

    def __init__(self, told: Callable[[], dict[str, str]]) -> None:
        self._told = told
        self._is_ahead, self._waiting = True, threading.RLock()
        sys.addaudithook(self._hear)
        watch_environment(self._wait)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Generator[None, Any, Any]:
        self._wait()
        return (yield)

    def _hear(self, event: str, _arguments: object) -> None:
        """It stays for the life of the process, as audit hooks do."""
        if self._is_ahead and event in _SPEAKS:
            self._wait()

    def _wait(self) -> None:
        """Threads of the team's files wait here too."""
        with self._waiting:
            if not self._is_ahead:
                return
            # Python would look through all that is loaded, several times, at its end.
            gc.freeze()
            os.environ.update(self._told())
            self._is_ahead = False
            watch_environment(None)


class _Watched(os._Environ[Any]):
    """The environment, which tells where somebody looks for what is not known yet."""

    def __getitem__(self, key: Any) -> Any:
        if _looks is not None and os.fsdecode(key) in (BASE_URL_VARIABLE, HEADERS_VARIABLE):
            _looks()
        return super().__getitem__(key)

    def __iter__(self) -> Iterator[Any]:
        if _looks is not None:
            _looks()
        return super().__iter__()


def watch_environment(looks: Callable[[], None] | None) -> None:
    """Have `looks` called where somebody looks for what is not known yet; None: any more."""
    global _looks  # noqa: PLW0603 - of the process, as the environment is
    _looks = looks
    for one in (os.environ, os.environb):
        one.__class__ = _Watched
