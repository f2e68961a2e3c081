"""Files of a database that have to be on disk, and disks that have no room for them."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from parom.errors import database as errors


@contextlib.contextmanager
def disk_full_named(folder: Path) -> Iterator[None]:
    """Raises `database.disk-full` for what the system says when there is no space left."""
    try:
        yield
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT):
            raise errors.disk_full(folder, problem.strerror or str(problem)) from None
        raise


def fsync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
