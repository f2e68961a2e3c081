"""Memory and CPU of process trees."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import psutil

from parom.verdict.samples import Used


@dataclass
class Usage:
    """Looks at the same services again and again; CPU is what was used since the look before."""

    _spent: dict[tuple[int, float], float] = field(default_factory=dict)
    """Seconds of a processor by process (pid, start)."""
    _looked: float | None = None

    def look(self, pids: Iterable[int], at: float) -> Used | None:
        """What the trees of `pids` use together; None for the first look, which has no CPU yet,
        and where nothing runs. `at` is in seconds since the epoch."""
        now, memory, spent = time.monotonic(), 0, {}
        for process in _trees(pids):
            try:
                with process.oneshot():
                    times = process.cpu_times()
                    spent[process.pid, process.create_time()] = times.user + times.system
                    memory += _memory(process)
            except psutil.Error:  # it ended, or is not ours to look into
                continue
        before, last = self._spent, self._looked
        self._spent, self._looked = spent, now
        if last is None or not spent or now <= last:
            return None
        # What ended in between has taken its last seconds along.
        used = sum(seconds - before.get(one, 0.0) for one, seconds in spent.items())
        share = max(0.0, used) / (now - last) / (os.cpu_count() or 1)
        return Used(at, memory, min(1.0, share))


def _trees(pids: Iterable[int]) -> list[psutil.Process]:
    found: dict[int, psutil.Process] = {}
    for pid in pids:
        try:
            process = psutil.Process(pid)
            for one in (process, *process.children(recursive=True)):
                found[one.pid] = one
        except psutil.Error:
            continue
    return list(found.values())


def _memory(process: psutil.Process) -> int:
    """Bytes, what is shared with others in equal parts: workers of one master share much."""
    try:
        return int(process.memory_full_info().pss)
    except psutil.AccessDenied:
        return int(process.memory_info().rss)
