"""Temporary folders that are found again where the process that used one was killed."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil

_KINDS = ("ask", "checks")


def scratch_folder(kind: str) -> tempfile.TemporaryDirectory[str]:
    """A folder for one of the known kinds of use, named by this process; gone on leaving it."""
    if kind not in _KINDS:
        message = f"nobody would clear what {kind!r} leaves"
        raise ValueError(message)
    return tempfile.TemporaryDirectory(prefix=f"parom-{kind}-{os.getpid()}-")


def clear_abandoned_scratch() -> None:
    """Remove the folders of processes that no longer live."""
    for kind in _KINDS:
        start = f"parom-{kind}-"
        for folder in Path(tempfile.gettempdir()).glob(f"{start}*-*"):
            user = folder.name.removeprefix(start).partition("-")[0]
            if not user.isdigit() or psutil.pid_exists(int(user)):
                continue
            # Another Parom may remove it at the same time; what belongs to others is theirs.
            with suppress(FileNotFoundError):
                if folder.stat().st_uid == os.getuid():
                    shutil.rmtree(folder)
