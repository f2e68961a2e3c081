"""One courier at a time in an installation."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def alone(state: Path) -> Iterator[None]:
    """Wait for the courier before, which leaves when it sees a newer one; the kernel lets the
    lock go with its process."""
    descriptor = _opened(state)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def alone_or_not(state: Path) -> Iterator[bool]:
    """The same without waiting: whether no courier is at work."""
    descriptor = _opened(state)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def _opened(state: Path) -> int:
    return os.open(state / "courier.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
