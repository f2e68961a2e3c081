"""Waits for the ends of processes without looking again and again."""

from __future__ import annotations

import contextlib
import os
import select
import time
from collections.abc import Iterable


def have_ended(pids: Iterable[int], limit_s: float) -> bool:
    """Whether all of them ended within the time.

    The kernel tells it the moment they do, whoever their parent is, and also where the parent
    has yet to collect them. One that is not there has ended.
    """
    deadline = time.monotonic() + limit_s
    with contextlib.ExitStack() as closing:
        watched, running = select.poll(), set()
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                end = os.pidfd_open(pid)
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
    return True
