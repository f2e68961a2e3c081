"""Long work that must not take the processors from the application."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_AUTOGROUP = Path("/proc/self/autogroup")
_LOWER, _NORMAL = 10, 0
"""A tenth of a share beside an application that wants all: the work still ends."""
_TRIES, _PAUSE_S = 20, 0.1
"""An ordinary user may change it ten times a second (sched(7))."""


@contextmanager
def in_background() -> Iterator[None]:
    """Let this process and what it starts in its session yield to everybody else's.

    Linux shares processors between sessions before it looks at `nice` (autogroups, sched(7)),
    so the session's own nice value is what counts. A process that shares its session with a
    person's shell, and a kernel without autogroups, are left as they are.
    """
    if os.getsid(0) != os.getpid() or not _set(_LOWER):
        yield
        return
    try:
        yield
    finally:
        _set(_NORMAL)


def _set(nice: int) -> bool:
    pause = threading.Event()
    for _ in range(_TRIES):
        try:
            _AUTOGROUP.write_text(str(nice), encoding="ascii")
        except BlockingIOError:  # changed a moment ago
            pause.wait(_PAUSE_S)
        except OSError:  # no autogroups here
            return False
        else:
            return True
    return False
