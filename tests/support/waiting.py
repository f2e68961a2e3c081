"""Waiting for conditions, never for time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


def wait_until(holds: Callable[[], bool], what: str, limit_s: float = 90) -> None:
    """Ask again and again until it holds. Raises AssertionError naming what never came."""
    pause, deadline = threading.Event(), time.monotonic() + limit_s
    while not holds():
        assert time.monotonic() < deadline, f"{what}: not within {limit_s:g} s"
        pause.wait(0.05)
