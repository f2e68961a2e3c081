"""Ending services: their parents are asked, and what does not end in time is killed."""

from __future__ import annotations

from collections.abc import Iterable

import psutil

from parom.adapters.services.processes import alive, end_all, wait_until_gone
from parom.facts import Process

_LAST_S = 2.0


def end_gently(processes: Iterable[psutil.Process], graceful_s: float) -> tuple[Process, ...]:
    """SIGTERM to the parents, after `graceful_s` everything by force; those that still live.

    Children are not signalled at first: a worker pool's child that gets SIGTERM itself drops
    the task that its parent would have let it finish.
    """
    living = [one for one in processes if alive(one)]
    for one in top_of(living):
        _ask(one)
    if wait_until_gone(living, graceful_s):
        return ()
    return end_all([one for one in living if alive(one)], graceful_s=_LAST_S)


def top_of(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Those whose parent is none of them."""
    every = list(processes)
    numbers = {one.pid for one in every}
    return [one for one in every if _parent_of(one) not in numbers]


def arguments_of(process: psutil.Process) -> tuple[str, ...]:
    """The whole command line, for comparing; empty where the process has ended."""
    try:
        return tuple(process.cmdline())
    except psutil.Error:
        return ()


def _ask(process: psutil.Process) -> None:
    try:
        process.terminate()
    except psutil.NoSuchProcess:
        return


def _parent_of(process: psutil.Process) -> int | None:
    try:
        return int(process.ppid())
    except psutil.NoSuchProcess:
        return None
