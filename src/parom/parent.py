"""What a process asks of the kernel for itself: to end with its parent, and its name."""

from __future__ import annotations

import ctypes
import os
import signal

_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15
"""prctl(2) of Linux: which signal comes when the thread that started this process ends, and
what `ps -o comm` and `top` call it."""


def end_with(parent: int) -> None:
    """Let this process be killed when `parent`, which started it, ends however it ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it had ended before
        os.kill(os.getpid(), signal.SIGKILL)


def name_process(name: str) -> None:
    """Let `ps -o comm` and `top` say `name` (at most 15 bytes) for this process."""
    ctypes.CDLL(None).prctl(_PR_SET_NAME, name.encode())
