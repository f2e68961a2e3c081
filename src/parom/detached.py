"""A process of its own, that outlives the command which began it and keeps nothing of it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Mapping

from parom.environment import clean_environment
from parom.parent import name_process


def detach(name: str, log: int, extra: Mapping[str, str] | None = None) -> None:
    """A session of its own; of the terminal, the environment and open files keep nothing.

    `name` is what `ps -o comm` says, `log` the descriptor that the output goes to, `extra` what
    the environment gets besides.
    """
    os.setsid()
    name_process(name)
    nothing = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    for standard, replaced in ((0, nothing), (1, log), (2, log)):
        os.dup2(replaced, standard)
    for descriptor in os.listdir("/proc/self/fd"):  # noqa: PTH208
        _close_inherited(int(descriptor))
    kept = clean_environment(extra)
    os.environ.clear()
    os.environ.update(kept)


def _close_inherited(descriptor: int) -> None:
    """Close what the command was given by its parent: its own files are not left to children."""
    try:
        flags = fcntl.fcntl(descriptor, fcntl.F_GETFD)
    except OSError:  # the listing's own
        return
    if descriptor > 2 and not flags & fcntl.FD_CLOEXEC:
        os.close(descriptor)
