"""Waiting for conditions, never for time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

PATIENCE_S = 300.0
"""For what comes within a second on a quiet machine. One with much else to do may take its
time, and a wait that succeeds costs nothing."""


def wait_until(holds: Callable[[], bool], what: str, limit_s: float = PATIENCE_S) -> None:
    """Ask again and again until it holds. Raises AssertionError naming what never came."""
    pause, deadline = threading.Event(), time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < deadline, f"{what}: not within {limit_s:g} s"
        pause.wait(0.05)
