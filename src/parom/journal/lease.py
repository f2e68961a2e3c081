"""One run per environment: a file lock that dies with its owner, and an epoch that fences.

The lock says who may act; the kernel lets it go when the process ends, however it ends,
so nobody has to remove anything by hand. The epoch in the journal goes up with each
owner: an engine that finds another epoch than its own stops before its next effect.
"""

from __future__ import annotations

import fcntl
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil
from django.db import transaction

from parom.errors import ParomError
from parom.errors import engine as errors
from parom.journal.models import Lease
from parom.words.said import said

_NAMED_WITHIN_S, _EVERY_S = 3.0, 0.02


class LockFile:
    """An exclusive lock that is handed on to a child by its file descriptor."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    def let_go(self) -> None:
        """Close this process's hold; a child that inherited the descriptor keeps the lock."""
        os.close(self.descriptor)


def take_lock(state: Path, environment: str) -> LockFile:
    """Take the environment's lock. Raises `lease.held`, naming who has it and since when.

    Who took it a moment ago may not have written down its name yet: that is waited for.
    """
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(state / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    deadline = time.monotonic() + _NAMED_WITHIN_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lease = Lease.objects.filter(environment=environment).first()
            named = lease is not None and lease.pid is not None and psutil.pid_exists(lease.pid)
            if named or time.monotonic() > deadline:
                os.close(descriptor)
                raise _held(environment, lease) from None
            time.sleep(_EVERY_S)
        else:
            return LockFile(descriptor)


def _held(environment: str, lease: Lease | None) -> ParomError:
    if lease is None or lease.since is None:
        return errors.lease_held(
            environment, said("somebody"), said("a moment ago"), said("starting")
        )
    since = lease.since.isoformat(timespec="seconds")
    return errors.lease_held(environment, lease.who, since, lease.run_id)


def lock_is_taken(state: Path) -> bool:
    """Whether a living process holds the lock, without keeping it."""
    try:
        descriptor = os.open(state / "lock", os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def begin_epoch(environment: str, run_id: str, who: str, pid: int) -> int:
    """Write down the owner of the lock; returns the epoch that fences its predecessors."""
    with transaction.atomic():
        lease, _ = Lease.objects.get_or_create(environment=environment, defaults={"epoch": 0})
        lease.epoch += 1
        lease.run_id, lease.who, lease.pid = run_id, who, pid
        lease.since = datetime.now(UTC)
        lease.save()
        return lease.epoch


def check_epoch(environment: str, epoch: int) -> None:
    """Raises `lease.lost` where another owner came after `epoch`."""
    if not Lease.objects.filter(environment=environment, epoch=epoch).exists():
        raise errors.lease_lost(environment)
