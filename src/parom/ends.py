"""Waits for the ends of processes without looking again and again, where the kernel can tell."""

from __future__ import annotations

import contextlib
import os
import select
import time
from collections.abc import Iterable
from pathlib import Path

_EVERY_S = 0.02
_ENDED = frozenset({"", "Z", "X"})
"""States of proc(5); the first of none at all."""


def have_ended(pids: Iterable[int], limit_s: float) -> bool:
    """Whether all of them ended within the time.

    The kernel tells it the moment they do, whoever their parent is, and also where the parent
    has yet to collect them. One that is not there has ended.
    """
    deadline = time.monotonic() + limit_s
    with contextlib.ExitStack() as closing:
        watched, running, untold = select.poll(), set(), set()
        for pid in pids:
            try:
                end = os.pidfd_open(pid)
            except ProcessLookupError:
                continue
            except OSError:  # an old kernel, a sandbox that keeps it back, too many open files
                untold.add(pid)
                continue
            closing.callback(os.close, end)
            watched.register(end, select.POLLIN)
            running.add(end)
        while running:
            ended = watched.poll(max(0.0, deadline - time.monotonic()) * 1000)
            if not ended:
                return False
            for end, _ in ended:
                watched.unregister(end)
                running.remove(end)
    return _are_seen_to_end(untold, deadline)


def _are_seen_to_end(pids: set[int], deadline: float) -> bool:
    while not all(_state(pid) in _ENDED for pid in pids):
        if time.monotonic() >= deadline:
            return False
        time.sleep(_EVERY_S)
    return True


def _state(pid: int) -> str:
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return text.rpartition(")")[2].split()[0]
