"""Temporary folders that are found again where the process that used one was killed."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from pathlib import Path

import psutil

_KINDS = ("ask", "checks", "pages", "pass")
_PID = re.compile(r"[0-9]{1,9}")


def scratch_folder(kind: str) -> tempfile.TemporaryDirectory[str]:
    """A folder for one of the known kinds of use, named by this process; gone on leaving it."""
    if kind not in _KINDS:
        message = f"nobody would clear what {kind!r} leaves"
        raise ValueError(message)
    return tempfile.TemporaryDirectory(prefix=f"parom-{kind}-{os.getpid()}-")


def clear_abandoned_scratch() -> None:
    """Remove the folders of processes that no longer live. What cannot be removed stays: the
    temporary folder is everybody's, and others may put there what they like."""
    for kind in _KINDS:
        start = f"parom-{kind}-"
        for folder in Path(tempfile.gettempdir()).glob(f"{start}*-*"):
            user = folder.name.removeprefix(start).partition("-")[0]
            if _PID.fullmatch(user) and not psutil.pid_exists(int(user)) and _is_own(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_own(folder: Path) -> bool:
    try:
        status = folder.lstat()
    except OSError:  # another Parom removed it
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid()
