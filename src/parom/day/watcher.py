"""The process that watches, as others know it."""

from __future__ import annotations

from pathlib import Path

import psutil

from parom.adapters.services.scripts_ending import end_gently
from parom.birth import living, read_birth

_ENDING_S = 5.0


def watcher_of(state: Path) -> psutil.Process | None:
    """None where none does."""
    return living(read_birth(birth_file(state)))


def birth_file(state: Path) -> Path:
    """By what it is known again, `parom.birth`."""
    return state / "day" / "process"


def end_watcher(state: Path) -> None:
    """End it and wait for it; what it was to watch stays on order. May be repeated.

    Nothing is lost with it: what it saw was kept look by look.
    """
    process = watcher_of(state)
    if process is not None:
        end_gently([process], _ENDING_S)
